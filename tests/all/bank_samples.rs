//! Every page of question banks in every state that it has.

use halfopen::roles::bank::BankQuestion;
use halfopen::roles::banks::bank_form::BankFields;
use halfopen::roles::banks::bank_pages::{BankFormPage, BankRemovalPage};
use halfopen::roles::banks::diff::Comparison;
use halfopen::roles::banks::filters::Filters;
use halfopen::roles::banks::pages::{BankPage, BanksPage};
use halfopen::roles::banks::practice::{
    Practice, PracticeBankPage, PracticeBanksPage, PracticePage, Rating, ResultPage, Steps,
};
use halfopen::roles::banks::question_form::QuestionFields;
use halfopen::roles::banks::question_page::{ProposalFields, QuestionPage};
use halfopen::roles::banks::question_pages::{QuestionFormPage, QuestionRemovalPage};
use halfopen::roles::banks::store::search::Choice;
use halfopen::roles::banks::{BankLine, Decision, Outcome, Proposal, Question, StoredBank, by_topic};
use halfopen::roles::draft::Leftover;
use uuid::Uuid;

use crate::samples::{AT, HOSTILE, field, shells, sound};

fn line(open: bool, n: i64) -> BankLine {
    BankLine {
        id: Uuid::nil(),
        title: HOSTILE.into(),
        about: HOSTILE.into(),
        open,
        questions: n,
        topics: n,
        waiting: n,
    }
}

fn banks() -> [StoredBank; 3] {
    [(false, 0), (true, 1), (true, 2)].map(|(open, n)| StoredBank {
        line: line(open, n),
        advice: vec![HOSTILE.into(); n as usize],
        shipped: None,
    })
}

fn questions() -> Vec<Question> {
    let full = BankQuestion {
        question: HOSTILE.into(),
        topic: HOSTILE.into(),
        difficulty: HOSTILE.into(),
        asked_for: HOSTILE.into(),
        answer: HOSTILE.into(),
        follow_ups: vec![HOSTILE.into(); 2],
        positive: vec![HOSTILE.into(); 2],
        negative: vec![HOSTILE.into()],
    };
    let answer_alone = BankQuestion {
        answer: HOSTILE.into(),
        ..BankQuestion::default()
    };
    let bare = BankQuestion {
        question: HOSTILE.into(),
        positive: vec![HOSTILE.into()],
        ..BankQuestion::default()
    };
    let question = |(n, content): (i64, BankQuestion)| Question {
        id: Uuid::from_u128(n as u128),
        bank: Uuid::nil(),
        bank_title: HOSTILE.into(),
        content,
        position: n,
        revision: 1,
        waiting: n,
    };
    (0..).zip([full, answer_alone, bare]).map(question).collect()
}

fn filters(narrows: bool) -> Filters {
    let choice = |key: &str| Choice {
        key: key.into(),
        label: HOSTILE.into(),
        questions: 2,
    };
    Filters {
        page: "/banks".into(),
        q: field("q"),
        topic: field("topic").value("a"),
        difficulty: field("difficulty"),
        topics: vec![choice("a"), choice("b")],
        difficulties: if narrows { vec![choice("easy")] } else { Vec::new() },
        narrows,
        waiting: narrows,
    }
}

