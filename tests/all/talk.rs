//! What colleagues say about an application: comments, mentions, tags, things to do, who is responsible.

use std::time::Duration;

use halfopen::hiring::applications::store as applications;
use halfopen::hiring::attachments::{MOST, store as attachments};
use halfopen::hiring::talk::store as talk;
use halfopen::people::{Role, Staff, store as people};
use uuid::Uuid;

use crate::support::hiring::{self, Job};
use crate::support::{Browser, PASSWORD, TestApp};

const MINUTE: Duration = Duration::from_secs(60);
const DAY: Duration = Duration::from_secs(24 * 3_600);

impl TestApp {
    async fn with_job(&self) -> (Job, Uuid, String) {
        let job = hiring::job(self, "Integration Developer", 0).await;
        let (id, link) = hiring::application(self, &job, "Robin Example").await;
        (job, id, link)
    }

    async fn as_member(&self, job: &Job, name: &str, role: Role) -> (Browser, Staff) {
        let (email, id) = hiring::member(self, job, name, role).await;
        let mut browser = self.stranger();
        browser.sign_in(&email, PASSWORD).await;
        (browser, people::find(&self.app.db, id).await.unwrap())
    }

    async fn trail(&self, id: Uuid) -> Vec<String> {
        let events = applications::events(&self.app.db, id).await.unwrap();
        events.into_iter().map(|event| event.what).collect()
    }
}

