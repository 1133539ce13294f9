//! The types of schema.org that we use, with the properties that we use. Each holds
//! what belongs to it by the vocabulary and nothing else. Source: schema.org 30.0.

use serde::Serialize;

/// Everything that is told of one page.
#[derive(Serialize)]
pub(super) struct Graph<'a> {
    #[serde(rename = "@context")]
    context: &'static str,
    #[serde(rename = "@graph")]
    nodes: Vec<Node<'a>>,
}

impl<'a> Graph<'a> {
    pub(super) fn new(nodes: Vec<Node<'a>>) -> Self {
        Self {
            context: "https://schema.org",
            nodes,
        }
    }
}

/// One thing.
#[derive(Serialize)]
#[serde(tag = "@type")]
pub(super) enum Node<'a> {
    WebPage(Box<Page<'a>>),
    CollectionPage(Box<Page<'a>>),
    ProfilePage(Box<Page<'a>>),
    MedicalWebPage(Box<Page<'a>>),
    #[serde(rename = "FAQPage")]
    FaqPage(FaqPage),
    Article(Box<Article<'a>>),
    MedicalCondition(Condition<'a>),
    Person(Person<'a>),
    Service(Box<Service<'a>>),
    BreadcrumbList(Trail),
    WebSite(WebSite<'a>),
    MedicalOrganization(Box<Organization<'a>>),
}

/// A node that stands elsewhere.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Ref {
    #[serde(rename = "@id")]
    id: String,
}

impl Ref {
    pub(super) fn new(id: String) -> Self {
        Self { id }
    }
}

/// A page of any kind. What only a medical page says is empty on others.
#[derive(Serialize)]
pub(super) struct Page<'a> {
    #[serde(flatten)]
    pub(super) own: Ref,
    pub(super) url: String,
    pub(super) name: String,
    #[serde(skip_serializing_if = "str::is_empty")]
    pub(super) description: String,
    #[serde(rename = "inLanguage")]
    pub(super) lang: &'a str,
    #[serde(rename = "isPartOf")]
    pub(super) site: Ref,
    #[serde(rename = "publisher")]
    pub(super) clinic: Ref,
    #[serde(rename = "breadcrumb", skip_serializing_if = "Option::is_none")]
    pub(super) trail: Option<Ref>,
    #[serde(rename = "mainEntity", skip_serializing_if = "Option::is_none")]
    pub(super) main: Option<Ref>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) about: Option<Ref>,
    #[serde(rename = "medicalAudience", skip_serializing_if = "Option::is_none")]
    pub(super) audience: Option<Audience>,
    #[serde(rename = "datePublished", skip_serializing_if = "Option::is_none")]
    pub(super) published: Option<String>,
    #[serde(rename = "dateModified", skip_serializing_if = "Option::is_none")]
    pub(super) modified: Option<String>,
    #[serde(rename = "lastReviewed", skip_serializing_if = "Option::is_none")]
    pub(super) last_reviewed: Option<String>,
    #[serde(rename = "reviewedBy", skip_serializing_if = "Option::is_none")]
    pub(super) reviewed_by: Option<Ref>,
}

/// For whom a medical page is.
#[derive(Serialize)]
#[serde(tag = "@type")]
pub(super) enum Audience {
    MedicalAudience {
        #[serde(rename = "audienceType")]
        kind: &'static str,
    },
}

impl Audience {
    pub(super) const PATIENTS: Self = Self::MedicalAudience { kind: "Patient" };
}

#[derive(Serialize)]
pub(super) struct Article<'a> {
    #[serde(flatten)]
    pub(super) own: Ref,
    pub(super) headline: &'a str,
    #[serde(rename = "abstract")]
    pub(super) description: &'a str,
    #[serde(rename = "inLanguage")]
    pub(super) lang: &'a str,
    #[serde(rename = "mainEntityOfPage")]
    pub(super) page: Ref,
    pub(super) publisher: Ref,
    #[serde(rename = "author", skip_serializing_if = "Vec::is_empty")]
    pub(super) authors: Vec<Ref>,
    #[serde(rename = "datePublished")]
    pub(super) published: String,
    #[serde(rename = "dateModified")]
    pub(super) modified: String,
    #[serde(rename = "image", skip_serializing_if = "Vec::is_empty")]
    pub(super) images: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) about: Option<Ref>,
    #[serde(rename = "wordCount")]
    pub(super) words: usize,
    #[serde(rename = "isAccessibleForFree")]
    pub(super) is_free: bool,
    #[serde(rename = "publishingPrinciples")]
    pub(super) principles: String,
    #[serde(rename = "citation", skip_serializing_if = "Vec::is_empty")]
    pub(super) citations: Vec<Work<'a>>,
}

/// A work that an article relies on.
#[derive(Serialize)]
#[serde(tag = "@type")]
pub(super) enum Work<'a> {
    ScholarlyArticle(WorkFacts<'a>),
    Chapter(WorkFacts<'a>),
    Book(WorkFacts<'a>),
    Report(WorkFacts<'a>),
    WebPage(WorkFacts<'a>),
    #[serde(rename = "CreativeWork")]
    Other(WorkFacts<'a>),
}

#[derive(Serialize)]
pub(super) struct WorkFacts<'a> {
    pub(super) name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) url: Option<String>,
    #[serde(rename = "sameAs", skip_serializing_if = "Option::is_none")]
    pub(super) doi: Option<String>,
}

#[derive(Serialize)]
pub(super) struct Condition<'a> {
    #[serde(flatten)]
    pub(super) own: Ref,
    pub(super) name: &'a str,
    #[serde(rename = "alternateName", skip_serializing_if = "<[String]>::is_empty")]
    pub(super) other_names: &'a [String],
    #[serde(rename = "code", skip_serializing_if = "Vec::is_empty")]
    pub(super) codes: Vec<Code<'a>>,
}

#[derive(Serialize)]
#[serde(tag = "@type")]
pub(super) enum Code<'a> {
    MedicalCode {
        #[serde(rename = "codeValue")]
        value: &'a str,
        #[serde(rename = "codingSystem")]
        system: &'static str,
        #[serde(skip_serializing_if = "Option::is_none")]
        name: Option<&'a str>,
    },
}

#[derive(Serialize)]
pub(super) struct Person<'a> {
    #[serde(flatten)]
    pub(super) own: Ref,
    /// The name alone, without degrees.
    pub(super) name: &'a str,
    #[serde(rename = "honorificSuffix", skip_serializing_if = "Option::is_none")]
    pub(super) credentials: Option<&'a str>,
    #[serde(rename = "jobTitle")]
    pub(super) role: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) description: Option<&'a str>,
    pub(super) url: String,
    #[serde(rename = "worksFor")]
    pub(super) clinic: Ref,
}

#[derive(Serialize)]
pub(super) struct FaqPage {
    #[serde(flatten)]
    pub(super) own: Ref,
    #[serde(rename = "isPartOf")]
    pub(super) page: Ref,
    #[serde(rename = "mainEntity")]
    pub(super) questions: Vec<Question>,
}

#[derive(Serialize)]
#[serde(tag = "@type")]
pub(super) enum Question {
    Question {
        name: String,
        #[serde(rename = "acceptedAnswer")]
        answer: Answer,
    },
}

#[derive(Serialize)]
#[serde(tag = "@type")]
pub(super) enum Answer {
    Answer { text: String },
}

impl Question {
    pub(super) fn new(name: &str, text: String) -> Self {
        Self::Question {
            name: name.to_owned(),
            answer: Answer::Answer { text },
        }
    }
}

#[derive(Serialize)]
pub(super) struct Service<'a> {
    #[serde(flatten)]
    pub(super) own: Ref,
    pub(super) name: &'a str,
    #[serde(rename = "serviceType")]
    pub(super) kind: &'a str,
    pub(super) description: &'a str,
    pub(super) url: String,
    pub(super) provider: Ref,
    #[serde(rename = "areaServed")]
    pub(super) areas: Vec<Area>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) offers: Vec<Offer<'a>>,
    #[serde(rename = "potentialAction", skip_serializing_if = "Option::is_none")]
    pub(super) action: Option<Action>,
}

#[derive(Serialize)]
#[serde(tag = "@type")]
pub(super) enum Area {
    State { name: &'static str },
}

#[derive(Serialize)]
#[serde(tag = "@type")]
pub(super) enum Offer<'a> {
    Offer {
        name: &'a str,
        url: String,
        availability: &'static str,
        #[serde(rename = "priceSpecification")]
        price: Amount<'a>,
    },
}

/// A price: digits and a dot, by ISO 4217.
#[derive(Serialize)]
#[serde(tag = "@type")]
pub(super) enum Amount<'a> {
    PriceSpecification {
        price: String,
        #[serde(rename = "priceCurrency")]
        currency: &'static str,
        description: &'a str,
    },
}

