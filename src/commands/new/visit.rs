//! `new service`: a visit at the end of `clinic/services.toml`, and its fee from today on at
//! the end of `clinic/copays.toml`; both or none. What is the same for most visits is offered
//! as another visit has it. A price is never offered: somebody must say it.

use std::io::{BufRead, Write};

use super::article::words_of;
use super::dialogue::{Choice, Dialogue, Question};
use super::reading::{NONE, choice, free_id, id_from, list, parsed, words};
use super::report;
use crate::booking::{Cents, Service, State, VisitKind};
use crate::cli::NewServiceArgs;
use crate::commands::proposal::Content;
use crate::disk::Edit;
use crate::id::{Id, ServiceId};
use crate::scaffold::{NewFee, NewService, appended};

/// Where visits stand.
const SERVICES: &str = "clinic/services.toml";
/// Where fees stand.
const COPAYS: &str = "clinic/copays.toml";

/// Adds a visit and its fee. Gives what is printed.
///
/// # Errors
/// An answer is missing or wrong, or a file can't be written: for the editor. Nothing is left behind.
pub(super) fn add<In: BufRead, Out: Write>(
    args: &NewServiceArgs,
    dialogue: &mut Dialogue<In, Out>,
) -> anyhow::Result<String> {
    let content = Content::read(&args.begin.content)?;
    let (services, copays) = (content.text_of(SERVICES)?, content.text_of(COPAYS)?);
    let mut asking = Asking {
        dialogue,
        pattern: content.site.services.values().next().map(AsRef::as_ref),
    };
    let named = asking.name(args, &content)?;
    let texts = asking.texts(args)?;
    let lists = asking.lists(args)?;
    let states = asking.states(args)?;
    let typical_copay = asking.price(
        "Copay",
        "what an insured person typically pays",
        "--copay",
        args.copay.as_deref(),
    )?;
    let self_pay = asking.price(
        "Self-pay",
        "what a person without insurance pays",
        "--self-pay",
        args.self_pay.as_deref(),
    )?;
    let id = &named.id;
    let service = NewService {
        id: id.as_str(),
        name: &named.name,
        kind: &named.kind,
        offer: &texts.offer,
        treats: &lists.treats,
        does_not_treat: &lists.does_not_treat,
        includes: &lists.includes,
        who: &texts.who,
        states: &states,
        hours: &texts.hours,
        cancellation: &texts.cancellation,
    };
    let fee = NewFee {
        service: id.as_str(),
        typical_copay,
        self_pay,
        today: content.today,
    };
    let replace = |path: &str, from: &str, record: &str| Edit::Replace {
        path: path.to_owned(),
        from: from.to_owned(),
        to: appended(from, record),
    };
    let edits = [
        replace(SERVICES, services, &service.text()?),
        replace(COPAYS, copays, &fee.text()?),
    ];
    content.make(&edits, None)?;
    let written = [
        format!("added `{id}` to {SERVICES}"),
        format!(
            "added its fee to {COPAYS}: {typical_copay} copay, {self_pay} without insurance, confirmed today"
        ),
    ];
    let steps = [
        format!(
            "read the new record at the end of {SERVICES}, and mend what is not as it should be"
        ),
        "run `signpost check`".to_owned(),
        format!("offer the visit: `service: {id}` in articles, `service = \"{id}\"` in protocols"),
    ];
    Ok(report(&written, &steps))
}

/// Questions about a visit, with another one as the pattern for defaults.
struct Asking<'a, 'd, In, Out> {
    dialogue: &'d mut Dialogue<In, Out>,
    pattern: Option<&'a Service>,
}

struct Named {
    name: String,
    id: ServiceId,
    kind: String,
}

struct Texts {
    offer: String,
    who: String,
    hours: String,
    cancellation: String,
}

struct Lists {
    treats: Vec<String>,
    does_not_treat: Vec<String>,
    includes: Vec<String>,
}

/// A question with a free answer.
fn free<'a>(
    words: &'a str,
    help: &'a str,
    flag: &'a str,
    given: Option<&'a str>,
    default: Option<String>,
) -> Question<'a> {
    Question {
        words,
        help,
        flag,
        given,
        default,
        choices: &[],
    }
}

impl<In: BufRead, Out: Write> Asking<'_, '_, In, Out> {
    fn name(&mut self, args: &NewServiceArgs, content: &Content) -> anyhow::Result<Named> {
        let given = args.name.as_deref().or(args.words.as_deref());
        let help = "what the visit is called, such as \"Elbow pain visit\"";
        let name = self
            .dialogue
            .answer(&free("Name", help, "--name", given, None), words)?;
        let from_name = id_from(&name);
        let from_flag = given.and_then(|_| from_name.clone());
        let given = args.id.as_deref().or(from_flag.as_deref());
        let help = "the last part of its address; short words with hyphens";
        let taken: Vec<&str> = content.site.services.keys().map(Id::as_str).collect();
        let id = self.dialogue.answer(
            &free("Id", help, "--id", given, from_name.clone()),
            |typed| free_id(typed, &taken, SERVICES),
        )?;
        let kinds: Vec<Choice> = words_of::<VisitKind>();
        let kind = self.dialogue.answer(
            &Question {
                words: "Kind",
                help: "how patient and clinician meet: video, phone or in-person",
                flag: "--kind",
                given: args.kind.as_deref(),
                default: None,
                choices: &kinds,
            },
            |typed| choice(typed, &kinds, "kind", "take the nearest"),
        )?;
        Ok(Named { name, id, kind })
    }

