/** What is fetched when a reader first asks for it: cards beside links, search, copying. Does none of it itself. */

/** @param {Event} event */
export async function asked(event) {
  const target = event.target instanceof Element ? event.target : document.body;
  if (event.type === "click") {
    const button = target.closest("[data-copy]");
    if (button) (await import("./copy.js")).copy(button);
  }
}
