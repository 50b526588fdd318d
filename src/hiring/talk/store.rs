//! Comments, mentions, tags and things to do, in SQL. What was said of a duplicate is read with the application that it
//! is merged into.

use std::collections::HashMap;

use uuid::Uuid;

use crate::args;
use crate::clock::Timestamp;
use crate::db::{Db, Result, Row, Tx};
use crate::hiring::access;
use crate::hiring::talk::{Comment, Mention, Named, Person, ToDo, ToDoLine};
use crate::people::{Role, Staff};
use crate::ui::folded;

crate::statements! {
    PEOPLE = "SELECT staff.id, staff.name, staff.email, staff.role, opening_team.staff_id AS member FROM staff
            LEFT JOIN opening_team ON opening_team.staff_id = staff.id AND opening_team.opening_id = $1
        WHERE staff.active AND (staff.role IN ('administrator', 'recruiter') OR opening_team.staff_id IS NOT NULL)
        ORDER BY staff.name, staff.id";
    COMMENTS = "SELECT comments.*, staff.name AS author FROM comments JOIN staff ON staff.id = staff_id
        WHERE application_id IN (SELECT id FROM applications WHERE id = $1 OR merged_into = $1)
        ORDER BY comments.id DESC LIMIT $2";
    WORDS = "SELECT words FROM comments WHERE application_id = $1 AND removed_at IS NULL ORDER BY id";
    NAMED = "SELECT mentions.comment_id, staff.id, staff.name, staff.email FROM mentions JOIN staff ON staff.id = mentions.staff_id
        WHERE mentions.application_id IN (SELECT applications.id FROM applications
            WHERE applications.id = $1 OR merged_into = $1)";
    FIND_COMMENT = "SELECT comments.*, staff.name AS author FROM comments JOIN staff ON staff.id = staff_id
        WHERE comments.id = $1 AND application_id IN (SELECT id FROM applications WHERE id = $2 OR merged_into = $2)";
    ADD_COMMENT = "INSERT INTO comments (id, application_id, staff_id, words, written_at, form_token) VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (form_token) DO NOTHING";
    CHANGE_COMMENT = "UPDATE comments SET words = $3, changed_at = $4 WHERE id = $1 AND staff_id = $2 AND removed_at IS NULL";
    REMOVE_COMMENT = "UPDATE comments SET words = '', removed_at = $3 WHERE id = $1 AND staff_id = $2 AND removed_at IS NULL";
    ADD_MENTION = "INSERT INTO mentions (comment_id, staff_id, application_id, at) VALUES ($1, $2, $3, $4)
        ON CONFLICT (comment_id, staff_id) DO NOTHING";
    DROP_MENTION = "DELETE FROM mentions WHERE comment_id = $1 AND staff_id = $2";
    DROP_MENTIONS = "DELETE FROM mentions WHERE comment_id = $1";
    UNSEEN = "SELECT comment_id FROM mentions WHERE staff_id = $2 AND seen_at IS NULL
            AND application_id IN (SELECT id FROM applications WHERE id = $1 OR merged_into = $1)
        LIMIT 1";
    SEE = "UPDATE mentions SET seen_at = $3 WHERE staff_id = $2 AND seen_at IS NULL
            AND application_id IN (SELECT id FROM applications WHERE id = $1 OR merged_into = $1)";
    MENTIONS_OF = "SELECT comments.id, coalesce(applications.merged_into, applications.id) AS application_id,
            applications.name AS candidate, openings.title AS job, staff.name AS author, comments.words, mentions.at
        FROM mentions JOIN comments ON comments.id = mentions.comment_id
            JOIN applications ON applications.id = mentions.application_id
            JOIN openings ON openings.id = applications.opening_id
            JOIN staff ON staff.id = comments.staff_id
        WHERE mentions.staff_id = $1 AND mentions.seen_at IS NULL
            AND (CAST($2 AS TEXT) IS NULL OR EXISTS
                (SELECT 1 FROM opening_team WHERE opening_team.opening_id = openings.id AND opening_team.staff_id = $2))
        ORDER BY mentions.comment_id DESC LIMIT $3";
    TAGS = "SELECT tag FROM application_tags WHERE application_id = $1 ORDER BY tag_key";
    TAGS_IN = "SELECT tag_key FROM application_tags WHERE application_id = $1";
    ADD_TAG = "INSERT INTO application_tags (application_id, tag_key, tag) VALUES ($1, $2, $3)
        ON CONFLICT (application_id, tag_key) DO NOTHING";
    REMOVE_TAG = "DELETE FROM application_tags WHERE application_id = $1 AND tag_key = $2";
    USE_TAG = "INSERT INTO opening_tags (opening_id, tag_key, tag, used_at) VALUES ($1, $2, $3, $4)
        ON CONFLICT (opening_id, tag_key) DO UPDATE SET used_at = excluded.used_at";
    USED_TAGS = "SELECT tag FROM opening_tags WHERE opening_id = $1 ORDER BY used_at DESC, tag_key LIMIT $2";
    TO_DOS = "SELECT to_dos.*, staff.name AS who FROM to_dos JOIN staff ON staff.id = to_dos.staff_id
        WHERE application_id IN (SELECT id FROM applications WHERE id = $1 OR merged_into = $1)
        ORDER BY to_dos.id DESC LIMIT $2";
    FIND_TO_DO = "SELECT to_dos.*, staff.name AS who FROM to_dos JOIN staff ON staff.id = to_dos.staff_id
        WHERE to_dos.id = $1 AND application_id IN (SELECT id FROM applications WHERE id = $2 OR merged_into = $2)";
    OPEN_TO_DOS = "SELECT id FROM to_dos WHERE application_id = $1 AND done_at IS NULL LIMIT $2";
    ADD_TO_DO = "INSERT INTO to_dos (id, application_id, words, staff_id, due_at, made_by, made_at, form_token)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (form_token) DO NOTHING";
    DO = "UPDATE to_dos SET done_by = $2, done_at = $3 WHERE id = $1 AND done_at IS NULL";
    UNDO = "UPDATE to_dos SET done_by = NULL, done_at = NULL WHERE id = $1 AND done_at IS NOT NULL";
    TO_DOS_OF = "SELECT to_dos.id, coalesce(applications.merged_into, applications.id) AS application_id, to_dos.words,
            to_dos.staff_id, staff.name AS who, to_dos.due_at, to_dos.done_at,
            applications.name AS candidate, openings.title AS job
        FROM to_dos JOIN applications ON applications.id = to_dos.application_id
            JOIN openings ON openings.id = applications.opening_id
            JOIN staff ON staff.id = to_dos.staff_id
        WHERE to_dos.staff_id = $1 AND to_dos.done_at IS NULL
            AND (CAST($2 AS TEXT) IS NULL OR EXISTS
                (SELECT 1 FROM opening_team WHERE opening_team.opening_id = openings.id AND opening_team.staff_id = $2))
        ORDER BY to_dos.due_at, to_dos.id LIMIT $3";
}

