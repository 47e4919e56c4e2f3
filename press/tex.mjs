// Typesets TeX with KaTeX: one JSON request per input line, one JSON answer per output line.
import { createInterface } from "node:readline";
import katex from "katex";

/** A copy of the TeX inside the MathML, which browsers show to nobody. */
const SOURCE = /<annotation encoding="application\/x-tex">[^<]*<\/annotation>/;

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
    answer = { html: html.replace(SOURCE, "") };
  } catch (error) {
    answer = { error: error instanceof Error ? error.message : String(error) };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
