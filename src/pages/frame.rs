//! What surrounds every page: the document head, header, notices and footer.
//! It stands apart so that no page can forget the phone number or the way to skip to the text.

use crate::assets::{AssetAddresses, Script};
use crate::clinic::Clinic;
use crate::content::Dates;
use crate::messages::{Phrase, Words};
use crate::site::{NOTICES, Site};

use super::json_ld::{self, About, JsonLd};
use super::preview::Sheet;
use super::share_picture::{SharedPicture, Subject};
use super::{Indexing, Making, Status};

/// The frame of one page.
#[derive(Clone)]
pub struct Frame<'a> {
    /// The words of the page's language.
    pub words: &'a Words,
    /// The clinic.
    pub clinic: &'a Clinic,
    /// Addresses of style sheet, fonts and scripts.
    pub assets: &'a AssetAddresses,
    /// The page's own title, without the clinic's name.
    pub title: String,
    /// What stands before the title in the browser's own line, such as "Error:".
    pub title_prefix: Option<String>,
    /// For search engines.
    pub description: String,
    /// The address from the root.
    pub path: String,
    /// Where the page stands in the main navigation.
    pub section: Section,
    /// Where the search box is.
    pub search: SearchPlace,
    /// Pages above this one, outermost first, without the first page.
    pub crumbs: Vec<Crumb>,
    /// How the page answers.
    pub status: Status,
    /// Whether search engines may list it.
    pub indexing: Indexing,
    /// When it was published and changed, if it is an article.
    pub dates: Option<&'a Dates>,
    /// What search engines are told that it is about.
    pub about: About<'a>,
    /// The same in other forms, for programs.
    pub forms: Vec<OtherForm>,
    /// What other sites show beside a link to it.
    pub picture: Option<&'a SharedPicture>,
    /// Address and title of each notice that the clinic owes its patients, as the footer lists them.
    pub notices: Vec<(String, &'a str)>,
    /// Whether the clinic explains medical words, so that the footer leads there.
    pub has_glossary: bool,
    /// What stands before the paths of forms, if they go to another server.
    pub form_origin: Option<&'a str>,
    /// What only editors see; none where readers are.
    pub preview: Option<Sheet<'a>>,
}

/// An entry of the main navigation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Section {
    /// Articles and topics.
    Articles,
    /// The symptom checker.
    Symptoms,
    /// Visits and prices.
    Book,
    /// The search.
    Search,
    /// Neither.
    Other,
}

/// The address of a page in another form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OtherForm {
    /// Its address from the root.
    pub href: String,
    /// Its media type, without parameters.
    pub media: &'static str,
}

/// Where the search box of a page is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SearchPlace {
    /// In the header, where there is room for it.
    Header,
    /// In the page itself.
    Page,
}

/// A page above this one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Crumb {
    /// Its address.
    pub href: String,
    /// What it is called.
    pub name: String,
}

impl Crumb {
    /// The list of all articles.
    pub fn articles(words: &Words) -> Self {
        Self {
            href: "/articles".into(),
            name: words.site.articles.clone(),
        }
    }
}

fn notices(site: &Site) -> Vec<(String, &str)> {
    let present = NOTICES.iter().filter_map(|name| {
        let page = site.page_texts.get(*name)?;
        Some((format!("/{name}"), page.title.as_str()))
    });
    present.collect()
}

impl<'a> Frame<'a> {
    /// The frame of a page in the clinic's language. `path` is its address from the root.
    pub fn new(making: Making<'a>, path: impl Into<String>, title: impl Into<String>) -> Self {
        Self::in_language(making, &making.site.clinic.lang, path, title)
    }

    /// The frame of a page in a language that has a catalog.
    pub fn in_language(
        making: Making<'a>,
        lang: &str,
        path: impl Into<String>,
        title: impl Into<String>,
    ) -> Self {
        let path = path.into();
        Self {
            preview: making.preview.map(|notes| notes.sheet(&path)),
            words: making.words(lang),
            clinic: &making.site.clinic,
            assets: making.assets,
            title: title.into(),
            title_prefix: None,
            description: String::new(),
            path,
            section: Section::Other,
            search: SearchPlace::Header,
            crumbs: Vec::new(),
            status: Status::Ok,
            indexing: making.indexing(),
            dates: None,
            about: About::Nothing,
            forms: Vec::new(),
            picture: making.pictures.of(Subject::Clinic),
            notices: notices(making.site),
            has_glossary: !making.site.glossary.is_empty(),
            form_origin: making.forms.origin(&making.site.clinic),
        }
    }

