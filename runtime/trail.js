/**
 * The page's history: each state in which the reader leaves an instrument has an address and can be gone back to.
 * Knows instruments by id only.
 */

import { stateIn } from "./address.js";

/** @import {State} from "./controls.js" */
/** @import {Instrument} from "./instrument.js" */

/** Milliseconds without a change after which an instrument counts as left at rest; a drag is one step back, not fifty. */
const QUIET = 500;

export class Trail {
  /** @type {Map<string, Instrument>} */
  #instruments = new Map();
  /** What every instrument showed when the present entry of the history was made. @type {Record<string, State>} */
  #resting = {};
  #timer = 0;

  constructor() {
    addEventListener("popstate", (event) => this.#return(event.state?.instruments));
    document.addEventListener("click", (event) => this.#follow(event));
  }

  /** @param {Instrument} instrument */
  add(instrument) {
    this.#instruments.set(instrument.id, instrument);
    this.#resting[instrument.id] = instrument.differing;
  }

  /** Show the state that the page's address asks for, if it does. */
  visit() {
    const link = stateIn(location.hash);
    const instrument = this.#instruments.get(link?.anchor ?? "");
    if (!link || !instrument) return;
    instrument.restore(link.values);
    instrument.reveal();
    this.#resting = { ...this.#resting, [instrument.id]: instrument.differing };
  }

  /**
   * The reader has changed an instrument.
   * @param {Instrument} instrument
   */
  moved(instrument) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#rest(instrument), QUIET);
  }

  /** @param {Instrument} instrument */
  #rest(instrument) {
    const { id, address, differing } = instrument;
    if (JSON.stringify(differing) === JSON.stringify(this.#resting[id])) return;
    history.replaceState({ instruments: this.#resting }, "");
    this.#resting = { ...this.#resting, [id]: differing };
    history.pushState({ instruments: this.#resting }, "", address);
  }

  /** @param {Record<string, State> | undefined} instruments of the entry gone to; entries of plain links have none */
  #return(instruments) {
    clearTimeout(this.#timer);
    if (!instruments) return this.visit();
    for (const [id, instrument] of this.#instruments) {
      const values = instruments[id] ?? {};
      if (JSON.stringify(values) !== JSON.stringify(this.#resting[id])) instrument.restore(values);
    }
    this.#resting = instruments;
  }

  /**
   * A link in the text that puts an instrument into a state.
   * @param {MouseEvent} event
   */
  #follow(event) {
    const link = event.target instanceof Element ? event.target.closest("a[data-instrument-link]") : null;
    const instrument = this.#instruments.get(link?.getAttribute("data-instrument-link") ?? "");
    if (!link || !instrument || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    instrument.restore(JSON.parse(link.getAttribute("data-set") ?? "{}"));
    instrument.reveal();
    this.moved(instrument);
  }
}
