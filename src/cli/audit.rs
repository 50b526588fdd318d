//! `halfopen audit`: whether the log of who did what is still what it was.

use std::io::Write;
use std::process::ExitCode;

use clap::Subcommand;

use crate::app::App;
use crate::audit::{self, Head};

#[derive(Subcommand)]
pub enum AuditCommand {
    /// Check that no row of the audit log was changed, removed or added, and print its end to note elsewhere
    Verify {
        /// An end that was noted earlier, as it was printed: it has to be in the log still
        #[arg(long, value_name = "SEQ:HASH", value_parser = parse_end)]
        expect: Option<Head>,
    },
}

fn parse_end(text: &str) -> Result<Head, String> {
    let wrong = || "an end looks like 1204:t5Yk…, as `halfopen audit verify` prints it".to_owned();
    let (seq, hash) = text.split_once(':').ok_or_else(wrong)?;
    Ok(Head {
        seq: seq.parse().ok().filter(|seq| *seq >= 0).ok_or_else(wrong)?,
        hash: hash.to_owned(),
    })
}

type Failure = Box<dyn std::error::Error + Send + Sync>;

pub async fn run(app: &App, command: AuditCommand, out: &mut impl Write) -> Result<ExitCode, Failure> {
    let AuditCommand::Verify { expect } = command;
    let found = match audit::verify(&app.db).await? {
        Ok(end) => match &expect {
            Some(noted) => audit::noted(&app.db, noted).await?.map(|()| end),
            None => Ok(end),
        },
        Err(flaw) => Err(flaw),
    };
    app.db.close().await;
    match found {
        Ok(end) => {
            let rows = if end.seq == 1 { "row holds" } else { "rows hold" };
            writeln!(out, "{} {rows}.", end.seq)?;
            if let Some(noted) = expect {
                writeln!(out, "The end that was noted, {}, is among them.", noted.seq)?;
            }
            writeln!(out, "The end, to note elsewhere: {}:{}", end.seq, end.hash)?;
            Ok(ExitCode::SUCCESS)
        }
        Err(flaw) => {
            writeln!(out, "The audit log does not hold: {flaw}.")?;
            Ok(ExitCode::FAILURE)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_end_is_read_as_it_was_printed() {
        let end = parse_end("12:abc").expect("an end");
        assert_eq!((end.seq, end.hash.as_str()), (12, "abc"));
        for wrong in ["", "12", "-1:abc", "x:abc"] {
            assert!(parse_end(wrong).is_err(), "{wrong}");
        }
    }
}
