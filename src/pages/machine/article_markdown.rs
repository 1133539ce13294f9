//! An article as Markdown: what its page says in the same order, for programs and for
//! people who keep a copy. Prices are left out, since a copy is read long after it was made.

use std::fmt::Write as _;

use super::chart_table::chart_table;
use super::writer::{Base, Writer, escaped};
use crate::content::markdown::{
    AlertKind, Block, BlockKind, Chart, CitationMark, Piece, footnote_mark,
};
use crate::content::{Article, Dates};
use crate::messages::Words;
use crate::pages::care::{CareCard, card_id, moved_levels, spoken};
use crate::pages::{Making, Media, RenderedPage, Status};
use crate::source::{plain as plain_reference, reference};
use crate::triage::TriageLevel;

/// The address of the Markdown of an article.
pub(in crate::pages) fn address(article: &Article) -> String {
    format!("/articles/{}.md", article.slug)
}

/// The document at [`address`].
pub(in crate::pages) fn render(making: Making<'_>, article: &Article) -> RenderedPage {
    let clinic = &making.site.clinic;
    let text = Text::of(making, article).whole();
    RenderedPage {
        script_sources: "'none'".to_owned(),
        path: address(article),
        status: Status::Ok,
        media: Media::Markdown,
        text,
        modified_on: Some(article.dates.modified_on()),
        indexing: making.indexing(),
        lang: article.lang.clone(),
        canonical: Some(format!("{}/articles/{}", clinic.origin, article.slug)),
    }
}

/// The parts of an article as Markdown.
pub(super) struct Text<'a> {
    making: Making<'a>,
    article: &'a Article,
    words: &'a Words,
    path: String,
}

impl<'a> Text<'a> {
    pub(super) fn of(making: Making<'a>, article: &'a Article) -> Self {
        Self {
            making,
            article,
            words: making.words(&article.lang),
            path: format!("/articles/{}", article.slug),
        }
    }

