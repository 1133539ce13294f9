//! `rename`: an article under another address. Its file and pictures move, the old address
//! stays as an alias, and every text that names it is mended. All new texts are made in memory
//! and put before the real load; then all of them are written, or none.

mod front_matter;
mod links;

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use front_matter::{Spot, alias_spots, aliases, named_spots, yaml_of};
use links::link_spots;

use super::Exit;
use super::proposal::Content;
use crate::cli::RenameArgs;
use crate::disk::{Edit, edit_all, is_taken};
use crate::document::{Value, from_toml, nearest};
use crate::file::SourceFile;
use crate::id::Slug;

pub(super) fn run(args: &RenameArgs) -> anyhow::Result<Exit> {
    let content = Content::read(&args.content)?;
    let plan = plan(&content, &args.old, &args.new)?;
    content.sound(&plan.edits, None)?;
    let mut out = io::stdout().lock();
    for line in &plan.told {
        writeln!(out, "{line}")?;
    }
    if args.dry_run {
        writeln!(out, "rename: nothing was changed, because of `--dry-run`")?;
        return Ok(Exit::Clean);
    }
    edit_all(&content.on_disk(""), &plan.edits)?;
    writeln!(
        out,
        "rename: `/articles/{}` is now `/articles/{}`, and leads on to it",
        plan.old, plan.new
    )?;
    Ok(Exit::Clean)
}

/// What a rename does.
struct Plan {
    old: Slug,
    new: Slug,
    /// In the order in which they are made.
    edits: Vec<Edit>,
    /// Each edit in one line.
    told: Vec<String>,
}

fn plan(content: &Content, old: &str, new: &str) -> anyhow::Result<Plan> {
    let articles = Articles::of(content.texts());
    let (old, file) = articles.named(old)?;
    let new = articles.free(new, &old)?;
    let mut edits = Vec::new();
    let mut told = Vec::new();
    let path = file.path();
    let folder = path
        .rsplit_once('/')
        .map_or("articles", |(folder, _)| folder);
    let moved = format!("{folder}/{new}.md");
    let (pictures, new_pictures) = (format!("articles/{old}"), format!("articles/{new}"));
    anyhow::ensure!(
        !is_taken(&content.on_disk(&new_pictures)),
        "there is a folder `{new_pictures}` already; move it away first"
    );
    let mut move_to = |from: &str, to: &str| {
        told.push(format!("{from}: moves to {to}"));
        edits.push(Edit::Move {
            from: from.to_owned(),
            to: to.to_owned(),
        });
    };
    move_to(path, &moved);
    // The file may stand in the folder of its pictures, which then takes it along.
    let mut own_path = moved.clone();
    if is_taken(&content.on_disk(&pictures)) {
        move_to(&pictures, &new_pictures);
        if let Some(below) = moved.strip_prefix(&format!("{pictures}/")) {
            own_path = format!("{new_pictures}/{below}");
        }
    }
    for other in content.texts() {
        let is_own = other.path() == path;
        let mut spots = spots(other, &old, &new);
        if is_own {
            spots.extend(alias_spots(file, &old, &new)?);
        }
        let target = if is_own {
            own_path.as_str()
        } else {
            other.path()
        };
        if let Some((edit, lines)) = mended(other, target, spots) {
            told.extend(lines);
            edits.push(edit);
        }
    }
    Ok(Plan {
        old,
        new,
        edits,
        told,
    })
}

/// Every place of a file that names the article.
fn spots(file: &SourceFile, old: &Slug, new: &Slug) -> Vec<Spot> {
    let path = file.path();
    let is_article = path.starts_with("articles/");
    let is_page = is_article || path.starts_with("clinic/pages/");
    if is_page && path.ends_with(".md") {
        let mut spots = link_spots(file.text(), old, new);
        if let Some(root) = yaml_of(file).filter(|_| is_article) {
            spots.extend(named_spots(file.text(), &root, old, new));
        }
        return spots;
    }
    if path.starts_with("clinic/protocols/") && path.ends_with(".toml") {
        let (root, _) = from_toml(file);
        return named_spots(file.text(), &root, old, new);
    }
    Vec::new()
}

