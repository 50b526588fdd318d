//! Every route, as every role and as a stranger.

use std::collections::BTreeMap;

use axum::body::Body;
use axum::http::{Method, Request};
use halfopen::people::Role;
use halfopen::routes::{Access, map};

const NOWHERE: &str = "00000000-0000-7000-8000-000000000000";

/// A route with something in place of its parameters.
fn address(path: &str) -> String {
    path.replace("{id}", NOWHERE)
        .replace("{regrading}", NOWHERE)
        .replace("{bank}", NOWHERE)
        .replace("{question}", NOWHERE)
        .replace("{proposal}", NOWHERE)
        .replace("{event}", "invitation")
        .replace("{part}", "knock_outs")
        .replace("{at}", "0")
        .replace("{line}", "1")
        .replace("{number}", "1")
        .replace("{note}", NOWHERE)
        .replace("{other}", NOWHERE)
        .replace("{to_do}", NOWHERE)
        .replace("{comment}", NOWHERE)
        .replace("{token}", "none")
        .replace("{link}", "none")
        .replace("{slug}", "none")
        .replace("/files/{file}", &format!("/files/{NOWHERE}"))
        .replace("{stage}", NOWHERE)
        .replace("{view}", NOWHERE)
        .replace("{act}", NOWHERE)
        .replace("{edition}", "none")
        .replace("{*file}", "none")
}

fn request(method: &Method, path: &str) -> Request<Body> {
    Request::builder()
        .method(method)
        .uri(address(path))
        .header("sec-fetch-site", "same-origin")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(Body::empty())
        .unwrap()
}

crate::on_both! {
    async fn a_stranger_reaches_what_is_for_anyone_and_nothing_else(test) {
        for route in map().routes() {
            let mut stranger = test.stranger();
            stranger.send(request(&route.method, route.path)).await;
            let sent_away = stranger.status == 303 && stranger.header("location").starts_with("/sign-in");
            let may = route.access == Access::Anyone || route.path == "/sign-out";
            assert_eq!(!sent_away, may && route.path != "/sign-out", "{} {}: {}", route.method, route.path, stranger.status);
        }
    }

    async fn each_role_reaches_what_it_may_and_nothing_else(test) {
        for role in Role::ALL {
            for route in map().routes() {
                // Some routes end the session; signing in anew each time must not use up the allowance.
                test.pass(std::time::Duration::from_secs(10));
                let mut person = test.signed_in(role).await;
                person.send(request(&route.method, route.path)).await;
                let allowed = match route.access {
                    Access::Anyone | Access::Staff => true,
                    Access::May(permission) => role.may(permission),
                };
                let line = format!("{role:?} {} {}: {}", route.method, route.path, person.status);
                assert_eq!(person.status != 403, allowed, "{line}");
                assert!(person.status < 500, "{line}");
            }
        }
    }
}

