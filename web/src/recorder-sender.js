// Sends the parts of one recording, one after the other and in their order, for as long as it takes: what fails is tried
// again after a random wait that grows, and at once when the connection is back.

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 20_000;
/** A request that hangs is given up, and tried again. */
const PATIENCE_MS = 40_000;

/** `told` hears how it stands: { sent, total, seconds, problem, over }. */
export function createSender({ base, take, kept, told }) {
  let next = 0;
  let total = 0;
  let seconds = 0;
  let failures = 0;
  let running = false;
  let stopped = false;
  let over = null;
  let wake = () => {};
  let settled = () => {};

  addEventListener("online", hurry);

  return {
    /** Parts up to `total`, of which the server has the first `have`. */
    start(have, of) { next = have; total = Math.max(total, of); run(); },
    /** One more is kept on this device. */
    added(number) { total = Math.max(total, number + 1); run(); },
    /** When all that was added has arrived; the reason, if it never will. */
    finished: () => new Promise((resolve) => { settled = resolve; settle(); }),
    isWaiting: () => next < total && !over && !stopped,
    sent: () => next,
    stop() { stopped = true; removeEventListener("online", hurry); wake(); },
  };

  function hurry() {
    failures = 0;
    wake();
  }

  function settle() {
    if (over || next >= total) settled(over);
  }

  async function run() {
    if (running) return;
    running = true;
    while (next < total && !over && !stopped) await one();
    running = false;
    settle();
  }

  async function one() {
    const parts = await kept.parts(take);
    const part = parts.find(({ number }) => number === next);
    // It was sent before, or is not here any more: the server knows.
    const { status, answer } = part
      ? await post(`${base}/takes/${take}/parts/${part.number}?seconds=${part.seconds}`, part.bytes)
      : await ask(`${base}/takes/${take}`);
    if (stopped) return;
    if (status === 200) await arrived(answer.parts, part);
    else if (status === 409 && answer.reason === "gap") await gap(answer.parts, parts);
    else if (status >= 400 && status < 500 && status !== 408 && status !== 429) fail(answer.message);
    else await wait(status === 0);
  }

  async function arrived(have, part) {
    failures = 0;
    if (!part && have <= next) return fail();
    next = have;
    seconds = part?.seconds ?? seconds;
    await kept.dropBefore(take, next);
    say(null);
  }

  /** The server has fewer than we thought: again from there, if those parts are still here. */
  async function gap(have, parts) {
    if (have >= next) return arrived(have, null);
    if (!parts.some(({ number }) => number === have)) return fail();
    next = have;
  }

  function fail(message) {
    over = message ?? "A part of this recording is missing, and the rest of it cannot be sent.";
    say(null);
  }

  async function wait(offline) {
    say(offline || !navigator.onLine ? "offline" : "busy");
    const most = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** failures);
    failures += 1;
    await new Promise((resolve) => {
      wake = resolve;
      setTimeout(resolve, Math.random() * most);
    });
    wake = () => {};
  }

  function say(problem) {
    told({ sent: next, total, seconds, problem, over });
  }
}

/** Status 0: there was no answer. */
export async function ask(url, options = {}) {
  try {
    const headers = { Accept: "application/json", ...options.headers };
    const response = await fetch(url, { ...options, headers, signal: AbortSignal.timeout(PATIENCE_MS) });
    const answer = await response.json().catch(() => ({}));
    return { status: response.status, answer };
  } catch {
    return { status: 0, answer: {} };
  }
}

function post(url, bytes) {
  return ask(url, { method: "POST", body: bytes, headers: { "Content-Type": "application/octet-stream" } });
}

export function postForm(url, fields) {
  return ask(url, { method: "POST", body: new URLSearchParams(fields) });
}

/** Until there is an answer that is one. */
export async function persist(does, told = () => {}) {
  for (let failures = 0; ; failures += 1) {
    const { status, answer } = await does();
    if (status !== 0 && status < 500 && status !== 408 && status !== 429) return { status, answer };
    told();
    const most = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** failures);
    await new Promise((resolve) => {
      addEventListener("online", resolve, { once: true });
      setTimeout(resolve, Math.random() * most);
    });
  }
}
