//! Verdicts for tests: what pages and plots must be able to show, from the usual to the extreme.

use std::sync::Arc;

use uuid::Uuid;

use crate::clock::Timestamp;
use crate::grader::Language;
use crate::grader::verdict::*;
use crate::people::{Role, Staff};
use crate::submissions::{Program, Submission};
use crate::ui::Shell;
use crate::ui::shell::Theme;

/// Keeps a page to look at, in the folder that `HALFOPEN_LOOK` names.
pub fn keep(name: &str, page: &str) {
    if let Some(dir) = std::env::var_os("HALFOPEN_LOOK") {
        std::fs::write(std::path::Path::new(&dir).join(format!("{name}.html")), page)
            .expect("the folder can be written to");
    }
}

pub fn shell(path: &str) -> Shell {
    let staff = Staff {
        id: Uuid::nil(),
        email: "recruiter@demo.test".into(),
        name: "Demo Recruiter".into(),
        role: Role::Recruiter,
        active: true,
        has_password: true,
        created_at: Timestamp(0),
    };
    Shell {
        nonce: "nonce".into(),
        theme: Theme::System,
        staff: Some(Arc::new(staff)),
        flash: None,
        path: path.into(),
    }
}

pub fn submission(title: &str) -> Submission {
    Submission {
        id: Uuid::from_u128(0x0193_4f6a_1c2d_7000_8000_0000_0000_0001),
        challenge: "execute-with-retry".into(),
        title: title.into(),
        program: Program {
            language: Language::TypeScript,
            source: SOURCE.into(),
        },
        seed: u64::MAX,
        submitted_by: "Demo Recruiter".into(),
        submitted_at: Timestamp(1_795_186_320_000_000),
        verdict: None,
    }
}

/// Every sample with a name.
pub fn all() -> Vec<(&'static str, Verdict)> {
    vec![
        ("exceeds", exceeds()),
        ("meets", meets()),
        ("below", below()),
        ("rejected", rejected()),
        ("rejected-without-line", rejected_without_line()),
        ("extremes", extremes()),
    ]
}

pub const SOURCE: &str = "const state = { name: 'closed', failures: 0, openedAt: 0 };

const TRANSIENT = new Set([408, 425, 429, 500, 502, 503, 504]);

/* Every rejection
   carries its story. */
class RetryError extends Error {
  constructor(code, attempts, lastStatus, cause) {
    super(`${code} after ${attempts} attempts`, { cause });
    Object.assign(this, { code, attempts, lastStatus });
  }
}

export async function executeWithRetry(operation, options) {
  const { maxAttempts, baseDelayMs, maxDelayMs, breaker } = options;
  let attempts = 0, lastStatus = null, last;
  for (;;) {
    if (!admits(breaker)) throw new RetryError('CIRCUIT_OPEN', attempts, lastStatus, last); // <b> & \"quotes\"
    attempts += 1;
    last = await operation({ attempt: attempts });
    if (last.ok) return last;
    await sleep(Math.random() * Math.min(maxDelayMs, baseDelayMs * 2 ** (attempts - 1)));
  }
}
";

const OPTIONS: Options = Options {
    max_attempts: 7,
    base_delay_ms: 100.0,
    max_delay_ms: 2000.0,
    failure_threshold: 5,
    reset_timeout_ms: 3000.0,
};

pub fn exceeds() -> Verdict {
    graded(
        &[],
        "The program does all that the contract asks: it retries what it should, stops when it should and spreads its waits well: full jitter, base 100 ms, factor 2, cap 2 000 ms.",
    )
}

