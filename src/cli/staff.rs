//! `halfopen user`: staff accounts from the terminal, for the first day and for the day on which nobody can sign in.

use std::io::{BufRead, IsTerminal, Write};

use clap::Subcommand;

use crate::app::App;
use crate::audit::Actor;
use crate::people::managing::{add_invited, take_second_factor_off};
use crate::people::recording::{Act, record};
use crate::people::{NewStaff, Role, Staff, check_email, check_name, passwords, store};
use crate::{serve, ui};

#[derive(Subcommand)]
pub enum UserCommand {
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
    /// Take off the second factor of somebody whose device is lost
    RemoveSecondFactor { email: String },
}

fn parse_role(id: &str) -> Result<Role, String> {
    let ids = Role::ALL.map(Role::id).join(", ");
    Role::from_id(id).ok_or_else(|| format!("a role is one of {ids}"))
}

type Failure = Box<dyn std::error::Error + Send + Sync>;

pub async fn run(app: &App, command: UserCommand, out: &mut impl Write) -> Result<(), Failure> {
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
                serve::add_with_password(app, new, &read_password()?).await?;
            } else {
                let (staff, link) = add_invited(app, Actor::Halfopen, new).await?;
                writeln!(
                    out,
                    "{} sets a password here, once, within seven days:\n{link}",
                    staff.email
                )?;
            }
        }
        UserCommand::List => {
            for person in store::all(&app.db).await? {
                let state = if person.active { "active" } else { "deactivated" };
                writeln!(out, "{}\t{}\t{}\t{state}", person.email, person.role.id(), person.name)?;
            }
        }
        UserCommand::Password { email } => {
            let person = find(app, &email).await?;
            let hash = passwords::hash(app, &read_password()?).await?;
            let mut tx = app.db.begin().await?;
            store::set_password(&mut tx, person.id, hash).await?;
            record(&mut tx, app, Actor::Halfopen, Act::PasswordSet, person.id, "").await?;
            tx.commit().await?;
        }
        UserCommand::RemoveSecondFactor { email } => {
            let person = find(app, &email).await?;
            let was_on = take_second_factor_off(app, Actor::Halfopen, person.id).await?;
            let now = if was_on {
                "signs in with the password alone"
            } else {
                "has no second factor"
            };
            writeln!(out, "{} {now}", person.email)?;
        }
    }
    app.db.close().await;
    Ok(())
}

async fn find(app: &App, email: &str) -> Result<Staff, Failure> {
    let known = store::by_email(&app.db, &ui::search_key(email)).await?;
    let (person, _) = known.ok_or_else(|| format!("there is nobody with the address {email}"))?;
    Ok(person)
}

fn read_password() -> Result<String, Failure> {
    if std::io::stdin().is_terminal() {
        eprint!("Password (it will be seen): ");
    }
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line)?;
    let password = line.trim_end_matches(['\r', '\n']).to_owned();
    if password.is_empty() {
        Err("the password is empty".into())
    } else {
        Ok(password)
    }
}
