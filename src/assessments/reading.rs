//! Reading what a candidate did: the sitting behind a submission, and what to look for in the program.

use uuid::Uuid;

use crate::args;
use crate::assessments::guide::{Guide, Kind, Marked};
use crate::assessments::{Fate, LogEntry, RunReport, Variant};
use crate::clock::Timestamp;
use crate::db::{Db, DbError, Result, Row};
use crate::grader::verdict::{Outcome, Verdict};

crate::statements! {
    OF_SUBMISSION = "SELECT id, candidate, variant, minutes, extra_percent, started_at, ends_at, submitted_at
        FROM assessments WHERE submission_id = $1";
    RUNS = "SELECT number, report, ran_at FROM runs WHERE assessment_id = $1 ORDER BY number";
    LOG = "SELECT id, proposed, fate, why, written_at FROM ai_log WHERE assessment_id = $1 ORDER BY written_at, id";
}

/// How the program came about, and what a reader looks for in it.
#[derive(Clone, Debug)]
pub struct Reading {
    pub sitting: Sitting,
    pub runs: Vec<RunLine>,
    /// Whether there are findings at all.
    pub graded: bool,
    /// Empty without AI.
    pub log: Vec<LogEntry>,
    /// None where the challenge has no guide.
    pub indicators: Vec<(Kind, Vec<Marked>)>,
}

/// Who wrote a submission, and in what time.
#[derive(Clone, Debug)]
pub struct Sitting {
    pub assessment: Uuid,
    pub candidate: String,
    pub variant: Variant,
    pub minutes: u32,
    pub extra_percent: u32,
    pub started_at: Option<Timestamp>,
    pub ends_at: Option<Timestamp>,
    pub submitted_at: Option<Timestamp>,
}

#[derive(Clone, Debug)]
pub struct RunLine {
    pub number: u32,
    pub ran_at: Timestamp,
    /// Of the criteria that the public scenarios feed, how many held; `None` where the draft could not be run.
    pub met: Option<(usize, usize)>,
}

/// `None` for a submission by staff.
pub async fn of_submission(db: &Db, submission: Uuid, verdict: &Verdict) -> Result<Option<Reading>> {
    let Some(sitting) = sitting(db, submission).await? else {
        return Ok(None);
    };
    let id = sitting.assessment;
    let runs = db.all(RUNS, args![id]).await?.iter().map(run).collect::<Result<_>>()?;
    let log = match sitting.variant {
        Variant::WithoutAi => Vec::new(),
        Variant::WithAi => db.all(LOG, args![id]).await?.iter().map(entry).collect::<Result<_>>()?,
    };
    Ok(Some(Reading::new(sitting, runs, log, verdict)))
}

pub async fn sitting(db: &Db, submission: Uuid) -> Result<Option<Sitting>> {
    let Some(row) = db.optional(OF_SUBMISSION, args![submission]).await? else {
        return Ok(None);
    };
    let time = |column| row.get::<Option<i64>>(column).map(|at| at.map(Timestamp));
    Ok(Some(Sitting {
        assessment: row.id("id")?,
        candidate: row.get("candidate")?,
        variant: row.parse("variant", Variant::from_id)?,
        minutes: number(&row, "minutes")?,
        extra_percent: number(&row, "extra_percent")?,
        started_at: time("started_at")?,
        ends_at: time("ends_at")?,
        submitted_at: time("submitted_at")?,
    }))
}

fn run(row: &Row) -> Result<RunLine> {
    let report: RunReport = row.json("report")?;
    let met = match &report.verdict.outcome {
        Outcome::Rejected(_) => None,
        Outcome::Graded(graded) => {
            let met = graded.criteria.iter().filter(|result| result.pass).count();
            Some((met, graded.criteria.len()))
        }
    };
    Ok(RunLine {
        number: number(row, "number")?,
        ran_at: row.time("ran_at")?,
        met,
    })
}

