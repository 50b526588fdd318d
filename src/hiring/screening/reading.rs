//! A reader and a résumé: begun, saved, submitted, taken back; and the result, once enough people have submitted.

use uuid::Uuid;

use crate::app::App;
use crate::clock::Timestamp;
use crate::db::Tx;
use crate::error::AppError;
use crate::hiring::applications::{Answer, FileText, Part, reading as texts, store as applications};
use crate::hiring::openings::store as openings;
use crate::hiring::screening::anonymous::Person;
use crate::hiring::screening::{Mark, Outcome, Screening, Settings, pairs, stands_in_screening, store, veil};
use crate::hiring::{Application, Opening, access};
use crate::people::Staff;
use crate::roles;

/// What a reader has before them.
#[derive(Clone, Debug)]
pub struct Desk {
    pub screening: Screening,
    pub opening: Opening,
    pub settings: Settings,
    pub criteria: Vec<String>,
    pub marks: Vec<Mark>,
    pub papers: Papers,
    /// Whether it can be submitted: it still needs readers, and stands where they read.
    pub open: bool,
    pub outcome: Option<Outcome>,
    /// How many have submitted, this reader included.
    pub submitted: usize,
}

/// What the candidate sent, as far as this reader may see it.
#[derive(Clone, Debug)]
pub struct Papers {
    /// Absent where names are withheld.
    pub candidate: Option<Candidate>,
    pub resume: Vec<Paper>,
    pub letters: Vec<Paper>,
    pub answers: Vec<Answer>,
}

#[derive(Clone, Debug)]
pub struct Candidate {
    pub application: Uuid,
    pub name: String,
}

#[derive(Clone, Debug)]
pub struct Paper {
    /// Its name and its address, where the file itself may be opened.
    pub file: Option<(String, String)>,
    pub text: Option<String>,
    /// Why there is no text.
    pub why: &'static str,
}

impl Desk {
    /// Of the reader's own screening; to everybody else it is as if there were none.
    pub async fn of(app: &App, staff: &Staff, id: Uuid) -> Result<Desk, AppError> {
        let missing = || AppError::NotFound("screening");
        let screening = store::find(&app.db, id).await?;
        let screening = screening.filter(|found| found.by == staff.id).ok_or_else(missing)?;
        let opening = access::opening(app, staff, screening.opening).await?;
        let application = applications::find(&app.db, screening.application).await?;
        let application = application.ok_or_else(missing)?;
        let kit = roles::version(app, opening.kit, application.kit_version).await?;
        let settings = store::settings(&app.db, opening.id).await?;
        let outcome = store::result(&app.db, application.id).await?;
        let stages = openings::stages(&app.db, opening.id).await?;
        let all = store::of_application(&app.db, application.id).await?;
        let withheld = settings.anonymised && outcome.is_none();
        Ok(Desk {
            marks: store::marks(&app.db, id).await?,
            criteria: kit.resume_criteria,
            papers: Papers::of(app, &application, withheld).await?,
            open: outcome.is_none() && stands_in_screening(&application, &stages),
            submitted: all.iter().filter(|one| one.submitted_at.is_some()).count(),
            screening,
            opening,
            settings,
            outcome,
        })
    }
}

impl Papers {
    async fn of(app: &App, application: &Application, withheld: bool) -> Result<Papers, AppError> {
        let person = Person::new(&application.name, &application.email, &application.phone);
        let shown = |text: String| if withheld { person.withhold(&text) } else { text };
        let (mut resume, mut letters) = (Vec::new(), Vec::new());
        for file in applications::files(&app.db, application.id).await? {
            let address = format!("/applications/{}/files/{}", application.id, file.id);
            let paper = Paper {
                file: (!withheld).then(|| (file.name.clone(), address)),
                text: applications::file_text(&app.db, file.id).await?.map(shown),
                why: match &file.text {
                    FileText::Waiting => "Its text is being read. Reload the page in a moment.",
                    FileText::Read => "",
                    FileText::Unreadable(_) if withheld => {
                        "Its text cannot be read, and the file itself would tell the name. Ask a recruiter for another one."
                    }
                    FileText::Unreadable(word) => texts::explained(word),
                },
            };
            match file.part {
                Part::Resume => resume.push(paper),
                Part::CoverLetter => letters.push(paper),
            }
        }
        let answers = applications::answers(&app.db, application.id).await?.into_iter();
        let answers = answers.map(|answer| Answer {
            answer: shown(answer.answer),
            ..answer
        });
        Ok(Papers {
            candidate: (!withheld).then(|| Candidate {
                application: application.id,
                name: application.name.clone(),
            }),
            resume,
            letters,
            answers: answers.collect(),
        })
    }
}

/// Begins to read an application, or goes on with what was begun.
pub async fn begin(app: &App, by: &Staff, application: &Application, opening: &Opening) -> Result<Uuid, AppError> {
    if let Some(mine) = store::of_reader(&app.db, application.id, by.id).await? {
        return Ok(mine.id);
    }
    let kit = roles::version(app, opening.kit, application.kit_version).await?;
    if kit.resume_criteria.is_empty() {
        return Err(AppError::Conflict(
            "The kit of this job names no criteria for résumés".into(),
        ));
    }
    let mut tx = app.db.begin().await?;
    if !is_open(&mut tx, application.id).await? {
        return Err(AppError::Conflict("This résumé needs no more readers".into()));
    }
    let ids = (application.id, opening.id);
    store::begin(&mut tx, app.new_id(), ids, by.id, app.now()).await?;
    tx.commit().await?;
    let mine = store::of_reader(&app.db, application.id, by.id).await?;
    Ok(mine.ok_or(AppError::NotFound("screening"))?.id)
}

