//! Answers to values, for every kind of thing that is begun. Each gives the value, or one
//! line that says what was expected; the rules themselves are those of the readers of files.

use std::fmt::Display;
use std::str::FromStr;

use super::dialogue::Choice;
use crate::cli::IdentifierArgs;
use crate::document::nearest;
use crate::id::{Id, MAX_ID_BYTES};
use crate::scaffold::{Identifier, StartedSource};
use crate::source::Expected;

/// The answer that means that nothing fits, or nothing is known.
pub(super) const NONE: &str = "none";

/// How many choices are offered for one mistake.
const MOST_OFFERED: usize = 4;

/// Words on one line.
pub(super) fn words(typed: &str) -> Result<String, String> {
    let text = typed.trim();
    match text {
        "" => Err("expected some words".to_owned()),
        text if text.chars().any(char::is_control) => Err("expected one line".to_owned()),
        text => Ok(text.to_owned()),
    }
}

/// Several entries with a sign between them, at least one.
pub(super) fn list(typed: &str, between: char) -> Result<Vec<String>, String> {
    let entries = typed.split(between).map(str::trim);
    let entries: Vec<&str> = entries.filter(|entry| !entry.is_empty()).collect();
    if entries.is_empty() {
        return Err(format!("expected entries with `{between}` between them"));
    }
    entries.into_iter().map(words).collect()
}

/// A value whose own reader says what was expected.
pub(super) fn parsed<T>(typed: &str) -> Result<T, String>
where
    T: FromStr,
    T::Err: Display,
{
    typed.parse().map_err(|error| format!("{error}"))
}

/// An id that nothing of its kind has yet. `home` is where the others are.
pub(super) fn free_id<T>(typed: &str, taken: &[&str], home: &str) -> Result<Id<T>, String> {
    let id: Id<T> = parsed(typed)?;
    if taken.contains(&id.as_str()) {
        return Err(format!("`{id}` is taken in `{home}`; choose another one"));
    }
    Ok(id)
}

/// An id made from words, if they have letters that an id can hold.
pub(super) fn id_from(words: &str) -> Option<String> {
    let whole = slug::slugify(words);
    let mut id = String::new();
    for word in whole.split('-') {
        if id.len() + 1 + word.len() > MAX_ID_BYTES {
            break;
        }
        if !id.is_empty() {
            id.push('-');
        }
        id.push_str(word);
    }
    (!id.is_empty()).then_some(id)
}

/// One of the choices, by its id or its name. `else_do` says what to do when none fits.
pub(super) fn choice(
    typed: &str,
    choices: &[Choice],
    kind: &str,
    else_do: &str,
) -> Result<String, String> {
    if typed == NONE {
        return Err(format!("if none fits: {else_do}"));
    }
    let is_meant = |choice: &&Choice| choice.id == typed || choice.name.eq_ignore_ascii_case(typed);
    if let Some(found) = choices.iter().find(is_meant) {
        return Ok(found.id.clone());
    }
    if typed.is_empty() {
        return Err("expected an answer; `?` lists them".to_owned());
    }
    let near = near(typed, choices);
    Err(match near.as_slice() {
        [] => format!("there is no {kind} `{typed}`; `?` lists them; if none fits: {else_do}"),
        near => {
            let near = near.join("` or `");
            format!("there is no {kind} `{typed}`; did you mean `{near}`?")
        }
    })
}

/// Ids that may be meant: the nearest one, else those that hold the word, or whose names do.
fn near<'a>(typed: &str, choices: &'a [Choice]) -> Vec<&'a str> {
    let ids = choices.iter().map(|choice| choice.id.as_str());
    if let Some(id) = nearest(typed, ids) {
        return vec![id];
    }
    let names = choices.iter().map(|choice| choice.name.as_str());
    let name = nearest(typed, names);
    let word = typed.to_lowercase();
    let is_near = |choice: &&Choice| match name {
        Some(name) => choice.name == name,
        None => choice.id.contains(&word) || choice.name.to_lowercase().contains(&word),
    };
    let found = choices.iter().filter(is_near).take(MOST_OFFERED);
    found.map(|choice| choice.id.as_str()).collect()
}

/// One of the choices, or none of them.
pub(super) fn optional_choice(
    typed: &str,
    choices: &[Choice],
    kind: &str,
) -> Result<Option<String>, String> {
    match typed {
        NONE => Ok(None),
        typed => choice(typed, choices, kind, "answer `none`").map(Some),
    }
}

