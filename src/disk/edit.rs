//! Several edits of a content folder that hold together: all are done, or what was is put
//! back. It stands apart because one whole file is not enough for a rename, which changes
//! many. It will not write over a file that somebody changed since it was read.

use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::draft::{Readers, write_new, write_whole};

/// One edit. Paths are relative to the content folder, with `/` between their parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Edit {
    /// A file that is not there yet, with the folders that it needs.
    Create {
        /// The file.
        path: String,
        /// Its text.
        text: String,
    },
    /// A file that gets another text.
    Replace {
        /// The file.
        path: String,
        /// Its text as it was read.
        from: String,
        /// Its text from now on.
        to: String,
    },
    /// A file or folder that gets another name, at which nothing stands yet.
    Move {
        /// The old name.
        from: String,
        /// The new name.
        to: String,
    },
}

/// Why edits were not done. All that was is as it was, unless `stuck` names something.
#[derive(Debug)]
pub struct EditError {
    path: String,
    cause: io::Error,
    stuck: Vec<String>,
}

impl fmt::Display for EditError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { path, cause, stuck } = self;
        match stuck.as_slice() {
            [] => write!(f, "`{path}`: {cause}; nothing was changed"),
            _ => write!(
                f,
                "`{path}`: {cause}; these could not be put back as they were: {}",
                stuck.join(", ")
            ),
        }
    }
}

impl std::error::Error for EditError {}

/// Whether something stands at a path.
pub fn is_taken(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok()
}

/// Does all edits in their order, each file whole or not at all.
///
/// # Errors
/// An edit that can't be done: a name that is taken, a file that changed since it was read, a full disk. Those before it
/// are undone. For whoever asked.
pub fn edit_all(root: &Path, edits: &[Edit]) -> Result<(), EditError> {
    for (done, edit) in edits.iter().enumerate() {
        if let Err(cause) = edit.make(root) {
            let before = edits.get(..done).unwrap_or_default();
            return Err(EditError {
                path: edit.path().to_owned(),
                cause,
                stuck: undo_all(root, before),
            });
        }
    }
    Ok(())
}

/// Undoes edits, the last one first, and names those that can't be undone.
fn undo_all(root: &Path, edits: &[Edit]) -> Vec<String> {
    let undone = edits.iter().rev().map(|edit| (edit, edit.undo(root)));
    undone
        .filter(|(_, outcome)| outcome.is_err())
        .map(|(edit, _)| edit.path().to_owned())
        .collect()
}

impl Edit {
    /// The file or folder that it begins with.
    pub fn path(&self) -> &str {
        match self {
            Self::Create { path, .. } | Self::Replace { path, .. } => path,
            Self::Move { from, .. } => from,
        }
    }

    #[allow(clippy::disallowed_methods)] // `disk` is the reason for the ban
    fn make(&self, root: &Path) -> io::Result<()> {
        match self {
            Self::Create { path, text } => {
                let path = root.join(path);
                if let Some(folder) = path.parent() {
                    fs::create_dir_all(folder)?;
                }
                write_new(&path, text.as_bytes(), Readers::Anybody)
            }
            Self::Replace { path, from, to } => replace(root.join(path), from, to),
            Self::Move { from, to } => move_to_free(&root.join(from), &root.join(to)),
        }
    }

    #[allow(clippy::disallowed_methods)]
    fn undo(&self, root: &Path) -> io::Result<()> {
        match self {
            Self::Create { path, .. } => fs::remove_file(root.join(path)),
            Self::Replace { path, from, to } => replace(root.join(path), to, from),
            Self::Move { from, to } => move_to_free(&root.join(to), &root.join(from)),
        }
    }
}

/// Gives a file another text; who may read and write it stays as it was.
#[allow(clippy::disallowed_methods)]
fn replace(path: PathBuf, from: &str, to: &str) -> io::Result<()> {
    if fs::read_to_string(&path)? != from {
        let message = "somebody changed the file meanwhile; try again";
        return Err(io::Error::other(message));
    }
    let path = fs::canonicalize(path)?;
    let permissions = fs::metadata(&path)?.permissions();
    write_whole(&path, to.as_bytes(), Readers::Anybody)?;
    fs::set_permissions(&path, permissions)
}

#[allow(clippy::disallowed_methods)]
fn move_to_free(from: &Path, to: &Path) -> io::Result<()> {
    if is_taken(to) {
        return Err(io::ErrorKind::AlreadyExists.into());
    }
    fs::rename(from, to)
}

#[cfg(test)]
#[allow(clippy::disallowed_methods)]
mod tests {
    use super::*;

    /// A folder of its own with one file, gone when the value is dropped.
    struct Scratch(PathBuf);

    impl Scratch {
        fn new(name: &str) -> Self {
            let folder = std::env::temp_dir().join(format!("edit-{name}-{}", std::process::id()));
            fs::create_dir_all(folder.join("a")).unwrap();
            fs::write(folder.join("a/old.md"), "old").unwrap();
            Self(folder)
        }

        /// Every file with its text, by path.
        fn files(&self) -> Vec<(String, String)> {
            let mut found = Vec::new();
            for entry in fs::read_dir(self.0.join("a")).unwrap() {
                let path = entry.unwrap().path();
                let name = path.file_name().unwrap().to_str().unwrap().to_owned();
                found.push((name, fs::read_to_string(&path).unwrap_or_default()));
            }
            found.sort();
            found
        }
    }

    impl Drop for Scratch {
        fn drop(&mut self) {
            fs::remove_dir_all(&self.0).unwrap_or_default();
        }
    }

    fn create(path: &str) -> Edit {
        Edit::Create {
            path: path.into(),
            text: "made".into(),
        }
    }

    fn replace_in(path: &str, from: &str) -> Edit {
        Edit::Replace {
            path: path.into(),
            from: from.into(),
            to: "new".into(),
        }
    }

    fn move_to(to: &str) -> Edit {
        Edit::Move {
            from: "a/old.md".into(),
            to: to.into(),
        }
    }

    #[test]
    fn all_edits_are_done_in_their_order() {
        let folder = Scratch::new("done");
        let edits = [
            create("a/b.md"),
            move_to("a/c.md"),
            replace_in("a/c.md", "old"),
        ];
        edit_all(&folder.0, &edits).unwrap();
        let expected = [("b.md", "made"), ("c.md", "new")];
        assert_eq!(folder.files(), expected.map(|(a, b)| (a.into(), b.into())));
    }

    #[test]
    fn after_an_edit_that_fails_everything_is_as_it_was() {
        let last = [
            replace_in("a/c.md", "what stood there before"),
            create("a/b.md"),
            replace_in("a/absent.md", ""),
            create("a/c.md/d.md"),
        ];
        for last in last {
            let folder = Scratch::new("undone");
            let before = folder.files();
            let edits = [
                create("a/b.md"),
                move_to("a/c.md"),
                replace_in("a/c.md", "old"),
                last,
            ];
            let error = edit_all(&folder.0, &edits).unwrap_err();
            assert!(
                error.to_string().ends_with("nothing was changed"),
                "{error}"
            );
            assert_eq!(folder.files(), before);
        }
    }

    #[test]
    fn nothing_is_moved_over_what_is_there() {
        let folder = Scratch::new("taken");
        fs::write(folder.0.join("a/c.md"), "another").unwrap();
        let before = folder.files();
        assert!(edit_all(&folder.0, &[move_to("a/c.md")]).is_err());
        assert_eq!(folder.files(), before);
    }
}
