//! Files at known addresses: each says what its standard asks for, and nothing that no
//! reader may see.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::{Date, date};
use signpost::pages::machine::{ListedPage, MOST_ADDRESSES, sitemaps};

use crate::built::{Built, ORIGIN, one, sound};

const SITEMAP: &str = "http://www.sitemaps.org/schemas/sitemap/0.9";

/// Addresses of a sitemap or of an index, with their days, in the order of the file.
fn entries(text: &str, root: &str, item: &str) -> Vec<(String, Option<Date>)> {
    let document = roxmltree::Document::parse(text).expect("well-formed XML");
    assert!(document.root_element().has_tag_name((SITEMAP, root)));
    let items = document.root_element().children();
    let items = items.filter(|node| node.has_tag_name((SITEMAP, item)));
    items
        .map(|node| {
            let text = |name: &str| {
                let mut found = node
                    .children()
                    .filter(|own| own.has_tag_name((SITEMAP, name)));
                found.next().and_then(|own| own.text()).map(str::to_owned)
            };
            let day = text("lastmod").map(|day| day.parse().expect("a day"));
            (text("loc").expect("an address"), day)
        })
        .collect()
}

#[test]
fn the_sitemap_names_every_page_that_search_engines_may_list_and_no_other() {
    for built in [Built::ours(), Built::sound()] {
        let mut expected = BTreeSet::new();
        for (path, page) in built.pages() {
            let is_listed = one(&page, "meta[name=robots]").is_none()
                && built.page(&path).is_some_and(|page| page.status == 200);
            if is_listed {
                expected.insert(format!("{ORIGIN}{path}"));
            }
        }
        let named = entries(&built.text("/sitemap-1.xml"), "urlset", "url");
        let addresses: Vec<&String> = named.iter().map(|(address, _)| address).collect();
        assert!(addresses.is_sorted());
        assert_eq!(
            addresses.into_iter().cloned().collect::<BTreeSet<_>>(),
            expected
        );
    }
}

#[test]
fn a_day_of_the_sitemap_is_that_of_the_last_edit_and_lists_have_none() {
    let built = Built::ours();
    let named = entries(&built.text("/sitemap-1.xml"), "urlset", "url");
    let named: BTreeMap<String, Option<Date>> = named.into_iter().collect();
    let site = built.0.site();
    for article in site.listed_articles() {
        let day = named[&format!("{ORIGIN}/articles/{}", article.slug)];
        assert_eq!(day, Some(article.dates.modified_on()), "{}", article.slug);
    }
    for path in [
        "/",
        "/articles",
        "/book",
        "/symptoms",
        "/topics/back-and-joints",
    ] {
        assert_eq!(named[&format!("{ORIGIN}{path}")], None, "{path}");
    }
    assert!(named[&format!("{ORIGIN}/privacy")].is_some());
}

#[test]
fn an_index_names_as_many_sitemaps_as_are_needed() {
    let built = Built::ours();
    let making = built.0.making();
    let paths: Vec<String> = (1..=5).map(|number| format!("/p/{number}")).collect();
    let days = [
        None,
        Some(date(2026, 1, 2)),
        Some(date(2026, 3, 4)),
        None,
        None,
    ];
    let pages: Vec<ListedPage<'_>> = paths
        .iter()
        .zip(days)
        .map(|(path, modified_on)| ListedPage { path, modified_on })
        .collect();
    let files = sitemaps(making, &pages, 2).expect("they render");
    let names: Vec<&str> = files.iter().map(|file| file.path.as_str()).collect();
    assert_eq!(
        names,
        [
            "/sitemap-1.xml",
            "/sitemap-2.xml",
            "/sitemap-3.xml",
            "/sitemap.xml"
        ]
    );
    let mut all = Vec::new();
    for file in &files[..3] {
        let own = entries(&file.text, "urlset", "url");
        assert!(own.len() <= 2);
        all.extend(own.into_iter().map(|(address, _)| address));
    }
    let expected: Vec<String> = paths.iter().map(|path| format!("{ORIGIN}{path}")).collect();
    assert_eq!(all, expected);
    let index = entries(&files[3].text, "sitemapindex", "sitemap");
    let days: Vec<Option<Date>> = index.iter().map(|(_, day)| *day).collect();
    assert_eq!(days, [Some(date(2026, 1, 2)), Some(date(2026, 3, 4)), None]);
    assert!(sitemaps(making, &[], 2).expect("they render").is_empty());
    assert_eq!(MOST_ADDRESSES, 50_000);
}

#[test]
fn the_index_of_the_site_leads_to_its_sitemaps() {
    let built = Built::ours();
    let index = entries(&built.text("/sitemap.xml"), "sitemapindex", "sitemap");
    for (address, day) in &index {
        let path = address.strip_prefix(ORIGIN).expect("it is ours");
        assert_eq!(built.header(path, "content-type"), "application/xml");
        let named = entries(&built.text(path), "urlset", "url");
        assert_eq!(*day, named.iter().filter_map(|(_, day)| *day).max());
    }
    assert_eq!(index.len(), 1);
}

#[test]
fn robots_may_read_every_page_of_the_sitemap() {
    let built = Built::ours();
    let text = built.text("/robots.txt");
    assert_eq!(
        built.header("/robots.txt", "content-type"),
        "text/plain; charset=utf-8"
    );
    assert!(
        text.contains("\nSitemap: https://clinic.example/sitemap.xml\n"),
        "{text}"
    );
    let refused: Vec<&str> = text
        .lines()
        .filter_map(|line| line.strip_prefix("Disallow: "))
        .collect();
    assert_eq!(refused, ["/go/", "/book/*/via/"]);
    for (address, _) in entries(&built.text("/sitemap-1.xml"), "urlset", "url") {
        let path = address.strip_prefix(ORIGIN).expect("it is ours");
        assert!(
            !path.starts_with("/go/") && !path.contains("/via/"),
            "{path}"
        );
    }
}

