//! What only editors are served: news of a page, as it becomes another one. A
//! stream that is opened late or again says at once what it missed, so nothing is
//! kept of who listens.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use actix_web::HttpResponse;
use actix_web::body::{BodySize, MessageBody};
use actix_web::http::header;
use actix_web::web::{self, Bytes, Data, Query, ServiceConfig};
use serde::Deserialize;
use tokio::sync::mpsc;

use crate::live::Live;

/// How often an empty line is sent, in seconds, so that a stream whose reader is gone ends.
const BEAT_S: u64 = 15;

/// How many pieces of news may wait for a slow reader; more would only repeat that the page changed.
const WAITING: usize = 2;

/// Adds what previews have besides pages.
pub(super) fn routes(config: &mut ServiceConfig) {
    config.service(web::resource("/preview/events").route(web::get().to(events)));
}

/// What is asked for.
#[derive(Debug, Deserialize)]
struct Asked {
    /// The address of a page.
    page: String,
    /// Its version that the reader has; any, when it is not known.
    has: Option<String>,
}

/// News of one page, as server-sent events. Source: HTML Living Standard, section 9.2.
async fn events(asked: Query<Asked>, live: Data<Live>) -> HttpResponse {
    let (sender, receiver) = mpsc::channel(WAITING);
    actix_web::rt::spawn(tell(live, asked.into_inner(), sender));
    HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "text/event-stream"))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .body(News(receiver))
}

/// Tells of each version of a page that the reader does not have, until the reader is gone.
async fn tell(live: Data<Live>, asked: Asked, sender: mpsc::Sender<Bytes>) {
    let mut builds = live.builds();
    let mut beat = actix_web::rt::time::interval(Duration::from_secs(BEAT_S));
    let mut has = asked.has;
    loop {
        builds.mark_unchanged();
        let version = live.snapshot().version(&asked.page);
        let is_news = has.as_ref().is_some_and(|has| *has != version);
        let event = if is_news {
            let news = serde_json::json!({ "page": asked.page, "version": version });
            format!("event: changed\ndata: {news}\n\n")
        } else {
            ":\n\n".to_owned()
        };
        has = Some(version);
        if sender.send(event.into()).await.is_err() {
            return;
        }
        loop {
            tokio::select! {
                built = builds.changed() => match built {
                    Ok(()) if has == Some(live.snapshot().version(&asked.page)) => {}
                    Ok(()) => break,
                    Err(_) => return,
                },
                _ = beat.tick() => break,
                () = sender.closed() => return,
            }
        }
    }
}

/// A body that never ends by itself.
struct News(mpsc::Receiver<Bytes>);

impl MessageBody for News {
    type Error = Infallible;

    fn size(&self) -> BodySize {
        BodySize::Stream
    }

    fn poll_next(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, Self::Error>>> {
        self.0.poll_recv(context).map(|news| news.map(Ok))
    }
}
