// Playing an answer: seeking, speed, and notes at a second. Without this, the browser's own player plays it, and a note's
// time is typed.
import { clock, makeSeekable, secondsOf } from "./playback.js";

const player = document.querySelector("[data-player]");
if (player) {
  const ready = makeSeekable(player);
  offerSpeed();
  offerNotes(ready);
  seekToTheAddress(ready);
}

function offerSpeed() {
  const tools = document.querySelector("[data-tools]");
  if (!tools) return;
  tools.hidden = false;
  tools.querySelector("[data-rate]").addEventListener("change", ({ target }) => { player.playbackRate = Number(target.value); });
  for (const button of tools.querySelectorAll("[data-skip]")) {
    button.addEventListener("click", () => { player.currentTime += Number(button.dataset.skip); });
  }
}

function offerNotes(ready) {
  const now = document.querySelector("[data-now]");
  if (now) {
    now.hidden = false;
    now.addEventListener("click", () => {
      now.form.elements.at.value = clock(player.currentTime);
      now.form.elements.words.focus();
    });
  }
  for (const link of document.querySelectorAll("[data-seek]")) {
    link.addEventListener("click", async (event) => {
      event.preventDefault();
      await ready;
      player.currentTime = secondsOf(link.dataset.seek);
      player.focus();
    });
  }
}

/** An address that ends in ?t=0:42 leads to that moment. */
async function seekToTheAddress(ready) {
  const at = new URLSearchParams(location.search).get("t");
  if (!/^[\d:]+$/.test(at ?? "")) return;
  await ready;
  player.currentTime = secondsOf(at);
}