/// Works by DOI or PMID, with commas or spaces between them; `none` for none.
pub(super) fn identifiers(typed: &str) -> Result<Vec<Identifier>, String> {
    let separators = |sign: char| sign == ',' || sign.is_whitespace();
    let names = typed.split(separators).filter(|name| {
        !(name.is_empty()
            || *name == NONE
            || name.trim_end_matches(':').eq_ignore_ascii_case("pmid"))
    });
    names.map(identifier).collect()
}

fn identifier(name: &str) -> Result<Identifier, String> {
    Identifier::read(name).ok_or_else(|| {
        format!(
            "`{name}` is neither: expected a DOI such as `10.3390/jcm12175510`, or a PMID such as `37685576`; for a web \
             page type `none`, and write it into the file"
        )
    })
}

/// What flags name, in their order; none if there are no such flags.
///
/// # Errors
/// One that is malformed: for whoever typed it.
pub(super) fn given_identifiers(args: &IdentifierArgs) -> anyhow::Result<Option<Vec<Identifier>>> {
    let told = |flag: &str, name: &str, expected: Expected| {
        anyhow::anyhow!("`{flag}` is `{name}`, {expected}")
    };
    let dois = args
        .doi
        .iter()
        .map(|name| Identifier::doi(name.trim()).map_err(|expected| told("--doi", name, expected)));
    let pmids = args.pmid.iter().map(|name| {
        Identifier::pmid(name.trim()).map_err(|expected| told("--pmid", name, expected))
    });
    let found = dois.chain(pmids).collect::<Result<Vec<_>, _>>()?;
    Ok((!found.is_empty()).then_some(found))
}

/// How many of the sources are known by name, for what is printed.
pub(super) fn look_up_step(sources: &[StartedSource]) -> String {
    if let [source] = sources
        && source.is_unnamed()
    {
        return format!("write your own sources in place of `{}`", source.id());
    }
    let ids: Vec<&str> = sources.iter().map(StartedSource::id).collect();
    format!(
        "look up title, authors and date of {} in its `url`, and write them down",
        ids.iter()
            .map(|id| format!("`{id}`"))
            .collect::<Vec<_>>()
            .join(", ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_is_known_by_id_or_name_and_a_mistake_finds_its_neighbor() {
        let choices = [
            ("back-and-joints", "Back, neck and joints"),
            ("headache", "Headache"),
        ];
        let choices = choices.map(|(id, name)| Choice {
            id: id.into(),
            name: name.into(),
        });
        let rows = [
            ("headache", Ok("headache")),
            ("back, neck and joints", Ok("back-and-joints")),
            ("hedache", Err("did you mean `headache`?")),
            (
                "Back, nek and joints",
                Err("did you mean `back-and-joints`?"),
            ),
            ("joints", Err("did you mean `back-and-joints`?")),
            ("Neck", Err("did you mean `back-and-joints`?")),
            ("feet", Err("`?` lists them; if none fits: do this")),
            ("", Err("expected an answer")),
            ("none", Err("if none fits: do this")),
        ];
        for (typed, expected) in rows {
            let found = choice(typed, &choices, "topic", "do this");
            match (&found, expected) {
                (Ok(id), Ok(expected)) => assert_eq!(id, expected),
                (Err(told), Err(part)) => assert!(told.contains(part), "{told}"),
                _ => panic!("{typed}: {found:?}"),
            }
        }
    }

    #[test]
    fn works_are_known_by_their_identifiers_however_they_are_typed() {
        let typed = "10.1000/a, https://doi.org/10.1000/b%3C doi:10.1000/c 37685576, PMID: 5 PMID:6 \
                     https://pubmed.ncbi.nlm.nih.gov/7/";
        let found = identifiers(typed).unwrap();
        let shown: Vec<String> = found
            .iter()
            .map(|identifier| match identifier {
                Identifier::Doi(doi) => doi.to_string(),
                Identifier::Pmid(pmid) => pmid.to_string(),
            })
            .collect();
        assert_eq!(
            shown,
            [
                "10.1000/a",
                "10.1000/b<",
                "10.1000/c",
                "37685576",
                "5",
                "6",
                "7"
            ]
        );
        assert_eq!(identifiers("none").unwrap(), []);
        for wrong in ["10.1/a", "123456789", "medlineplus.gov"] {
            assert!(identifiers(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn an_id_is_made_of_whole_words() {
        assert_eq!(id_from("Tennis elbow").as_deref(), Some("tennis-elbow"));
        assert_eq!(id_from("  ?!"), None);
        let long = id_from(&"word ".repeat(40)).unwrap();
        assert!(
            long.len() <= MAX_ID_BYTES && long.ends_with("word"),
            "{long}"
        );
        assert!(long.parse::<Id<()>>().is_ok());
    }
}
