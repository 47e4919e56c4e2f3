/**
 * What a reader does inside the pictures of an instrument, as acts: pointing, pressing, painting, arrow keys.
 * Works by delegation, because regions are replaced; knows no instrument.
 */

/**
 * `press` acts are all kept, in order; of `point` acts only the newest matters.
 * @typedef {{press: (act: string) => void, point: (act: string) => void, set: (field: string, value: string) => void}} Listener
 */

/** @type {Record<string, string>} */
const KEYS = {
  ...{ ArrowUp: "up", ArrowDown: "down", ArrowLeft: "left", ArrowRight: "right" },
  ...{ Enter: "enter", " ": "enter", Home: "home", End: "end", "+": "plus", "-": "minus" },
};

/** A browser holds `pointermove` back until it draws a frame; the raw event lets Python answer within that frame. */
const MOVES = "onpointerrawupdate" in window ? "pointerrawupdate" : "pointermove";

/**
 * @param {HTMLElement} section
 * @param {Listener} listener
 */
export function listen(section, listener) {
  const brush = new Brush(section, listener);
  section.addEventListener("click", (event) => {
    const act = within(event.target, "data-press");
    if (act) listener.press(act);
  });
  for (const type of /** @type {const} */ (["pointerover", "focusin"])) {
    section.addEventListener(type, (event) => {
      const act = within(event.target, "data-point");
      if (act) listener.point(act);
    });
  }
  section.addEventListener("change", (event) => {
    const field = within(event.target, "data-field");
    if (field) listener.set(field, /** @type {HTMLInputElement} */ (event.target).value);
  });
  section.addEventListener("keydown", (event) => {
    const region = event.target;
    const key = KEYS[event.key];
    if (
      !key ||
      !(region instanceof HTMLElement) ||
      region.dataset.keys === undefined ||
      event.altKey ||
      event.ctrlKey ||
      event.metaKey
    )
      return;
    event.preventDefault();
    listener.press(`key:${region.dataset.region}:${key}`);
  });
  section.addEventListener("pointerdown", (event) => brush.down(event));
  section.addEventListener(MOVES, (event) => brush.move(/** @type {PointerEvent} */ (event)));
  section.addEventListener("pointerup", () => brush.up());
  section.addEventListener("pointercancel", () => brush.up());
}

/**
 * The pointer over a grid: a cell is told once, however long the pointer stays in it. A finger scrolls the page over a
 * grid that is not painted; its handle, where it has one, is what a finger can drag.
 */
class Brush {
  #section;
  #listener;
  #last = "";
  /** The grid being painted. @type {string | null} */
  #painting = null;
  /** A touched cell that is painted only if the finger goes on. */
  #touched = "";

  /**
   * @param {HTMLElement} section
   * @param {Listener} listener
   */
  constructor(section, listener) {
    this.#section = section;
    this.#listener = listener;
  }

  /** @param {PointerEvent} event */
  down(event) {
    const handle = event.target instanceof Element && event.target.getAttribute("data-handle");
    const grid = handle ? this.#named(handle) : gridUnder(event);
    if (!grid || event.button !== 0) return;
    const cell = cellAt(grid, event);
    const again = cell === this.#last;
    this.#last = cell;
    if (!handle && !grid.hasAttribute("data-paint")) return this.#listener.point(`point:${cell}`);
    // The grid itself is replaced while the reader paints; its region stays and keeps the pointer.
    grid.closest("[data-region]")?.setPointerCapture(event.pointerId);
    this.#painting = grid.getAttribute("data-grid");
    // A finger cannot hover: where pointing has a meaning, its first tap points and its second one paints.
    if (event.pointerType === "mouse" || again || grid.getAttribute("data-paint") !== "second-tap")
      return this.#listener.press(`press:${cell}`);
    this.#touched = cell;
    this.#listener.point(`point:${cell}`);
  }

  /** @param {PointerEvent} event */
  move(event) {
    const grid = this.#painting === null ? gridUnder(event) : this.#named(this.#painting);
    if (!grid) {
      this.#last = "";
      return;
    }
    for (const point of event.getCoalescedEvents?.().concat(event) ?? [event]) this.#visit(cellAt(grid, point));
  }

  /** @param {string} name @returns {Element | null} */
  #named(name) {
    return this.#section.querySelector(`[data-grid="${CSS.escape(name)}"]`);
  }

  /** @param {string} cell */
  #visit(cell) {
    if (cell === this.#last) return;
    this.#last = cell;
    if (this.#painting === null) return this.#listener.point(`point:${cell}`);
    if (this.#touched) this.#listener.press(`press:${this.#touched}`);
    this.#touched = "";
    this.#listener.press(`drag:${cell}`);
  }

  up() {
    this.#painting = null;
    this.#touched = "";
  }
}

/** @param {PointerEvent} event */
function gridUnder(event) {
  return event.target instanceof Element ? event.target.closest("[data-grid]") : null;
}

/**
 * "NAME:row,column" of the cell under the pointer, the nearest one if it is outside.
 * @param {Element} grid
 * @param {PointerEvent} event
 */
function cellAt(grid, event) {
  const { left, top, width, height } = grid.getBoundingClientRect();
  const row = place(event.clientY - top, height, grid.getAttribute("data-rows"));
  const column = place(event.clientX - left, width, grid.getAttribute("data-cols"));
  return `${grid.getAttribute("data-grid")}:${row},${column}`;
}

/**
 * @param {number} offset
 * @param {number} length
 * @param {string | null} count
 */
function place(offset, length, count) {
  const cells = Number(count) || 1;
  return Math.max(0, Math.min(cells - 1, Math.floor((offset / (length || 1)) * cells)));
}

/**
 * @param {EventTarget | null} target
 * @param {string} attribute
 */
function within(target, attribute) {
  return target instanceof Element ? (target.closest(`[${attribute}]`)?.getAttribute(attribute) ?? "") : "";
}
