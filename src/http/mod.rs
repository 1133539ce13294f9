//! Requests to answers. No rules and no HTML live here: a request is looked up in
//! one snapshot, and the bytes that stand there are sent.

mod answered;
mod attend;
mod campaigns;
mod certificate;
mod connections;
mod encoding;
mod first;
mod front;
mod gate;
mod guard;
mod health;
mod http2;
mod infobutton;
mod limits;
mod negotiate;
mod operations;
mod posted;
mod preview;
mod proxies;
mod rates;
mod reading;
mod redirect;
mod routes;
mod search;
mod seldom;
mod serve;
mod shift;
mod short_way;
mod symptom_checker;
mod tls;
mod unread;
mod visit_requests;
mod visitor;
mod worker;

pub use certificate::{Certificate, CertificateFault, PemFile};
pub use connections::Connections;
pub use guard::Guards;
pub use health::{Health, Keeping};
pub use limits::{Limits, RateLimit, RateLimits};
pub use operations::{Operations, serve_operations};
pub use proxies::{ForwardedBy, InvalidNetwork, Network, Proxies};
pub use redirect::{Proofs, serve_redirects};
pub use serve::{Listening, Place, ServerSettings, serve, serve_early};
pub use tls::Tls;
pub use worker::Worker;
