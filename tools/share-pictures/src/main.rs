//! Draws the pictures that other sites show beside a link to the clinic's, into
//! `static/share/`, and the icon of the site as pixels, into `static/icons/`. It is a program of its own so that the server links no image
//! crate. What a picture shows is decided in `signpost::pages::share_picture`; this
//! only draws it, and only what is not there yet.

mod draw;
mod icon;
mod indexed;
mod shelf;

use std::path::Path;
use std::process::ExitCode;

use anyhow::Context;
use clap::Parser;
use indicatif::{ProgressBar, ProgressStyle};
use rayon::prelude::*;
use signpost::cli::ContentArgs;
use signpost::commands::Exit;
use signpost::disk::{Readers, make_folder, write_whole};
use signpost::rebuild::Calendar;

use draw::Pens;
use shelf::Shelf;

/// Draw the pictures that other sites show beside a link, into `static/share/` of the content folder, and the icons of
/// the site, into `static/icons/`.
#[derive(Debug, Parser)]
#[command(name = "share-pictures", version)]
struct Args {
    #[command(flatten)]
    content: ContentArgs,
    /// Draw nothing; list what is missing or no longer named. Exits 0 when all is current, 1 when not.
    #[arg(long)]
    check: bool,
}

fn main() -> ExitCode {
    let args = Args::parse();
    let done = if args.check {
        check(&args.content)
    } else {
        draw(&args.content)
    };
    match done {
        Ok(exit) => exit.into(),
        Err(error) => {
            eprintln!("share-pictures: {error:#}");
            Exit::CouldNotRun.into()
        }
    }
}

fn shelf(content: &ContentArgs) -> anyhow::Result<Shelf> {
    let calendar = content.today.map_or(Calendar::Clock, Calendar::Fixed);
    Shelf::of(&content.folder.content, calendar)
}

/// Lists what should be otherwise.
fn check(content: &ContentArgs) -> anyhow::Result<Exit> {
    let shelf = shelf(content)?;
    for picture in shelf.missing() {
        println!("missing: static/share/{}", picture.file_name);
    }
    for name in shelf.unnamed() {
        println!("no longer named: static/share/{name}");
    }
    let icons = shelf.stale_icons()?;
    for icon in &icons {
        println!("missing or stale: {}", icon.path);
    }
    Ok(if shelf.is_current() && icons.is_empty() {
        Exit::Clean
    } else {
        Exit::FoundErrors
    })
}

/// Draws what is missing, then removes what nothing names any more: in this order, so that a link has a picture at any
/// time.
fn draw(content: &ContentArgs) -> anyhow::Result<Exit> {
    let root = &content.folder.content;
    let shelf = shelf(content)?;
    let missing = shelf.missing();
    if !missing.is_empty() {
        let pens = Pens::of(shelf.fonts())?;
        let progress = progress(missing.len());
        missing.par_iter().try_for_each(|picture| {
            let png = pens.draw(picture)?;
            write(root, &format!("static/share/{}", picture.file_name), &png)?;
            progress.inc(1);
            anyhow::Ok(())
        })?;
        progress.finish_and_clear();
    }
    let unnamed = shelf.unnamed();
    for name in &unnamed {
        let path = root.join("static/share").join(name);
        signpost::disk::remove(&path)
            .with_context(|| format!("`{}` can't be removed", path.display()))?;
    }
    let icons = shelf.stale_icons()?;
    for icon in &icons {
        write(root, icon.path, &icon.png)?;
    }
    if !icons.is_empty() {
        println!("share-pictures: {} icons drawn", icons.len());
    }
    println!(
        "share-pictures: {} drawn, {} removed, {} were current",
        missing.len(),
        unnamed.len(),
        shelf.wanted().len() - missing.len()
    );
    Ok(Exit::Clean)
}

fn write(root: &Path, name: &str, png: &[u8]) -> anyhow::Result<()> {
    let path = root.join(name);
    let written = path
        .parent()
        .map_or(Ok(()), make_folder)
        .and_then(|()| write_whole(&path, png, Readers::Anybody));
    written.with_context(|| format!("`{}` can't be written", path.display()))
}

/// Shown on a terminal alone.
fn progress(pictures: usize) -> ProgressBar {
    let length = u64::try_from(pictures).unwrap_or(u64::MAX);
    let style = ProgressStyle::with_template("{bar:30} {pos} of {len} pictures");
    let bar = ProgressBar::new(length);
    match style {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}
