//! Front matter: of articles and of the clinic's own pages; and sources, whose keys
//! articles and protocols share.

use super::forms::{AUTHOR, DOI, ISSUED, PMCID, PMID, SOURCE_ID, WEB_ADDRESS};
use super::{Key, Kind, Length, Record, Shelf, TEXTS, words};
use crate::content::{CodeSystem, allowable_codes};
use crate::source::SourceKind;

const SLUGS: Kind = Kind::List(&Kind::Id(Shelf::Articles), Length::Any);

pub(super) static ARTICLE: Record = Record {
    name: "article",
    title: "An article",
    description: "What stands above the text of an article. The file name is the last part of its address.",
    keys: &[
        Key::required(
            "title",
            Kind::Text,
            "The heading of the page.",
            &["Sciatica: what it can mean"],
        ),
        Key::required(
            "description",
            Kind::Text,
            "One or two sentences for lists and search engines, best under 160 characters.",
            &["What sciatica is, what helps at home, and when to get help fast."],
        ),
        Key::optional(
            "lang",
            Kind::Text,
            "The language; the clinic's when left out.",
            &["en"],
        ),
        Key::required(
            "topic",
            Kind::Id(Shelf::Topics),
            "The shelf, an id in `clinic/topics.toml`.",
            &["back-and-joints"],
        ),
        Key::required(
            "complaint",
            Kind::Id(Shelf::Complaints),
            "A file in `clinic/protocols/`; its care cards appear on the page.",
            &["lower-back-pain"],
        ),
        Key::optional(
            "service",
            Kind::Id(Shelf::Services),
            "The visit to offer, an id in `clinic/services.toml`.",
            &["back-pain-visit"],
        ),
        Key::optional(
            "also_called",
            TEXTS,
            "Other names; they become entries of the A to Z list.",
            &["sciatic nerve pain", "pinched nerve in the back"],
        ),
        Key::optional(
            "aliases",
            Kind::List(&Kind::Id(Shelf::Here), Length::Any),
            "Old addresses, answered with a redirect.",
            &["leg-nerve-pain"],
        ),
        Key::required(
            "authors",
            Kind::List(&Kind::Id(Shelf::People), Length::Any),
            "Who wrote it, ids in `clinic/people.toml`.",
            &["jane-roe"],
        ),
        Key::required(
            "reviewer",
            Kind::Id(Shelf::People),
            "Who vouches for it, an id in `clinic/people.toml` with credentials; not an author.",
            &["jane-doe"],
        ),
        Key::required(
            "conflicts",
            Kind::Text,
            "`none`, or a sentence that names the conflict of interest.",
            &["none"],
        ),
        Key::required(
            "published_on",
            Kind::Date,
            "The day on which it appears.",
            &["2026-10-05"],
        ),
        Key::optional(
            "updated_on",
            Kind::Date,
            "The day of a small edit after publication.",
            &["2026-11-02"],
        ),
        Key::required(
            "reviewed_on",
            Kind::Date,
            "The day of the last review of the whole page.",
            &["2026-11-02"],
        ),
        Key::optional(
            "review_due",
            Kind::Date,
            "When the next review is due; the clinic's interval when left out.",
            &["2027-11-02"],
        ),
        Key::optional("draft", Kind::Flag, "Hides the article.", &["false"]),
        Key::optional(
            "withdrawn",
            Kind::Group(&WITHDRAWN),
            "Takes the article back: its address then answers \"gone\" with a reason.",
            &[],
        ),
        Key::required(
            "takeaways",
            Kind::List(&Kind::Text, Length::Between(3, 5)),
            "What to remember: 3 to 5, one sentence each, with citations. One that says 911 must name its finding.",
            &[
                "Sciatica is a sign that something bothers the sciatic nerve.[@wenker2023]",
                "Keep up gentle movement.[@wenker2023]",
                "It can clear up without treatment.[@smith-back-pain]",
            ],
        ),
        Key::optional(
            "codes",
            Kind::Groups(&[&CODE]),
            "What the article is about, in the codes of clinics.",
            &[],
        ),
        Key::optional(
            "related",
            SLUGS,
            "Articles that are pinned at the end of the page.",
            &["lower-back-pain-popping-sound"],
        ),
        Key::optional(
            "changes",
            Kind::Groups(&[&CHANGE]),
            "What changed since the first version; shown on the page.",
            &[],
        ),
        Key::optional(
            "allow",
            Kind::Groups(&[&ALLOWANCE]),
            "Style warnings that the author explains away, one entry for one warning.",
            &[],
        ),
        Key::required(
            "sources",
            Kind::Groups(ANY_SOURCE),
            "The works that the article relies on; each must be cited in the text.",
            &[],
        ),
    ],
    one_of: &[],
};

