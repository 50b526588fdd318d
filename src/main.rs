//! The command line.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::{Parser, Subcommand};
use halfopen::app::App;
use halfopen::config::Config;
use halfopen::roles::import::Import;
use halfopen::submissions::Laboratory;
use halfopen::submissions::laboratory::{Closed, Shipped};
use halfopen::{cli, demo, roles, serve};

#[derive(Parser)]
#[command(version, about, arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Grade(cli::grade::GradeArgs),
    #[command(subcommand)]
    Challenge(cli::challenge::ChallengeCommand),
    Bench(cli::bench::BenchArgs),
    Import(cli::import::ImportArgs),
    Extract(cli::extract::ExtractArgs),
    /// Serve the web app
    Serve,
    /// Manage staff accounts
    #[command(subcommand)]
    User(cli::staff::UserCommand),
    /// Look after the log of who did what
    #[command(subcommand)]
    Audit(cli::audit::AuditCommand),
    Backup(cli::backup::BackupArgs),
    Restore(cli::backup::RestoreArgs),
    /// Fill a data folder with people of every role and graded programs
    Demo {
        /// The password of all demonstration accounts; drawn at random if absent
        #[arg(long)]
        password: Option<String>,
        /// The data folder, in place of HALFOPEN_DATA
        #[arg(long)]
        data: Option<PathBuf>,
    },
}

type Failure = Box<dyn std::error::Error + Send + Sync>;

fn main() -> ExitCode {
    run(Cli::parse().command).unwrap_or_else(|error| {
        eprintln!("halfopen: {error}");
        ExitCode::FAILURE
    })
}

fn run(command: Command) -> Result<ExitCode, Failure> {
    let mut out = std::io::stdout();
    match command {
        Command::Grade(args) => cli::grade::run(&args, &mut out.lock())?,
        Command::Challenge(command) => return Ok(cli::challenge::run(&command, &mut out.lock())?),
        Command::Bench(args) => cli::bench::run(&args, &mut out.lock())?,
        Command::Import(args) => return import(&args),
        Command::Extract(args) => return Ok(cli::extract::run(&args)),
        Command::Serve => with_server(|config| async {
            let laboratory = laboratory(&config)?;
            Ok(serve::serve(serve::open(config, laboratory).await?).await?)
        })?,
        Command::User(command) => with_server(|config| async {
            let app = serve::open(config, Arc::new(Closed)).await?;
            cli::staff::run(&app, command, &mut out).await
        })?,
        Command::Audit(command) => {
            let mut code = ExitCode::FAILURE;
            with_server(|config| async {
                code = cli::audit::run(&what_is_there(config).await?, command, &mut out).await?;
                Ok(())
            })?;
            return Ok(code);
        }
        Command::Backup(args) => {
            with_server(|config| async { cli::backup::backup(&what_is_there(config).await?, &args, &mut out).await })?
        }
        Command::Restore(args) => {
            with_server(|config| async move { cli::backup::restore(&config, &args, &mut out).await })?
        }
        Command::Demo { password, data } => with_server(|mut config| async {
            config.data = data.unwrap_or(config.data);
            let laboratory = laboratory(&config)?;
            Ok(demo::fill(&serve::open(config, laboratory).await?, password, demo::specimens()).await?)
        })?,
    }
    Ok(ExitCode::SUCCESS)
}

/// Reads documents, and keeps what was read in the database unless it is a dry run.
fn import(args: &cli::import::ImportArgs) -> Result<ExitCode, Failure> {
    let out = &mut std::io::stdout().lock();
    if args.dry_run {
        return Ok(cli::import::run(args, out, |_, _| Ok(()))?);
    }
    let mut code = ExitCode::FAILURE;
    with_server(|config| async {
        let app = serve::open(config, Arc::new(Closed)).await?;
        let runtime = tokio::runtime::Handle::current();
        let keep = |_: &str, import: &Import| {
            let kept = tokio::task::block_in_place(|| runtime.block_on(roles::keep(&app, import, None, None)));
            kept.map(drop).map_err(|error| error.to_string())
        };
        code = cli::import::run(args, out, keep)?;
        Ok(())
    })?;
    Ok(code)
}

/// Runs what needs the database, with its log on the standard error.
fn with_server<F: Future<Output = Result<(), Failure>>>(work: impl FnOnce(Config) -> F) -> Result<(), Failure> {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env().unwrap_or_else(|_| "info,sqlx=warn".into());
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .init();
    let config = Config::from_env()?;
    tokio::runtime::Runtime::new()?.block_on(work(config))
}

/// For what looks at an installation: a mistyped folder must not become a new one.
async fn what_is_there(config: Config) -> Result<App, Failure> {
    if config.database_url.is_none() && !config.sqlite_file().exists() {
        return Err(format!("there is no database in {}; see HALFOPEN_DATA", config.data.display()).into());
    }
    Ok(serve::open(config, Arc::new(Closed)).await?)
}

fn laboratory(config: &Config) -> Result<Arc<dyn Laboratory>, Failure> {
    Ok(Arc::new(Shipped::open(&config.cache)?))
}
