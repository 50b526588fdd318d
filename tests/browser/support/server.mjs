// The real program on the demo data, on a free loopback port, with a database of its own.
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";

export const PASSWORD = "a long demo password";

const run = promisify(execFile);
const START_MS = 60_000;

/** `database` is "SQLite" or "PostgreSQL". */
export async function startDemo(database) {
  const data = await mkdtemp(path.join(tmpdir(), "halfopen-browser-"));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const env = { ...process.env, HALFOPEN_DATA: data, HALFOPEN_LISTEN: `127.0.0.1:${port}`, HALFOPEN_PUBLIC_URL: url };
  delete env.DATABASE_URL;
  if (database === "PostgreSQL") env.DATABASE_URL = await createDatabase();

  await run(binary(), ["demo", "--password", PASSWORD, "--data", data], { env });
  const server = spawn(binary(), ["serve"], { env, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [server.stdout, server.stderr]) stream.on("data", (chunk) => { output += chunk; });
  const stop = async () => {
    if (server.exitCode === null && server.signalCode === null) {
      server.kill("SIGTERM");
      await once(server, "exit");
    }
    await rm(data, { recursive: true, force: true });
  };

  try {
    await waitUntilItAnswers(url, server);
  } catch (error) {
    await stop();
    throw new Error(`${error.message}\n${output}`);
  }
  /** Runs a command of the program on the same data, beside the server, and says what it printed. */
  const command = async (...words) => (await run(binary(), words, { env })).stdout;
  return { url, database, stop, command };
}

function binary() {
  return required("HALFOPEN_BINARY", "the path of the program to test");
}

function required(name, what) {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: it is ${what}; \`make browser\` sets it`);
  return value;
}

export async function createDatabase(prefix = "browser") {
  const administration = new URL(required("HALFOPEN_TEST_POSTGRES", "a server in which the tests create databases"));
  const name = `${prefix}_${process.pid}`;
  await run("psql", [administration.href, "--quiet", "--command", `CREATE DATABASE ${name}`]);
  const database = new URL(administration);
  database.pathname = `/${name}`;
  return database.href;
}

export async function freePort() {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address();
  probe.close();
  await once(probe, "close");
  return port;
}

export async function waitUntilItAnswers(url, server) {
  const end = Date.now() + START_MS;
  while (Date.now() < end) {
    if (server.exitCode !== null) throw new Error(`the server ended with status ${server.exitCode}`);
    const response = await fetch(`${url}/health`).catch(() => null);
    if (response?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`the server did not answer within ${START_MS} ms`);
}
