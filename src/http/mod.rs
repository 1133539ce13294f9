//! Requests to answers. No rules and no HTML live here: a request is looked up in
//! one snapshot, and the bytes that stand there are sent.

mod campaigns;
mod first;
mod infobutton;
mod negotiate;
mod posted;
mod preview;
mod routes;
mod search;
mod serve;
mod symptom_checker;
mod visit_requests;
mod visitor;

pub use routes::{Health, routes};
pub use serve::{Listening, ServerSettings, serve};
