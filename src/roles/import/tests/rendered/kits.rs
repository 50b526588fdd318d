//! Any kit that a document can say.

use crate::roles::kit::*;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

fn word() -> impl Strategy<Value = String> {
    "[b-df-hj-np-tv-z][aeiou][b-df-hj-np-tv-z][aeiou][lmnr]"
}

fn name() -> impl Strategy<Value = String> {
    vec(word(), 1..4).prop_map(|words| {
        let capital = |word: &String| word[..1].to_uppercase() + &word[1..];
        words.iter().map(capital).collect::<Vec<_>>().join(" ")
    })
}

fn sentence() -> impl Strategy<Value = String> {
    (name(), vec(word(), 3..12)).prop_map(|(name, words)| format!("{name} {}.", words.join(" ")))
}

fn ask() -> impl Strategy<Value = String> {
    (name(), vec(word(), 4..12)).prop_map(|(name, words)| format!("{name} {}?", words.join(" ")))
}

fn entry() -> impl Strategy<Value = String> {
    (name(), vec(word(), 2..8)).prop_map(|(name, words)| format!("{name} {}", words.join(" ")))
}

fn entries() -> impl Strategy<Value = Vec<String>> {
    vec(entry(), 1..5)
}

fn anchors() -> impl Strategy<Value = Anchors> {
    (sentence(), sentence(), sentence()).prop_map(|(exceeds, meets, below)| Anchors { exceeds, meets, below })
}

fn rounds() -> impl Strategy<Value = String> {
    prop::sample::select(vec!["First Call", "Panel: Craft", "Last Talk"]).prop_map(str::to_string)
}

prop_compose! {
    fn competency_question()(
        question in ask(), discipline in name(), competency in name(), expectation in sentence(), focus in sentence(),
        level in prop::sample::select(vec!["Junior", "Senior"]), round in rounds(), positive in entries(), negative in entries(),
    ) -> CompetencyQuestion {
        let level = level.to_string();
        CompetencyQuestion { question, discipline, competency, expectation, focus, level, round, positive, negative, minutes: None }
    }
}

prop_compose! {
    fn attitude_question()(
        question in ask(), trait_name in name(), definition in sentence(), round in rounds(), positive in entries(), negative in entries(),
    ) -> AttitudeQuestion {
        AttitudeQuestion { question, trait_name, definition, round, positive, negative, minutes: None }
    }
}

prop_compose! {
    fn knock_out()(question in ask(), yes in 0..3_usize, no in 0..3_usize, other in option::of(0..3_usize)) -> KnockOut {
        let decisions = [Decision::Qualifies, Decision::Declines, Decision::Review];
        let answer = |answer: &str, n: usize| Answer { answer: answer.to_string(), decision: decisions[n] };
        let mut answers = vec![answer("Yes", yes), answer("No", no)];
        answers.extend(other.map(|n| answer("5+ years", n)));
        KnockOut { question, answers }
    }
}

prop_compose! {
    fn coding_test()(
        minutes in 1..480_u32, positive in entries(), negative in entries(), variants in option::of((sentence(), sentence(), sentence(), sentence())),
        alone in sentence(), setting in name(),
    ) -> CodingTest {
        let variant = |name: &str, instructions: String, task: String| Variant { name: name.to_string(), instructions, task };
        let variants = match variants {
            Some((a, b, c, d)) => vec![variant("Without AI", a, b), variant("With AI", c, d)],
            None => vec![variant("", String::new(), alone)],
        };
        CodingTest { setting, minutes: Some(minutes), positive, negative, variants, ..CodingTest::default() }
    }
}

prop_compose! {
    fn presentation()(
        prompt in sentence(), format in name(), minutes in 1..480_u32, preparation in 1..480_u32, audience in name(),
        prepare in entries(), deliverables in entries(), ground_rules in entries(), positive in entries(), negative in entries(),
        anchors in anchors(),
    ) -> Presentation {
        Presentation {
            prompt, format, minutes: Some(minutes), preparation_minutes: Some(preparation), audience, prepare, deliverables,
            ground_rules, positive, negative, anchors, shows: Vec::new(),
        }
    }
}

