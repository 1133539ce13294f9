//! What editors see and readers never do: whether a page is public, what is wrong
//! with its file, and one page that lists all of it. It stands apart so that a page
//! without it can be told from one with it by looking for a single value.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use askama::Template;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::frame::Frame;
use super::{Making, RenderedPage, finish};
use crate::diagnostic::{Diagnostic, count};
use crate::file::Place;
use crate::site::{Site, Stamp, Visibility};

/// The address of the page that lists everything.
pub const INDEX: &str = "/preview";

/// How many files the list shows; somebody who has more to mend begins with these.
const MOST_FILES: usize = 200;

/// For whom a site is made.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Edition {
    /// For readers.
    #[default]
    Public,
    /// For editors: drafts and articles of the future are there, and pages tell what is wrong with their files.
    Preview(Desk),
}

/// Where an editor works.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Desk {
    /// The absolute path of the content folder, for links into an editor.
    pub root: String,
}

/// What readers may see of a page today.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// All of it.
    Public,
    /// Nothing: it is a draft.
    Draft,
    /// Nothing before a day.
    From(Date),
    /// Nothing, ever: it is made for editors.
    Never,
}

/// Which text a page shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Version {
    /// That of its file.
    Current,
    /// An older one, since the file has an error.
    LastGood,
    /// None: the file has an error and never was without.
    Nothing,
}

/// What editors are told on one page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// What readers may see of it.
    pub standing: Standing,
    /// Which text it shows.
    pub version: Version,
    /// What is wrong with its file, in reading order.
    pub problems: Vec<Diagnostic>,
}

/// A file of which editors should know.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Listed {
    path: String,
    /// When it was saved, if that is known.
    saved_at: Option<Timestamp>,
    /// Its page, if it has one of its own.
    address: Option<String>,
    standing: Standing,
    problems: Vec<Diagnostic>,
}

/// Everything that editors are told of one build.
#[derive(Debug)]
pub struct Notes {
    desk: Desk,
    /// By address of the page.
    on_pages: BTreeMap<String, Note>,
    /// Newest change first, then by path.
    listed: Vec<Listed>,
}

impl Notes {
    /// Notes on a site. `stamps` say when each file was saved last, by path.
    pub fn new(
        desk: Desk,
        site: &Site,
        problems: &[Diagnostic],
        stamps: &BTreeMap<String, Stamp>,
    ) -> Self {
        let mut files: BTreeMap<&str, Vec<Diagnostic>> = BTreeMap::new();
        for problem in problems {
            let own = files.entry(&problem.place.path).or_default();
            own.push(problem.clone());
        }
        let unseen = site.articles.values();
        let unseen = unseen.filter(|article| site.visibility(article) == Visibility::NotYet);
        for article in unseen {
            files.entry(&article.path).or_default();
        }
        let mut on_pages: BTreeMap<String, Note> = BTreeMap::new();
        let mut listed = Vec::with_capacity(files.len());
        for (path, mut problems) in files {
            // What keeps the page away comes before what could be better.
            problems.sort_by_key(|problem| !problem.is_error());
            let address = address_of(path);
            let standing = address.as_deref().map_or(Standing::Public, |address| {
                let note = on_pages
                    .entry(address.to_owned())
                    .or_insert_with(|| Note::of(site, address));
                note.add(&problems);
                note.standing
            });
            listed.push(Listed {
                path: path.to_owned(),
                saved_at: stamps.get(path).and_then(|stamp| stamp.saved_at),
                address,
                standing,
                problems,
            });
        }
        listed.sort_by(|a, b| (Reverse(a.saved_at), &a.path).cmp(&(Reverse(b.saved_at), &b.path)));
        Self {
            desk,
            on_pages,
            listed,
        }
    }

    /// What is said on a page, if anything is.
    pub fn on(&self, address: &str) -> Option<&Note> {
        self.on_pages.get(address)
    }

