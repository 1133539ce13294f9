//! Decides where a patient should go next. A protocol is data; this module reads
//! it, refuses one that contradicts itself, and knows how urgent each finding is.
//! It reads no file and knows no clock.

mod applicability;
mod assess;
mod citing;
mod disposition;
mod entry;
mod finding;
mod form;
mod measure;
mod protocol;
mod read;
mod trial;
mod typed;
mod vignette;
mod wording;

pub use applicability::{Applicability, Condition};
pub use assess::{Answer, AnswerSheet, Disposition, PersonFacts, assess};
pub use disposition::TriageLevel;
pub use entry::{EmergencyWords, Entrance, Match, parse_emergency_words};
pub use finding::{SharedFindings, parse_shared_findings};
pub use form::{
    FieldProblem, FirstAnswers, FirstScreen, PersonQuestion, Posted, Problem, SIGNS, SecondScreen,
    finding_field, first_screen, measure_fields, read_first, read_second, second_screen,
};
pub use measure::{DAYS, Measure, MeasureChoice, Measures, Threshold, parse_measures};
pub use protocol::{
    BodyArea, DefaultLevel, DurationRule, Finding, Hotline, Protocol, ReadProtocol, SelfCareStep,
    WatchFor,
};
pub use read::parse_protocol;
pub use trial::{
    Case, Confusion, FormEnd, LEAST_LED_PERCENT, Trial, WordsEnd, try_vignettes, walk_form,
};
pub use vignette::{Vignette, parse_vignettes};
pub use wording::{Addressee, Wording};
