// Which shard is on which silo, as a map: a silo is a block, its shards are squares in it.

import { $, element, siloState } from './common.js';

const square = (shard, where) => element('li', { title: `shard ${shard} on ${where}` }, String(shard));

export class Shards {
  #before = new Map();

  show({ silos = [], server, places = [] }) {
    const on = address => places.flatMap((place, shard) => place === address ? [shard] : []);
    const known = new Set(silos.map(silo => silo.address));
    const away = places.flatMap((place, shard) => known.has(place) ? [] : [shard]);
    $('shards').parentElement.hidden = silos.length === 0;
    $('shards').replaceChildren(
      ...silos.map(silo => this.#silo(silo, on(silo.address), silo.address === server)),
      ...(away.length ? [this.#block('away', 'nowhere yet', 'waiting for a silo', away, 'no silo')] : []));
    places.forEach((place, shard) => this.#before.set(shard, place));
  }

  #silo(silo, shards, isServer) {
    const state = siloState(silo);
    const what = [silo.status === 'active' ? null : state.text, isServer ? 'parameter server' : null,
      silo.lanes ? `${silo.lanes} ${silo.device} ${silo.lanes === 1 ? 'lane' : 'lanes'}` : 'no lanes'];
    const block = this.#block(silo.status === 'active' ? (isServer ? 'server' : '') : 'away', silo.name, what.filter(Boolean).join(' · '), shards, silo.name);
    for (const item of block.querySelectorAll('li')) {
      const shard = Number(item.textContent), before = this.#before.get(shard);
      if (before !== undefined && before !== silo.address) item.className = 'moved';
    }
    return block;
  }

  #block(kind, name, what, shards, where) {
    return element('div', { className: `silo ${kind}` },
      element('strong', {}, name), element('span', { className: 'quiet' }, what),
      shards.length
        ? element('ul', { ariaLabel: `Shards on ${where}` }, ...shards.map(shard => square(shard, where)))
        : element('span', { className: 'quiet none' }, 'no shards'));
  }
}