#[test]
fn llms_txt_is_of_its_form_and_leads_to_what_is_there() {
    for built in [Built::ours(), Built::sound()] {
        let text = built.text("/llms.txt");
        let name = &built.0.site().clinic.name;
        assert!(text.starts_with(&format!("# {name}\n\n> ")), "{text}");
        let sections: Vec<&str> = text.lines().filter(|line| line.starts_with('#')).collect();
        assert!(
            sections[1..].iter().all(|line| line.starts_with("## ")),
            "{sections:?}"
        );
        assert_eq!(sections.last(), Some(&"## Optional"));
        let mut links = 0;
        for (at, _) in text.match_indices("](") {
            let address = text[at + 2..].split(')').next().expect("a link ends");
            let path = address.strip_prefix(ORIGIN).expect("it is ours");
            let path = if path.is_empty() { "/" } else { path };
            assert!(built.page(path).is_some(), "{address}");
            links += 1;
        }
        assert!(links > 8, "{links} links");
        for slug in built.listed() {
            assert!(text.contains(&format!("/articles/{slug}.md)")), "{slug}");
        }
    }
}

#[test]
fn whom_to_tell_of_a_hole_is_there_only_when_the_clinic_says_it() {
    let path = "/.well-known/security.txt";
    let folder = sound();
    assert!(Built::of(folder.root()).page(path).is_none());
    for (contact, printed) in [
        ("security@clinic.example", "mailto:security@clinic.example"),
        (
            "https://clinic.example/security",
            "https://clinic.example/security",
        ),
    ] {
        let folder = sound();
        folder.edit(
            "clinic/clinic.toml",
            "logo = ",
            &format!("security_contact = \"{contact}\"\nlogo = "),
        );
        let built = Built::of(folder.root());
        let text = built.text(path);
        let fields: BTreeMap<&str, &str> = text
            .lines()
            .filter_map(|line| line.split_once(": "))
            .collect();
        assert_eq!(fields["Contact"], printed);
        assert_eq!(fields["Canonical"], format!("{ORIGIN}{path}"));
        let expires: Timestamp = fields["Expires"].parse().expect("an instant");
        let now: Timestamp = "2026-11-25T12:00:00-05:00".parse().expect("an instant");
        let days = expires.duration_since(now).as_hours() / 24;
        assert!((300..365).contains(&days), "{days}");
        // A day later it is the same file, so nobody fetches it anew.
        let tomorrow = Built::on(folder.root(), date(2026, 11, 26));
        assert_eq!(tomorrow.text(path), text);
    }
}

#[test]
fn the_manifest_names_icons_that_are_there_in_their_size() {
    let built = Built::ours();
    let path = "/site.webmanifest";
    assert_eq!(
        built.header(path, "content-type"),
        "application/manifest+json"
    );
    let manifest: serde_json::Value = serde_json::from_str(&built.text(path)).expect("it is JSON");
    for key in [
        "id",
        "name",
        "short_name",
        "start_url",
        "scope",
        "lang",
        "dir",
        "theme_color",
    ] {
        assert!(manifest[key].is_string(), "{key}");
    }
    let icons = manifest["icons"].as_array().expect("icons");
    let of = |name: &str| -> Vec<&str> {
        icons
            .iter()
            .filter_map(|icon| icon[name].as_str())
            .collect()
    };
    assert_eq!(of("sizes"), ["any", "192x192", "512x512", "512x512"]);
    assert_eq!(of("purpose"), ["any", "any", "any", "maskable"]);
    for icon in icons {
        let src = icon["src"].as_str().expect("an address");
        assert_eq!(
            built.header(src, "content-type"),
            icon["type"].as_str().expect("a type")
        );
        let page = built.page(src).expect("it is there");
        let body = page.identity().and_then(|own| own.body.bytes());
        if let Ok(size) = imagesize::blob_size(&body.expect("a body")) {
            assert_eq!(icon["sizes"], format!("{}x{}", size.width, size.height));
        }
    }
}

#[test]
fn the_head_of_every_page_names_the_manifest_the_icons_and_the_feeds() {
    let built = Built::ours();
    for (path, page) in built.pages() {
        for (selector, target) in [
            ("link[rel=manifest]", Some("/site.webmanifest")),
            (
                "link[rel=alternate][type=\"application/atom+xml\"]",
                Some("/feed.atom"),
            ),
            (
                "link[rel=alternate][type=\"application/feed+json\"]",
                Some("/feed.json"),
            ),
            ("link[rel=author]", Some("/humans.txt")),
            ("link[rel=apple-touch-icon]", None),
        ] {
            let link = one(&page, selector).unwrap_or_else(|| panic!("{path}: {selector}"));
            let href = link.attr("href").expect("a link leads somewhere");
            assert_eq!(href, target.unwrap_or(href), "{path}");
            assert!(built.page(href).is_some(), "{path}: {href}");
        }
        let colors = page
            .select(&scraper::Selector::parse("meta[name=theme-color][media]").expect("a selector"))
            .count();
        assert_eq!(colors, 2, "{path}: light and dark");
    }
}
