//! `serve`: builds, listens, watches, and stops without cutting anybody off.
//! It is the only place that knows signals and threads.

use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::oneshot;

use super::open_ledger::{beside, ledger_place};
use super::ways_in::{WaysIn, redirect};
use super::{Exit, calendar, front_desk, log};
use crate::cli::{ForwardedHeader, NetworkArgs, RateLimiting, ServeArgs};
use crate::clock::Stopwatch;
use crate::disk::{DOWNLOADS, Depot, PidFile};
use crate::http::{
    ForwardedBy, Limits, Listening, Network, Operations, Place, Proxies, RateLimits,
    ServerSettings, serve, serve_early, serve_operations,
};
use crate::intake::Intake;
use crate::live::{BuildOutcome, Live};
use crate::pages::Edition;
use crate::pages::preview::Desk;
use crate::rebuild::{Calendar, Folder, RebuildError, Shelf, tell_live};
use crate::snapshot::Inherited;
use crate::watch::{self, Watching};

pub(super) fn run(args: &ServeArgs) -> anyhow::Result<Exit> {
    log::start_log(args)?;
    let telling = super::notify::notify_settings(&args.notify)?;
    let proxies = proxies(&args.network)?;
    let calendar = calendar(args.content.today);
    let root = &args.content.folder.content;
    let edition = edition(args, root)?;
    let _pid_file = args.pid_file.as_deref().map(keep_pid).transpose()?;
    let ways = WaysIn::open(args, &proxies)?;
    let Kept {
        shelf,
        depot,
        inherited,
    } = kept(args, root, calendar, &edition)?;
    actix_web::rt::System::new().block_on(async {
        let settings = settings(args, root, proxies, &ways, depot);
        // Whoever is told where the site is may stop it at once.
        let mut signals = Signals::listen()?;
        let early = inherited.map(|inherited| begin_early(&settings, inherited));
        let mut early = early.transpose()?;
        let building = build_aside(root, calendar, &edition);
        let built = match &mut early {
            None => tokio::select! {
                built = building => Some(built?),
                () = signals.stop() => None,
            },
            // Pages that are the same as before need not wait until they are made again.
            Some(listening) => until_built(building, listening, &mut signals).await?,
        };
        let Some((live, folder)) = built else {
            return Ok(());
        };
        let mut desk = front_desk::open(args, root, &live, telling).await?;
        let (intake, counting) = (Arc::clone(&desk.intake), Arc::clone(&desk.counting));
        let operated = Arc::clone(&intake);
        let is_early = early.is_some();
        let listening = match early {
            Some(listening) => {
                listening.open(Arc::clone(&live), intake, counting);
                listening
            }
            None => serve(&settings, Arc::clone(&live), intake, counting)
                .with_context(|| taken(&settings.place))?,
        };
        let redirects = redirect(&args.listening, &live)?;
        let operations = listen_for_operators(&args.network, &listening, &live, operated, &ways)?;
        ways.keep_renewed(&live);
        desk.begin_upkeep(Arc::clone(&live), &listening);
        let watching = match args.no_watch {
            true => Watching::OnRequest,
            false => Watching::Files,
        };
        let watch = watch::begin(folder, calendar, Arc::clone(&live), watching, shelf);
        // Files may have changed between reading and watching. This also compresses in the background.
        watch.ask();
        if !is_early {
            announce(&listening)?;
        }
        let drain = Duration::from_secs(args.drain_seconds);
        // The streams of a preview never end by themselves.
        let stop = match edition {
            Edition::Public => Stop::Gently,
            Edition::Preview(_) => Stop::AtOnce,
        };
        let again = || {
            ways.look_again();
            watch.ask();
        };
        let ended = until_stopped(listening, signals, drain, stop, again).await;
        for beside in redirects.into_iter().chain(operations) {
            beside.stop(true).await;
        }
        desk.close().await;
        ended
    })?;
    Ok(Exit::Clean)
}

