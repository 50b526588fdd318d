//! What the candidate sees. The pages hold all that they show; nothing here asks the database or the clock.

use askama::Template;

use crate::assessments::{Fate, LogEntry, Run, Variant};
use crate::clock::Timestamp;
use crate::grader::Language;
use crate::grader::verdict::{Band, Criterion, CriterionResult, Outcome, Rejection};
use crate::submissions::verdict_page::{Finding, Source};
use crate::ui::form::with_errors;
use crate::ui::plots::{Figure, scale};
use crate::ui::{Field, Shell, code};

/// What every page of one candidate shows.
#[derive(Clone, Debug)]
pub struct Sitting {
    /// Secret: the pages are under `/test/{link}`.
    pub link: String,
    pub candidate: String,
    pub title: String,
    pub company: String,
    pub variant: Variant,
    /// With the extra time.
    pub minutes: u32,
    pub extra: bool,
    pub deadline: Timestamp,
}

/// Before the start: what will happen, and what is recorded.
#[derive(Template)]
#[template(path = "assessments/candidate/welcome.html")]
pub struct WelcomePage {
    pub shell: Shell,
    pub sitting: Sitting,
}

/// Asks once more, because the clock does not stop.
#[derive(Template)]
#[template(path = "assessments/candidate/start.html")]
pub struct StartPage {
    pub shell: Shell,
    pub sitting: Sitting,
}

#[derive(Template)]
#[template(path = "assessments/candidate/rehearsal.html")]
pub struct RehearsalPage {
    pub shell: Shell,
    pub sitting: Sitting,
    pub source: Field,
    pub language: Field,
    pub run: Option<RehearsalRun>,
}

pub struct RehearsalRun {
    pub figure: Option<Figure>,
    pub console: Vec<String>,
    pub problem: Option<Problem>,
}

/// Why a program could not be run, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    pub text: String,
    pub line: Option<u32>,
    pub column: Option<u32>,
}

/// The test itself: task, editor, results and log.
#[derive(Template)]
#[template(path = "assessments/candidate/work.html")]
pub struct WorkPage {
    pub shell: Shell,
    pub sitting: Sitting,
    /// As HTML.
    pub statement: String,
    pub source: Field,
    pub language: Language,
    pub starter_js: String,
    pub starter_ts: String,
    pub tab: String,
    pub saved_at: Timestamp,
    pub seconds_left: i64,
    pub ends_at: Timestamp,
    /// The last one.
    pub run: Option<Run>,
    pub runs: u32,
    /// What a run judges.
    pub public: Vec<Criterion>,
    pub log: Vec<LogEntry>,
    pub log_form: LogForm,
    pub notice: Option<Notice>,
}

/// Why what was sent without JavaScript was not accepted. The page shows it all the same, so that nothing is lost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// The test was opened elsewhere since. The page that says so has a tab of its own, and may save.
    AnotherTab,
    TooLarge {
        bytes: usize,
    },
    /// No place in the laboratory was free; the program is saved.
    Busy,
    /// Anything else, in a sentence.
    Refused(String),
}

#[derive(Clone, Debug)]
pub struct LogForm {
    pub proposed: Field,
    pub fate: Field,
    pub why: Field,
}

/// One entry of the log, to change or remove.
#[derive(Template)]
#[template(path = "assessments/candidate/entry.html")]
pub struct EntryPage {
    pub shell: Shell,
    pub sitting: Sitting,
    pub entry: LogEntry,
    pub form: LogForm,
}

/// Asks once more, because there is one submission.
#[derive(Template)]
#[template(path = "assessments/candidate/confirm.html")]
pub struct ConfirmPage {
    pub shell: Shell,
    pub sitting: Sitting,
    pub lines: usize,
    pub language: Language,
    pub seconds_left: i64,
    pub ends_at: Timestamp,
    pub saved_at: Timestamp,
    pub log_entries: usize,
    pub tab: String,
}

