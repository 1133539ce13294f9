//! The page of a visit: who offers it, where, and for how much. The typical copay and
//! the price without insurance are two offers, since they are no range. A price that is
//! being confirmed is no offer.

use super::Names;
use super::node::{
    Action, Amount, Area, FaqPage, Node, Offer, Question, Service as ServiceNode, Target,
};
use super::page::facts;
use crate::booking::{Cents, Price, Service, VisitKind};
use crate::pages::frame::Frame;

/// Source: ISO 4217; fees are in US cents.
const CURRENCY: &str = "USD";

pub(super) fn nodes<'a>(
    frame: &Frame<'a>,
    service: &'a Service,
    price: Price<'a>,
) -> Vec<Node<'a>> {
    let mut page = facts(frame);
    page.main = Some(frame.own("service"));
    let words = &frame.words.booking;
    let visit = ServiceNode {
        own: frame.own("service"),
        name: &service.name,
        kind: match service.kind {
            VisitKind::Video => &words.video,
            VisitKind::Phone => &words.phone,
            VisitKind::InPerson => &words.in_person,
        },
        description: &service.offer,
        url: frame.canonical(),
        provider: frame.common("clinic"),
        areas: service
            .states
            .iter()
            .map(|state| Area::State { name: state.name() })
            .collect(),
        offers: offers(frame, price),
        action: Some(Action::ReserveAction {
            target: Target::EntryPoint {
                url: frame.canonical(),
            },
        }),
    };
    let mut nodes = vec![Node::WebPage(page.into()), Node::Service(Box::new(visit))];
    nodes.extend(faq(frame, service));
    nodes
}

fn offers<'a>(frame: &Frame<'a>, price: Price<'_>) -> Vec<Offer<'a>> {
    let Price::Confirmed(fee) = price else {
        return Vec::new();
    };
    let words = &frame.words.booking;
    let rows = [
        (
            &words.typical_copay,
            &words.copay_depends,
            fee.typical_copay,
        ),
        (&words.self_pay, &words.self_pay, fee.self_pay),
    ];
    let offer = |(name, description, cents): (&'a String, &'a String, Cents)| Offer::Offer {
        name,
        url: frame.canonical(),
        availability: "https://schema.org/InStock",
        price: Amount::PriceSpecification {
            price: decimal(cents),
            currency: CURRENCY,
            description,
        },
    };
    rows.into_iter().map(offer).collect()
}

/// An amount with a dot and two digits, such as `25.00`.
fn decimal(cents: Cents) -> String {
    let cents = cents.count();
    format!("{}.{:02}", cents / 100, cents % 100)
}

fn faq<'a>(frame: &Frame<'a>, service: &'a Service) -> Option<Node<'a>> {
    let questions = service.faqs.iter();
    let questions: Vec<Question> = questions
        .map(|faq| Question::new(&faq.question, faq.answer.clone()))
        .collect();
    (!questions.is_empty()).then(|| {
        Node::FaqPage(FaqPage {
            own: frame.own("faq"),
            page: frame.own("page"),
            questions,
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_has_two_digits_after_its_dot() {
        for (cents, written) in [("2500", "25.00"), ("2505", "25.05"), ("0", "0.00")] {
            assert_eq!(decimal(cents.parse().unwrap()), written);
        }
    }
}
