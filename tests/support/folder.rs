//! A copy of the repository's own content in a folder that a test may edit. It is
//! gone when the value is dropped.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

/// The article that stands for all others: it uses every block and every kind of source.
pub const REFERENCE: &str = "lower-back-pain-popping-sound";

/// The articles that tests know; they link to no other.
const KEPT: [&str; 3] = [REFERENCE, "sciatica", "sore-throat-strep"];

static NEXT: AtomicUsize = AtomicUsize::new(0);

/// The repository itself.
pub fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A folder with `articles/` and `clinic/`; styles and fonts come with the program.
pub struct Folder(PathBuf);

impl Folder {
    /// Copies what the repository holds, except for most articles and the protocols that none of
    /// those left needs: a test that builds many times would spend its time on them.
    pub fn copied() -> Self {
        let folder = Self::whole();
        folder.keep_some_articles();
        folder.keep_protocols_of_articles();
        folder
    }

    /// Copies all that the repository holds.
    pub fn whole() -> Self {
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("content-{}-{number}", std::process::id());
        let folder = Self(Path::new(env!("CARGO_TARGET_TMPDIR")).join(name));
        for part in ["articles", "clinic"] {
            copy(&repository().join(part), &folder.path(part));
        }
        folder
    }

    fn keep_some_articles(&self) {
        for name in names(&self.path("articles")) {
            let slug = name.trim_end_matches(".md");
            if slug != name && !KEPT.contains(&slug) {
                self.remove(&format!("articles/{name}"));
            }
        }
    }

    fn keep_protocols_of_articles(&self) {
        let articles: Vec<String> = names(&self.path("articles"))
            .iter()
            .filter(|name| name.ends_with(".md"))
            .map(|name| self.read(&format!("articles/{name}")))
            .collect();
        for name in names(&self.path("clinic/protocols")) {
            let needed = format!("\ncomplaint: {}\n", name.trim_end_matches(".toml"));
            if !articles.iter().any(|article| article.contains(&needed)) {
                self.remove(&format!("clinic/protocols/{name}"));
            }
        }
        // It names findings of protocols that are gone now.
        self.remove("clinic/emergency-words.toml");
    }

    /// The folder.
    pub fn root(&self) -> &Path {
        &self.0
    }

    /// A path in the folder.
    pub fn path(&self, below: &str) -> PathBuf {
        self.0.join(below)
    }

    /// The text of a file.
    pub fn read(&self, file: &str) -> String {
        fs::read_to_string(self.path(file)).expect("the file can be read")
    }

    /// Writes a file, and the folders that it needs.
    pub fn write(&self, file: &str, text: &str) {
        let path = self.path(file);
        let folder = path.parent().expect("a file stands in a folder");
        fs::create_dir_all(folder).expect("the folder can be made");
        fs::write(path, text).expect("the file can be written");
    }

    /// Replaces a text that stands in the file.
    pub fn edit(&self, file: &str, from: &str, to: &str) {
        let text = self.read(file);
        assert!(text.contains(from), "`{file}` does not hold `{from}`");
        self.write(file, &text.replacen(from, to, 1));
    }

    /// Takes a file away.
    pub fn remove(&self, file: &str) {
        fs::remove_file(self.path(file)).expect("the file can be removed");
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What is left over is in the build folder, where it harms nobody.
        fs::remove_dir_all(&self.0).unwrap_or_default();
    }
}

/// The names of all that is in a folder.
fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("the folder can be read");
    let name = |entry: std::io::Result<fs::DirEntry>| {
        let name = entry.expect("the entry can be read").file_name();
        name.into_string().expect("the name is text")
    };
    entries.map(name).collect()
}

/// Copies a folder with all that is in it.
pub fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("the folder can be made");
    for entry in fs::read_dir(from).expect("the folder can be read") {
        let path = entry.expect("the entry can be read").path();
        let target = to.join(path.file_name().expect("an entry has a name"));
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs::copy(&path, &target).expect("the file can be copied");
        }
    }
}