/// What was received, and what happens next.
#[derive(Template)]
#[template(path = "assessments/candidate/done.html")]
pub struct DonePage {
    pub shell: Shell,
    pub sitting: Sitting,
    pub submitted_at: Timestamp,
    /// The time ended, and the last draft was submitted by itself.
    pub by_deadline: bool,
    pub source: String,
    pub language: Language,
    pub lines: usize,
    pub log: Vec<LogEntry>,
    /// Where the recruiter shares the result.
    pub result: Option<ResultLink>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResultLink {
    Grading,
    Ready,
}

/// The candidate's own result: the band, and what the public scenarios show.
#[derive(Template)]
#[template(path = "assessments/candidate/result.html")]
pub struct ResultPage {
    pub shell: Shell,
    pub sitting: Sitting,
    /// `None` where the program could not be run.
    pub band: Option<Band>,
    pub submitted_at: Timestamp,
    /// Public scenarios only.
    pub run: Run,
}

#[derive(Template)]
#[template(path = "assessments/candidate/closed.html")]
pub struct ClosedPage {
    pub shell: Shell,
    pub sitting: Option<Sitting>,
    pub why: Closed,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Closed {
    Expired,
    Withdrawn,
    Unknown,
}

/// What a run shows.
pub struct Results {
    pub outcome: Shown,
    pub console: Vec<Console>,
}

pub enum Shown {
    Rejected {
        rejection: Rejection,
        source: Source,
    },
    Graded {
        criteria: Vec<CriterionResult>,
        findings: Vec<Finding>,
        /// How much time passed in the simulation.
        simulated: String,
    },
}

/// What the program printed in one scenario.
pub struct Console {
    pub scenario: String,
    pub lines: Vec<String>,
    pub left_out: usize,
}

/// A program may print without end; the page shows this many lines of a scenario.
const MOST_PRINTED: usize = 200;
/// And this many lines of a program that was received.
const MOST_LINES: usize = 600;

impl Sitting {
    pub fn url(&self, page: &str) -> String {
        match page {
            "" => format!("/test/{}", self.link),
            page => format!("/test/{}/{page}", self.link),
        }
    }

    pub fn minutes_words(&self) -> String {
        match self.minutes {
            1 => "1 minute".into(),
            n => format!("{n} minutes"),
        }
    }

    pub fn with_ai(&self) -> bool {
        self.variant == Variant::WithAi
    }
}

impl RehearsalPage {
    pub fn with_errors(&self) -> Vec<&Field> {
        with_errors(&[&self.source, &self.language])
    }

    pub fn typescript(&self) -> bool {
        self.language.value == "typescript"
    }
}

impl WorkPage {
    pub fn typescript(&self) -> bool {
        self.language == Language::TypeScript
    }

    pub fn results_of(&self, run: &Run) -> Results {
        Results::of(run)
    }

    /// How many criteria only the submission is judged by.
    pub fn hidden(&self) -> usize {
        Criterion::ALL.len().saturating_sub(self.public.len())
    }
}

impl LogForm {
    pub fn new(proposed: &str, fate: &str, why: &str) -> LogForm {
        LogForm {
            proposed: Field::new("proposed", "What was proposed").value(proposed),
            fate: Field::new("fate", "And you").value(fate),
            why: Field::new("why", "Why").value(why),
        }
    }

    pub fn empty() -> LogForm {
        LogForm::new("", "", "")
    }

    pub fn of(entry: &LogEntry) -> LogForm {
        LogForm::new(&entry.proposed, entry.fate.id(), &entry.why)
    }

    pub fn with_errors(&self) -> Vec<&Field> {
        with_errors(&[&self.proposed, &self.fate, &self.why])
    }
}

impl EntryPage {
    pub fn page(&self) -> String {
        format!("log/{}", self.entry.id)
    }

    pub fn removal(&self) -> String {
        format!("log/{}/removal", self.entry.id)
    }
}

impl DonePage {
    pub fn program(&self) -> Vec<code::Line> {
        let mut lines = code::lines(&self.source);
        lines.truncate(MOST_LINES);
        lines
    }

