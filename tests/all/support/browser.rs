//! A person at a browser: keeps cookies, follows links, submits the forms that it finds.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{HeaderMap, Request, header};
use halfopen::app::Peer;
use tower::ServiceExt as _;

use super::html::{self, FoundForm};

pub struct Browser {
    router: Router,
    pub cookies: BTreeMap<String, String>,
    pub address: SocketAddr,
    /// What the browser calls itself; empty: nothing.
    pub agent: String,
    pub path: String,
    pub status: u16,
    pub headers: HeaderMap,
    pub bytes: Vec<u8>,
    pub body: String,
}

impl Browser {
    pub fn new(router: Router) -> Browser {
        Browser {
            router,
            cookies: BTreeMap::new(),
            address: ([192, 0, 2, 1], 50_000).into(),
            agent: String::new(),
            path: String::new(),
            status: 0,
            headers: HeaderMap::new(),
            bytes: Vec::new(),
            body: String::new(),
        }
    }

    pub async fn get(&mut self, path: &str) -> &mut Browser {
        let request = Request::get(path).header("sec-fetch-site", "none").body(Body::empty());
        self.send(request.expect("a request")).await
    }

    /// Opens a page that must be there, and checks that it is well-formed.
    pub async fn open(&mut self, path: &str) -> &mut Browser {
        self.get(path).await;
        assert_eq!(self.status, 200, "{path}: {}", self.body);
        html::check(&self.body);
        self
    }

    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> &mut Browser {
        let fields: Vec<(String, String)> = fields.iter().map(|(n, v)| ((*n).into(), (*v).into())).collect();
        let request = Request::post(path)
            .header("sec-fetch-site", "same-origin")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(urlencoded(&fields)));
        self.send(request.expect("a request")).await
    }

    /// Fills in the form of this page that goes to `action`, and sends it as a browser would.
    pub async fn submit(&mut self, action: &str, answers: &[(&str, &str)]) -> &mut Browser {
        let form = self.form(action);
        self.send_form(&form, answers, None).await
    }

    pub async fn submit_file(&mut self, action: &str, answers: &[(&str, &str)], file: (&str, &[u8])) -> &mut Browser {
        let form = self.form(action);
        self.send_form(&form, answers, Some(file)).await
    }

    /// The same with files by field: the field, the name of the file, what it holds.
    pub async fn submit_files(
        &mut self,
        action: &str,
        answers: &[(&str, &str)],
        files: &[(&str, &str, &[u8])],
    ) -> &mut Browser {
        let form = self.form(action);
        self.send_files(&form, answers, files).await
    }

    pub fn links(&self) -> Vec<String> {
        html::links(&self.body)
    }

    pub fn form(&self, action: &str) -> FoundForm {
        let path = self.path.split('?').next().unwrap_or_default();
        let mut forms = html::forms(&self.body).into_iter();
        let found = forms.find(|form| form.action == action || form.action.is_empty() && action == path);
        found.unwrap_or_else(|| panic!("{} has no form to {action}: {}", self.path, self.body))
    }

    pub async fn send_form(
        &mut self,
        form: &FoundForm,
        answers: &[(&str, &str)],
        file: Option<(&str, &[u8])>,
    ) -> &mut Browser {
        let (name, bytes) = file.unwrap_or(("", b""));
        self.send_files(form, answers, &[("file", name, bytes)]).await
    }

    pub async fn send_files(
        &mut self,
        form: &FoundForm,
        answers: &[(&str, &str)],
        files: &[(&str, &str, &[u8])],
    ) -> &mut Browser {
        let mut fields = form.fields.clone();
        for (name, answer) in answers {
            match fields.iter_mut().find(|(n, _)| n == name) {
                Some((_, value)) => *value = (*answer).to_owned(),
                // A group of radio buttons without a choice.
                None => fields.push(((*name).to_owned(), (*answer).to_owned())),
            }
        }
        let action = if form.action.is_empty() {
            self.path.clone()
        } else {
            form.action.clone()
        };
        if !form.post {
            return self.get(&format!("{action}?{}", urlencoded(&fields))).await;
        }
        let request = Request::post(action).header("sec-fetch-site", "same-origin");
        let request = if form.multipart {
            let kind = format!("multipart/form-data; boundary={BOUNDARY}");
            request
                .header(header::CONTENT_TYPE, kind)
                .body(Body::from(multipart(&fields, files)))
        } else {
            let kind = "application/x-www-form-urlencoded";
            request
                .header(header::CONTENT_TYPE, kind)
                .body(Body::from(urlencoded(&fields)))
        };
        self.send(request.expect("a request")).await
    }

    pub async fn send(&mut self, mut request: Request<Body>) -> &mut Browser {
        self.path = request.uri().to_string();
        let cookies: Vec<String> = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let headers = request.headers_mut();
        headers
            .entry(header::HOST)
            .or_insert("halfopen.test".parse().expect("a host"));
        if !self.agent.is_empty() {
            headers.insert(header::USER_AGENT, self.agent.parse().expect("an agent"));
        }
        if !cookies.is_empty() {
            headers.insert(header::COOKIE, cookies.join("; ").parse().expect("cookies"));
        }
        request.extensions_mut().insert(ConnectInfo(Peer(self.address)));
        let response = self.router.clone().oneshot(request).await.expect("it answers");
        self.status = response.status().as_u16();
        self.headers = response.headers().clone();
        self.bytes = axum::body::to_bytes(response.into_body(), usize::MAX)
            .await
            .expect("a body")
            .to_vec();
        self.body = String::from_utf8_lossy(&self.bytes).into_owned();
        self.keep_cookies();
        self
    }

    fn keep_cookies(&mut self) {
        for cookie in self.headers.get_all(header::SET_COOKIE) {
            let cookie = cookie.to_str().expect("ASCII");
            let (name, value) = cookie
                .split(';')
                .next()
                .and_then(|pair| pair.split_once('='))
                .expect("a pair");
            if cookie.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().expect("ASCII"))
    }

    /// Where a redirect leads.
    pub fn location(&self) -> String {
        assert_eq!(self.status, 303, "{}", self.body);
        self.header("location").to_owned()
    }

    pub async fn follow(&mut self) -> &mut Browser {
        let mut location = self.location();
        for _ in 0..5 {
            self.get(&location).await;
            if self.status != 303 {
                break;
            }
            location = self.location();
        }
        assert_eq!(self.status, 200, "{location}: {}", self.body);
        html::check(&self.body);
        self
    }

    pub async fn sign_in(&mut self, email: &str, password: &str) -> &mut Browser {
        self.open("/sign-in").await;
        self.submit("/sign-in", &[("email", email), ("password", password)])
            .await
    }

    pub fn text(&self) -> String {
        html::text(&self.body)
    }

    #[track_caller]
    pub fn sees(&self, words: &str) -> &Browser {
        let text = self.text();
        assert!(
            text.contains(words),
            "{} {} does not say {words:?}: {text}",
            self.status,
            self.path
        );
        self
    }

    #[track_caller]
    pub fn misses(&self, words: &str) -> &Browser {
        let text = self.text();
        assert!(!text.contains(words), "{} says {words:?}: {text}", self.path);
        self
    }
}

const BOUNDARY: &str = "a-line-that-no-program-has";

fn multipart(fields: &[(String, String)], files: &[(&str, &str, &[u8])]) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, value) in fields {
        let head = format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n");
        body.extend([head.as_bytes(), value.as_bytes(), b"\r\n"].concat());
    }
    for (field, name, bytes) in files {
        let head = format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"{name}\"\r\nContent-Type: text/plain\r\n\r\n"
        );
        body.extend([head.as_bytes(), bytes, b"\r\n"].concat());
    }
    body.extend(format!("--{BOUNDARY}--\r\n").as_bytes());
    body
}

pub fn urlencoded(fields: &[(String, String)]) -> String {
    let pairs = fields.iter().map(|(name, value)| {
        format!(
            "{}={}",
            halfopen::ui::percent_encoded(name),
            halfopen::ui::percent_encoded(value)
        )
    });
    pairs.collect::<Vec<_>>().join("&")
}
