//! `new article`: a draft with every section of a good article, in a file of its own. What is
//! offered as default follows from the title and from what the site has; the editor decides.

use std::io::{BufRead, Write};

use super::dialogue::{Choice, Dialogue, Question};
use super::reading::{
    NONE, choice, free_id, given_identifiers, id_from, identifiers, list, look_up_step,
    optional_choice, words,
};
use super::{places, report};
use crate::cli::NewArticleArgs;
use crate::commands::proposal::Content;
use crate::content::Article;
use crate::diagnostic::Code;
use crate::disk::Edit;
use crate::document::Known;
use crate::id::{ArticleMark, ComplaintId, Slug};
use crate::scaffold::{NewArticle, StartedSource};
use crate::site::Site;

/// Begins an article. Gives what is printed.
///
/// # Errors
/// An answer is missing or wrong, or the file can't be written: for the editor. Nothing is left behind.
pub(super) fn begin<In: BufRead, Out: Write>(
    args: &NewArticleArgs,
    dialogue: &mut Dialogue<In, Out>,
) -> anyhow::Result<String> {
    let content = Content::read(&args.begin.content)?;
    let answers = answers(args, &content, dialogue)?;
    let slug = &answers.slug;
    let path = format!("articles/{slug}.md");
    let protocol = content.site.protocols.get(&answers.complaint);
    let protocol = protocol.ok_or_else(|| anyhow::anyhow!("the protocol is gone"))?;
    let text = NewArticle {
        slug: slug.as_str(),
        title: &answers.title,
        topic: &answers.topic,
        protocol,
        service: answers.service.as_deref(),
        authors: &answers.authors,
        reviewer: &answers.reviewer,
        today: content.today,
        sources: &answers.sources,
    }
    .text()?;
    let edit = Edit::Create {
        path: path.clone(),
        text,
    };
    let told = content.make(&[edit], None)?;
    let left = told
        .iter()
        .filter(|fault| fault.code == Code::DraftPlaceholder);
    let written = [
        format!(
            "wrote {path}, a draft with {} to fill",
            places(left.count())
        ),
        answers.chosen(),
    ];
    Ok(report(&written, &steps(&answers, &path)))
}

struct Answers {
    title: String,
    slug: Slug,
    complaint: ComplaintId,
    topic: String,
    service: Option<String>,
    authors: Vec<String>,
    reviewer: String,
    sources: Vec<StartedSource>,
}

impl Answers {
    /// What was chosen, so that a default that does not fit is seen.
    fn chosen(&self) -> String {
        format!(
            "  complaint {}, topic {}, visit {}, written by {}, to be reviewed by {}",
            self.complaint,
            self.topic,
            self.service.as_deref().unwrap_or(NONE),
            self.authors.join(", "),
            self.reviewer
        )
    }
}

fn steps(answers: &Answers, path: &str) -> Vec<String> {
    let reviewer = &answers.reviewer;
    vec![
        format!("open {path} and write what each \"Replace this\" asks for; {}", look_up_step(&answers.sources)),
        "run `signpost check` as often as you like: it names each place that is left, and each mistake".to_owned(),
        format!(
            "when `{reviewer}` has read the whole page, set `reviewed_on` and `published_on` to that day and take `draft: true` out"
        ),
    ]
}

fn answers<In: BufRead, Out: Write>(
    args: &NewArticleArgs,
    content: &Content,
    dialogue: &mut Dialogue<In, Out>,
) -> anyhow::Result<Answers> {
    let site = &content.site;
    let given = given_identifiers(&args.sources)?;
    let title = dialogue.answer(
        &Question {
            words: "Title",
            help: "what the page is called, such as \"Tennis elbow\"",
            flag: "--title",
            given: args.title.as_deref().or(args.words.as_deref()),
            default: None,
            choices: &[],
        },
        words,
    )?;
    let slug = slug(args, content, &title, dialogue)?;
    let complaint = complaint(args, site, &title, dialogue)?;
    let neighbor = neighbor(site, &complaint);
    let topic = topic(args, site, neighbor, dialogue)?;
    let service = service(args, site, &complaint, neighbor, dialogue)?;
    let authors = authors(args, site, dialogue)?;
    let reviewer = reviewer(args, site, &authors, dialogue)?;
    let known = match given {
        Some(known) => known,
        None => dialogue.answer(
            &Question {
                words: "Sources",
                help: "DOIs or PMIDs with commas between them, or `none` to look them up later",
                flag: "--doi",
                given: None,
                default: Some(NONE.to_owned()),
                choices: &[],
            },
            identifiers,
        )?,
    };
    Ok(Answers {
        title,
        slug,
        complaint,
        topic,
        service,
        authors,
        reviewer,
        sources: StartedSource::all(&known),
    })
}

