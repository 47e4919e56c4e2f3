/**
 * Copies equations as the TeX they are made from, once each: `$…$` in a line, `$$…$$` on its own. Loaded when a reader
 * first selects something. Without its file of TeX an equation is copied as plain text, once.
 */

const EQUATION = ".katex-display, .katex";
/** @type {Record<string, string>} */
let typed = {};

/** Call it once. */
export async function copyTex() {
  const { equations } = document.querySelector("main")?.dataset ?? {};
  const file = equations ? await fetch(equations).catch(() => null) : null;
  if (file?.ok) typed = await file.json();
  addEventListener("copy", copy);
}

/** @param {ClipboardEvent} event */
function copy(event) {
  const selection = getSelection();
  if (!selection || selection.isCollapsed || !event.clipboardData || event.defaultPrevented) return;
  const copied = document.createElement("div");
  for (let i = 0; i < selection.rangeCount; i++) copied.append(whole(selection.getRangeAt(i)).cloneContents());
  const found = copied.querySelectorAll(EQUATION);
  if (!found.length) return;
  for (const equation of found) if (copied.contains(equation)) equation.replaceWith(texOf(equation));
  copied.style.cssText = "position:fixed;left:-200vw;width:100vw";
  document.body.append(copied); // only what is laid out has lines
  event.clipboardData.setData("text/plain", copied.innerText.trim());
  event.clipboardData.setData("text/html", copied.innerHTML);
  copied.remove();
  event.preventDefault();
}

/**
 * The range with the whole of each equation it touches.
 * @param {Range} range
 */
function whole(range) {
  const wider = range.cloneRange();
  const [first, last] = [equationAt(range.startContainer), equationAt(range.endContainer)];
  if (first) wider.setStartBefore(first);
  if (last) wider.setEndAfter(last);
  return wider;
}

/** @param {Node} node */
function equationAt(node) {
  const element = node instanceof Element ? node : node.parentElement;
  return element?.closest(".katex-display") ?? element?.closest(".katex");
}

/** @param {Element} equation */
function texOf(equation) {
  const math = equation.querySelector("math");
  const tex = typed[shape(math)] ?? math?.textContent ?? "";
  return equation.matches(".katex-display") ? `$$${tex}$$` : `$${tex}$`;
}

/**
 * The names of the elements and the texts between them, as in `press/page/copied_equations.py`.
 * @param {Element | null} math
 */
function shape(math) {
  if (!math) return "";
  const parts = [math.localName];
  const nodes = document.createTreeWalker(math, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
  for (let node = nodes.nextNode(); node; node = nodes.nextNode())
    parts.push(node instanceof Element ? node.localName : (node.nodeValue ?? ""));
  return parts.join(" ");
}
