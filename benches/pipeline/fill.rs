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
/// Words that résumés are made of: twelve in each, so that one in a thousand has a word.
const VOCABULARY: i64 = 12_000;
/// Both are prime, so that a given name and a family name together belong to one person only.
const GIVEN: i64 = 499;
const FAMILY: i64 = 20_011;
/// Each of them is in two of three résumés.
pub const FREQUENT: [&str; 2] = ["frequent0", "frequent1"];
/// The application whose page is read, and that is looked for.
const MEASURED: i64 = 10;

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
                $1 - (n % 40) * 86400000000 - n,
                'Given' || substr(CAST(100000 + n % $2 AS TEXT), 2) || ' Family' || substr(CAST(100000 + (n * 7919) % $3 AS TEXT), 2),
                'c' || n || '@mail.example', 'c' || n || '@mail.example',
                CASE WHEN n % 3 = 0 THEN '' ELSE '030 ' || n END, CASE WHEN n % 3 = 0 THEN '' ELSE '030' || n END,
                'candidate c' || n || '@mail.example',
                CASE n % 4 WHEN 0 THEN 'board' WHEN 1 THEN 'referral' WHEN 2 THEN 'company' ELSE 'recruiter' END, '',
                'link' || n, $1 - 5000000000000 + n, $1 - 5000000000000 + n, $1 - (n % 60) * 86400000000 - n,
                'qualifies', '', CASE WHEN active THEN NULL ELSE $1 - n END, $1 + 9000000000000, 0
            FROM filling JOIN filling_stages ON filling_stages.job = filling.job AND filling_stages.stage = filling.stage
            ORDER BY n";
        FILES = "INSERT INTO application_files (id, application_id, part, name, kind, size, sha256, put_at, reading, text, text_key)
            SELECT id, id, 'resume', 'resume.pdf', 'pdf', 30000, 'sha' || n, $1, 'read', 'A résumé.', 'a resume.' FROM filling ORDER BY n";
        EVENTS = "INSERT INTO application_events (id, application_id, at, what, detail)
            SELECT id, id, $1, 'Application sent', '' FROM filling ORDER BY n";
        MAILS = "INSERT INTO mails (id, event, recipient, recipient_name, sender_name, subject, body, mail_key, about, created_at, state,
                since, attempts, next_at, message_id)
            SELECT id, CASE WHEN active THEN 'application_receipt' ELSE 'application_rejection' END, 'c' || n || '@mail.example', '', '',
                'Your application', 'We have it.', 'c' || n || '@mail.example your application', id, $1 - n, 'sent', $1 - n, 1, $1, 'm' || n
            FROM filling ORDER BY n";
        TESTS = "INSERT INTO assessments (id, candidate, email, candidate_key, challenge, variant, minutes, extra_percent, deadline,
                shared, link, invited_by, invited_at, opened_at, started_at, submitted_at, form_token)
            SELECT filling.id, 'Candidate', 'c' || n || '@mail.example', 'c' || n || '@mail.example', 'retry', 'without_ai', 20, 100,
                $1 + (n % 20 - 10) * 86400000000, false, 'test' || n, staff.id, $1 - n, CASE WHEN n % 3 > 0 THEN $1 - n END,
                CASE WHEN n % 3 > 1 THEN $1 - n END, CASE WHEN n % 3 > 1 THEN $1 - n END, 'form' || n
            FROM filling JOIN (SELECT id FROM staff LIMIT 1) AS staff ON true WHERE stage = 2 ORDER BY n";
        GIVEN_TESTS = "INSERT INTO application_assessments (assessment_id, application_id) SELECT id, id FROM filling WHERE stage = 2 ORDER BY n";
        ANSWERS = "INSERT INTO application_answers (application_id, position, question, answer, decision)
            SELECT id, position, 'Question ' || position, 'Yes', 'qualifies' FROM filling
            JOIN (SELECT 0 AS position UNION ALL SELECT 1) AS asked ON true ORDER BY n, position";
        VISITS = "INSERT INTO stage_visits (application_id, number, opening_id, stage_id, entered_at, left_at)
            SELECT id, 1, opening_id, stage_id, stage_since, ended_at FROM applications";
        COUNTS = "INSERT INTO application_counts (opening_id, stage_id, state, n)
            SELECT opening_id, stage_id, state, count(*) FROM applications GROUP BY opening_id, stage_id, state";
        TEXTS = "INSERT INTO search_texts (number, application_id, scope, person, notes, comments, files)
            SELECT n + $1, id, scope, 'given' || substr(CAST(100000 + n % $2 AS TEXT), 2) || ' family'
                    || substr(CAST(100000 + (n * 7919) % $3 AS TEXT), 2), '', '',
                CASE WHEN (n / 10) % 3 = 0 THEN '' ELSE 'frequent0 ' END || CASE WHEN (n / 30) % 3 = 0 THEN '' ELSE 'frequent1 ' END
                    || (SELECT string_agg('word' || substr(CAST(100000 + (n * 7919 + turns.column1 * 104729 + (n / 12000) * turns.column1) % $4
                        AS TEXT), 2), ' ') FROM (VALUES (1), (2), (3), (4), (5), (6), (7), (8), (9), (10), (11), (12)) AS turns)
            FROM filling JOIN filling_stages ON filling_stages.job = filling.job AND filling_stages.stage = filling.stage ORDER BY n";
        INDEXED = "INSERT INTO search_words (scope, word, number)
            SELECT CASE WHEN $1 THEN scope ELSE 0 END, word, n + $2 FROM filling
            JOIN filling_stages ON filling_stages.job = filling.job AND filling_stages.stage = filling.stage
            JOIN (VALUES (1), (2), (3), (4), (5), (6), (7), (8), (9), (10), (11), (12), (13), (14), (15), (16)) AS turns ON true
            JOIN filling_words ON k = CASE turns.column1
                WHEN 13 THEN $3 + n % $4
                WHEN 14 THEN $3 + $4 + (n * 7919) % $5
                WHEN 15 THEN CASE WHEN (n / 10) % 3 = 0 THEN -1 ELSE $3 + $4 + $5 END
                WHEN 16 THEN CASE WHEN (n / 30) % 3 = 0 THEN -1 ELSE $3 + $4 + $5 + 1 END
                ELSE (n * 7919 + turns.column1 * 104729 + (n / 12000) * turns.column1) % $3 END
            WHERE true ORDER BY 1, 2, 3 ON CONFLICT (scope, word, number) DO NOTHING";
        DROP_NUMBERS = "DROP TABLE filling";
    }
    pub const FIND_KIT: Statement = KIT;
    pub const FIND_RECRUITER: Statement = RECRUITER;
    pub const ADD_OPENING: Statement = OPENING;
    pub const ADD_STAGE: Statement = STAGE;
    pub const TABLES: [Statement; 3] = [NUMBERS, PLACES, WORDS];
    pub const ADD_PLACE: Statement = PLACE;
    pub const ADD_WORD: Statement = WORD;
    pub const COUNTED: Statement = COUNT_UP;
    pub const ADD_APPLICATIONS: Statement = APPLICATIONS;
    pub const TIMED: [Statement; 4] = [FILES, EVENTS, MAILS, TESTS];
    pub const PLAIN: [Statement; 4] = [GIVEN_TESTS, ANSWERS, VISITS, COUNTS];
    pub const ADD_TEXTS: Statement = TEXTS;
    pub const ADD_TO_INDEX: Statement = INDEXED;
    pub const DROPPED: Statement = DROP_NUMBERS;
}

