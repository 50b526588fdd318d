//! Work simulations, and the people who appear in them.

use super::exercises::{anchor, format, response_time};
use super::sheet::{Field, Open, Sheet};
use super::signs::{Label, Sign};
use super::source::Bullet;
use super::words::{is_name, trimmed};
use crate::roles::kit::{Kit, Part, Simulation};
use std::ops::Range;

pub fn read(sheet: &mut Sheet, kit: &mut Kit, rows: Range<usize>) {
    let mut at = Reader::default();
    for i in rows.clone() {
        match sheet.sign(i, at.open) {
            Sign::Counter(_) => {
                sheet.furniture(i);
                at = Reader::default();
            }
            Sign::Count(..) | Sign::Furniture => sheet.furniture(i),
            Sign::Label(label, value) => {
                at.open = Open::at(label);
                match value {
                    Some(value) => at.line(sheet, kit, i, Some(&value)),
                    None if label.is_of_simulation() => sheet.furniture(i),
                    None => at.open = Open::default(),
                }
            }
            Sign::Plain => match at.role(sheet, i, rows.end) {
                Some(part) => at.begin_role(sheet, kit, i, part),
                None => at.line(sheet, kit, i, None),
            },
            _ => at.open = Open::default(),
        }
    }
}

struct Reader {
    /// The simulation that lines belong to; nothing before its first line.
    item: Option<usize>,
    role: Option<usize>,
    open: Open,
}

impl Default for Reader {
    fn default() -> Reader {
        Reader {
            item: None,
            role: None,
            open: Open::at(Label::Scenario),
        }
    }
}

impl Reader {
    /// The role that a line introduces: one that says who plays it, or a name before what labels say of it.
    fn role(&self, sheet: &Sheet, i: usize, end: usize) -> Option<Part> {
        let row = &sheet.rows[i];
        if self.open.is_list() && row.bullet == Bullet::Sign && row.heading.is_none() && !row.strong {
            return None;
        }
        let played = played(&row.text);
        let described = (i + 1..end)
            .map(|next| &sheet.signs[next])
            .find(|sign| **sign != Sign::Furniture);
        let named = self.open.label == Some(Label::Roles)
            && is_name(&row.text)
            && matches!(described, Some(Sign::Label(label, _)) if label.is_of_role());
        played.or_else(|| {
            named.then(|| Part {
                name: row.text.clone(),
                ..Part::default()
            })
        })
    }

    fn begin_role(&mut self, sheet: &mut Sheet, kit: &mut Kit, i: usize, part: Part) {
        let Some(item) = self.item(sheet, kit, i) else {
            return;
        };
        let roles = &mut kit.simulations[item].roles;
        let path = format!("simulations[{item}].roles");
        if sheet.has_room(i, roles.len(), &path) {
            sheet.place(i, format!("{path}[{}]", roles.len()));
            roles.push(part);
            self.role = Some(roles.len() - 1);
        }
        self.open = Open::at(Label::Roles);
    }

    fn line(&mut self, sheet: &mut Sheet, kit: &mut Kit, i: usize, value: Option<&str>) {
        let label = self
            .open
            .label
            .filter(|label| label.is_of_simulation() && *label != Label::Roles);
        let Some((label, item)) = label.zip(self.item(sheet, kit, i)) else {
            self.open.label = self.open.label.filter(|label| *label == Label::Roles);
            return;
        };
        if label.is_of_role() {
            self.line_of_role(sheet, kit, i, value, label);
            return;
        }
        let path = format!("simulations[{item}]");
        let simulation = &mut kit.simulations[item];
        let text = value.unwrap_or(sheet.text(i)).to_string();
        let (name, target) = match label {
            Label::Format => {
                let times = (&mut simulation.minutes, &mut simulation.preparation_minutes);
                format(sheet, i, &text, &mut simulation.format, times, &path);
                self.open = Open::default();
                return;
            }
            Label::ResponseTime => {
                response_time(sheet, i, &text, &mut simulation.minutes, &path);
                self.open = Open::default();
                return;
            }
            Label::Scenario => ("scenario", Field::Text(&mut simulation.scenario)),
            Label::Problem => ("problem", Field::Text(&mut simulation.problem)),
            Label::Success => ("success_criteria", Field::List(&mut simulation.success_criteria)),
            Label::Review => ("review", Field::List(&mut simulation.review)),
            Label::GroundRules => ("ground_rules", Field::List(&mut simulation.ground_rules)),
            Label::Positive => ("positive", Field::List(&mut simulation.positive)),
            Label::Negative => ("negative", Field::List(&mut simulation.negative)),
            _ => match anchor(label, &mut simulation.anchors) {
                Some(anchor) => anchor,
                None => return,
            },
        };
        sheet.fill(i, value, target, &format!("{path}.{name}"), &mut self.open);
    }

