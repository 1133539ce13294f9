//! Arguments of `new`: what was typed, and nothing of what it means. They stand apart
//! because editors look for other words than operators do.

use clap::{Args, Subcommand};

use super::ContentArgs;

/// What can be begun.
#[derive(Debug, Subcommand)]
pub enum NewCommand {
    /// Begin an article as a draft with a place for everything. Asks on a terminal; else every answer is a flag.
    Article(NewArticleArgs),
    /// Begin a protocol for a complaint, with its first vignettes.
    Protocol(NewProtocolArgs),
    /// Add an author or reviewer to `clinic/people.toml`.
    Person(NewPersonArgs),
    /// Add a visit to `clinic/services.toml` and its fee to `clinic/copays.toml`.
    Service(Box<NewServiceArgs>),
}

/// Where the content is, and how much is asked.
#[derive(Debug, Clone, Args)]
pub struct BeginArgs {
    /// Where the content is, and which day it is.
    #[command(flatten)]
    pub content: ContentArgs,
    /// Take the default of every question that has one, and ask nothing.
    #[arg(long)]
    pub yes: bool,
}

/// Works that are known by an identifier. No registry is asked.
#[derive(Debug, Clone, Default, Args)]
pub struct IdentifierArgs {
    /// A work by its DOI, such as 10.3390/jcm12175510; may be given several times.
    #[arg(long, value_name = "DOI")]
    pub doi: Vec<String>,
    /// A work by its number in PubMed, such as 37685576; may be given several times.
    #[arg(long, value_name = "NUMBER")]
    pub pmid: Vec<String>,
}

/// The article to begin.
#[derive(Debug, Clone, Args)]
pub struct NewArticleArgs {
    /// Where, and how much is asked.
    #[command(flatten)]
    pub begin: BeginArgs,
    /// What the page is called, such as "Tennis elbow".
    #[arg(value_name = "TITLE")]
    pub words: Option<String>,
    /// The same as TITLE.
    #[arg(long, value_name = "TITLE", conflicts_with = "words")]
    pub title: Option<String>,
    /// The last part of the address; made from the title when left out.
    #[arg(long, value_name = "SLUG")]
    pub slug: Option<String>,
    /// The complaint whose signs the page shows, by the name of its file in `clinic/protocols/`.
    #[arg(long, value_name = "ID")]
    pub complaint: Option<String>,
    /// The shelf, by its id in `clinic/topics.toml`.
    #[arg(long, value_name = "ID")]
    pub topic: Option<String>,
    /// The visit that fits, by its id in `clinic/services.toml`; `none` for none.
    #[arg(long, value_name = "ID")]
    pub service: Option<String>,
    /// Who writes it, by an id in `clinic/people.toml`; several with commas between them.
    #[arg(long, value_name = "ID")]
    pub author: Option<String>,
    /// Who reviews it, by an id in `clinic/people.toml`.
    #[arg(long, value_name = "ID")]
    pub reviewer: Option<String>,
    /// What it relies on.
    #[command(flatten)]
    pub sources: IdentifierArgs,
}

/// The protocol to begin.
#[derive(Debug, Clone, Args)]
pub struct NewProtocolArgs {
    /// Where, and how much is asked.
    #[command(flatten)]
    pub begin: BeginArgs,
    /// What pages call the complaint, such as "Elbow pain".
    #[arg(value_name = "TITLE")]
    pub words: Option<String>,
    /// The same as TITLE.
    #[arg(long, value_name = "TITLE", conflicts_with = "words")]
    pub title: Option<String>,
    /// The name of the file; made from the title when left out.
    #[arg(long, value_name = "ID")]
    pub complaint: Option<String>,
    /// Where on the body it is, such as `arm`.
    #[arg(long, value_name = "AREA")]
    pub body_area: Option<String>,
    /// What patients call it, with commas between the names.
    #[arg(long, value_name = "NAMES")]
    pub lay_terms: Option<String>,
    /// The visit that fits, by its id in `clinic/services.toml`; `none` for none.
    #[arg(long, value_name = "ID")]
    pub service: Option<String>,
    /// What it relies on.
    #[command(flatten)]
    pub sources: IdentifierArgs,
}

/// The person to add.
#[derive(Debug, Clone, Args)]
pub struct NewPersonArgs {
    /// Where, and how much is asked.
    #[command(flatten)]
    pub begin: BeginArgs,
    /// The name without titles, such as "Ama Osei".
    #[arg(value_name = "NAME")]
    pub words: Option<String>,
    /// The same as NAME.
    #[arg(long, value_name = "NAME", conflicts_with = "words")]
    pub name: Option<String>,
    /// The id that articles use; made from the name when left out.
    #[arg(long, value_name = "ID")]
    pub id: Option<String>,
    /// Degrees behind the name, such as "MD"; `none` for none. A reviewer needs them.
    #[arg(long, value_name = "DEGREES")]
    pub credentials: Option<String>,
    /// What the person does here, such as "Medical reviewer".
    #[arg(long, value_name = "WORDS")]
    pub role: Option<String>,
    /// One or two sentences about the person.
    #[arg(long, value_name = "SENTENCES")]
    pub bio: Option<String>,
}

/// The visit to add.
#[derive(Debug, Clone, Args)]
pub struct NewServiceArgs {
    /// Where, and how much is asked.
    #[command(flatten)]
    pub begin: BeginArgs,
    /// What the visit is called, such as "Elbow pain visit".
    #[arg(value_name = "NAME")]
    pub words: Option<String>,
    /// The same as NAME.
    #[arg(long, value_name = "NAME", conflicts_with = "words")]
    pub name: Option<String>,
    /// The last part of its address; made from the name when left out.
    #[arg(long, value_name = "ID")]
    pub id: Option<String>,
    /// How patient and clinician meet: video, phone or in-person.
    #[arg(long, value_name = "KIND")]
    pub kind: Option<String>,
    /// One or two sentences that offer it.
    #[arg(long, value_name = "SENTENCES")]
    pub offer: Option<String>,
    /// What it is for, with semicolons between the entries.
    #[arg(long, value_name = "LIST")]
    pub treats: Option<String>,
    /// What it can't help with, with semicolons between the entries.
    #[arg(long, value_name = "LIST")]
    pub does_not_treat: Option<String>,
    /// What the price covers, with semicolons between the entries.
    #[arg(long, value_name = "LIST")]
    pub includes: Option<String>,
    /// Whom the patient will see.
    #[arg(long, value_name = "SENTENCES")]
    pub who: Option<String>,
    /// The states in which it is offered, by two letters with commas between them.
    #[arg(long, value_name = "STATES")]
    pub states: Option<String>,
    /// When it is offered.
    #[arg(long, value_name = "WORDS")]
    pub hours: Option<String>,
    /// How to cancel.
    #[arg(long, value_name = "SENTENCE")]
    pub cancellation: Option<String>,
    /// What an insured person typically pays, in dollars, such as 25 or 25.50.
    #[arg(long, value_name = "DOLLARS")]
    pub copay: Option<String>,
    /// What a person without insurance pays, in dollars.
    #[arg(long, value_name = "DOLLARS")]
    pub self_pay: Option<String>,
}
