//! Which sums may be shown: none that tells something about fewer than five people, and none that gives such a sum away.

pub const FEWEST: i64 = 5;

/// How many of a group went on, and how many did not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Split {
    pub on: i64,
    pub off: i64,
}

impl Split {
    pub fn all(self) -> i64 {
        self.on + self.off
    }
}

/// Which groups may be named with their size. Whoever did not say belongs to a group, too: the sum of all is known, and what
/// is missing to it must be more than one small group.
pub fn shown_groups(sizes: &[i64]) -> Vec<bool> {
    let small = |size: &i64| *size > 0 && *size < FEWEST;
    let mut shown: Vec<bool> = sizes.iter().map(|size| !small(size)).collect();
    while is_given_away(&shown, |at| sizes[at], &|at| sizes[at] > 0) {
        let smallest = (0..sizes.len())
            .filter(|at| shown[*at] && sizes[*at] > 0)
            .min_by_key(|at| sizes[*at]);
        match smallest {
            Some(at) => shown[at] = false,
            None => break,
        }
    }
    shown
}

/// Of which groups it may be shown how many went on. `may` says which are named at all; how many went on in total, and how
/// many did not, is known.
pub fn shown_splits(splits: &[Split], may: &[bool]) -> Vec<bool> {
    // Where everybody went on, or nobody, no group tells more than the total does.
    if splits.iter().all(|split| split.off == 0) || splits.iter().all(|split| split.on == 0) {
        return may.to_vec();
    }
    let safe = |split: &Split| split.on >= FEWEST && split.off >= FEWEST;
    let open = |(split, may): (&Split, &bool)| *may && (split.all() == 0 || safe(split));
    let mut shown: Vec<bool> = splits.iter().zip(may).map(open).collect();
    let exists = |at: usize| splits[at].all() > 0;
    while is_given_away(&shown, |at| splits[at].on, &exists) || is_given_away(&shown, |at| splits[at].off, &exists) {
        let smallest = (0..splits.len())
            .filter(|at| shown[*at] && exists(*at))
            .min_by_key(|at| splits[*at].all());
        match smallest {
            Some(at) => shown[at] = false,
            None => break,
        }
    }
    shown
}

/// Whether the difference between the total and what is shown is about a single group, or about fewer than five people.
fn is_given_away(shown: &[bool], size: impl Fn(usize) -> i64, exists: &impl Fn(usize) -> bool) -> bool {
    let hidden: Vec<usize> = (0..shown.len()).filter(|at| !shown[*at] && exists(*at)).collect();
    let sum: i64 = hidden.iter().map(|at| size(*at)).sum();
    hidden.len() == 1 || (!hidden.is_empty() && sum < FEWEST)
}
