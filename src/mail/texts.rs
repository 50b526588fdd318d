//! The words of a mail: the texts that ship, their placeholders, and what a recruiter may make of them.

use crate::mail::Event;
use crate::ui::clean_line;

pub const MOST_SUBJECT: usize = 200;
pub const MOST_BODY: usize = 20_000;

/// A subject and a body, with placeholders or already filled.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text {
    pub subject: String,
    pub body: String,
}

/// Name, what stands in its place, and an example.
pub type Placeholder = (&'static str, &'static str, &'static str);

const CANDIDATE: Placeholder = ("candidate", "The candidate’s name", "Robin Example");
const TEST: Placeholder = ("test", "The title of the coding test", "Execute with retry");
const VARIANT: Placeholder = ("variant", "With or without AI", "Without AI");
const MINUTES: Placeholder = ("minutes", "Minutes from the start, extra time included", "20");
const DEADLINE: Placeholder = (
    "deadline",
    "The test has to be started before this",
    "27 Nov 2026, 17:00 UTC",
);
const LINK: Placeholder = (
    "link",
    "The candidate’s own link",
    "https://hire.company.example/tests/an-example",
);
const COMPANY: Placeholder = ("company", "The company’s name", "Our company");
const SENDER: Placeholder = ("sender", "Whoever of the staff sends it", "Sam Recruiter");
const RECEIVED: Placeholder = ("received", "When it arrived", "24 Nov 2026, 09:41 UTC");
const JOB: Placeholder = ("job", "The title of the job", "Integration Developer");
const NEXT: Placeholder = (
    "next",
    "What comes next, in a sentence or two",
    "We read it until 27 Nov 2026, and write to you.",
);
const STAGE: Placeholder = ("stage", "The stage that the application has come to", "Coding test");
const REASON: Placeholder = (
    "reason",
    "The question that decided, with the answer",
    "“May you work in Portugal?” You answered “No”.",
);
const SUBJECT: Placeholder = (
    "subject",
    "What somebody wrote as the subject",
    "A question about your application",
);
const BODY: Placeholder = (
    "body",
    "What somebody wrote, with its lines",
    "Which of our offices would you come to?",
);
const EARLIER: Placeholder = (
    "earlier",
    "The link to the earlier application",
    "https://hire.company.example/application/an-earlier-example",
);

/// What a letter to a candidate may speak of.
pub const LETTER: &[Placeholder] = &[CANDIDATE, JOB, LINK, COMPANY, SENDER];

/// Their values may have several lines; those of the others are one.
const OF_LINES: [&str; 2] = ["body", "link"];

impl Event {
    pub fn placeholders(self) -> &'static [Placeholder] {
        match self {
            Event::Invitation | Event::Reminder | Event::NewLink | Event::Extension => {
                &[CANDIDATE, TEST, VARIANT, MINUTES, DEADLINE, LINK, COMPANY, SENDER]
            }
            Event::Withdrawal => &[CANDIDATE, TEST, VARIANT, COMPANY, SENDER],
            Event::Receipt => &[CANDIDATE, TEST, VARIANT, RECEIVED, COMPANY, SENDER],
            Event::ApplicationDraft => &[JOB, LINK, COMPANY],
            Event::ApplicationKnown => &[JOB, RECEIVED, EARLIER, LINK, COMPANY],
            Event::ApplicationReceipt => &[CANDIDATE, JOB, RECEIVED, NEXT, LINK, COMPANY],
            Event::ApplicationDecline => &[CANDIDATE, JOB, REASON, LINK, COMPANY],
            Event::ApplicationReversal => &[CANDIDATE, JOB, NEXT, LINK, COMPANY, SENDER],
            Event::ApplicationStep => &[CANDIDATE, JOB, STAGE, NEXT, LINK, COMPANY, SENDER],
            Event::ApplicationRejection => &[CANDIDATE, JOB, LINK, COMPANY, SENDER],
            Event::ApplicationWithdrawal => &[CANDIDATE, JOB, LINK, COMPANY],
            Event::ApplicationAnswers | Event::ApplicationContact | Event::ApplicationErasure => {
                &[CANDIDATE, JOB, RECEIVED, LINK, COMPANY]
            }
            Event::ApplicationLinks => &[LINK, COMPANY],
            Event::ApplicationLetter => &[SUBJECT, BODY, CANDIDATE, COMPANY, SENDER],
        }
    }

    /// Without this placeholder such a mail would be useless.
    pub fn needed(self) -> Option<&'static str> {
        let needed = ["link", "body"];
        needed.into_iter().find(|name| knows(self.placeholders(), name))
    }

    /// The text that ships: the subject on the first line.
    pub fn shipped(self) -> Text {
        let text = match self {
            Event::Invitation => include_str!("../../templates/mail/texts/invitation.txt"),
            Event::Reminder => include_str!("../../templates/mail/texts/reminder.txt"),
            Event::NewLink => include_str!("../../templates/mail/texts/new_link.txt"),
            Event::Extension => include_str!("../../templates/mail/texts/extension.txt"),
            Event::Withdrawal => include_str!("../../templates/mail/texts/withdrawal.txt"),
            Event::Receipt => include_str!("../../templates/mail/texts/receipt.txt"),
            Event::ApplicationDraft => include_str!("../../templates/mail/texts/application_draft.txt"),
            Event::ApplicationKnown => include_str!("../../templates/mail/texts/application_known.txt"),
            Event::ApplicationReceipt => include_str!("../../templates/mail/texts/application_receipt.txt"),
            Event::ApplicationAnswers => include_str!("../../templates/mail/texts/application_answers.txt"),
            Event::ApplicationDecline => include_str!("../../templates/mail/texts/application_decline.txt"),
            Event::ApplicationReversal => include_str!("../../templates/mail/texts/application_reversal.txt"),
            Event::ApplicationStep => include_str!("../../templates/mail/texts/application_step.txt"),
            Event::ApplicationRejection => include_str!("../../templates/mail/texts/application_rejection.txt"),
            Event::ApplicationWithdrawal => include_str!("../../templates/mail/texts/application_withdrawal.txt"),
            Event::ApplicationContact => include_str!("../../templates/mail/texts/application_contact.txt"),
            Event::ApplicationErasure => include_str!("../../templates/mail/texts/application_erasure.txt"),
            Event::ApplicationLinks => include_str!("../../templates/mail/texts/application_links.txt"),
            Event::ApplicationLetter => include_str!("../../templates/mail/texts/application_letter.txt"),
        };
        let (subject, body) = text.split_once('\n').unwrap_or((text, ""));
        Text {
            subject: subject.to_owned(),
            body: body.trim_end().to_owned(),
        }
    }
}

