//! The tasks that take jobs and do them: as many programs at once as the configuration says, and one mail.

use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::app::App;
use crate::assessments::taking;
use crate::hiring::applications::{reading, tasks};
use crate::hiring::pipeline::index;
use crate::jobs::{Job, JobError, LEASE, Lane, MOST_ATTEMPTS, Task, backoff, store};
use crate::mail::sending;
use crate::privacy::{erasing, retention};
use crate::submissions::grading;

/// Without being called, a worker looks for jobs of other nodes this often, give or take.
const LOOK_EVERY: Duration = Duration::from_millis(1_000);
/// How long a stopping server waits for what is under way.
const PATIENCE: Duration = Duration::from_secs(10);

pub struct Workers {
    stop: watch::Sender<bool>,
    tasks: JoinSet<()>,
}

impl Workers {
    pub fn start(app: &App) -> Workers {
        let (stop, stopped) = watch::channel(false);
        let mut tasks = JoinSet::new();
        for _ in 0..app.config.workers {
            tasks.spawn(work(app.clone(), Lane::Programs, stopped.clone()));
        }
        tasks.spawn(work(app.clone(), Lane::Mail, stopped.clone()));
        Workers { stop, tasks }
    }

    /// Takes no more jobs, and waits a while for those that are under way.
    pub async fn stop(mut self) {
        self.stop.send_replace(true);
        let all = async { while self.tasks.join_next().await.is_some() {} };
        if tokio::time::timeout(PATIENCE, all).await.is_err() {
            tracing::warn!("some work was still under way; it begins again at the next start");
        }
    }
}

async fn work(app: App, lane: Lane, mut stopped: watch::Receiver<bool>) {
    let holder = app.new_id().to_string();
    while !*stopped.borrow() {
        match do_next(&app, Some(lane), &holder).await {
            Ok(true) => continue,
            Ok(false) => {}
            Err(error) => tracing::error!(%error, "the queue cannot be reached"),
        }
        let jitter = Duration::from_micros(app.random_up_to(LOOK_EVERY.as_micros().try_into().unwrap_or(0)));
        tokio::select! {
            // The bell wakes one worker, which must not be one that cannot help. Mail waits a second.
            () = app.job_queued.notified(), if lane == Lane::Programs => {}
            () = tokio::time::sleep(LOOK_EVERY / 2 + jitter) => {}
            _ = stopped.changed() => {}
        }
    }
}

/// Does one job. False when there was none to take.
async fn do_next(app: &App, lane: Option<Lane>, holder: &str) -> Result<bool, crate::db::DbError> {
    let now = app.now();
    let Some(job) = store::claim_in(&app.db, lane, holder, now, now.plus(LEASE)).await? else {
        return Ok(false);
    };
    if job.attempts > MOST_ATTEMPTS {
        give_up(app, &job).await?;
        return Ok(true);
    }
    tokio::select! {
        done = run(app, &job) => match done {
            Ok(()) => {}
            Err(JobError::Hopeless(failure)) => store::fail(&app.db, &job, &failure).await?,
            Err(JobError::Later(run_at)) => store::put_off(&app.db, &job, run_at).await?,
            Err(JobError::Passing(error)) => {
                tracing::warn!(task = job.task.text(), %error, "a job is put back");
                store::release(&app.db, &job, app.now().plus(backoff(app, job.attempts))).await?;
            }
        },
        // The work goes on without us, but its outcome is another's to record.
        () = lose_lease(app, &job) => tracing::warn!(task = job.task.text(), "a lease was lost"),
    }
    Ok(true)
}

async fn give_up(app: &App, job: &Job) -> Result<(), crate::db::DbError> {
    let stopped = |doing| format!("The server stopped {MOST_ATTEMPTS} times while it was {doing}.");
    match job.task {
        Task::Grade { .. } | Task::Regrade { .. } => store::fail(&app.db, job, &stopped("grading this program")).await,
        Task::Mail { mail } => sending::give_up(app, job, mail, &stopped("sending this mail")).await,
        Task::Read { file } => reading::give_up(app, job, file).await,
        Task::Decline { .. } => store::fail(&app.db, job, &stopped("writing the mail about a knock-out")).await,
        Task::Forget { .. } => store::fail(&app.db, job, &stopped("deleting a draft")).await,
        Task::Index { .. } => store::fail(&app.db, job, &stopped("indexing applications")).await,
        // What is owed to people is not given up: the next day it is tried again.
        Task::Erase { .. } | Task::Retain => store::put_off(&app.db, job, app.now().plus(retention::DAY)).await,
        // Begun often because the time was extended; it has no work of its own that could kill a node.
        Task::Close { assessment } => match taking::close(app, job, assessment).await {
            Ok(()) => Ok(()),
            Err(JobError::Passing(error)) => Err(error),
            Err(error) => store::fail(&app.db, job, &error.to_string()).await,
        },
    }
}

async fn run(app: &App, job: &Job) -> Result<(), JobError> {
    match job.task {
        Task::Grade { submission } => grading::grade(app, job, submission).await,
        Task::Regrade { regrading } => grading::regrade(app, job, regrading).await,
        Task::Close { assessment } => taking::close(app, job, assessment).await,
        Task::Mail { mail } => sending::send(app, job, mail).await,
        Task::Read { file } => reading::read(app, job, file).await,
        Task::Decline { application } => tasks::tell_decline(app, job, application).await,
        Task::Forget { draft } => tasks::forget(app, job, draft).await,
        Task::Index { after } => index::fill(app, job, after).await,
        Task::Erase { erasure } => erasing::resume(app, job, erasure).await,
        Task::Retain => retention::run(app, job).await,
    }
}

/// Keeps the lease fresh. Returns when it has gone to somebody else.
async fn lose_lease(app: &App, job: &Job) {
    loop {
        tokio::time::sleep(LEASE / 3).await;
        match store::renew(&app.db, job, app.now().plus(LEASE)).await {
            Ok(true) => {}
            Ok(false) => return,
            // Nobody can take it either while the database is away.
            Err(error) => tracing::warn!(%error, "a lease could not be renewed"),
        }
    }
}

/// Does everything that is due, one after the other; how tests and the demonstration wait for the queue.
pub async fn run_until_idle(app: &App) -> Result<(), crate::db::DbError> {
    let holder = app.new_id().to_string();
    while do_next(app, None, &holder).await? {}
    Ok(())
}
