//! Arguments of `schema`: what was typed, and nothing of what it means. They stand apart
//! because they are for whoever sets up an editor, and for nobody else.

use std::path::PathBuf;

use clap::Args;

use super::FolderArgs;

/// Which schemas to print or write.
#[derive(Debug, Clone, Args)]
pub struct SchemaArgs {
    /// Where the content is, whose names the editors' forms offer.
    #[command(flatten)]
    pub folder: FolderArgs,
    /// The kind of file, such as `article`; the names of all kinds when left out.
    #[arg(value_name = "NAME", conflicts_with = "all")]
    pub name: Option<String>,
    /// Write every schema and the settings of every editor below this folder: `schemas/`, `.taplo.toml`,
    /// `frontmatter.json` and `editors/decap/config.yml`.
    #[arg(long, value_name = "DIR")]
    pub all: Option<PathBuf>,
}
