// The board by keyboard: arrows go from card to card, letters do what the list of keys says.

export function followKeys({ board, selection, move, undo }) {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input:not([type=checkbox]), textarea, select")) {
      if (event.key === "Escape") closeMenus(true);
      return;
    }
    const act = KEYS[event.key];
    if (!act) return;
    if (act(document.activeElement?.closest(".kard")) !== false) event.preventDefault();
  });

  const KEYS = {
    ArrowDown: (card) => step(card, 1),
    ArrowUp: (card) => step(card, -1),
    ArrowRight: (card) => aside(card, 1),
    ArrowLeft: (card) => aside(card, -1),
    "]": (card) => card ? move(card, neighbour(card, 1)) : false,
    "[": (card) => card ? move(card, neighbour(card, -1)) : false,
    m: (card) => card ? openMenu(card) : false,
    x: (card) => card ? selection.toggle(card) : false,
    u: () => undo(),
    "/": () => document.getElementById("q").focus(),
    "?": () => showKeys(),
    Escape: () => closeMenus(false),
  };

  function step(card, by) {
    if (!card) return document.activeElement === board() ? focus(board().querySelector(".kard")) : false;
    const cards = [...card.closest(".column").querySelectorAll(".kard")];
    return focus(cards[cards.indexOf(card) + by]);
  }

  function aside(card, by) {
    if (!card) return document.activeElement === board() ? focus(board().querySelector(".kard")) : false;
    const at = [...card.parentElement.children].indexOf(card);
    for (let column = neighbour(card, by); column; column = other(column, by)) {
      const cards = column.querySelectorAll(".kard");
      if (cards.length > 0) return focus(cards[Math.min(at, cards.length - 1)]);
    }
  }

  function neighbour(card, by) {
    return other(card.closest(".column"), by);
  }

  function other(column, by) {
    return by > 0 ? column.nextElementSibling : column.previousElementSibling;
  }

  function focus(card) {
    card?.querySelector(".kard-name").focus();
  }

  function openMenu(card) {
    const menu = card.querySelector(".kard-move");
    if (!menu) return;
    menu.open = true;
    menu.querySelector("select").focus();
  }

  function closeMenus(toCard) {
    for (const menu of board().querySelectorAll(".kard-move[open]")) {
      menu.open = false;
      if (toCard) focus(menu.closest(".kard"));
    }
  }

  function showKeys() {
    const keys = document.getElementById("keys");
    keys.open = !keys.open;
    keys.querySelector("summary").focus();
  }
}
