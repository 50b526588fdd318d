//! What the web app asks of the grader. Tests put their own laboratory in its place.

use std::path::Path;
use std::sync::Arc;

use crate::grader::verdict::{Criterion, Timeline, Verdict};
use crate::grader::{Challenge, EngineError, Grader, Language, Program, Rehearsal};

/// A coding test as people see it.
#[derive(Clone, Debug, PartialEq)]
pub struct CodingTest {
    pub id: String,
    pub title: String,
    /// Changes whenever a program could get another verdict.
    pub edition: String,
    pub contract: u32,
    /// Markdown.
    pub statement: String,
    pub starter_js: String,
    pub starter_ts: String,
    /// A program for the rehearsal before a test, and the scenario that it meets.
    pub warm_up: String,
    pub warm_up_scenario: String,
    /// The criteria that a candidate's runs judge.
    pub public_criteria: Vec<Criterion>,
    pub scenarios: Vec<ScenarioSummary>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScenarioSummary {
    pub id: String,
    pub about: String,
    pub public: bool,
}

impl Program {
    pub fn text(&self) -> std::borrow::Cow<'_, str> {
        String::from_utf8_lossy(&self.source)
    }

    pub fn lines(&self) -> usize {
        self.text().lines().count()
    }

    pub fn file_ending(&self) -> &'static str {
        match self.language {
            Language::JavaScript => "js",
            Language::TypeScript => "ts",
        }
    }
}

/// One run, played again.
#[derive(Clone, Debug, PartialEq)]
pub struct Replayed {
    pub timeline: Timeline,
    /// What the program printed, line by line.
    pub console: Vec<String>,
}

/// In words for the person who asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ReplayFailure(pub String);

/// Grading and replaying take a processor for as long as they last: call them from a thread that may block.
pub trait Laboratory: Send + Sync {
    fn tests(&self) -> Arc<[CodingTest]>;

    fn grade(&self, test: &str, program: &Program, seed: u64) -> Result<Verdict, UnknownTest>;

    fn replay(&self, test: &str, program: &Program, scenario: &str, seed: u64) -> Result<Replayed, ReplayFailure>;

    /// Plays the public scenarios alone.
    fn rehearse(&self, test: &str, program: &Program, seed: u64) -> Result<Rehearsal, UnknownTest>;
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no coding test “{0}” any more")]
pub struct UnknownTest(pub String);

pub fn find_test(laboratory: &dyn Laboratory, id: &str) -> Option<CodingTest> {
    laboratory.tests().iter().find(|test| test.id == id).cloned()
}

/// The grader with the challenges that ship.
pub struct Shipped {
    grader: Grader,
    tests: Arc<[CodingTest]>,
}

impl Shipped {
    pub fn open(cache: &Path) -> Result<Shipped, EngineError> {
        let tests = Challenge::all().iter().map(CodingTest::from).collect();
        Ok(Shipped {
            grader: Grader::open(cache)?,
            tests,
        })
    }
}

impl Laboratory for Shipped {
    fn tests(&self) -> Arc<[CodingTest]> {
        Arc::clone(&self.tests)
    }

    fn grade(&self, test: &str, program: &Program, seed: u64) -> Result<Verdict, UnknownTest> {
        let challenge = Challenge::find(test).ok_or_else(|| UnknownTest(test.to_owned()))?;
        Ok(self.grader.grade(challenge, program, seed))
    }

    fn rehearse(&self, test: &str, program: &Program, seed: u64) -> Result<Rehearsal, UnknownTest> {
        let challenge = Challenge::find(test).ok_or_else(|| UnknownTest(test.to_owned()))?;
        Ok(self.grader.rehearse(challenge, program, seed))
    }

    fn replay(&self, test: &str, program: &Program, scenario: &str, seed: u64) -> Result<Replayed, ReplayFailure> {
        let challenge = Challenge::find(test).ok_or_else(|| ReplayFailure(UnknownTest(test.to_owned()).to_string()))?;
        let replay = self.grader.replay(challenge, program, scenario, seed);
        replay
            .map(|replay| Replayed {
                timeline: replay.timeline,
                console: replay.console,
            })
            .map_err(|error| ReplayFailure(error.to_string()))
    }
}

impl From<&Challenge> for CodingTest {
    fn from(challenge: &Challenge) -> CodingTest {
        let scenarios = challenge.scenarios.iter();
        CodingTest {
            id: challenge.id.clone(),
            title: challenge.title.clone(),
            edition: challenge.edition.clone(),
            contract: challenge.contract,
            statement: challenge.statement.clone(),
            starter_js: challenge.starter_js.clone(),
            starter_ts: challenge.starter_ts.clone(),
            warm_up: challenge.warm_up.clone(),
            warm_up_scenario: challenge.warm_up_scenario.clone(),
            public_criteria: challenge.public_criteria(),
            scenarios: scenarios
                .map(|s| ScenarioSummary {
                    id: s.id.clone(),
                    about: s.about.clone(),
                    public: s.public,
                })
                .collect(),
        }
    }
}

/// Grades nothing: for commands that manage accounts and have no use for an engine.
pub struct Closed;

impl Laboratory for Closed {
    fn tests(&self) -> Arc<[CodingTest]> {
        Arc::new([])
    }

    fn grade(&self, test: &str, _: &Program, _: u64) -> Result<Verdict, UnknownTest> {
        Err(UnknownTest(test.to_owned()))
    }

    fn rehearse(&self, test: &str, _: &Program, _: u64) -> Result<Rehearsal, UnknownTest> {
        Err(UnknownTest(test.to_owned()))
    }

    fn replay(&self, _: &str, _: &Program, _: &str, _: u64) -> Result<Replayed, ReplayFailure> {
        Err(ReplayFailure("The laboratory is closed.".into()))
    }
}
