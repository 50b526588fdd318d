//! Role kits: imported, edited, published, compared, read.

use halfopen::people::Role;
use halfopen::roles::banks;
use halfopen::roles::draft::Draft;
use halfopen::roles::kit::Kit;
use halfopen::roles::{KitRecord, format, shipped, store};
use uuid::Uuid;

use crate::support::{Browser, TestApp, html};

/// A role document, short, with a line that nothing explains.
const DOCUMENT: &str = "Billing Engineer

Halfopen

Why this role is hard · Halfopen

Money moves twice when a retry is careless.

Core Evaluation

2 Competency Questions

1 of 2
  1. Discipline

    Payments

  2. Job requirement

    Ledger design

    Keeps entries that can be added up again.

  3. Expected at Mid

    Owns one ledger without help.

Interview round: Technical Deep Dive

Tell us how you found an entry that was booked twice.

Positive indicators

  • Compares both sides of the booking
  • Knows the key that should have caught it

Negative indicators

  • Deletes the second entry by hand

Stage 1 · Application

Filter at the door

Knock-out Questions

1 of 1

Application Screen: Knock-out

Are you bound by a contract that keeps you from starting within half a year?

Yes
Auto-decline
No
Qualifies

The moon is made of green cheese today

Stage 2 · Resume Screening

Resume Review Criteria

2 criteria
Evidence of work on double-entry bookkeeping.

Does the letter say why payments matter to the person?

Progression Framework

Payments

1 competencies

CompetencyJuniorMidSenior
Ledger design

Books entries by the rules.

Keeps entries that can be added up again.

Decides which ledger holds what.
";

const QUESTIONS: &str = "Questions of ours

Collected in the spring

Question 1
Difficulty: medium
How do you tell a slow partner from a broken one?
Sample answer
I look at the shape of the delays first.

Question 2
What do you log for each message?
Sample answer
Its key, where it came from, and what became of it.
";

/// Signs in, sends the document, and gives the kit's address.
async fn imported(test: &TestApp) -> (Browser, Uuid) {
    let mut recruiter = test.signed_in(Role::Recruiter).await;
    recruiter.open("/kits/new").await;
    recruiter.submit("/kits/imports", &[("text", DOCUMENT)]).await;
    let to = recruiter.header("location").to_owned();
    recruiter.open(&to).await;
    let id = to.split('/').nth(2).unwrap().parse().unwrap();
    (recruiter, id)
}

impl TestApp {
    async fn kit_record(&self, id: Uuid) -> KitRecord {
        store::find(&self.app.db, id)
            .await
            .unwrap()
            .expect("there is such a kit")
    }

    async fn draft_of(&self, id: Uuid) -> Draft {
        self.kit_record(id).await.draft.expect("it has a draft")
    }

    async fn published(&self, id: Uuid, number: u32) -> Kit {
        store::version(&self.app.db, id, number)
            .await
            .unwrap()
            .expect("it is published")
            .1
    }
}

/// The value of a hidden field of the first form to this address.
fn hidden(browser: &Browser, action: &str, name: &str) -> String {
    let form = browser.form(action);
    let field = form.fields.iter().find(|(n, _)| n == name);
    field.unwrap_or_else(|| panic!("no field {name}")).1.clone()
}

