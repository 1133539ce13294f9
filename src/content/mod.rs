//! Articles as types. Text goes in, articles and diagnostics come out; every
//! article stands for itself here, so a broken one costs itself and never its
//! neighbors. What articles say of each other is asked in `site`.

mod allowance;
mod article;
mod front_matter;
mod glossed;
mod keywords;
pub mod markdown;
mod measured;
mod page_text;
mod parsed;
mod read;
mod readability;
mod review;
mod rules;
mod sentence;
mod syllables;
mod terms;
mod texts;

pub use allowance::allowable_codes;
pub use article::{Article, Citation, Code, CodeSystem, FaqItem, Withdrawal};
pub use keywords::keywords;
pub use measured::Measured;
pub use page_text::{PageText, parse_page_text};
pub use read::{Audience, ReadArticle, Surroundings, read_article, words_for_editors};
pub use readability::{HIGHEST_GRADE, HardSentence, Readability};
pub use review::{Change, Dates, ReviewStatus, due_after};
pub use sentence::{ends_like_a_sentence, sentence_ranges, sentences};
pub use terms::TermIndex;
