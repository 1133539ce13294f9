//! Whatever is typed into a file of the sound site, reading it comes to an end: it tells faults
//! that lie inside the file, never stops the program, and what goes live is well nested.
//! Texts are made by changing sound ones, so that most of them get far into the reader.

#![expect(
    clippy::expect_used,
    reason = "lays out what it reads, which a test may stop over"
)]

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::mpsc;
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use jiff::civil::Date;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use signpost::diagnostic::{Code, Diagnostic};
use signpost::disk::read_tree;
use signpost::file::SourceFile;
use signpost::site::Tree;
use signpost::snapshot::{Entry, Snapshot, build};
use signpost::triage::parse_vignettes;

/// The day on which every site here is read.
const TODAY: Date = jiff::civil::date(2026, 11, 25);

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
            let (front, body) = halves(sound(path));
            check(path, format!("{front}{}", changed(body, &changes)))?;
        }
    }

    #[test]
    fn an_article_may_hold_any_front_matter(changes in changes()) {
        for path in ["articles/every-part.md", "articles/small-page.md"] {
            let (front, body) = halves(sound(path));
            check(path, format!("{}{body}", changed(front, &changes)))?;
        }
    }

    #[test]
    fn a_protocol_may_hold_anything(changes in changes()) {
        let path = "clinic/protocols/test-complaint.toml";
        check(path, changed(sound(path), &changes))?;
    }

    #[test]
    fn a_file_of_the_clinic_may_hold_anything(changes in changes(), which in any::<prop::sample::Index>()) {
        let files = SOUND.0.texts.iter().map(SourceFile::path);
        let paths: Vec<&str> = files.filter(|path| path.starts_with("clinic/")).collect();
        let path = *which.get(&paths);
        check(path, changed(sound(path), &changes))?;
    }

    #[test]
    fn a_source_may_say_anything_in_every_style(works in vec(work(), 1..5)) {
        let path = "articles/small-page.md";
        let (front, body) = halves(sound(path));
        let (before, own) = front.split_once("sources:\n").expect("it has sources");
        let text = format!("{before}sources:\n{}{own}{body}", works.concat());
        let clinic = sound("clinic/clinic.toml");
        for style in ["ama", "mla", "vancouver"] {
            let clinic = clinic.replace("\"ama\"", &format!("\"{style}\""));
            let tree = tree_with(path, text.clone());
            check_tree(&with(tree, "clinic/clinic.toml", clinic))?;
        }
    }

    #[test]
    fn a_vignette_may_hold_anything(changes in changes()) {
        let file = SourceFile::new("tests/vignettes/test-complaint.toml", changed(VIGNETTES, &changes));
        let site = SOUND.1.site();
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
        let (front, body) = halves(sound(path));
        let added: String = scraps.concat();
        let tree = tree_with(path, format!("{front}{body}\n\n{added}\n"));
        let (snapshot, diagnostics) = build(&tree, TODAY, None).expect("there is a clinic");
        let size = |snapshot: &Snapshot| match snapshot.entry("/articles/small-page") {
            Some(Entry::Page(page)) => page.identity().map_or(0, |own| own.body.len()),
            _ => 0,
        };
        // The longest answer to the shortest scrap is a mark of a citation with its words.
        let most = size(&SOUND.1) + 200 * added.len() + 10_000;
        prop_assert!(size(&snapshot) <= most, "{} bytes of {}", size(&snapshot), added.len());
        let told: usize = diagnostics.iter().map(|found| found.to_string().len()).sum();
        let most = 2_000 + 500 * added.len();
        prop_assert!(told <= most, "{told} bytes are told of {}", added.len());
    }

    #[test]
    fn a_file_may_hold_any_text(text in any::<String>()) {
        for path in ["articles/small-page.md", "clinic/people.toml"] {
            check(path, text.clone())?;
        }
        check("articles/small-page.md", format!("---\n{text}\n---\n{text}"))?;
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
        let (front, _) = halves(sound("articles/small-page.md"));
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

/// Files of a clinic that the sound site does without.
const MORE_FILES: [(&str, &str); 4] = [
    (
        "clinic/booking.toml",
        "keep_days = 90\nanswer_within = \"by the end of the next day\"\n",
    ),
    (
        "clinic/campaigns.toml",
        "[[campaign]]\nid = \"flyer\"\nlabel = \"A flyer\"\nchannel = \"flyer\"\nfrom = 2026-11-01\n\
         until = 2027-02-28\nservice = \"test-visit\"\n",
    ),
    (
        "clinic/emergency-words.toml",
        "[[emergency]]\nfinding = \"shared-sign\"\nall = [[\"chest\"], [\"pain\", \"tight\"]]\nunless = [\"toy\"]\n",
    ),
    (
        "clinic/messages/es.toml",
        include_str!("../templates/messages/en.toml"),
    ),
];

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

/// The sound site and what it looks like.
static SOUND: LazyLock<(Tree, Arc<Snapshot>)> = LazyLock::new(|| {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/content/sound");
    let mut tree = read_tree(&root).expect("the sound site can be read");
    let more = MORE_FILES.map(|(path, text)| SourceFile::new(path, text));
    tree.texts.extend(more);
    tree.texts.sort_by(|a, b| a.path().cmp(b.path()));
    let (snapshot, _) = build(&tree, TODAY, None).expect("the sound site can be built");
    (tree, snapshot)
});

fn sound(path: &str) -> &'static str {
    let file = SOUND.0.texts.iter().find(|file| file.path() == path);
    file.expect("the sound site has it").text()
}

