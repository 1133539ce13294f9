//! What people type and what they must find. The first table is the promise of the search:
//! real words, misspellings and clinical words over the content that we ship.

#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    reason = "tests edit content on disk, and stop at once when something is not as they say"
)]

#[path = "support/folder.rs"]
mod folder;
#[path = "support/generated.rs"]
mod generated;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use folder::{Folder, repository};
use jiff::civil::{Date, date};
use proptest::prelude::*;
use signpost::disk::read_tree;
use signpost::search::{Found, Index, Indexer, Query, Scope};
use signpost::site::{Site, load};

const TODAY: Date = date(2026, 11, 25);

/// Our own content and its index.
static OURS: LazyLock<(Site, Index)> = LazyLock::new(|| {
    let site = site_of(repository(), TODAY);
    let index = indexed(&site, Scope::Listed);
    (site, index)
});

fn site_of(root: &std::path::Path, today: Date) -> Site {
    let tree = read_tree(root).expect("the content can be read");
    let (site, _) = load(&tree, &BTreeMap::new(), &["en".to_owned()], today, None);
    site.expect("there is a clinic")
}

fn indexed(site: &Site, scope: Scope) -> Index {
    let mut indexer = Indexer::new().expect("there is memory");
    indexer.follow(site, scope).expect("there is memory")
}

fn found(index: &Index, site: &Site, typed: &str) -> Found {
    let query = Query::read(typed);
    index.find(&query, site).expect("the index can be read")
}

/// What a result is, in short: `article sciatica`.
fn names(found: &Found) -> Vec<String> {
    let name = |hit: &signpost::search::Hit| {
        let kind = format!("{:?}", hit.entry.kind).to_lowercase();
        format!("{kind} {}", hit.entry.id)
    };
    found.hits.iter().map(name).collect()
}

