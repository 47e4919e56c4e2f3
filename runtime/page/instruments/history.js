/**
 * The page's history: each state in which the reader leaves an instrument has an address and can be gone back to.
 * Knows instruments by id only. Loaded when there is a state to show, to note or to share.
 */

import { fill } from "../../engine/words.js";
import { offerState } from "../cells/versions.js";
import { addressOf, stateIn } from "./state_link.js";

/** @import {State} from "./controls.js" */
/** @import {Instrument} from "./instrument.js" */
/** @import {Store} from "../storage/store.js" */

/** Milliseconds without a change after which an instrument counts as left at rest; a drag is one step back, not fifty. */
const QUIET = 500;
/** Pixels that most panels have room in. */
const HEIGHT = 900;

export class Trail {
  #instruments;
  /** What every instrument showed when the present entry of the history was made. */
  #resting;
  #store;
  #timer = 0;
  /** Leads back to the link that was followed last. @type {HTMLButtonElement | null} */
  #back = null;

  /**
   * @param {Map<string, Instrument>} instruments by id
   * @param {Record<string, State>} resting what they showed at first
   * @param {Store} store
   */
  constructor(instruments, resting, store) {
    this.#store = store;
    this.#instruments = instruments;
    this.#resting = resting;
    addEventListener("popstate", (event) => this.#return(event.state?.instruments));
  }

  /**
   * Show the state that an address asks for.
   * @param {{anchor: string, query: string}} question
   */
  visit({ anchor, query }) {
    const instrument = this.#instruments.get(anchor);
    if (!instrument) return;
    instrument.reveal();
    const values = stateIn(query);
    if (!values) return instrument.say(WORDS.instrument.large_link);
    const { differing, key } = instrument;
    instrument.restore(values);
    const [earlier] = this.#store.before(key);
    // A link that replaces another link's state takes nothing of the reader's away.
    const own = earlier?.link ? earlier.value : differing;
    if (Object.keys(own).length && JSON.stringify(own) !== JSON.stringify(instrument.differing)) {
      this.#store.shelve(key, WORDS.version.by_link, own, true);
      this.past(instrument);
    }
    this.#resting = { ...this.#resting, [instrument.id]: instrument.differing };
  }

  /**
   * Offer what an instrument showed before something else replaced it.
   * @param {Instrument} instrument
   */
  past(instrument) {
    const [earlier] = this.#store.before(instrument.key);
    if (!earlier) return;
    offerState(instrument.form, earlier.by, (back) => {
      this.#store.unshelve(instrument.key);
      if (!back) return;
      instrument.restore(earlier.value);
      this.past(instrument);
    });
  }

  /**
   * The reader has changed an instrument.
   * @param {Instrument} instrument
   */
  moved(instrument) {
    this.#store.adopt(instrument.key);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#rest(instrument), QUIET);
  }

  /** @param {Instrument} instrument */
  #rest({ id, differing }) {
    if (JSON.stringify(differing) !== JSON.stringify(this.#resting[id])) this.#step(id, differing);
  }

  /**
   * A new entry; the browser remembers with the present one which line the reader is at.
   * @param {string} id
   * @param {State} values
   */
  #step(id, values) {
    const [before, now] = [this.#resting, { ...this.#resting, [id]: values }];
    this.#resting = now;
    try {
      history.replaceState({ instruments: before }, "");
      history.pushState({ instruments: now }, "", addressOf(id, values));
    } catch {} // a browser takes only so many steps in half a minute: this one cannot be gone back from
  }

  /** @param {Record<string, State> | undefined} instruments of the entry gone to; entries of plain links have none */
  #return(instruments) {
    clearTimeout(this.#timer);
    if (!instruments) return; // a plain link: whoever hears of its address looks
    for (const [id, instrument] of this.#instruments) {
      const values = instruments[id] ?? {};
      if (JSON.stringify(values) !== JSON.stringify(this.#resting[id])) instrument.restore(values);
    }
    this.#resting = instruments;
  }

  /**
   * Follow a link that puts an instrument into a state; one in the text leads there, and can be come back to.
   * @param {HTMLElement} link
   */
  follow(link) {
    const instrument = this.#instruments.get(link.dataset.instrumentLink ?? "");
    if (!instrument) return;
    const values = JSON.parse(link.dataset.set ?? "{}");
    this.#step(instrument.id, values); // before the page scrolls
    instrument.restore(values);
    if (link.closest("[data-tries]")) return;
    this.#back?.remove();
    const act = () => {
      this.#back?.remove();
      link.scrollIntoView({ block: "center" });
      link.focus({ preventScroll: true });
    };
    this.#back = Object.assign(document.createElement("button"), {
      ...{ type: "button", className: "button", textContent: WORDS.instrument.back, onclick: act },
    });
    instrument.reveal(this.#back);
  }

  /**
   * Copy a link to what an instrument shows.
   * @param {Instrument} instrument
   */
  share(instrument) {
    const link = location.href.split("#", 1)[0] + addressOf(instrument.id, instrument.differing);
    const said = instrument.private ? WORDS.instrument.link_copied_private : WORDS.instrument.link_copied;
    return copied(instrument, link, said, fill(WORDS.instrument.link_refused, { link }));
  }

  /**
   * Copy what puts an instrument, as it stands, into another page.
   * @param {Instrument} instrument
   */
  embed(instrument) {
    const page = new URL(`embed.html?inst=${instrument.id.replace(/^(inst|lab)-/, "")}`, location.href);
    const [src, title] = [page + addressOf(instrument.id, instrument.differing), instrument.title].map(quoted);
    const code = `<iframe src="${src}" title="${title}" width="100%" height="${HEIGHT}" loading="lazy"></iframe>`;
    return copied(instrument, code, WORDS.instrument.embed_copied, fill(WORDS.instrument.embed_refused, { code }));
  }
}

/**
 * @param {Instrument} instrument
 * @param {string} text
 * @param {string} said
 * @param {string} refused
 */
async function copied(instrument, text, said, refused) {
  try {
    await navigator.clipboard.writeText(text);
    instrument.say(said);
  } catch {
    instrument.say(refused);
  }
}

/** @param {string} text of an attribute in double quotes */
function quoted(text) {
  return text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");
}
