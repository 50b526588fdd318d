//! Stylesheets and scripts.

use crate::support::{Database, TestApp, html};

#[tokio::test]
async fn what_a_page_asks_for_is_there_and_may_be_kept() {
    let test = TestApp::new(Database::Sqlite).await;
    let mut browser = test.stranger();
    browser.open("/sign-in").await;
    let tags = html::tags(&browser.body);
    let asked = tags.iter().filter_map(|tag| tag.get("src").or(tag.get("href")));
    let asked: Vec<String> = asked
        .filter(|url| url.starts_with("/static/"))
        .map(str::to_owned)
        .collect();
    assert!(asked.iter().any(|url| url.ends_with(".css")));
    for url in &asked {
        browser.get(url).await;
        assert_eq!(browser.status, 200, "{url}");
        assert!(browser.header("cache-control").contains("immutable"), "{url}");
        assert!(!browser.body.is_empty(), "{url}");
    }
    let css = asked.iter().find(|url| url.ends_with(".css")).unwrap();
    browser.get(css).await;
    assert_eq!(browser.header("content-type"), "text/css; charset=utf-8");
    assert!(
        browser.body.starts_with("@layer tokens, "),
        "the order of the layers stands first"
    );
    let fonts = browser.body.clone();
    let font = fonts
        .split("../")
        .nth(1)
        .and_then(|rest| rest.split(['"', ')']).next())
        .expect("a font is asked for");
    let folder = css.strip_suffix("css/halfopen.css").unwrap();
    browser.get(&format!("{folder}{font}")).await;
    assert_eq!((browser.status, browser.header("content-type")), (200, "font/woff2"));
    browser.get(&format!("{folder}css/rooms/board.css")).await;
    assert_eq!(
        (browser.status, browser.header("content-type")),
        (200, "text/css; charset=utf-8")
    );
    assert!(browser.body.starts_with("@layer "), "comments are for us");
    browser.get("/static/another-edition/css/halfopen.css").await;
    assert_eq!(browser.status, 404);
}