/// What somebody types, and the first result that they must get.
const FIRST: &[(&str, &str)] = &[
    // Lay words.
    ("sciatica", "article sciatica"),
    ("back pain", "complaint lower-back-pain"),
    ("my back hurts", "complaint lower-back-pain"),
    ("my lower back really hurts", "complaint lower-back-pain"),
    ("pop in my back", "article lower-back-pain-popping-sound"),
    ("back cracking", "article lower-back-pain-popping-sound"),
    ("knee clicks when I walk", "article knee-popping-and-pain"),
    ("crunchy knees", "article knee-popping-and-pain"),
    ("twisted ankle", "article ankle-sprain"),
    ("rolled my ankle", "article ankle-sprain"),
    ("stiff neck", "article neck-pain"),
    ("crick in my neck", "complaint neck-pain"),
    ("tummy ache", "complaint abdominal-pain"),
    ("belly hurts", "complaint abdominal-pain"),
    ("throwing up", "complaint nausea-or-vomiting"),
    ("stomach bug", "article stomach-flu"),
    ("the runs", "complaint diarrhea"),
    ("can't poop", "complaint constipation"),
    ("can't pee", "complaint painful-urination"),
    ("burns when i pee", "complaint painful-urination"),
    ("burning when you pee", "complaint painful-urination"),
    ("uti", "article urinary-tract-infection"),
    ("bladder infection", "article urinary-tract-infection"),
    ("pink eye", "article pink-eye"),
    ("crusty eyes", "complaint eye-redness-or-discharge"),
    ("strep throat", "article sore-throat-strep"),
    ("hurts to swallow", "complaint sore-throat"),
    ("is it a cold or the flu", "article common-cold-vs-flu"),
    ("head cold", "article common-cold-vs-flu"),
    ("stuffed up", "complaint runny-or-stuffy-nose"),
    ("hay fever", "article seasonal-allergies"),
    ("sinus pressure", "article sinus-infection"),
    ("heartburn", "article acid-reflux-heartburn"),
    ("acid reflux", "complaint heartburn"),
    ("can't sleep", "article insomnia"),
    ("wide awake at night trouble sleeping", "article insomnia"),
    ("panic attack", "article panic-attack-vs-heart-attack"),
    ("worry too much", "complaint anxiety-or-panic"),
    ("high blood pressure", "article high-blood-pressure"),
    ("bp 180 over 120", "complaint high-blood-pressure-reading"),
    (
        "early signs of diabetes",
        "article type-2-diabetes-early-signs",
    ),
    ("sugar is high", "complaint high-or-low-blood-sugar"),
    ("bad headache", "complaint headache"),
    ("throbbing headache", "article migraine"),
    ("earache", "complaint ear-pain"),
    ("bloody nose", "complaint nosebleed"),
    ("bee sting", "complaint bite-or-sting"),
    ("poison ivy", "complaint rash"),
    ("baby won't stop crying", "complaint crying-baby"),
    ("tired all the time", "complaint fatigue"),
    ("heart skips a beat", "complaint palpitations"),
    ("hit my head", "complaint head-injury"),
    // Misspellings.
    ("siatica", "article sciatica"),
    ("syatica", "article sciatica"),
    ("pink i", "article pink-eye"),
    ("pinkeye", "article pink-eye"),
    ("acid reflex", "complaint heartburn"),
    ("migrane", "article migraine"),
    ("mygrane", "article migraine"),
    ("diarea", "complaint diarrhea"),
    ("diarrhoea", "complaint diarrhea"),
    ("dizzyness", "complaint dizziness-or-vertigo"),
    ("soar throat", "complaint sore-throat"),
    ("sore thoat", "complaint sore-throat"),
    ("hi blood pressure", "article high-blood-pressure"),
    ("ankel sprain", "article ankle-sprain"),
    ("insomia", "article insomnia"),
    ("hemroids", "complaint rectal-bleeding"),
    ("alergies", "article seasonal-allergies"),
    ("backpain", "complaint lower-back-pain"),
    ("head ache", "complaint headache"),
    ("neumonia", "complaint cough"),
    ("hart atack", "article panic-attack-vs-heart-attack"),
    ("hart burn", "article acid-reflux-heartburn"),
    ("hed ache", "complaint headache"),
    ("brething problem", "complaint trouble-breathing"),
    ("diabetis", "article type-2-diabetes-early-signs"),
    ("sor throat", "complaint sore-throat"),
    ("nek pain", "article neck-pain"),
    ("bak pain", "complaint lower-back-pain"),
    ("knee pian", "complaint knee-pain"),
    ("stif neck", "article neck-pain"),
    ("blod in stool", "complaint rectal-bleeding"),
    ("uit", "article urinary-tract-infection"),
    // Clinical words.
    ("conjunctivitis", "article pink-eye"),
    ("hypertension", "article high-blood-pressure"),
    ("GERD", "article acid-reflux-heartburn"),
    ("gastroenteritis", "article stomach-flu"),
    ("lumbar radiculopathy", "article sciatica"),
    ("allergic rhinitis", "article seasonal-allergies"),
    ("streptococcal pharyngitis", "article sore-throat-strep"),
    ("sinusitis", "article sinus-infection"),
    ("dysuria", "article urinary-tract-infection"),
    ("syncope", "complaint fainting"),
    ("hematuria", "complaint blood-in-urine"),
    ("epistaxis", "complaint nosebleed"),
    ("herniated disk", "term herniated-disk"),
    ("osteoporosis", "term osteoporosis"),
    // Plurals and other endings.
    ("migraines", "article migraine"),
    ("sprained ankles", "article ankle-sprain"),
    ("sinus infections", "article sinus-infection"),
    ("headaches", "complaint headache"),
    ("vomiting", "complaint nausea-or-vomiting"),
    ("fainted", "complaint fainting"),
    // Topics, visits, people.
    ("sleep and mind", "topic sleep-and-mind"),
    ("back pain visit", "service back-pain-visit"),
    ("headache visit", "service headache-visit"),
    ("sample reviewer", "person sample-reviewer"),
];

