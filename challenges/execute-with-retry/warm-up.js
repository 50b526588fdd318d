// A rehearsal: change what you like, and run it as often as you like.
// It counts for nothing.
//
// This program tries three times and waits a tenth of a second in
// between. Each call meets one, two or three failures before an answer.
// Run it, look at the timeline, and read what it printed.

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

export async function executeWithRetry(operation, options) {
  for (let attempt = 1; attempt <= 3; attempt += 1) {
    const response = await operation({ attempt });
    console.log('attempt', attempt, 'was answered with', response.status);
    if (response.ok) return response;
    await pause(options.baseDelayMs);
  }
  throw new Error('three attempts were not enough');
}
