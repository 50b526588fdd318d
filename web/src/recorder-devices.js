// Camera and microphone: asking for them, choosing among several, hearing whether anything is heard.

/** Below this, a room is quiet. */
const HEARD = 0.06;
const LOOK_MS = 100;
const SILENT_LOOKS = 40;

export function canRecord() {
  return Boolean(globalThis.isSecureContext && navigator.mediaDevices?.getUserMedia && globalThis.MediaRecorder && mimeFor("video"));
}

const MIMES = {
  video: ["video/webm;codecs=vp8,opus", "video/webm", "video/mp4;codecs=avc1.42E01E,mp4a.40.2", "video/mp4"],
  audio: ["audio/webm;codecs=opus", "audio/webm", "audio/mp4", "audio/ogg;codecs=opus"],
};

export function mimeFor(form) {
  return MIMES[form].find((mime) => MediaRecorder.isTypeSupported(mime));
}

/** Throws what the browser throws. */
export function openDevices(form, { camera, microphone } = {}) {
  return navigator.mediaDevices.getUserMedia({
    audio: { echoCancellation: true, noiseSuppression: true, ...(microphone && { deviceId: { exact: microphone } }) },
    video: form === "video" && {
      width: { ideal: 854 },
      height: { ideal: 480 },
      frameRate: { ideal: 24, max: 30 },
      ...(camera ? { deviceId: { exact: camera } } : { facingMode: "user" }),
    },
  });
}

export function close(stream) {
  for (const track of stream?.getTracks() ?? []) track.stop();
}

/** Fills the two selects with what there is, and marks what is in use. */
export async function listDevices(stream, selects) {
  const devices = await navigator.mediaDevices.enumerateDevices();
  for (const [kind, select, name] of [["videoinput", selects.camera, "Camera"], ["audioinput", selects.microphone, "Microphone"]]) {
    const used = stream.getTracks().find((track) => `${track.kind}input` === kind)?.getSettings().deviceId;
    const found = devices.filter((device) => device.kind === kind);
    select.replaceChildren(...found.map((device, at) => new Option(device.label || `${name} ${at + 1}`, device.deviceId, false, device.deviceId === used)));
  }
}

/** Shows how loud it is, and says in words when that changes. Returns what ends it. */
export function watchLoudness(stream, meter, words) {
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  const samples = new Float32Array(analyser.fftSize);
  context.createMediaStreamSource(stream).connect(analyser);
  let quiet = 0;
  let said = "";
  const timer = setInterval(() => {
    analyser.getFloatTimeDomainData(samples);
    const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
    const loudness = Math.min(1, Math.sqrt(power) * 4);
    meter.value = loudness;
    quiet = loudness > HEARD ? 0 : quiet + 1;
    if (quiet === 0) say("You are heard.");
    else if (quiet > SILENT_LOOKS) say("Nothing is heard. Speak a little louder, or choose another microphone.");
  }, LOOK_MS);
  return () => {
    clearInterval(timer);
    context.close();
  };

  function say(text) {
    if (said === text) return;
    said = text;
    words.textContent = text;
  }
}

/** What to tell somebody whose camera or microphone cannot be used. */
export function explain(error, form) {
  const what = form === "video" ? "camera and microphone" : "microphone";
  switch (error?.name) {
    case "NotAllowedError":
    case "SecurityError":
      return {
        title: `This page may not use your ${what}`,
        words: "The browser was told not to allow it. You can change that with the sign beside the page’s address, and try again.",
      };
    case "NotFoundError":
    case "OverconstrainedError":
      return {
        title: `No ${what} was found`,
        words: form === "video" ? "Plug one in and try again, or choose “Sound only” if you have a microphone." : "Plug one in and try again.",
      };
    case "NotReadableError":
    case "AbortError":
      return {
        title: `Your ${what} cannot be used just now`,
        words: "Another program may be using it, such as a video call. Close that, and try again.",
      };
    default:
      return { title: `Your ${what} could not be opened`, words: "Try again, or reload the page." };
  }
}
