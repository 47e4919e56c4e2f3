// Judges answers as the page does: one JSON list of {typed, answer} per input line, one list of results back.
import { createInterface } from "node:readline";
import { judge } from "../../runtime/page/exercises/answers.js";

for await (const line of createInterface({ input: process.stdin })) {
  /** @type {{typed: string, answer: string}[]} */
  const given = JSON.parse(line);
  const results = given.map(({ typed, answer }) => judge(typed, answer).result);
  process.stdout.write(`${JSON.stringify(results)}\n`);
}
