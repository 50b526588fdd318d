//! The first page of the staff: what needs me today.

use std::time::Duration;

use askama::Template;
use axum::extract::State;
use uuid::Uuid;

use crate::app::App;
use crate::clock::Timestamp;
use crate::error::AppError;
use crate::hiring::access::sees_all;
use crate::hiring::openings::store as openings;
use crate::hiring::screening::veil::{self, Veil};
use crate::hiring::today::store::{self, Job};
use crate::hiring::today::{Asks, ERASURE_DAYS, Need, WATCH, Wait, age, asks};
use crate::hiring::{screening, talk};
use crate::people::guard::SignedIn;
use crate::people::{Permission, Staff};
use crate::ui::plots::scale::counted;
use crate::ui::{Page, Shell, shortened};

/// A person with more jobs than this looks at the list of jobs.
const MOST_JOBS: i64 = 30;
/// Of each job, those that wait for longest.
const MOST_OF_A_JOB: i64 = 25;
const MOST_NEEDS: usize = 40;
const MOST_ADDRESSED: usize = 20;
const MOST_WAITS: usize = 12;
const DAY: Duration = Duration::from_secs(86_400);

#[derive(Template)]
#[template(path = "hiring/today.html")]
pub struct TodayPage {
    pub shell: Shell,
    pub now: Timestamp,
    /// The oldest first.
    pub late: Vec<Need>,
    pub today: Vec<Need>,
    /// More than the page shows.
    pub more: usize,
    pub waits: Vec<Wait>,
    pub jobs: Vec<JobLine>,
}

/// A job with how many applications are in each of its stages.
#[derive(Clone, Debug)]
pub struct JobLine {
    pub job: Job,
    pub stages: Vec<(String, i64)>,
    pub fresh: i64,
    pub longest: Option<Timestamp>,
    /// The one that waits longest is past the target of its stage.
    pub late: bool,
}

/// A bar of the small picture of a job.
pub struct Bar {
    pub x: usize,
    pub y: String,
    pub height: String,
    pub most: bool,
}

const BAR_STEP: usize = 22;
const BAR_HEIGHT: f64 = 18.0;

impl JobLine {
    pub fn all(&self) -> i64 {
        self.stages.iter().map(|(_, n)| n).sum()
    }

    pub fn width(&self) -> usize {
        self.stages.len() * BAR_STEP
    }

    pub fn bars(&self) -> Vec<Bar> {
        let most = self.stages.iter().map(|(_, n)| *n).max().unwrap_or(0);
        let bar = |(at, (_, n)): (usize, &(String, i64))| {
            let height = match most {
                0 => 1.0,
                most => (BAR_HEIGHT * *n as f64 / most as f64).max(1.0),
            };
            Bar {
                x: at * BAR_STEP,
                y: format!("{:.1}", 20.0 - height),
                height: format!("{height:.1}"),
                most: *n == most && most > 0,
            }
        };
        self.stages.iter().enumerate().map(bar).collect()
    }

    /// The picture in words.
    pub fn words(&self) -> String {
        let stage = |(name, n): &(String, i64)| format!("{name} {n}");
        self.stages.iter().map(stage).collect::<Vec<_>>().join(", ")
    }

    pub fn fresh_words(&self) -> String {
        match self.fresh {
            100.. => "99+".into(),
            n => n.to_string(),
        }
    }
}

impl TodayPage {
    pub fn is_quiet(&self) -> bool {
        self.late.is_empty() && self.today.is_empty()
    }

    pub fn lead(&self) -> String {
        let all = self.late.len() + self.today.len() + self.more;
        let things = counted(all, "thing waits", "things wait");
        match self.late.len() {
            0 => format!("{things} for you."),
            n => format!("{things} for you. {}.", counted(n, "is late", "are late")),
        }
    }

    pub fn age(&self, since: &Timestamp) -> String {
        age(*since, self.now)
    }

    pub fn may_edit(&self) -> bool {
        self.shell.may(&Permission::EditJobs)
    }
}

impl Need {
    /// Both are about the same application.
    fn same_person(&self, other: &Need) -> bool {
        self.about.is_some() && self.about == other.about
    }

    pub fn initials(&self) -> String {
        crate::ui::initials(&self.name)
    }
}

