/**
 * Markup made by the book's own Python or by the build becomes elements of the page: the one place where that happens.
 * What may enter is listed here: no frame, script, style sheet, link or plug-in, no handler, no address that is a script,
 * no style that fetches. The browser's own sanitizer decides; one that has none gets DOMPurify.
 */

import { policy } from "../engine/trusted_types.js";

const HTML =
  "a abbr article aside b bdi bdo blockquote br button caption cite code col colgroup data dd del details dfn div dl dt em figcaption figure footer h1 h2 h3 h4 h5 h6 header hr i img input ins kbd label legend fieldset li main mark meter nav ol optgroup option output p pre progress q rp rt ruby s samp section select small span strong sub summary sup table tbody td textarea tfoot th thead time tr u ul var wbr";
const SVG =
  "svg g defs desc title a circle clipPath ellipse image line linearGradient marker mask path pattern polygon polyline radialGradient rect stop symbol text textPath tspan";
const MATHML =
  "math annotation maction menclose merror mfrac mi mmultiscripts mn mo mover mpadded mphantom mprescripts mroot mrow ms mspace msqrt mstyle msub msubsup msup mtable mtd mtext mtr munder munderover semantics";
const ATTRIBUTES =
  "abbr accept alt autocomplete checked class cite cols colspan datetime decoding dir disabled download encoding for headers height hidden high href hreflang id inputmode ismap label lang list loading low max maxlength min minlength multiple name novalidate open optimum pattern placeholder readonly rel required reversed role rows rowspan scope selected size span spellcheck src start step style summary tabindex title translate type value width wrap" +
  " clip-path clip-rule clipPathUnits cx cy d dominant-baseline dx dy fill fill-opacity fill-rule font-family font-size font-style font-weight fx fy gradientTransform gradientUnits image-rendering letter-spacing marker-end marker-mid marker-start markerHeight markerUnits markerWidth mask mask-type maskContentUnits maskUnits offset opacity orient paint-order pathLength patternContentUnits patternTransform patternUnits points preserveAspectRatio r refX refY rotate rx ry shape-rendering stop-color stop-opacity stroke stroke-dasharray stroke-dashoffset stroke-linecap stroke-linejoin stroke-miterlimit stroke-opacity stroke-width text-anchor text-rendering textLength transform transform-origin vector-effect viewBox visibility x x1 x2 xmlns y y1 y2" +
  " accent accentunder align columnalign columnlines columnspacing columnspan depth display displaystyle fence form frame linethickness lspace mathbackground mathcolor mathsize mathvariant maxsize minsize movablelimits notation rowalign rowlines rowspacing rspace scriptlevel separator stretchy symmetric voffset";
const ARIA =
  "activedescendant atomic autocomplete busy checked colcount colindex colspan controls current describedby description details disabled errormessage expanded flowto haspopup hidden invalid keyshortcuts label labelledby level live modal multiline multiselectable orientation owns placeholder posinset pressed readonly relevant required roledescription rowcount rowindex rowspan selected setsize sort valuemax valuemin valuenow valuetext";

/** What a style or a paint may call; `url` with a place of the same page is for paints alone. */
const FUNCTIONS =
  /\b(calc|clamp|color-mix|fit-content|hsla?|light-dark|max|min|minmax|oklch|repeat|rgba?|rotate|scale|translate|var)\(/g;
const LOCAL = /\burl\(#[-\w]+\)/g;
const PLAIN = /^[-\w\s:;.,%#+*/!)]*$/;
const PAINTS = ["clip-path", "fill", "marker-end", "marker-mid", "marker-start", "mask", "stroke"];

/** @typedef {(markup: string, form: boolean) => DocumentFragment} Sanitize */

/** @type {Sanitize} */
const sanitize = "setHTML" in Element.prototype ? native() : await library();

/**
 * @param {string} markup
 * @param {{form?: boolean}} [more] form: it may hold a form, as an exercise does
 */
export function elements(markup, { form = false } = {}) {
  const made = sanitize(markup, form);
  for (const element of made.querySelectorAll("[style]"))
    if (!harmless(element.getAttribute("style"))) element.removeAttribute("style");
  for (const paint of PAINTS)
    for (const element of made.querySelectorAll(`[${paint}]`))
      if (!harmless(element.getAttribute(paint)?.replace(LOCAL, ""))) element.removeAttribute(paint);
  return made;
}

/** @param {string | null | undefined} style */
function harmless(style) {
  return PLAIN.test((style ?? "").replace(FUNCTIONS, ""));
}

/** @returns {Sanitize} */
function native() {
  const { Sanitizer } = /** @type {any} */ (globalThis);
  const names = (/** @type {string} */ list, /** @type {string} */ namespace) =>
    words(list).map((name) => ({ name, namespace }));
  const of = (/** @type {string} */ html) =>
    new Sanitizer({
      elements: [
        ...names(html, "http://www.w3.org/1999/xhtml"),
        ...names(SVG, "http://www.w3.org/2000/svg"),
        ...names(MATHML, "http://www.w3.org/1998/Math/MathML"),
      ],
      attributes: attributes(),
      dataAttributes: true,
      comments: false,
    });
  const [plain, forms] = [of(HTML), of(`${HTML} form`)];
  return (markup, form) => {
    const template = /** @type {any} */ (document.createElement("template"));
    template.setHTML(markup, { sanitizer: form ? forms : plain });
    return template.content;
  };
}

/** @returns {Promise<Sanitize>} */
async function library() {
  const purify = await import("dompurify").then(
    (loaded) => loaded.default,
    () => null,
  );
  const lower = (/** @type {string[]} */ names) => names.map((name) => name.toLowerCase());
  const tags = lower(words(`#text ${HTML} ${SVG} ${MATHML}`));
  const rest = { ALLOWED_ATTR: lower(attributes()), RETURN_DOM_FRAGMENT: true, TRUSTED_TYPES_POLICY: policy };
  return (markup, form) => {
    const made = new DocumentFragment();
    const allowed = /** @type {any} */ ({ ALLOWED_TAGS: form ? [...tags, "form"] : tags, ...rest });
    if (purify) made.append(/** @type {any} */ (purify.sanitize(markup, allowed)));
    else made.append(WORDS.site.no_script);
    return made;
  };
}

function attributes() {
  return [...new Set([...words(ATTRIBUTES), ...words(ARIA).map((name) => `aria-${name}`)])];
}

/** @param {string} list */
function words(list) {
  return list.split(" ");
}
