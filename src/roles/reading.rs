//! A kit as a document to read: by stage, for whoever reads it, at the level that is hired for.

use crate::roles::coverage::{Coverage, RoundTime};
use crate::roles::kit::{AttitudeQuestion, CompetencyQuestion, Kit};
use crate::ui::{capitalised, percent_encoded};

/// For whom it is laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reader {
    Everyone,
    Recruiter,
    /// The interviewers of one round, by its place.
    Round(usize),
    /// What may be shown to candidates, and nothing else.
    Candidate,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Section {
    Why,
    Process,
    Application,
    Screening,
    Rounds,
    Exercises,
    Framework,
    Coverage,
}

pub struct Reading {
    pub kit: Kit,
    pub reader: Reader,
    /// The level that is read for, if the kit has it.
    pub level: Option<String>,
    pub coverage: Coverage,
    pub times: Vec<RoundTime>,
    /// The address of this page.
    pub path: String,
}

/// A round with its questions; the last one may be the questions without a round.
pub struct RoundReading<'a> {
    pub anchor: String,
    pub name: &'a str,
    pub time: Option<&'a RoundTime>,
    pub competencies: Vec<Asked<'a>>,
    pub attitudes: Vec<&'a AttitudeQuestion>,
}

/// A question with its place in the whole kit.
pub struct Asked<'a> {
    pub number: usize,
    pub question: &'a CompetencyQuestion,
    /// The levels of its competency, where they have not been shown right before.
    pub levels: Vec<(&'a str, &'a str)>,
}

/// A line of the contents.
pub struct Entry {
    pub anchor: String,
    pub label: String,
    pub warning: Option<&'static str>,
}

impl Reading {
    pub fn new(kit: Kit, path: String, reader: &str, level: &str) -> Reading {
        let level = kit.levels.iter().find(|known| *known == level).cloned();
        Reading {
            reader: Reader::from_id(reader, &kit),
            level,
            coverage: Coverage::of(&kit),
            times: RoundTime::all(&kit),
            kit,
            path,
        }
    }

    pub fn has(&self, section: Section) -> bool {
        let kit = &self.kit;
        let there = match section {
            Section::Why => !kit.why_hard.is_empty(),
            Section::Process => !kit.rounds.is_empty(),
            Section::Application => !kit.knock_outs.is_empty() || !kit.video_questions.is_empty(),
            Section::Screening => !kit.resume_criteria.is_empty(),
            Section::Rounds => !kit.competency_questions.is_empty() || !kit.attitude_questions.is_empty(),
            Section::Exercises => {
                !kit.coding_tests.is_empty() || !kit.presentations.is_empty() || !kit.simulations.is_empty()
            }
            Section::Framework => !kit.disciplines.is_empty(),
            Section::Coverage => !self.coverage.rows.is_empty(),
        };
        there && self.reader.reads(section)
    }

    pub fn for_candidates(&self) -> bool {
        self.reader == Reader::Candidate
    }

