/**
 * The page's one Trusted Types policy. The content security policy allows this name only, so a string becomes a script's
 * address, or markup that a browser without a sanitizer must parse, nowhere but through here.
 */

/** Where scripts come from: the page's memory, and the chapter's folder, for its service worker. */
const SOURCES = ["blob:", new URL("./", location.href).href];

/** @typedef {{createScriptURL: (url: string) => string, createHTML: (markup: string) => string}} Rules strings, to the type checker */

/** @type {Rules} */
const rules = {
  createScriptURL(url) {
    if (!SOURCES.some((source) => url.startsWith(source))) throw new TypeError(`no script of this page: ${url}`);
    return url;
  },
  createHTML: (markup) => markup, // called by the sanitizer alone, for a document in which nothing runs
};

/** @type {Rules} */
export const policy =
  /** @type {{trustedTypes?: {createPolicy: (name: string, rules: Rules) => Rules}}} */ (
    globalThis
  ).trustedTypes?.createPolicy("book", rules) ?? rules;
