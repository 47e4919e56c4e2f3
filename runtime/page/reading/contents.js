/** Where the reader is: the rail of contents follows the reading, and a line shows how much of the page has been read. Loaded when a reader scrolls. */

/**
 * The section at the top third of the window is the current one.
 * @param {HTMLElement} rail
 */
export function followReading(rail) {
  const links = new Map([...rail.querySelectorAll("a")].map((link) => [decodeURIComponent(link.hash.slice(1)), link]));
  const observer = new IntersectionObserver(
    (entries) => {
      const current = entries.find((entry) => entry.isIntersecting)?.target.id;
      if (current === undefined) return;
      for (const [id, link] of links) {
        if (id === current) link.setAttribute("aria-current", "location");
        else link.removeAttribute("aria-current");
      }
    },
    { rootMargin: "-33% 0px -66% 0px" },
  );
  for (const id of links.keys()) {
    const section = document.getElementById(id);
    if (section) observer.observe(section);
  }
}

/** @param {HTMLElement} line */
export function showProgress(line) {
  const { documentElement: page } = document;
  const show = () => {
    line.style.scale = `${scrollY / Math.max(1, page.scrollHeight - innerHeight)} 1`;
  };
  addEventListener("scroll", show, { passive: true });
  show();
}