pub fn meets() -> Verdict {
    let mut v = graded(
        &[(Criterion::RetryAfter, 40), (Criterion::Concurrency, 163)],
        "The program retries what it should, stops when it should and spreads its waits well: full jitter, base 100 ms, factor 2, cap 2 000 ms. Two things are wrong. A Retry-After written as a date is ignored, and once the breaker is half-open it lets every call through instead of one.",
    );
    let g = graded_mut(&mut v);
    finding(
        g,
        Criterion::Concurrency,
        "Half-open admits every call",
        "Eight calls went through one outage; five failures opened the breaker at 760 ms, and when it was half-open three attempts left within 6 ms.",
        "1 attempt while half-open; calls 6 and 7 reject with CIRCUIT_OPEN",
        "3 attempts, at 3 800, 3 803 and 3 806 ms; all three resolve",
        outage(),
    );
    finding(
        g,
        Criterion::RetryAfter,
        "A date in Retry-After is ignored",
        "The API asked for 3 seconds, as a date. The next attempt came after 64 ms.",
        "3 000 to 3 850 ms after Thu, 01 Jan 2026 00:00:03 GMT, with maxDelayMs 100",
        "0 to 100 ms, as if there were no header. As seconds it is honoured.",
        rate_limit(),
    );
    if let Some(r) = g.criteria.iter_mut().find(|r| r.id == Criterion::RetryAfter) {
        r.headers = headers();
    }
    if let Some(b) = &mut g.breaker {
        b.trials = 3;
    }
    v
}

pub fn below() -> Verdict {
    let failed = [
        (Criterion::Permanent, 180),
        (Criterion::AttemptLimit, 12),
        (Criterion::Jitter, 300),
        (Criterion::BreakerOpens, 160),
        (Criterion::BreakerRecovers, 160),
        (Criterion::ErrorShape, 1),
        (Criterion::Settles, 7),
        (Criterion::Concurrency, 200),
        (Criterion::Herd, 60),
    ];
    let mut v = graded(
        &failed,
        "The program retries, but its waits are the same every time, and it has no breaker.",
    );
    let g = graded_mut(&mut v);
    for (c, _) in failed {
        finding(
            g,
            c,
            "Not as the rule says",
            "In this run the program did something else.",
            "what the rule says",
            "something else, 4 times",
            permanent(),
        );
    }
    g.waits = Some(waits(Family::None, &[100.0, 200.0, 400.0], |b, _| b));
    g.herd = Some(herd(&[(0, 1000), (30, 1000), (70, 998)]));
    g.breaker = None;
    v
}

pub fn rejected() -> Verdict {
    let rejection = Rejection {
        reason: "Syntax error: expected `)` but found `{`.".into(),
        line: Some(14),
        column: Some(26),
    };
    Verdict {
        outcome: Outcome::Rejected(rejection),
        ..verdict(Outcome::Rejected(no_export()))
    }
}

pub fn rejected_without_line() -> Verdict {
    verdict(Outcome::Rejected(no_export()))
}

/// Forty calls, ten minutes of quiet, attempts too short to be seen, no wait measured, hostile words.
pub fn extremes() -> Verdict {
    let mut v = graded(
        &[(Criterion::Settles, 3), (Criterion::Success, 1)],
        "<script>alert(1)</script> & “quotes” in every word.",
    );
    let g = graded_mut(&mut v);
    finding(
        g,
        Criterion::Settles,
        "Never settles: <i>not</i> & never",
        "After forty calls nothing came back, and ten minutes later still nothing had, although every single attempt had long been answered by the server.",
        "every promise settles",
        "0 of 40 settle",
        crowd(),
    );
    finding(
        g,
        Criterion::Success,
        "Resolves to undefined",
        "The call resolved to undefined.",
        "the response",
        "undefined",
        lonely(),
    );
    g.waits = Some(Waits {
        retries: vec![RetryWaits {
            n: 1,
            bound_ms: 100.0,
            waits_ms: vec![],
        }],
        ..waits(Family::Other, &[], |b, _| b)
    });
    g.herd = Some(Herd {
        program: vec![],
        none: vec![],
        reference: vec![],
        ..herd(&[])
    });
    g.stats.virtual_ms = 3.7e9;
    v
}

fn no_export() -> Rejection {
    Rejection {
        reason: "The module does not export executeWithRetry. Write `export async function executeWithRetry(operation, options)`.".into(),
        line: None,
        column: None,
    }
}

fn verdict(outcome: Outcome) -> Verdict {
    Verdict {
        challenge: "execute-with-retry".into(),
        edition: "9f2c41ab77d0e3c5".into(),
        contract: 1,
        seed: 1,
        outcome,
    }
}

fn graded_mut(v: &mut Verdict) -> &mut Graded {
    match &mut v.outcome {
        Outcome::Graded(g) => g,
        Outcome::Rejected(_) => unreachable!("the samples that are changed are graded"),
    }
}

