//! `stage`: what is put into a depot, who answers with it, and that nothing is when
//! a release has errors.

use crate::folder::Folder;
use crate::program::{Serving, run, signpost};
use crate::wire;

const DAY: [&str; 2] = ["--today", "2026-11-25"];

fn stage(folder: &Folder) -> crate::program::Ended {
    let mut command = signpost(folder.root(), &["stage", "--depot", "depot"]);
    command.args(DAY);
    run(command)
}

#[test]
fn a_server_answers_with_the_files_of_a_release_that_it_does_not_show_yet() {
    let (now, next) = (Folder::copied(), Folder::copied());
    next.write(
        "static/pictures/new.svg",
        "<svg xmlns=\"http://www.w3.org/2000/svg\"/>",
    );
    let staged = stage(&next);
    assert_eq!(staged.status, Some(0), "{}{}", staged.out, staged.err);
    let again = stage(&next);
    assert!(again.out.contains(", 0 of them new"), "{}", again.out);
    let name = std::fs::read_dir(next.path("depot/pictures"))
        .expect("it was staged")
        .map(|entry| entry.expect("an entry").file_name())
        .next()
        .expect("one file");
    let address = format!("/static/pictures/{}", name.to_str().expect("it is text"));
    let mut command = signpost(now.root(), &["serve", "--addr", "127.0.0.1:0", "--depot"]);
    command.arg(next.path("depot")).args(DAY);
    let server = Serving::start(command);
    let answer = server.get(&address);
    assert_eq!(wire::status(&answer), Some(200), "{answer}");
    for line in [
        "content-type: image/svg+xml",
        "cache-control: public, max-age=31536000, immutable",
        "x-content-type-options: nosniff",
        "cross-origin-resource-policy: same-origin",
    ] {
        assert!(answer.contains(line), "{line}: {answer}");
    }
    // Who has it is told so, and nothing else is in reach by such an address.
    let tag = answer.lines().find_map(|line| line.strip_prefix("etag: "));
    let asked = format!(
        "GET {address} HTTP/1.1\r\nIf-None-Match: {}",
        tag.expect("it has a tag").trim()
    );
    let fresh = wire::exchange(server.addr, &asked);
    assert_eq!(wire::status(&fresh), Some(304), "{fresh}");
    for path in [
        "/static/pictures/new.svg",
        "/static/pictures/other.0123456789abcdef.svg",
        "/static/../depot/pictures/new.0123456789abcdef.svg",
        "/static/pictures",
    ] {
        assert_eq!(wire::status(&server.get(path)), Some(404), "{path}");
    }
}

#[test]
fn a_release_with_errors_is_not_staged() {
    let folder = Folder::copied();
    folder.edit("articles/sciatica.md", "title:", "tilte:");
    let staged = stage(&folder);
    assert_eq!(staged.status, Some(1), "{}{}", staged.out, staged.err);
    assert!(
        staged.out.contains("nothing was put into the depot"),
        "{}",
        staged.out
    );
    assert!(!folder.path("depot").exists());
}

#[test]
fn a_depot_that_can_not_be_made_is_told() {
    let folder = Folder::copied();
    folder.write("depot", "a file");
    let staged = stage(&folder);
    assert_eq!(staged.status, Some(2), "{}", staged.out);
    assert!(
        staged.err.contains("can't put files into `depot`"),
        "{}",
        staged.err
    );
}
