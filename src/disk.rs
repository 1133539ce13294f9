//! The only module that reads content from disk, and that writes files. It hands on
//! plain values, so that everything behind it can be tested without a folder.

mod draft;
mod edit;

pub use draft::{Draft, Readers, write_new, write_once, write_whole};
pub use edit::{Edit, EditError, edit_all, is_taken};
mod depot;

pub use depot::{Depot, Put};

mod output;

pub use output::{OutputError, OutputFolder, Standing, Waiting, files_below, hash_of, is_within};

mod own_memory;

pub use own_memory::resident_bytes;

mod own_program;

pub use own_program::name_of_program;

mod pid_file;

pub use pid_file::PidFile;

mod socket_file;

pub use socket_file::SocketFile;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;
use rust_embed::RustEmbed;

use crate::diagnostic::{Code, Diagnostic};
use crate::file::{Place, SourceFile};
use crate::site::{Stamp, Tree};

/// Deepest folder below the content folder that is read.
const MAX_DEPTH: usize = 8;

/// Largest file that is held in memory, in bytes. Larger ones belong in `static/downloads/`.
pub const MAX_FILE_BYTES: u64 = 4 * 1024 * 1024;

/// Largest picture of an article that is held in memory, in bytes. It is more than a page may show, so that the fault
/// is told where the picture is shown.
const MAX_PICTURE_BYTES: u64 = 32 * 1024 * 1024;

/// The folder whose files stay on disk, relative to the content folder.
pub const DOWNLOADS: &str = "static/downloads";

/// The style sheets that come with the program. Each folder is named by itself, so that what belongs to one clinic,
/// such as the pictures in `static/share/`, does not become part of the program.
#[derive(RustEmbed)]
#[folder = "static/css/"]
#[prefix = "static/css/"]
struct Sheets;

/// The fonts that come with the program.
#[derive(RustEmbed)]
#[folder = "static/fonts/"]
#[prefix = "static/fonts/"]
struct Fonts;

/// The icons that come with the program.
#[derive(RustEmbed)]
#[folder = "static/icons/"]
#[prefix = "static/icons/"]
struct Icons;

/// The diagrams that come with the program.
#[derive(RustEmbed)]
#[folder = "static/diagrams/"]
#[prefix = "static/diagrams/"]
struct Diagrams;

/// The scripts that come with the program.
#[derive(RustEmbed)]
#[folder = "static/js/"]
#[prefix = "static/js/"]
struct Scripts;

/// The folders below a content folder that are read.
pub const FOLDERS: [&str; 3] = ["articles", "clinic", "static"];

/// Reads `articles/`, `clinic/` and `static/` of a content folder. Files of `static/`
/// take the place of the program's own by name.
///
/// # Errors
/// The folder itself can't be listed: for the operator. A single file that can't be
/// read is a diagnostic in the tree, for the editor.
#[allow(clippy::disallowed_methods)] // this module is the reason for the ban
pub fn read_tree(root: &Path) -> io::Result<Tree> {
    read_tree_beside(root, &Tree::default())
}

/// The same, where the content folder was read before: what a file still holds is not held twice.
///
/// # Errors
/// As [`read_tree`].
#[allow(clippy::disallowed_methods)]
pub fn read_tree_beside(root: &Path, known: &Tree) -> io::Result<Tree> {
    fs::read_dir(root)?;
    let mut reading = Reading {
        root,
        known,
        tree: Tree {
            assets: builtin(""),
            ..Tree::default()
        },
    };
    for folder in FOLDERS {
        reading.entry(folder, 0);
    }
    Ok(reading.sorted())
}

/// The folder to which a path leads now, through all links. A folder that is read by this name is read as one: a link
/// that is set to another release meanwhile changes nothing of it. A path that leads nowhere is given back as it is.
#[allow(clippy::disallowed_methods)]
pub fn resolved(path: &Path) -> PathBuf {
    fs::canonicalize(path).unwrap_or_else(|_| path.to_owned())
}

/// Whether a path is a link itself, and not what it leads to. A slash at its end is not looked at.
pub fn is_link(path: &Path) -> bool {
    path.components().collect::<PathBuf>().is_symlink()
}

