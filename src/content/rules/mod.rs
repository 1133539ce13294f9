//! The rules of `specs/editorial-checks.md`, one subject per file; those of style are in `style`.
//! Each looks at what was read and tells what an author must mend; none changes it.

mod changes;
mod citations;
mod dates;
mod findings;
pub(super) mod style;
mod takeaways;

pub(super) use changes::changes;
pub(super) use citations::citations;
pub(super) use dates::dates;
pub(super) use findings::findings;
pub(super) use takeaways::takeaways;
