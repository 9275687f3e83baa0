// The run's pictures, or lines, of samples: the latest, unless somebody has moved the slider back.

import { $, count } from './common.js';

const round = name => Number(/^samples-(\d+)/.exec(name)[1]);

export class Samples {
  #base; #names = []; #shown = null;

  constructor(base) {
    this.#base = base;
    $('round').addEventListener('input', () => this.#show());
  }

  // Learns which there are among the run's `files`; `rounds` is how many it has had, and `isOver` whether more will come.
  async refresh(files, rounds, isOver) {
    const slider = $('round');
    const followed = Number(slider.value) === this.#names.length - 1 || this.#names.length === 0;
    this.#names = files.filter(name => name.startsWith('samples-') && round(name) <= rounds).sort((a, b) => round(a) - round(b));
    slider.max = Math.max(0, this.#names.length - 1);
    if (followed) slider.value = slider.max;
    $('rounds').hidden = this.#names.length === 0;
    slider.disabled = this.#names.length < 2;
    $('no-samples').hidden = this.#names.length > 0;
    $('no-samples').textContent = isOver ? 'There are none.' : 'The first come after the rounds that output.samplesEvery names, or at the end.';
    this.#shown = null;
    if (this.#names.length) await this.#show();
  }

  async #show() {
    const name = this.#names[Number($('round').value)];
    if (name === this.#shown) return;
    this.#shown = name;
    const text = `round ${count(round(name))}`;
    $('round-shown').textContent = text;
    $('round').setAttribute('aria-valuetext', text);
    const isText = name.endsWith('.txt');
    [$('picture').hidden, $('lines').hidden] = [isText, !isText];
    const url = `${this.#base}/files/${name}`;
    if (isText) {
      const lines = await (await fetch(url)).text();
      if (this.#shown === name) $('lines').textContent = lines;
    } else {
      // Shown when it is there: no flicker from round to round.
      const next = new Image();
      next.src = url;
      await next.decode();
      if (this.#shown === name) {
        $('picture').src = next.src;
        $('picture').alt = `Samples of ${text}`;
      }
    }
  }
}