    pub fn is_cut(&self) -> bool {
        self.lines > MOST_LINES
    }
}

impl ResultPage {
    pub fn results(&self) -> Results {
        Results::of(&self.run)
    }

    pub fn hidden(&self) -> usize {
        match self.results().outcome {
            Shown::Graded { criteria, .. } => Criterion::ALL.len().saturating_sub(criteria.len()),
            Shown::Rejected { .. } => 0,
        }
    }
}

impl Results {
    pub fn of(run: &Run) -> Results {
        Results {
            outcome: Shown::of(run),
            console: run.report.console.iter().map(Console::of).collect(),
        }
    }
}

impl Results {
    /// How many criteria do not hold.
    pub fn wrong(&self) -> usize {
        match &self.outcome {
            Shown::Graded { findings, .. } => findings.len(),
            Shown::Rejected { .. } => 0,
        }
    }
}

impl Shown {
    fn of(run: &Run) -> Shown {
        match &run.report.verdict.outcome {
            Outcome::Rejected(rejection) => Shown::Rejected {
                rejection: rejection.clone(),
                source: Source::of(&run.program.text(), rejection.line),
            },
            Outcome::Graded(graded) => Shown::Graded {
                findings: graded.criteria.iter().filter(|r| !r.pass).map(Finding::of).collect(),
                criteria: graded.criteria.clone(),
                simulated: scale::duration(graded.stats.virtual_ms),
            },
        }
    }
}

impl Console {
    fn of(printed: &crate::assessments::Printed) -> Console {
        Console {
            scenario: printed.scenario.clone(),
            lines: printed.lines.iter().take(MOST_PRINTED).cloned().collect(),
            left_out: printed.lines.len().saturating_sub(MOST_PRINTED),
        }
    }
}

/// "14:41 UTC": the day is today's.
pub fn hour(at: &Timestamp) -> String {
    format!("{} UTC", at.iso().get(11..16).unwrap_or_default())
}

/// Whole minutes, because a clock that counts seconds makes nobody faster; seconds in the last one.
pub fn time_left(seconds: &i64) -> String {
    match (*seconds).max(0) {
        1 => "1 second".into(),
        seconds @ 0..60 => format!("{seconds} seconds"),
        60..120 => "1 minute".into(),
        seconds => format!("{} minutes", seconds / 60),
    }
}

/// "68 lines".
pub fn lines(n: &usize) -> String {
    format!(
        "{} {}",
        scale::number(*n as f64),
        if *n == 1 { "line" } else { "lines" }
    )
}

/// "0.3 s".
pub fn seconds(ms: &u64) -> String {
    match ms {
        0..1_000 => format!("{ms} ms"),
        _ => format!("{:.1} s", *ms as f64 / 1_000.0),
    }
}

/// As the one who did it says it, after "And you".
pub fn did(fate: &Fate) -> &'static str {
    match fate {
        Fate::Taken => "took it",
        Fate::Changed => "changed it",
        Fate::Rejected => "rejected it",
    }
}

/// What a band means, for the one whose program it is.
pub fn words_for(band: &Band) -> &'static str {
    match band {
        Band::Below => "Some of what a caller has to rely on does not hold yet.",
        Band::Meets => "Your program does what a caller has to rely on.",
        Band::Exceeds => "Your program keeps every rule, also where it is hard.",
    }
}

