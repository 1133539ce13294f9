//! Whatever is typed into a file of the sound site, reading it comes to an end: it tells faults
//! that lie inside the file, never stops the program, and what goes live is well nested.
//! Texts are made by changing sound ones, so that most of them get far into the reader.

#![expect(
    clippy::expect_used,
    reason = "lays out what it reads, which a test may stop over"
)]

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
    fn a_file_of_the_clinic_may_hold_anything(changes in changes(), which in 0..6_usize) {
        let paths = [
            "clinic/clinic.toml",
            "clinic/people.toml",
            "clinic/topics.toml",
            "clinic/services.toml",
            "clinic/copays.toml",
            "clinic/pages/privacy.md",
        ];
        let path = paths.get(which).copied().unwrap_or("clinic/clinic.toml");
        check(path, changed(sound(path), &changes))?;
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

/// The sound site and what it looks like.
static SOUND: LazyLock<(Tree, Arc<Snapshot>)> = LazyLock::new(|| {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/content/sound");
    let tree = read_tree(&root).expect("the sound site can be read");
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
    let mut tree = SOUND.0.clone();
    let file = tree.texts.iter_mut().find(|file| file.path() == path);
    *file.expect("the sound site has it") = SourceFile::new(path, text);
    tree
}

fn check(path: &str, text: String) -> Result<(), TestCaseError> {
    let tree = tree_with(path, text);
    let built = build(&tree, TODAY, Some(&SOUND.1));
    let (snapshot, diagnostics) =
        built.map_err(|failure| TestCaseError::fail(format!("{failure:?}")))?;
    for found in &diagnostics {
        prop_assert!(is_inside(&tree, found), "no such place: {found}");
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
