/** On paper, solutions stand at the end: away from the questions while printing, back in their places after it. */

export function printSolutionsLast() {
  /** @type {(() => void)[]} */
  let back = [];
  addEventListener("beforeprint", () => {
    const end = document.createElement("section");
    end.className = "section";
    const heading = document.createElement("h2");
    heading.textContent = WORDS.chapter.solutions;
    end.append(heading);
    for (const solution of document.querySelectorAll("[data-exercise] .explanation")) {
      const label = document.createElement("h3");
      label.textContent = solution.closest("[data-exercise]")?.querySelector(".block-number")?.textContent ?? "";
      label.className = "block-number";
      const place = document.createComment("");
      solution.replaceWith(place);
      end.append(label, solution);
      back.push(() => place.replaceWith(solution));
    }
    if (back.length) document.querySelector(".section:last-of-type")?.before(end);
    back.push(() => end.remove());
  });
  addEventListener("afterprint", () => {
    for (const undo of back) undo();
    back = [];
  });
}
