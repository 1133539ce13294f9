//! Places of front matter and of protocols that name an article, and the list of old
//! addresses. Texts are changed where they stand and nowhere else, so comments, quotes and
//! layout stay as their editor left them.

use super::scalar;
use crate::document::{Entry, Node, Value, from_yaml, split_front_matter};
use crate::file::{SourceFile, Span};
use crate::id::Slug;

/// A place of a text, and what shall stand there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Spot {
    /// Bytes of the text; empty where words come in.
    pub(super) span: Span,
    /// The new words.
    pub(super) words: String,
    /// The change, in one line.
    pub(super) told: String,
}

/// The front matter of an article, if it can be read.
pub(super) fn yaml_of(file: &SourceFile) -> Option<Node> {
    let parts = split_front_matter(file).ok()?;
    from_yaml(file, parts.yaml).0
}

/// The aliases of an article, in the order of the file.
pub(super) fn aliases(file: &SourceFile) -> Vec<String> {
    let root = yaml_of(file);
    let node = root
        .as_ref()
        .and_then(|root| entry(root, "aliases"))
        .map(|entry| &entry.node.value);
    match node {
        Some(Value::List(items)) => items
            .iter()
            .filter_map(|item| scalar(&item.value))
            .map(str::to_owned)
            .collect(),
        _ => Vec::new(),
    }
}

fn entry<'a>(root: &'a Node, key: &str) -> Option<&'a Entry> {
    match &root.value {
        Value::Map(entries) => entries.iter().find(|entry| entry.key == key),
        _ => None,
    }
}

/// Where `related`, `withdrawn.see` or a protocol's `articles` name the article.
pub(super) fn named_spots(text: &str, root: &Node, old: &Slug, new: &Slug) -> Vec<Spot> {
    let listed = ["related", "articles"].into_iter().filter_map(|key| {
        let Value::List(items) = &entry(root, key)?.node.value else {
            return None;
        };
        Some((key, items.iter().collect::<Vec<_>>()))
    });
    let see = entry(root, "withdrawn").and_then(|entry_| entry(&entry_.node, "see"));
    let see = see.map(|entry| ("see", vec![&entry.node]));
    let mut spots = Vec::new();
    for (key, nodes) in listed.chain(see) {
        let named = nodes
            .into_iter()
            .filter(|node| scalar(&node.value) == Some(old.as_str()));
        spots.extend(named.filter_map(|node| {
            Some(Spot {
                span: inside(text, node, old)?,
                words: new.to_string(),
                told: format!("`{key}` names `{new}` instead of `{old}`"),
            })
        }));
    }
    spots
}

/// The bytes of a word in its node, which may have quotes around it.
fn inside(text: &str, node: &Node, word: &Slug) -> Option<Span> {
    let at = text.get(node.span.clone())?.find(word.as_str())?;
    let start = node.span.start + at;
    Some(start..start + word.as_str().len())
}

/// What makes the old address an alias. An alias that is the new address is one no more, so going back and forth
/// leaves none that hides an article.
///
/// # Errors
/// Front matter or aliases that can't be read: for the editor.
pub(super) fn alias_spots(file: &SourceFile, old: &Slug, new: &Slug) -> anyhow::Result<Vec<Spot>> {
    let unreadable = || {
        anyhow::anyhow!(
            "the front matter of `{}` can't be read; `signpost check` tells more",
            file.path()
        )
    };
    let root = yaml_of(file).ok_or_else(unreadable)?;
    let told = format!("`{old}` becomes an old address");
    let text = file.text();
    let Some(found) = entry(&root, "aliases") else {
        let at = line_for_aliases(text, &root).ok_or_else(unreadable)?;
        let end = line_end(text);
        return Ok(vec![Spot {
            span: at..at,
            words: format!("aliases: [{old}]{end}"),
            told,
        }]);
    };
    let items = match &found.node.value {
        Value::List(items) => items.as_slice(),
        Value::Empty => &[],
        _ => return Err(unreadable()),
    };
    let is = |item: &&Node, slug: &Slug| scalar(&item.value) == Some(slug.as_str());
    if let Some(node) = items.iter().find(|item| is(item, new)) {
        let span = inside(text, node, new).ok_or_else(unreadable)?;
        return Ok(vec![Spot {
            span,
            words: old.to_string(),
            told: format!("the old address `{new}` is the address again; {told}"),
        }]);
    }
    let (at, words) = added(text, found, items, old).ok_or_else(unreadable)?;
    Ok(vec![Spot {
        span: at..at,
        words,
        told,
    }])
}

