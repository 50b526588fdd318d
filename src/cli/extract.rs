use clap::Args;
use std::process::ExitCode;

use crate::files::Kind;
use crate::files::text::child;

/// Write the text of a file that comes on the standard input; the server starts this for every upload
#[derive(Args)]
pub struct ExtractArgs {
    /// Which kind of file it is: pdf, docx or text
    #[arg(long, value_parser = kind)]
    kind: Kind,
}

fn kind(key: &str) -> Result<Kind, String> {
    Kind::of_key(key)
        .filter(|kind| !kind.is_recording())
        .ok_or_else(|| "use pdf, docx or text".to_owned())
}

pub fn run(args: &ExtractArgs) -> ExitCode {
    ExitCode::from(child::run(args.kind, std::io::stdin().lock(), std::io::stdout().lock()))
}
