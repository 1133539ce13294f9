//! Words that fit whoever is meant: the patient, their child, or somebody they
//! care for. One text serves all three, so that they can never differ in what they ask.

use std::fmt;
use std::str::FromStr;

/// Whom the words are about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Addressee {
    /// The person who reads.
    You,
    /// A child of the person who reads.
    Child,
    /// Somebody else.
    Other,
}

/// A text with tokens: `{you}`, `{your}`, their capital forms, and `{a|b}` with `a` for "you" and `b` for anybody else.
/// Made only by [`FromStr`], so every token is one of these.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wording(Vec<Part>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Text(String),
    You,
    YouCapital,
    Your,
    YourCapital,
    Either(String, String),
}

impl Wording {
    /// The text for an addressee.
    pub fn to(&self, addressee: Addressee) -> String {
        self.0.iter().map(|part| part.to(addressee)).collect()
    }
}

impl Part {
    fn to(&self, addressee: Addressee) -> &str {
        match (self, addressee) {
            (Self::Text(text), _) => text,
            (Self::You, Addressee::You) => "you",
            (Self::You, Addressee::Child) => "your child",
            (Self::You, Addressee::Other) => "the person",
            (Self::YouCapital, Addressee::You) => "You",
            (Self::YouCapital, Addressee::Child) => "Your child",
            (Self::YouCapital, Addressee::Other) => "The person",
            (Self::Your, Addressee::You) => "your",
            (Self::Your, _) => "their",
            (Self::YourCapital, Addressee::You) => "Your",
            (Self::YourCapital, _) => "Their",
            (Self::Either(you, _), Addressee::You) => you,
            (Self::Either(_, other), _) => other,
        }
    }
}

/// As care cards print it: for the person who reads.
impl fmt::Display for Wording {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0
            .iter()
            .try_for_each(|part| f.write_str(part.to(Addressee::You)))
    }
}

impl FromStr for Wording {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            let (token, after) = after.split_once('}').ok_or("expected `}` after each `{`")?;
            if !before.is_empty() {
                parts.push(Part::Text(before.to_owned()));
            }
            parts.push(match token {
                "you" => Part::You,
                "You" => Part::YouCapital,
                "your" => Part::Your,
                "Your" => Part::YourCapital,
                _ => {
                    let (you, other) = token
                        .split_once('|')
                        .ok_or("expected `{you}`, `{your}` or `{for you|for others}`")?;
                    Part::Either(you.to_owned(), other.to_owned())
                }
            });
            rest = after;
        }
        if !rest.is_empty() {
            parts.push(Part::Text(rest.to_owned()));
        }
        Ok(Self(parts))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_text_fits_whoever_is_meant() {
        let text: Wording = "{Do|Does} {you} feel {your} legs? {You} {are|is} here."
            .parse()
            .unwrap();
        assert_eq!(
            text.to(Addressee::You),
            "Do you feel your legs? You are here."
        );
        assert_eq!(
            text.to(Addressee::Child),
            "Does your child feel their legs? Your child is here."
        );
        assert_eq!(
            text.to(Addressee::Other),
            "Does the person feel their legs? The person is here."
        );
        assert_eq!(text.to_string(), text.to(Addressee::You));
    }

    #[test]
    fn a_token_that_nobody_knows_is_refused() {
        for text in ["{yuo} feel", "{you feel", "{}"] {
            assert!(text.parse::<Wording>().is_err(), "{text}");
        }
    }
}