/// What is on disk of earlier servers, and for later ones.
struct Kept {
    shelf: Shelf,
    depot: Option<Depot>,
    /// Pages that are the same as before.
    inherited: Option<Inherited>,
}

/// Looks at what earlier servers kept. Of a preview nothing is kept.
///
/// # Errors
/// The ledger, beside which it is, is named in a way that can't be understood: for the operator.
fn kept(
    args: &ServeArgs,
    root: &Path,
    calendar: Calendar,
    edition: &Edition,
) -> anyhow::Result<Kept> {
    if *edition != Edition::Public {
        return Ok(Kept {
            shelf: Shelf::none(),
            depot: None,
            inherited: None,
        });
    }
    let beside = beside(&ledger_place(&args.ledger, root)?, root);
    let (file, folder) = (args.compressed_file.clone(), args.depot.clone());
    let depot = Depot::at(folder.unwrap_or_else(|| beside.join("depot")));
    let file = file.unwrap_or_else(|| beside.join("compressed"));
    let (shelf, inherited) = Shelf::open(file, root, calendar);
    Ok(Kept {
        shelf: shelf.with_depot(depot.clone()),
        depot: Some(depot),
        inherited,
    })
}

/// Begins to answer with pages that are the same as before, and says where.
///
/// # Errors
/// Nobody can listen there: for the operator.
fn begin_early(settings: &ServerSettings, inherited: Inherited) -> anyhow::Result<Listening> {
    let addresses = inherited.len();
    let listening = serve_early(settings, inherited).with_context(|| taken(&settings.place))?;
    tracing::info!(
        addresses,
        "nothing has changed: pages of before are sent until content is read"
    );
    announce(&listening)?;
    Ok(listening)
}

/// Waits for the site while pages of before are sent. None if the process is told to stop first: who waits for the site
/// then is let go.
///
/// # Errors
/// There is no site to show, or the server failed: for the operator.
async fn until_built(
    building: impl Future<Output = anyhow::Result<FirstBuild>>,
    listening: &mut Listening,
    signals: &mut Signals,
) -> anyhow::Result<Option<FirstBuild>> {
    let handle = listening.handle();
    let server = &mut listening.server;
    tokio::select! {
        built = building => return built.map(Some),
        ended = &mut *server => ended.context("the server failed")?,
        () = signals.stop() => {
            let (ended, ()) = tokio::join!(server, handle.stop(true));
            ended.context("the server failed")?;
        }
    }
    Ok(None)
}

/// Builds the site for the first time, in a thread of its own.
///
/// # Errors
/// As [`first_build`].
async fn build_aside(
    root: &Path,
    calendar: Calendar,
    edition: &Edition,
) -> anyhow::Result<FirstBuild> {
    let (folder, edition) = (Folder::new(root.to_owned()), edition.clone());
    let (sender, receiver) = oneshot::channel();
    std::thread::spawn(move || {
        // Nobody waits for it any more if the server stops.
        drop(sender.send(first_build(folder, calendar, &edition)));
    });
    receiver.await.context("a thread ended early")?
}

/// Says that nobody can listen at a place, in the words that were typed for it.
fn taken(place: &Place) -> String {
    let typed = place.addr().map(|addr| addr.to_string());
    let typed = typed.unwrap_or_else(|| place.to_string());
    format!("can't listen on {typed}")
}

/// The site, and the folder as it was read for it.
type FirstBuild = (Arc<Live>, Folder);

