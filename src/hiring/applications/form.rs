//! The form of an application: what was typed, what of it can be kept, and what is still missing.

use crate::app::App;
use crate::hiring::Application;
use crate::hiring::applications::{Answer, Part};
use crate::hiring::knock_outs::is_dealbreaker;
use crate::people::{check_email, check_name};
use crate::roles::kit::{Kit, KnockOut};
use crate::ui::{Field, Upload, clean_line};

const MOST_ANSWER: usize = 4_000;
const MOST_PHONE: usize = 40;
const MOST_DETAIL: usize = 200;
/// What is far too long is not sent back.
const MOST_SHOWN: usize = 2 * MOST_ANSWER;

/// How people hear of a job.
pub const SOURCES: [(&str, &str); 7] = [
    ("", "I would rather not say"),
    ("company", "This company’s site"),
    ("board", "A job board"),
    ("referral", "Somebody who works here"),
    ("event", "A talk, a meet-up, a course"),
    ("recruiter", "A recruiter wrote to me"),
    ("other", "Something else"),
];

pub fn source_label(id: &str) -> &'static str {
    SOURCES
        .iter()
        .find(|(known, _)| *known == id && !id.is_empty())
        .map_or("Not said", |(_, label)| label)
}

/// A question at the door, with what was answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// Its place among the kit's knock-outs.
    pub index: usize,
    pub words: String,
    /// What can be chosen; a text is written where there is nothing.
    pub answers: Vec<String>,
    pub dealbreaker: bool,
    pub value: String,
    pub error: Option<String>,
}

impl Question {
    fn new(index: usize, knock_out: &KnockOut) -> Question {
        Question {
            index,
            words: knock_out.question.clone(),
            answers: knock_out.answers.iter().map(|answer| answer.answer.clone()).collect(),
            dealbreaker: is_dealbreaker(knock_out),
            value: String::new(),
            error: None,
        }
    }

    pub fn name(&self) -> String {
        format!("answer-{}", self.index)
    }

    pub fn is_chosen(&self, answer: &&String) -> bool {
        self.value == **answer
    }

    /// Takes what was typed; what cannot be an answer is not kept.
    fn take(&mut self, typed: &str) {
        let text = clean_text(typed);
        match (self.answers.is_empty(), text.chars().count()) {
            (false, 0) => {}
            (false, _) if self.answers.contains(&text) => self.value = text,
            (false, _) => self.error = Some("Choose one of the answers.".into()),
            (true, 0..=MOST_ANSWER) => self.value = text,
            (true, n) => {
                self.value = text.chars().take(MOST_SHOWN).collect();
                self.error = Some(format!("At most {MOST_ANSWER} characters; this answer has {n}."));
            }
        }
    }

    fn miss(&mut self) {
        if self.value.is_empty() && self.error.is_none() {
            self.error = Some(
                if self.answers.is_empty() {
                    "Write an answer."
                } else {
                    "Choose an answer."
                }
                .into(),
            );
        }
    }
}

/// The kit's questions at the door. They keep their places, so that those that can end an application can be shown first.
pub fn questions(kit: &Kit) -> Vec<Question> {
    let numbered = kit.knock_outs.iter().enumerate();
    numbered
        .map(|(index, knock_out)| Question::new(index, knock_out))
        .collect()
}

/// What a summary above a form links to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    pub name: String,
    pub label: String,
}

fn wrong_field(field: &Field) -> Option<Wrong> {
    field.error.as_ref().map(|_| Wrong {
        name: field.name.into(),
        label: field.label.into(),
    })
}

fn wrong_question(question: &Question) -> Option<Wrong> {
    let label = crate::ui::shortened(&question.words, 60);
    question.error.as_ref().map(|_| Wrong {
        name: question.name(),
        label,
    })
}

/// The first page: what decides at once, and where to send the link.
#[derive(Clone, Debug)]
pub struct StartFields {
    pub dealbreakers: Vec<Question>,
    pub email: Field,
    pub source: String,
    /// Which page this is, so that sending it twice begins one application.
    pub form_token: String,
    /// People do not see this field, and robots fill it.
    pub website: String,
    pub said: Option<String>,
}

