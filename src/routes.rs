//! The whole URL map, each line with who may call it. A route cannot be added without saying so.

use axum::Router;
use axum::handler::Handler;
use axum::http::Method;
use axum::routing::{MethodFilter, MethodRouter, on};

use crate::app::App;
use crate::assessments::{candidate, log_pages, pages as assessments, rehearsal_pages};
use crate::audit;
use crate::hiring::applications::{
    candidate_pages as applying, evidence_page, merging_pages as duplicates, pages as applications,
    status_pages as standing,
};
use crate::hiring::attachments::pages as attachments;
use crate::hiring::importing::pages as importing;
use crate::hiring::letters::{template_pages as letter_templates, writing_pages as letters};
use crate::hiring::openings::{
    edit_pages as job_editing, kit_pages as job_kits, pages as openings, public_pages as jobs,
    stage_pages as job_stages, state_pages as job_states,
};
use crate::hiring::pipeline::{
    acts::pages as acts, board_pages as boards, list_pages as lists, people_pages as candidates, view_pages as views,
};
use crate::hiring::reports::pages as reports;
use crate::hiring::screening::{
    pages as proposals, queue_pages as screening_queue, reading_pages as screenings, result_pages as screening_results,
    settings_pages as screening_settings,
};
use crate::hiring::takes;
use crate::hiring::talk::{comment_pages as comments, list_pages as talk_lists};
use crate::hiring::today::pages as today;
use crate::hiring::voluntary;
use crate::mail::{pages as mail, template_pages as mail_templates};
use crate::people::Permission::{
    EditJobs, EditKits, EditMail, HandleApplications, InviteCandidates, ManagePeople, ManagePrivacy, ReadAssessments,
    ReadAudit, ReadJobs, ReadKits, ReadMail, ReadReports, ReadSubmissions, Regrade, SubmitPrograms,
};
use crate::people::guard;
use crate::people::second_factor::pages as second_factor;
use crate::people::{Permission, account_pages as account, pages as people, sign_in_pages as entrance};
use crate::privacy;
use crate::roles::addition_pages as additions;
use crate::roles::banks::{
    bank_pages, leftover_pages, pages as banks, practice, proposal_pages, question_page, question_pages,
};
use crate::roles::{draft_pages as drafts, edit_pages as editing, pages as kits, version_pages as versions};
use crate::submissions::comparison;
use crate::ui::assets;
use crate::{submissions::pages as submissions, submissions::regrading_pages as regradings, ui};

/// Who may call a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    Anyone,
    /// Everyone who is signed in.
    Staff,
    /// Everyone who is signed in with a role that includes this.
    May(Permission),
}