crate::on_both! {
    async fn a_pasted_document_becomes_a_kit_with_its_leftovers_beside_it(test) {
        let (mut recruiter, id) = imported(&test).await;
        let draft = test.draft_of(id).await;
        assert_eq!(draft.kit.title, "Billing Engineer");
        assert_eq!(draft.kit.levels, ["Junior", "Mid", "Senior"]);
        assert_eq!(draft.kit.competency_questions.len(), 1);
        assert_eq!(draft.kit.resume_criteria.len(), 2);
        let left: Vec<&str> = draft.leftovers.iter().map(|left| left.text.as_str()).collect();
        assert_eq!(left, ["The moon is made of green cheese today"]);
        // Two were announced: what only the file could tell is kept.
        assert!(!draft.announced.is_empty());
        assert!(recruiter.body.contains("One line was not understood"));

        let line = draft.leftovers[0].line;
        let place = format!("/kits/{id}/draft/leftovers/{line}");
        recruiter.open(&place).await;
        recruiter.submit(&place, &[("target", "")]).await;
        assert_eq!(recruiter.status, 422);
        recruiter.submit(&place, &[("target", "resume_criteria.entry")]).await;
        let draft = test.draft_of(id).await;
        assert_eq!(draft.leftovers, []);
        assert_eq!(draft.kit.resume_criteria[2], "The moon is made of green cheese today");

        recruiter.open(&format!("/kits/{id}/draft")).await;
        recruiter.submit(&format!("/kits/{id}/draft/undo"), &[]).await;
        assert_eq!(test.draft_of(id).await.leftovers.len(), 1, "it waits again");
        recruiter.open(&place).await;
        recruiter.submit(&format!("/kits/{id}/draft/leftovers/removal"), &[]).await;
        assert_eq!(test.draft_of(id).await.leftovers, []);
    }

    async fn every_place_that_is_offered_takes_a_line(test) {
        let (_, id) = imported(&test).await;
        let mut draft = test.draft_of(id).await;
        let mut targets = draft.targets();
        draft.kit = format::read_kit(shipped::KITS[0].1).unwrap();
        targets.extend(draft.targets());
        let all: Vec<_> = draft.targets().into_iter().flat_map(|(_, targets)| targets).collect();
        assert!(all.len() > 100);
        for target in all {
            let mut one = draft.clone();
            let line = one.leftovers[0].line;
            one.assign(line, &target.address).unwrap_or_else(|_| panic!("{}", target.address));
            let text = serde_json::to_string(&one.kit).unwrap();
            assert!(text.contains("green cheese"), "{}", target.address);
        }
    }

    async fn what_cannot_be_read_comes_back_with_the_reason(test) {
        let mut recruiter = test.signed_in(Role::Recruiter).await;
        for (text, reason) in [("", "empty"), ("Nothing of the kind.", "no heading"), ("a\u{0}\u{0}b", "not a text file")] {
            recruiter.open("/kits/new").await;
            recruiter.submit("/kits/imports", &[("text", text)]).await;
            assert_eq!(recruiter.status, 422);
            assert!(recruiter.body.to_lowercase().contains(reason), "{text:?}: {}", recruiter.body);
        }
        recruiter.open("/kits/new").await;
        let large = "x".repeat(3 * 1024 * 1024);
        recruiter.submit_file("/kits/imports", &[], ("page.html", large.as_bytes())).await;
        assert_eq!(recruiter.status, 422);
        assert!(store::list(&test.app.db, &store::Filter::default(), 10).await.unwrap().is_empty());
    }

    async fn a_form_sent_twice_makes_one_kit(test) {
        let mut recruiter = test.signed_in(Role::Recruiter).await;
        recruiter.open("/kits/new").await;
        let form = recruiter.form("/kits");
        recruiter.send_form(&form, &[("title", "Zoë’s ½ role 🦀")], None).await;
        let first = recruiter.header("location").to_owned();
        recruiter.send_form(&form, &[("title", "Zoë’s ½ role 🦀")], None).await;
        assert_eq!(recruiter.header("location"), first);
        assert_eq!(store::list(&test.app.db, &store::Filter::default(), 10).await.unwrap().len(), 1);
        recruiter.open("/kits?title=zoe").await;
        assert!(recruiter.body.contains("Zoë’s ½ role 🦀"), "found without its accent");
    }

    async fn a_part_is_changed_moved_duplicated_removed_and_taken_back(test) {
        let (mut recruiter, id) = imported(&test).await;
        let base = format!("/kits/{id}/draft");
        let criterion = format!("{base}/resume_criteria/0");
        recruiter.open(&criterion).await;
        recruiter.submit(&criterion, &[("text", "  Evidence of bookkeeping.\r\n"), ("then", "save")]).await;
        assert_eq!(test.draft_of(id).await.kit.resume_criteria[0], "Evidence of bookkeeping.");

        recruiter.open(&base).await;
        let moves = format!("{base}/moves");
        let was = halfopen::roles::draft::fingerprint(&"Evidence of bookkeeping.".into());
        let form = [("part", "resume_criteria"), ("at", "0"), ("was", was.as_str())];
        for (then, expected) in [("duplicate", 3), ("remove", 2), ("down", 2)] {
            recruiter.post(&moves, &[form.as_slice(), &[("then", then)]].concat()).await;
            assert_eq!(test.draft_of(id).await.kit.resume_criteria.len(), expected, "{then}");
        }
        assert_eq!(test.draft_of(id).await.kit.resume_criteria[1], "Evidence of bookkeeping.");
        // A page that was made before finds the item where it is now.
        recruiter.post(&moves, &[form.as_slice(), &[("then", "up")]].concat()).await;
        assert_eq!(test.draft_of(id).await.kit.resume_criteria[0], "Evidence of bookkeeping.");
        // What is gone is not mistaken for what took its place.
        let gone = [("part", "resume_criteria"), ("at", "0"), ("was", "none"), ("then", "remove")];
        recruiter.post(&moves, &gone).await;
        assert_eq!(test.draft_of(id).await.kit.resume_criteria.len(), 2);

        for _ in 0..5 {
            recruiter.open(&base).await;
            recruiter.submit(&format!("{base}/undo"), &[]).await;
        }
        assert!(test.draft_of(id).await.kit.resume_criteria[0].contains("double-entry"));
        recruiter.open(&base).await;
        assert!(!recruiter.body.contains("Undo</button>"));
        // Twice pressed, once done.
        recruiter.post(&format!("{base}/undo"), &[("revision", "1")]).await;
        assert!(test.draft_of(id).await.kit.resume_criteria[0].contains("double-entry"));
    }

    async fn rows_are_added_and_removed_before_anything_is_saved(test) {
        let (mut recruiter, id) = imported(&test).await;
        let action = format!("/kits/{id}/draft/knock_outs/0");
        recruiter.open(&action).await;
        recruiter.submit(&action, &[("then", "add:answers")]).await;
        assert_eq!(recruiter.status, 200);
        let answers = [("answers.2.answer", "I don’t know"), ("answers.2.decision", "review"), ("then", "save")];
        recruiter.submit(&action, &answers).await;
        let knock_out = test.draft_of(id).await.kit.knock_outs[0].clone();
        assert_eq!(knock_out.answers.len(), 3);
        assert_eq!(knock_out.answers[2].answer, "I don’t know");
        recruiter.open(&action).await;
        recruiter.submit(&action, &[("then", "remove:answers:0")]).await;
        recruiter.submit(&action, &[("then", "save")]).await;
        assert_eq!(test.draft_of(id).await.kit.knock_outs[0].answers[0].answer, "No");
    }

    async fn wrong_answers_are_refused_at_their_field_and_nothing_is_lost(test) {
        let (mut recruiter, id) = imported(&test).await;
        let action = format!("/kits/{id}/draft/competency_questions/0");
        recruiter.open(&action).await;
        recruiter.submit(&action, &[("question", ""), ("minutes", "soon"), ("focus", "Kept ✓"), ("then", "save")]).await;
        assert_eq!(recruiter.status, 422);
        assert!(recruiter.body.contains("A whole number, such as 20."));
        assert!(recruiter.body.contains("Write the question first."));
        assert!(recruiter.body.contains("Kept ✓"));
        recruiter.submit(&action, &[("question", "Why?"), ("minutes", "9000"), ("then", "save")]).await;
        assert_eq!(recruiter.status, 422);
        assert!(recruiter.body.contains("minutes-error"), "{}", recruiter.body);
        assert!(test.draft_of(id).await.kit.competency_questions[0].question.starts_with("Tell us"));
    }

    async fn what_has_a_new_name_keeps_what_refers_to_it(test) {
        let (mut recruiter, id) = imported(&test).await;
        let role = format!("/kits/{id}/draft/about/0");
        recruiter.open(&role).await;
        recruiter.submit(&role, &[
            ("rounds.0.name", "Technical interview"),
            ("rounds.0.minutes", "45"),
            ("levels", "Junior\nMiddle\nSenior"),
            ("then", "save"),
        ]).await;
        let framework = format!("/kits/{id}/draft/disciplines/0");
        recruiter.open(&framework).await;
        recruiter.submit(&framework, &[("competencies.0.name", "Keeping a ledger"), ("then", "save")]).await;
        let kit = test.draft_of(id).await.kit;
        let question = &kit.competency_questions[0];
        assert_eq!((question.round.as_str(), question.level.as_str()), ("Technical interview", "Middle"));
        assert_eq!(question.competency, "Keeping a ledger");
        let levels: Vec<&String> = kit.disciplines[0].competencies[0].expected.keys().collect();
        assert_eq!(levels, ["Junior", "Middle", "Senior"]);
        assert_eq!(kit.rounds[0].minutes, Some(45));
    }

    async fn two_people_at_one_question_lose_nothing(test) {
        let (mut first, id) = imported(&test).await;
        let mut second = test.signed_in(Role::HiringManager).await;
        let action = format!("/kits/{id}/draft/competency_questions/0");
        first.open(&action).await;
        second.open(&action).await;
        let was = hidden(&second, &action, "was");
        first.submit(&action, &[("question", "The first one’s words?"), ("then", "save")]).await;
        second.submit(&action, &[("question", "The second one’s words?"), ("then", "save")]).await;
        assert_eq!(second.status, 409);
        assert!(second.body.contains("The second one’s words?"));
        assert!(second.body.contains("changed or removed this meanwhile"));
        assert_eq!(test.draft_of(id).await.kit.competency_questions[0].question, "The first one’s words?");
        second.submit(&format!("/kits/{id}/draft/competency_questions/new"), &[("then", "save")]).await;
        let questions = test.draft_of(id).await.kit.competency_questions;
        assert_eq!(questions[1].question, "The second one’s words?");
        assert!(!was.is_empty());
    }

    async fn a_draft_is_published_once_as_it_was_shown(test) {
        let (mut recruiter, id) = imported(&test).await;
        let publication = format!("/kits/{id}/draft/publication");
        let versions = format!("/kits/{id}/versions");
        recruiter.open(&publication).await;
        assert!(recruiter.body.contains("still waits"), "a line is not placed yet");
        recruiter.post(&versions, &[("revision", "0")]).await;
        assert_eq!(test.kit_record(id).await.published, 0);
        recruiter.open(&format!("/kits/{id}/draft")).await;
        let line = test.draft_of(id).await.leftovers[0].line.to_string();
        recruiter.submit(&format!("/kits/{id}/draft/leftovers/removal"), &[("line", &line)]).await;

        recruiter.open(&publication).await;
        let form = recruiter.form(&versions);
        // Somebody changes it while this page is open.
        let criterion = format!("/kits/{id}/draft/resume_criteria/0");
        recruiter.open(&criterion).await;
        recruiter.submit(&criterion, &[("text", "Evidence of care with money."), ("then", "save")]).await;
        recruiter.send_form(&form, &[("note", "The first")], None).await;
        assert_eq!(test.kit_record(id).await.published, 0, "not what was shown");

        recruiter.open(&publication).await;
        let form = recruiter.form(&versions);
        for _ in 0..2 {
            recruiter.send_form(&form, &[("note", "The first")], None).await;
        }
        let record = test.kit_record(id).await;
        assert_eq!((record.published, record.draft.is_none()), (1, true));
        assert_eq!(test.published(id, 1).await.resume_criteria[0], "Evidence of care with money.");

        recruiter.open(&format!("/kits/{id}")).await;
        recruiter.submit(&format!("/kits/{id}/draft"), &[]).await;
        recruiter.open(&criterion).await;
        recruiter.submit(&criterion, &[("text", "Evidence of great care with money."), ("then", "save")]).await;
        recruiter.open(&publication).await;
        assert!(recruiter.body.contains("1 résumé criterion changed"), "{}", recruiter.body);
        assert!(recruiter.body.contains("<ins>great </ins>"));
        recruiter.submit(&versions, &[]).await;
        recruiter.open(&format!("/kits/{id}/comparison")).await;
        assert!(recruiter.body.contains("From version 1 to 2"));
        assert!(recruiter.body.contains("<ins>great </ins>"));
        recruiter.open(&format!("/kits/{id}/versions/1")).await;
        assert!(!recruiter.body.contains("great care"), "a version never changes");
    }

    async fn what_could_not_be_read_again_is_not_published(test) {
        let (mut recruiter, id) = imported(&test).await;
        let record = test.kit_record(id).await;
        let mut draft = test.draft_of(id).await;
        draft.leftovers.clear();
        let twin = draft.kit.disciplines[0].clone();
        draft.kit.disciplines.push(twin);
        let mut tx = test.app.db.begin().await.unwrap();
        let by = halfopen::people::store::all(&test.app.db).await.unwrap()[0].id;
        store::change(&mut tx, &record, &draft, "Made it unreadable", by, test.app.now()).await.unwrap();
        tx.commit().await.unwrap();
        recruiter.open(&format!("/kits/{id}/draft/publication")).await;
        assert!(recruiter.body.contains("This has to be mended first."));
        let revision = test.kit_record(id).await.revision.to_string();
        recruiter.post(&format!("/kits/{id}/versions"), &[("revision", &revision)]).await;
        assert_eq!(test.kit_record(id).await.published, 0);
    }

    async fn a_dropped_draft_leaves_the_version_and_a_kit_without_one_is_put_away(test) {
        let (mut recruiter, id) = imported(&test).await;
        recruiter.open(&format!("/kits/{id}/draft/removal")).await;
        recruiter.submit(&format!("/kits/{id}/draft/removal"), &[]).await;
        let record = test.kit_record(id).await;
        assert!(record.archived && record.draft.is_some());
        recruiter.open("/kits?archived=yes").await;
        assert!(recruiter.body.contains("Billing Engineer"));

        shipped::bring(&test.app).await.unwrap();
        shipped::bring(&test.app).await.unwrap();
        let kits = store::list(&test.app.db, &store::Filter::default(), 10).await.unwrap();
        assert_eq!(kits.len(), shipped::KITS.len(), "brought once");
        let id = kits[0].id;
        recruiter.open(&format!("/kits/{id}")).await;
        recruiter.submit(&format!("/kits/{id}/draft"), &[]).await;
        let role = format!("/kits/{id}/draft/about/0");
        recruiter.open(&role).await;
        recruiter.submit(&role, &[("title", "Another title"), ("then", "save")]).await;
        assert_eq!(test.kit_record(id).await.title, "Another title");
        recruiter.open(&format!("/kits/{id}/draft/removal")).await;
        recruiter.submit(&format!("/kits/{id}/draft/removal"), &[]).await;
        let record = test.kit_record(id).await;
        assert_eq!((record.title.as_str(), record.draft.is_none()), (kits[0].title.as_str(), true));
    }

    async fn an_export_imports_as_the_same_kit(test) {
        shipped::bring(&test.app).await.unwrap();
        let mut recruiter = test.signed_in(Role::Recruiter).await;
        for line in store::list(&test.app.db, &store::Filter::default(), 10).await.unwrap() {
            recruiter.get(&format!("/kits/{}/export", line.id)).await;
            assert_eq!(recruiter.status, 200);
            assert!(recruiter.header("content-disposition").ends_with(".toml\""));
            let text = recruiter.body.clone();
            recruiter.open("/kits/new").await;
            recruiter.submit_file("/kits/imports", &[], ("kit.toml", text.as_bytes())).await;
            let id = recruiter.header("location").split('/').nth(2).unwrap().parse().unwrap();
            let draft = test.draft_of(id).await;
            assert_eq!(Some(draft.kit), line.kit);
            assert_eq!(draft.leftovers, []);
        }
    }

    async fn each_reader_gets_what_they_need_and_candidates_no_more(test) {
        shipped::bring(&test.app).await.unwrap();
        let mut interviewer = test.signed_in(Role::Interviewer).await;
        for line in store::list(&test.app.db, &store::Filter::default(), 10).await.unwrap() {
            let kit = line.kit.unwrap();
            let shown = |browser: &Browser, text: &str| html::text(&browser.body).contains(&text.replace("  ", " "));
            interviewer.open(&format!("/kits/{}", line.id)).await;
            for question in &kit.competency_questions {
                assert!(shown(&interviewer, &question.question), "{}", question.question);
            }
            interviewer.open(&format!("/kits/{}?for=round-1", line.id)).await;
            for question in &kit.attitude_questions {
                assert_eq!(shown(&interviewer, &question.question), question.round == kit.rounds[1].name);
            }
            interviewer.open(&format!("/kits/{}?for=candidate", line.id)).await;
            let simulation = &kit.simulations[0];
            assert!(shown(&interviewer, &kit.knock_outs[0].question));
            assert!(shown(&interviewer, &simulation.ground_rules[0]));
            let secret = kit.competency_questions.iter().map(|q| &q.question)
                .chain(kit.coding_tests.iter().flat_map(|test| test.positive.iter().chain(&test.negative)))
                .chain(&simulation.roles[0].constraints).chain(&simulation.roles[0].tensions)
                .chain([&simulation.anchors.exceeds, &kit.presentations[0].anchors.below, &simulation.roles[0].motivation]);
            for text in secret {
                assert!(!shown(&interviewer, text), "candidates would read: {text}");
            }
            assert!(!interviewer.body.contains("declines at once"));
        }
    }

    async fn a_page_of_questions_becomes_a_bank_with_its_leftovers_beside_it(test) {
        let mut recruiter = test.signed_in(Role::Recruiter).await;
        recruiter.open("/kits/new").await;
        let form = recruiter.form("/kits/imports");
        for _ in 0..2 {
            recruiter.send_form(&form, &[("text", QUESTIONS)], None).await;
        }
        let to = recruiter.header("location").to_owned();
        recruiter.open(&to).await;
        assert!(recruiter.body.contains("One line was not understood"), "{}", recruiter.body);
        let place = format!("{to}/leftovers/3");
        recruiter.submit(&place, &[("place", "")]).await;
        recruiter.open(&to).await;
        assert!(recruiter.body.contains("One line was not understood"), "nothing was chosen");
        recruiter.submit(&place, &[("place", "advice")]).await;
        recruiter.post(&place, &[("place", "about")]).await;
        recruiter.open(&to).await;
        assert!(!recruiter.body.contains("was not understood"));
        let id = to.rsplit('/').next().unwrap().parse().unwrap();
        let bank = banks::store::document(&test.app.db, id).await.unwrap().unwrap();
        assert_eq!((bank.advice.as_slice(), bank.about.as_str()), (["Collected in the spring".to_owned()].as_slice(), ""));
        assert_eq!(bank.questions.len(), 2);
        recruiter.get(&format!("{to}/export")).await;
        assert_eq!(format::read_bank(&recruiter.body).unwrap(), bank);
    }

    async fn a_question_of_a_bank_goes_into_a_kit(test) {
        shipped::bring(&test.app).await.unwrap();
        let mut recruiter = test.signed_in(Role::Recruiter).await;
        recruiter.open("/banks?q=idempotency").await;
        let question = html::links(&recruiter.body).into_iter().find(|link| link.contains("/questions/")).unwrap();
        recruiter.open(&question).await;
        let form = recruiter.form("/kits/additions");
        recruiter.send_form(&form, &[], None).await;
        let to = recruiter.header("location").to_owned();
        recruiter.send_form(&form, &[], None).await;
        assert_eq!(recruiter.header("location"), to, "pressed twice, added once");
        recruiter.open(&to).await;
        assert!(recruiter.body.contains("No round yet"));
        let id = to.split('/').nth(2).unwrap().parse().unwrap();
        let draft = test.draft_of(id).await;
        let added = draft.kit.competency_questions.last().unwrap();
        assert!(added.positive.len() == 3 && added.negative.len() == 3 && !added.question.is_empty());
        assert_eq!(test.published(id, 1).await.competency_questions.len() + 1, draft.kit.competency_questions.len());
    }

    async fn nobody_edits_without_the_right(test) {
        let (_, id) = imported(&test).await;
        let mut interviewer = test.signed_in(Role::Interviewer).await;
        interviewer.open(&format!("/kits/{id}")).await;
        assert!(!interviewer.body.contains("Edit as"));
        interviewer.get(&format!("/kits/{id}/draft")).await;
        assert_eq!(interviewer.status, 403);
    }
}

