// What happened to a run, the latest first.

import { $, count, element, named, time } from './common.js';

const Kept = 1000, Shown = 200;
const common = new Set(['checkpoint', 'artefact', 'samples', 'evaluation']);

export class Events {
  #all = [];

  constructor() {
    $('all-events').addEventListener('change', () => this.#draw());
  }

  begin(events) {
    this.#all = events.slice(-Kept);
    this.#draw();
  }

  add(e) {
    this.#all.push(e);
    if (this.#all.length > Kept) this.#all.shift();
    this.#draw();
  }

  #draw() {
    const chosen = this.#all.filter(e => $('all-events').checked || !common.has(e.kind)).slice(-Shown).reverse();
    $('events').replaceChildren(...chosen.map(e => element('tr', { className: isNotable(e) ? 'notable' : '' },
      element('td', { className: 'quiet', title: e.at }, time(e.at)),
      named('round', element('td', { className: 'n' }, count(e.round))),
      element('td', { className: 'quiet' }, e.kind),
      element('td', {}, e.text ?? ''))));
  }
}

// What somebody who looks in wants to see at once: the run was brought back, or went back.
const notable = new Set(['rollback', 'notice', 'waiting', 'rewound']);
const isNotable = e => notable.has(e.kind) || e.state === 'failed';
