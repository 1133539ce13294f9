//! One article's file to an [`Article`]: reads the front matter, the takeaways and
//! the text, looks up everything that is named, and asks each rule. An article
//! with an error is not made at all, so nothing half-filled can reach a page.

use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

use jiff::civil::Date;

use super::article::{Article, FaqItem};
use super::front_matter::FrontMatter;
use super::glossed::terms_named;
use super::keywords::keywords;
use super::markdown::{
    BlockKind, Diagrams, Link, Pictures, Piece, Prose, RESERVED_IDS, without_comments,
};
use super::measured::{Measured, measured};
use super::parsed::{Parsed, parse};
use super::review::{Change, Dates, due_after};
use super::rules;
use super::terms::TermIndex;
use super::texts::{faq, merge};
use crate::booking::{Service, Services};
use crate::clinic::{Clinic, People, Person, Topic, Topics};
use crate::diagnostic::{Code, Diagnostic};
use crate::document::{Notes, Standing, nearest, placeholders};
use crate::file::{SourceFile, Span, Spanned};
use crate::id::{ComplaintId, Id, Slug};
use crate::triage::Protocol;

/// Everything that an article may name, and the day on which it is read.
#[derive(Clone, Copy)]
pub struct Surroundings<'a> {
    /// The clinic with its limits.
    pub clinic: &'a Clinic,
    /// Authors and reviewers.
    pub people: &'a People,
    /// The shelves.
    pub topics: &'a Topics,
    /// Medical terms.
    pub terms: &'a TermIndex,
    /// Protocols by complaint.
    pub protocols: &'a std::collections::BTreeMap<ComplaintId, Arc<Protocol>>,
    /// Complaints whose protocol has a fault of its own.
    pub broken_protocols: &'a BTreeSet<ComplaintId>,
    /// Visits that can be booked.
    pub services: &'a Services,
    /// Pictures on disk.
    pub pictures: &'a Pictures,
    /// Diagrams by name.
    pub diagrams: &'a Diagrams,
    /// Languages that have a message catalog.
    pub languages: &'a [String],
    /// Today, in the clinic's time zone.
    pub today: Date,
}

/// For whom the words of an article are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// For readers: what a page shows, and every fault that keeps it from them.
    Readers,
    /// For editors too: what the rules of style say, and what is counted for the report card.
    Editors,
}

/// What one file gave. Links and anchors are there even when the article is not, so that
/// one fault hides no other.
pub struct ReadArticle {
    /// The article, if nothing was wrong with its file.
    pub article: Option<Article>,
    /// Links within the site, with places, in the order of the file.
    pub links: Vec<Spanned<Link>>,
    /// Anchors that a link may name.
    pub anchors: BTreeSet<String>,
    /// Everything that is wrong with the file by itself, without `style`.
    pub diagnostics: Vec<Diagnostic>,
    /// What the rules of style say, all of it warnings; none if the words were read for readers alone.
    pub style: Option<Vec<Diagnostic>>,
}

/// Reads one article.
///
/// # Diagnostics
/// Every structural rule of `specs/editorial-checks.md`, for the author. There is no article after an error.
pub fn read_article(
    file: &SourceFile,
    around: Surroundings<'_>,
    audience: Audience,
) -> ReadArticle {
    let Parsed {
        spans,
        slug,
        front,
        takeaways,
        body,
        mut diagnostics,
    } = match parse(file, around) {
        Ok(parsed) => parsed,
        Err(fault) => return without_article(vec![fault], &[], &Prose::default()),
    };
    if let Err(error) = &slug {
        let message = format!(
            "the file name `{}` can't be an address, {error}",
            file.stem()
        );
        let fault = Diagnostic::new(Code::ValueWrong, file.place(0), message);
        diagnostics.push(fault.help("rename the file"));
    }
    let Some(front) = front else {
        return without_article(diagnostics, &[], &body);
    };
    diagnostics.extend(left_to_write(file, spans, front.is_draft));
    let mut read = without_article(Vec::new(), &takeaways, &body);
    let words = match audience {
        Audience::Readers => None,
        Audience::Editors => Some(measured(file, &front, &takeaways, &body, around)),
    };
    let (measured, style) = words.unzip();
    let mut assembly = Assembly {
        file,
        around,
        diagnostics,
    };
    let article = assembly.article(slug.ok(), front, takeaways, body);
    read.diagnostics = assembly.diagnostics;
    read.style = style;
    let sound = !read.diagnostics.iter().any(Diagnostic::is_error);
    read.article = article.filter(|_| sound).map(|article| Article {
        measured: measured.map_or_else(OnceLock::new, OnceLock::from),
        ..article
    });
    read
}

/// What editors are told of the words of an article that was read for readers alone: the counts, and what the rules of
/// style say. There are none of a file that can't be read.
pub fn words_for_editors(
    file: &SourceFile,
    around: Surroundings<'_>,
) -> Option<(Measured, Vec<Diagnostic>)> {
    let parsed = parse(file, around).ok()?;
    let front = parsed.front?;
    Some(measured(
        file,
        &front,
        &parsed.takeaways,
        &parsed.body,
        around,
    ))
}

