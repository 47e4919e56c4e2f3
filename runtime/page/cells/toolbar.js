/**
 * The bar under a cell: its buttons, what is going on, how far a start is. Decides nothing.
 */

import { fill, progress } from "../../engine/words.js";
import { handOn } from "../focus.js";

export class Bar {
  #element;
  #status;
  #progress;
  #clock = 0;

  /**
   * @param {HTMLElement} element
   * @param {(action: string) => void} act called with the action of a button that was clicked
   */
  constructor(element, act) {
    this.#element = element;
    this.#status = /** @type {HTMLElement} */ (element.querySelector("[data-status]"));
    this.#progress = /** @type {HTMLProgressElement} */ (element.querySelector("[data-progress]"));
    element.addEventListener("click", ({ target }) => {
      const button = target instanceof Element ? target.closest("[data-action]") : null;
      if (button instanceof HTMLElement) act(button.dataset.action ?? "");
    });
  }

  /** @param {boolean} busy */
  set busy(busy) {
    this.#button("run").setAttribute("aria-disabled", String(busy)); // disabled would drop the keyboard's focus
    this.#allow("stop", busy);
    this.#progress.hidden = true;
    clearInterval(this.#clock);
  }

  /** @param {boolean} edited */
  set edited(edited) {
    this.#allow("reset", edited);
  }

  /**
   * @param {string} action
   * @param {boolean} allowed
   */
  #allow(action, allowed) {
    const button = this.#button(action);
    if (!allowed) handOn(button, this.#button("run"));
    button.disabled = !allowed;
  }

  /** @param {string} words */
  say(words) {
    this.#status.textContent = words;
  }

  /**
   * Python is on its way.
   * @param {string} words
   * @param {number | null} share of the bytes
   */
  wait(words, share) {
    this.#progress.hidden = false;
    if (share === null) this.#progress.removeAttribute("value");
    else this.#progress.value = share;
    this.say(progress(words, share));
  }

  /** The run has begun: show its time from now on. */
  run() {
    const began = performance.now();
    this.#progress.hidden = true;
    this.say(WORDS.cell.running);
    this.#clock = setInterval(() => {
      this.say(fill(WORDS.cell.running_for, { seconds: Math.floor((performance.now() - began) / 1000) }));
    }, 1000);
  }

  /** @param {string} action */
  #button(action) {
    return /** @type {HTMLButtonElement} */ (this.#element.querySelector(`[data-action=${action}]`));
  }
}