static WITHDRAWN: Record = Record {
    name: "withdrawn",
    title: "A withdrawal",
    description: "When and why the article was taken back.",
    keys: &[
        Key::required("on", Kind::Date, "From this day on.", &["2027-01-20"]),
        Key::required(
            "why",
            Kind::Text,
            "One sentence for the reader.",
            &["The advice is no longer current."],
        ),
        Key::optional(
            "see",
            Kind::Id(Shelf::Articles),
            "Where to go instead.",
            &["lower-back-pain-popping-sound"],
        ),
    ],
    one_of: &[],
};

static CHANGE: Record = Record {
    name: "change",
    title: "A change",
    description: "What changed on a day, in one sentence.",
    keys: &[
        Key::required("on", Kind::Date, "The day.", &["2026-11-02"]),
        Key::required(
            "what",
            Kind::Text,
            "One sentence for the reader.",
            &["We added what to do about numb feet."],
        ),
    ],
    one_of: &[],
};

static ALLOWANCE: Record = Record {
    name: "allowance",
    title: "A warning that is explained away",
    description: "One style warning at one place, and why it may stay.",
    keys: &[
        Key::required(
            "code",
            Kind::Word(allowable_codes),
            "The code of the warning.",
            &["source-old"],
        ),
        Key::optional(
            "at",
            Kind::Text,
            "Words of the place; left out for a warning about the whole page.",
            &["can be felt"],
        ),
        Key::required(
            "why",
            Kind::Text,
            "Why it may stay, for whoever edits next.",
            &["No newer work says this."],
        ),
    ],
    one_of: &[],
};

static CODE: Record = Record {
    name: "code",
    title: "A code",
    description: "A code of a clinical coding system.",
    keys: &[
        Key::required(
            "system",
            Kind::Word(words::<CodeSystem>),
            "Which system.",
            &["icd-10-cm"],
        ),
        Key::required(
            "code",
            Kind::Text,
            "The code, always in quotes.",
            &["M54.30"],
        ),
        Key::optional(
            "display",
            Kind::Text,
            "What the system calls it.",
            &["Sciatica, unspecified side"],
        ),
    ],
    one_of: &[],
};

pub(super) static PAGE_TEXT: Record = Record {
    name: "page-text",
    title: "A page of the clinic's own words",
    description: "What stands above the text of a page such as privacy.",
    keys: &[
        Key::required(
            "title",
            Kind::Text,
            "The heading of the page.",
            &["Privacy"],
        ),
        Key::required(
            "description",
            Kind::Text,
            "One or two sentences for search engines.",
            &["What this site knows about its readers: nothing."],
        ),
        Key::required(
            "updated_on",
            Kind::Date,
            "The day of the last change.",
            &["2026-11-01"],
        ),
        Key::optional(
            "review_due",
            Kind::Date,
            "The last day on which somebody looks at the whole page again; the page says it.",
            &["2027-11-01"],
        ),
    ],
    one_of: &[],
};

const AUTHORS: Kind = Kind::List(&Kind::Form(&AUTHOR), Length::Any);

const ID: Key = Key::required(
    "id",
    Kind::Form(&SOURCE_ID),
    "What a citation names, such as `wenker2023`.",
    &["wenker2023"],
);
const TITLE: Key = Key::required(
    "title",
    Kind::Text,
    "The title as printed, or a description of ours.",
    &["Acute lumbar back pain"],
);
const ISSUED_ON: Key = Key::required(
    "issued",
    Kind::Form(&ISSUED),
    "When it was issued, as exactly as it says; `undated` for a page without a date.",
    &["2023-06"],
);

