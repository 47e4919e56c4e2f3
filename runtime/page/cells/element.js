/** Elements that show text of anybody's. */

import { broken } from "./long_lines.js";

/**
 * @param {string} tag
 * @param {string} className
 * @param {string} [text]
 */
export function element(tag, className, text = "") {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.textContent = broken(text).text;
  return made;
}
