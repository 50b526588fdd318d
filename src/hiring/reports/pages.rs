//! The pages of reports, and their files.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use uuid::Uuid;

use crate::app::App;
use crate::error::AppError;
use crate::hiring::access::{self, sees_all};
use crate::hiring::reports::{Part, Period, PeriodFields, Preset, Report, Scope, store};
use crate::people::guard::SignedIn;
use crate::people::{Permission, Staff};
use crate::ui::tables::{self, File};
use crate::ui::{Page, Path, Query, Shell, percent_encoded};

#[derive(Template)]
#[template(path = "hiring/reports/report.html")]
pub struct ReportPage {
    pub shell: Shell,
    pub part: Part,
    pub jobs: Vec<(Uuid, String)>,
    pub job: Option<Uuid>,
    pub period: Period,
    pub fields: PeriodFields,
    pub report: Report,
}

impl ReportPage {
    pub fn is_here(&self, part: &Part) -> bool {
        self.part == *part
    }

    pub fn shows(&self, preset: &Preset) -> bool {
        self.period == Period::Preset(*preset)
    }

    pub fn shows_all(&self) -> bool {
        self.shows(&Preset::All)
    }

    pub fn url_of_all(&self) -> String {
        self.url_within(&Preset::All)
    }

    pub fn may_edit(&self) -> bool {
        self.shell.may(&Permission::EditJobs)
    }

    pub fn is_chosen(&self, job: &Uuid) -> bool {
        self.job == Some(*job)
    }

    /// Another part of the same jobs and the same period.
    pub fn url_of(&self, part: &Part) -> String {
        format!("{}?{}", path_of(*part), self.query(&self.period))
    }

    pub fn url_within(&self, preset: &Preset) -> String {
        format!("{}?{}", path_of(self.part), self.query(&Period::Preset(*preset)))
    }

    pub fn url_as(&self, ending: &str) -> String {
        format!("/reports/{}/{ending}?{}", self.part.id(), self.query(&self.period))
    }

    fn query(&self, period: &Period) -> String {
        let job = self.job.map(|job| job.to_string()).unwrap_or_default();
        let period = match period {
            Period::Preset(preset) => format!("period={}", preset.id()),
            Period::Own => {
                let [from, to] = [&self.fields.from, &self.fields.to].map(|field| percent_encoded(&field.value));
                format!("from={from}&to={to}")
            }
        };
        format!("job={job}&{period}")
    }

    pub fn action(&self) -> String {
        path_of(self.part)
    }
}

fn path_of(part: Part) -> String {
    match part {
        Part::Funnel => "/reports".into(),
        part => format!("/reports/{}", part.id()),
    }
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct ReportQuery {
    job: String,
    period: String,
    from: String,
    to: String,
}

/// What was asked for; no bounds where the days that were typed are none.
struct Asked {
    scope: Option<Scope>,
    job: Option<Uuid>,
    period: Period,
    fields: PeriodFields,
}

impl ReportQuery {
    async fn read(&self, app: &App, staff: &Staff, part: Part) -> Result<Asked, AppError> {
        let opening = match self.job.as_str() {
            "" => None,
            job => {
                let id = job.parse().map_err(|_| AppError::NotFound("job"))?;
                Some(access::opening(app, staff, id).await?)
            }
        };
        let mut fields = PeriodFields::typed(&self.from, &self.to);
        let (period, bounds) = match Preset::from_id(&self.period) {
            None if !fields.is_empty() && part.has_period() => (Period::Own, fields.bounds()),
            preset => {
                let preset = preset.unwrap_or(Preset::Quarter);
                fields = PeriodFields::typed("", "");
                (Period::Preset(preset), Some(preset.bounds(app.now())))
            }
        };
        Ok(Asked {
            job: opening.as_ref().map(|opening| opening.id),
            scope: bounds.map(|(from, until)| Scope {
                opening,
                member: (!sees_all(staff)).then_some(staff.id),
                from,
                until,
            }),
            period,
            fields,
        })
    }
}

pub async fn funnel(
    State(app): State<App>,
    shell: Shell,
    SignedIn(staff): SignedIn,
    Query(query): Query<ReportQuery>,
) -> Result<Response, AppError> {
    page(&app, shell, &staff, Part::Funnel, &query).await
}

pub async fn part(
    State(app): State<App>,
    shell: Shell,
    SignedIn(staff): SignedIn,
    Path(part): Path<String>,
    Query(query): Query<ReportQuery>,
) -> Result<Response, AppError> {
    page(&app, shell, &staff, known(&part)?, &query).await
}

fn known(part: &str) -> Result<Part, AppError> {
    Part::from_id(part).ok_or(AppError::NotFound("report"))
}

async fn page(app: &App, shell: Shell, staff: &Staff, part: Part, query: &ReportQuery) -> Result<Response, AppError> {
    let asked = query.read(app, staff, part).await?;
    let (status, report) = match &asked.scope {
        Some(scope) => (StatusCode::OK, part.report(app, scope).await?),
        None => (StatusCode::UNPROCESSABLE_ENTITY, Report::default()),
    };
    let page = ReportPage {
        shell,
        part,
        jobs: store::jobs(&app.db, (!sees_all(staff)).then_some(staff.id)).await?,
        job: asked.job,
        period: asked.period,
        fields: asked.fields,
        report,
    };
    Ok((status, Page(page)).into_response())
}

pub async fn csv(
    State(app): State<App>,
    SignedIn(staff): SignedIn,
    Path(part): Path<String>,
    Query(query): Query<ReportQuery>,
) -> Result<Response, AppError> {
    file(&app, &staff, known(&part)?, &query, File::Csv).await
}

pub async fn xlsx(
    State(app): State<App>,
    SignedIn(staff): SignedIn,
    Path(part): Path<String>,
    Query(query): Query<ReportQuery>,
) -> Result<Response, AppError> {
    file(&app, &staff, known(&part)?, &query, File::Xlsx).await
}

/// Named after the report, the job and the day.
async fn file(app: &App, staff: &Staff, part: Part, query: &ReportQuery, format: File) -> Result<Response, AppError> {
    let asked = query.read(app, staff, part).await?;
    let no_days = || AppError::Malformed("the period has no such day".into());
    let scope = asked.scope.ok_or_else(no_days)?;
    let report = part.report(app, &scope).await?;
    let job = scope
        .opening
        .map_or_else(|| "all jobs".to_owned(), |opening| opening.slug);
    let name = format!("{} {job} {}", part.label(), app.now().day());
    tables::download(report.table, format, &name, app.now()).await
}
