//! Style sheets, fonts, icons and scripts: joined, fingerprinted, and where each
//! is served. A fingerprint is part of the name, so a browser may keep a file for
//! a year and still sees every change at once.

mod photo;
mod picture;
pub mod versions;

pub use photo::{Format, Photo};

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};
use xxhash_rust::xxh3::xxh3_128;

use crate::clinic::Accent;
use crate::content::markdown::{DIAGRAMS, Picture, Pictures};
use picture::Gallery;

/// Where the sheets of components are. Those in the folder itself are for every page, those in a folder below for the
/// pages that name it, so a phone gets no rule for what it doesn't see.
const COMPONENTS: &str = "static/css/components/";

/// The sheets in the order of the cascade; those of [`COMPONENTS`] stand between the two lists.
const SHEETS_BEFORE: [&str; 4] = ["tokens", "reset", "elements", "layout"];
const SHEETS_AFTER: [&str; 1] = ["utilities"];

/// What only paper needs; a sheet of its own, so that no screen waits for it.
const PRINT_SHEET: &str = "static/css/print.css";

/// A file as it is served.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asset {
    /// The address, with the fingerprint.
    pub path: String,
    /// The media type.
    pub content_type: &'static str,
    /// The content.
    pub bytes: Arc<[u8]>,
}

/// The icon of the site for what can't show an SVG, drawn by `tools/share-pictures`. Sizes are in pixels.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Icons {
    /// For the first screen of a phone that runs iOS: without clear corners.
    pub touch_180: Option<String>,
    /// With its own outline.
    pub square_192: Option<String>,
    /// With its own outline.
    pub square_512: Option<String>,
    /// For a system that cuts its own outline.
    pub maskable_512: Option<String>,
}

/// Where pages find what they need.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AssetAddresses {
    /// The style sheet of every page.
    pub stylesheet: String,
    /// What it adds for paper.
    pub print_stylesheet: String,
    /// What pages with a chart or a diagram add.
    pub charts_stylesheet: String,
    /// What pages that lead to others add: lists, the search, the picture of the body.
    pub finding_stylesheet: String,
    /// What the symptom checker and the booking pages add.
    pub forms_stylesheet: String,
    /// The font that the first view needs.
    pub font: Option<String>,
    /// The icon of the site.
    pub icon: Option<String>,
    /// The same icon as pixels.
    pub icons: Icons,
    /// The clinic's logo, if it has one.
    pub logo: Option<Picture>,
    /// The script that marks the current section.
    pub jump_to_script: Option<Script>,
    /// The script that copies the address of a section.
    pub copy_link_script: Option<Script>,
    /// The script that suggests pages under a search box.
    pub search_script: Option<Script>,
    /// Names of the share pictures that are there, whatever they show.
    pub share_files: BTreeSet<String>,
    /// Changes when a font does; share pictures are drawn with them.
    pub lettering: String,
    /// The script that shows an editor each change; only in previews.
    pub preview_script: Option<Script>,
}

/// A script, and the hash without which a browser does not run it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Script {
    /// Where it is.
    pub address: String,
    /// `sha256-` and the hash in base64. Source: W3C Subresource Integrity.
    pub integrity: String,
}

impl AssetAddresses {
    /// The small enhancements of an article.
    pub fn article_scripts(&self) -> impl Iterator<Item = &Script> {
        [&self.jump_to_script, &self.copy_link_script]
            .into_iter()
            .flatten()
    }

    /// What pages may run, as a content security policy names it. The same for all pages, since most need the same.
    pub fn script_sources(&self) -> String {
        let scripts = [
            &self.jump_to_script,
            &self.copy_link_script,
            &self.search_script,
            &self.preview_script,
        ];
        let hashes = scripts.into_iter().flatten();
        let hashes: Vec<String> = hashes
            .map(|script| format!("'{}'", script.integrity))
            .collect();
        match hashes.is_empty() {
            true => "'none'".to_owned(),
            false => hashes.join(" "),
        }
    }
}

/// Everything that is served below `/static/`.
#[derive(Debug, Clone, Default)]
pub struct Assets {
    /// Files by address, ascending.
    pub files: BTreeMap<String, Asset>,
    /// Addresses for pages.
    pub addresses: AssetAddresses,
    /// Pictures of articles by path in the content folder.
    pub pictures: Pictures,
}

