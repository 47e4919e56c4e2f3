/** Copies the text of a file. */

/** @param {Element} button the link to the file stands before it */
export async function copy(button) {
  const link = button.previousElementSibling;
  if (!(link instanceof HTMLAnchorElement)) return;
  const answer = await fetch(link.href);
  await navigator.clipboard.writeText(await answer.text());
  button.textContent = "Copied";
}
