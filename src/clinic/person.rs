//! Authors and reviewers: who wrote and who vouched.
//! Placeholders say that they are, so that no reader takes a sample for a clinician.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::diagnostic::{Code, Diagnostic};
use crate::document::{Fields, from_toml};
use crate::file::SourceFile;
use crate::id::Id;

use super::records;

/// Somebody who writes or reviews articles, with a page of their own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The id that articles use; also the last part of the profile's address.
    pub id: Id<Person>,
    /// The name without titles.
    pub name: String,
    /// Degrees behind the name, such as "MD". A reviewer always has them.
    pub credentials: Option<String>,
    /// What the person does here, such as "Medical reviewer".
    pub role: String,
    /// One or two sentences about the person.
    pub bio: String,
    /// Whether this is a placeholder until a clinic names a real person.
    pub sample: bool,
}

impl Person {
    /// The name with its credentials, as a credit line prints it.
    pub fn credited_name(&self) -> String {
        match &self.credentials {
            Some(credentials) => format!("{}, {credentials}", self.name),
            None => self.name.clone(),
        }
    }
}

/// People by id, ascending.
pub type People = BTreeMap<Id<Person>, Arc<Person>>;

/// Reads `clinic/people.toml`.
///
/// # Diagnostics
/// `key-*`, `value-wrong`, `id-duplicate`: for the editor. `sample-person`: for the clinic, before it goes public.
pub fn parse_people(file: &SourceFile) -> (People, Vec<Diagnostic>) {
    let (root, mut diagnostics) = from_toml(file);
    let (people, found) = records(file, &root, "person", person, |person: &Person| &person.id);
    diagnostics.extend(found);
    (people, diagnostics)
}

fn person(fields: &mut Fields<'_>) -> Option<Person> {
    let id = fields.parsed("id");
    let name = fields.text("name");
    let credentials = fields.optional_text("credentials");
    let role = fields.text("role");
    let bio = fields.text("bio");
    let sample = fields.flag("sample");
    if let (true, Some(id)) = (sample, &id) {
        let place = fields.file().place(id.offset);
        let message = format!(
            "`{}` is a sample person; pages that show it say so",
            id.value
        );
        fields.tell(
            Diagnostic::new(Code::SamplePerson, place, message)
                .help("replace it with a real person before the site goes public"),
        );
    }
    Some(Person {
        id: id?.value,
        name: name?.value,
        credentials: credentials.map(|text| text.value),
        role: role?.value,
        bio: bio?.value,
        sample,
    })
}
