import { $, count, element, live, named, siloState, when } from './common.js';

const number = (name, value) => named(name, element('td', { className: 'n' }, value === null || value === undefined ? '–' : count(value)));

const several = texts => [...new Set(texts)].join(', ') || '–';

function row({ silo, shards, servers, runs }) {
  const state = siloState(silo);
  const isUp = silo.status === 'active';
  return element('tr', { className: isUp ? '' : 'away' },
    element('td', {}, element('strong', {}, silo.name)),
    element('td', {}, element('span', { className: `state ${state.name}` }, state.text)),
    element('td', {}, silo.roles.replace(',', ', ')),
    element('td', {}, silo.device ?? ''),
    number('lanes', silo.lanes), number('shards', shards), number('servers', servers), number('runs', runs),
    element('td', { className: 'quiet' }, isUp ? when(silo.since) : ''),
    element('td', { className: 'quiet', title: silo.numerics ?? '' }, silo.address.split('@')[0]),
    named('process', element('td', { className: 'n quiet' }, silo.process ? String(silo.process) : '–')));
}

live('/api/cluster/live', {
  silos({ silos: all, dashboard }) {
    $('dashboard').hidden = !dashboard;
    const up = all.filter(({ silo }) => silo.status === 'active');
    const sum = of => up.reduce((total, one) => total + (of(one) ?? 0), 0);
    const shown = [
      ['silos', up.length === all.length ? count(up.length) : `${count(up.length)} of ${count(all.length)}`],
      ['device lanes', count(sum(one => one.silo.lanes))],
      ['shards', count(sum(one => one.shards))],
      ['parameter servers', count(sum(one => one.servers))],
      ['version', several(up.map(one => one.silo.version))],
    ];
    $('numerics').textContent = several(up.map(one => one.silo.numerics).filter(Boolean));
    $('figures').replaceChildren(...shown.map(([name, value]) => element('div', {}, element('dt', {}, name), element('dd', {}, value))));
    $('silos').replaceChildren(...all.map(row));
  },
});