    /// Names the file of which the page is made, for editors.
    pub fn is_made_of(&mut self, file: &'a str) {
        if let Some(sheet) = &mut self.preview {
            sheet.file = Some(file);
        }
    }

    /// What the browser shows as title.
    pub fn document_title(&self) -> Phrase {
        let title = match &self.title_prefix {
            Some(prefix) => format!("{prefix} {}", self.title),
            None => self.title.clone(),
        };
        let words = &self.words.site.title_and_name;
        words.with("title", title).with("name", &self.clinic.name)
    }

    /// The absolute address of the page.
    pub fn canonical(&self) -> String {
        self.absolute(&self.path)
    }

    /// The absolute address of a file or page of ours.
    pub fn absolute(&self, path: &str) -> String {
        format!("{}{path}", self.clinic.origin)
    }

    /// Where a form with this path is sent.
    pub fn form_action(&self, path: impl std::fmt::Display) -> String {
        format!("{}{path}", self.form_origin.unwrap_or_default())
    }

    /// What search engines are told of it; nothing if they may not list it.
    pub fn structured_data(&self) -> Option<JsonLd> {
        json_ld::of(self)
    }

    /// The name of the feeds, where a reader chooses one.
    pub fn feed_title(&self) -> Phrase {
        let words = &self.words.machine.feed_title;
        words.with("name", &self.clinic.name)
    }

    /// An instant of a day of the clinic, for programs.
    pub fn instant(&self, day: impl std::borrow::Borrow<jiff::civil::Date>) -> String {
        super::machine::instant(*day.borrow(), &self.clinic.timezone)
    }

    /// The script of search boxes. Where forms go to another server, it could not ask for suggestions.
    pub fn search_script(&self) -> Option<&Script> {
        let script = self.assets.search_script.as_ref();
        script.filter(|_| self.form_origin.is_none())
    }

    /// Whether the header holds the search box.
    pub fn has_search_box(&self) -> bool {
        self.search == SearchPlace::Header
    }

    /// What kind of page other sites link to. Source: ogp.me, "object types".
    pub fn share_kind(&self) -> &'static str {
        match self.dates {
            Some(_) => "article",
            None => "website",
        }
    }

    /// The form of the card beside a link: there is a large one only with a picture.
    pub fn share_card(&self) -> &'static str {
        match self.picture {
            Some(_) => "summary_large_image",
            None => "summary",
        }
    }

    /// The language and country, such as `en_US`. Clinics are in the United States, so that is the country of a
    /// language which names none.
    pub fn share_locale(&self) -> String {
        let mut parts = self.words.lang.split('-');
        let language = parts.next().unwrap_or_default();
        let is_country = |part: &&str| part.len() == 2;
        let country = parts.find(is_country).unwrap_or("US");
        format!("{language}_{}", country.to_ascii_uppercase())
    }

    /// The value of `aria-current` for an entry of the main navigation.
    pub fn current(&self, section: Section) -> Option<&'static str> {
        (self.section == section).then_some("true")
    }

    /// Whether the page is in the main part of the site, where a trail of pages helps.
    pub fn has_trail(&self) -> bool {
        self.path != "/" && self.status == Status::Ok
    }

    /// Whether search engines must not list the page.
    pub fn is_unlisted(&self) -> bool {
        self.indexing == Indexing::Refused
    }

    /// The line "Printed from ...".
    pub fn printed_from(&self) -> Phrase {
        self.words
            .site
            .printed_from
            .with("address", self.canonical())
    }

    /// The sentence that sends an emergency to the phone, before and after the number.
    pub fn emergency_now(&self) -> (String, String) {
        let sentence = self.words.site.emergency_now.to_string();
        let parts = sentence.split_once("{number}");
        parts.map_or((sentence.clone(), String::new()), |(before, after)| {
            (before.to_owned(), after.to_owned())
        })
    }

    /// The same for the short line of the booking card.
    pub fn not_emergency_call(&self) -> (String, String) {
        let sentence = self.words.booking.not_emergency_call.to_string();
        let parts = sentence.split_once("{number}");
        parts.map_or((sentence.clone(), String::new()), |(before, after)| {
            (before.to_owned(), after.to_owned())
        })
    }
}

impl<'a> Making<'a> {
    /// The words of a language, or those of the clinic's, or English.
    pub fn words(&self, lang: &str) -> &'a Words {
        let own = self.languages.get(lang);
        let clinic = || self.languages.get(&self.site.clinic.lang);
        own.or_else(clinic)
            .map_or_else(|| crate::messages::english(), |words| words.as_ref())
    }
}
