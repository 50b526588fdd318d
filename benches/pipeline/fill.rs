//! Many applications at once, made by the database itself: a number decides everything about each of them.

use halfopen::app::App;
use halfopen::args;
use halfopen::clock::Timestamp;
use halfopen::db::Statement;
use halfopen::hiring::pipeline::index::number_of;
use halfopen::roles::shipped;
use uuid::Uuid;

use statements as sql;

/// 20 November 2026.
pub const NOW: Timestamp = Timestamp(1_795_186_327_000_000);
const JOBS: u64 = 10;
const STAGES: [(&str, &str); 6] = [
    ("Application", "application"),
    ("Résumé screen", "resume_screen"),
    ("Coding test", "coding_test"),
    ("Interview", "interview"),
    ("Decision", "decision"),
    ("Offer", "offer"),
];
/// Words that résumés are made of, and names.
const VOCABULARY: i64 = 4_000;
const NAMES: i64 = 500;
pub const NAME: &str = "name0123";
pub const WORDS: [&str; 2] = ["word1234", "word0042"];

mod statements {
    use halfopen::db::Statement;

    halfopen::statements! {
        KIT = "SELECT id FROM kits WHERE shipped = 'integration-developer'";
        RECRUITER = "SELECT id FROM staff LIMIT 1";
        OPENING = "INSERT INTO openings (id, title, title_key, slug, kit_id, kit_version, level, place, country, presence, kind,
                salary_from, salary_to, currency, salary_per, about, state, decline_after_hours, keep_months, video_days,
                video_takes, created_by, created_at, published_at, revision)
            VALUES ($1, $2, $2, $2, $3, 1, 'Mid', 'Lisbon', 'PT', 'hybrid', 'full_time', 42000, 56000, 'EUR', 'year',
                'You build what lets systems talk.', 'published', 24, 6, 7, 3, $4, $5, $5, 0)";
        STAGE = "INSERT INTO opening_stages (id, opening_id, position, name, kind, target_days) VALUES ($1, $2, $3, $4, $5, 5)";
        NUMBERS = "CREATE TABLE filling (n BIGINT PRIMARY KEY, id TEXT NOT NULL, job BIGINT NOT NULL, stage BIGINT NOT NULL, active BOOLEAN NOT NULL)";
        PLACES = "CREATE TABLE filling_stages (job BIGINT NOT NULL, stage BIGINT NOT NULL, opening_id TEXT NOT NULL, stage_id TEXT NOT NULL, scope BIGINT NOT NULL, PRIMARY KEY (job, stage))";
        PLACE = "INSERT INTO filling_stages (job, stage, opening_id, stage_id, scope) VALUES ($1, $2, $3, $4, $5)";
        WORDS = "CREATE TABLE filling_words (k BIGINT PRIMARY KEY, word BYTEA NOT NULL)";
        WORD = "INSERT INTO filling_words (k, word) VALUES ($1, $2)";
        COUNT_UP = "INSERT INTO filling (n, id, job, stage, active)
            WITH RECURSIVE counted (n) AS (SELECT CAST(1 AS BIGINT) UNION ALL SELECT n + 1 FROM counted WHERE n < $1)
            SELECT n, '0199ae00-0000-7000-8000-' || substr(CAST(1000000000000 + n AS TEXT), 2), n % 10, (n / 10) % 6, (n / 60) % 10 < 7
            FROM counted";
        APPLICATIONS = "INSERT INTO applications (id, opening_id, kit_version, state, stage_id, stage_since, name, email, email_key,
                phone, phone_key, person_key, source, source_detail, link, started_at, changed_at, submitted_at, outcome,
                outcome_reason, ended_at, keep_until, revision)
            SELECT filling.id, opening_id, 1, CASE WHEN active THEN 'active' ELSE 'rejected' END, stage_id,
                $1 - (n % 40) * 86400000000 - n, 'Candidate name' || substr(CAST(10000 + n % 500 AS TEXT), 2),
                'c' || n || '@mail.example', 'c' || n || '@mail.example', '', '', 'candidate c' || n || '@mail.example',
                CASE n % 4 WHEN 0 THEN 'board' WHEN 1 THEN 'referral' WHEN 2 THEN 'company' ELSE 'recruiter' END, '',
                'link' || n, $1 - 5000000000000 + n, $1 - 5000000000000 + n, $1 - (n % 60) * 86400000000 - n,
                'qualifies', '', CASE WHEN active THEN NULL ELSE $1 - n END, $1 + 9000000000000, 0
            FROM filling JOIN filling_stages ON filling_stages.job = filling.job AND filling_stages.stage = filling.stage
            ORDER BY n";
        FILES = "INSERT INTO application_files (id, application_id, part, name, kind, size, sha256, put_at, reading, text, text_key)
            SELECT id, id, 'resume', 'resume.pdf', 'pdf', 30000, 'sha' || n, $1, 'read', 'A résumé.', 'a resume.' FROM filling ORDER BY n";
        EVENTS = "INSERT INTO application_events (id, application_id, at, what, detail)
            SELECT id, id, $1, 'Application sent', '' FROM filling ORDER BY n";
        VISITS = "INSERT INTO stage_visits (application_id, number, opening_id, stage_id, entered_at, left_at)
            SELECT id, 1, opening_id, stage_id, stage_since, ended_at FROM applications";
        COUNTS = "INSERT INTO application_counts (opening_id, stage_id, state, n)
            SELECT opening_id, stage_id, state, count(*) FROM applications GROUP BY opening_id, stage_id, state";
        TEXTS = "INSERT INTO search_texts (number, application_id, scope, person, notes, comments, files)
            SELECT n + $1, id, scope, 'candidate', '', '', 'resume' FROM filling
            JOIN filling_stages ON filling_stages.job = filling.job AND filling_stages.stage = filling.stage ORDER BY n";
        NAMED = "INSERT INTO search_words (scope, word, number)
            SELECT CASE WHEN $4 THEN scope ELSE 0 END, word, n + $1 FROM filling
            JOIN filling_stages ON filling_stages.job = filling.job AND filling_stages.stage = filling.stage
            JOIN filling_words ON k = $2 + (n % $3) ORDER BY 1, 2, 3";
        DESCRIBED = "INSERT INTO search_words (scope, word, number)
            SELECT DISTINCT CASE WHEN $4 THEN scope ELSE 0 END, word, n + $1 FROM filling
            JOIN filling_stages ON filling_stages.job = filling.job AND filling_stages.stage = filling.stage
            JOIN (VALUES (1), (2), (3), (4), (5), (6), (7), (8), (9), (10), (11), (12)) AS turns ON true
            JOIN filling_words ON k = $2 + ((n * 7919 + turns.column1 * 104729 + (n / 4000) * turns.column1) % $3)
            ORDER BY 1, 2, 3";
        DROP_NUMBERS = "DROP TABLE filling";
        ANALYSE = "ANALYZE";
    }
    pub const FIND_KIT: Statement = KIT;
    pub const FIND_RECRUITER: Statement = RECRUITER;
    pub const ADD_OPENING: Statement = OPENING;
    pub const ADD_STAGE: Statement = STAGE;
    pub const TABLES: [Statement; 3] = [NUMBERS, PLACES, WORDS];
    pub const ADD_PLACE: Statement = PLACE;
    pub const ADD_WORD: Statement = WORD;
    pub const COUNTED: Statement = COUNT_UP;
    pub const TIMED: [Statement; 3] = [APPLICATIONS, FILES, EVENTS];
    pub const PLAIN: [Statement; 2] = [VISITS, COUNTS];
    pub const ADD_TEXTS: Statement = TEXTS;
    pub const ADD_NAMES: Statement = NAMED;
    pub const ADD_WORDS: Statement = DESCRIBED;
    pub const DROPPED: Statement = DROP_NUMBERS;
    pub const ANALYSED: Statement = ANALYSE;
}

