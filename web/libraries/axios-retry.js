// axios with axios-retry and its exponential delay. The adapter hands `operation` to axios in place of the network.
import axios, { AxiosError } from "axios";
import axiosRetry from "axios-retry";
import { isTransient, HttpError } from "./shared/http.js";

export async function executeWithRetry(operation, { maxAttempts, baseDelayMs }) {
  const client = axios.create({ adapter: (config) => adapt(operation, config) });
  axiosRetry(client, {
    retries: maxAttempts - 1,
    retryCondition: (error) => isTransient(error.response ? new HttpError(error.response.data) : error),
    retryDelay: (retry, error) => axiosRetry.exponentialDelay(retry, error, baseDelayMs),
  });
  return (await client.get("https://api.example.com/")).data;
}

async function adapt(operation, config) {
  let data;
  try {
    data = await operation();
  } catch (error) {
    throw new AxiosError(error.message, error.cause?.code ?? AxiosError.ERR_NETWORK, config);
  }
  const headers = { "retry-after": data.headers.get("retry-after") };
  const answer = { data, status: data.status, statusText: data.statusText, headers, config };
  if (data.ok) return answer;
  throw new AxiosError(`status ${data.status}`, AxiosError.ERR_BAD_RESPONSE, config, null, answer);
}
