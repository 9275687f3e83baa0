// What all pages share: elements, numbers as people read them, and the live link to the silo.

export const $ = id => document.getElementById(id);

// An element with properties and children; texts are never taken for markup.
export function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

// A cell of a table with the name of its column, which stands beside it where the table has no room for columns.
export function named(name, cell) {
  cell.dataset.name = name;
  return cell;
}

export const isNumber = x => typeof x === 'number' && Number.isFinite(x);

export function figure(x) {
  if (!isNumber(x)) return x === undefined || x === null ? '–' : String(x);
  const size = Math.abs(x);
  return size !== 0 && (size < 0.001 || size >= 1e6) ? x.toExponential(2) : Number(x.toPrecision(4)).toString();
}

export const count = x => isNumber(x) ? x.toLocaleString('en') : '–';

export function span(seconds) {
  if (!isNumber(seconds)) return '–';
  if (seconds < 60) return `${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s`;
  const minutes = Math.floor(seconds / 60), hours = Math.floor(minutes / 60);
  return hours > 0 ? `${hours} h ${minutes % 60} min` : `${minutes} min ${Math.round(seconds % 60)} s`;
}

// Of seconds, as short as they deserve.
export function milliseconds(seconds) {
  if (seconds >= 10) return span(seconds);
  return seconds >= 1 ? `${seconds.toFixed(2)} s` : `${(seconds * 1000).toFixed(seconds < 0.01 ? 1 : 0)} ms`;
}

export const time = text => new Date(text).toLocaleTimeString('en-GB');

// How a run is: its state, and what it waits for.
export function stateOf(status) {
  if (status.elsewhere) return { name: 'elsewhere', text: 'in another process, or interrupted' };
  if (status.waiting) return { name: 'waiting', text: 'waiting' };
  return { name: status.state, text: status.state };
}

export const when = text => new Date(text).toLocaleString('en-GB');

// How a silo is, in the words of people.
export function siloState(silo) {
  if (silo.status === 'active') return { name: 'succeeded', text: 'up' };
  if (silo.status === 'dead') return { name: 'gone', text: 'gone' };
  return { name: 'waiting', text: silo.status === 'joining' || silo.status === 'created' ? 'joining' : 'leaving' };
}

// Listens to server-sent events for as long as somebody can see the page. A browser makes the link again by itself; the silo then
// begins with how things are. It has few links to one address, so a page that is hidden gives its own back.
export function live(url, handlers) {
  let source = null;
  const say = (kind, text) => {
    [$('link').className, $('link').textContent] = [`link ${kind}`, text];
  };
  const end = () => {
    source?.close();
    source = null;
  };
  const begin = () => {
    if (source || document.hidden) return;
    const mine = source = new EventSource(url);
    say('', 'connecting');
    mine.onerror = () => {
      say('lost', 'not connected, trying again');
      if (mine.readyState !== EventSource.CLOSED) return;
      end();
      setTimeout(begin, 2000);
    };
    for (const [type, handle] of Object.entries(handlers)) {
      mine.addEventListener(type, e => {
        say('live', 'live');
        handle(JSON.parse(e.data));
      });
    }
    mine.addEventListener('trouble', e => say('lost', `no answer: ${JSON.parse(e.data)}`));
  };
  document.addEventListener('visibilitychange', () => document.hidden ? end() : begin());
  addEventListener('pagehide', end);
  addEventListener('pageshow', begin);
  begin();
}