fn graded(failed: &[(Criterion, u32)], summary: &str) -> Verdict {
    let criteria: Vec<CriterionResult> = Criterion::ALL
        .iter()
        .enumerate()
        .map(|(i, &id)| {
            let bad = failed.iter().find(|f| f.0 == id).map_or(0, |f| f.1);
            CriterionResult {
                id,
                pass: bad == 0,
                runs: [120, 220, 180, 160, 300, 300, 120, 160, 160, 240, 380, 200, 60][i],
                bad_runs: bad,
                title: id.label().into(),
                finding: "Every run held to the rule.".into(),
                expected: "what the rule says".into(),
                measured: "just that, in every run".into(),
                seen: None,
                timeline: None,
                headers: if id == Criterion::RetryAfter && bad == 0 {
                    headers_kept()
                } else {
                    Vec::new()
                },
            }
        })
        .collect();
    verdict(Outcome::Graded(Box::new(Graded {
        band: Band::of(&criteria),
        criteria,
        summary: summary.into(),
        waits: Some(waits(
            Family::Full,
            &[100.0, 200.0, 400.0, 800.0, 1600.0, 2000.0],
            |b, u| b * u,
        )),
        herd: Some(herd(&[])),
        breaker: Some(BreakerStory {
            opened: 1,
            opened_after: 5,
            rejected_while_open: 3,
            sent_while_open: 0,
            half_opened: 1,
            trials: 1,
            trials_allowed: 1,
            closed_again: 1,
            reopened: 0,
        }),
        stats: Stats {
            scenarios: 31,
            runs: 2600,
            instances: 4100,
            operations: 19422,
            virtual_ms: 8.4e6,
            cpu_ms: 213.4,
        },
        trace_sha256: "9f2c41ab77d0e3c5b1a6f2d40c8e9713aa52be6b0d4f8c1e7a35962f08d1c4be".into(),
    })))
}

fn finding(g: &mut Graded, id: Criterion, title: &str, finding: &str, expected: &str, measured: &str, t: Timeline) {
    let r = g
        .criteria
        .iter_mut()
        .find(|r| r.id == id)
        .expect("all thirteen are there");
    r.pass = false;
    r.title = title.into();
    r.finding = finding.into();
    r.expected = expected.into();
    r.measured = measured.into();
    r.seen = Some(Seen {
        scenario: t.scenario.clone(),
        seed: t.seed,
    });
    r.timeline = Some(t);
}

/// Evenly spread over 0 to 1, in an order that looks drawn.
fn spread(i: usize, n: usize) -> f64 {
    ((i * 37 + 11) % n) as f64 / n as f64 + 0.5 / n as f64
}

pub fn waits(family: Family, bounds: &[f64], draw: impl Fn(f64, f64) -> f64) -> Waits {
    let retries = bounds
        .iter()
        .enumerate()
        .map(|(i, &bound_ms)| RetryWaits {
            n: i as u32 + 1,
            bound_ms,
            waits_ms: (0..50).map(|k| draw(bound_ms, spread(k + 7 * i, 50))).collect(),
        })
        .collect();
    let (low, high) = match family {
        Family::Equal => (0.5, 1.0),
        Family::None => (1.0, 1.0),
        _ => (0.0, 1.0),
    };
    Waits {
        family,
        base_ms: 100.0,
        factor: 2.0,
        cap_ms: Some(2000.0),
        low,
        high,
        distance: 0.043,
        critical: 0.094,
        alpha: 0.01,
        processes: 50,
        draws: 300,
        options: OPTIONS,
        retries,
    }
}

pub fn herd(own: &[(usize, u32)]) -> Herd {
    let decay = |i: usize, wobble: usize| {
        let level = [110.0, 60.0, 28.0, 12.0, 3.0][(i / 12).min(4)];
        (level * (0.8 + 0.4 * spread(i + wobble, 17))) as u32
    };
    let mut program: Vec<u32> = (0..75).map(|i| decay(i, 0)).collect();
    if !own.is_empty() {
        program = vec![0; 75];
        for &(i, n) in own {
            program[i] = n;
        }
    }
    let mut none = vec![0; 75];
    for i in [10, 30, 70] {
        none[i] = 1000;
    }
    let share = if own.is_empty() { 0.071 } else { 1.0 };
    Herd {
        clients: 1000,
        window_ms: 10.0,
        capacity: 200.0,
        program,
        reference: (0..75).map(|i| decay(i, 5)).collect(),
        none,
        shed: [if own.is_empty() { 0 } else { 2400 }, 0, 2400],
        retries: (1..=3).map(|n| HerdRetry { n, share, limit: 0.15 }).collect(),
    }
}

