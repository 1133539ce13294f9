//! `check --report-card`: makes cards of what was read, side by side on all cores, and
//! prints them or writes them into a file.

use std::io::Write;

use anyhow::Context as _;
use rayon::prelude::*;

use crate::cli::ReportCardArgs;
use crate::content::Article;
use crate::disk::{Readers, write_whole};
use crate::document::nearest;
use crate::report_card::{ReportCard, html_page, text};
use crate::site::Site;

/// Prints and writes what the arguments ask for; nothing without one.
///
/// # Errors
/// A name of no article, and a file that can't be written: for the operator.
pub(super) fn report(
    out: &mut impl Write,
    args: &ReportCardArgs,
    site: Option<&Site>,
) -> anyhow::Result<()> {
    if args.report_card.is_none() && args.report_card_html.is_none() {
        return Ok(());
    }
    let site = site.context("there is no site to make report cards of")?;
    let slug = args.report_card.as_ref().and_then(Option::as_deref);
    let articles = chosen(site, slug)?;
    let cards: Vec<ReportCard<'_>> = articles
        .par_iter()
        .filter_map(|article| ReportCard::new(article, site.today))
        .collect();
    if args.report_card.is_some() {
        let texts: Vec<String> = cards.par_iter().map(text).collect();
        for text in texts {
            out.write_all(text.as_bytes())?;
        }
    }
    if let Some(path) = &args.report_card_html {
        let page = html_page(&site.clinic.name, site.today, &cards)?;
        write_whole(path, page.as_bytes(), Readers::Anybody)
            .with_context(|| format!("`{}` can't be written", path.display()))?;
        writeln!(out, "report cards: {}", path.display())?;
    }
    Ok(())
}

/// Articles by slug, ascending; only one if it is named. What was taken back has no card.
fn chosen<'a>(site: &'a Site, slug: Option<&str>) -> anyhow::Result<Vec<&'a Article>> {
    let live = site.articles.values().map(AsRef::as_ref);
    let cards = live.filter(|article: &&Article| article.withdrawal.is_none());
    let Some(slug) = slug else {
        return Ok(cards.collect());
    };
    let names: Vec<&Article> = cards.collect();
    if let Some(found) = names.iter().find(|article| article.slug.as_str() == slug) {
        return Ok(vec![found]);
    }
    let known = names.iter().map(|article| article.slug.as_str());
    match nearest(slug, known) {
        Some(near) => anyhow::bail!(
            "there is no article `{slug}` to make a report card of; did you mean `{near}`?"
        ),
        None => anyhow::bail!(
            "there is no article `{slug}` to make a report card of; one with errors has none until they are mended"
        ),
    }
}
