//! Arguments, environment names and help texts. What was typed, and nothing of
//! what it means: that is for `commands`.

mod campaigns;
mod check;
mod config;
mod export;
mod ledger;
mod listening;
mod network;
mod new;
mod related;
mod rename;
mod report_card;
mod schema;
mod stage;
mod visits;

pub use campaigns::{CampaignsCommand, LinkArgs, ReportArgs, ReportFormat};
pub use check::{
    CheckArgs, CheckFormat, DigestArgs, DigestFormat, ExplainCodeArgs, VisitArgs, links_file,
};
pub use config::{ConfigCommand, Said, Setting, SettingsArgs, Source};
pub use export::{RedirectFiles, SiblingFiles, SiteExportArgs};
pub use ledger::{BackupArgs, LedgerArgs, LedgerCheckArgs, LedgerCommand};
pub use listening::ListeningArgs;
pub use network::{ForwardedHeader, NetworkArgs, RateLimiting};
pub use new::{
    BeginArgs, IdentifierArgs, NewArticleArgs, NewCommand, NewPersonArgs, NewProtocolArgs,
    NewServiceArgs,
};
pub use related::RelatedArgs;
pub use rename::RenameArgs;
pub use report_card::ReportCardArgs;
pub use schema::SchemaArgs;
pub use stage::StageArgs;
pub use visits::{
    DeskArgs, DoneArgs, ExportArgs, KeyArgs, KeygenArgs, ListArgs, LogArgs, PurgeArgs, ShowArgs,
    VisitsCommand,
};

use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use jiff::civil::Date;

/// Patient education for clinics: articles, care cards and visits from text files.
#[derive(Debug, Parser)]
#[command(name = "signpost", version, about)]
pub struct Cli {
    /// What to do; `serve` when nothing is named.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// The arguments of `serve`, when no command is named.
    #[command(flatten)]
    pub serve: ServeArgs,
}

/// What the program can do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve the site, and build it again when its files change.
    Serve(Box<ServeArgs>),
    /// Show the site to its editors: with drafts, with what is to be mended on each page, and each change as it is saved.
    Preview(Box<ServeArgs>),
    /// Ask a running server to read all content again. It is found by its `--pid-file`.
    Reload(ReloadArgs),
    /// Read all content and tell what somebody should mend. Exits 0 without errors, 1 with errors, 2 if it could not run.
    Check(CheckArgs),
    /// Tell what a code that `check` prints means, and how to mend it.
    Explain(ExplainCodeArgs),
    /// Tell what is due: reviews, prices, links, drafts, campaigns. Made to be mailed once a week.
    Digest(DigestArgs),
    /// Tell which articles stand under an article, and why.
    Related(RelatedArgs),
    /// Begin an article, a protocol, a person or a visit. Exits 2 if it could not; then nothing is left behind.
    #[command(subcommand)]
    New(NewCommand),
    /// Give an article another address: moves its files, keeps the old address, mends every link. All or nothing.
    Rename(RenameArgs),
    /// Write the site as files for any web server or CDN. Exits 0 when it is written, 1 if content has errors, 2 if it
    /// could not run.
    Export(Box<SiteExportArgs>),
    /// Put the style sheets and pictures of a release where running servers find them, before any server shows its pages.
    /// Exits 0 when they are there, 1 if content has errors, 2 if it could not run.
    Stage(StageArgs),
    /// Prove the protocols of the symptom checker, or print one for a clinician to sign.
    #[command(subcommand)]
    Triage(TriageCommand),
    /// Links of campaigns, and how many people came through them.
    #[command(subcommand)]
    Campaigns(CampaignsCommand),
    /// Open, answer and remove visit requests, on the machine that has the private key.
    #[command(subcommand)]
    Visits(VisitsCommand),
    /// Copy the ledger of visit requests, or read all of it and tell whether it is whole.
    #[command(subcommand)]
    Ledger(LedgerCommand),
    /// Tell how `serve` is set up.
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Tell what the text files may hold, as JSON Schema, and write it for editors. Without a name it lists all kinds of files.
    Schema(SchemaArgs),
}

