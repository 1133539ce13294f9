//! Whatever is typed into a file of the sound site, reading it comes to an end: it tells faults
//! that lie inside the file, never stops the program, and what goes live is well nested.
//! Texts are made by changing sound ones, so that most of them get far into the reader. What
//! coverage-guided fuzzing kept is replayed as well, for every reader that it tries.

#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "lays out what it reads, which a test may stop over"
)]

#[path = "../fuzz/src/lib.rs"]
mod fuzz;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::time::Duration;
use std::{fs, thread};

use fuzz::TARGETS;
use fuzz::sound::{SOUND, halves, lies_in, live, put, text_of, with};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use signpost::file::SourceFile;
use signpost::snapshot::{Entry, Snapshot};
use signpost::triage::parse_vignettes;

/// How long one small site may take, many times what it does take.
const LIMIT: Duration = Duration::from_secs(30);

/// What people type that means something, and what they had better not type.
const SCRAPS: [&str; 73] = [
    "\n",
    "\n\n",
    "\r\n",
    " ",
    "    ",
    "\t",
    "---\n",
    "---",
    "...\n",
    ":",
    ": ",
    "- ",
    "* ",
    "1. ",
    "# ",
    "## ",
    "### ",
    "##### ",
    "#",
    "[",
    "]",
    "(",
    ")",
    "](",
    "![",
    "<",
    ">",
    "</",
    "<b>",
    "<!--",
    "-->",
    "<br>",
    "&amp;",
    "&",
    "|",
    "|---|",
    "| a | b |\n|---|---|\n",
    "`",
    "```",
    "~~~",
    "~~",
    "**",
    "_",
    "\"",
    "'",
    "\\",
    "{#id}",
    "{",
    "}",
    "[^1]",
    "[^1]: ",
    "[@test2024]",
    "[@",
    "[@nobody; @test2024]",
    "<finding:red-sign>",
    "<finding:",
    "(finding:slow-sign)",
    "::: do\n",
    "::: care soon\n",
    "::: faq\n",
    "::: diagram test-part\n",
    ":::\n",
    ":::",
    "> ",
    "> [!NOTE]\n",
    "Term\n: ",
    "(small-page.md)",
    "(#",
    "![](dot.png \"decorative\")\n",
    "[[finding]]\n",
    " = ",
    "\u{feff}",
    "\u{e000}0\u{e001}",
];

/// One change of a text: at which part of it, how many characters go, what comes.
type Change = (prop::sample::Index, usize, String);

fn changes() -> impl Strategy<Value = Vec<Change>> {
    let scrap = prop_oneof![
        4 => vec(select(SCRAPS.as_slice()), 1..5).prop_map(|scraps| scraps.concat()),
        1 => any::<String>(),
        1 => Just(String::new()),
    ];
    vec((any::<prop::sample::Index>(), 0..12_usize, scrap), 1..5)
}

/// A source whose every field may be anything, the names of fields apart.
fn work() -> impl Strategy<Value = String> {
    let kinds = [
        "article-journal",
        "chapter",
        "book",
        "report",
        "webpage",
        "text",
    ];
    let fields = [
        "title",
        "container",
        "container_short",
        "publisher",
        "volume",
        "issue",
        "page",
        "text",
    ];
    // A sentence, or signs that styles cut and join at.
    let value = || "[A-Za-z0-9 .,:;?!&(){}\\[\\]'-]{1,30}|\\PC{1,12}";
    let issued = "[12][0-9]{3}(-[01][0-9](-[0-3][0-9])?)?|undated";
    let text = (select(fields.to_vec()), value());
    (
        0..100_000_u32,
        select(kinds.to_vec()),
        vec(value(), 0..8),
        vec(text, 0..8),
        issued,
        any::<bool>(),
    )
        .prop_map(|(id, kind, authors, texts, issued, et_al)| {
            let quoted = |text: &String| serde_json::Value::from(text.as_str()).to_string();
            let authors: Vec<String> = authors.iter().map(quoted).collect();
            let texts: BTreeMap<&str, String> = texts.into_iter().collect();
            let lines = texts.iter().map(|(key, text)| format!("    {key}: {}\n", quoted(text)));
            let lines: String = lines.collect();
            format!(
                "  - id: work{id}\n    type: {kind}\n{lines}    authors: [{}]\n    issued: \"{issued}\"\n    \
                 et_al: {et_al}\n    url: \"https://library.example/{id}\"\n",
                authors.join(", ")
            )
        })
}

