//! How a source looks in the list of sources: AMA 11, MLA 9, and Vancouver as NLM prints it.
//! Apart from the source itself, so that each style is one short set of patterns beside its tests.
//! It prints what the record holds: no date, place or name is made up, and no title loses capitals.
//! It makes no HTML; runs of text say what is italic and what is a link.

mod ama;
mod date;
mod line;
mod mla;
mod name;
mod place;
mod title;
mod vancouver;

use std::str::FromStr;

use self::line::{Line, linked};
use self::name::short_name;
use crate::source::{Author, Expected, Source, SourceKind};

/// The style a clinic has chosen for its lists of sources.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ReferenceStyle {
    /// AMA Manual of Style, 11th edition.
    Ama,
    /// MLA Handbook, 9th edition.
    Mla,
    /// Vancouver as in NLM's *Citing Medicine*, 2nd edition.
    Vancouver,
}

impl ReferenceStyle {
    /// Whether the list is numbered by first citation; otherwise it follows [`sort_key`].
    pub fn is_numbered(self) -> bool {
        match self {
            Self::Ama | Self::Vancouver => true,
            Self::Mla => false,
        }
    }
}

impl FromStr for ReferenceStyle {
    type Err = Expected;

    /// # Errors
    /// Another name: for the operator.
    fn from_str(text: &str) -> Result<Self, Expected> {
        match text {
            "ama" => Ok(Self::Ama),
            "mla" => Ok(Self::Mla),
            "vancouver" => Ok(Self::Vancouver),
            _ => Err(Expected("`ama`, `mla` or `vancouver`")),
        }
    }
}

/// A piece of a reference that looks the same throughout. No text is escaped for HTML.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Run {
    /// Upright text.
    Text(String),
    /// Italic text: the name of a journal, a book or a site.
    Italic(String),
    /// Upright text that leads somewhere.
    Link {
        /// What the reader sees.
        text: String,
        /// Where it leads; absolute.
        href: String,
    },
    /// The title of a book or a report: italic, and leads somewhere.
    ItalicLink {
        /// What the reader sees.
        text: String,
        /// Where it leads; absolute.
        href: String,
    },
}

impl Run {
    fn text(&self) -> &str {
        match self {
            Self::Text(text) | Self::Italic(text) => text,
            Self::Link { text, .. } | Self::ItalicLink { text, .. } => text,
        }
    }
}

/// The text of a reference without italics and links.
pub fn plain(runs: &[Run]) -> String {
    runs.iter().map(Run::text).collect()
}

/// One entry of the list of sources. Its title leads to the best address of the source, and every
/// identifier or address that the style prints leads where it says.
pub fn reference(source: &Source, style: ReferenceStyle) -> Vec<Run> {
    let line = match (source.kind, &source.text, style) {
        (SourceKind::Text, Some(text), _) => finished(source, text),
        (_, _, ReferenceStyle::Ama) => ama::compose(source),
        (_, _, ReferenceStyle::Mla) => mla::compose(source),
        (_, _, ReferenceStyle::Vancouver) => vancouver::compose(source),
    };
    line.runs
}

/// Where a source stands in an MLA list, which is sorted by this key, ascending.
/// It begins with what the reference begins with: a family name, an organization, or a title
/// without its article.
pub fn sort_key(source: &Source) -> String {
    if let (SourceKind::Text, Some(text)) = (source.kind, &source.text) {
        return without_article(&text.to_lowercase());
    }
    let title = without_article(&source.title.to_lowercase());
    match mla::named_authors(source).first() {
        Some(Author::Person { family, given, .. }) => {
            format!(
                "{}\t{}\t{title}",
                family.to_lowercase(),
                given.to_lowercase()
            )
        }
        Some(Author::Organization(name)) => format!("{}\t{title}", name.to_lowercase()),
        None => title,
    }
}

fn without_article(title: &str) -> String {
    let title = title.trim_start_matches(|c: char| !c.is_alphanumeric());
    let rest = ["the ", "an ", "a "]
        .iter()
        .find_map(|article| title.strip_prefix(article));
    rest.unwrap_or(title).to_owned()
}

