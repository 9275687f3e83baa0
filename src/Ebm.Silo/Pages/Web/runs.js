import { $, count, element, figure, live, named, span, stateOf, when } from './common.js';

const cell = (name, text) => named(name, element('td', { className: 'n' }, text));

function row(run) {
  const state = stateOf(run);
  return element('tr', {},
    element('td', {}, element('a', { href: `/runs/${encodeURIComponent(run.id)}` }, run.id)),
    element('td', {}, element('span', { className: `state ${state.name}` }, state.text)),
    element('td', {}, element('progress', { max: run.rounds || 1, value: run.round, ariaLabel: 'Rounds done' })),
    cell('round', run.rounds ? `${count(run.round)} of ${count(run.rounds)}` : count(run.round)),
    cell('gap', figure(run.latest?.gap)),
    cell('|gradient|', figure(run.latest?.gradientNorm)),
    cell('time', span(run.seconds)),
    element('td', { className: 'quiet' }, when(run.submitted)));
}

live('/api/runs/live', {
  runs(runs) {
    const focused = document.activeElement?.getAttribute('href');
    $('runs').replaceChildren(...runs.map(row));
    $('none').hidden = runs.length > 0;
    if (focused) [...$('runs').querySelectorAll('a')].find(a => a.getAttribute('href') === focused)?.focus();
  },
});
