/**
 * Tells when a reader nears something that needs Python, so that it can be fetched before it is asked for.
 * On a metered or very slow line only a touch counts; and for what every reader is near, the opening, only turning to it.
 */

/** How near is near: about one screen below or above. */
const MARGIN = "800px 0px";

/**
 * Calls `act` once.
 * @param {Element} place
 * @param {() => void} act
 */
export function onApproach(place, act) {
  const leave = new AbortController();
  const arrive = () => {
    if (leave.signal.aborted) return;
    leave.abort();
    act();
  };
  const eager = metered() ? [] : ["pointerenter"];
  for (const type of ["pointerdown", "focusin", "keydown", ...eager]) {
    place.addEventListener(type, arrive, { passive: true, signal: leave.signal });
  }
  if (metered() || place.hasAttribute("data-patient") || typeof IntersectionObserver === "undefined") return;
  const observer = new IntersectionObserver((entries) => entries.some((entry) => entry.isIntersecting) && arrive(), {
    rootMargin: MARGIN,
  });
  observer.observe(place);
  leave.signal.addEventListener("abort", () => observer.disconnect());
}

function metered() {
  const { connection } = /** @type {Navigator & {connection?: {saveData?: boolean, effectiveType?: string}}} */ (
    navigator
  );
  return Boolean(connection?.saveData || connection?.effectiveType?.includes("2g"));
}
