//! Arguments of `related`: what was typed, and nothing of what it means.
//! They stand apart because editors look for other words than operators do.

use clap::Args;

use super::ContentArgs;

/// Which article to explain.
#[derive(Debug, Clone, Args)]
pub struct RelatedArgs {
    /// Where the content is, and which day it is.
    #[command(flatten)]
    pub content: ContentArgs,
    /// The last part of its address, such as `back-pain`.
    #[arg(value_name = "SLUG")]
    pub slug: String,
}
