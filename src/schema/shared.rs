//! `measures.toml`, `emergency-words.toml`, `synonyms.toml` and `glossary.toml`: numbers and words that no
//! protocol and no article has for itself, because several of them share these.

use super::article::ANY_SOURCE;
use super::forms::SOURCE_ID;
use super::{Key, Kind, Length, Record, Shelf, TEXTS};

pub(super) static MEASURES: Record = Record {
    name: "measures",
    title: "Measures",
    description: "Numbers that the symptom checker asks for.",
    keys: &[Key::required(
        "measure",
        Kind::Groups(&[&MEASURE]),
        "One number each.",
        &[],
    )],
    one_of: &[],
};

static MEASURE: Record = Record {
    name: "measure",
    title: "A measure",
    description: "A number that can be asked for.",
    keys: &[
        Key::required(
            "id",
            Kind::Id(Shelf::Here),
            "The name in protocols and forms.",
            &["temperature"],
        ),
        Key::required(
            "ask",
            Kind::Text,
            "The question.",
            &["What is the temperature?"],
        ),
        Key::required(
            "hint",
            Kind::Text,
            "How to write the number.",
            &["In degrees Fahrenheit, such as 101.5."],
        ),
        Key::required("unit", Kind::Text, "The unit behind the number.", &["°F"]),
        Key::required(
            "least",
            Kind::Number,
            "The least number that can be true, in the unit.",
            &["80"],
        ),
        Key::required(
            "most",
            Kind::Number,
            "The greatest number that can be true, in the unit.",
            &["115"],
        ),
        Key::required(
            "unsure_counts_as",
            Kind::Number,
            "What \"I'm not sure\" counts as: the more careful of the usual numbers.",
            &["101"],
        ),
        Key::optional("choice", Kind::Groups(&[&CHOICE]), "Answers in words.", &[]),
    ],
    one_of: &[],
};

static CHOICE: Record = Record {
    name: "choice",
    title: "An answer in words",
    description: "An answer in words that stands for a number.",
    keys: &[
        Key::required(
            "id",
            Kind::Id(Shelf::Here),
            "The name in forms and vignettes; once in its measure.",
            &["normal"],
        ),
        Key::required(
            "label",
            Kind::Text,
            "The words.",
            &["No fever, or it feels normal"],
        ),
        Key::required(
            "counts_as",
            Kind::Number,
            "The number that it counts as.",
            &["98.6"],
        ),
    ],
    one_of: &[],
};

pub(super) static EMERGENCY_WORDS: Record = Record {
    name: "emergency-words",
    title: "Words that tell of an emergency",
    description: "The advice to call stands above what was found when these words are there, in any order.",
    keys: &[Key::required(
        "emergency",
        Kind::Groups(&[&EMERGENCY]),
        "One set of words each.",
        &[],
    )],
    one_of: &[],
};

static EMERGENCY: Record = Record {
    name: "emergency",
    title: "A set of words",
    description: "Words that tell of one emergency finding.",
    keys: &[
        Key::required(
            "finding",
            Kind::Id(Shelf::Findings),
            "The emergency finding, in `clinic/findings.toml` or in the protocol of `complaint`.",
            &["bladder-or-bowel"],
        ),
        Key::optional(
            "complaint",
            Kind::Id(Shelf::Complaints),
            "The complaint whose finding it is; left out for a shared one.",
            &["lower-back-pain"],
        ),
        Key::required(
            "all",
            Kind::List(&TEXTS, Length::Any),
            "Lists of words: of each list one word must be there. Typing mistakes and endings are forgiven.",
            &["numb", "tingling"],
        ),
        Key::optional(
            "unless",
            TEXTS,
            "Words that give the others another meaning.",
            &["tooth"],
        ),
    ],
    one_of: &[],
};

pub(super) static SYNONYMS: Record = Record {
    name: "synonyms",
    title: "Same words",
    description: "Words that people use for the same thing, for the search.",
    keys: &[
        Key::required(
            "reviewer",
            Kind::Id(Shelf::People),
            "Who looked through the whole list.",
            &["sample-reviewer"],
        ),
        Key::required(
            "reviewed_on",
            Kind::Date,
            "The day of that.",
            &["2026-10-05"],
        ),
        Key::optional(
            "review_due",
            Kind::Date,
            "The last day for the next review, where it is not the clinic's interval.",
            &["2027-10-05"],
        ),
        Key::required(
            "same",
            Kind::Groups(&[&SAME]),
            "One set of words each.",
            &[],
        ),
    ],
    one_of: &[],
};

static SAME: Record = Record {
    name: "same",
    title: "A set of words",
    description: "Words or short phrases for the same thing. A phrase stands in one set.",
    keys: &[
        Key::required(
            "words",
            TEXTS,
            "The words, at most 8 in a phrase; two at least, or one with wrong spellings.",
            &["belly", "tummy"],
        ),
        Key::optional(
            "misspelled",
            TEXTS,
            "Wrong spellings of the first word that are further off than one letter.",
            &["bellie"],
        ),
    ],
    one_of: &[],
};

pub(super) static GLOSSARY: Record = Record {
    name: "glossary",
    title: "A glossary",
    description: "Medical terms and what they are in plain words.",
    keys: &[
        Key::required("term", Kind::Groups(&[&TERM]), "One term each.", &[]),
        Key::optional(
            "source",
            Kind::Groups(ANY_SOURCE),
            "A work that an explanation relies on; something must cite it.",
            &[],
        ),
    ],
    one_of: &[],
};

static TERM: Record = Record {
    name: "term",
    title: "A term",
    description: "A medical term.",
    keys: &[
        Key::required(
            "id",
            Kind::Id(Shelf::Here),
            "The name in files and addresses.",
            &["osteoporosis"],
        ),
        Key::required(
            "term",
            Kind::Text,
            "The term as a text writes it.",
            &["osteoporosis"],
        ),
        Key::required(
            "plain",
            Kind::Text,
            "The same in plain words.",
            &["weak bones"],
        ),
        Key::optional(
            "also",
            TEXTS,
            "Other forms, such as plurals and abbreviations; each belongs to one term.",
            &["osteoporotic"],
        ),
        Key::required(
            "explain",
            Kind::Text,
            "One or two sentences that explain it.",
            &["Bones that have become thin and break more easily."],
        ),
        Key::optional(
            "sources",
            Kind::List(&Kind::Form(&SOURCE_ID), Length::Any),
            "The works that say so, ids of `[[source]]`.",
            &["wenker2023", "smith-back-pain"],
        ),
    ],
    one_of: &[],
};
