//! Around every response: security headers, a page for every error, messages that survive a redirect.
//!
//! It holds for every route to come, because it is outside of the map of routes.

use std::any::Any;
use std::time::Duration;

use axum::Router;
use axum::extract::{FromRequestParts, Request, State};
use axum::http::StatusCode;
use axum::http::header::{self, HeaderName, HeaderValue};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::{Cookie, SameSite};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::csrf::CsrfLayer;

use crate::app::App;
use crate::error::Problem;
use crate::ui::pages::ErrorPage;
use crate::ui::respond::{Flash, Page};
use crate::ui::shell::Shell;

/// What an inline script or style needs to be run: drawn anew for every request.
#[derive(Clone, Debug)]
pub struct Nonce(pub String);

/// What a page does with sound and pictures, put beside it into the response: no other page may do it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Media {
    /// Plays recordings of this site.
    Play,
    /// Uses camera and microphone, and plays what they recorded.
    Record,
}

const PATIENCE: Duration = Duration::from_secs(30);
/// Somebody on a slow connection sends so many bytes a second, and is waited for.
const SLOW_BYTES: u64 = 32 * 1024;
/// No form is larger.
const MOST_SENT: u64 = 24 * 1024 * 1024;

pub fn around(routes: Router, app: &App) -> Router {
    let csrf = CsrfLayer::new()
        .add_trusted_origin(app.config.public_url.join(""))
        .expect("a public address is an origin");
    routes
        .fallback(|| async { Problem::of_status(StatusCode::NOT_FOUND) })
        .layer(csrf)
        .layer(CatchPanicLayer::custom(problem_of_panic))
        .layer(from_fn_with_state(app.clone(), frame))
        .layer(CompressionLayer::new())
}

fn problem_of_panic(panic: Box<dyn Any + Send>) -> Response {
    let text = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied());
    Problem::internal(format!("panic: {}", text.unwrap_or("without a message"))).into_response()
}

async fn frame(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let nonce = Nonce(URL_SAFE_NO_PAD.encode(app.random::<16>()));
    request.extensions_mut().insert(nonce.clone());
    let jar = CookieJar::from_headers(request.headers());
    let (mut parts, body) = request.into_parts();
    let shell = Shell::from_request_parts(&mut parts, &app).await;

    let patience = PATIENCE + sending_time(&parts.headers);
    let answer = tokio::time::timeout(patience, next.run(Request::from_parts(parts, body))).await;
    let mut response = answer.unwrap_or_else(|_| Problem::timeout().into_response());
    if let (Some(problem), Ok(shell)) = (problem_of(&response), shell) {
        response = error_page(&app, shell, problem);
    }
    pass_flash(&app, &jar, &mut response);
    set_headers(&app, &nonce, &mut response);
    response
}

fn sending_time(headers: &header::HeaderMap) -> Duration {
    let length = headers.get(header::CONTENT_LENGTH);
    let bytes: Option<u64> = length.and_then(|length| length.to_str().ok()?.parse().ok());
    Duration::from_secs(bytes.unwrap_or_default().min(MOST_SENT) / SLOW_BYTES)
}

fn problem_of(response: &Response) -> Option<Problem> {
    let status = response.status();
    let said = response.extensions().get::<Problem>().cloned();
    // A page, or an answer to a script, says itself what is wrong.
    let says_itself = response.headers().get(header::CONTENT_TYPE).is_some_and(|kind| {
        let kind = kind.as_bytes();
        kind.starts_with(b"text/html") || kind.starts_with(b"application/json")
    });
    let failed = status.is_client_error() || status.is_server_error();
    said.or_else(|| (failed && !says_itself).then(|| Problem::of_status(status)))
}

