// Judges answers as the page does: one JSON list of {typed, expected} per input line, one list of results back.
import { createInterface } from "node:readline";
import { judge } from "../../runtime/page/exercises/answers.js";

for await (const line of createInterface({ input: process.stdin })) {
  /** @type {{typed: string, expected: import("../../runtime/page/exercises/answers.js").Expected}[]} */
  const given = JSON.parse(line);
  const results = given.map(({ typed, expected }) => judge(typed, expected).result);
  process.stdout.write(`${JSON.stringify(results)}\n`);
}
