//! Every page of reports and of voluntary questions in every state that it has.

use halfopen::hiring::ApplicationState;
use halfopen::hiring::reports::pages::ReportPage;
use halfopen::hiring::reports::{Part, Period, PeriodFields, Preset, Report, Section};
use halfopen::hiring::voluntary::candidate_pages::AnswersPage;
use halfopen::hiring::voluntary::form::VoluntaryFields;
use halfopen::hiring::voluntary::pages::QuestionsPage;
use halfopen::hiring::voluntary::{Kind, Question};
use halfopen::ui::Tone;
use halfopen::ui::plots::{Measure, Row, Rows, Unit, rows};
use halfopen::ui::tables::{Cell, Column, Table};
use uuid::Uuid;

use crate::application_samples::{applications, opening};
use crate::samples::{HOSTILE, field, shells, sound};

fn table() -> Table {
    Table {
        columns: vec![Column::text("A title"), Column::number("A number")],
        rows: vec![
            vec![Cell::text(HOSTILE), Cell::Number(1_234.5)],
            vec![Cell::text(""), Cell::Nothing],
            vec![Cell::text(HOSTILE), Cell::Share(0.5)],
        ],
    }
}

fn section(id: &str) -> Section {
    let row = |mark| Row {
        head: Some(HOSTILE.into()),
        name: HOSTILE.into(),
        mark,
        words: HOSTILE.into(),
        is_bad: true,
    };
    let drawn = Rows {
        rows: vec![row(Measure::Nothing), row(Measure::Bar { value: 1.0, whole: 2.0 })],
        unit: Unit::Count,
        end: None,
    };
    Section {
        id: id.into(),
        title: HOSTILE.into(),
        label: HOSTILE.into(),
        figure: rows(&drawn, (HOSTILE, HOSTILE), HOSTILE, table().plotted()),
        says: [Tone::Good, Tone::Bad, Tone::Warn, Tone::Quiet]
            .map(|tone| (tone, HOSTILE.to_owned()))
            .into(),
        table: Some(table()),
    }
}

fn reports() -> Vec<Report> {
    vec![
        Report::default(),
        Report::empty(HOSTILE),
        Report {
            sections: vec![
                section("one"),
                Section {
                    id: "other".into(),
                    ..Section::default()
                },
            ],
            table: table(),
            empty: None,
        },
    ]
}

#[test]
fn reports_of_every_part() {
    for shell in shells() {
        for part in Part::ALL {
            for report in reports() {
                for (job, period) in [(None, Period::Preset(Preset::All)), (Some(Uuid::nil()), Period::Own)] {
                    sound(ReportPage {
                        shell: shell.clone(),
                        part,
                        jobs: vec![(Uuid::nil(), HOSTILE.into()), (Uuid::max(), String::new())],
                        job,
                        period,
                        fields: PeriodFields {
                            from: field("from"),
                            to: field("to"),
                        },
                        report: report.clone(),
                    });
                }
            }
        }
    }
}

fn questions() -> Vec<Question> {
    let mut questions: Vec<Question> = Kind::ALL.iter().map(|kind| Question::shipped(*kind, true)).collect();
    questions[3].words = HOSTILE.into();
    questions[3].choices = vec![HOSTILE.into(), String::new()];
    questions
}

#[test]
fn voluntary_questions() {
    for shell in shells() {
        for fields in [
            VoluntaryFields::of(&[]),
            VoluntaryFields {
                asked: Kind::ALL.into(),
                words: field("words"),
                choices: field("choices"),
            },
        ] {
            sound(QuestionsPage {
                shell: shell.clone(),
                opening: opening(halfopen::hiring::OpeningState::Published),
                fields,
            });
        }
        for application in applications()
            .into_iter()
            .filter(|one| one.state != ApplicationState::Draft)
        {
            for (questions, refused) in [(Vec::new(), false), (questions(), true)] {
                sound(AnswersPage {
                    shell: shell.clone(),
                    company: HOSTILE.into(),
                    application: application.clone(),
                    opening: opening(halfopen::hiring::OpeningState::Published),
                    questions,
                    refused,
                });
            }
        }
    }
}
