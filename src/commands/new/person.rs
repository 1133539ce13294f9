//! `new person`: an author or reviewer at the end of `clinic/people.toml`. What stands there
//! stays byte for byte, and the whole list is read again before it is put in its place.

use std::io::{BufRead, Write};

use super::dialogue::{Dialogue, Question};
use super::reading::{NONE, free_id, id_from, words};
use super::report;
use crate::cli::NewPersonArgs;
use crate::clinic::Person;
use crate::commands::proposal::Content;
use crate::disk::Edit;
use crate::id::Id;
use crate::scaffold::{NewPerson, appended};

/// Where people stand.
const PATH: &str = "clinic/people.toml";

/// Adds a person. Gives what is printed.
///
/// # Errors
/// An answer is missing or wrong, or the file can't be written: for the editor. Nothing is left behind.
pub(super) fn add<In: BufRead, Out: Write>(
    args: &NewPersonArgs,
    dialogue: &mut Dialogue<In, Out>,
) -> anyhow::Result<String> {
    let content = Content::read(&args.begin.content)?;
    let from = content.text_of(PATH)?.to_owned();
    let mut ask =
        |words_: &str, help: &str, flag: &str, given: Option<&str>, default: Option<&str>| {
            let question = Question {
                words: words_,
                help,
                flag,
                given,
                default: default.map(str::to_owned),
                choices: &[],
            };
            dialogue.answer(&question, words)
        };
    let given = args.name.as_deref().or(args.words.as_deref());
    let name = ask(
        "Name",
        "without titles, such as \"Ama Osei\"",
        "--name",
        given,
        None,
    )?;
    let help = "degrees behind the name, such as \"MD\"; a reviewer needs them; `none` for none";
    let given = args.credentials.as_deref();
    let credentials = ask("Credentials", help, "--credentials", given, Some(NONE))?;
    let help = "what the person does here, such as \"Medical reviewer\"";
    let role = ask("Role", help, "--role", args.role.as_deref(), None)?;
    let help = "one or two sentences that readers see on the person's page";
    let bio = ask("About", help, "--bio", args.bio.as_deref(), None)?;
    let id = id(args, &content, &name, dialogue)?;
    let record = NewPerson {
        id: id.as_str(),
        name: &name,
        credentials: Some(credentials.as_str()).filter(|text| *text != NONE),
        role: &role,
        bio: &bio,
    };
    let edit = Edit::Replace {
        path: PATH.to_owned(),
        to: appended(&from, &record.text()?),
        from,
    };
    content.make(&[edit], None)?;
    let written = [format!("added `{id}` to {PATH}")];
    let steps = [
        "run `signpost check`".to_owned(),
        format!("name the person in an article: `authors: [{id}]` or `reviewer: {id}`"),
        format!("look at the page `/people/{id}`"),
    ];
    Ok(report(&written, &steps))
}

fn id<In: BufRead, Out: Write>(
    args: &NewPersonArgs,
    content: &Content,
    name: &str,
    dialogue: &mut Dialogue<In, Out>,
) -> anyhow::Result<Id<Person>> {
    let taken: Vec<&str> = content.site.people.keys().map(Id::as_str).collect();
    let from_name = id_from(name);
    let typed = args.name.as_ref().or(args.words.as_ref());
    let from_flag = typed.and_then(|_| from_name.clone());
    dialogue.answer(
        &Question {
            words: "Id",
            help: "by which articles call the person; it is part of an address",
            flag: "--id",
            given: args.id.as_deref().or(from_flag.as_deref()),
            default: from_name,
            choices: &[],
        },
        |typed| free_id(typed, &taken, PATH),
    )
}
