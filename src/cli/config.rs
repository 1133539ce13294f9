//! `config show`: the arguments of `serve`, not as what they mean but as what was said
//! and by whom. They are read from what clap found, so no setting can be forgotten,
//! and whatever hides its value in the help hides it here.

use clap::parser::ValueSource;
use clap::{Arg, ArgMatches, Args, Command, FromArgMatches, Subcommand};

use super::ServeArgs;

/// What can be done with settings.
#[derive(Debug, Subcommand)]
pub enum ConfigCommand {
    /// Print every setting of `serve`, its value, and where it comes from. Takes the arguments of `serve`.
    Show(Box<SettingsArgs>),
}

/// All settings of `serve`.
#[derive(Debug, Clone)]
pub struct SettingsArgs {
    /// The settings, in the order of the help text.
    pub settings: Vec<Setting>,
    /// The same, as `serve` reads them.
    pub serve: ServeArgs,
}

/// One setting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    /// As it is typed, such as `--addr`.
    pub argument: String,
    /// Its environment name; none if there is none.
    pub variable: Option<String>,
    /// What it is.
    pub value: Said,
    /// Who said so.
    pub by: Source,
}

/// What a setting is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    /// Nothing: what happens then stands in the help text.
    Nothing,
    /// This.
    Text(String),
    /// Something that must not be shown.
    Secret,
}

/// Where a value comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// It was typed.
    CommandLine,
    /// It stands in the environment.
    Environment,
    /// Nobody said anything.
    Default,
}

impl Args for SettingsArgs {
    fn augment_args(command: Command) -> Command {
        ServeArgs::augment_args(command)
    }

    fn augment_args_for_update(command: Command) -> Command {
        ServeArgs::augment_args_for_update(command)
    }
}

impl FromArgMatches for SettingsArgs {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let known = ServeArgs::augment_args(Command::new("serve"));
        let settings = known
            .get_arguments()
            .map(|argument| read(argument, matches));
        Ok(Self {
            settings: settings.collect(),
            serve: ServeArgs::from_arg_matches(matches)?,
        })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

fn read(argument: &Arg, matches: &ArgMatches) -> Setting {
    let id = argument.get_id().as_str();
    let by = match matches.value_source(id) {
        Some(ValueSource::CommandLine) => Source::CommandLine,
        Some(ValueSource::EnvVariable) => Source::Environment,
        _ => Source::Default,
    };
    let values = matches.get_raw(id).into_iter().flatten();
    let values: Vec<String> = values
        .map(|value| value.to_string_lossy().into_owned())
        .collect();
    let value = match values.is_empty() {
        true => Said::Nothing,
        false if argument.is_hide_env_values_set() => Said::Secret,
        false => Said::Text(values.join(",")),
    };
    let long = argument.get_long().unwrap_or(id);
    let variable = argument
        .get_env()
        .map(|name| name.to_string_lossy().into_owned());
    Setting {
        argument: format!("--{long}"),
        variable,
        value,
        by,
    }
}
