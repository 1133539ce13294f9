//! Records for the clinic's lists: a person, a service and its fee. They hold no place to
//! fill, because one in such a list would hold back every other change to it.

use askama::Template;
use jiff::civil::Date;

use super::quoted;
use crate::booking::{Cents, State};

/// A person to add.
#[derive(Debug, Clone, Copy)]
pub struct NewPerson<'a> {
    /// The id that articles use.
    pub id: &'a str,
    /// The name without titles.
    pub name: &'a str,
    /// Degrees behind the name.
    pub credentials: Option<&'a str>,
    /// What the person does here.
    pub role: &'a str,
    /// One or two sentences.
    pub bio: &'a str,
}

/// A service to add. Texts as typed; lists in their order.
#[derive(Debug, Clone, Copy)]
#[expect(missing_docs, reason = "`booking::Service` says what each is")]
pub struct NewService<'a> {
    pub id: &'a str,
    pub name: &'a str,
    pub kind: &'a str,
    pub offer: &'a str,
    pub treats: &'a [String],
    pub does_not_treat: &'a [String],
    pub includes: &'a [String],
    pub who: &'a str,
    pub states: &'a [State],
    pub hours: &'a str,
    pub cancellation: &'a str,
}

/// What a new service costs from today on.
#[derive(Debug, Clone, Copy, Template)]
#[template(path = "scaffold/fee.toml", escape = "none")]
pub struct NewFee<'a> {
    /// The id of the service.
    pub service: &'a str,
    /// What an insured person typically pays.
    pub typical_copay: Cents,
    /// What a person without insurance pays.
    pub self_pay: Cents,
    /// The first day, and the day on which the fee was confirmed.
    pub today: Date,
}

#[derive(Template)]
#[template(path = "scaffold/person.toml", escape = "none")]
struct PersonText<'a> {
    id: &'a str,
    name: String,
    credentials: Option<String>,
    role: String,
    bio: String,
}

#[derive(Template)]
#[template(path = "scaffold/service.toml", escape = "none")]
struct ServiceText<'a> {
    id: &'a str,
    name: String,
    kind: &'a str,
    offer: String,
    treats: Vec<String>,
    does_not_treat: Vec<String>,
    includes: Vec<String>,
    who: String,
    states: &'a [State],
    hours: String,
    cancellation: String,
}

impl NewPerson<'_> {
    /// The text of the record.
    ///
    /// # Errors
    /// The template fails: a fault of ours.
    pub fn text(&self) -> askama::Result<String> {
        let text = PersonText {
            id: self.id,
            name: quoted(self.name),
            credentials: self.credentials.map(quoted),
            role: quoted(self.role),
            bio: quoted(self.bio),
        };
        text.render()
    }
}

impl NewService<'_> {
    /// The text of the record.
    ///
    /// # Errors
    /// The template fails: a fault of ours.
    pub fn text(&self) -> askama::Result<String> {
        let all = |texts: &[String]| texts.iter().map(|text| quoted(text)).collect();
        let text = ServiceText {
            id: self.id,
            name: quoted(self.name),
            kind: self.kind,
            offer: quoted(self.offer),
            treats: all(self.treats),
            does_not_treat: all(self.does_not_treat),
            includes: all(self.includes),
            who: quoted(self.who),
            states: self.states,
            hours: quoted(self.hours),
            cancellation: quoted(self.cancellation),
        };
        text.render()
    }
}

impl NewFee<'_> {
    /// The text of the record.
    ///
    /// # Errors
    /// The template fails: a fault of ours.
    pub fn text(&self) -> askama::Result<String> {
        self.render()
    }
}

/// A file with a record at its end. All that was there stays byte for byte; the record has the file's line ends.
pub fn appended(text: &str, record: &str) -> String {
    let end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let mut out = text.to_owned();
    if !text.is_empty() && !text.ends_with('\n') {
        out.push_str(end);
    }
    if !text.trim().is_empty() {
        out.push_str(end);
    }
    for line in record.lines() {
        out.push_str(line);
        out.push_str(end);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_stands_at_the_end_and_nothing_before_it_changes() {
        let rows = [
            ("", "a = 1\n", "a = 1\n"),
            (
                "# note\nb = 2 # x\n",
                "a = 1\n",
                "# note\nb = 2 # x\n\na = 1\n",
            ),
            ("b = 2", "a = 1", "b = 2\n\na = 1\n"),
            (
                "b = 2\r\n",
                "a = 1\nc = 3",
                "b = 2\r\n\r\na = 1\r\nc = 3\r\n",
            ),
        ];
        for (text, record, expected) in rows {
            assert_eq!(appended(text, record), expected);
            assert!(appended(text, record).starts_with(text));
        }
    }
}