pub struct Filled {
    pub job: Uuid,
    pub application: Uuid,
}

pub async fn fill(app: &App, size: u64, postgres: bool) -> Filled {
    shipped::bring(app).await.unwrap();
    let size = i64::try_from(size).unwrap();
    let mut tx = app.db.begin().await.unwrap();
    for table in sql::TABLES {
        tx.execute(table, args![]).await.unwrap();
    }
    tx.commit().await.unwrap();
    let job = openings(app).await;
    words(app).await;
    run(app, sql::COUNTED, args![size]).await;
    for statement in sql::TIMED {
        run(app, statement, args![NOW]).await;
    }
    for statement in sql::PLAIN {
        run(app, statement, args![]).await;
    }
    let base = number_of(id_of(0));
    run(app, sql::ADD_TEXTS, args![base]).await;
    for of_a_job in [true, false] {
        run(app, sql::ADD_NAMES, args![base, VOCABULARY, NAMES, of_a_job]).await;
        run(app, sql::ADD_WORDS, args![base, 0, VOCABULARY, of_a_job]).await;
    }
    run(app, sql::DROPPED, args![]).await;
    if postgres {
        // Its own background work does this sooner or later.
        run(app, sql::ANALYSED, args![]).await;
    }
    Filled {
        job,
        application: id_of(10),
    }
}

/// As the database makes them of a number.
fn id_of(n: u64) -> Uuid {
    format!("0199ae00-0000-7000-8000-{n:012}").parse().unwrap()
}

async fn run<const N: usize>(app: &App, statement: Statement, args: [halfopen::db::Arg; N]) {
    let mut tx = app.db.begin().await.unwrap();
    tx.execute(statement, args).await.unwrap();
    tx.commit().await.unwrap();
}

/// Ten jobs; the first is the one whose applications have numbers that ten divides.
async fn openings(app: &App) -> Uuid {
    let row = |found: Option<halfopen::db::Row>| found.unwrap().id("id").unwrap();
    let kit = row(app.db.optional(sql::FIND_KIT, args![]).await.unwrap());
    let by = row(app.db.optional(sql::FIND_RECRUITER, args![]).await.unwrap());
    let mut first = None;
    for job in 0..JOBS {
        let id = app.new_id();
        first = first.or(Some(id));
        run(app, sql::ADD_OPENING, args![id, format!("job-{job}"), kit, by, NOW]).await;
        for (position, (name, kind)) in (0i64..).zip(STAGES) {
            let stage = app.new_id();
            run(app, sql::ADD_STAGE, args![stage, id, position, name, kind]).await;
            let place = args![i64::try_from(job).unwrap(), position, id, stage, number_of(id)];
            run(app, sql::ADD_PLACE, place).await;
        }
    }
    first.unwrap()
}

async fn words(app: &App) {
    let mut tx = app.db.begin().await.unwrap();
    for k in 0..VOCABULARY {
        let word = format!("word{k:04}").into_bytes();
        tx.execute(sql::ADD_WORD, args![k, word]).await.unwrap();
    }
    for k in 0..NAMES {
        let word = format!("name{k:04}").into_bytes();
        tx.execute(sql::ADD_WORD, args![VOCABULARY + k, word]).await.unwrap();
    }
    tx.commit().await.unwrap();
}
