/**
 * Shows what the page's address asks for: code in a cell, the state of an instrument. Runs nothing. Loaded when an
 * address asks for something.
 */

import { codeIn, unpack } from "./cells/code_link.js";
import { questionIn } from "./link_query.js";

/** @import {Cell} from "./cells/cell.js" */
/** @import {Trail} from "./instruments/history.js" */

/**
 * @param {string} fragment of the page's address, with its "#"
 * @param {Map<string, Cell>} cells by name
 * @param {() => Promise<Trail | undefined>} trail
 * @param {(words: string) => void} say
 */
export async function visit(fragment, cells, trail, say) {
  const question = questionIn(fragment);
  if (!question) return;
  const packed = codeIn(question.query);
  if (/^(inst|lab)-/.test(question.anchor)) (await trail())?.visit(question);
  else if (packed !== null) visitCode(question.anchor, packed, cells, say);
}

/**
 * @param {string} anchor
 * @param {string} packed
 * @param {Map<string, Cell>} cells
 * @param {(words: string) => void} say
 */
async function visitCode(anchor, packed, cells, say) {
  const cell = cells.get(document.getElementById(anchor)?.dataset.cell ?? "");
  if (cell) cell.visit(await unpack(packed));
  else say(WORDS.code_link.no_cell);
}