/// Builds the site for the first time.
///
/// # Errors
/// There is no clinic to show: for the operator.
fn first_build(
    mut folder: Folder,
    calendar: Calendar,
    edition: &Edition,
) -> anyhow::Result<FirstBuild> {
    let watch = Stopwatch::start();
    let built = folder.build_first(calendar, edition);
    let (snapshot, diagnostics) = match built {
        Ok(built) => built,
        Err(RebuildError::Content(diagnostics)) => {
            diagnostics
                .iter()
                .for_each(|found| tracing::error!("{found}"));
            anyhow::bail!("there is no clinic to show: mend `clinic/clinic.toml`, and try again");
        }
        Err(error) => return Err(error.into()),
    };
    for found in &diagnostics {
        tracing::warn!("{found}");
    }
    tell_live(&snapshot, &diagnostics);
    let live = Arc::new(Live::new(snapshot, diagnostics));
    live.record_build(BuildOutcome::Live, watch.elapsed());
    Ok((live, folder))
}

/// Whether running requests may end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stop {
    Gently,
    AtOnce,
}

/// For whom the site is made.
///
/// # Errors
/// Others could see a preview and nobody said that they may, or the folder is not there: for the operator.
fn edition(args: &ServeArgs, root: &Path) -> anyhow::Result<Edition> {
    if !args.preview {
        return Ok(Edition::Public);
    }
    let is_reached = args.listening.unix_socket.is_none() && !args.addr.ip().is_loopback();
    if is_reached && !args.preview_for_others {
        anyhow::bail!(
            "a preview shows drafts, and others could reach it at {}: listen on 127.0.0.1, or say \
             `--preview-for-others`",
            args.addr
        );
    }
    let root = root
        .canonicalize()
        .with_context(|| format!("the content folder `{}` can't be read", root.display()))?;
    let root = root.to_string_lossy().into_owned();
    Ok(Edition::Preview(Desk { root }))
}

/// Keeps the number of this process for `signpost reload`.
///
/// # Errors
/// The file can't be written, or another server keeps it: for the operator.
fn keep_pid(file: &Path) -> anyhow::Result<PidFile> {
    PidFile::keep(file).with_context(|| format!("can't keep `{}`", file.display()))
}

fn settings(
    args: &ServeArgs,
    root: &Path,
    proxies: Proxies,
    ways: &WaysIn,
    depot: Option<Depot>,
) -> ServerSettings {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let downloads = Some(root.join(DOWNLOADS)).filter(|folder| folder.is_dir());
    ServerSettings {
        place: ways.place.clone(),
        workers: args.workers.unwrap_or(cores),
        shutdown_s: args.shutdown_seconds,
        downloads,
        depot,
        limits: limits(&args.network),
        proxies,
    }
}

/// The proxies that are believed.
///
/// # Errors
/// One of them is no network: for the operator.
pub(super) fn proxies(args: &NetworkArgs) -> anyhow::Result<Proxies> {
    let named = args.trusted_proxies.iter().map(|text| text.trim());
    let networks = named.filter(|text| !text.is_empty()).map(|text| {
        text.parse::<Network>()
            .with_context(|| format!("`--trusted-proxy {text}` is no network"))
    });
    Ok(Proxies {
        networks: networks.collect::<anyhow::Result<_>>()?,
        forwarded_by: match args.forwarded_header {
            ForwardedHeader::XForwarded => ForwardedBy::XForwarded,
            ForwardedHeader::Forwarded => ForwardedBy::Forwarded,
        },
    })
}

/// File descriptors that are kept for what is no connection: the ledger, watched folders, downloads.
const OTHER_FILES: u64 = 256;

fn limits(args: &NetworkArgs) -> Limits {
    let wanted = args.max_connections;
    let most = usize::try_from(files_allowed().saturating_sub(OTHER_FILES)).unwrap_or(usize::MAX);
    if most < wanted {
        tracing::warn!(
            "the system allows {most} connections and not {wanted}: raise the limit of open files, as \
             `LimitNOFILE=` of systemd or `ulimit -n` do"
        );
    }
    let rates = match args.rate_limits {
        RateLimiting::On => Some(RateLimits::default()),
        RateLimiting::Off => {
            tracing::warn!(
                "AUDIT: rate limits are off, so one address may send any number of forms; for patients, take \
                 `--rate-limits off` away"
            );
            None
        }
    };
    Limits {
        max_connections: wanted.min(most).max(1),
        rates,
        ..Limits::default()
    }
}