pub fn inline(text: &str) -> String {
    code::inline(text)
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::assessments::{Printed, RunReport};
    use crate::grader::Program;
    use crate::grader::verdict::Verdict;
    use crate::ui::plots::tests::assert_well_formed;
    use crate::ui::{markdown, plots, samples};

    const AT: Timestamp = Timestamp(1_795_186_327_000_000);

    fn sitting(variant: Variant) -> Sitting {
        Sitting {
            link: "abc".into(),
            candidate: "Kim Salo".into(),
            title: "Keep calling an API that fails".into(),
            company: "Tramline".into(),
            variant,
            minutes: 30,
            extra: true,
            deadline: AT,
        }
    }

    fn run(mut verdict: Verdict) -> Run {
        if let Outcome::Graded(graded) = &mut verdict.outcome {
            graded
                .criteria
                .retain(|result| result.id != Criterion::Herd && result.id != Criterion::Jitter);
        }
        let printed = |scenario: &str, n: usize| Printed {
            scenario: scenario.into(),
            lines: (1..=n).map(|i| format!("attempt {i} <b>&")).collect(),
        };
        Run {
            number: 4,
            program: Program {
                language: Language::TypeScript,
                source: samples::SOURCE.into(),
            },
            report: RunReport {
                verdict,
                console: vec![printed("calm", 3), printed("rate-limit", 300)],
                took_ms: 312,
            },
            ran_at: AT,
        }
    }

    fn log() -> Vec<LogEntry> {
        let entry = |id, proposed: &str, fate, why: &str| LogEntry {
            id: Uuid::from_u128(id),
            proposed: proposed.into(),
            fate,
            why: why.into(),
            written_at: AT,
        };
        let (jitter, counter) = ("Full jitter over the whole bound", "A counter of failures per call");
        vec![
            entry(
                1,
                jitter,
                Fate::Taken,
                "It is what the task asks for. I checked the cap.",
            ),
            entry(
                2,
                counter,
                Fate::Changed,
                "The breaker is shared, so the counter is, too.",
            ),
            entry(3, "Retry on every 4xx", Fate::Rejected, "A 404 will not get better."),
        ]
    }

    fn work(variant: Variant, run: Option<Run>) -> WorkPage {
        WorkPage {
            shell: samples::shell("/test/abc"),
            sitting: sitting(variant),
            statement: markdown::to_html(include_str!("../../challenges/execute-with-retry/statement.md")),
            source: Field::new("source", "Your program").value(samples::SOURCE),
            language: Language::TypeScript,
            starter_js: "export async function executeWithRetry(operation, options) {\n}\n".into(),
            starter_ts: "export async function executeWithRetry<T>(operation: () => Promise<T>) {\n}\n".into(),
            tab: "tab".into(),
            saved_at: AT,
            seconds_left: 1130,
            ends_at: Timestamp(AT.0 + 1_130_000_000),
            runs: run.as_ref().map_or(0, |run| run.number),
            run,
            public: Criterion::ALL[..7].to_vec(),
            log: if variant == Variant::WithAi { log() } else { Vec::new() },
            log_form: LogForm::empty(),
            notice: None,
        }
    }

    #[track_caller]
    fn look(name: &str, page: &impl Template) -> String {
        let html = page.render().expect("a page");
        assert_well_formed(&html);
        samples::keep(&format!("candidate-{name}"), &html);
        html
    }

    #[test]
    fn before_the_test() {
        let shell = || samples::shell("/test/abc");
        for (name, variant) in [("welcome", Variant::WithoutAi), ("welcome-ai", Variant::WithAi)] {
            let html = look(
                name,
                &WelcomePage {
                    shell: shell(),
                    sitting: sitting(variant),
                },
            );
            assert!(html.contains("30 minutes") && html.contains("href=\"/test/abc/start\""));
            assert_eq!(html.contains("the AI log that you write"), variant == Variant::WithAi);
        }
        look(
            "start",
            &StartPage {
                shell: shell(),
                sitting: sitting(Variant::WithAi),
            },
        );
        for (name, problem) in [("rehearsal", None), ("rehearsal-wrong", Some(Some(3)))] {
            let run = RehearsalRun {
                figure: problem.is_none().then(|| plots::timeline(&samples::rate_limit())),
                console: vec!["hello".into()],
                problem: problem.map(|line| Problem {
                    text: "A `)` is missing.".into(),
                    line,
                    column: Some(7),
                }),
            };
            let page = RehearsalPage {
                shell: shell(),
                sitting: sitting(Variant::WithAi),
                source: Field::new("source", "Your program").value("console.log('hello');\n".repeat(8)),
                language: Field::new("language", "Language").value("javascript"),
                run: Some(run),
            };
            look(name, &page);
        }
        for (name, why) in [
            ("expired", Closed::Expired),
            ("withdrawn", Closed::Withdrawn),
            ("unknown", Closed::Unknown),
        ] {
            let sitting = (why != Closed::Unknown).then(|| sitting(Variant::WithAi));
            look(
                name,
                &ClosedPage {
                    shell: shell(),
                    sitting,
                    why,
                },
            );
        }
    }

    #[test]
    fn during_the_test() {
        let html = look("work-new", &work(Variant::WithoutAi, None));
        assert!(html.contains("Not run yet") && !html.contains("id=\"log\""));
        let html = look("work", &work(Variant::WithAi, Some(run(samples::meets()))));
        assert!(html.contains("18 minutes") && html.contains("9 of 11 checks hold") && html.contains("6 more"));
        assert!(html.contains("and 100 more lines"), "what was printed is cut");
        look("work-good", &work(Variant::WithAi, Some(run(samples::exceeds()))));
        let html = look("work-rejected", &work(Variant::WithAi, Some(run(samples::rejected()))));
        assert!(html.contains("data-problem=\"14\"") && html.contains("could not be run"));
        let mut page = work(Variant::WithAi, None);
        page.notice = Some(Notice::AnotherTab);
        page.log_form = LogForm::new("A breaker", "", "");
        page.log_form.fate.error = Some("Say what you did with it.".into());
        page.log_form.why.error = Some("Say why, in a few words.".into());
        let html = look("work-refused", &page);
        assert!(html.contains("2 answers need another look"));
        let entry = log().remove(1);
        let form = LogForm::of(&entry);
        let (shell, sitting) = (samples::shell("/test/abc"), sitting(Variant::WithAi));
        look(
            "entry",
            &EntryPage {
                shell,
                sitting,
                entry,
                form,
            },
        );
    }

    #[test]
    fn after_the_test() {
        let page = ConfirmPage {
            shell: samples::shell("/test/abc"),
            sitting: sitting(Variant::WithAi),
            lines: 68,
            language: Language::TypeScript,
            seconds_left: 59,
            ends_at: AT,
            saved_at: AT,
            log_entries: 3,
            tab: "tab".into(),
        };
        look("confirm", &page);
        for (name, by_deadline, result) in [
            ("done", false, Some(ResultLink::Grading)),
            ("done-late", true, Some(ResultLink::Ready)),
        ] {
            let page = DonePage {
                shell: samples::shell("/test/abc"),
                sitting: sitting(Variant::WithAi),
                submitted_at: AT,
                by_deadline,
                source: samples::SOURCE.into(),
                language: Language::TypeScript,
                lines: samples::SOURCE.lines().count(),
                log: log(),
                result,
            };
            look(name, &page);
        }
        for (name, verdict, band) in [
            ("result", samples::meets(), Some(Band::Meets)),
            ("result-rejected", samples::rejected(), None),
        ] {
            let page = ResultPage {
                shell: samples::shell("/test/abc"),
                sitting: sitting(Variant::WithAi),
                band,
                submitted_at: AT,
                run: run(verdict),
            };
            look(name, &page);
        }
    }

    #[test]
    fn the_clock_counts_minutes_and_then_seconds() {
        let shown = [1200, 1199, 120, 119, 60, 59, 1, -3].map(|seconds| time_left(&seconds));
        let minutes = ["20 minutes", "19 minutes", "2 minutes", "1 minute", "1 minute"];
        assert_eq!(shown[..5], minutes);
        assert_eq!(shown[5..], ["59 seconds", "1 second", "0 seconds"]);
    }

    #[test]
    fn the_hour_is_that_of_the_day() {
        assert_eq!(hour(&AT), "14:52 UTC");
    }
}
