//! Tidiness as tests: which module may import which, how long files are, what they say about
//! themselves, and what they must not be called. It reads the sources as text, so it needs
//! neither the compiler's help nor a crate, and it tells every fault in one run.

#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    reason = "reads the sources themselves, which are there when a test runs"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Each top-level module and what it may import, in the order in which data goes: a row names
/// only modules of rows above it, so nothing points back up.
///
/// `content` allows all of that module, `content::article` only this part of it, and `*` every
/// module of the rows above.
const MAY_IMPORT: &str = "
    cli:
    clock:
    meters:
    vault:
    file:
    id:
    diagnostic: file
    document:   file, diagnostic
    messages:   file, diagnostic, document
    source:     file, diagnostic, document, id
    clinic:     file, diagnostic, document, id, source
    triage:     file, diagnostic, document, id, source
    booking:    file, diagnostic, document, id, clinic, triage
    content:    file, diagnostic, document, id, source, clinic, triage, booking
    schema:     document, source, triage, booking, content
    scaffold:   document, id, source, triage, booking
    site:       file, diagnostic, document, id, clinic, triage, booking, content
    infobutton: document, id, content, site
    search:     clinic, triage, booking, content, site
    report_card: diagnostic, content
    readiness:  file, diagnostic, clinic, site
    explanation: diagnostic
    links:      file, diagnostic, source, site
    digest:     id, clinic, booking, content, site, links
    assets:     clinic, content
    pages:      file, diagnostic, document, id, source, clinic, triage, booking, content, site, infobutton, search, assets, messages
    snapshot:   file, id, diagnostic, messages, clinic, content, site, infobutton, assets, pages, vault
    live:       snapshot, search, diagnostic
    disk:       file, diagnostic, site
    ledger:     id, document, booking
    counting:   id, booking, ledger
    intake:     booking, ledger
    notify:     clock, id, booking, ledger
    rebuild:    clock, file, diagnostic, clinic, content, site, search, pages, snapshot, live, disk, vault
    export:     pages, snapshot, disk
    watch:      disk, live, rebuild
    http:       clock, meters, id, booking, triage, site, infobutton, search, pages, snapshot, live, disk::Depot, disk::resident_bytes, ledger, counting, intake
    commands:   *
    main:       cli, commands
";

/// Lines that a file may have before its tests.
const MAX_LINES: usize = 500;
/// Lines of the median file before its tests.
const MAX_MEDIAN_LINES: usize = 150;
/// Text lines of the comment that opens a module.
const MODULE_COMMENT_LINES: std::ops::RangeInclusive<usize> = 2..=6;

/// Files whose opening comment may be longer, and why.
const LONGER_COMMENT: &[(&str, &str)] = &[("src/lib.rs", "it is the crate's map")];

/// Words that name no thing. A file name holds none of them between its underscores.
const EMPTY_WORDS: &str = "
    util utils helper helpers common misc impls data info
    manager managers service services handler handlers processor processors
";

/// Files that use such a word as the field does, and why.
const EMPTY_WORDS_WITH_MEANING: &[(&str, &str)] = &[(
    "src/booking/service.rs",
    "a service is what a patient asks for: `clinic/services.toml`",
)];

#[test]
fn every_module_imports_only_what_its_row_allows() {
    let table = table();
    let mut faults = Vec::new();
    for source in &sources() {
        let Some(module) = source.module.first() else {
            continue;
        }; // lib.rs lists modules
        let Some((_, allowed)) = table.iter().find(|(name, _)| name == module) else {
            faults.push(format!(
                "{}: module `{module}` has no row in MAY_IMPORT",
                source.name
            ));
            continue;
        };
        for import in imports(&source.code, &source.module) {
            let path = import.path.join("::");
            let Some(top) = import.path.first() else {
                continue;
            };
            if top == module {
                continue;
            }
            let place = format!("{}:{}", source.name, import.line);
            if !table.iter().any(|(name, _)| name == top) {
                faults.push(format!(
                    "{place}: `crate::{path}` is in no module of MAY_IMPORT"
                ));
            } else if !allowed.iter().any(|row| is_inside(&import.path, row)) {
                faults.push(format!(
                    "{place}: `{module}` must not import `{path}`; it may import {}",
                    if allowed.is_empty() {
                        "nothing".into()
                    } else {
                        allowed.join(", ")
                    },
                ));
            }
        }
    }
    expect_none(&faults);
}

