// Requests as a browser sends them from a page of the same site.

/** Status 0: there was no answer. `body` takes the place of `fields` where a file is sent; `from` is the sender’s address. */
export async function ask(method, url, { fields, body, accept = "text/html", patience = 15_000, cookie, from } = {}) {
  try {
    const response = await fetch(url, {
      method,
      headers: {
        Accept: accept,
        "Sec-Fetch-Site": "same-origin",
        ...(cookie ? { Cookie: cookie } : {}),
        ...(from ? { "X-Forwarded-For": from } : {}),
      },
      body: body ?? (fields && new URLSearchParams(fields)),
      redirect: "manual",
      signal: AbortSignal.timeout(patience),
    });
    return { status: response.status, headers: response.headers, text: await response.text() };
  } catch (error) {
    return { status: 0, headers: new Headers(), text: String(error.cause ?? error) };
  }
}

const NAMED = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };

/** What stands in HTML that was escaped. */
export function textOf(html) {
  return html.replace(/&(?:#(\d+)|#x([\da-f]+)|(\w+));/gi, (_, decimal, hex, name) =>
    name ? NAMED[name] : String.fromCodePoint(decimal ? Number(decimal) : Number.parseInt(hex, 16)));
}
