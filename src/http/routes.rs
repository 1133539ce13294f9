//! The whole address table. Everything that does not depend on the visitor is in
//! the snapshot, so the table is short: health, downloads, and the snapshot.

use std::path::{Component, Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use actix_files::NamedFile;
use actix_http::Response;
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::http::{Method, StatusCode};
use actix_web::web::{self, Bytes, Data, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};

use super::negotiate::{accepts, names_etag};
use super::posted::MAX_FORM_BYTES;
use super::{campaigns, infobutton, search, symptom_checker, visit_requests};
use crate::live::Live;
use crate::snapshot::{CachePolicy, Embedding, Entry, Page, file_headers};

/// What a page answers to.
const ALLOWED: &str = "GET, HEAD";

/// What a page with a form answers to.
const ALLOWED_WITH_FORM: &str = "GET, HEAD, POST";

/// Whether the server is about to stop, so that a load balancer sends nobody any more.
#[derive(Debug, Default)]
pub struct Health {
    stopping: AtomicBool,
}

impl Health {
    /// Says that the server is about to stop.
    pub fn stop(&self) {
        self.stopping.store(true, Ordering::Relaxed);
    }
}

/// Adds every route. `downloads` is the folder of files that are too large for memory.
pub fn routes(config: &mut ServiceConfig, downloads: Option<PathBuf>) {
    config
        .service(web::resource("/healthz").to(healthz))
        .service(web::resource("/readyz").to(readyz));
    if let Some(folder) = downloads {
        config
            .app_data(Data::new(Downloads(folder)))
            .service(web::resource("/static/downloads/{file:.*}").to(download));
    }
    config
        .app_data(web::PayloadConfig::new(MAX_FORM_BYTES))
        .service(form("/symptoms", web::post().to(symptom_checker::find)))
        .service(form(
            "/symptoms/{complaint}",
            web::post().to(symptom_checker::for_first),
        ))
        .service(form(
            "/symptoms/{complaint}/{addressee}",
            web::post().to(symptom_checker::for_another),
        ))
        .service(
            web::resource("/book/{service}")
                .route(web::post().to(visit_requests::post))
                .route(web::get().to(campaigns::service))
                .route(web::head().to(campaigns::service))
                .default_service(web::to(snapshot_page)),
        )
        .service(read_only("/book/{service}/via/{campaign}", campaigns::via))
        .service(read_only(
            "/book/{service}/requested/{code}",
            visit_requests::kept,
        ))
        .service(
            web::resource("/search")
                .route(web::get().to(search::search))
                .route(web::head().to(search::search))
                .default_service(web::to(snapshot_page)),
        )
        .service(read_only("/search/suggestions", search::suggestions))
        .service(read_only("/go/{campaign:.*}", campaigns::go))
        .service(
            web::resource("/infobutton")
                .route(web::get().to(infobutton::get))
                .route(web::head().to(infobutton::get))
                .route(web::post().to(infobutton::post))
                .route(web::method(Method::OPTIONS).to(infobutton::options))
                .default_service(web::to(infobutton::not_allowed)),
        )
        .default_service(web::to(snapshot_page));
}

/// An address that takes a posted form; its page, if it has one, is in the snapshot.
fn form(path: &str, post: actix_web::Route) -> actix_web::Resource {
    web::resource(path)
        .route(post)
        .default_service(web::to(snapshot_page))
}

/// An address that can only be read, and is answered for one request.
fn read_only<F, Args>(path: &str, read: F) -> actix_web::Resource
where
    F: actix_web::Handler<Args> + Clone,
    Args: actix_web::FromRequest + 'static,
    F::Output: actix_web::Responder + 'static,
{
    web::resource(path)
        .route(web::get().to(read.clone()))
        .route(web::head().to(read))
        .default_service(web::to(method_not_allowed))
}

/// The answer to a method that an address does not have.
async fn method_not_allowed(request: HttpRequest, live: Data<Live>) -> HttpResponse {
    let mut response = answer(live.snapshot().method_not_allowed(), &request);
    response
        .headers_mut()
        .insert(header::ALLOW, HeaderValue::from_static(ALLOWED));
    response
}

/// The process is alive.
async fn healthz(request: HttpRequest) -> HttpResponse {
    refused(&request).unwrap_or_else(|| plain(StatusCode::OK, "ok\n"))
}

/// The answer to any method but GET and HEAD.
fn refused(request: &HttpRequest) -> Option<HttpResponse> {
    if matches!(*request.method(), Method::GET | Method::HEAD) {
        return None;
    }
    let mut response = plain(StatusCode::METHOD_NOT_ALLOWED, "only GET and HEAD\n");
    response
        .headers_mut()
        .insert(header::ALLOW, HeaderValue::from_static(ALLOWED));
    Some(response)
}

/// The process answers readers: there is a snapshot, and it is not about to stop.
async fn readyz(request: HttpRequest, live: Data<Live>, health: Data<Health>) -> HttpResponse {
    if let Some(refused) = refused(&request) {
        return refused;
    }
    if health.stopping.load(Ordering::Relaxed) {
        return plain(StatusCode::SERVICE_UNAVAILABLE, "stopping\n");
    }
    if live.snapshot().is_empty() {
        return plain(StatusCode::SERVICE_UNAVAILABLE, "no content\n");
    }
    plain(StatusCode::OK, "ready\n")
}

pub(super) fn plain(status: StatusCode, text: &'static str) -> HttpResponse {
    HttpResponse::build(status)
        .insert_header((header::CONTENT_TYPE, "text/plain; charset=utf-8"))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .body(text)
}

/// The folder of files that are too large for memory.
struct Downloads(PathBuf);

/// A file from disk, or the answer to any unknown address.
async fn download(
    request: HttpRequest,
    file: web::Path<String>,
    folder: Data<Downloads>,
    live: Data<Live>,
) -> HttpResponse {
    if let Some(refused) = refused(&request) {
        return refused;
    }
    let path = folder.0.join(file.as_str());
    let opened = match is_plain(&file) {
        true => web::block(move || NamedFile::open(path)).await.ok(),
        false => None,
    };
    let opened = opened.and_then(Result::ok);
    let Some(opened) = opened.filter(|file| file.metadata().is_file()) else {
        return answer(live.snapshot().not_found(), &request);
    };
    let mut response = opened.prefer_utf8(true).into_response(&request);
    for (name, value) in file_headers(Embedding::OurPages) {
        response.headers_mut().insert(name, value);
    }
    response
}

/// Whether a path stays in its folder and names nothing hidden.
fn is_plain(path: &str) -> bool {
    Path::new(path).components().all(|part| match part {
        Component::Normal(name) => !name.to_string_lossy().starts_with('.'),
        _ => false,
    })
}

/// Whatever stands at the address in the current snapshot.
pub(super) async fn snapshot_page(request: HttpRequest, live: Data<Live>) -> HttpResponse {
    let snapshot = live.snapshot();
    let path = request.path();
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        let known = snapshot.entry(path).is_some();
        let has_form = path == "/symptoms"
            || ["/symptoms/", "/book/"]
                .iter()
                .any(|folder| path.starts_with(folder));
        let allowed = if has_form { ALLOWED_WITH_FORM } else { ALLOWED };
        let page = if known {
            snapshot.method_not_allowed()
        } else {
            snapshot.not_found()
        };
        let mut response = answer(page, &request);
        if known {
            response
                .headers_mut()
                .insert(header::ALLOW, HeaderValue::from_static(allowed));
        }
        return response;
    }
    match snapshot.entry(path) {
        Some(Entry::Page(page)) => answer(page, &request),
        Some(Entry::Moved(to)) => moved(to.clone()),
        None => match tidied(path).filter(|path| snapshot.entry(path).is_some()) {
            Some(path) => HeaderValue::from_str(&path)
                .map_or_else(|_| answer(snapshot.not_found(), &request), moved),
            None => answer(snapshot.not_found(), &request),
        },
    }
}

