//! The timeline as a table.

use super::model::{How, Lane, Model};
use crate::ui::plots::figure::{Column, Table};
use crate::ui::plots::scale::number;

pub fn table(model: &Model) -> Table {
    Table {
        columns: ["Call", "Attempts at, ms", "Waits, ms", "Answers", "Settled"]
            .map(Column::text)
            .into(),
        rows: model.lanes.iter().map(row).collect(),
    }
}

fn row(lane: &Lane) -> Vec<String> {
    let list = |items: Vec<String>| {
        if items.is_empty() {
            "none".to_owned()
        } else {
            items.join(", ")
        }
    };
    let at = number(lane.end.at);
    let settled = match &lane.end.how {
        How::Resolved => format!("resolved at {at}"),
        How::ResolvedTo(what) => format!("resolved to {what} at {at}"),
        How::Rejected(code) => format!("{code} at {at}"),
        How::Never => "never".to_owned(),
    };
    vec![
        lane.name.clone(),
        list(lane.blocks.iter().map(|b| number(b.from)).collect()),
        list(lane.waits.iter().map(|(from, to)| number(to - from)).collect()),
        list(
            lane.blocks
                .iter()
                .map(|b| {
                    if b.wrong {
                        format!("{} (must not be sent)", b.label)
                    } else {
                        b.label.clone()
                    }
                })
                .collect(),
        ),
        settled,
    ]
}
