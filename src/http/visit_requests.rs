//! Asking for a visit. A request is parsed, one rule is asked, one page is answered.
//! A patient sees a code only after the ledger has the request; when it can't be
//! reached, the page keeps what was typed and gives the phone number.

use std::time::Duration;

use actix_web::http::{StatusCode, header};
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};

use super::campaigns::running;
use super::guard::{Guards, too_often};
use super::posted::{Body, for_one, is_forged, malformed, posted};
use super::routes::answer;
use super::visitor::is_person;
use crate::booking::{
    Advice, Field, RequestCode, RequestSettings, Service, State, Step, VisitRequestForm,
    read_request,
};
use crate::clock::now;
use crate::counting::Counting;
use crate::id::CampaignId;
use crate::intake::Intake;
use crate::ledger::{Asked, Kept};
use crate::live::Live;
use crate::pages::RenderedPage;
use crate::pages::book::{
    Arrival, Occasion, Receipt, RequestPage, away_page, kept_page, landing_page, request_page,
    state_problem_page, unknown_page, unserved_page,
};
use crate::snapshot::Snapshot;
use crate::triage::{Posted, TriageLevel};

/// How long a patient may wait before trying again after we failed, in seconds.
const RETRY_AFTER_S: &str = "60";

/// Whatever was posted to the page of a service.
pub(super) async fn post(
    request: HttpRequest,
    live: Data<Live>,
    intake: Data<Intake>,
    counting: Data<Counting>,
    guards: Data<Guards>,
    service: Path<String>,
    body: Body,
) -> HttpResponse {
    let snapshot = live.snapshot();
    let Some(desk) = Desk::of(&snapshot, &service) else {
        return answer(snapshot.not_found(), &request);
    };
    let form = match sent_form(&snapshot, &request, body) {
        Ok(form) => form,
        Err(refused) => return *refused,
    };
    let campaign = desk.campaign(&form);
    let count = |step| {
        if let Some(campaign) = campaign.filter(|_| is_person(&request)) {
            counting.add(campaign, &desk.service.id, snapshot.site().today, step);
        }
    };
    let page = match form.value(Field::Button) {
        "advice" => match desk.advice(&form) {
            Some(advice) => desk.landing(campaign, Some(&advice)),
            None => return see_other(&format!("/book/{}", desk.service.id)),
        },
        "state" => desk.form_for_state(&form, campaign, || count(Step::Started)),
        "send" => match desk.keep(&form, &request, &intake, &guards).await {
            Sent::Kept(kept) => {
                if let Kept::New(_) = kept {
                    count(Step::Sent);
                }
                return see_other(&requested(&desk.service.id, kept.code()));
            }
            Sent::TooOften(wait) => return too_often(&guards, &request, wait),
            Sent::NotKept(page) => page,
        },
        _ => return malformed(&snapshot, &request, StatusCode::BAD_REQUEST),
    };
    let mut response = for_one(&snapshot, page, &request);
    if response.status() == StatusCode::SERVICE_UNAVAILABLE {
        let later = header::HeaderValue::from_static(RETRY_AFTER_S);
        response.headers_mut().insert(header::RETRY_AFTER, later);
    }
    response
}

/// The form that was sent, if it may come from where it came from.
fn sent_form(
    snapshot: &Snapshot,
    request: &HttpRequest,
    body: Body,
) -> Result<VisitRequestForm, Box<HttpResponse>> {
    let mut posted = posted(snapshot, request, body)?;
    if is_forged(request, &snapshot.site().clinic.origin) {
        if !is_first_step(&posted) {
            return Err(Box::new(answer(snapshot.forged(), request)));
        }
        // The page of the visit may stand on another host; it asks for the state and for nothing else.
        let asked = [Field::Button, Field::State].map(Field::name);
        posted.retain(|name, _| asked.contains(&name.as_str()));
    }
    VisitRequestForm::new(posted)
        .map_err(|_| Box::new(malformed(snapshot, request, StatusCode::BAD_REQUEST)))
}

/// Whether only the state was sent. That keeps nothing and counts nothing, so it may come from any page.
fn is_first_step(posted: &Posted) -> bool {
    let button = posted.get(Field::Button.name());
    button.is_some_and(|values| values.iter().eq(["state"]))
}

