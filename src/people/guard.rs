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
use crate::people::Staff;
use crate::people::devices::Device;
use crate::people::sessions::{self, Holder};
use crate::routes::Access;
use crate::ui::{SeeOther, percent_encoded};

const SECOND_FACTOR: &str = "/account/second-factor";

pub fn around(handler: MethodRouter<App>, access: Access, app: &App) -> MethodRouter<App> {
    handler.route_layer(from_fn_with_state((app.clone(), access), check))
}

async fn check(State((app, access)): State<(App, Access)>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let holder = match holder_of(&app, &mut parts).await {
        Ok(holder) => holder,
        Err(error) => return error.into_response(),
    };
    let mut request = Request::from_parts(parts, body);
    let allowed = match (access, &holder) {
        (Access::Anyone, _) => true,
        (Access::Staff | Access::May(_), None) => return to_sign_in(&request).into_response(),
        (_, Some(holder)) if holder.lacks_second_factor && !sets_it_up(&request) => {
            return SeeOther::to(SECOND_FACTOR).into_response();
        }
        (Access::Staff, Some(_)) => true,
        (Access::May(permission), Some(holder)) => holder.staff.role.may(permission),
    };
    if !allowed {
        return AppError::Forbidden.into_response();
    }
    if let Some(holder) = holder {
        request.extensions_mut().insert(Arc::new(holder.staff));
    }
    next.run(request).await
}

async fn holder_of(app: &App, parts: &mut Parts) -> Result<Option<Holder>, AppError> {
    let Some(token) = sessions::token_of(app, &CookieJar::from_headers(&parts.headers)) else {
        return Ok(None);
    };
    let Ok(device) = Device::from_request_parts(parts, app).await;
    Ok(sessions::holder_of(app, &token, &device).await?)
}

/// All that is open to somebody who has to have a second factor, and has none yet.
fn sets_it_up(request: &Request) -> bool {
    let path = request.uri().path();
    path == "/account/theme" || path.starts_with(SECOND_FACTOR)
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
        Ok(ClientAddress(address_of(app, parts)))
    }
}

pub fn address_of(app: &App, parts: &Parts) -> IpAddr {
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
    address.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED))
}