fn slug<In: BufRead, Out: Write>(
    args: &NewArticleArgs,
    content: &Content,
    title: &str,
    dialogue: &mut Dialogue<In, Out>,
) -> anyhow::Result<Slug> {
    let is_article = |path: &str| path.starts_with("articles/") && path.ends_with(".md");
    let files = content
        .texts()
        .iter()
        .filter(|file| is_article(file.path()));
    let mut taken: Vec<&str> = files.map(|file| file.stem()).collect();
    let articles = content.site.articles.values();
    let aliases = articles.flat_map(|article| &article.aliases);
    taken.extend(aliases.map(|alias| alias.value.as_str()));
    dialogue.answer(
        &Question {
            words: "Address",
            help: "the last part of the page's address; short words with hyphens",
            flag: "--slug",
            given: args
                .slug
                .as_deref()
                .or(id_from_flag(args, title).as_deref()),
            default: id_from(title),
            choices: &[],
        },
        |typed| free_id::<ArticleMark>(typed, &taken, "articles/"),
    )
}

/// With the title as an argument the address follows from it, as `signpost new article "Tennis elbow"` promises.
fn id_from_flag(args: &NewArticleArgs, title: &str) -> Option<String> {
    let typed = args.title.as_ref().or(args.words.as_ref());
    typed.and_then(|_| id_from(title))
}

fn complaint<In: BufRead, Out: Write>(
    args: &NewArticleArgs,
    site: &Site,
    title: &str,
    dialogue: &mut Dialogue<In, Out>,
) -> anyhow::Result<ComplaintId> {
    let choices: Vec<Choice> = site
        .protocols
        .values()
        .map(|protocol| Choice {
            id: protocol.complaint.to_string(),
            name: protocol.title.clone(),
        })
        .collect();
    let found = site.entrance.find(title).complaints;
    let near: Vec<&str> = found.iter().take(3).map(ComplaintId::as_str).collect();
    let help = match near.as_slice() {
        [] => "whose signs does the page show? By id or name".to_owned(),
        near => format!(
            "whose signs does the page show? Near the title: {}",
            near.join(", ")
        ),
    };
    let id = dialogue.answer(
        &Question {
            words: "Complaint",
            help: &help,
            flag: "--complaint",
            given: args.complaint.as_deref(),
            default: found.first().map(ComplaintId::to_string),
            choices: &choices,
        },
        |typed| {
            let else_do = "write it first with `signpost new protocol`";
            let id = choice(typed, &choices, "complaint", else_do)?;
            id.parse::<ComplaintId>().map_err(|error| error.to_string())
        },
    )?;
    Ok(id)
}

/// The newest article of the same complaint.
fn neighbor<'a>(site: &'a Site, complaint: &ComplaintId) -> Option<&'a Article> {
    let articles = site.articles.values().map(AsRef::as_ref);
    articles
        .filter(|article| article.protocol.complaint == *complaint)
        .max_by_key(|article| (article.dates.published_on, article.slug.clone()))
}

fn topic<In: BufRead, Out: Write>(
    args: &NewArticleArgs,
    site: &Site,
    neighbor: Option<&Article>,
    dialogue: &mut Dialogue<In, Out>,
) -> anyhow::Result<String> {
    let choices: Vec<Choice> = site
        .topics
        .values()
        .map(|topic| Choice {
            id: topic.id.to_string(),
            name: topic.name.clone(),
        })
        .collect();
    dialogue.answer(
        &Question {
            words: "Topic",
            help: "the shelf that the article stands on",
            flag: "--topic",
            given: args.topic.as_deref(),
            default: neighbor.map(|article| article.topic.id.to_string()),
            choices: &choices,
        },
        |typed| {
            let else_do = "add a [[topic]] with id, name and description to `clinic/topics.toml`";
            choice(typed, &choices, "topic", else_do)
        },
    )
}