/// A quarter of the usual number, since each case builds whole sites; `PROPTEST_CASES` asks for more.
fn cases() -> ProptestConfig {
    let usual = ProptestConfig::default();
    ProptestConfig {
        cases: usual.cases / 4,
        failure_persistence: None,
        ..usual
    }
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn an_article_may_hold_any_body(changes in changes()) {
        for path in ["articles/every-part.md", "articles/small-page.md"] {
            let (front, body) = halves(text_of(path));
            live(&with(path, format!("{front}{}", changed(body, &changes))));
        }
    }

    #[test]
    fn an_article_may_hold_any_front_matter(changes in changes()) {
        for path in ["articles/every-part.md", "articles/small-page.md"] {
            let (front, body) = halves(text_of(path));
            live(&with(path, format!("{}{body}", changed(front, &changes))));
        }
    }

    #[test]
    fn a_protocol_may_hold_anything(changes in changes()) {
        let path = "clinic/protocols/test-complaint.toml";
        live(&with(path, changed(text_of(path), &changes)));
    }

    #[test]
    fn a_file_of_the_clinic_may_hold_anything(changes in changes(), which in any::<prop::sample::Index>()) {
        let files = SOUND.tree.texts.iter().map(SourceFile::path);
        let paths: Vec<&str> = files.filter(|path| path.starts_with("clinic/")).collect();
        let path = *which.get(&paths);
        live(&with(path, changed(text_of(path), &changes)));
    }

    #[test]
    fn a_source_may_say_anything_in_every_style(works in vec(work(), 1..5)) {
        let path = "articles/small-page.md";
        let (front, body) = halves(text_of(path));
        let (before, own) = front.split_once("sources:\n").expect("it has sources");
        let text = format!("{before}sources:\n{}{own}{body}", works.concat());
        let clinic = text_of("clinic/clinic.toml");
        for style in ["ama", "mla", "vancouver"] {
            let clinic = clinic.replace("\"ama\"", &format!("\"{style}\""));
            live(&put(with(path, text.as_str()), "clinic/clinic.toml", clinic));
        }
    }

    #[test]
    fn a_vignette_may_hold_anything(changes in changes()) {
        let file = SourceFile::new("tests/vignettes/test-complaint.toml", changed(VIGNETTES, &changes));
        let site = SOUND.snapshot.site();
        let protocol = site.protocols.values().find(|own| own.complaint.as_str() == "test-complaint");
        let (read, diagnostics) = parse_vignettes(&file, protocol.expect("it is there"), &site.measures);
        for found in &diagnostics {
            prop_assert!(lies_in(&file, found), "no such place: {found}");
        }
        for vignette in read {
            prop_assert!(file.text().split('\n').nth(vignette.place.line - 1).is_some());
        }
    }

    #[test]
    fn a_page_is_at_most_so_many_times_as_long_as_its_text(scraps in vec(select(SCRAPS.as_slice()), 1..400)) {
        let path = "articles/small-page.md";
        let (front, body) = halves(text_of(path));
        let added: String = scraps.concat();
        let tree = with(path, format!("{front}{body}\n\n{added}\n"));
        let (snapshot, diagnostics) = live(&tree);
        let size = |snapshot: &Snapshot| match snapshot.entry("/articles/small-page") {
            Some(Entry::Page(page)) => page.identity().map_or(0, |own| own.body.len()),
            _ => 0,
        };
        // The longest answer to the shortest scrap is a mark of a citation with its words.
        let most = size(&SOUND.snapshot) + 200 * added.len() + 10_000;
        prop_assert!(size(&snapshot) <= most, "{} bytes of {}", size(&snapshot), added.len());
        let told: usize = diagnostics.iter().map(|found| found.to_string().len()).sum();
        let most = 2_000 + 500 * added.len();
        prop_assert!(told <= most, "{told} bytes are told of {}", added.len());
    }

    #[test]
    fn a_file_may_hold_any_text(text in any::<String>()) {
        for path in ["articles/small-page.md", "clinic/people.toml"] {
            live(&with(path, text.clone()));
        }
        live(&with("articles/small-page.md", format!("---\n{text}\n---\n{text}")));
    }
}

