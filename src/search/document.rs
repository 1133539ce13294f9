//! What can be found, each as the words by which it is found. A document is made from
//! typed content alone, so the same content always gives the same document.

use std::hash::Hash;
use std::sync::Arc;

use xxhash_rust::xxh3::Xxh3;

use crate::booking::Service;
use crate::clinic::{Person, Term, Topic};
use crate::content::Article;
use crate::content::markdown::Piece;
use crate::site::{Site, Visibility};
use crate::triage::Protocol;

/// What something is; equal hits stand in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// An article.
    Article,
    /// A complaint with its questions.
    Complaint,
    /// A shelf of articles.
    Topic,
    /// A visit.
    Service,
    /// A medical term in plain words, one of those on the page of all terms.
    Term,
    /// Somebody who writes or reviews.
    Person,
}

/// For whom things can be found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Readers: listed articles.
    Listed,
    /// Editors: drafts and articles of a later day as well.
    WithDrafts,
}

/// Something that can be found.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Document {
    /// What it is.
    pub kind: Kind,
    /// Its id among those of its kind.
    pub id: String,
    /// What a result is called.
    pub title: String,
    /// Every form of the title by which it can be named whole; never empty.
    pub titles: Vec<String>,
    /// Other names, in the order of the file.
    pub names: Vec<String>,
    /// Short texts that a result may show, the one that describes it first; empty for a complaint, whose names say it.
    pub passages: Vec<String>,
    /// Words that are found and not shown.
    pub text: Vec<String>,
}

impl Document {
    /// Its page, or its place on one.
    pub fn address(&self) -> String {
        let before = match self.kind {
            Kind::Article => "/articles/",
            Kind::Complaint => "/symptoms/",
            Kind::Topic => "/topics/",
            Kind::Service => "/book/",
            Kind::Person => "/people/",
            Kind::Term => "/glossary#term-",
        };
        format!("{before}{}", self.id)
    }

    /// Changes when anything does.
    pub(super) fn fingerprint(&self) -> u128 {
        let mut hasher = Xxh3::new();
        self.hash(&mut hasher);
        hasher.digest128()
    }

    /// Every name, titles first.
    pub(super) fn all_names(&self) -> impl Iterator<Item = &str> {
        self.titles.iter().chain(&self.names).map(String::as_str)
    }
}

/// Everything of a site that can be found besides articles.
pub fn documents(site: &Site) -> Vec<Document> {
    let protocols = site.protocols.values().map(|own| of_protocol(own));
    let topics = site.topics.values().map(|own| of_topic(own));
    let services = site.services.values().map(|own| of_service(own));
    let terms = site.glossary.values().map(|own| of_term(own));
    let people = site.people.values().map(|own| of_person(own));
    protocols
        .chain(topics)
        .chain(services)
        .chain(terms)
        .chain(people)
        .collect()
}

/// The articles that can be found, by slug.
pub(super) fn articles(site: &Site, scope: Scope) -> Vec<&Arc<Article>> {
    let is_found = |article: &&Arc<Article>| is_found(site, scope, article);
    site.articles.values().filter(is_found).collect()
}

/// Whether an article can be found today.
pub(super) fn is_found(site: &Site, scope: Scope, article: &Article) -> bool {
    match (site.visibility(article), scope) {
        (Visibility::Public, Scope::Listed) => {
            site.review_status(article) != crate::content::ReviewStatus::LongOverdue
        }
        (Visibility::Public | Visibility::NotYet, Scope::WithDrafts) => true,
        _ => false,
    }
}

pub(super) fn of_article(article: &Article) -> Document {
    let main = article.title.split(": ").next().unwrap_or_default();
    let mut titles = forms(main);
    if main != article.title {
        titles.push(article.title.clone());
    }
    let takeaways = article.takeaways.iter().map(|pieces| text_of(pieces));
    let headings = article.headings.iter().map(|heading| heading.text.clone());
    let questions = article.faq.iter().map(|item| item.question.clone());
    let answers = article.faq.iter().map(|item| text_of(&item.answer));
    let codes = article.codes.iter().map(|code| code.code.clone());
    let shown = [article.description.clone()].into_iter();
    Document {
        kind: Kind::Article,
        id: article.slug.to_string(),
        title: article.title.clone(),
        titles,
        names: article.also_called.clone(),
        passages: shown
            .chain(takeaways)
            .chain(questions)
            .chain(headings)
            .collect(),
        text: [text_of(&article.body)]
            .into_iter()
            .chain(answers)
            .chain(codes)
            .collect(),
    }
}

fn of_protocol(protocol: &Protocol) -> Document {
    let signs = protocol.findings.iter().map(|finding| {
        let addressee = protocol.first_addressee();
        finding.statement.to(addressee)
    });
    let steps = protocol.self_care.iter().map(|step| step.step.clone());
    Document {
        kind: Kind::Complaint,
        id: protocol.complaint.to_string(),
        title: protocol.title.clone(),
        titles: forms(&protocol.title),
        names: protocol.lay_terms.clone(),
        passages: Vec::new(),
        text: signs.chain(steps).collect(),
    }
}

