// What a browser records does not say how long it is, so a player cannot seek in it. Once the end was sought, it knows.

const BEYOND = 1e9;
/** Where the length was counted while it was recorded, the end is not far from there. */
const SURELY_BEYOND = 30;

/** Resolves when the length is known, and the player stands at the start; it is then marked as ready. */
export function makeSeekable(player) {
  return new Promise((done) => {
    const resolve = () => {
      player.dataset.ready = "yes";
      done();
    };
    if (player.readyState >= HTMLMediaElement.HAVE_METADATA) check();
    else player.addEventListener("loadedmetadata", check, { once: true });

    function check() {
      if (Number.isFinite(player.duration)) return resolve();
      player.addEventListener("durationchange", known);
      const counted = Number(player.dataset.seconds);
      player.currentTime = counted > 0 ? counted + SURELY_BEYOND : BEYOND;
    }

    function known() {
      if (!Number.isFinite(player.duration)) return;
      player.removeEventListener("durationchange", known);
      player.addEventListener("seeked", () => resolve(), { once: true });
      player.currentTime = 0;
    }
  });
}

/** 1:32. */
export function clock(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

export function secondsOf(words) {
  const [seconds, minutes = 0] = words.split(":").reverse().map(Number);
  return minutes * 60 + seconds;
}
