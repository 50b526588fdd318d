// Cards are carried to another column: with a mouse at once, with a finger after it has rested on the card for a moment.

const FAR_ENOUGH = 6;
const REST_MS = 300;
const EDGE = 70;
const SCROLL = 14;

export function carryCards({ board, move }) {
  let held = null;

  document.addEventListener("dragstart", (event) => {
    if (event.target.closest?.(".kard")) event.preventDefault();
  });
  document.addEventListener("contextmenu", (event) => {
    if (held?.ghost) event.preventDefault();
  });
  document.addEventListener("pointerdown", (event) => {
    const card = event.target.closest(".kard");
    if (!card || event.button !== 0 || event.target.closest("input, label, select, button, summary, details form")) return;
    held = { card, id: event.pointerId, x: event.clientX, y: event.clientY, at: event, ghost: null, timer: 0 };
    if (event.pointerType !== "mouse") held.timer = setTimeout(lift, REST_MS);
  });
  document.addEventListener("pointermove", (event) => {
    if (!held || event.pointerId !== held.id) return;
    held.at = event;
    const far = Math.hypot(event.clientX - held.x, event.clientY - held.y) > FAR_ENOUGH;
    if (!held.ghost && far) {
      if (event.pointerType === "mouse") lift();
      else drop();
    }
    if (held?.ghost) carry();
  });
  document.addEventListener("pointerup", (event) => {
    if (!held || event.pointerId !== held.id) return;
    const { card, ghost } = held;
    const column = ghost && columnAt(event.clientX, event.clientY);
    drop();
    if (!ghost) return;
    // The link of the card must not be followed now.
    addEventListener("click", stop, { capture: true, once: true });
    setTimeout(() => removeEventListener("click", stop, { capture: true }));
    if (column) move(card, column);
  });
  document.addEventListener("pointercancel", drop);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && held) drop();
  });
  // A finger that carries a card does not scroll.
  document.addEventListener("touchmove", (event) => {
    if (held?.ghost) event.preventDefault();
  }, { passive: false });

  function lift() {
    const { card } = held;
    const box = card.getBoundingClientRect();
    const ghost = card.cloneNode(true);
    ghost.removeAttribute("id");
    ghost.setAttribute("aria-hidden", "true");
    ghost.inert = true;
    ghost.classList.add("ghost");
    ghost.style.width = `${box.width}px`;
    held.dx = held.x - box.left;
    held.dy = held.y - box.top;
    document.getElementById("main").append(ghost);
    held.ghost = ghost;
    card.classList.add("held");
    carry();
    requestAnimationFrame(scroll);
  }

  function carry() {
    const { ghost, at, dx, dy } = held;
    ghost.style.left = `${at.clientX - dx}px`;
    ghost.style.top = `${at.clientY - dy}px`;
    const over = columnAt(at.clientX, at.clientY);
    for (const column of board().children) column.classList.toggle("over", column === over && column !== held.card.closest(".column"));
  }

  /** Near an edge, what lies behind it comes closer. */
  function scroll() {
    if (!held?.ghost) return;
    const { clientX, clientY } = held.at;
    const by = (at, size) => (at < EDGE ? -SCROLL : at > size - EDGE ? SCROLL : 0);
    scrollBy(0, by(clientY, innerHeight));
    const box = board().getBoundingClientRect();
    board().scrollLeft += by(clientX - box.left, box.width);
    carry();
    requestAnimationFrame(scroll);
  }

  function columnAt(x, y) {
    return document.elementFromPoint(x, y)?.closest(".column") ?? null;
  }

  function drop() {
    if (!held) return;
    clearTimeout(held.timer);
    held.ghost?.remove();
    held.card.classList.remove("held");
    for (const column of board().children) column.classList.remove("over");
    held = null;
  }
}

function stop(event) {
  event.preventDefault();
  event.stopPropagation();
}