/// What is wrong with a text, field by field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TextErrors {
    pub subject: Option<String>,
    pub body: Option<String>,
}

impl Text {
    /// As a form sends it: browsers end lines with CR LF.
    pub fn typed(subject: &str, body: &str) -> Text {
        Text {
            subject: subject.trim().to_owned(),
            body: body.replace("\r\n", "\n").replace('\r', "\n").trim_end().to_owned(),
        }
    }

    pub fn check(&self, event: Event) -> Result<(), TextErrors> {
        self.check_for(event.placeholders(), event.needed())
    }

    /// `needed`: without this placeholder the text would be useless.
    pub fn check_for(&self, placeholders: &[Placeholder], needed: Option<&str>) -> Result<(), TextErrors> {
        let errors = TextErrors {
            subject: self.subject_error(placeholders),
            body: self.body_error(placeholders, needed),
        };
        if errors == TextErrors::default() {
            Ok(())
        } else {
            Err(errors)
        }
    }

    fn subject_error(&self, placeholders: &[Placeholder]) -> Option<String> {
        if self.subject.is_empty() {
            return Some("Write a subject.".into());
        }
        if self.subject.contains(char::is_control) {
            return Some("A subject is one line.".into());
        }
        if self.subject.chars().count() > MOST_SUBJECT {
            return Some(format!("A subject has at most {MOST_SUBJECT} characters."));
        }
        unknown_placeholder(&self.subject, placeholders)
    }

    fn body_error(&self, placeholders: &[Placeholder], needed: Option<&str>) -> Option<String> {
        if self.body.trim().is_empty() {
            return Some("Write what the candidate should read.".into());
        }
        let length = self.body.chars().count();
        if length > MOST_BODY {
            return Some(format!(
                "A mail has at most {MOST_BODY} characters; this one has {length}."
            ));
        }
        if self.body.contains(|c: char| c.is_control() && c != '\n' && c != '\t') {
            return Some("There is a control character in here, which no mail may have.".into());
        }
        unknown_placeholder(&self.body, placeholders).or_else(|| {
            let needed = needed.filter(|name| !pieces(&self.body).contains(&Piece::Placeholder(name)))?;
            Some(match needed {
                "link" => "Without {{link}} the candidate would not get there.".to_owned(),
                name => format!("Without {{{{{name}}}}} the mail would say nothing."),
            })
        })
    }

    /// Puts the values in place of the placeholders. What a value contains is not looked at again.
    pub fn fill(&self, event: Event, value: impl Fn(&str) -> Option<String>) -> Text {
        self.fill_for(event.placeholders(), value)
    }