pub async fn today(
    State(app): State<App>,
    shell: Shell,
    SignedIn(staff): SignedIn,
) -> Result<Page<TodayPage>, AppError> {
    let now = app.now();
    let of = (!sees_all(&staff) || store::is_in_a_team(&app.db, staff.id).await?).then_some(staff.id);
    let mut found = Found::default();
    for job in store::jobs(&app.db, of, MOST_JOBS).await? {
        found.look_at(&app, &shell, job, now).await?;
    }
    found.addressed_to(&app, &shell, &staff, of).await?;
    found.veil(&app, &staff).await?;
    found.needs = by_person(found.needs);
    found.waits.sort_by_key(|wait| wait.since);
    found.waits.truncate(MOST_WAITS);
    let more = found.needs.len().saturating_sub(MOST_NEEDS);
    let (mut late, mut today): (Vec<_>, Vec<_>) = found.needs.into_iter().partition(|need| need.late);
    late.truncate(MOST_NEEDS);
    today.truncate(MOST_NEEDS - late.len());
    Ok(Page(TodayPage {
        shell,
        now,
        late,
        today,
        more,
        waits: found.waits,
        jobs: found.jobs,
    }))
}

/// One line for each person, the oldest first: what is late leads, and the rest is said behind it.
fn by_person(mut needs: Vec<Need>) -> Vec<Need> {
    needs.sort_by_key(|need| (!need.late, need.since));
    let mut people: Vec<Need> = Vec::new();
    for need in needs {
        match people.iter_mut().find(|known| known.same_person(&need)) {
            Some(known) => known.why = format!("{} {}", known.why, need.why),
            None => people.push(need),
        }
    }
    people.sort_by_key(|need| need.since);
    people
}

#[derive(Default)]
struct Found {
    needs: Vec<Need>,
    waits: Vec<Wait>,
    jobs: Vec<JobLine>,
}

impl Found {
    async fn look_at(&mut self, app: &App, shell: &Shell, job: Job, now: Timestamp) -> Result<(), AppError> {
        let counts = store::counts(&app.db, job.id).await?;
        if counts.is_empty() {
            return Ok(());
        }
        let stages = openings::stages(&app.db, job.id).await?;
        let oldest = match shell.may(&Permission::HandleApplications) {
            true => store::oldest(&app.db, job.id, MOST_OF_A_JOB).await?,
            false => Vec::new(),
        };
        for application in &oldest {
            let Some(stage) = stages.iter().find(|stage| stage.id == application.stage) else {
                continue;
            };
            let url = format!("/applications/{}", application.id);
            match asks(application, stage, now) {
                Asks::Us {
                    why,
                    act,
                    since,
                    late,
                    path,
                } => self.needs.push(Need {
                    about: Some(application.id),
                    name: application.name.clone(),
                    job: job.title.clone(),
                    why,
                    since,
                    late,
                    act,
                    url: format!("{url}{path}"),
                }),
                Asks::Candidate { what, since, late } => self.waits.push(Wait {
                    about: application.id,
                    who: application.name.clone(),
                    what: what.into(),
                    since,
                    late,
                    url,
                }),
                Asks::Nothing => {}
            }
        }
        let longest = store::longest(&app.db, job.id).await?;
        let late = oldest.first().is_some_and(|application| {
            let stage = stages.iter().find(|stage| stage.id == application.stage);
            stage.is_some_and(|stage| application.since.until(now) >= DAY * (stage.target_days + 1))
        });
        let n = |id: Uuid| counts.iter().find(|(stage, _)| *stage == id).map_or(0, |(_, n)| *n);
        self.jobs.push(JobLine {
            stages: stages.iter().map(|stage| (stage.name.clone(), n(stage.id))).collect(),
            fresh: store::fresh(&app.db, job.id, now.minus(DAY * 7)).await?,
            job,
            longest,
            late,
        });
        Ok(())
    }

    /// What waits for this person, whatever the job.
    async fn addressed_to(
        &mut self,
        app: &App,
        shell: &Shell,
        staff: &Staff,
        of: Option<Uuid>,
    ) -> Result<(), AppError> {
        self.resumes_for(app, staff, of).await?;
        self.said_to(app, staff).await?;
        if sees_all(staff) {
            for asked in store::erasures(&app.db, 10).await? {
                let due = asked
                    .asked_at
                    .plus(DAY * u32::try_from(ERASURE_DAYS).unwrap_or(u32::MAX));
                self.needs.push(Need {
                    about: Some(asked.id),
                    name: asked.name,
                    job: asked.job,
                    why: format!("Asked to be erased, which is due by {}.", due.day_words()),
                    since: asked.asked_at,
                    late: due < app.now(),
                    act: "Erase",
                    url: format!("/applications/{}/erasure", asked.id),
                });
            }
        }
        if shell.reads_mail() {
            for mail in store::unsent(&app.db, 10).await? {
                // A mail that would tell a name is for somebody who writes to the candidates.
                if let Some(about) = mail.about
                    && veil::hides(&app.db, staff.id, about).await?
                {
                    continue;
                }
                self.needs.push(Need {
                    about: None,
                    name: mail.to,
                    job: String::new(),
                    why: format!("A mail could not be sent: {}", mail.subject),
                    since: mail.since,
                    late: false,
                    act: "Read",
                    url: format!("/mail/{}", mail.id),
                });
            }
        }
        Ok(())
    }

