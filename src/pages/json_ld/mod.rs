//! What search engines are told of a page, as JSON-LD in the words of schema.org. It
//! says only what a reader of the page can see, leaves out people who are samples and
//! prices that nobody confirmed, and is made of typed nodes, never of joined text.

mod article;
mod node;
mod page;
mod visit;

use std::fmt;

use askama::FastWritable;
use jiff::civil::Date;

use self::node::{Graph, Node, Ref};
use super::frame::Frame;
use crate::booking::{Price, Service};
use crate::clinic::Person;
use crate::content::{Article, ReviewStatus};

/// What a page is about.
#[derive(Debug, Clone, Copy, Default)]
pub enum About<'a> {
    /// Nothing of its own: the clinic, or a list.
    #[default]
    Nothing,
    /// Lists of other pages.
    Pages,
    /// The clinic's own words, with the day of their last change.
    Words(Date),
    /// Signs and what to do about them.
    Symptoms,
    /// An article, and whether its review holds.
    Article(&'a Article, ReviewStatus),
    /// A visit, with its price today.
    Service(&'a Service, Price<'a>),
    /// Somebody who writes or reviews.
    Person(&'a Person),
}

/// JSON for a `<script>`: it holds no `<`, so nothing in it can end the element. Only made here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JsonLd(String);

impl fmt::Display for JsonLd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FastWritable for JsonLd {
    fn write_into(&self, dest: &mut dyn fmt::Write, _: &dyn askama::Values) -> askama::Result<()> {
        dest.write_str(&self.0).map_err(Into::into)
    }
}

impl askama::filters::HtmlSafe for JsonLd {}

/// What is told of the page of a frame; nothing of a page that search engines may not list.
pub(super) fn of(frame: &Frame<'_>) -> Option<JsonLd> {
    if frame.is_unlisted() {
        return None;
    }
    let graph = Graph::new(nodes(frame));
    let text = serde_json::to_string(&graph).ok()?;
    // In JSON, `<` stands in texts alone.
    Some(JsonLd(text.replace('<', "\\u003c")))
}

fn nodes<'a>(frame: &Frame<'a>) -> Vec<Node<'a>> {
    let mut nodes = match frame.about {
        About::Article(article, review) => article::nodes(frame, article, review),
        About::Service(service, price) => visit::nodes(frame, service, price),
        About::Person(person) if !person.sample => page::profile(frame, person),
        _ => vec![page::plain(frame)],
    };
    nodes.extend(page::trail(frame));
    nodes.push(page::website(frame));
    nodes.push(page::clinic(frame));
    nodes
}

/// Names of nodes, so that every reference leads somewhere.
trait Names {
    /// A node of this page.
    fn own(&self, name: &str) -> Ref;
    /// A node of the whole site.
    fn common(&self, name: &str) -> Ref;
}

impl Names for Frame<'_> {
    fn own(&self, name: &str) -> Ref {
        Ref::new(format!("{}#{name}", self.canonical()))
    }

    fn common(&self, name: &str) -> Ref {
        Ref::new(self.absolute(&format!("/#{name}")))
    }
}
