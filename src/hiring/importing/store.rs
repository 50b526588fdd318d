//! Imports, in SQL.

use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::{Confirmed, Person};
use crate::app::App;
use crate::args;
use crate::assessments::taking::secret;
use crate::clock::Timestamp;
use crate::db::{Db, Result, Tx};
use crate::hiring::Opening;
use crate::hiring::applications::drafting::months_after;
use crate::hiring::applications::{letters, placing, store as applications};
use crate::mail::Event;
use crate::ui::search_key;

crate::statements! {
    BEGIN = "INSERT INTO imports (id, opening_id, form_token, imported_by, imported_at, rows_imported, rows_left_out)
        VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (form_token) DO NOTHING";
    ADD = "INSERT INTO applications (id, opening_id, kit_version, state, stage_id, stage_since, name, email, email_key, phone,
            phone_key, person_key, source, source_detail, link, keep_until, started_at, changed_at, submitted_at, outcome,
            outcome_reason, form_token, revision)
        VALUES ($1, $2, $3, 'active', $4, $5, '', '', '', '', '', '', $6, $7, $8, $9, $10, $5, $10, 'review', $11, $12, 0)
        ON CONFLICT (form_token) DO NOTHING";
    HAS = "SELECT 1 AS one FROM applications WHERE email_key = $1 AND opening_id = $2 AND state <> 'draft' LIMIT 1";
}

const REASON: &str = "Imported: the questions at the door were not asked.";

/// False when this form was confirmed before.
pub async fn begin(tx: &mut Tx, id: Uuid, opening: Uuid, confirmed: &Confirmed<'_>, now: Timestamp) -> Result<bool> {
    let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    let (taken, left_out) = (count(confirmed.people.len()), count(confirmed.left_out));
    let args = args![id, opening, confirmed.token, confirmed.by.id, now, taken, left_out];
    Ok(tx.execute(BEGIN, args).await? == 1)
}

/// Whether the job has an application of this address.
pub async fn has(db: &Db, opening: Uuid, email: &str) -> Result<bool> {
    Ok(db.optional(HAS, args![search_key(email), opening]).await?.is_some())
}

pub async fn add(tx: &mut Tx, app: &App, opening: &Opening, confirmed: &Confirmed<'_>, person: &Person) -> Result<()> {
    let (id, now) = (app.new_id(), app.now());
    let args = args![
        id,
        opening.id,
        i64::from(opening.kit_version),
        person.stage,
        now,
        person.source,
        &person.source_detail,
        secret(app),
        months_after(person.applied, opening.keep_months),
        person.applied,
        REASON,
        token_of(confirmed.token, &person.email),
    ];
    if tx.execute(ADD, args).await? == 0 {
        return Ok(());
    }
    applications::set_contact(tx, id, (&person.name, &person.email, &person.phone), now).await?;
    placing::settle(tx, None, id, now).await?;
    if confirmed.mail {
        letters::write(tx, app, id, Event::ApplicationReceipt, &confirmed.by.name).await?;
    }
    let said = ("Imported", person.note.as_str());
    applications::add_event(tx, app.new_id(), id, Some(confirmed.by.id), said, now).await
}

/// The same person of the same form, however often it comes.
fn token_of(form: Uuid, email: &str) -> Uuid {
    let hash = Sha256::digest(format!("{form} {}", search_key(email)).as_bytes());
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash[..16]);
    uuid::Builder::from_random_bytes(bytes).into_uuid()
}
