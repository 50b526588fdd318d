// One recording: from the devices to bytes, in slices, for a limited time.

const SLICE_MS = 2_000;
/** The server is quickest with parts of this size, and a slow connection too. */
const PART_BYTES = 256 * 1024;
/** The first part shows what kind of recording it is. */
const FIRST_BYTES = 1024;
const VIDEO_BITS = 800_000;
const AUDIO_BITS = 64_000;

/** `slice(bytes, seconds)` gets each piece in order; `tick(left)` the seconds that are left; `ended()` comes last. */
export function record(stream, { mime, limit, slice, tick, ended }) {
  const recorder = new MediaRecorder(stream, { mimeType: mime, videoBitsPerSecond: VIDEO_BITS, audioBitsPerSecond: AUDIO_BITS });
  const began = performance.now();
  let last = Promise.resolve();
  let length = null;
  let held = new Blob();
  let least = FIRST_BYTES;

  const elapsed = () => length ?? (performance.now() - began) / 1_000;
  recorder.addEventListener("dataavailable", ({ data }) => {
    const seconds = Math.min(limit, Math.max(1, Math.round(elapsed())));
    last = last.then(() => cut(data, seconds));
  });
  recorder.addEventListener("stop", () => {
    clearInterval(timer);
    least = 1;
    last.then(() => cut(new Blob(), 1)).then(() => ended(Math.min(limit, Math.max(1, Math.round(elapsed())))));
  });
  const timer = setInterval(() => {
    const left = Math.max(0, Math.ceil(limit - elapsed()));
    tick(left);
    if (left === 0) stop();
  }, 200);
  // A camera that is unplugged ends the recording; what there is of it is kept.
  for (const track of stream.getTracks()) track.addEventListener("ended", stop);
  recorder.start(SLICE_MS);
  tick(limit);
  return { stop };

  function stop() {
    if (recorder.state === "inactive") return;
    length = elapsed();
    recorder.stop();
  }

  async function cut(piece, seconds) {
    held = new Blob([held, piece]);
    if (held.size < least) return;
    const data = held;
    held = new Blob();
    least = 1;
    for (let at = 0; at < data.size; at += PART_BYTES) {
      await slice(await data.slice(at, at + PART_BYTES).arrayBuffer(), seconds);
    }
  }
}
