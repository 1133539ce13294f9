//! How browsers and other programs search this site: an OpenSearch description.
//! It stands apart from pages because programs read it, and each address in it is whole.

use askama::Template;

use super::Making;

/// Where the description stands.
pub const OPEN_SEARCH: &str = "/opensearch.xml";

/// Its media type. Source: OpenSearch 1.1 draft 6, "OpenSearch description document".
pub const OPEN_SEARCH_TYPE: &str = "application/opensearchdescription+xml";

#[derive(Template)]
#[template(path = "opensearch.xml")]
struct Description<'a> {
    short_name: &'a str,
    name: &'a str,
    description: &'a str,
    lang: &'a str,
    origin: &'a str,
    icon: Option<&'a str>,
    own_address: &'a str,
}

/// The description of the site's search.
///
/// # Errors
/// The template failed: a fault of ours.
pub fn open_search(making: Making<'_>) -> Result<String, String> {
    let clinic = &making.site.clinic;
    let words = making.words(&clinic.lang);
    let description = Description {
        short_name: &clinic.short_name,
        name: &clinic.name,
        description: &words.search.description,
        lang: &clinic.lang,
        origin: making.forms.origin(clinic).unwrap_or(&clinic.origin),
        icon: making.assets.icon.as_deref(),
        own_address: OPEN_SEARCH,
    };
    let rendered = description.render();
    rendered.map_err(|error| format!("{OPEN_SEARCH}: {error}"))
}
