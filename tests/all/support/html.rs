//! Enough of HTML to find forms and links in our own pages, and to see that they are well-formed.

#[derive(Clone, Debug, PartialEq)]
pub struct Tag {
    pub name: String,
    pub attributes: Vec<(String, String)>,
    pub closing: bool,
    pub self_closing: bool,
    /// What stands between this tag and the next one.
    pub text: String,
}

impl Tag {
    pub fn get(&self, name: &str) -> Option<&str> {
        self.attributes
            .iter()
            .find(|(n, _)| n == name)
            .map(|(_, value)| value.as_str())
    }

    fn opens(&self, name: &str) -> bool {
        !self.closing && self.name == name
    }
}

const VOID: [&str; 6] = ["meta", "link", "input", "br", "img", "hr"];
const RAW: [&str; 3] = ["script", "style", "textarea"];

/// All tags in their order. Panics where a tag does not end or an attribute is not quoted.
pub fn tags(html: &str) -> Vec<Tag> {
    let mut tags = Vec::new();
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        rest = &rest[start..];
        if rest.starts_with("<!--") {
            rest = &rest[rest.find("-->").expect("a comment ends")..];
            continue;
        }
        let (mut tag, after) = tag(rest);
        let end = match RAW.contains(&tag.name.as_str()) && !tag.closing {
            true => after.find(&format!("</{}", tag.name)).expect("raw text ends"),
            false => after.find('<').unwrap_or(after.len()),
        };
        tag.text = unescape(&after[..end]);
        rest = &after[end..];
        tags.push(tag);
    }
    tags
}

fn tag(html: &str) -> (Tag, &str) {
    let closing = html.starts_with("</");
    let mut rest = html.trim_start_matches(['<', '/']);
    let end = rest
        .find(|c: char| c.is_whitespace() || c == '>' || c == '/')
        .expect("a tag ends");
    let name = rest[..end].to_lowercase();
    rest = &rest[end..];
    let mut attributes: Vec<(String, String)> = Vec::new();
    loop {
        rest = rest.trim_start();
        if let Some(after) = rest.strip_prefix("/>") {
            return (
                Tag {
                    name,
                    attributes,
                    closing,
                    self_closing: true,
                    text: String::new(),
                },
                after,
            );
        }
        if let Some(after) = rest.strip_prefix('>') {
            return (
                Tag {
                    name,
                    attributes,
                    closing,
                    self_closing: false,
                    text: String::new(),
                },
                after,
            );
        }
        let end = rest
            .find(|c: char| c.is_whitespace() || c == '=' || c == '>')
            .expect("an attribute ends");
        let attribute = rest[..end].to_owned();
        assert!(
            !attribute.is_empty(),
            "an attribute has a name: {}",
            &rest[..rest.len().min(80)]
        );
        assert!(
            attributes.iter().all(|(n, _)| *n != attribute),
            "{attribute} stands twice in <{name}>"
        );
        rest = &rest[end..];
        let value = match rest.strip_prefix("=\"") {
            Some(quoted) => {
                let end = quoted.find('"').expect("a value ends");
                rest = &quoted[end + 1..];
                unescape(&quoted[..end])
            }
            None => {
                assert!(!rest.starts_with('='), "{attribute} of <{name}> is quoted");
                String::new()
            }
        };
        attributes.push((attribute, value));
    }
}

fn unescape(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(start) = rest.find('&') {
        out.push_str(&rest[..start]);
        rest = &rest[start..];
        let end = rest.find(';').unwrap_or_else(|| panic!("a bare & in {text:?}"));
        let entity = &rest[1..end];
        match entity {
            "amp" => out.push('&'),
            "lt" => out.push('<'),
            "gt" => out.push('>'),
            "quot" => out.push('"'),
            "nbsp" => out.push('\u{a0}'),
            _ => {
                let number = entity
                    .strip_prefix('#')
                    .unwrap_or_else(|| panic!("&{entity}; is not known"));
                let code = match number.strip_prefix('x') {
                    Some(hex) => u32::from_str_radix(hex, 16),
                    None => number.parse(),
                };
                out.push(code.ok().and_then(char::from_u32).expect("a character"));
            }
        }
        rest = &rest[end + 1..];
    }
    out + rest
}

