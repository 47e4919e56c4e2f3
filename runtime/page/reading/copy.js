/** Copies the text of a file. */

/** @param {Element} button the link to the file stands before it */
export async function copy(button) {
  const link = button.previousElementSibling;
  if (!(link instanceof HTMLAnchorElement)) return;
  try {
    const answer = await fetch(link.href);
    if (!answer.ok) throw new Error(answer.statusText);
    await navigator.clipboard.writeText(await answer.text());
    button.textContent = WORDS.download.copied;
  } catch {
    button.textContent = WORDS.download.not_copied;
  }
}