/// Those who may be named in what is said about the applications of a job.
pub async fn people(db: &Db, opening: Uuid) -> Result<Vec<Person>> {
    db.all(PEOPLE, args![opening]).await?.iter().map(person).collect()
}

pub async fn people_in(tx: &mut Tx, opening: Uuid) -> Result<Vec<Person>> {
    tx.all(PEOPLE, args![opening]).await?.iter().map(person).collect()
}

fn person(row: &Row) -> Result<Person> {
    Ok(Person {
        id: row.id("id")?,
        name: row.get("name")?,
        email: row.get("email")?,
        role: row.parse("role", Role::from_id)?,
        in_team: row.get::<Option<String>>("member")?.is_some(),
    })
}

/// The newest, in the order in which they were written.
pub async fn comments(db: &Db, application: Uuid, most: i64) -> Result<Vec<Comment>> {
    let mut named = HashMap::<Uuid, Vec<Named>>::new();
    for row in db.all(NAMED, args![application]).await? {
        let person = Named {
            id: row.id("id")?,
            name: row.get("name")?,
            email: row.get("email")?,
        };
        named.entry(row.id("comment_id")?).or_default().push(person);
    }
    let rows = db.all(COMMENTS, args![application, most]).await?;
    let with_names = |row: &Row| {
        let mut comment = comment(row)?;
        comment.named = named.remove(&comment.id).unwrap_or_default();
        Ok(comment)
    };
    let mut comments = rows.iter().map(with_names).collect::<Result<Vec<_>>>()?;
    comments.reverse();
    Ok(comments)
}

