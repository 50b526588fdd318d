// What somebody practised, in this browser alone, and only while they want it. One entry holds it all, so that forgetting
// leaves nothing behind. Without storage (private windows, settings) nothing is kept, and everything else works.

const KEY = "halfopen practice";
const NOTHING = { keeping: false, answers: {} };

export function isKeeping() {
  return read().keeping;
}

/** Whether it is so now: storage may be switched off. */
export function setKeeping(keeping) {
  const { answers } = read();
  if (!keeping && Object.keys(answers).length === 0) forgetAll();
  else write({ keeping, answers });
  return isKeeping();
}

export function kept(question) {
  return read().answers[question];
}

export function keptAnswers() {
  return Object.keys(read().answers).length;
}

/** Ticks belong to one answer: where they cannot be seen, they stay for as long as it does. */
export function keep(question, entry, hasTicks) {
  const { keeping, answers } = read();
  const before = answers[question];
  const ticks = !hasTicks && before?.answer === entry.answer ? { shown: before.shown, wary: before.wary } : {};
  if (entry.answer === "" && entry.shown.length + entry.wary.length === 0) delete answers[question];
  else answers[question] = { ...entry, ...ticks };
  write({ keeping, answers });
}

export function forgetAll() {
  try {
    localStorage.removeItem(KEY);
  } catch {
    // Without storage there is nothing to forget.
  }
}

function read() {
  try {
    return { ...NOTHING, answers: {}, ...JSON.parse(localStorage.getItem(KEY)) };
  } catch {
    return { ...NOTHING, answers: {} };
  }
}

function write(state) {
  try {
    localStorage.setItem(KEY, JSON.stringify(state));
  } catch {
    // Full or switched off: the page works without.
  }
}