prop_compose! {
    fn part()(name in name(), stance in word(), played_by in word(), motivation in sentence(), constraints in entries(),
        tensions in entries(), guidance in entries(), do_not in entries()) -> Part {
        Part { name, stance, played_by, motivation, constraints, tensions, guidance, do_not }
    }
}

prop_compose! {
    fn simulation()(
        scenario in sentence(), problem in sentence(), format in name(), minutes in 1..480_u32, success_criteria in entries(),
        review in entries(), ground_rules in entries(), positive in entries(), negative in entries(), anchors in anchors(),
        roles in vec(part(), 0..3),
    ) -> Simulation {
        Simulation {
            scenario, problem, format, minutes: Some(minutes), preparation_minutes: None, success_criteria, review, ground_rules,
            positive, negative, anchors, roles, shows: Vec::new(),
        }
    }
}

fn levels() -> impl Strategy<Value = Vec<String>> {
    let sets: [&[&str]; 5] = [
        &["Junior", "Senior"],
        &["Junior", "Mid", "Senior"],
        &["L3", "L4", "L5", "L6"],
        &[
            "Associate",
            "Engineer",
            "Senior Engineer",
            "Staff Engineer",
            "Principal",
        ],
        &["Novice", "Adept", "Master"],
    ];
    let owned = sets.map(|set| set.iter().map(|level| level.to_string()).collect::<Vec<_>>());
    prop::sample::select(owned.to_vec())
}

prop_compose! {
    fn framework()(levels in levels())(
        disciplines in vec((name(), vec((name(), vec(sentence(), levels.len())), 1..4)), 0..3),
        levels in Just(levels),
    ) -> (Vec<String>, Vec<Discipline>) {
        let mut known = std::collections::HashSet::new();
        let mut all: Vec<Discipline> = Vec::new();
        for (name, competencies) in disciplines {
            let competencies: Vec<Competency> = competencies.into_iter().filter(|(name, _)| known.insert(name.clone())).map(|(name, texts)| {
                Competency { name, expected: levels.iter().cloned().zip(texts).collect() }
            }).collect();
            if !competencies.is_empty() && all.iter().all(|discipline| discipline.name != name) {
                all.push(Discipline { name, competencies });
            }
        }
        (levels, all)
    }
}

prop_compose! {
    pub fn some_kit()(
        (title, author, why_hard) in (name(), name(), vec(sentence(), 1..3)),
        (levels, disciplines) in framework(),
        competency_questions in vec(competency_question(), 0..4),
        attitude_questions in vec(attitude_question(), 0..4),
        knock_outs in vec(knock_out(), 0..3),
        video_questions in vec((ask(), 5..600_u32), 0..3),
        resume_criteria in vec(prop_oneof![sentence(), ask()], 0..5),
        coding_tests in vec(coding_test(), 0..3),
        presentations in vec(presentation(), 0..3),
        simulations in vec(simulation(), 0..2),
    ) -> Kit {
        let video = |(question, seconds)| VideoQuestion { question, limit_seconds: Some(seconds), format: "Recorded video".to_string() };
        let mut kit = Kit {
            author, why_hard: why_hard.join("\n\n"), disciplines, competency_questions, attitude_questions, knock_outs,
            video_questions: video_questions.into_iter().map(video).collect(),
            resume_criteria, coding_tests, presentations, simulations, ..Kit::titled(title)
        };
        let mut named: Vec<String> = kit.competency_questions.iter().map(|question| question.level.clone()).collect();
        named.sort();
        named.dedup();
        kit.levels = if kit.disciplines.is_empty() { named } else { levels };
        kit
    }
}