fn error_page(app: &App, shell: Shell, problem: Problem) -> Response {
    let reference = reference(app);
    let (path, status) = (&shell.path, problem.status);
    match &problem.source {
        Some(source) if status.is_server_error() => {
            tracing::error!(%reference, %status, path, source, "a request failed")
        }
        source => tracing::info!(%reference, %status, path, source, "a request was refused"),
    }
    let mut headers = header::HeaderMap::new();
    if let Some(wait) = problem.retry_after {
        headers.insert(header::RETRY_AFTER, HeaderValue::from(wait.as_secs().max(1)));
    }
    let page = ErrorPage {
        at: app.now(),
        shell,
        reference,
        title: problem.title,
        advice: problem.advice,
    };
    (status, headers, Page(page)).into_response()
}

/// Short enough to be read aloud: "7K-PL-204", without letters that look like figures.
fn reference(app: &App) -> String {
    const LETTERS: &[u8] = b"ABCDEFGHJKLMNPQRSTUVWXYZ";
    let letter = || char::from(LETTERS[usize::try_from(app.random_up_to(LETTERS.len() as u64 - 1)).unwrap_or(0)]);
    let (digit, number) = (app.random_up_to(9), app.random_up_to(999));
    format!("{digit}{}-{}{}-{number:03}", letter(), letter(), letter())
}

fn pass_flash(app: &App, jar: &CookieJar, response: &mut Response) {
    let name = cookie_name(app, "flash");
    if let Some(flash) = response.extensions_mut().remove::<Flash>() {
        set_cookie(response, cookie_for(app, "flash", flash.encode(), 300));
    } else if jar.get(&name).is_some() && !response.status().is_redirection() && is_html(response) {
        set_cookie(response, cookie_for(app, "flash", String::new(), 0));
    }
}

fn is_html(response: &Response) -> bool {
    response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"))
}

/// On https the prefix makes the browser itself refuse a cookie that anyone else has set.
pub fn cookie_name(app: &App, name: &str) -> String {
    if app.config.public_url.is_https() {
        format!("__Host-{name}")
    } else {
        name.to_owned()
    }
}

/// A cookie that scripts cannot read and other sites cannot send along with a form.
pub fn cookie(app: &App, name: &str, value: String) -> Cookie<'static> {
    Cookie::build((cookie_name(app, name), value))
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(app.config.public_url.is_https())
        .build()
}

/// The same, for a time; none at all removes it.
pub fn cookie_for(app: &App, name: &str, value: String, seconds: i64) -> Cookie<'static> {
    let mut cookie = cookie(app, name, value);
    cookie.set_max_age(time::Duration::seconds(seconds));
    cookie
}

pub fn set_cookie(response: &mut Response, cookie: Cookie<'static>) {
    if let Ok(value) = HeaderValue::from_str(&cookie.to_string()) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
}

fn set_headers(app: &App, Nonce(nonce): &Nonce, response: &mut Response) {
    let (media, devices) = match response.extensions().get::<Media>() {
        None => ("", "camera=(), microphone=()"),
        Some(Media::Play) => (" media-src 'self';", "camera=(), microphone=()"),
        Some(Media::Record) => (" media-src 'self' blob:;", "camera=(self), microphone=(self)"),
    };
    let policy = format!(
        "default-src 'none'; script-src 'nonce-{nonce}'; style-src 'self' 'nonce-{nonce}'; img-src 'self' data:; \
         font-src 'self'; connect-src 'self';{media} form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    );
    let permissions = format!("{devices}, geolocation=(), payment=(), usb=(), browsing-topics=()");
    let headers = response.headers_mut();
    // A file says for itself that nothing in it may run.
    if let (false, Ok(policy)) = (
        headers.contains_key(header::CONTENT_SECURITY_POLICY),
        HeaderValue::from_str(&policy),
    ) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    if let Ok(permissions) = HeaderValue::from_str(&permissions) {
        headers.insert(HeaderName::from_static("permissions-policy"), permissions);
    }
    for (name, value) in FIXED_HEADERS {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    if app.config.public_url.is_https() {
        let year = HeaderValue::from_static("max-age=31536000");
        headers.insert(header::STRICT_TRANSPORT_SECURITY, year);
    }
    // What a person saw must not be found in the browser after signing out. Assets say for themselves.
    headers
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
}

const FIXED_HEADERS: [(&str, &str); 5] = [
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
];