/// Holds the application, and says whether it needs readers.
async fn is_open(tx: &mut Tx, application: Uuid) -> Result<bool, AppError> {
    let Some(application) = applications::lock(tx, application).await? else {
        return Ok(false);
    };
    let stages = openings::stages_in(tx, application.opening).await?;
    let done = store::result_in(tx, application.id).await?.is_some();
    Ok(!done && stands_in_screening(&application, &stages))
}

/// The new revision of the draft; nothing where it was changed meanwhile, or is none any more.
pub async fn save(app: &App, id: Uuid, revision: i64, marks: &[Mark]) -> Result<Option<i64>, AppError> {
    let mut tx = app.db.begin().await?;
    let revision = keep(&mut tx, id, revision, marks, app.now()).await?;
    tx.commit().await?;
    Ok(revision)
}

/// What stands there already is nobody else's change: a page that is left sends once more what it holds, and may be
/// overtaken by the one that is opened.
async fn keep(tx: &mut Tx, id: Uuid, revision: i64, marks: &[Mark], now: Timestamp) -> Result<Option<i64>, AppError> {
    if store::save(tx, id, revision, marks, now).await? {
        return Ok(Some(revision + 1));
    }
    let current = store::find_in(tx, id).await?;
    let draft = current.filter(|current| current.submitted_at.is_none());
    let same = store::marks_in(tx, id).await? == marks;
    Ok(draft.filter(|_| same).map(|draft| draft.revision))
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Submitted {
    /// `last`: now there is a result.
    Done {
        last: bool,
    },
    Before,
    /// Others were quicker, or it was moved on; what was written is kept.
    TooLate,
    /// The draft was changed in another window.
    Overtaken,
}

/// Submits what is complete. The result, if this reader is the last, is made in the same transaction.
pub async fn submit(
    app: &App,
    by: &Staff,
    screening: &Screening,
    revision: i64,
    marks: &[Mark],
) -> Result<Submitted, AppError> {
    let now = app.now();
    let mut tx = app.db.begin().await?;
    let settings = store::hold_settings(&mut tx, screening.opening).await?;
    let open = is_open(&mut tx, screening.application).await?;
    let current = store::find_in(&mut tx, screening.id).await?;
    if current.is_some_and(|current| current.submitted_at.is_some()) {
        return Ok(Submitted::Before);
    }
    if keep(&mut tx, screening.id, revision, marks, now).await?.is_none() {
        return Ok(Submitted::Overtaken);
    }
    if !open {
        tx.commit().await?;
        return Ok(Submitted::TooLate);
    }
    store::submit(&mut tx, screening.id, now).await?;
    let outcome = conclude(&mut tx, app, screening.application, screening.opening, &settings).await?;
    let detail = outcome.as_ref().map(concluded).unwrap_or_default();
    let event = ("Résumé read", detail.as_str());
    applications::add_event(&mut tx, app.new_id(), screening.application, Some(by.id), event, now).await?;
    tx.commit().await?;
    Ok(Submitted::Done {
        last: outcome.is_some(),
    })
}

fn concluded(outcome: &Outcome) -> String {
    let proposed = outcome.proposal.label().to_lowercase();
    format!("mean {}: {proposed} is proposed", outcome.mean_words())
}

/// Makes the result of an application that enough people have read. It is held by the transaction, and so are the settings.
pub async fn conclude(
    tx: &mut Tx,
    app: &App,
    application: Uuid,
    opening: Uuid,
    settings: &Settings,
) -> Result<Option<Outcome>, AppError> {
    let all = store::of_application_in(tx, application).await?;
    let submitted: Vec<&Screening> = all.iter().filter(|one| one.submitted_at.is_some()).collect();
    if u32::try_from(submitted.len()).unwrap_or(u32::MAX) < settings.readers {
        return Ok(None);
    }
    let mut scores = Vec::new();
    for screening in submitted {
        let marks = store::marks_in(tx, screening.id).await?;
        scores.push(marks.iter().filter_map(|mark| mark.score).collect::<Vec<u8>>());
    }
    let outcome = Outcome::of(&scores, settings.rule, app.now());
    let added = store::add_result(tx, (application, opening), &outcome, &pairs(&scores)).await?;
    Ok(added.then_some(outcome))
}

/// Takes back what one has submitted, as long as there is no result.
pub async fn withdraw(app: &App, by: &Staff, screening: &Screening, why: &str) -> Result<(), AppError> {
    let now = app.now();
    let mut tx = app.db.begin().await?;
    applications::lock(&mut tx, screening.application).await?;
    if store::result_in(&mut tx, screening.application).await?.is_some() {
        return Err(AppError::Conflict(
            "Others have submitted, so this cannot be taken back".into(),
        ));
    }
    if !store::withdraw(&mut tx, screening.id, why, now).await? {
        return Err(AppError::Conflict("There is nothing to take back".into()));
    }
    // The reason may say what the score was; it is shown with the result.
    let event = ("Took back a reading of the résumé", "");
    applications::add_event(&mut tx, app.new_id(), screening.application, Some(by.id), event, now).await?;
    Ok(tx.commit().await?)
}

/// Nobody from whom its name is withheld sees anything of an application but what they read.
pub async fn check_access(app: &App, staff: &Staff, application: &Application) -> Result<(), AppError> {
    match veil::hides(&app.db, staff.id, application.id).await? {
        true => Err(AppError::Withheld),
        false => Ok(()),
    }
}
