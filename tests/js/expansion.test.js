/** What a cell's pictures could do to the page that shows them. */

import assert from "node:assert/strict";
import { test } from "node:test";
import "./words.js";
import { multiplies, tooDeep } from "../../runtime/engine/expansion.js";

const SVG = (body) =>
  `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">${body}</svg>`;
const LEVEL = (n, use = `<use href="#g${n - 1}"/>`) => `<g id="g${n}">${use.repeat(10)}</g>`;

test("shapes that are used once are shown", () => {
  const markers =
    '<defs><path id="m" d="M0 0h3"/></defs><g clip-path="url(#c)"><use xlink:href="#m" x="1"/><use xlink:href="#m"/></g>';
  const group = '<defs><g id="cell"><path d="M0 0h9"/></g></defs><g id="all"><use href="#cell"/></g>';
  for (const body of ["", markers, group, "<text>a < b is not a tag, nor is <!-- <use href='#g'/> --></text>"])
    assert.equal(multiplies(SVG(body)), false, body);
});

test("shapes that multiply are refused, however their names are written", () => {
  const path = '<path id="g0" d="M0 0h9"/>';
  const plain = LEVEL(1) + LEVEL(2);
  const linked = LEVEL(1, '<use xlink:href="#g0"/>') + LEVEL(2, "<use xlink:href = '#g1' />");
  const quoted = `<g data-x=">" id="g1"><use href="#g0"/></g><use href="#g1"/>`;
  const entity = `<g id="g&#49;"><use href="#g0"/></g><use href="#g1"/>`;
  const prefixed = `<s:g id="g1"><s:use href="#g0"/></s:g><s:use href="#g1"/>`;
  const used = `<use id="u" href="#g0"/><use href="#u"/>`;
  for (const body of [plain, linked, quoted, entity, prefixed, used])
    assert.equal(multiplies(SVG(path + body)), true, body);
  assert.equal(multiplies(`<!DOCTYPE svg [<!ENTITY a "aaaa">]>${SVG("&a;")}`), true);
});

test("formulas that people write are set", () => {
  const fraction = "\\frac{1}{1+\\frac{1}{1+\\frac{1}{x}}}";
  const matrix = `\\left(\\begin{matrix}${"a & b \\\\ ".repeat(60)}\\end{matrix}\\right)`;
  const sums = "\\sum_{i} \\alpha_i x_i + ".repeat(60);
  for (const tex of ["x^2", fraction, matrix, sums, "\\{".repeat(90), "\\alpha\\beta\\gamma\\delta"])
    assert.equal(tooDeep(tex), false, tex);
});

test("formulas too deep to be set are refused", () => {
  const deep = [
    `${"\\sqrt{".repeat(150)}x${"}".repeat(150)}`,
    `${"\\sqrt".repeat(280)}x`,
    `${"\\sqrt ".repeat(280)}x`,
    `${"\\frac1{".repeat(220)}x${"}".repeat(220)}`,
    `${"\\frac1".repeat(220)}x`,
    `${"\\left(".repeat(99)}x${"\\right)".repeat(99)}`,
    `${"\\begin{matrix}".repeat(99)}x${"\\end{matrix}".repeat(99)}`,
    `${"x^{".repeat(99)}x${"}".repeat(99)}`,
  ];
  for (const tex of deep) assert.equal(tooDeep(tex), true, tex.slice(0, 40));
});

test("to look takes no longer than the text is long", () => {
  const n = 200_000;
  const longest = ["<a", "<a ", '<a "', "<a '", "<!--", "<![CDATA[", "<?", '<a b="', "<a b", "<a/", "a=", "= "];
  for (const part of longest) {
    const start = performance.now();
    multiplies(part.repeat(n));
    multiplies(`<${part.replace("<", "").repeat(n)}`);
    multiplies(`<a ${part.replace("<", "").repeat(n)}>`);
    assert.ok(performance.now() - start < 2000, part);
  }
  for (const row of [39, 400]) {
    const start = performance.now();
    tooDeep(`${`\\a${" ".repeat(40)}`.repeat(row)}|`);
    assert.ok(performance.now() - start < 2000, `${row} commands`);
  }
});