/// The page with the code of a request that is kept.
pub(super) async fn kept(
    request: HttpRequest,
    live: Data<Live>,
    intake: Data<Intake>,
    guards: Data<Guards>,
    path: Path<(String, String)>,
) -> HttpResponse {
    let snapshot = live.snapshot();
    let (service, code) = path.into_inner();
    let desk = Desk::of(&snapshot, &service);
    let (Some(desk), Ok(code)) = (desk, code.parse::<RequestCode>()) else {
        return answer(snapshot.not_found(), &request);
    };
    let making = snapshot.making();
    let page = match intake.ledger().entry(code).await {
        Ok(Some(entry)) if entry.service == desk.service.id => {
            let receipt = Receipt {
                code,
                estimate_due_on: entry.estimate_due_on,
            };
            kept_page(making, desk.service, desk.settings, receipt)
        }
        Ok(_) => unknown_page(making, desk.service),
        Err(error) => {
            guards.ledger_failed(&error, "a request code could not be looked up");
            away_page(making, desk.service)
        }
    };
    for_one(&snapshot, page, &request)
}

/// The address of the page with the code.
fn requested(service: &crate::id::ServiceId, code: RequestCode) -> String {
    format!("/book/{service}/requested/{code}")
}

fn see_other(to: &str) -> HttpResponse {
    HttpResponse::SeeOther()
        .insert_header((header::LOCATION, to))
        .insert_header((header::CACHE_CONTROL, "private, no-store"))
        .finish()
}

/// What came of sending the form.
enum Sent {
    Kept(Kept),
    TooOften(Duration),
    NotKept(Result<RenderedPage, String>),
}

/// Where a service takes requests, in one snapshot.
struct Desk<'a> {
    snapshot: &'a Snapshot,
    service: &'a Service,
    settings: &'a RequestSettings,
}

impl<'a> Desk<'a> {
    /// None if there is no such service, or if it takes no requests here.
    fn of(snapshot: &'a Snapshot, service: &str) -> Option<Self> {
        let site = snapshot.site();
        Some(Self {
            snapshot,
            service: site.services.get(&service.parse().ok()?)?,
            settings: site.request_settings()?,
        })
    }

    /// The campaign that the form names, if it counts today.
    fn campaign(&self, form: &VisitRequestForm) -> Option<&'a CampaignId> {
        running(self.snapshot.site(), form.value(Field::Campaign))
    }

    /// The advice that the form brings. An emergency is never brought to a booking.
    fn advice(&self, form: &VisitRequestForm) -> Option<Advice> {
        let advice = form.advice()?;
        let protocols = &self.snapshot.site().protocols;
        let is_known = protocols.contains_key(&advice.complaint);
        (is_known && advice.level != TriageLevel::Emergency).then_some(advice)
    }

    fn landing(
        &self,
        campaign: Option<&CampaignId>,
        advice: Option<&Advice>,
    ) -> Result<RenderedPage, String> {
        let arrival = Arrival { campaign, advice };
        landing_page(self.snapshot.making(), self.service, arrival)
    }

    /// The form, if the state is one of those in which the visit is offered.
    fn form_for_state(
        &self,
        form: &VisitRequestForm,
        campaign: Option<&CampaignId>,
        started: impl FnOnce(),
    ) -> Result<RenderedPage, String> {
        let making = self.snapshot.making();
        let advice = self.advice(form);
        let arrival = Arrival {
            campaign,
            advice: advice.as_ref(),
        };
        match form.state() {
            Err(_) => state_problem_page(making, self.service, arrival),
            Ok(state) if !self.service.serves(state) => unserved_page(making, self.service, state),
            Ok(state) => {
                started();
                self.form(form, state, Occasion::First)
            }
        }
    }

    fn form(
        &self,
        form: &VisitRequestForm,
        state: State,
        occasion: Occasion<'_>,
    ) -> Result<RenderedPage, String> {
        let page = RequestPage {
            service: self.service,
            state,
            settings: self.settings,
            form,
            occasion,
        };
        request_page(self.snapshot.making(), page)
    }

    async fn keep(
        &self,
        form: &VisitRequestForm,
        sent: &HttpRequest,
        intake: &Intake,
        guards: &Guards,
    ) -> Sent {
        let state = match form.state() {
            Ok(state) if self.service.serves(state) => state,
            _ => return Sent::NotKept(self.form_for_state(form, self.campaign(form), || {})),
        };
        let site = self.snapshot.site();
        let mut request = match read_request(form, self.service, state, site.today) {
            Ok(request) => request,
            Err(problems) => {
                return Sent::NotKept(self.form(form, state, Occasion::Mend(&problems)));
            }
        };
        request.advice = self.advice(form);
        let zone = &site.clinic.timezone;
        let kept = match guards.ask_all_servers(intake, sent).await {
            Ok(Asked::TooOften(wait)) => return Sent::TooOften(wait),
            Ok(Asked::InTime) => intake.keep(&request, self.settings, now(), zone).await,
            Err(error) => Err(error.into()),
        };
        match kept {
            Ok(kept) => Sent::Kept(kept),
            Err(error) => {
                guards.ledger_failed(&error, "a visit request could not be kept");
                Sent::NotKept(self.form(form, state, Occasion::NotKept))
            }
        }
    }
}
