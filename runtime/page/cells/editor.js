/**
 * The code editor of a cell: CodeMirror, a file of its own that the page loads when a reader turns to a cell.
 * Holds text and marks a line; knows nothing of running or keeping. Looks come from the style sheet.
 */

import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { python } from "@codemirror/lang-python";
import { bracketMatching, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { Compartment, EditorState, StateEffect, StateField } from "@codemirror/state";
import { Decoration, EditorView, keymap, MatchDecorator, ViewPlugin, WidgetType } from "@codemirror/view";
import { classHighlighter } from "@lezer/highlight";
import { fill } from "../../engine/words.js";
import { longest, MARKED, marker, markOf } from "./invisible_characters.js";
import { cleaned } from "./paste.js";

/** @typedef {{parent: HTMLElement, text: string, original: string, label: string, onChange: (text: string) => void, onRun: () => void, onPaste: (words: string, undo: () => void) => void}} Setup */

/** @type {import("@codemirror/state").StateEffectType<number>} */
const markLine = StateEffect.define();
const errorLine = Decoration.line({ class: "cm-error-line" });

/** The marked line; an edit takes the mark away. */
const marks = StateField.define({
  create: () => Decoration.none,
  update: (before, change) => {
    const line = change.effects.find((effect) => effect.is(markLine))?.value;
    if (line !== undefined) return lineAt(change.state, line);
    return change.docChanged ? Decoration.none : before;
  },
  provide: (field) => EditorView.decorations.from(field),
});

/**
 * @param {EditorState} state
 * @param {number} line
 */
function lineAt(state, line) {
  if (line < 1 || line > state.doc.lines) return Decoration.none;
  return Decoration.set(errorLine.range(state.doc.line(line).from));
}

class Mark extends WidgetType {
  /** @param {string} words */
  constructor(words) {
    super();
    this.words = words;
  }

  toDOM() {
    return marker(this.words);
  }

  /** @param {Mark} other @override */
  eq(other) {
    return other.words === this.words;
  }
}

const matches = new MatchDecorator({
  regexp: MARKED,
  decoration: ([found]) => {
    const words = markOf(found);
    return words ? Decoration.replace({ widget: new Mark(words) }) : null;
  },
});

/** Marks in place of what would not be seen. */
const invisible = ViewPlugin.define(
  (view) => ({
    shown: matches.createDeco(view),
    update(change) {
      this.shown = matches.updateDeco(change, this.shown);
    },
  }),
  { decorations: (plugin) => plugin.shown },
);

/** Columns that every window of a desk shows. */
const COLUMNS = 72;

/**
 * Nothing stands out of sight at the end of a long line, unless the book's own lines are as long.
 * @param {string} original the book's code
 */
function wrapping(original) {
  const most = Math.max(COLUMNS, longest(original));
  return EditorView.contentAttributes.compute(["doc"], ({ doc }) => {
    /** @type {Record<string, string>} */
    const attributes = longest(doc.toString()) > most ? { class: "cm-lineWrapping" } : {};
    return attributes;
  });
}

/**
 * Make what is pasted readable to Python, and say so.
 * @param {ClipboardEvent} event
 * @param {EditorView} view
 * @param {Setup["onPaste"]} onPaste
 */
function paste(event, view, onPaste) {
  const pasted = event.clipboardData?.getData("text/plain") ?? "";
  const { text, did } = cleaned(pasted);
  if (!did.length) return false;
  const { from } = view.state.selection.main;
  view.dispatch(view.state.replaceSelection(text), { userEvent: "input.paste", scrollIntoView: true });
  onPaste(fill(WORDS.cell.pasted, { changes: did.join(WORDS.cell.and) }), () => {
    const to = from + text.length;
    if (view.state.sliceDoc(from, to) === text) view.dispatch({ changes: { from, to, insert: pasted } });
  });
  return true;
}

export class Editor {
  #view;
  #undoing = new Compartment();

  /** @param {Setup} setup */
  constructor({ parent, text, original, label, onChange, onRun, onPaste }) {
    this.#view = new EditorView({
      parent,
      doc: withoutLastBreak(text),
      extensions: [
        keymap.of(runKeys(onRun)),
        keymap.of([leaveKey, indentWithTab, ...defaultKeymap, ...historyKeymap]),
        this.#undoing.of(history()),
        indentUnit.of("    "),
        EditorState.tabSize.of(4),
        python(),
        bracketMatching(),
        syntaxHighlighting(classHighlighter),
        marks,
        invisible,
        wrapping(original),
        EditorView.domEventHandlers({ paste: (event, view) => paste(event, view, onPaste) }),
        EditorView.contentAttributes.of({ "aria-label": label }),
        tabKey(),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) onChange(this.text);
        }),
      ],
    });
  }

  /** The code, ending in one line break like the code of the page. */
  get text() {
    return `${this.#view.state.doc}\n`;
  }

  /**
   * Another version; undoing does not lead from one to the other, because each has marks of its own: who wrote it.
   * @param {string} text
   */
  replace(text) {
    const changes = { from: 0, to: this.#view.state.doc.length, insert: withoutLastBreak(text) };
    this.#view.dispatch({ changes, effects: this.#undoing.reconfigure([]) });
    this.#view.dispatch({ effects: this.#undoing.reconfigure(history()) });
  }

  /** @param {number | null} line counted from 1; null takes the mark away */
  mark(line) {
    this.#view.dispatch({ effects: markLine.of(line ?? 0) });
  }

  /** @param {{x: number, y: number} | null} at a point of the window to put the cursor at */
  focus(at) {
    this.#view.focus();
    const anchor = at && this.#view.posAtCoords(at, false);
    if (anchor !== null) this.#view.dispatch({ selection: { anchor } });
  }
}

/** @param {string} text */
function withoutLastBreak(text) {
  return text.replace(/\n$/, "");
}

/** @param {() => void} onRun */
function runKeys(onRun) {
  const run = () => {
    onRun();
    return true;
  };
  return ["Shift-Enter", "Mod-Enter", "Ctrl-Enter"].map((key) => ({ key, run }));
}

/**
 * Who comes with the keyboard and changes nothing leaves with Tab as anywhere; from the first change on Tab indents,
 * and after Escape it leaves again. Nobody is trapped.
 */
function tabKey() {
  let pointed = false;
  return [
    EditorView.domEventHandlers({
      mousedown: (_event, view) => {
        pointed = true;
        view.setTabFocusMode(false);
      },
      focus: (_event, view) => {
        view.setTabFocusMode(!pointed);
        pointed = false;
      },
    }),
    EditorView.updateListener.of((update) => {
      if (update.docChanged) update.view.setTabFocusMode(false);
    }),
  ];
}

const leaveKey = {
  key: "Escape",
  /** @param {EditorView} view */
  run: (view) => {
    view.setTabFocusMode(true);
    return true;
  },
};