fn of_topic(topic: &Topic) -> Document {
    Document {
        kind: Kind::Topic,
        id: topic.id.to_string(),
        title: topic.name.clone(),
        titles: forms(&topic.name),
        names: Vec::new(),
        passages: vec![topic.description.clone()],
        text: Vec::new(),
    }
}

fn of_service(service: &Service) -> Document {
    let shown = [service.offer.clone()].into_iter();
    let questions = service.faqs.iter().map(|faq| faq.question.clone());
    let short = service.name.strip_suffix(" visit").map(str::to_owned);
    Document {
        kind: Kind::Service,
        id: service.id.to_string(),
        title: service.name.clone(),
        titles: forms(&service.name),
        names: Vec::new(),
        passages: shown
            .chain(service.treats.iter().cloned())
            .chain(questions)
            .collect(),
        text: short.into_iter().chain([service.who.clone()]).collect(),
    }
}

fn of_term(term: &Term) -> Document {
    Document {
        kind: Kind::Term,
        id: term.id.to_string(),
        title: term.term.clone(),
        titles: vec![term.term.clone()],
        names: term
            .also
            .iter()
            .cloned()
            .chain([term.plain.clone()])
            .collect(),
        passages: vec![term.explain.clone()],
        text: Vec::new(),
    }
}

fn of_person(person: &Person) -> Document {
    Document {
        kind: Kind::Person,
        id: person.id.to_string(),
        title: person.credited_name(),
        titles: vec![person.name.clone(), person.credited_name()],
        names: Vec::new(),
        passages: vec![person.bio.clone()],
        text: vec![person.role.clone()],
    }
}

/// A title, and what is left of it without what stands in brackets, and that alone.
fn forms(title: &str) -> Vec<String> {
    let mut forms = vec![title.to_owned()];
    let parts = title
        .split_once('(')
        .and_then(|(before, rest)| Some((before, rest.split_once(')')?)));
    if let Some((before, (inside, after))) = parts {
        forms.push(format!("{} {}", before.trim(), after.trim()));
        forms.push(inside.to_owned());
    }
    forms
}

/// The words of a text, without markup.
fn text_of(pieces: &[Piece]) -> String {
    let mut text = String::new();
    push_text(pieces, &mut text);
    text
}

fn push_text(pieces: &[Piece], text: &mut String) {
    for piece in pieces {
        match piece {
            Piece::Markup(html) => push_plain(html.as_str(), text),
            Piece::Question(heading) => push_line(&heading.text, text),
            Piece::Block(block) => {
                push_line(block.title.as_deref().unwrap_or_default(), text);
                push_text(&block.pieces, text);
            }
            _ => {}
        }
    }
}

fn push_line(line: &str, text: &mut String) {
    text.push_str(line);
    text.push(' ');
}

/// Elements that stand within a line; any other one ends a word.
const INLINE: [&str; 8] = ["a", "em", "strong", "code", "sup", "sub", "del", "abbr"];

/// Our own markup without its tags. It is well formed: no authored text has a tag, and every `<` in it is escaped.
fn push_plain(html: &str, text: &mut String) {
    let mut rest = html;
    while let Some((before, tag)) = rest.split_once('<') {
        push_unescaped(before, text);
        let (tag, after) = tag.split_once('>').unwrap_or((tag, ""));
        let name = tag.trim_start_matches('/').split([' ', '/']).next();
        if !INLINE.contains(&name.unwrap_or_default()) {
            text.push(' ');
        }
        rest = after;
    }
    push_unescaped(rest, text);
}

/// Signs that stand for others in markup.
const ENTITIES: [(&str, char); 5] = [
    ("amp;", '&'),
    ("lt;", '<'),
    ("gt;", '>'),
    ("quot;", '"'),
    ("#39;", '\''),
];

fn push_unescaped(escaped: &str, text: &mut String) {
    let mut rest = escaped;
    while let Some((before, after)) = rest.split_once('&') {
        text.push_str(before);
        let entity = ENTITIES
            .iter()
            .find_map(|(name, sign)| Some((after.strip_prefix(name)?, *sign)));
        let (after, sign) = entity.unwrap_or((after, '&'));
        text.push(sign);
        rest = after;
    }
    text.push_str(rest);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_becomes_the_words_that_a_reader_sees() {
        let mut text = String::new();
        push_plain(
            "<p>Rest &amp; <em>ice</em>d drinks</p><ul><li>one</li><li>two &#39;2&#39;</li></ul>",
            &mut text,
        );
        let words: Vec<&str> = text.split_whitespace().collect();
        assert_eq!(words.join(" "), "Rest & iced drinks one two '2'");
    }

    #[test]
    fn a_title_can_be_named_with_and_without_its_brackets() {
        let rows: &[(&str, &[&str])] = &[
            ("Cough", &["Cough"]),
            (
                "Belly (abdominal) pain",
                &["Belly (abdominal) pain", "Belly pain", "abdominal"],
            ),
        ];
        for (title, expected) in rows {
            assert_eq!(forms(title), *expected, "{title}");
        }
    }
}
