//! Whose names are withheld, and from whom: of a job that is read without names, whatever still waits for its readers is
//! nobody in particular to each of them, on every page.
//!
//! The rule itself stands in the view `withheld_names`, because lists ask for it row by row. Whoever shows a name of a
//! candidate asks here first.

use std::collections::HashSet;

use uuid::Uuid;

use crate::args;
use crate::db::{Arg, Db, Result};
use crate::hiring::Application;
use crate::hiring::pipeline::Line;
use crate::hiring::screening::anonymous::Person;

crate::statements! {
    JOBS = "SELECT opening_id FROM blind_readers WHERE staff_id = $1";
    HIDDEN = "SELECT application_id FROM withheld_names
        WHERE staff_id = $1 AND application_id IN ($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26)";
    ABOUT = "SELECT application_id FROM withheld_names
        WHERE staff_id = $1 AND application_id IN (SELECT $2 UNION ALL
            SELECT application_id FROM application_assessments WHERE assessment_id = $2)";
}

const AT_ONCE: usize = 25;

/// What hangs between a person and the names of candidates.
#[derive(Clone, Debug, Default)]
pub struct Veil {
    staff: Uuid,
    /// The jobs that this person reads for without names.
    jobs: Vec<Uuid>,
}

impl Veil {
    pub async fn of(db: &Db, staff: Uuid) -> Result<Veil> {
        let rows = db.all(JOBS, args![staff]).await?;
        Ok(Veil {
            staff,
            jobs: rows.iter().map(|row| row.id("opening_id")).collect::<Result<_>>()?,
        })
    }

    /// Whether names of any job can be withheld.
    pub fn hangs(&self) -> bool {
        !self.jobs.is_empty()
    }

    /// Whether names of this job can be withheld.
    pub fn hangs_over(&self, opening: Uuid) -> bool {
        self.jobs.contains(&opening)
    }

    /// Those of the applications whose names are withheld.
    pub async fn hides(&self, db: &Db, applications: &[Uuid]) -> Result<HashSet<Uuid>> {
        let mut hidden = HashSet::new();
        if !self.hangs() {
            return Ok(hidden);
        }
        for chunk in applications.chunks(AT_ONCE) {
            let args: [Arg; AT_ONCE + 1] = std::array::from_fn(|at| match at {
                0 => Arg::from(self.staff),
                // A short chunk says its last one again.
                at => Arg::from(chunk[(at - 1).min(chunk.len() - 1)]),
            });
            for row in db.all(HIDDEN, args).await? {
                hidden.insert(row.id("application_id")?);
            }
        }
        Ok(hidden)
    }

    /// Takes the names and addresses that are withheld off these lines.
    pub async fn draw(&self, db: &Db, lines: &mut [Line]) -> Result<()> {
        let covered: Vec<Uuid> = lines
            .iter()
            .filter(|line| self.hangs_over(line.opening))
            .map(|line| line.id)
            .collect();
        let hidden = self.hides(db, &covered).await?;
        for line in lines.iter_mut().filter(|line| hidden.contains(&line.id)) {
            line.name = label(line.id);
            line.email = String::new();
            line.withheld = true;
        }
        Ok(())
    }

    /// What this person may call an application.
    pub async fn called(&self, db: &Db, application: &Application) -> Result<String> {
        let hidden = self.hangs_over(application.opening) && !self.hides(db, &[application.id]).await?.is_empty();
        Ok(match (hidden, application.name.as_str()) {
            (true, _) => label(application.id),
            (false, "") => application.email.clone(),
            (false, name) => name.to_owned(),
        })
    }
}

/// Whether an application, or the one that a coding test was given for, has no name for this person.
pub async fn hides(db: &Db, staff: Uuid, about: Uuid) -> Result<bool> {
    Ok(db.optional(ABOUT, args![staff, about]).await?.is_some())
}

/// What stands in the place of a name: the same on every page.
pub fn label(application: Uuid) -> String {
    format!("Candidate {:04X}", application.as_u128() & 0xffff)
}

/// What colleagues wrote, without the name.
pub fn without(name: &str, text: &str) -> String {
    Person::new(name, "", "").withhold(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_is_neutral_and_stays() {
        let id = Uuid::from_u128(0x1234_0000_0000_7f3a);
        assert_eq!(label(id), "Candidate 7F3A");
        assert_eq!(label(Uuid::nil()), "Candidate 0000");
        assert_eq!(
            without("Zoë Example", "Zoe speaks Dutch"),
            "[name withheld] speaks Dutch"
        );
    }
}
