//! The short way for what is in the snapshot: lookup, negotiation, bytes. It stands before the
//! router and gives everything else on to it unread. It never decides what a page says: an answer
//! from here is the answer that the router would give.

use std::future::{Ready, ready};
use std::rc::Rc;
use std::task::{Context, Poll};

use actix_http::body::{EitherBody, MessageBody};
use actix_http::{Request, Response};
use actix_service::{IntoServiceFactory, Service, ServiceFactory};
use actix_web::Error;
use actix_web::dev::{AppConfig, ServiceResponse};
use actix_web::web::Bytes;
use futures_util::future::{Either, FutureExt, LocalBoxFuture, MapOk, TryFutureExt};

use super::gate::Gate;

/// Makes a service for each worker: the snapshot first, then an app.
pub(super) struct SnapshotFirst<F> {
    gate: Gate,
    app: F,
}

impl<F> SnapshotFirst<F> {
    /// What `gate` knows of the snapshot before `app`.
    pub(super) fn new(gate: Gate, app: impl IntoServiceFactory<F, Request>) -> Self
    where
        F: ServiceFactory<Request>,
    {
        let app = app.into_factory();
        Self { gate, app }
    }
}

impl<F, B> ServiceFactory<Request> for SnapshotFirst<F>
where
    F: ServiceFactory<
            Request,
            Config = AppConfig,
            Response = ServiceResponse<B>,
            Error = Error,
            InitError = (),
        >,
    F::Future: 'static,
    B: MessageBody + 'static,
{
    type Response = Response<EitherBody<Bytes, B>>;
    type Error = Error;
    type Config = AppConfig;
    type Service = FirstService<F::Service>;
    type InitError = ();
    type Future = LocalBoxFuture<'static, Result<Self::Service, ()>>;

    fn new_service(&self, config: AppConfig) -> Self::Future {
        let gate = Rc::new(self.gate.clone());
        let app = self.app.new_service(config);
        app.map_ok(move |app| FirstService { gate, app })
            .boxed_local()
    }
}

/// What one worker answers with.
pub(super) struct FirstService<S> {
    gate: Rc<Gate>,
    app: S,
}

type Answer<B> = Response<EitherBody<Bytes, B>>;

impl<S, B> Service<Request> for FirstService<S>
where
    S: Service<Request, Response = ServiceResponse<B>, Error = Error>,
    B: MessageBody,
{
    type Response = Answer<B>;
    type Error = Error;
    type Future = Either<
        Ready<Result<Answer<B>, Error>>,
        MapOk<S::Future, fn(ServiceResponse<B>) -> Answer<B>>,
    >;

    fn poll_ready(&self, context: &mut Context<'_>) -> Poll<Result<(), Error>> {
        self.app.poll_ready(context)
    }

    fn call(&self, request: Request) -> Self::Future {
        match self.gate.snapshot_answer(request.head()) {
            Some(found) => {
                Either::Left(ready(Ok(found.map_body(|_, body| EitherBody::left(body)))))
            }
            None => Either::Right(self.app.call(request).map_ok(from_app)),
        }
    }
}

fn from_app<B>(answer: ServiceResponse<B>) -> Answer<B> {
    Response::from(answer).map_body(|_, body| EitherBody::right(body))
}
