//! The whole address table. Everything that does not depend on the visitor is in
//! the snapshot, so the table is short: health, downloads, and the snapshot.

use std::path::{Component, Path, PathBuf};

use actix_files::NamedFile;
use actix_web::error::{InternalError, PathError};
use actix_web::http::header::{self, HeaderValue};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::from_fn;
use actix_web::web::{self, Data, PathConfig, ServiceConfig};
use actix_web::{Error, HttpRequest, HttpResponse};

use super::answered::{Answered, Asked};
use super::encoding::decoded;
use super::guard::with_status;
use super::health::{livez, readyz, readyz_reading, refused};
use super::{campaigns, guard, infobutton, search, symptom_checker, visit_requests};
use crate::disk::Depot;
use crate::live::Live;
use crate::snapshot::{Embedding, Entry, Page, Snapshot, file_for_one, file_headers};

/// What a page answers to.
pub(super) const ALLOWED: &str = "GET, HEAD, OPTIONS";

/// What a page with a form answers to.
const ALLOWED_WITH_FORM: &str = "GET, HEAD, OPTIONS, POST";

/// Where files are that no snapshot holds.
#[derive(Debug, Clone)]
pub struct Folders {
    /// The folder of files that are too large for memory.
    pub downloads: Option<PathBuf>,
    /// The files of other versions of the site.
    pub depot: Option<Depot>,
}

/// Adds every route.
pub fn routes(config: &mut ServiceConfig, folders: Folders) {
    config
        .service(web::resource(["/healthz", "/livez"]).to(livez))
        .service(web::resource("/readyz").to(readyz))
        .service(web::resource("/readyz/reading").to(readyz_reading));
    if let Some(depot) = folders.depot {
        config.app_data(Data::new(depot));
    }
    if let Some(folder) = folders.downloads {
        config
            .app_data(Data::new(Downloads(folder)))
            .service(web::resource("/static/downloads/{file:.*}").to(download));
    }
    config
        .app_data(PathConfig::default().error_handler(unreadable))
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
                .route(
                    web::post()
                        .to(visit_requests::post)
                        .wrap(from_fn(guard::kept_form)),
                )
                .route(web::get().to(campaigns::service))
                .route(web::head().to(campaigns::service))
                .default_service(web::to(snapshot_page)),
        )
        .service(
            read_only("/book/{service}/via/{campaign}", campaigns::via)
                .wrap(from_fn(guard::lookup)),
        )
        .service(
            read_only("/book/{service}/requested/{code}", visit_requests::kept)
                .wrap(from_fn(guard::ledger_lookup)),
        )
        .service(
            web::resource("/search")
                .wrap(from_fn(guard::lookup))
                .route(web::get().to(search::search))
                .route(web::head().to(search::search))
                .default_service(web::to(snapshot_page)),
        )
        .service(read_only("/search/suggestions", search::suggestions).wrap(from_fn(guard::lookup)))
        .service(read_only("/go/{campaign:.*}", campaigns::go))
        .service(
            web::resource("/infobutton")
                .route(web::get().to(infobutton::get).wrap(from_fn(guard::lookup)))
                .route(web::head().to(infobutton::get).wrap(from_fn(guard::lookup)))
                .route(web::post().to(infobutton::post).wrap(from_fn(guard::form)))
                .route(web::method(Method::OPTIONS).to(infobutton::options))
                .default_service(web::to(infobutton::not_allowed)),
        )
        .default_service(web::to(snapshot_page));
}

/// An address that takes a posted form which is only read; its page, if it has one, is in the snapshot.
fn form(path: &str, post: actix_web::Route) -> actix_web::Resource {
    web::resource(path)
        .route(post.wrap(from_fn(guard::form)))
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
        .default_service(web::to(other_method))
}

/// The answer to a method that an address which can only be read does not have.
async fn other_method(request: HttpRequest, live: Data<Live>) -> HttpResponse {
    not_this_way(&live.snapshot(), &request, ALLOWED)
}

