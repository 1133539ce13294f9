//! Which file stands for which address. `/articles/sciatica` is `articles/sciatica.html`:
//! GitHub Pages, Netlify and Cloudflare Pages serve it at the address without a slash and
//! without a rule, nginx and Caddy with one line. They would all answer for a folder with
//! an `index.html` by sending the reader to another address, with a slash.

use std::collections::BTreeMap;
use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::web::Bytes;
use askama::Template;

use super::netlify::{headers_file, redirects_file};
use super::nginx;
use super::rules::{Rules, Stated};
use crate::pages::FormTarget;
use crate::snapshot::{Coding, Entry, Page, Snapshot};

/// Which files stand beside those of the snapshot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Siblings {
    /// `.br` and `.gz`, wherever they are smaller.
    Compressed,
    /// None: the host compresses by itself.
    None,
}

/// How old addresses lead to new ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MovedPages {
    /// By rules that the host reads.
    Rules,
    /// By small pages as well, for a host that reads no rules.
    Pages,
}

/// Everything that an export holds, apart from downloads.
#[derive(Debug)]
pub struct Exported {
    /// Pages and files of the snapshot with their addresses, by path, ascending.
    pub pages: BTreeMap<String, (String, Arc<Page>)>,
    /// What is made for hosts, by path, ascending. It has no siblings.
    pub extras: BTreeMap<String, Bytes>,
    /// Whether files beside the pages are wanted.
    pub siblings: Siblings,
    /// How many rules of `_headers` a host must know. The others stand behind them and repeat what pages say themselves.
    pub header_rules: usize,
    /// Addresses whose page is no success; most hosts can't say so.
    pub unservable: Vec<Unservable>,
}

/// An address that a server answers with another status than 200.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unservable {
    /// The address.
    pub address: String,
    /// The file.
    pub path: String,
    /// The status.
    pub status: StatusCode,
}

/// Why a snapshot can't be laid out as files.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LayoutError {
    /// An address has a part that no file may be named.
    #[error("no file can stand for the address `{0}`")]
    Address(String),
    /// Two addresses would be the same file.
    #[error(
        "`{0}` and another address would both be the file `{1}`; give one of them another name"
    )]
    Clash(String, String),
    /// A template failed: a fault of ours.
    #[error("a template failed at {0}; please report this")]
    Template(String),
}

/// Longest name of a file, in bytes. Most disks take 255; `.html.br` is part of it.
const MAX_NAME_BYTES: usize = 255;

/// Lays a snapshot out.
///
/// # Errors
/// See [`LayoutError`].
pub fn lay_out(
    snapshot: &Snapshot,
    forms: &FormTarget,
    moved: MovedPages,
    siblings: Siblings,
) -> Result<Exported, LayoutError> {
    let clinic = &snapshot.site().clinic;
    // At the clinic's own address a redirect to it would lead in a circle.
    let elsewhere = forms.origin(clinic).filter(|own| *own != clinic.origin);
    let (mut pages, mut redirects) = (BTreeMap::new(), BTreeMap::new());
    for address in snapshot.addresses() {
        match snapshot.entry(address) {
            Some(Entry::Page(page)) => place(&mut pages, address, Arc::clone(page))?,
            Some(Entry::Moved(to)) => {
                redirects.insert(address, to.to_str().unwrap_or_default());
            }
            None => {}
        }
    }
    let not_found = Arc::new(snapshot.not_found().clone());
    place(&mut pages, "/404", not_found)?;
    let stated = pages.iter().map(|(path, (address, page))| Stated {
        path,
        address,
        page,
    });
    let rules = Rules::of(stated);
    let unservable: Vec<Unservable> = unservable(&pages);
    let mut extras = BTreeMap::from([
        (".nojekyll".to_owned(), String::new()),
        ("_headers".to_owned(), headers_file(&rules)),
        (
            "_redirects".to_owned(),
            redirects_file(&redirects, elsewhere),
        ),
        ("headers.nginx.conf".to_owned(), nginx::headers_file(&rules)),
        (
            "redirects.nginx.conf".to_owned(),
            nginx::redirects_file(&redirects),
        ),
        (
            "site.nginx.conf".to_owned(),
            nginx::site_file(&rules, &unservable, elsewhere),
        ),
    ]);
    if moved == MovedPages::Pages {
        for (from, to) in &redirects {
            extras.insert(page_path(from)?, moved_page(snapshot, to)?);
        }
    }
    let extras = extras.into_iter().map(|(path, text)| (path, text.into()));
    Ok(Exported {
        extras: extras.collect(),
        pages,
        siblings,
        header_rules: rules.groups.len(),
        unservable,
    })
}

