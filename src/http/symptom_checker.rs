//! The symptom checker's posts. A request is parsed, one rule is asked, one page is
//! answered. Answers live in the body of the request and in the page that answers
//! it, and nowhere else: no address, cookie, log line or counter holds them.

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};

use super::posted::{Body, for_one, posted};
use super::routes::answer;
use crate::live::Live;
use crate::pages::RenderedPage;
use crate::pages::symptoms::{
    FirstPage, Found, Outcome, first_page, found, result_page, second_page, unfit_page,
};
use crate::snapshot::Snapshot;
use crate::triage::{
    Addressee, Answer, FirstAnswers, Posted, Protocol, TriageLevel, assess, first_screen,
    read_first, read_second, second_screen,
};

/// What somebody wrote to find their complaint.
pub(super) async fn find(request: HttpRequest, live: Data<Live>, body: Body) -> HttpResponse {
    let snapshot = live.snapshot();
    let posted = match posted(&snapshot, &request, body) {
        Ok(posted) => posted,
        Err(refused) => return *refused,
    };
    let typed = posted
        .get("problem")
        .and_then(|values| values.first())
        .map_or("", String::as_str)
        .trim();
    let typed: String = typed.chars().take(200).collect();
    let making = snapshot.making();
    let matched = making.site.entrance.find(&typed);
    let protocols = &making.site.protocols;
    let complaints = matched
        .complaints
        .iter()
        .filter_map(|id| protocols.get(id))
        .map(AsRef::as_ref)
        .collect();
    let hotlines = matched.hotlines;
    for_one(
        &snapshot,
        found(
            making,
            Found {
                typed,
                complaints,
                hotlines,
            },
        ),
        &request,
    )
}

/// Answers about whom the complaint asks first.
pub(super) async fn for_first(
    request: HttpRequest,
    live: Data<Live>,
    complaint: Path<String>,
    body: Body,
) -> HttpResponse {
    let first = |protocol: &Protocol| Some(protocol.first_addressee());
    answers(&request, &live, &complaint, first, body)
}

/// Answers about a child or somebody else.
pub(super) async fn for_another(
    request: HttpRequest,
    live: Data<Live>,
    path: Path<(String, String)>,
    body: Body,
) -> HttpResponse {
    let (complaint, named) = path.into_inner();
    let known = |protocol: &Protocol| {
        let addressee = match named.as_str() {
            "me" => Addressee::You,
            "child" => Addressee::Child,
            "other" => Addressee::Other,
            _ => return None,
        };
        let others = protocol.addressees().iter().skip(1);
        others.copied().find(|other| *other == addressee)
    };
    answers(&request, &live, &complaint, known, body)
}

fn answers(
    request: &HttpRequest,
    live: &Live,
    complaint: &str,
    addressee: impl Fn(&Protocol) -> Option<Addressee>,
    body: Body,
) -> HttpResponse {
    let snapshot = live.snapshot();
    let id = complaint.parse().ok();
    let protocol = id.and_then(|id| snapshot.site().protocols.get(&id));
    let asked = protocol.and_then(|protocol| Some((protocol, addressee(protocol)?)));
    let Some((protocol, addressee)) = asked else {
        return answer(snapshot.not_found(), request);
    };
    match posted(&snapshot, request, body) {
        Ok(posted) => {
            let page = next_page(&snapshot, protocol, addressee, &posted);
            for_one(&snapshot, page, request)
        }
        Err(refused) => *refused,
    }
}

/// Where a person stands, from what was posted alone.
fn next_page(
    snapshot: &Snapshot,
    protocol: &Protocol,
    addressee: Addressee,
    posted: &Posted,
) -> Result<RenderedPage, String> {
    let making = snapshot.making();
    let page = |problems| FirstPage {
        protocol,
        addressee,
        posted,
        problems,
    };
    let button = posted
        .get("go")
        .and_then(|values| values.first())
        .map_or("", String::as_str);
    if button == "change" {
        return first_page(making, page(&[]));
    }
    let first = match read_first(&first_screen(protocol, addressee), posted, addressee) {
        Ok(first) => first,
        Err(problems) => return first_page(making, page(&problems)),
    };
    if let Some(outcome) = emergency(protocol, &first) {
        return result_page(making, protocol, addressee, &outcome, posted);
    }
    if !protocol.fits_age(first.sheet.person.age_months) {
        return unfit_page(making, protocol, addressee);
    }
    let screen = second_screen(protocol, &first, &making.site.measures);
    if button == "first" {
        return second_page(making, page(&[]), &screen);
    }
    match read_second(&screen, posted, &first) {
        Err(problems) => second_page(making, page(&problems), &screen),
        Ok(sheet) => {
            let outcome = Outcome {
                disposition: assess(protocol, &sheet),
                is_unsure_of_signs: false,
                person: sheet.person,
            };
            result_page(making, protocol, addressee, &outcome, posted)
        }
    }
}

/// The advice after the first screen, if it is an emergency already.
fn emergency(protocol: &Protocol, first: &FirstAnswers) -> Option<Outcome> {
    let mut disposition = assess(protocol, &first.sheet);
    let red = disposition.level == TriageLevel::Emergency;
    if !red && !first.is_unsure_of_signs {
        return None;
    }
    disposition.level = TriageLevel::Emergency;
    debug_assert!(
        first
            .sheet
            .findings
            .values()
            .all(|answer| *answer == Answer::Yes)
    );
    Some(Outcome {
        disposition,
        is_unsure_of_signs: first.is_unsure_of_signs,
        person: first.sheet.person.clone(),
    })
}
