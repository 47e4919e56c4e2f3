/**
 * Tells when a reader nears something that needs Python, so that it can be fetched before it is asked for.
 * On a metered or very slow line only a touch counts; and for what every reader is near, the opening, only turning to it.
 */

import { metered } from "../engine/connection.js";

/** How near is near: about one screen below or above. */
const MARGIN = "800px 0px";

/**
 * Calls `act` when a reader first comes near, and whenever one turns to the place: Python may have been ended since.
 * @param {Element} place
 * @param {() => void} act
 */
export function onApproach(place, act) {
  const eager = metered() ? [] : ["pointerenter"];
  for (const type of ["pointerdown", "focusin", "keydown", ...eager]) {
    place.addEventListener(type, act, { passive: true });
  }
  if (metered() || place.hasAttribute("data-patient") || typeof IntersectionObserver === "undefined") return;
  const observer = new IntersectionObserver(
    (entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      observer.disconnect();
      act();
    },
    { rootMargin: MARGIN },
  );
  observer.observe(place);
}