#[test]
fn people_find_first_what_they_mean() {
    let (site, index) = &*OURS;
    let mut faults = Vec::new();
    for (typed, expected) in FIRST {
        let hits = names(&found(index, site, typed));
        if hits.first().map(String::as_str) != Some(expected) {
            let first: Vec<&String> = hits.iter().take(3).collect();
            faults.push(format!("`{typed}`: expected {expected}, found {first:?}"));
        }
    }
    assert!(
        faults.is_empty(),
        "{} faults:\n  {}",
        faults.len(),
        faults.join("\n  ")
    );
}

#[test]
fn a_page_whose_name_is_just_what_was_asked_hides_no_other_on_it() {
    let rows: &[(&str, &[&str])] = &[
        ("headache", &["article migraine", "service headache-visit"]),
        ("cold", &["article common-cold-vs-flu"]),
        (
            "back pain",
            &["article sciatica", "service back-pain-visit"],
        ),
    ];
    let (site, index) = &*OURS;
    for (typed, expected) in rows {
        let hits = names(&found(index, site, typed));
        for own in *expected {
            let is_there = hits.iter().take(12).any(|hit| hit == own);
            assert!(is_there, "`{typed}`: {own} is not among {hits:?}");
        }
    }
}

#[test]
fn a_title_finds_its_own_page_first() {
    let (site, index) = &*OURS;
    for article in site.listed_articles() {
        let first = names(&found(index, site, &article.title))
            .into_iter()
            .next();
        assert_eq!(first, Some(format!("article {}", article.slug)));
    }
    for protocol in site.protocols.values() {
        let hits = names(&found(index, site, &protocol.title));
        let own = format!("complaint {}", protocol.complaint);
        assert!(
            hits.iter().take(2).any(|hit| *hit == own),
            "{own}: {hits:?}"
        );
    }
}

#[test]
fn every_lay_term_leads_to_its_complaint() {
    let (site, index) = &*OURS;
    let mut faults = Vec::new();
    for protocol in site.protocols.values() {
        let own = format!("complaint {}", protocol.complaint);
        for term in &protocol.lay_terms {
            let hits = names(&found(index, site, term));
            if !hits.iter().take(5).any(|hit| *hit == own) {
                faults.push(format!("`{term}`: {own} is not among {:?}", hits.get(..5)));
            }
        }
    }
    assert!(
        faults.is_empty(),
        "{} faults:\n  {}",
        faults.len(),
        faults.join("\n  ")
    );
}

#[test]
fn a_mistake_is_told_and_a_likelier_word_is_offered() {
    let rows = [
        ("siatica", Some("sciatica")),
        ("my siatica!", Some("my sciatica!")),
        ("pink i", Some("pink eye")),
        ("backpain", Some("back pain")),
        ("sciatica", None),
        ("xqzwv", None),
        // The words around it tell what was meant.
        ("hart atack", Some("heart attack")),
        ("signs of a hart attack", Some("signs of a heart attack")),
        ("hart burn", Some("heartburn")),
        ("hed ache", Some("headache")),
        ("sor throat", Some("sore throat")),
        ("my nek pain", Some("my neck pain")),
        ("bak pain", Some("back pain")),
        ("knee pian", Some("knee pain")),
        ("chest pan", Some("chest pain")),
        ("pian in my chest", Some("pain in my chest")),
        ("brething problem", Some("breathing problem")),
        ("hi blod pressure", Some("hi blood pressure")),
        ("diabetis", Some("diabetes")),
        ("migrane", Some("migraine")),
        ("pnuemonia", Some("pneumonia")),
        ("pinced nerve", Some("pinched nerve")),
        // Alone, three letters may mean too many things.
        ("sor", None),
    ];
    let (site, index) = &*OURS;
    for (typed, corrected) in rows {
        assert_eq!(
            found(index, site, typed).corrected.as_deref(),
            corrected,
            "{typed}"
        );
    }
}