fn entry(row: &Row) -> Result<LogEntry> {
    Ok(LogEntry {
        id: row.id("id")?,
        proposed: row.get("proposed")?,
        fate: row.parse("fate", Fate::from_id)?,
        why: row.get("why")?,
        written_at: row.time("written_at")?,
    })
}

fn number(row: &Row, column: &'static str) -> Result<u32> {
    let stored: i64 = row.get(column)?;
    u32::try_from(stored).map_err(|_| DbError::Corrupt {
        what: column,
        why: stored.to_string(),
    })
}

impl Reading {
    pub fn new(sitting: Sitting, runs: Vec<RunLine>, log: Vec<LogEntry>, verdict: &Verdict) -> Reading {
        let guide = Guide::find(&verdict.challenge);
        let variant = sitting.variant;
        let marked =
            |guide: &'static Guide| Kind::ALL.map(|kind| (kind, guide.marked(variant, kind, &verdict.outcome)));
        Reading {
            indicators: guide.map(marked).into_iter().flatten().collect(),
            graded: matches!(verdict.outcome, Outcome::Graded(_)),
            sitting,
            runs,
            log,
        }
    }

    /// "after 7 min": when in the sitting a draft was run.
    pub fn moment(&self, run: &RunLine) -> String {
        match self.sitting.started_at {
            Some(start) => format!("after {} min", start.until(run.ran_at).as_secs() / 60),
            None => run.ran_at.words(),
        }
    }
}

impl Sitting {
    /// "14 of 20 minutes"; of the extra time, that it is in there.
    pub fn time_used(&self) -> String {
        let given = self.minutes_given();
        let extra = match self.extra_percent.saturating_sub(100) {
            0 => String::new(),
            percent => format!(", with {percent} % extra time"),
        };
        match self.minutes_used() {
            Some(used) => format!("{used} of {given} minutes{extra}"),
            None => format!("{given} minutes{extra}"),
        }
    }

    fn minutes_given(&self) -> u32 {
        self.minutes.saturating_mul(self.extra_percent).div_ceil(100)
    }

    /// Begun minutes. What the server gave back of its own outages moved the end, and does not count.
    fn minutes_used(&self) -> Option<u64> {
        let (start, end, submitted) = (self.started_at?, self.ends_at?, self.submitted_at?);
        let given = u64::from(self.minutes_given()) * 60;
        let left = submitted.until(end).as_secs();
        let used = given.saturating_sub(left).min(start.until(submitted).as_secs());
        Some(used.div_ceil(60).max(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: i64 = 60_000_000;

    fn sat(extra_percent: u32, given_back: i64, submitted: i64) -> String {
        let given = i64::from(20 * extra_percent / 100) * MINUTE;
        let sitting = Sitting {
            assessment: Uuid::nil(),
            candidate: String::new(),
            variant: Variant::WithoutAi,
            minutes: 20,
            extra_percent,
            started_at: Some(Timestamp(0)),
            ends_at: Some(Timestamp(given + given_back * MINUTE)),
            submitted_at: Some(Timestamp(submitted)),
        };
        sitting.time_used()
    }

    #[test]
    fn the_time_used_is_said_in_begun_minutes() {
        assert_eq!(sat(100, 0, 13 * MINUTE + 1_000_000), "14 of 20 minutes");
        assert_eq!(sat(100, 0, 3_000_000), "1 of 20 minutes");
        assert_eq!(sat(150, 0, 30 * MINUTE), "30 of 30 minutes, with 50 % extra time");
    }

    #[test]
    fn an_outage_of_the_server_is_nobodys_time() {
        assert_eq!(sat(100, 5, 19 * MINUTE), "14 of 20 minutes");
        assert_eq!(sat(100, 5, 25 * MINUTE), "20 of 20 minutes");
        assert_eq!(sat(100, 5, 2 * MINUTE), "1 of 20 minutes");
    }

    #[test]
    fn a_submission_a_moment_after_the_end_took_all_the_time() {
        assert_eq!(sat(100, 0, 20 * MINUTE + 2_000_000), "20 of 20 minutes");
    }
}