/// Makes the assets from the files of `static/` and `articles/`, by path relative to the content folder.
/// `logo` is a path below `static/`.
pub fn build(
    files: &BTreeMap<String, Arc<[u8]>>,
    accent: Option<&Accent>,
    logo: Option<&str>,
) -> Assets {
    let mut assets = Assets::default();
    let mut names = BTreeMap::new();
    let gallery = Gallery::of(files);
    for (path, bytes) in files {
        let address = address(path, bytes).filter(|_| !gallery.hidden.contains(path));
        let Some(address) = address else {
            continue;
        };
        names.insert(path.as_str(), address.clone());
        assets.add(address, content_type(path), Arc::clone(bytes));
    }
    let stylesheet = assets.add_sheet("site", stylesheet(files, &names, accent));
    let print_sheet = joined(files, &names, [PRINT_SHEET.to_owned()]);
    let print_stylesheet = assets.add_sheet("print", print_sheet);
    let [charts_stylesheet, finding_stylesheet, forms_stylesheet] = ["charts", "finding", "forms"]
        .map(|name| {
            let sheets = components(files, &format!("{COMPONENTS}{name}/"));
            assets.add_sheet(name, joined(files, &names, sheets))
        });
    let named = |path: &str| names.get(path).cloned();
    assets.pictures = gallery.pictures(files, &names);
    assets.addresses = AssetAddresses {
        stylesheet,
        print_stylesheet,
        charts_stylesheet,
        finding_stylesheet,
        forms_stylesheet,
        font: named("static/fonts/atkinson-hyperlegible-next-latin.woff2"),
        icon: named("static/icons/favicon.svg"),
        icons: Icons {
            touch_180: named("static/icons/touch-180.png"),
            square_192: named("static/icons/icon-192.png"),
            square_512: named("static/icons/icon-512.png"),
            maskable_512: named("static/icons/maskable-512.png"),
        },
        logo: logo.and_then(|logo| gallery.picture(files, &names, &format!("static/{logo}"))),
        jump_to_script: script(files, &names, "static/js/jump-to.js"),
        copy_link_script: script(files, &names, "static/js/copy-link.js"),
        search_script: script(files, &names, "static/js/search.js"),
        share_files: files.keys().filter_map(|path| share_file(path)).collect(),
        lettering: lettering(files),
        preview_script: script(files, &names, "static/js/preview.js"),
    };
    assets
}

impl Assets {
    /// Adds a style sheet, and gives its address.
    fn add_sheet(&mut self, name: &str, sheet: String) -> String {
        let bytes: Arc<[u8]> = sheet.into_bytes().into();
        let path = format!("/static/{name}.{}.css", fingerprint(&bytes));
        self.add(path.clone(), "text/css; charset=utf-8", bytes);
        path
    }

    fn add(&mut self, path: String, content_type: &'static str, bytes: Arc<[u8]>) {
        self.files.insert(
            path.clone(),
            Asset {
                path,
                content_type,
                bytes,
            },
        );
    }
}

fn script(
    files: &BTreeMap<String, Arc<[u8]>>,
    names: &BTreeMap<&str, String>,
    path: &str,
) -> Option<Script> {
    let hash = Sha256::digest(files.get(path)?);
    Some(Script {
        address: names.get(path)?.clone(),
        integrity: format!("sha256-{}", STANDARD.encode(hash)),
    })
}

/// The fonts of share pictures: those of upright text, the one with the most letters first.
pub const SHARE_FONTS: [&str; 2] = [
    "static/fonts/atkinson-hyperlegible-next-latin.woff2",
    "static/fonts/atkinson-hyperlegible-next-latin-ext.woff2",
];

fn lettering(files: &BTreeMap<String, Arc<[u8]>>) -> String {
    let fonts = SHARE_FONTS.iter().filter_map(|path| files.get(*path));
    fonts.map(|bytes| fingerprint(bytes)).collect()
}

/// The name of a share picture. Its fingerprint is that of what it shows, and not of its bytes, so a page knows the
/// name without the file.
fn share_file(path: &str) -> Option<String> {
    let name = path.strip_prefix("static/share/")?;
    let (stem, hash) = name.strip_suffix(".png")?.rsplit_once('.')?;
    let is_hash = hash.len() == 16 && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
    (is_hash && !stem.contains(['/', '.'])).then(|| name.to_owned())
}

