use super::*;
use crate::roles::format::write_kit;

const ROLE: &str = "Depot engineer\nResume criteria\n2 criteria\nDrives well.\n\n# of years\nVideo Questions\nWho are you?\n1:00\n\
                    Response time\nsoon\n";

fn args(files: &[&Path], dry_run: bool, format: Format) -> ImportArgs {
    ImportArgs {
        files: files.iter().map(|path| path.to_path_buf()).collect(),
        dry_run,
        format,
    }
}

/// What is printed and stored, and whether all went well.
fn ran(args: &ImportArgs) -> (String, Vec<String>, bool) {
    let (mut out, mut stored) = (Vec::new(), Vec::new());
    let code = run(args, &mut out, |file, import| {
        stored.push(title(&import.document).to_string());
        if file.ends_with("refused.txt") {
            Err("the disk is full".to_string())
        } else {
            Ok(())
        }
    });
    let well = format!("{:?}", code.unwrap()) == format!("{:?}", ExitCode::SUCCESS);
    (String::from_utf8(out).unwrap(), stored, well)
}

fn objects(out: &str) -> Vec<Value> {
    out.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn every_file_is_an_object() {
    let folder = tempfile::tempdir().unwrap();
    let (role, none) = (folder.path().join("role.txt"), folder.path().join("none.txt"));
    std::fs::write(&role, ROLE).unwrap();
    let (out, stored, well) = ran(&args(&[&none, &role], false, Format::Json));
    assert_eq!((stored, well), (vec!["Depot engineer".to_string()], false));
    let [failed, read] = objects(&out).try_into().unwrap();
    assert_eq!((&failed["document"], &failed["lines"]), (&Value::Null, &json!([])));
    assert!(failed["error"].as_str().unwrap().contains("No such file"));
    assert_eq!(
        (&read["kind"], &read["source"], &read["error"]),
        (&json!("kit"), &json!("text"), &Value::Null)
    );
    assert_eq!(
        (&read["title"], &read["counts"]["resume_criteria"]),
        (&json!("Depot engineer"), &json!(2))
    );
    assert_eq!(
        read["document"]["video_questions"][0]["question"],
        "Who are you?\n\n1:00"
    );
    assert_eq!(
        read["lines"][3],
        json!({ "line": 4, "text": "Drives well.", "fate": "placed", "field": "resume_criteria[0]" })
    );
    assert_eq!(read["leftovers"], json!([{ "line": 11, "text": "soon" }]));
    assert_eq!(read["lint"], json!([]));
}

#[test]
fn a_dry_run_stores_nothing_and_a_refusal_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let refused = folder.path().join("refused.txt");
    std::fs::write(&refused, ROLE).unwrap();
    assert_eq!(ran(&args(&[&refused], true, Format::Json)).1, Vec::<String>::new());
    let (out, _, well) = ran(&args(&[&refused], false, Format::Json));
    assert_eq!((&objects(&out)[0]["error"], well), (&json!("the disk is full"), false));
}

#[test]
fn people_read_counts_then_what_is_left_then_what_was_found() {
    let folder = tempfile::tempdir().unwrap();
    let (role, wrong) = (folder.path().join("role.txt"), folder.path().join("wrong.toml"));
    std::fs::write(&role, ROLE.replace("2 criteria", "3 criteria")).unwrap();
    let read = read(&role);
    let Document::Kit(kit) = read.result.unwrap().document else {
        panic!("a bank");
    };
    std::fs::write(&wrong, write_kit(&kit).replace("title", "titel")).unwrap();
    let out = ran(&args(&[&role, &wrong], true, Format::Text))
        .0
        .replace(folder.path().to_str().unwrap(), "");
    let expected = "/role.txt: kit, “Depot engineer”\n     1  video questions\n     2  resume criteria\n     1  lines left, for you to \
                    assign or drop:\n/role.txt:11: soon\n/role.txt:3: 3 criteria are announced, 2 are here [count-differs]\n\n\
                    /wrong.toml:2:1: unknown field `titel`; did you mean `title`?\n\n";
    assert_eq!(out, expected);
}