    fn texts(&mut self, args: &NewServiceArgs) -> anyhow::Result<Texts> {
        let of = |text: fn(&Service) -> &String| self.pattern.map(text).cloned();
        let rows = [
            free(
                "Offer",
                "one or two sentences that offer it",
                "--offer",
                args.offer.as_deref(),
                None,
            ),
            free(
                "Who",
                "whom the patient will see",
                "--who",
                args.who.as_deref(),
                of(|s| &s.who),
            ),
            free(
                "Hours",
                "when it is offered",
                "--hours",
                args.hours.as_deref(),
                of(|s| &s.hours),
            ),
            free(
                "Cancellation",
                "how to cancel, in one sentence",
                "--cancellation",
                args.cancellation.as_deref(),
                of(|s| &s.cancellation),
            ),
        ];
        let [offer, who, hours, cancellation] = rows;
        Ok(Texts {
            offer: self.dialogue.answer(&offer, words)?,
            who: self.dialogue.answer(&who, words)?,
            hours: self.dialogue.answer(&hours, words)?,
            cancellation: self.dialogue.answer(&cancellation, words)?,
        })
    }

    fn lists(&mut self, args: &NewServiceArgs) -> anyhow::Result<Lists> {
        let includes = self.pattern.map(|service| service.includes.join("; "));
        let between = "with semicolons between the entries";
        let help = [
            format!("what it is for, {between}"),
            format!("what it can't help with, {between}; emergencies should be there"),
            format!("what the price covers, {between}"),
        ];
        let [for_treats, for_not, for_includes] = &help;
        let treats = free(
            "Treats",
            for_treats,
            "--treats",
            args.treats.as_deref(),
            None,
        );
        let emergencies = Some("Emergencies: call 911".to_owned());
        let given = args.does_not_treat.as_deref();
        let not = free(
            "Does not treat",
            for_not,
            "--does-not-treat",
            given,
            emergencies,
        );
        let given = args.includes.as_deref();
        let includes = free("Includes", for_includes, "--includes", given, includes);
        let entries = |typed: &str| list(typed, ';');
        Ok(Lists {
            treats: self.dialogue.answer(&treats, entries)?,
            does_not_treat: self.dialogue.answer(&not, |typed| match typed {
                NONE => Ok(Vec::new()),
                typed => entries(typed),
            })?,
            includes: self.dialogue.answer(&includes, entries)?,
        })
    }

    fn states(&mut self, args: &NewServiceArgs) -> anyhow::Result<Vec<State>> {
        let codes = self.pattern.map(|service| {
            let codes: Vec<&str> = service.states.iter().map(|state| state.code()).collect();
            codes.join(", ")
        });
        let help = "where it is offered, by two letters with commas between the states";
        let question = free("States", help, "--states", args.states.as_deref(), codes);
        self.dialogue.answer(&question, |typed| {
            let codes = list(&typed.to_uppercase(), ',')?;
            let mut states = codes
                .iter()
                .map(|code| {
                    parsed::<State>(code).map_err(|expected| format!("`{code}`: {expected}"))
                })
                .collect::<Result<Vec<_>, _>>()?;
            states.sort_unstable();
            states.dedup();
            Ok(states)
        })
    }

    fn price(
        &mut self,
        words: &str,
        what: &str,
        flag: &str,
        given: Option<&str>,
    ) -> anyhow::Result<Cents> {
        let help = format!("{what}, in dollars, such as 25 or 25.50");
        self.dialogue
            .answer(&free(words, &help, flag, given, None), cents)
    }
}

/// Dollars as typed, to cents; no fraction of a cent is rounded away.
fn cents(typed: &str) -> Result<Cents, String> {
    let expected = || "expected dollars, such as 25 or 25.50".to_owned();
    let amount = typed.trim_start_matches('$');
    let (dollars, cents) = amount.split_once('.').unwrap_or((amount, "00"));
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number(dollars) || !is_number(cents) || cents.len() != 2 {
        return Err(expected());
    }
    format!("{dollars}{cents}").parse().map_err(|_| expected())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dollars_are_read_to_the_cent_or_not_at_all() {
        let rows = [
            ("25", Some(2500)),
            ("$25.50", Some(2550)),
            ("0", Some(0)),
            ("25.5", None),
            ("25.505", None),
            ("-1", None),
            ("25,50", None),
            ("", None),
            ("99999999", None),
        ];
        for (typed, expected) in rows {
            let read = cents(typed).ok().map(Cents::count);
            assert_eq!(read, expected, "{typed}");
        }
    }
}