#[test]
fn a_likelier_word_is_offered_where_all_are_in_use() {
    let rows = [
        ("heat attack", Some("heart attack")),
        ("heart attack", None),
        ("back pain", None),
        ("knee rash", None),
        ("neck hurts", None),
    ];
    let (site, index) = &*OURS;
    for (typed, offered) in rows {
        let found = found(index, site, typed);
        assert_eq!(found.offered.as_deref(), offered, "{typed}");
    }
}

#[test]
fn a_word_of_the_glossary_leads_to_its_place_there() {
    let (site, index) = &*OURS;
    for (id, term) in site.glossary.iter() {
        let found = found(index, site, &term.term);
        let own =
            |hit: &&signpost::search::Hit| hit.entry.address == format!("/glossary#term-{id}");
        assert!(found.hits.iter().any(|hit| own(&hit)), "{}", term.term);
    }
}

#[test]
fn every_wrong_spelling_of_our_list_is_told() {
    let (site, index) = &*OURS;
    let wrong = site.synonyms.sets.iter().flat_map(|set| &set.misspelled);
    let untold: Vec<&String> = wrong
        .filter(|typed| {
            let found = found(index, site, typed);
            found.corrected.is_none() && !found.hits.is_empty()
        })
        .collect();
    assert!(
        untold.is_empty(),
        "they are read as other words: {untold:?}"
    );
}

#[test]
fn nothing_is_found_where_no_word_is_known() {
    let (site, index) = &*OURS;
    for typed in ["xqzwv", "!!!", "", "1234567890123"] {
        assert_eq!(
            names(&found(index, site, typed)),
            Vec::<String>::new(),
            "{typed}"
        );
    }
}

#[test]
fn an_excerpt_marks_the_words_that_were_asked() {
    let (site, index) = &*OURS;
    let found = found(index, site, "pollen sneezing");
    let first = found.hits.first().expect("something is found");
    let excerpt = first.excerpt.as_ref().expect("an article shows a text");
    let marked: Vec<&str> = excerpt
        .parts
        .iter()
        .filter(|(_, is_marked)| *is_marked)
        .map(|(text, _)| text.as_str())
        .collect();
    assert!(marked.contains(&"pollen"), "{marked:?}");
    assert!(excerpt.plain().len() < 300);
}

#[test]
fn suggestions_go_on_with_what_is_typed() {
    let rows: &[(&str, &str)] = &[
        ("sci", "/articles/sciatica"),
        ("pink", "/articles/pink-eye"),
        ("high bl", "/articles/high-blood-pressure"),
        ("migr", "/articles/migraine"),
        ("nosebl", "/symptoms/nosebleed"),
        ("ut", "/articles/urinary-tract-infection"),
        ("siati", "/articles/sciatica"),
        ("back pain vis", "/book/back-pain-visit"),
    ];
    let (site, index) = &*OURS;
    for (typed, expected) in rows {
        let suggested = index
            .suggest(&Query::read(typed), site)
            .expect("the index can be read");
        let addresses: Vec<&str> = suggested.iter().map(|own| own.address.as_str()).collect();
        assert_eq!(addresses.first(), Some(expected), "{typed}: {addresses:?}");
        assert!(addresses.len() <= 6);
    }
    for typed in ["", "xqzwv"] {
        let suggested = index
            .suggest(&Query::read(typed), site)
            .expect("the index can be read");
        assert!(suggested.is_empty(), "{typed}");
    }
}

#[test]
fn drafts_later_and_withdrawn_articles_are_found_by_editors_alone_or_by_nobody() {
    let folder = Folder::copied();
    folder.edit(
        "articles/sciatica.md",
        "\nreviewer: ",
        "\ndraft: true\nreviewer: ",
    );
    let site = site_of(folder.root(), TODAY);
    let readers = indexed(&site, Scope::Listed);
    let editors = indexed(&site, Scope::WithDrafts);
    let own = "article sciatica".to_owned();
    assert!(!names(&found(&readers, &site, "sciatica")).contains(&own));
    assert!(names(&found(&editors, &site, "sciatica")).contains(&own));
}

