//! An act before it is done: with whom, with whom not and why, and what they would read.

use std::collections::HashMap;

use uuid::Uuid;

use crate::app::App;
use crate::error::AppError;
use crate::hiring::applications::{handling, letters, store as applications};
use crate::hiring::openings::store as openings;
use crate::hiring::pipeline::acts::{Act, Kind, Pick, written};
use crate::hiring::pipeline::desk::{owners, tags};
use crate::hiring::pipeline::filter::{Filter, Known};
use crate::hiring::pipeline::finding::{self, MOST_AT_ONCE, Scope};
use crate::hiring::pipeline::{Line, facts, store};
use crate::hiring::screening::veil::Veil;
use crate::hiring::{Opening, Owner, Stage};
use crate::mail::texts::{LETTER, Text};
use crate::mail::{self, Letter};
use crate::people::Staff;
use crate::ui::Field;
use crate::ui::form::with_errors;

const LETTERS_SHOWN: usize = 2;

/// As a form sent it: each name may come several times.
pub type Sent = Vec<(String, String)>;

/// What somebody chose, and wrote so far.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    pub kind: Option<Kind>,
    pub picks: Vec<Pick>,
    /// Everything that fits the filter.
    all: bool,
    pub filter: String,
    pub back: String,
    pub to: String,
    pub owner: String,
    pub mail: bool,
    /// The form of the preview was sent, not the bar below a board.
    seen: bool,
    reason: String,
    subject: String,
    body: String,
    pub token: Option<Uuid>,
}

impl Asked {
    pub fn read(sent: Sent) -> Asked {
        let mut asked = Asked::default();
        for (name, value) in sent {
            match name.as_str() {
                "act" => asked.kind = Kind::from_id(&value),
                "pick" if asked.picks.len() < MOST_AT_ONCE => asked.picks.extend(pick(&value)),
                "all" => asked.all = value == "yes",
                "q" => asked.filter = value,
                "back" => asked.back = value,
                "to" => asked.to = value,
                "owner" => asked.owner = value,
                "mail" => asked.mail = value == "yes",
                "seen" => asked.seen = value == "yes",
                "reason" => asked.reason = value,
                "subject" => asked.subject = value,
                "body" => asked.body = value,
                "form_token" => asked.token = value.parse().ok(),
                _ => {}
            }
        }
        asked
    }
}

/// An id, and how often it had been moved.
fn pick(value: &str) -> Option<Pick> {
    let (id, moves) = value.split_once(':').unwrap_or((value, ""));
    Some(Pick {
        id: id.parse().ok()?,
        moves: moves.parse().ok(),
        stage: None,
    })
}

/// What a person sees before an act.
#[derive(Clone, Debug)]
pub struct Preview {
    pub opening: Opening,
    pub stages: Vec<Stage>,
    pub people: Vec<(Uuid, String)>,
    pub kind: Kind,
    pub to: Field,
    pub owner: Field,
    pub reason: Field,
    pub subject: Field,
    pub body: Field,
    pub mail: bool,
    /// With whom it would be done.
    pub lines: Vec<Line>,
    /// With whom not, and why.
    pub refused: Vec<(Line, &'static str)>,
    /// What readers found about those of them who were read.
    pub found: HashMap<Uuid, String>,
    /// More fit the filter than can be handled at once.
    pub cut: bool,
    /// The first mails, with the names of those who would get them.
    pub letters: Vec<(String, Text)>,
    /// `None`: something is missing.
    pub act: Option<Act>,
    pub back: String,
    pub token: Uuid,
}

impl Preview {
    pub async fn of(app: &App, by: &Staff, opening: Opening, asked: Asked) -> Result<Preview, AppError> {
        let id = opening.id;
        let (stages, people) = (openings::stages(&app.db, id).await?, owners(app, id).await?);
        let kind = asked.kind.unwrap_or(Kind::Move);
        let veil = Veil::of(&app.db, by.id).await?;
        let (picks, cut) = picks(app, (by, &veil), (&opening, &stages, &people), &asked).await?;
        let mut preview = Preview {
            kind,
            to: Field::new("to", "To the stage").value(&asked.to),
            owner: Field::new("owner", "To whom").value(&asked.owner),
            reason: Field::new("reason", "Why they end")
                .hint("Colleagues read it; the candidates do not.")
                .value(&asked.reason),
            subject: Field::new("subject", "Subject").value(&asked.subject),
            body: Field::new("body", "Mail").value(&asked.body),
            mail: asked.mail || (!asked.seen && kind == Kind::Archive),
            lines: Vec::new(),
            refused: Vec::new(),
            found: HashMap::new(),
            cut,
            letters: Vec::new(),
            act: None,
            back: asked.back.clone(),
            token: asked.token.unwrap_or_else(|| app.new_id()),
            opening,
            stages,
            people,
        };
        preview.check(asked.seen);
        preview.sort(app, &veil, &picks).await?;
        preview.letters = preview.first_letters(app, by).await?;
        Ok(preview)
    }

