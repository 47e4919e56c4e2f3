/**
 * In pages of the author's server only: loads the page anew when it changed, at the place where the author was reading,
 * and shows the mistakes of a build that failed.
 */

/** @typedef {{ place: string, line: string, what: string, hint: string }} Mistake */

const KEPT = "press:place";
const LOOK = 0.3; // the author looks at about this share of the window's height
const RESTORED = 200; // milliseconds after which the browser will not scroll by itself any more
const version = new URL(import.meta.url).searchParams.get("version");

comeBack();
const events = new EventSource(`/.press/events?page=${encodeURIComponent(location.pathname)}`);
events.onmessage = ({ data }) => {
  /** @type {{ version: string, mistakes: Mistake[] }} */
  const news = JSON.parse(data);
  show(news.mistakes);
  if (!news.mistakes.length && news.version !== version) leave();
};

/** Loads the page anew and remembers which element stood where. */
function leave() {
  const tops = [...document.querySelectorAll("main [id]")].map(
    (element) => /** @type {const} */ ([element.id, element.getBoundingClientRect().top]),
  );
  const far = (/** @type {number} */ top) => Math.abs(top - innerHeight * LOOK);
  const [id, top] = tops.reduce((nearest, one) => (far(one[1]) < far(nearest[1]) ? one : nearest), ["", -1e9]);
  const place = { page: location.pathname, id, top, y: scrollY };
  sessionStorage.setItem(KEPT, JSON.stringify(place));
  history.scrollRestoration = "manual";
  location.reload();
}

/** Scrolls so that the remembered element stands where it stood. */
function comeBack() {
  const place = JSON.parse(sessionStorage.getItem(KEPT) ?? "null");
  sessionStorage.removeItem(KEPT);
  if (place?.page !== location.pathname) return;
  const settle = () => {
    const element = document.getElementById(place.id);
    scrollTo({
      top: element ? scrollY + element.getBoundingClientRect().top - place.top : place.y,
      behavior: "instant",
    });
  };
  const settleLast = () => {
    settle();
    setTimeout(() => (history.scrollRestoration = "auto"), RESTORED);
  };
  settle();
  if (document.readyState === "complete") settleLast();
  else addEventListener("load", settleLast, { once: true });
}

/** @param {Mistake[]} mistakes */
function show(mistakes) {
  document.getElementById("press-mistakes")?.remove();
  if (!mistakes.length) return;
  const panel = element("aside", "", "position: fixed; inset: auto 0 0; z-index: 99; max-height: 70vh; overflow: auto");
  panel.style.cssText += "; padding: 1rem 1.5rem; font: 0.9rem/1.5 var(--mono-face, monospace); border-top: 4px solid";
  panel.style.cssText += "; color: var(--ink, CanvasText); background: var(--wrong-tint, Canvas)";
  panel.style.cssText += "; border-color: var(--wrong, red)";
  panel.id = "press-mistakes";
  panel.setAttribute("role", "alert");
  const count = `${mistakes.length} mistake${mistakes.length > 1 ? "s" : ""}`;
  panel.append(element("strong", `${count}. The page is as it was; it comes back when you have saved the correction.`));
  for (const { place, line, what, hint } of mistakes) {
    panel.append(element("p", place, "margin: 1rem 0 0; font-weight: bold"));
    if (line) panel.append(element("pre", line, "margin: 0; padding: 0.25rem 0.75rem; white-space: pre-wrap"));
    panel.append(element("p", hint ? `${what}; ${hint}` : what, "margin: 0; white-space: pre-wrap"));
  }
  document.body.append(panel);
}

/** @param {string} tag @param {string} text @param {string} [style] */
function element(tag, text, style = "") {
  const made = document.createElement(tag);
  made.textContent = text;
  made.style.cssText = style;
  return made;
}
