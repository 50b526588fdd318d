//! The staff's page of an application: what is known of the candidate, stage by stage, and what is said about it.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use uuid::Uuid;

use crate::app::App;
use crate::clock::Timestamp;
use crate::error::AppError;
use crate::hiring::applications::evidence::{Evidence, TestEvidence, TestResult, evidence_of};
use crate::hiring::applications::progress::{Day, Step, steps};
use crate::hiring::applications::store::Twin;
use crate::hiring::applications::{Event, form, standing, store};
use crate::hiring::attachments::{self, Attachment};
use crate::hiring::openings::{Member, store as openings};
use crate::hiring::screening::section::Section;
use crate::hiring::screening::veil::Veil;
use crate::hiring::screening::withheld_pages;
use crate::hiring::talk::list_pages::{ToDoFields, tag_field};
use crate::hiring::talk::{self, Comment, MOST_TAGS, Person, ToDo, comment_pages};
use crate::hiring::{Application, ApplicationState, Opening, Stage, StageKind, access};
use crate::mail::{self, MailLine};
use crate::people::guard::SignedIn;
use crate::people::{Permission, Role, Staff};
use crate::roles::{self, kit::Decision};
use crate::ui::{Field, Flash, Page, Path, SeeOther, Shell};

const MOST_COMMENTS: i64 = 500;
const MOST_TO_DOS: i64 = 100;
const MOST_SUGGESTED: i64 = 50;
/// How long something new to do has, unless said otherwise.
const USUAL_DAYS: u32 = 3;

#[derive(Template)]
#[template(path = "hiring/application.html")]
pub struct ApplicationPage {
    pub shell: Shell,
    pub now: Timestamp,
    pub opening: Opening,
    pub stages: Vec<Stage>,
    pub steps: Vec<Step>,
    pub evidence: Evidence,
    /// Absent where no résumé is to be read.
    pub screening: Option<Section>,
    /// The duplicates that are merged into it.
    pub merged: Vec<Evidence>,
    pub twins: Vec<Twin>,
    pub team: Vec<Member>,
    /// Those who can be named, be responsible, and be given something to do.
    pub people: Vec<Person>,
    pub comments: Vec<Comment>,
    pub attachments: Vec<Attachment>,
    pub to_dos: Vec<ToDo>,
    /// Tags that the job has used.
    pub suggested: Vec<String>,
    pub mails: Vec<MailLine>,
    /// Newest first.
    pub trail: Vec<TrailLine>,
    pub page_forms: Forms,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrailLine {
    pub event: Event,
    /// Of an application that is merged into this one.
    pub duplicate: bool,
}

/// The forms of the page, as they came back.
#[derive(Clone, Debug)]
pub struct Forms {
    /// Makes one of what is sent twice.
    pub token: Uuid,
    pub reversal: Field,
    pub rejection: Field,
    pub comment: Field,
    pub file: Field,
    pub tag: Field,
    pub to_do: ToDoFields,
}

impl ApplicationPage {
    pub fn application(&self) -> &Application {
        &self.evidence.application
    }

    pub fn own(&self) -> &Evidence {
        &self.evidence
    }

    pub fn handles(&self) -> bool {
        self.shell.may(&Permission::HandleApplications)
    }

    pub fn is(&self, state: ApplicationState) -> bool {
        self.application().state == state
    }

    pub fn is_active(&self) -> bool {
        self.is(ApplicationState::Active)
    }

    pub fn reader(&self) -> Uuid {
        self.shell.staff.as_ref().map_or(Uuid::nil(), |staff| staff.id)
    }

    pub fn initials(&self) -> String {
        crate::ui::initials(&self.application().name)
    }

    pub fn stage(&self) -> Option<&Stage> {
        standing::stage_of(self.application().stage, &self.stages)
    }

    /// The one that usually comes next.
    pub fn next(&self) -> Option<&Stage> {
        let here = self.application().stage;
        let here = self.stages.iter().position(|stage| Some(stage.id) == here)?;
        self.stages.get(here + 1)
    }

    pub fn is_next(&self, stage: &Stage) -> bool {
        self.next() == Some(stage)
    }

    pub fn day(&self) -> Option<Day> {
        let since = self.application().stage_since.unwrap_or(self.now);
        self.stage().map(|stage| Day::of(stage, since, self.now))
    }