/// The files that are not on disk as they were read: changed, new or gone, by path relative to the content folder. It
/// reads no file, so it may be asked often.
pub fn changed_since(root: &Path, tree: &Tree) -> BTreeSet<String> {
    let mut changed = BTreeSet::new();
    let mut gone: BTreeSet<&str> = tree.stamps.keys().map(String::as_str).collect();
    for folder in FOLDERS {
        walk(root, folder, 0, &mut |path, kind| {
            gone.remove(path);
            if tree.stamps.get(path) != Some(&stamp(kind)) {
                changed.insert(path.to_owned());
            }
        });
    }
    changed.extend(gone.into_iter().map(str::to_owned));
    changed
}

/// What the system says of each file that [`read_tree`] would read, by path relative to the content folder. It reads none.
pub fn stamps_of(root: &Path) -> BTreeMap<String, Stamp> {
    let mut stamps = BTreeMap::new();
    for folder in FOLDERS {
        walk(root, folder, 0, &mut |path, kind| {
            stamps.insert(path.to_owned(), stamp(kind));
        });
    }
    stamps
}

/// Shows each file at a path or below it that is read, with what the system says of it. The path is so many folders deep.
fn walk(root: &Path, path: &str, depth: usize, see: &mut impl FnMut(&str, &fs::Metadata)) {
    match fs::metadata(root.join(path)) {
        Ok(kind) if kind.is_dir() && depth <= MAX_DEPTH && path != DOWNLOADS => {
            for name in names_in(&root.join(path)) {
                walk(root, &format!("{path}/{name}"), depth + 1, see);
            }
        }
        Ok(kind) if kind.is_file() && depth <= MAX_DEPTH + 1 => see(path, &kind),
        _ => {}
    }
}

/// The names in a folder that are text, without what editors leave there.
#[allow(clippy::disallowed_methods)]
fn names_in(folder: &Path) -> impl Iterator<Item = String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let names = entries.filter_map(|entry| entry.file_name().into_string().ok());
    names.filter(|name| !is_left_by_an_editor(name))
}

/// What the system says of a file.
fn stamp(kind: &fs::Metadata) -> Stamp {
    Stamp {
        saved_at: kind.modified().ok().and_then(|at| at.try_into().ok()),
        bytes: kind.len(),
        inode: kind.ino(),
    }
}

/// Reads files and folders of a tree again, named by their paths relative to the content folder, with `/` between
/// their parts. What is gone from disk is gone from the tree.
pub fn read_again(root: &Path, mut tree: Tree, paths: &BTreeSet<String>) -> Tree {
    let is_named = |path: &str| with_folders_above(path).any(|part| paths.contains(part));
    let known = &Tree {
        texts: tree
            .texts
            .extract_if(.., |file| is_named(file.path()))
            .collect(),
        assets: tree
            .assets
            .extract_if(.., |path, _| is_named(path))
            .collect(),
        ..Tree::default()
    };
    tree.faults.retain(|fault| !is_named(&fault.place.path));
    tree.stamps.retain(|path, _| !is_named(path));
    let mut reading = Reading { root, known, tree };
    for path in paths {
        let mut above = with_folders_above(path).skip(1);
        if !above.any(|folder| paths.contains(folder)) {
            reading.again(path);
        }
    }
    reading.sorted()
}

/// A path, and each folder above it.
fn with_folders_above(path: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(path), |path| Some(path.rsplit_once('/')?.0))
}

/// The text of one file, such as a key.
///
/// # Errors
/// It can't be read, or is no UTF-8 text: for whoever named it.
#[allow(clippy::disallowed_methods)]
pub fn read_text(path: &Path) -> io::Result<String> {
    fs::read_to_string(path)
}

/// The bytes of one file.
///
/// # Errors
/// It can't be read: for whoever named it.
#[allow(clippy::disallowed_methods)]
pub fn read_bytes(path: &Path) -> io::Result<Vec<u8>> {
    fs::read(path)
}

/// The text of a secret file that only its owner may read; made of `make` if there is none. The folder is made too.
///
/// # Errors
/// The file can't be read or made: for the operator.
#[allow(clippy::disallowed_methods)]
pub fn kept_secret(path: &Path, make: &dyn Fn() -> String) -> io::Result<String> {
    match fs::read_to_string(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        read => return read,
    }
    if let Some(folder) = path.parent() {
        let mut made = fs::DirBuilder::new();
        made.recursive(true).mode(0o700).create(folder)?;
    }
    match write_once(path, make().as_bytes()) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        _ => fs::read_to_string(path),
    }
}