/// What can be done with protocols.
#[derive(Debug, Subcommand)]
pub enum TriageCommand {
    /// Put every vignette before its protocol. Exits 0 if all is right, 1 if something failed, 2 if it could not run.
    Test(TriageTestArgs),
    /// Print a protocol: every finding with its level, question, reason and sources, and a line to sign.
    Explain(ExplainArgs),
}

/// Which vignettes to try.
#[derive(Debug, Clone, Args)]
pub struct TriageTestArgs {
    /// Where the content is.
    #[command(flatten)]
    pub folder: FolderArgs,
    /// The complaints, such as `back-pain`; all when none is named.
    #[arg(value_name = "COMPLAINT")]
    pub complaints: Vec<String>,
}

/// Which protocol to print, and how.
#[derive(Debug, Clone, Args)]
pub struct ExplainArgs {
    /// Where the content is.
    #[command(flatten)]
    pub folder: FolderArgs,
    /// The complaint, such as `back-pain`.
    #[arg(value_name = "COMPLAINT")]
    pub complaint: String,
    /// As a text to sign, or as a picture of the questions.
    #[arg(long, value_enum, default_value_t = ExplainFormat::Text)]
    pub format: ExplainFormat,
}

/// How a protocol is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum ExplainFormat {
    /// A text to read and sign.
    Text,
    /// A picture of the way through the questions.
    Svg,
}

/// Where the content is.
#[derive(Debug, Clone, Args)]
pub struct FolderArgs {
    /// The folder that holds `articles/`, `clinic/` and `static/`, and the vignettes in `tests/vignettes/`.
    #[arg(
        long,
        value_name = "DIR",
        default_value = ".",
        env = "SIGNPOST_CONTENT"
    )]
    pub content: PathBuf,
}

/// Where the content is, and for which day it is built.
#[derive(Debug, Clone, Args)]
pub struct ContentArgs {
    /// Where the content is.
    #[command(flatten)]
    pub folder: FolderArgs,
    /// Build as if today were this day, such as 2027-01-31. Without it, today is the day in the clinic's time zone.
    #[arg(long, value_name = "DATE", env = "SIGNPOST_TODAY")]
    pub today: Option<Date>,
}

/// Which server to ask.
#[derive(Debug, Clone, Args)]
pub struct ReloadArgs {
    /// The file that `serve --pid-file` keeps.
    #[arg(long, value_name = "FILE", env = "SIGNPOST_PID_FILE")]
    pub pid_file: PathBuf,
}

