// Well-known retry libraries, used as their documentation shows, get the verdicts that this documentation explains:
// exactly these criteria fail, and the findings say what is known about the library.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { it } from "node:test";

const FOLDER = new URL("../../web/dist/libraries/", import.meta.url).pathname;

// None of them reads Retry-After as the contract says, and their errors have no code that tells what happened.
const ALWAYS = ["retry_after", "error_shape"];
// Most are retries alone: circuit breakers are another library's business.
const NO_BREAKER = ["breaker_opens", "breaker_recovers", "concurrency"];

// Node-retry's formula, which four of them share: random between the bound and twice the bound, cut at the maximum,
// so that the first wait is too long and all waits at the maximum are equal.
const CLIPPED = { backoff: /\b100 ms at most/, jitter: /\b25600 ms and 25600 ms/ };

const LIBRARIES = {
  "async-retry": { fails: [...ALWAYS, ...NO_BREAKER, "backoff", "jitter"], findings: CLIPPED },
  "p-retry": { fails: [...ALWAYS, ...NO_BREAKER, "backoff", "jitter"], findings: CLIPPED },
  "promise-retry": { fails: [...ALWAYS, ...NO_BREAKER, "backoff", "jitter"], findings: CLIPPED },
  retry: { fails: [...ALWAYS, ...NO_BREAKER, "backoff", "jitter"], findings: CLIPPED },
  // "0-20% of the delay" are added to a delay that doubles without a cap and begins with twice the factor.
  "axios-retry": {
    fails: [...ALWAYS, ...NO_BREAKER, "backoff", "jitter"],
    findings: { backoff: /\b100 ms at most/, jitter: /maxDelayMs was 25600 ms/ },
  },
  // Full jitter, as asked for.
  "exponential-backoff": { fails: [...ALWAYS, ...NO_BREAKER], findings: {} },
  // The delay is a function without randomness, and a response that failed is a response like any other.
  "fetch-retry": {
    fails: [...ALWAYS, ...NO_BREAKER, "jitter", "herd"],
    findings: { error_shape: /resolves with the 503 response/ },
  },
  // EXPONENTIAL is delay ** attempt, without jitter; it waits once more after the last failure before it gives up.
  "ts-retry-promise": {
    fails: [...ALWAYS, ...NO_BREAKER, "backoff", "jitter", "herd", "settles"],
    findings: { backoff: /before retry 2 may be 200 ms at most/, settles: /although nothing more was tried/ },
  },
  // Its own decorrelated jitter is cut at the maximum, and calls wait in a queue while the trial of a half-open breaker runs.
  cockatiel: {
    fails: [...ALWAYS, ...NO_BREAKER, "backoff", "jitter"],
    findings: { jitter: /waits are 25600 ms/, concurrency: /8 attempts were sent/ },
  },
  // A circuit breaker that never retries and opens on a percentage; it keeps a timer for its rolling window.
  opossum: {
    fails: [
      ...ALWAYS,
      ...NO_BREAKER,
      "transient",
      "attempt_limit",
      "backoff",
      "jitter",
      "settles",
      "herd",
    ],
    findings: { transient: /made no second attempt/, settles: /timers were still set/ },
  },
};

it("covers every library that is bundled", () => {
  const bundled = readdirSync(FOLDER).map((name) => basename(name, ".js"));
  assert.deepEqual(bundled.sort(), Object.keys(LIBRARIES).sort());
});

const verdicts = grade(Object.keys(LIBRARIES));

for (const [name, { fails, findings }] of Object.entries(LIBRARIES)) {
  it(`${name} fails what its documentation explains, and nothing else`, () => {
    const verdict = verdicts.get(name);
    assert.equal(verdict.outcome, "graded", verdict.reason);
    const failed = verdict.criteria.filter(({ pass }) => !pass).map(({ id }) => id);
    assert.deepEqual(failed.sort(), fails.toSorted());
    for (const [id, words] of Object.entries(findings)) {
      assert.match(verdict.criteria.find((criterion) => criterion.id === id).finding, words);
    }
  });
}

function grade(names) {
  const files = names.map((name) => join(FOLDER, `${name}.js`));
  const lines = execFileSync(process.env.HALFOPEN_BINARY, ["grade", "--format", "json", "--seed", "1", ...files], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  return new Map(lines.trim().split("\n").map((line) => JSON.parse(line)).map((verdict) => [basename(verdict.file, ".js"), verdict]));
}
