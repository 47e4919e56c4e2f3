/** What a reader types is read as it was meant, and judged to the digits or the tolerance that the author gave. */

import assert from "node:assert/strict";
import { test } from "node:test";
import "./words.js";
import { judge, readings } from "../../runtime/page/exercises/answers.js";

test("articles of the page's languages do not matter, letters like them do", () => {
  for (const typed of ["Le Gauss", "le gauss", "un Gauss", "the Gauss", "Der Gauß".replace("ß", "ss"), "la Gauss"])
    assert.equal(judge(typed, { answer: "gauss", kind: "text" }).result, "right", typed);
  assert.equal(judge("l’aliasing", { answer: "aliasing", kind: "text" }).result, "right");
  assert.equal(judge("l'aliasing", { answer: "aliasing", kind: "text" }).result, "right");
  for (const typed of ["lagauss", "legauss", "unlike"])
    assert.equal(judge(typed, { answer: typed.slice(2), kind: "text" }).result, "wrong", typed);
});

/** @type {Record<string, number[]>} */
const NUMBERS = {
  "1/3": [1 / 3],
  "−1 / 4": [-0.25],
  "½": [0.5],
  "2½": [],
  "1,5/3": [0.5],
  "28.2 %": [0.282],
  "28,2%": [0.282],
  "28.2 percent": [0.282],
  "28 per cent": [0.28],
  "1/4 %": [0.0025],
  "3·10^8": [3e8],
  "3 × 10⁸ m/s": [],
  "3 × 10⁸": [3e8],
  "2,5*10**-3": [2.5e-3],
  "10⁻³": [1e-3],
  "10^3": [1e3],
  "28 px²": [28],
  "28 px": [28],
  "1,024": [1.024, 1024],
  "1.024,5": [1024.5],
  "1/0": [],
  "1/2/3": [],
  "/3": [],
  "%": [],
  "1e999": [],
  "7²": [],
};
for (const [typed, expected] of Object.entries(NUMBERS)) {
  test(`“${typed}” means ${expected.join(" or ") || "nothing"}`, () => {
    const found = readings(typed).sort((a, b) => a - b);
    assert.equal(found.length, expected.length, String(found));
    for (const [n, value] of expected.entries())
      assert.ok(Math.abs((found[n] ?? 0) - value) <= 1e-12 * Math.abs(value));
  });
}

test("where per cent stands beside the field, typing it changes nothing", () => {
  assert.deepEqual(readings("28.2 %", "%"), [28.2]);
  assert.deepEqual(readings("28.2", "%"), [28.2]);
});

/** @type {[string, import("../../runtime/page/exercises/answers.js").Expected, string][]} */
const CASES = [
  ["0.28243", { answer: "0.282" }, "right"],
  ["0.2815", { answer: "0.282" }, "right"],
  ["0.2814", { answer: "0.282" }, "wrong"],
  ["0.28", { answer: "0.282" }, "wrong"],
  ["28.2 %", { answer: "0.282" }, "right"],
  ["1/3", { answer: "0.333" }, "right"],
  ["28.4", { answer: "28" }, "wrong"],
  ["28.4", { answer: "28", tolerance: "0.5" }, "right"],
  ["28.6", { answer: "28", tolerance: "0.5" }, "wrong"],
  ["0.51", { answer: "0.5", tolerance: "0" }, "wrong"],
  ["1e-12", { answer: "0.000000000002", tolerance: "0" }, "wrong"],
  ["0", { answer: "0" }, "right"],
  ["1e-30", { answer: "0" }, "wrong"],
  ["0,33333333333", { answer: "0.3333333333333333", tolerance: "1e-9" }, "right"],
  ["true", { answer: "true", kind: "statement" }, "right"],
  ["", { answer: "2", kind: "choice" }, "unclear"],
  ["2", { answer: "2", kind: "choice" }, "right"],
  ["1 3", { answer: "1 3", kind: "choices" }, "right"],
  ["1", { answer: "1 3", kind: "choices" }, "wrong"],
  ["Max pooling", { answer: "max-pooling\nmaximum pooling", kind: "text" }, "right"],
  ["  the “MAXIMUM–pooling”. ", { answer: "max-pooling\nmaximum pooling", kind: "text" }, "right"],
  ["pooling", { answer: "max-pooling", kind: "text" }, "wrong"],
  ["  ", { answer: "max-pooling", kind: "text" }, "unclear"],
  ["28", { answer: "max-pooling", kind: "text" }, "wrong"],
];
for (const [typed, expected, result] of CASES)
  test(`“${typed}” for ${JSON.stringify(expected)} is ${result}`, () =>
    assert.equal(judge(typed, expected).result, result));
