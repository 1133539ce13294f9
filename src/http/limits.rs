//! Every limit of the server in one place, with its unit and its arithmetic. A clinic
//! need not touch any of them; whoever meets one is told what to do, and it is counted.

use std::num::NonZeroU32;
use std::time::Duration;

/// Longest address, path and query together, in bytes. Ours have under 300; browsers send up to 8,000 of a pasted link.
pub(super) const MAX_ADDRESS_BYTES: usize = 8 * 1024;

/// Most bytes of all headers. Browsers send 1 to 2 KB; a cookie of another program on the same host may add 16.
/// The parser refuses 128 KB, and more than 96 headers, before they come here.
pub(super) const MAX_HEADER_BYTES: usize = 32 * 1024;

/// Most bytes of a posted form. A protocol has about 30 fields of at most 60 bytes; this is ten times that.
pub(super) const MAX_FORM_BYTES: usize = 32 * 1024;

/// Most requests at once on one connection of HTTP/2. Browsers send some 30 for a page. Source: RFC 9113, section 6.5.2,
/// which asks for no less than this.
pub(super) const MAX_STREAMS: u32 = 100;

/// Most bytes of all headers of a request over HTTP/2, with the 32 that count for each. What is longer is answered by a
/// bare 431; what is between this and [`MAX_HEADER_BYTES`] gets our page.
pub(super) const MAX_HEADER_LIST_BYTES: u32 = 128 * 1024;

/// Most bytes of a form that a client of HTTP/2 may send before we read them: one whole form.
pub(super) const UNREAD_PER_FORM_BYTES: u32 = 64 * 1024;

/// The same for all forms of one connection together.
pub(super) const UNREAD_PER_CONNECTION_BYTES: u32 = 256 * 1024;

/// Most fields of a posted form, for the same reason.
pub(super) const MAX_FIELDS: usize = 300;

/// What a server takes. The default is for a clinic of any size.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Most connections that are open at once. Each costs about 12 KB and a file descriptor.
    pub max_connections: usize,
    /// Longest wait for the head of a request, from its first byte.
    pub head_within: Duration,
    /// Longest wait for a posted form.
    pub form_within: Duration,
    /// How long a connection may stay open with nothing to do.
    pub idle: Duration,
    /// How long a reader may take none of an answer before the connection is dropped.
    pub stalled: Duration,
    /// Most requests that are rendered at once, those that wait for their turn included. One takes about a millisecond,
    /// so whoever reads a page waits a twentieth of a second for all of them.
    pub rendering_at_once: usize,
    /// Most requests that wait for the ledger at once. A ledger that hangs keeps each for some seconds.
    pub ledger_at_once: usize,
    /// How often one address may ask for what costs something; none lifts these limits, for audits.
    pub rates: Option<RateLimits>,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_connections: 8_192,
            head_within: Duration::from_secs(10),
            form_within: Duration::from_secs(20),
            idle: Duration::from_secs(75),
            stalled: Duration::from_secs(30),
            rendering_at_once: 64,
            ledger_at_once: 64,
            rates: Some(RateLimits::default()),
        }
    }
}

/// How often one address may ask for what costs something. Patients in one waiting room share an address.
#[derive(Debug, Clone)]
pub struct RateLimits {
    /// Forms that are only read, such as the symptom checker's. Going through it takes about five.
    pub form: RateLimit,
    /// Forms that are kept. Asking for a visit takes about three.
    pub request: RateLimit,
    /// Pages that are made for one reader, such as what a search finds.
    pub lookup: RateLimit,
}

/// So many at once, and then one more after each pause.
#[derive(Debug, Clone, Copy)]
pub struct RateLimit {
    /// How many at once.
    pub burst: NonZeroU32,
    /// How long until there is one more.
    pub one_more_each: Duration,
}

impl RateLimit {
    const fn new(burst: u32, one_more_each_ms: u64) -> Self {
        Self {
            burst: match NonZeroU32::new(burst) {
                Some(burst) => burst,
                None => NonZeroU32::MIN,
            },
            one_more_each: Duration::from_millis(one_more_each_ms),
        }
    }
}

impl Default for RateLimits {
    fn default() -> Self {
        Self {
            form: RateLimit::new(60, 2_000),
            request: RateLimit::new(40, 10_000),
            lookup: RateLimit::new(120, 500),
        }
    }
}
