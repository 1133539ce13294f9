//! Arguments of `export`. It stands apart because a static host asks for choices
//! that no server has.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::ContentArgs;

/// What to export, and where to.
#[derive(Debug, Clone, Args)]
pub struct SiteExportArgs {
    /// The folder to fill. It is made if it is not there; files that no export wrote are never touched.
    #[arg(value_name = "DIR")]
    pub to: PathBuf,
    /// Where the content is, and for which day it is built.
    #[command(flatten)]
    pub content: ContentArgs,
    /// The server that takes forms and counts campaigns, such as `https://visits.clinic.example`; `same` if the host
    /// of the files hands what is posted to a server. The clinic's `origin` when left out.
    #[arg(
        long,
        visible_alias = "forms",
        value_name = "ORIGIN",
        env = "SIGNPOST_FORMS_ORIGIN"
    )]
    pub forms_origin: Option<String>,
    /// What stands beside each file. CDNs compress by themselves, and some count files.
    #[arg(long, value_enum, default_value_t = SiblingFiles::All)]
    pub siblings: SiblingFiles,
    /// How old addresses lead to new ones.
    #[arg(long, value_enum, default_value_t = RedirectFiles::Rules)]
    pub redirects: RedirectFiles,
    /// Export what is sound although something else has errors.
    #[arg(long)]
    pub allow_errors: bool,
    /// Fill a folder that already holds other files. They stay as they are.
    #[arg(long)]
    pub force: bool,
}

/// What stands beside each file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SiblingFiles {
    /// `.br` and `.gz`, wherever they are smaller.
    All,
    /// Nothing.
    None,
}

/// How old addresses lead to new ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum RedirectFiles {
    /// By rules for Netlify, Cloudflare Pages and nginx.
    Rules,
    /// By a small page at each old address as well, for hosts without rules, such as GitHub Pages.
    Pages,
}