impl StartFields {
    pub fn new(app: &App, kit: &Kit) -> StartFields {
        StartFields {
            dealbreakers: questions(kit)
                .into_iter()
                .filter(|question| question.dealbreaker)
                .collect(),
            email: Field::new("email", "Your mail address")
                .hint("We send your personal link there, and nothing else for now."),
            source: String::new(),
            form_token: app.new_id().to_string(),
            website: String::new(),
            said: None,
        }
    }

    pub fn typed(app: &App, kit: &Kit, typed: &mut Upload) -> StartFields {
        let mut fields = StartFields::new(app, kit);
        fields.email = check(fields.email, typed, |email| check_email(email).map(drop));
        for question in &mut fields.dealbreakers {
            question.take(&typed.take(&question.name()));
            question.miss();
        }
        fields.source = clean_line(&typed.take("source")).chars().take(MOST_DETAIL).collect();
        fields.form_token = typed.take("form_token");
        fields.website = typed.take("website");
        fields
    }

    pub fn with_errors(&self) -> Vec<Wrong> {
        let questions = self.dealbreakers.iter().filter_map(wrong_question);
        questions.chain(wrong_field(&self.email)).collect()
    }
}

/// The whole application, as it is typed.
#[derive(Clone, Debug)]
pub struct DraftFields {
    pub questions: Vec<Question>,
    pub name: Field,
    pub email: Field,
    pub phone: Field,
    pub resume: Field,
    pub cover_letter: Field,
    pub source: Field,
    pub source_detail: Field,
    pub consent: bool,
    pub consent_error: Option<String>,
    /// Of the draft that the form was filled from.
    pub revision: i64,
}

impl DraftFields {
    pub fn stored(kit: &Kit, application: &Application, answers: &[Answer]) -> DraftFields {
        let mut fields = DraftFields::empty(kit);
        for question in &mut fields.questions {
            let given = answers.iter().find(|answer| answer.question == question.words);
            question.value = given.map(|answer| answer.answer.clone()).unwrap_or_default();
        }
        fields.name.value.clone_from(&application.name);
        fields.email.value.clone_from(&application.email);
        fields.phone.value.clone_from(&application.phone);
        fields.source.value.clone_from(&application.source);
        fields.source_detail.value.clone_from(&application.source_detail);
        fields.revision = application.revision;
        fields
    }

    fn empty(kit: &Kit) -> DraftFields {
        DraftFields {
            questions: questions(kit),
            name: Field::new("name", "Your name").hint("As you would like to be called."),
            email: Field::new("email", "Your mail address"),
            phone: Field::new("phone", "Your telephone").hint("If you would like to be called."),
            resume: Field::new("resume", "Résumé").hint("PDF, Word (.docx) or text, at most 5 MB."),
            cover_letter: Field::new("cover_letter", "Cover letter").hint("If you like. The same kinds of file."),
            source: Field::new("source", "How did you hear of this job?"),
            source_detail: Field::new("source_detail", "Where, or from whom?").hint("If you like."),
            consent: false,
            consent_error: None,
            revision: 0,
        }
    }

    /// What was typed, with what is wrong with it. Nothing is missing yet: a draft may be unfinished.
    pub fn typed(kit: &Kit, typed: &mut Upload) -> DraftFields {
        let mut fields = DraftFields::empty(kit);
        for question in &mut fields.questions {
            question.take(&typed.take(&question.name()));
        }
        fields.name = check(fields.name, typed, |name| match name {
            "" => Ok(()),
            name => check_name(name).map(drop),
        });
        fields.email = check(fields.email, typed, |email| check_email(email).map(drop));
        fields.phone = check(fields.phone, typed, check_phone);
        fields.source = check(fields.source, typed, |source| {
            let known = SOURCES.iter().any(|(id, _)| *id == source);
            if known { Ok(()) } else { Err("Choose one of the list.") }
        });
        fields.source_detail = check(fields.source_detail, typed, |detail| match detail.chars().count() {
            0..=MOST_DETAIL => Ok(()),
            _ => Err("At most 200 characters."),
        });
        fields.consent = typed.take("consent") == "yes";
        fields.revision = typed.take("revision").parse().unwrap_or_default();
        fields
    }