pub struct Filled {
    pub job: Uuid,
    pub application: Uuid,
    /// The name of that application, and two words that few résumés have beside it.
    pub name: String,
    pub words: String,
}

pub async fn fill(app: &App, size: u64) -> Filled {
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
    run(app, sql::ADD_APPLICATIONS, args![NOW, GIVEN, FAMILY]).await;
    for statement in sql::TIMED {
        run(app, statement, args![NOW]).await;
    }
    for statement in sql::PLAIN {
        run(app, statement, args![]).await;
    }
    let base = number_of(id_of(0));
    run(app, sql::ADD_TEXTS, args![base, GIVEN, FAMILY, VOCABULARY]).await;
    for of_a_job in [true, false] {
        let args = args![of_a_job, base, VOCABULARY, GIVEN, FAMILY];
        run(app, sql::ADD_TO_INDEX, args).await;
    }
    run(app, sql::DROPPED, args![]).await;
    let (given, family) = (MEASURED % GIVEN, (MEASURED * 7919) % FAMILY);
    let word = |turn: i64| (MEASURED * 7919 + turn * 104_729) % VOCABULARY;
    Filled {
        job,
        application: id_of(MEASURED),
        name: format!("given{given:05}+family{family:05}"),
        words: format!("word{:05}+word{:05}", word(1), word(2)),
    }
}

/// As the database makes them of a number.
fn id_of(n: i64) -> Uuid {
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

/// Those of résumés, given names, family names, and the frequent ones: numbered one after another.
async fn words(app: &App) {
    let of = |word: &'static str, many: i64| (0..many).map(move |n| format!("{word}{n:05}"));
    let words = of("word", VOCABULARY)
        .chain(of("given", GIVEN))
        .chain(of("family", FAMILY));
    let words = words.chain(FREQUENT.map(str::to_owned));
    let mut tx = app.db.begin().await.unwrap();
    for (k, word) in (0i64..).zip(words) {
        tx.execute(sql::ADD_WORD, args![k, word.into_bytes()]).await.unwrap();
    }
    tx.commit().await.unwrap();
}