#[test]
fn lists_of_banks_and_questions() {
    for shell in shells() {
        for narrows in [false, true] {
            for first in [None, Some("/banks".to_owned())] {
                for full in [false, true] {
                    sound(BanksPage {
                        shell: shell.clone(),
                        filters: filters(narrows),
                        banks: if full {
                            vec![line(true, 1), line(false, 0)]
                        } else {
                            Vec::new()
                        },
                        questions: if full { questions() } else { Vec::new() },
                        first: first.clone(),
                        next: first.clone(),
                    });
                    for bank in banks() {
                        let topics = if full { by_topic(questions()) } else { Vec::new() };
                        sound(BankPage {
                            shell: shell.clone(),
                            bank: bank.clone(),
                            filters: filters(narrows),
                            topics: topics.clone(),
                            leftovers: vec![Leftover {
                                line: 7,
                                text: HOSTILE.into(),
                                before: String::new(),
                                after: String::new(),
                            }],
                            first: first.clone(),
                            next: None,
                        });
                        sound(PracticeBankPage {
                            shell: shell.clone(),
                            company: HOSTILE.into(),
                            bank,
                            filters: filters(narrows),
                            topics,
                            random: first.clone(),
                            first: first.clone(),
                            next: None,
                        });
                    }
                    sound(PracticeBanksPage {
                        shell: shell.clone(),
                        company: HOSTILE.into(),
                        banks: if full { vec![line(true, 2)] } else { Vec::new() },
                        first: first.clone(),
                        next: first.clone(),
                    });
                }
            }
        }
    }
}

#[test]
fn forms_of_banks() {
    for shell in shells() {
        for bank in banks() {
            sound(BankRemovalPage {
                shell: shell.clone(),
                bank: bank.clone(),
            });
            for bank in [None, Some(bank)] {
                let fields = BankFields {
                    title: field("title"),
                    about: field("about"),
                    advice: field("advice"),
                    form_token: HOSTILE.into(),
                };
                let shell = shell.clone();
                sound(BankFormPage { shell, bank, fields });
            }
        }
        for question in questions() {
            sound(QuestionRemovalPage {
                shell: shell.clone(),
                question: question.clone(),
            });
            for (question, overtaken) in [(None, false), (Some(question.clone()), true)] {
                let mut fields = QuestionFields::new(HOSTILE.into());
                fields.question = field("question");
                fields.positive = field("positive");
                sound(QuestionFormPage {
                    shell: shell.clone(),
                    bank: banks()[1].clone(),
                    question,
                    fields,
                    topics: filters(true).topics,
                    overtaken,
                });
            }
        }
    }
}

fn proposals() -> Vec<(Proposal, Comparison)> {
    let outcome = |decision, replaced: Option<String>| Outcome {
        decision,
        by: HOSTILE.into(),
        at: AT,
        replaced,
    };
    let outcomes = [
        None,
        Some(outcome(Decision::Taken, Some(HOSTILE.into()))),
        Some(outcome(Decision::Declined, None)),
    ];
    let proposal = |outcome| Proposal {
        id: Uuid::nil(),
        answer: HOSTILE.into(),
        why: HOSTILE.into(),
        by: HOSTILE.into(),
        at: AT,
        outcome,
    };
    let compared = |outcome| (proposal(outcome), Comparison::of("before <script>", HOSTILE));
    outcomes.map(compared).to_vec()
}

#[test]
fn pages_of_a_question() {
    for shell in shells() {
        for question in questions() {
            for (place, proposals) in [((1, 1), Vec::new()), ((1, 2), proposals()), ((2, 2), proposals())] {
                let mut form = ProposalFields::new(HOSTILE, HOSTILE.into());
                form.why = field("why");
                sound(QuestionPage {
                    shell: shell.clone(),
                    question: question.clone(),
                    place,
                    open: true,
                    kits: vec![(Uuid::nil(), HOSTILE.into())],
                    proposals,
                    form,
                });
            }
            for next in [None, Some("/practice/a/b".to_owned())] {
                let practice = || Practice {
                    company: HOSTILE.into(),
                    question: question.clone(),
                    steps: Steps {
                        number: 1,
                        of: 2,
                        next: next.clone(),
                        random: next.clone(),
                    },
                };
                sound(PracticePage {
                    shell: shell.clone(),
                    practice: practice(),
                    answer: field("answer"),
                });
                let ticks = |n: usize| vec![(HOSTILE.to_owned(), n == 1); n];
                sound(ResultPage {
                    shell: shell.clone(),
                    practice: practice(),
                    answer: if next.is_some() { HOSTILE.into() } else { String::new() },
                    rating: Rating {
                        shown: ticks(question.content.positive.len()),
                        wary: ticks(question.content.negative.len()),
                    },
                });
            }
        }
    }
}