/// Placeholders of the front matter and of the text, where no note holds them.
fn left_to_write(file: &SourceFile, spans: [(Span, Notes); 2], is_draft: bool) -> Vec<Diagnostic> {
    let standing = if is_draft {
        Standing::Draft
    } else {
        Standing::Public
    };
    let told = spans.into_iter().flat_map(|(span, notes)| {
        let text = file.text().get(span.clone()).unwrap_or_default();
        let text = match notes {
            Notes::Hash => text.to_owned(),
            Notes::Absent => without_comments(text).0,
        };
        placeholders(file, (span, &text), notes, standing)
    });
    told.collect()
}

fn without_article(diagnostics: Vec<Diagnostic>, takeaways: &[Prose], body: &Prose) -> ReadArticle {
    let questions = body.pieces.iter().filter_map(|piece| match piece {
        Piece::Block(block) if block.kind == BlockKind::Faq => Some(faq(block.pieces.clone())),
        _ => None,
    });
    let questions: Vec<FaqItem> = questions.flatten().collect();
    ReadArticle {
        article: None,
        links: links(takeaways, body),
        anchors: anchors(&body.headings, &questions),
        diagnostics,
        style: None,
    }
}

struct Assembly<'a> {
    file: &'a SourceFile,
    around: Surroundings<'a>,
    diagnostics: Vec<Diagnostic>,
}

