//! Arguments of `stage`. It stands apart because whoever rolls a release out over
//! several machines needs these words and no other.

use std::path::PathBuf;

use clap::Args;

use super::ContentArgs;

/// Which release, and where its files go.
#[derive(Debug, Clone, Args)]
pub struct StageArgs {
    /// Where the release is, and for which day it is built.
    #[command(flatten)]
    pub content: ContentArgs,
    /// The folder in which the server of this machine keeps files of other versions, as its own `--depot` says.
    #[arg(long, value_name = "DIR", env = "SIGNPOST_DEPOT")]
    pub depot: PathBuf,
}
