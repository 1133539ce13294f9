//! Sources: the works an article or a protocol relies on, as types.
//! Apart from how a reference looks, so that a style can change without touching what a source is.
//! An author's text becomes one of these types once, at the edge; whoever holds the type trusts it.
//! This module opens no address, asks no registry whether an identifier exists, and knows no clock.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;

use super::identifier::{Doi, Expected, Pmcid, Pmid, SourceId, WebAddress, is_digits, same_page};

/// Who wrote a source. Made from text by `FromStr`; no part is empty.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Author {
    /// One person.
    Person {
        /// Family name with its particles, such as `van den Bekerom`.
        family: String,
        /// Given names or initials in reading order, such as `Kyle J.`
        given: String,
        /// As written: one of `Jr.`, `Jr`, `Sr.`, `Sr`, `II`, `III`, `IV`, `2nd`, `3rd`, `4th`.
        suffix: Option<String>,
    },
    /// An organization, printed as it is.
    Organization(String),
}

const NAME_FORMAT: Expected =
    Expected("`Family, Given M.`, `Family, Suffix, Given M.` or the name of an organization");
const SUFFIX_SECOND: Expected =
    Expected("`Donnally, III, Chester J.`; an organization with commas stands in braces");
const NO_ET_AL: Expected = Expected("a name; when authors are left out, set `et_al` to true");

impl FromStr for Author {
    type Err = Expected;

    /// Text without a comma is an organization, and so is a list that ends in `and …`, such as
    /// `National Heart, Lung, and Blood Institute`. Braces mark any other organization with commas.
    /// # Errors
    /// An empty part, `et al.`, or a suffix elsewhere than in second place: for the author.
    fn from_str(text: &str) -> Result<Self, Expected> {
        let text = text.trim();
        if let Some(name) = text.strip_prefix('{').and_then(|t| t.strip_suffix('}')) {
            return organization(name.trim());
        }
        let parts: Vec<&str> = text.split(',').map(str::trim).collect();
        match parts.as_slice() {
            [.., "et al." | "et al" | "others"] => Err(NO_ET_AL),
            [_] => organization(text),
            _ if parts.contains(&"") || text.contains(['{', '}']) => Err(NAME_FORMAT),
            [.., last] if last.starts_with("and ") || last.starts_with("& ") => organization(text),
            [family, given] => person(family, None, given),
            [family, suffix, given] if is_suffix(suffix) => person(family, Some(suffix), given),
            _ => Err(SUFFIX_SECOND),
        }
    }
}

fn organization(name: &str) -> Result<Author, Expected> {
    if name.is_empty() || name.contains(['{', '}']) {
        return Err(NAME_FORMAT);
    }
    Ok(Author::Organization(name.to_owned()))
}

fn person(family: &str, suffix: Option<&str>, given: &str) -> Result<Author, Expected> {
    if ends_in_suffix(family) || ends_in_suffix(given) {
        return Err(SUFFIX_SECOND);
    }
    Ok(Author::Person {
        family: family.to_owned(),
        given: given.to_owned(),
        suffix: suffix.map(str::to_owned),
    })
}

fn is_suffix(word: &str) -> bool {
    let word = word.trim_end_matches('.');
    ["Jr", "Sr", "II", "III", "IV", "2nd", "3rd", "4th"].contains(&word)
}

fn ends_in_suffix(name: &str) -> bool {
    name.split_whitespace().next_back().is_some_and(is_suffix)
}

impl fmt::Display for Author {
    /// As `FromStr` reads it; braces only where a bare name would be read as something else.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Person {
                family,
                given,
                suffix: Some(suffix),
            } => write!(f, "{family}, {suffix}, {given}"),
            Self::Person { family, given, .. } => write!(f, "{family}, {given}"),
            Self::Organization(name) if name.parse().as_ref() == Ok(self) => f.write_str(name),
            Self::Organization(name) => write!(f, "{{{name}}}"),
        }
    }
}

/// When a source was issued, as exactly as its record says and no more.
/// For a chapter of StatPearls it is the day of the last update.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Issued {
    /// The source shows no date.
    Undated,
    /// A year, from 1 to 9999.
    Year(i16),
    /// A year, and a month from 1 to 12.
    Month(i16, i8),
    /// A day of the Gregorian calendar.
    Day(Date),
}

impl Issued {
    /// The year, unless the source is undated.
    pub fn year(&self) -> Option<i16> {
        match self {
            Self::Undated => None,
            Self::Year(year) | Self::Month(year, _) => Some(*year),
            Self::Day(date) => Some(date.year()),
        }
    }
}

const DATE_FORMAT: Expected =
    Expected("a date that exists, as `2023`, `2023-06` or `2023-06-20`, or the word `undated`");