crate::on_both! {
    async fn a_comment_names_people_who_find_it_until_they_have_looked(test) {
        let (job, id, link) = test.with_job().await;
        let page = format!("/applications/{id}");
        let action = format!("{page}/comments");
        let (mut interviewer, member) = test.as_member(&job, "Ünal Example", Role::Interviewer).await;
        let (mut manager, boss) = test.as_member(&job, "Other Name", Role::HiringManager).await;
        interviewer.open(&page).await;
        let form = interviewer.form(&action);
        let words = "@other name, look at this\n@ÜNAL Example wrote it, @nobody did not <b>";
        for _ in 0..2 {
            interviewer.send_form(&form, &[("words", words)], None).await;
        }
        interviewer.follow().await.sees("It names Other Name and Ünal Example.").sees("wrote it, @nobody did not");
        assert_eq!(interviewer.body.matches("class=\"named\"").count(), 1, "naming oneself tells nobody");
        assert_eq!(test.trail(id).await, ["Comment added"]);
        assert_eq!(talk::mentions_of(&test.app.db, &member, 9).await.unwrap(), []);
        let mentions = talk::mentions_of(&test.app.db, &boss, 9).await.unwrap();
        assert_eq!(mentions.len(), 1);
        assert_eq!((mentions[0].application, mentions[0].author.as_str()), (id, "Ünal Example"));
        assert_eq!((mentions[0].candidate.as_str(), mentions[0].job.as_str()), ("Robin Example", "Integration Developer"));
        manager.open(&page).await.sees("look at this");
        assert_eq!(talk::mentions_of(&test.app.db, &boss, 9).await.unwrap(), []);
        let mut candidate = test.stranger();
        candidate.open(&format!("/application/{link}")).await;
        assert!(!candidate.body.contains("look at this"), "the candidate never sees it");
        candidate.get(&format!("/application/{link}/export")).await;
        assert!(!candidate.body.contains("look at this"));
    }

    async fn a_comment_is_changed_for_a_quarter_of_an_hour_and_leaves_a_trace_when_removed(test) {
        let (job, id, _) = test.with_job().await;
        let page = format!("/applications/{id}");
        let (mut author, _) = test.as_member(&job, "Ünal Example", Role::Interviewer).await;
        let (mut other, boss) = test.as_member(&job, "Other Name", Role::HiringManager).await;
        author.open(&page).await.submit(&format!("{page}/comments"), &[("words", "@other.name@company.example first")]).await;
        let comment = talk::comments(&test.app.db, id, 9).await.unwrap().remove(0);
        let edit = format!("{page}/comments/{}", comment.id);
        let removal = format!("{edit}/removal");
        other.get(&edit).await;
        assert_eq!(other.status, 303, "it is not theirs");
        other.post(&edit, &[("words", "mine")]).await;
        other.post(&removal, &[]).await;
        author.open(&edit).await.submit(&edit, &[("words", " ")]).await;
        assert_eq!(author.status, 422);
        test.pass(MINUTE);
        author.submit(&edit, &[("words", "second thoughts")]).await;
        author.follow().await.sees("second thoughts").sees(", changed");
        assert_eq!(talk::mentions_of(&test.app.db, &boss, 9).await.unwrap(), [], "nobody is named any more");
        test.pass(MINUTE * 15);
        author.get(&edit).await;
        assert_eq!(author.status, 303);
        author.post(&edit, &[("words", "too late")]).await;
        author.follow().await.sees("can be changed for 15 minutes").sees("second thoughts");
        // It is found by its words as long as it is there.
        let found = format!("/openings/{}/applications?q=second+thoughts", job.id);
        author.open(&found).await;
        assert!(author.body.contains(&page), "{}", author.text());
        author.open(&page).await;
        author.submit(&removal, &[]).await;
        author.follow().await.sees("removed");
        author.open(&found).await;
        assert!(!author.body.contains(&page), "{}", author.text());
        author.open(&page).await;
        assert!(!author.body.contains("second thoughts"));
        author.post(&removal, &[]).await;
        author.follow().await.sees("Nothing was removed");
        assert_eq!(test.trail(id).await, ["Comment added", "Comment changed", "Comment removed"]);
    }

    async fn what_is_wrong_with_a_comment_is_said_and_nothing_is_lost(test) {
        let (_, id, _) = test.with_job().await;
        let page = format!("/applications/{id}");
        let action = format!("{page}/comments");
        let mut recruiter = test.recruiter().await;
        let long = "🦀".repeat(5_001);
        for words in ["", " \r\n ", &long] {
            recruiter.open(&page).await.submit(&action, &[("words", words)]).await;
            assert_eq!(recruiter.status, 422);
        }
        assert!(recruiter.body.contains(&long));
        recruiter.submit(&action, &[("words", "nul \0 and <script>alert(1)</script>")]).await;
        recruiter.follow().await.sees("nul and <script>alert(1)</script>");
    }

    async fn tags_are_folded_counted_and_suggested(test) {
        let (job, id, _) = test.with_job().await;
        let (other, _) = hiring::application(&test, &job, "Other Name").await;
        let page = format!("/applications/{id}");
        let action = format!("{page}/tags");
        let mut recruiter = test.recruiter().await;
        for tag in ["Résumé  first", "RESUME FIRST", " résumé first"] {
            recruiter.open(&page).await.submit(&action, &[("tag", tag)]).await;
            assert_eq!(recruiter.status, 303);
        }
        assert_eq!(talk::tags(&test.app.db, id).await.unwrap(), ["Résumé first"]);
        recruiter.open(&format!("/applications/{other}")).await;
        assert!(recruiter.body.contains("<option value=\"Résumé first\">"), "suggested in the same job");
        for tag in ["", &"x".repeat(41)] {
            recruiter.open(&page).await.submit(&action, &[("tag", tag)]).await;
            assert_eq!(recruiter.status, 422);
        }
        for n in 1..20 {
            recruiter.post(&action, &[("tag", &n.to_string())]).await;
            assert_eq!(recruiter.status, 303);
        }
        recruiter.post(&action, &[("tag", "one too many")]).await;
        assert_eq!(recruiter.status, 422);
        recruiter.sees("as many as there can be");
        test.pass(MINUTE);
        recruiter.open(&page).await.submit(&format!("{action}/removal"), &[("tag", "resume first")]).await;
        assert_eq!(talk::tags(&test.app.db, id).await.unwrap().len(), 19);
        recruiter.post(&format!("{action}/removal"), &[("tag", "never there")]).await;
        assert_eq!(test.trail(id).await.last().unwrap(), "Tag removed");
        assert_eq!(test.trail(id).await.len(), 21);
    }

    async fn what_is_to_be_done_is_somebodys_and_gets_late(test) {
        let (job, id, _) = test.with_job().await;
        let page = format!("/applications/{id}");
        let action = format!("{page}/to-dos");
        let (mut interviewer, member) = test.as_member(&job, "Ünal Example", Role::Interviewer).await;
        let (mut stranger_to_it, _) = test.as_member(&job, "Other Name", Role::Interviewer).await;
        let mut recruiter = test.recruiter().await;
        recruiter.open(&page).await;
        let form = recruiter.form(&action);
        let typed = [("what", "Book the first call"), ("staff", &member.id.to_string()), ("due", "2026-11-22")];
        for _ in 0..2 {
            recruiter.send_form(&form, &typed, None).await;
            assert_eq!(recruiter.status, 303, "{}", recruiter.body);
        }
        for (name, value) in [("what", " "), ("staff", "nobody"), ("due", "2026-11-19"), ("due", "soon")] {
            let mut wrong = typed;
            wrong.iter_mut().find(|(field, _)| *field == name).unwrap().1 = value;
            recruiter.open(&page).await.submit(&action, &wrong).await;
            assert_eq!(recruiter.status, 422, "{name} {value}");
            assert!(recruiter.body.contains("aria-invalid"));
        }
        let list = talk::todos_of(&test.app.db, &member, 9).await.unwrap();
        assert_eq!(list.len(), 1);
        assert_eq!((list[0].to_do.words.as_str(), list[0].candidate.as_str()), ("Book the first call", "Robin Example"));
        assert!(!list[0].to_do.is_late(&test.app.now()));
        test.pass(DAY * 3);
        interviewer.sign_in("ünal.example@company.example", PASSWORD).await;
        stranger_to_it.sign_in("other.name@company.example", PASSWORD).await;
        interviewer.open(&page).await.sees("22 Nov, late");
        let one = format!("{action}/{}", list[0].to_do.id);
        stranger_to_it.open(&page).await;
        stranger_to_it.post(&one, &[("done", "yes")]).await;
        assert_eq!(stranger_to_it.status, 403);
        interviewer.submit(&one, &[]).await;
        assert_eq!(talk::todos_of(&test.app.db, &member, 9).await.unwrap(), []);
        test.pass(MINUTE);
        interviewer.follow().await.submit(&one, &[]).await;
        assert_eq!(talk::todos_of(&test.app.db, &member, 9).await.unwrap().len(), 1);
        assert_eq!(test.trail(id).await, ["To do", "Done", "Not done after all"]);
    }

    async fn files_of_the_team_are_attached_once_and_taken_away_by_whoever_may(test) {
        let (job, id, link) = test.with_job().await;
        let page = format!("/applications/{id}");
        let action = format!("{page}/attachments");
        let (mut interviewer, _) = test.as_member(&job, "Ünal Example", Role::Interviewer).await;
        let (mut other, _) = test.as_member(&job, "Other Name", Role::Interviewer).await;
        interviewer.open(&page).await;
        let form = interviewer.form(&action);
        for _ in 0..2 {
            interviewer.send_form(&form, &[], Some(("../board \u{202e}.txt", b"What was on the board".as_slice()))).await;
            assert_eq!(interviewer.status, 303, "{}", interviewer.body);
        }
        let attached = attachments::of_application(&test.app.db, id).await.unwrap();
        assert_eq!(attached.len(), 1, "a form that comes twice attaches one file");
        let one = format!("{action}/{}", attached[0].id);
        other.open(&page).await.sees("Files of the team").sees("21 bytes");
        assert!(other.body.contains(&one) && !other.body.contains(&format!("{one}/removal")));
        other.get(&one).await;
        assert_eq!((other.status, other.body.as_str()), (200, "What was on the board"));
        other.post(&format!("{one}/removal"), &[]).await;
        assert_eq!(other.status, 403, "it is not theirs");
        let mut candidate = test.stranger();
        candidate.open(&format!("/application/{link}")).await;
        assert!(!candidate.body.contains("board"), "the candidate does not see it");
        candidate.get(&format!("/application/{link}/files/{}", attached[0].id)).await;
        assert_eq!(candidate.status, 404);

        for (file, why) in [(None, "Choose a file"), (Some(("cv.txt", b"".as_slice())), "This file is empty"), (Some(("cv.exe", b"MZ\x90\0".as_slice())), "cannot be taken")] {
            interviewer.open(&page).await;
            let form = interviewer.form(&action);
            interviewer.send_form(&form, &[], file).await;
            assert_eq!(interviewer.status, 422);
            interviewer.sees(why);
        }
        test.pass(MINUTE);
        let mut recruiter = test.recruiter().await;
        recruiter.open(&page).await.submit(&format!("{one}/removal"), &[]).await;
        recruiter.follow().await.sees("The file is removed.");
        other.get(&one).await;
        assert_eq!(other.status, 404);
        assert_eq!(test.trail(id).await, ["File attached", "File removed"]);
    }

    async fn an_application_has_only_so_many_files(test) {
        let (_, id, _) = test.with_job().await;
        let action = format!("/applications/{id}/attachments");
        let mut recruiter = test.recruiter().await;
        for n in 0..=MOST {
            recruiter.open(&format!("/applications/{id}")).await;
            let form = recruiter.form(&action);
            recruiter.send_form(&form, &[], Some(("note.txt", n.to_string().as_bytes()))).await;
        }
        assert_eq!(recruiter.status, 422);
        recruiter.sees("has 30 files already");
        assert_eq!(attachments::of_application(&test.app.db, id).await.unwrap().len(), MOST);
    }

    async fn somebody_is_responsible(test) {
        let (job, id, _) = test.with_job().await;
        let page = format!("/applications/{id}");
        let action = format!("{page}/owner");
        let (mut manager, boss) = test.as_member(&job, "Other Name", Role::HiringManager).await;
        manager.open(&page).await.submit(&action, &[("owner", &boss.id.to_string())]).await;
        manager.follow().await.sees("Other Name is responsible");
        let found = applications::find(&test.app.db, id).await.unwrap().unwrap();
        assert_eq!(found.owner.map(|owner| owner.id), Some(boss.id));
        manager.submit(&action, &[]).await;
        test.pass(MINUTE);
        manager.open(&page).await.submit(&action, &[("owner", "")]).await;
        manager.follow().await.sees("Nobody is responsible for");
        manager.post(&action, &[("owner", &Uuid::nil().to_string())]).await;
        assert_eq!(manager.status, 409);
        assert_eq!(test.trail(id).await, ["Responsible", "Nobody is responsible any more"]);
    }

    async fn another_team_sees_nothing_of_it_and_interviewers_move_nobody(test) {
        let (job, id, _) = test.with_job().await;
        let page = format!("/applications/{id}");
        let (mut interviewer, _) = test.as_member(&job, "Ünal Example", Role::Interviewer).await;
        let elsewhere = hiring::job(&test, "Another Job", 0).await;
        let (mut manager, _) = test.as_member(&elsewhere, "Other Name", Role::HiringManager).await;
        let nothing = Uuid::nil();
        let paths = ["comments", "owner", "tags", "tags/removal", "to-dos", "letter", "parting", "attachments"].map(str::to_owned);
        let others = [format!("attachments/{nothing}/removal"), format!("comments/{nothing}"), format!("comments/{nothing}/removal"), format!("to-dos/{nothing}"), format!("merge/{nothing}")];
        for path in paths.iter().chain(&others) {
            manager.post(&format!("{page}/{path}"), &[("words", "x"), ("tag", "x"), ("duplicate", &nothing.to_string())]).await;
            assert_eq!(manager.status, 404, "{path}");
        }
        for path in ["owner", "tags", "to-dos", "letter", "parting", "stage"] {
            interviewer.post(&format!("{page}/{path}"), &[]).await;
            assert_eq!(interviewer.status, 403, "{path}");
        }
        interviewer.open(&page).await;
        assert!(!interviewer.body.contains(&format!("{page}/letter")) && !interviewer.body.contains(&format!("{page}/tags")));
        // A draft has no colleagues.
        let found = applications::find(&test.app.db, id).await.unwrap().unwrap();
        assert!(found.submitted_at.is_some());
    }
}
