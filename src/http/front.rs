//! What stands at the door before anything of the site does: what is counted, who is connected,
//! and, from an earlier server, pages that are the same. It answers plain readings with these
//! until the site is there. Everything else waits for the site, and never for longer than that.

use std::net::SocketAddr;
use std::sync::Arc;

use actix_web::web::{Bytes, Data};
use arc_swap::ArcSwapOption;
use tokio::sync::SetOnce;

use super::answered::{Answered, is_kept};
use super::connections::Connections;
use super::gate::{
    Carriage, END, END_OVER_HTTPS, Gate, LAST_END, LAST_END_OVER_HTTPS, Ready, class_of_reading,
};
use super::guard::Guards;
use super::reading::{Method, Reading};
use crate::counting::Counting;
use crate::intake::Intake;
use crate::live::Live;
use crate::snapshot::{Inherited, Page};

/// What all workers of a server have at the door. Cloning is cheap.
#[derive(Clone)]
pub(super) struct Front {
    pub(super) guards: Data<Guards>,
    pub(super) connections: Arc<Connections>,
    pub(super) carriage: Carriage,
    inherited: Arc<ArcSwapOption<Inherited>>,
    behind: Arc<SetOnce<Behind>>,
}

/// The site, and what takes in what people send.
#[derive(Clone)]
pub(super) struct Behind {
    pub(super) live: Data<Live>,
    pub(super) intake: Data<Intake>,
    pub(super) counting: Data<Counting>,
}

impl Front {
    pub(super) fn new(
        guards: Guards,
        connections: Connections,
        carriage: Carriage,
        inherited: Option<Inherited>,
    ) -> Self {
        Self {
            guards: Data::new(guards),
            connections: Arc::new(connections),
            carriage,
            inherited: Arc::new(ArcSwapOption::from_pointee(inherited)),
            behind: Arc::default(),
        }
    }

    /// Lets everybody in who waits. Only the first site is let stand behind a door.
    pub(super) fn open(&self, live: Arc<Live>, intake: Arc<Intake>, counting: Arc<Counting>) {
        let behind = Behind {
            live: Data::from(live),
            intake: Data::from(intake),
            counting: Data::from(counting),
        };
        if self.behind.set(behind).is_ok() {
            self.inherited.store(None);
        }
    }

    /// What is behind the door; none until the site is there.
    pub(super) fn behind(&self) -> Option<&Behind> {
        self.behind.get()
    }

    /// The same, for who waits until the site is there.
    pub(super) async fn once_open(&self) -> &Behind {
        self.behind.wait().await
    }

    /// The gate to what is behind the door.
    pub(super) fn gate(&self, behind: &Behind) -> Gate {
        let (front, live) = (self.clone(), behind.live.clone());
        Gate { live, front }
    }

    /// The answer to a plain reading while the site is not there: a page of an earlier server.
    pub(super) fn inherited_answer(
        &self,
        reading: &Reading<'_, '_>,
        peer: Option<SocketAddr>,
    ) -> Option<Ready> {
        let inherited = self.inherited.load();
        let page = inherited.as_ref()?.page(reading.path)?;
        self.ready(&page, reading, peer)
    }

    /// The answer to a plain reading of a page, which is counted. While connections are scarce, each is the last one. None for
    /// a page that nobody may keep, which is for the long way.
    pub(super) fn ready(
        &self,
        page: &Page,
        reading: &Reading<'_, '_>,
        peer: Option<SocketAddr>,
    ) -> Option<Ready> {
        let answered = Answered::to(page, &reading.asked).filter(|_| is_kept(page))?;
        let body = match reading.method {
            Method::Get => answered.body()?,
            Method::Head => Bytes::new(),
        };
        let class = class_of_reading(reading.path);
        let status = answered.status().as_u16();
        self.guards.meters.answered(class, status);
        let proxies = &self.guards.proxies;
        let is_https = self.carriage == Carriage::Tls
            || proxies.is_https(peer, |name| reading.last_line(name));
        let is_last = reading.is_last || self.connections.are_scarce();
        Some(Ready {
            head: answered.head().clone(),
            end: match (is_https, is_last) {
                (false, false) => END,
                (true, false) => END_OVER_HTTPS,
                (false, true) => LAST_END,
                (true, true) => LAST_END_OVER_HTTPS,
            },
            body,
            is_last,
        })
    }
}
