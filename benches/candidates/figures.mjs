// How long each action took, how often it had to be tried again, and what went wrong.

export class Figures {
  actions = new Map();
  errors = [];

  took(action, ms) {
    this.of(action).times.push(ms);
  }

  /** `why`: a status that asks for another try, or "away" while the server was killed. */
  retried(action, why) {
    const { retries } = this.of(action);
    retries.set(why, (retries.get(why) ?? 0) + 1);
  }

  error(action, what) {
    this.of(action).errors += 1;
    this.errors.push(`${action}: ${what}`);
  }

  of(action) {
    if (!this.actions.has(action)) this.actions.set(action, { times: [], retries: new Map(), errors: 0 });
    return this.actions.get(action);
  }

  print() {
    console.log(row("", "count", "errors", "median ms", "99 % ms", "most ms", "tried again"));
    for (const [name, { times, retries, errors }] of this.actions) {
      const sorted = times.toSorted((a, b) => a - b);
      const at = (share) => (sorted.length ? ms(sorted[Math.ceil(share * sorted.length) - 1]) : "");
      const again = [...retries].map(([why, n]) => `${n} (${why})`).join(", ");
      console.log(row(name, sorted.length, errors, at(0.5), at(0.99), at(1), again));
    }
  }
}

function ms(value) {
  return value < 10 ? value.toFixed(1) : value.toFixed(0);
}

function row(name, ...cells) {
  return (name.padEnd(12) + cells.map((cell) => String(cell).padStart(12)).join("")).trimEnd();
}