    /// What stands above a page.
    pub(super) fn sheet(&self, address: &str) -> Sheet<'_> {
        Sheet {
            desk: &self.desk,
            note: self.on(address),
            otherwise: match address {
                INDEX => Standing::Never,
                _ => Standing::Public,
            },
            file: None,
        }
    }
}

/// The page that is made of a file and of nothing else.
fn address_of(path: &str) -> Option<String> {
    if path == "clinic/glossary.toml" {
        return Some("/glossary".to_owned());
    }
    let (folder, name) = path.rsplit_once('/')?;
    let (stem, extension) = name.rsplit_once('.')?;
    let below = match (folder, extension) {
        ("clinic/pages", "md") => "",
        ("clinic/protocols", "toml") => "symptoms/",
        _ if path.starts_with("articles/") && extension == "md" => "articles/",
        _ => return None,
    };
    Some(format!("/{below}{stem}"))
}

impl Note {
    /// A note on a page whose file has no problem so far.
    fn of(site: &Site, address: &str) -> Self {
        let slug = address
            .strip_prefix("/articles/")
            .and_then(|slug| slug.parse().ok());
        let article = slug.as_ref().and_then(|slug| site.articles.get(slug));
        let is_missing = slug.is_some_and(|slug| site.unavailable.contains(&slug));
        Self {
            standing: match article {
                Some(article) if article.is_draft => Standing::Draft,
                Some(article) if article.dates.published_on > site.today => {
                    Standing::From(article.dates.published_on)
                }
                _ => Standing::Public,
            },
            version: if is_missing {
                Version::Nothing
            } else {
                Version::Current
            },
            problems: Vec::new(),
        }
    }

    fn add(&mut self, problems: &[Diagnostic]) {
        let is_broken = problems.iter().any(Diagnostic::is_error);
        if is_broken && self.version == Version::Current {
            self.version = Version::LastGood;
        }
        self.problems.extend_from_slice(problems);
    }
}

/// What stands above one page in a preview.
#[derive(Debug, Clone, Copy, Template)]
#[template(path = "fragments/preview.html")]
pub struct Sheet<'a> {
    desk: &'a Desk,
    /// What is said of the page.
    pub note: Option<&'a Note>,
    /// What readers may see of a page without a note.
    otherwise: Standing,
    /// The file of which it is made, if it is only one.
    pub file: Option<&'a str>,
}

impl askama::filters::HtmlSafe for Sheet<'_> {}

impl Sheet<'_> {
    /// What is wrong, if anything is.
    fn problems(&self) -> &[Diagnostic] {
        self.note.map_or(&[], |note| &note.problems)
    }

    /// Whether readers see the page.
    fn standing(&self) -> Standing {
        self.note.map_or(self.otherwise, |note| note.standing)
    }

    /// Which text the page shows.
    fn version(&self) -> Version {
        self.note.map_or(Version::Current, |note| note.version)
    }

    /// How much there is to mend, in words.
    fn count(&self) -> String {
        counted(self.problems())
    }

    /// A link that opens the beginning of the page's file.
    fn href_of_file(&self, file: &str) -> String {
        self.desk.href(&Place::start_of(file))
    }

    /// A link that opens a line in an editor.
    fn href(&self, place: &Place) -> String {
        self.desk.href(place)
    }
}

impl Desk {
    /// A link that opens a place in Visual Studio Code.
    /// Source: "Opening VS Code with URLs", <https://code.visualstudio.com/docs/configure/command-line>.
    fn href(&self, place: &Place) -> String {
        let mut href = String::from("vscode://file");
        let path = format!("/{}/{}", self.root.trim_matches('/'), place.path);
        for byte in path.bytes() {
            match byte {
                b'/' | b'-' | b'_' | b'.' | b'~' => href.push(char::from(byte)),
                byte if byte.is_ascii_alphanumeric() => href.push(char::from(byte)),
                byte => href.push_str(&format!("%{byte:02X}")),
            }
        }
        format!("{href}:{}:{}", place.line, place.column)
    }
}

