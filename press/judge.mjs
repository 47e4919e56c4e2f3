// Judges answers as the page does: one JSON list of {typed, answer, unit} per input line, one list of results back.
import { createInterface } from "node:readline";
import { judge } from "../runtime/exercise.js";

for await (const line of createInterface({ input: process.stdin })) {
  /** @type {{typed: string, answer: string, unit: string}[]} */
  const given = JSON.parse(line);
  const results = given.map(({ typed, answer, unit }) => judge(typed, answer, unit).result);
  process.stdout.write(`${JSON.stringify(results)}\n`);
}
