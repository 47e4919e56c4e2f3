/**
 * Code in a link: `#cell-NAME?code=…`, deflated and base64url. It stays in the fragment, which no server sees.
 * Only reads and writes links; code from a link is shown, never run.
 */

/** Characters of code a link may bring: a link made to unpack without end is refused. */
const LONGEST = 100_000;

/**
 * @param {string} anchor id of the cell
 * @param {string} code
 */
export async function linkTo(anchor, code) {
  const packed = new Blob([code]).stream().pipeThrough(new CompressionStream("deflate-raw"));
  const bytes = new Uint8Array(await new Response(packed).arrayBuffer());
  const text = btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
  return `${location.href.split("#", 1)[0]}#${anchor}?code=${text}`;
}

/**
 * @param {string} fragment of the page's address, with its "#"
 * @returns {{anchor: string, packed: string} | null} null if it carries no code
 */
export function codeIn(fragment) {
  const found = /^#([^?]+)\?code=([\w-]*)$/.exec(fragment);
  return found?.[1] ? { anchor: found[1], packed: found[2] ?? "" } : null;
}

/**
 * @param {string} packed
 * @returns {Promise<string | null>} null if the link is damaged
 */
export async function unpack(packed) {
  try {
    const bytes = Uint8Array.from(atob(packed.replaceAll("-", "+").replaceAll("_", "/")), (byte) => byte.charCodeAt(0));
    const reader = new Blob([bytes])
      .stream()
      .pipeThrough(new DecompressionStream("deflate-raw"))
      .pipeThrough(new TextDecoderStream("utf-8", { fatal: true }))
      .getReader();
    let code = "";
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      code += part.value;
      if (code.length > LONGEST) return null;
    }
    return code;
  } catch {
    return null;
  }
}
