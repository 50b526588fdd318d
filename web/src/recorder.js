// Answering a question by camera or microphone: try the devices, practise, record, review, submit. What is recorded is
// kept on this device until the server has it, part by part, so that neither a lost connection nor a reload loses any.
import { canRecord, close, explain, listDevices, mimeFor, openDevices, watchLoudness } from "./recorder-devices.js";
import { openKept } from "./recorder-kept.js";
import { ask, createSender, persist, postForm } from "./recorder-sender.js";
import { record } from "./recorder-tape.js";
import { clock, makeSeekable } from "./playback.js";

const COUNTDOWN = 3;
const PRACTICE_SECONDS = 30;
const BEGIN_TRIES = 3;
const SAID_AT = [30, 10];

const area = document.querySelector("[data-recorder]");
const base = area.dataset.base;
const question = Number(area.dataset.question);
const limit = Number(area.dataset.limit);
const self = find("[data-self]");

let kept;
let left = Number(area.dataset.left);
let stream = null;
let silence = () => {};
let countdown = null;
let tape = null;
/** The recording at hand: { id, form, seconds, parts, pieces, mime }. */
let take = null;
let sender = null;
let leaving = false;

wire();
begin();

function wire() {
  const does = { check, back, record: () => countTo(beginTake), practise, cancel, stop: () => tape?.stop(), submit, again, ready, resume, discard };
  for (const button of area.querySelectorAll("[data-do]")) button.addEventListener("click", does[button.dataset.do]);
  for (const id of ["camera", "microphone"]) area.querySelector(`#${id}`).addEventListener("change", changeDevice);
  addEventListener("beforeunload", (event) => {
    if (!leaving && ((tape && take) || sender?.isWaiting())) event.preventDefault();
  });
  for (const form of document.forms) form.addEventListener("submit", () => { leaving = true; });
  addEventListener("pageshow", () => { leaving = false; });
}

// --- what is here from before ---

async function begin() {
  area.hidden = false;
  find("[data-unscripted]", document).hidden = true;
  for (const player of document.querySelectorAll("[data-player]")) makeSeekable(player);
  kept = await openKept();
  const found = await unsent();
  if (found) offer(found);
  else showStart();
}

/** The newest recording of this question of which this device has more than the server. */
async function unsent() {
  const mine = (await kept.takes().catch(() => [])).filter((other) => other.base === base && other.question === question);
  const held = (await navigator.locks?.query())?.held.map(({ name }) => name) ?? [];
  for (const other of mine.reverse()) {
    // It is being made in another window.
    if (held.includes(lockName(other.id))) continue;
    const parts = await kept.parts(other.id);
    const { status, answer } = await ask(`${base}/takes/${other.id}`);
    const gone = status === 404 || answer.removed || answer.submitted;
    const rest = parts.filter(({ number }) => status !== 200 || number >= answer.parts);
    if (gone || rest.length === 0) await kept.forget(other.id);
    else return { ...other, have: answer.parts ?? rest[0].number, parts: rest.at(-1).number + 1, seconds: rest.at(-1).seconds };
  }
  return null;
}

function offer(found) {
  take = { ...found, pieces: null };
  for (const panel of document.querySelectorAll("[data-kept]")) panel.hidden = panel.dataset.kept === take.id;
  find("[data-before-words]").textContent = `A recording of ${clock(take.seconds)} from before is still here.`;
  show("before");
}

async function resume() {
  hold(take.id);
  const words = find("[data-before-state]");
  words.textContent = "Sending. You can stay on this page, or come back to it later.";
  sender = createSender({ base, take: take.id, kept, told });
  sender.start(take.have, take.parts);
  const refused = await sender.finished();
  if (refused) return problem("This recording could not be finished", refused);
  arrived();
  // With the number of parts, so that no player shows what it had before.
  review(`${base}/takes/${take.id}/recording?parts=${sender.sent()}`);
}

async function discard() {
  const words = `What is here of it is deleted, on this device and on our server. It stays counted: ${leftWords()}.`;
  if (!await sure("Throw it away?", words, "Throw it away")) return;
  await throwAway();
  location.reload();
}

async function throwAway() {
  sender?.stop();
  await persist(() => ask(`${base}/takes/${take.id}/removal`, { method: "POST" }), () => told({ problem: "offline" }));
  await kept.forget(take.id);
  for (const panel of document.querySelectorAll("[data-kept]")) if (panel.dataset.kept === take.id) panel.remove();
  take = null;
  sender = null;
  find("[data-sending]").hidden = true;
}

// --- before recording ---

function showStart() {
  if (!canRecord()) {
    show(null);
    problem("This browser cannot record", "It lacks what that takes, or this page was not opened over https.");
  } else {
    show(left > 0 && area.dataset.open === "true" ? "choose" : "used");
  }
}

async function check() {
  if (!await openStage()) return;
  ready();
}

