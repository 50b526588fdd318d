//! The words by which headings, labels and introductions are known.

use super::super::words::key;
use super::{Label, Section, Sign};
use std::collections::HashMap;
use std::sync::LazyLock;

const SECTIONS: [(Section, &[&str]); 14] = [
    (Section::Core, &["Core Evaluation"]),
    (Section::Competencies, &["Competency Questions"]),
    (Section::Attitudes, &["Attitude Questions"]),
    (Section::Supporting, &["Supporting Evaluation"]),
    (Section::Application, &["Stage 1", "Stage 1 Application"]),
    (Section::KnockOuts, &["Knock-out Questions", "Knock-outs"]),
    (
        Section::Videos,
        &["Video-Response Questions", "Video Questions", "Video Responses"],
    ),
    (
        Section::ResumeStage,
        &[
            "Stage 2",
            "Stage 2 Resume Screening",
            "Stage 2 Resume Review",
            "Resume Screening",
        ],
    ),
    (
        Section::Criteria,
        &["Resume Review Criteria", "Resume Screening Criteria", "Resume Criteria"],
    ),
    (
        Section::Interviews,
        &[
            "Stage 3",
            "Stage 3 During Interviews",
            "Stage 3 Interviews",
            "During Interviews",
        ],
    ),
    (Section::CodingTests, &["Coding Tests"]),
    (Section::Presentations, &["Presentation Prompts", "Presentations"]),
    (
        Section::Simulations,
        &[
            "Work Simulation Scenarios",
            "Work Simulations",
            "Simulation Scenarios",
            "Simulations",
        ],
    ),
    (Section::Framework, &["Progression Framework", "Competency Framework"]),
];

const LABELS: [(Label, &[&str]); 31] = [
    (Label::Discipline, &["Discipline"]),
    (Label::Requirement, &["Job requirement"]),
    (Label::Competency, &["Competency"]),
    (Label::Focus, &["Focus", "Focus at this level"]),
    (Label::Round, &["Interview round"]),
    (Label::Question, &["Question"]),
    (Label::Positive, &["Positive indicators"]),
    (Label::Negative, &["Negative indicators"]),
    (
        Label::ScreenKnockOut,
        &[
            "Application Screen: Knock-out",
            "Application Screen: Knock-out Question",
        ],
    ),
    (
        Label::ScreenVideo,
        &["Application Screen: Video Response", "Application Screen: Video"],
    ),
    (Label::Experience, &["Candidate experience"]),
    (Label::ResponseTime, &["Response time", "Time limit"]),
    (Label::Format, &["Format"]),
    (Label::Audience, &["Audience"]),
    (Label::Prepare, &["What to prepare"]),
    (Label::Deliverables, &["Deliverables"]),
    (Label::GroundRules, &["Ground rules"]),
    (Label::Anchors, &["Scoring anchors"]),
    (Label::Exceeds, &["Exceeds", "Exceeds expectations"]),
    (Label::Meets, &["Meets", "Meets expectations"]),
    (Label::Below, &["Below", "Below expectations"]),
    (Label::Scenario, &["Scenario"]),
    (Label::Problem, &["Problem to solve"]),
    (Label::Success, &["Success criteria"]),
    (Label::Review, &["What to review beforehand"]),
    (Label::Roles, &["Roles in scenario", "Roles in the scenario"]),
    (Label::Motivation, &["Motivation"]),
    (Label::Constraints, &["Constraints"]),
    (Label::Tensions, &["Tensions to introduce"]),
    (Label::Guidance, &["In-character guidance"]),
    (Label::DoNot, &["Do not", "Don't"]),
];

/// How the sentences begin that introduce a section, and how many words the longest of them has. Longer ones say more
/// than that, and are read by a person.
const PHRASES: [(&str, usize); 11] = [
    ("Critical questions for this role", 5),
    ("The competency and attitude questions", 45),
    ("How candidates earn the selection", 8),
    ("The goal is to reduce", 45),
    ("Filter at the door", 4),
    ("Runs the moment a candidate", 35),
    ("Read the resume against", 8),
    ("Reviewers score every application", 40),
    ("Where the hire is decided", 5),
    ("Interview rounds use the competency", 45),
    ("This table shows how competencies", 30),
];

pub static KNOWN: LazyLock<HashMap<String, Sign>> = LazyLock::new(|| {
    let sections = SECTIONS.iter().flat_map(|(section, names)| {
        let sign = Sign::Section(*section, None);
        names.iter().map(move |name| (key(name), sign.clone()))
    });
    let labels = LABELS.iter().flat_map(|(label, names)| {
        let sign = Sign::Label(*label, None);
        names.iter().map(move |name| (key(name), sign.clone()))
    });
    sections.chain(labels).collect()
});

/// How the heading begins behind which the author is named.
pub static WHY_HARD: LazyLock<[String; 2]> =
    LazyLock::new(|| ["Why this role is hard", "Why is this role hard"].map(key));

pub static PHRASE_KEYS: LazyLock<Vec<(String, usize)>> =
    LazyLock::new(|| PHRASES.iter().map(|(phrase, words)| (key(phrase), *words)).collect());
