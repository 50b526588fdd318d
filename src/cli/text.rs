//! Verdicts for a terminal.

use crate::grader::Replay;
use crate::grader::verdict::{AnswerKind, CallLine, CriterionResult, Graded, Outcome, Timeline, Verdict};
use std::io::{self, IsTerminal, Write};

#[derive(Clone, Copy)]
pub struct Paint(bool);

impl Paint {
    pub fn for_stdout() -> Paint {
        Paint(io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none())
    }

    fn code(self, code: &str, text: &str) -> String {
        if self.0 {
            format!("\x1b[{code}m{text}\x1b[0m")
        } else {
            text.to_string()
        }
    }

    fn strong(self, text: &str) -> String {
        self.code("1", text)
    }

    fn good(self, text: &str) -> String {
        self.code("32", text)
    }

    pub fn bad(self, text: &str) -> String {
        self.code("31", text)
    }

    fn quiet(self, text: &str) -> String {
        self.code("2", text)
    }
}

const WIDTH: usize = 92;

pub fn verdict(file: &str, verdict: &Verdict, paint: Paint, out: &mut dyn Write) -> io::Result<()> {
    match &verdict.outcome {
        Outcome::Rejected(rejection) => {
            let place = rejection.line.map_or(String::new(), |line| format!(":{line}"));
            writeln!(
                out,
                "{}  {}",
                paint.strong(&format!("{file}{place}")),
                paint.bad("not graded")
            )?;
            for line in wrap(&rejection.reason, WIDTH - 2) {
                writeln!(out, "  {line}")?;
            }
            writeln!(out)
        }
        Outcome::Graded(graded) => {
            let passed = graded.criteria.iter().filter(|c| c.pass).count();
            let band = format!("{}, {passed} of {}", graded.band.label(), graded.criteria.len());
            writeln!(out, "{}  {}", paint.strong(file), paint.strong(&band))?;
            for line in wrap(&graded.summary, WIDTH - 2) {
                writeln!(out, "  {line}")?;
            }
            writeln!(out)?;
            table(graded, paint, out)?;
            for result in graded.criteria.iter().filter(|c| !c.pass) {
                finding(file, result, paint, out)?;
            }
            figures(verdict.seed, graded, paint, out)
        }
    }
}

fn table(graded: &Graded, paint: Paint, out: &mut dyn Write) -> io::Result<()> {
    for result in &graded.criteria {
        let mark = if result.pass {
            paint.good("✓")
        } else {
            paint.bad("✗")
        };
        let what = if result.pass {
            result.id.label().to_string()
        } else {
            paint.bad(&result.title)
        };
        let runs = match (result.pass, result.runs) {
            (_, 0) => "no evidence".to_string(),
            (true, runs) => runs.to_string(),
            (false, runs) => format!("{} of {runs}", result.bad_runs),
        };
        writeln!(
            out,
            "  {mark} {:<17} {:>14}  {what}",
            result.id.id(),
            paint.quiet(&format!("{runs:>14}"))
        )?;
    }
    writeln!(out)
}

fn finding(file: &str, result: &CriterionResult, paint: Paint, out: &mut dyn Write) -> io::Result<()> {
    writeln!(
        out,
        "{} {}  {}",
        paint.bad("✗"),
        paint.strong(&result.title),
        paint.quiet(result.id.id())
    )?;
    for (label, text) in [
        (format!("rule {}", result.id.rule()), result.id.clause()),
        ("expected".to_string(), result.expected.as_str()),
        ("measured".to_string(), result.measured.as_str()),
        (String::new(), result.finding.as_str()),
    ] {
        for (i, line) in wrap(text, WIDTH - 12).into_iter().enumerate() {
            let label = if i == 0 { label.as_str() } else { "" };
            writeln!(out, "  {} {line}", paint.quiet(&format!("{label:<9}")))?;
        }
    }
    if let Some(line) = &result.timeline {
        timeline(line, paint, out)?;
    }
    if let Some(seen) = &result.seen {
        let command = format!(
            "halfopen grade --scenario {} --seed {} {file}",
            seen.scenario, seen.seed
        );
        writeln!(out, "  {}", paint.quiet(&command))?;
    }
    writeln!(out)
}

