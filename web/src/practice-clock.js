// A clock to practise against, for those who choose one. It starts when it is chosen, says when the time is over, and
// does nothing else. It counts minutes, and seconds in the last one.

export function offerClock(choice) {
  const bar = document.querySelector("[data-clock]");
  const left = document.querySelector("[data-left]");
  const said = document.querySelector("[data-said]");
  const over = document.querySelector("[data-over]");
  let ends = 0;
  let timer = null;
  let spoken = true;

  choice.hidden = false;
  choice.addEventListener("change", () => start(Number(choice.querySelector("input:checked").value)));

  function start(minutes) {
    clearInterval(timer);
    over.hidden = true;
    said.textContent = "";
    bar.hidden = minutes === 0;
    if (minutes === 0) return;
    ends = performance.now() + minutes * 60_000;
    spoken = false;
    timer = setInterval(tick, 250);
    tick();
  }

  function tick() {
    const seconds = Math.max(0, Math.ceil((ends - performance.now()) / 1_000));
    const words = inWords(seconds);
    if (left.textContent !== words) left.textContent = words;
    if (seconds <= 60 && !spoken) {
      spoken = true;
      said.textContent = "One minute left.";
    }
    if (seconds === 0) end();
  }

  function end() {
    clearInterval(timer);
    bar.hidden = true;
    over.hidden = false;
    said.textContent = "The time is over.";
    choice.querySelector("input").checked = true;
  }
}

function inWords(seconds) {
  if (seconds <= 60) return `${seconds} ${seconds === 1 ? "second" : "seconds"}`;
  return `${Math.ceil(seconds / 60)} minutes`;
}
