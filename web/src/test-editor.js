// The editor over the form's textarea, which stays the form's field and always holds what the editor holds.
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { javascriptLanguage, typescriptLanguage } from "@codemirror/lang-javascript";
import { HighlightStyle, bracketMatching, indentOnInput, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { lintGutter, setDiagnostics } from "@codemirror/lint";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { Compartment, EditorState } from "@codemirror/state";
import {
  EditorView,
  drawSelection,
  highlightActiveLine,
  highlightActiveLineGutter,
  highlightSpecialChars,
  keymap,
  lineNumbers,
} from "@codemirror/view";
import { tags as t } from "@lezer/highlight";

/** How long Tab leaves the editor after Escape. */
const WAY_OUT_MS = 20_000;

export function mountEditor(area, { language, changed, run }) {
  const languages = new Compartment();
  const writable = new Compartment();
  const view = new EditorView({
    doc: area.value,
    extensions: [
      EditorView.cspNonce.of(document.querySelector("script[nonce]").nonce),
      keymap.of([{ key: "Mod-Enter", run: () => (run(), true), preventDefault: true }]),
      writable.of([]),
      EditorView.domEventHandlers({ beforeinput: replaceLines }),
      languages.of(languageOf(language)),
      furniture,
      EditorView.contentAttributes.of({
        tabindex: "0",
        "aria-label": area.getAttribute("aria-label"),
        "aria-describedby": area.getAttribute("aria-describedby"),
        ...(area.getAttribute("aria-invalid") ? { "aria-invalid": "true" } : {}),
      }),
      EditorView.updateListener.of((update) => {
        if (!update.docChanged) return;
        area.value = update.state.doc.toString();
        changed();
      }),
    ],
  });
  area.before(view.dom);
  area.hidden = true;

  return {
    text: () => view.state.doc.toString(),
    lines: () => view.state.doc.lines,
    focus: () => view.focus(),
    touch: changed,
    setLanguage: (name) => view.dispatch({ effects: languages.reconfigure(languageOf(name)) }),
    setReadOnly: () =>
      view.dispatch({
        effects: writable.reconfigure([EditorState.readOnly.of(true), EditorView.editable.of(false), unwritable]),
      }),
    /** As one step that can be undone. */
    replace: (text) => view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } }),
    goTo: (line, column = 1) => goTo(view, line, column),
    /** Marks the place that the last run complained about, if it did. */
    markProblem: () => view.dispatch(setDiagnostics(view.state, problems(view.state.doc))),
  };
}

/** Typing over several lines: left to the browser, it merges them with styles of its own, which the page does not allow. */
function replaceLines(event, view) {
  const { main } = view.state.selection;
  const doc = view.state.doc;
  const severalLines = doc.lineAt(main.from).number !== doc.lineAt(main.to).number;
  if (event.inputType !== "insertText" || !event.data || !severalLines || view.state.readOnly || view.composing) return false;
  event.preventDefault();
  view.dispatch(view.state.replaceSelection(event.data), { userEvent: "input.type", scrollIntoView: true });
  return true;
}

const ink = HighlightStyle.define([
  { tag: [t.keyword, t.bool, t.null, t.self, t.atom, t.modifier], class: "k" },
  { tag: [t.string, t.special(t.string), t.regexp, t.escape], class: "s" },
  { tag: t.number, class: "m" },
  { tag: [t.function(t.variableName), t.function(t.propertyName), t.function(t.definition(t.variableName))], class: "f" },
  { tag: t.comment, class: "c" },
]);

