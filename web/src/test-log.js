// The AI log: an entry is added without leaving the page; its errors stand at its fields.
import { banner, fetchPage, page, post, say, swap } from "./test-page.js";

export function addToLog({ form, url, saver, anotherTab, over }) {
  let busy = false;
  form.addEventListener("click", async (event) => {
    if (!event.target.closest("[data-add]")) return;
    event.preventDefault();
    if (busy) return;
    busy = true;
    await saver.exclusively(add);
    busy = false;
  });

  async function add() {
    const sent = saver.fields();
    const entry = Object.fromEntries(["proposed", "fate", "why"].map((name) => [name, form.elements[name].value]));
    const { status, answer } = await post(`${url}/log`, { ...sent, ...entry });
    if (status === 200) {
      saver.accepted(sent);
      await show(answer.next);
    } else if (status === 409) anotherTab();
    else if (status === 410) over();
    else if (status === 0) saver.offline("It was not added to the log: no connection. Press the button again when it is back.");
    else if (answer.fields) complain(answer.fields);
    else banner("refused", true, answer.message ?? "This could not be added. Please try again in a few seconds.");
  }

  async function show(next) {
    try {
      swap("#log", await fetchPage(next));
    } catch {
      banner("refused", true, "It was added, but the log did not arrive. Reload the page to see it.");
      return;
    }
    say("Added to the log");
    form.elements.proposed.focus();
  }
}

function complain(errors) {
  for (const name of ["proposed", "fate", "why"]) place(name, errors[name]);
  const first = ["proposed", "fate", "why"].find((name) => errors[name]);
  if (first) (page(`#${first} input`) ?? page(`#${first}`)).focus();
}

/** The same as the server would write. */
function place(name, words) {
  const control = page(`#${name}`);
  document.getElementById(`${name}-error`)?.remove();
  control.parentElement.classList.toggle("field-bad", Boolean(words) && control.matches("textarea"));
  control.toggleAttribute("aria-invalid", false);
  control.removeAttribute("aria-describedby");
  if (!words) return;
  const error = document.createElement("p");
  error.className = "error";
  error.id = `${name}-error`;
  const text = document.createElement("span");
  text.textContent = words;
  error.append(page("template[data-bad]").content.cloneNode(true), text);
  if (control.matches("fieldset")) control.append(error);
  else control.after(error);
  if (control.matches("textarea")) control.setAttribute("aria-invalid", "true");
  control.setAttribute("aria-describedby", error.id);
}
