//! The command line.

use std::io::{self, BufRead, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::{Parser, Subcommand};
use halfopen::assessments::Laboratory;
use halfopen::config::Config;
use halfopen::people::{self, NewStaff, Role, check_email, check_name, passwords, store};
use halfopen::{demo, serve, ui};

#[derive(Parser)]
#[command(version, about, arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the web app
    Serve,
    /// Manage staff accounts
    #[command(subcommand)]
    User(UserCommand),
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

#[derive(Subcommand)]
enum UserCommand {
    /// Add a person; prints a link that sets the password, unless one is given
    Add {
        email: String,
        #[arg(long)]
        name: String,
        /// administrator, recruiter, hiring_manager or interviewer
        #[arg(long, value_parser = parse_role)]
        role: Role,
        /// Read a password from the standard input
        #[arg(long)]
        password_stdin: bool,
    },
    /// List everybody
    List,
    /// Set a person's password, read from the standard input
    Password { email: String },
}

fn parse_role(id: &str) -> Result<Role, String> {
    let ids = Role::ALL.map(Role::id).join(", ");
    Role::from_id(id).ok_or_else(|| format!("a role is one of {ids}"))
}

type Failure = Box<dyn std::error::Error + Send + Sync>;

#[tokio::main]
async fn main() -> ExitCode {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env().unwrap_or_else(|_| "info,sqlx=warn".into());
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(io::stderr)
        .init();
    match run(Cli::parse().command).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("halfopen: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(command: Command) -> Result<(), Failure> {
    let mut config = Config::from_env()?;
    match command {
        Command::Serve => {
            let laboratory = laboratory(&config)?;
            Ok(serve::serve(serve::open(config, laboratory).await?).await?)
        }
        Command::User(command) => user(config, command).await,
        Command::Demo { password, data } => {
            if let Some(data) = data {
                config.data = data;
            }
            let laboratory = laboratory(&config)?;
            Ok(demo::fill(&serve::open(config, laboratory).await?, password, Vec::new()).await?)
        }
    }
}

async fn user(config: Config, command: UserCommand) -> Result<(), Failure> {
    let app = serve::open(config, Arc::new(halfopen::assessments::laboratory::Closed)).await?;
    match command {
        UserCommand::Add {
            email,
            name,
            role,
            password_stdin,
        } => {
            let new = NewStaff {
                email: check_email(&email)?,
                name: check_name(&name)?,
                role,
            };
            if password_stdin {
                serve::add_with_password(&app, new, &read_password()?).await?;
            } else {
                let (staff, link) = people::pages::add_invited(&app, new).await?;
                println!("{} sets a password here, once, within seven days:\n{link}", staff.email);
            }
        }
        UserCommand::List => {
            for person in store::all(&app.db).await? {
                let state = if person.active { "active" } else { "deactivated" };
                println!("{}\t{}\t{}\t{state}", person.email, person.role.id(), person.name);
            }
        }
        UserCommand::Password { email } => {
            let known = store::by_email(&app.db, &ui::search_key(&email)).await?;
            let (person, _) = known.ok_or_else(|| format!("there is nobody with the address {email}"))?;
            let hash = passwords::hash(&app, &read_password()?).await?;
            let mut tx = app.db.begin().await?;
            store::set_password(&mut tx, person.id, hash).await?;
            tx.commit().await?;
        }
    }
    app.db.close().await;
    Ok(())
}

fn read_password() -> Result<String, Failure> {
    if io::IsTerminal::is_terminal(&io::stdin()) {
        eprint!("Password (it will be seen): ");
        io::stderr().flush()?;
    }
    let mut line = String::new();
    io::stdin().lock().read_line(&mut line)?;
    let password = line.trim_end_matches(['\r', '\n']).to_owned();
    if password.is_empty() {
        Err("the password is empty".into())
    } else {
        Ok(password)
    }
}

fn laboratory(_config: &Config) -> Result<Arc<dyn Laboratory>, Failure> {
    Ok(Arc::new(halfopen::assessments::laboratory::Closed))
}