/// Keys that every source may have, after its id and type.
macro_rules! source_keys {
    ([$doi:literal, $pmid:literal, $pmcid:literal, $url:literal] $($own:expr),+) => {
        &[
            $($own,)+
            Key::optional("title_supplied", Kind::Flag, "The title is a description of ours; it is then set in brackets.", &["false"]),
            Key::optional("authors", AUTHORS, "As `Family, Given M.`; a suffix stands second. An organization is a name without comma.", &["Wenker, Kyle J.", "National Library of Medicine (US)"]),
            Key::optional("et_al", Kind::Flag, "The list names only the first authors.", &["false"]),
            Key::optional("container", Kind::Text, "The journal, book or site that holds it, with its full name.", &["Journal of Clinical Medicine"]),
            Key::optional("container_short", Kind::Text, "The abbreviation of a journal in the NLM catalog, without periods.", &["J Clin Med"]),
            Key::optional("publisher", Kind::Text, "Who issued it.", &["MDPI"]),
            Key::optional("accessed", Kind::Date, "The day on which somebody last read the page.", &["2026-10-30"]),
            Key::optional("volume", Kind::Text, "The volume of a journal, in quotes.", &["12"]),
            Key::optional("issue", Kind::Text, "The issue of a journal, in quotes.", &["17"]),
            Key::optional("page", Kind::Text, "A page, a range, or an article number.", &["5510"]),
            Key::optional("doi", Kind::Form(&DOI), "The DOI alone, without an address before it.", &[$doi]),
            Key::optional("pmid", Kind::Form(&PMID), "The number in PubMed, in quotes.", &[$pmid]),
            Key::optional("pmcid", Kind::Form(&PMCID), "The number in PubMed Central, with `PMC`.", &[$pmcid]),
            Key::optional("url", Kind::Form(&WEB_ADDRESS), "Where it was read.", &[$url])
        ]
    };
}

const WHERE_IT_STANDS: &[&str] = &["doi", "pmid", "pmcid", "url"];

/// A source of any type.
pub(super) const ANY_SOURCE: &[&Record] = &[&WORK, &FINISHED];

static WORK: Record = Record {
    name: "source",
    title: "A source",
    description: "A work with the facts that a reader needs to find it.",
    keys: source_keys![
        ["10.3390/jcm12175510", "37685576", "PMC10487902", "https://www.mdpi.com/2077-0383/12/17/5510"]
        ID,
        Key::required(
            "type",
            Kind::Word(kinds_of_work),
            "What sort of work it is.",
            &["article-journal"]
        ),
        TITLE,
        ISSUED_ON,
        Key::optional("text", Kind::Text, "Read for the type `text` alone.", &[])
    ],
    one_of: &[&["authors", "publisher"], WHERE_IT_STANDS],
};

static FINISHED: Record = Record {
    name: "finished-source",
    title: "A finished reference",
    description: "A source that fits no other type, as a reference in the author's own words.",
    keys: source_keys![
        ["10.1000/spine-day", "1", "PMC1", "https://spine.example/talks/2024"]
        Key {
            example: &["smith-back-pain"],
            ..ID
        },
        Key::required(
            "type",
            Kind::Word(finished),
            "`text`: a finished reference.",
            &["text"]
        ),
        Key::required(
            "text",
            Kind::Text,
            "The whole reference, as it is to be printed.",
            &["Smith J. Back pain. Lecture at: Spine Day; May 2, 2024; Boston, MA."]
        ),
        Key::optional("title", Kind::Text, "The title, for lists.", &["Back pain"]),
        Key {
            need: super::Need::Optional,
            ..ISSUED_ON
        }
    ],
    one_of: &[WHERE_IT_STANDS],
};

fn kinds_of_work() -> Vec<&'static str> {
    let kinds = SourceKind::ALL.into_iter();
    kinds
        .filter(|kind| *kind != SourceKind::Text)
        .map(SourceKind::name)
        .collect()
}

fn finished() -> Vec<&'static str> {
    vec![SourceKind::Text.name()]
}
