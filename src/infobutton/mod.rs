//! Which articles answer a question that a clinic's own software asks: the Infobutton of
//! HL7 (context-aware knowledge retrieval, by address), as MedlinePlus Connect speaks it.
//! Pure: pairs of names and values become a [`Request`], and a request and a site become
//! an [`Answer`]. It writes no feed and knows no HTTP; it keeps nothing of what was asked,
//! since a code and an age tell of a patient. Source: `specs/infobutton.md`.

mod answer;
mod index;
mod patient;
mod request;
mod system;

pub use answer::{Answer, MOST_ENTRIES, Match, Relevance, answer};
pub use index::{Fit, Index, LateIndex};
pub use patient::{AgeRange, Sex};
pub use request::{
    Criterion, Echo, Fault, Medium, Recipient, Request, Sought, Task, accepted, read,
};
pub use system::{System, label, oid};