/// "2 errors, 1 warning"; "nothing to mend" when there is none.
fn counted(problems: &[Diagnostic]) -> String {
    let (errors, warnings) = count(problems);
    let plural = |count: usize, noun: &str| match count {
        0 => None,
        1 => Some(format!("1 {noun}")),
        _ => Some(format!("{count} {noun}s")),
    };
    let parts = [plural(errors, "error"), plural(warnings, "warning")];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    match parts.as_slice() {
        [] => "nothing to mend".to_owned(),
        parts => parts.join(", "),
    }
}

/// A part of a message: words, or what the author wrote.
enum Part<'a> {
    Words(&'a str),
    Written(&'a str),
}

/// A message in parts: what stands between backticks is what the author wrote, or may write.
fn parts(message: &str) -> Vec<Part<'_>> {
    let pieces = message.split('`').enumerate();
    let part = |(at, text)| match at % 2 {
        0 => Part::Words(text),
        _ => Part::Written(text),
    };
    pieces.map(part).collect()
}

/// Everything that is to be mended, and every page that readers do not see yet.
#[derive(Template)]
#[template(path = "pages/preview.html")]
struct PreviewPage<'a> {
    frame: Frame<'a>,
    sheet: Sheet<'a>,
    files: Vec<Row<'a>>,
    /// How many files are not shown.
    left_out: usize,
    total: String,
}

/// A file in the list.
struct Row<'a> {
    file: &'a Listed,
    /// When it was saved, in the clinic's time zone.
    saved: Option<String>,
}

impl<'a> Row<'a> {
    fn of(file: &'a Listed, zone: &TimeZone) -> Self {
        let saved = file.saved_at.map(|at| at.to_zoned(zone.clone()));
        let saved = saved.map(|at| at.strftime("%Y-%m-%d, %H:%M").to_string());
        Self { file, saved }
    }

    fn problems(&self) -> &[Diagnostic] {
        &self.file.problems
    }

    fn count(&self) -> String {
        counted(&self.file.problems)
    }
}

/// The page that lists everything; to be asked for only in a preview.
///
/// # Errors
/// It is no preview, or a template failed: a fault of ours.
pub(super) fn render(making: Making<'_>) -> Result<RenderedPage, String> {
    let notes = making
        .preview
        .ok_or_else(|| format!("{INDEX}: there is no preview"))?;
    let zone = &making.site.clinic.timezone;
    let all: Vec<Diagnostic> = notes
        .listed
        .iter()
        .flat_map(|file| file.problems.clone())
        .collect();
    let page = PreviewPage {
        frame: Frame::new(making, INDEX, "Problems and drafts"),
        sheet: notes.sheet(INDEX),
        files: notes
            .listed
            .iter()
            .take(MOST_FILES)
            .map(|file| Row::of(file, zone))
            .collect(),
        left_out: notes.listed.len().saturating_sub(MOST_FILES),
        total: counted(&all),
    };
    finish(&page, &page.frame, None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_file_of_its_own_has_a_page() {
        let rows = [
            ("articles/back-pain.md", Some("/articles/back-pain")),
            ("articles/spine/back-pain.md", Some("/articles/back-pain")),
            ("articles/back-pain.png", None),
            ("clinic/pages/privacy.md", Some("/privacy")),
            ("clinic/protocols/cough.toml", Some("/symptoms/cough")),
            ("clinic/glossary.toml", Some("/glossary")),
            ("clinic/clinic.toml", None),
        ];
        for (path, address) in rows {
            assert_eq!(address_of(path).as_deref(), address, "{path}");
        }
    }

    #[test]
    fn a_link_opens_the_line_even_where_folders_have_spaces_and_colons() {
        let desk = Desk {
            root: "/home/a nurse/50%:é".into(),
        };
        let place = Place {
            path: "articles/a.md".into(),
            line: 14,
            column: 8,
        };
        assert_eq!(
            desk.href(&place),
            "vscode://file/home/a%20nurse/50%25%3A%C3%A9/articles/a.md:14:8"
        );
    }
}
