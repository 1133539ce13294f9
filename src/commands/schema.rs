//! `schema` prints what the text files may hold, and writes it for editors. It asks the
//! content only for names to choose from, so it works on content that has errors.

use std::io::{self, Write};
use std::path::Path;

use anyhow::Context;

use super::Exit;
use crate::booking::parse_services;
use crate::cli::SchemaArgs;
use crate::clinic::{parse_people, parse_topics};
use crate::disk::{Readers, make_folder, read_tree, write_whole};
use crate::document::{Value, from_toml};
use crate::file::SourceFile;
use crate::schema::{self, Choices, Schema};
use crate::site::Tree;

pub(super) fn run(args: &SchemaArgs) -> anyhow::Result<Exit> {
    let mut out = io::stdout().lock();
    match (&args.name, &args.all) {
        (_, Some(folder)) => {
            let written = write_all(folder, &choices(&args.folder.content)?)?;
            writeln!(out, "schema: {written} files in {}", folder.display())?;
        }
        (Some(name), None) => {
            write!(
                out,
                "{}",
                schema::pretty(&schema::json_schema(named(name)?))
            )?;
        }
        (None, None) => {
            for schema in schema::ALL.iter() {
                writeln!(out, "{:<16} {}", schema.name, schema.files)?;
            }
        }
    }
    Ok(Exit::Clean)
}

fn named(name: &str) -> anyhow::Result<&'static Schema> {
    let names = || schema::ALL.iter().map(|schema| schema.name);
    schema::named(name).with_context(|| {
        let names: Vec<&str> = names().collect();
        format!(
            "there is no schema `{name}`; the schemas are {}",
            names.join(", ")
        )
    })
}

/// Writes every file for editors, and gives how many there are.
fn write_all(folder: &Path, choices: &Choices) -> anyhow::Result<usize> {
    let schemas = schema::ALL.iter().map(|schema| {
        let text = schema::pretty(&schema::json_schema(schema));
        (format!("schemas/{}.schema.json", schema.name), text)
    });
    let mut files: Vec<(String, String)> = schemas.collect();
    files.push((".taplo.toml".to_owned(), schema::taplo()));
    let forms = schema::pretty(&schema::front_matter(choices));
    files.push(("frontmatter.json".to_owned(), forms));
    files.push((
        "editors/decap/config.yml".to_owned(),
        schema::decap(choices),
    ));
    for (name, text) in &files {
        let path = folder.join(name);
        let make = path.parent().map_or(Ok(()), make_folder);
        make.and_then(|()| write_whole(&path, text.as_bytes(), Readers::Anybody))
            .with_context(|| format!("`{}` can't be written", path.display()))?;
    }
    Ok(files.len())
}

/// The names that the clinic has for its shelves.
fn choices(root: &Path) -> anyhow::Result<Choices> {
    let tree = read_tree(root)
        .with_context(|| format!("the folder `{}` can't be read", root.display()))?;
    let file = |path: &str| tree.texts.iter().find(|file| file.path() == path);
    let topics = file("clinic/topics.toml").map(|file| parse_topics(file).0);
    let people = file("clinic/people.toml").map(|file| parse_people(file).0);
    let services = file("clinic/services.toml").map(|file| parse_services(file).0);
    let topics = topics.unwrap_or_default();
    let people = people.unwrap_or_default();
    let services = services.unwrap_or_default();
    Ok(Choices {
        topics: topics
            .values()
            .map(|topic| (topic.id.to_string(), topic.name.clone()))
            .collect(),
        people: people
            .values()
            .map(|person| (person.id.to_string(), person.credited_name()))
            .collect(),
        services: services
            .values()
            .map(|service| (service.id.to_string(), service.name.clone()))
            .collect(),
        complaints: complaints(&tree),
    })
}

/// Complaints by id, ascending, each with its title. Only the title is read: whether the rest is sound is no matter.
fn complaints(tree: &Tree) -> Vec<(String, String)> {
    let files = tree.texts.iter();
    let files = files.filter(|file| file.path().starts_with("clinic/protocols/"));
    files
        .map(|file| (file.stem().to_owned(), title(file)))
        .collect()
}

fn title(file: &SourceFile) -> String {
    let (root, _) = from_toml(file);
    let entries = match root.value {
        Value::Map(entries) => entries,
        _ => Vec::new(),
    };
    let title = entries.into_iter().find(|entry| entry.key == "title");
    match title.map(|entry| entry.node.value) {
        Some(Value::Scalar(title)) => title,
        _ => file.stem().to_owned(),
    }
}