impl FromStr for Issued {
    type Err = Expected;

    /// # Errors
    /// Another form, or a day that is in no calendar such as `2023-02-30`: for the author.
    fn from_str(text: &str) -> Result<Self, Expected> {
        if text == "undated" {
            return Ok(Self::Undated);
        }
        let parts: Vec<&str> = text.split('-').collect();
        let issued = match parts.as_slice() {
            [year] => calendar_day(year, "01", "01").map(|date| Self::Year(date.year())),
            [year, month] => {
                calendar_day(year, month, "01").map(|date| Self::Month(date.year(), date.month()))
            }
            [year, month, day] => calendar_day(year, month, day).map(Self::Day),
            _ => None,
        };
        issued.ok_or(DATE_FORMAT)
    }
}

fn calendar_day(year: &str, month: &str, day: &str) -> Option<Date> {
    if !is_digits(year, 4, 4) || !is_digits(month, 2, 2) || !is_digits(day, 2, 2) {
        return None;
    }
    let date = Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?);
    date.ok().filter(|date| date.year() > 0)
}

impl fmt::Display for Issued {
    /// As `FromStr` reads it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Undated => f.write_str("undated"),
            Self::Year(year) => write!(f, "{year:04}"),
            Self::Month(year, month) => write!(f, "{year:04}-{month:02}"),
            Self::Day(date) => write!(f, "{date}"),
        }
    }
}

/// What sort of work a source is; decides which pattern its reference follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SourceKind {
    /// An article in a journal.
    ArticleJournal,
    /// A chapter of a book, such as one of StatPearls.
    Chapter,
    /// A whole book.
    Book,
    /// A report of an agency or a society.
    Report,
    /// A page of a web site.
    Webpage,
    /// A finished reference in the author's own words.
    Text,
}

impl SourceKind {
    /// Every kind, in the order of the format's documentation.
    pub const ALL: [Self; 6] = [
        Self::ArticleJournal,
        Self::Chapter,
        Self::Book,
        Self::Report,
        Self::Webpage,
        Self::Text,
    ];

    /// The word an author writes; `SourceKind::ALL.map(SourceKind::name)` lists them for a message.
    pub fn name(self) -> &'static str {
        match self {
            Self::ArticleJournal => "article-journal",
            Self::Chapter => "chapter",
            Self::Book => "book",
            Self::Report => "report",
            Self::Webpage => "webpage",
            Self::Text => "text",
        }
    }
}

impl FromStr for SourceKind {
    type Err = Expected;

    /// # Errors
    /// A word that no kind has as its name: for the author.
    fn from_str(text: &str) -> Result<Self, Expected> {
        let found = Self::ALL.into_iter().find(|kind| kind.name() == text);
        found.ok_or(Expected(
            "`article-journal`, `chapter`, `book`, `report`, `webpage` or `text`",
        ))
    }
}

impl fmt::Display for SourceKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// One work that an article or a protocol relies on, as its front matter gives it.
/// Made by whoever reads front matter, who sees to it that it has an address or an identifier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// What a citation names; unique within one article or protocol.
    pub id: SourceId,
    /// What sort of work it is.
    pub kind: SourceKind,
    /// The title as printed on the work, or a description of ours. Sentence case where possible:
    /// MLA capitals can be put in, but no rule can take the capitals out of a title in AMA or NLM.
    pub title: String,
    /// The title is a description of ours, so it stands in brackets.
    pub title_supplied: bool,
    /// In the order of the record; may be empty.
    pub authors: Vec<Author>,
    /// `authors` holds only the first ones.
    pub et_al: bool,
    /// The journal, book or site that holds the work, with its full name.
    pub container: Option<String>,
    /// NLM abbreviation of a journal without periods, such as `J Clin Med`.
    pub container_short: Option<String>,
    /// Who issued the work.
    pub publisher: Option<String>,
    /// When it was issued.
    pub issued: Issued,
    /// The day on which somebody last read it, clinic-local.
    pub accessed: Option<Date>,
    /// Volume of a journal.
    pub volume: Option<String>,
    /// Issue of a journal.
    pub issue: Option<String>,
    /// One page, a range such as `143-148`, or an article number such as `e0119470`.
    pub page: Option<String>,
    /// Its DOI.
    pub doi: Option<Doi>,
    /// Its record in PubMed.
    pub pmid: Option<Pmid>,
    /// Its full text in PubMed Central.
    pub pmcid: Option<Pmcid>,
    /// Where it was read.
    pub url: Option<WebAddress>,
    /// The finished reference of a source of kind [`SourceKind::Text`].
    pub text: Option<String>,
}

/// Where a link of a source leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LinkKind {
    /// The DOI resolver.
    Doi,
    /// The record in PubMed.
    PubMed,
    /// The full text in PubMed Central.
    Pmc,
    /// Any other page.
    Web,
}

