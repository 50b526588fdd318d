//! A published job on a kit that ships, and an application for it, put straight into the database.

use halfopen::app::App;
use halfopen::args;
use halfopen::assessments::taking::secret;
use halfopen::db::Tx;
use halfopen::hiring::Application;
use halfopen::hiring::applications::{placing, store as applications};
use halfopen::people::{Role, store as people};
use halfopen::roles::shipped;
use uuid::Uuid;

use super::TestApp;
use statements::{ADD_APPLICATION, ADD_OPENING, ADD_STAGE, FIND_KIT};

mod statements {
    use halfopen::db::Statement;

    halfopen::statements! {
        KIT = "SELECT id FROM kits WHERE shipped = $1";
        OPENING = "INSERT INTO openings (id, title, title_key, slug, kit_id, kit_version, level, place, country, presence, kind,
                salary_from, salary_to, currency, salary_per, about, state, decline_after_hours, keep_months, video_days,
                video_takes, created_by, created_at, published_at, revision)
            VALUES ($1, $2, $2, $3, $4, 1, 'Mid', 'Lisbon', 'PT', 'hybrid', 'full_time', 42000, 56000, 'EUR', 'year',
                'You build what lets systems talk.', 'published', $5, 6, 7, 3, $6, $7, $7, 0)";
        STAGE = "INSERT INTO opening_stages (id, opening_id, position, name, kind, target_days) VALUES ($1, $2, $3, $4, $5, 5)";
        APPLICATION = "INSERT INTO applications (id, opening_id, kit_version, state, stage_id, stage_since, name, email, email_key,
                phone, phone_key, person_key, source, source_detail, link, started_at, changed_at, submitted_at, outcome,
                outcome_reason, revision)
            VALUES ($1, $2, 1, 'active', $3, $4, $5, $6, $6, '', '', $6, '', '', $7, $4, $4, $4, 'qualifies', '', 0)";
    }
    pub const FIND_KIT: Statement = KIT;
    pub const ADD_OPENING: Statement = OPENING;
    pub const ADD_STAGE: Statement = STAGE;
    pub const ADD_APPLICATION: Statement = APPLICATION;
}

pub struct Job {
    pub id: Uuid,
    pub slug: String,
    pub stages: Vec<Uuid>,
}

/// A published job on the first kit that ships, at the level Mid, with the stages that a new job has.
pub async fn job(test: &TestApp, title: &str, decline_after_hours: i64) -> Job {
    let app = &test.app;
    shipped::bring(app).await.expect("the kits that ship");
    let kit = app.db.optional(FIND_KIT, args!["integration-developer"]).await.unwrap();
    let kit = kit.expect("the shipped kit").id("id").unwrap();
    let by = recruiter(app, test).await;
    let (id, now) = (app.new_id(), app.now());
    let slug = title.to_lowercase().replace(' ', "-");
    let mut tx = app.db.begin().await.unwrap();
    let opening = args![id, title, &slug, kit, decline_after_hours, by, now];
    tx.execute(ADD_OPENING, opening).await.unwrap();
    let steps = [
        ("Application", "application"),
        ("Résumé screen", "resume_screen"),
        ("Coding test", "coding_test"),
        ("Interview", "interview"),
        ("Decision", "decision"),
        ("Offer", "offer"),
    ];
    let mut stages = Vec::new();
    for (position, (name, kind)) in (0i64..).zip(steps) {
        let stage = app.new_id();
        tx.execute(ADD_STAGE, args![stage, id, position, name, kind])
            .await
            .unwrap();
        stages.push(stage);
    }
    tx.commit().await.unwrap();
    Job { id, slug, stages }
}

async fn recruiter(app: &App, test: &TestApp) -> Uuid {
    test.add("recruiter@company.example", Role::Recruiter).await;
    let all = people::all(&app.db).await.unwrap();
    let found = all.iter().find(|person| person.email == "recruiter@company.example");
    found.expect("the recruiter").id
}

/// An application that was sent and qualified: its id and its link.
pub async fn application(test: &TestApp, job: &Job, name: &str) -> (Uuid, String) {
    let app = &test.app;
    let (id, link) = (app.new_id(), secret(app));
    let email = format!("{}@mail.example", name.to_lowercase().replace(' ', "."));
    let mut tx = app.db.begin().await.unwrap();
    let row = args![id, job.id, job.stages[0], app.now(), name, email, &link];
    tx.execute(ADD_APPLICATION, row).await.unwrap();
    placing::settle(&mut tx, None, id, app.now()).await.unwrap();
    tx.commit().await.unwrap();
    (id, link)
}

/// As it stands, held by the transaction.
pub async fn held(tx: &mut Tx, id: Uuid) -> Application {
    applications::lock(tx, id).await.unwrap().expect("the application")
}

/// An account with this name, in the team of a job: its address and its id.
pub async fn member(test: &TestApp, job: &Job, name: &str, role: Role) -> (String, Uuid) {
    let app = &test.app;
    let email = format!("{}@company.example", name.to_lowercase().replace(' ', "."));
    let new = halfopen::people::NewStaff {
        email: email.clone(),
        name: name.into(),
        role,
    };
    halfopen::serve::add_with_password(app, new, super::PASSWORD)
        .await
        .unwrap();
    let all = people::all(&app.db).await.unwrap();
    let id = all.iter().find(|person| person.email == email).expect("the member").id;
    let mut tx = app.db.begin().await.unwrap();
    halfopen::hiring::openings::store::join_team(&mut tx, job.id, id)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    (email, id)
}
