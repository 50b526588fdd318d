//! Role documents: their sections in any order, and what is announced in one and counted over all.

mod top;

pub use top::title_of;

use super::sheet::Sheet;
use super::signs::{Counted, Label, Section, Sign};
use super::source::Bullet;
use super::words::{fold, is_name, key};
use super::{attitudes, coding, exercises, framework, levels, questions, screening, simulations};
use crate::roles::format::MOST_ENTRIES;
use crate::roles::kit::{Kit, Round};
use crate::roles::lint::Rule;
use std::ops::Range;

/// A section: what its heading opens.
#[derive(Clone, Debug)]
struct Part {
    /// Nothing before the first heading, and after one that is not known.
    section: Option<Section>,
    rows: Range<usize>,
    why_hard: bool,
    /// The level of the heading, where headings are marked.
    level: Option<u8>,
}

/// A number of entries that the document announces.
struct Announced {
    section: Section,
    number: usize,
    row: usize,
}

/// How many headings and labels of role documents there are.
pub fn evidence(sheet: &Sheet) -> usize {
    let known = sheet.signs.iter().filter(|sign| match sign {
        Sign::Section(..) | Sign::WhyHard(_) | Sign::Expected(..) | Sign::Setting(_) => true,
        Sign::Label(label, _) => matches!(label, Label::Round | Label::Positive | Label::Negative | Label::Anchors),
        _ => false,
    });
    known.count()
        + (0..sheet.rows.len())
            .filter(|i| framework::is_header(&sheet.rows[*i]))
            .count()
}

/// Reads a role document. Nothing, if no heading leads to anything.
pub fn read(sheet: &mut Sheet, file: &str) -> Option<Kit> {
    let mut kit = Kit::titled("");
    let parts = parts(sheet);
    let mut announced = Vec::new();
    for (n, part) in parts.iter().enumerate() {
        let next = parts.get(n + 1).and_then(|part| part.section);
        read_part(sheet, &mut kit, part, next, &mut announced);
        sheet.rest(part.rows.clone());
    }
    let empty = Kit {
        author: kit.author.clone(),
        ..Kit::titled(kit.title.as_str())
    };
    if kit == empty {
        return None;
    }
    finish(sheet, &mut kit, file);
    count(sheet, &kit, &announced);
    Some(kit)
}

fn parts(sheet: &Sheet) -> Vec<Part> {
    let mut parts = vec![Part {
        section: None,
        rows: 0..0,
        why_hard: false,
        level: None,
    }];
    for i in 0..sheet.rows.len() {
        let last = parts.last().expect("there is always a part");
        let (section, why_hard) = match opens(sheet, i, last) {
            Some(Opens::Section(section)) => (Some(section), false),
            Some(Opens::WhyHard) => (None, true),
            Some(Opens::Nothing) => (None, false),
            None => continue,
        };
        let start = i - usize::from(names_discipline(sheet, i, last, section));
        parts.last_mut().expect("there is always a part").rows.end = start;
        parts.push(Part {
            section,
            rows: start..start,
            why_hard,
            level: sheet.rows[i].heading,
        });
    }
    parts.last_mut().expect("there is always a part").rows.end = sheet.rows.len();
    parts
}

enum Opens {
    Section(Section),
    WhyHard,
    /// A part of which nothing is known.
    Nothing,
}

/// What a row opens, if it ends the part before it.
fn opens(sheet: &Sheet, i: usize, last: &Part) -> Option<Opens> {
    let row = &sheet.rows[i];
    let entry = row.bullet == Bullet::Sign && !row.strong;
    let current = last.section;
    let other = |section: Section| (current != Some(section)).then_some(Opens::Section(section));
    match &sheet.signs[i] {
        Sign::Section(..) | Sign::Titled(_) | Sign::WhyHard(_) | Sign::UnknownStage if entry => None,
        // “Knock-out” is also what an answer may lead to.
        Sign::Section(Section::KnockOuts, None)
            if current == Some(Section::KnockOuts) && key(&row.text) == "knockout" =>
        {
            None
        }
        Sign::Section(section, _) | Sign::Titled(section) => Some(Opens::Section(*section)),
        Sign::WhyHard(_) => Some(Opens::WhyHard),
        Sign::UnknownStage => Some(Opens::Nothing),
        Sign::Label(Label::ScreenKnockOut, _) => other(Section::KnockOuts),
        Sign::Label(Label::ScreenVideo, _) => other(Section::Videos),
        Sign::Label(Label::Discipline | Label::Requirement, _) | Sign::Expected(..) if is_between(current) => {
            other(Section::Competencies)
        }
        Sign::Setting(_) => other(Section::CodingTests),
        Sign::Count(Counted::Criteria, _) => other(Section::Criteria),
        Sign::Count(Counted::Competencies, _) => other(Section::Framework),
        Sign::Plain if framework::is_header(row) => other(Section::Framework),
        Sign::Plain if row.heading.is_some() && ends_at_any_heading(last) && row.heading <= last.level => {
            Some(Opens::Nothing)
        }
        _ => None,
    }
}

/// Sections whose own labels these are not, so that a competency question begins.
fn is_between(section: Option<Section>) -> bool {
    !matches!(section, Some(Section::Competencies | Section::Framework))
}

/// Every line of these sections is taken, so that a heading that is not known has to end them.
fn ends_at_any_heading(part: &Part) -> bool {
    part.why_hard || matches!(part.section, Some(Section::Criteria | Section::ResumeStage))
}

/// Whether the row before the first sign of a framework names its first discipline.
fn names_discipline(sheet: &Sheet, i: usize, last: &Part, section: Option<Section>) -> bool {
    let heading = matches!(sheet.signs[i], Sign::Section(..));
    section == Some(Section::Framework)
        && !heading
        && i > last.rows.start
        && sheet.signs[i - 1] == Sign::Plain
        && is_name(sheet.text(i - 1))
}