/// How many files this process may have open, after it has asked for as many as it may ask for.
fn files_allowed() -> u64 {
    use rustix::process::{Resource, getrlimit, setrlimit};
    let mut limit = getrlimit(Resource::Nofile);
    if limit.current != limit.maximum {
        limit.current = limit.maximum;
        // Where that is refused, what was allowed before still is.
        setrlimit(Resource::Nofile, limit).unwrap_or_default();
    }
    getrlimit(Resource::Nofile).current.unwrap_or(u64::MAX)
}

/// Begins to answer operators, if they asked for it.
///
/// # Errors
/// The address can't be bound: for the operator.
fn listen_for_operators(
    args: &NetworkArgs,
    listening: &Listening,
    live: &Arc<Live>,
    intake: Arc<Intake>,
    ways: &WaysIn,
) -> anyhow::Result<Option<actix_web::dev::ServerHandle>> {
    let Some(addr) = args.metrics_addr else {
        return Ok(None);
    };
    let operations = Operations {
        live: Arc::clone(live),
        intake,
        health: Arc::clone(&listening.health),
        meters: Arc::clone(&listening.meters),
        connections: Arc::clone(&listening.connections),
        tls: ways.tls(),
    };
    let (server, at) = serve_operations(addr, operations)
        .with_context(|| format!("can't listen on {addr} for operators"))?;
    if !at.ip().is_loopback() {
        tracing::warn!(
            "operators are answered at {at}, which others can reach: keep it behind a firewall"
        );
    }
    tracing::info!("metrics are at http://{at}/metrics");
    let handle = server.handle();
    actix_web::rt::spawn(server);
    Ok(Some(handle))
}

/// Says on standard output where the site is, for people and for scripts.
fn announce(listening: &Listening) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "listening on {}", listening.place)?;
    out.flush()
}

/// What the process is told from outside.
struct Signals {
    term: Signal,
    int: Signal,
    hup: Signal,
}

impl Signals {
    /// Resolves when the process is told to stop.
    async fn stop(&mut self) {
        tokio::select! {
            _ = self.term.recv() => {}
            _ = self.int.recv() => {}
        }
    }

    fn listen() -> io::Result<Self> {
        Ok(Self {
            term: signal(SignalKind::terminate())?,
            int: signal(SignalKind::interrupt())?,
            hup: signal(SignalKind::hangup())?,
        })
    }
}

/// Serves until SIGTERM or SIGINT, and for the drain after it; SIGHUP asks for everything to be read again.
async fn until_stopped(
    listening: Listening,
    signals: Signals,
    drain: Duration,
    stop: Stop,
    read_again: impl Fn(),
) -> anyhow::Result<()> {
    let Signals {
        mut term,
        mut int,
        mut hup,
    } = signals;
    let handle = listening.handle();
    let health = Arc::clone(&listening.health);
    let mut server = std::pin::pin!(listening.server);
    loop {
        tokio::select! {
            ended = &mut server => return ended.context("the server failed"),
            _ = term.recv() => break,
            _ = int.recv() => break,
            _ = hup.recv() => read_again(),
        }
    }
    health.stop();
    if !drain.is_zero() {
        tracing::info!(
            drain_s = drain.as_secs(),
            "draining: /readyz says 503, requests are answered"
        );
        tokio::select! {
            ended = &mut server => return ended.context("the server failed"),
            _ = term.recv() => {}
            _ = int.recv() => {}
            () = tokio::time::sleep(drain) => {}
        }
    }
    tracing::info!("stopping: no new requests, running ones may end");
    let stopping = handle.stop(stop == Stop::Gently);
    let (_, ended) = tokio::join!(stopping, server);
    ended.context("the server failed")
}
