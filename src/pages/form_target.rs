//! Where the forms of a page are sent. It stands apart because it is the one thing
//! in which an exported page may differ from a served one: a static host takes no
//! forms, so they go to a server that does.

use crate::clinic::{Clinic, Origin};

/// Where forms are sent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum FormTarget {
    /// To the host that sent the page.
    #[default]
    SameOrigin,
    /// To the clinic's public address, whoever sent the page.
    ClinicOrigin,
    /// To another server of the clinic.
    Origin(Origin),
}

impl FormTarget {
    /// What stands before the path of a form; none if the path is enough.
    pub fn origin<'a>(&'a self, clinic: &'a Clinic) -> Option<&'a str> {
        match self {
            Self::SameOrigin => None,
            Self::ClinicOrigin => Some(&clinic.origin),
            Self::Origin(origin) => Some(origin.as_str()),
        }
    }
}