/// Which methods an address has: asked for by `OPTIONS`, or told to whoever used another one.
fn not_this_way(snapshot: &Snapshot, request: &HttpRequest, allowed: &'static str) -> HttpResponse {
    let mut response = match *request.method() {
        Method::OPTIONS => HttpResponse::NoContent()
            .insert_header((header::CACHE_CONTROL, "no-store"))
            .finish(),
        _ => answer(snapshot.method_not_allowed(), request),
    };
    response
        .headers_mut()
        .insert(header::ALLOW, HeaderValue::from_static(allowed));
    response
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
        return match snapshot.entry(path) {
            // The star asks what the server as a whole can do. Source: RFC 9110, section 9.3.7.
            None if path == "*" && request.method() == Method::OPTIONS => {
                not_this_way(&snapshot, &request, ALLOWED_WITH_FORM)
            }
            None => nothing_there(&snapshot, &request),
            Some(_) if has_form(path) => not_this_way(&snapshot, &request, ALLOWED_WITH_FORM),
            Some(_) => not_this_way(&snapshot, &request, ALLOWED),
        };
    }
    match snapshot.entry(path) {
        Some(Entry::Page(page)) => answer(page, &request),
        Some(Entry::Moved(to)) => moved(to.as_ref().clone()),
        None => match (
            meant(&snapshot, &request),
            of_another_version(&request).await,
        ) {
            (Some(path), _) => moved(path),
            (None, Some(file)) => answer(&file, &request),
            (None, None) => nothing_there(&snapshot, &request),
        },
    }
}

/// The file that a page of another version names: one that is still open somewhere, or that another server has already.
async fn of_another_version(request: &HttpRequest) -> Option<Page> {
    let address = request.path();
    let depot = request.app_data::<Data<Depot>>().cloned();
    let depot = depot.filter(|_| address.starts_with("/static/"))?;
    let address = address.to_owned();
    let found = web::block(move || {
        let bytes = depot.find(&address)?;
        Some(file_for_one(&address, bytes))
    });
    found.await.ok().flatten()
}

/// The address that was probably meant, if something stands there.
fn meant(snapshot: &Snapshot, request: &HttpRequest) -> Option<HeaderValue> {
    let path = decoded(request.uri().path())?;
    let tidy = tidied(&path);
    snapshot
        .entry(&tidy)
        .filter(|_| tidy != request.uri().path())?;
    HeaderValue::from_str(&tidy).ok()
}

fn has_form(path: &str) -> bool {
    let folders = ["/symptoms/", "/book/"];
    path == "/symptoms" || folders.iter().any(|folder| path.starts_with(folder))
}

/// Says that nothing stands at an address, or that it is spelled in a way that nobody can read.
fn nothing_there(snapshot: &Snapshot, request: &HttpRequest) -> HttpResponse {
    let page = snapshot.not_found();
    if decoded(request.uri().path()).is_some() {
        return answer(page, request);
    }
    with_status(page, StatusCode::BAD_REQUEST, request)
}

/// The answer where a part of an address can't be read.
fn unreadable(error: PathError, request: &HttpRequest) -> Error {
    let response = match request.app_data::<Data<Live>>() {
        Some(live) => with_status(
            live.snapshot().not_found(),
            StatusCode::BAD_REQUEST,
            request,
        ),
        None => HttpResponse::BadRequest().finish(),
    };
    InternalError::from_response(error, response).into()
}

/// An address as ours are written: without a slash at its end, in lower case.
fn tidied(path: &str) -> String {
    match path.trim_end_matches('/') {
        "" => "/".to_owned(),
        tidy => tidy.to_lowercase(),
    }
}

fn moved(to: HeaderValue) -> HttpResponse {
    HttpResponse::MovedPermanently()
        .insert_header((header::LOCATION, to))
        .insert_header((header::CACHE_CONTROL, "public, max-age=3600"))
        .finish()
}

/// Sends a page in the coding that the reader takes, or says that nothing has changed.
pub(super) fn answer(page: &Page, request: &HttpRequest) -> HttpResponse {
    let asked = Asked::by(request.headers());
    let response = Answered::to(page, &asked).and_then(|answered| answered.response());
    response.map_or_else(
        || HttpResponse::InternalServerError().finish(),
        |response| HttpResponse::from(response).map_into_boxed_body(),
    )
}
