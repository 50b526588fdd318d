// What the parts of the page share: finding things, telling things, asking the server.

export function page(selector) {
  return document.querySelector(selector);
}

/** For those who listen; everybody else sees it. */
export function say(words) {
  page("[data-say]").textContent = words;
}

export function banner(name, shown, words) {
  const element = page(`[data-banner="${name}"]`);
  if (words !== undefined) element.querySelector("[data-words]").textContent = words;
  element.hidden = !shown;
}

export function hour(date) {
  return date.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
}

export function pause(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Exponential, capped, with full jitter above a floor: a server that comes back is not met by everybody at once. */
export function backoff(attempt) {
  const bound = Math.min(20_000, 1_000 * 2 ** attempt);
  return 500 + Math.random() * bound;
}

/** Status and answer; status 0 where there is no connection. */
export async function post(url, fields, { patience = 15_000, keepalive = false } = {}) {
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { Accept: "application/json" },
      body: new URLSearchParams(fields),
      signal: AbortSignal.timeout(patience),
      redirect: "error",
      keepalive,
    });
    const isJson = response.headers.get("content-type")?.startsWith("application/json");
    return { status: response.status, answer: isJson ? await response.json() : {} };
  } catch {
    return { status: 0, answer: {} };
  }
}

/** Another state of this page, as a document. */
export async function fetchPage(url) {
  const response = await fetch(url, { headers: { Accept: "text/html" }, signal: AbortSignal.timeout(15_000) });
  if (!response.ok) throw new Error(`the page answered ${response.status}`);
  return new DOMParser().parseFromString(await response.text(), "text/html");
}

/** Puts a part of another state of this page in the place of ours. */
export function swap(selector, from) {
  const part = document.adoptNode(from.querySelector(selector));
  page(selector).replaceWith(part);
  for (const time of part.querySelectorAll("time[data-local=hour]")) time.textContent = hour(new Date(time.dateTime));
  return part;
}