const look = EditorView.theme({
  "&": {
    color: "var(--ink)",
    backgroundColor: "var(--surface)",
    border: "1px solid var(--line-strong)",
    borderRadius: "var(--r-3)",
    overflow: "hidden",
    minHeight: "24rem",
    maxHeight: "max(24rem, calc(100vh - 11rem))",
  },
  "&.cm-focused": { outline: "2px solid var(--pen)", outlineOffset: "1px" },
  ".cm-scroller": { font: "0.8125rem/1.55 var(--mono)", fontFeatureSettings: '"calt" 0', overflow: "auto" },
  ".cm-content": { padding: "0.75rem 0", caretColor: "var(--ink)", minHeight: "24rem" },
  ".cm-line": { padding: "0 1rem 0 0.5rem" },
  ".cm-cursor": { borderLeftColor: "var(--ink)", borderLeftWidth: "2px" },
  ".cm-gutters": { color: "var(--ink-3)", backgroundColor: "transparent", border: "0" },
  ".cm-lineNumbers .cm-gutterElement": { minWidth: "2.5rem", paddingRight: "0.5rem" },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "color-mix(in oklab, var(--pen-wash) 60%, transparent)" },
  ".cm-activeLineGutter": { color: "var(--ink)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    backgroundColor: "var(--pen-line)",
  },
  "&.cm-focused .cm-matchingBracket": { backgroundColor: "var(--pen-wash)", outline: "1px solid var(--pen-line)" },
  "&.cm-focused .cm-nonmatchingBracket": { backgroundColor: "var(--bad-wash)" },
  ".cm-selectionMatch": { backgroundColor: "var(--plot-wait-wash)" },
  ".cm-searchMatch": { backgroundColor: "var(--plot-wait-wash)", outline: "1px solid var(--plot-wait)" },
  ".cm-searchMatch-selected": { backgroundColor: "var(--pen-line)" },
  ".cm-panels": { color: "var(--ink)", backgroundColor: "var(--sunken)", font: "var(--t-2)/1.5 var(--sans)" },
  ".cm-panels-top": { borderBottom: "1px solid var(--line)" },
  ".cm-textfield": { color: "inherit", backgroundColor: "var(--surface)", borderColor: "var(--control-line)" },
  ".cm-button": { color: "inherit", background: "var(--surface)", borderColor: "var(--line-strong)" },
  ".cm-tooltip": { color: "var(--ink)", backgroundColor: "var(--raised)", border: "1px solid var(--line-strong)" },
  ".cm-diagnostic": { font: "var(--t-2)/1.5 var(--sans)", padding: "0.5rem 0.75rem" },
  ".cm-diagnostic-error": { borderLeftColor: "var(--bad)" },
  ".cm-lintRange-error": { backgroundImage: "none", textDecoration: "underline wavy var(--bad)" },
  ".cm-lint-marker-error": { content: "none", backgroundColor: "var(--bad)", borderRadius: "2px", width: "0.6em", height: "0.6em" },
});

const unwritable = EditorView.theme({ "&": { backgroundColor: "var(--sunken)" } });

const furniture = [
  lineNumbers(),
  lintGutter(),
  highlightActiveLine(),
  highlightActiveLineGutter(),
  highlightSpecialChars(),
  highlightSelectionMatches(),
  drawSelection(),
  history(),
  bracketMatching(),
  indentOnInput(),
  indentUnit.of("  "),
  EditorState.tabSize.of(2),
  search({ top: true }),
  syntaxHighlighting(ink),
  look,
  // The editor itself lets Tab out for two seconds after Escape, which is short for whoever looks for the key.
  EditorView.domEventObservers({
    keydown: (event, view) => {
      if (event.key === "Escape") queueMicrotask(() => view.setTabFocusMode(WAY_OUT_MS));
    },
  }),
  keymap.of([indentWithTab, ...defaultKeymap, ...historyKeymap, ...searchKeymap]),
];

function languageOf(name) {
  return name === "typescript" ? typescriptLanguage : javascriptLanguage;
}

function goTo(view, number, column) {
  const line = view.state.doc.line(Math.min(Math.max(1, number), view.state.doc.lines));
  const at = Math.min(line.from + column - 1, line.to);
  view.dispatch({ selection: { anchor: at }, effects: EditorView.scrollIntoView(at, { y: "center" }) });
  view.dom.scrollIntoView({ block: "nearest" });
  view.focus();
}

function problems(doc) {
  const found = document.querySelector("#results [data-problem]");
  const number = Number(found?.dataset.problem);
  if (!found || number > doc.lines) return [];
  const line = doc.line(number);
  const from = Math.min(line.from + Number(found.dataset.column ?? 1) - 1, line.to);
  const word = /^[\w$]+/.exec(line.text.slice(from - line.from))?.[0].length ?? 1;
  const message = found.querySelector("[data-why]").textContent;
  return [{ from, to: Math.min(from + word, line.to), severity: "error", message }];
}
