//! Visits and prices: the card on articles, the list of services, and the page of
//! one service. Every price comes from the fee schedule and from nowhere else.

use askama::Template;

use super::frame::{Crumb, Frame, Section};
use super::share_picture::Subject;
use super::{Making, RenderedPage, finish};
use crate::booking::{Price, Service, VisitKind};
use crate::content::Article;
use crate::messages::{Phrase, Words};

/// A service with its price today.
pub(super) struct Offer<'a> {
    /// The service.
    pub(super) service: &'a Service,
    /// What to say about its price.
    pub(super) price: Price<'a>,
    words: &'a Words,
}

impl<'a> Offer<'a> {
    pub(super) fn of(making: Making<'a>, service: &'a Service) -> Self {
        let words = making.words(&making.site.clinic.lang);
        Self {
            service,
            price: making.site.price(service),
            words,
        }
    }

    /// The fee, if it may be shown.
    pub(super) fn fee(&self) -> Option<&crate::booking::Fee> {
        match self.price {
            Price::Confirmed(fee) => Some(fee),
            Price::BeingConfirmed => None,
        }
    }

    /// The address of the service's page.
    pub(super) fn href(&self) -> String {
        format!("/book/{}", self.service.id)
    }

    /// The offer in one line.
    pub(super) fn line(&self) -> Phrase {
        let words = &self.words.booking;
        match self.price {
            Price::Confirmed(fee) => words
                .call_line
                .with("service", &self.service.name)
                .with("copay", fee.typical_copay)
                .with("self_pay", fee.self_pay),
            Price::BeingConfirmed => words.call_line_unpriced.with("service", &self.service.name),
        }
    }

    /// How the patient and the clinician meet, in words.
    pub(super) fn kind(&self) -> &str {
        let words = &self.words.booking;
        match self.service.kind {
            VisitKind::Video => &words.video,
            VisitKind::Phone => &words.phone,
            VisitKind::InPerson => &words.in_person,
        }
    }

    /// What the patient needs for the visit, in words.
    pub(super) fn meeting(&self) -> &str {
        let words = &self.words.booking;
        match self.service.kind {
            VisitKind::Video => &words.next_video,
            VisitKind::Phone => &words.next_phone,
            VisitKind::InPerson => &words.next_in_person,
        }
    }

    /// How and when.
    pub(super) fn kind_and_hours(&self) -> Phrase {
        let words = &self.words.booking;
        words
            .kind_and_hours
            .with("kind", self.kind())
            .with("hours", &self.service.hours)
    }

    /// The name of the button, for those who hear it alone.
    pub(super) fn book_named(&self) -> Phrase {
        self.words
            .booking
            .book_named
            .with("service", &self.service.name)
    }

    /// The states by name, in one line.
    pub(super) fn states(&self) -> String {
        let names: Vec<&str> = self
            .service
            .states
            .iter()
            .map(|state| state.name())
            .collect();
        names.join(", ")
    }
}

#[derive(Template)]
#[template(path = "pages/book.html")]
struct BookPage<'a> {
    frame: Frame<'a>,
    words: &'a Words,
    offers: Vec<Offer<'a>>,
    as_of: Option<jiff::civil::Date>,
}

pub(super) fn render_list(making: Making<'_>) -> Result<RenderedPage, String> {
    let words = making.words(&making.site.clinic.lang);
    let mut frame = Frame::new(making, "/book", words.booking.title.as_str());
    frame.description = words.booking.description.clone();
    frame.section = Section::Book;
    let offers: Vec<Offer<'_>> = making
        .site
        .services
        .values()
        .map(|service| Offer::of(making, service))
        .collect();
    let as_of = offers
        .iter()
        .filter_map(|offer| offer.fee().map(|fee| fee.as_of))
        .min();
    let newest = offers
        .iter()
        .filter_map(|offer| offer.fee().map(|fee| fee.as_of))
        .max();
    let page = BookPage {
        words,
        offers,
        as_of,
        frame,
    };
    finish(&page, &page.frame, newest)
}

#[derive(Template)]
#[template(path = "pages/book-service.html")]
struct ServicePage<'a> {
    frame: Frame<'a>,
    words: &'a Words,
    offer: Offer<'a>,
    articles: Vec<&'a Article>,
}

pub(super) fn render_service(
    making: Making<'_>,
    service: &Service,
) -> Result<RenderedPage, String> {
    let offer = Offer::of(making, service);
    let mut frame = Frame::new(making, offer.href(), service.name.as_str());
    let words = frame.words;
    frame.description = service.offer.clone();
    frame.picture = making.pictures.of(Subject::Service(service));
    frame.section = Section::Book;
    frame.crumbs = vec![Crumb {
        href: "/book".into(),
        name: words.booking.title.clone(),
    }];
    let fits = |article: &&Article| {
        article
            .service
            .as_ref()
            .is_some_and(|own| own.id == service.id)
    };
    let articles = making
        .site
        .listed_articles()
        .map(AsRef::as_ref)
        .filter(fits)
        .collect();
    let as_of = offer.fee().map(|fee| fee.as_of);
    let page = ServicePage {
        words,
        offer,
        articles,
        frame,
    };
    finish(&page, &page.frame, as_of)
}

impl ServicePage<'_> {
    /// "Call … to book", with the clinic's number.
    fn call_to_book(&self) -> Phrase {
        self.words
            .booking
            .call_to_book
            .with("phone", &self.frame.clinic.phone)
    }
}
