//! `rename` moves an article with its pictures, keeps its old address, mends every text that
//! names it, and changes nothing at all when it refuses.

use crate::folder::{Folder, REFERENCE};
use crate::new::files;
use crate::program::{Ended, run, signpost};

const TODAY: [&str; 2] = ["--today", "2026-11-26"];
const SQUARE: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"4\" height=\"4\"/>\n";

fn rename(folder: &Folder, arguments: &[&str]) -> Ended {
    let mut all = vec!["rename"];
    all.extend(arguments);
    all.extend(TODAY);
    run(signpost(folder.root(), &all))
}

fn check(folder: &Folder) -> Ended {
    run(signpost(folder.root(), &["check", TODAY[0], TODAY[1]]))
}

/// A folder in which many texts name `sciatica`, whose page has a picture.
fn folder() -> Folder {
    let folder = Folder::whole();
    let own = "articles/sciatica.md";
    folder.write("articles/sciatica/nerve.svg", SQUARE);
    let text = folder.read(own);
    let picture = "\n![The nerve](nerve.svg \"From the back to the foot\")\n";
    let to_itself = "\nRead [the start](sciatica.md#sources) again.\n";
    folder.write(own, &format!("{text}{picture}{to_itself}"));
    let migraine = folder.read("articles/migraine.md");
    let links = "\nRead about [sciatica](../articles/sciatica.md#sources), or [the nerve][n].\n\n[n]: /articles/sciatica\n";
    folder.write("articles/migraine.md", &format!("{migraine}{links}"));
    folder.edit(
        "articles/migraine.md",
        "takeaways:\n  - \"",
        "takeaways: # a note\n  - \"In [sciatica](sciatica.md): ",
    );
    folder.edit(
        "articles/migraine.md",
        "\nrelated: [",
        "\nrelated: [\"sciatica\", ",
    );
    let page = folder.read("clinic/pages/privacy.md");
    folder.write(
        "clinic/pages/privacy.md",
        &format!("{page}\nSee [this page](/articles/sciatica).\n"),
    );
    let ended = check(&folder);
    assert_eq!(ended.status, Some(0), "sound at first: {}", ended.out);
    folder
}

/// How often the folder's texts say a word.
fn mentions(folder: &Folder, word: &str) -> usize {
    let texts = files(folder.root()).into_values();
    let texts = texts.map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    texts.map(|text| text.matches(word).count()).sum()
}

#[test]
fn an_article_moves_with_its_pictures_and_every_text_that_names_it_is_mended() {
    let folder = folder();
    let before = check(&folder).out.lines().last().map(str::to_owned);
    let ended = rename(&folder, &["sciatica", "leg-pain-from-the-back"]);
    assert_eq!(ended.err, "");
    assert_eq!(ended.status, Some(0));
    assert!(!folder.path("articles/sciatica.md").exists());
    assert!(!folder.path("articles/sciatica").exists());
    assert!(
        folder
            .path("articles/leg-pain-from-the-back/nerve.svg")
            .exists()
    );
    let text = folder.read("articles/leg-pain-from-the-back.md");
    assert!(text.contains("\naliases: [sciatica]\n"));
    for (file, part) in [
        (
            "articles/migraine.md",
            "\nrelated: [\"leg-pain-from-the-back\", ",
        ),
        (
            "articles/migraine.md",
            "takeaways: # a note\n  - \"In [sciatica](leg-pain-from-the-back.md): ",
        ),
        (
            "articles/migraine.md",
            "(../articles/leg-pain-from-the-back.md#sources)",
        ),
        (
            "articles/migraine.md",
            "\n[n]: /articles/leg-pain-from-the-back\n",
        ),
        (
            "articles/leg-pain-from-the-back.md",
            "[the start](leg-pain-from-the-back.md#sources)",
        ),
        (
            "clinic/pages/privacy.md",
            "[this page](/articles/leg-pain-from-the-back)",
        ),
        (
            "clinic/protocols/lower-back-pain.toml",
            "\"leg-pain-from-the-back\"",
        ),
    ] {
        let text = folder.read(file);
        assert!(text.contains(part), "{file} lacks {part}");
        let told = match file {
            "articles/leg-pain-from-the-back.md" => "articles/sciatica.md:",
            other => other,
        };
        let is_told = ended.out.lines().any(|line| line.starts_with(told));
        assert!(is_told, "{file}\n{}", ended.out);
    }
    let after = check(&folder);
    assert_eq!(after.status, Some(0), "{}", after.out);
    assert_eq!(after.out.lines().last().map(str::to_owned), before);
}

