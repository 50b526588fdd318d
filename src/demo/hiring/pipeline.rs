//! Whose turn it is on the boards: owners for most of those under way, and a view that the team keeps.

use uuid::Uuid;

use crate::app::App;
use crate::demo::{DemoError, Panel};
use crate::hiring::Opening;
use crate::hiring::applications::{placing, store as applications};
use crate::hiring::openings::store as openings;
use crate::hiring::pipeline::filter::Filter;
use crate::hiring::pipeline::finding::{self, Order, Scope};
use crate::hiring::pipeline::{View, store};
use crate::hiring::screening::veil::Veil;

const MOST: usize = 50;

pub async fn play(app: &App, panel: Panel<'_>, opening: &Opening) -> Result<(), DemoError> {
    let stages = openings::stages(&app.db, opening.id).await?;
    let scope = Scope {
        opening: opening.id,
        stages: &stages,
        now: app.now(),
        veil: &Veil::default(),
    };
    let under_way = finding::page(&app.db, scope, &Filter::default(), Order::Longest, "", MOST).await?;
    let owners = [panel.recruiter.id, panel.manager.id, panel.recruiter.id];
    // Every fourth waits for somebody to take it.
    let taken = under_way.lines.iter().enumerate().filter(|(n, _)| n % 4 != 3);
    let mut taken: Vec<(Uuid, Uuid)> = taken.map(|(n, line)| (line.id, owners[n % owners.len()])).collect();
    taken.sort_unstable();
    let mut tx = app.db.begin().await?;
    for (id, owner) in taken {
        if let Some(application) = applications::lock(&mut tx, id).await? {
            placing::assign(&mut tx, &application, Some(owner)).await?;
        }
    }
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
