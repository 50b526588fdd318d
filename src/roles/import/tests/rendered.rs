//! Kits that are written as documents in many ways, and read again.
mod kits;
mod writer;

use super::*;
use crate::roles::kit::Round;
use kits::some_kit;
use proptest::prelude::*;
use writer::write;

/// How a document is written.
#[derive(Clone, Debug)]
struct Style {
    counters: bool,
    blanks: bool,
    bullet: &'static str,
    /// Whether values stand on the line of their label.
    inline: bool,
    numbers: bool,
    end: &'static str,
    /// Where the list of sections begins.
    first: usize,
    stages: bool,
    cells: bool,
    form: Form,
}

#[derive(Clone, Copy, Debug)]
enum Form {
    Text,
    Markdown,
    /// Every line is an element of this name.
    Html(&'static str),
}

fn style() -> impl Strategy<Value = Style> {
    let flags = (
        any::<bool>(),
        any::<bool>(),
        any::<bool>(),
        any::<bool>(),
        any::<bool>(),
        any::<bool>(),
    );
    let bullets = prop::sample::select(vec!["  • ", "- ", "* ", "", "•", "– "]);
    (
        flags,
        bullets,
        prop::sample::select(vec!["\n", "\r\n", "\r"]),
        0..6_usize,
        prop::sample::select(vec![
            Form::Text,
            Form::Text,
            Form::Markdown,
            Form::Html("p"),
            Form::Html("div"),
        ]),
    )
        .prop_map(|(flags, bullet, end, first, form)| Style {
            counters: flags.0,
            blanks: flags.1,
            inline: flags.2,
            numbers: flags.3,
            stages: flags.4,
            cells: flags.5,
            bullet,
            end,
            first,
            form,
        })
}

/// The rounds that a document names, in the order of its sections.
fn with_rounds(mut kit: Kit, style: &Style) -> Kit {
    let competency = kit.competency_questions.iter().map(|question| question.round.clone());
    let attitude = kit.attitude_questions.iter().map(|question| question.round.clone());
    let all: Vec<String> = if style.first == 1 {
        attitude.chain(competency).collect()
    } else {
        competency.chain(attitude).collect()
    };
    for name in all {
        if kit.rounds.iter().all(|round| round.name != name) {
            kit.rounds.push(Round { name, minutes: None });
        }
    }
    kit
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_written_as_a_document_is_read_from_it(kit in some_kit(), style in style()) {
        let kit = with_rounds(kit, &style);
        let text = write(&kit, &style);
        let import = read("role", &text);
        mutations::check(&import);
        prop_assert_eq!(leftovers(&import), Vec::<&str>::new(), "{}", text);
        let (read, written) = (write_kit(kit_of(&import)), write_kit(&kit));
        let differ = read.lines().zip(written.lines()).find(|(a, b)| a != b);
        prop_assert_eq!(differ, None, "{}", text);
        prop_assert_eq!(read.lines().count(), written.lines().count());
    }
}
