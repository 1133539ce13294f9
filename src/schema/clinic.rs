//! `clinic.toml`, `people.toml` and `topics.toml`: who the clinic is, who writes and
//! vouches, and on which shelves articles stand.

use super::forms::{
    COLOR, EMAIL, ORIGIN, PHONE, SECURITY_CONTACT, SHORT_NAME, TIME_ZONE, WEB_ADDRESS,
};
use super::{Key, Kind, Record, Shelf};

const FOUR_DIGITS: Kind = Kind::Whole(1, 9999);

pub(super) static CLINIC: Record = Record {
    name: "clinic",
    title: "The clinic",
    description: "What one clinic says about itself, and how long things stay fresh.",
    keys: &[
        Key::required(
            "name",
            Kind::Text,
            "The full name.",
            &["Harbor Light Clinic"],
        ),
        Key::required(
            "short_name",
            Kind::Form(&SHORT_NAME),
            "The name for small places, at most 12 characters.",
            &["Harbor Light"],
        ),
        Key::required(
            "tagline",
            Kind::Text,
            "One line under the name.",
            &["Plain answers, and care when you need it"],
        ),
        Key::required(
            "phone",
            Kind::Form(&PHONE),
            "The number that patients call. Shown as written, dialed without the hyphens.",
            &["1-555-555-0100"],
        ),
        Key::required(
            "hours",
            Kind::Text,
            "When somebody answers, in words.",
            &["Every day, 8 am to 8 pm"],
        ),
        Key::required(
            "origin",
            Kind::Form(&ORIGIN),
            "The public address of the site, without a slash at its end.",
            &["https://clinic.example"],
        ),
        Key::required(
            "timezone",
            Kind::Form(&TIME_ZONE),
            "The time zone in which days begin.",
            &["America/New_York"],
        ),
        Key::required(
            "lang",
            Kind::Text,
            "The language of content that names none.",
            &["en"],
        ),
        Key::optional(
            "citation_style",
            Kind::Word(citation_styles),
            "How sources are printed; `ama` when left out.",
            &["ama"],
        ),
        Key::optional(
            "sample_content",
            Kind::Flag,
            "Shows \"sample content\" on every page until a clinic replaces it.",
            &["true"],
        ),
        Key::optional(
            "external_booking",
            Kind::Form(&WEB_ADDRESS),
            "Where visits are booked, if another site does it. There is no form then.",
            &["https://booking.example/harbor-light"],
        ),
        Key::optional(
            "contact_email",
            Kind::Form(&EMAIL),
            "An address for letters about the site.",
            &["hello@clinic.example"],
        ),
        Key::optional(
            "security_contact",
            Kind::Form(&SECURITY_CONTACT),
            "Whom to tell of a hole in the site's security: a mail address or a page. The site has a security.txt then.",
            &["security@clinic.example"],
        ),
        Key::optional(
            "logo",
            Kind::Text,
            "A file in `static/` to show before the name.",
            &["icons/logo.svg"],
        ),
        Key::optional(
            "accent",
            Kind::Group(&ACCENT),
            "The clinic's own color. Refused when the contrast is below 4.5 : 1.",
            &[],
        ),
        Key::required(
            "limits",
            Kind::Group(&LIMITS),
            "How long things stay fresh.",
            &[],
        ),
    ],
    one_of: &[],
};

fn citation_styles() -> Vec<&'static str> {
    vec!["ama", "mla", "vancouver"]
}

static ACCENT: Record = Record {
    name: "accent",
    title: "The accent color",
    description: "The clinic's own color on light and on dark paper.",
    keys: &[
        Key::required(
            "light",
            Kind::Form(&COLOR),
            "The color on light paper: a dark one.",
            &["#0b5d5a"],
        ),
        Key::required(
            "dark",
            Kind::Form(&COLOR),
            "The color on dark paper: a light one.",
            &["#7fd1c7"],
        ),
    ],
    one_of: &[],
};

static LIMITS: Record = Record {
    name: "limits",
    title: "Limits",
    description: "How long things stay fresh.",
    keys: &[
        Key::required(
            "review_months",
            FOUR_DIGITS,
            "A page is due for review this many months after `reviewed_on`.",
            &["12"],
        ),
        Key::required(
            "hide_overdue_after_days",
            FOUR_DIGITS,
            "This many days after it was due, a page leaves lists and search engines.",
            &["90"],
        ),
        Key::required(
            "price_stale_after_days",
            FOUR_DIGITS,
            "A price that nobody has confirmed for this many days is not shown.",
            &["90"],
        ),
        Key::required(
            "source_max_age_years",
            FOUR_DIGITS,
            "A source older than this many years is worth a second look.",
            &["10"],
        ),
    ],
    one_of: &[],
};

pub(super) static PEOPLE: Record = Record {
    name: "people",
    title: "People",
    description: "Authors and reviewers, each with a page of their own.",
    keys: &[Key::required(
        "person",
        Kind::Groups(&[&PERSON]),
        "One author or reviewer each.",
        &[],
    )],
    one_of: &[],
};

static PERSON: Record = Record {
    name: "person",
    title: "A person",
    description: "Somebody who writes or reviews articles.",
    keys: &[
        Key::required(
            "id",
            Kind::Id(Shelf::Here),
            "What articles call the person; also the last part of the profile's address.",
            &["jane-doe"],
        ),
        Key::required(
            "name",
            Kind::Text,
            "The name without titles.",
            &["Jane Doe"],
        ),
        Key::optional(
            "credentials",
            Kind::Text,
            "Degrees behind the name. Reviewers need them.",
            &["MD"],
        ),
        Key::required(
            "role",
            Kind::Text,
            "What the person does here.",
            &["Medical reviewer"],
        ),
        Key::required(
            "bio",
            Kind::Text,
            "One or two sentences about the person.",
            &["Jane Doe has practiced family medicine for 20 years."],
        ),
        Key::optional(
            "sample",
            Kind::Flag,
            "Says that this is a placeholder until a clinic names a real person.",
            &["false"],
        ),
    ],
    one_of: &[],
};

pub(super) static TOPICS: Record = Record {
    name: "topics",
    title: "Topics",
    description: "The shelves that articles stand on.",
    keys: &[Key::required(
        "topic",
        Kind::Groups(&[&TOPIC]),
        "One shelf each.",
        &[],
    )],
    one_of: &[],
};

static TOPIC: Record = Record {
    name: "topic",
    title: "A topic",
    description: "One shelf.",
    keys: &[
        Key::required(
            "id",
            Kind::Id(Shelf::Here),
            "The last part of the topic's address.",
            &["back-and-joints"],
        ),
        Key::required(
            "name",
            Kind::Text,
            "What the shelf is called.",
            &["Back, neck and joints"],
        ),
        Key::required(
            "description",
            Kind::Text,
            "One sentence on what stands there.",
            &["What may be behind pain and stiffness, and what helps you move again."],
        ),
    ],
    one_of: &[],
};