/// The folder whose vignettes prove the protocols, relative to the content folder.
pub const VIGNETTES: &str = "tests/vignettes";

/// Reads the vignettes of a content folder, by path, ascending.
///
/// # Errors
/// The folder itself can't be listed: for the operator. A single file that can't be
/// read is a diagnostic, for the editor.
#[allow(clippy::disallowed_methods)]
pub fn read_vignettes(root: &Path) -> io::Result<(Vec<SourceFile>, Vec<Diagnostic>)> {
    fs::read_dir(root.join(VIGNETTES))?;
    let mut reading = Reading {
        root,
        known: &Tree::default(),
        tree: Tree::default(),
    };
    reading.entry(VIGNETTES, 0);
    let Tree { texts, faults, .. } = reading.sorted();
    Ok((texts, faults))
}

/// The program's own files at a path or below it; all of them for an empty one.
fn builtin(path: &str) -> BTreeMap<String, Arc<[u8]>> {
    let sheets_and_fonts = embedded::<Sheets>(path).chain(embedded::<Fonts>(path));
    let icons_and_scripts = embedded::<Icons>(path).chain(embedded::<Scripts>(path));
    let all = sheets_and_fonts.chain(icons_and_scripts);
    all.chain(embedded::<Diagrams>(path)).collect()
}

fn embedded<Folder: RustEmbed>(path: &str) -> impl Iterator<Item = (String, Arc<[u8]>)> {
    let is_named =
        move |own: &str| path.is_empty() || with_folders_above(own).any(|part| part == path);
    let names = Folder::iter().filter(move |name| is_named(name));
    let files = names.filter_map(|name| Some((Folder::get(&name)?, name)));
    files.map(|(file, name)| (name.into_owned(), Arc::from(&*file.data)))
}

/// Makes a folder with those above it, where there is none yet.
///
/// # Errors
/// It can't be made: for the operator.
#[allow(clippy::disallowed_methods)]
pub fn make_folder(path: &Path) -> io::Result<()> {
    fs::create_dir_all(path)
}

/// The text of a file that the program wrote itself; none if it is not there yet.
///
/// # Errors
/// It can't be read: for the operator.
#[allow(clippy::disallowed_methods)]
pub fn read_if_there(path: &Path) -> io::Result<Option<String>> {
    match fs::read_to_string(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        read => read.map(Some),
    }
}

/// When a file was last written.
///
/// # Errors
/// It is not there, or its folder can't be read: for the operator.
pub fn modified_at(path: &Path) -> io::Result<jiff::Timestamp> {
    let at = fs::metadata(path)?.modified()?;
    jiff::Timestamp::try_from(at).map_err(io::Error::other)
}

/// Removes a file.
///
/// # Errors
/// It can't be removed: for the operator.
#[allow(clippy::disallowed_methods)]
pub fn remove(path: &Path) -> io::Result<()> {
    fs::remove_file(path)
}

struct Reading<'a> {
    root: &'a Path,
    /// What was read before.
    known: &'a Tree,
    tree: Tree,
}

impl Reading<'_> {
    fn sorted(self) -> Tree {
        let mut tree = self.tree;
        tree.texts.sort_by(|a, b| a.path().cmp(b.path()));
        tree
    }

    /// Reads whatever is at a path now; nothing, if nobody would look there.
    fn again(&mut self, path: &str) {
        self.tree.assets.extend(builtin(path));
        let mut parts = path.split('/');
        let is_ours = parts.next().is_some_and(|first| FOLDERS.contains(&first));
        if !is_ours || parts.clone().any(is_left_by_an_editor) {
            return;
        }
        self.entry(path, parts.count());
    }

    /// Reads a file, or a folder that is so many folders deep: files side by side on all cores.
    fn entry(&mut self, path: &str, depth: usize) {
        let (root, known) = (self.root, self.known);
        let mut found = Vec::new();
        walk(root, path, depth, &mut |path, kind| {
            found.push((path.to_owned(), kind.clone()));
        });
        let read: Vec<Content> = found
            .par_iter()
            .map(|(path, kind)| content(root, path, kind).or_known(path, known))
            .collect();
        for ((path, kind), content) in found.into_iter().zip(read) {
            // What the system said before the bytes were read: what is written meanwhile is then seen as a change.
            self.take(path, stamp(&kind), content);
        }
    }

    fn take(&mut self, path: String, stamp: Stamp, content: Content) {
        let tree = &mut self.tree;
        match content {
            Content::Gone => return,
            Content::Text(file) => tree.texts.push(file),
            Content::Bytes(bytes) => _ = tree.assets.insert(path.clone(), bytes),
            Content::Unreadable(fault) => tree.faults.push(fault),
        }
        tree.stamps.insert(path, stamp);
    }
}