#[test]
fn the_table_names_only_modules_that_there_are_and_never_points_back_up() {
    let present: BTreeSet<String> = sources()
        .into_iter()
        .filter_map(|source| source.module.into_iter().next())
        .collect();
    let mut above = BTreeSet::new();
    let mut faults = Vec::new();
    for (module, allowed) in table() {
        if !present.contains(module) {
            faults.push(format!("row `{module}`: there is no such module in src/"));
        }
        for path in allowed {
            let top = path.split("::").next().unwrap_or(path);
            if !above.contains(top) {
                faults.push(format!("row `{module}`: `{path}` stands in no row above"));
            }
        }
        above.insert(module);
    }
    expect_none(&faults);
}

#[test]
fn no_file_is_longer_than_500_lines_before_its_tests() {
    let faults: Vec<String> = sources()
        .iter()
        .filter(|source| source.lines > MAX_LINES)
        .map(|source| {
            format!(
                "{}: {} lines, at most {MAX_LINES}",
                source.name, source.lines
            )
        })
        .collect();
    expect_none(&faults);
}

#[test]
fn the_median_file_stays_under_150_lines_before_its_tests() {
    let mut lines: Vec<usize> = sources().iter().map(|source| source.lines).collect();
    lines.sort_unstable();
    let median = lines.get(lines.len() / 2).copied().unwrap_or(0);
    assert!(
        median < MAX_MEDIAN_LINES,
        "the median of {} files has {median} lines, expected fewer than {MAX_MEDIAN_LINES}",
        lines.len(),
    );
}

#[test]
fn every_module_opens_with_two_to_six_lines_about_itself() {
    let mut faults = Vec::new();
    for source in sources() {
        let lines = source
            .text
            .lines()
            .map_while(|line| line.strip_prefix("//!"))
            .filter(|line| !line.trim().is_empty())
            .count();
        let too_long = lines > *MODULE_COMMENT_LINES.end()
            && !LONGER_COMMENT.iter().any(|(name, _)| *name == source.name);
        if lines < *MODULE_COMMENT_LINES.start() || too_long {
            faults.push(format!(
                "{}: opens with {lines} lines of `//!`, expected 2 to 6",
                source.name
            ));
        }
    }
    expect_none(&faults);
}

#[test]
fn no_rule_unwraps_or_expects() {
    let mut faults = Vec::new();
    for source in sources() {
        for (number, line) in source.code.lines().enumerate() {
            for call in [".unwrap()", ".expect("] {
                if line.contains(call) {
                    faults.push(format!("{}:{}: `{call}`", source.name, number + 1));
                }
            }
        }
    }
    expect_none(&faults);
}

#[test]
fn no_file_has_a_name_that_names_no_thing() {
    let empty: BTreeSet<&str> = EMPTY_WORDS.split_whitespace().collect();
    let mut faults = Vec::new();
    for source in sources() {
        if EMPTY_WORDS_WITH_MEANING
            .iter()
            .any(|(name, _)| *name == source.name)
        {
            continue;
        }
        for part in &source.module {
            for word in part.split('_').filter(|word| empty.contains(word)) {
                faults.push(format!(
                    "{}: `{word}` says nothing; name the thing",
                    source.name
                ));
            }
        }
    }
    expect_none(&faults);
}

#[test]
fn exceptions_are_for_files_that_there_are() {
    let names: BTreeSet<String> = sources().into_iter().map(|source| source.name).collect();
    let faults: Vec<String> = [LONGER_COMMENT, EMPTY_WORDS_WITH_MEANING]
        .iter()
        .flat_map(|list| list.iter())
        .filter(|(name, _)| !names.contains(*name))
        .map(|(name, _)| format!("{name}: there is no such file; take it from its list"))
        .collect();
    expect_none(&faults);
}

