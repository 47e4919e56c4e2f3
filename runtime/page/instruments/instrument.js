/**
 * An instrument: state and answers go back and forth between the page and one Python function.
 * One request at a time; whatever the reader does meanwhile is gathered into the next. No instrument is known here.
 */

import { localised } from "../../engine/numbers.js";
import { fill, progress } from "../../engine/words.js";
import { handOn } from "../focus.js";
import { isControl, setting, showBeside, showState, sound, typed } from "./controls.js";
import { listen } from "./gestures.js";
import { Pending } from "./pending.js";

/** @import {Limits, State} from "./controls.js" */
/** @import {Outcome, Python, Ticket} from "../../engine/python.js" */
/** @import {News, Store} from "../storage/store.js" */
/** @import {Trail} from "./history.js" */

/** What shows answers; it comes when a reader nears the first instrument. @type {typeof import("./regions.js")} */
let shows;

/** Waits for nothing once it is there: a last step must not be shown later than the end of the work is heard of. */
async function loaded() {
  shows ??= await import("./regions.js");
}

/**
 * No work goes on in a state that comes from an address or from the last visit: it can be gone on with.
 * @param {State} values
 */
const interrupted = ({ phase }) => (phase === "running" ? { phase: "paused" } : {});

const UNLOADED = WORDS.site.reload_part;
/** @returns {Outcome} */
const unloaded = () => ({ type: "broken", words: UNLOADED });

/** Where less is computed at first. */
const PHONE = "(pointer: coarse) and (max-width: 48rem)";

/** Characters of a state's field that go into an address and are kept for the next visit. */
const LONGEST = 2000;

/** @typedef {{python: Python, labs: Python, store: Store, trail: () => Promise<Trail | undefined>}} Bench */
/** @typedef {{state?: State, regions?: Record<string, string>, limits?: Limits, sentence?: string, failure?: string}} Answer */

export class Instrument {
  #section;
  form;
  #bench;
  /** Long work and what the reader does between its steps share one Python, which remembers how far it is. */
  #python;
  #module;
  #first;
  /** @type {State} */
  #state;
  /** The state of the last answer. @type {State} */
  #shown;
  /** The state to go on from, whatever is answered before it is asked for. @type {State | null} */
  #restored = null;
  /** @type {Limits | null} */
  #limits = null;
  /** What the next request will carry. */
  #pending = new Pending();
  /** The field in which the reader types, and has not gone on. */
  #typing = "";
  #near = false;
  #wanted = false;
  /** Whether the reader has been at it here: what is only drawn again must not replace what another tab has kept since. */
  #asked = false;
  #asking = false;
  /** Settles with the answer that is on its way. @type {Promise<Outcome> | null} */
  #answer = null;
  /** @type {Ticket | null} */
  #work = null;
  #turn = new AbortController();
  /** What is to be said beside the answers: of the last visit, of files that were no pictures. */
  #note = "";

