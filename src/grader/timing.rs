//! What the benchmarks time: one small scenario in a fresh process, and a whole grading.

use super::sandbox::Birth;
use super::sim::{Answer, Calls, MS, Plan, Rng, Step, When, World};
use super::verdict::Options;
use super::{Challenge, Grader, Program};
use crate::grader::sandbox::SubmissionError;

const BATCH: u64 = 100;

impl Grader {
    /// CPU microseconds of runs of one call that fails twice and succeeds, each in a process of its own: the mean of each
    /// of so many batches, since the clock takes a microsecond itself.
    pub fn time_fail_fail_success(&self, program: &Program, batches: u64) -> Result<Vec<f64>, SubmissionError> {
        let submission = self.engine().load(&program.source, program.language)?;
        let submission = submission.with_own_image(self.engine());
        let plan = fail_fail_success();
        let run = |seed| {
            let birth = Birth {
                rng: Rng::new(seed, 1),
                epoch_ms: 1_767_225_600_000,
                age: 5_000 * MS,
                fuel: 10_000_000,
                logging: false,
            };
            let (mut guest, _) = submission.spawn(self.engine(), birth, 1);
            let run = World::new(
                &plan,
                std::slice::from_mut(&mut guest),
                1_767_225_600_000,
                Rng::new(seed, 2),
            )
            .run();
            assert!(
                run.calls[0].resolved() && run.operations == 3,
                "the program does what is timed"
            );
        };
        let time = |batch| {
            let started = cpu_time::ThreadTime::now();
            (batch * BATCH..(batch + 1) * BATCH).for_each(run);
            started.elapsed().as_secs_f64() * 1e6 / BATCH as f64
        };
        Ok((0..batches).map(time).collect())
    }

    /// CPU milliseconds of so many gradings.
    pub fn time_verdicts(&self, challenge: &Challenge, program: &Program, gradings: u64) -> Vec<f64> {
        (0..gradings)
            .map(|seed| {
                let started = cpu_time::ThreadTime::now();
                self.grade(challenge, program, seed);
                started.elapsed().as_secs_f64() * 1e3
            })
            .collect()
    }
}

fn fail_fail_success() -> Plan {
    let answers = [503, 503, 200].map(|status| Answer::status(status).into()).to_vec();
    Plan {
        options: Options {
            max_attempts: 5,
            base_delay_ms: 100.0,
            max_delay_ms: 2_000.0,
            failure_threshold: 5,
            reset_timeout_ms: 1_000.0,
        },
        latency: (5 * MS, 25 * MS),
        phases: Vec::new(),
        steps: vec![Step {
            when: When::Settled,
            after: 0,
            calls: Calls::Together { count: 1, every: 0 },
            answers,
            latency: None,
        }],
    }
}
