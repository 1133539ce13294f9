//! `related`: what stands under an article, and why, so that an editor can tell whether
//! to pin another. It prints the same list that the page shows.

use std::fmt::Write as _;
use std::io::{self, Write};

use anyhow::{Context, bail};

use super::Exit;
use super::check::{Progress, STEPS, read};
use crate::cli::RelatedArgs;
use crate::content::Article;
use crate::document::nearest;
use crate::id::Slug;
use crate::site::{Related, RelationIndex, Site, Visibility};

pub(super) fn run(args: &RelatedArgs) -> anyhow::Result<Exit> {
    let checked = read(&args.content, &Progress::steps(STEPS))?;
    let site = checked.site;
    let site = site.context("there is no clinic: `clinic/clinic.toml` has errors")?;
    let article = find(&site, &args.slug)?;
    let related = RelationIndex::of(&site).related_to(article);
    io::stdout()
        .lock()
        .write_all(printed(article, &related).as_bytes())?;
    Ok(Exit::Clean)
}

fn find<'a>(site: &'a Site, slug: &str) -> anyhow::Result<&'a Article> {
    let known: Option<Slug> = slug.parse().ok();
    let Some(article) = known.and_then(|known| site.articles.get(&known)) else {
        let help = match nearest(slug, site.articles.keys().map(Slug::as_str)) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "`signpost check` lists what can't be read".to_owned(),
        };
        bail!("there is no article `{slug}`; {help}");
    };
    if site.visibility(article) == Visibility::Withdrawn {
        bail!("`{slug}` was taken back, so nothing stands under it");
    }
    Ok(article)
}

/// The list with a line for each reason.
fn printed(article: &Article, related: &[Related<'_>]) -> String {
    let mut out = format!("{}\n", article.title);
    if related.is_empty() {
        out.push_str("nothing stands under it: it shares nothing with a listed article\n");
    }
    for (at, own) in related.iter().enumerate() {
        let (slug, title) = (&own.article.slug, &own.article.title);
        let _ = writeln!(out, "{}. {slug}: {title} (weight {})", at + 1, own.weight());
        for reason in &own.reasons {
            let _ = writeln!(out, "   {:>2}  {reason}", reason.weight());
        }
    }
    out
}
