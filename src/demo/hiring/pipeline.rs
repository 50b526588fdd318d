//! Whose turn it is on the boards: owners for most of those under way, and a view that the team keeps.

use std::time::Duration;

use crate::app::App;
use crate::demo::{DemoError, Panel, Past};
use crate::hiring::openings::store as openings;
use crate::hiring::pipeline::acts::{self, Act, Pick};
use crate::hiring::pipeline::filter::Filter;
use crate::hiring::pipeline::finding::{self, Order, Scope};
use crate::hiring::pipeline::{View, store};
use crate::hiring::screening::veil::Veil;
use crate::hiring::{Opening, Owner};

const MOST: usize = 50;
/// Lately enough to be undone.
const LATELY: Duration = Duration::from_mins(6);

pub async fn play(app: &App, panel: Panel<'_>, opening: &Opening) -> Result<(), DemoError> {
    let stages = openings::stages(&app.db, opening.id).await?;
    let scope = Scope {
        opening: opening.id,
        stages: &stages,
        now: app.now(),
        veil: &Veil::default(),
    };
    let under_way = finding::page(&app.db, scope, &Filter::default(), Order::Longest, "", MOST).await?;
    let past = Past::at(app, app.now().minus(LATELY));
    let owners = [panel.recruiter, panel.manager, panel.recruiter];
    for owner in [panel.recruiter, panel.manager] {
        // Every fourth waits for somebody to take it.
        let taken = under_way.lines.iter().enumerate().filter(|(n, _)| n % 4 != 3);
        let theirs = taken.filter(|(n, _)| owners[n % owners.len()].id == owner.id);
        let picks: Vec<Pick> = theirs
            .map(|(_, line)| Pick {
                id: line.id,
                moves: None,
                stage: None,
            })
            .collect();
        let assign = Act::Assign(Some(Owner {
            id: owner.id,
            name: owner.name.clone(),
        }));
        acts::perform(&past.app, panel.recruiter, opening, &assign, &picks, past.app.new_id()).await?;
    }
    let mut tx = app.db.begin().await?;
    let view = View {
        id: app.new_id(),
        name: "Waits for an answer".into(),
        filter: "outcome:review state:active".into(),
        shared: true,
        by: panel.recruiter.id,
    };
    store::keep_view(&mut tx, opening.id, &view).await?;
    Ok(tx.commit().await?)
}
