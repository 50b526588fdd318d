// Makes the two recordings of the demonstration: a switch that opens, half closes and closes, with a tone for each state.
// A browser records them as it records candidates. Run it from anywhere: node src/demo/files/make.mjs [chromium]

import { writeFile } from "node:fs/promises";
import { createRequire } from "node:module";

const { chromium } = createRequire(new URL("../../../web/package.json", import.meta.url))("playwright-core");

const executablePath = process.argv[2] ?? process.env.HALFOPEN_TEST_CHROMIUM ?? "/usr/bin/chromium";
const args = ["--no-sandbox", "--autoplay-policy=no-user-gesture-required"];
const browser = await chromium.launch({ executablePath, args });
try {
  const page = await browser.newPage();
  for (const [name, picture] of [["answer-video.webm", true], ["answer-sound.webm", false]]) {
    const recorded = await page.evaluate(record, picture);
    await writeFile(new URL(name, import.meta.url), Buffer.from(recorded, "base64"));
    console.log(name, Buffer.byteLength(recorded, "base64"), "bytes");
  }
} finally {
  await browser.close();
}

/** Runs in the page: records for as long as the switch takes to close. */
async function record(picture) {
  const seconds = 4;
  const states = [
    { angle: -0.6, hertz: 196 },
    { angle: -0.2, hertz: 262 },
    { angle: 0, hertz: 330 },
  ];

  const sound = new AudioContext();
  const tone = new OscillatorNode(sound, { type: "sine" });
  const volume = new GainNode(sound, { gain: 0.08 });
  const heard = new MediaStreamAudioDestinationNode(sound);
  tone.connect(volume).connect(heard);
  for (const [at, { hertz }] of states.entries()) {
    tone.frequency.setValueAtTime(hertz, sound.currentTime + (at * seconds) / states.length);
  }
  tone.start();

  const canvas = Object.assign(document.createElement("canvas"), { width: 320, height: 240 });
  const pen = canvas.getContext("2d");
  let angle = states[0].angle;
  const began = performance.now();
  const draw = () => {
    const passed = (performance.now() - began) / 1000 / seconds;
    const state = states[Math.min(Math.floor(passed * states.length), states.length - 1)];
    angle += (state.angle - angle) * 0.12;
    drawSwitch(pen, angle);
  };
  const drawing = setInterval(draw, 1000 / 15);

  const tracks = [...heard.stream.getTracks(), ...(picture ? canvas.captureStream(15).getTracks() : [])];
  const recorder = new MediaRecorder(new MediaStream(tracks), {
    mimeType: picture ? "video/webm;codecs=vp8,opus" : "audio/webm;codecs=opus",
    videoBitsPerSecond: 60_000,
    audioBitsPerSecond: 16_000,
  });
  const parts = [];
  recorder.ondataavailable = ({ data }) => parts.push(data);
  const stopped = new Promise((resolve) => { recorder.onstop = resolve; });
  recorder.start(1000);
  setTimeout(() => recorder.stop(), seconds * 1000);
  await stopped;
  clearInterval(drawing);
  await sound.close();

  const bytes = new Uint8Array(await new Blob(parts).arrayBuffer());
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));

  function drawSwitch(pen, angle) {
    pen.fillStyle = "#f4f1ea";
    pen.fillRect(0, 0, 320, 240);
    pen.strokeStyle = "#27415c";
    pen.lineWidth = 6;
    pen.lineCap = "round";
    line(30, 130, 100, 130);
    line(220, 130, 290, 130);
    line(100, 130, 100 + 120 * Math.cos(angle), 130 + 120 * Math.sin(angle));
    for (const x of [100, 220]) {
      pen.fillStyle = "#b4532a";
      pen.beginPath();
      pen.arc(x, 130, 9, 0, 2 * Math.PI);
      pen.fill();
    }

    function line(x1, y1, x2, y2) {
      pen.beginPath();
      pen.moveTo(x1, y1);
      pen.lineTo(x2, y2);
      pen.stroke();
    }
  }
}