/// What each role may open, written down a second time: a slip in the map or in the permissions shows here.
#[test]
fn the_permissions_are_as_agreed() {
    let mut of_role: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for role in Role::ALL {
        for route in map().routes() {
            if let Access::May(permission) = route.access
                && !role.may(permission)
            {
                of_role.entry(role.id()).or_default().push(route.path);
            }
        }
    }
    let people = [
        "/people",
        "/people",
        "/people/second-factor",
        "/people/{id}",
        "/people/{id}/role",
        "/people/{id}/invitation",
        "/people/{id}/deactivation",
        "/people/{id}/deactivation",
        "/people/{id}/reactivation",
        "/people/{id}/second-factor/removal",
        "/people/{id}/sessions/end",
    ];
    let editing_jobs = [
        "/openings",
        "/openings/new",
        "/openings/{id}/edit",
        "/openings/{id}/edit",
        "/openings/{id}/publication",
        "/openings/{id}/closing",
        "/openings/{id}/reopening",
        "/openings/{id}/team",
        "/openings/{id}/team/removal",
        "/openings/{id}/stages",
        "/openings/{id}/stages",
        "/openings/{id}/stages/{stage}",
        "/openings/{id}/stages/{stage}/moves",
        "/openings/{id}/stages/{stage}/removal",
        "/openings/{id}/kit",
        "/openings/{id}/kit",
    ];
    let screening = [
        "/openings/{id}/screening",
        "/openings/{id}/screening/settings",
        "/openings/{id}/screening/settings",
        "/applications/{id}/screening/decision",
    ];
    let regrading = [
        "/submissions/{id}/regradings",
        "/submissions/{id}/regradings",
        "/submissions/{id}/regradings/{regrading}",
        "/submissions/{id}/regradings/{regrading}/retries",
        "/submissions/{id}/regradings/{regrading}/application",
    ];
    let inviting = [
        "/assessments",
        "/assessments/new",
        "/assessments/changes",
        "/assessments/{id}/link",
        "/assessments/{id}/link/revocation",
        "/assessments/{id}/sharing",
    ];
    let handling_applications = [
        "/applications/{id}/stage",
        "/applications/{id}/ending",
        "/applications/{id}/reversal",
        "/applications/{id}/reopening",
        "/applications/{id}/test",
        "/applications/{id}/test",
    ];
    let handling_candidates = [
        "/applications/{id}/owner",
        "/applications/{id}/merge/{other}",
        "/applications/{id}/merge/{other}",
        "/applications/{id}/parting",
        "/applications/{id}/letter",
        "/applications/{id}/letter",
        "/applications/{id}/tags",
        "/applications/{id}/tags/removal",
        "/applications/{id}/to-dos",
    ];
    let acting_on_boards = [
        "/openings/{id}/moves",
        "/openings/{id}/bulk",
        "/openings/{id}/bulk/confirmation",
        "/openings/{id}/changes/{act}/reversal",
    ];
    let editing_kits = [
        "/kits",
        "/kits/new",
        "/kits/imports",
        "/kits/additions",
        "/kits/{id}/archiving",
        "/kits/{id}/draft",
        "/kits/{id}/draft",
        "/kits/{id}/draft/{part}/{at}",
        "/kits/{id}/draft/{part}/{at}",
        "/kits/{id}/draft/moves",
        "/kits/{id}/draft/undo",
        "/kits/{id}/draft/leftovers/{line}",
        "/kits/{id}/draft/leftovers/{line}",
        "/kits/{id}/draft/leftovers/removal",
        "/kits/{id}/draft/removal",
        "/kits/{id}/draft/removal",
        "/kits/{id}/draft/publication",
        "/kits/{id}/versions",
    ];
    let reading_mail = ["/mail", "/mail/{id}"];
    let editing_mail = [
        "/mail/{id}/copies",
        "/mail/company",
        "/mail/templates",
        "/mail/templates/{event}",
        "/mail/templates/{event}",
        "/mail/templates/{event}/removal",
        "/mail/letters",
        "/mail/letters",
        "/mail/letters/new",
        "/mail/letters/{id}",
        "/mail/letters/{id}",
        "/mail/letters/{id}/removal",
    ];
    let privacy = [
        "/privacy",
        "/applications/{id}/erasure",
        "/applications/{id}/erasure",
        "/applications/{id}/exports",
        "/privacy/coding-tests",
        "/privacy/coding-tests",
        "/assessments/{id}/erasure",
        "/assessments/{id}/erasure",
        "/assessments/{id}/exports",
    ];
    let importing = [
        "/openings/{id}/import",
        "/openings/{id}/import",
        "/openings/{id}/import/template",
        "/openings/{id}/import/errors",
        "/openings/{id}/imports",
    ];
    let keeping = ["/openings/{id}/retention", "/openings/{id}/retention"];
    let audit = ["/audit"];
    let editing_banks = [
        "/banks",
        "/banks/new",
        "/banks/{id}",
        "/banks/{id}/edit",
        "/banks/{id}/opening",
        "/banks/{id}/closing",
        "/banks/{id}/leftovers/{line}",
        "/banks/{id}/removal",
        "/banks/{id}/removal",
        "/banks/{id}/questions",
        "/banks/{id}/questions/new",
        "/banks/{id}/questions/{question}",
        "/banks/{id}/questions/{question}/edit",
        "/banks/{id}/questions/{question}/moves",
        "/banks/{id}/questions/{question}/copies",
        "/banks/{id}/questions/{question}/removal",
        "/banks/{id}/questions/{question}/removal",
        "/banks/{id}/questions/{question}/proposals/{proposal}/decision",
    ];
    let reading_reports = [
        "/reports",
        "/reports/{part}",
        "/reports/{part}/csv",
        "/reports/{part}/xlsx",
        "/openings/{id}/voluntary",
        "/openings/{id}/voluntary",
    ];
    assert_eq!(of_role.get("administrator"), None);
    assert_eq!(of_role["recruiter"], [people.as_slice(), &audit].concat());
    assert_eq!(
        of_role["hiring_manager"],
        [people.as_slice(), &reading_mail, &editing_mail, &privacy, &audit].concat()
    );
    assert_eq!(
        of_role["interviewer"],
        [
            people.as_slice(),
            &editing_jobs,
            &acting_on_boards,
            &inviting,
            &handling_applications,
            &screening,
            &handling_candidates,
            &regrading,
            &editing_kits,
            &reading_mail,
            &editing_mail,
            &editing_banks,
            &privacy,
            &keeping,
            &audit,
            &importing,
            &reading_reports
        ]
        .concat()
    );
}