    pub fn is_at(&self, kind: &StageKind) -> bool {
        self.is_active() && self.stage().is_some_and(|stage| stage.kind == *kind)
    }

    /// Until somebody has read it, the résumé lies open.
    pub fn is_unread(&self) -> bool {
        self.is_at(&StageKind::Application) || self.is_at(&StageKind::ResumeScreen)
    }

    pub fn waits_for_test(&self) -> bool {
        self.is_at(&StageKind::CodingTest) && self.evidence.tests.is_empty()
    }

    pub fn source(&self) -> String {
        let application = self.application();
        let source = form::source_label(&application.source);
        match application.source_detail.as_str() {
            "" => source.to_owned(),
            detail => format!("{source}: {detail}"),
        }
    }

    /// Of the same job, so that they can be merged; the others belong to other jobs.
    pub fn twins_here(&self) -> Vec<&Twin> {
        self.twins
            .iter()
            .filter(|twin| twin.opening == self.opening.id)
            .collect()
    }

    pub fn twins_elsewhere(&self) -> Vec<&Twin> {
        self.twins
            .iter()
            .filter(|twin| twin.opening != self.opening.id)
            .collect()
    }

    /// "20 Nov"; with the year where it is not this one.
    pub fn day_of(&self, at: &Timestamp) -> String {
        let (words, today) = (at.day_words(), self.now.day_words());
        let year = today.rsplit(' ').next().unwrap_or_default();
        words
            .strip_suffix(year)
            .map_or(words.clone(), |day| day.trim_end().to_owned())
    }

    pub fn test_day(&self, one: &TestEvidence) -> String {
        self.day_of(&one.at())
    }

    pub fn due(&self, to_do: &ToDo) -> String {
        self.day_of(&to_do.due_day())
    }

    pub fn may_change(&self, comment: &Comment) -> bool {
        comment.may_change(self.reader(), self.now)
    }

    pub fn may_remove(&self, comment: &Comment) -> bool {
        comment.may_remove(self.reader())
    }

    /// The members of each role, with its name.
    pub fn team_by_role(&self) -> Vec<(&'static str, String)> {
        let of_role = |role: &Role| {
            let names: Vec<&str> = self
                .team
                .iter()
                .filter(|member| member.role == *role)
                .map(|member| member.name.as_str())
                .collect();
            (!names.is_empty()).then(|| (role.label(), names.join(", ")))
        };
        Role::ALL.iter().filter_map(of_role).collect()
    }

    pub fn is_owner(&self, person: &Person) -> bool {
        self.application()
            .owner
            .as_ref()
            .is_some_and(|owner| owner.id == person.id)
    }

    /// Whose the next thing to do is, unless said otherwise.
    pub fn is_chosen(&self, person: &Person) -> bool {
        self.page_forms.to_do.staff.value == person.id.to_string()
    }

    pub fn waits_for_review(&self) -> bool {
        matches!(self.application().outcome, Some((Decision::Review, _)))
    }

    pub fn may_detach(&self, attachment: &Attachment) -> bool {
        self.shell
            .staff
            .as_ref()
            .is_some_and(|staff| attachment.may_remove(staff))
    }

    pub fn may_settle(&self, to_do: &ToDo) -> bool {
        self.handles() || to_do.staff == self.reader()
    }

    pub fn may_tag(&self) -> bool {
        let wrong = self.page_forms.tag.error.is_some();
        self.handles() && (wrong || self.evidence.tags.len() < MOST_TAGS)
    }

    /// What is newer stands above.
    pub fn came_later(&self, duplicate: &Evidence) -> bool {
        duplicate.application.submitted_at > self.application().submitted_at
    }