#[test]
fn a_text_that_repeats_itself_is_read_in_time() {
    let repeated = [
        "[",
        "![",
        "](",
        "> ",
        "- ",
        "*",
        "**a ",
        "_a",
        "`",
        "<",
        "<a ",
        "&",
        "|",
        "[^1]",
        "[^1]: ",
        "[@a",
        "[a](",
        "![a](b)\n\n",
        "## a\n\nb\n\n",
        "- a\n\n",
        "::: do\n",
        ":::\n",
        "# a\n",
        "\n: ",
        "~~",
        "\\",
        "{#",
        "[a]: b\n",
        "<!--",
        "<?",
    ];
    for scrap in repeated {
        let text = scrap.repeat(20_000 / scrap.len());
        let (front, _) = halves(text_of("articles/small-page.md"));
        in_time("articles/small-page.md", format!("{front}{text}"));
    }
    for scrap in [
        "[", "{", "- ", "? ", "a: ", "&a ", "'", "\"", "|\n", "\n  a:", "[[a]]\n", "a.", "[a.",
    ] {
        let text = scrap.repeat(20_000 / scrap.len());
        in_time("articles/small-page.md", format!("---\n{text}\n---\n"));
        in_time("clinic/protocols/test-complaint.toml", text);
    }
}

/// Cases that the sound protocol is tried with.
const VIGNETTES: &str = "\
[[case]]
name = \"a grown-up with the slow sign\"
words = \"a complaint for tests\"
who = \"me\"
age = \"34 years\"
pregnant = true
yes = [\"slow-sign\"]
unsure = [\"red-sign\"]
numbers = { days = 3, temperature = \"usual\" }
expect = \"emergency\"
source = \"second-source\"

[[case]]
name = \"a child with a number\"
who = \"child\"
age = \"7 months\"
numbers = { temperature = 104.5 }
expect = \"urgent\"
source = \"first-source\"
";

fn changed(text: &str, changes: &[Change]) -> String {
    let mut signs: Vec<char> = text.chars().collect();
    for (at, gone, come) in changes {
        let at = at.index(signs.len() + 1);
        let end = (at + gone).min(signs.len());
        signs.splice(at..end, come.chars());
    }
    signs.into_iter().collect()
}

fn in_time(path: &'static str, text: String) {
    let (sender, receiver) = mpsc::channel();
    let start: String = text.chars().take(60).collect();
    thread::spawn(move || {
        live(&with(path, text));
        sender.send(())
    });
    let ended = receiver.recv_timeout(LIMIT);
    assert_eq!(ended, Ok(()), "{path} begins with {start:?}");
}

/// Most files that are kept for one target, and most bytes of all of them.
const MOST_KEPT: usize = 200;
const MOST_KEPT_BYTES: usize = 400 * 1024;

#[test]
fn what_fuzzing_kept_is_read_as_it_should_be() {
    for (name, target) in TARGETS {
        for path in kept(name) {
            let input = fs::read(&path).expect("it is there");
            let _tried = Tried(path);
            target(&input);
        }
    }
}

#[test]
fn every_target_has_a_program_and_a_small_corpus() {
    for (name, _) in TARGETS {
        let program = fuzz_folder().join(format!("targets/{name}.rs"));
        let program = fs::read_to_string(program).expect("every target has a program");
        assert!(program.contains(&format!("{name}::run(data)")), "{name}");
        let files = files_in("corpus", name);
        let bytes: usize = files
            .iter()
            .map(|path| fs::read(path).map_or(0, |own| own.len()))
            .sum();
        assert!(
            (1..=MOST_KEPT).contains(&files.len()),
            "{name}: {} files",
            files.len()
        );
        assert!(bytes <= MOST_KEPT_BYTES, "{name}: {bytes} bytes");
    }
    let names: Vec<String> = TARGETS.iter().map(|(name, _)| (*name).to_owned()).collect();
    for kind in ["corpus", "regressions"] {
        let folders = fs::read_dir(fuzz_folder().join(kind)).expect("it is there");
        for folder in folders.flatten() {
            let name = folder.file_name().to_string_lossy().into_owned();
            assert!(names.contains(&name), "{kind}/{name} belongs to no target");
        }
    }
}

/// Says which input was tried when a target stops over it.
struct Tried(PathBuf);

impl Drop for Tried {
    fn drop(&mut self) {
        if thread::panicking() {
            eprintln!("with {}", self.0.display());
        }
    }
}

fn fuzz_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz")
}

/// The corpus of a target, and what once broke it.
fn kept(target: &str) -> Vec<PathBuf> {
    let folders = ["regressions", "corpus"];
    folders
        .iter()
        .flat_map(|folder| files_in(folder, target))
        .collect()
}

/// Files by name, ascending; none where there is no such folder.
fn files_in(folder: &str, target: &str) -> Vec<PathBuf> {
    let folder = fuzz_folder().join(folder).join(target);
    let files = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut files: Vec<PathBuf> = files.map(|file| file.path()).collect();
    files.sort();
    files
}
