/** What a cell's pictures could do to the page that shows them. */

import assert from "node:assert/strict";
import { test } from "node:test";
import "./words.js";
import { multiplies, tooDeep } from "../../runtime/engine/expansion.js";

const SVG = (body) =>
  `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">${body}</svg>`;
const LEVEL = (n, use = `<use href="#g${n - 1}"/>`) => `<g id="g${n}">${use.repeat(10)}</g>`;
/** Seven levels of ten, of which each multiplies what is below. */
const LEVELS = (use = (n) => `<use href="#g${n}"/>`) => [1, 2, 3, 4, 5, 6, 7].map((n) => LEVEL(n, use(n - 1))).join("");

test("shapes that are used once are shown", () => {
  const markers =
    '<defs><path id="m" d="M0 0h3"/></defs><g clip-path="url(#c)"><use xlink:href="#m" x="1"/><use xlink:href="#m"/></g>';
  const group = '<defs><g id="cell"><path d="M0 0h9"/></g></defs><g id="all"><use href="#cell"/></g>';
  for (const body of ["", markers, group, "<text>a < b is not a tag, nor is <!-- <use href='#g'/> --></text>"])
    assert.equal(multiplies(SVG(body)), false, body);
});

test("shapes that multiply are refused, however their names are written and whatever draws them", () => {
  const path = '<path id="g0" d="M0 0h9"/>';
  const linked = LEVELS((n) => `<use xlink:href = '#g${n}' />`);
  const quoted = LEVELS((n) => `<use data-x=">" href="#g${n}"/>`);
  const entity = `<g id="g&#49;"><use href="#g0"/></g><use href="#g1"/>`;
  const prefixed = LEVELS((n) => `<s:use href="#g${n}"/>`);
  const painted = LEVELS((n) => `<path d="M0 0h9" style="stroke:red; fill:url( '#g${n}' )"/>`);
  const masked = LEVELS((n) => `<rect mask="url(#g${n})"/>`);
  const corners = "L1 1".repeat(60);
  const marked = LEVELS((n) => `<path marker-mid="url(#g${n})" d="M0 0${corners}"/>`);
  const onGroup = `<marker id="m"><path d="M0 0${corners}"/></marker><g marker-mid="url(#m)"><path d="M0 0${"h1".repeat(1e5)}"/></g>`;
  const square = `<g id="all">${'<path d="M0 0h9"/>'.repeat(2000)}</g>${'<use href="#all"/>'.repeat(2000)}`;
  const itself = `<use id="u" href="#g0"/><g id="g9"><use href="#g9"/></g>`;
  const chain = Array.from({ length: 5000 }, (_, n) => `<use id="c${n}" href="#c${n + 1}"/>`).join("");
  const within = `<image href="data:image/svg+xml;base64,PHN2Zz4="/>`;
  const paint = `<rect style="mask-image: url(data:image/svg+xml,x)"/>`;
  const sheet = "<style>path { marker-mid: url(#g0) }</style>";
  const sheet2 = "<style><![CDATA[path { fill: u\\72l(#g0) }]]></style>";
  const blurred = `<filter id="f">${"<feTurbulence/>".repeat(300)}</filter><rect filter="url(#f)"/>`;
  const moved = `<use href="#g0"><set attributeName="href" to="#g7"/></use>`;
  const all = {
    linked,
    quoted,
    entity,
    prefixed,
    painted,
    masked,
    marked,
    onGroup,
    square,
    itself,
    chain,
    within,
    paint,
  };
  for (const [name, body] of Object.entries({ ...all, sheet, sheet2, blurred, moved, plain: LEVELS() }))
    assert.equal(multiplies(SVG(path + body)), true, name);
  assert.equal(multiplies(`<!DOCTYPE svg [<!ENTITY a "aaaa">]>${SVG("&a;")}`), true);
});

test("what charts are made of is shown", () => {
  const point = '<defs><path id="m" d="M0 3C.8 3 1.6 2.7 2 2C2.7 1.6 3 .8 3 0z" style="stroke: #1f77b4"/></defs>';
  const points = point + '<use xlink:href="#m" x="1" y="2" style="fill: #1f77b4; stroke: #1f77b4"/>'.repeat(20_000);
  const line = `<g clip-path="url(#p)"><path d="M0 0${"L1.25 2.5".repeat(100_000)}" style="fill: none"/></g>`;
  const hatch = `<pattern id="h"><path d="${"M0 0L9 9".repeat(50)}"/></pattern>${'<path d="M0 0h9v9z" style="fill: url(#h)"/>'.repeat(500)}`;
  const style = '<style type="text/css">*{stroke-linejoin: round; stroke-linecap: butt}</style>';
  const arrows =
    '<marker id="a"><path d="M0 0L9 5L0 9z"/></marker>' +
    '<path d="M0 0C1 1 2 2 9 9" marker-end="url(#a)"/>'.repeat(500);
  const photo = '<image xlink:href="data:image/png;base64,iVBORw0KGgo=" width="9"/>';
  for (const [name, body] of Object.entries({ points, line, hatch, style, arrows, photo }))
    assert.equal(multiplies(SVG(body)), false, name);
});

test("formulas that people write are set", () => {
  const fraction = "\\frac{1}{1+\\frac{1}{1+\\frac{1}{x}}}";
  const matrix = `\\left(\\begin{matrix}${"a & b \\\\ ".repeat(60)}\\end{matrix}\\right)`;
  const sums = "\\sum_{i} \\alpha_i x_i + ".repeat(60);
  for (const tex of ["x^2", fraction, matrix, sums, "\\{".repeat(90), "\\alpha\\beta\\gamma\\delta"])
    assert.equal(tooDeep(tex), false, tex);
});

test("formulas too deep to be set, or with commands of their own, are refused", () => {
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
  for (const tex of [
    "\\def\\c#1{#1#1}\\c{x}",
    "\\newcommand{\\c}[1]{#1#1}",
    "\\gdef\\c{x}",
    "\\let\\c=x",
    "\\global\\long\\def\\c{x}",
  ])
    assert.equal(tooDeep(tex), true, tex);
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
