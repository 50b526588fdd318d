//! What two readers found in the résumés that stand where résumés are read: agreeing, disagreeing, half done.

use std::time::Duration;

use crate::app::App;
use crate::clock::Timestamp;
use crate::demo::hiring::applying::email_of;
use crate::demo::hiring::openings::Openings;
use crate::demo::hiring::stories::Job;
use crate::demo::{DemoError, Panel, Past};
use crate::error::AppError;
use crate::hiring::applications::Part;
use crate::hiring::applications::store;
use crate::hiring::screening::{Mark, Settings, reading, settings_pages, store as screenings};
use crate::hiring::{Application, Opening};
use crate::jobs;
use crate::people::Staff;

const HOUR: Duration = Duration::from_secs(3_600);

struct Case {
    candidate: &'static str,
    job: Job,
    hours_ago: u32,
    /// What the hiring manager gave, and what the interviewer: nothing where they have not come so far.
    manager: &'static [u8],
    interviewer: &'static [u8],
}

const CASES: [Case; 4] = [
    Case {
        candidate: "مرشح 34",
        job: Job::Developer,
        hours_ago: 20,
        manager: &[2, 3, 1, 1, 2, 1, 2, 1],
        interviewer: &[2, 3, 1, 1, 3, 1, 2, 1],
    },
    Case {
        candidate: "Candidate 33",
        job: Job::Developer,
        hours_ago: 9,
        manager: &[2, 2, 2, 1, 2, 2, 2, 1],
        interviewer: &[2, 1, 2],
    },
    Case {
        candidate: "Candidate 39",
        job: Job::Engineer,
        hours_ago: 26,
        manager: &[2, 0, 1, 2, 1, 1, 2, 1],
        interviewer: &[0, 0, 1, 1, 1, 1, 2, 1],
    },
    Case {
        candidate: "Candidate 50",
        job: Job::Engineer,
        hours_ago: 22,
        manager: &[0, 0, 0, 0, 0, 1, 0, 1],
        interviewer: &[0, 0, 0, 0, 0, 0, 0, 1],
    },
];

const NOTHING: &str = "Nothing that was sent speaks to it.";
const NAMED: &str = "Named in one line, without saying what was done.";

/// From opening a résumé to what is found in it.
pub const READING: Duration = Duration::from_mins(14);

/// When each has been read: twice each case, first by the hiring manager.
pub fn times(now: Timestamp) -> impl Iterator<Item = (Timestamp, usize)> {
    CASES.iter().enumerate().flat_map(move |(n, case)| {
        let first = now.minus(HOUR * case.hours_ago);
        [(first, 2 * n), (first.plus(HOUR * 3), 2 * n + 1)]
    })
}

/// Whoever reads for this job knows nobody's name.
pub async fn withhold_names(app: &App, panel: Panel<'_>, opening: &Opening) -> Result<(), DemoError> {
    let past = Past::at(app, opening.created_at);
    let settings = Settings {
        anonymised: true,
        ..Settings::USUAL
    };
    Ok(settings_pages::apply(&past.app, panel.recruiter, opening, &settings).await?)
}

pub async fn play(past: &Past, panel: Panel<'_>, openings: &Openings, number: usize) -> Result<(), DemoError> {
    let case = &CASES[number / 2];
    let opening = match case.job {
        Job::Developer => &openings.developer,
        Job::Engineer => &openings.engineer,
    };
    let (reader, scores) = match number % 2 {
        0 => (panel.manager, case.manager),
        _ => (panel.interviewer, case.interviewer),
    };
    let sent = store::of_address(&past.app.db, &email_of(case.candidate)).await?;
    let found = sent
        .into_iter()
        .map(|(application, _)| application)
        .find(|one| one.opening == opening.id);
    let application = found.ok_or(AppError::NotFound("application"))?;
    past.reads(reader, (&application, opening), scores).await?;
    Ok(jobs::run_until_idle(&past.app).await?)
}

impl Past {
    /// Submits where there is a score for every criterion, and keeps the rest as a draft.
    pub(super) async fn reads(
        &self,
        by: &Staff,
        (application, opening): (&Application, &Opening),
        scores: &[u8],
    ) -> Result<(), DemoError> {
        let app = &self.app;
        let id = reading::begin(app, by, application, opening).await?;
        let desk = reading::Desk::of(app, by, id).await?;
        let lines = self.resume(application).await?;
        let mark = |(at, _): (usize, &String)| match scores.get(at) {
            Some(0) => mark(0, NOTHING),
            Some(1) => mark(1, NAMED),
            Some(score) => match lines.get(at % lines.len().max(1)) {
                Some(line) => mark(*score, &format!("“{line}”")),
                None => mark(*score, NAMED),
            },
            None => Mark::default(),
        };
        let marks: Vec<Mark> = desk.criteria.iter().enumerate().map(mark).collect();
        self.clock.advance(READING);
        match scores.len() == marks.len() {
            true => drop(reading::submit(app, by, &desk.screening, 0, &marks).await?),
            false => {
                let mut tx = app.db.begin().await?;
                screenings::save(&mut tx, id, 0, &marks, app.now()).await?;
                tx.commit().await?;
            }
        }
        Ok(())
    }

    /// What somebody would quote.
    async fn resume(&self, application: &Application) -> Result<Vec<String>, DemoError> {
        let db = &self.app.db;
        let mut lines = Vec::new();
        for file in store::files(db, application.id).await? {
            if file.part == Part::Resume {
                let text = store::file_text(db, file.id).await?.unwrap_or_default();
                let telling = text.lines().filter(|line| line.chars().count() > 50);
                lines.extend(telling.map(str::to_owned));
            }
        }
        Ok(lines)
    }
}

fn mark(score: u8, words: &str) -> Mark {
    Mark {
        score: Some(score),
        words: words.into(),
    }
}