    /// The rounds that this reader prepares for, those without a question left out.
    pub fn rounds(&self) -> Vec<RoundReading<'_>> {
        let names = self.kit.rounds.iter().map(|round| round.name.as_str());
        let all = names.chain([""]).enumerate();
        let mine = all.filter(|(at, _)| match self.reader {
            Reader::Round(mine) => *at == mine,
            _ => true,
        });
        let rounds = mine.map(|(at, name)| RoundReading {
            anchor: format!("round-{at}"),
            name,
            time: self.times.get(at),
            competencies: self.asked(name),
            attitudes: self
                .kit
                .attitude_questions
                .iter()
                .filter(|question| self.is_in(&question.round, name))
                .collect(),
        });
        rounds
            .filter(|round| !round.competencies.is_empty() || !round.attitudes.is_empty())
            .collect()
    }

    /// A round that the kit does not list is none.
    fn is_in(&self, named: &str, round: &str) -> bool {
        let known = self.kit.rounds.iter().any(|other| other.name == named);
        if known { named == round } else { round.is_empty() }
    }

    fn asked<'a>(&'a self, round: &str) -> Vec<Asked<'a>> {
        let mut before = "";
        let questions = self.kit.competency_questions.iter().enumerate();
        let asked = questions
            .filter(|(_, question)| self.is_in(&question.round, round))
            .map(|(at, question)| {
                let again = std::mem::replace(&mut before, &question.competency) == question.competency;
                Asked {
                    number: at + 1,
                    question,
                    levels: if again {
                        Vec::new()
                    } else {
                        self.levels_of(&question.competency)
                    },
                }
            });
        asked.collect()
    }

    fn levels_of<'a>(&'a self, competency: &str) -> Vec<(&'a str, &'a str)> {
        let found = self.kit.competencies().find(|known| known.name == competency);
        let expected = found.into_iter().flat_map(|competency| &competency.expected);
        expected.map(|(level, text)| (level.as_str(), text.as_str())).collect()
    }

    /// Whether this is the level that the reader hires for, or that the question is made for.
    pub fn is_here(&self, level: &str, of_question: &str) -> bool {
        self.level.as_deref().unwrap_or(of_question) == level
    }

    pub fn contents(&self) -> Vec<(&'static str, Vec<Entry>)> {
        let entry = |anchor: &str, label: &str| Entry {
            anchor: anchor.to_owned(),
            label: label.to_owned(),
            warning: None,
        };
        let sections = [
            (Section::Why, "why", "Why this role is hard"),
            (Section::Process, "process", "The whole process"),
            (Section::Application, "application", "Application"),
            (Section::Screening, "screening", "Résumé screening"),
        ];
        let before = sections.iter().filter(|(section, ..)| self.has(*section));
        let mut contents = vec![(
            "The role",
            before.map(|(_, anchor, label)| entry(anchor, label)).collect(),
        )];
        if self.has(Section::Rounds) {
            let rounds = self.rounds().into_iter().map(|round| Entry {
                warning: round.name.is_empty().then_some("no round"),
                label: if round.name.is_empty() {
                    "Not asked yet".into()
                } else {
                    round.name.to_owned()
                },
                anchor: round.anchor,
            });
            contents.push(("Interview rounds", rounds.collect()));
        }
        if self.has(Section::Exercises) {
            contents.push(("Exercises", self.exercises(&entry)));
        }
        let sections = [
            (Section::Framework, "framework", "Progression framework"),
            (Section::Coverage, "coverage", "Coverage"),
        ];
        let after: Vec<Entry> = sections
            .iter()
            .filter(|(section, ..)| self.has(*section))
            .map(|(_, anchor, label)| entry(anchor, label))
            .collect();
        contents.push(("Levels", after));
        contents.retain(|(_, entries): &(_, Vec<Entry>)| !entries.is_empty());
        contents
    }

    fn exercises(&self, entry: &dyn Fn(&str, &str) -> Entry) -> Vec<Entry> {
        let of = |what: &str, anchor: &str, count: usize| -> Vec<Entry> {
            let label = |n: usize| {
                if count > 1 {
                    format!("{what} {}", n + 1)
                } else {
                    what.to_owned()
                }
            };
            (0..count).map(|n| entry(&format!("{anchor}-{n}"), &label(n))).collect()
        };
        let mut all = of("Coding test", "coding", self.kit.coding_tests.len());
        all.extend(of("Presentation", "presentation", self.kit.presentations.len()));
        all.extend(of("Work simulation", "simulation", self.kit.simulations.len()));
        all
    }

    /// This page for another reader or level.
    pub fn link(&self, reader: &Reader, level: Option<&str>) -> String {
        let mut query = Vec::new();
        if *reader != Reader::Everyone {
            query.push(format!("for={}", reader.id()));
        }
        if let Some(level) = level {
            query.push(format!("level={}", percent_encoded(level)));
        }
        if query.is_empty() {
            return self.path.clone();
        }
        format!("{}?{}", self.path, query.join("&"))
    }

    /// Each reader that the page offers, with a word for it.
    pub fn readers(&self) -> Vec<(Reader, String)> {
        let rounds = self.kit.rounds.iter().enumerate();
        let mut readers = vec![
            (Reader::Everyone, "Everyone".to_owned()),
            (Reader::Recruiter, "Recruiter".to_owned()),
        ];
        let head = |name: &str| name.split(':').next().unwrap_or(name).to_owned();
        readers.extend(rounds.map(|(at, round)| (Reader::Round(at), head(&round.name))));
        readers.push((Reader::Candidate, "Candidate".to_owned()));
        readers
    }

    /// The whole of what a candidate gives, in minutes, where the kit says it.
    pub fn exercise_minutes(&self) -> Vec<(&'static str, Option<u32>, Option<u32>)> {
        let tests = self
            .kit
            .coding_tests
            .iter()
            .map(|test| ("Coding test", test.minutes, None));
        let talks = self.kit.presentations.iter();
        let talks = talks.map(|talk| ("Presentation", talk.minutes, talk.preparation_minutes));
        let simulations = self.kit.simulations.iter();
        let simulations = simulations.map(|one| ("Work simulation", one.minutes, one.preparation_minutes));
        tests.chain(talks).chain(simulations).collect()
    }
}

