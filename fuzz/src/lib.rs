//! What the fuzzers try: a module for each reader of text that a stranger or a tired editor wrote. Its function takes
//! any bytes, puts them before the reader, and stops when something does not hold that always must. `targets/` gives
//! these functions to libFuzzer; `tests/content_fuzz.rs` replays everything that was kept of it.

pub mod article;
pub mod breaking;
pub mod clinic_files;
pub mod forwarded;
pub mod html;
pub mod http1;
pub mod http2;
pub mod infobutton_request;
pub mod posted_form;
pub mod protocol;
pub mod search_query;
pub mod server;
pub mod sound;
pub mod source;
pub mod wire;

/// Puts any bytes before one reader.
pub type Target = fn(&[u8]);

/// Every target by the name of its corpus, those first that strangers or mistakes reach most.
pub const TARGETS: [(&str, Target); 10] = [
    ("article", article::run),
    ("protocol", protocol::run),
    ("posted_form", posted_form::run),
    ("http1", http1::run),
    ("http2", http2::run),
    ("clinic_files", clinic_files::run),
    ("search_query", search_query::run),
    ("infobutton_request", infobutton_request::run),
    ("forwarded", forwarded::run),
    ("source", source::run),
];

/// The first line of an input, which says what is done with the rest.
fn headed(input: &str) -> (&str, &str) {
    input.split_once('\n').unwrap_or((input, ""))
}