fn unservable(pages: &BTreeMap<String, (String, Arc<Page>)>) -> Vec<Unservable> {
    let pages = pages.iter().filter(|(path, _)| *path != "404.html");
    let unusual = pages.filter(|(_, (_, page))| page.status != StatusCode::OK);
    unusual
        .map(|(path, (address, page))| Unservable {
            address: address.clone(),
            path: path.clone(),
            status: page.status,
        })
        .collect()
}

fn place(
    pages: &mut BTreeMap<String, (String, Arc<Page>)>,
    address: &str,
    page: Arc<Page>,
) -> Result<(), LayoutError> {
    let path = match is_html(&page) {
        true => page_path(address)?,
        false => file_path(address)?,
    };
    match pages.insert(path.clone(), (address.to_owned(), page)) {
        None => Ok(()),
        Some(_) => Err(LayoutError::Clash(address.to_owned(), path)),
    }
}

fn is_html(page: &Page) -> bool {
    let html = HeaderValue::from_static("text/html; charset=utf-8");
    let mut headers = page.headers.iter();
    headers.any(|(name, value)| name == header::CONTENT_TYPE && value == html)
}

/// The file of a page.
fn page_path(address: &str) -> Result<String, LayoutError> {
    match address {
        "/" => Ok("index.html".to_owned()),
        _ => Ok(format!("{}.html", file_path(address)?)),
    }
}

/// The file of anything else.
fn file_path(address: &str) -> Result<String, LayoutError> {
    let path = address.strip_prefix('/').unwrap_or_default();
    let is_plain = |part: &str| {
        let end = ".html.br".len();
        !part.is_empty() && !part.starts_with('.') && part.len() + end <= MAX_NAME_BYTES
    };
    // Names in it are given by standards, and it is the only hidden folder of a site. Source: RFC 8615.
    let below = path.strip_prefix(".well-known/").unwrap_or(path);
    let is_sound = below.split('/').all(is_plain) && !path.contains(['\\', '\0']);
    is_sound
        .then(|| path.to_owned())
        .ok_or_else(|| LayoutError::Address(address.to_owned()))
}

/// The end of the name of a sibling.
pub(super) fn ending(coding: Coding) -> &'static str {
    match coding {
        Coding::Identity => "",
        Coding::Gzip => ".gz",
        Coding::Brotli => ".br",
    }
}

/// A page that leads to another: for hosts that can't be told.
#[derive(Template)]
#[template(path = "pages/moved.html")]
struct MovedPage<'a> {
    lang: &'a str,
    title: &'a str,
    to: &'a str,
    canonical: String,
}

fn moved_page(snapshot: &Snapshot, to: &str) -> Result<String, LayoutError> {
    let site = snapshot.site();
    let slug = to.rsplit('/').next().unwrap_or_default();
    let mut articles = site.articles.values();
    let article = articles.find(|article| article.slug.as_str() == slug);
    let page = MovedPage {
        lang: &site.clinic.lang,
        title: article.map_or(to, |article| &article.title),
        to,
        canonical: format!("{}{to}", site.clinic.origin),
    };
    let rendered = page.render();
    rendered.map_err(|error| LayoutError::Template(format!("{to}: {error}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_one_file_that_stays_in_its_folder() {
        let rows = [
            ("/", Some("index.html")),
            ("/articles", Some("articles.html")),
            ("/articles/sciatica", Some("articles/sciatica.html")),
            ("/..", None),
            ("/articles/../x", None),
            ("/articles//x", None),
            ("/articles/", None),
            ("/a/.hidden", None),
            ("/.hidden/a", None),
            ("/.well-known/a", Some(".well-known/a.html")),
            ("/.well-known/.a", None),
            ("/a/.well-known/b", None),
            ("articles", None),
        ];
        for (address, path) in rows {
            assert_eq!(page_path(address).ok().as_deref(), path, "{address}");
        }
        assert!(page_path(&format!("/{}", "a".repeat(248))).is_err());
        assert!(page_path(&format!("/{}", "a".repeat(247))).is_ok());
    }
}