fn read_part(sheet: &mut Sheet, kit: &mut Kit, part: &Part, next: Option<Section>, announced: &mut Vec<Announced>) {
    let mut rows = part.rows.clone();
    if let Some(section) = part.section {
        announce(sheet, section, &rows, announced);
        if let Some(Sign::Section(..)) = sheet.signs.get(rows.start) {
            sheet.furniture(rows.start);
            rows.start += 1;
        } else if let Some(Sign::Titled(_)) = sheet.signs.get(rows.start) {
            rows.start += 1;
        }
    }
    match part.section {
        None if part.why_hard => top::why_hard(sheet, kit, rows),
        None if rows.start == 0 => top::top(sheet, kit, rows),
        None => {}
        Some(Section::Competencies) => questions::read(sheet, kit, rows),
        Some(Section::Attitudes) => attitudes::read(sheet, kit, rows),
        Some(Section::KnockOuts) => screening::knock_outs(sheet, kit, rows),
        Some(Section::Videos) => screening::videos(sheet, kit, rows),
        Some(Section::Criteria) => screening::criteria(sheet, kit, rows),
        Some(Section::ResumeStage) if next != Some(Section::Criteria) => screening::criteria(sheet, kit, rows),
        Some(Section::CodingTests) => coding::read(sheet, kit, rows),
        Some(Section::Presentations) => exercises::presentations(sheet, kit, rows),
        Some(Section::Simulations) => simulations::read(sheet, kit, rows),
        Some(Section::Framework) => framework::read(sheet, kit, rows),
        Some(
            Section::Core | Section::Supporting | Section::Application | Section::ResumeStage | Section::Interviews,
        ) => {}
    }
}

fn announce(sheet: &Sheet, section: Section, rows: &Range<usize>, announced: &mut Vec<Announced>) {
    for row in rows.clone() {
        let number = match sheet.signs[row] {
            Sign::Section(_, Some(number)) | Sign::Counter(number) => number,
            Sign::Count(Counted::Criteria, number) if section == Section::Criteria => number,
            Sign::Count(Counted::Questions, number) => number,
            _ => continue,
        };
        let known = |a: &Announced| a.section == section && a.number == number;
        if announced.len() < MOST_ENTRIES && !announced.iter().any(known) {
            announced.push(Announced { section, number, row });
        }
    }
}

/// The round that a question names; it is listed when it is first named. Gives the name under which it is listed.
pub fn round(sheet: &mut Sheet, kit: &mut Kit, i: usize, name: &str, path: &str) -> Option<String> {
    let known = kit.rounds.iter().find(|round| fold(&round.name) == fold(name));
    let name = match known {
        Some(round) => round.name.clone(),
        None if sheet.has_room(i, kit.rounds.len(), "rounds") => {
            kit.rounds.push(Round {
                name: name.to_string(),
                minutes: None,
            });
            name.to_string()
        }
        None => return None,
    };
    sheet.place(i, path);
    Some(name)
}

/// A field that may be given twice on the way to it, such as a competency: the second must say the same.
pub fn same_or_first(sheet: &mut Sheet, i: usize, value: &str, field: &mut String, path: &str) -> bool {
    if field.is_empty() {
        *field = value.to_string();
    }
    let same = fold(field) == fold(value);
    if same {
        sheet.place(i, path);
    }
    same
}

fn finish(sheet: &mut Sheet, kit: &mut Kit, file: &str) {
    if kit.title.is_empty() {
        kit.title = title_of(file);
        let message = format!("there is no title; the name of the file stands in: “{}”", kit.title);
        sheet.find(Rule::NoTitle, "title", message, None);
    }
    if kit.levels.is_empty() {
        let mut named: Vec<String> = Vec::new();
        for level in kit.competency_questions.iter().map(|question| &question.level) {
            if !level.is_empty() && !named.iter().any(|other| fold(other) == fold(level)) {
                named.push(level.clone());
            }
        }
        kit.levels = levels::in_order(named);
    }
}

fn count(sheet: &mut Sheet, kit: &Kit, announced: &[Announced]) {
    for Announced { section, number, row } in announced {
        let (here, one, many, field) = match section {
            Section::Competencies => (
                kit.competency_questions.len(),
                "question",
                "questions",
                "competency_questions",
            ),
            Section::Attitudes => (
                kit.attitude_questions.len(),
                "question",
                "questions",
                "attitude_questions",
            ),
            Section::KnockOuts => (kit.knock_outs.len(), "question", "questions", "knock_outs"),
            Section::Videos => (kit.video_questions.len(), "question", "questions", "video_questions"),
            Section::Criteria => (kit.resume_criteria.len(), "criterion", "criteria", "resume_criteria"),
            Section::CodingTests => (kit.coding_tests.len(), "coding test", "coding tests", "coding_tests"),
            Section::Presentations => (
                kit.presentations.len(),
                "presentation",
                "presentations",
                "presentations",
            ),
            Section::Simulations => (kit.simulations.len(), "simulation", "simulations", "simulations"),
            _ => continue,
        };
        if *number != here {
            let message = differs(*number, here, one, many);
            sheet.find(Rule::CountDiffers, field, message, Some(*row));
        }
    }
}

/// “20 questions are announced, 1 is here”.
pub fn differs(announced: usize, here: usize, one: &str, many: &str) -> String {
    let (what, are) = if announced == 1 { (one, "is") } else { (many, "are") };
    let here = match here {
        0 => "none is here".to_string(),
        1 => "1 is here".to_string(),
        n => format!("{n} are here"),
    };
    format!("{announced} {what} {are} announced, {here}")
}
