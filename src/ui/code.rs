//! Colours for JavaScript and TypeScript, by class.
//!
//! A lexer of its own: one pass over the text whatever a hostile program puts in it, and TypeScript's words as well.

use crate::ui::plots::Escaped;

/// One line of a program, ready to be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub number: usize,
    pub html: String,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Plain,
    Word,
    Text,
    Number,
    Call,
    Comment,
}

impl Kind {
    fn class(self) -> &'static str {
        match self {
            Kind::Plain => "",
            Kind::Word => "k",
            Kind::Text => "s",
            Kind::Number => "m",
            Kind::Call => "f",
            Kind::Comment => "c",
        }
    }
}

const WORDS: [&str; 55] = [
    "abstract",
    "as",
    "async",
    "await",
    "break",
    "case",
    "catch",
    "class",
    "const",
    "continue",
    "debugger",
    "declare",
    "default",
    "delete",
    "do",
    "else",
    "enum",
    "export",
    "extends",
    "false",
    "finally",
    "for",
    "function",
    "if",
    "implements",
    "import",
    "in",
    "instanceof",
    "interface",
    "keyof",
    "let",
    "namespace",
    "new",
    "null",
    "of",
    "private",
    "protected",
    "public",
    "readonly",
    "return",
    "satisfies",
    "static",
    "super",
    "switch",
    "this",
    "throw",
    "true",
    "try",
    "type",
    "typeof",
    "undefined",
    "var",
    "void",
    "while",
    "yield",
];
/// After these a slash begins a regular expression.
const BEFORE_EXPRESSION: [&str; 12] = [
    "await",
    "case",
    "delete",
    "do",
    "else",
    "in",
    "instanceof",
    "of",
    "return",
    "throw",
    "typeof",
    "yield",
];

pub fn lines(source: &str) -> Vec<Line> {
    let mut lines = vec![String::new()];
    for (kind, text) in Lexer::new(source) {
        for (i, part) in text.split('\n').enumerate() {
            if i > 0 {
                lines.push(String::new());
            }
            let part = part.strip_suffix('\r').unwrap_or(part);
            let Some(line) = lines.last_mut().filter(|_| !part.is_empty()) else {
                continue;
            };
            match kind {
                Kind::Plain => line.push_str(&Escaped(part).to_string()),
                _ => line.push_str(&format!(r#"<span class="{}">{}</span>"#, kind.class(), Escaped(part))),
            }
        }
    }
    if lines.len() > 1 && lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
    lines
        .into_iter()
        .enumerate()
        .map(|(i, html)| Line { number: i + 1, html })
        .collect()
}

/// Words with `code` in backticks, as HTML.
pub fn inline(text: &str) -> String {
    let parts: Vec<&str> = text.split('`').collect();
    let last = parts.len() - 1;
    let mut html = String::new();
    for (i, part) in parts.into_iter().enumerate() {
        match (i % 2 == 1, i == last) {
            (true, false) => html.push_str(&format!("<code>{}</code>", Escaped(part))),
            (true, true) => html.push_str(&format!("`{}", Escaped(part))),
            _ => html.push_str(&Escaped(part).to_string()),
        }
    }
    html
}

struct Lexer<'a> {
    rest: &'a str,
    /// For each template that is open, the braces that are open in its current expression.
    templates: Vec<usize>,
    /// Whether a value has just ended, so that a slash divides.
    after_value: bool,
}

impl<'a> Lexer<'a> {
    fn new(source: &'a str) -> Lexer<'a> {
        Lexer {
            rest: source,
            templates: Vec::new(),
            after_value: false,
        }
    }

    fn take(&mut self, length: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at(length);
        self.rest = rest;
        taken
    }

    /// From the backtick or the closing brace to the next expression or the end of the template.
    fn template(&mut self) -> &'a str {
        let mut chars = self.rest.char_indices().skip(1);
        while let Some((at, c)) = chars.next() {
            match c {
                '\\' => {
                    chars.next();
                }
                '`' => {
                    self.after_value = true;
                    return self.take(at + 1);
                }
                '$' if self.rest[at..].starts_with("${") => {
                    self.templates.push(0);
                    self.after_value = false;
                    return self.take(at + 2);
                }
                _ => {}
            }
        }
        self.take(self.rest.len())
    }

    fn quoted(&mut self, quote: char) -> &'a str {
        let mut chars = self.rest.char_indices().skip(1);
        while let Some((at, c)) = chars.next() {
            match c {
                '\\' => {
                    chars.next();
                }
                '\n' => return self.take(at),
                c if c == quote => return self.take(at + 1),
                _ => {}
            }
        }
        self.take(self.rest.len())
    }

    /// `None` where the line ends before the expression does: then the slash divides after all.
    fn regular_expression(&self) -> Option<usize> {
        let mut in_class = false;
        let mut chars = self.rest.char_indices().skip(1);
        while let Some((at, c)) = chars.next() {
            match c {
                '\\' => {
                    chars.next();
                }
                '\n' => return None,
                '[' => in_class = true,
                ']' => in_class = false,
                '/' if !in_class => {
                    let flags = self.rest[at + 1..].chars().take_while(char::is_ascii_lowercase).count();
                    return Some(at + 1 + flags);
                }
                _ => {}
            }
        }
        None
    }

    fn word(&mut self) -> (Kind, &'a str) {
        let length = self.rest.find(|c: char| !is_word(c)).unwrap_or(self.rest.len());
        let word = self.take(length);
        if WORDS.binary_search(&word).is_ok() {
            self.after_value = !BEFORE_EXPRESSION.contains(&word)
                && matches!(word, "this" | "super" | "null" | "true" | "false" | "undefined");
            return (Kind::Word, word);
        }
        self.after_value = true;
        let is_call = self.rest.trim_start_matches(' ').starts_with('(');
        (if is_call { Kind::Call } else { Kind::Plain }, word)
    }

    fn punctuation(&mut self, c: char) -> &'a str {
        match (c, self.templates.last_mut()) {
            ('{', Some(open)) => *open += 1,
            ('}', Some(0)) => {
                self.templates.pop();
                return self.template();
            }
            ('}', Some(open)) => *open -= 1,
            _ => {}
        }
        self.after_value = matches!(c, ')' | ']') || (self.after_value && c.is_whitespace());
        self.take(c.len_utf8())
    }
}

