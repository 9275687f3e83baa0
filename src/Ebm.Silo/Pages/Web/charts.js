// Charts by uPlot, in the colours of the page, as wide as where they stand.

import { figure, isNumber } from './common.js';

const Height = 200;
const whole = Array.from({ length: 30 }, (_, i) => [1, 2, 5][i % 3] * 10 ** Math.floor(i / 3));
const shown = new Set();

matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => shown.forEach(chart => chart.draw()));

const colour = name => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

// A chart of columns over the first of them. `series` are { label, colour } in the order of the others. Options: `log` for a
// logarithmic axis, `over` what the first column is, `shape` 'steps' (areas between edges) or 'bars', `ticks` names of bars.
export class Chart {
  #place; #series; #options; #data = null; #plot = null;

  constructor(place, series, options = {}) {
    [this.#place, this.#series, this.#options] = [place, series, options];
    shown.add(this);
    new ResizeObserver(() => this.#plot?.setSize(this.#size())).observe(place);
  }

  // Columns of equal length. What is no number is a gap.
  show(columns, ticks) {
    this.#data = columns.map(column => column.map(x => isNumber(x) ? x : null));
    const anew = ticks?.join() !== this.#options.ticks?.join();
    this.#options.ticks = ticks;
    if (this.#plot && !anew) this.#plot.setData(this.#data);
    else this.draw();
    this.#showLast();
    this.#describe();
  }

  draw() {
    if (!this.#data) return;
    this.#plot?.destroy();
    const { log, over = 'round', shape, ticks } = this.#options;
    const axis = { stroke: colour('quiet'), font: '12px system-ui', grid: { stroke: colour('line'), width: 1 }, ticks: { show: false } };
    this.#plot = new uPlot({
      ...this.#size(),
      padding: [8, 22, 0, 0],
      scales: {
        x: { time: false, range: ticks ? (_, low, high) => [low - .6, high + .6] : undefined },
        y: log ? { distr: 3 } : shape ? { range: (_, low, high) => [0, high * 1.05 || 1] } : {},
      },
      axes: [
        { ...axis, size: 30, grid: { show: false }, ...(over === 'round' && { incrs: whole }), ...(ticks && { splits: ticks.map((_, i) => i), values: (_, at) => at.map(i => i % Math.ceil(ticks.length / 8) ? '' : ticks[i].split('–')[0]) }) },
        { ...axis, size: 56, values: (_, at) => at.map(t => t === null ? '' : figure(t)) },
      ],
      cursor: { drag: { x: !shape, y: false } },
      series: [
        { label: over, value: (_, x) => x === null ? '' : ticks ? ticks[x] : figure(x) },
        ...this.#series.map(s => this.#line(s, shape)),
      ],
    }, this.#data, this.#place);
    this.#place.setAttribute('role', 'img');
  }

  #line(s, shape) {
    const stroke = colour(s.colour);
    return {
      label: s.label, stroke, width: 1.5, dash: s.dash, spanGaps: s.spanGaps ?? false, value: (_, y) => y === null && shape ? '' : figure(y),
      points: { show: shape ? false : s.points ?? undefined },
      ...(shape && { fill: stroke + '38', paths: shape === 'bars' ? uPlot.paths.bars({ size: [.7, 60] }) : uPlot.paths.stepped({ align: 1 }) }),
    };
  }

  // Under curves stand the figures of the latest round, unless somebody points at another.
  #showLast() {
    if (this.#plot.cursor.idx === null && !this.#options.shape) this.#plot.setLegend({ idx: this.#data[0].length - 1 });
  }

  #size() {
    return { width: Math.max(200, this.#place.clientWidth), height: Height };
  }

  // For those who do not see it.
  #describe() {
    const { over = 'round', shape, ticks } = this.#options;
    const last = column => column.findLast(x => x !== null);
    const text = shape
      ? this.#series.map((s, i) => `${s.label}: most at ${over} ${(at => ticks ? ticks[at] : figure(this.#data[0][at]))(peak(this.#data[i + 1]))}`)
      : this.#series.map((s, i) => `${s.label} ${figure(last(this.#data[i + 1]))}`);
    this.#place.setAttribute('aria-label', (shape ? '' : `At ${over} ${last(this.#data[0]) ?? '–'}: `) + text.join(', '));
  }
}

const peak = column => column.indexOf(Math.max(...column));
