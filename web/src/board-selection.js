// Which cards or rows are selected; the bar at the bottom comes with the first one.

export function keepSelection() {
  const bar = document.getElementById("picked");
  if (!bar) return { restore: () => {}, toggle: () => {} };
  const chosen = new Map();
  let last = null;

  document.addEventListener("click", (event) => {
    const box = event.target;
    if (!box.matches?.("input[name=pick]")) return;
    if (event.shiftKey && last) between(last, box).forEach((other) => { other.checked = box.checked; });
    last = box;
    read();
  });
  bar.addEventListener("change", read);
  bar.addEventListener("reset", () => setTimeout(read));
  addEventListener("pageshow", read);
  read();

  function boxes() {
    return [...document.querySelectorAll("input[name=pick][type=checkbox]")];
  }

  /** All boxes from one to another, as they stand on the page. */
  function between(one, other) {
    const all = boxes();
    const name = idOf(one);
    const ends = [all.findIndex((box) => idOf(box) === name), all.indexOf(other)].sort((a, b) => a - b);
    return ends[0] < 0 ? [other] : all.slice(ends[0], ends[1] + 1);
  }

  function read() {
    chosen.clear();
    for (const box of boxes().filter((box) => box.checked)) chosen.set(idOf(box), box.closest("[data-name]").dataset.name);
    const all = bar.elements.all?.checked;
    bar.classList.toggle("on", chosen.size > 0 || Boolean(all));
    document.getElementById("bulk-n").textContent = all ? "All that fit" : `${chosen.size} selected`;
    const names = [...chosen.values()];
    document.getElementById("bulk-who").textContent = names.slice(0, 4).join(", ") + (names.length > 4 ? "…" : "");
  }

  return {
    /** After the boxes were replaced. */
    restore() {
      for (const box of boxes()) box.checked = chosen.has(idOf(box));
      read();
    },
    toggle(card) {
      card.querySelector("input[name=pick]")?.click();
    },
  };
}

function idOf(box) {
  return box.value.split(":")[0];
}