#[test]
fn a_dry_run_tells_the_same_and_changes_nothing() {
    let folder = folder();
    let before = files(folder.root());
    let dry = rename(&folder, &["sciatica", "leg-pain", "--dry-run"]);
    assert_eq!(dry.status, Some(0), "{}", dry.err);
    assert_eq!(files(folder.root()), before);
    let done = rename(&folder, &["articles/sciatica.md", "leg-pain"]);
    let without_end = |out: &str| {
        let lines: Vec<&str> = out.lines().collect();
        lines.split_last().map(|(_, lines)| lines.join("\n"))
    };
    assert_eq!(without_end(&dry.out), without_end(&done.out));
}

#[test]
fn going_back_and_forth_leaves_no_alias_that_hides_an_article() {
    let folder = folder();
    let old = mentions(&folder, "leg-pain");
    for pair in [
        ["sciatica", "leg-pain"],
        ["leg-pain", "sciatica"],
        ["sciatica", "leg-pain"],
    ] {
        assert_eq!(rename(&folder, &pair).err, "");
    }
    assert_eq!(check(&folder).status, Some(0));
    assert_eq!(rename(&folder, &["leg-pain", "sciatica"]).err, "");
    let text = folder.read("articles/sciatica.md");
    assert!(text.contains("\naliases: [leg-pain]\n"), "{text}");
    assert_eq!(mentions(&folder, "leg-pain"), old + 1);
}

#[test]
fn an_article_in_a_folder_stays_there_and_one_beside_its_pictures_goes_with_them() {
    let folder = folder();
    let text = folder.read("articles/sciatica.md");
    folder.remove("articles/sciatica.md");
    folder.write("articles/sciatica/sciatica.md", &text);
    assert_eq!(check(&folder).status, Some(0));
    assert_eq!(rename(&folder, &["sciatica", "leg-pain"]).err, "");
    assert!(folder.path("articles/leg-pain/leg-pain.md").exists());
    assert!(folder.path("articles/leg-pain/nerve.svg").exists());
    assert_eq!(check(&folder).status, Some(0), "{}", check(&folder).out);
}

#[test]
fn what_can_not_be_renamed_is_refused_and_nothing_changes() {
    let folder = folder();
    folder.edit(
        "articles/migraine.md",
        "\nauthors:",
        "\naliases: [bad-headache]\nauthors:",
    );
    folder.write("articles/taken/note.txt", "pictures of nobody");
    let before = files(folder.root());
    let rows = [
        (
            ["siatica", "leg-pain"],
            "there is no article `siatica`; did you mean `sciatica`?",
        ),
        (
            ["feet", "leg-pain"],
            "there is no article `feet`; write the name of a file",
        ),
        (
            ["bad-headache", "leg-pain"],
            "`bad-headache` is an old address of `migraine`",
        ),
        (
            ["sciatica", REFERENCE],
            "is the address of `articles/lower-back-pain-popping-sound.md`",
        ),
        (
            ["sciatica", "bad-headache"],
            "`bad-headache` is an old address of `migraine`",
        ),
        (
            ["sciatica", "Leg Pain"],
            "`Leg Pain` can't be an address, expected lower-case letters",
        ),
        (
            ["sciatica", "sciatica"],
            "`sciatica` is its address already",
        ),
        (
            ["sciatica", "taken"],
            "there is a folder `articles/taken` already",
        ),
    ];
    for (pair, expected) in rows {
        let ended = rename(&folder, &pair);
        assert_eq!(ended.status, Some(2), "{pair:?}: {}", ended.out);
        assert_eq!(ended.out, "");
        assert!(ended.err.contains(expected), "{pair:?}: {}", ended.err);
    }
    assert_eq!(files(folder.root()), before);
}

#[test]
fn a_link_that_is_not_found_stops_the_rename_before_it_begins() {
    let folder = Folder::whole();
    let text = folder.read("articles/migraine.md");
    let link = "\nRead about [a sore throat](sore\\-throat-strep.md).\n";
    folder.write("articles/migraine.md", &format!("{text}{link}"));
    assert_eq!(check(&folder).status, Some(0));
    let before = files(folder.root());
    let ended = rename(&folder, &["sore-throat-strep", "strep"]);
    assert_eq!(ended.status, Some(2), "{}", ended.out);
    assert!(
        ended.err.starts_with("signpost: nothing was changed"),
        "{}",
        ended.err
    );
    let place = "articles/migraine.md:";
    assert!(
        ended.err.contains(place) && ended.err.contains("error[link-unknown]"),
        "{}",
        ended.err
    );
    assert_eq!(files(folder.root()), before);
}
