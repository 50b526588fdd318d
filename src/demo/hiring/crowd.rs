//! The many who make a month of a real company: told in a line each.

use crate::assessments::Variant;
use crate::demo::assessments::Act as TestAct;
use crate::demo::hiring::resumes::Form as Resume;
use crate::demo::hiring::stories::Act::{
    self, AsksForErasure, IsErased, IsRejected, IsTested, MovesOn, Withdraws, Writes,
};
use crate::demo::hiring::stories::{Job, Story};
use crate::roles::kit::Decision::{self, Declines, Qualifies, Review};

const WRITTEN: &str = "I would say what the customer sees now, what we do about it, and when I will write next. The cause \
                       comes later, when we know it.";

const fn developer(
    name: &'static str,
    days_ago: u32,
    door: Decision,
    resume: Option<Resume>,
    source: &'static str,
    acts: &'static [Act],
) -> Story {
    Story {
        name,
        job: Job::Developer,
        days_ago,
        door,
        resume,
        letter: None,
        source,
        sent: true,
        acts,
    }
}

const fn engineer(
    name: &'static str,
    days_ago: u32,
    door: Decision,
    resume: Option<Resume>,
    source: &'static str,
    acts: &'static [Act],
) -> Story {
    Story {
        job: Job::Engineer,
        ..developer(name, days_ago, door, resume, source, acts)
    }
}

