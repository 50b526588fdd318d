//! What those handed in who have left the stage of the coding test: whoever went on, a sound program in a way of their own.

use std::collections::VecDeque;
use std::time::Duration;

use crate::assessments::Variant;
use crate::demo::DemoError;
use crate::demo::assessments::Act as TestAct;
use crate::demo::hiring::scene::{Deed, Scene};
use crate::demo::hiring::stories::Act;
use crate::hiring::StageKind;
use crate::hiring::applications::store;
use crate::hiring::openings::store as openings;

const SOUND: [&str; 9] = [
    "equal.js",
    "policies.ts",
    "decorrelated.js",
    "promise-chain.js",
    "results.ts",
    "proportional-quarter.js",
    "recursion.js",
    "rounded-equal.ts",
    "terse.js",
];
const REPEATS: &str = "permanent-404-retried";
/// What everybody is given to begin with.
const STARTER: &str = "";

/// The same deeds at the same times, with a test before each that may end the stage of the test.
pub fn among(number: usize, deeds: VecDeque<(Duration, Deed)>) -> VecDeque<(Duration, Deed)> {
    let mut all = VecDeque::new();
    for (wait, deed) in deeds {
        let program = match deed {
            Deed::MoveOn => SOUND[number % SOUND.len()],
            Deed::Act(Act::IsRejected(_, why)) if why.contains("must not be repeated") => REPEATS,
            Deed::Act(Act::IsRejected(..)) => STARTER,
            _ => {
                all.push_back((wait, deed));
                continue;
            }
        };
        all.push_back((wait / 3, Deed::Test(program)));
        all.push_back((wait - wait / 3, deed));
    }
    all
}

impl Scene<'_> {
    /// Where it stands where the coding test is taken, and none was given.
    pub(super) async fn take_test(&self, program: &'static str) -> Result<(), DemoError> {
        let app = &self.past.app;
        let application = self.current().await?;
        let stages = openings::stages(&app.db, self.opening.id).await?;
        let here = stages.iter().find(|stage| Some(stage.id) == application.stage);
        let is_tested = here.is_some_and(|stage| stage.kind == StageKind::CodingTest);
        if !is_tested || !store::assessments(&app.db, application.id).await?.is_empty() {
            return Ok(());
        }
        let minutes = 11 + u32::try_from(self.number % 5).unwrap_or_default();
        let acts = [TestAct::Opens, TestAct::Starts, TestAct::HandsIn(minutes, program)];
        self.test(Variant::WithoutAi, &acts).await
    }
}