pub async fn comment_of(db: &Db, id: Uuid, application: Uuid) -> Result<Option<Comment>> {
    let row = db.optional(FIND_COMMENT, args![id, application]).await?;
    row.as_ref().map(comment).transpose()
}

fn comment(row: &Row) -> Result<Comment> {
    Ok(Comment {
        id: row.id("id")?,
        application: row.id("application_id")?,
        by: row.id("staff_id")?,
        author: row.get("author")?,
        words: row.get("words")?,
        written_at: row.time("written_at")?,
        changed_at: row.get::<Option<i64>>("changed_at")?.map(Timestamp),
        removed_at: row.get::<Option<i64>>("removed_at")?.map(Timestamp),
        named: Vec::new(),
    })
}

/// False when this form was sent before.
pub async fn add_comment(tx: &mut Tx, comment: &Comment, form_token: Uuid) -> Result<bool> {
    let args = args![
        comment.id,
        comment.application,
        comment.by,
        &comment.words,
        comment.written_at,
        form_token,
    ];
    Ok(tx.execute(ADD_COMMENT, args).await? == 1)
}

/// False when it is removed, or somebody else's.
pub async fn change_comment(tx: &mut Tx, id: Uuid, by: Uuid, words: &str, now: Timestamp) -> Result<bool> {
    Ok(tx.execute(CHANGE_COMMENT, args![id, by, words, now]).await? == 1)
}

/// False when it is removed, or somebody else's.
pub async fn remove_comment(tx: &mut Tx, id: Uuid, by: Uuid, now: Timestamp) -> Result<bool> {
    Ok(tx.execute(REMOVE_COMMENT, args![id, by, now]).await? == 1)
}

pub async fn add_mention(tx: &mut Tx, comment: &Comment, staff: Uuid, now: Timestamp) -> Result<()> {
    let args = args![comment.id, staff, comment.application, now];
    tx.execute(ADD_MENTION, args).await.map(drop)
}

pub async fn drop_mention(tx: &mut Tx, comment: Uuid, staff: Uuid) -> Result<()> {
    tx.execute(DROP_MENTION, args![comment, staff]).await.map(drop)
}

pub async fn drop_mentions(tx: &mut Tx, comment: Uuid) -> Result<()> {
    tx.execute(DROP_MENTIONS, args![comment]).await.map(drop)
}

/// Whether a comment on the application names this person, and they have not opened it since.
pub async fn is_named_unseen(db: &Db, application: Uuid, staff: Uuid) -> Result<bool> {
    Ok(db.optional(UNSEEN, args![application, staff]).await?.is_some())
}

pub async fn see(tx: &mut Tx, application: Uuid, staff: Uuid, now: Timestamp) -> Result<()> {
    tx.execute(SEE, args![application, staff, now]).await.map(drop)
}

/// Where somebody is named and has not looked, newest first; of the jobs that they may see.
pub async fn mentions_of(db: &Db, staff: &Staff, most: i64) -> Result<Vec<Mention>> {
    let mention = |row: &Row| {
        Ok(Mention {
            comment: row.id("id")?,
            application: row.id("application_id")?,
            candidate: row.get("candidate")?,
            job: row.get("job")?,
            author: row.get("author")?,
            words: row.get("words")?,
            at: row.time("at")?,
        })
    };
    let args = args![staff.id, only_of(staff), most];
    db.all(MENTIONS_OF, args).await?.iter().map(mention).collect()
}

/// Whose teams count; absent for those who see every job.
fn only_of(staff: &Staff) -> Option<Uuid> {
    (!access::sees_all(staff)).then_some(staff.id)
}