fn headers() -> Vec<HeaderWaits> {
    let row = |form: &str, low: f64, high: f64, from: f64, to: f64, pass: bool| HeaderWaits {
        form: form.into(),
        low_ms: low,
        high_ms: high,
        waits_ms: (0..40).map(|i| from + (to - from) * spread(i, 40)).collect(),
        pass,
    };
    vec![
        row("Retry-After: 3", 3000.0, 3850.0, 3001.0, 3094.0, true),
        row(
            "Retry-After: Thu, 01 Jan 2026 00:00:03 GMT",
            3000.0,
            3850.0,
            1.0,
            98.0,
            false,
        ),
        row("Retry-After: soon", 0.0, 100.0, 2.0, 97.0, true),
    ]
}

fn headers_kept() -> Vec<HeaderWaits> {
    headers().into_iter().filter(|h| h.pass).collect()
}

/// Start and end in ms, the answer, and whether it was wrong to send it.
type Try = (f64, f64, &'static str, bool);

fn call(client: u32, call: u32, start: f64, tries: &[Try], end: Option<(f64, bool, &str)>) -> CallLine {
    let us = |ms: f64| (ms * 1000.0) as u64;
    let kind = |label: &str| match label {
        "200" => AnswerKind::Success,
        "404" | "400" => AnswerKind::Permanent,
        _ => AnswerKind::Transient,
    };
    CallLine {
        client,
        call,
        start: us(start),
        attempts: tries
            .iter()
            .map(|&(from, to, label, wrong)| AttemptLine {
                start: us(from),
                end: Some(us(to)),
                kind: kind(label),
                label: label.into(),
                retry_after: None,
                wrong,
            })
            .collect(),
        end: end.map(|(at, resolved, label)| CallEnd {
            at: us(at),
            resolved,
            label: label.into(),
        }),
    }
}

fn timeline(scenario: &str, about: &str, calls: Vec<CallLine>, spans: &[(f64, BreakerState)], end: f64) -> Timeline {
    let us = |ms: f64| (ms * 1000.0) as u64;
    let ends = spans.iter().skip(1).map(|s| s.0).chain([end]);
    Timeline {
        scenario: scenario.into(),
        seed: 4417,
        about: about.into(),
        options: OPTIONS,
        calls,
        calls_left_out: 0,
        breaker: spans
            .iter()
            .zip(ends)
            .map(|(&(from, state), to)| BreakerSpan {
                from: us(from),
                to: us(to),
                state,
            })
            .collect(),
        marks: Vec::new(),
        end: us(end),
    }
}

pub fn outage() -> Timeline {
    use BreakerState::*;
    let open = "CIRCUIT_OPEN";
    let calls = vec![
        call(1, 1, 300.0, &[(300.0, 340.0, "200", false)], Some((340.0, true, "200"))),
        call(
            1,
            2,
            420.0,
            &[
                (420.0, 455.0, "503", false),
                (516.0, 549.0, "503", false),
                (721.0, 760.0, "503", false),
            ],
            Some((760.0, false, open)),
        ),
        call(
            1,
            3,
            480.0,
            &[(480.0, 518.0, "503", false), (606.0, 640.0, "503", false)],
            Some((787.0, false, open)),
        ),
        call(1, 4, 1610.0, &[], Some((1610.0, false, open))),
        call(
            1,
            5,
            3800.0,
            &[(3800.0, 3842.0, "200", false)],
            Some((3842.0, true, "200")),
        ),
        call(
            1,
            6,
            3803.0,
            &[(3803.0, 3844.0, "200", true)],
            Some((3844.0, true, "200")),
        ),
        call(
            1,
            7,
            3806.0,
            &[(3806.0, 3849.0, "200", true)],
            Some((3849.0, true, "200")),
        ),
        call(
            1,
            8,
            4300.0,
            &[(4300.0, 4338.0, "200", false)],
            Some((4338.0, true, "200")),
        ),
    ];
    let spans = [(280.0, Closed), (760.0, Open), (3800.0, HalfOpen), (3842.0, Closed)];
    let mut t = timeline(
        "outage-then-heal",
        "Five failures open the breaker; after its reset timeout the API is well again",
        calls,
        &spans,
        4350.0,
    );
    for (at, lane) in [(3803, 5), (3806, 6)] {
        t.marks.push(Mark {
            at: at * 1000,
            lane: Some(lane),
            text: "a trial too many: it must be rejected".into(),
        });
    }
    t
}

pub fn rate_limit() -> Timeline {
    let tries = [
        (0.0, 22.0, "429", false),
        (86.0, 110.0, "429", true),
        (160.0, 182.0, "200", false),
    ];
    let calls = vec![call(1, 1, 0.0, &tries, Some((182.0, true, "200")))];
    let mut t = timeline(
        "rate-limit-date",
        "The API answers 429 with a date 3 seconds ahead",
        calls,
        &[],
        182.0,
    );
    t.marks.push(Mark {
        at: 86_000,
        lane: Some(0),
        text: "3 000 ms too soon".into(),
    });
    t
}

fn permanent() -> Timeline {
    let tries = [
        (0.0, 12.0, "404", false),
        (112.0, 124.0, "404", true),
        (324.0, 337.0, "ECONNRESET", true),
        (737.0, 750.0, "400", true),
    ];
    let calls = vec![call(1, 1, 0.0, &tries, Some((750.0, false, "RETRIES_EXHAUSTED")))];
    let mut t = timeline(
        "not-found",
        "Every request gets 404",
        calls,
        &[(0.0, BreakerState::Closed)],
        760.0,
    );
    t.calls_left_out = 4;
    t.marks.push(Mark {
        at: 112_000,
        lane: Some(0),
        text: "retried although 404 is permanent".into(),
    });
    t.marks.push(Mark {
        at: 750_000,
        lane: Some(0),
        text: "the code must be NON_RETRYABLE".into(),
    });
    t.marks.push(Mark {
        at: 600_000,
        lane: None,
        text: "the breaker must not count this".into(),
    });
    t
}

/// Forty clients, many short attempts, ten minutes in which nothing happens, and a breaker that flaps.
pub fn crowd() -> Timeline {
    use BreakerState::*;
    let calls = (0..40u32)
        .map(|i| {
            let start = f64::from(i) * 3.0;
            let tries: Vec<Try> = (0..12)
                .map(|k| {
                    let at = start + f64::from(k) * 9.0 + if k > 8 { 600_000.0 } else { 0.0 };
                    (at, at + 1.0, if k == 11 { "200" } else { "503" }, k > 9)
                })
                .collect();
            let end = match i % 3 {
                0 => None,
                1 => Some((601_000.0, false, "RETRIES_EXHAUSTED")),
                _ => Some((
                    600_400.0,
                    true,
                    "a very long value that nobody expected: [object Object]",
                )),
            };
            call(i + 1, 1, start, &tries, end)
        })
        .collect();
    let spans = [
        (0.0, Closed),
        (90.0, Open),
        (95.0, HalfOpen),
        (96.0, Open),
        (600_090.0, HalfOpen),
        (600_091.0, Closed),
    ];
    let mut t = timeline("crowd", "Forty clients", calls, &spans, 602_000.0);
    for i in 0..40 {
        let at = u64::from(i) * 3000 + 90_000 + 600_000_000;
        t.marks.push(Mark {
            at,
            lane: Some(i),
            text: format!("fault number {} of a great many that all need a word", i % 9),
        });
    }
    t.marks.push(Mark {
        at: 999_000_000,
        lane: Some(77),
        text: "outside the picture".into(),
    });
    t
}

/// One call without an attempt and without an end.
fn lonely() -> Timeline {
    timeline(
        "silence",
        "",
        vec![call(1, 1, 0.0, &[], Some((0.0, true, "undefined")))],
        &[],
        0.0,
    )
}