    pub fn fill_for(&self, placeholders: &[Placeholder], value: impl Fn(&str) -> Option<String>) -> Text {
        let fill = |text: &str| {
            let filled = pieces(text).into_iter().map(|piece| match piece {
                Piece::Words(words) => words.to_owned(),
                Piece::Placeholder(name) => (knows(placeholders, name).then(|| value(name)).flatten())
                    .map_or_else(|| format!("{{{{{name}}}}}"), |value| clean(name, &value)),
            });
            filled.collect::<String>()
        };
        Text {
            subject: clean_line(&fill(&self.subject)),
            // PostgreSQL has no text with a NUL in it.
            body: fill(&self.body).replace('\0', ""),
        }
    }

    /// With the examples, and the company's own name.
    pub fn sample(&self, event: Event, company: &str) -> Text {
        self.sample_for(event.placeholders(), company)
    }

    pub fn sample_for(&self, placeholders: &[Placeholder], company: &str) -> Text {
        self.fill_for(placeholders, |name| match name {
            "company" => Some(company.to_owned()),
            name => {
                let known = placeholders.iter().find(|placeholder| placeholder.0 == name);
                known.map(|placeholder| placeholder.2.to_owned())
            }
        })
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Piece<'a> {
    Words(&'a str),
    Placeholder(&'a str),
}

fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("{{") {
        let Some((name, after)) = after.split_once("}}") else {
            break;
        };
        pieces.extend([Piece::Words(before), Piece::Placeholder(name.trim())]);
        rest = after;
    }
    pieces.push(Piece::Words(rest));
    pieces
}

fn knows(placeholders: &[Placeholder], name: &str) -> bool {
    placeholders.iter().any(|placeholder| placeholder.0 == name)
}

fn clean(placeholder: &str, value: &str) -> String {
    match OF_LINES.contains(&placeholder) {
        // Spaces at the beginning of a line are somebody's list.
        true => {
            let lines = value.lines().map(|line| line.replace(char::is_control, " "));
            lines
                .map(|line| line.trim_end().to_owned())
                .collect::<Vec<_>>()
                .join("\n")
        }
        false => clean_line(value),
    }
}

fn unknown_placeholder(text: &str, placeholders: &[Placeholder]) -> Option<String> {
    pieces(text).into_iter().find_map(|piece| match piece {
        Piece::Placeholder(name) if knows(placeholders, name) => None,
        Piece::Placeholder(name) => {
            let name: String = name.chars().take(40).collect();
            Some(format!(
                "There is no {{{{{name}}}}} in this mail. The list shows what there is."
            ))
        }
        Piece::Words(words) if words.contains("{{") => Some("A placeholder is not closed: it ends with }}.".to_owned()),
        Piece::Words(_) => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(subject: &str, body: &str) -> Text {
        Text::typed(subject, body)
    }

    #[test]
    fn what_ships_is_sound_and_uses_only_what_there_is() {
        for event in Event::ALL {
            let shipped = event.shipped();
            assert_eq!(shipped.check(event), Ok(()), "{event:?}");
            let sample = shipped.sample(event, "Ours");
            assert!(
                !sample.body.contains("{{") && !sample.subject.contains("{{"),
                "{sample:?}"
            );
        }
    }

    #[test]
    fn a_value_is_inserted_once_and_as_it_is() {
        let filled = text("{{candidate}} {{ test }}", "{{candidate}}\n{{link}} {{nothing}} {{").fill(
            Event::Invitation,
            |name| match name {
                "candidate" => Some("{{link}}\r\nBcc: x".into()),
                other => Some(format!("<{other}>")),
            },
        );
        assert_eq!(filled.subject, "{{link}} Bcc: x <test>");
        assert_eq!(filled.body, "{{link}} Bcc: x\n<link> {{nothing}} {{");
    }

    #[test]
    fn what_is_wrong_is_said_at_its_field() {
        let errors = |subject: &str, body: &str| text(subject, body).check(Event::Invitation).err().unwrap_or_default();
        assert!(errors("", "{{link}}").subject.is_some());
        assert!(errors("a\nb", "{{link}}").subject.is_some());
        assert!(errors(&"ä".repeat(201), "{{link}}").subject.is_some());
        assert_eq!(errors(&"ä".repeat(200), "{{link}}"), TextErrors::default());
        assert!(
            errors("{{received}}", "{{link}}")
                .subject
                .unwrap()
                .contains("{{received}}")
        );
        assert!(errors("a", "").body.is_some());
        assert!(errors("a", "no way in").body.unwrap().contains("{{link}}"));
        assert!(
            errors("a", &format!("{{{{link}}}}{}", "x".repeat(20_000)))
                .body
                .is_some()
        );
        assert!(errors("a", "{{link}} {{candidate").body.unwrap().contains("}}"));
        assert_eq!(errors("a", "one\r\n{{link}}"), TextErrors::default());
    }

    #[test]
    fn only_what_carries_the_link_needs_it() {
        assert_eq!(text("a", "b").check(Event::Receipt), Ok(()));
        assert!(text("a", "{{link}}").check(Event::Withdrawal).is_err());
    }
}