async function openStage(chosen) {
  closeStage();
  try {
    stream = await openDevices(form(), chosen);
  } catch (error) {
    const { title, words } = explain(error, form());
    problem(title, words);
    show("choose");
    return false;
  }
  find("[data-problem]").hidden = true;
  await listDevices(stream, { camera: area.querySelector("#camera"), microphone: area.querySelector("#microphone") });
  silence = watchLoudness(stream, find("meter"), find("[data-heard]"));
  self.srcObject = form() === "video" ? stream : null;
  if (self.srcObject) self.play().catch(() => {});
  return true;
}

function closeStage() {
  silence();
  silence = () => {};
  close(stream);
  stream = null;
  self.srcObject = null;
}

async function ready() {
  if (!stream?.active && !await openStage()) return;
  empty(find("[data-playback]"));
  show("stage");
  panel("ready");
  find("[data-camera]").hidden = find("[data-hide-self]").hidden = form() === "audio";
  showSelf(false);
}

function back() {
  closeStage();
  show("choose");
}

async function changeDevice() {
  const value = (id) => area.querySelector(`#${id}`).value || undefined;
  if (await openStage({ camera: value("camera"), microphone: value("microphone") })) showSelf(false);
}

/** One's own picture, unless there is none, or one would rather not see it. */
function showSelf(whileRecording) {
  const hidden = whileRecording && area.querySelector("#hide").checked;
  const curtain = find("[data-curtain]");
  self.hidden = form() === "audio" || hidden;
  curtain.hidden = !self.hidden;
  curtain.textContent = form() === "audio" ? "Sound only: no picture is recorded." : "Your picture is hidden, and recorded.";
}

function practise() {
  if (!stream?.active) return ready().then(() => stream?.active && practise());
  show("stage");
  countTo(() => {
    const pieces = [];
    roll(PRACTICE_SECONDS, "Practising: nothing is sent", {
      slice: (bytes) => { pieces.push(bytes); },
      ended: (seconds) => reviewPractice(pieces, seconds),
    });
  }, true);
}

function countTo(then, practising = false) {
  panel("countdown");
  find("[data-panel=practice]").hidden = !practising;
  showSelf(true);
  find("[data-problem]").hidden = true;
  let n = COUNTDOWN;
  const count = find("[data-count]");
  count.hidden = false;
  say(`The recording begins in ${n} seconds.`);
  const step = () => {
    count.textContent = n;
    if (n > 0) {
      n -= 1;
      countdown = setTimeout(step, 1_000);
      return;
    }
    countdown = null;
    count.hidden = true;
    then();
  };
  step();
}

function cancel() {
  clearTimeout(countdown);
  find("[data-count]").hidden = true;
  ready();
}

// --- recording ---

/** Each recording has one token, so that a request which is sent twice begins one. */
async function beginTake() {
  const token = crypto.randomUUID();
  let reply;
  for (let tries = 0; tries < BEGIN_TRIES; tries += 1) {
    reply = await postForm(`${base}/videos/${question}/takes`, { form: form(), token });
    if (reply.status !== 0 && reply.status < 500) break;
    await new Promise((resolve) => setTimeout(resolve, 500 + Math.random() * 500));
  }
  const { status, answer } = reply;
  if (status !== 200) {
    const offline = "To begin, a recording needs a connection; once it has begun, the connection may drop. Try again in a moment.";
    problem("The recording was not begun", answer.message ?? offline);
    return ready();
  }
  rollTake(answer.take);
}

async function rollTake(id) {
  left -= 1;
  find("[data-takes]", document).textContent = Math.max(0, left);
  hold(id);
  take = { id, base, question, form: form(), mime: mimeFor(form()), seconds: 0, parts: 0, pieces: [], at: Date.now() };
  const { pieces, ...lasting } = take;
  kept.putTake(lasting);
  sender = createSender({ base, take: id, kept, told });
  const made = take;
  const words = kept.lasts ? "Recording" : "Recording. This browser keeps no copy: please stay on the page until all has arrived";
  roll(limit, words, {
    slice: async (bytes, seconds) => {
      const number = made.parts;
      made.pieces.push(bytes);
      await kept.putPart({ take: id, number, bytes, seconds });
      made.parts += 1;
      made.seconds = seconds;
      sender.added(number);
    },
    ended: (seconds) => {
      made.seconds = seconds;
      closeStage();
      review(URL.createObjectURL(new Blob(made.pieces, { type: made.mime })));
    },
  });
}

function roll(seconds, words, { slice, ended }) {
  const bar = find("[data-clock]", document);
  const practising = !take;
  panel("recording");
  find("[data-panel=practice]").hidden = !practising;
  find("[data-recording-words]").textContent = words;
  showSelf(true);
  bar.hidden = false;
  say("Recording.");
  let before = seconds;
  const tick = (now) => {
    find("[data-left]", document).textContent = clock(now);
    for (const at of SAID_AT) if (before > at && now <= at) say(`${at} seconds left.`);
    before = now;
  };
  const over = (length) => {
    tape = null;
    bar.hidden = true;
    say("The recording has ended.");
    ended(length);
  };
  tape = record(stream, { mime: mimeFor(form()), limit: seconds, slice, tick, ended: over });
}

// --- after recording ---

