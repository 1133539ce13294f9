//! Brings a folder to the state of an export. Whatever can fail is done under hidden
//! names first; then files get their names, those that pages name before the pages, and
//! only then old ones go. So no reader meets half a file, nor a page whose style sheet
//! is not there. What nobody wrote with an export is neither replaced nor removed.

use std::io;
use std::path::{Path, PathBuf};

use actix_web::web::Bytes;
use jiff::{SignedDuration, Timestamp};
use rayon::prelude::*;
use xxhash_rust::xxh3::xxh3_128;

use super::MANIFEST;
use super::layout::{Exported, Siblings, ending};
use super::manifest::{Manifest, UnknownManifest};
use crate::disk::{DOWNLOADS, OutputError, OutputFolder, Standing, Waiting, files_below, hash_of};
use crate::snapshot::{COMPRESSION, Coding, Page, compressed};

/// How long a style sheet or picture stays after no page names it any more: caches keep pages for minutes, and
/// somebody may print tonight what they opened this morning.
const UNNEEDED_STAYS: SignedDuration = SignedDuration::from_hours(24);

/// Most files that one message names.
const MOST_NAMED: usize = 5;

/// A folder to export to, and what earlier exports wrote there.
pub struct Folder {
    output: OutputFolder,
    manifest: Option<Manifest>,
}

/// What is told while an export runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// So many parts are to be done.
    Planned(usize),
    /// One of them is done.
    Done,
    /// All are made; now they become durable and get their names.
    Publishing,
}

/// What an export did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts {
    /// Files that are new or different.
    pub written: usize,
    /// Files that were the same.
    pub kept: usize,
    /// Files that were removed.
    pub removed: usize,
    /// Files that no page names any more, and that stay for a day.
    pub staying: usize,
    /// Bytes of the files that were written.
    pub bytes: u64,
    /// Files that were not removed although no longer needed, since somebody changed them; ascending.
    pub changed_by_others: Vec<String>,
}

/// Why an export did not come about. The folder is as it was, unless the disk failed while names were given.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The folder holds something, and no export wrote it.
    #[error("it is not empty and holds no `{MANIFEST}`; name an empty folder, or say `--force`")]
    NotOurs,
    /// The manifest can't be used.
    #[error("its `{MANIFEST}`: {0}")]
    Manifest(#[from] UnknownManifest),
    /// Files of somebody else stand where files of the export belong.
    #[error("{} there before the export and would be replaced; move them away", named(.0))]
    Foreign(Vec<String>),
    /// A file of `static/downloads/` can't be read.
    #[error("`{DOWNLOADS}/{0}` can't be read: {1}")]
    Download(String, io::Error),
    /// The folder can't be used.
    #[error(transparent)]
    Output(#[from] OutputError),
}

impl From<io::Error> for ExportError {
    fn from(error: io::Error) -> Self {
        Self::Output(error.into())
    }
}

fn named(paths: &[String]) -> String {
    let names: Vec<String> = paths
        .iter()
        .take(MOST_NAMED)
        .map(|path| format!("`{path}`"))
        .collect();
    let more = match paths.len().saturating_sub(MOST_NAMED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let verb = if paths.len() == 1 { "was" } else { "were" };
    format!("{}{more} {verb}", names.join(", "))
}

impl Folder {
    /// Opens a folder, which is made if it is not there.
    ///
    /// # Errors
    /// See [`ExportError`]: for the operator.
    pub fn open(path: &Path) -> Result<Self, ExportError> {
        let output = OutputFolder::open(path)?;
        let manifest = output.read(MANIFEST)?;
        let manifest = manifest.map(|text| Manifest::parse(&text)).transpose()?;
        Ok(Self { output, manifest })
    }

    /// Refuses a folder that holds something and that no export wrote.
    ///
    /// # Errors
    /// It is such a folder: for the operator.
    pub fn expect_ours(&self) -> Result<(), ExportError> {
        match self.manifest.is_some() || self.output.is_empty()? {
            true => Ok(()),
            false => Err(ExportError::NotOurs),
        }
    }
}

/// Writes an export, with the files below `downloads`. `progress` is called from several threads.
///
/// # Errors
/// See [`ExportError`]: for the operator.
pub fn write(
    folder: &Folder,
    exported: &Exported,
    downloads: &Path,
    now: Timestamp,
    progress: &(dyn Fn(Step) + Sync),
) -> Result<Counts, ExportError> {
    let old = folder.manifest.clone();
    let writing = Writing {
        output: &folder.output,
        old: old.unwrap_or_else(|| Manifest::empty("")),
        compression: compression(exported.siblings),
        siblings: exported.siblings,
    };
    let jobs = writing.jobs(exported, downloads)?;
    progress(Step::Planned(jobs.len()));
    let placed = jobs.into_par_iter().map(|job| {
        let placed = writing.place(job);
        progress(Step::Done);
        placed
    });
    let placed: Vec<Vec<Placed>> = placed.collect::<Result<_, _>>()?;
    progress(Step::Publishing);
    writing.finish(placed.into_iter().flatten().collect(), now)
}

/// How siblings are made, by this program.
fn compression(siblings: Siblings) -> String {
    match siblings {
        Siblings::Compressed => format!("signpost {}: {COMPRESSION}", env!("CARGO_PKG_VERSION")),
        Siblings::None => "none".to_owned(),
    }
}

/// One part of an export.
enum Job<'a> {
    /// A page or file of the snapshot, with its siblings.
    Page {
        path: &'a str,
        address: &'a str,
        page: &'a Page,
    },
    /// What is made for hosts.
    Extra { path: &'a str, bytes: &'a Bytes },
    /// A file from disk.
    Download { name: String, from: PathBuf },
}

/// A file of the export.
struct Placed {
    path: String,
    hash: u128,
    state: State,
}

enum State {
    /// It stands there already.
    Kept,
    /// It is written, and waits for its name.
    Waiting(Waiting, u64),
    /// Somebody else's file or folder is in its place.
    Taken,
}

struct Writing<'a> {
    output: &'a OutputFolder,
    old: Manifest,
    compression: String,
    siblings: Siblings,
}

