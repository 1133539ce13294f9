//! Requests to answers. No rules and no HTML live here: a request is looked up in
//! one snapshot, and the bytes that stand there are sent.

mod negotiate;
mod routes;
mod serve;
mod symptom_checker;

pub use routes::{Health, routes};
pub use serve::{Listening, ServerSettings, serve};
