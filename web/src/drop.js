// A file dropped on a `data-drop` textarea is shown there before it is sent, so that a person sees what they submit.

export function acceptDroppedFiles() {
  for (const area of document.querySelectorAll("textarea[data-drop]")) {
    area.addEventListener("dragover", (event) => markTarget(event, area));
    area.addEventListener("dragleave", () => area.classList.remove("dropping"));
    area.addEventListener("drop", (event) => dropped(event, area));
  }
}

function markTarget(event, area) {
  if (!event.dataTransfer.types.includes("Files")) return;
  event.preventDefault();
  area.classList.add("dropping");
}

async function dropped(event, area) {
  area.classList.remove("dropping");
  const file = event.dataTransfer.files[0];
  if (!file) return;
  event.preventDefault();
  area.value = await file.text();
  nameAfter(file, area.form);
  area.dispatchEvent(new Event("input", { bubbles: true }));
  area.focus();
}

/** An empty title takes the file's name. */
function nameAfter(file, form) {
  const title = form?.querySelector("input[name=title]");
  if (title && title.value === "") title.value = file.name;
}
