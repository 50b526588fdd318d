// Saves what is typed into an application, a moment after the last key.

const WAIT_MS = 1500;

const form = document.getElementById("apply");
const said = document.getElementById("saved");
let timer = 0;
let saving = null;

form.addEventListener("input", (event) => {
  if (event.target.type === "file") return;
  clearTimeout(timer);
  timer = setTimeout(save, WAIT_MS);
});

// A form that is sent while it is being saved would meet its own change as somebody else's.
form.addEventListener("submit", (event) => {
  clearTimeout(timer);
  if (!saving) return;
  event.preventDefault();
  saving.finally(() => form.requestSubmit(event.submitter));
});

function save() {
  if (saving) return saving.finally(save);
  saving = send().finally(() => { saving = null; });
  return saving;
}

async function send() {
  const data = new FormData(form);
  for (const input of form.querySelectorAll("input[type=file]")) data.delete(input.name);
  data.set("intent", "autosave");
  try {
    const answer = await fetch(form.action, { method: "POST", body: data });
    if (answer.status === 409) return say("Changed in another window: send or save to see");
    if (!answer.ok) throw new Error(answer.status);
    const { revision, at } = await answer.json();
    form.elements.revision.value = revision;
    say(`Saved ${new Date(at).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" })}`);
  } catch {
    say("Not saved: no connection");
    timer = setTimeout(save, 10 * WAIT_MS);
  }
}

function say(words) {
  said.textContent = words;
}
