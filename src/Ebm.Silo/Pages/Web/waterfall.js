// Where the time of the last rounds went: a row for the parameter server and one for each shard, over one axis of time.

import { $, count, element, milliseconds } from './common.js';

const Shown = 6, Row = 20, Gap = 5, Gutter = 68, Head = 22, Foot = 20, Least = 2e-5;
const parts = ['ask', 'wait', 'update', 'publish', 'pictures', 'checkpoint', 'evaluate', 'report'];
const work = ['sample', 'commit', 'way'];
const names = {
  ask: 'send orders', wait: 'wait for negatives', update: 'gradient and step', publish: 'publish', pictures: 'pictures',
  checkpoint: 'checkpoint', evaluate: 'evaluation', report: 'report', sample: 'shards: sample', commit: 'shards: commit', way: 'shards: queue and way',
};

function svg(name, attributes, text) {
  const made = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (text !== undefined) made.textContent = text;
  return made;
}

export class Waterfall {
  #all = []; #rounds = [];

  constructor() {
    new ResizeObserver(() => this.#draw()).observe($('waterfall'));
  }

  show({ rounds = [] }) {
    // A round that has not come to its end is still at work; its shards may be done.
    this.#all = rounds;
    this.#rounds = rounds.filter(r => r.parts.at(-1)?.part === 'report').slice(-Shown);
    $('waterfall').closest('section').hidden = this.#rounds.length === 0;
    if (this.#rounds.length) this.#draw();
  }

  #draw() {
    const rounds = this.#rounds, width = $('waterfall').clientWidth;
    if (!rounds.length || !width) return;
    const shards = [...new Set(rounds.flatMap(r => r.shards.map(s => s.shard)))].sort((a, b) => a - b);
    const [from, to] = [rounds[0].parts[0].from, rounds.at(-1).parts.at(-1).to];
    const x = at => Gutter + (Math.min(to, Math.max(from, at)) - from) / (to - from) * (width - Gutter - 2);
    const y = row => Head + row * (Row + Gap);
    const height = y(shards.length + 1) + Foot;
    const chart = svg('svg', { width, height, viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label': this.#summary() });
    const bar = (kind, row, start, end, title, inset = 0) => {
      if (end <= from || start >= to) return;
      const rect = svg('rect', { class: `w-${kind}`, x: x(start), y: y(row) + inset, width: Math.max(.75, x(end) - x(start)), height: Row - 2 * inset, rx: 1.5 });
      rect.append(svg('title', {}, `${title}, ${milliseconds(end - start)}`));
      chart.append(rect);
    };

    ['server', ...shards.map(s => `shard ${s}`)].forEach((name, row) =>
      chart.append(svg('text', { x: 0, y: y(row) + Row - 6, class: 'w-name' }, name)));
    let free = 0;
    for (const r of rounds) {
      const at = x(r.parts[0].from);
      chart.append(svg('line', { x1: at, x2: at, y1: Head - 6, y2: height - Foot, class: 'w-line' }));
      const label = `round ${count(r.round)}`;
      if (at >= free && at + 7 * label.length < width) {
        chart.append(svg('text', { x: at + 3, y: Head - 8, class: 'w-round' }, label));
        free = at + 7 * label.length + 14;
      }
      r.parts.forEach(p => bar(p.part, 0, p.from, p.to, `round ${r.round}: ${names[p.part]}`));
    }
    for (const r of this.#all) {
      for (const s of r.shards.filter(s => s.arrived > from && s.asked < to && shards.includes(s.shard))) {
        // The shard answers as soon as it is done, so its work ends where its negatives arrive.
        const row = 1 + shards.indexOf(s.shard), title = `round ${r.round}, shard ${s.shard}: `;
        const committing = Math.max(s.asked, s.arrived - s.work.commit), sampling = Math.max(s.asked, committing - s.work.sample);
        bar('way', row, s.asked, s.arrived, title + 'asked until answered', 6);
        bar('sample', row, sampling, committing, title + 'sample');
        bar('commit', row, committing, s.arrived, title + 'commit');
      }
    }
    chart.append(
      svg('text', { x: Gutter, y: height - 4, class: 'w-round' }, '0'),
      svg('text', { x: width, y: height - 4, class: 'w-round', 'text-anchor': 'end' }, milliseconds(to - from)));
    $('waterfall').replaceChildren(chart);
    this.#explain();
  }

  // Mean seconds of a round by what they were spent on; the shards' are beside each other.
  #means() {
    const rounds = this.#rounds, sum = {};
    for (const r of rounds) {
      for (const p of r.parts) sum[p.part] = (sum[p.part] ?? 0) + (p.to - p.from) / rounds.length;
      for (const s of r.shards) {
        const share = 1 / rounds.length / r.shards.length, { sample, commit } = s.work;
        for (const [key, value] of [['sample', sample], ['commit', commit], ['way', s.arrived - s.asked - sample - commit]]) {
          sum[key] = (sum[key] ?? 0) + Math.max(0, value) * share;
        }
      }
    }
    return { sum, round: parts.reduce((total, part) => total + (sum[part] ?? 0), 0) };
  }

  #summary() {
    const { sum, round } = this.#means();
    return `The last ${this.#rounds.length} rounds, ${milliseconds(round)} each: `
      + parts.filter(part => sum[part]).map(part => `${names[part]} ${Math.round(sum[part] / round * 100)} %`).join(', ');
  }

  #explain() {
    const { sum, round } = this.#means();
    $('round-time').textContent = `${milliseconds(round)} a round, the mean of ${this.#rounds.length}`;
    $('parts').replaceChildren(...[...parts, ...work].filter(key => sum[key] > Least).map(key =>
      element('div', {}, element('dt', { className: `w-${key}` }, names[key]),
        element('dd', {}, `${milliseconds(sum[key])}, ${Math.round(sum[key] / round * 100)} %`))));
  }
}
