//! Arguments of `rename`: what was typed, and nothing of what it means.
//! They stand apart because editors look for other words than operators do.

use clap::Args;

use super::ContentArgs;

/// Which article to rename.
#[derive(Debug, Clone, Args)]
pub struct RenameArgs {
    /// Where the content is, and which day it is.
    #[command(flatten)]
    pub content: ContentArgs,
    /// The last part of its address, such as `back-pain`.
    #[arg(value_name = "OLD")]
    pub old: String,
    /// The last part of its address from now on.
    #[arg(value_name = "NEW")]
    pub new: String,
    /// Tell every edit, and make none.
    #[arg(long)]
    pub dry_run: bool,
}