/// Runs the program itself.
fn import_file(folder: &std::path::Path, arguments: &[&str]) -> (Option<i32>, Vec<serde_json::Value>) {
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_halfopen"))
        .args(["import", "--format", "json"])
        .args(arguments)
        .current_dir(folder)
        .env("HALFOPEN_DATA", folder.join("data"))
        .env_remove("DATABASE_URL")
        .output()
        .unwrap();
    let lines = String::from_utf8(output.stdout).unwrap();
    let reports = lines.lines().map(|line| serde_json::from_str(line).unwrap());
    (output.status.code(), reports.collect())
}

#[tokio::test]
async fn the_command_line_says_what_became_of_every_line_and_keeps_what_it_read() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("role.txt"), DOCUMENT.replace('\n', "\r\n")).unwrap();
    std::fs::write(folder.path().join("page.md"), QUESTIONS).unwrap();
    std::fs::write(folder.path().join("bad.bin"), [0u8, 159, 0, 1]).unwrap();

    let (code, reports) = import_file(folder.path(), &["--dry-run", "role.txt", "page.md", "bad.bin"]);
    assert_eq!(code, Some(1), "one could not be read");
    assert_eq!(
        (reports[0]["kind"].as_str(), reports[1]["kind"].as_str()),
        (Some("kit"), Some("bank"))
    );
    assert_eq!(reports[0]["counts"]["competency_questions"], 1);
    assert_eq!(
        reports[0]["leftovers"][0]["text"],
        "The moon is made of green cheese today"
    );
    assert!(reports[2]["error"].as_str().unwrap().contains("not a text file"));
    let lines = DOCUMENT.lines().filter(|line| !line.trim().is_empty()).count();
    assert_eq!(reports[0]["lines"].as_array().unwrap().len(), lines);
    assert!(!folder.path().join("data").exists(), "a dry run keeps nothing");

    let (code, _) = import_file(folder.path(), &["role.txt", "page.md"]);
    assert_eq!(code, Some(0));
    let db = halfopen::db::Db::open_sqlite(&folder.path().join("data/halfopen.db"))
        .await
        .unwrap();
    let kits = store::list(&db, &store::Filter::default(), 10).await.unwrap();
    assert_eq!((kits.len(), kits[0].title.as_str()), (1, "Billing Engineer"));
    assert_eq!(banks::store::list_after(&db, None, 10).await.unwrap().len(), 1);
}
