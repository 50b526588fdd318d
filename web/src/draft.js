// Keeps what was typed into a form with `data-draft="name"` until the form is sent, for as long as the tab lives.
// A form that comes back with text of its own (it was refused) wins over the draft.

export function keepDrafts() {
  for (const form of document.querySelectorAll("form[data-draft]")) {
    const key = `draft:${form.dataset.draft}`;
    restore(form, key);
    form.addEventListener("input", () => save(form, key));
    form.addEventListener("submit", () => forget(key));
  }
}

function restore(form, key) {
  const draft = read(key);
  for (const control of draftable(form)) {
    if (control.value === "" && typeof draft[control.name] === "string") control.value = draft[control.name];
  }
}

function save(form, key) {
  const draft = Object.fromEntries(draftable(form).map((control) => [control.name, control.value]));
  try {
    sessionStorage.setItem(key, JSON.stringify(draft));
  } catch {
    // The tab's storage is full or switched off: the form works without a draft.
  }
}

function forget(key) {
  try {
    sessionStorage.removeItem(key);
  } catch {
    // Without storage there is nothing to forget.
  }
}

function read(key) {
  try {
    return JSON.parse(sessionStorage.getItem(key)) ?? {};
  } catch {
    return {};
  }
}

function draftable(form) {
  return [...form.querySelectorAll("textarea[name], input[name]:is([type=text], :not([type]))")];
}
