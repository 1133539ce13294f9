//! `protocols/` and `findings.toml`: what the symptom checker knows of complaints.
//! Descriptions name what only a whole file can show, such as an order.

use super::article::ANY_SOURCE;
use super::forms::{SOURCE_ID, WORDING};
use super::{Key, Kind, Length, Record, Shelf, TEXTS, words};
use crate::triage::{BodyArea, Hotline, TriageLevel};

const LEVEL: Kind = Kind::Word(words::<TriageLevel>);
const WORDS: Kind = Kind::Form(&WORDING);
const AGE: Kind = Kind::Whole(1, 1560);
const AGE_LIMIT: Kind = Kind::Whole(0, 1560);
const CITED: Kind = Kind::List(CITATION, Length::Any);
const CITATION: &Kind = &Kind::Form(&SOURCE_ID);
const SOURCES: Key = Key::required(
    "sources",
    CITED,
    "The works that say so, ids of `[[source]]`.",
    &["wenker2023", "smith-back-pain"],
);
const SOURCE: Key = Key::required(
    "source",
    Kind::Groups(ANY_SOURCE),
    "A work that the file relies on; something must cite it.",
    &[],
);
const APPLIES_TO: Key = Key::optional(
    "applies_to",
    Kind::Group(&APPLICABILITY),
    "To whom it applies; to everybody when left out.",
    &[],
);

pub(super) static PROTOCOL: Record = Record {
    name: "protocol",
    title: "A protocol",
    description: "One complaint: its findings from most to least urgent, what to do at home and what to watch for. The file name is the complaint.",
    keys: &[
        Key::required(
            "title",
            Kind::Text,
            "What a page calls the complaint.",
            &["Lower back pain"],
        ),
        Key::required(
            "lay_terms",
            TEXTS,
            "What patients call it.",
            &["threw my back out", "lumbago"],
        ),
        Key::required(
            "body_area",
            Kind::Word(words::<BodyArea>),
            "Where on the body it is.",
            &["back"],
        ),
        Key::optional(
            "also_in",
            Kind::List(&Kind::Word(words::<BodyArea>), Length::Any),
            "Other parts of the body under which people look for it on the body map.",
            &["leg"],
        ),
        Key::optional(
            "youngest_age_months",
            AGE_LIMIT,
            "Below this age in months the checker says whom to call.",
            &["0"],
        ),
        Key::optional(
            "oldest_age_years",
            AGE_LIMIT,
            "Above this age in years the checker says whom to call.",
            &["110"],
        ),
        Key::optional(
            "see_instead",
            Kind::Id(Shelf::Complaints),
            "The complaint for those who are too young or too old for this one.",
            &["neck-pain"],
        ),
        Key::optional(
            "articles",
            Kind::List(&Kind::Id(Shelf::Articles), Length::Any),
            "Articles on the complaint, best first; more may be named than exist.",
            &["lower-back-pain-popping-sound"],
        ),
        Key::optional(
            "service",
            Kind::Id(Shelf::Services),
            "The visit that fits.",
            &["back-pain-visit"],
        ),
        Key::optional(
            "safety_note",
            Kind::Text,
            "A sentence that is shown with every result.",
            &["Call us at any time if you are worried."],
        ),
        Key::optional(
            "signed_off_by",
            Kind::Text,
            "The id of the reviewer who has signed these levels; empty until then.",
            &["jane-doe"],
        ),
        Key::required(
            "default",
            Kind::Group(&DEFAULT),
            "The advice when no finding is present; findings can only raise it.",
            &[],
        ),
        SOURCE,
        Key::required(
            "finding",
            Kind::Groups(&[&FINDING, &USED_FINDING]),
            "A sign that decides how soon somebody needs care; most urgent first.",
            &[],
        ),
        Key::optional(
            "duration",
            Kind::Groups(&[&DURATION]),
            "How long is too long; only raises a level.",
            &[],
        ),
        Key::optional(
            "self_care",
            Kind::Groups(&[&SELF_CARE]),
            "What to do at home. Needed when the default level is `self-care`.",
            &[],
        ),
        Key::required(
            "watch_for",
            Kind::Groups(&[&WATCH_FOR]),
            "What would change the advice.",
            &[],
        ),
    ],
    one_of: &[],
};

static DEFAULT: Record = Record {
    name: "default",
    title: "The default advice",
    description: "The advice when no finding is present.",
    keys: &[
        Key::required("level", LEVEL, "How soon.", &["self-care"]),
        Key::required(
            "why",
            Kind::Text,
            "Why, for the patient.",
            &["Most back pain goes away within weeks."],
        ),
        SOURCES,
    ],
    one_of: &[],
};

static USED_FINDING: Record = Record {
    name: "used-finding",
    title: "A shared finding",
    description: "Takes a finding of `clinic/findings.toml`; no other key.",
    keys: &[Key::required(
        "use",
        Kind::Id(Shelf::Findings),
        "The id in `clinic/findings.toml`.",
        &["saddle-numbness"],
    )],
    one_of: &[],
};

