import { $, count, element, figure, isNumber, live, span, stateOf } from './common.js';
import { Chart } from './charts.js';
import { Events } from './events.js';
import { Samples } from './samples.js';
import { Shards } from './shards.js';
import { Slots } from './slots.js';
import { Speed } from './speed.js';
import { Waterfall } from './waterfall.js';

const id = decodeURIComponent(location.pathname.split('/').pop());
const base = `/api/runs/${encodeURIComponent(id)}`;
const Kept = 4096;
const keys = ['round', 'energyData', 'energyNegatives', 'medianGap', 'gradientNorm', 'acceptance'];

let status, curves, drawing = false;

const [events, samples, shards, slots, speed, waterfall] = [new Events(), new Samples(base), new Shards(), new Slots(`${base}/slots`), new Speed(), new Waterfall()];
const charts = {
  energies: new Chart($('energies'), [{ label: 'data', colour: 'data' }, { label: 'negatives', colour: 'negatives' }]),
  gap: new Chart($('gap'), [{ label: 'of means', colour: 'data' }, { label: 'of medians', colour: 'quiet' }]),
  gradient: new Chart($('gradient'), [{ label: 'norm', colour: 'data' }], { log: true }),
  acceptance: new Chart($('acceptance'), [{ label: 'share accepted', colour: 'data' }]),
  histogram: new Chart($('histogram'), [{ label: 'data', colour: 'data' }, { label: 'negatives', colour: 'negatives' }], { over: 'energy', shape: 'steps' }),
  likelihood: new Chart($('likelihood'), [
    { label: 'test, lower', colour: 'data', points: true, spanGaps: true },
    { label: 'upper', colour: 'data', points: true, spanGaps: true, dash: [6, 4] },
    { label: 'training, lower', colour: 'negatives', points: true, spanGaps: true },
    { label: 'upper', colour: 'negatives', points: true, spanGaps: true, dash: [6, 4] },
  ]),
};

document.title = `${id} · ebm`;
$('id').textContent = id;
$('spec').addEventListener('toggle', async () => {
  if (!$('spec-text').textContent) $('spec-text').textContent = await (await fetch(`${base}/spec`)).text();
});

// Of many rounds a moment, one picture.
function draw() {
  if (drawing) return;
  drawing = true;
  requestAnimationFrame(() => {
    drawing = false;
    drawCurves();
  });
}

function drawCurves() {
  const { round, energyData, energyNegatives, medianGap, gradientNorm, acceptance } = curves;
  charts.energies.show([round, energyData, energyNegatives]);
  charts.gap.show([round, energyData.map((e, i) => e - energyNegatives[i]), medianGap]);
  charts.gradient.show([round, gradientNorm.map(x => x > 0 ? x : null)]);
  const has = acceptance.some(isNumber);
  $('acceptance').parentElement.hidden = !has;
  if (has) charts.acceptance.show([round, acceptance]);
}

function addRound(figures) {
  while (curves.round.length && curves.round.at(-1) >= figures.round) keys.forEach(key => curves[key].pop());
  keys.forEach(key => curves[key].push(figures[key] ?? null));
  if (curves.round.length > Kept) keys.forEach(key => { curves[key] = curves[key].filter((_, i) => i % 2 === 0 || i === curves[key].length - 1); });
  status.latest = figures;
  status.round = figures.round;
  draw();
}

function showStatus() {
  const state = stateOf(status);
  $('state').className = `state ${state.name}`;
  if ($('state').textContent !== state.text) $('state').textContent = state.text;
  const words = status.waiting ?? status.reason;
  $('reason').hidden = !words;
  $('reason').textContent = words ?? '';
  $('progress').max = status.rounds || 1;
  $('progress').value = status.round;
  const running = status.state === 'running';
  const perSecond = running ? speed.at(status.round) : status.seconds > 0 ? status.round / status.seconds : null;
  const latest = status.latest ?? {};
  const shown = [
    [status.rounds ? `round of ${count(status.rounds)}` : 'round', count(status.round)],
    ['rounds a second', figure(perSecond)],
    ['negatives a second', isNumber(perSecond) && status.shape ? count(Math.round(perSecond * status.shape.chains)) : '–'],
    running ? ['left', perSecond > 0 ? span((status.rounds - status.round) / perSecond) : '–'] : ['time', span(status.seconds)],
    ['gap', figure(latest.gap)],
    ['|gradient|', figure(latest.gradientNorm)],
    ['acceptance', latest.acceptance === undefined ? null : figure(latest.acceptance)],
    ['R-hat', latest.rHat === undefined ? null : figure(latest.rHat)],
    ['parameters', count(status.shape?.parameters)],
    ['chains', count(status.shape?.chains)],
    ['rollbacks', count(status.rollbacks?.length ?? 0)],
    ['servers so far', count(status.servers)],
  ];
  $('figures').replaceChildren(...shown.filter(([, value]) => value !== null).map(([name, value]) =>
    element('div', {}, element('dt', {}, name), element('dd', {}, value))));
  slots.refresh(status.round);
}

function showServer(seen) {
  shards.show(seen);
  waterfall.show(seen);
}

// A log-likelihood is exact, or the two ends of a bracket.
const evaluations = new Map();

function evaluated(e) {
  const [name, part, end] = e.metric?.name.split('.') ?? [];
  const { value } = e.metric ?? {};
  if (name !== 'logLikelihood' || !['test', 'train'].includes(part) || !isNumber(value)) return;
  if (end && !['lower', 'upper'].includes(end)) return;
  const at = evaluations.get(e.round) ?? {};
  for (const one of end ? [end] : ['lower', 'upper']) at[`${part}.${one}`] = value;
  evaluations.set(e.round, at);
}

function drawLikelihood() {
  $('likelihood').parentElement.hidden = evaluations.size === 0;
  if (evaluations.size === 0) return;
  const rounds = [...evaluations.keys()].sort((a, b) => a - b);
  const column = key => rounds.map(r => evaluations.get(r)[key] ?? null);
  charts.likelihood.show([rounds, column('test.lower'), column('test.upper'), column('train.lower'), column('train.upper')]);
}

// The pictures, and the histogram that is written with them.
async function refreshFiles() {
  const files = await (await fetch(`${base}/files`)).json();
  samples.refresh(files, status.round, ['succeeded', 'failed'].includes(status.state));
  const has = files.includes('energies.json');
  $('histogram').parentElement.hidden = !has;
  if (!has) return;
  const { round, edges, data, negatives } = await (await fetch(`${base}/files/energies.json`)).json();
  $('histogram-round').textContent = `round ${count(round)}`;
  charts.histogram.show([edges, [...data, data.at(-1)], [...negatives, negatives.at(-1)]]);
}

live(`${base}/live`, {
  start(all) {
    ({ status, curves } = all);
    evaluations.clear();
    all.events.forEach(evaluated);
    events.begin(all.events);
    showServer(all.server);
    showStatus();
    drawLikelihood();
    draw();
    refreshFiles();
  },
  round: addRound,
  event(e) {
    events.add(e);
    if (e.file === 'energies.png') refreshFiles();
    if (e.kind !== 'evaluation') return;
    evaluated(e);
    drawLikelihood();
  },
  server: showServer,
  status(now) {
    status = now;
    showStatus();
  },
});
