// Rounds a second of late: over what this page has seen, at most the last twenty seconds.
export class Speed {
  #from = null;

  at(round) {
    const now = performance.now() / 1000;
    if (!this.#from || this.#from.round > round) this.#from = { round, at: now, before: null };
    const rate = this.#rate(round, now);
    if (now - this.#from.at > 20) this.#from = { round, at: now, before: rate };
    return rate;
  }

  // At the beginning of a stretch the one before it says more.
  #rate(round, now) {
    const { round: first, at, before } = this.#from;
    return now - at > (before === null ? 1 : 5) ? (round - first) / (now - at) : before;
  }
}