/// The address that was probably meant: without a slash at its end, in lower case.
fn tidied(path: &str) -> Option<String> {
    let tidy = path.trim_end_matches('/').to_lowercase();
    let tidy = if tidy.is_empty() {
        "/".to_owned()
    } else {
        tidy
    };
    (tidy != path).then_some(tidy)
}

fn moved(to: HeaderValue) -> HttpResponse {
    HttpResponse::MovedPermanently()
        .insert_header((header::LOCATION, to))
        .insert_header((header::CACHE_CONTROL, "public, max-age=3600"))
        .finish()
}

/// Sends a page in the coding that the reader takes, or says that nothing has changed.
pub(super) fn answer(page: &Page, request: &HttpRequest) -> HttpResponse {
    response(page, request.headers()).map_or_else(
        || HttpResponse::InternalServerError().finish(),
        |response| HttpResponse::from(response).map_into_boxed_body(),
    )
}

/// The same, for a request of which only the headers are known; none for a page without a body, which is never built.
pub(super) fn response(page: &Page, asked: &HeaderMap) -> Option<Response<Bytes>> {
    let encodings = asked.get(header::ACCEPT_ENCODING);
    let encodings = encodings.and_then(|value| value.to_str().ok());
    let chosen = page.best_for(|coding| accepts(encodings, coding))?;
    let kept = page.status == StatusCode::OK && page.cache != CachePolicy::Problem;
    let fresh = kept && reader_has(asked, page, &chosen.etag);
    let mut response = match fresh {
        true => Response::with_body(StatusCode::NOT_MODIFIED, Bytes::new()),
        false => Response::with_body(page.status, chosen.body.clone()),
    };
    let headers = response.headers_mut();
    for (name, value) in &page.headers {
        headers.append(name.clone(), value.clone());
    }
    if kept {
        headers.insert(header::ETAG, chosen.etag.clone());
        if let Some(date) = &page.last_modified {
            headers.insert(header::LAST_MODIFIED, date.clone());
        }
    }
    if page.varies() {
        headers.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    }
    if let Some(name) = coding_name(chosen.coding).filter(|_| !fresh) {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(name));
    }
    Some(response)
}

fn coding_name(coding: crate::snapshot::Coding) -> Option<&'static str> {
    match coding {
        crate::snapshot::Coding::Identity => None,
        crate::snapshot::Coding::Gzip => Some("gzip"),
        crate::snapshot::Coding::Brotli => Some("br"),
    }
}

/// Whether the reader has exactly this. `If-None-Match` wins over `If-Modified-Since`.
fn reader_has(headers: &HeaderMap, page: &Page, etag: &HeaderValue) -> bool {
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(named) = text(header::IF_NONE_MATCH) {
        return etag.to_str().is_ok_and(|etag| names_etag(named, etag));
    }
    let since =
        text(header::IF_MODIFIED_SINCE).and_then(|since| since.parse::<header::HttpDate>().ok());
    let modified = page
        .last_modified
        .as_ref()
        .and_then(|date| date.to_str().ok()?.parse::<header::HttpDate>().ok());
    since
        .zip(modified)
        .is_some_and(|(since, modified)| modified <= since)
}
