// Line charts by uPlot, in the colours of the page, as wide as where they stand.

import { figure, isNumber } from './common.js';

const Height = 250;
const shown = new Set();
const dark = matchMedia('(prefers-color-scheme: dark)');

dark.addEventListener('change', () => shown.forEach(chart => chart.draw()));

const colour = name => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

// A chart of columns over rounds. `series` are { label, colour } in the order of the columns.
export class Chart {
  #place; #series; #options; #data = null; #plot = null;

  constructor(place, series, options = {}) {
    [this.#place, this.#series, this.#options] = [place, series, options];
    shown.add(this);
    new ResizeObserver(() => this.#plot?.setSize(this.#size())).observe(place);
  }

  // Columns of equal length, the first of rounds. What is no number is a gap.
  show(columns) {
    this.#data = columns.map(column => column.map(x => isNumber(x) ? x : null));
    if (this.#plot) this.#plot.setData(this.#data);
    else this.draw();
    this.#showLast();
    this.#describe();
  }

  draw() {
    if (!this.#data) return;
    this.#plot?.destroy();
    const axis = { stroke: colour('quiet'), grid: { stroke: colour('line'), width: 1 }, ticks: { stroke: colour('line'), width: 1 } };
    this.#plot = new uPlot({
      ...this.#size(),
      scales: { x: { time: false }, y: this.#options.log ? { distr: 3 } : {} },
      axes: [axis, { ...axis, size: 62, values: (_, ticks) => ticks.map(t => t === null ? '' : figure(t)) }],
      cursor: { drag: { x: true, y: false } },
      series: [
        { label: 'round', value: (_, x) => x === null ? '–' : x },
        ...this.#series.map(s => ({
          label: s.label, stroke: colour(s.colour), width: 1.5, dash: s.dash, spanGaps: s.spanGaps ?? false,
          points: { show: s.points ?? undefined }, value: (_, y) => figure(y),
        })),
      ],
    }, this.#data, this.#place);
    this.#place.setAttribute('role', 'img');
  }

  // Under the chart stand the figures of the latest round, unless somebody points at another.
  #showLast() {
    if (this.#plot.cursor.idx === null) this.#plot.setLegend({ idx: this.#data[0].length - 1 });
  }

  #size() {
    return { width: Math.max(200, this.#place.clientWidth), height: Height };
  }

  // For those who do not see it.
  #describe() {
    const last = column => column.findLast(x => x !== null);
    this.#place.setAttribute('aria-label', this.#data.length > 1
      ? `At round ${last(this.#data[0]) ?? '–'}: ` + this.#series.map((s, i) => `${s.label} ${figure(last(this.#data[i + 1]))}`).join(', ')
      : '');
  }
}
