/**
 * The page for slides and other sites: shows the one instrument its address asks for, `embed.html?inst=NAME`.
 */

/** @param {HTMLElement} main whose data-embed is the address of the chapter */
export function showOne(main) {
  const name = new URLSearchParams(location.search).get("inst");
  const sections = [...main.querySelectorAll("[data-instrument]")];
  const wanted = sections.find(({ id }) => id === `inst-${name}` || id === `lab-${name}`);
  for (const section of wanted ? sections : []) if (section !== wanted) section.remove();
  for (const link of main.querySelectorAll("a")) {
    const href = link.getAttribute("href") ?? "";
    if (href.startsWith("#") && !document.getElementById(href.slice(1))) link.href = `${main.dataset.embed}${href}`;
    link.target = "_blank";
  }
}