/// Of all comments that are there, for finding them.
pub async fn words(tx: &mut Tx, application: Uuid) -> Result<Vec<String>> {
    let rows = tx.all(WORDS, args![application]).await?;
    rows.iter().map(|row| row.get("words")).collect()
}

pub async fn tags(db: &Db, application: Uuid) -> Result<Vec<String>> {
    let rows = db.all(TAGS, args![application]).await?;
    rows.iter().map(|row| row.get("tag")).collect()
}

pub async fn count_tags(tx: &mut Tx, application: Uuid) -> Result<usize> {
    Ok(tx.all(TAGS_IN, args![application]).await?.len())
}

/// False when it has this tag, in whatever case.
pub async fn add_tag(tx: &mut Tx, application: Uuid, tag: &str) -> Result<bool> {
    Ok(tx.execute(ADD_TAG, args![application, folded(tag), tag]).await? == 1)
}

/// False when it has no such tag.
pub async fn remove_tag(tx: &mut Tx, application: Uuid, tag: &str) -> Result<bool> {
    Ok(tx.execute(REMOVE_TAG, args![application, folded(tag)]).await? == 1)
}

/// Suggested from now on.
pub async fn use_tag(tx: &mut Tx, opening: Uuid, tag: &str, now: Timestamp) -> Result<()> {
    tx.execute(USE_TAG, args![opening, folded(tag), tag, now])
        .await
        .map(drop)
}

/// The last that a job has used.
pub async fn used_tags(db: &Db, opening: Uuid, most: i64) -> Result<Vec<String>> {
    let rows = db.all(USED_TAGS, args![opening, most]).await?;
    rows.iter().map(|row| row.get("tag")).collect()
}

/// The newest, in the order in which they were made.
pub async fn to_dos(db: &Db, application: Uuid, most: i64) -> Result<Vec<ToDo>> {
    let rows = db.all(TO_DOS, args![application, most]).await?;
    rows.iter().rev().map(to_do).collect()
}

pub async fn to_do_of(db: &Db, id: Uuid, application: Uuid) -> Result<Option<ToDo>> {
    let row = db.optional(FIND_TO_DO, args![id, application]).await?;
    row.as_ref().map(to_do).transpose()
}

fn to_do(row: &Row) -> Result<ToDo> {
    Ok(ToDo {
        id: row.id("id")?,
        application: row.id("application_id")?,
        words: row.get("words")?,
        staff: row.id("staff_id")?,
        who: row.get("who")?,
        due_at: row.time("due_at")?,
        done_at: row.get::<Option<i64>>("done_at")?.map(Timestamp),
    })
}

pub async fn count_open_to_dos(tx: &mut Tx, application: Uuid, most: i64) -> Result<usize> {
    Ok(tx.all(OPEN_TO_DOS, args![application, most]).await?.len())
}

/// False when this form was sent before.
pub async fn add_to_do(tx: &mut Tx, to_do: &ToDo, by: Uuid, form_token: Uuid, now: Timestamp) -> Result<bool> {
    let args = args![
        to_do.id,
        to_do.application,
        &to_do.words,
        to_do.staff,
        to_do.due_at,
        by,
        now,
        form_token,
    ];
    Ok(tx.execute(ADD_TO_DO, args).await? == 1)
}

/// False when it is so already.
pub async fn set_done(tx: &mut Tx, id: Uuid, done: bool, by: Uuid, now: Timestamp) -> Result<bool> {
    let changed = match done {
        true => tx.execute(DO, args![id, by, now]).await?,
        false => tx.execute(UNDO, args![id]).await?,
    };
    Ok(changed == 1)
}

/// What somebody has to do, the most urgent first; of the jobs that they may see.
pub async fn todos_of(db: &Db, staff: &Staff, most: i64) -> Result<Vec<ToDoLine>> {
    let line = |row: &Row| {
        Ok(ToDoLine {
            to_do: to_do(row)?,
            candidate: row.get("candidate")?,
            job: row.get("job")?,
        })
    };
    let args = args![staff.id, only_of(staff), most];
    db.all(TO_DOS_OF, args).await?.iter().map(line).collect()
}