/// The address of a file, with its fingerprint; none for what is not served as it is.
fn address(path: &str, bytes: &[u8]) -> Option<String> {
    // Sheets are joined, and diagrams become part of pages.
    if path.ends_with(".css") || path.starts_with(DIAGRAMS) {
        return None;
    }
    if let Some(name) = share_file(path) {
        return Some(format!("/static/share/{name}"));
    }
    let below = match path.strip_prefix("static/") {
        Some(below) => below.to_owned(),
        None => path
            .strip_prefix("articles/")
            .map(|below| format!("articles/{below}"))?,
    };
    let (stem, extension) = below.rsplit_once('.')?;
    Some(format!("/static/{stem}.{}.{extension}", fingerprint(bytes)))
}

fn fingerprint(bytes: &[u8]) -> String {
    let hash = format!("{:032x}", xxh3_128(bytes));
    hash.chars().take(16).collect()
}

/// The paths of the sheets that stand in a folder itself, ascending.
fn components(files: &BTreeMap<String, Arc<[u8]>>, folder: &str) -> Vec<String> {
    let is_in = |path: &&String| {
        let name = path.strip_prefix(folder);
        name.is_some_and(|name| name.ends_with(".css") && !name.contains('/'))
    };
    files.keys().filter(is_in).cloned().collect()
}

/// Joins the sheets in the order of the cascade, names files by their addresses, and adds the clinic's accent.
fn stylesheet(
    files: &BTreeMap<String, Arc<[u8]>>,
    names: &BTreeMap<&str, String>,
    accent: Option<&Accent>,
) -> String {
    let named = |name: &&str| format!("static/css/{name}.css");
    let order = SHEETS_BEFORE
        .iter()
        .map(named)
        .chain(components(files, COMPONENTS))
        .chain(SHEETS_AFTER.iter().map(named));
    let mut sheet = joined(files, names, order);
    if let Some(Accent {
        light,
        on_light,
        dark,
        on_dark,
    }) = accent
    {
        // Print and forced colors choose their own tokens, so the accent is for screens alone.
        sheet.push_str(&format!(
            "@media screen and (forced-colors:none){{@layer tokens{{:root{{--color-accent:{light};--color-on-accent:{on_light}}}}}}}\n\
             @media screen and (forced-colors:none) and (prefers-color-scheme:dark){{@layer tokens{{:root{{--color-accent:{dark};--color-on-accent:{on_dark}}}}}}}\n"
        ));
    }
    sheet
}

/// Joins sheets, and names files by their addresses.
fn joined(
    files: &BTreeMap<String, Arc<[u8]>>,
    names: &BTreeMap<&str, String>,
    paths: impl IntoIterator<Item = String>,
) -> String {
    let mut sheet = String::new();
    for path in paths {
        let text = files
            .get(&path)
            .and_then(|bytes| std::str::from_utf8(bytes).ok())
            .unwrap_or_default();
        sheet.push_str(&compact(text));
    }
    let is_for_sheets = |path: &str| {
        let is_picture = path.starts_with(versions::FOLDER) || share_file(path).is_some();
        path.starts_with("static/") && !is_picture
    };
    for (path, address) in names.iter().filter(|(path, _)| is_for_sheets(path)) {
        sheet = sheet.replace(&format!("/{path}"), address);
    }
    sheet
}

/// Takes comments, indentation and the blanks that no browser needs out of a style sheet.
fn compact(css: &str) -> String {
    let mut out = String::with_capacity(css.len());
    let mut rest = css;
    while let Some((before, comment)) = rest.split_once("/*") {
        push_lines(&mut out, before);
        rest = comment.split_once("*/").map_or("", |(_, after)| after);
    }
    push_lines(&mut out, rest);
    out
}

fn push_lines(out: &mut String, css: &str) {
    for line in css.lines().map(str::trim).filter(|line| !line.is_empty()) {
        // Between quotation marks every blank counts.
        match line.contains(['"', '\'']) {
            true => out.push_str(line),
            false => out.push_str(&without_blanks(line)),
        }
        out.push('\n');
    }
}

