// The board of a job, made quick: cards are dragged or moved by keys, and what colleagues do appears by itself.
// Every change is a form of the page, sent in the background; the page that comes back takes the place of the parts that
// changed. Without JavaScript the same forms open the same pages.
import { carryCards } from "./board-drag.js";
import { followKeys } from "./board-keys.js";
import { keepSelection } from "./board-selection.js";

const LOOK_EVERY_MS = 3_000;
const UNREACHED = "The server cannot be reached. Nothing was changed.";

const main = document.getElementById("main");
main.classList.add("live");
const selection = keepSelection();
if (document.getElementById("board")) begin();

function begin() {
  let busy = false;
  const board = () => document.getElementById("board");
  const pipeline = {
    board,
    selection,
    /** Moves a card to a column, from the column that it is shown in. */
    move: (card, column) => {
      const from = card.closest(".column");
      if (!column || column === from || !("handles" in board().dataset)) return;
      send(`${board().dataset.opening}/moves`, {
        application: card.dataset.id,
        from: from.dataset.stage,
        to: column.dataset.stage,
        back: board().dataset.back,
      });
    },
    undo: () => {
      const form = document.getElementById("undo")?.form;
      if (form) sendForm(form);
      else announce("There is nothing to undo.");
    },
  };
  followKeys(pipeline);
  if ("handles" in board().dataset) carryCards(pipeline);
  document.addEventListener("submit", (event) => {
    const form = event.target;
    const isOurs = form.matches(".kard-move form") || event.submitter?.id === "undo";
    if (!isOurs) return;
    event.preventDefault();
    sendForm(form);
  });
  setInterval(look, LOOK_EVERY_MS);

  function sendForm(form) {
    return send(form.getAttribute("action"), Object.fromEntries(new FormData(form)));
  }

  async function send(action, fields) {
    if (busy) return;
    busy = true;
    try {
      const response = await fetch(action, { method: "POST", body: new URLSearchParams(fields) });
      if (!response.ok) throw new Error(response.statusText);
      const page = parse(await response.text());
      swap(page);
      say(page);
    } catch {
      announce(UNREACHED);
      showAlone(UNREACHED);
    } finally {
      busy = false;
    }
  }

  /** What others did. */
  async function look() {
    if (document.hidden || busy || isInUse()) return;
    const { opening, revision, back } = board().dataset;
    try {
      const answer = await fetch(`${opening}/board/revision?since=${revision}`);
      if (!answer.ok) return;
      const now = await answer.json();
      if (String(now.revision) === revision) return;
      const response = await fetch(back);
      if (!response.ok || busy || isInUse()) return;
      swap(parse(await response.text()));
      announce(now.news.join(" "));
    } catch {
      // Away for a moment: the next look says more.
    }
  }

  /** A card in somebody's hand, or its menu open, stays as it is. */
  function isInUse() {
    return document.querySelector(".kard.held, .kard-move[open]") !== null;
  }
}

function parse(text) {
  return new DOMParser().parseFromString(text, "text/html");
}

/** Puts the columns of another page in the place of ours; focus, selection and scroll stay. */
function swap(page) {
  const [ours, theirs] = [document, page].map((where) => where.getElementById("board"));
  if (!theirs) {
    location.reload();
    return;
  }
  const focused = document.activeElement?.closest(".kard")?.id;
  const { scrollLeft } = ours;
  ours.replaceChildren(...theirs.children);
  ours.dataset.revision = theirs.dataset.revision;
  ours.scrollLeft = scrollLeft;
  for (const part of [".jumps", ".sieve > .picks", ".meta"]) {
    const [old, fresh] = [document, page].map((where) => where.querySelector(part));
    if (old && fresh) old.replaceWith(fresh);
  }
  if (focused) document.getElementById(focused)?.querySelector(".kard-name").focus({ preventScroll: true });
  selection.restore();
}

/** Shows what the other page says about what was done. */
function say(page) {
  const notices = page.querySelectorAll("#said > *, main > .flash");
  document.querySelectorAll("main > .flash").forEach((flash) => flash.remove());
  document.getElementById("said").replaceChildren(...notices);
  announce([...notices].map((notice) => notice.querySelector(".grow")?.textContent ?? "").join(" "));
}

function showAlone(words) {
  const flash = document.createElement("p");
  flash.className = "flash flash-bad flash-top";
  flash.textContent = words;
  document.getElementById("said").replaceChildren(flash);
}

function announce(words) {
  document.getElementById("news").textContent = words;
}