#[test]
fn what_is_long_overdue_or_gone_is_not_found_even_in_an_older_index() {
    let folder = Folder::copied();
    let before = site_of(folder.root(), TODAY);
    let index = indexed(&before, Scope::Listed);
    let own = "article sciatica".to_owned();
    assert!(names(&found(&index, &before, "sciatica")).contains(&own));
    let years_later = site_of(folder.root(), date(2036, 1, 1));
    assert!(!names(&found(&index, &years_later, "sciatica")).contains(&own));
    folder.remove("articles/sciatica.md");
    let after = site_of(folder.root(), TODAY);
    assert!(!names(&found(&index, &after, "sciatica")).contains(&own));
}

#[test]
fn an_index_that_followed_edits_answers_like_one_that_was_made_anew() {
    const ARTICLES: usize = 24;
    let folder = Folder::copied();
    let clinic = generated::Clinic::of(folder.root());
    generated::write_articles(folder.root(), ARTICLES);
    let mut indexer = Indexer::new().expect("there is memory");
    let mut dice = generated::Dice::new(7);
    let queries = [
        "knee",
        "trouble with the elbow",
        "study heals",
        "back pain",
        "sciatica",
        "elbw",
        "part 7",
    ];
    for round in 0..6 {
        for _ in 0..3 {
            let number = dice.below(ARTICLES);
            let file = format!("articles/{}.md", generated::slug(number));
            let text = generated::article(number, ARTICLES, &clinic);
            match dice.below(3) {
                0 => folder.write(
                    &file,
                    &text.replacen("title: \"", "title: \"Sciatica and ", 1),
                ),
                1 => folder.write(&file, &format!("{text}\nElbows in round {round}.\n")),
                _ => folder.write(
                    &file,
                    &text.replacen("\nconflicts:", "\ndraft: true\nconflicts:", 1),
                ),
            }
        }
        let site = site_of(folder.root(), TODAY);
        let followed = indexer
            .follow(&site, Scope::Listed)
            .expect("there is memory");
        let anew = indexed(&site, Scope::Listed);
        assert_eq!(followed.len(), anew.len(), "round {round}");
        for typed in queries {
            assert_eq!(
                found(&followed, &site, typed),
                found(&anew, &site, typed),
                "round {round}: {typed}"
            );
            let query = Query::read(typed);
            let (one, other) = (followed.suggest(&query, &site), anew.suggest(&query, &site));
            assert_eq!(
                one.expect("it can be read"),
                other.expect("it can be read"),
                "round {round}: {typed}"
            );
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_text_stops_the_search(typed in ".{0,400}") {
        let (site, index) = &*OURS;
        let found = found(index, site, &typed);
        prop_assert!(found.hits.len() <= 30);
        index.suggest(&Query::read(&typed), site).expect("the index can be read");
    }

    #[test]
    fn no_bytes_stop_the_search(bytes in proptest::collection::vec(any::<u8>(), 0..2000)) {
        let (site, index) = &*OURS;
        let typed = String::from_utf8_lossy(&bytes);
        prop_assert!(Query::read(&typed).text().chars().count() <= signpost::search::MAX_CHARS);
        prop_assert!(found(index, site, &typed).hits.len() <= 30);
    }

    #[test]
    fn words_of_our_pages_in_any_order_find_something(words in proptest::sample::subsequence(
        vec!["back", "pain", "knee", "hurts", "fever", "my", "child", "can't", "sleep", "eye"], 1..8).prop_shuffle()) {
        let (site, index) = &*OURS;
        let typed = words.join(" ");
        prop_assume!(typed != "my");
        prop_assert!(!found(index, site, &typed).hits.is_empty(), "{}", typed);
    }
}