/// One address at which a source can be found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceLink {
    /// Where it leads.
    pub kind: LinkKind,
    /// An absolute address, ready for an `href` once it is escaped for HTML.
    pub href: String,
}

impl Source {
    /// Where to find it: DOI, PubMed, PMC, then its own address. At most 4, no page twice.
    pub fn links(&self) -> Vec<SourceLink> {
        let known = [
            (LinkKind::Doi, self.doi.as_ref().map(Doi::href)),
            (LinkKind::PubMed, self.pmid.as_ref().map(Pmid::href)),
            (LinkKind::Pmc, self.pmcid.as_ref().map(Pmcid::href)),
            (LinkKind::Web, self.url.as_ref().map(WebAddress::to_string)),
        ];
        let mut links: Vec<SourceLink> = Vec::new();
        for (kind, href) in known {
            let new = |href: &String| !links.iter().any(|link| same_page(&link.href, href));
            if let Some(href) = href.filter(new) {
                links.push(SourceLink { kind, href });
            }
        }
        links
    }

    /// The best address for the title: DOI, else PMC, else PubMed, else its own address.
    pub fn main_href(&self) -> Option<String> {
        let doi = self.doi.as_ref().map(Doi::href);
        doi.or_else(|| self.pmcid.as_ref().map(Pmcid::href))
            .or_else(|| self.pmid.as_ref().map(Pmid::href))
            .or_else(|| self.url.as_ref().map(WebAddress::to_string))
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Debug;

    use proptest::prelude::*;

    use super::super::rows::{accepts, refuses};
    use super::*;

    fn person(family: &str, suffix: Option<&str>, given: &str) -> Author {
        Author::Person {
            family: family.into(),
            given: given.into(),
            suffix: suffix.map(str::to_owned),
        }
    }

    #[test]
    fn an_author_is_a_person_or_an_organization() {
        let organization = |name: &str| Author::Organization(name.into());
        let rows = [
            ("Wenker, Kyle J.", person("Wenker", None, "Kyle J.")),
            (
                "Donnally, III, Chester J.",
                person("Donnally", Some("III"), "Chester J."),
            ),
            (
                "King, Jr., Martin Luther",
                person("King", Some("Jr."), "Martin Luther"),
            ),
            (
                "van den Bekerom, Michel P.",
                person("van den Bekerom", None, "Michel P."),
            ),
            (
                "World Health Organization",
                organization("World Health Organization"),
            ),
            (
                "National Library of Medicine (US)",
                organization("National Library of Medicine (US)"),
            ),
            (
                "National Heart, Lung, and Blood Institute",
                organization("National Heart, Lung, and Blood Institute"),
            ),
            (
                "{Department of Health, Victoria}",
                organization("Department of Health, Victoria"),
            ),
        ];
        for (text, author) in rows {
            assert_eq!(text.parse().as_ref(), Ok(&author), "{text}");
            assert_eq!(author.to_string(), text);
        }
        assert_eq!("{NHS}".parse(), Ok(organization("NHS")));
        assert_eq!(
            " Quint ,Jessilin M. ".parse(),
            Ok(person("Quint", None, "Jessilin M."))
        );
    }

    #[test]
    fn an_author_in_another_form_is_refused() {
        refuses::<Author>(&[
            "",
            " ",
            ",",
            "Whitney,",
            ", Eric",
            "et al.",
            "Matheve, et al.",
            "Alexander, Christopher E., et al.",
            "Donnally III, Chester J.",
            "Donnally, Chester J., III",
            "Donnally, Chester J. III",
            "Donnally, III",
            "Smith, MD, John",
            "A, B, C, D",
            "{}",
            "{{NHS}}",
            "Smith, {John}",
        ]);
    }

    #[test]
    fn an_issue_date_is_as_exact_as_it_is_written() {
        accepts::<Issued>(&[
            "undated",
            "2023",
            "2023-06",
            "2023-06-20",
            "2024-02-29",
            "0001",
        ]);
        refuses::<Issued>(&[
            "",
            "Undated",
            "23",
            "20233",
            "0000",
            "2023-6",
            "2023-13",
            "2023-00",
            "2023-06-31",
            "2023-02-29",
            "2023-06-20T10:00",
            "2023/06/20",
            "-2023",
            "2023-",
            "+023",
        ]);
        let years: Vec<_> = ["undated", "2023", "2022-06", "2021-06-20"]
            .iter()
            .map(|text| text.parse::<Issued>().unwrap().year())
            .collect();
        assert_eq!(years, [None, Some(2023), Some(2022), Some(2021)]);
    }

    #[test]
    fn every_kind_is_read_from_its_name_and_named_in_the_message() {
        let message = "magazine"
            .parse::<SourceKind>()
            .expect_err("no kind")
            .to_string();
        for kind in SourceKind::ALL {
            assert_eq!(kind.name().parse(), Ok(kind));
            assert_eq!(kind.to_string(), kind.name());
            assert!(message.contains(&format!("`{kind}`")), "{message}");
        }
        refuses::<SourceKind>(&["", "Book", "web", "article"]);
    }

    fn bare() -> Source {
        Source {
            id: "matheve2023".parse().unwrap(),
            kind: SourceKind::ArticleJournal,
            title: "The role of back muscle dysfunctions".into(),
            title_supplied: false,
            authors: Vec::new(),
            et_al: false,
            container: None,
            container_short: None,
            publisher: None,
            issued: Issued::Undated,
            accessed: None,
            volume: None,
            issue: None,
            page: None,
            doi: None,
            pmid: None,
            pmcid: None,
            url: None,
            text: None,
        }
    }

    const DOI: &str = "https://doi.org/10.3390/jcm12175510";
    const PUBMED: &str = "https://pubmed.ncbi.nlm.nih.gov/37685576/";
    const PMC: &str = "https://pmc.ncbi.nlm.nih.gov/articles/PMC10487902/";

    #[test]
    fn links_come_in_a_fixed_order_and_no_page_comes_twice() {
        let rows = [
            (
                "https://example.org/PMC10487902",
                Some("https://example.org/PMC10487902"),
            ),
            (
                "https://pubmed.ncbi.nlm.nih.gov/1/",
                Some("https://pubmed.ncbi.nlm.nih.gov/1/"),
            ),
            (PMC, None),
            ("http://pubmed.ncbi.nlm.nih.gov/37685576", None),
            (
                "https://www.ncbi.nlm.nih.gov/pubmed/37685576?dopt=Abstract",
                None,
            ),
            (
                "https://www.ncbi.nlm.nih.gov/pmc/articles/PMC10487902/#s1",
                None,
            ),
            ("https://dx.doi.org/10.3390/JCM12175510", None),
        ];
        for (url, own) in rows {
            let source = Source {
                doi: "10.3390/jcm12175510".parse().ok(),
                pmid: "37685576".parse().ok(),
                pmcid: "PMC10487902".parse().ok(),
                url: Some(url.parse().unwrap()),
                ..bare()
            };
            let hrefs: Vec<_> = source.links().into_iter().map(|link| link.href).collect();
            let expected: Vec<_> = [DOI, PUBMED, PMC].into_iter().chain(own).collect();
            assert_eq!(hrefs, expected, "{url}");
        }
        assert_eq!(bare().links(), []);
    }

    #[test]
    fn the_title_leads_to_the_best_address() {
        let mut source = bare();
        assert_eq!(source.main_href(), None);
        source.url = "https://example.org/".parse().ok();
        assert_eq!(source.main_href().as_deref(), Some("https://example.org/"));
        source.pmid = "37685576".parse().ok();
        assert_eq!(source.main_href().as_deref(), Some(PUBMED));
        source.pmcid = "PMC10487902".parse().ok();
        assert_eq!(source.main_href().as_deref(), Some(PMC));
        source.doi = "10.3390/jcm12175510".parse().ok();
        assert_eq!(source.main_href().as_deref(), Some(DOI));
    }

    fn round_trips<T: FromStr<Err = Expected> + fmt::Display + PartialEq + Debug>(text: &str) {
        if let Ok(value) = text.parse::<T>() {
            assert_eq!(value.to_string().parse(), Ok(value));
        }
    }

    proptest! {
        #[test]
        fn whatever_is_accepted_is_read_back_the_same(text in "[{]?[ A-Za-z0-9,.&{}-]{0,24}[}]?|\\PC*") {
            round_trips::<SourceId>(&text);
            round_trips::<Doi>(&format!("10.1234/{text}"));
            round_trips::<WebAddress>(&format!("https://{text}"));
            round_trips::<Author>(&text);
            round_trips::<Issued>(&text);
        }

        #[test]
        fn every_organization_is_read_back_the_same(name in "[A-Za-z][A-Za-z., &]{0,30}[A-Za-z]") {
            let author = Author::Organization(name);
            prop_assert_eq!(author.to_string().parse(), Ok(author));
        }

        #[test]
        fn every_day_is_read_back_the_same(year in 1i16..=9999, month in 1i8..=12, day in 1i8..=28) {
            let date = Date::new(year, month, day).unwrap();
            for issued in [Issued::Year(year), Issued::Month(year, month), Issued::Day(date)] {
                prop_assert_eq!(issued.to_string().parse(), Ok(issued));
            }
        }
    }
}