/// The visits as choices, `none` among them.
pub(super) fn visits(site: &Site) -> Vec<Choice> {
    let visit = |service: &std::sync::Arc<crate::booking::Service>| Choice {
        id: service.id.to_string(),
        name: service.name.clone(),
    };
    let none = Choice {
        id: NONE.to_owned(),
        name: "no visit fits".to_owned(),
    };
    site.services.values().map(visit).chain([none]).collect()
}

fn service<In: BufRead, Out: Write>(
    args: &NewArticleArgs,
    site: &Site,
    complaint: &ComplaintId,
    neighbor: Option<&Article>,
    dialogue: &mut Dialogue<In, Out>,
) -> anyhow::Result<Option<String>> {
    let choices = visits(site);
    let of_protocol = site
        .protocols
        .get(complaint)
        .and_then(|protocol| protocol.service.as_ref());
    let of_neighbor = || {
        let service = neighbor.and_then(|article| article.service.as_ref());
        service.map(|service| &service.id)
    };
    let default = of_protocol.or_else(of_neighbor);
    dialogue.answer(
        &Question {
            words: "Visit",
            help: "the visit that fits, shown as an offer below the emergency signs; `none` for none",
            flag: "--service",
            given: args.service.as_deref(),
            default: Some(default.map_or_else(|| NONE.to_owned(), ToString::to_string)),
            choices: &choices,
        },
        |typed| optional_choice(typed, &choices, "visit"),
    )
}

fn people(site: &Site) -> Vec<Choice> {
    let people = site.people.values();
    people
        .map(|person| Choice {
            id: person.id.to_string(),
            name: person.credited_name(),
        })
        .collect()
}

const NEW_PERSON: &str = "add one first with `signpost new person`";

/// The newest article that was published: whoever wrote and reviewed it is likely to do so again.
fn newest(site: &Site) -> Option<&Article> {
    let articles = site.public_articles().map(AsRef::as_ref);
    articles.max_by_key(|article| (article.dates.published_on, article.slug.clone()))
}

fn authors<In: BufRead, Out: Write>(
    args: &NewArticleArgs,
    site: &Site,
    dialogue: &mut Dialogue<In, Out>,
) -> anyhow::Result<Vec<String>> {
    let choices = people(site);
    let last = newest(site).and_then(|article| article.authors.first());
    let default = last.or_else(|| site.people.values().next());
    dialogue.answer(
        &Question {
            words: "Author",
            help: "who writes it; several with commas between them",
            flag: "--author",
            given: args.author.as_deref(),
            default: default.map(|person| person.id.to_string()),
            choices: &choices,
        },
        |typed| {
            let ids = list(typed, ',')?;
            ids.iter()
                .map(|id| choice(id, &choices, "person", NEW_PERSON))
                .collect()
        },
    )
}

fn reviewer<In: BufRead, Out: Write>(
    args: &NewArticleArgs,
    site: &Site,
    authors: &[String],
    dialogue: &mut Dialogue<In, Out>,
) -> anyhow::Result<String> {
    let may_review = |id: &str| {
        let person = site.people.values().find(|person| person.id.as_str() == id);
        let has_credentials = person.is_some_and(|person| person.credentials.is_some());
        match (authors.iter().any(|author| author == id), has_credentials) {
            (true, _) => Err(format!("`{id}` writes the page; expected somebody else")),
            (_, false) => Err(format!(
                "`{id}` has no credentials in `clinic/people.toml`, and a reviewer needs them"
            )),
            (false, true) => Ok(()),
        }
    };
    let mut choices = people(site);
    choices.retain(|choice| may_review(&choice.id).is_ok());
    let last = newest(site).map(|article| article.reviewer.id.to_string());
    let default = last
        .filter(|id| may_review(id).is_ok())
        .or_else(|| choices.first().map(|choice| choice.id.clone()));
    let everybody = people(site);
    dialogue.answer(
        &Question {
            words: "Reviewer",
            help: "the clinician who will vouch for the page; not the author",
            flag: "--reviewer",
            given: args.reviewer.as_deref(),
            default,
            choices: &choices,
        },
        |typed| {
            let id = choice(typed, &everybody, "person", NEW_PERSON)?;
            may_review(&id).map(|()| id)
        },
    )
}

/// The words of a fixed list as choices.
pub(super) fn words_of<T: Known>() -> Vec<Choice> {
    let choice = |(word, _): &(&'static str, T)| Choice {
        id: (*word).to_owned(),
        name: String::new(),
    };
    T::ALL.iter().map(choice).collect()
}
