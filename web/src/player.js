// Playing an answer: seeking, speed, and notes at a second. Without this, the browser's own player plays it, and a note's
// time is typed.
import { clock, makeSeekable, secondsOf } from "./playback.js";

const player = document.querySelector("[data-player]");
if (player) {
  const ready = makeSeekable(player).then(() => { player.dataset.ready = "yes"; });
  offerSpeed();
  offerNotes(ready);
  seekToTheAddress(ready);
}

function offerSpeed() {
  const tools = document.querySelector("[data-tools]");
  if (!tools) return;
  tools.hidden = false;
  tools.addEventListener("change", ({ target }) => {
    if (target.name === "rate") player.playbackRate = Number(target.value);
  });
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

async function seekToTheAddress(ready) {
  const at = /^#t=([\d:]+)$/.exec(location.hash)?.[1];
  if (!at) return;
  await ready;
  player.currentTime = secondsOf(at);
}
