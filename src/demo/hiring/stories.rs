//! Who applies for which job, and what becomes of it.

use crate::assessments::Variant;
use crate::demo::assessments::Act as TestAct;
use crate::demo::hiring::resumes::Form as Resume;
use crate::hiring::takes::Form;
use crate::roles::kit::Decision;

pub struct Story {
    pub name: &'static str,
    pub job: Job,
    /// How long ago the first answer was given.
    pub days_ago: u32,
    /// What the answers at the door come to.
    pub door: Decision,
    pub resume: Option<Resume>,
    pub letter: Option<&'static str>,
    pub source: &'static str,
    pub sent: bool,
    pub acts: &'static [Act],
}

#[derive(Clone, Copy)]
pub enum Job {
    Developer,
    Engineer,
}

pub enum Act {
    /// Goes through the next stages, each after so many days in the one before.
    MovesOn(&'static [u32]),
    /// The question with this index, from 0.
    Records(u32, Form),
    Writes(u32, &'static str),
    /// By whom, of which answer, at which second, which indicator it shows, and the words.
    IsNoted(Reviewer, u32, Option<u32>, &'static str, &'static str),
    IsTested(Variant, &'static [TestAct]),
    /// After so many days, and why.
    IsRejected(u32, &'static str),
    IsReversed(u32, &'static str),
    Withdraws(u32, &'static str),
    AsksForErasure(u32),
    /// After so many days, by a recruiter.
    IsErased(u32),
}

#[derive(Clone, Copy)]
pub enum Reviewer {
    Manager,
    Interviewer,
}

use Act::{AsksForErasure, IsNoted, IsRejected, IsReversed, IsTested, MovesOn, Records, Withdraws, Writes};
use Reviewer::{Interviewer, Manager};

/// Somebody who qualifies, sends a PDF, and is left to wait.
const USUAL: Story = Story {
    name: "",
    job: Job::Developer,
    days_ago: 0,
    door: Decision::Qualifies,
    resume: Some(Resume::Pdf),
    letter: None,
    source: "",
    sent: true,
    acts: &[],
};

const FOR_ENGINEER: Story = Story {
    job: Job::Engineer,
    ..USUAL
};

pub const STORIES: &[Story] = &[
    Story {
        name: "Candidate 31",
        days_ago: 2,
        resume: Some(Resume::Text),
        sent: false,
        ..USUAL
    },
    Story {
        name: "Candidate 32",
        source: "board",
        ..USUAL
    },
    Story {
        name: "Candidate 33",
        days_ago: 1,
        door: Decision::Review,
        letter: Some(
            "I have answered one question with Yes: my contract forbids work for two named clients until March. \
             Neither of them is a wholesaler. I gladly show you the clause.\n",
        ),
        source: "recruiter",
        ..USUAL
    },
    Story {
        name: "مرشح 34",
        days_ago: 3,
        resume: Some(Resume::Word),
        source: "company",
        acts: &[Records(0, Form::Audio), MovesOn(&[1])],
        ..USUAL
    },
    Story {
        name: "Candidate 35",
        days_ago: 6,
        resume: Some(Resume::Text),
        source: "referral",
        acts: &[
            Writes(
                0,
                "It has stopped asking on purpose. The supplier is ill, and asking louder keeps it in bed. Every half \
                 minute it asks once, quietly, and the first good answer lets everything through again. Until then the \
                 orders wait in a list, none is lost, and I tell you at eleven how it stands.",
            ),
            MovesOn(&[1, 2]),
            IsTested(Variant::WithoutAi, &[TestAct::Opens]),
        ],
        ..USUAL
    },
    // The same once more, because the first had no answer within the hour.
    Story {
        name: "Candidate 35",
        days_ago: 2,
        source: "board",
        ..USUAL
    },
    Story {
        name: "Candidate 36",
        days_ago: 8,
        source: "event",
        acts: &[
            Records(0, Form::Video),
            Records(1, Form::Audio),
            Writes(
                2,
                "A feed of meter readings had been dropping the last file of each day: it was read before it was \
                 complete. I made the sender write a small file afterwards and read only what it names. What convinced \
                 me was a count: for a month, both sides compared how many readings they had, each night, and the \
                 difference stayed at nothing. The comparison still runs.",
            ),
            MovesOn(&[1, 2]),
            IsNoted(
                Interviewer,
                0,
                Some(1),
                "Says what will be done, and by when",
                "Names eleven o’clock as the time of the next word, before being asked for one.",
            ),
            IsNoted(
                Manager,
                0,
                Some(3),
                "Lets single half-open trials decide when traffic returns",
                "Explains the one trial that is let through, without the word for it.",
            ),
            IsTested(
                Variant::WithAi,
                &[
                    TestAct::Opens,
                    TestAct::Starts,
                    TestAct::Runs(6, "backoff-constant"),
                    TestAct::Runs(7, "reference.js"),
                    TestAct::Submits(3),
                ],
            ),
        ],
        ..USUAL
    },
    Story {
        name: "Candidate 37",
        days_ago: 20,
        resume: Some(Resume::Word),
        source: "company",
        acts: &[
            Writes(
                1,
                "I read the announcement twice and look for the day, the zone and the old names. Then I ask which of our flows name these fields.",
            ),
            MovesOn(&[2, 3, 5]),
        ],
        ..USUAL
    },
    Story {
        name: "Candidate 38 🚲",
        days_ago: 18,
        resume: Some(Resume::Text),
        source: "event",
        acts: &[Records(2, Form::Video), MovesOn(&[1, 2, 6, 5])],
        ..USUAL
    },
    Story {
        name: "Candidate 39",
        days_ago: 22,
        source: "board",
        acts: &[Records(0, Form::Audio), MovesOn(&[1, 3, 5, 4, 6])],
        ..USUAL
    },
    Story {
        name: "Candidate 40",
        days_ago: 24,
        resume: Some(Resume::Word),
        source: "referral",
        acts: &[MovesOn(&[1, 2, 5, 4, 4, 5])],
        ..USUAL
    },
    Story {
        name: "Candidate 41",
        days_ago: 25,
        source: "other",
        acts: &[Records(1, Form::Video), MovesOn(&[1, 2, 4, 3, 4, 3, 4])],
        ..USUAL
    },
    Story {
        name: "Candidate 42",
        days_ago: 26,
        source: "company",
        acts: &[Records(0, Form::Video), MovesOn(&[1, 2, 3, 4, 3, 4, 4, 3])],
        ..USUAL
    },
    Story {
        name: "Candidate 43",
        days_ago: 27,
        resume: Some(Resume::Text),
        source: "referral",
        acts: &[MovesOn(&[1, 1, 3, 3, 4, 3, 4, 3, 2])],
        ..USUAL
    },
    Story {
        name: "Candidate 44",
        days_ago: 12,
        door: Decision::Declines,
        resume: None,
        source: "board",
        ..USUAL
    },
    Story {
        name: "Candidate 45",
        days_ago: 15,
        source: "board",
        acts: &[
            MovesOn(&[2]),
            IsRejected(
                2,
                "Websites for ten years, but no connection between systems that stayed in operation.",
            ),
        ],
        ..USUAL
    },
    Story {
        name: "Candidate 46",
        days_ago: 10,
        acts: &[
            MovesOn(&[1]),
            Withdraws(3, "I have accepted another offer. Thank you for the quick answers."),
        ],
        ..USUAL
    },
    // The same person as above, for another job.
    Story {
        name: "Candidate 39",
        days_ago: 5,
        source: "company",
        acts: &[MovesOn(&[2])],
        ..FOR_ENGINEER
    },
    Story {
        name: "Candidate 48",
        days_ago: 1,
        resume: Some(Resume::Broken),
        ..FOR_ENGINEER
    },
    Story {
        name: "Candidate 49",
        days_ago: 1,
        door: Decision::Declines,
        resume: None,
        source: "board",
        ..FOR_ENGINEER
    },
    Story {
        name: "Candidate 50",
        days_ago: 4,
        door: Decision::Declines,
        resume: None,
        source: "recruiter",
        acts: &[
            IsReversed(
                1,
                "Wrote to us: ran a gateway on another proxy for three years and took the question by its letter. That is what we mean.",
            ),
            MovesOn(&[1]),
        ],
        ..FOR_ENGINEER
    },
    Story {
        name: "Candidate 51",
        days_ago: 9,
        resume: Some(Resume::Word),
        source: "company",
        acts: &[
            Records(1, Form::Audio),
            MovesOn(&[2, 3]),
            IsTested(Variant::WithAi, &[]),
        ],
        ..FOR_ENGINEER
    },
    Story {
        name: "Candidate 52",
        days_ago: 16,
        door: Decision::Review,
        source: "referral",
        acts: &[
            Writes(
                1,
                "The lorry tells us where it is every half minute, but in a tunnel it cannot. I would show the age of \
                 the dot beside it, and make the dot pale when it is older than a minute.",
            ),
            MovesOn(&[2, 3, 6]),
        ],
        ..FOR_ENGINEER
    },
    Story {
        name: "Candidate 53",
        days_ago: 21,
        resume: Some(Resume::Text),
        source: "event",
        acts: &[MovesOn(&[1, 3, 6, 5])],
        ..FOR_ENGINEER
    },
    Story {
        name: "Candidate 54",
        days_ago: 23,
        source: "board",
        acts: &[Records(2, Form::Video), MovesOn(&[2, 3, 6, 5, 6])],
        ..FOR_ENGINEER
    },
    Story {
        name: "Candidate 55",
        days_ago: 26,
        resume: Some(Resume::Word),
        source: "referral",
        acts: &[MovesOn(&[1, 2, 6, 5, 6, 3])],
        ..FOR_ENGINEER
    },
    Story {
        name: "Candidate 56",
        days_ago: 14,
        source: "other",
        acts: &[
            MovesOn(&[2]),
            IsRejected(
                2,
                "Streams of this size, yes; but no interface that others depended on, which this job is about.",
            ),
            AsksForErasure(1),
        ],
        ..FOR_ENGINEER
    },
];
