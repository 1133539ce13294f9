//! What is sealed of a visit request: all that is personal, as JSON. These structs are
//! a promise to whoever opens an old letter, so they stand apart from the types of
//! the form: fields may be added with a default, and never change their meaning.

use serde::{Deserialize, Serialize};

/// Everything that a patient told us, in the words of the form's values.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Letter {
    /// The form of this letter: 1.
    pub version: u32,
    /// The two-letter code of the state in which the patient will be.
    pub state: String,
    /// `new` or `returning`.
    pub patient: String,
    /// `employer`, `marketplace`, `medicare`, `medicaid`, `other-plan` or `self-pay`.
    pub payment: String,
    /// `soonest`, `week` (3 to 9 business days ahead) or `later` (10 or more).
    pub how_soon: String,
    /// Days of the week that suit, such as `monday`, Monday first; empty means any.
    pub days: Vec<String>,
    /// Times of the day that suit: `morning`, `afternoon`, `evening`, in that order; empty means any.
    pub times: Vec<String>,
    /// The patient's name.
    pub name: String,
    /// The date of birth as `YYYY-MM-DD`, if the service asks for it.
    pub birth_date: Option<String>,
    /// A phone number, as it was typed.
    pub phone: Option<String>,
    /// A mail address.
    pub email: Option<String>,
    /// Which of the two to use: `phone` or `email`.
    pub preferred: String,
    /// Whether a message may be left there: `yes`, or `no` where somebody else could hear or read it.
    pub may_leave_message: String,
    /// The language for an interpreter, if one is needed.
    pub interpreter: Option<String>,
    /// What else the patient needs to take part, in their words.
    pub access_needs: Option<String>,
    /// What the symptom checker said, if the patient chose to send it.
    pub advice: Option<SentAdvice>,
}

/// The advice of the symptom checker that a patient chose to send.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SentAdvice {
    /// The complaint, such as `sore-throat`.
    pub complaint: String,
    /// The level, such as `soon`.
    pub level: String,
}

impl Letter {
    /// The letter as JSON.
    ///
    /// # Errors
    /// It can't be written: a fault of ours.
    pub fn to_json(&self) -> Result<Vec<u8>, serde_json::Error> {
        serde_json::to_vec(self)
    }

    /// Reads a letter.
    ///
    /// # Errors
    /// It is no letter, or one of a later form that this program does not know.
    pub fn from_json(json: &[u8]) -> Result<Self, serde_json::Error> {
        serde_json::from_slice(json)
    }
}