/// A line without the blanks around what divides declarations. A blank before a colon may be a selector's, so it stays.
fn without_blanks(line: &str) -> String {
    let pairs = [
        (" {", "{"),
        ("{ ", "{"),
        (" }", "}"),
        (";}", "}"),
        (": ", ":"),
        ("; ", ";"),
        (", ", ","),
    ];
    pairs.iter().fold(line.to_owned(), |line, (long, short)| {
        line.replace(long, short)
    })
}

/// The media type of a file, by its extension. Source: IANA media types.
pub fn content_type(path: &str) -> &'static str {
    let extension = path
        .rsplit('.')
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase();
    match extension.as_str() {
        "avif" => "image/avif",
        "css" => "text/css; charset=utf-8",
        "gif" => "image/gif",
        "ico" => "image/x-icon",
        "jpeg" | "jpg" => "image/jpeg",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "json" => "application/json",
        "md" | "txt" => "text/plain; charset=utf-8",
        "pdf" => "application/pdf",
        "png" => "image/png",
        "svg" => "image/svg+xml",
        "webp" => "image/webp",
        "woff2" => "font/woff2",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(rows: &[(&str, &str)]) -> BTreeMap<String, Arc<[u8]>> {
        rows.iter()
            .map(|(path, text)| ((*path).to_owned(), Arc::from(text.as_bytes())))
            .collect()
    }

    #[test]
    fn sheets_are_joined_in_the_order_of_the_cascade() {
        let files = files(&[
            ("static/css/print.css", "p{}"),
            (
                "static/css/tokens.css",
                "/* a */\n@layer tokens;\n  t{ src: url(\"/static/fonts/f.woff2\") }\n  u, v :is(w) { x: 1px calc(2px + 3px); y: 0; }",
            ),
            ("static/css/components/z.css", "z{}"),
            ("static/css/components/a.css", "a{}"),
            ("static/css/components/forms/field.css", "f{}"),
            ("static/fonts/f.woff2", "font"),
        ]);
        let assets = build(&files, None, None);
        let sheet = &assets.files[&assets.addresses.stylesheet];
        let text = std::str::from_utf8(&sheet.bytes).unwrap();
        let font = assets
            .files
            .keys()
            .find(|path| path.ends_with(".woff2"))
            .unwrap();
        assert_eq!(
            text,
            format!(
                "@layer tokens;\nt{{ src: url(\"{font}\") }}\nu,v :is(w){{x:1px calc(2px + 3px);y:0}}\na{{}}\nz{{}}\n"
            )
        );
        let print = &assets.files[&assets.addresses.print_stylesheet];
        assert_eq!(&*print.bytes, b"p{}\n");
        let forms = &assets.files[&assets.addresses.forms_stylesheet];
        assert_eq!(&*forms.bytes, b"f{}\n");
    }

    #[test]
    fn a_share_picture_keeps_its_name_and_no_other_file_does() {
        let rows = [
            ("static/share/clinic.0123456789abcdef.png", true),
            ("static/share/article-a-b.0123456789abcdef.png", true),
            ("static/share/clinic.png", false),
            ("static/share/clinic.0123456789abcdeg.png", false),
            ("static/share/clinic.0123456789abcdef.svg", false),
            ("static/share/old/clinic.0123456789abcdef.png", false),
            ("static/clinic.0123456789abcdef.png", false),
        ];
        for (path, keeps) in rows {
            let assets = build(&files(&[(path, "bytes")]), None, None);
            assert_eq!(
                assets.files.contains_key(&format!("/{path}")),
                keeps,
                "{path}"
            );
            assert_eq!(
                assets.addresses.share_files.len(),
                usize::from(keeps),
                "{path}"
            );
        }
    }

    #[test]
    fn a_change_of_the_accent_changes_the_address() {
        let files = files(&[("static/css/tokens.css", "t{}")]);
        let ink = crate::clinic::Color::new(255, 255, 255);
        let accent = Accent {
            light: ink,
            on_light: ink,
            dark: ink,
            on_dark: ink,
        };
        let plain = build(&files, None, None).addresses.stylesheet;
        assert_ne!(
            build(&files, Some(&accent), None).addresses.stylesheet,
            plain
        );
    }
}
