use super::*;
use crate::grader::sim::{Answer, Calls, MS, Plan, Rng, Run, Settled, Step, When, World};
use crate::grader::verdict::Options;
use std::sync::{Arc, LazyLock};

fn engine() -> Arc<Engine> {
    static ENGINE: LazyLock<Arc<Engine>> = LazyLock::new(|| {
        let cache = std::env::temp_dir().join("halfopen-test-engine");
        Arc::new(Engine::open(&cache).expect("the engine opens"))
    });
    ENGINE.clone()
}

fn load(code: &str) -> Result<Submission, SubmissionError> {
    engine().load(code.as_bytes(), Language::JavaScript)
}

fn run(code: &str, answers: &[Answer]) -> Run {
    play(&load(code).expect("it loads"), answers, 1)
}

fn play(submission: &Submission, answers: &[Answer], among: u32) -> Run {
    let plan = Plan {
        options: Options {
            max_attempts: 5,
            base_delay_ms: 100.0,
            max_delay_ms: 2_000.0,
            failure_threshold: 5,
            reset_timeout_ms: 1_000.0,
        },
        latency: (10 * MS, 10 * MS),
        phases: Vec::new(),
        steps: vec![Step {
            when: When::Settled,
            after: 0,
            calls: Calls::Together { count: 1, every: 0 },
            answers: answers.iter().map(|a| (*a).into()).collect(),
            latency: None,
        }],
    };
    let birth = super::Birth {
        rng: Rng::new(1, 1),
        epoch_ms: 1_767_225_600_000,
        age: 1_000_000,
        fuel: 10_000_000,
        logging: true,
    };
    let (mut guest, pending) = submission.spawn(&engine(), birth, among);
    let mut world = World::new(
        &plan,
        std::slice::from_mut(&mut guest),
        1_767_225_600_000,
        Rng::new(1, 2),
    );
    world.adopt(0, pending);
    world.run()
}

const LOOP: &str = "export async function executeWithRetry(operation, options) {
  for (let i = 1; ; i++) {
    const response = await operation();
    if (response.ok) return response;
    await new Promise((r) => setTimeout(r, options.baseDelayMs * 2 ** (i - 1)));
  }
}";

#[test]
fn a_retry_is_seen_on_the_virtual_clock() {
    let run = run(LOOP, &[Answer::status(503), Answer::status(503), Answer::status(200)]);
    let call = &run.calls[0];
    let starts: Vec<u64> = call.attempts.iter().map(|a| a.start).collect();
    assert_eq!(starts, [0, 110 * MS, 320 * MS]);
    assert_eq!(
        call.settled,
        Some((
            330 * MS,
            Settled::Resolved {
                op: Some(3),
                shown: String::new()
            }
        ))
    );
    assert_eq!(run.halt, None);
}

#[test]
fn a_response_cannot_be_forged() {
    let code = "export async function executeWithRetry(operation) {
  const response = await operation();
  return new response.constructor(200, null, false, 1);
}";
    let run = run(code, &[Answer::status(503)]);
    let settled = run.calls[0].settled.as_ref().map(|(_, settled)| settled);
    assert!(
        matches!(settled, Some(Settled::Resolved { op: None, .. })),
        "{settled:?}"
    );
}

#[test]
fn the_same_seed_gives_the_same_bytes() {
    let code = LOOP.replace("* 2 ** (i - 1)", "* Math.random()");
    let answers = [Answer::status(503), Answer::status(503), Answer::status(200)];
    assert_eq!(run(&code, &answers).bytes, run(&code, &answers).bytes);
}

#[test]
fn a_module_of_its_own_changes_nothing_for_a_program() {
    assert!(engine().image_with(&engine().heap).is_some(), "the system can make one");
    let answers = [Answer::status(503), Answer::status(503), Answer::status(200)];
    // What is loaded fits into the engine's heap, or is ten times as large.
    for numbers in [10, 600_000] {
        let table = format!("const table = Array.from({{ length: {numbers} }}, (_, i) => i + 0.5);\n");
        let waits = LOOP.replace("2 ** (i - 1)", "table.at(-i) / table.length + Math.random()");
        let copied = load(&(table.clone() + &waits)).expect("it loads");
        let own = load(&(table + &waits)).expect("it loads").with_own_image(&engine());
        let expected = play(&copied, &answers, 1);
        assert!(expected.calls[0].resolved(), "{numbers}");
        for among in [1, 1, 200] {
            assert_eq!(play(&own, &answers, among).bytes, expected.bytes, "{numbers}, {among}");
        }
    }
}

#[test]
fn recursion_ends_with_an_error_that_a_program_can_catch() {
    let kinds = [
        "const f = () => f(); f();",
        "const f = async () => { await f(); }; await f();",
        "class A { constructor() { new A(); } } new A();",
        "class A { constructor() { new B(); } } class B extends A {} new B();",
        "function* g() { yield* g(); } [...g()];",
        "const o = { [Symbol.iterator]() { return [...o]; } }; [...o];",
        "const o = { toString() { return '' + o; } }; '' + o;",
        "const o = { toJSON() { return JSON.stringify(o); } }; JSON.stringify(o);",
        "const f = () => [2, 1].sort(f); f();",
        "const f = () => 'aa'.replace(/a/g, f); f();",
        "const p = new Proxy({}, { get: (_, key, self) => self[key] }); p.x;",
        "const p = new Proxy(class {}, { construct: () => new p() }); new p();",
    ];
    for kind in kinds {
        let code = format!(
            "let name; try {{ {kind} }} catch (e) {{ name = e.name; }} throw new Error(name);
             export function executeWithRetry() {{}}"
        );
        let loaded = load(&code).map(|_| ());
        assert!(
            matches!(&loaded, Err(SubmissionError::Throws { message, .. }) if message == "Error: RangeError"),
            "{kind}: {loaded:?}"
        );
    }
}

#[test]
fn what_cannot_be_loaded_says_why() {
    assert!(
        matches!(load("import x from 'left-pad'; export function executeWithRetry() {}"), Err(SubmissionError::Import { specifier }) if specifier == "left-pad")
    );
    assert!(
        matches!(load("export const retry = 1, other = 2;"), Err(SubmissionError::NoExport { exports }) if exports == "other, retry")
    );
    assert!(matches!(
        load("export const executeWithRetry = 1;"),
        Err(SubmissionError::NotAFunction)
    ));
    assert!(matches!(
        load("\nexport function executeWithRetry( {"),
        Err(SubmissionError::Syntax { line: Some(2), .. })
    ));
    assert!(matches!(
        load("\n\nthrow new Error('no'); export function executeWithRetry() {}"),
        Err(SubmissionError::Throws { line: Some(3), .. })
    ));
    assert!(matches!(
        load("await new Promise(() => {}); export function executeWithRetry() {}"),
        Err(SubmissionError::NeverLoads)
    ));
    assert!(matches!(
        load("for (;;); export function executeWithRetry() {}"),
        Err(SubmissionError::Halted(_))
    ));
    assert!(matches!(load(""), Err(SubmissionError::Empty)));
}