/// What a file holds.
enum Content {
    Text(SourceFile),
    Bytes(Arc<[u8]>),
    Unreadable(Diagnostic),
    /// It is no longer there.
    Gone,
}

impl Content {
    /// The same as it was read before, if it still is the same.
    fn or_known(self, path: &str, known: &Tree) -> Self {
        match self {
            Self::Text(file) => {
                let same = known.text(path).filter(|own| **own == file);
                Self::Text(same.cloned().unwrap_or(file))
            }
            Self::Bytes(bytes) => {
                let same = known.assets.get(path).filter(|own| **own == bytes);
                Self::Bytes(same.cloned().unwrap_or(bytes))
            }
            Self::Unreadable(_) | Self::Gone => self,
        }
    }
}

#[allow(clippy::disallowed_methods)]
fn content(root: &Path, path: &str, kind: &fs::Metadata) -> Content {
    let unreadable = |message: String, help: &str| {
        let fault = Diagnostic::new(Code::Encoding, Place::start_of(path), message);
        Content::Unreadable(fault.help(help))
    };
    let (bytes, most) = (kind.len(), most_bytes(path));
    if bytes > most {
        let message = format!("the file has {bytes} bytes, at most {most} are held in memory");
        return unreadable(message, "put large files into `static/downloads/`");
    }
    let content = match fs::read(root.join(path)) {
        Ok(content) => content,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Content::Gone,
        Err(error) => {
            let message = format!("the file can't be read: {error}");
            return unreadable(message, "look at its permissions");
        }
    };
    if !is_text(path) {
        return Content::Bytes(content.into());
    }
    match String::from_utf8(content) {
        Ok(text) => Content::Text(SourceFile::new(path, text)),
        Err(error) => {
            let at = error.utf8_error().valid_up_to();
            let sound = error.as_bytes().get(..at).unwrap_or_default();
            let sound = String::from_utf8_lossy(sound).into_owned();
            let place = SourceFile::new(path, sound).place(at);
            let message = "this character was not saved as UTF-8";
            let fault = Diagnostic::new(Code::Encoding, place, message);
            Content::Unreadable(fault.help("choose \"UTF-8\" when you save the file"))
        }
    }
}

/// How large a file at a path may be, in bytes.
fn most_bytes(path: &str) -> u64 {
    let extension = path.rsplit('.').next().unwrap_or_default();
    let is_photo = ["jpg", "jpeg", "png", "webp"]
        .iter()
        .any(|own| extension.eq_ignore_ascii_case(own));
    if is_photo && path.starts_with("articles/") {
        MAX_PICTURE_BYTES
    } else {
        MAX_FILE_BYTES
    }
}

/// Text is what people write: articles, the clinic's files, vignettes.
fn is_text(path: &str) -> bool {
    let written = ["articles/", "clinic/", "tests/vignettes/"]
        .iter()
        .any(|folder| path.starts_with(folder));
    written && (path.ends_with(".md") || path.ends_with(".toml"))
}

/// Hidden files, backups and locks that editors put beside what they save.
fn is_left_by_an_editor(name: &str) -> bool {
    name.starts_with(['.', '#'])
        || name.ends_with(['~', '#'])
        || [".swp", ".tmp", ".part", ".bak"]
            .iter()
            .any(|end| name.ends_with(end))
}

#[cfg(test)]
#[allow(clippy::disallowed_methods)]
mod tests {
    use super::*;

