// Typesets TeX with KaTeX: one JSON request per input line, one JSON answer per output line.
import { createInterface } from "node:readline";
import katex from "katex";

/** Parts of KaTeX's MathML that browsers use neither for the eye nor for the ear: a copy of the TeX, and the frame around it. */
const FRAME = /<semantics>(?:<mrow>(.*)<\/mrow>|(.*))<annotation [^>]*>[^<]*<\/annotation><\/semantics>/;
/** Decimals of a length that are less than a fifth of a pixel. */
const UNSEEN = /(\.\d\d)\d+em\b/g;
const NAMESPACE = ' xmlns="http://www.w3.org/1998/Math/MathML"';

for await (const line of createInterface({ input: process.stdin })) {
  const { tex, display } = JSON.parse(line);
  let answer;
  try {
    const html = katex.renderToString(tex, {
      displayMode: display,
      output: "htmlAndMathml",
      strict: "error",
      throwOnError: true,
    });
    answer = { html: html.replace(FRAME, "$1$2").replace(NAMESPACE, "").replace(UNSEEN, "$1em") };
  } catch (error) {
    answer = { error: error instanceof Error ? error.message : String(error) };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
