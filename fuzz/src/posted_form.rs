//! Forms as they are posted: the symptom checker's, that of a visit, and a clinic's software's. The first line of an
//! input is the address, the rest is the body. A whole request for a visit is read a second time without the server.

use actix_web::test::TestRequest;
use signpost::booking::{Letter, State, VisitRequestForm, read_request};
use signpost::triage::Posted;

use super::html;
use super::server::{Answer, Server};
use super::sound::{TODAY, site};

/// Where forms can be posted. Another first line stands for one of them.
const ADDRESSES: [&str; 8] = [
    "/symptoms",
    "/symptoms/test-complaint",
    "/symptoms/test-complaint/child",
    "/symptoms/test-complaint/other",
    "/symptoms/other-complaint",
    "/book/test-visit",
    "/book/other-visit",
    "/infobutton",
];

/// Statuses that a form is answered with: an answer, a fault of whoever sent it, or the ledger that is away.
const STATUSES: [u16; 8] = [200, 303, 400, 404, 413, 415, 422, 503];

/// Posts any bytes.
pub fn run(data: &[u8]) {
    let end = data.iter().position(|byte| *byte == b'\n');
    let (line, rest) = data.split_at(end.unwrap_or(data.len()));
    let body = rest.get(1..).unwrap_or_default();
    let meant = ADDRESSES.iter().find(|address| address.as_bytes() == line);
    let address = *meant.unwrap_or(&ADDRESSES[line.len() % ADDRESSES.len()]);
    let request = TestRequest::post()
        .uri(address)
        .insert_header(("host", "clinic.example"))
        .insert_header(("sec-fetch-site", "same-origin"))
        .insert_header(("content-type", "application/x-www-form-urlencoded"))
        .insert_header(("content-length", body.len()))
        .set_payload(body.to_vec());
    let answer = Server::with(|server| server.answer(request, None));
    expect_answer(address, &answer);
    if address.starts_with("/book/") {
        expect_letter(body);
    }
}

/// # Panics
/// We failed, or what a patient sent may be kept or led elsewhere.
fn expect_answer(address: &str, answer: &Answer) {
    let status = answer.status;
    assert!(STATUSES.contains(&status), "{address} answers {status}");
    let cache = answer.header("cache-control");
    assert!(cache.contains("no-store"), "{address} {status}: {cache:?}");
    let to = answer.header("location");
    assert_eq!(to.is_empty(), status != 303);
    assert!(to.is_empty() || to.starts_with("/book/"), "{to}");
    if answer.header("content-type").starts_with("text/html") {
        let page = std::str::from_utf8(&answer.body).expect("a page is text");
        assert_eq!(html::fault(page), None, "{address} {status}");
    }
}

/// # Panics
/// What is sealed of a request is not what stands in it.
fn expect_letter(body: &[u8]) {
    let mut posted = Posted::new();
    for (name, value) in form_urlencoded::parse(body).into_owned() {
        posted.entry(name).or_default().push(value);
    }
    let Ok(form) = VisitRequestForm::new(posted) else {
        return;
    };
    for service in site().services.values() {
        let state: State = form
            .state()
            .unwrap_or_else(|_| "NY".parse().expect("it is one"));
        match read_request(&form, service, state, TODAY) {
            Err(problems) => assert!(!problems.is_empty()),
            Ok(request) => {
                let letter = request.letter();
                let json = letter.to_json().expect("it can be written");
                let read = Letter::from_json(&json).expect("it can be read");
                assert_eq!(read, letter);
                assert!(!letter.name.trim().is_empty());
                assert!(!letter.name.contains(char::is_control), "{:?}", letter.name);
            }
        }
    }
}
