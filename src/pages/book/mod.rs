//! Visits and prices: the list of services, the page of one service, the form that
//! asks for a visit, and what comes of it. Every price comes from the fee schedule
//! and from nowhere else. What a patient typed is in the page that answers, and is never kept here.

mod landing;
mod list;
mod outcome;
mod request;

pub use landing::{Arrival, landing_page, state_problem_page};
pub use outcome::{Receipt, away_page, kept_page, unknown_page, unserved_page};
pub use request::{Occasion, RequestPage, request_page};

pub(super) use landing::render_service;
pub(super) use list::render_list;

use super::Making;
use super::frame::{Crumb, Frame, Section};
use crate::booking::{Advice, Price, Service, VisitKind};
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

/// The frame of a page below the list of visits.
fn frame<'a>(making: Making<'a>, service: &Service, title: impl Into<String>) -> Frame<'a> {
    let mut frame = Frame::new(making, format!("/book/{}", service.id), title);
    frame.description = service.offer.clone();
    frame.section = Section::Book;
    frame.crumbs = vec![Crumb {
        href: "/book".into(),
        name: frame.words.booking.title.clone(),
    }];
    frame
}

/// What the symptom checker said, as a line to tick: the value that is sent, and the words.
pub(super) struct AdviceLine {
    pub(super) value: String,
    pub(super) label: String,
}

impl AdviceLine {
    /// None if there is no such complaint.
    pub(super) fn of(making: Making<'_>, advice: &Advice) -> Option<Self> {
        let protocol = making.site.protocols.get(&advice.complaint)?;
        let words = making.words(&making.site.clinic.lang);
        let level = super::symptoms::level_action(&words.symptoms, advice.level);
        let label = words.request.advice.with("complaint", &protocol.title);
        Some(Self {
            value: format!("{}:{}", advice.complaint, advice.level.id()),
            label: label.with("level", level.to_lowercase()).to_string(),
        })
    }
}