/// Keys of a finding, wherever it stands.
macro_rules! finding_keys {
    ($id:literal) => {
        &[
            Key::required(
                "id",
                Kind::Id(Shelf::Here),
                "The name that forms and articles use; once in its protocol.",
                &[$id],
            ),
            Key::required(
                "level",
                LEVEL,
                "How soon somebody with this sign needs care.",
                &["emergency"],
            ),
            Key::required(
                "statement",
                WORDS,
                "The sign as the end of a sentence \"... if:\", without a period.",
                &["{your} inner thighs are newly numb"],
            ),
            Key::optional(
                "ask",
                WORDS,
                "The sign as a question; left out when a number decides alone.",
                &["Are {your} inner thighs newly numb?"],
            ),
            Key::optional(
                "when",
                Kind::Groups(&[&THRESHOLD]),
                "Numbers of which one must be reached.",
                &[],
            ),
            Key::required(
                "why",
                WORDS,
                "Why it matters, for the patient.",
                &["The nerves at the bottom of the spine may be squeezed."],
            ),
            Key::optional(
                "call",
                Kind::Word(words::<Hotline>),
                "Whom to call in an emergency; 911 when left out. In quotes.",
                &["911"],
            ),
            SOURCES,
            APPLIES_TO,
        ]
    };
}

static FINDING: Record = Record {
    name: "finding",
    title: "A finding",
    description: "One sign that decides how soon somebody needs care.",
    keys: finding_keys!("bladder-or-bowel"),
    one_of: &[&["ask", "when"]],
};

static SHARED_FINDING: Record = Record {
    name: "finding",
    title: "A shared finding",
    description: "One sign that several complaints share.",
    keys: finding_keys!("saddle-numbness"),
    one_of: &[&["ask", "when"]],
};

static THRESHOLD: Record = Record {
    name: "threshold",
    title: "A condition on a number",
    description: "Holds when the number is within both bounds.",
    keys: &[
        Key::required(
            "measure",
            Kind::Id(Shelf::Measures),
            "Which number, an id in `clinic/measures.toml`.",
            &["temperature"],
        ),
        Key::optional(
            "at_least",
            Kind::Number,
            "Holds from this number on.",
            &["103"],
        ),
        Key::optional(
            "under",
            Kind::Number,
            "Holds below this number.",
            &["110.5"],
        ),
    ],
    one_of: &[&["at_least", "under"]],
};

static APPLICABILITY: Record = Record {
    name: "applies-to",
    title: "Whom it applies to",
    description: "All that is named must hold. What is not known about a person counts as applying.",
    keys: &[
        Key::optional(
            "age_under_years",
            AGE,
            "Younger than this many years.",
            &["18"],
        ),
        Key::optional(
            "age_at_least_years",
            AGE,
            "At least this many years old.",
            &["1"],
        ),
        Key::optional(
            "age_under_months",
            AGE,
            "Younger than this many months.",
            &["216"],
        ),
        Key::optional(
            "age_at_least_months",
            AGE,
            "At least this many months old.",
            &["12"],
        ),
        Key::optional(
            "pregnant",
            Kind::Flag,
            "Is or might be pregnant.",
            &["true"],
        ),
        Key::optional(
            "pregnant_or_postpartum",
            Kind::Flag,
            "Is or might be pregnant, or gave birth within the last year.",
            &["true"],
        ),
        Key::optional(
            "immune_weak",
            Kind::Flag,
            "Has a weak immune system.",
            &["true"],
        ),
        Key::optional("has_diabetes", Kind::Flag, "Has diabetes.", &["true"]),
    ],
    one_of: &[],
};

static DURATION: Record = Record {
    name: "duration",
    title: "How long is too long",
    description: "A complaint that lasts longer needs at least this level.",
    keys: &[
        Key::required(
            "longer_than_days",
            Kind::Whole(1, 3660),
            "More than this many days.",
            &["28"],
        ),
        Key::required("level", LEVEL, "The least level from then on.", &["soon"]),
        SOURCES,
        APPLIES_TO,
    ],
    one_of: &[],
};

static SELF_CARE: Record = Record {
    name: "self-care",
    title: "A thing to do at home",
    description: "One thing to do at home.",
    keys: &[
        Key::required(
            "step",
            Kind::Text,
            "What to do, in whole sentences.",
            &["Keep moving gently. Take short walks."],
        ),
        SOURCES,
    ],
    one_of: &[],
};

static WATCH_FOR: Record = Record {
    name: "watch-for",
    title: "A sign to watch for",
    description: "A sign that would change the advice.",
    keys: &[
        Key::required(
            "level",
            LEVEL,
            "How soon somebody with this sign needs care.",
            &["urgent"],
        ),
        Key::required(
            "sign",
            Kind::Text,
            "The sign, in a few words.",
            &["fever, or pain that keeps getting worse"],
        ),
        SOURCES,
    ],
    one_of: &[],
};

pub(super) static FINDINGS: Record = Record {
    name: "findings",
    title: "Shared findings",
    description: "Findings that several complaints share, so that they can't disagree.",
    keys: &[
        SOURCE,
        Key::required(
            "finding",
            Kind::Groups(&[&SHARED_FINDING]),
            "One sign each.",
            &[],
        ),
    ],
    one_of: &[],
};
