//! An application as recruiters and teams see it, and what they decide on it.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use uuid::Uuid;

use crate::app::App;
use crate::assessments::invite_form::{InviteFields, InviteForm};
use crate::assessments::pages::{InvitePage, USUAL_DAYS, USUAL_MINUTES};
use crate::assessments::{Assessment, inviting};
use crate::audit;
use crate::clock::Timestamp;
use crate::error::AppError;
use crate::hiring::applications::store::Twin;
use crate::hiring::applications::{
    Answer, Document, Event, FileText, candidate_pages, following, form, handling, reading, standing, store,
};
use crate::hiring::openings::store as openings;
use crate::hiring::screening::{self, section::Section};
use crate::hiring::takes::standing::{TakeLine, answers as answers_by_video};
use crate::hiring::{Application, ApplicationState, Opening, Stage, access};
use crate::mail::{self, MailLine};
use crate::people::guard::SignedIn;
use crate::people::{Permission, Staff};
use crate::roles::{self, kit::Decision};
use crate::ui::{Field, Flash, Form, Page, Path, SeeOther, Shell};

#[derive(Template)]
#[template(path = "hiring/application.html")]
pub struct ApplicationPage {
    pub shell: Shell,
    pub now: Timestamp,
    pub application: Application,
    pub opening: Opening,
    pub stages: Vec<Stage>,
    pub answers: Vec<Answer>,
    /// With what was read of each.
    pub files: Vec<(Document, Option<String>)>,
    pub takes: Vec<TakeLine>,
    /// Absent where no résumé is to be read.
    pub screening: Option<Section>,
    pub tests: Vec<Assessment>,
    pub twins: Vec<Twin>,
    pub events: Vec<Event>,
    pub mails: Vec<MailLine>,
    pub reversal: Field,
    pub rejection: Field,
}

impl ApplicationPage {
    pub fn handles(&self) -> bool {
        self.shell.may(&Permission::HandleApplications)
    }

    pub fn is(&self, state: ApplicationState) -> bool {
        self.application.state == state
    }

    pub fn stage(&self) -> Option<&Stage> {
        standing::stage_of(self.application.stage, &self.stages)
    }

    /// The one that usually comes next.
    pub fn is_next(&self, stage: &Stage) -> bool {
        let here = self
            .stages
            .iter()
            .position(|stage| Some(stage.id) == self.application.stage);
        here.and_then(|here| self.stages.get(here + 1)) == Some(stage)
    }

    pub fn days(&self) -> u64 {
        let since = self.application.stage_since.unwrap_or(self.now);
        following::days_since(since, self.now)
    }

    pub fn is_late(&self) -> bool {
        self.stage()
            .is_some_and(|stage| self.days() > u64::from(stage.target_days))
    }

    pub fn waits_for_review(&self) -> bool {
        matches!(self.application.outcome, Some((Decision::Review, _)))
    }

    pub fn source(&self) -> &'static str {
        form::source_label(&self.application.source)
    }

    pub fn state_of(&self, test: &Assessment) -> &'static str {
        test.state(self.now).label()
    }

    pub fn marks(&self, answer: &Answer) -> &'static str {
        match answer.decision {
            Some(Decision::Declines) => "bad",
            Some(Decision::Review) => "warn",
            _ => "",
        }
    }

    pub fn reading(&self, file: &Document) -> &'static str {
        match &file.text {
            FileText::Waiting => "Its text is being read.",
            FileText::Read => "",
            FileText::Unreadable(word) => reading::explained(word),
        }
    }
}

fn reversal_field() -> Field {
    Field::new("why", "Why it is taken back").hint("Colleagues read it; the candidate does not.")
}

fn rejection_field() -> Field {
    Field::new("reason", "Why it ends").hint("Colleagues read it; the candidate does not.")
}

pub async fn application(
    State(app): State<App>,
    shell: Shell,
    SignedIn(staff): SignedIn,
    Path(id): Path<Uuid>,
) -> Result<Page<ApplicationPage>, AppError> {
    page(&app, shell, &staff, id).await.map(Page)
}

async fn page(app: &App, shell: Shell, staff: &Staff, id: Uuid) -> Result<ApplicationPage, AppError> {
    let (application, opening) = access::application(app, staff, id).await?;
    if application.state == ApplicationState::Draft {
        // What was not sent is nobody's business yet.
        return Err(AppError::NotFound("application"));
    }
    let mut files = Vec::new();
    for file in store::files(&app.db, id).await? {
        let text = store::file_text(&app.db, file.id).await?;
        files.push((file, text));
    }
    let mut twins = store::like_this(&app.db, &application).await?;
    twins.retain(|twin| access::sees_all(staff) || twin.opening == opening.id);
    let kit = roles::version(app, opening.kit, application.kit_version).await?;
    let mails = match shell.may(&Permission::ReadMail) {
        true => mail::store::about(&app.db, id).await?,
        false => Vec::new(),
    };
    Ok(ApplicationPage {
        now: app.now(),
        stages: openings::stages(&app.db, opening.id).await?,
        answers: store::answers(&app.db, id).await?,
        takes: answers_by_video(app, &application, &kit).await?,
        screening: Section::of(app, staff, &application, &kit).await?,
        tests: following::tests(app, id).await?,
        events: store::events(&app.db, id).await?,
        reversal: reversal_field(),
        rejection: rejection_field(),
        shell,
        application,
        opening,
        files,
        twins,
        mails,
    })
}

