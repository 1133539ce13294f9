//! What `check` tells an author or operator: a code, a place, what is wrong and
//! how to mend it. It is a value and not an error, because one fault must never
//! hide another: everything that reads content gives what it could read *and*
//! its diagnostics.

use std::borrow::Cow;
use std::fmt;

use crate::file::Place;

/// How much a diagnostic weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The site keeps the last good version of what the file holds.
    Error,
    /// The file goes live; somebody should look.
    Warning,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Error => "error",
            Self::Warning => "warning",
        })
    }
}

/// Who will see what is checked. The same faults are found for both; they weigh differently.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Edition {
    /// The clinic itself, while it writes and tries things out.
    Preview,
    /// Patients: samples and placeholders are errors.
    Production,
}

/// One thing that a person should mend.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Which rule found it.
    pub code: Code,
    /// Where it stands.
    pub place: Place,
    /// What is wrong: what was found and what was expected, on one line.
    pub message: String,
    /// How to mend it, on one line.
    pub help: Option<String>,
}

impl Diagnostic {
    /// Makes a diagnostic. The message is one line, lower case, without a final period.
    pub fn new(code: Code, place: Place, message: impl Into<String>) -> Self {
        Self {
            code,
            place,
            message: message.into(),
            help: None,
        }
    }

    /// Adds how to mend it.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// How much it weighs.
    pub fn severity(&self) -> Severity {
        self.code.severity()
    }

    /// The diagnostic as a line of text with the weight that it has in an edition.
    pub fn told_in(&self, edition: Edition) -> impl fmt::Display {
        let severity = self.code.severity_in(edition);
        fmt::from_fn(move |f| self.write(f, severity))
    }

    fn write(&self, f: &mut fmt::Formatter<'_>, severity: Severity) -> fmt::Result {
        let (place, code, message) = (&self.place, self.code.name(), on_one_line(&self.message));
        write!(f, "{place}: {severity}[{code}]: {message}")?;
        match &self.help {
            Some(help) => write!(f, "\n  help: {}", on_one_line(help)),
            None => Ok(()),
        }
    }

    /// Whether it keeps its file from going live.
    pub fn is_error(&self) -> bool {
        self.severity() == Severity::Error
    }
}

/// A text whose control characters are spelled out. It may repeat what stands in a file, and must neither begin a line of
/// its own in a log nor move a terminal's cursor.
fn on_one_line(text: &str) -> Cow<'_, str> {
    if !text.contains(char::is_control) {
        return Cow::Borrowed(text);
    }
    let spelled = text.chars().map(|sign| match sign.is_control() {
        true => sign.escape_debug().to_string(),
        false => sign.to_string(),
    });
    Cow::Owned(spelled.collect())
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(f, self.severity())
    }
}

/// Orders diagnostics as a person reads them (by path, line, column, then code) and drops repetitions.
pub fn in_reading_order(mut diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    diagnostics.sort_by(|a, b| (&a.place, a.code, &a.message).cmp(&(&b.place, b.code, &b.message)));
    diagnostics.dedup();
    diagnostics
}

/// How many errors and how many warnings there are.
pub fn count(diagnostics: &[Diagnostic]) -> (usize, usize) {
    count_in(Edition::Preview, diagnostics)
}

/// How many errors and how many warnings there are in an edition.
pub fn count_in(edition: Edition, diagnostics: &[Diagnostic]) -> (usize, usize) {
    let weights = diagnostics
        .iter()
        .map(|found| found.code.severity_in(edition));
    let errors = weights.filter(|weight| *weight == Severity::Error).count();
    (errors, diagnostics.len() - errors)
}

/// What the clinic may look at and patients may not: warnings that are errors in [`Edition::Production`].
const NOT_FOR_PATIENTS: [Code; 8] = [
    Code::SamplePerson,
    Code::SampleContent,
    Code::KeyDevelopment,
    Code::ReviewLapsed,
    Code::PhonePlaceholder,
    Code::AddressPlaceholder,
    Code::TextPlaceholder,
    Code::NoticeMissing,
];

impl Code {
    /// How much the fault weighs in an edition. What stops a file from going live stops it in both.
    pub fn severity_in(self, edition: Edition) -> Severity {
        match edition {
            Edition::Production if NOT_FOR_PATIENTS.contains(&self) => Severity::Error,
            Edition::Production | Edition::Preview => self.severity(),
        }
    }
}

macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $variant:ident = $name:literal, $severity:ident;)+) => {
        /// Every fault that we can tell. The name is stable and completes "allow …".
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code { $($(#[doc = $doc])+ $variant,)+ }

        impl Code {
            /// All codes, in the order of this file.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The kebab-case name that is printed.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }

            /// How much the fault weighs.
            pub fn severity(self) -> Severity {
                match self { $(Self::$variant => Severity::$severity,)+ }
            }
        }
    };
}

codes! {
    /// The file is not UTF-8 text.
    Encoding = "encoding", Error;
    /// YAML or TOML that does not parse.
    Syntax = "syntax", Error;
    /// An article without front matter.
    FrontMatterMissing = "front-matter-missing", Error;
    /// Front matter without its closing fence.
    FrontMatterUnclosed = "front-matter-unclosed", Error;
    /// A key that the record does not have.
    KeyUnknown = "key-unknown", Error;
    /// A key that the record needs.
    KeyMissing = "key-missing", Error;
    /// A key that stands twice.
    KeyDuplicate = "key-duplicate", Error;
    /// A key of another tool, read as ours.
    KeyRenamed = "key-renamed", Warning;
    /// A value of the wrong shape or form.
    ValueWrong = "value-wrong", Error;
    /// A date that no calendar has.
    DateImpossible = "date-impossible", Error;
    /// Two records with one id.
    IdDuplicate = "id-duplicate", Error;
    /// An id that names no record.
    IdUnknown = "id-unknown", Error;
    /// A file that the clinic needs.
    FileMissing = "file-missing", Error;
    /// A file in `clinic/` that nothing reads.
    FileUnknown = "file-unknown", Warning;

    /// Two articles with one address.
    SlugDuplicate = "slug-duplicate", Error;
    /// An alias that hides an article or another alias.
    AliasClash = "alias-clash", Error;
    /// An author or reviewer who has no profile.
    PersonUnknown = "person-unknown", Error;
    /// A reviewer whose profile has no credentials.
    ReviewerCredentials = "reviewer-credentials", Error;
    /// A reviewer who is also an author of the page.
    ReviewerIsAuthor = "reviewer-is-author", Error;
    /// Dates that contradict each other, such as a review before publication.
    DateOrder = "date-order", Error;
    /// A review that has not happened yet.
    ReviewInFuture = "review-in-future", Error;
    /// A page whose review is due.
    ReviewOverdue = "review-overdue", Warning;
    /// Fewer than three or more than five key takeaways.
    TakeawayCount = "takeaway-count", Error;
    /// A key takeaway that is not one sentence.
    TakeawaySentence = "takeaway-sentence", Error;
    /// A takeaway that sends to emergency care without naming a finding of the protocol.
    RedFlagUnnamed = "red-flag-unnamed", Error;
    /// A finding that the complaint's protocol does not have.
    FindingUnknown = "finding-unknown", Error;

    /// A source without the facts that a reader needs to find it.
    SourceIncomplete = "source-incomplete", Error;
    /// Two sources that are the same work.
    SourceDuplicate = "source-duplicate", Error;
    /// A source that nothing cites.
    SourceUncited = "source-uncited", Error;
    /// A citation that names no source.
    CitationUnknown = "citation-unknown", Error;

    /// A heading that skips a level, or is too deep or too high.
    HeadingLevel = "heading-level", Error;
    /// Two headings with one text or one id.
    HeadingDuplicate = "heading-duplicate", Error;
    /// A heading of more than 65 characters.
    HeadingLength = "heading-length", Error;
    /// A picture without words for those who do not see it.
    ImageAlt = "image-alt", Error;
    /// A picture without caption.
    ImageCaption = "image-caption", Error;
    /// A picture that is not on disk or can't be read.
    ImageMissing = "image-missing", Error;
    /// A link within the site that leads nowhere.
    LinkUnknown = "link-unknown", Error;
    /// A link to a heading that is not there.
    AnchorUnknown = "anchor-unknown", Error;
    /// A link to an article that readers can't open yet.
    LinkToDraft = "link-to-draft", Error;
    /// HTML in Markdown.
    RawHtml = "raw-html", Error;
    /// A block that is not closed, not known, or does not hold what it must.
    BlockMalformed = "block-malformed", Error;

    /// An accent color that is hard to read on our paper.
    ColorContrast = "color-contrast", Error;
    /// A day without a copay.
    CopayGap = "copay-gap", Error;
    /// A day with two copays.
    CopayOverlap = "copay-overlap", Error;
    /// A service that has no copay today.
    CopayMissing = "copay-missing", Error;
    /// A price that nobody has confirmed for too long.
    PriceStale = "price-stale", Warning;
    /// A person who stands in for a real one.
    SamplePerson = "sample-person", Warning;
    /// Requests that are sealed to a throwaway key.
    KeyDevelopment = "key-development", Warning;
    /// A clinic that still shows sample content.
    SampleContent = "sample-content", Warning;

    /// A finding that stands below a less urgent one.
    FindingOrder = "finding-order", Error;
    /// A finding that can apply to nobody.
    ApplicabilityContradictory = "applicability-contradictory", Error;
    /// A protocol without anything to watch for, or a level without one.
    ProtocolIncomplete = "protocol-incomplete", Error;

    /// A picture for shared links that is not there, or that shows what the content no longer says.
    SharePictureStale = "share-picture-stale", Warning;

    /// A message catalog that lacks a message or has one too many.
    MessageCatalog = "message-catalog", Error;

    /// A sentence of more than 20 words.
    SentenceLong = "sentence-long", Warning;
    /// A paragraph of more than 3 sentences.
    ParagraphLong = "paragraph-long", Warning;
    /// A list of more than 7 items.
    ListLong = "list-long", Warning;
    /// A sentence that hides who does what.
    PassiveVoice = "passive-voice", Warning;
    /// A link whose words don't say where it leads, such as "click here".
    LinkVague = "link-vague", Warning;
    /// A title of more than 65 characters.
    TitleLong = "title-long", Warning;
    /// A description of more than 160 characters.
    DescriptionLong = "description-long", Warning;
    /// A medical term that is used before it is explained.
    TermUnexplained = "term-unexplained", Warning;
    /// An abbreviation that is never spelled out.
    AbbreviationUnexplained = "abbreviation-unexplained", Warning;
    /// A percentage without a plain form near it, such as "1 in 7".
    PercentBare = "percent-bare", Warning;
    /// A range of numbers with a dash in place of "to".
    RangeDash = "range-dash", Warning;
    /// A page that names nothing for the reader to do.
    ActionMissing = "action-missing", Warning;
    /// A page without questions to ask at the visit.
    QuestionsMissing = "questions-missing", Warning;
    /// Steps that follow one another and are not a numbered list.
    StepsUnnumbered = "steps-unnumbered", Warning;
    /// A source that is older than the clinic's limit.
    SourceOld = "source-old", Warning;
    /// Sources that show no date, and no day on which somebody read them.
    SourceUndated = "source-undated", Warning;
    /// A text that is harder to read than grade 8.
    ReadingGrade = "reading-grade", Warning;
    /// An `allow` in front matter that allows nothing.
    AllowUnused = "allow-unused", Warning;
    /// A phrase that stands twice in the list of same words.
    SynonymRepeated = "synonym-repeated", Error;
    /// A word in the list of same words that nothing stands beside.
    SynonymAlone = "synonym-alone", Warning;
    /// A page whose review is so long due that lists and search engines no longer show it.
    ReviewLapsed = "review-lapsed", Warning;
    /// A phone number that is set aside for fiction.
    PhonePlaceholder = "phone-placeholder", Warning;
    /// An address of the clinic that no patient can reach safely.
    AddressPlaceholder = "address-placeholder", Warning;
    /// Words that stand in for words still to be written.
    TextPlaceholder = "text-placeholder", Warning;
    /// A notice that a clinic in the US owes its patients on its site.
    NoticeMissing = "notice-missing", Warning;
    /// A link to another site that has led nowhere for a week.
    LinkDead = "link-dead", Warning;
    /// A link to another site that has moved for good.
    LinkMoved = "link-moved", Warning;
    /// A place that a new file leaves for its editor, where readers could see it.
    Placeholder = "placeholder", Error;
    /// A place that a draft still leaves for its editor.
    DraftPlaceholder = "draft-placeholder", Warning;
    /// A change of a page that lies in the future.
    ChangeInFuture = "change-in-future", Error;
    /// A change of a page that is not told in one sentence.
    ChangeSentence = "change-sentence", Error;

    /// A chart with a time, a range or a cell that can't be read.
    ChartValue = "chart-value", Error;
    /// A chart whose times or ranges are not in order, overlap or leave a gap.
    ChartOrder = "chart-order", Error;
    /// A chart without a citation.
    ChartUncited = "chart-uncited", Error;
    /// A drawing with something that a page can't show.
    DiagramMalformed = "diagram-malformed", Error;
    /// A block that names no drawing.
    DiagramUnknown = "diagram-unknown", Error;
    /// A drawing and the list below it that name different parts.
    DiagramParts = "diagram-parts", Error;
    /// A picture of more bytes or pixels than anybody can see.
    ImageLarge = "image-large", Error;
    /// A picture whose smaller versions are not made, or were made of another file.
    ImageStale = "image-stale", Warning;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_diagnostic_prints_as_place_severity_code_message_and_help() {
        let place = Place {
            path: "articles/a.md".into(),
            line: 4,
            column: 11,
        };
        let found = Diagnostic::new(Code::PersonUnknown, place, "`x` has no profile")
            .help("did you mean `y`?");
        assert_eq!(
            found.to_string(),
            "articles/a.md:4:11: error[person-unknown]: `x` has no profile\n  help: did you mean `y`?"
        );
    }

    #[test]
    fn code_names_are_kebab_case_and_stand_once() {
        let mut names: Vec<_> = Code::ALL.iter().map(|code| code.name()).collect();
        assert!(names.iter().all(|name| {
            name.bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte == b'-')
        }));
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), Code::ALL.len());
    }
}