pub fn map() -> Map {
    use Access::{Anyone, May, Staff};
    Map::default()
        .get("/", Staff, today::today)
        .get("/static/{edition}/{*file}", Anyone, assets::serve)
        .get("/health", Anyone, ui::pages::health)
        // people
        .get("/sign-in", Anyone, entrance::sign_in_page)
        .post("/sign-in", Anyone, entrance::sign_in)
        .get("/sign-in/code", Anyone, entrance::code_page)
        .post("/sign-in/code", Anyone, entrance::give_code)
        .get("/sign-in/recovery-code", Anyone, entrance::recovery_page)
        .post("/sign-in/recovery-code", Anyone, entrance::give_recovery_code)
        .post("/sign-out", Anyone, entrance::sign_out)
        .get("/invitations/{token}", Anyone, entrance::invitation_page)
        .post("/invitations/{token}", Anyone, entrance::accept_invitation)
        .get("/account", Staff, account::account_page)
        .post("/account/password", Staff, account::change_password)
        .post("/account/theme", Staff, account::change_theme)
        .post("/account/sessions/end", Staff, account::end_sessions)
        .post("/account/sessions/others/end", Staff, account::end_other_sessions)
        .post("/account/sessions/{id}/end", Staff, account::end_session)
        .get("/account/second-factor", Staff, second_factor::page)
        .post("/account/second-factor", Staff, second_factor::begin)
        .post("/account/second-factor/confirmation", Staff, second_factor::confirm)
        .post(
            "/account/second-factor/recovery-codes",
            Staff,
            second_factor::renew_codes,
        )
        .post("/account/second-factor/removal", Staff, second_factor::remove)
        .get("/people", May(ManagePeople), people::people_page)
        .post("/people", May(ManagePeople), people::invite)
        .post(
            "/people/second-factor",
            May(ManagePeople),
            people::require_second_factor,
        )
        .get("/people/{id}", May(ManagePeople), people::person_page)
        .post("/people/{id}/role", May(ManagePeople), people::change_role)
        .post("/people/{id}/invitation", May(ManagePeople), people::invite_again)
        .get(
            "/people/{id}/deactivation",
            May(ManagePeople),
            people::deactivation_page,
        )
        .post("/people/{id}/deactivation", May(ManagePeople), people::deactivate)
        .post("/people/{id}/reactivation", May(ManagePeople), people::reactivate)
        .post(
            "/people/{id}/second-factor/removal",
            May(ManagePeople),
            people::remove_second_factor,
        )
        .post("/people/{id}/sessions/end", May(ManagePeople), people::end_sessions_of)
        // jobs
        .get("/openings", May(ReadJobs), openings::openings)
        .post("/openings", May(EditJobs), job_editing::create)
        .get("/openings/new", May(EditJobs), job_editing::new_page)
        .get("/openings/{id}", May(ReadJobs), openings::opening)
        .get("/openings/{id}/preview", May(ReadJobs), jobs::preview)
        .get("/openings/{id}/edit", May(EditJobs), job_editing::edit_page)
        .post("/openings/{id}/edit", May(EditJobs), job_editing::change)
        .post("/openings/{id}/publication", May(EditJobs), job_states::publish)
        .post("/openings/{id}/closing", May(EditJobs), job_states::close)
        .post("/openings/{id}/reopening", May(EditJobs), job_states::reopen)
        .post("/openings/{id}/team", May(EditJobs), job_states::join)
        .post("/openings/{id}/team/removal", May(EditJobs), job_states::leave)
        .get("/openings/{id}/stages", May(EditJobs), job_stages::stages)
        .post("/openings/{id}/stages", May(EditJobs), job_stages::add)
        .post("/openings/{id}/stages/{stage}", May(EditJobs), job_stages::change)
        .post("/openings/{id}/stages/{stage}/moves", May(EditJobs), job_stages::shift)
        .post(
            "/openings/{id}/stages/{stage}/removal",
            May(EditJobs),
            job_stages::remove,
        )
        .get("/openings/{id}/kit", May(EditJobs), job_kits::kit)
        .post("/openings/{id}/kit", May(EditJobs), job_kits::pin)
        // the pipeline of a job
        .get("/openings/{id}/board", May(ReadJobs), boards::board)
        .get("/openings/{id}/board/revision", May(ReadJobs), boards::revision)
        .get("/openings/{id}/applications", May(ReadJobs), lists::list)
        .post("/openings/{id}/views", May(ReadJobs), views::keep)
        .post("/openings/{id}/views/{view}/removal", May(ReadJobs), views::remove)
        .post("/openings/{id}/moves", May(HandleApplications), acts::move_one)
        .post("/openings/{id}/bulk", May(HandleApplications), acts::preview)
        .post(
            "/openings/{id}/bulk/confirmation",
            May(HandleApplications),
            acts::confirm,
        )
        .get("/openings/{id}/changes", May(ReadJobs), acts::changes)
        .post(
            "/openings/{id}/changes/{act}/reversal",
            May(HandleApplications),
            acts::undo,
        )
        .get("/candidates", May(ReadJobs), candidates::people)
        // jobs, for anybody
        .get("/jobs", Anyone, jobs::jobs)
        .get("/jobs/{slug}", Anyone, jobs::job)
        .get("/sitemap.xml", Anyone, jobs::sitemap)
        .get("/robots.txt", Anyone, jobs::robots)
        // assessments: a coding test given to a candidate
        .get("/assessments", May(ReadAssessments), assessments::assessments)
        .post("/assessments", May(InviteCandidates), assessments::invite)
        .get("/assessments/new", May(InviteCandidates), assessments::invite_page)
        .post("/assessments/changes", May(InviteCandidates), assessments::change)
        .get("/assessments/{id}", May(ReadAssessments), assessments::assessment)
        .post(
            "/assessments/{id}/link",
            May(InviteCandidates),
            assessments::replace_link,
        )
        .post(
            "/assessments/{id}/link/revocation",
            May(InviteCandidates),
            assessments::revoke_link,
        )
        .post("/assessments/{id}/sharing", May(InviteCandidates), assessments::share)
        // the candidate, by a secret link
        .get("/test/{link}", Anyone, candidate::test)
        .get("/test/{link}/start", Anyone, candidate::start_page)
        .post("/test/{link}/start", Anyone, candidate::start)
        .get("/test/{link}/clock", Anyone, candidate::clock)
        .post("/test/{link}/draft", Anyone, candidate::save)
        .post("/test/{link}/runs", Anyone, candidate::run)
        .post("/test/{link}/log", Anyone, log_pages::add_entry)
        .get("/test/{link}/log/{id}", Anyone, log_pages::entry_page)
        .post("/test/{link}/log/{id}", Anyone, log_pages::change_entry)
        .post("/test/{link}/log/{id}/removal", Anyone, log_pages::remove_entry)
        .get("/test/{link}/submission", Anyone, candidate::confirm_page)
        .post("/test/{link}/submission", Anyone, candidate::submit)
        .get("/test/{link}/rehearsal", Anyone, rehearsal_pages::rehearsal_page)
        .post("/test/{link}/rehearsal", Anyone, rehearsal_pages::rehearse)
        .get("/test/{link}/result", Anyone, rehearsal_pages::result)
        // applying, by the public and by a secret link
        .get("/jobs/{slug}/application", Anyone, applying::start_page)
        .post("/jobs/{slug}/application", Anyone, applying::start)
        .get("/application/{link}", Anyone, applying::application)
        .post("/application/{link}/draft", Anyone, applying::save)
        .get("/application/{link}/removal", Anyone, applying::removal_page)
        .post("/application/{link}/removal", Anyone, applying::remove)
        .get("/application/{link}/files/{id}", Anyone, applying::file)
        .post("/application/{link}/files/{id}/removal", Anyone, applying::remove_file)
        .post("/application/{link}/resume", Anyone, standing::add_resume)
        .get("/application/{link}/contact", Anyone, standing::contact_page)
        .post("/application/{link}/contact", Anyone, standing::change_contact)
        .get("/application/{link}/withdrawal", Anyone, standing::withdrawal_page)
        .post("/application/{link}/withdrawal", Anyone, standing::withdraw)
        .get("/application/{link}/erasure", Anyone, standing::erasure_page)
        .post("/application/{link}/erasure", Anyone, standing::ask_erasure)
        .get("/application/{link}/export", Anyone, standing::export)
        .get("/application-links", Anyone, standing::links_page)
        .post("/application-links", Anyone, standing::send_links)
        // applications, of the jobs that one may see
        .get("/applications/{id}", May(ReadJobs), evidence_page::application)
        .get("/applications/{id}/files/{file}", May(ReadJobs), applications::file)
        .post(
            "/applications/{id}/stage",
            May(HandleApplications),
            applications::move_to,
        )
        .post(
            "/applications/{id}/ending",
            May(HandleApplications),
            applications::reject,
        )
        .post(
            "/applications/{id}/reversal",
            May(HandleApplications),
            applications::reverse,
        )
        .post(
            "/applications/{id}/reopening",
            May(HandleApplications),
            applications::reopen,
        )
        .get(
            "/applications/{id}/test",
            May(HandleApplications),
            applications::test_page,
        )
        .post(
            "/applications/{id}/test",
            May(HandleApplications),
            applications::give_test,
        )
        // screening: reading résumés
        .get(
            "/openings/{id}/screening",
            May(HandleApplications),
            proposals::proposals,
        )
        .get(
            "/openings/{id}/screening/settings",
            May(EditJobs),
            screening_settings::settings,
        )
        .post(
            "/openings/{id}/screening/settings",
            May(EditJobs),
            screening_settings::change,
        )
        .get(
            "/openings/{id}/screening/queue",
            May(ReadJobs),
            screening_queue::queue_page,
        )
        .post(
            "/openings/{id}/screening/queue",
            May(ReadJobs),
            screening_queue::read_next,
        )
        .get("/applications/{id}/screening", May(ReadJobs), screening_results::result)
        .post(
            "/applications/{id}/screening",
            May(ReadJobs),
            screening_queue::read_this,
        )
        .post(
            "/applications/{id}/screening/decision",
            May(HandleApplications),
            screening_results::decide,
        )
        .get("/screenings/{id}", May(ReadJobs), screenings::read)
        .post("/screenings/{id}/draft", May(ReadJobs), screenings::save)
        .post("/screenings/{id}/withdrawal", May(ReadJobs), screenings::withdraw)
        .post(
            "/applications/{id}/owner",
            May(HandleApplications),
            applications::assign,
        )
        .get(
            "/applications/{id}/merge/{other}",
            May(HandleApplications),
            duplicates::merging,
        )
        .post(
            "/applications/{id}/merge/{other}",
            May(HandleApplications),
            duplicates::merge,
        )
        .post("/applications/{id}/parting", May(HandleApplications), duplicates::part)
        .get("/applications/{id}/letter", May(HandleApplications), letters::letter)
        .post("/applications/{id}/letter", May(HandleApplications), letters::write)
        .post("/applications/{id}/tags", May(HandleApplications), talk_lists::tag)
        .post(
            "/applications/{id}/tags/removal",
            May(HandleApplications),
            talk_lists::untag,
        )
        .post(
            "/applications/{id}/to-dos",
            May(HandleApplications),
            talk_lists::add_to_do,
        )
        .post("/applications/{id}/to-dos/{to_do}", May(ReadJobs), talk_lists::set_done)
        .post("/applications/{id}/comments", May(ReadJobs), comments::add)
        .post("/applications/{id}/attachments", May(ReadJobs), attachments::add)
        .get(
            "/applications/{id}/attachments/{attachment}",
            May(ReadJobs),
            attachments::download,
        )
        .post(
            "/applications/{id}/attachments/{attachment}/removal",
            May(ReadJobs),
            attachments::remove,
        )
        .get(
            "/applications/{id}/comments/{comment}",
            May(ReadJobs),
            comments::edit_page,
        )
        .post("/applications/{id}/comments/{comment}", May(ReadJobs), comments::change)
        .post(
            "/applications/{id}/comments/{comment}/removal",
            May(ReadJobs),
            comments::remove,
        )
        // coding tests
        .get("/challenges", May(ReadSubmissions), submissions::challenges)
        .get("/challenges/{id}", May(ReadSubmissions), submissions::challenge)
        .post("/challenges/{id}/submissions", May(SubmitPrograms), submissions::submit)
        .get("/submissions", May(ReadSubmissions), submissions::submissions)
        .get("/submissions/{id}", May(ReadSubmissions), submissions::submission)
        .get("/submissions/{id}/source", May(ReadSubmissions), submissions::source)
        .get("/submissions/{id}/report", May(ReadSubmissions), submissions::report)
        .get("/submissions/{id}/replay", May(ReadSubmissions), submissions::replay)
        .get(
            "/submissions/{id}/comparison",
            May(ReadSubmissions),
            comparison::comparison,
        )
        .post("/submissions/{id}/retries", May(SubmitPrograms), submissions::retry)
        .get("/submissions/{id}/regradings", May(Regrade), regradings::list)
        .post("/submissions/{id}/regradings", May(Regrade), regradings::create)
        .get(
            "/submissions/{id}/regradings/{regrading}",
            May(Regrade),
            regradings::show,
        )
        .post(
            "/submissions/{id}/regradings/{regrading}/retries",
            May(Regrade),
            regradings::retry,
        )
        .post(
            "/submissions/{id}/regradings/{regrading}/application",
            May(Regrade),
            regradings::apply,
        )
        // role kits
        .get("/kits", May(ReadKits), kits::kits)
        .post("/kits", May(EditKits), kits::create)
        .get("/kits/new", May(EditKits), kits::new_page)
        .post("/kits/imports", May(EditKits), kits::import)
        .post("/kits/additions", May(EditKits), additions::add)
        .get("/kits/{id}", May(ReadKits), kits::kit)
        .get("/kits/{id}/export", May(ReadKits), kits::export)
        .post("/kits/{id}/archiving", May(EditKits), kits::archive)
        .get("/kits/{id}/draft", May(EditKits), drafts::overview)
        .post("/kits/{id}/draft", May(EditKits), drafts::begin)
        .get("/kits/{id}/draft/{part}/{at}", May(EditKits), editing::form)
        .post("/kits/{id}/draft/{part}/{at}", May(EditKits), editing::save)
        .post("/kits/{id}/draft/moves", May(EditKits), drafts::move_item)
        .post("/kits/{id}/draft/undo", May(EditKits), drafts::undo)
        .get("/kits/{id}/draft/leftovers/{line}", May(EditKits), drafts::leftover)
        .post("/kits/{id}/draft/leftovers/{line}", May(EditKits), drafts::assign)
        .post("/kits/{id}/draft/leftovers/removal", May(EditKits), drafts::drop_lines)
        .get("/kits/{id}/draft/removal", May(EditKits), drafts::discard_page)
        .post("/kits/{id}/draft/removal", May(EditKits), drafts::discard)
        .get("/kits/{id}/draft/publication", May(EditKits), versions::publication)
        .get("/kits/{id}/versions", May(ReadKits), versions::versions)
        .post("/kits/{id}/versions", May(EditKits), versions::publish)
        .get("/kits/{id}/versions/{number}", May(ReadKits), versions::version)
        .get("/kits/{id}/comparison", May(ReadKits), versions::comparison)
        // mail to candidates
        .get("/mail", May(ReadMail), mail::mailbox)
        .get("/mail/{id}", May(ReadMail), mail::mail)
        .post("/mail/{id}/copies", May(EditMail), mail::send_again)
        .post("/mail/company", May(EditMail), mail_templates::name_company)
        .get("/mail/templates", May(EditMail), mail_templates::templates)
        .get("/mail/templates/{event}", May(EditMail), mail_templates::template)
        .post(
            "/mail/templates/{event}",
            May(EditMail),
            mail_templates::change_template,
        )
        .post(
            "/mail/templates/{event}/removal",
            May(EditMail),
            mail_templates::reset_template,
        )
        .get("/mail/letters", May(EditMail), letter_templates::templates)
        .post("/mail/letters", May(EditMail), letter_templates::create)
        .get("/mail/letters/new", May(EditMail), letter_templates::new_page)
        .get("/mail/letters/{id}", May(EditMail), letter_templates::template)
        .post("/mail/letters/{id}", May(EditMail), letter_templates::change)
        .post("/mail/letters/{id}/removal", May(EditMail), letter_templates::remove)
        // question banks
        .get("/banks", May(ReadKits), banks::banks)
        .post("/banks", May(EditKits), bank_pages::create)
        .get("/banks/new", May(EditKits), bank_pages::new_page)
        .get("/banks/{id}", May(ReadKits), banks::bank)
        .post("/banks/{id}", May(EditKits), bank_pages::change)
        .get("/banks/{id}/edit", May(EditKits), bank_pages::edit_page)
        .post("/banks/{id}/opening", May(EditKits), bank_pages::open)
        .post("/banks/{id}/closing", May(EditKits), bank_pages::close)
        .get("/banks/{id}/export", May(ReadKits), banks::export)
        .post("/banks/{id}/leftovers/{line}", May(EditKits), leftover_pages::place)
        .get("/banks/{id}/removal", May(EditKits), bank_pages::removal_page)
        .post("/banks/{id}/removal", May(EditKits), bank_pages::remove)
        .post("/banks/{id}/questions", May(EditKits), question_pages::create)
        .get("/banks/{id}/questions/new", May(EditKits), question_pages::new_page)
        .get(
            "/banks/{id}/questions/{question}",
            May(ReadKits),
            question_page::question,
        )
        .post(
            "/banks/{id}/questions/{question}",
            May(EditKits),
            question_pages::change,
        )
        .get(
            "/banks/{id}/questions/{question}/edit",
            May(EditKits),
            question_pages::edit_page,
        )
        .post(
            "/banks/{id}/questions/{question}/moves",
            May(EditKits),
            question_pages::shift,
        )
        .post(
            "/banks/{id}/questions/{question}/copies",
            May(EditKits),
            question_pages::duplicate,
        )
        .get(
            "/banks/{id}/questions/{question}/removal",
            May(EditKits),
            question_pages::removal_page,
        )
        .post(
            "/banks/{id}/questions/{question}/removal",
            May(EditKits),
            question_pages::remove,
        )
        .post(
            "/banks/{id}/questions/{question}/proposals",
            May(ReadKits),
            proposal_pages::propose,
        )
        .post(
            "/banks/{id}/questions/{question}/proposals/{proposal}/decision",
            May(EditKits),
            proposal_pages::decide,
        )
        // video answers: the candidate, by a secret link
        .get("/application/{link}/videos", Anyone, takes::candidate::videos)
        .get("/application/{link}/videos/{number}", Anyone, takes::candidate::video)
        .post(
            "/application/{link}/videos/{number}/written",
            Anyone,
            takes::candidate::write,
        )
        .post(
            "/application/{link}/videos/{number}/takes",
            Anyone,
            takes::requests::begin,
        )
        .get("/application/{link}/takes/{id}", Anyone, takes::requests::state)
        .post(
            "/application/{link}/takes/{id}/parts/{number}",
            Anyone,
            takes::requests::add_part,
        )
        .post(
            "/application/{link}/takes/{id}/submission",
            Anyone,
            takes::requests::submit,
        )
        .post(
            "/application/{link}/takes/{id}/removal",
            Anyone,
            takes::requests::remove,
        )
        .get(
            "/application/{link}/takes/{id}/recording",
            Anyone,
            takes::requests::recording,
        )
        // video answers: those who review them
        .get(
            "/applications/{id}/videos/{number}",
            May(ReadJobs),
            takes::review::review,
        )
        .get(
            "/applications/{id}/videos/{number}/recording",
            May(ReadJobs),
            takes::review::recording,
        )
        .post(
            "/applications/{id}/videos/{number}/notes",
            May(ReadJobs),
            takes::notes::add,
        )
        .post(
            "/applications/{id}/videos/{number}/notes/{note}/removal",
            May(ReadJobs),
            takes::notes::remove,
        )
        // privacy, and the log of who did what
        .get("/privacy", May(ManagePrivacy), privacy::pages::privacy)
        .get(
            "/privacy/certificates/{id}",
            Staff,
            privacy::certificate_pages::certificate,
        )
        .get(
            "/applications/{id}/erasure",
            May(ManagePrivacy),
            privacy::erasure_pages::erasure_page,
        )
        .post(
            "/applications/{id}/erasure",
            May(ManagePrivacy),
            privacy::erasure_pages::erase,
        )
        .post(
            "/applications/{id}/exports",
            May(ManagePrivacy),
            privacy::exporting::export,
        )
        .get(
            "/privacy/coding-tests",
            May(ManagePrivacy),
            privacy::test_retention_pages::retention,
        )
        .post(
            "/privacy/coding-tests",
            May(ManagePrivacy),
            privacy::test_retention_pages::keep,
        )
        .get(
            "/assessments/{id}/erasure",
            May(ManagePrivacy),
            privacy::test_erasure_pages::erasure_page,
        )
        .post(
            "/assessments/{id}/erasure",
            May(ManagePrivacy),
            privacy::test_erasure_pages::erase,
        )
        .post(
            "/assessments/{id}/exports",
            May(ManagePrivacy),
            privacy::exporting::export_test,
        )
        .get(
            "/openings/{id}/retention",
            May(EditJobs),
            privacy::retention_pages::retention,
        )
        .post(
            "/openings/{id}/retention",
            May(EditJobs),
            privacy::retention_pages::keep,
        )
        .get("/audit", May(ReadAudit), audit::pages::audit)
        // candidates from a table
        .get("/openings/{id}/import", May(HandleApplications), importing::choose)
        .post("/openings/{id}/import", May(HandleApplications), importing::preview)
        .get(
            "/openings/{id}/import/template",
            May(HandleApplications),
            importing::template,
        )
        .post(
            "/openings/{id}/import/errors",
            May(HandleApplications),
            importing::errors,
        )
        .post("/openings/{id}/imports", May(HandleApplications), importing::confirm)
        // practising, for anybody
        .get("/practice", Anyone, practice::banks)
        .get("/practice/{bank}", Anyone, practice::bank)
        .get("/practice/{bank}/{question}", Anyone, practice::question)
        .post("/practice/{bank}/{question}", Anyone, practice::answer)
        // reports, and what applicants say about themselves for their sums
        .get("/reports", May(ReadReports), reports::funnel)
        .get("/reports/{part}", May(ReadReports), reports::part)
        .get("/reports/{part}/csv", May(ReadReports), reports::csv)
        .get("/reports/{part}/xlsx", May(ReadReports), reports::xlsx)
        .get("/openings/{id}/voluntary", May(EditJobs), voluntary::pages::questions)
        .post("/openings/{id}/voluntary", May(EditJobs), voluntary::pages::change)
        .get(
            "/application/{link}/voluntary",
            Anyone,
            voluntary::candidate_pages::answers,
        )
        .post(
            "/application/{link}/voluntary",
            Anyone,
            voluntary::candidate_pages::answer,
        )
        .post(
            "/application/{link}/voluntary/removal",
            Anyone,
            voluntary::candidate_pages::withdraw,
        )
}

