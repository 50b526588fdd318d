//! What a reader sees of a candidate's sitting, two submissions side by side, and a replay's console.

use halfopen::args;
use halfopen::assessments::{Fate, RunReport, Variant};
use halfopen::clock::Timestamp;
use halfopen::grader::Printed;
use halfopen::grader::verdict::{Criterion, Outcome, Rejection, Verdict};
use uuid::Uuid;

use crate::support::TestApp;
use crate::support::laboratory::{TEST, graded};

const PROGRAM: &str = "export async function executeWithRetry(operation) {\n  return operation();\n}\n";
const CANDIDATE: &str = "Noor <b>أحمد</b>";
const MINUTE: i64 = 60_000_000;

halfopen::statements! {
    ADD = "INSERT INTO assessments (id, candidate, email, candidate_key, challenge, variant, minutes, extra_percent, deadline,
            shared, invited_by, invited_at, started_at, ends_at, submitted_at, submission_id, form_token)
        SELECT $1, $2, 'noor@example.test', 'noor', challenge, $3, 20, $4, $5, FALSE, submitted_by, $5, $5, $6, $7, id, $1
        FROM submissions WHERE id = $8";
    ADD_RUN = "INSERT INTO runs (id, assessment_id, number, language, source, report, ran_at)
        VALUES ($1, $2, $3, 'javascript', $4, $5, $6)";
    ADD_ENTRY = "INSERT INTO ai_log (id, assessment_id, proposed, fate, why, written_at) VALUES ($1, $2, $3, $4, $5, $6)";
    MOVE = "UPDATE submissions SET challenge = $2 WHERE id = $1";
}

impl TestApp {
    /// Says of a submission that a candidate wrote it, in 13 minutes and a half.
    async fn sat(&self, page: &str, variant: Variant, extra_percent: i64) -> Uuid {
        let id = self.app.new_id();
        let start = self.app.now().0;
        let end = start + 20 * MINUTE * extra_percent / 100;
        let submitted = Timestamp(start + 13 * MINUTE + MINUTE / 2);
        let args = args![
            id,
            CANDIDATE,
            variant.id(),
            extra_percent,
            Timestamp(start),
            Timestamp(end),
            submitted,
            id_of(page),
        ];
        let mut tx = self.app.db.begin().await.unwrap();
        assert_eq!(tx.execute(ADD, args).await.unwrap(), 1);
        tx.commit().await.unwrap();
        id
    }

    async fn ran(&self, assessment: Uuid, number: i64, outcome: Outcome) {
        let report = RunReport {
            verdict: Verdict {
                challenge: TEST.into(),
                edition: "ed1".into(),
                contract: 1,
                seed: 1,
                outcome,
            },
            console: vec![Printed {
                scenario: "calm".into(),
                lines: vec!["hello".into()],
            }],
            took_ms: 40,
        };
        let report = serde_json::to_string(&report).unwrap();
        let at = Timestamp(self.app.now().0 + number * 3 * MINUTE);
        let args = args![self.app.new_id(), assessment, number, PROGRAM.as_bytes(), report, at];
        let mut tx = self.app.db.begin().await.unwrap();
        tx.execute(ADD_RUN, args).await.unwrap();
        tx.commit().await.unwrap();
    }

    async fn logged(&self, assessment: Uuid, proposed: &str, fate: Fate, why: &str) {
        let id = self.app.new_id();
        let args = args![id, assessment, proposed, fate.id(), why, self.app.now()];
        let mut tx = self.app.db.begin().await.unwrap();
        tx.execute(ADD_ENTRY, args).await.unwrap();
        tx.commit().await.unwrap();
    }
}

fn id_of(page: &str) -> Uuid {
    page.rsplit('/').next().unwrap().parse().unwrap()
}

/// What the public scenarios say of a draft that has no jitter.
fn public() -> Outcome {
    let mut graded = graded(|criterion| criterion != Criterion::Jitter);
    graded.criteria.retain(|result| result.id != Criterion::Herd);
    Outcome::Graded(Box::new(graded))
}

