/** What the browser tells of the reader's connection. Firefox and Safari tell nothing; then it counts as a good one. */

/**
 * Whether each byte may cost the reader money or patience: nothing is fetched then that nobody has asked for.
 * @returns {boolean}
 */
export function metered() {
  const { connection } =
    /** @type {Navigator & {connection?: {saveData?: boolean, effectiveType?: string, type?: string}}} */ (navigator);
  if (!connection) return false;
  const { saveData, effectiveType, type } = connection;
  return Boolean(saveData || effectiveType?.includes("2g") || type === "cellular");
}