pub const CROWD: &[Story] = &[
    developer("Candidate 61", 26, Declines, None, "board", &[]),
    developer("Candidate 62", 16, Declines, None, "company", &[]),
    developer("Candidate 63", 2, Declines, None, "board", &[]),
    developer("Candidate 64", 5, Declines, None, "other", &[]),
    developer("Candidate 65", 25, Declines, None, "referral", &[]),
    developer("Candidate 66", 11, Declines, None, "board", &[]),
    developer(
        "Candidate 67",
        14,
        Qualifies,
        Some(Resume::Word),
        "board",
        &[
            MovesOn(&[2]),
            IsRejected(
                1,
                "All of the work was reporting, none of it had a partner on the other side.",
            ),
        ],
    ),
    developer(
        "Candidate 68",
        12,
        Qualifies,
        Some(Resume::Text),
        "board",
        &[
            MovesOn(&[2]),
            IsRejected(3, "Wants to lead a team, which this job does not offer."),
        ],
    ),
    developer(
        "Candidate 69",
        19,
        Qualifies,
        Some(Resume::Word),
        "company",
        &[
            MovesOn(&[2]),
            IsRejected(
                1,
                "Has maintained one interface, and cannot say what happened when it failed.",
            ),
        ],
    ),
    developer(
        "Candidate 70",
        20,
        Qualifies,
        Some(Resume::Pdf),
        "board",
        &[
            MovesOn(&[1]),
            IsRejected(
                1,
                "Has maintained one interface, and cannot say what happened when it failed.",
            ),
        ],
    ),
    developer(
        "Candidate 71",
        24,
        Qualifies,
        Some(Resume::Word),
        "company",
        &[
            MovesOn(&[1]),
            IsRejected(
                3,
                "Has maintained one interface, and cannot say what happened when it failed.",
            ),
        ],
    ),
    developer(
        "Candidate 72",
        22,
        Qualifies,
        Some(Resume::Pdf),
        "recruiter",
        &[
            MovesOn(&[1]),
            IsRejected(
                3,
                "Has maintained one interface, and cannot say what happened when it failed.",
            ),
        ],
    ),
    developer(
        "Candidate 73",
        15,
        Qualifies,
        Some(Resume::Pdf),
        "company",
        &[
            MovesOn(&[2]),
            IsRejected(
                3,
                "Many years of websites; nothing between systems that stayed in operation.",
            ),
        ],
    ),
    developer(
        "Candidate 74",
        9,
        Qualifies,
        Some(Resume::Word),
        "other",
        &[
            MovesOn(&[2]),
            IsRejected(
                2,
                "Nothing that others depended on: scripts of one’s own, each for a day.",
            ),
        ],
    ),
    developer(
        "Candidate 75",
        17,
        Qualifies,
        Some(Resume::Word),
        "board",
        &[
            MovesOn(&[1, 2]),
            IsRejected(
                5,
                "The program repeats what must not be repeated, and the talk about it changed nothing.",
            ),
        ],
    ),
    developer(
        "Candidate 76",
        17,
        Qualifies,
        Some(Resume::Word),
        "referral",
        &[
            MovesOn(&[1, 2]),
            IsRejected(3, "Below in the coding test: no limit to the waits, no breaker."),
        ],
    ),
    developer(
        "Candidate 77",
        19,
        Qualifies,
        Some(Resume::Pdf),
        "board",
        &[
            MovesOn(&[1, 3]),
            IsRejected(5, "Below in the coding test: no limit to the waits, no breaker."),
        ],
    ),
    developer(
        "Candidate 78",
        27,
        Qualifies,
        Some(Resume::Word),
        "recruiter",
        &[
            MovesOn(&[1, 2, 4, 3]),
            IsRejected(
                2,
                "Three scorecards of four say no: partners were blamed for every incident.",
            ),
        ],
    ),
    developer(
        "Candidate 79",
        21,
        Qualifies,
        Some(Resume::Pdf),
        "event",
        &[
            MovesOn(&[1, 2, 4, 3]),
            IsRejected(
                3,
                "Three scorecards of four say no: partners were blamed for every incident.",
            ),
        ],
    ),
    developer(
        "Candidate 80",
        16,
        Qualifies,
        Some(Resume::Word),
        "board",
        &[
            MovesOn(&[2, 2]),
            Withdraws(2, "The commute is longer than I thought. Thank you."),
        ],
    ),
    developer(
        "Candidate 81",
        2,
        Qualifies,
        Some(Resume::Word),
        "referral",
        &[Writes(0, WRITTEN)],
    ),
    developer("Candidate 82", 3, Review, Some(Resume::Pdf), "company", &[]),
    developer("Candidate 83", 3, Review, Some(Resume::Word), "other", &[]),
    developer(
        "Candidate 84",
        3,
        Qualifies,
        Some(Resume::Pdf),
        "board",
        &[Writes(0, WRITTEN)],
    ),
    developer("Candidate 85", 2, Review, Some(Resume::Pdf), "referral", &[]),
    developer("Candidate 86", 0, Qualifies, Some(Resume::Word), "event", &[]),
    developer(
        "Candidate 87",
        4,
        Qualifies,
        Some(Resume::Word),
        "recruiter",
        &[MovesOn(&[2])],
    ),
    developer(
        "Candidate 88",
        6,
        Qualifies,
        Some(Resume::Pdf),
        "other",
        &[MovesOn(&[2])],
    ),
    developer(
        "Candidate 89",
        5,
        Qualifies,
        Some(Resume::Pdf),
        "recruiter",
        &[MovesOn(&[2])],
    ),
    developer(
        "Candidate 90",
        5,
        Qualifies,
        Some(Resume::Text),
        "event",
        &[MovesOn(&[2])],
    ),
    developer(
        "Candidate 91",
        7,
        Qualifies,
        Some(Resume::Text),
        "recruiter",
        &[MovesOn(&[1, 2]), IsTested(Variant::WithoutAi, &[TestAct::Opens])],
    ),
    developer(
        "Candidate 92",
        9,
        Qualifies,
        Some(Resume::Text),
        "recruiter",
        &[MovesOn(&[1, 2]), IsTested(Variant::WithAi, &[])],
    ),
    developer(
        "Candidate 93",
        8,
        Qualifies,
        Some(Resume::Word),
        "board",
        &[MovesOn(&[1, 1]), IsTested(Variant::WithAi, &[])],
    ),
    developer(
        "Candidate 94",
        14,
        Qualifies,
        Some(Resume::Pdf),
        "company",
        &[MovesOn(&[1, 2, 4])],
    ),
    developer(
        "Candidate 95",
        10,
        Qualifies,
        Some(Resume::Text),
        "board",
        &[MovesOn(&[1, 2, 5])],
    ),
    engineer(
        "Candidate 100",
        14,
        Qualifies,
        Some(Resume::Word),
        "board",
        &[
            MovesOn(&[1]),
            IsRejected(2, "Wants to lead a team, which this job does not offer."),
        ],
    ),
    engineer(
        "Candidate 101",
        21,
        Qualifies,
        Some(Resume::Pdf),
        "board",
        &[
            MovesOn(&[1]),
            IsRejected(
                1,
                "Has maintained one interface, and cannot say what happened when it failed.",
            ),
        ],
    ),
    engineer(
        "Candidate 102",
        27,
        Qualifies,
        Some(Resume::Pdf),
        "board",
        &[
            MovesOn(&[1]),
            IsRejected(
                3,
                "Has maintained one interface, and cannot say what happened when it failed.",
            ),
        ],
    ),
    engineer(
        "Candidate 103",
        26,
        Qualifies,
        Some(Resume::Pdf),
        "other",
        &[
            MovesOn(&[1]),
            IsRejected(
                3,
                "Many years of websites; nothing between systems that stayed in operation.",
            ),
        ],
    ),
    engineer(
        "Candidate 104",
        20,
        Qualifies,
        Some(Resume::Word),
        "board",
        &[
            MovesOn(&[1]),
            IsRejected(
                3,
                "Many years of websites; nothing between systems that stayed in operation.",
            ),
        ],
    ),
    engineer(
        "Candidate 105",
        23,
        Qualifies,
        Some(Resume::Text),
        "event",
        &[
            MovesOn(&[1, 2]),
            IsRejected(3, "Below in the coding test: no limit to the waits, no breaker."),
        ],
    ),
    engineer(
        "Candidate 106",
        21,
        Qualifies,
        Some(Resume::Pdf),
        "event",
        &[
            MovesOn(&[1, 2]),
            IsRejected(
                5,
                "The program repeats what must not be repeated, and the talk about it changed nothing.",
            ),
        ],
    ),
    engineer(
        "Candidate 107",
        27,
        Qualifies,
        Some(Resume::Word),
        "company",
        &[
            MovesOn(&[1, 2, 4, 3]),
            IsRejected(3, "Strong in code; in the simulation nobody was asked anything."),
        ],
    ),
    engineer(
        "Candidate 108",
        16,
        Qualifies,
        Some(Resume::Text),
        "board",
        &[
            MovesOn(&[2, 2]),
            Withdraws(2, "The commute is longer than I thought. Thank you."),
        ],
    ),
    engineer(
        "Candidate 109",
        1,
        Qualifies,
        Some(Resume::Pdf),
        "referral",
        &[Writes(0, WRITTEN)],
    ),
    engineer("Candidate 110", 0, Qualifies, Some(Resume::Word), "company", &[]),
    engineer("Candidate 111", 1, Qualifies, Some(Resume::Word), "recruiter", &[]),
    engineer(
        "Candidate 112",
        1,
        Qualifies,
        Some(Resume::Pdf),
        "board",
        &[Writes(0, WRITTEN)],
    ),
    engineer(
        "Candidate 113",
        3,
        Qualifies,
        Some(Resume::Word),
        "board",
        &[MovesOn(&[1])],
    ),
    engineer(
        "Candidate 114",
        3,
        Qualifies,
        Some(Resume::Pdf),
        "board",
        &[MovesOn(&[2])],
    ),
    engineer(
        "Candidate 115",
        2,
        Qualifies,
        Some(Resume::Word),
        "referral",
        &[MovesOn(&[1])],
    ),
    engineer(
        "Candidate 116",
        5,
        Qualifies,
        Some(Resume::Word),
        "board",
        &[MovesOn(&[1, 1]), IsTested(Variant::WithoutAi, &[TestAct::Opens])],
    ),
    engineer(
        "Candidate 117",
        8,
        Qualifies,
        Some(Resume::Pdf),
        "board",
        &[MovesOn(&[1, 2]), IsTested(Variant::WithoutAi, &[])],
    ),
    engineer(
        "Candidate 118",
        12,
        Qualifies,
        Some(Resume::Pdf),
        "company",
        &[MovesOn(&[1, 2, 5])],
    ),
    engineer("Candidate 96", 22, Declines, None, "referral", &[]),
    engineer("Candidate 97", 12, Declines, None, "other", &[]),
    engineer("Candidate 98", 19, Declines, None, "board", &[]),
    engineer("Candidate 99", 7, Declines, None, "board", &[]),
    developer(
        "Candidate 119",
        24,
        Qualifies,
        Some(Resume::Word),
        "board",
        &[
            MovesOn(&[2]),
            IsRejected(
                2,
                "All of the work was reporting, none of it had a partner on the other side.",
            ),
            AsksForErasure(3),
            IsErased(4),
        ],
    ),
];
