//! Campaign links: `/go/<id>` and tagged addresses of services. The tag is read once,
//! counted if the clinic lists it, and taken away by a redirect, so that no address
//! that a patient keeps or shares tells where they came from.

use actix_web::http::header;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};

use super::posted::for_one;
use super::routes::{answer, snapshot_page};
use super::visitor::is_person;
use crate::booking::Step;
use crate::counting::Counting;
use crate::id::{CampaignId, ServiceId};
use crate::live::Live;
use crate::pages::book::{Arrival, landing_page};
use crate::site::Site;

/// Names of tags that others put on links, besides all that begin with `utm_`. Each joins a click to a person or to a list.
const TAGS: &[&str] = &[
    "gclid",
    "gbraid",
    "wbraid",
    "dclid",
    "fbclid",
    "msclkid",
    "twclid",
    "ttclid",
    "yclid",
    "igshid",
    "li_fat_id",
    "mc_cid",
    "mc_eid",
    "_hsenc",
    "_hsmi",
    "mkt_tok",
    "vero_id",
    "epik",
];

/// The campaign of a name, if it counts today.
pub(super) fn running<'a>(site: &'a Site, name: &str) -> Option<&'a CampaignId> {
    let (id, campaign) = site.campaigns.get_key_value(&name.parse().ok()?)?;
    campaign.period.holds_on(site.today).then_some(id)
}

/// A short link.
pub(super) async fn go(
    request: HttpRequest,
    live: Data<Live>,
    counting: Data<Counting>,
    name: Path<String>,
) -> HttpResponse {
    let snapshot = live.snapshot();
    let site = snapshot.site();
    // A short link is typed from paper, so case and a slash at its end don't matter.
    let name = name.trim_end_matches('/').to_lowercase();
    let listed = name.parse().ok().and_then(|id| site.campaigns.get(&id));
    let Some(campaign) = listed.filter(|known| site.services.contains_key(&known.service)) else {
        return answer(snapshot.not_found(), &request);
    };
    let counted = running(site, &name);
    view(&request, site, &counting, &campaign.service, counted)
}

/// The page of a service. With tags on its address, the same page without them.
pub(super) async fn service(
    request: HttpRequest,
    live: Data<Live>,
    counting: Data<Counting>,
    service: Path<String>,
) -> HttpResponse {
    let snapshot = live.snapshot();
    let site = snapshot.site();
    let id = service.parse().ok();
    let known = id.filter(|id: &ServiceId| site.services.contains_key(id));
    let query = request.query_string();
    let (Some(id), Some(named)) = (known, tagged(query)) else {
        return snapshot_page(request, live).await;
    };
    view(&request, site, &counting, &id, running(site, &named))
}

/// The page of a service for somebody who came through a campaign.
pub(super) async fn via(
    request: HttpRequest,
    live: Data<Live>,
    path: Path<(String, String)>,
) -> HttpResponse {
    let snapshot = live.snapshot();
    let site = snapshot.site();
    let (service, campaign) = path.into_inner();
    let id = service.parse().ok();
    let Some(service) = id.and_then(|id| site.services.get(&id)) else {
        return answer(snapshot.not_found(), &request);
    };
    match running(site, &campaign) {
        Some(campaign) => {
            let arrival = Arrival {
                campaign: Some(campaign),
                advice: None,
            };
            let page = landing_page(snapshot.making(), service, arrival);
            for_one(&snapshot, page, &request)
        }
        None => found(&format!("/book/{}", service.id)),
    }
}

/// Counts a view, and leads to the page.
fn view(
    request: &HttpRequest,
    site: &Site,
    counting: &Counting,
    service: &ServiceId,
    campaign: Option<&CampaignId>,
) -> HttpResponse {
    let Some(campaign) = campaign else {
        return found(&format!("/book/{service}"));
    };
    if is_person(request) {
        counting.add(campaign, service, site.today, Step::Viewed);
    }
    found(&format!("/book/{service}/via/{campaign}"))
}

/// A redirect that nobody keeps, so that every click is seen.
fn found(to: &str) -> HttpResponse {
    HttpResponse::Found()
        .insert_header((header::LOCATION, to))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .finish()
}

/// The value of `utm_campaign` if a query holds any tag; empty if it holds only others.
fn tagged(query: &str) -> Option<String> {
    let mut pairs = form_urlencoded::parse(query.as_bytes());
    let is_tag = |name: &str| name.starts_with("utm_") || TAGS.contains(&name);
    pairs.clone().any(|(name, _)| is_tag(&name)).then(|| {
        let campaign = pairs.find(|(name, _)| name == "utm_campaign");
        campaign.map_or_else(String::new, |(_, value)| value.into_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_seen_and_other_queries_left_alone() {
        let rows = [
            ("", None),
            ("page=2", None),
            ("utm_campaign=flyer", Some("flyer")),
            ("utm_source=mail&utm_campaign=flyer&x=1", Some("flyer")),
            ("utm_source=mail", Some("")),
            ("fbclid=abc", Some("")),
            ("utm_campaign=a%20b", Some("a b")),
        ];
        for (query, expected) in rows {
            assert_eq!(tagged(query).as_deref(), expected, "{query}");
        }
    }
}
