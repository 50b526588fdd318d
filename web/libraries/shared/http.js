// What each of these programs needs before its library can help: an answer that is no success becomes an error.

const TRANSIENT = new Set([408, 425, 429, 500, 502, 503, 504]);

export class HttpError extends Error {
  constructor(response) {
    super(`the server answered ${response.status}`);
    this.response = response;
  }
}

export async function request(operation, attempt) {
  const response = await operation({ attempt });
  if (!response.ok) throw new HttpError(response);
  return response;
}

export function isTransient(error) {
  return !(error instanceof HttpError) || TRANSIENT.has(error.response.status);
}