    /// What is wrong is said once the person has seen the fields.
    fn check(&mut self, seen: bool) {
        let act = match self.kind {
            Kind::Move => self.check_move(),
            Kind::Assign => self.check_owner(),
            Kind::Archive => self.check_reason(),
            Kind::Mail => self.check_words(),
        };
        self.act = act;
        if !seen {
            for field in [
                &mut self.to,
                &mut self.owner,
                &mut self.reason,
                &mut self.subject,
                &mut self.body,
            ] {
                field.error = None;
            }
        }
    }

    fn check_move(&mut self) -> Option<Act> {
        let to = self
            .stages
            .iter()
            .find(|stage| stage.id.to_string() == self.to.value)
            .cloned();
        if to.is_none() {
            self.to.error = Some("Choose a stage.".into());
        }
        Some(Act::Move {
            to: to?,
            mail: self.mail,
        })
    }

    fn check_owner(&mut self) -> Option<Act> {
        if self.owner.value == "none" {
            return Some(Act::Assign(None));
        }
        let person = self.people.iter().find(|(id, _)| id.to_string() == self.owner.value);
        match person.cloned() {
            Some((id, name)) => Some(Act::Assign(Some(Owner { id, name }))),
            None => {
                self.owner.error = Some("Choose somebody.".into());
                None
            }
        }
    }

    fn check_reason(&mut self) -> Option<Act> {
        match handling::check_why(&self.reason.value) {
            Ok(why) => Some(Act::Archive { why, mail: self.mail }),
            Err(error) => {
                self.reason.error = Some(error.into());
                None
            }
        }
    }

    fn check_words(&mut self) -> Option<Act> {
        let text = Text::typed(&self.subject.value, &self.body.value);
        match text.check_for(LETTER, None) {
            Ok(()) => Some(Act::Mail(text)),
            Err(errors) => {
                (self.subject.error, self.body.error) = (errors.subject, errors.body);
                None
            }
        }
    }

    /// With whom it can be done, as far as it is known.
    async fn sort(&mut self, app: &App, veil: &Veil, picks: &[Pick]) -> Result<(), AppError> {
        let ids: Vec<Uuid> = picks.iter().map(|pick| pick.id).collect();
        let mut lines = store::by_id(&app.db, &ids).await?;
        lines.retain(|line| line.opening == self.opening.id);
        veil.draw(&app.db, &mut lines).await?;
        lines.sort_by_key(|line| (line.stage_since.map(|at| at.0), line.id));
        self.found = facts::found(app, &lines).await?;
        for mut line in lines {
            let pick = picks.iter().find(|pick| pick.id == line.id);
            let pick = pick.copied().unwrap_or(Pick {
                id: line.id,
                moves: None,
                stage: None,
            });
            match self.assumed().and_then(|act| act.refuses(&line, &pick)) {
                Some(why) => {
                    // Whoever sends the form on has seen no more of it than this.
                    line.moves = pick.moves.unwrap_or(line.moves);
                    self.refused.push((line, why));
                }
                None => self.lines.push(line),
            }
        }
        Ok(())
    }

    /// As if everything that is missing had been written.
    fn assumed(&self) -> Option<Act> {
        self.act.clone().or(match self.kind {
            Kind::Archive => Some(Act::Archive {
                why: String::new(),
                mail: false,
            }),
            Kind::Mail => Some(Act::Mail(Text::default())),
            Kind::Move | Kind::Assign => None,
        })
    }

