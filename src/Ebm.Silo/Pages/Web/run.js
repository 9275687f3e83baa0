import { $, count, element, figure, isNumber, live, span, stateOf } from './common.js';
import { Chart } from './charts.js';

const id = decodeURIComponent(location.pathname.split('/').pop());
const Kept = 4096;
const keys = ['round', 'energyData', 'energyNegatives', 'medianGap', 'gradientNorm', 'acceptance'];

let status, curves, started = null, drawing = false;

const charts = {
  energies: new Chart($('energies'), [{ label: 'data', colour: 'data' }, { label: 'negatives', colour: 'negatives' }]),
  gap: new Chart($('gap'), [{ label: 'of means', colour: 'data' }, { label: 'of medians', colour: 'quiet' }]),
  gradient: new Chart($('gradient'), [{ label: 'norm', colour: 'data' }], { log: true }),
  acceptance: new Chart($('acceptance'), [{ label: 'share accepted', colour: 'data' }]),
  likelihood: new Chart($('likelihood'), [
    { label: 'test, lower', colour: 'data', points: true, spanGaps: true },
    { label: 'test, upper', colour: 'data', points: true, spanGaps: true, dash: [6, 4] },
    { label: 'training, lower', colour: 'negatives', points: true, spanGaps: true },
    { label: 'training, upper', colour: 'negatives', points: true, spanGaps: true, dash: [6, 4] },
  ]),
};

document.title = `${id} · ebm`;
$('id').textContent = id;

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

// Rounds a second of late: over what this page has seen, at most the last twenty seconds.
function speed() {
  const now = performance.now() / 1000;
  if (!started || started.round > status.round) started = { round: status.round, at: now, before: null };
  if (now - started.at > 20) started = { round: status.round, at: now, before: rate(started, now) };
  return rate(started, now);
}

function rate(from, now) {
  const fresh = now - from.at > 1 ? (status.round - from.round) / (now - from.at) : null;
  return fresh === null || (from.before !== null && now - from.at < 5) ? from.before : fresh;
}

function showStatus() {
  const state = stateOf(status);
  $('state').className = `pill ${state.name}`;
  $('state').textContent = state.text;
  const words = status.waiting ?? status.reason;
  $('reason').hidden = !words;
  $('reason').textContent = words ?? '';
  $('progress').max = status.rounds || 1;
  $('progress').value = status.round;
  const running = status.state === 'running';
  const perSecond = running ? speed() : status.seconds > 0 ? status.round / status.seconds : null;
  const latest = status.latest ?? {};
  const shown = [
    ['round', status.rounds ? `${count(status.round)} of ${count(status.rounds)}` : count(status.round)],
    ['rounds a second', figure(perSecond)],
    ['negatives a second', isNumber(perSecond) && status.shape ? count(Math.round(perSecond * status.shape.chains)) : '–'],
    running ? ['left', perSecond > 0 ? span((status.rounds - status.round) / perSecond) : '–'] : ['time', span(status.seconds)],
    ['energy, data', figure(latest.energyData)],
    ['energy, negatives', figure(latest.energyNegatives)],
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
}

// Evaluations are events with a figure's name and its value: exact, or the two ends of a bracket.
const evaluations = new Map();

function addEvent(e) {
  if (e.kind !== 'evaluation') return;
  const figureOf = /^logLikelihood\.(test|train)(?:\.(lower|upper))? (-?[\d.]+)$/.exec(e.text);
  if (!figureOf) return;
  const [, part, end, value] = figureOf;
  const at = evaluations.get(e.round) ?? {};
  for (const one of end ? [end] : ['lower', 'upper']) at[`${part}.${one}`] = Number(value);
  evaluations.set(e.round, at);
}

function drawLikelihood() {
  $('likelihood').parentElement.hidden = evaluations.size === 0;
  if (evaluations.size === 0) return;
  const rounds = [...evaluations.keys()].sort((a, b) => a - b);
  const column = key => rounds.map(r => evaluations.get(r)[key] ?? null);
  charts.likelihood.show([rounds, column('test.lower'), column('test.upper'), column('train.lower'), column('train.upper')]);
}

live(`/api/runs/${encodeURIComponent(id)}/live`, {
  start(all) {
    ({ status, curves } = all);
    evaluations.clear();
    all.events.forEach(addEvent);
    showStatus();
    drawLikelihood();
    draw();
  },
  round: addRound,
  event(e) {
    addEvent(e);
    if (e.kind === 'evaluation') drawLikelihood();
  },
  status(now) {
    status = now;
    showStatus();
  },
});
