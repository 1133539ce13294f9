//! Who may ask the server, how, and how often. It stands apart because whoever puts a
//! proxy before the site looks for these words alone.

use std::net::SocketAddr;

use clap::{Args, ValueEnum};

/// Proxies, limits, and the address for operators.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Proxies and limits")]
pub struct NetworkArgs {
    /// A proxy that is believed when it says who asks and whether over https: an address or a network, such as
    /// `127.0.0.1` or `10.0.0.0/8`, or `unix` for one at `--unix-socket`. May be given several times, or with commas
    /// between. Without one, whoever connects is taken for the client.
    #[arg(
        long = "trusted-proxy",
        value_name = "NETWORK",
        value_delimiter = ',',
        env = "SIGNPOST_TRUSTED_PROXY"
    )]
    pub trusted_proxies: Vec<String>,
    /// Which headers those proxies set. The others are never looked at.
    #[arg(long, value_enum, default_value_t = ForwardedHeader::XForwarded, env = "SIGNPOST_FORWARDED_HEADER")]
    pub forwarded_header: ForwardedHeader,
    /// How often one address may send forms and search. `off` is for audits and load tests of a site that patients don't
    /// use.
    #[arg(long, value_enum, default_value_t = RateLimiting::On, env = "SIGNPOST_RATE_LIMITS")]
    pub rate_limits: RateLimiting,
    /// Most connections that are open at once; less, if the system allows less.
    #[arg(
        long,
        value_name = "COUNT",
        default_value_t = 8_192,
        env = "SIGNPOST_MAX_CONNECTIONS"
    )]
    pub max_connections: usize,
    /// Address and port at which Prometheus finds `/metrics` and operators find `/readyz` with details; nowhere when left
    /// out. It must not be one that patients can reach.
    #[arg(long, value_name = "ADDR", env = "SIGNPOST_METRICS_ADDR")]
    pub metrics_addr: Option<SocketAddr>,
}

/// Which headers proxies set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ForwardedHeader {
    /// `X-Forwarded-For` and `X-Forwarded-Proto`.
    XForwarded,
    /// `Forwarded` of RFC 7239.
    Forwarded,
}

/// Whether rate limits hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum RateLimiting {
    /// They do.
    On,
    /// They don't.
    Off,
}