/// How to serve.
#[derive(Debug, Clone, Args)]
pub struct ServeArgs {
    /// Where the content is.
    #[command(flatten)]
    pub content: ContentArgs,
    /// Show the site to its editors and not to readers: with drafts and articles of the future, with what is to be mended on
    /// each page, and each change as it is saved.
    #[arg(long)]
    pub preview: bool,
    /// Let a preview listen where others than this machine can reach it. They see drafts.
    #[arg(long)]
    pub preview_for_others: bool,
    /// Don't watch files: the site is built again at midnight, on SIGHUP and by `signpost reload`.
    #[arg(long, env = "SIGNPOST_NO_WATCH")]
    pub no_watch: bool,
    /// A file in which the number of this process is kept while it runs, for `signpost reload`; none when left out.
    #[arg(long, value_name = "FILE", env = "SIGNPOST_PID_FILE")]
    pub pid_file: Option<PathBuf>,
    /// Where visit requests are kept.
    #[command(flatten)]
    pub ledger: LedgerArgs,
    /// A file with the secret by which a request that is sent twice is known again; made on first use. Several servers
    /// with one database must share it. `request-secret` beside the ledger, or in `var/`, when left out.
    #[arg(long, value_name = "FILE", env = "SIGNPOST_REQUEST_SECRET_FILE")]
    pub request_secret_file: Option<PathBuf>,
    /// A file in which compressed pages are kept instead of in memory, and for the next start; beside it is an inventory. Both
    /// may be deleted at any time. `compressed` beside the ledger, or in `var/`, when left out.
    #[arg(long, value_name = "FILE", env = "SIGNPOST_COMPRESSED_FILE")]
    pub compressed_file: Option<PathBuf>,
    /// A folder in which style sheets, pictures and other files are kept for pages of earlier and coming versions, which
    /// may be open somewhere or come from another server; it may be deleted at any time. `depot` beside the ledger, or in
    /// `var/`, when left out.
    #[arg(long, value_name = "DIR", env = "SIGNPOST_DEPOT")]
    pub depot: Option<PathBuf>,
    /// Address and port to listen on; port 0 takes a free one.
    #[arg(
        long,
        value_name = "ADDR",
        default_value = "127.0.0.1:8080",
        env = "SIGNPOST_ADDR"
    )]
    pub addr: SocketAddr,
    /// https without a proxy, or a socket for one.
    #[command(flatten)]
    pub listening: ListeningArgs,
    /// Threads that answer requests; as many as the machine has cores when left out.
    #[arg(long, value_name = "COUNT", env = "SIGNPOST_WORKERS")]
    pub workers: Option<usize>,
    /// How long running requests may take after a stop, in seconds.
    #[arg(
        long,
        value_name = "SECONDS",
        default_value_t = 30,
        env = "SIGNPOST_SHUTDOWN_SECONDS"
    )]
    pub shutdown_seconds: u64,
    /// How long `/readyz` says 503 after a stop, in seconds, while everybody is still answered. Give a load balancer
    /// longer than it waits between two questions. A second signal cuts this short.
    #[arg(
        long,
        value_name = "SECONDS",
        default_value_t = 0,
        env = "SIGNPOST_DRAIN_SECONDS"
    )]
    pub drain_seconds: u64,
    /// How log lines look.
    #[arg(long, value_enum, default_value_t = LogFormat::Text, env = "SIGNPOST_LOG_FORMAT")]
    pub log_format: LogFormat,
    /// What is logged, such as `info` or `signpost=debug`.
    #[arg(
        long,
        value_name = "FILTER",
        default_value = "info",
        env = "SIGNPOST_LOG"
    )]
    pub log: String,
    /// Proxies, limits, and the address for operators.
    #[command(flatten)]
    pub network: NetworkArgs,
    /// Whom to tell of visit requests.
    #[command(flatten)]
    pub notify: NotifyArgs,
}

/// Whom to tell of visit requests; nobody, when nothing is named. What is secret is better put into the environment,
/// since others on the machine can see arguments.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Telling staff of visit requests")]
pub struct NotifyArgs {
    /// The mail server: `smtps://user:password@host:465`, `smtp+starttls://user:password@host:587`, or
    /// `smtp://localhost:25`.
    #[arg(
        long,
        value_name = "URL",
        env = "SIGNPOST_SMTP_URL",
        hide_env_values = true
    )]
    pub smtp_url: Option<Hidden>,
    /// The sender of mails, such as `Signpost <no-reply@clinic.example>`.
    #[arg(long, value_name = "ADDRESS", env = "SIGNPOST_NOTIFY_FROM")]
    pub notify_from: Option<String>,
    /// Who gets a mail for each request, with commas between them.
    #[arg(long, value_name = "ADDRESSES", env = "SIGNPOST_NOTIFY_TO")]
    pub notify_to: Option<String>,
    /// Where a signed request is posted for each visit request, such as `https://hooks.example/visit-requests`.
    #[arg(
        long,
        value_name = "URL",
        env = "SIGNPOST_WEBHOOK_URL",
        hide_env_values = true
    )]
    pub webhook_url: Option<Hidden>,
    /// What those are signed with: `whsec_` and 24 to 64 random bytes in base64.
    #[arg(
        long,
        value_name = "SECRET",
        env = "SIGNPOST_WEBHOOK_SECRET",
        hide_env_values = true
    )]
    pub webhook_secret: Option<Hidden>,
}

/// A text that is secret, or that holds something secret: `Debug` does not show it.
#[derive(Clone)]
pub struct Hidden(String);

impl Hidden {
    /// The text itself.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl From<String> for Hidden {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl fmt::Debug for Hidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Hidden")
    }
}

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum LogFormat {
    /// For a person.
    Text,
    /// For a program: one JSON object a line.
    Json,
}

impl Cli {
    /// The command that was meant.
    pub fn command(self) -> Command {
        self.command.unwrap_or(Command::Serve(Box::new(self.serve)))
    }
}