    fn base(&self) -> Base<'_> {
        Base {
            origin: &self.making.site.clinic.origin,
            path: &self.path,
        }
    }

    fn whole(&self) -> String {
        let (article, words) = (self.article, &self.words.article);
        let mut out = format!("# {}\n\n", escaped(&article.title));
        let _ = write!(out, "{}\n\n", escaped(&article.description));
        out.push_str(&self.head());
        let _ = write!(out, "\n## {}\n\n", words.takeaways);
        for line in &article.takeaways {
            let _ = writeln!(out, "- {}", self.pieces(line).trim());
        }
        self.add_card(&mut out, TriageLevel::Emergency);
        let _ = write!(out, "\n{}", self.pieces(&article.body));
        let moved = moved_levels(&article.body);
        for level in TriageLevel::MOST_URGENT_FIRST {
            if level != TriageLevel::Emergency && !moved.contains(&level) {
                self.add_card(&mut out, level);
            }
        }
        if let Some(questions) = &article.questions {
            let text = self.pieces(questions);
            let _ = write!(out, "\n## {}\n\n{text}", words.questions);
        }
        self.add_faq(&mut out);
        self.add_sources(&mut out);
        let _ = write!(
            out,
            "\n***\n\n{} {} {}.\n",
            words.disclaimer, self.words.site.emergency, self.words.site.emergency_number
        );
        out
    }

    /// Where it comes from, who says so, and when.
    fn head(&self) -> String {
        let (article, words) = (self.article, &self.words.article);
        let clinic = &self.making.site.clinic;
        let Dates {
            reviewed_on,
            review_due,
            published_on,
            ..
        } = article.dates;
        let names = |people: Vec<String>| people.join(", ");
        let authors = article.authors.iter().map(|person| person.credited_name());
        let mut rows = vec![
            format!("<{}{}>", clinic.origin, self.path),
            escaped(&clinic.name),
            format!("{} {}", words.by, escaped(&names(authors.collect()))),
            format!(
                "{} {}",
                words.medically_reviewed_by,
                escaped(&self.reviewer())
            ),
            format!("{} {published_on}", words.published),
            format!(
                "{} {reviewed_on}, {} {review_due}",
                words.reviewed, words.next_review
            ),
        ];
        if let Some(updated) = article.dates.updated_on {
            rows.push(format!("{} {updated}", words.updated));
        }
        if clinic.sample_content {
            rows.push(self.words.site.sample_text.clone());
        }
        rows.iter().map(|row| format!("- {row}\n")).collect()
    }

    fn reviewer(&self) -> String {
        let person = &self.article.reviewer;
        match person.sample {
            true => format!(
                "{} ({})",
                person.credited_name(),
                self.words.article.sample_reviewer
            ),
            false => person.credited_name(),
        }
    }

    fn add_card(&self, out: &mut String, level: TriageLevel) {
        if let Some(card) = self.card(level, &[]) {
            let heading = match level {
                TriageLevel::Emergency => self.words.care.emergency.as_str(),
                _ => card.spoken(),
            };
            let _ = write!(out, "\n## {}\n\n{}", escaped(heading), card_text(&card));
        }
    }

    fn card(&self, level: TriageLevel, named: &[crate::id::FindingId]) -> Option<CareCard<'_>> {
        let phone = &self.making.site.clinic.phone;
        CareCard::of(self.article, level, named, self.words, phone)
    }

    fn add_faq(&self, out: &mut String) {
        if self.article.faq.is_empty() {
            return;
        }
        let _ = writeln!(out, "\n## {}", self.words.article.faq);
        for item in &self.article.faq {
            let (question, answer) = (escaped(&item.question), self.pieces(&item.answer));
            let _ = write!(out, "\n### {question}\n\n{answer}");
        }
    }

    fn add_sources(&self, out: &mut String) {
        let _ = write!(out, "\n## {}\n\n", self.words.article.sources);
        let style = self.making.site.clinic.citation_style;
        for (at, source) in self.article.sources.iter().enumerate() {
            let printed = escaped(&plain_reference(&reference(source, style)));
            let _ = write!(out, "[^{}]: {printed}", at + 1);
            match source
                .main_href()
                .filter(|href| !printed.contains(href.as_str()))
            {
                Some(href) => {
                    let _ = writeln!(out, " <{href}>");
                }
                None => out.push('\n'),
            }
        }
    }

    /// One text of the article.
    pub(super) fn pieces(&self, pieces: &[Piece]) -> String {
        let mut writer = Writer::new(self.base());
        self.write(&mut writer, pieces);
        writer.finish()
    }

    fn write(&self, writer: &mut Writer<'_>, pieces: &[Piece]) {
        for piece in pieces {
            self.write_piece(writer, piece);
        }
    }

    fn write_piece(&self, writer: &mut Writer<'_>, piece: &Piece) {
        let protocol = &self.article.protocol;
        match piece {
            Piece::Markup(html) => writer.markup(html.as_str()),
            Piece::Citation(marks) => writer.literal(&self.citation(marks)),
            Piece::Statement(id) => {
                let statement = protocol
                    .finding(id)
                    .map(|finding| finding.statement.to_string());
                writer.words(&statement.unwrap_or_default());
            }
            Piece::FindingLink(id) => {
                let level = protocol.finding(id).map(|finding| finding.level);
                writer.open_link(&format!("#{}", level.map_or("main", card_id)));
            }
            Piece::TableFrame(_) => {
                writer.open("div", "");
                writer.open("div", "");
            }
            Piece::Footnotes => writer.open_footnotes(),
            Piece::FootnoteMark(number, _) => {
                writer.literal(&format!("[^{}]", footnote_mark(*number)));
            }
            Piece::TermLink(id) => writer.open_link(&format!("/glossary#term-{id}")),
            Piece::FootnoteBack(_)
            | Piece::HeadingLink(_)
            | Piece::Drawing(_)
            | Piece::Cell
            | Piece::Section
            | Piece::Question(_) => {}
            Piece::Block(block) => self.write_block(writer, block),
        }
    }

    /// The numbers of the sources that are cited, as the list has them.
    fn citation(&self, marks: &[CitationMark]) -> String {
        let cited = marks
            .iter()
            .filter_map(|mark| self.article.citations.get(mark.0));
        cited
            .map(|citation| format!("[^{}]", citation.source + 1))
            .collect()
    }

    fn write_block(&self, writer: &mut Writer<'_>, block: &Block) {
        let words = &self.words.block;
        let heading = match &block.kind {
            BlockKind::Questions | BlockKind::Faq => return,
            BlockKind::Care(level, named) => {
                if let Some(card) = self.card(*level, named) {
                    let text = format!("\n\n{}\n", card_text(&card));
                    writer.literal(&text);
                }
                return;
            }
            BlockKind::Alert(kind) => return self.write_note(writer, *kind, &block.pieces),
            BlockKind::Chart(chart) => return self.write_chart(writer, chart, block),
            // What it says stands in its caption and in the list of its parts.
            BlockKind::Diagram(_) => return self.write(writer, &block.pieces),
            BlockKind::Do => &words.r#do,
            BlockKind::Dont => &words.dont,
            BlockKind::Warning => &words.warning,
        };
        let heading = block.title.as_ref().unwrap_or(heading);
        writer.literal(&format!("\n\n**{}**\n\n", escaped(heading)));
        self.write(writer, &block.pieces);
    }

    fn write_chart(&self, writer: &mut Writer<'_>, chart: &Chart, block: &Block) {
        let cells = block.pieces.split(|piece| *piece == Piece::Cell).skip(1);
        let cells: Vec<String> = cells.map(|cell| self.chart_cell(cell)).collect();
        let heading = escaped(block.title.as_deref().unwrap_or_default());
        let table = chart_table(chart, &cells, self.words);
        writer.literal(&format!("\n\n**{heading}**\n\n{table}\n"));
    }

    /// The text of one cell. A finding in the protocol's words says its level.
    fn chart_cell(&self, pieces: &[Piece]) -> String {
        let mut writer = Writer::new(self.base());
        for piece in pieces {
            let finding = match piece {
                Piece::Statement(id) => self.article.protocol.finding(id),
                _ => None,
            };
            match finding {
                Some(finding) => {
                    let level = spoken(&self.words.care, finding.level);
                    let joint = &self.words.chart.level_if;
                    writer.words(&format!(" {level} {joint} {}", finding.statement));
                }
                None => self.write_piece(&mut writer, piece),
            }
        }
        writer.finish()
    }

    fn write_note(&self, writer: &mut Writer<'_>, kind: AlertKind, pieces: &[Piece]) {
        let heading = crate::pages::prose::alert_heading(kind, self.words);
        writer.open("blockquote", "");
        writer.literal(&format!("**{}**\n\n", escaped(heading)));
        self.write(writer, pieces);
        writer.close("blockquote");
    }
}

/// A care card: the call to action, then its signs.
fn card_text(card: &CareCard<'_>) -> String {
    let mut out = format!("**{}**\n\n", escaped(card.action()));
    for finding in &card.findings {
        let _ = writeln!(out, "- {}", escaped(&finding.statement.to(card.addressee)));
    }
    out
}