impl Writing<'_> {
    fn jobs<'a>(&self, exported: &'a Exported, downloads: &Path) -> io::Result<Vec<Job<'a>>> {
        let pages = exported
            .pages
            .iter()
            .map(|(path, (address, page))| Job::Page {
                path,
                address,
                page,
            });
        let extras = exported
            .extras
            .iter()
            .map(|(path, bytes)| Job::Extra { path, bytes });
        let files = files_below(downloads)?
            .into_iter()
            .map(|name| Job::Download {
                from: downloads.join(&name),
                name,
            });
        Ok(pages.chain(extras).chain(files).collect())
    }

    fn place(&self, job: Job<'_>) -> Result<Vec<Placed>, ExportError> {
        match job {
            Job::Page {
                path,
                address,
                page,
            } => self.page(path, address, page),
            Job::Extra { path, bytes } => Ok(vec![self.bytes(path.to_owned(), bytes)?]),
            Job::Download { name, from } => Ok(vec![self.download(&name, &from)?]),
        }
    }

    fn page(&self, path: &str, address: &str, page: &Page) -> Result<Vec<Placed>, ExportError> {
        let body = page
            .identity()
            .and_then(|own| own.body.bytes())
            .unwrap_or_default();
        if let Some(known) = self.known(path, xxh3_128(&body))? {
            return Ok(known);
        }
        if self.siblings == Siblings::None {
            return Ok(vec![self.bytes(path.to_owned(), &body)?]);
        }
        let forms = compressed(address, page).representations;
        let placed = forms.iter().filter_map(|own| {
            let (path, bytes) = (format!("{path}{}", ending(own.coding())), own.body.bytes()?);
            Some(self.bytes(path, &bytes))
        });
        placed.collect()
    }

    /// The page and its siblings, if all are as an earlier export wrote them from the same bytes. Making them small
    /// takes far longer than reading them.
    fn known(&self, path: &str, hash: u128) -> io::Result<Option<Vec<Placed>>> {
        if self.old.hash(path) != Some(hash) || self.old.compression != self.compression {
            return Ok(None);
        }
        let mut known = Vec::new();
        for coding in [Coding::Identity, Coding::Gzip, Coding::Brotli] {
            let path = format!("{path}{}", ending(coding));
            let Some(hash) = self.old.hash(&path) else {
                continue;
            };
            if self.output.standing(&path)? != Standing::File(hash) {
                return Ok(None);
            }
            let state = State::Kept;
            known.push(Placed { path, hash, state });
        }
        Ok(Some(known))
    }

    fn bytes(&self, path: String, bytes: &[u8]) -> Result<Placed, ExportError> {
        let hash = xxh3_128(bytes);
        let length = bytes.len() as u64;
        self.one(path, hash, |path| {
            Ok((self.output.write(path, bytes)?, length))
        })
    }

    fn download(&self, name: &str, from: &Path) -> Result<Placed, ExportError> {
        let unreadable = |error| ExportError::Download(name.to_owned(), error);
        let hash = hash_of(from).map_err(unreadable)?;
        self.one(format!("{DOWNLOADS}/{name}"), hash, |path| {
            let length = from.metadata().map_err(unreadable)?.len();
            Ok((self.output.copy(path, from).map_err(unreadable)?, length))
        })
    }

    /// A file with this hash: it stands there, or is written, or somebody else's stands there.
    fn one(
        &self,
        path: String,
        hash: u128,
        write: impl FnOnce(&str) -> Result<(Waiting, u64), ExportError>,
    ) -> Result<Placed, ExportError> {
        let state = match self.output.standing(&path)? {
            Standing::File(standing) if standing == hash => State::Kept,
            Standing::File(_) if !self.old.owns(&path) => State::Taken,
            Standing::Other => State::Taken,
            Standing::File(_) | Standing::Nothing => {
                let (waiting, length) = write(&path)?;
                State::Waiting(waiting, length)
            }
        };
        Ok(Placed { path, hash, state })
    }

    fn finish(&self, placed: Vec<Placed>, now: Timestamp) -> Result<Counts, ExportError> {
        let mut counts = Counts::default();
        let mut manifest = Manifest::empty(self.compression.as_str());
        let (mut waiting, mut taken) = (Vec::new(), Vec::new());
        for Placed { path, hash, state } in placed {
            manifest.add(path.clone(), hash);
            match state {
                State::Kept => counts.kept += 1,
                State::Waiting(file, length) => {
                    counts.bytes += length;
                    waiting.push((is_page(&path), path, file));
                }
                State::Taken => taken.push(path),
            }
        }
        if !taken.is_empty() {
            taken.sort();
            return Err(ExportError::Foreign(taken));
        }
        counts.written = waiting.len();
        waiting.sort_by(|(a, first, _), (b, second, _)| (a, first).cmp(&(b, second)));
        let waiting: Vec<Waiting> = waiting.into_iter().map(|(_, _, file)| file).collect();
        self.publish(&manifest, &waiting)?;
        self.remove(&mut manifest, &mut counts, now)?;
        if manifest != self.old {
            self.keep(&manifest)?;
        }
        Ok(counts)
    }

    /// Gives the files their names. Before, it is written down that they are ours: whoever starts again after a power
    /// cut knows them.
    fn publish(&self, manifest: &Manifest, waiting: &[Waiting]) -> Result<(), ExportError> {
        if waiting.is_empty() {
            return Ok(());
        }
        let mut both = self.old.clone();
        both.files.extend(manifest.files.clone());
        self.keep(&both)?;
        Ok(self.output.publish(waiting)?)
    }

    fn keep(&self, manifest: &Manifest) -> Result<(), ExportError> {
        let text = manifest.text().map_err(io::Error::other)?;
        let file = self.output.write(MANIFEST, &text)?;
        Ok(self.output.publish(&[file])?)
    }

    /// Removes what is no longer needed, if it still is what an export wrote.
    fn remove(
        &self,
        manifest: &mut Manifest,
        counts: &mut Counts,
        now: Timestamp,
    ) -> Result<(), ExportError> {
        let mut removed = Vec::new();
        for (path, written) in &self.old.files {
            if manifest.owns(path) {
                continue;
            }
            let since = written.unneeded_since.unwrap_or(now);
            match self.output.standing(path)? {
                Standing::Nothing => {}
                Standing::File(hash) if self.old.hash(path) == Some(hash) => {
                    if is_named_by_pages(path) && now.duration_since(since) < UNNEEDED_STAYS {
                        let mut written = written.clone();
                        written.unneeded_since = Some(since);
                        manifest.files.insert(path.clone(), written);
                        counts.staying += 1;
                    } else {
                        removed.push(path.as_str());
                    }
                }
                Standing::File(_) | Standing::Other => counts.changed_by_others.push(path.clone()),
            }
        }
        counts.removed = removed.len();
        Ok(self.output.remove(&removed)?)
    }
}

fn is_page(path: &str) -> bool {
    [".html", ".html.br", ".html.gz"]
        .iter()
        .any(|end| path.ends_with(end))
}

/// Whether a page that somebody opened earlier may still ask for it.
fn is_named_by_pages(path: &str) -> bool {
    path.starts_with("static/") && !path.starts_with(DOWNLOADS)
}
