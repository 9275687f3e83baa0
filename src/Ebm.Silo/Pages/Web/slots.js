// How long ago the replay slots were written, and their chains started afresh.

import { $, count } from './common.js';
import { Chart } from './charts.js';

const Every = 5000;
const bin = i => i < 2 ? `${i}` : `${2 ** (i - 1)}–${2 ** i - 1}`;

export class Slots {
  #url; #chart; #asked = -Infinity; #round = null;

  constructor(url) {
    this.#url = url;
    this.#chart = new Chart($('slots'), [{ label: 'since written', colour: 'data' }, { label: 'since started afresh', colour: 'negatives' }], { over: 'rounds', shape: 'bars' });
  }

  // Asks anew where the run has got on, but not at every round.
  async refresh(round) {
    if (round === this.#round || performance.now() - this.#asked < Every) return;
    [this.#asked, this.#round] = [performance.now(), round];
    const ages = await (await fetch(this.#url)).json();
    $('slots').parentElement.hidden = !ages;
    if (!ages) return;
    const bins = Math.max(ages.written.length, ages.fresh.length);
    const older = ages.writtenBefore + ages.freshBefore > 0;
    const columns = [[ages.written, ages.writtenBefore], [ages.fresh, ages.freshBefore]].map(([counts, before]) =>
      [...Array.from({ length: bins }, (_, i) => counts[i] || null), ...(older ? [before || null] : [])]);
    const ticks = [...Array.from({ length: bins }, (_, i) => bin(i)), ...(older ? [`${ages.window} and more`] : [])];
    $('slots-round').textContent = `of ${count(ages.slots)}, in rounds`;
    this.#chart.show([ticks.map((_, i) => i), ...columns], ticks);
  }
}