#[test]
fn imports_are_found_in_every_spelling() {
    let cases: &[(&str, &[&str])] = &[
        ("use crate::file::SourceFile;", &["file::SourceFile"]),
        (
            "use crate::{file, content::{self, source::*}};",
            &["file", "content", "content::source"],
        ),
        (
            "use crate::{file as f, id::{Id as I}};",
            &["file", "id::Id"],
        ),
        ("pub(crate) use crate :: file;", &["file"]),
        (
            "fn f() -> crate::id::Id<u8> { crate::disk::read::<u8>() }",
            &["id::Id", "disk::read"],
        ),
        ("use super::super::clinic::Clinic;", &["clinic::Clinic"]),
        (
            "use super::{article, super::triage};",
            &["content::article", "triage"],
        ),
        (
            "use super::article::Slug; use self::parts::Part;",
            &["content::article::Slug"],
        ),
        ("use signpost::cli;", &["cli"]),
        (
            "// use crate::disk;\n/* use crate::disk; */ /// crate::disk\nlet a = \"crate::disk\";",
            &[],
        ),
        (
            "let a = r#\"crate::disk \" \"#; let b = '\"'; use crate::file;",
            &["file"],
        ),
        (
            "fn f<'a>(x: &'a str) { crate::file::g('\\'') }",
            &["file::g"],
        ),
        (
            "use std::fs; use other_crate::disk; my::signpost::disk();",
            &[],
        ),
        (
            "use crate::file;\n#[cfg(test)]\n#[expect(x)]\nmod tests { use crate::disk; }",
            &["file"],
        ),
        (
            "#[cfg(test)]\nuse crate::id;\nuse crate::file;",
            &["id", "file"],
        ),
    ];
    let mut faults = Vec::new();
    for (text, expected) in cases {
        let code = without_tests(&without_comments_and_strings(text));
        let module = ["content".to_owned(), "markdown".to_owned()];
        let found: Vec<String> = imports(&code, &module)
            .iter()
            .map(|import| import.path.join("::"))
            .collect();
        if found != *expected {
            faults.push(format!(
                "{text}\n    found {found:?}, expected {expected:?}"
            ));
        }
    }
    expect_none(&faults);
}

#[test]
fn a_part_of_a_module_allows_no_more_than_that_part() {
    let path = |text: &str| text.split("::").map(str::to_owned).collect::<Vec<_>>();
    assert!(is_inside(
        &path("content::source::Source"),
        "content::source"
    ));
    assert!(is_inside(&path("content::source"), "content"));
    assert!(!is_inside(&path("content::article"), "content::source"));
    assert!(!is_inside(&path("content"), "content::source"));
    assert!(!is_inside(&path("contents"), "content"));
}

/// The rows of `MAY_IMPORT`, in its order: a module and what it may import, `*` spelled out.
fn table() -> Vec<(&'static str, Vec<&'static str>)> {
    let mut table: Vec<(&str, Vec<&str>)> = Vec::new();
    for row in MAY_IMPORT.trim().lines() {
        let (module, allowed) = row
            .split_once(':')
            .expect("a row is `module: what, it, may`");
        let allowed = match allowed.trim() {
            "*" => table.iter().map(|(above, _)| *above).collect(),
            "" => Vec::new(),
            list => list.split(',').map(str::trim).collect(),
        };
        table.push((module.trim(), allowed));
    }
    table
}

/// One file of `src/`.
struct Source {
    /// Path from the crate's folder, with `/`.
    name: String,
    /// Where it hangs in the crate: `["content", "article"]`; empty for `lib.rs`.
    module: Vec<String>,
    /// All of it.
    text: String,
    /// Its code before its tests: comments and strings are blanked, line breaks are kept.
    code: String,
    /// Lines before its tests.
    lines: usize,
}

/// Every Rust file of `src/`, by path, ascending; never empty.
fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut paths = Vec::new();
    collect(&root.join("src"), &mut paths);
    paths.sort();
    assert!(!paths.is_empty(), "src/ holds no Rust file");
    paths
        .into_iter()
        .map(|path| {
            let text = std::fs::read_to_string(&path).expect("a source file is UTF-8");
            let inside = path
                .strip_prefix(root)
                .expect("it was found under the root");
            let name = inside.to_string_lossy().replace('\\', "/");
            let code = without_tests(&without_comments_and_strings(&text));
            let lines = code.lines().count();
            Source {
                module: module_of(&name),
                name,
                text,
                code,
                lines,
            }
        })
        .collect()
}

