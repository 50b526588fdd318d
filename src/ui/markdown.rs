//! Markdown that ships with Halfopen, as HTML. Raw HTML in it is shown as text, so no document brings markup of its own.

use pulldown_cmark::{CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd, html};

pub fn to_html(markdown: &str) -> String {
    let parser = Parser::new_ext(markdown, Options::ENABLE_TABLES).map(|event| match event {
        Event::Html(text) | Event::InlineHtml(text) => Event::Text(text),
        // The page has a title of its own.
        Event::Start(Tag::Heading {
            level,
            id,
            classes,
            attrs,
        }) => Event::Start(Tag::Heading {
            level: below(level),
            id,
            classes,
            attrs,
        }),
        Event::End(TagEnd::Heading(level)) => Event::End(TagEnd::Heading(below(level))),
        Event::Start(Tag::Link {
            link_type,
            dest_url,
            title,
            id,
        }) => Event::Start(Tag::Link {
            link_type,
            dest_url: harmless(dest_url),
            title,
            id,
        }),
        Event::Start(Tag::Image { .. }) | Event::End(TagEnd::Image) => Event::Text("".into()),
        other => other,
    });
    let mut out = String::new();
    html::push_html(&mut out, parser);
    // A block of code scrolls on a narrow screen, and then has to be reached from the keyboard.
    out.replace("<pre>", "<pre tabindex=\"0\">")
}

fn below(level: HeadingLevel) -> HeadingLevel {
    match level {
        HeadingLevel::H1 => HeadingLevel::H2,
        HeadingLevel::H2 => HeadingLevel::H3,
        _ => HeadingLevel::H4,
    }
}

fn harmless(url: CowStr<'_>) -> CowStr<'_> {
    let allowed = ["https://", "http://", "/", "#", "mailto:"]
        .iter()
        .any(|start| url.starts_with(start));
    if allowed { url } else { "#".into() }
}

#[cfg(test)]
mod tests {
    use super::to_html;

    #[test]
    fn no_markup_of_its_own_gets_through() {
        let html = to_html("# Title\n\n<script>alert(1)</script>\n\n[go](javascript:alert(1)) `code`");
        assert!(
            html.contains("<h2>Title</h2>") && html.contains("<code>code</code>"),
            "{html}"
        );
        assert!(!html.contains("<script") && !html.contains("javascript:"), "{html}");
    }
}
