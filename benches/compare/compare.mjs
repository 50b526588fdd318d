// Measures the grader and Node on the same scenario, one after the other, in one run, and prints them side by side:
// an API that fails, fails and succeeds, and a program that retries. Processor time, not wall time.
//
//   node benches/compare/compare.mjs PATH-TO-HALFOPEN
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import vm from "node:vm";
import { createWorld, drive, OPTIONS, PROGRAM } from "./world.mjs";

const SCENARIO = "fail-fail-success";
const PROCESSES = 100;
const BATCHES = 30;
const BATCH = 100;
const STARTS = 20;

const halfopen = process.argv[2];
if (!halfopen) {
  console.error("Usage: node benches/compare/compare.mjs PATH-TO-HALFOPEN");
  process.exit(2);
}

const ours = measureHalfopen();
const peers = [
  ["a fresh process, fake timers", measureProcesses("process-fake-timers.mjs")],
  ["a fresh process, bare", measureProcesses("process-bare.mjs")],
  ["a fresh vm context", await measureContexts()],
];
printComparison(ours, peers);
printStarts();

function measureHalfopen() {
  const lines = execFileSync(halfopen, ["bench"], { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
  const figures = lines.trim().split("\n").map((line) => JSON.parse(line));
  if (!figures.some(({ name }) => name === SCENARIO)) throw new Error(`halfopen bench measured no ${SCENARIO}`);
  return figures;
}

/** A fresh Node process for each scenario, as isolating a program in Node takes: its whole life, start and end included. */
function measureProcesses(name) {
  const script = fileURLToPath(new URL(name, import.meta.url));
  const before = childrenCpuUs();
  for (let seed = 0; seed < PROCESSES; seed += 1) execFileSync(process.execPath, [script, String(seed)]);
  return (childrenCpuUs() - before) / PROCESSES;
}

/** What the kernel has charged to the children that have ended: user and system time, in ticks of 10 ms. */
function childrenCpuUs() {
  const afterName = readFileSync("/proc/self/stat", "utf8").split(") ").at(-1).split(" ");
  return (Number(afterName[13]) + Number(afterName[14])) * 10_000;
}

/** A fresh `vm` context for each scenario in one process: new globals, and no isolation from the host. */
async function measureContexts() {
  const source = readFileSync(PROGRAM, "utf8").replace(/^export /m, "");
  const script = new vm.Script(`${source}\nexecuteWithRetry`, { filename: PROGRAM.pathname });
  for (let seed = 0; seed < BATCH; seed += 1) await runInContext(script, seed);

  const samples = [];
  for (let batch = 0; batch < BATCHES; batch += 1) {
    const before = process.cpuUsage();
    for (let seed = 0; seed < BATCH; seed += 1) await runInContext(script, seed);
    const { user, system } = process.cpuUsage(before);
    samples.push((user + system) / BATCH);
  }
  return median(samples);
}

async function runInContext(script, seed) {
  const world = createWorld(seed);
  const context = vm.createContext({ setTimeout: world.setTimeout, clearTimeout: world.clearTimeout, world });
  vm.runInContext("Date.now = world.now; Math.random = world.random;", context);
  const executeWithRetry = script.runInContext(context);
  await drive(world, executeWithRetry(world.operation, OPTIONS));
}

function median(samples) {
  const sorted = samples.toSorted((a, b) => a - b);
  return (sorted[Math.floor((sorted.length - 1) / 2)] + sorted[Math.ceil((sorted.length - 1) / 2)]) / 2;
}

function printComparison(figures, peers) {
  const scenario = figures.find(({ name }) => name === SCENARIO);
  const rows = [
    ["Halfopen, a fresh sandbox", scenario.median_us, scenario.per_cpu_second],
    ...peers.map(([name, us]) => [`Node ${process.versions.node}, ${name}`, us, 1e6 / us]),
  ];
  console.log(`One scenario (${SCENARIO}), processor time\n`);
  console.log(row("", "µs", "per CPU second", "against ours"));
  for (const [name, us, perSecond] of rows) {
    console.log(row(name, figure(us), figure(perSecond), `${figure(scenario.per_cpu_second / perSecond)} x`));
  }
  const verdict = figures.find(({ name }) => name === "verdict");
  const memory = figures.find(({ name }) => name === "memory");
  console.log("\nHalfopen alone\n");
  console.log(row("a verdict of a correct program, processor time", `${figure(verdict.median_us / 1e3)} ms`));
  if (memory) console.log(row("the most memory while grading", `${figure(memory.kilobytes / 1024)} MB`));
}

/** From the start of the command to its end, with the compiled engine in its cache. */
function printStarts() {
  const grade = (...options) => execFileSync(halfopen, ["grade", fileURLToPath(PROGRAM), ...options], { stdio: "ignore" });
  const wallMs = (...options) => median(Array.from({ length: STARTS }, () => {
    const before = performance.now();
    grade(...options);
    return performance.now() - before;
  }));
  grade();
  console.log(row("start to the end of one scenario, wall time", `${figure(wallMs("--scenario", SCENARIO))} ms`));
  const where = `on ${availableParallelism()} cores`;
  console.log(row(`start to a verdict, wall time ${where}`, `${figure(wallMs())} ms`));
}

function row(name, ...figures) {
  return (name.padEnd(48) + figures.map((text) => text.padStart(16)).join("")).trimEnd();
}

function figure(value) {
  const digits = value < 10 ? 2 : value < 100 ? 1 : 0;
  return value.toLocaleString("en-GB", { minimumFractionDigits: digits, maximumFractionDigits: digits });
}
