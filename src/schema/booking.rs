//! `services.toml`, `copays.toml`, `booking.toml` and `campaigns.toml`: the visits that can
//! be booked, what they cost, how they are asked for, and which ways to them are counted.

use super::forms::PUBLIC_KEY;
use super::{Key, Kind, Length, Record, Shelf, TEXTS, words};
use crate::booking::{State, VisitKind};

const CENTS: Kind = Kind::Whole(0, 1_000_000);

pub(super) static SERVICES: Record = Record {
    name: "services",
    title: "Services",
    description: "The visits that can be booked.",
    keys: &[Key::required(
        "service",
        Kind::Groups(&[&SERVICE]),
        "One visit each.",
        &[],
    )],
    one_of: &[],
};

static SERVICE: Record = Record {
    name: "service",
    title: "A service",
    description: "A visit of one kind for one purpose.",
    keys: &[
        Key::required(
            "id",
            Kind::Id(Shelf::Here),
            "The last part of the booking address.",
            &["back-pain-visit"],
        ),
        Key::required(
            "name",
            Kind::Text,
            "What the visit is called.",
            &["Back pain visit"],
        ),
        Key::required(
            "kind",
            Kind::Word(words::<VisitKind>),
            "How the patient and the clinician meet.",
            &["video"],
        ),
        Key::required(
            "offer",
            Kind::Text,
            "One or two sentences that offer it.",
            &["Talk with a clinician about your back pain by video, often the same day."],
        ),
        Key::required(
            "treats",
            TEXTS,
            "What it is for.",
            &["New pain or stiffness in the lower back"],
        ),
        Key::optional(
            "does_not_treat",
            TEXTS,
            "What it can't help with.",
            &["Emergencies: call 911"],
        ),
        Key::required(
            "includes",
            TEXTS,
            "What the price includes.",
            &["A video visit with a clinician"],
        ),
        Key::optional(
            "not_included",
            TEXTS,
            "What is billed apart.",
            &["Tests, such as an x-ray"],
        ),
        Key::required(
            "who",
            Kind::Text,
            "Whom the patient will see, in one or two sentences.",
            &["A doctor who has a license in your state."],
        ),
        Key::optional(
            "asks_birth_date",
            Kind::Flag,
            "Whether the form asks for the date of birth.",
            &["true"],
        ),
        Key::required(
            "states",
            Kind::List(&Kind::Word(states), Length::Any),
            "The states in which it is offered, as two-letter codes.",
            &["NJ", "NY"],
        ),
        Key::required(
            "hours",
            Kind::Text,
            "When it is offered, in words.",
            &["Every day, 8 am to 8 pm"],
        ),
        Key::required(
            "cancellation",
            Kind::Text,
            "How to cancel, in one sentence.",
            &["Cancel by phone up to 2 hours before the visit, at no charge."],
        ),
        Key::optional(
            "faq",
            Kind::Groups(&[&SERVICE_FAQ]),
            "Common questions about the visit, not about health.",
            &[],
        ),
    ],
    one_of: &[],
};

fn states() -> Vec<&'static str> {
    State::ALL.into_iter().map(State::code).collect()
}

static SERVICE_FAQ: Record = Record {
    name: "service-faq",
    title: "A question about a visit",
    description: "A common question about the visit and its answer.",
    keys: &[
        Key::required(
            "question",
            Kind::Text,
            "The question, with its question mark.",
            &["Can somebody join me?"],
        ),
        Key::required(
            "answer",
            Kind::Text,
            "The answer, in plain text.",
            &["Yes. A relative, a friend or an interpreter can join the call."],
        ),
    ],
    one_of: &[],
};

pub(super) static COPAYS: Record = Record {
    name: "copays",
    title: "Copays",
    description: "What each visit costs, from when until when, without gap or overlap.",
    keys: &[Key::required(
        "fee",
        Kind::Groups(&[&FEE]),
        "What one service costs in one period.",
        &[],
    )],
    one_of: &[],
};

static FEE: Record = Record {
    name: "fee",
    title: "A fee",
    description: "What one service costs in one period.",
    keys: &[
        Key::required(
            "service",
            Kind::Id(Shelf::Services),
            "The visit, an id in `clinic/services.toml`.",
            &["back-pain-visit"],
        ),
        Key::required("from", Kind::Date, "The first day.", &["2026-01-01"]),
        Key::optional(
            "until",
            Kind::Date,
            "The last day; left out means until further notice.",
            &["2099-12-31"],
        ),
        Key::required(
            "typical_copay_cents",
            CENTS,
            "What an insured person typically pays, in US cents.",
            &["2500"],
        ),
        Key::required(
            "self_pay_cents",
            CENTS,
            "What a person without insurance pays, in US cents.",
            &["10000"],
        ),
        Key::required(
            "as_of",
            Kind::Date,
            "The day on which somebody last confirmed the fee.",
            &["2026-11-01"],
        ),
    ],
    one_of: &[],
};

pub(super) static BOOKING: Record = Record {
    name: "booking",
    title: "Requests for visits",
    description: "How requests for visits are taken by form. Without this file there is no form.",
    keys: &[
        Key::optional(
            "public_keys",
            Kind::List(&Kind::Form(&PUBLIC_KEY), Length::Any),
            "The keys to which requests are sealed, from `signpost visits keygen`. Each holder of a private key can read all requests.",
            &["age1werry3q7fwfwytgjp225yd0new9zqprmyzz6rrc4785hujp08j4qmfxfwv"],
        ),
        Key::required(
            "keep_days",
            Kind::Whole(1, 3650),
            "A request is removed after this many days.",
            &["90"],
        ),
        Key::required(
            "answer_within",
            Kind::Text,
            "By when somebody answers; stands after \"We answer\".",
            &["by the end of the next working day"],
        ),
    ],
    one_of: &[],
};

pub(super) static CAMPAIGNS: Record = Record {
    name: "campaigns",
    title: "Campaigns",
    description: "Campaigns that may be counted; no other ever is.",
    keys: &[Key::optional(
        "campaign",
        Kind::Groups(&[&CAMPAIGN]),
        "One campaign each.",
        &[],
    )],
    one_of: &[],
};

static CAMPAIGN: Record = Record {
    name: "campaign",
    title: "A campaign",
    description: "A way to a visit that may be counted, in numbers that are joined to nobody.",
    keys: &[
        Key::required(
            "id",
            Kind::Id(Shelf::Here),
            "What stands in `utm_campaign` and in `/go/<id>`.",
            &["back-care-flyer"],
        ),
        Key::required(
            "label",
            Kind::Text,
            "What marketing calls it.",
            &["Back care flyer in pharmacies"],
        ),
        Key::required(
            "channel",
            Kind::Text,
            "Where it runs; becomes `utm_medium` of a tagged link.",
            &["flyer"],
        ),
        Key::required(
            "from",
            Kind::Date,
            "The first day on which it counts.",
            &["2026-11-01"],
        ),
        Key::optional(
            "until",
            Kind::Date,
            "The last day on which it counts; left out means until further notice.",
            &["2027-02-28"],
        ),
        Key::required(
            "service",
            Kind::Id(Shelf::Services),
            "Where the short link leads, an id in `clinic/services.toml`.",
            &["back-pain-visit"],
        ),
    ],
    one_of: &[],
};
