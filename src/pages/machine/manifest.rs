//! The web app manifest: how a phone shows the site when somebody keeps it on the first
//! screen. It makes no app of it: the site opens in the browser, with its address.

use serde::Serialize;

use crate::pages::Making;

/// The surface on which the header stands. Source: `static/css/tokens.css`.
const THEME: &str = "#ffffff";
/// The paper. Source: `static/css/tokens.css`.
const BACKGROUND: &str = "#fbf9f4";

/// Source: W3C, "Web Application Manifest".
#[derive(Serialize)]
struct Manifest<'a> {
    id: &'static str,
    name: &'a str,
    short_name: &'a str,
    description: &'a str,
    lang: &'a str,
    dir: &'a str,
    start_url: &'static str,
    scope: &'static str,
    display: &'static str,
    theme_color: &'static str,
    background_color: &'static str,
    icons: Vec<Icon<'a>>,
}

#[derive(Serialize)]
struct Icon<'a> {
    src: &'a str,
    sizes: &'static str,
    #[serde(rename = "type")]
    media: &'static str,
    purpose: &'static str,
}

/// The manifest, with the icons that are there.
pub(super) fn manifest(making: Making<'_>) -> Result<String, String> {
    let clinic = &making.site.clinic;
    let icons = &making.assets.icons;
    let rows = [
        (&making.assets.icon, "any", "image/svg+xml", "any"),
        (&icons.square_192, "192x192", "image/png", "any"),
        (&icons.square_512, "512x512", "image/png", "any"),
        (&icons.maskable_512, "512x512", "image/png", "maskable"),
    ];
    let icons = rows.iter().filter_map(|(src, sizes, media, purpose)| {
        Some(Icon {
            src: src.as_deref()?,
            sizes,
            media,
            purpose,
        })
    });
    let manifest = Manifest {
        id: "/",
        name: &clinic.name,
        short_name: &clinic.short_name,
        description: &clinic.tagline,
        lang: &clinic.lang,
        dir: &making.words(&clinic.lang).site.direction,
        start_url: "/",
        scope: "/",
        display: "browser",
        theme_color: THEME,
        background_color: BACKGROUND,
        icons: icons.collect(),
    };
    let text = serde_json::to_string_pretty(&manifest).map_err(|error| error.to_string())?;
    Ok(format!("{text}\n"))
}