#[derive(Serialize)]
#[serde(tag = "@type")]
pub(super) enum Action {
    ReserveAction { target: Target },
}

#[derive(Serialize)]
#[serde(tag = "@type")]
pub(super) enum Target {
    EntryPoint {
        #[serde(rename = "urlTemplate")]
        url: String,
    },
}

#[derive(Serialize)]
pub(super) struct Trail {
    #[serde(flatten)]
    pub(super) own: Ref,
    #[serde(rename = "itemListElement")]
    pub(super) items: Vec<Step>,
}

#[derive(Serialize)]
#[serde(tag = "@type")]
pub(super) enum Step {
    ListItem {
        position: usize,
        name: String,
        item: String,
    },
}

#[derive(Serialize)]
pub(super) struct WebSite<'a> {
    #[serde(flatten)]
    pub(super) own: Ref,
    pub(super) url: String,
    pub(super) name: &'a str,
    #[serde(rename = "alternateName")]
    pub(super) short_name: &'a str,
    #[serde(rename = "inLanguage")]
    pub(super) lang: &'a str,
    pub(super) publisher: Ref,
}

#[derive(Serialize)]
pub(super) struct Organization<'a> {
    #[serde(flatten)]
    pub(super) own: Ref,
    pub(super) name: &'a str,
    pub(super) slogan: &'a str,
    pub(super) url: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) logo: Option<String>,
    pub(super) telephone: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) email: Option<&'a str>,
}
