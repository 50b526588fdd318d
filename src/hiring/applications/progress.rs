//! Where an application is among the stages of its job, and how long it took to come there.

use uuid::Uuid;

use crate::clock::Timestamp;
use crate::hiring::applications::following::days_since;
use crate::hiring::applications::store::Visit;
use crate::hiring::{Application, ApplicationState, Stage};

/// A stage, as the line of them shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    pub name: String,
    pub place: Place,
    /// How long it took, or takes.
    pub time: String,
    /// The class that colours the time.
    pub tone: &'static str,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    Done,
    Here,
    Ahead,
}

impl Place {
    pub fn class(self) -> &'static str {
        match self {
            Place::Done => "done",
            Place::Here => "here",
            Place::Ahead => "",
        }
    }
}

/// Which day of a stage it is, against its target: the first day is the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Day {
    pub day: u64,
    pub of: u64,
}

impl Day {
    pub fn of(stage: &Stage, since: Timestamp, now: Timestamp) -> Day {
        Day {
            day: days_since(since, now) + 1,
            of: u64::from(stage.target_days),
        }
    }

    pub fn is_late(self) -> bool {
        self.day > self.of
    }

    /// At the limit, past it.
    pub fn tone(self) -> &'static str {
        match self {
            day if day.is_late() => "bad",
            day if day.day == day.of => "warn",
            _ => "",
        }
    }
}

/// Every stage of the job, in order.
pub fn steps(stages: &[Stage], visits: &[Visit], application: &Application, now: Timestamp) -> Vec<Step> {
    let step = |stage: &Stage| {
        let spent = spent(visits, stage.id, now);
        let (place, time, tone) = match (application.stage == Some(stage.id), spent) {
            (true, _) if application.state == ApplicationState::Active => {
                let day = Day::of(stage, application.stage_since.unwrap_or(now), now);
                (Place::Here, format!("{} of {} days", day.day, day.of), day.tone())
            }
            (true, _) => (Place::Here, application.state.label().to_lowercase(), ""),
            (false, Some(micros)) => (Place::Done, days(micros), ""),
            (false, None) => (Place::Ahead, String::new(), ""),
        };
        Step {
            name: stage.name.clone(),
            place,
            time,
            tone,
        }
    };
    stages.iter().map(step).collect()
}

/// All stays in a stage together; absent where there was none.
fn spent(visits: &[Visit], stage: Uuid, now: Timestamp) -> Option<u64> {
    let stays = visits.iter().filter(|visit| visit.stage == stage);
    let lengths = stays.map(|visit| visit.entered_at.until(visit.left_at.unwrap_or(now)).as_secs());
    lengths.fold(None, |all, length| Some(all.unwrap_or(0) + length))
}

fn days(seconds: u64) -> String {
    match seconds / 86_400 {
        0 => "under a day".to_owned(),
        1 => "1 day".to_owned(),
        n => format!("{n} days"),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::hiring::StageKind;

    const DAY: Duration = Duration::from_secs(86_400);

    fn stage(n: u128) -> Stage {
        Stage {
            id: Uuid::from_u128(n),
            name: n.to_string(),
            kind: StageKind::Interview,
            target_days: 3,
        }
    }

    #[test]
    fn a_day_is_late_after_the_last_one() {
        let start = Timestamp(0);
        let day = |days: u32| Day::of(&stage(1), start, start.plus(DAY * days));
        assert_eq!((day(0).day, day(0).tone()), (1, ""));
        assert_eq!((day(2).day, day(2).tone()), (3, "warn"));
        assert_eq!((day(3).day, day(3).tone()), (4, "bad"));
    }

    #[test]
    fn stays_in_a_stage_add_up() {
        let at = |days: u32| Timestamp(0).plus(DAY * days);
        let visit = |stage: u128, from: u32, to: Option<u32>| Visit {
            stage: Uuid::from_u128(stage),
            entered_at: at(from),
            left_at: to.map(at),
        };
        let visits = [
            visit(1, 0, Some(1)),
            visit(2, 1, Some(3)),
            visit(1, 3, Some(4)),
            visit(3, 4, None),
        ];
        let time = |stage: u128| spent(&visits, Uuid::from_u128(stage), at(6)).map(days);
        assert_eq!(time(1).as_deref(), Some("2 days"));
        assert_eq!(time(3).as_deref(), Some("2 days"));
        assert_eq!(time(4), None);
        assert_eq!(days(3_600), "under a day");
    }
}