    /// Résumés that wait for this reader, and readings that came to different ends.
    async fn resumes_for(&mut self, app: &App, staff: &Staff, of: Option<Uuid>) -> Result<(), AppError> {
        for waiting in screening::queue::waiting_for(app, staff, of.is_none(), MOST_ADDRESSED).await? {
            let why = match waiting.n {
                1 => "A résumé waits for you to read it.".into(),
                100.. => "More than 99 résumés wait for you to read them.".into(),
                n => format!("{n} résumés wait for you to read them."),
            };
            self.needs.push(Need {
                about: None,
                name: waiting.title,
                job: String::new(),
                why,
                since: waiting.since,
                late: false,
                act: "Read",
                url: format!("/openings/{}/screening/queue", waiting.opening),
            });
        }
        if !staff.role.may(Permission::HandleApplications) {
            return Ok(());
        }
        let most = i64::try_from(MOST_ADDRESSED).unwrap_or(i64::MAX);
        for differing in screening::store::disagreements(&app.db, staff.id, of.is_none(), most).await? {
            let criteria = counted(
                usize::try_from(differing.criteria).unwrap_or_default(),
                "criterion",
                "criteria",
            );
            self.needs.push(Need {
                about: Some(differing.application),
                name: differing.name,
                job: differing.title,
                why: format!("The readers of the résumé disagree about {}.", criteria.to_lowercase()),
                since: differing.since,
                late: false,
                act: "Settle",
                url: format!("/applications/{}/screening", differing.application),
            });
        }
        Ok(())
    }

    /// Takes off the names that are withheld from this person, and out of what colleagues wrote.
    async fn veil(&mut self, app: &App, staff: &Staff) -> Result<(), AppError> {
        let needs = self.needs.iter().filter_map(|need| need.about);
        let about: Vec<Uuid> = needs.chain(self.waits.iter().map(|wait| wait.about)).collect();
        let hidden = Veil::of(&app.db, staff.id).await?.hides(&app.db, &about).await?;
        let is_hidden = |need: &Need| need.about.is_some_and(|id| hidden.contains(&id));
        // A face tells as much as a name: others watch.
        self.needs.retain(|need| need.act != WATCH || !is_hidden(need));
        for need in &mut self.needs {
            if let Some(id) = need.about.filter(|id| hidden.contains(id)) {
                need.why = veil::without(&need.name, &need.why);
                need.name = veil::label(id);
            }
        }
        for wait in self.waits.iter_mut().filter(|wait| hidden.contains(&wait.about)) {
            wait.who = veil::label(wait.about);
        }
        Ok(())
    }

    /// Where colleagues name this person, and what they gave them to do.
    async fn said_to(&mut self, app: &App, staff: &Staff) -> Result<(), AppError> {
        let most = i64::try_from(MOST_ADDRESSED).unwrap_or(i64::MAX);
        for mention in talk::store::mentions_of(&app.db, staff, most).await? {
            self.needs.push(Need {
                about: Some(mention.application),
                name: mention.candidate,
                job: mention.job,
                why: format!("{}: “{}”", mention.author, shortened(&mention.words, 120)),
                since: mention.at,
                late: false,
                act: "Answer",
                url: format!("/applications/{}#talk", mention.application),
            });
        }
        let soon = app.now().plus(DAY);
        let to_dos = talk::store::todos_of(&app.db, staff, most).await?.into_iter();
        for line in to_dos.filter(|line| line.to_do.due_at <= soon) {
            self.needs.push(Need {
                about: Some(line.to_do.application),
                name: line.candidate,
                job: line.job,
                why: line.to_do.words.clone(),
                since: line.to_do.due_at.minus(DAY),
                late: line.to_do.is_late(&app.now()),
                act: "Do",
                url: format!("/applications/{}", line.to_do.application),
            });
        }
        Ok(())
    }
}