fn figures(seed: u64, graded: &Graded, paint: Paint, out: &mut dyn Write) -> io::Result<()> {
    let s = &graded.stats;
    let text = format!(
        "{} scenarios, {} runs, {} processes, {} requests, {:.0} s of virtual time in {:.0} ms; seed {seed}, trace {}",
        s.scenarios,
        s.runs,
        s.instances,
        s.operations,
        s.virtual_ms / 1_000.0,
        s.cpu_ms,
        &graded.trace_sha256[..12]
    );
    writeln!(out, "{}\n", paint.quiet(&text))
}

pub fn replay(file: &str, replay: &Replay, paint: Paint, out: &mut dyn Write) -> io::Result<()> {
    let t = &replay.timeline;
    writeln!(out, "{}  {} · seed {}", paint.strong(file), t.scenario, t.seed)?;
    for line in wrap(&t.about, WIDTH - 2) {
        writeln!(out, "  {line}")?;
    }
    writeln!(out)?;
    timeline(t, paint, out)?;
    for mark in &t.marks {
        writeln!(out, "  {} at {}", paint.bad(&mark.text), time(mark.at))?;
    }
    for line in replay.console.iter().take(40) {
        writeln!(out, "  {} {line}", paint.quiet("console"))?;
    }
    writeln!(out, "{}", paint.quiet(&format!("trace {}", &replay.trace_sha256[..12])))
}

fn timeline(timeline: &Timeline, paint: Paint, out: &mut dyn Write) -> io::Result<()> {
    for span in timeline.breaker.iter().filter(|_| timeline.breaker.len() > 1) {
        let state = match span.state {
            crate::grader::verdict::BreakerState::Closed => "closed",
            crate::grader::verdict::BreakerState::Open => "open",
            crate::grader::verdict::BreakerState::HalfOpen => "half-open",
        };
        writeln!(
            out,
            "  {} {state} {} to {}",
            paint.quiet("breaker  "),
            time(span.from),
            time(span.to)
        )?;
    }
    for call in timeline.calls.iter().take(10) {
        writeln!(
            out,
            "  {} {}",
            paint.quiet(&format!("call {:<4}", call.call)),
            lane(call, paint)
        )?;
    }
    Ok(())
}

/// "0  503 ··61··  503 ··172··  200 → 200"
fn lane(call: &CallLine, paint: Paint) -> String {
    let mut text = format!("{:>8}", time(call.start));
    let mut last_end = None;
    for attempt in call.attempts.iter().take(8) {
        if let Some(end) = last_end {
            text.push_str(&paint.quiet(&format!(" ·{}·", time(attempt.start.saturating_sub(end)))));
        }
        let header = attempt.retry_after.as_ref().map_or(String::new(), |h| format!("[{h}]"));
        let label = format!(" {}{header}", attempt.label);
        let wrong = if attempt.wrong { "!" } else { "" };
        let painted = match attempt.kind {
            _ if attempt.wrong => paint.code("7", &label),
            AnswerKind::Success => paint.good(&label),
            _ => paint.bad(&label),
        };
        text.push_str(&painted);
        text.push_str(wrong);
        last_end = attempt.end;
    }
    if call.attempts.len() > 8 {
        text.push_str(&format!(" … {} in all", call.attempts.len()));
    }
    match &call.end {
        Some(end) => text.push_str(&format!(" → {} at {}", end.label, time(end.at))),
        None => text.push_str(" → never ends"),
    }
    text
}

fn time(micros: u64) -> String {
    let ms = micros as f64 / 1_000.0;
    if ms < 10.0 {
        format!("{ms:.1}")
    } else {
        format!("{ms:.0}")
    }
}

fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_string()),
        }
    }
    lines
}