impl Reader {
    fn from_id(id: &str, kit: &Kit) -> Reader {
        match id {
            "recruiter" => Reader::Recruiter,
            "candidate" => Reader::Candidate,
            _ => {
                let round = id.strip_prefix("round-").and_then(|at| at.parse().ok());
                round
                    .filter(|at| *at < kit.rounds.len())
                    .map_or(Reader::Everyone, Reader::Round)
            }
        }
    }

    pub fn id(self) -> String {
        match self {
            Reader::Everyone => String::new(),
            Reader::Recruiter => "recruiter".into(),
            Reader::Round(at) => format!("round-{at}"),
            Reader::Candidate => "candidate".into(),
        }
    }

    fn reads(self, section: Section) -> bool {
        use Section::{Application, Coverage, Exercises, Framework, Process, Rounds, Screening, Why};
        match self {
            Reader::Everyone => true,
            Reader::Recruiter => matches!(section, Why | Process | Application | Screening | Coverage),
            Reader::Round(_) => matches!(section, Why | Rounds | Framework),
            Reader::Candidate => matches!(section, Process | Application | Exercises),
        }
    }
}

/// "90 min" or "2 h", as people say it.
pub fn duration(minutes: &u32) -> String {
    match (minutes / 60, minutes % 60) {
        (0, minutes) => format!("{minutes} min"),
        (hours, 0) => format!("{hours} h"),
        (1, rest) if rest <= 45 => format!("{minutes} min"),
        (hours, minutes) => format!("{hours} h {minutes} min"),
    }
}

/// "2 min" or "90 s".
pub fn limit(seconds: &u32) -> String {
    if seconds.is_multiple_of(60) {
        format!("{} min", seconds / 60)
    } else {
        format!("{seconds} s")
    }
}

/// A word of the source's machinery, such as `hiring_manager`, as a reader's word.
pub fn spoken(word: &str) -> String {
    word.replace(['_', '-'], " ")
}

/// What not to do, under the heading that says so.
pub fn prohibition(text: &str) -> String {
    let heads = ["Do not ", "Don’t ", "Don't ", "Never "];
    let rest = heads.iter().find_map(|head| text.strip_prefix(head));
    rest.map_or_else(|| text.to_owned(), capitalised)
}

pub fn paragraphs(text: &str) -> Vec<&str> {
    text.split("\n\n")
        .filter(|paragraph| !paragraph.trim().is_empty())
        .collect()
}