/// The citation in the text under MLA, such as `(Wenker and Quint)`.
/// A source without a named author is cited by its title as the list shows it, without italics.
pub fn in_text_parenthetical(source: &Source) -> String {
    match (mla::named_authors(source), source.et_al) {
        ([], _) => format!("({})", plain(&mla::title_runs(source))),
        ([one], false) => format!("({})", short_name(one)),
        ([one, other], false) => format!("({} and {})", short_name(one), short_name(other)),
        ([first, ..], _) => format!("({} et al.)", short_name(first)),
    }
}

fn finished(source: &Source, text: &str) -> Line {
    let mut line = Line::default();
    let title = Some(source.title.as_str()).filter(|title| !title.is_empty());
    match title.and_then(|title| text.split_once(title)) {
        Some((before, after)) => {
            line.text(before);
            line.push(linked(source, source.title.clone()));
            line.text(after);
        }
        None => line.push(linked(source, text.to_owned())),
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Issued;

    fn source(kind: SourceKind, authors: &[&str], title: &str, issued: &str) -> Source {
        Source {
            id: "some2023".parse().unwrap(),
            kind,
            title: title.into(),
            title_supplied: false,
            authors: authors.iter().map(|name| name.parse().unwrap()).collect(),
            et_al: false,
            container: None,
            container_short: None,
            publisher: None,
            issued: issued.parse().unwrap(),
            accessed: "2025-03-07".parse().ok(),
            volume: None,
            issue: None,
            page: None,
            doi: None,
            pmid: None,
            pmcid: None,
            url: None,
            text: None,
        }
    }

    fn words(text: &str) -> Option<String> {
        Some(text.into())
    }

    /// A chapter of StatPearls as our articles record it: address and PMID are the same page.
    fn chapter(authors: &[&str], title: &str, issued: &str, pmid: &str) -> Source {
        Source {
            container: words("StatPearls"),
            publisher: words("StatPearls Publishing"),
            pmid: pmid.parse().ok(),
            url: format!("https://pubmed.ncbi.nlm.nih.gov/{pmid}/")
                .parse()
                .ok(),
            ..source(SourceKind::Chapter, authors, title, issued)
        }
    }

    fn matheve() -> Source {
        Source {
            container: words("Journal of Clinical Medicine"),
            container_short: words("J Clin Med"),
            volume: words("12"),
            issue: words("17"),
            page: words("5510"),
            doi: "10.3390/jcm12175510".parse().ok(),
            pmid: "37685576".parse().ok(),
            pmcid: "PMC10487902".parse().ok(),
            url: "https://pmc.ncbi.nlm.nih.gov/articles/PMC10487902/"
                .parse()
                .ok(),
            ..source(
                SourceKind::ArticleJournal,
                &["Matheve, Thomas", "Hodges, Paul", "Danneels, Lieven"],
                "The role of back muscle dysfunctions in chronic low back pain: state-of-the-art and clinical implications",
                "2023-08-24",
            )
        }
    }

    fn back_pain() -> Source {
        Source {
            container: words("MedlinePlus"),
            publisher: words("National Library of Medicine (US)"),
            url: "https://medlineplus.gov/backpain.html".parse().ok(),
            ..source(
                SourceKind::Webpage,
                &["National Library of Medicine (US)"],
                "Back pain",
                "undated",
            )
        }
    }

    #[track_caller]
    fn check(source: &Source, mla: &str, ama: &str, vancouver: &str) {
        let text = |style| plain(&reference(source, style));
        assert_eq!(text(ReferenceStyle::Mla), mla);
        assert_eq!(text(ReferenceStyle::Ama), ama);
        assert_eq!(text(ReferenceStyle::Vancouver), vancouver);
    }

    #[test]
    fn a_chapter_with_some_authors_left_out() {
        check(
            &Source {
                et_al: true,
                ..chapter(
                    &["Alexander, Christopher E."],
                    "Lumbosacral radiculopathy",
                    "2024-02-27",
                    "28613587",
                )
            },
            "Alexander, Christopher E., et al. “Lumbosacral Radiculopathy.” StatPearls, StatPearls Publishing, 27 Feb. 2024, pubmed.ncbi.nlm.nih.gov/28613587/.",
            "Alexander CE, et al. Lumbosacral radiculopathy. In: StatPearls. StatPearls Publishing; 2024. Updated February 27, 2024. Accessed March 7, 2025. https://pubmed.ncbi.nlm.nih.gov/28613587/",
            "Alexander CE, et al. Lumbosacral radiculopathy. In: StatPearls [Internet]. Treasure Island (FL): StatPearls Publishing; 2024 [updated 2024 Feb 27; cited 2025 Mar 7]. Available from: https://pubmed.ncbi.nlm.nih.gov/28613587/",
        );
    }

    #[test]
    fn an_author_with_a_suffix() {
        check(
            &Source {
                et_al: true,
                ..chapter(
                    &["Donnally, III, Chester J."],
                    "Lumbar degenerative disk disease",
                    "2023-08-04",
                    "28846354",
                )
            },
            "Donnally, Chester J., III, et al. “Lumbar Degenerative Disk Disease.” StatPearls, StatPearls Publishing, 4 Aug. 2023, pubmed.ncbi.nlm.nih.gov/28846354/.",
            "Donnally CJ III, et al. Lumbar degenerative disk disease. In: StatPearls. StatPearls Publishing; 2023. Updated August 4, 2023. Accessed March 7, 2025. https://pubmed.ncbi.nlm.nih.gov/28846354/",
            "Donnally CJ 3rd, et al. Lumbar degenerative disk disease. In: StatPearls [Internet]. Treasure Island (FL): StatPearls Publishing; 2023 [updated 2023 Aug 4; cited 2025 Mar 7]. Available from: https://pubmed.ncbi.nlm.nih.gov/28846354/",
        );
    }

    #[test]
    fn a_journal_article_with_an_article_number() {
        check(
            &matheve(),
            "Matheve, Thomas, et al. “The Role of Back Muscle Dysfunctions in Chronic Low Back Pain: State-of-the-Art and Clinical Implications.” Journal of Clinical Medicine, vol. 12, no. 17, 24 Aug. 2023, article 5510, https://doi.org/10.3390/jcm12175510.",
            "Matheve T, Hodges P, Danneels L. The role of back muscle dysfunctions in chronic low back pain: state-of-the-art and clinical implications. J Clin Med. 2023;12(17):5510. doi:10.3390/jcm12175510",
            "Matheve T, Hodges P, Danneels L. The role of back muscle dysfunctions in chronic low back pain: state-of-the-art and clinical implications. J Clin Med. 2023 Aug 24;12(17):5510. doi: 10.3390/jcm12175510. PubMed PMID: 37685576; PubMed Central PMCID: PMC10487902.",
        );
    }

    #[test]
    fn a_chapter_by_two_authors() {
        check(
            &chapter(
                &["Wenker, Kyle J.", "Quint, Jessilin M."],
                "Ankylosing spondylitis",
                "2023-06-20",
                "29261996",
            ),
            "Wenker, Kyle J., and Jessilin M. Quint. “Ankylosing Spondylitis.” StatPearls, StatPearls Publishing, 20 June 2023, pubmed.ncbi.nlm.nih.gov/29261996/.",
            "Wenker KJ, Quint JM. Ankylosing spondylitis. In: StatPearls. StatPearls Publishing; 2023. Updated June 20, 2023. Accessed March 7, 2025. https://pubmed.ncbi.nlm.nih.gov/29261996/",
            "Wenker KJ, Quint JM. Ankylosing spondylitis. In: StatPearls [Internet]. Treasure Island (FL): StatPearls Publishing; 2023 [updated 2023 Jun 20; cited 2025 Mar 7]. Available from: https://pubmed.ncbi.nlm.nih.gov/29261996/",
        );
        check(
            &chapter(
                &["Whitney, Eric", "Alastra, Anthony J."],
                "Vertebral fracture",
                "2023-04-03",
                "31613453",
            ),
            "Whitney, Eric, and Anthony J. Alastra. “Vertebral Fracture.” StatPearls, StatPearls Publishing, 3 Apr. 2023, pubmed.ncbi.nlm.nih.gov/31613453/.",
            "Whitney E, Alastra AJ. Vertebral fracture. In: StatPearls. StatPearls Publishing; 2023. Updated April 3, 2023. Accessed March 7, 2025. https://pubmed.ncbi.nlm.nih.gov/31613453/",
            "Whitney E, Alastra AJ. Vertebral fracture. In: StatPearls [Internet]. Treasure Island (FL): StatPearls Publishing; 2023 [updated 2023 Apr 3; cited 2025 Mar 7]. Available from: https://pubmed.ncbi.nlm.nih.gov/31613453/",
        );
    }

    #[test]
    fn a_second_work_by_the_same_authors_names_them_again() {
        check(
            &Source {
                accessed: None,
                url: "https://www.ncbi.nlm.nih.gov/books/NBK1/".parse().ok(),
                ..chapter(
                    &["Wenker, Kyle J.", "Quint, Jr., Jessilin M."],
                    "Is it the spine?",
                    "2023",
                    "29261997",
                )
            },
            "Wenker, Kyle J., and Jessilin M. Quint, Jr. “Is It the Spine?” StatPearls, StatPearls Publishing, 2023, www.ncbi.nlm.nih.gov/books/NBK1/.",
            "Wenker KJ, Quint JM Jr. Is it the spine? In: StatPearls. StatPearls Publishing; 2023. https://www.ncbi.nlm.nih.gov/books/NBK1/",
            "Wenker KJ, Quint JM Jr. Is it the spine? In: StatPearls [Internet]. Treasure Island (FL): StatPearls Publishing; 2023. Available from: https://www.ncbi.nlm.nih.gov/books/NBK1/ PubMed PMID: 29261997.",
        );
    }

    #[test]
    fn a_page_without_a_date_by_an_organization() {
        check(
            &back_pain(),
            "“Back Pain.” MedlinePlus, National Library of Medicine (US), medlineplus.gov/backpain.html. Accessed 7 Mar. 2025.",
            "National Library of Medicine (US). Back pain. MedlinePlus. Accessed March 7, 2025. https://medlineplus.gov/backpain.html",
            "National Library of Medicine (US). Back pain [Internet]. National Library of Medicine (US); [date unknown] [cited 2025 Mar 7]. Available from: https://medlineplus.gov/backpain.html",
        );
        check(
            &Source {
                accessed: None,
                ..back_pain()
            },
            "“Back Pain.” MedlinePlus, National Library of Medicine (US), medlineplus.gov/backpain.html.",
            "National Library of Medicine (US). Back pain. MedlinePlus. https://medlineplus.gov/backpain.html",
            "National Library of Medicine (US). Back pain [Internet]. National Library of Medicine (US); [date unknown]. Available from: https://medlineplus.gov/backpain.html",
        );
    }

    #[test]
    fn a_page_whose_author_site_and_publisher_are_one() {
        let name = "American Heart Association";
        check(
            &Source {
                container: words(name),
                publisher: words(name),
                url: "https://www.heart.org/a".parse().ok(),
                ..source(
                    SourceKind::Webpage,
                    &[name],
                    "Blood pressure: check. Know. Share.",
                    "2024-04",
                )
            },
            "“Blood Pressure: Check. Know. Share.” American Heart Association, Apr. 2024, www.heart.org/a.",
            "American Heart Association. Blood pressure: check. Know. Share. Published April 2024. Accessed March 7, 2025. https://www.heart.org/a",
            "American Heart Association. Blood pressure: check. Know. Share. [Internet]. American Heart Association; 2024 Apr [cited 2025 Mar 7]. Available from: https://www.heart.org/a",
        );
    }

    #[test]
    fn a_page_without_author_whose_title_is_ours() {
        check(
            &Source {
                title_supplied: true,
                publisher: words("KidzDoc (child care guide)"),
                accessed: None,
                url: "https://kidzdoc.com/Burn".parse().ok(),
                ..source(SourceKind::Webpage, &[], "Burns in children", "undated")
            },
            "[Burns in children]. KidzDoc (child care guide), kidzdoc.com/Burn.",
            "[Burns in children]. KidzDoc (child care guide). https://kidzdoc.com/Burn",
            "[Burns in children] [Internet]. KidzDoc (child care guide); [date unknown]. Available from: https://kidzdoc.com/Burn",
        );
    }

    const SEVEN: [&str; 7] = [
        "Katz, Philip O.",
        "Dunbar, Kerry B.",
        "Schnoll-Sussman, Felice H.",
        "Greer, Katarina B.",
        "Yadlapati, Rena",
        "Spechler, Stuart Jon",
        "Ostelo, Raymond WJG",
    ];

    fn of_seven(count: usize) -> Source {
        Source {
            container: words("Am J Gastroenterol"),
            volume: words("117"),
            issue: words("1 Suppl"),
            page: words("127-156"),
            accessed: None,
            ..source(
                SourceKind::ArticleJournal,
                &SEVEN[..count],
                "Reflux",
                "2022",
            )
        }
    }

    #[test]
    fn ama_shows_three_of_more_than_six_authors_and_a_year_alone_has_no_stray_space() {
        check(
            &of_seven(7),
            "Katz, Philip O., et al. “Reflux.” Am J Gastroenterol, vol. 117, no. 1 Suppl, 2022, pp. 127–56.",
            "Katz PO, Dunbar KB, Schnoll-Sussman FH, et al. Reflux. Am J Gastroenterol. 2022;117(1 Suppl):127-156.",
            "Katz PO, Dunbar KB, Schnoll-Sussman FH, Greer KB, Yadlapati R, Spechler SJ, Ostelo RWJG. Reflux. Am J Gastroenterol. 2022;117(1 Suppl):127-56.",
        );
        let six = plain(&reference(&of_seven(6), ReferenceStyle::Ama));
        assert!(six.starts_with("Katz PO, Dunbar KB, Schnoll-Sussman FH, Greer KB, Yadlapati R, Spechler SJ. Reflux."), "{six}");
    }

    #[test]
    fn a_journal_article_without_doi_is_found_by_address_or_record() {
        let article = Source {
            accessed: "2025-03-07".parse().ok(),
            issued: "2019-01-01".parse().unwrap(),
            pmid: "30600979".parse().ok(),
            volume: None,
            issue: None,
            ..of_seven(2)
        };
        check(
            &Source {
                url: "https://www.aafp.org/afp/p17.html".parse().ok(),
                ..article.clone()
            },
            "Katz, Philip O., and Kerry B. Dunbar. “Reflux.” Am J Gastroenterol, 1 Jan. 2019, pp. 127–56, www.aafp.org/afp/p17.html.",
            "Katz PO, Dunbar KB. Reflux. Am J Gastroenterol. 2019:127-156. Accessed March 7, 2025. https://www.aafp.org/afp/p17.html",
            "Katz PO, Dunbar KB. Reflux. Am J Gastroenterol [Internet]. 2019 Jan 1 [cited 2025 Mar 7]:127-56. Available from: https://www.aafp.org/afp/p17.html PubMed PMID: 30600979.",
        );
        check(
            &article,
            "Katz, Philip O., and Kerry B. Dunbar. “Reflux.” Am J Gastroenterol, 1 Jan. 2019, pp. 127–56, pubmed.ncbi.nlm.nih.gov/30600979/.",
            "Katz PO, Dunbar KB. Reflux. Am J Gastroenterol. 2019:127-156. Accessed March 7, 2025. https://pubmed.ncbi.nlm.nih.gov/30600979/",
            "Katz PO, Dunbar KB. Reflux. Am J Gastroenterol. 2019 Jan 1:127-56. PubMed PMID: 30600979.",
        );
    }

    #[test]
    fn a_report_in_a_series() {
        let name = "U.S. Preventive Services Task Force";
        check(
            &Source {
                container: words("Final Recommendation Statement"),
                publisher: words(name),
                accessed: None,
                url: "https://www.uspreventiveservicestaskforce.org/a"
                    .parse()
                    .ok(),
                ..source(
                    SourceKind::Report,
                    &[name],
                    "Hypertension in adults: screening",
                    "2021-04-27",
                )
            },
            "Hypertension in Adults: Screening. Final Recommendation Statement, U.S. Preventive Services Task Force, 27 Apr. 2021, www.uspreventiveservicestaskforce.org/a.",
            "U.S. Preventive Services Task Force. Hypertension in Adults: Screening. Final Recommendation Statement. U.S. Preventive Services Task Force; April 27, 2021. https://www.uspreventiveservicestaskforce.org/a",
            "U.S. Preventive Services Task Force. Hypertension in adults: screening [Internet]. Final Recommendation Statement. U.S. Preventive Services Task Force; 2021 Apr 27. Available from: https://www.uspreventiveservicestaskforce.org/a",
        );
    }

    #[test]
    fn a_chapter_of_a_printed_book_has_pages() {
        check(
            &Source {
                container: words("Spine care"),
                publisher: words("Sample Press"),
                page: words("12"),
                accessed: None,
                doi: "10.1000/spine".parse().ok(),
                ..source(SourceKind::Chapter, &["Fong, D. T."], "Sprains", "2019-06")
            },
            "Fong, D. T. “Sprains.” Spine care, Sample Press, June 2019, p. 12, https://doi.org/10.1000/spine.",
            "Fong DT. Sprains. In: Spine care. Sample Press; June 2019:12. doi:10.1000/spine",
            "Fong DT. Sprains. In: Spine care. Sample Press; 2019 Jun. p. 12. doi: 10.1000/spine.",
        );
    }

    #[test]
    fn a_book_with_nothing_but_a_title_is_not_dressed_up() {
        check(
            &source(SourceKind::Book, &[], "Bones", "undated"),
            "Bones.",
            "Bones.",
            "Bones. [date unknown].",
        );
    }

    #[test]
    fn a_finished_reference_stays_as_it_is_and_its_title_is_the_link() {
        let text = "Smith J. Bones. Personal communication, 2020";
        let finished = Source {
            text: words(text),
            url: "https://example.org/".parse().ok(),
            ..source(SourceKind::Text, &[], "Bones", "undated")
        };
        check(&finished, text, text, text);
        let title = Run::Link {
            text: "Bones".into(),
            href: "https://example.org/".into(),
        };
        assert_eq!(reference(&finished, ReferenceStyle::Ama)[1], title);
    }

    /// `_italic_`, `[link](address)`, `_[both](address)_`.
    fn marked(source: &Source, style: ReferenceStyle) -> String {
        let mark = |run: Run| match run {
            Run::Text(text) => text,
            Run::Italic(text) => format!("_{text}_"),
            Run::Link { text, href } => format!("[{text}]({href})"),
            Run::ItalicLink { text, href } => format!("_[{text}]({href})_"),
        };
        reference(source, style).into_iter().map(mark).collect()
    }

    #[test]
    fn names_of_works_are_italic_and_what_can_be_opened_is_a_link() {
        let book = Source {
            publisher: words("Sample Press"),
            doi: "10.1000/a<b".parse().ok(),
            accessed: None,
            ..source(SourceKind::Book, &[], "bones", "2020")
        };
        let article = Source {
            title: "Backs".into(),
            ..matheve()
        };
        let rows = [
            (
                &article,
                ReferenceStyle::Mla,
                "Matheve, Thomas, et al. “[Backs](https://doi.org/10.3390/jcm12175510).” _Journal of Clinical Medicine_, vol. 12, no. 17, 24 Aug. 2023, article 5510, [https://doi.org/10.3390/jcm12175510](https://doi.org/10.3390/jcm12175510).",
            ),
            (
                &article,
                ReferenceStyle::Ama,
                "Matheve T, Hodges P, Danneels L. [Backs](https://doi.org/10.3390/jcm12175510). _J Clin Med_. 2023;12(17):5510. doi:[10.3390/jcm12175510](https://doi.org/10.3390/jcm12175510)",
            ),
            (
                &article,
                ReferenceStyle::Vancouver,
                "Matheve T, Hodges P, Danneels L. [Backs](https://doi.org/10.3390/jcm12175510). J Clin Med. 2023 Aug 24;12(17):5510. doi: [10.3390/jcm12175510](https://doi.org/10.3390/jcm12175510). PubMed PMID: [37685576](https://pubmed.ncbi.nlm.nih.gov/37685576/); PubMed Central PMCID: [PMC10487902](https://pmc.ncbi.nlm.nih.gov/articles/PMC10487902/).",
            ),
            (
                &book,
                ReferenceStyle::Mla,
                "_[Bones](https://doi.org/10.1000/a%3Cb)_. Sample Press, 2020, [https://doi.org/10.1000/a<b](https://doi.org/10.1000/a%3Cb).",
            ),
            (
                &book,
                ReferenceStyle::Ama,
                "_[Bones](https://doi.org/10.1000/a%3Cb)_. Sample Press; 2020. doi:[10.1000/a<b](https://doi.org/10.1000/a%3Cb)",
            ),
        ];
        for (source, style, expected) in rows {
            assert_eq!(marked(source, style), expected);
        }
    }

    #[test]
    fn a_style_is_read_from_its_name() {
        let rows = [
            ("ama", ReferenceStyle::Ama, "numbered"),
            ("mla", ReferenceStyle::Mla, "sorted"),
            ("vancouver", ReferenceStyle::Vancouver, "numbered"),
        ];
        for (name, style, order) in rows {
            assert_eq!(name.parse(), Ok(style));
            assert_eq!(style.is_numbered(), order == "numbered");
        }
        for name in ["", "AMA", "apa", "nlm"] {
            let message = name.parse::<ReferenceStyle>().unwrap_err().to_string();
            assert_eq!(message, "expected `ama`, `mla` or `vancouver`");
        }
    }

    #[test]
    fn mla_sorts_by_what_a_reference_begins_with() {
        let named =
            |authors: &[&str], title| source(SourceKind::Webpage, authors, title, "undated");
        let mut sources = [
            named(&["Whitney, Eric"], "A fracture"),
            named(&["de Bie, Rob A."], "Ankles"),
            named(&[], "The Flu"),
            named(&[], "“An” ear"),
            named(&["Smithson, A."], "X"),
            named(&["Smith, B."], "X"),
            named(&["Smith, A."], "Y"),
            named(&["Smith, A."], "The X"),
            back_pain(),
            named(&["World Health Organization"], "Z"),
        ];
        sources.sort_by_key(sort_key);
        let starts: Vec<String> = sources
            .iter()
            .map(|source| plain(&reference(source, ReferenceStyle::Mla)))
            .map(|text| text.chars().take(14).collect())
            .collect();
        let expected = [
            "“‘An’ Ear.”",
            "“Back Pain.” M",
            "de Bie, Rob A.",
            "“The Flu.”",
            "Smith, A. “The",
            "Smith, A. “Y.”",
            "Smith, B. “X.”",
            "Smithson, A. “",
            "Whitney, Eric.",
            "World Health O",
        ];
        assert_eq!(starts, expected);
    }

    #[test]
    fn mla_cites_in_the_text_by_family_name_organization_or_title() {
        let named = |authors: &[&str]| source(SourceKind::Webpage, authors, "Back pain", "undated");
        let rows = [
            (
                named(&["Wenker, Kyle J.", "Quint, Jessilin M."]),
                "(Wenker and Quint)",
            ),
            (named(&["Fong, D. T."]), "(Fong)"),
            (matheve(), "(Matheve et al.)"),
            (
                Source {
                    et_al: true,
                    ..named(&["Alexander, Christopher E."])
                },
                "(Alexander et al.)",
            ),
            (
                named(&["World Health Organization"]),
                "(World Health Organization)",
            ),
            (named(&[]), "(“Back Pain”)"),
            (back_pain(), "(“Back Pain”)"),
            (
                Source {
                    title_supplied: true,
                    ..named(&[])
                },
                "([Back pain])",
            ),
        ];
        for (source, expected) in rows {
            assert_eq!(in_text_parenthetical(&source), expected);
        }
    }

    #[test]
    fn no_style_makes_up_a_date() {
        for style in [
            ReferenceStyle::Ama,
            ReferenceStyle::Mla,
            ReferenceStyle::Vancouver,
        ] {
            let source = Source {
                accessed: None,
                issued: Issued::Undated,
                ..back_pain()
            };
            let text = plain(&reference(&source, style));
            assert!(!text.contains(|c: char| c.is_ascii_digit()), "{text}");
        }
    }
}