#[derive(Default)]
pub struct Map {
    routes: Vec<Route>,
}

pub struct Route {
    pub method: Method,
    pub path: &'static str,
    pub access: Access,
    handler: MethodRouter<App>,
}

impl Map {
    fn get<T: 'static>(self, path: &'static str, access: Access, handler: impl Handler<T, App>) -> Map {
        self.add(Method::GET, path, access, on(MethodFilter::GET, handler))
    }

    fn post<T: 'static>(self, path: &'static str, access: Access, handler: impl Handler<T, App>) -> Map {
        self.add(Method::POST, path, access, on(MethodFilter::POST, handler))
    }

    fn add(mut self, method: Method, path: &'static str, access: Access, handler: MethodRouter<App>) -> Map {
        self.routes.push(Route {
            method,
            path,
            access,
            handler,
        });
        self
    }

    pub fn routes(&self) -> &[Route] {
        &self.routes
    }

    pub fn into_routes(self) -> Vec<Route> {
        self.routes
    }

    pub fn into_router(self, app: &App) -> Router {
        let guarded = |route: Route| (route.path, guard::around(route.handler, route.access, app));
        self.routes
            .into_iter()
            .map(guarded)
            .fold(Router::new(), |router, (path, handler)| router.route(path, handler))
            .with_state(app.clone())
    }
}
