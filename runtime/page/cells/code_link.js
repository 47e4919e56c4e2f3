/**
 * Code in a link: `#cell-NAME?code=…`, deflated and base64url. It stays in the fragment, which no server sees.
 * Only reads and writes links; code from a link is shown, never run.
 */

import { figures } from "../../engine/numbers.js";
import { fill } from "../../engine/words.js";
import { unreadable } from "./unreadable.js";

/** Characters of code a link may bring. */
const LONGEST = 100_000;
/** Characters that so much code can take in a link: three bytes for each, four characters for three bytes, and frames. */
const LONGEST_PACKED = 4.1 * LONGEST;
/** Bytes unpacked at a time: a thousand times as many may come out of them. */
const SLICE = 256;
const TOO_LONG = fill(WORDS.code_link.too_long, { count: figures(LONGEST) });

/** @typedef {{code: string} | {trouble: string}} Linked */

/**
 * @param {string} anchor id of the cell
 * @param {string} code
 */
export async function linkTo(anchor, code) {
  if (code.length > LONGEST) throw new RangeError(WORDS.code_link.long_code);
  const packed = new Blob([code]).stream().pipeThrough(new CompressionStream("deflate-raw"));
  const bytes = new Uint8Array(await new Response(packed).arrayBuffer());
  const text = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
  return `${location.href.split("#", 1)[0]}#${anchor}?code=${text}`;
}

/**
 * @param {string} query of a fragment
 * @returns {string | null} null if it carries no code
 */
export function codeIn(query) {
  return /(?:^|&)code=([\w-]*)/.exec(query)?.[1] ?? null;
}

/**
 * @param {string} packed
 * @returns {Promise<Linked>}
 */
export async function unpack(packed) {
  if (packed.length > LONGEST_PACKED) return { trouble: TOO_LONG };
  try {
    return await inflated(packed);
  } catch {
    // marks of emphasis around a link look like its last characters
    return inflated(packed.replace(/[-_]+$/, "")).catch(() => ({ trouble: WORDS.code_link.damaged }));
  }
}

/** @param {string} packed @returns {Promise<Linked>} */
async function inflated(packed) {
  const bytes = Uint8Array.from(atob(packed.replaceAll("-", "+").replaceAll("_", "/")), (byte) => byte.charCodeAt(0));
  let at = 0;
  const slices = new ReadableStream(
    {
      pull(controller) {
        const from = SLICE * at++;
        if (from < bytes.length) controller.enqueue(bytes.slice(from, from + SLICE));
        else controller.close();
      },
    },
    { highWaterMark: 0 },
  );
  const reader = slices
    .pipeThrough(new DecompressionStream("deflate-raw"))
    .pipeThrough(new TextDecoderStream("utf-8", { fatal: true, ignoreBOM: true }))
    .getReader();
  let code = "";
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    code += part.value;
    if (code.length <= LONGEST) continue;
    reader.cancel();
    return { trouble: TOO_LONG };
  }
  const trouble = unreadable(code);
  return trouble ? { trouble } : { code };
}
