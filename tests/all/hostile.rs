//! Hostile programs, one after another, in one running server.

use std::path::PathBuf;

use crate::killed::Server;

#[tokio::test(flavor = "multi_thread")]
async fn hostile_programs_cost_their_limits_and_nothing_else() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/hostile");
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.retain(|path| path.extension().is_some_and(|e| e == "js"));
    files.sort();
    let hostile: Vec<&PathBuf> = files.iter().step_by(2).collect();
    assert!(hostile.len() > 50);

    let data = tempfile::tempdir().unwrap();
    let server = Server::start(data.path(), None).await;
    for (n, file) in hostile.iter().enumerate() {
        let page = server.submit_program(n, &std::fs::read_to_string(file).unwrap()).await;
        server.wait_for_verdict(&page).await;
        let health = server
            .send("GET", "/health", "")
            .await
            .expect("the server still answers");
        assert!(health.starts_with("HTTP/1.1 200"), "after {}: {health}", file.display());
    }
    let correct = include_str!("../../challenges/execute-with-retry/proofs/correct/reference.js");
    let page = server.submit_program(hostile.len(), correct).await;
    let verdict = server.wait_for_verdict(&page).await;
    assert!(
        verdict.contains(r#""band":"exceeds""#) || verdict.contains(r#""band": "exceeds""#),
        "{verdict}"
    );
}