impl Assembly<'_> {
    fn article(
        &mut self,
        slug: Option<Slug>,
        front: FrontMatter,
        takeaways: Vec<Prose>,
        body: Prose,
    ) -> Option<Article> {
        let topic = self.topic(front.topic.as_ref());
        let protocol = self.protocol(front.complaint.as_ref());
        let service = self.service(front.service.as_ref());
        let lang = self.language(front.lang.as_ref());
        let (authors, reviewer) = self.people(&front);
        let dates = self.dates(&front);
        let changes = self.changes(&front);
        let file = self.file;
        self.check_findings(&front, &takeaways, &body, protocol.as_deref());
        let links = links(&takeaways, &body);
        let words = takeaways.iter().map(|prose| prose.words).sum::<usize>() + body.words;
        let headings = body.headings.clone();
        let terms = terms_named(self.around.terms, front.title.as_ref(), &takeaways, &body);
        let glossed = body.glossed.clone();
        let picture_files = picture_files(&takeaways, &body);
        let (mut text, cited) = merge(takeaways, body);
        let style = self.around.clinic.citation_style;
        let (sources, citations, faults) =
            rules::citations(file, &front, &cited, &text.in_reading_order(), style);
        self.diagnostics.extend(faults);
        let anchors = anchors(&headings, &text.faq);
        let names = front.title.iter().map(|title| title.value.as_str());
        let names = names.chain(front.also_called.iter().map(String::as_str));
        let keywords = keywords(names, lang.as_deref().unwrap_or_default());
        Some(Article {
            slug: slug?,
            path: file.path().to_owned(),
            lang: lang?,
            title: front.title?.value,
            description: front.description?.value,
            topic: topic?,
            protocol: protocol?,
            service,
            also_called: front.also_called,
            aliases: front.aliases,
            authors,
            reviewer: reviewer?,
            conflict: front
                .conflicts
                .filter(|text| !text.eq_ignore_ascii_case("none")),
            dates: dates?,
            changes,
            is_draft: front.is_draft,
            withdrawal: front.withdrawal,
            takeaways: std::mem::take(&mut text.takeaways),
            codes: front.codes,
            related: front.related,
            body: text.body,
            headings,
            questions: text.questions,
            faq: text.faq,
            sources,
            citations,
            links,
            picture_files,
            anchors,
            terms,
            glossed,
            keywords,
            words,
            measured: OnceLock::new(),
        })
    }

    fn check_findings(
        &mut self,
        front: &FrontMatter,
        takeaways: &[Prose],
        body: &Prose,
        protocol: Option<&Protocol>,
    ) {
        let (lines, at) = (&front.takeaways, front.takeaways_at);
        let faults = rules::takeaways(self.file, lines, at, takeaways, protocol);
        self.diagnostics.extend(faults);
        if let Some(protocol) = protocol {
            let proses = takeaways.iter().chain([body]);
            let faults = rules::findings(self.file, proses, protocol);
            self.diagnostics.extend(faults);
        }
    }

    fn fault(&mut self, code: Code, offset: usize, message: String, help: String) {
        let place = self.file.place(offset);
        self.diagnostics
            .push(Diagnostic::new(code, place, message).help(help));
    }

    /// Looks `id` up, or tells which ids there are.
    fn look_up<K, T>(
        &mut self,
        id: &Spanned<Id<K>>,
        shelf: &std::collections::BTreeMap<Id<K>, Arc<T>>,
        code: Code,
        home: &str,
    ) -> Option<Arc<T>> {
        if let Some(found) = shelf.get(&id.value) {
            return Some(Arc::clone(found));
        }
        let help = match nearest(id.value.as_str(), shelf.keys().map(Id::as_str)) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("add it to `{home}`, or name one that is there"),
        };
        self.fault(
            code,
            id.offset,
            format!("`{}` is not in `{home}`", id.value),
            help,
        );
        None
    }

    fn topic(&mut self, id: Option<&Spanned<Id<Topic>>>) -> Option<Arc<Topic>> {
        let topics = self.around.topics;
        self.look_up(id?, topics, Code::IdUnknown, "clinic/topics.toml")
    }

    fn service(&mut self, id: Option<&Spanned<crate::id::ServiceId>>) -> Option<Arc<Service>> {
        let services = self.around.services;
        self.look_up(id?, services, Code::IdUnknown, "clinic/services.toml")
    }

    fn protocol(&mut self, id: Option<&Spanned<ComplaintId>>) -> Option<Arc<Protocol>> {
        let id = id?;
        if self.around.broken_protocols.contains(&id.value)
            && !self.around.protocols.contains_key(&id.value)
        {
            let message = format!(
                "the protocol `clinic/protocols/{}.toml` has errors of its own",
                id.value
            );
            self.fault(
                Code::IdUnknown,
                id.offset,
                message,
                "mend the protocol first".to_owned(),
            );
            return None;
        }
        let protocols = self.around.protocols;
        self.look_up(id, protocols, Code::IdUnknown, "clinic/protocols/")
    }

    fn language(&mut self, lang: Option<&Spanned<String>>) -> Option<String> {
        let Some(lang) = lang else {
            return Some(self.around.clinic.lang.clone());
        };
        let languages = self.around.languages;
        if languages.contains(&lang.value) {
            return Some(lang.value.clone());
        }
        let message = format!(
            "there is no message catalog for the language `{}`",
            lang.value
        );
        let help = format!("the languages are {}", languages.join(", "));
        self.fault(Code::ValueWrong, lang.offset, message, help);
        None
    }

    fn people(&mut self, front: &FrontMatter) -> (Vec<Arc<Person>>, Option<Arc<Person>>) {
        let people = self.around.people;
        let home = "clinic/people.toml";
        let mut authors = Vec::with_capacity(front.authors.len());
        for id in &front.authors {
            authors.extend(self.look_up(id, people, Code::PersonUnknown, home));
        }
        let Some(id) = &front.reviewer else {
            return (authors, None);
        };
        let reviewer = self.look_up(id, people, Code::PersonUnknown, home);
        if reviewer
            .as_ref()
            .is_some_and(|person| person.credentials.is_none())
        {
            let message = format!("the reviewer `{}` has no credentials", id.value);
            self.fault(
                Code::ReviewerCredentials,
                id.offset,
                message,
                format!("add `credentials` in `{home}`, such as \"MD\""),
            );
        }
        if front.authors.iter().any(|author| author.value == id.value) {
            let message = format!("`{}` reviews what they wrote", id.value);
            self.fault(
                Code::ReviewerIsAuthor,
                id.offset,
                message,
                "name another reviewer".to_owned(),
            );
        }
        (authors, reviewer)
    }

    /// What changed, newest first.
    fn changes(&mut self, front: &FrontMatter) -> Vec<Change> {
        self.diagnostics
            .extend(rules::changes(self.file, front, self.around.today));
        let told = front.changes.iter().map(|change| change.value.clone());
        let mut changes: Vec<Change> = told.collect();
        changes.sort_by_key(|change| std::cmp::Reverse(change.on));
        changes
    }

    fn dates(&mut self, front: &FrontMatter) -> Option<Dates> {
        self.diagnostics
            .extend(rules::dates(self.file, front, self.around.today));
        let published_on = front.published_on?.value;
        let reviewed_on = front.reviewed_on?.value;
        let months = self.around.clinic.limits.review_months;
        Some(Dates {
            published_on,
            updated_on: front.updated_on.map(|date| date.value),
            reviewed_on,
            review_due: front
                .review_due
                .map_or_else(|| due_after(reviewed_on, months), |date| date.value),
        })
    }
}

fn picture_files(takeaways: &[Prose], body: &Prose) -> Vec<String> {
    let proses = takeaways.iter().chain([body]);
    let files = proses.flat_map(|prose| prose.picture_files.iter().cloned());
    files.collect()
}

fn links(takeaways: &[Prose], body: &Prose) -> Vec<Spanned<Link>> {
    let proses = takeaways.iter().chain([body]);
    proses.flat_map(|prose| prose.links.clone()).collect()
}

fn anchors(headings: &[super::markdown::Heading], faq: &[FaqItem]) -> BTreeSet<String> {
    let own = headings.iter().map(|heading| heading.id.clone());
    let questions = faq.iter().map(|item| item.id.clone());
    own.chain(questions)
        .chain(RESERVED_IDS.iter().map(|id| (*id).to_owned()))
        .collect()
}
