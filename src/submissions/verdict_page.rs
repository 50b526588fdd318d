//! The verdict page: what a verdict holds, in the order in which a person reads it.

use askama::Template;

use crate::assessments::reading::Reading;
use crate::grader::verdict::{Criterion, CriterionResult, Graded, Group, Outcome, Rejection, Verdict};
use crate::submissions::{Strip, Submission};
use crate::ui::plots::{self, Figure, scale};
use crate::ui::{Shell, code};

/// A program may be 256 KiB of short lines; the page shows this many and offers the file.
const MOST_LINES: usize = 600;
/// Lines shown before and after the one that is wrong.
const CONTEXT: usize = 4;

#[derive(Template)]
#[template(path = "verdicts/verdict.html")]
pub struct VerdictPage {
    pub shell: Shell,
    pub submission: Submission,
    pub verdict: Verdict,
    /// The edition in force, where it is not the verdict's.
    pub newer_edition: Option<String>,
    pub may_regrade: bool,
    /// How it came about, where a candidate wrote it in an assessment.
    pub reading: Option<Reading>,
    pub view: View,
    pub source: Source,
}

/// What the page shows of an outcome.
pub enum View {
    Rejected(Rejection),
    Graded(Box<Evidence>),
}

pub struct Evidence {
    pub graded: Graded,
    pub strip: Strip,
    pub findings: Vec<Finding>,
    pub kept: Vec<Finding>,
    pub waits: Option<Figure>,
    pub families: Option<Figure>,
    pub herd: Option<Figure>,
    pub breaker: Option<Figure>,
}

/// One criterion with its pictures.
pub struct Finding {
    pub result: CriterionResult,
    pub figures: Vec<Figure>,
}

/// The program, coloured.
pub struct Source {
    pub lines: Vec<code::Line>,
    /// The lines around the one that is wrong.
    pub around: Vec<code::Line>,
    pub total: usize,
    /// The line to look at first: where it is wrong, or where the function begins.
    pub start: Option<usize>,
    pub is_wrong_there: bool,
}

impl VerdictPage {
    pub fn new(shell: Shell, submission: Submission, verdict: Verdict) -> VerdictPage {
        let text = submission.program.text().into_owned();
        let (view, source) = match &verdict.outcome {
            Outcome::Rejected(rejection) => (View::Rejected(rejection.clone()), Source::of(&text, rejection.line)),
            Outcome::Graded(graded) => (
                View::Graded(Box::new(Evidence::of(graded, &verdict))),
                Source::of(&text, None),
            ),
        };
        VerdictPage {
            shell,
            submission,
            verdict,
            newer_edition: None,
            may_regrade: false,
            reading: None,
            view,
            source,
        }
    }

    /// The edition, short enough to be read aloud.
    pub fn edition(&self) -> &str {
        Self::short(&self.verdict.edition)
    }

    fn short(digest: &str) -> &str {
        digest.get(..8).unwrap_or(digest)
    }

    fn inline(text: &str) -> String {
        code::inline(text)
    }

    pub fn number(&self, value: impl Into<Count>) -> String {
        scale::number(value.into().0)
    }

    pub fn counted(&self, n: impl Into<Count>, one: &str, many: &str) -> String {
        let Count(n) = n.into();
        format!("{} {}", self.number(n), if n == 1.0 { one } else { many })
    }

    /// As the program is called when it is saved.
    pub fn file(&self) -> String {
        format!("{}.{}", self.submission.id, self.submission.program.file_ending())
    }

    pub fn replay_url(&self, scenario: &str, seed: &u64) -> String {
        let scenario = crate::ui::percent_encoded(scenario);
        format!(
            "/submissions/{}/replay?scenario={scenario}&seed={seed}",
            self.submission.id
        )
    }
}

/// Whatever can be counted or measured, as the pages write it.
pub struct Count(f64);

impl From<u32> for Count {
    fn from(n: u32) -> Count {
        Count(f64::from(n))
    }
}

impl From<&u32> for Count {
    fn from(n: &u32) -> Count {
        Count(f64::from(*n))
    }
}

impl From<usize> for Count {
    fn from(n: usize) -> Count {
        Count(n as f64)
    }
}

impl From<&usize> for Count {
    fn from(n: &usize) -> Count {
        Count(*n as f64)
    }
}

impl From<f64> for Count {
    fn from(n: f64) -> Count {
        Count(n)
    }
}

impl From<&f64> for Count {
    fn from(n: &f64) -> Count {
        Count(*n)
    }
}

impl Evidence {
    fn of(graded: &Graded, verdict: &Verdict) -> Evidence {
        let (kept, mut findings): (Vec<Finding>, Vec<Finding>) =
            graded.criteria.iter().map(Finding::of).partition(|f| f.result.pass);
        findings.sort_by(|a, b| b.badness().total_cmp(&a.badness()));
        Evidence {
            strip: Strip::of(verdict).unwrap_or(Strip(Vec::new())),
            findings,
            kept,
            waits: graded.waits.as_ref().and_then(plots::waits),
            families: graded.waits.as_ref().and_then(plots::families),
            herd: graded.herd.as_ref().and_then(plots::herd),
            breaker: graded.breaker.as_ref().map(plots::breaker),
            graded: graded.clone(),
        }
    }

    pub fn of_group(&self, group: &Group) -> Vec<&CriterionResult> {
        self.graded.criteria.iter().filter(|r| r.id.group() == *group).collect()
    }

    pub fn results(&self, ids: &[Criterion]) -> Vec<&CriterionResult> {
        self.graded.criteria.iter().filter(|r| ids.contains(&r.id)).collect()
    }

    pub fn findings_title(&self) -> String {
        scale::counted(self.findings.len(), "finding", "findings")
    }