    /// What an application needs before it can be sent. Where an answer ends it at once, no more is asked for than what
    /// is needed to tell the candidate.
    pub fn miss(&mut self, ends_at_once: bool, has_resume: bool) {
        for question in &mut self.questions {
            if question.dealbreaker || !ends_at_once {
                question.miss();
            }
        }
        if self.name.value.is_empty() {
            self.name.error = Some("Write your name.".into());
        }
        if !ends_at_once && !has_resume && self.resume.error.is_none() {
            self.resume.error = Some("Choose a file with your résumé.".into());
        }
        if !self.consent {
            self.consent_error = Some("We may keep your application only if you agree.".into());
        }
    }

    pub fn with_errors(&self) -> Vec<Wrong> {
        let questions = |dealbreaker| {
            let some = self
                .questions
                .iter()
                .filter(move |question| question.dealbreaker == dealbreaker);
            some.filter_map(wrong_question)
        };
        let consent = self.consent_error.as_ref().map(|_| Wrong {
            name: "consent".into(),
            label: "Your consent".into(),
        });
        questions(true)
            .chain(
                [&self.name, &self.email, &self.phone, &self.resume, &self.cover_letter]
                    .into_iter()
                    .filter_map(wrong_field),
            )
            .chain(questions(false))
            .chain([&self.source, &self.source_detail].into_iter().filter_map(wrong_field))
            .chain(consent)
            .collect()
    }

    /// What can be stored: a question with an error keeps what it had.
    pub fn answers(&self, before: &[Answer]) -> Vec<Answer> {
        let kept = |question: &Question| match question.error {
            None => question.value.clone(),
            Some(_) => {
                let before = before.iter().find(|answer| answer.question == question.words);
                before.map(|answer| answer.answer.clone()).unwrap_or_default()
            }
        };
        let answer = |question: &Question| Answer {
            question: question.words.clone(),
            answer: kept(question),
            decision: None,
        };
        self.questions.iter().map(answer).collect()
    }

    pub fn given(&self) -> Vec<(String, String)> {
        let given = |question: &Question| (question.words.clone(), question.value.clone());
        self.questions.iter().map(given).collect()
    }

    pub fn document(&mut self, part: Part) -> &mut Field {
        match part {
            Part::Resume => &mut self.resume,
            Part::CoverLetter => &mut self.cover_letter,
        }
    }
}

/// The address, the name and the telephone of somebody who has applied.
#[derive(Clone, Debug)]
pub struct ContactFields {
    pub name: Field,
    pub email: Field,
    pub phone: Field,
}

impl ContactFields {
    pub fn stored(application: &Application) -> ContactFields {
        ContactFields {
            name: Field::new("name", "Your name").value(&application.name),
            email: Field::new("email", "Your mail address").value(&application.email),
            phone: Field::new("phone", "Your telephone")
                .value(&application.phone)
                .hint("If you would like to be called."),
        }
    }

    pub fn typed(application: &Application, typed: &mut Upload) -> ContactFields {
        let fields = ContactFields::stored(application);
        ContactFields {
            name: check(fields.name, typed, |name| check_name(name).map(drop)),
            email: check(fields.email, typed, |email| check_email(email).map(drop)),
            phone: check(fields.phone, typed, check_phone),
        }
    }

    pub fn with_errors(&self) -> Vec<Wrong> {
        [&self.name, &self.email, &self.phone]
            .into_iter()
            .filter_map(wrong_field)
            .collect()
    }
}

fn check(field: Field, typed: &mut Upload, rule: impl Fn(&str) -> Result<(), &'static str>) -> Field {
    let line = clean_line(&typed.take(field.name));
    let error = rule(&line).err();
    field
        .value(line.chars().take(MOST_SHOWN).collect::<String>())
        .error(error)
}

fn check_phone(phone: &str) -> Result<(), &'static str> {
    let plausible = |c: char| c.is_ascii_digit() || " +()-./extEXT".contains(c);
    match phone.chars().count() {
        0 => Ok(()),
        1..=MOST_PHONE if phone.chars().all(plausible) => Ok(()),
        _ => Err("A telephone number has digits, spaces and + ( ) - . /, at most 40 of them."),
    }
}

/// Lines as a person typed them: no other control characters, no empty space around them.
fn clean_text(typed: &str) -> String {
    let lines = typed.replace("\r\n", "\n").replace('\r', "\n");
    let printable: String = lines
        .chars()
        .filter(|c| !c.is_control() || matches!(c, '\n' | '\t'))
        .collect();
    printable.trim().to_owned()
}