/// Where an alias is added to the list that is there, and with which words.
fn added(text: &str, list: &Entry, items: &[Node], old: &Slug) -> Option<(usize, String)> {
    let Some(last) = items.last() else {
        let after_key = text.get(list.key_span.end..)?;
        let line = after_key.lines().next()?;
        return match line.find('[') {
            Some(at) => Some((list.key_span.end + at + 1, old.to_string())),
            None => Some((list.key_span.end + line.find(':')? + 1, format!(" [{old}]"))),
        };
    };
    let line_start = text
        .get(..last.span.start)?
        .rfind('\n')
        .map_or(0, |at| at + 1);
    let before = text.get(line_start..last.span.start)?;
    if before.trim() == "-" {
        let rest = text.get(last.span.start..)?;
        let line_length = rest.find('\n').map_or(rest.len(), |at| at + 1);
        let end = line_end(text);
        return Some((last.span.start + line_length, format!("{before}{old}{end}")));
    }
    Some((last.span.end, format!(", {old}")))
}

/// Where a line `aliases:` goes: before the authors, as in the documentation, or at the end of the front matter.
fn line_for_aliases(text: &str, root: &Node) -> Option<usize> {
    let key = [
        "authors",
        "reviewer",
        "conflicts",
        "published_on",
        "takeaways",
    ]
    .iter()
    .find_map(|key| entry(root, key))?;
    let line_start = text
        .get(..key.key_span.start)?
        .rfind('\n')
        .map_or(0, |at| at + 1);
    let is_alone = text.get(line_start..key.key_span.start)?.is_empty();
    is_alone.then_some(line_start)
}

fn line_end(text: &str) -> &'static str {
    if text.contains("\r\n") { "\r\n" } else { "\n" }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slugs() -> (Slug, Slug) {
        ("old".parse().unwrap(), "new".parse().unwrap())
    }

    fn renamed(front: &str) -> String {
        let (old, new) = slugs();
        let text = format!("---\n{front}---\n\nText.\n");
        let file = SourceFile::new("articles/old.md", text.as_str());
        let mut out = text;
        for spot in alias_spots(&file, &old, &new).unwrap() {
            out.replace_range(spot.span, &spot.words);
        }
        let front = out.strip_prefix("---\n").unwrap();
        front.strip_suffix("---\n\nText.\n").unwrap().to_owned()
    }

    #[test]
    fn the_old_address_becomes_an_alias_in_every_form_of_the_list() {
        let rows = [
            (
                "a: 1\nauthors: [b]\n",
                "a: 1\naliases: [old]\nauthors: [b]\n",
            ),
            ("aliases: []  # none yet\n", "aliases: [old]  # none yet\n"),
            ("aliases:\nauthors: [b]\n", "aliases: [old]\nauthors: [b]\n"),
            (
                "aliases: [a, \"b\"] # two\n",
                "aliases: [a, \"b\", old] # two\n",
            ),
            (
                "aliases:\n  - a  # first\n  - b\nc: 1\n",
                "aliases:\n  - a  # first\n  - b\n  - old\nc: 1\n",
            ),
            (
                "aliases:\n- a # first\nc: 1\n",
                "aliases:\n- a # first\n- old\nc: 1\n",
            ),
        ];
        for (front, expected) in rows {
            assert_eq!(renamed(front), expected);
        }
    }

    #[test]
    fn an_alias_that_is_the_new_address_gives_its_place() {
        let rows = [
            ("aliases: [new]\n", "aliases: [old]\n"),
            (
                "aliases:\n  - a\n  - \"new\" # b\n",
                "aliases:\n  - a\n  - \"old\" # b\n",
            ),
        ];
        for (front, expected) in rows {
            assert_eq!(renamed(front), expected);
        }
    }

    #[test]
    fn lists_that_name_the_article_are_mended_where_they_stand() {
        let (old, new) = slugs();
        let text = "---\nrelated: [older, \"old\", b] # c\nwithdrawn:\n  on: 2026-01-01\n  see: old\n---\n";
        let file = SourceFile::new("articles/a.md", text);
        let spots = named_spots(text, &yaml_of(&file).unwrap(), &old, &new);
        let mut out = text.to_owned();
        for spot in spots.into_iter().rev() {
            out.replace_range(spot.span, &spot.words);
        }
        let expected = "---\nrelated: [older, \"new\", b] # c\nwithdrawn:\n  on: 2026-01-01\n  see: new\n---\n";
        assert_eq!(out, expected);
    }
}
