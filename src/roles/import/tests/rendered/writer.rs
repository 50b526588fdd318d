//! Writes a kit as a document.

use super::{Form, Style};
use crate::roles::kit::*;

struct Writer<'a> {
    style: &'a Style,
    lines: Vec<String>,
}

impl Writer<'_> {
    fn line(&mut self, text: impl Into<String>) {
        self.lines.push(text.into());
        if self.style.blanks {
            self.lines.push(String::new());
        }
    }

    fn counter(&mut self, i: usize, n: usize) {
        if self.style.counters {
            self.line(format!("{} of {n}", i + 1));
        }
    }

    fn list(&mut self, label: &str, entries: &[String]) {
        self.line(label);
        for entry in entries {
            self.lines.push(format!("{}{entry}", self.style.bullet));
        }
    }

    fn value(&mut self, label: &str, value: &str) {
        if self.style.inline {
            self.line(format!("{label}: {value}"));
        } else {
            self.line(label);
            self.line(value);
        }
    }

    fn indicators(&mut self, positive: &[String], negative: &[String]) {
        self.list("Positive indicators", positive);
        self.list("Negative indicators", negative);
    }

    fn anchors(&mut self, anchors: &Anchors) {
        self.line("Scoring anchors");
        self.value("Exceeds", &anchors.exceeds);
        self.value("Meets", &anchors.meets);
        self.value("Below", &anchors.below);
    }

    fn stage(&mut self, text: &str) {
        if self.style.stages {
            self.line(text);
        }
    }

    fn questions(&mut self, kit: &Kit) {
        let n = kit.competency_questions.len();
        self.line(format!("{n} Competency Questions"));
        for (i, question) in kit.competency_questions.iter().enumerate() {
            self.counter(i, n);
            let numbers = if self.style.numbers {
                ["1. ", "2. ", "3. "]
            } else {
                [""; 3]
            };
            self.value(&format!("{}Discipline", numbers[0]), &question.discipline);
            self.value(&format!("{}Job requirement", numbers[1]), &question.competency);
            self.line(&question.expectation);
            self.value(
                &format!("{}Expected at {}", numbers[2], question.level),
                &question.focus,
            );
            self.line(format!("Interview round: {}", question.round));
            self.line(&question.question);
            self.indicators(&question.positive, &question.negative);
        }
    }

    fn attitudes(&mut self, kit: &Kit) {
        let n = kit.attitude_questions.len();
        self.line(format!("{n} Attitude Questions"));
        for (i, question) in kit.attitude_questions.iter().enumerate() {
            self.counter(i, n);
            self.line(&question.trait_name);
            self.line(&question.definition);
            self.line(format!("Interview round: {}", question.round));
            self.line(&question.question);
            self.indicators(&question.positive, &question.negative);
        }
    }

    fn screening(&mut self, kit: &Kit) {
        self.stage("Stage 1 · Application");
        if !kit.knock_outs.is_empty() {
            self.line("Knock-out Questions");
        }
        for (i, question) in kit.knock_outs.iter().enumerate() {
            self.counter(i, kit.knock_outs.len());
            self.line("Application Screen: Knock-out");
            self.line(&question.question);
            for answer in &question.answers {
                let decision = match answer.decision {
                    Decision::Qualifies => "Qualifies",
                    Decision::Declines => "Auto-decline",
                    Decision::Review => "Flag for review",
                };
                self.value(&answer.answer, decision);
            }
        }
        if !kit.video_questions.is_empty() {
            self.line("Video-Response Questions");
        }
        for (i, question) in kit.video_questions.iter().enumerate() {
            self.counter(i, kit.video_questions.len());
            self.line("Application Screen: Video Response");
            self.line(&question.question);
            let seconds = question.limit_seconds.unwrap_or_default();
            for chrome in [
                "Candidate experience",
                "REC",
                &format!("0:01 / {}:{:02}", seconds / 60, seconds % 60),
                "1Record",
                "2Review",
                "3Submit",
            ] {
                self.line(chrome);
            }
            self.value("Response time", &format!("{seconds} sec"));
            self.value("Format", &question.format);
        }
        self.stage("Stage 2 · Resume Screening");
        if !kit.resume_criteria.is_empty() {
            self.line("Resume Review Criteria");
            self.line(format!("{} criteria", kit.resume_criteria.len()));
            for criterion in &kit.resume_criteria {
                self.line(criterion);
            }
        }
    }

    fn tests(&mut self, kit: &Kit) {
        self.stage("Stage 3 · During Interviews");
        for (i, test) in kit.coding_tests.iter().enumerate() {
            self.line("Coding Test");
            self.counter(i, kit.coding_tests.len());
            self.line(format!("{} · Coding Test", test.setting));
            for variant in &test.variants {
                for text in [&variant.name, &variant.instructions, &variant.task] {
                    if !text.is_empty() {
                        self.line(text);
                    }
                }
            }
            self.value("Response time", &format!("{} min", test.minutes.unwrap_or_default()));
            self.indicators(&test.positive, &test.negative);
        }
    }

    fn exercises(&mut self, kit: &Kit) {
        for talk in &kit.presentations {
            self.line("Presentation Prompt");
            self.line(&talk.prompt);
            let (minutes, preparation) = (
                talk.minutes.unwrap_or_default(),
                talk.preparation_minutes.unwrap_or_default(),
            );
            self.value(
                "Format",
                &format!("{} · {minutes} min · ~{preparation} min prep", talk.format),
            );
            self.value("Audience", &talk.audience);
            self.list("What to prepare", &talk.prepare);
            self.list("Deliverables", &talk.deliverables);
            self.list("Ground rules", &talk.ground_rules);
            self.anchors(&talk.anchors);
            self.value("Response time", &format!("{minutes} min"));
            self.indicators(&talk.positive, &talk.negative);
        }
        for simulation in &kit.simulations {
            self.line("Work Simulation Scenario");
            self.line(format!("Scenario. {}", simulation.scenario));
            self.value("Problem to solve", &simulation.problem);
            self.value(
                "Format",
                &format!("{} · {} min", simulation.format, simulation.minutes.unwrap_or_default()),
            );
            self.list("Success criteria", &simulation.success_criteria);
            self.list("What to review beforehand", &simulation.review);
            self.list("Ground rules", &simulation.ground_rules);
            if !simulation.roles.is_empty() {
                self.line("Roles in scenario");
            }
            for part in &simulation.roles {
                self.line(format!("{} ({}, played by {})", part.name, part.stance, part.played_by));
                self.line(format!("Motivation. {}", part.motivation));
                self.list("Constraints", &part.constraints);
                self.list("Tensions to introduce", &part.tensions);
                self.list("In-character guidance", &part.guidance);
                self.list("Do not", &part.do_not);
            }
            self.anchors(&simulation.anchors);
            self.indicators(&simulation.positive, &simulation.negative);
        }
    }

    fn framework(&mut self, kit: &Kit) {
        self.line("Progression Framework");
        for discipline in &kit.disciplines {
            self.line(&discipline.name);
            self.line(format!("{} competencies", discipline.competencies.len()));
            let divider = if self.style.cells { "\t" } else { "" };
            self.line(format!("Competency{divider}{}", kit.levels.join(divider)));
            for competency in &discipline.competencies {
                let texts: Vec<&str> = competency.expected.values().map(String::as_str).collect();
                if self.style.cells {
                    self.line(format!("{}\t{}", competency.name, texts.join("\t")));
                } else {
                    self.line(&competency.name);
                    texts.iter().for_each(|text| self.line(*text));
                }
            }
        }
    }
}

