// Long lines are broken, whatever pieces they come in; nothing else changes.

import assert from "node:assert/strict";
import { test } from "node:test";
import "./words.js";
import { broken } from "../../runtime/page/cells/long_lines.js";

const longest = (text) => text.split("\n").reduce((most, line) => Math.max(most, line.length), 0);

test("short lines stay as they are", () => {
  for (const text of ["", "a", "a\n", "\n\n", `${"x".repeat(2000)}\ny`, "é\u202e\n"])
    assert.equal(broken(text).text, text);
});

test("a long line has lines of two thousand characters and loses none", () => {
  for (const length of [2001, 4000, 4001, 216_000]) {
    const { text } = broken("x".repeat(length));
    assert.equal(longest(text), 2000);
    assert.equal(text.replaceAll("\n", "").length, length);
    assert.ok(!text.endsWith("\n"));
  }
});

test("so has one that comes in pieces", () => {
  let shown = "";
  let column = 0;
  for (const piece of ["a".repeat(1500), "b".repeat(700), "", "c".repeat(5000), "d\n", "e".repeat(1999), "f", "g"]) {
    const part = broken(piece, column);
    shown += part.text;
    column = part.column;
  }
  assert.equal(longest(shown), 2000);
  assert.equal(shown.replaceAll("\n", "").length, 1500 + 700 + 5000 + 1 + 1999 + 2);
  assert.equal(column, shown.length - shown.lastIndexOf("\n") - 1);
});
