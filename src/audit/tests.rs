use super::*;

fn row(seq: i64, previous: &str) -> Record {
    let mut row = Record {
        seq,
        at: Timestamp(1),
        actor: "halfopen".into(),
        what: "Tried".into(),
        subject: "nothing".into(),
        detail: String::new(),
        previous: previous.into(),
        hash: String::new(),
    };
    row.hash = row.computed();
    row
}

#[test]
fn every_field_counts() {
    let original = row(3, "before");
    let changes: [fn(&mut Record); 7] = [
        |row| row.seq += 1,
        |row| row.at.0 += 1,
        |row| row.actor.push('x'),
        |row| row.what.push('x'),
        |row| row.subject.push('x'),
        |row| row.detail.push('x'),
        |row| row.previous.push('x'),
    ];
    for change in changes {
        let mut changed = original.clone();
        change(&mut changed);
        assert_ne!(changed.computed(), original.hash);
    }
    // What moves from one field to the next is a change, too.
    let (mut one, mut other) = (original.clone(), original);
    (one.what, one.subject) = ("ab".into(), "c".into());
    (other.what, other.subject) = ("a".into(), "bc".into());
    assert_ne!(one.computed(), other.computed());
}

#[test]
fn each_flaw_has_its_word() {
    let (first, end) = (
        row(1, ""),
        Head {
            seq: 2,
            hash: "end".into(),
        },
    );
    let last = Head {
        seq: 1,
        hash: first.hash.clone(),
    };
    let second = row(2, &first.hash);
    assert_eq!(flaw_of(&second, &last, &end), None);
    assert_eq!(flaw_of(&row(3, &first.hash), &last, &end), Some(Flaw::Missing(2)));
    assert_eq!(flaw_of(&row(2, "other"), &last, &end), Some(Flaw::Unlinked(2)));
    let mut changed = second.clone();
    changed.detail = "else".into();
    assert_eq!(flaw_of(&changed, &last, &end), Some(Flaw::Changed(2)));
    let short = Head { seq: 1, ..end };
    assert_eq!(flaw_of(&second, &last, &short), Some(Flaw::Added(2)));
}

#[test]
fn a_seal_tells_nothing_but_a_change() {
    let event = Uuid::from_u128(7);
    assert_eq!(seal(event, "a reason"), seal(event, "a reason"));
    assert_ne!(seal(event, "a reason"), seal(event, "another"));
    assert_ne!(
        seal(Uuid::from_u128(8), "a reason").split(' ').next_back(),
        seal(event, "a reason").split(' ').next_back()
    );
    assert!(!seal(event, "a reason").contains("reason"));
}