pub async fn file(
    State(app): State<App>,
    SignedIn(staff): SignedIn,
    Path((id, file)): Path<(Uuid, Uuid)>,
) -> Result<Response, AppError> {
    let (application, _) = access::application(&app, &staff, id).await?;
    screening::reading::check_file(&app, &staff, &application).await?;
    let document = store::file(&app.db, file).await?;
    let document = document.filter(|document| document.application == id);
    if document.is_some() {
        let mut tx = app.db.begin().await?;
        let said = ("Document downloaded", format!("application {id}"), "");
        audit::note(&mut tx, staff.id, said, app.now()).await?;
        tx.commit().await?;
    }
    candidate_pages::serve(&app, document.ok_or(AppError::NotFound("file"))?).await
}

#[derive(Deserialize)]
pub struct MoveForm {
    from: Uuid,
    stage: Uuid,
    #[serde(default)]
    mail: String,
}

pub async fn move_to(
    State(app): State<App>,
    SignedIn(staff): SignedIn,
    Path(id): Path<Uuid>,
    Form(form): Form<MoveForm>,
) -> Result<SeeOther, AppError> {
    access::application(&app, &staff, id).await?;
    let mail = form.mail == "yes";
    let stage = handling::move_to(&app, &staff, id, (form.from, form.stage), mail).await?;
    let said = match mail {
        true => format!("Moved to {}. The candidate gets a mail.", stage.name),
        false => format!(
            "Moved to {}. The candidate’s page says so; no mail was written.",
            stage.name
        ),
    };
    Ok(SeeOther::to(format!("/applications/{id}")).saying(Flash::good(said)))
}

#[derive(Deserialize)]
pub struct EndingForm {
    #[serde(default)]
    reason: String,
    #[serde(default)]
    mail: String,
}

pub async fn reject(
    State(app): State<App>,
    shell: Shell,
    SignedIn(staff): SignedIn,
    Path(id): Path<Uuid>,
    Form(form): Form<EndingForm>,
) -> Result<Response, AppError> {
    access::application(&app, &staff, id).await?;
    match handling::check_why(&form.reason) {
        Ok(why) => {
            handling::reject(&app, &staff, id, &why, form.mail == "yes").await?;
            let said = Flash::good("The application has ended.");
            Ok(SeeOther::to(format!("/applications/{id}")).saying(said).into_response())
        }
        Err(error) => {
            let mut page = page(&app, shell, &staff, id).await?;
            page.rejection = rejection_field().value(form.reason).error(Some(error));
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response())
        }
    }
}

#[derive(Deserialize)]
pub struct ReversalForm {
    #[serde(default)]
    why: String,
}

pub async fn reverse(
    State(app): State<App>,
    shell: Shell,
    SignedIn(staff): SignedIn,
    Path(id): Path<Uuid>,
    Form(form): Form<ReversalForm>,
) -> Result<Response, AppError> {
    access::application(&app, &staff, id).await?;
    match handling::check_why(&form.why) {
        Ok(why) => {
            handling::reverse(&app, &staff, id, &why).await?;
            let said = Flash::good("The application goes on, and the candidate gets a mail.");
            Ok(SeeOther::to(format!("/applications/{id}")).saying(said).into_response())
        }
        Err(error) => {
            let mut page = page(&app, shell, &staff, id).await?;
            page.reversal = reversal_field().value(form.why).error(Some(error));
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response())
        }
    }
}

pub async fn reopen(
    State(app): State<App>,
    SignedIn(staff): SignedIn,
    Path(id): Path<Uuid>,
) -> Result<SeeOther, AppError> {
    access::application(&app, &staff, id).await?;
    handling::reopen(&app, &staff, id).await?;
    let said = "It is open again. A mail that was sent cannot be taken back: write to the candidate.";
    Ok(SeeOther::to(format!("/applications/{id}")).saying(Flash::warn(said)))
}

/// The coding test of the kit, for this candidate.
pub async fn test_page(
    State(app): State<App>,
    shell: Shell,
    SignedIn(staff): SignedIn,
    Path(id): Path<Uuid>,
) -> Result<Page<InvitePage>, AppError> {
    let (application, opening) = access::application(&app, &staff, id).await?;
    let kit = roles::version(&app, opening.kit, opening.kit_version).await?;
    let test = kit.coding_tests.iter().find(|test| !test.challenge.is_empty());
    let test = test.or(kit.coding_tests.first());
    let minutes = test.and_then(|test| test.minutes).unwrap_or(USUAL_MINUTES);
    let deadline = app.now().plus(std::time::Duration::from_secs(USUAL_DAYS * 86_400));
    let mut fields = InviteFields::new(app.new_id().to_string(), minutes, deadline);
    fields.candidate.value = application.name;
    fields.email.value = application.email;
    fields.challenge.value = test.map(|test| test.challenge.clone()).unwrap_or_default();
    Ok(Page(InvitePage::new(&app, shell, fields, Some(id))))
}

pub async fn give_test(
    State(app): State<App>,
    shell: Shell,
    SignedIn(staff): SignedIn,
    Path(id): Path<Uuid>,
    Form(form): Form<InviteForm>,
) -> Result<Response, AppError> {
    access::application(&app, &staff, id).await?;
    match form.check(&app.laboratory.tests(), app.now()) {
        Ok(invitation) => {
            let assessment = inviting::invite(&app, staff.id, invitation).await?;
            handling::attach_test(&app, &staff, id, assessment).await?;
            let said = Flash::good("Invited. The test stands on the candidate’s page, too.");
            Ok(SeeOther::to(format!("/applications/{id}")).saying(said).into_response())
        }
        Err(fields) => {
            let page = InvitePage::new(&app, shell, *fields, Some(id));
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response())
        }
    }
}
