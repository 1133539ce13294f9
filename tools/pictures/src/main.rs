//! Makes smaller versions of the pictures of articles, into `static/pictures/`, so that
//! a phone loads no more than it can show. It is a program of its own so that the
//! server links no image crate. What is made of which picture is decided in
//! `signpost::assets::versions`; this only makes it, and only what is not there yet.

mod shelf;
mod shrink;

use std::path::Path;
use std::process::ExitCode;

use anyhow::Context;
use clap::Parser;
use indicatif::{ProgressBar, ProgressStyle};
use rayon::prelude::*;
use signpost::cli::FolderArgs;
use signpost::commands::Exit;
use signpost::disk::{Readers, make_folder, write_whole};

use shelf::{Shelf, Wanted};
use shrink::Original;

/// Make smaller versions of the pictures of articles, into `static/pictures/` of the content folder.
///
/// Where a picture was taken, and all else that a camera wrote into it, is left out. Drawings (SVG), pictures that move
/// and AVIF files are shown as they are.
#[derive(Debug, Parser)]
#[command(name = "pictures", version)]
struct Args {
    #[command(flatten)]
    folder: FolderArgs,
    /// Make nothing; list what is missing or no longer needed. Exits 0 when all is current, 1 when not.
    #[arg(long)]
    check: bool,
}

fn main() -> ExitCode {
    let args = Args::parse();
    let root = &args.folder.content;
    let done = Shelf::of(root).and_then(|shelf| {
        if args.check {
            Ok(check(&shelf))
        } else {
            make(root, &shelf)
        }
    });
    match done {
        Ok(exit) => exit.into(),
        Err(error) => {
            eprintln!("pictures: {error:#}");
            Exit::CouldNotRun.into()
        }
    }
}

/// Lists what should be otherwise.
fn check(shelf: &Shelf) -> Exit {
    for wanted in shelf.missing() {
        println!("not made: versions of {}", wanted.path);
    }
    for path in shelf.unneeded() {
        println!("no longer needed: {path}");
    }
    if shelf.is_current() {
        Exit::Clean
    } else {
        Exit::FoundErrors
    }
}

/// Makes what is missing, then removes what nothing needs any more: in this order, so that a page has its pictures at
/// any time.
fn make(root: &Path, shelf: &Shelf) -> anyhow::Result<Exit> {
    let missing = shelf.missing();
    let progress = progress(missing.iter().map(|wanted| wanted.plan.files().len()).sum());
    let mut refused = Vec::new();
    // One after the other, since a large one takes hundreds of megabytes; its files are made side by side.
    for wanted in &missing {
        let original = shelf.read(wanted).and_then(|bytes| {
            let photo = wanted.plan.photo;
            Original::decode(bytes, photo).context("it can't be read; save it again as JPEG or PNG")
        });
        match original {
            Ok(original) => files(root, wanted, &original, &progress)?,
            Err(error) => refused.push(format!("{}: {error:#}", wanted.path)),
        }
    }
    progress.finish_and_clear();
    for path in shelf.unneeded() {
        signpost::disk::remove(&root.join(path))
            .with_context(|| format!("`{path}` can't be removed"))?;
    }
    for line in &refused {
        eprintln!("{line}");
    }
    println!(
        "pictures: {} made smaller, {} files removed, {} were current, {} refused",
        missing.len() - refused.len(),
        shelf.unneeded().len(),
        shelf.wanted().len() - missing.len(),
        refused.len()
    );
    Ok(if refused.is_empty() {
        Exit::Clean
    } else {
        Exit::FoundErrors
    })
}

/// Every file of one picture.
fn files(
    root: &Path,
    wanted: &Wanted,
    original: &Original,
    progress: &ProgressBar,
) -> anyhow::Result<()> {
    make_folder(&root.join(signpost::assets::versions::FOLDER))
        .context("`static/pictures/` can't be made")?;
    // The widest takes longest, so it is begun first.
    let files: Vec<_> = wanted.plan.files().into_iter().rev().collect();
    files.par_iter().try_for_each(|made| {
        let bytes = original.version(made.width, made.coding)?;
        write_whole(&root.join(&made.path), &bytes, Readers::Anybody)
            .with_context(|| format!("`{}` can't be written", made.path))?;
        progress.inc(1);
        anyhow::Ok(())
    })
}

/// Shown on a terminal alone.
fn progress(files: usize) -> ProgressBar {
    let length = u64::try_from(files).unwrap_or(u64::MAX);
    let style = ProgressStyle::with_template("{bar:30} {pos} of {len} files");
    let bar = ProgressBar::new(length);
    match style {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}
