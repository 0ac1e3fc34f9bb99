//! `reports/examples/` is what the program makes of `fixtures/`: the same bytes, on every machine.

use crate::harness::{Place, assert_none, files_below, name_of, read, root};

#[test]
fn examples_are_what_the_program_makes() {
    let place = Place::new();
    let out = place.path().join("out");
    let run = place.run(["run", "--quiet", "--offline"]).now("2026-11-01T06:00:00Z").arg(root().join("fixtures"));
    let summary = run.arg("--out").arg(&out).bytes();
    std::fs::write(out.join("summary.txt"), summary).expect("a new file");

    let kept = root().join("reports/examples");
    let mut problems = Vec::new();
    for made in files_below(&out).iter().filter(|path| path.extension().is_none_or(|extension| extension != "png")) {
        let example = kept.join(name_of(made));
        if !example.exists() {
            problems.push(format!("{} is new", example.display()));
        } else if read(made) != read(&example) {
            problems.push(format!("{} differs; `just reports` writes it again, then look at it", example.display()));
        }
    }
    for example in files_below(&kept) {
        if !out.join(name_of(&example)).exists() {
            problems.push(format!("{} is made by nothing", example.display()));
        }
    }
    assert_none(&problems);
}