/// Front matter with its fences, and body.
fn halves(text: &str) -> (&str, &str) {
    let (front, _) = text
        .get(4..)
        .and_then(|after| after.split_once("\n---\n"))
        .expect("an article has front matter");
    text.split_at(4 + front.len() + 5)
}

fn changed(text: &str, changes: &[Change]) -> String {
    let mut signs: Vec<char> = text.chars().collect();
    for (at, gone, come) in changes {
        let at = at.index(signs.len() + 1);
        let end = (at + gone).min(signs.len());
        signs.splice(at..end, come.chars());
    }
    signs.into_iter().collect()
}

/// The sound site with another text at a path.
fn tree_with(path: &str, text: String) -> Tree {
    with(SOUND.0.clone(), path, text)
}

fn with(mut tree: Tree, path: &str, text: String) -> Tree {
    let file = tree.texts.iter_mut().find(|file| file.path() == path);
    *file.expect("the sound site has it") = SourceFile::new(path, text);
    tree
}

fn check(path: &str, text: String) -> Result<(), TestCaseError> {
    check_tree(&tree_with(path, text))
}

fn check_tree(tree: &Tree) -> Result<(), TestCaseError> {
    let built = build(tree, TODAY, Some(&SOUND.1));
    let (snapshot, diagnostics) =
        built.map_err(|failure| TestCaseError::fail(format!("{failure:?}")))?;
    for found in &diagnostics {
        prop_assert!(is_inside(tree, found), "no such place: {found}");
    }
    for address in snapshot.addresses() {
        let Some(Entry::Page(page)) = snapshot.entry(address) else {
            continue;
        };
        let body = page.identity().map(|own| own.body.clone());
        let html = String::from_utf8_lossy(body.as_deref().unwrap_or_default()).into_owned();
        if html.starts_with("<!DOCTYPE") || html.starts_with("<!doctype") {
            let fault = nesting_fault(&html);
            prop_assert!(fault.is_none(), "{address}: {}", fault.unwrap_or_default());
        }
    }
    Ok(())
}

fn in_time(path: &'static str, text: String) {
    let (sender, receiver) = mpsc::channel();
    let start: String = text.chars().take(60).collect();
    let tree = tree_with(path, text);
    std::thread::spawn(move || {
        let built = build(&tree, TODAY, Some(&SOUND.1));
        sender.send(built.is_ok())
    });
    assert_eq!(
        receiver.recv_timeout(LIMIT),
        Ok(true),
        "{path} begins with {start:?}"
    );
}

fn is_inside(tree: &Tree, found: &Diagnostic) -> bool {
    let place = &found.place;
    let file = tree.texts.iter().find(|file| file.path() == &*place.path);
    let Some(file) = file else {
        return found.code == Code::FileMissing;
    };
    lies_in(file, found)
}

fn lies_in(file: &SourceFile, found: &Diagnostic) -> bool {
    let place = &found.place;
    let line = file.text().split('\n').nth(place.line.wrapping_sub(1));
    line.is_some_and(|line| (1..=line.chars().count() + 1).contains(&place.column))
}

/// Elements that have no end.
const VOID: [&str; 8] = ["br", "hr", "img", "input", "link", "meta", "col", "wbr"];

/// The first element that ends where another is open, if one does.
fn nesting_fault(html: &str) -> Option<String> {
    let mut open: Vec<&str> = Vec::new();
    let mut rest = html;
    while let Some((_, after)) = rest.split_once('<') {
        let length = tag_length(after);
        let (tag, next) = after.split_at_checked(length).unwrap_or((after, ""));
        rest = next;
        let is_end = tag.starts_with('/');
        let name = tag.trim_start_matches('/');
        let name = name.split([' ', '\n', '/', '>']).next().unwrap_or_default();
        if name.starts_with('!') || VOID.contains(&name) || tag.ends_with('/') {
            continue;
        }
        if !is_end {
            open.push(name);
        } else if open.pop() != Some(name) {
            return Some(format!("`</{name}>` before {:?}", start_of(rest)));
        }
    }
    open.pop().map(|name| format!("`<{name}>` is never closed"))
}

/// Bytes up to the end of a tag; a `>` in quotes does not end it.
fn tag_length(text: &str) -> usize {
    let mut quoted = false;
    for (at, sign) in text.char_indices() {
        match sign {
            '"' => quoted = !quoted,
            '>' if !quoted => return at,
            _ => {}
        }
    }
    text.len()
}

fn start_of(text: &str) -> String {
    text.chars().take(80).collect()
}