    /// Of a comment that was written about a duplicate.
    pub fn is_of_duplicate(&self, application: &Uuid) -> bool {
        *application != self.application().id
    }
}

impl Forms {
    pub fn new(token: Uuid, reader: Uuid, now: Timestamp) -> Forms {
        let due = now.plus(std::time::Duration::from_secs(86_400) * USUAL_DAYS);
        Forms {
            token,
            reversal: Field::new("why", "Why it is taken back").hint("Colleagues read it; the candidate does not."),
            rejection: Field::new("reason", "Why it ends").hint("Colleagues read it; the candidate does not."),
            comment: comment_pages::words_field(),
            file: attachments::pages::file_field(),
            tag: tag_field(),
            to_do: ToDoFields::new(reader, &due.day()),
        }
    }
}

pub async fn application(
    State(app): State<App>,
    shell: Shell,
    SignedIn(staff): SignedIn,
    Path(id): Path<Uuid>,
) -> Result<Response, AppError> {
    let (application, _) = match access::sent(&app, &staff, id).await {
        Err(AppError::Withheld) => return Ok(withheld_pages::page(&app, shell, &staff, id).await?.into_response()),
        found => found?,
    };
    if let Some(into) = application.merged_into {
        let said = "The application that you opened is merged into this one. What came with it stands below.";
        let kept = SeeOther::to(format!("/applications/{into}#also-{id}"));
        return Ok(kept.saying(Flash::warn(said)).into_response());
    }
    talk::acts::see(&app, &staff, id).await?;
    Ok(Page(page(&app, shell, &staff, id).await?).into_response())
}

pub async fn page(app: &App, shell: Shell, staff: &Staff, id: Uuid) -> Result<ApplicationPage, AppError> {
    let (application, opening) = access::sent(app, staff, id).await?;
    let mut merged = Vec::new();
    for duplicate in store::merged(&app.db, id).await? {
        merged.push(evidence_of(app, duplicate, &opening).await?);
    }
    let mut twins = store::like_this(&app.db, &application).await?;
    twins.retain(|twin| access::sees_all(staff) || twin.opening == opening.id);
    let hidden = {
        let ids: Vec<Uuid> = twins.iter().map(|twin| twin.id).collect();
        Veil::of(&app.db, staff.id).await?.hides(&app.db, &ids).await?
    };
    twins.retain(|twin| !hidden.contains(&twin.id));
    let stages = openings::stages(&app.db, opening.id).await?;
    let visits = store::visits(&app.db, id).await?;
    let now = app.now();
    let kit = roles::version(app, opening.kit, application.kit_version).await?;
    let screening = Section::of(app, staff, &application, &kit).await?;
    let evidence = evidence_of(app, application, &opening).await?;
    Ok(ApplicationPage {
        now,
        screening,
        steps: steps(&stages, &visits, &evidence.application, now),
        team: openings::team(&app.db, opening.id).await?,
        people: talk::store::people(&app.db, opening.id).await?,
        comments: talk::store::comments(&app.db, id, MOST_COMMENTS).await?,
        attachments: attachments::store::of_application(&app.db, id).await?,
        to_dos: talk::store::to_dos(&app.db, id, MOST_TO_DOS).await?,
        suggested: talk::store::used_tags(&app.db, opening.id, MOST_SUGGESTED).await?,
        mails: mails(app, &evidence, &merged).await?,
        trail: trail(app, &evidence, &merged).await?,
        page_forms: Forms::new(app.new_id(), staff.id, now),
        shell,
        opening,
        stages,
        evidence,
        merged,
        twins,
    })
}

/// All that was written about the application, its duplicates and their tests, newest first.
async fn mails(app: &App, evidence: &Evidence, merged: &[Evidence]) -> Result<Vec<MailLine>, AppError> {
    let mut mails = Vec::new();
    for one in std::iter::once(evidence).chain(merged) {
        mails.extend(mail::store::about(&app.db, one.application.id).await?);
        for test in &one.tests {
            mails.extend(mail::store::about(&app.db, test.test.id).await?);
        }
    }
    mails.sort_by_key(|mail| std::cmp::Reverse(mail.id));
    Ok(mails)
}

async fn trail(app: &App, evidence: &Evidence, merged: &[Evidence]) -> Result<Vec<TrailLine>, AppError> {
    let id = evidence.application.id;
    let line = |event, duplicate| TrailLine { event, duplicate };
    let recorded = store::trail(&app.db, id).await?;
    let mut trail: Vec<_> = recorded.into_iter().map(|(of, event)| line(event, of != id)).collect();
    for one in std::iter::once(evidence).chain(merged) {
        let events = one.tests.iter().flat_map(TestEvidence::events);
        trail.extend(events.map(|event| line(event, one.application.id != id)));
    }
    trail.sort_by_key(|line| line.event.at);
    trail.reverse();
    Ok(trail)
}
