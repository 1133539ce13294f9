//! From when until when something of the clinic holds, and which visit it is about.
//! Prices and campaigns say both in the same keys, so they are read in one place.

use jiff::civil::Date;

use crate::diagnostic::{Code, Diagnostic};
use crate::document::{Fields, nearest};
use crate::id::ServiceId;

/// A time of whole clinic-local days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// The first day.
    pub from: Date,
    /// The last day; none means until further notice.
    pub until: Option<Date>,
}

impl Period {
    /// Whether a day is in it.
    pub fn holds_on(self, day: Date) -> bool {
        self.from <= day && self.until.is_none_or(|until| day <= until)
    }
}

/// Reads `from` and `until` of a record, which `name` calls "the fee" or the like.
///
/// # Diagnostics
/// `key-missing`, `date-impossible`; `date-order` when it ends before it begins.
pub(super) fn read_period(fields: &mut Fields<'_>, name: &str) -> Option<Period> {
    let from = fields.date("from");
    let until = fields.optional_date("until");
    if let (Some(from), Some(until)) = (&from, &until)
        && until.value < from.value
    {
        let place = fields.file().place(until.offset);
        let message = format!(
            "{name} ends on {} before it begins on {}",
            until.value, from.value
        );
        fields.tell(Diagnostic::new(Code::DateOrder, place, message).help("swap the two days"));
    }
    Some(Period {
        from: from?.value,
        until: until.map(|until| until.value),
    })
}

/// Reads `service`, one of those of `clinic/services.toml`.
///
/// # Diagnostics
/// `key-missing`, `value-wrong`; `id-unknown` when there is no such service.
pub(super) fn read_service(fields: &mut Fields<'_>, services: &[ServiceId]) -> Option<ServiceId> {
    let named = fields.parsed::<ServiceId>("service")?;
    if !services.contains(&named.value) {
        let message = format!("`{}` is no service in `clinic/services.toml`", named.value);
        let place = fields.file().place(named.offset);
        let fault = Diagnostic::new(Code::IdUnknown, place, message);
        let near = nearest(named.value.as_str(), services.iter().map(ServiceId::as_str));
        fields.tell(match near {
            Some(near) => fault.help(format!("did you mean `{near}`?")),
            None => fault,
        });
    }
    Some(named.value)
}
