//! `allow` in front matter: an author explains away one warning at one place. It stands
//! in the front matter because that is typed, so a mistyped code is told; and it quotes
//! words in place of a line number, which would be wrong after the next edit.

use std::str::FromStr;

use super::rules::style::CODES;
use crate::diagnostic::Code;
use crate::document::Fields;
use crate::file::Spanned;

/// One entry of `allow`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Allowance {
    /// Which warning; always one of style.
    pub(super) code: Code,
    /// Words of the place; none for a warning about the whole page.
    pub(super) at: Option<String>,
    /// Byte offset of the entry.
    pub(super) offset: usize,
}

/// The names of all warnings that can be allowed, in the order of the rules.
pub fn allowable_codes() -> Vec<&'static str> {
    CODES.iter().map(|code| code.name()).collect()
}

struct StyleCode(Code);

impl FromStr for StyleCode {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let found = CODES.iter().find(|code| code.name() == text);
        found.map(|code| Self(*code)).ok_or_else(|| {
            let near = crate::document::nearest(text, CODES.iter().map(|code| code.name()));
            let example = near.unwrap_or("passive-voice");
            format!("expected the code of a style warning, such as `{example}`")
        })
    }
}

/// Reads the list, in its order. Every entry must say why, for whoever edits next.
pub(super) fn read_allowances(outer: &mut Fields<'_>) -> Vec<Allowance> {
    let mut found = Vec::new();
    for node in outer.optional_list("allow") {
        let mut fields = Fields::of(outer.file(), node, "an entry of `allow`");
        let code = fields.parsed::<StyleCode>("code");
        let at = fields.optional_text("at");
        let why = fields.text("why");
        let offset = fields.offset();
        outer.tell_all(fields.finish());
        let (
            Some(Spanned {
                value: StyleCode(code),
                ..
            }),
            Some(_),
        ) = (code, why)
        else {
            continue;
        };
        found.push(Allowance {
            code,
            at: at.map(|text| text.value),
            offset,
        });
    }
    found
}
