//! `halfopen backup` and `halfopen restore`.

use std::io::Write;
use std::path::PathBuf;

use clap::Args;

use crate::app::App;
use crate::backup::{self, Into, Manifest, TablePart};
use crate::config::Config;
use crate::people::second_factor::sealing::FILE;

/// Copy the database and all files into one archive, while the server runs
#[derive(Args)]
pub struct BackupArgs {
    /// A file that does not exist yet, such as halfopen.zip
    file: PathBuf,
}

/// Put a backup into an empty data folder or an empty PostgreSQL database
#[derive(Args)]
pub struct RestoreArgs {
    file: PathBuf,
    /// A folder, or a postgres:// address; with an address, the files go where HALFOPEN_DATA and HALFOPEN_FILES say
    #[arg(long, value_name = "FOLDER|DATABASE_URL")]
    into: String,
}

type Failure = Box<dyn std::error::Error + Send + Sync>;

pub async fn backup(app: &App, args: &BackupArgs, out: &mut impl Write) -> Result<(), Failure> {
    let manifest = backup::write(app, &args.file).await?;
    app.db.close().await;
    writeln!(out, "{} holds {}.", args.file.display(), told(&manifest))?;
    writeln!(
        out,
        "The end of its audit log, to note elsewhere: {}:{}",
        manifest.audit.seq, manifest.audit.hash
    )?;
    Ok(())
}

pub async fn restore(config: &Config, args: &RestoreArgs, out: &mut impl Write) -> Result<(), Failure> {
    let is_address = args.into.starts_with("postgres://") || args.into.starts_with("postgresql://");
    let into = match is_address {
        true => Into::Postgres {
            url: args.into.clone(),
            files: config.place_of_files(),
        },
        false => Into::Folder(PathBuf::from(&args.into)),
    };
    let manifest = backup::restore(&args.file, &into).await?;
    writeln!(out, "Restored {}, as of {}.", told(&manifest), manifest.taken_at)?;
    writeln!(out, "The audit log holds: {} rows.", manifest.audit.seq)?;
    let sealed = |table: &TablePart| table.table == "second_factors" && table.rows > 0;
    if manifest.tables.iter().any(sealed) {
        writeln!(
            out,
            "Second factors are sealed with a key that no backup has: copy {FILE} from the old data folder into the new one. \
             Without it, people sign in with a recovery code and set theirs up anew."
        )?;
    }
    Ok(())
}

fn told(manifest: &Manifest) -> String {
    let rows: u64 = manifest.tables.iter().map(|table| table.rows).sum();
    let files = manifest.files.len();
    format!("{rows} rows of {} tables and {files} files", manifest.tables.len())
}
