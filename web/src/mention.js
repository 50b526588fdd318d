// Names people while a comment is typed: after an @, a list of those who may be named. Without this, names and addresses
// are typed, and the server finds them.
const MOST = 6;
const LONGEST = 40;

for (const area of document.querySelectorAll("textarea[data-mentions]")) suggest(area, peopleOf(area.dataset.mentions));

function peopleOf(id) {
  const options = document.getElementById(id)?.options ?? [];
  return [...options].map((option) => ({ name: option.value, about: option.textContent }));
}

function suggest(area, people) {
  const list = makeList(area);
  let found = [];
  let at = -1;
  let chosen = 0;

  area.addEventListener("input", look);
  area.addEventListener("click", look);
  area.addEventListener("blur", close);
  area.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    if (event.key === "ArrowDown") choose(chosen + 1);
    else if (event.key === "ArrowUp") choose(chosen - 1);
    else if (event.key === "Enter" || event.key === "Tab") take(chosen);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
  });
  // Before the area loses the focus.
  list.addEventListener("pointerdown", (event) => {
    const item = event.target.closest("li");
    if (!item) return;
    event.preventDefault();
    take([...list.children].indexOf(item));
  });

  function look() {
    const typed = area.value.slice(0, area.selectionStart);
    at = typed.lastIndexOf("@");
    const begun = at < 0 ? undefined : folded(typed.slice(at + 1));
    const inside = at > 0 && /[\p{L}\p{N}]/u.test(typed[at - 1]);
    if (begun === undefined || inside || begun.length > LONGEST || begun.includes("\n")) return close();
    const fits = ({ name, about }) => folded(`${name}, ${about}`).split(/[\s,]+/).some((_, n, words) => words.slice(n).join(" ").startsWith(begun));
    found = people.filter(fits).slice(0, MOST);
    if (found.length === 0) return close();
    list.replaceChildren(...found.map(line));
    list.hidden = false;
    area.setAttribute("aria-controls", list.id);
    choose(0);
  }

  function line({ name, about }, n) {
    const item = document.createElement("li");
    item.id = `${list.id}-${n}`;
    item.role = "option";
    const label = document.createElement("b");
    label.textContent = name;
    item.append(label, ` ${about}`);
    return item;
  }

  function choose(n) {
    chosen = (n + found.length) % found.length;
    for (const [index, item] of [...list.children].entries()) item.setAttribute("aria-selected", String(index === chosen));
    area.setAttribute("aria-activedescendant", list.children[chosen].id);
  }

  function take(n) {
    const after = area.value.slice(area.selectionStart);
    const before = `${area.value.slice(0, at)}@${found[n].name} `;
    area.value = before + after.replace(/^ /, "");
    area.setSelectionRange(before.length, before.length);
    close();
    area.dispatchEvent(new Event("change", { bubbles: true }));
  }

  function close() {
    list.hidden = true;
    area.removeAttribute("aria-activedescendant");
    area.removeAttribute("aria-controls");
  }
}

function makeList(area) {
  const around = document.createElement("div");
  around.className = "mention";
  const list = document.createElement("ul");
  list.id = `${area.id}-people`;
  list.role = "listbox";
  list.setAttribute("aria-label", "People");
  list.hidden = true;
  around.append(list);
  area.after(around);
  return list;
}

function folded(text) {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}
