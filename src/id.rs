//! Ids: the short names by which articles, people, services and the like are
//! called in files and addresses. One type per kind of thing, so that a topic
//! can't be looked up by the id of a person.

use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;
use std::sync::Arc;

/// Longest id, in bytes. A file name holds 255, `export` appends `.html.part`
/// (10), so 245 would fit; we stop at 80 because addresses are read aloud.
pub const MAX_ID_BYTES: usize = 80;

/// The id of a `T`: lower-case ASCII letters, digits and single hyphens between
/// them, 1 to [`MAX_ID_BYTES`] bytes. Made only by [`FromStr`].
pub struct Id<T> {
    text: Arc<str>,
    kind: PhantomData<fn() -> T>,
}

impl<T> Id<T> {
    /// The id as written.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl<T> Clone for Id<T> {
    fn clone(&self) -> Self {
        Self {
            text: Arc::clone(&self.text),
            kind: PhantomData,
        }
    }
}

impl<T> PartialEq for Id<T> {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl<T> Eq for Id<T> {}

impl<T> PartialOrd for Id<T> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl<T> Ord for Id<T> {
    /// Most ids are compared with themselves of a moment ago, which takes no look at their text.
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        match Arc::ptr_eq(&self.text, &other.text) {
            true => std::cmp::Ordering::Equal,
            false => self.text.cmp(&other.text),
        }
    }
}

impl<T> fmt::Debug for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Id({})", self.text)
    }
}

impl<T> fmt::Display for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// Marks ids of articles.
pub enum ArticleMark {}
/// Marks ids of complaints, and so of their protocols.
pub enum ComplaintMark {}
/// Marks ids of services.
pub enum ServiceMark {}
/// Marks ids of findings.
pub enum FindingMark {}
/// Marks ids of campaigns.
pub enum CampaignMark {}

/// The last part of an article's address.
pub type Slug = Id<ArticleMark>;
/// The name of a complaint, and the file name of its protocol.
pub type ComplaintId = Id<ComplaintMark>;
/// The name of a finding, once in its protocol.
pub type FindingId = Id<FindingMark>;
/// The name of a service that can be booked.
pub type ServiceId = Id<ServiceMark>;
/// The name of a campaign, as it stands in `utm_campaign` and in `/go/<id>`.
pub type CampaignId = Id<CampaignMark>;

/// Text that can't be an id; prints what was expected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvalidId;

impl fmt::Display for InvalidId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "expected lower-case letters, digits and single hyphens, such as `back-pain`, at most {MAX_ID_BYTES} in all"
        )
    }
}

impl std::error::Error for InvalidId {}

impl<T> FromStr for Id<T> {
    type Err = InvalidId;

    fn from_str(text: &str) -> Result<Self, InvalidId> {
        let word = |part: &str| {
            !part.is_empty()
                && part
                    .bytes()
                    .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
        };
        if text.len() > MAX_ID_BYTES || !text.split('-').all(word) {
            return Err(InvalidId);
        }
        Ok(Self {
            text: text.into(),
            kind: PhantomData,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_lower_case_words_joined_by_hyphens() {
        let rows = [
            ("back-pain", true),
            ("type-2-diabetes", true),
            ("", false),
            ("-back", false),
            ("back--pain", false),
            ("Back", false),
            ("back_pain", false),
            ("rücken", false),
            ("a/b", false),
        ];
        for (text, sound) in rows {
            assert_eq!(text.parse::<Id<()>>().is_ok(), sound, "{text}");
        }
        assert!("a".repeat(81).parse::<Id<()>>().is_err());
    }
}