/// Panics with the reason where a page is not what a browser should get.
pub fn check(html: &str) {
    let tags = tags(html);
    let mut open: Vec<&str> = Vec::new();
    let mut ids: Vec<&str> = Vec::new();
    for tag in &tags {
        if tag.name.starts_with('!') {
            continue;
        }
        assert_eq!(tag.get("style"), None, "<{}> has an inline style", tag.name);
        let handler = tag.attributes.iter().find(|(name, _)| name.starts_with("on"));
        assert_eq!(handler, None, "<{}> has an inline handler", tag.name);
        if let Some(id) = tag.get("id") {
            assert!(!ids.contains(&id), "the id {id} stands twice");
            ids.push(id);
        }
        if tag.closing {
            assert_eq!(
                open.pop(),
                Some(tag.name.as_str()),
                "what is opened last is closed first"
            );
        } else if !tag.self_closing && !VOID.contains(&tag.name.as_str()) {
            open.push(&tag.name);
        }
    }
    assert!(open.is_empty(), "left open: {open:?}");
    for tag in &tags {
        for attribute in ["for", "aria-describedby", "aria-labelledby"] {
            for id in tag.get(attribute).into_iter().flat_map(str::split_whitespace) {
                assert!(
                    ids.contains(&id),
                    "{attribute} of <{}> names {id}, which is not there",
                    tag.name
                );
            }
        }
        if let Some(anchor) = tag.get("href").and_then(|href| href.strip_prefix('#')) {
            assert!(ids.contains(&anchor), "a link leads to #{anchor}, which is not there");
        }
    }
    assert_eq!(
        tags.iter().filter(|tag| tag.opens("h1")).count(),
        1,
        "a page has one title"
    );
}

#[derive(Clone, Debug)]
pub struct FoundForm {
    pub action: String,
    pub post: bool,
    pub multipart: bool,
    pub fields: Vec<(String, String)>,
}

pub fn forms(html: &str) -> Vec<FoundForm> {
    let mut forms: Vec<FoundForm> = Vec::new();
    let mut inside = false;
    let mut select: Option<(String, Option<String>)> = None;
    for tag in tags(html) {
        if tag.name == "form" {
            inside = !tag.closing;
            if inside {
                forms.push(FoundForm {
                    action: tag.get("action").unwrap_or_default().to_owned(),
                    post: tag.get("method") == Some("post"),
                    multipart: tag.get("enctype") == Some("multipart/form-data"),
                    fields: Vec::new(),
                });
            }
        }
        let Some(form) = forms.last_mut().filter(|_| inside) else {
            continue;
        };
        let name = tag.get("name").unwrap_or_default().to_owned();
        let value = tag.get("value").unwrap_or_default().to_owned();
        if tag.opens("input") && !name.is_empty() {
            let pick = ["radio", "checkbox"].contains(&tag.get("type").unwrap_or_default());
            let chosen = !pick || tag.get("checked").is_some();
            if chosen && tag.get("type") != Some("file") {
                form.fields.push((name, value));
            }
        } else if tag.opens("textarea") {
            form.fields
                .push((name, tag.text.strip_prefix('\n').unwrap_or(&tag.text).to_owned()));
        } else if tag.opens("select") {
            select = Some((name, None));
        } else if tag.opens("option")
            && let Some((_, chosen)) = &mut select
        {
            if chosen.is_none() || tag.get("selected").is_some() {
                *chosen = Some(value);
            }
        } else if tag.name == "select"
            && let Some((name, chosen)) = select.take()
        {
            form.fields.push((name, chosen.unwrap_or_default()));
        }
    }
    forms
}

/// Where the links of a page lead.
pub fn links(html: &str) -> Vec<String> {
    tags(html)
        .iter()
        .filter(|tag| tag.opens("a"))
        .filter_map(|tag| tag.get("href").map(str::to_owned))
        .collect()
}

/// What a person reads.
pub fn text(html: &str) -> String {
    let words: Vec<String> = tags(html)
        .into_iter()
        .filter(|tag| tag.name != "script")
        .map(|tag| tag.text)
        .collect();
    words.concat().split_whitespace().collect::<Vec<_>>().join(" ")
}
