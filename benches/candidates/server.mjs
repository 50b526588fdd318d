// The server that is measured: the real program on a data folder of its own. It can be killed and started again.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { createDatabase, freePort, waitUntilItAnswers } from "../../tests/browser/support/server.mjs";
import { ask } from "./requests.mjs";

const EMAIL = "admin@example.com";
const PASSWORD = "a long password for measuring";

export class Server {
  /** From when to when nobody could be answered, in the time of `performance.now()`. */
  outages = [];

  static async open({ binary, postgres }) {
    const data = await mkdtemp(path.join(tmpdir(), "halfopen-candidates-"));
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const env = {
      ...process.env,
      HALFOPEN_DATA: data,
      HALFOPEN_LISTEN: `127.0.0.1:${port}`,
      HALFOPEN_PUBLIC_URL: url,
      HALFOPEN_ADMIN_EMAIL: EMAIL,
      HALFOPEN_ADMIN_PASSWORD: PASSWORD,
      RUST_LOG: "warn",
    };
    for (const name of ["DATABASE_URL", "HALFOPEN_SMTP_URL", "HALFOPEN_MAIL_FROM"]) delete env[name];
    if (postgres) env.DATABASE_URL = await createDatabase("candidates");
    return new Server({ binary, data, url, env });
  }

  constructor({ binary, data, url, env }) {
    Object.assign(this, { binary, data, url, env });
  }

  async start() {
    this.process = spawn(this.binary, ["serve"], { env: this.env, stdio: ["ignore", "ignore", "inherit"] });
    await waitUntilItAnswers(this.url, this.process);
  }

  /** SIGKILL: no handler runs, nothing is flushed. Comes back after so many milliseconds. */
  async killAndStart(awayMs) {
    const outage = { from: performance.now(), to: Infinity };
    this.outages.push(outage);
    await this.end("SIGKILL");
    await new Promise((resolve) => setTimeout(resolve, awayMs));
    await this.start();
    outage.to = performance.now();
  }

  /** Whether a request that took from `start` to now met an outage. */
  wasAwaySince(start) {
    return this.outages.some(({ to }) => start <= to);
  }

  mostMegabytes() {
    const line = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${this.process.pid}/status`, "utf8"));
    return Number(line[1]) / 1024;
  }

  /** The cookie of the administrator’s session. */
  async signIn() {
    const answer = await ask("POST", `${this.url}/sign-in`, { fields: { email: EMAIL, password: PASSWORD } });
    const cookie = answer.headers.getSetCookie().find((line) => line.startsWith("session="));
    if (!cookie) throw new Error(`nobody was signed in: status ${answer.status}`);
    return cookie.split(";")[0];
  }

  async close() {
    await this.end("SIGTERM");
    await rm(this.data, { recursive: true, force: true });
  }

  async end(signal) {
    if (!this.process || this.process.exitCode !== null || this.process.signalCode !== null) return;
    const ended = once(this.process, "exit");
    this.process.kill(signal);
    await ended;
  }
}
