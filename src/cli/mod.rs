//! What the command line does with programs and documents: `halfopen grade`, `halfopen challenge`, `halfopen import`.

pub mod audit;
pub mod backup;
pub mod bench;
pub mod challenge;
pub mod extract;
pub mod grade;
pub mod import;
pub mod staff;
mod text;

use crate::grader::{Challenge, EngineError, Grader};
use std::path::PathBuf;

#[derive(Debug, thiserror::Error)]
pub enum CliError {
    #[error("there is no challenge “{0}”; there are: {1}")]
    NoChallenge(String, String),
    #[error("{path}: {source}")]
    File { path: String, source: std::io::Error },
    #[error("{0}")]
    Usage(String),
    #[error(transparent)]
    Engine(#[from] EngineError),
    #[error(transparent)]
    Output(#[from] std::io::Error),
}

/// Where the compiled engine is kept between runs.
pub fn cache_folder() -> PathBuf {
    let from = |name: &str| std::env::var_os(name).filter(|v| !v.is_empty()).map(PathBuf::from);
    from("HALFOPEN_CACHE")
        .or_else(|| from("XDG_CACHE_HOME").map(|p| p.join("halfopen")))
        .or_else(|| from("HOME").map(|p| p.join(".cache/halfopen")))
        .unwrap_or_else(|| std::env::temp_dir().join("halfopen"))
}

fn challenge(id: &str) -> Result<&'static Challenge, CliError> {
    let all = || {
        Challenge::all()
            .iter()
            .map(|c| c.id.as_str())
            .collect::<Vec<_>>()
            .join(", ")
    };
    Challenge::find(id).ok_or_else(|| CliError::NoChallenge(id.to_string(), all()))
}

/// Works on items with all cores and hands on the results in the order of the items.
fn in_order<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync, mut each: impl FnMut(usize, R)) {
    let next = std::sync::atomic::AtomicUsize::new(0);
    let workers = cores().min(items.len());
    let (sender, receiver) = std::sync::mpsc::channel();
    std::thread::scope(|scope| {
        for _ in 0..workers {
            let (sender, next, work) = (sender.clone(), &next, &work);
            scope.spawn(move || {
                while let Some((i, item)) = take(next, items) {
                    if sender.send((i, work(item))).is_err() {
                        break;
                    }
                }
            });
        }
        drop(sender);
        let mut waiting: Vec<Option<R>> = items.iter().map(|_| None).collect();
        let mut shown = 0;
        for (i, result) in receiver {
            waiting[i] = Some(result);
            while let Some(result) = waiting.get_mut(shown).and_then(Option::take) {
                each(shown, result);
                shown += 1;
            }
        }
    });
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

fn take<'a, T>(next: &std::sync::atomic::AtomicUsize, items: &'a [T]) -> Option<(usize, &'a T)> {
    let i = next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    items.get(i).map(|item| (i, item))
}

fn open_grader() -> Result<Grader, CliError> {
    Ok(Grader::open(&cache_folder())?)
}