    /// The beginning of the trace's digest, in two groups.
    pub fn trace(&self) -> String {
        let trace = &self.graded.trace_sha256;
        match (trace.get(..4), trace.get(4..8)) {
            (Some(a), Some(b)) => format!("{a}·{b}"),
            _ => trace.clone(),
        }
    }

    pub fn virtual_time(&self) -> String {
        scale::duration(self.graded.stats.virtual_ms)
    }
}

impl Finding {
    pub fn of(result: &CriterionResult) -> Finding {
        let headers = plots::headers(&result.headers);
        let timeline = result.timeline.as_ref().map(plots::timeline);
        Finding {
            result: result.clone(),
            figures: headers.into_iter().chain(timeline).collect(),
        }
    }

    fn badness(&self) -> f64 {
        f64::from(self.result.bad_runs) / f64::from(self.result.runs.max(1))
    }

    pub fn others(&self) -> u32 {
        self.result.bad_runs.saturating_sub(1)
    }
}

impl Source {
    pub fn of(text: &str, wrong: Option<u32>) -> Source {
        let mut lines = code::lines(text);
        let total = lines.len();
        let wrong = wrong
            .map(|line| line as usize)
            .filter(|line| (1..=total).contains(line));
        let start = wrong.or_else(|| function_line(text));
        let around = wrong.map_or(0..0, |line| {
            line.saturating_sub(CONTEXT + 1)..(line + CONTEXT).min(total)
        });
        let around = lines[around].to_vec();
        lines.truncate(MOST_LINES);
        Source {
            lines,
            around,
            total,
            start,
            is_wrong_there: wrong.is_some(),
        }
    }

    pub fn class(&self, line: &code::Line) -> &'static str {
        match (self.start == Some(line.number), self.is_wrong_there) {
            (false, _) => "",
            (true, true) => "hit",
            (true, false) => "cover",
        }
    }
}

/// Where `executeWithRetry` is defined, for people to begin reading.
fn function_line(text: &str) -> Option<usize> {
    let is_definition = |line: &str| {
        let words = [
            "function executeWithRetry",
            "const executeWithRetry",
            "let executeWithRetry",
            "function* executeWithRetry",
        ];
        words.iter().any(|w| line.contains(w))
    };
    text.lines().position(is_definition).map(|i| i + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::plots::tests::assert_well_formed;
    use crate::ui::samples;

    fn page(title: &str, verdict: Verdict) -> VerdictPage {
        let mut page = VerdictPage::new(samples::shell("/submissions"), samples::submission(title), verdict);
        page.may_regrade = true;
        page
    }

    fn values<'a>(html: &'a str, attribute: &str) -> Vec<&'a str> {
        let start = format!(" {attribute}=\"");
        html.split(&start)
            .skip(1)
            .filter_map(|rest| rest.split('"').next())
            .collect()
    }

    #[test]
    fn every_sample_has_a_sound_page() {
        for (name, verdict) in samples::all() {
            for title in ["Candidate 17, third attempt", "<b>&\"'</b> 🦀 مرحبا", ""] {
                let mut page = page(title, verdict.clone());
                page.newer_edition = (!title.is_empty()).then(|| "0123456789abcdef".to_owned());
                let html = page.render().expect("a page");
                assert_well_formed(&html);
                assert!(!html.contains("style="), "{name}: no inline style");
                assert!(
                    !html.contains("<script>") && !html.contains("<b>&"),
                    "{name}: nothing unescaped"
                );
                let mut ids = values(&html, "id");
                for target in values(&html, "href").into_iter().filter_map(|h| h.strip_prefix('#')) {
                    assert!(ids.contains(&target), "{name}: #{target}");
                }
                ids.sort_unstable();
                assert!(ids.windows(2).all(|w| w[0] != w[1]), "{name}: {ids:?}");
                if title.starts_with("Cand") {
                    samples::keep(name, &html);
                }
            }
        }
    }

    #[test]
    fn all_thirteen_are_explained() {
        let html = page("p", samples::meets()).render().expect("a page");
        for criterion in Criterion::ALL {
            assert!(
                html.contains(&format!("id=\"{}\"", criterion.id())),
                "{}",
                criterion.id()
            );
        }
        assert!(html.contains("163 of 200") && html.contains("Two findings"));
        assert!(
            html.contains("/replay?scenario=outage-then-heal&#38;seed=4417"),
            "a finding leads to its replay"
        );
    }

    #[test]
    fn the_worst_finding_comes_first() {
        let View::Graded(evidence) = page("p", samples::meets()).view else {
            panic!("it is graded")
        };
        assert_eq!(
            evidence.findings.iter().map(|f| f.result.id).collect::<Vec<_>>(),
            [Criterion::Concurrency, Criterion::RetryAfter]
        );
        assert_eq!(evidence.kept.len(), 11);
    }

    #[test]
    fn a_rejected_program_shows_the_line() {
        let page = page("p", samples::rejected());
        assert!(page.source.is_wrong_there && page.source.start == Some(14));
        assert_eq!(page.source.around.first().map(|l| l.number), Some(10));
        assert!(page.render().expect("a page").contains("class=\"hit\""));
    }

    #[test]
    fn reading_begins_at_the_function() {
        assert_eq!(page("p", samples::exceeds()).source.start, Some(14));
    }

    #[test]
    fn a_huge_program_is_shown_in_part() {
        let source = Source::of(&"x;\n".repeat(80_000), Some(79_000));
        assert_eq!(
            (source.lines.len(), source.total, source.around.len()),
            (MOST_LINES, 80_000, 9)
        );
        assert!(Source::of("", Some(4)).around.is_empty());
    }
}