    fn line_of_role(&mut self, sheet: &mut Sheet, kit: &mut Kit, i: usize, value: Option<&str>, label: Label) {
        let Some(item) = self.item else {
            return;
        };
        let roles = &mut kit.simulations[item].roles;
        if self.role.is_none() && sheet.has_room(i, roles.len(), &format!("simulations[{item}].roles")) {
            // Its own line was not understood and is left; a person gives it its name.
            roles.push(Part::default());
            self.role = Some(roles.len() - 1);
        }
        let Some(role) = self.role else {
            return;
        };
        let path = format!("simulations[{item}].roles[{role}]");
        let part = &mut roles[role];
        let (name, target) = match label {
            Label::Motivation => ("motivation", Field::Text(&mut part.motivation)),
            Label::Constraints => ("constraints", Field::List(&mut part.constraints)),
            Label::Tensions => ("tensions", Field::List(&mut part.tensions)),
            Label::Guidance => ("guidance", Field::List(&mut part.guidance)),
            _ => ("do_not", Field::List(&mut part.do_not)),
        };
        sheet.fill(i, value, target, &format!("{path}.{name}"), &mut self.open);
    }

    /// The current simulation; a new one before its first line.
    fn item(&mut self, sheet: &mut Sheet, kit: &mut Kit, i: usize) -> Option<usize> {
        if self.item.is_none() && self.open.label.is_some() && sheet.has_room(i, kit.simulations.len(), "simulations") {
            kit.simulations.push(Simulation::default());
            self.item = Some(kit.simulations.len() - 1);
        }
        self.item
    }
}

impl Label {
    fn is_of_simulation(self) -> bool {
        self.is_of_exercise()
            || self.is_of_role()
            || matches!(
                self,
                Label::Scenario | Label::Problem | Label::Success | Label::Review | Label::Roles
            )
    }

    fn is_of_role(self) -> bool {
        matches!(
            self,
            Label::Motivation | Label::Constraints | Label::Tensions | Label::Guidance | Label::DoNot
        )
    }
}

/// “A Name (Title) (stance, played by someone)”: what stands in the last parentheses, if they say who plays it.
fn played(text: &str) -> Option<Part> {
    let inner = text.strip_suffix(')')?;
    let (name, said) = inner.rsplit_once('(')?;
    let lower = said.to_ascii_lowercase();
    let at = lower.find("played by ")?;
    let words = |text: &str| trimmed(text.trim_matches([',', ';', ' '])).to_string();
    let part = Part {
        name: trimmed(name).to_string(),
        stance: words(&said[..at]),
        played_by: words(&said[at + "played by ".len()..]),
        ..Part::default()
    };
    (!part.name.is_empty() && !part.played_by.is_empty()).then_some(part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_says_who_plays_it() {
        let part = |text: &str| played(text).map(|part| (part.name, part.stance, part.played_by));
        let known = |name: &str, stance: &str, by: &str| Some((name.into(), stance.into(), by.into()));
        assert_eq!(
            part("Data owner (informed_partner, played by peer)"),
            known("Data owner", "informed_partner", "peer")
        );
        assert_eq!(
            part("R. Doe (Head of Grid) (sceptic, Played by hiring_manager)"),
            known("R. Doe (Head of Grid)", "sceptic", "hiring_manager")
        );
        assert_eq!(part("Data owner (played by peer)"), known("Data owner", "", "peer"));
        for text in [
            "Data owner",
            "Data owner (peer)",
            "(played by peer)",
            "Data owner (played by )",
            "x) (played by",
        ] {
            assert_eq!(part(text), None, "{text}");
        }
    }
}
