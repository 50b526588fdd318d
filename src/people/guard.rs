//! Stands before every route: finds out who is asking, and lets in those whom the map of routes names.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use axum::extract::{ConnectInfo, FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{Method, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::MethodRouter;
use axum_extra::extract::CookieJar;

use crate::app::{App, Peer};
use crate::error::AppError;
use crate::people::{Staff, sessions};
use crate::routes::Access;
use crate::ui::{SeeOther, percent_encoded};

pub fn around(handler: MethodRouter<App>, access: Access, app: &App) -> MethodRouter<App> {
    handler.route_layer(from_fn_with_state((app.clone(), access), check))
}

async fn check(State((app, access)): State<(App, Access)>, mut request: Request, next: Next) -> Response {
    let token = sessions::token_of(&app, &CookieJar::from_headers(request.headers()));
    let staff = match token {
        Some(token) => match sessions::staff_of(&app, &token).await {
            Ok(staff) => staff,
            Err(error) => return AppError::from(error).into_response(),
        },
        None => None,
    };
    let allowed = match (access, &staff) {
        (Access::Anyone, _) | (Access::Staff, Some(_)) => true,
        (Access::May(permission), Some(staff)) => staff.role.may(permission),
        (Access::Staff | Access::May(_), None) => return to_sign_in(&request).into_response(),
    };
    if !allowed {
        return AppError::Forbidden.into_response();
    }
    if let Some(staff) = staff {
        request.extensions_mut().insert(Arc::new(staff));
    }
    next.run(request).await
}

/// A page that was asked for is opened after signing in; a form has to be sent again.
fn to_sign_in(request: &Request) -> SeeOther {
    let asked = request.uri().path_and_query().map_or("/", |path| path.as_str());
    match *request.method() {
        Method::GET | Method::HEAD if asked != "/" => SeeOther::to(format!("/sign-in?next={}", percent_encoded(asked))),
        _ => SeeOther::to("/sign-in"),
    }
}

/// The person who is signed in; for handlers behind [`Access::Staff`] or [`Access::May`].
pub struct SignedIn(pub Arc<Staff>);

impl FromRequestParts<App> for SignedIn {
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<SignedIn, AppError> {
        parts
            .extensions
            .get::<Arc<Staff>>()
            .cloned()
            .map(SignedIn)
            .ok_or(AppError::Forbidden)
    }
}

/// The address that a request came from: the one next to us, or, behind a trusted proxy, the one that the proxy saw.
pub struct ClientAddress(pub IpAddr);

impl FromRequestParts<App> for ClientAddress {
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<ClientAddress, AppError> {
        let peer = parts
            .extensions
            .get::<ConnectInfo<Peer>>()
            .map(|ConnectInfo(Peer(address))| address.ip());
        let forwarded = parts
            .headers
            .get_all(header::HeaderName::from_static("x-forwarded-for"));
        // The last entry is the proxy's own; whatever stands before it, the client may have invented.
        let last = forwarded
            .iter()
            .next_back()
            .and_then(|value| value.to_str().ok()?.rsplit(',').next()?.trim().parse().ok());
        let address = if app.config.trust_proxy { last.or(peer) } else { peer };
        Ok(ClientAddress(address.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED))))
    }
}
