//! Names that go on as somebody types. Only titles and other names are looked at, so
//! that a suggestion always says why it is there.

use super::document::Kind;
use super::index::{Fault, Index, Part};
use super::query::Query;
use super::reading::{Origin, understand};
use crate::site::Site;

/// Most suggestions: a phone shows no more above its keyboard.
const MOST_SUGGESTED: usize = 6;

/// What a stem counts by where it stands.
const WEIGHTS: [(Part, f32); 2] = [(Part::Title, 6.0), (Part::Name, 5.0)];

/// A page that was probably meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    /// What it is.
    pub kind: Kind,
    /// What it is called.
    pub title: String,
    /// Its page.
    pub address: String,
}

impl Index {
    /// Pages whose names fit a text that may go on; best first, at most 6. None for a blank text.
    ///
    /// # Errors
    /// See [`Fault`].
    pub fn suggest(&self, query: &Query, site: &Site) -> Result<Vec<Suggestion>, Fault> {
        let understood = understand(query, Origin::Typing, self)?;
        let mut ranked = self.ranked(&understood, &WEIGHTS)?;
        // Whoever types the beginning of a title means that page. A visit or a medical word is offered only where it
        // fits best by itself.
        let typed = query.text().to_lowercase();
        ranked.sort_by_key(|(_, entry)| {
            matches!(entry.kind, Kind::Service | Kind::Term)
                || !entry.title.to_lowercase().starts_with(&typed)
        });
        let fitting = ranked
            .into_iter()
            .filter(|(_, entry)| self.is_there(site, entry));
        let suggested = fitting.map(|(_, entry)| Suggestion {
            kind: entry.kind,
            title: entry.title.clone(),
            address: entry.address.clone(),
        });
        Ok(suggested.take(MOST_SUGGESTED).collect())
    }
}
