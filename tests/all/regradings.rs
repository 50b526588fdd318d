//! A verdict is replaced by another one, after a person has seen the difference.

use std::sync::atomic::Ordering;

const PROGRAM: &str = "export function executeWithRetry() {}\n/* edition ed2 fails herd */";

crate::on_both! {
    async fn the_difference_is_shown_before_it_is_applied(test) {
        let mut browser = test.recruiter().await;
        let page = browser.paste("Reference", PROGRAM).await;
        test.run_jobs().await;
        test.laboratory.publish("ed2");
        browser.open(&page).await.sees("Exceeds").sees("the coding test is now at ed2");

        let regradings = format!("{page}/regradings");
        browser.open(&regradings).await.submit(&regradings, &[]).await;
        let regrading = browser.location();
        browser.open(&regrading).await.sees("The verdict in force stays as it is.");
        test.run_jobs().await;
        browser.open(&regrading).await.sees("One criterion comes out differently.").sees("Exceeds becomes Meets.");
        let text = browser.text();
        let first = text.find("Clients do not return in step").expect("it is listed");
        assert!(first < text.find("First success returned").unwrap(), "what changes stands first");

        browser.open(&page).await.sees("Exceeds");
        browser.open(&regrading).await.submit(&format!("{regrading}/application"), &[]).await;
        browser.follow().await.sees("The new verdict is in force.").sees("Meets");
        browser.open("/submissions?band=meets").await.sees("Reference");
        browser.open(&regrading).await.sees("Applied by Test Recruiter");
        browser.open(&regradings).await.sees("applied by Test Recruiter");
    }

    async fn asking_twice_is_asking_once(test) {
        let mut browser = test.recruiter().await;
        let page = browser.paste("Reference", PROGRAM).await;
        test.run_jobs().await;
        let regradings = format!("{page}/regradings");
        let first = browser.open(&regradings).await.submit(&regradings, &[("seed", "77")]).await.location();
        let second = browser.open(&regradings).await.submit(&regradings, &[("seed", "77")]).await.location();
        assert_eq!(first, second);
        test.run_jobs().await;
        assert_eq!(test.laboratory.gradings.load(Ordering::SeqCst), 2);
        let same = browser.open(&regradings).await.submit(&regradings, &[]).await.location();
        browser.open(&same).await.sees("Same program, same edition, same seed");
        assert_eq!(test.laboratory.gradings.load(Ordering::SeqCst), 2, "what is known is not graded again");
    }

    async fn a_comparison_with_a_verdict_that_was_replaced_is_not_applied(test) {
        let mut browser = test.recruiter().await;
        let page = browser.paste("Reference", PROGRAM).await;
        test.run_jobs().await;
        let regradings = format!("{page}/regradings");
        test.laboratory.publish("ed2");
        let first = browser.open(&regradings).await.submit(&regradings, &[]).await.location();
        let second = browser.open(&regradings).await.submit(&regradings, &[("seed", "5")]).await.location();
        test.run_jobs().await;
        browser.open(&first).await.submit(&format!("{first}/application"), &[]).await;
        assert_eq!(browser.status, 303);
        browser.open(&second).await.sees("Another verdict has been applied since.");
        browser.post(&format!("{second}/application"), &[]).await;
        assert_eq!(browser.status, 409);
        browser.post(&format!("{first}/application"), &[]).await;
        assert_eq!(browser.status, 303, "applying twice is applying once");
    }

    async fn there_is_nothing_to_compare_before_the_first_verdict(test) {
        let mut browser = test.recruiter().await;
        let page = browser.paste("Reference", PROGRAM).await;
        browser.open(&format!("{page}/regradings")).await.sees("There is nothing to regrade yet");
        browser.post(&format!("{page}/regradings"), &[("seed", "1")]).await;
        assert_eq!(browser.status, 409);
        test.run_jobs().await;
        browser.post(&format!("{page}/regradings"), &[("seed", "one")]).await.sees("A seed is a whole number");
        assert_eq!(browser.status, 422);
    }

    async fn a_regrading_belongs_to_its_submission(test) {
        let mut browser = test.recruiter().await;
        let page = browser.paste("Reference", PROGRAM).await;
        let other = browser.paste("Other", PROGRAM).await;
        test.run_jobs().await;
        let regradings = format!("{page}/regradings");
        let regrading = browser.open(&regradings).await.submit(&regradings, &[("seed", "9")]).await.location();
        browser.get(&regrading.replace(&page, &other)).await;
        assert_eq!(browser.status, 404);
    }
}
