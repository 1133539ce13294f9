//! Links of a text, told apart: within the site, to a finding, to the world.
//! An address is parsed once, here; what is not one of the known forms is refused, so no script can hide in it.

use std::str::FromStr;

use crate::id::{FindingId, Slug};

/// A link within the site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// The page.
    pub target: Target,
    /// The anchor on it, without `#`.
    pub anchor: Option<String>,
}

/// The page that a link within the site leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// The page that holds the link.
    SamePage,
    /// An article.
    Article(Slug),
    /// Any other page, by its path from the root, such as `/privacy`.
    Page(String),
}

impl Link {
    /// The address to print.
    pub fn href(&self) -> String {
        let path = match &self.target {
            Target::SamePage => String::new(),
            Target::Article(slug) => format!("/articles/{slug}"),
            Target::Page(path) => path.clone(),
        };
        match &self.anchor {
            Some(anchor) => format!("{path}#{anchor}"),
            None => path,
        }
    }
}

/// What an author wrote as the address of a link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Address {
    /// A link within the site.
    Inside(Link),
    /// A finding of the protocol.
    Finding(FindingId),
    /// An address elsewhere, printed as it is.
    Outside(String),
}

impl FromStr for Address {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if let Some(id) = text.strip_prefix("finding:") {
            return id
                .parse()
                .map(Self::Finding)
                .map_err(|_| "expected the id of a finding, such as `finding:saddle-numbness`");
        }
        if ["https://", "http://", "mailto:", "tel:"]
            .iter()
            .any(|scheme| text.starts_with(scheme))
        {
            return Ok(Self::Outside(text.to_owned()));
        }
        let (path, anchor) = match text.split_once('#') {
            Some((path, anchor)) => (path, Some(anchor.to_owned())),
            None => (text, None),
        };
        let target = inside(path).ok_or(
            "expected `article.md`, `#heading`, `/page` or an address that starts with `https://`",
        )?;
        Ok(Self::Inside(Link {
            target,
            anchor: anchor.filter(|anchor| !anchor.is_empty()),
        }))
    }
}

fn inside(path: &str) -> Option<Target> {
    if path.is_empty() {
        return Some(Target::SamePage);
    }
    if let Some(name) = path.strip_suffix(".md") {
        let name = name.rsplit('/').next().unwrap_or(name);
        return name.parse().ok().map(Target::Article);
    }
    if let Some(slug) = path.strip_prefix("/articles/") {
        return slug.parse().ok().map(Target::Article);
    }
    let rooted = path.starts_with('/') && !path.starts_with("//");
    rooted.then(|| Target::Page(path.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_inside_outside_or_a_finding() {
        let rows = [
            ("sciatica.md", Some("/articles/sciatica")),
            (
                "../articles/sciatica.md#treatment",
                Some("/articles/sciatica#treatment"),
            ),
            ("/articles/sciatica", Some("/articles/sciatica")),
            ("#relief", Some("#relief")),
            ("/privacy", Some("/privacy")),
            ("//evil.example", None),
            ("javascript:alert(1)", None),
            ("sciatica", None),
        ];
        for (text, expected) in rows {
            let href = match text.parse::<Address>() {
                Ok(Address::Inside(link)) => Some(link.href()),
                _ => None,
            };
            assert_eq!(href.as_deref(), expected, "{text}");
        }
        assert!(matches!("finding:no-pee".parse(), Ok(Address::Finding(_))));
        assert!(matches!(
            "https://medlineplus.gov/".parse(),
            Ok(Address::Outside(_))
        ));
    }
}
