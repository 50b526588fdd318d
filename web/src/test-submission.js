// Submitting: asked once, sent until it has arrived. Sending it twice submits it once.
import { dialogOf } from "./test-dialog.js";
import { backoff, banner, page, pause, post } from "./test-page.js";

export function submitOnce({ form, url, saver, anotherTab, over }) {
  const dialog = dialogOf("submit");
  const [yes, no] = [dialog.querySelector("[data-yes]"), dialog.querySelector("[data-no]")];
  const progress = dialog.querySelector("[data-progress]");
  let sending = false;

  page("[data-submit]").addEventListener("click", (event) => {
    event.preventDefault();
    const nothingLogged = dialog.querySelector("[data-nolog]");
    if (nothingLogged) nothingLogged.hidden = page(".ailog") !== null;
    dialog.showModal();
  });
  no.addEventListener("click", () => dialog.close());
  dialog.addEventListener("cancel", (event) => sending && event.preventDefault());
  yes.addEventListener("click", submit);

  async function submit() {
    if (sending) return;
    setSending(true);
    progress.textContent = "Sending";
    await saver.exclusively(untilItArrives);
    setSending(false);
  }

  async function untilItArrives() {
    for (let attempt = 0; ; attempt += 1) {
      const { status, answer } = await post(`${url}/submission`, { ...saver.fields(), confirmed: "yes" });
      if (status === 200 || status === 410) return arrived();
      if (status === 409) return close(anotherTab);
      if (status >= 400 && status < 500) return close(() => banner("refused", true, answer.message ?? "This could not be submitted."));
      progress.textContent = "Not sent yet: no connection. Your program is kept in this browser, and it is being tried again.";
      await pause(backoff(attempt));
    }
  }

  function arrived() {
    saver.stop();
    saver.forget();
    over();
  }

  function close(then) {
    dialog.close();
    progress.textContent = "";
    then();
  }

  function setSending(on) {
    sending = on;
    yes.disabled = on;
    no.disabled = on;
    form.toggleAttribute("data-sending", on);
  }
}
