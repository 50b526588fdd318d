//! Question banks: reading, searching and editing them, proposals, and practising without an account.

use halfopen::people::Role;
use halfopen::roles::bank::{Bank, BankQuestion};
use halfopen::roles::banks::{self, NewBank, store};
use uuid::Uuid;

use crate::support::{Browser, TestApp, html};

fn strings(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

/// Three questions of two topics, and an answer that came without its question.
fn small_bank() -> Bank {
    Bank {
        bank: Bank::FORMAT,
        title: "Intégration, the basics".into(),
        about: "For engineers who connect systems.\n\nHalf an hour is enough.".into(),
        advice: strings(&["Speak of one system that you know well", "Say what you would measure"]),
        questions: vec![
            BankQuestion {
                question: "A partner’s API answers 429 for an hour. What does your client do?".into(),
                topic: "Retries".into(),
                difficulty: "medium".into(),
                asked_for: "Whether somebody waits politely and gives up in time.".into(),
                answer: "It honours Retry-After, waits with full jitter, and opens its breaker.".into(),
                follow_ups: strings(&["What would you log?"]),
                positive: strings(&["Honours Retry-After", "Names a cap for the waits", "Opens a breaker"]),
                negative: strings(&["Retries at once"]),
            },
            BankQuestion {
                question: "How do you change the format of a message that six teams read?".into(),
                topic: "Contracts".into(),
                difficulty: "hard".into(),
                answer: "Add first, let consumers’ tests pass, remove last. Façades buy time.".into(),
                ..BankQuestion::default()
            },
            BankQuestion {
                question: "Which requests is it safe to repeat?".into(),
                topic: "retries".into(),
                difficulty: "Easy".into(),
                answer: "Those with an idempotency key, and reads.".into(),
                ..BankQuestion::default()
            },
            BankQuestion {
                answer: "I keep the old queue until its last message is read.".into(),
                ..BankQuestion::default()
            },
        ],
    }
}

impl TestApp {
    async fn bank(&self, document: &Bank, open: bool) -> Uuid {
        let new = NewBank {
            document,
            open,
            shipped: None,
            form_token: None,
            created_by: None,
        };
        self.put_bank(&new).await
    }

    async fn put_bank(&self, new: &NewBank<'_>) -> Uuid {
        let mut tx = self.app.db.begin().await.unwrap();
        let id = banks::add(&mut tx, &self.app, new).await.unwrap();
        tx.commit().await.unwrap();
        id
    }

    async fn document(&self, id: Uuid) -> Bank {
        store::document(&self.app.db, id)
            .await
            .unwrap()
            .expect("there is such a bank")
    }

    /// The address of a question, found by its words.
    async fn question(&self, bank: Uuid, words: &str) -> String {
        let search = store::search::Search {
            bank: Some(bank),
            words: store::search::Search::words_of(words),
            ..Default::default()
        };
        store::search::search(&self.app.db, &search, 1).await.unwrap()[0].url()
    }
}

/// The questions of a page, by the links to them, in their order.
fn titles(browser: &Browser) -> Vec<String> {
    let is_question = |href: &str| href.contains("/questions/") && !href.contains('#') && !href.ends_with("/new");
    let tags = html::tags(&browser.body);
    let links = tags
        .iter()
        .filter(|tag| tag.name == "a" && tag.get("href").is_some_and(is_question));
    links.map(|tag| tag.text.clone()).collect()
}

const RETRIES: &str = "A partner’s API answers 429 for an hour. What does your client do?";
const SAFE: &str = "Which requests is it safe to repeat?";
const FORMAT: &str = "How do you change the format of a message that six teams read?";
const ALONE: &str = "An answer without its question";

crate::on_both! {
    async fn a_document_comes_back_as_it_went_in(test) {
        let mut document = small_bank();
        document.questions[0].follow_ups.push("Two\nlines, \"quoted\" 🦀 \\ \u{7}".into());
        let id = test.bank(&document, false).await;
        assert_eq!(test.document(id).await, document);
        let long = Bank {
            title: "With what no column takes\0".into(),
            questions: vec![BankQuestion { question: "a\0b".into(), ..BankQuestion::default() }],
            ..Bank::default()
        };
        let id = test.bank(&long, false).await;
        assert_eq!(test.document(id).await.questions[0].question, "ab");
        assert_eq!(store::document(&test.app.db, Uuid::nil()).await.unwrap(), None);
    }

    async fn a_bank_ships_once_and_a_form_makes_one(test) {
        let document = small_bank();
        let shipped = |shipped, form_token| NewBank { document: &document, open: true, shipped, form_token, created_by: None };
        let first = test.put_bank(&shipped(Some("basics"), None)).await;
        assert_eq!(test.put_bank(&shipped(Some("basics"), None)).await, first);
        let token = Some(Uuid::from_u128(1));
        let second = test.put_bank(&shipped(None, token)).await;
        assert_eq!(test.put_bank(&shipped(None, token)).await, second);
        assert_ne!(first, second);
        assert_eq!(test.document(first).await.questions.len(), 4);

        let mut browser = test.recruiter().await;
        let removal = format!("/banks/{first}/removal");
        browser.open(&removal).await.sees("4 questions");
        browser.submit(&removal, &[]).await;
        browser.follow().await.sees("is removed.");
        assert_eq!(test.put_bank(&shipped(Some("basics"), None)).await, first, "a removed bank does not ship again");
        browser.open("/banks").await;
        assert_eq!(html::links(&browser.body).iter().filter(|link| link.starts_with("/banks/0")).count(), 1);
        for path in [format!("/banks/{first}"), format!("/practice/{first}"), removal] {
            browser.get(&path).await;
            assert_eq!(browser.status, 404, "{path}");
        }
    }

    async fn everybody_of_the_staff_reads_a_bank(test) {
        let id = test.bank(&small_bank(), false).await;
        for role in Role::ALL {
            let mut browser = test.signed_in(role).await;
            browser.open("/banks").await.sees("Question banks").sees("Intégration, the basics").sees("For engineers who");
            browser.open(&format!("/banks/{id}")).await;
            for words in ["4 questions", "2 topics", "Half an hour is enough.", "Say what you would measure", "Honours Retry-After",
                "Be wary of", "What would you log?", "Whether somebody waits politely"] {
                browser.sees(words);
            }
            assert_eq!(titles(&browser), [RETRIES, SAFE, FORMAT, ALONE], "by topic, however it is written");
            assert_eq!(browser.text().contains("Add a question"), role != Role::Interviewer);
            browser.open(&test.question(id, "429").await).await.sees("It honours Retry-After").sees("1 of 2 in its topic");
        }
    }

    async fn a_search_finds_words_in_any_order_without_accents(test) {
        let id = test.bank(&small_bank(), false).await;
        let other = Bank { title: "Another".into(), questions: vec![BankQuestion { question: "Retry what?".into(), ..Default::default() }], ..Default::default() };
        test.bank(&other, false).await;
        let mut browser = test.interviewer().await;
        for (query, found) in [
            ("q=FACADES", vec![FORMAT]),
            ("q=time%20fa%C3%A7ades%20buy", vec![FORMAT]),
            ("q=retry", vec!["Retry what?", RETRIES]),
            ("q=jitter%20breaker%20waits%20full%20opens%20honours", vec![RETRIES]),
            ("q=jitter%20breaker%20waits%20full%20opens%20nowhere%20z", vec![]),
            ("q=full%20of%20100%25", vec![]),
            ("topic=Retries", vec![RETRIES, SAFE]),
            ("topic=retries&difficulty=easy", vec![SAFE]),
            ("topic=retries&difficulty=hard", vec![]),
            ("q=queue%20old", vec![ALONE]),
        ] {
            browser.open(&format!("/banks?{query}")).await;
            assert_eq!(titles(&browser), found, "{query}");
            if found.is_empty() {
                browser.sees("Nothing fits");
            }
        }
        browser.open(&format!("/banks/{id}?q=retry")).await;
        assert_eq!(titles(&browser), [RETRIES], "in one bank");
        browser.open("/banks?q=%00%27%22%25_%5C").await.sees("Nothing fits");
        browser.get("/banks?after=x").await;
        assert_eq!(browser.status, 400);
    }

    async fn lists_go_on_after_the_last_of_a_page(test) {
        let question = |n: usize| BankQuestion { question: format!("Question {n:02}"), topic: format!("Topic {}", n % 2), ..Default::default() };
        let document = Bank { title: "Long".into(), questions: (0..60).map(question).collect(), ..Bank::default() };
        let id = test.bank(&document, true).await;
        let mut browser = test.recruiter().await;
        let many = format!("/banks?q=question%20{}", "q%20u%20e%20s%20t%20i%20o%20n%20").trim_end_matches("%20").to_owned();
        for path in [format!("/banks/{id}"), "/banks?q=question".to_owned(), many] {
            let (mut seen, mut path) = (Vec::new(), Some(path));
            while let Some(next) = path.take() {
                browser.open(&next).await;
                let page = titles(&browser);
                assert!(page.len() <= 25 && !page.is_empty(), "{next}");
                seen.extend(page);
                let tags = html::tags(&browser.body);
                path = tags.iter().find(|tag| tag.get("rel") == Some("next")).and_then(|tag| tag.get("href")).map(str::to_owned);
            }
            let even_then_odd: Vec<String> = (0..60).step_by(2).chain((1..60).step_by(2)).map(|n| format!("Question {n:02}")).collect();
            assert_eq!(seen, even_then_odd);
        }
        for n in 0..30 {
            test.bank(&Bank { title: format!("Bank {n:02}"), ..Bank::default() }, true).await;
        }
        for list in ["/banks", "/practice"] {
            browser.open(list).await.sees("Bank 00").sees("More");
            let next = html::tags(&browser.body).iter().find(|tag| tag.get("rel") == Some("next")).unwrap().get("href").unwrap().to_owned();
            browser.open(&next).await.sees("Bank 29").sees("Long").sees("From the start");
            assert!(!browser.text().contains("Bank 00"));
        }
    }

    async fn editors_make_a_bank_and_change_it(test) {
        let mut browser = test.recruiter().await;
        browser.open("/banks").await.sees("No question bank yet");
        browser.open("/banks/new").await.submit("/banks", &[("title", " "), ("about", "Kept, both lines\r\nof it")]).await;
        assert_eq!(browser.status, 422);
        html::check(&browser.body);
        browser.sees("Write a title");
        let again = browser.form("/banks");
        assert!(again.fields.iter().any(|(_, value)| value == "Kept, both lines\r\nof it" || value == "Kept, both lines\nof it"));
        browser.send_form(&again, &[("title", "Zoë’s bank 🦀")], None).await;
        let bank = browser.location();
        browser.send_form(&again, &[("title", "Zoë’s bank 🦀")], None).await;
        assert_eq!(browser.location(), bank, "sent twice, made once");
        browser.follow().await.sees("Zoë’s bank 🦀").sees("No question yet").sees("Kept, both lines");

        browser.open(&format!("{bank}/edit")).await.submit(&bank, &[("title", "Renamed"), ("advice", "One\r\n\r\nTwo")]).await;
        browser.follow().await.sees("Saved.").sees("Renamed").sees("Two");
        let id = bank.trim_start_matches("/banks/").parse().unwrap();
        let document = test.document(id).await;
        assert_eq!((document.about.as_str(), document.advice), ("Kept, both lines\nof it", strings(&["One", "Two"])));
    }

    async fn editors_add_change_move_duplicate_and_remove_questions(test) {
        let id = test.bank(&small_bank(), false).await;
        let (bank, mut browser) = (format!("/banks/{id}"), test.recruiter().await);
        let add = format!("{bank}/questions");
        browser.open(&format!("{add}/new")).await.submit(&add, &[("answer", "No question"), ("topic", &"t".repeat(201))]).await;
        assert_eq!(browser.status, 422);
        html::check(&browser.body);
        browser.sees("2 answers need another look.").sees("Write the question.").sees("At most 200 characters");
        let form = browser.form(&add);
        assert!(form.fields.contains(&("answer".into(), "No question".into())), "nothing is lost");
        let answers = [("question", "What is a dead letter?"), ("topic", "Retries"), ("positive", "One\r\nTwo\r\n"), ("difficulty", "easy")];
        browser.send_form(&form, &answers, None).await;
        let added = browser.location();
        browser.send_form(&form, &answers, None).await;
        assert_eq!(browser.location(), added);
        browser.follow().await.sees("3 of 3 in its topic").sees("No question").sees("Two");

        for (direction, place) in [("up", "2 of 3"), ("up", "1 of 3"), ("down", "2 of 3")] {
            browser.open(&added).await.submit(&format!("{added}/moves"), &[("direction", direction)]).await;
            browser.follow().await.sees(place);
        }
        browser.open(&bank).await;
        assert_eq!(titles(&browser)[..3], [RETRIES, "What is a dead letter?", SAFE]);
        browser.post(&format!("{}/moves", test.question(id, "429").await), &[("direction", "up")]).await;
        browser.follow().await.sees("There is nothing to change places with");

        browser.open(&added).await.submit(&format!("{added}/copies"), &[]).await;
        browser.follow().await.sees("This is the copy.").sees("Edit the question");
        assert_eq!(test.document(id).await.questions.len(), 6);
        let removal = format!("{added}/removal");
        browser.open(&removal).await.sees("What is a dead letter?");
        browser.submit(&removal, &[]).await;
        browser.follow().await.sees("The question is removed.");
        assert_eq!(test.document(id).await.questions.len(), 5);
        browser.get(&added).await;
        assert_eq!(browser.status, 404);
        browser.post(&removal, &[]).await;
        assert_eq!(browser.status, 404);
    }

    async fn nobody_overwrites_what_they_have_not_seen(test) {
        let id = test.bank(&small_bank(), false).await;
        let question = test.question(id, "429").await;
        let (mut one, mut other) = (test.recruiter().await, test.signed_in(Role::HiringManager).await);
        one.open(&format!("{question}/edit")).await;
        other.open(&format!("{question}/edit")).await.submit(&question, &[("answer", "The other’s words")]).await;
        other.follow().await.sees("Saved.");
        one.submit(&question, &[("answer", "My words")]).await;
        assert_eq!(one.status, 409);
        html::check(&one.body);
        one.sees("Somebody changed this question while you wrote.");
        assert_eq!(test.document(id).await.questions[0].answer, "The other’s words");
        assert!(one.form(&question).fields.contains(&("answer".into(), "My words".into())));
        one.submit(&question, &[]).await.follow().await;
        assert_eq!(test.document(id).await.questions[0].answer, "My words");
    }

    async fn an_answer_without_its_question_can_be_given_one(test) {
        let id = test.bank(&small_bank(), true).await;
        let alone = test.question(id, "old queue").await;
        let mut browser = test.recruiter().await;
        browser.open(&alone).await.sees(ALONE).sees("cannot be asked");
        let practice = alone.replace("/banks/", "/practice/").replace("/questions/", "/");
        browser.get(&practice).await;
        assert_eq!(browser.status, 404, "there is nothing to answer");
        browser.open(&format!("{alone}/edit")).await.submit(&alone, &[("topic", "Queues")]).await;
        browser.follow().await.sees(ALONE).sees("Queues");
        browser.open(&format!("{alone}/edit")).await.submit(&alone, &[("question", "How do you move a queue?")]).await;
        browser.follow().await.sees("How do you move a queue?");
        browser.open(&practice).await.sees("How do you move a queue?");
        browser.open(&format!("{alone}/edit")).await.submit(&alone, &[("question", "")]).await;
        assert_eq!(browser.status, 422, "a question is not lost again");
    }

    async fn anybody_of_the_staff_proposes_and_one_editor_decides(test) {
        let id = test.bank(&small_bank(), false).await;
        let question = test.question(id, "429").await;
        let (action, better) = (format!("{question}/proposals"), "It honours Retry-After, waits with a cap, and opens its breaker.");
        let mut interviewer = test.interviewer().await;
        interviewer.open(&question).await.submit(&action, &[("why", "Shorter")]).await;
        assert_eq!(interviewer.status, 422);
        html::check(&interviewer.body);
        interviewer.sees("This is the present answer.");
        let form = interviewer.form(&action);
        interviewer.send_form(&form, &[("answer", better), ("why", " ")], None).await.sees("Say why it is better");
        interviewer.send_form(&form, &[("answer", better), ("why", "It names the cap")], None).await;
        interviewer.follow().await.sees("waits for an editor");
        interviewer.send_form(&form, &[("answer", better), ("why", "It names the cap")], None).await;
        interviewer.open("/banks").await.sees("1 waits");
        interviewer.open(&format!("/banks/{id}?waiting=yes")).await.sees("1 proposal waits");
        assert_eq!(titles(&interviewer), [RETRIES]);

        interviewer.open(&question).await.sees("Test Interviewer").sees("It names the cap");
        for marked in ["<del>full jitter,</del>", "<ins>a cap,</ins>"] {
            assert!(interviewer.body.contains(marked), "{marked}: {}", interviewer.body);
        }
        assert!(!interviewer.text().contains("Take it"));
        let tags = html::tags(&test.recruiter().await.open(&question).await.body);
        let decide = tags.iter().filter_map(|tag| tag.get("action")).find(|action| action.ends_with("/decision")).unwrap().to_owned();
        interviewer.post(&decide, &[("decision", "take"), ("revision", "1")]).await;
        assert_eq!(interviewer.status, 403);

        let (mut one, mut other) = (test.recruiter().await, test.signed_in(Role::HiringManager).await);
        other.open(&question).await;
        one.open(&question).await.submit(&decide, &[("decision", "take")]).await;
        one.follow().await.sees("This is the sample answer now.").sees("Decided before: 1").sees("Taken by Test Recruiter, 20 Nov 2026, 14:52 UTC");
        other.submit(&decide, &[("decision", "decline")]).await.follow().await;
        other.sees("Test Recruiter has taken this proposal already. Nothing was changed.");
        assert_eq!(test.document(id).await.questions[0].answer, better);
        one.open("/banks?q=cap%20waits%20breaker").await;
        assert_eq!(titles(&one), [RETRIES], "the search knows the new answer");
    }

    async fn a_proposal_is_taken_only_in_sight_of_the_answer_that_it_replaces(test) {
        let id = test.bank(&small_bank(), false).await;
        let question = test.question(id, "429").await;
        let action = format!("{question}/proposals");
        let mut browser = test.recruiter().await;
        for answer in ["First", "Second"] {
            test.pass(std::time::Duration::from_secs(1));
            browser.open(&question).await.submit(&action, &[("answer", answer), ("why", "Because")]).await;
        }
        browser.open(&question).await.sees("2 proposals wait");
        let decisions: Vec<String> = html::forms(&browser.body).into_iter().map(|form| form.action).filter(|action| action.ends_with("/decision")).collect();
        let stale = browser.form(&decisions[0]);
        browser.submit(&decisions[1], &[("decision", "take")]).await.follow().await;
        browser.send_form(&stale, &[("decision", "take")], None).await.follow().await.sees("Compare once more");
        assert_eq!(test.document(id).await.questions[0].answer, "First");
        browser.sees("1 proposal waits");
        browser.submit(&decisions[0], &[("decision", "decline")]).await;
        browser.follow().await.sees("Declined. The answer stays as it is.").sees("Decided before: 2");
        assert_eq!(test.document(id).await.questions[0].answer, "First");
        browser.post(&decisions[0], &[("decision", "perhaps")]).await;
        assert_eq!(browser.status, 400);
    }

    async fn practice_is_for_anybody_and_closed_banks_are_not_there(test) {
        let id = test.bank(&small_bank(), false).await;
        let practised = test.question(id, "429").await.replace("/banks/", "/practice/").replace("/questions/", "/");
        let mut stranger = test.stranger();
        stranger.open("/practice").await.sees("There is nothing to practise on yet");
        for path in [format!("/practice/{id}"), practised.clone()] {
            stranger.get(&path).await;
            assert_eq!(stranger.status, 404);
            assert!(!stranger.body.contains("Intégration"));
        }
        stranger.post(&practised, &[("answer", "Mine")]).await;
        assert_eq!(stranger.status, 404);

        let mut browser = test.recruiter().await;
        let bank = format!("/banks/{id}");
        browser.open(&bank).await.submit(&format!("{bank}/opening"), &[]).await;
        browser.follow().await.sees("Anybody may practise on this bank now.");
        stranger.open("/practice").await.sees("Intégration, the basics").sees("3 questions");
        stranger.open(&format!("/practice/{id}")).await.sees("Retries").sees("Say what you would measure");
        assert!(!stranger.text().contains(ALONE));
        stranger.open(&format!("/practice/{id}?q=facades")).await.sees(FORMAT);
        assert!(!stranger.text().contains(SAFE));
        stranger.open(&practised).await.sees(RETRIES).sees("1 of 3");
        assert!(!stranger.body.contains("It honours Retry-After"), "the sample comes after one's own");
        browser.open(&bank).await.submit(&format!("{bank}/closing"), &[]).await.follow().await;
        stranger.get(&practised).await;
        assert_eq!(stranger.status, 404);
    }

    async fn an_answer_travels_in_the_form_and_is_stored_nowhere(test) {
        let id = test.bank(&small_bank(), true).await;
        let page = test.question(id, "429").await.replace("/banks/", "/practice/").replace("/questions/", "/");
        let mut stranger = test.stranger();
        let mine = "سأنتظر 🦀\r\nand then <give up>";
        stranger.open(&page).await.submit(&page, &[("answer", mine)]).await;
        assert_eq!(stranger.status, 200);
        html::check(&stranger.body);
        for words in ["سأنتظر 🦀", "and then <give up>", "It honours Retry-After", "Whether somebody waits politely", "What would you log?", "0 of 3 shown, 0 to be wary of"] {
            stranger.sees(words);
        }
        assert!(stranger.body.contains(r#"<meta name="robots" content="noindex">"#));
        assert_eq!(stranger.header("cache-control"), "no-store");
        assert!(stranger.cookies.is_empty());
        let rate = format!("{page}#rating");
        let form = stranger.form(&rate);
        let ticked = [("answer", mine), ("shown", "0"), ("shown", "2"), ("shown", "7"), ("wary", "0")];
        stranger.post(&page, &ticked).await.sees("2 of 3 shown, 1 to be wary of");
        html::check(&stranger.body);
        let form_action = form.action;
        assert_eq!(form_action, rate);
        stranger.post(&page, &[("answer", mine), ("then", "change")]).await;
        let back = stranger.form(&page);
        assert!(back.fields.iter().any(|(name, value)| name == "answer" && value == "سأنتظر 🦀\nand then <give up>"));

        let long = format!("{}é", "x".repeat(20_000));
        stranger.post(&page, &[("answer", &long)]).await;
        assert_eq!(stranger.status, 422);
        html::check(&stranger.body);
        stranger.sees("yours has 20001");
        assert!(stranger.form(&page).fields.iter().any(|(_, value)| *value == long), "nothing is lost");
        stranger.post(&page, &[("answer", &"🦀".repeat(20_000))]).await;
        assert_eq!(stranger.status, 200);
        stranger.post(&page, &[]).await.sees("You wrote nothing");
        stranger.post(&page, &[("answer", &"x".repeat(9 << 20))]).await;
        assert_eq!(stranger.status, 413);
    }

    async fn another_question_is_drawn_at_random_and_never_the_same(test) {
        let id = test.bank(&small_bank(), true).await;
        let page = test.question(id, "429").await.replace("/banks/", "/practice/").replace("/questions/", "/");
        let mut stranger = test.stranger();
        let mut drawn = std::collections::BTreeSet::new();
        for _ in 0..40 {
            stranger.open(&page).await;
            let tags = html::tags(&stranger.body);
            let random = tags.iter().find(|tag| tag.text == "Another at random").unwrap().get("href").unwrap();
            assert_ne!(random, page);
            drawn.insert(random.to_owned());
        }
        assert_eq!(drawn.len(), 2);
        let next = html::tags(&stranger.body).iter().find(|tag| tag.get("rel") == Some("next")).unwrap().get("href").unwrap().to_owned();
        stranger.open(&next).await.sees(SAFE).sees("2 of 3");
        let single = Bank { title: "One".into(), questions: vec![small_bank().questions[0].clone()], ..Bank::default() };
        let id = test.bank(&single, true).await;
        let page = test.question(id, "429").await.replace("/banks/", "/practice/").replace("/questions/", "/");
        stranger.open(&page).await;
        assert!(!stranger.text().contains("Another at random") && !stranger.text().contains("Next question"));
    }

    async fn questions_change_places_one_after_another(test) {
        let id = test.bank(&small_bank(), false).await;
        let question = test.question(id, "429").await;
        let moves = format!("{question}/moves");
        let mut people = Vec::new();
        for _ in 0..4 {
            people.push(test.recruiter().await);
        }
        let all = people.into_iter().map(|mut person| {
            let moves = moves.clone();
            tokio::spawn(async move {
                for direction in ["down", "up", "down"] {
                    person.post(&moves, &[("direction", direction)]).await;
                    assert_eq!(person.status, 303, "{}", person.body);
                }
            })
        });
        for one in all.collect::<Vec<_>>() {
            one.await.unwrap();
        }
        assert_eq!(test.document(id).await.questions.len(), 4);
    }
}