    async fn first_letters(&self, app: &App, by: &Staff) -> Result<Vec<(String, Text)>, AppError> {
        let Some((act, event)) = self.act.as_ref().and_then(|act| Some((act, act.event()?))) else {
            return Ok(Vec::new());
        };
        let company = mail::company(&app.db).await?;
        let mut letters = Vec::new();
        for line in self.lines.iter().take(LETTERS_SHOWN) {
            let Some(mut application) = applications::find(&app.db, line.id).await? else {
                continue;
            };
            if let Act::Move { to, .. } = act {
                application.stage = Some(to.id);
            }
            if line.withheld {
                application.name = line.name.clone();
                application.email = String::new();
            }
            // Not everybody who may write to a candidate may have the candidate's link.
            application.link = "…".into();
            let about = (&application, &self.opening, self.stages.as_slice());
            let letter: Letter = match act {
                Act::Mail(text) => written(app, about, text, &company, &by.name),
                _ => letters::letter(app, about, event, &by.name),
            };
            letters.push((line.called().to_owned(), mail::preview(app, &letter).await?));
        }
        Ok(letters)
    }

    /// As the form sends them on: an act is done with what was seen.
    pub fn picked(&self) -> Vec<String> {
        let refused = self.refused.iter().map(|(line, _)| line);
        let all = self.lines.iter().chain(refused);
        all.map(|line| format!("{}:{}", line.id, line.moves)).collect()
    }

    pub fn picks(&self) -> Vec<Pick> {
        self.picked().iter().filter_map(|value| pick(value)).collect()
    }

    pub fn with_errors(&self) -> Vec<&Field> {
        match self.kind {
            Kind::Move => with_errors(&[&self.to]),
            Kind::Assign => with_errors(&[&self.owner]),
            Kind::Archive => with_errors(&[&self.reason]),
            Kind::Mail => with_errors(&[&self.subject, &self.body]),
        }
    }

    pub fn stage_choices(&self) -> Vec<(String, String)> {
        let choose = [(String::new(), "Choose".to_owned())].into_iter();
        let stages = self
            .stages
            .iter()
            .map(|stage| (stage.id.to_string(), stage.name.clone()));
        choose.chain(stages).collect()
    }

    pub fn owner_choices(&self) -> Vec<(String, String)> {
        let fixed = [(String::new(), "Choose".to_owned()), ("none".into(), "Nobody".into())].into_iter();
        let people = self.people.iter().map(|(id, name)| (id.to_string(), name.clone()));
        fixed.chain(people).collect()
    }

    pub fn found(&self, line: &Line) -> Option<&String> {
        self.found.get(&line.id)
    }

    pub fn stage_of(&self, line: &Line) -> &str {
        let stage = self.stages.iter().find(|stage| Some(stage.id) == line.stage);
        stage.map_or("", |stage| stage.name.as_str())
    }

    /// What the page is called.
    pub fn title(&self) -> &'static str {
        match self.kind {
            Kind::Move => "Move applications",
            Kind::Assign => "Assign applications",
            Kind::Archive => "End applications",
            Kind::Mail => "Write to candidates",
        }
    }

    /// The button that does it.
    pub fn button(&self) -> String {
        let n = self.lines.len();
        let those = if n == 1 { "one".to_owned() } else { n.to_string() };
        match self.kind {
            Kind::Move => format!("Move {those}"),
            Kind::Assign => format!("Assign {those}"),
            Kind::Archive => format!("End {those}"),
            Kind::Mail if n == 1 => "Send one mail".into(),
            Kind::Mail => format!("Send {n} mails"),
        }
    }

    pub fn is_mail(&self) -> bool {
        self.kind == Kind::Mail
    }

    pub fn is_archive(&self) -> bool {
        self.kind == Kind::Archive
    }

    pub fn is_move(&self) -> bool {
        self.kind == Kind::Move
    }
}

async fn picks(
    app: &App,
    (by, veil): (&Staff, &Veil),
    (opening, stages, people): (&Opening, &[Stage], &[(Uuid, String)]),
    asked: &Asked,
) -> Result<(Vec<Pick>, bool), AppError> {
    if !asked.all {
        return Ok((asked.picks.clone(), false));
    }
    let known = Known {
        stages,
        people,
        tags: &tags(app, opening.id).await?,
        me: by.id,
        now: app.now(),
        over_jobs: false,
    };
    let Ok(filter) = Filter::parse(&asked.filter, &known) else {
        return Ok((Vec::new(), false));
    };
    let scope = Scope {
        opening: opening.id,
        stages,
        now: app.now(),
        veil,
    };
    let (lines, cut) = finding::all(&app.db, scope, &filter, MOST_AT_ONCE).await?;
    let pick = |line: &Line| Pick {
        id: line.id,
        moves: Some(line.moves),
        stage: None,
    };
    Ok((lines.iter().map(pick).collect(), cut))
}