fn collect(folder: &Path, paths: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("the folder can be read") {
        let path = entry.expect("the entry can be read").path();
        if path.is_dir() {
            collect(&path, paths);
        } else if path.extension().is_some_and(|extension| extension == "rs")
            // Tests that have a file of their own.
            && path.file_name().is_some_and(|name| name != "tests.rs")
        {
            paths.push(path);
        }
    }
}

/// `src/content/mod.rs` is `content`, `src/content/article.rs` is `content::article`.
fn module_of(name: &str) -> Vec<String> {
    let stem = name.trim_start_matches("src/").trim_end_matches(".rs");
    let mut module: Vec<String> = stem.split('/').map(str::to_owned).collect();
    if module
        .last()
        .is_some_and(|last| last == "mod" || (last == "lib" && module.len() == 1))
    {
        module.pop();
    }
    module
}

/// Blanks comments, strings and characters, so that what is left is code alone.
fn without_comments_and_strings(text: &str) -> String {
    let mut code = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            block_comment(rest)
        } else if first == '"' {
            quoted(rest, '"')
        } else if first == '\'' {
            character(rest)
        } else if first == 'r' && !ends_in_word(&code) {
            raw_string(rest)
        } else {
            0
        };
        if length == 0 {
            code.push(first);
            rest = rest.get(first.len_utf8()..).unwrap_or("");
        } else {
            let (blank, after) = rest.split_at(length);
            code.push(' ');
            code.extend(blank.chars().filter(|character| *character == '\n'));
            rest = after;
        }
    }
    code
}

/// Bytes of the block comment that `text` begins with; they nest.
fn block_comment(text: &str) -> usize {
    let mut depth = 0_usize;
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        if rest.starts_with("/*") {
            depth += 1;
            at += 2;
        } else if rest.starts_with("*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += rest.chars().next().map_or(1, char::len_utf8);
        }
    }
    text.len()
}

/// Bytes of the string or character that `text` begins with, both quotes included.
fn quoted(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, character) in text.char_indices().skip(1) {
        if escaped {
            escaped = false;
        } else if character == '\\' {
            escaped = true;
        } else if character == quote {
            return at + 1;
        }
    }
    text.len()
}

/// Bytes of the character that `text` begins with; 0 when the quote opens a lifetime.
fn character(text: &str) -> usize {
    let mut after = text.chars().skip(1);
    match (after.next(), after.next()) {
        (Some('\\'), _) | (Some(_), Some('\'')) => quoted(text, '\''),
        _ => 0,
    }
}

/// Bytes of the raw string that `text` begins with; 0 when the `r` begins something else.
fn raw_string(text: &str) -> usize {
    let after = text.trim_start_matches('r');
    let hashes = after
        .chars()
        .take_while(|character| *character == '#')
        .count();
    let Some(body) = after.get(hashes..).and_then(|body| body.strip_prefix('"')) else {
        return 0;
    };
    let end = format!("\"{}", "#".repeat(hashes));
    let opening = text.len() - body.len();
    body.find(&end)
        .map_or(text.len(), |at| opening + at + end.len())
}

fn ends_in_word(code: &str) -> bool {
    // `br"…"` and `cr"…"` are raw strings, too; any other word that ends in r is a word.
    let word: String = code
        .chars()
        .rev()
        .take_while(|c| c.is_alphanumeric() || *c == '_')
        .collect();
    !word.is_empty() && word != "b" && word != "c"
}

/// The code up to its tests, which stand at the end of a file.
fn without_tests(code: &str) -> String {
    let starts_module = |at: &usize| {
        let mut rest = code.get(*at..).unwrap_or("");
        while rest.starts_with("#[") {
            rest = rest
                .split_once(']')
                .map_or("", |(_, after)| after.trim_start());
        }
        rest.starts_with("mod ")
    };
    let mut places = code.match_indices("#[cfg(test)]").map(|(at, _)| at);
    let end = places.find(starts_module).unwrap_or(code.len());
    code.get(..end).unwrap_or(code).to_owned()
}

