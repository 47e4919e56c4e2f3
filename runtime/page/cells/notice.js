/** A sentence above a cell's buttons with choices beside it. At most one at a time per place. */

import { handOn } from "../focus.js";

export class Notice {
  #before;
  /** @type {HTMLElement | null} */
  #box = null;

  /** @param {HTMLElement} before the element it stands before */
  constructor(before) {
    this.#before = before;
  }

  /**
   * @param {string} words
   * @param {Record<string, () => void>} [choices] label -> what it does; choosing takes the notice away
   */
  show(words, choices = {}) {
    this.hide();
    const box = document.createElement("div");
    box.className = "notice";
    box.dataset.notice = "";
    box.setAttribute("role", "status");
    const sentence = document.createElement("p");
    sentence.textContent = words;
    box.append(sentence, ...Object.entries(choices).map(([label, act]) => this.#button(label, act)));
    this.#before.before(box);
    this.#box = box;
  }

  hide() {
    handOn(this.#box, this.#before.querySelector("button"));
    this.#box?.remove();
    this.#box = null;
  }

  /**
   * @param {string} label
   * @param {() => void} act
   */
  #button(label, act) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = label;
    button.addEventListener("click", () => {
      this.hide();
      act();
    });
    return button;
  }
}