pub fn write(kit: &Kit, style: &Style) -> String {
    let mut writer = Writer {
        style,
        lines: Vec::new(),
    };
    writer.line(&kit.title);
    writer.line(&kit.author);
    writer.line(format!("Why this role is hard · {}", kit.author));
    kit.why_hard.split("\n\n").for_each(|paragraph| writer.line(paragraph));

    for n in 0..6 {
        match (style.first + n) % 6 {
            0 => writer.questions(kit),
            1 => writer.attitudes(kit),
            2 => writer.screening(kit),
            3 => writer.tests(kit),
            4 => writer.exercises(kit),
            _ => writer.framework(kit),
        }
    }
    match style.form {
        Form::Text => writer.lines.join(style.end),
        Form::Markdown => markdown(&writer.lines, style),
        Form::Html(element) => html(&writer.lines, element, style),
    }
}

/// The entry of a list that a line is, if it has a bullet.
fn entry<'a>(line: &'a str, style: &Style) -> Option<&'a str> {
    line.strip_prefix(style.bullet).filter(|_| !style.bullet.is_empty())
}

fn markdown(lines: &[String], style: &Style) -> String {
    let mut page = Vec::new();
    for (i, line) in lines.iter().enumerate() {
        let heading = line.ends_with("Questions")
            || line.starts_with("Stage")
            || line == "Coding Test"
            || line.ends_with("Framework");
        let cells: Vec<&str> = line.split('\t').collect();
        let label = line.ends_with("indicators") || line.ends_with("rules") || line == "Format";
        page.push(match entry(line, style) {
            _ if i == 0 => format!("# {line}"),
            Some(entry) => format!("* {entry}"),
            None if cells.len() > 1 => format!("| {} |", cells.join(" | ")),
            None if heading => format!("## {line}"),
            None if label => format!("**{line}**"),
            None => line.replace("Discipline:", "**Discipline:**"),
        });
        if line.starts_with("Competency\t") {
            page.push("|---".repeat(cells.len()) + "|");
        }
    }
    page.join("\n")
}

fn html(lines: &[String], element: &str, style: &Style) -> String {
    let mut page = vec!["<!doctype html><html><head><title>A page</title></head><body>".to_string()];
    for (i, line) in lines.iter().filter(|line| !line.is_empty()).enumerate() {
        let line = line.replace('&', "&amp;").replace('<', "&lt;");
        page.push(match entry(&line, style) {
            _ if i == 0 => format!("<h1>{line}</h1>"),
            Some(entry) => format!("<ul><li>{entry}</li></ul>"),
            None if line.contains('\t') => {
                format!("<table><tr><td>{}</td></tr></table>", line.replace('\t', "</td><td>"))
            }
            None => format!("<{element}>{line}</{element}>"),
        });
    }
    page.join(style.end)
}