/// The edit that makes all changes of one file, and a line for each.
fn mended(file: &SourceFile, target: &str, mut spots: Vec<Spot>) -> Option<(Edit, Vec<String>)> {
    spots.sort_by_key(|spot| (spot.span.start, spot.span.end));
    spots.dedup_by(|second, first| second.span == first.span);
    let mut text = file.text().to_owned();
    for spot in spots.iter().rev() {
        text.replace_range(spot.span.clone(), &spot.words);
    }
    let line = |spot: &Spot| {
        let line = file.place(spot.span.start).line;
        format!("{}:{line}: {}", file.path(), spot.told)
    };
    let lines = spots.iter().map(line).collect();
    let edit = Edit::Replace {
        path: target.to_owned(),
        from: file.text().to_owned(),
        to: text,
    };
    (!spots.is_empty()).then_some((edit, lines))
}

/// Every article's file, sound or not, and who has which alias.
struct Articles<'a> {
    files: BTreeMap<&'a str, &'a SourceFile>,
    aliases: BTreeMap<String, BTreeSet<&'a str>>,
}

impl<'a> Articles<'a> {
    fn of(texts: &'a [SourceFile]) -> Self {
        let is_article = |file: &&SourceFile| {
            file.path().starts_with("articles/") && file.path().ends_with(".md")
        };
        let mut articles = Self {
            files: BTreeMap::new(),
            aliases: BTreeMap::new(),
        };
        for file in texts.iter().filter(is_article) {
            articles.files.insert(file.stem(), file);
            for alias in aliases(file) {
                let owners = articles.aliases.entry(alias).or_default();
                owners.insert(file.stem());
            }
        }
        articles
    }

    /// The article that somebody named by its slug or its file.
    fn named(&self, typed: &str) -> anyhow::Result<(Slug, &'a SourceFile)> {
        let name = typed.strip_prefix("articles/").unwrap_or(typed);
        let name = name.strip_suffix(".md").unwrap_or(name);
        if let Some(file) = self.files.get(name) {
            let slug = name.parse().map_err(|error| {
                anyhow::anyhow!("`{name}` is no address, {error}; rename the file by hand")
            })?;
            return Ok((slug, file));
        }
        if let Some(owner) = self.aliases.get(name).and_then(BTreeSet::first) {
            anyhow::bail!("`{name}` is an old address of `{owner}`; did you mean `{owner}`?");
        }
        match nearest(name, self.files.keys().copied()) {
            Some(near) => anyhow::bail!("there is no article `{name}`; did you mean `{near}`?"),
            None => anyhow::bail!(
                "there is no article `{name}`; write the name of a file in `articles/`"
            ),
        }
    }

    /// The new address, if nothing else has it.
    fn free(&self, typed: &str, old: &Slug) -> anyhow::Result<Slug> {
        let new: Slug = typed
            .parse()
            .map_err(|error| anyhow::anyhow!("`{typed}` can't be an address, {error}"))?;
        anyhow::ensure!(new != *old, "`{new}` is its address already");
        if let Some(file) = self.files.get(new.as_str()) {
            anyhow::bail!(
                "`{new}` is the address of `{}`; choose another one",
                file.path()
            );
        }
        let owners = self.aliases.get(new.as_str()).into_iter().flatten();
        let others: Vec<&&str> = owners.filter(|owner| **owner != old.as_str()).collect();
        if let [other, ..] = others.as_slice() {
            anyhow::bail!(
                "`{new}` is an old address of `{other}`; take that alias out first, or choose another one"
            );
        }
        Ok(new)
    }
}

/// What a scalar of a document says.
fn scalar(value: &Value) -> Option<&str> {
    match value {
        Value::Scalar(text) => Some(text),
        Value::Empty | Value::List(_) | Value::Map(_) => None,
    }
}