function reviewPractice(pieces, seconds) {
  play(URL.createObjectURL(new Blob(pieces, { type: mimeFor(form()) })), form(), seconds);
  find("[data-review-title]").textContent = `Your practice, ${clock(seconds)}`;
  show("review");
  panel("practised");
}

function review(url) {
  play(url, take.form, take.seconds);
  find("[data-review-title]").textContent = `Your answer, ${clock(take.seconds)}`;
  const again = find("[data-do=again]");
  again.hidden = left <= 0 || area.dataset.open !== "true";
  again.textContent = `Record again (${left} left)`;
  show("review");
  panel("answer");
}

function play(url, form, seconds) {
  const place = find("[data-playback]");
  empty(place);
  const player = document.createElement(form === "audio" ? "audio" : "video");
  player.controls = true;
  player.playsInline = true;
  player.setAttribute("aria-label", "Your recording");
  player.dataset.seconds = seconds;
  player.src = url;
  place.append(player);
  makeSeekable(player);
}

function empty(place) {
  const player = place.firstElementChild;
  if (player?.src.startsWith("blob:")) URL.revokeObjectURL(player.src);
  place.replaceChildren();
}

async function again() {
  const words = `This recording is deleted, and you can record ${left === 1 ? "once" : `${left} times`} more.`;
  if (!await sure("Record again?", words, "Record again")) return;
  empty(find("[data-playback]"));
  const { form: before } = take;
  await throwAway();
  for (const radio of area.querySelectorAll("input[name=form]")) radio.checked = radio.value === before;
  ready();
}

async function submit() {
  if (!await sure("Submit this answer?", "Then it is final, and the people who hire for this job can see it.", "Submit")) return;
  panel(null);
  const refused = await sender.finished();
  if (refused) return problem("This recording could not be sent whole", refused);
  const fields = { parts: sender.sent(), seconds: take.seconds };
  const { status, answer } = await persist(() => postForm(`${base}/takes/${take.id}/submission`, fields), () => told({ problem: "offline" }));
  if (status !== 200 && answer.reason !== "answered") {
    panel("answer");
    return problem("This answer was not submitted", answer.message ?? "Reload the page, and try again.");
  }
  await kept.forget(take.id);
  leaving = true;
  location.assign(answer.next ?? `${base}/videos/${question}`);
}

// --- how it stands ---

/** The line below everything, and words for those who do not see it. */
let standing = "";
function told({ sent = 0, total = 1, seconds = 0, problem: why = null, over = null }) {
  if (over) return problem("This recording could not be sent whole", over);
  const was = standing;
  if (why === "offline") standing = "No connection. What you record is kept in this browser, and sent when the connection is back.";
  else if (why) standing = "The server does not answer just now. What you record is kept in this browser, and sent again in a moment.";
  else if (sent < total || tape) standing = `Arrived so far: ${clock(seconds)}.`;
  else return arrived();
  showStanding(why ? "warn" : "quiet", standing);
  if (why && was !== standing) say(standing);
}

function arrived() {
  standing = "All of it has arrived. Nothing is kept on this device.";
  showStanding("good", standing);
}

function showStanding(mark, words) {
  const line = find("[data-sending]");
  line.hidden = false;
  for (const one of line.querySelectorAll("[data-mark]")) one.hidden = one.dataset.mark !== mark;
  find("[data-sending-words]").textContent = words;
}

function problem(title, words) {
  find("[data-problem-title]").textContent = title;
  find("[data-problem-words]").textContent = words;
  find("[data-problem]").hidden = false;
}

function say(words) {
  find("[data-said]").textContent = words;
}

function show(step) {
  for (const one of area.querySelectorAll("[data-step]")) one.hidden = one.dataset.step !== step;
}

function panel(name) {
  // While one speaks, there is the question, and nothing else to read.
  const busy = name === "countdown" || name === "recording";
  for (const one of document.querySelectorAll("[data-aside]")) one.hidden = busy;
  if (busy) scrollTo({ top: 0 });
  for (const one of area.querySelectorAll("[data-panel]")) one.hidden = one.dataset.panel !== name;
  const first = name && area.querySelector(`[data-panel=${name}]:not([hidden]) button`);
  first?.focus({ preventScroll: true });
}

function sure(title, words, yes) {
  const dialog = find("[data-dialog]");
  find("[data-dialog-title]").textContent = title;
  find("[data-dialog-words]").textContent = words;
  find("[data-yes]").textContent = yes;
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    find("[data-yes]").onclick = () => dialog.close("yes");
    find("[data-no]").onclick = () => dialog.close("");
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
  });
}

function leftWords() {
  return left === 1 ? "1 recording is left" : `${left} recordings are left`;
}

function form() {
  return area.querySelector("input[name=form]:checked").value;
}

/** So that another window of this page leaves the recording alone. */
function hold(id) {
  navigator.locks?.request(lockName(id), () => new Promise(() => {}));
}

function lockName(id) {
  return `recording ${id}`;
}

function find(selector, within = area) {
  return within.querySelector(selector);
}