/// A path that code names, from the crate's root on.
struct Import {
    path: Vec<String>,
    /// The first is 1.
    line: usize,
}

/// Every path into this crate that `code` names, by `use` or on the spot, in order of appearance.
/// Paths that stay in the file's own module by `self` are left out.
fn imports(code: &str, module: &[String]) -> Vec<Import> {
    let tokens = tokens(code);
    let mut found = Vec::new();
    let mut at = 0;
    while let Some((token, line)) = tokens.get(at) {
        let after_path = at > 0 && tokens.get(at - 1).is_some_and(|(before, _)| before == "::");
        let followed = tokens.get(at + 1).is_some_and(|(next, _)| next == "::");
        let root = match token.as_str() {
            "crate" | "signpost" => Some(Vec::new()),
            "super" => Some(parent(module)),
            _ => None,
        };
        if let Some(root) = root.filter(|_| followed && !after_path) {
            let mut paths = Vec::new();
            at = tree(&tokens, at + 2, &root, &mut paths);
            found.extend(paths.into_iter().map(|path| Import { path, line: *line }));
        } else {
            at += 1;
        }
    }
    found
}

/// Reads what may follow `::` in a path: a name, `*`, or a list of such trees. Adds every whole
/// path to `paths` and gives the place after the tree.
fn tree(
    tokens: &[(String, usize)],
    start: usize,
    root: &[String],
    paths: &mut Vec<Vec<String>>,
) -> usize {
    let mut path = root.to_vec();
    let mut at = start;
    loop {
        let token = tokens.get(at).map_or("", |(token, _)| token.as_str());
        match token {
            "{" => {
                at += 1;
                while tokens.get(at).is_some_and(|(token, _)| token != "}") {
                    at = tree(tokens, at, &path, paths);
                    if tokens.get(at).is_some_and(|(token, _)| token == "as") {
                        at += 2;
                    }
                    if tokens.get(at).is_some_and(|(token, _)| token == ",") {
                        at += 1;
                    }
                }
                return at + 1;
            }
            "super" => path = parent(&path),
            "self" | "*" => {}
            word if word.starts_with(|first: char| first.is_alphabetic() || first == '_') => {
                path.push(word.to_owned());
            }
            // `::<u8>` belongs to a call; what it holds is read as code of its own.
            _ => {
                paths.push(path);
                return at.max(start + usize::from(at == start));
            }
        }
        if tokens.get(at + 1).is_some_and(|(next, _)| next == "::") {
            at += 2;
        } else {
            paths.push(path);
            return at + 1;
        }
    }
}

fn parent(module: &[String]) -> Vec<String> {
    module
        .split_last()
        .map_or_else(Vec::new, |(_, before)| before.to_vec())
}

/// Words, `::` and single signs, each with its line.
fn tokens(code: &str) -> Vec<(String, usize)> {
    let mut tokens: Vec<(String, usize)> = Vec::new();
    for (number, line) in code.lines().enumerate() {
        let mut rest = line.trim_start();
        while let Some(first) = rest.chars().next() {
            let is_word = |c: char| c.is_alphanumeric() || c == '_';
            let length = if is_word(first) {
                rest.find(|c| !is_word(c)).unwrap_or(rest.len())
            } else if rest.starts_with("::") {
                2
            } else {
                first.len_utf8()
            };
            let (token, after) = rest.split_at(length);
            tokens.push((token.to_owned(), number + 1));
            rest = after.trim_start();
        }
    }
    tokens
}

/// Whether `path` is the module or part that `row` names, or lies inside it.
fn is_inside(path: &[String], row: &str) -> bool {
    let row: Vec<&str> = row.split("::").collect();
    path.len() >= row.len() && path.iter().zip(&row).all(|(part, named)| part == named)
}

/// Fails with all faults, sorted, without doubles.
fn expect_none(faults: &[String]) {
    let told: BTreeMap<&String, ()> = faults.iter().map(|fault| (fault, ())).collect();
    let lines: Vec<&str> = told.keys().map(|fault| fault.as_str()).collect();
    assert!(
        lines.is_empty(),
        "faults: {}\n  {}",
        lines.len(),
        lines.join("\n  ")
    );
}