crate::on_both! {
    async fn a_reader_sees_how_a_program_came_about(test) {
        let mut browser = test.recruiter().await;
        let page = browser.paste("Noor’s program", &format!("{PROGRAM}/* fails jitter */")).await;
        let assessment = test.sat(&page, Variant::WithAi, 150).await;
        let broken = Rejection { reason: "A bracket is missing.".into(), line: None, column: None };
        test.ran(assessment, 1, Outcome::Rejected(broken)).await;
        test.ran(assessment, 2, public()).await;
        test.logged(assessment, "A loop with Math.random() * 100 <i>added</i>", Fate::Rejected, "the bound did not grow").await;
        test.pass(std::time::Duration::from_secs(60));
        test.logged(assessment, "A class for errors", Fate::Changed, "").await;

        browser.open(&page).await.sees("Waiting for a free place");
        test.run_jobs().await;
        browser.open(&page).await.sees("The sitting").sees(&format!("Candidate{CANDIDATE}")).sees("Time used14 of 30 minutes, with 50 % extra time");
        browser.sees("2 runs of the public scenarios").sees("Run 1after 3 mincould not be run").sees("Run 2after 6 min11 of 12");
        browser.sees("Math.random() * 100 <i>added</i>Rejectedthe bound did not grow").sees("A class for errorsChanged");
        assert!(browser.body.contains(&format!("href=\"/assessments/{assessment}\"")));
        browser.sees(&format!("submitted 20 Nov 2026, 14:52 UTC by {CANDIDATE}"));
        assert!(browser.text().find("bound did not grow") < browser.text().find("A class for errors"), "in the order of writing");

        let section = browser.body.split("id=\"look-for\"").nth(1).and_then(|rest| rest.split("</section>").next()).expect("indicators");
        let item = |words: &str| section.split("<li>").find(|item| item.contains(words)).unwrap_or_else(|| panic!("{words}: {section}"));
        assert_eq!(section.matches("<li>").count(), 16);
        let fixed = item("fixed in advance");
        assert!(fixed.contains("mark bad") && fixed.contains("Shown by <a href=\"#jitter\">"), "{fixed}");
        let structured = item("passed on with their story");
        assert!(structured.contains("mark good") && structured.contains("#error_shape") && structured.contains("#breaker_opens"), "{structured}");
        let grow = item("grow exponentially");
        assert!(grow.contains("mark quiet") && grow.contains("For a reader: no finding shows it"), "{grow}");
        assert!(item("questioned before it was used").contains("For a reader: see <a href=\"#ai-log\">"));
        let mut colleague = test.interviewer().await;
        colleague.open(&page).await.sees("What to look for");
    }

    async fn without_ai_there_is_no_log(test) {
        let mut browser = test.recruiter().await;
        let page = browser.paste("Plain", PROGRAM).await;
        let assessment = test.sat(&page, Variant::WithoutAi, 100).await;
        test.logged(assessment, "From before the variant was changed", Fate::Taken, "").await;
        test.run_jobs().await;
        browser.open(&page).await.sees("Time used14 of 20 minutesStarted").sees("were not run before submitting");
        assert!(!browser.text().contains("AI log") && !browser.text().contains("From before"));
        let items = browser.body.split("id=\"look-for\"").nth(1).and_then(|rest| rest.split("</section>").next()).unwrap();
        assert_eq!(items.matches("<li>").count(), 8);
    }

    async fn a_program_that_cannot_be_run_is_left_to_the_reader(test) {
        let mut browser = test.recruiter().await;
        let page = browser.paste("Broken", "syntax error").await;
        test.sat(&page, Variant::WithAi, 100).await;
        test.run_jobs().await;
        browser.open(&page).await.sees("A bracket is missing.").sees("The sitting").sees("Nothing was written in the log.").sees("What to look for");
        assert!(!browser.text().contains("Shown by"));
    }

    async fn of_a_program_by_staff_nothing_is_said(test) {
        let mut browser = test.recruiter().await;
        let page = browser.paste("Reference", PROGRAM).await;
        let other = browser.paste("Candidate’s", PROGRAM).await;
        test.sat(&other, Variant::WithAi, 100).await;
        test.run_jobs().await;
        browser.open(&page).await.sees("by Test Recruiter");
        for words in ["The sitting", "AI log", "What to look for", CANDIDATE] {
            assert!(!browser.text().contains(words), "{words}");
        }
    }

    async fn two_submissions_stand_side_by_side(test) {
        let mut browser = test.recruiter().await;
        let page = browser.paste("First", &format!("{PROGRAM}/* fails herd */ // only in the first")).await;
        let other = browser.paste("Second", &format!("{PROGRAM}/* fails jitter */ // only in the second")).await;
        test.sat(&other, Variant::WithAi, 100).await;
        test.run_jobs().await;
        let comparison = format!("{page}/comparison");
        browser.open(&page).await;
        assert!(crate::support::html::links(&browser.body).contains(&comparison));
        browser.open(&comparison).await.sees("Second · Below · 20 Nov 2026").sees("Choose another submission");
        let itself = format!("value=\"{}\"", id_of(&page));
        assert!(!browser.body.contains(&itself), "not with itself");
        browser.submit(&comparison, &[("with", &id_of(&other).to_string())]).await;
        assert_eq!(browser.status, 200);
        browser.sees("2 of 13 differ").sees("only in the first").sees("only in the second").sees(CANDIDATE).sees("Test Recruiter");
        browser.sees("Criteria met12 of 1312 of 13").sees("Time used–14 of 20 minutes");
        let text = browser.text();
        let at = |words: &str| text.find(words).unwrap_or_else(|| panic!("{words}: {text}"));
        assert!(at("Random, drawn anew") < at("First success returned"), "what differs stands first");
        assert!(browser.body.contains(&format!("<option value=\"{}\" selected>", id_of(&other))));

        let address = format!("http://halfopen.test{other}/replay");
        browser.submit(&comparison, &[("with", ""), ("address", &address)]).await.sees("only in the second");
        let mut colleague = test.interviewer().await;
        colleague.open(&format!("{comparison}?with={}", id_of(&other))).await.sees("2 of 13 differ");
    }

    async fn what_cannot_be_compared_is_said_at_the_field(test) {
        let mut browser = test.recruiter().await;
        let page = browser.paste("First", PROGRAM).await;
        let other = browser.paste("Another test", PROGRAM).await;
        let mut tx = test.app.db.begin().await.unwrap();
        tx.execute(MOVE, args![id_of(&other), "another-test"]).await.unwrap();
        tx.commit().await.unwrap();
        let comparison = format!("{page}/comparison");
        browser.open(&comparison).await;
        assert!(!browser.text().contains("Another test ·"), "only the same test is offered");
        let (own, elsewhere) = (id_of(&page).to_string(), id_of(&other).to_string());
        for (typed, why) in [
            ("seventeen <b>", "not the address or the id"),
            ("00000000-0000-7000-8000-000000000000", "There is no such submission."),
            (own.as_str(), "This is the same submission."),
            (elsewhere.as_str(), "It belongs to another coding test"),
        ] {
            browser.open(&comparison).await.submit(&comparison, &[("address", typed)]).await.sees(why);
            assert_eq!(browser.status, 422, "{typed}");
            crate::support::html::check(&browser.body);
            let fields = browser.form(&comparison).fields;
            assert!(fields.iter().any(|(name, value)| name == "address" && value == typed), "{typed} is kept");
            assert!(browser.body.contains("id=\"address-error\""));
        }
        browser.open(&comparison).await.submit(&comparison, &[]).await.sees("Choose a submission");
        assert!(browser.status == 422 && browser.body.contains("id=\"with-error\""));
        browser.get(&format!("{comparison}?with=x%00")).await;
        assert_eq!(browser.status, 422);
        browser.get("/submissions/00000000-0000-7000-8000-000000000000/comparison").await;
        assert_eq!(browser.status, 404);
    }

    async fn what_is_not_graded_yet_is_compared_by_its_text(test) {
        let mut browser = test.recruiter().await;
        let page = browser.paste("First", PROGRAM).await;
        test.run_jobs().await;
        let other = browser.paste("Second", "// waits its turn").await;
        let comparison = format!("{page}/comparison?with={}", id_of(&other));
        browser.open(&comparison).await.sees("Not graded yet").sees("once both submissions are graded").sees("// waits its turn");
    }

    async fn verdicts_of_different_editions_are_told_apart(test) {
        let mut browser = test.recruiter().await;
        let page = browser.paste("First", PROGRAM).await;
        test.run_jobs().await;
        test.laboratory.publish("ed2");
        let other = browser.paste("Second", PROGRAM).await;
        test.run_jobs().await;
        browser.open(&format!("{page}/comparison?with={}", id_of(&other))).await.sees("of different editions").sees("no mark differs");
        browser.open(&format!("{other}/comparison")).await;
        assert!(!browser.text().contains("of different editions"));
    }

    async fn a_replay_shows_what_was_printed(test) {
        let mut browser = test.recruiter().await;
        let quiet = browser.paste("Quiet", PROGRAM).await;
        browser.open(&format!("{quiet}/replay?scenario=storm")).await.sees("What the program printed").sees("Nothing.");
        let talks = browser.paste("Talks", &format!("{PROGRAM}console.log(1)")).await;
        browser.open(&format!("{talks}/replay")).await;
        assert!(!browser.text().contains("What the program printed"), "nothing was run yet");
        browser.open(&format!("{talks}/replay?scenario=storm")).await.sees("wait 120 ms <b>retry</b>");
    }
}