    #[test]
    fn every_folder_of_static_comes_with_the_program_but_those_of_one_clinic() {
        let builtin = builtin("");
        let folder = |path: &str| path.split('/').nth(1).map(str::to_owned);
        let embedded: BTreeSet<String> = builtin.keys().filter_map(|path| folder(path)).collect();
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("static");
        let names = fs::read_dir(root).unwrap().map(|entry| entry.unwrap());
        let present: BTreeSet<String> = names
            .map(|entry| entry.file_name().into_string().unwrap())
            .filter(|name| !["downloads", "pictures", "share"].contains(&name.as_str()))
            .collect();
        assert_eq!(embedded, present);
        assert!(builtin.contains_key("static/css/components/care-card.css"));
    }

    #[test]
    fn a_file_is_written_whole_and_leaves_nothing_beside_it() {
        let name = format!("signpost-disk-{}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        let path = folder.join("static/share/a.png");
        for content in ["first", "second, longer"] {
            make_folder(path.parent().unwrap()).unwrap();
            write_whole(&path, content.as_bytes(), Readers::Anybody).unwrap();
            assert_eq!(fs::read_to_string(&path).unwrap(), content);
        }
        assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);
        remove(&path).unwrap();
        assert!(!path.exists());
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn what_is_not_on_disk_as_it_was_read_is_found_without_reading() {
        let folder = std::env::temp_dir().join(format!("signpost-stamps-{}", std::process::id()));
        for name in ["kept", "longer", "gone", "replaced"] {
            let path = folder.join(format!("articles/{name}.md"));
            make_folder(path.parent().unwrap()).unwrap();
            fs::write(path, "text").unwrap();
        }
        let tree = read_tree(&folder).unwrap();
        assert_eq!(changed_since(&folder, &tree), BTreeSet::new());
        fs::write(folder.join("articles/longer.md"), "longer text").unwrap();
        fs::remove_file(folder.join("articles/gone.md")).unwrap();
        make_folder(&folder.join("articles/new")).unwrap();
        fs::write(folder.join("articles/new/new.md"), "text").unwrap();
        fs::write(folder.join("articles/.hidden"), "text").unwrap();
        let aside = folder.join("articles/aside.tmp");
        fs::write(&aside, "text").unwrap();
        fs::rename(aside, folder.join("articles/replaced.md")).unwrap();
        let changed = changed_since(&folder, &tree);
        let expected = ["gone.md", "longer.md", "new/new.md", "replaced.md"];
        let expected: BTreeSet<String> = expected.map(|name| format!("articles/{name}")).into();
        assert_eq!(changed, expected);
        let tree = read_again(&folder, tree, &changed);
        assert_eq!(changed_since(&folder, &tree), BTreeSet::new());
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn what_was_written_again_and_is_the_same_is_held_once() {
        let folder = std::env::temp_dir().join(format!("signpost-again-{}", std::process::id()));
        let paths = ["articles/a.md", "clinic/b.toml", "static/pictures/c.png"];
        let write = |path: &str, content: &str| {
            make_folder(folder.join(path).parent().unwrap()).unwrap();
            fs::write(folder.join(path), content).unwrap();
        };
        paths.iter().for_each(|path| write(path, path));
        let at = |tree: &Tree| {
            let text = |path: &str| tree.text(path).unwrap().text().as_ptr();
            let picture = tree.assets.get(paths[2]).unwrap().as_ptr();
            [text(paths[0]), text(paths[1]), picture]
        };
        let first = read_tree(&folder).unwrap();
        let before = at(&first);
        paths.iter().for_each(|path| write(path, path));
        let second = read_tree_beside(&folder, &first).unwrap();
        assert_eq!(at(&second), before, "all is read again");
        let named = paths.map(str::to_owned).into();
        let third = read_again(&folder, second, &named);
        assert_eq!(at(&third), before, "what is named is read again");
        paths.iter().for_each(|path| write(path, "other"));
        let fourth = read_again(&folder, third, &named);
        let moved = at(&fourth).into_iter().zip(before);
        let moved = moved.filter(|(now, last)| now != last);
        assert_eq!(moved.count(), 3, "what is other is other");
        assert_eq!(fourth.text(paths[0]).unwrap().text(), "other");
        fs::remove_dir_all(folder).unwrap();
    }
}