impl<'a> Iterator for Lexer<'a> {
    type Item = (Kind, &'a str);

    fn next(&mut self) -> Option<(Kind, &'a str)> {
        let c = self.rest.chars().next()?;
        if self.rest.starts_with("//") {
            let length = self.rest.find('\n').unwrap_or(self.rest.len());
            return Some((Kind::Comment, self.take(length)));
        }
        if self.rest.starts_with("/*") {
            let length = self.rest[2..].find("*/").map_or(self.rest.len(), |at| at + 4);
            return Some((Kind::Comment, self.take(length)));
        }
        match c {
            '"' | '\'' => {
                self.after_value = true;
                Some((Kind::Text, self.quoted(c)))
            }
            '`' => Some((Kind::Text, self.template())),
            '/' if !self.after_value => match self.regular_expression() {
                Some(length) => {
                    self.after_value = true;
                    Some((Kind::Text, self.take(length)))
                }
                None => Some((Kind::Plain, self.punctuation(c))),
            },
            '0'..='9' => {
                let length = self
                    .rest
                    .find(|c: char| !is_word(c) && c != '.')
                    .unwrap_or(self.rest.len());
                self.after_value = true;
                Some((Kind::Number, self.take(length)))
            }
            c if is_word(c) => Some(self.word()),
            '}' if self.templates.last() == Some(&0) => Some((Kind::Text, self.punctuation(c))),
            c => Some((Kind::Plain, self.punctuation(c))),
        }
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '$'
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn html(source: &str) -> String {
        lines(source).into_iter().map(|l| l.html).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn colours_what_a_reader_looks_for() {
        insta::assert_snapshot!(html(crate::ui::samples::SOURCE));
    }

    #[test]
    fn a_slash_divides_or_begins_a_regular_expression() {
        assert_eq!(html("a / b / c"), "a / b / c");
        assert_eq!(html("x = /[/\"]+/g;"), r#"x = <span class="s">/[/&quot;]+/g</span>;"#);
        assert_eq!(
            html("return /a/"),
            r#"<span class="k">return</span> <span class="s">/a/</span>"#
        );
    }

    #[test]
    fn templates_hold_expressions_that_hold_templates() {
        let expected = r#"<span class="s">`a ${</span>b + <span class="s">`c${</span>{}<span class="s">}`</span><span class="s">} d`</span>;"#;
        assert_eq!(html("`a ${b + `c${{}}`} d`;"), expected);
    }

    #[test]
    fn a_comment_keeps_its_colour_over_lines() {
        assert_eq!(
            html("/* a\r\nb */ 1"),
            "<span class=\"c\">/* a</span>\n<span class=\"c\">b */</span> <span class=\"m\">1</span>"
        );
    }

    #[test]
    fn the_words_are_in_order() {
        assert!(WORDS.is_sorted());
    }

    #[test]
    fn code_in_a_sentence() {
        assert_eq!(inline("Write `a < b`, not `c"), "Write <code>a &lt; b</code>, not `c");
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn any_text_is_shown_whole(source in "[a/*`${}'\"\\\\\r\n<&é🦀 0]{0,60}") {
            let shown = html(&source).replace("&lt;", "<").replace("&amp;", "&").replace("&quot;", "\"");
            let mut text = String::new();
            let mut rest = shown.as_str();
            while let Some(at) = rest.find("<span class=").into_iter().chain(rest.find("</span>")).min() {
                text.push_str(&rest[..at]);
                rest = rest[at..].split_once('>').map_or("", |(_, rest)| rest);
            }
            text.push_str(rest);
            let plain = |s: &str| s.replace(['\r', '\n', ' '], "");
            prop_assert_eq!(plain(&text), plain(&source));
        }
    }
}
