//! Why a notice was not sent, in words that may be logged. It stands apart because
//! what the other side says is not ours: it is cut short, and its line breaks go.

use std::fmt;

/// Longest reason, in characters: enough for what a mail server says of a mailbox.
const MAX_REASON_CHARS: usize = 200;

/// Why a notice was not sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// The other side is away or asks to try again later.
    Later(String),
    /// The other side will not have it until somebody mends something.
    Refused(String),
}

impl Failure {
    /// The other side is away, or was too slow.
    pub fn later(reason: impl fmt::Display) -> Self {
        Self::Later(loggable(&reason))
    }

    /// The other side refused.
    pub fn refused(reason: impl fmt::Display) -> Self {
        Self::Refused(loggable(&reason))
    }

    /// What to log: one line of at most 200 characters.
    pub fn reason(&self) -> &str {
        match self {
            Self::Later(reason) | Self::Refused(reason) => reason,
        }
    }
}

fn loggable(reason: &impl fmt::Display) -> String {
    let reason = reason.to_string();
    let line = reason.split(|sign: char| sign.is_control() || sign.is_whitespace());
    let words: Vec<&str> = line.filter(|word| !word.is_empty()).collect();
    words.join(" ").chars().take(MAX_REASON_CHARS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_other_side_says_becomes_one_short_line() {
        let said = format!("no\r\nsuch\u{1b}[31m mailbox {}", "x".repeat(500));
        let failure = Failure::refused(said);
        assert!(failure.reason().starts_with("no such [31m mailbox xxx"));
        assert_eq!(failure.reason().chars().count(), MAX_REASON_CHARS);
    }
}