  /**
   * @param {HTMLElement} section
   * @param {Bench} bench
   */
  constructor(section, bench) {
    this.#section = section;
    this.#bench = bench;
    this.#python = section.querySelector("[data-work]") ? bench.labs : bench.python;
    this.#module = section.dataset.instrument ?? "";
    this.form = /** @type {HTMLFormElement} */ (section.querySelector("form[data-controls]"));
    this.#first = JSON.parse(section.dataset.state ?? "{}");
    this.#state = this.#shown = this.#first;
    this.#listen();
    this.#remember();
    bench.store.watch(this.key, (news) => this.#hear(news));
    this.#past();
  }

  get id() {
    return this.#section.id;
  }

  get title() {
    return this.#section.querySelector("h3")?.textContent ?? "";
  }

  /** The fields whose values are not those of the first picture; messages, pictures and very long values stay out. */
  get differing() {
    const passing = new Set(["notice", ...this.#owned()]);
    return Object.fromEntries(
      Object.entries(this.#state).filter(([field, value]) => {
        const written = JSON.stringify(value);
        return !passing.has(field) && written !== JSON.stringify(this.#first[field]) && written.length <= LONGEST;
      }),
    );
  }

  /** @param {State} values by field; the others go back to their first value, all but what was gathered */
  restore(values) {
    if (!sound(values)) return this.say(WORDS.instrument.large_state);
    this.#pending = new Pending();
    this.#state = { ...this.#first, ...this.#gathered(), ...values, ...interrupted(values) };
    this.#restored = this.#state; // an answer still on its way must not undo it
    this.#ask();
  }

  /** @param {(trail: Trail) => void} act */
  #trail(act) {
    this.#bench.trail().then((trail) => trail && act(trail));
  }

  /** Offer what was here before a link, a file or another tab replaced it. */
  #past() {
    if (this.#bench.store.before(this.key).length) this.#trail((trail) => trail.past(this));
  }

  /** @param {HTMLElement} [way] back to where the reader came from */
  reveal(way) {
    if (way) this.#section.querySelector(".instrument-head")?.append(way);
    this.#section.scrollIntoView();
  }

  /** The reader is near: have Python ready and, when it is the first time, draw the state of the last visit. */
  warm() {
    this.#python.warm();
    if (this.#near) return;
    this.#near = true;
    loaded().then(
      () => shows.showTries(this.#section, this.#state),
      () => {}, // told when it is needed
    );
    if (this.#wanted) this.#next();
  }

  /** @param {State} values by field */
  set(values) {
    this.#note = "";
    this.#lighten();
    this.#pending.set(values);
    this.#ask();
    this.#trail((trail) => trail.moved(this));
  }

  #listen() {
    for (const camera of this.form.querySelectorAll("[data-action=camera]"))
      camera.toggleAttribute("hidden", !navigator.mediaDevices);
    this.form.addEventListener("submit", (event) => event.preventDefault());
    this.form.addEventListener("input", (event) => {
      const { target } = event;
      const pasted = event instanceof InputEvent && event.inputType === "insertFromPaste";
      if (!isControl(target)) return;
      this.#typing = typed(target) && !pasted ? target.name : "";
      if (this.#typing) return;
      showBeside(target);
      this.set({ [target.name]: setting(target) });
    });
    this.form.addEventListener("change", ({ target }) => {
      if (!(target instanceof HTMLInputElement)) return;
      if (target.type === "file") this.#pictures(target, [...(target.files ?? [])]);
      else if (typed(target)) {
        this.#typing = "";
        this.set({ [target.name]: setting(target) });
      }
    });
    this.#section.addEventListener("click", ({ target }) => {
      const button = target instanceof Element ? target.closest("button") : null;
      if (button?.dataset.act) this.#press(button.dataset.act, button.dataset.work !== undefined);
      if (button?.dataset.action === "camera") this.#camera(button);
      if (button?.dataset.action === "reset") this.reset();
      if (button?.dataset.action === "share") this.#trail((trail) => trail.share(this));
      if (button?.dataset.action === "embed") this.#trail((trail) => trail.embed(this));
    });
    listen(this.#section, {
      press: (act) => this.#press(act, false),
      point: (act) => {
        this.#pending.point(act);
        this.#ask();
      },
      set: (field, value) => this.set({ [field]: value }),
    });
  }

  reset() {
    this.restore(this.#first);
    this.#keep(); // now: the page may be closed before the answer comes
    this.#trail((trail) => trail.moved(this));
  }

  /**
   * @param {string} act
   * @param {boolean} work whether the answer comes in steps
   */
  #press(act, work) {
    this.#note = "";
    if (work) this.#labour(act);
    else {
      this.#pending.act(act);
      this.#ask();
      this.#trail((trail) => trail.moved(this));
    }
  }

  /** From the build's first picture a phone goes on with less to compute, where the instrument says how. */
  #lighten() {
    const { phone } = this.#section.dataset;
    if (phone && this.#state === this.#first && matchMedia(PHONE).matches)
      this.#state = { ...this.#first, ...JSON.parse(phone) };
  }

  #ask() {
    this.#asked = true;
    this.#wanted = true;
    this.#work?.cancel();
    this.#next();
  }

  /** Send what has gathered, unless an answer or a last step is still on its way. */
  async #next() {
    if (this.#asking || this.#work || !this.#wanted) return;
    const request = this.#pending.take();
    this.#wanted = this.#pending.any;
    this.#asking = true;
    const restored = this.#restored;
    const state = restored ?? this.#state;
    this.#restored = null;
    let waiting = true;
    const { outcome } = this.#python.ask(
      { kind: "instrument", module: this.#module, request: { state, ...request } },
      { progress: (words, share) => waiting && this.#wait(words, share) },
    );
    this.#answer = loaded().then(() => outcome, unloaded);
    const ended = await this.#answer;
    waiting = false; // Python may be on its way still, where what shows answers could not be had
    this.#asking = false;
    if (ended.type !== "answer") return this.#broken(ended, request, restored);
    if (!this.#restored) this.#show(ended.answer);
    this.#next();
  }

  /**
   * Nothing is lost: the request goes back to what is pending. A state that an address asked for in vain stops nothing:
   * the next move goes on from what is shown.
   * @param {Outcome} ended
   * @param {import("./pending.js").Request} request
   * @param {State | null} restored
   */
  #broken(ended, request, restored) {
    this.#pending.giveBack(request);
    this.#wanted = true;
    if (restored && !this.#restored) this.#state = this.#shown;
    this.#section.classList.add("is-failed");
    this.say(ended.type === "broken" ? ended.words : WORDS.cell.stopped, () => {
      this.#restored ??= restored;
      this.#next();
    });
  }

  /** @param {Answer} answer */
  #show(answer) {
    this.say(answer.failure ? fill(WORDS.instrument.failed, { failure: answer.failure }) : this.#note);
    this.#state = answer.state ?? this.#state;
    this.#shown = this.#state;
    this.#limits = answer.limits ?? this.#limits;
    shows.showRegions(this.#section, answer.regions ?? {});
    shows.showTries(this.#section, this.#state);
    if (this.#limits) showState(this.form, this.#state, this.#limits, (field) => this.#touched(field));
    const sentence = this.#section.querySelector("[data-sentence]");
    const said = answer.sentence === undefined ? undefined : localised(answer.sentence);
    if (sentence && said !== undefined && sentence.textContent !== said) sentence.textContent = said;
    if (answer.state && this.#asked) this.#keep();
  }

  /**
   * Whether the reader has moved a control, or is typing, since what is answered was asked.
   * @param {string} field
   */
  #touched(field) {
    return this.#pending.has(field) || field === this.#typing;
  }

  /**
   * Long work in a worker of its own, shown step by step; anything else the reader does ends it.
   * @param {string} act
   */
  async #labour(act) {
    this.#asked = true;
    this.#lighten();
    while (this.#asking) await this.#answer; // a name that was typed just before counts
    this.#work?.cancel();
    const request = { state: this.#state, set: {}, acts: [act] };
    let failed = false;
    const ticket = this.#python.ask(
      { kind: "work", module: this.#module, request },
      {
        progress: (words, share) => this.#wait(words, share),
        begin: () => this.say(WORDS.instrument.working),
        step: (answer) => {
          failed = Boolean(answer.failure);
          loaded().then(() => this.#work === ticket && this.#show(answer), unloaded);
        },
      },
    );
    this.#work = ticket;
    this.#section.classList.add("is-running");
    const ended = await loaded().then(() => ticket.outcome, unloaded);
    if (this.#work !== ticket) return;
    this.#work = null;
    this.#section.classList.remove("is-running");
    if (ended.type === "broken") this.say(ended.words, () => this.#labour(act));
    else if (!failed) this.say("");
    this.#trail((trail) => trail.moved(this));
    this.#next();
  }

  /** @param {HTMLElement} button of a picture's control, whose input it stands beside */
  async #camera(button) {
    const input = this.form.querySelector(`input[name="${button.dataset.for}"]`);
    const script = await import("./camera.js").catch(() => null);
    if (!script || !(input instanceof HTMLInputElement)) return this.say(UNLOADED);
    try {
      const picture = await script.photograph();
      if (picture) this.#pictures(input, [picture]);
    } catch (error) {
      this.say(error instanceof Error ? error.message : String(error));
    }
  }

  /**
   * @param {HTMLInputElement} input
   * @param {(File | ImageBitmap)[]} files
   */
  async #pictures(input, files) {
    if (!files.length) return;
    const script = await import("./picture.js").catch(() => null);
    if (!script) return this.say(UNLOADED);
    const { pictures, complaint } = await script.pictures(files, Number(input.dataset.size) || 64);
    if (complaint) this.say(complaint);
    if (input.multiple) input.value = ""; // they are shown where they were added, and can be opened again
    if (!pictures.length) return;
    const waiting = this.#pending.waiting(input.name) ?? [];
    this.set({ [input.name]: input.multiple ? [...waiting, ...pictures] : pictures[0] });
    this.#note = complaint; // said until the reader goes on
  }

  #remember() {
    const kept = this.#bench.store.get(this.key);
    if (typeof kept !== "object" || !sound(kept)) return;
    this.#state = { ...this.#first, ...kept, ...interrupted(kept) };
    this.#wanted = true;
    if (kept.phase !== "running") return;
    this.#note = WORDS.instrument.unfinished;
    this.say(this.#note);
  }

  /** @param {News} news of the kept state; another tab's is taken over when the reader turns to it here */
  #hear(news) {
    if (news === "before") return;
    const take = () => {
      this.restore(this.#bench.store.get(this.key) ?? {});
      this.#past();
    };
    this.#turn.abort();
    this.#turn = new AbortController();
    if (news === "file") take();
    else if (news === "tab")
      for (const type of ["pointerenter", "focusin"])
        this.#section.addEventListener(type, () => this.#hear("file"), { signal: this.#turn.signal });
  }

  #keep() {
    const { differing } = this;
    this.#bench.store.put(this.key, Object.keys(differing).length ? differing : undefined);
  }

  #owned() {
    return this.#fields("[data-picture]");
  }

  /** The pictures that a reader has gathered, and what they are called: no address holds them. */
  #gathered() {
    const fields = this.#fields("[multiple], fieldset:has([multiple]) [type=text]");
    return Object.fromEntries(fields.map((field) => [field, this.#state[field]]));
  }

  /** Whether pictures of the reader's own are shown, which no address holds. */
  get private() {
    return this.#owned().some((field) => this.#state[field]?.length && this.#state[field] !== this.#first[field]);
  }

  /** @param {string} controls */
  #fields(controls) {
    return [...this.form.querySelectorAll(controls)].map((input) => input.getAttribute("name") ?? "");
  }

  /** Name of the kept state. */
  get key() {
    return `instrument ${this.#section.id}`;
  }

  /**
   * @param {string} words
   * @param {number | null} share
   */
  #wait(words, share) {
    this.say(progress(words, share));
    const bar = this.#section.querySelector("progress[data-progress]");
    if (!(bar instanceof HTMLProgressElement)) return;
    bar.hidden = false;
    if (share === null) bar.removeAttribute("value");
    else bar.value = share;
  }

  /**
   * @param {string} words
   * @param {() => void} [retry]
   */
  say(words, retry) {
    const status = this.#section.querySelector("[data-status]");
    const bar = this.#section.querySelector("progress[data-progress]");
    if (bar instanceof HTMLElement) bar.hidden = true;
    if (!status || (!words && !status.textContent)) return;
    this.#section.classList.toggle("is-failed", Boolean(retry));
    handOn(status, this.form.querySelector("input:checked, input, button"));
    status.textContent = words;
    if (!retry) return;
    const button = Object.assign(document.createElement("button"), {
      type: "button",
      textContent: WORDS.instrument.again,
      onclick: retry,
    });
    status.append(" ", button);
  }
}
