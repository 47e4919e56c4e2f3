/**
 * The form of an instrument: reads what the reader sets, shows what the instrument made of it.
 * Knows the kinds of form elements, no instrument.
 */

import { localised } from "../../engine/numbers.js";

/** @typedef {Record<string, any>} State */
/** @typedef {Record<string, {value?: any, min?: number, max?: number, step?: number, disabled?: boolean, hidden?: boolean}>} Limits */

/**
 * The value of a control as its instrument's state has it.
 * @param {HTMLInputElement | HTMLSelectElement} control
 * @returns {string | number | boolean}
 */
export function setting(control) {
  if (control.type === "checkbox") return /** @type {HTMLInputElement} */ (control).checked;
  return control.type === "range" ? Number(control.value) : control.value;
}

/** @param {EventTarget | null} target @returns {target is HTMLInputElement | HTMLSelectElement} */
export function isControl(target) {
  return (target instanceof HTMLInputElement && target.type !== "file") || target instanceof HTMLSelectElement;
}

/**
 * Whether its value is typed, and means something only when the reader goes on.
 * @param {HTMLInputElement | HTMLSelectElement} control
 */
export function typed({ type }) {
  return type === "number" || type === "text";
}

/**
 * Show a value beside its slider at once; the instrument may correct it.
 * @param {HTMLInputElement | HTMLSelectElement} control
 */
export function showBeside(control) {
  const value = control.closest("label")?.querySelector("[data-value]");
  if (value) value.textContent = localised(control.value);
}

/**
 * @param {HTMLFormElement} form
 * @param {State} state
 * @param {Limits} limits
 * @param {(field: string) => boolean} busy whether the reader has moved the control again since
 */
export function showState(form, state, limits, busy) {
  for (const control of form.elements) {
    if (control instanceof HTMLButtonElement) limit(control, limits[control.dataset.act ?? ""]);
    if (!isControl(control)) continue;
    const { value = state[control.name], ...attributes } = limits[control.name] ?? {};
    limit(control, attributes);
    if (value !== undefined && !busy(control.name) && !typing(control)) write(control, value);
  }
}

/** @param {HTMLElement} control */
function typing(control) {
  return control === document.activeElement && control instanceof HTMLInputElement && control.type === "number";
}

/**
 * @param {HTMLInputElement | HTMLSelectElement} control
 * @param {any} value
 */
function write(control, value) {
  if (control instanceof HTMLInputElement && control.type === "checkbox") control.checked = Boolean(value);
  else if (control.type === "radio")
    /** @type {HTMLInputElement} */ (control).checked = control.value === String(value);
  else if (control.value !== String(value)) control.value = String(value);
  if (control.type === "range") showBeside(control);
}

/**
 * @param {HTMLElement & {disabled: boolean}} control
 * @param {Limits[string]} [limits]
 */
function limit(control, limits = {}) {
  for (const name of /** @type {const} */ (["min", "max", "step"])) {
    if (limits[name] !== undefined) control.setAttribute(name, String(limits[name]));
  }
  control.disabled = limits.disabled ?? false;
  const whole = control.closest(".control") ?? control;
  if (whole instanceof HTMLElement) whole.hidden = limits.hidden ?? false;
}

/** Lists within lists, and the length of a list or a text, in a state. */
const DEEPEST = 5;
const LONGEST = 2000;

/**
 * Whether a value may be a state: whatever comes from elsewhere must not be too large or too deep to be handed on.
 * @param {unknown} value
 * @param {number} [deep]
 * @returns {boolean}
 */
export function sound(value, deep = DEEPEST) {
  if (typeof value === "string") return value.length <= LONGEST;
  if (typeof value !== "object" || value === null) return true;
  const parts = Object.values(value);
  return deep > 0 && parts.length <= LONGEST && parts.every((part) => sound(part, deep - 1));
}
