/**
 * Which of a page's Pythons code needs, by what it imports: found in its text, before it runs. Each holds all that those
 * before it hold.
 */

/** @import {Environment, Manifest} from "./protocol.js" */

/**
 * The first environment in which all imports of these sources are at hand.
 * @param {Manifest} manifest
 * @param {string[]} sources
 * @returns {Environment}
 */
export function environmentFor({ environments: { numpy, matplotlib } }, sources) {
  return sources.some((source) => imports(source, matplotlib.imports)) ? matplotlib : numpy;
}

/**
 * The chapter's own packages that these sources import: names of their files.
 * @param {Manifest} manifest
 * @param {string[]} sources
 * @returns {string[]}
 */
export function packagesFor({ packages = {} }, sources) {
  const wanted = Object.entries(packages).filter(([module]) => sources.some((source) => imports(source, [module])));
  return [...new Set(wanted.flatMap(([, names]) => names))];
}

/**
 * @param {string} source
 * @param {string[]} modules
 */
function imports(source, modules) {
  const statement = `^[^#\\n]*(?:\\b(?:import|from)\\b|__import__|import_module)[^#\\n]*\\b(?:${modules.join("|")})\\b`;
  return new RegExp(statement, "m").test(source);
}
