// Written with promises alone: neither async nor await.

var TRANSIENT = { 408: 1, 425: 1, 429: 1, 500: 1, 502: 1, 503: 1, 504: 1 };
var MAX_TIMEOUT = 2147483647;

var breaker = (function () {
  var openedAt = null;
  var resetTimeout = 0;
  var failures = 0;
  var trial = null;
  var serial = 0;

  function isOpen() {
    return openedAt !== null && Date.now() - openedAt < resetTimeout;
  }

  return {
    isOpen: isOpen,

    enter: function () {
      if (isOpen()) return null;
      if (openedAt !== null && trial !== null) return null;
      serial += 1;
      if (openedAt !== null) trial = serial;
      return serial;
    },

    success: function (id) {
      if (openedAt !== null && id !== trial) return;
      openedAt = null;
      failures = 0;
      trial = null;
    },

    permanent: function (id) {
      if (id === trial) trial = null;
    },

    transient: function (id, settings) {
      if (openedAt !== null && id !== trial) return;
      failures += 1;
      if (id === trial || failures >= settings.failureThreshold) {
        openedAt = Date.now();
        resetTimeout = settings.resetTimeoutMs;
        trial = null;
      }
    },
  };
})();

function delay(ms) {
  return new Promise(function (resolve) {
    setTimeout(resolve, Math.min(ms, MAX_TIMEOUT));
  }).then(function () {
    return ms > MAX_TIMEOUT ? delay(ms - MAX_TIMEOUT) : undefined;
  });
}

function backoff(retry, options) {
  var bound = Math.min(options.maxDelayMs, options.baseDelayMs * Math.pow(2, Math.min(retry - 1, 99)));
  return bound / 2 + Math.random() * (bound / 2);
}

function retryAfter(response) {
  if (response.status !== 429 && response.status !== 503) return 0;
  var value = (response.headers.get('Retry-After') || '').trim();
  if (/^\d+$/.test(value)) return Number(value) * 1000;
  var isDate =
    /^[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT$/.test(value) ||
    /^[A-Z][a-z]{5,8}, \d\d-[A-Z][a-z]{2}-\d\d \d\d:\d\d:\d\d GMT$/.test(value);
  var isAnsi = /^[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4}$/.test(value);
  if (!isDate && !isAnsi) return 0;
  var time = Date.parse(isAnsi ? value + ' GMT' : value);
  return isNaN(time) ? 0 : Math.max(0, time - Date.now());
}

function RetryError(code, call) {
  var error = new Error(code + ' after ' + call.attempts + ' attempts');
  error.name = 'RetryError';
  error.code = code;
  error.attempts = call.attempts;
  error.lastStatus = call.lastStatus;
  if (call.attempts > 0) error.cause = call.cause;
  return error;
}

export function executeWithRetry(operation, options) {
  var call = { attempts: 0, lastStatus: null, cause: undefined };

  function attempt() {
    var id = breaker.enter();
    if (id === null) return Promise.reject(RetryError('CIRCUIT_OPEN', call));
    call.attempts += 1;

    return new Promise(function (resolve) {
      resolve(operation({ attempt: call.attempts }));
    }).then(
      function (response) {
        return onResponse(id, response);
      },
      function (rejection) {
        call.lastStatus = null;
        call.cause = rejection;
        return onTransient(id, 0);
      },
    );
  }

  function onResponse(id, response) {
    if (response.status >= 200 && response.status < 300) {
      breaker.success(id);
      return response;
    }
    call.lastStatus = response.status;
    call.cause = response;
    if (TRANSIENT[response.status]) return onTransient(id, retryAfter(response));
    breaker.permanent(id);
    throw RetryError('NON_RETRYABLE', call);
  }

  function onTransient(id, floor) {
    breaker.transient(id, options.breaker);
    if (call.attempts >= options.maxAttempts) throw RetryError('RETRIES_EXHAUSTED', call);
    if (breaker.isOpen()) throw RetryError('CIRCUIT_OPEN', call);
    return delay(Math.max(floor, backoff(call.attempts, options))).then(attempt);
  }

  return attempt();
}
