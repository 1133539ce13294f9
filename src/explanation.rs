//! What each code means, for the person who has to mend it. The texts are files in
//! `docs/diagnostics/`, one for each code, and come with the program. They stand apart
//! from the codes so that a nurse can read and mend them without Rust.

use rust_embed::RustEmbed;

use crate::diagnostic::{Code, Edition, Severity};

/// One file `<code>.md` for each code.
#[derive(RustEmbed)]
#[folder = "docs/diagnostics/"]
struct Files;

/// What a code means. Made only from a file that has all parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    /// What it is, in one line.
    pub title: String,
    /// What it is, in one or two paragraphs.
    pub what: String,
    /// Why it matters.
    pub why: String,
    /// What raises it.
    pub example: Sample,
    /// The same without the fault.
    pub mended: Sample,
    /// The whole file.
    pub markdown: String,
}

/// A piece of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sample {
    /// The file, relative to the content folder; none if the sample only tells of a situation.
    pub path: Option<String>,
    /// The lines, with a line break at the end of each.
    pub text: String,
}

impl Explanation {
    /// What a code means; none if its file is missing or lacks a part.
    pub fn of(code: Code) -> Option<Self> {
        let file = Files::get(&format!("{}.md", code.name()))?;
        let text = String::from_utf8(file.data.into_owned()).ok()?;
        parse(code, &text)
    }

    /// The names of all files, ascending.
    pub fn files() -> Vec<String> {
        let mut names: Vec<String> = Files::iter().map(|name| name.into_owned()).collect();
        names.sort();
        names
    }

    /// The explanation as a terminal shows it.
    pub fn printed(&self, code: Code) -> String {
        let Self {
            title,
            what,
            why,
            example,
            mended,
            ..
        } = self;
        format!(
            "{}: {title}\n{}\n\n{what}\n\nWhy it matters\n\n{why}\n\nExample{}\nMended{}",
            code.name(),
            weight(code),
            example.printed(),
            mended.printed(),
        )
    }
}

impl Sample {
    fn printed(&self) -> String {
        let path = self.path.as_ref();
        let path = path.map_or_else(String::new, |path| format!(" in {path}"));
        let lines = self.text.lines().map(|line| match line {
            "" => "\n".to_owned(),
            line => format!("    {line}\n"),
        });
        format!("{path}\n\n{}", lines.collect::<String>())
    }
}

/// What the fault does to the site, in one line.
pub fn weight(code: Code) -> &'static str {
    let (now, public) = (
        code.severity_in(Edition::Preview),
        code.severity_in(Edition::Production),
    );
    match (now, public) {
        (Severity::Error, _) => "Error: the site keeps the last good version until this is mended.",
        (_, Severity::Error) => "Warning; an error with `check --production`.",
        (_, Severity::Warning) => "Warning: the page goes live; somebody should look.",
    }
}

/// Every code with its line, as a list for people.
pub fn overview() -> String {
    let width = Code::ALL.iter().map(|code| code.name().len()).max();
    let width = width.unwrap_or_default();
    let lines = Code::ALL.iter().map(|code| {
        let title = Explanation::of(*code).map_or_else(String::new, |told| told.title);
        format!("{:width$}  {title}\n", code.name())
    });
    lines.collect()
}

/// `docs/diagnostics.md`: every code with its line, as a page.
pub fn page() -> String {
    let rows = Code::ALL.iter().map(|code| {
        let name = code.name();
        let title = Explanation::of(*code).map_or_else(String::new, |told| told.title);
        let [now, public] =
            [Edition::Preview, Edition::Production].map(|edition| code.severity_in(edition));
        format!("| [`{name}`](diagnostics/{name}.md) | {now} | {public} | {title} |\n")
    });
    format!(
        "# What `check` tells\n\n\
         Every fault has a code. `signpost explain CODE` prints the same pages on a terminal.\n\n\
         An **error** keeps its file from going live: readers keep the last good version. A **warning** goes live, and\n\
         somebody should look. `signpost check --production` is for the moment before a site goes public, and is stricter.\n\n\
         This page is made from the files in `docs/diagnostics/`: `SIGNPOST_BLESS=1 cargo test --test commands explain`.\n\n\
         | code | weight | with `--production` | what it is |\n|---|---|---|---|\n{}",
        rows.collect::<String>()
    )
}

/// Reads a file: `# code: title`, what it is, then the sections in their order.
fn parse(code: Code, text: &str) -> Option<Explanation> {
    let (heading, rest) = text.split_once('\n')?;
    let title = heading.strip_prefix(&format!("# {}: ", code.name()))?;
    let (what, rest) = rest.split_once("\n## Why it matters\n")?;
    let (why, rest) = rest.split_once("\n## Example\n")?;
    let (example, mended) = rest.split_once("\n## Mended\n")?;
    let whole = ![title, what, why].iter().any(|part| part.trim().is_empty());
    Some(Explanation {
        title: title.trim().to_owned(),
        what: what.trim().to_owned(),
        why: why.trim().to_owned(),
        example: sample(example)?,
        mended: sample(mended)?,
        markdown: text.to_owned(),
    })
    .filter(|_| whole)
}

/// The fenced piece in a section: four backticks, the language, and the path of a file that it belongs to.
fn sample(section: &str) -> Option<Sample> {
    let (_, fenced) = section.split_once("````")?;
    let (opening, rest) = fenced.split_once('\n')?;
    let (text, _) = rest.split_once("````")?;
    let path = opening.split_whitespace().nth(1);
    Some(Sample {
        path: path.map(str::to_owned),
        text: text.to_owned(),
    })
}
