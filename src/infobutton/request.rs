//! Pairs of names and values to a [`Request`], or to the one fault that makes it
//! unanswerable. Names are compared without case, what we do not use is ignored in
//! silence, and only what we use is kept: names of askers and patients never are.

use std::collections::BTreeMap;

use super::patient::{AgeRange, Sex};
use super::system::System;

/// Most criteria of one request. A problem list of an old patient has about 20.
const MOST_CRITERIA: usize = 40;

/// Most pairs of one request: the criteria with four parts each, and twice the 40 other names of the standard.
const MOST_PAIRS: usize = 240;

/// Longest value, in bytes. The longest name of a code in SNOMED CT has 255 signs.
const MOST_VALUE_BYTES: usize = 512;

/// What somebody wants to know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// By number, ascending; never empty.
    pub criteria: Vec<Criterion>,
    /// Who will read.
    pub recipient: Recipient,
    /// The language of the reader in lower case, such as `es` or `es-mx`.
    pub language: Option<String>,
    /// How old the patient is.
    pub age: Option<AgeRange>,
    /// The patient's sex.
    pub sex: Option<Sex>,
    /// What the asker was doing.
    pub task: Option<Task>,
    /// In which form the answer is wanted.
    pub medium: Medium,
    /// What the answer repeats, in the order of the standard.
    pub echo: Vec<Echo>,
}

/// One thing that is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Criterion {
    /// 0 for the first, as the standard counts.
    pub number: u16,
    /// What is sought.
    pub sought: Sought,
    /// Its name, if one was sent.
    pub name: Option<String>,
}

/// What one criterion seeks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sought {
    /// A code of a system.
    Code(System, String),
    /// Words alone: the name of the criterion.
    Words,
}

/// Who will read what we answer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Recipient {
    /// A patient; also if nothing was said.
    #[default]
    Patient,
    /// A clinician.
    Provider,
    /// An insurer.
    Payor,
}

impl Recipient {
    /// Its code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Patient => "PAT",
            Self::Provider => "PROV",
            Self::Payor => "PAYOR",
        }
    }
}

/// What the asker was doing, as far as an answer depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Task {
    /// Giving a patient something to take home: `PATEDUE`, `DISCHINSTE`.
    Teaching,
    /// Anything else.
    Other,
}

/// The form of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Medium {
    /// A page for a person.
    Page,
    /// Atom.
    Atom,
    /// The same as JSON.
    Json,
}

/// A part of the request that the answer repeats.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Echo {
    /// The parameter, as the standard spells it.
    pub scheme: String,
    /// Its value.
    pub term: String,
}

/// Why a request can't be answered. None of the texts repeats what was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// Nothing is sought.
    #[error(
        "nothing to look for: send mainSearchCriteria.v.c with mainSearchCriteria.v.cs, or mainSearchCriteria.v.dn"
    )]
    Nothing,
    /// A code without its system.
    #[error(
        "a code without its code system: send mainSearchCriteria.v.cs beside mainSearchCriteria.v.c"
    )]
    NoSystem,
    /// One name stands twice.
    #[error(
        "a parameter stands twice: number them, as in mainSearchCriteria.v.c and mainSearchCriteria.v.c1"
    )]
    Twice,
    /// Too much at once.
    #[error("too many or too long parameters: at most 40 search criteria, and 512 bytes a value")]
    TooMuch,
    /// What is no text.
    #[error("a parameter that is no text: expected UTF-8 without control characters")]
    Unreadable,
    /// A form of answer that we do not have.
    #[error("no such knowledgeResponseType here: expected text/xml, application/json or text/html")]
    NoSuchMedium,
}

/// Reads a request. `accepted` is the form to answer in if the request names none.
///
/// # Errors
/// See [`Fault`]: whoever wrote the asking program must mend it.
pub fn read(
    pairs: impl IntoIterator<Item = (String, String)>,
    accepted: Medium,
) -> Result<Request, Fault> {
    let sent = Sent::of(pairs)?;
    let medium = match sent.get("knowledgeresponsetype") {
        None => accepted,
        Some(named) => medium(named).ok_or(Fault::NoSuchMedium)?,
    };
    let criteria = sent.criteria()?;
    let recipient = match sent.get("informationrecipient").map(str::to_uppercase) {
        Some(code) if code == "PROV" => Recipient::Provider,
        Some(code) if code == "PAYOR" => Recipient::Payor,
        _ => Recipient::Patient,
    };
    let number_and_unit = sent.get("age.v.v").zip(sent.get("age.v.u"));
    let age = number_and_unit.and_then(|(number, unit)| AgeRange::of_age(number, unit));
    let group = || AgeRange::of_group(sent.get("agegroup.v.c")?);
    let sex = sent.get("patientperson.administrativegendercode.c");
    let mut request = Request {
        criteria,
        recipient,
        language: sent
            .get("informationrecipient.languagecode.c")
            .map(language),
        age: age.or_else(group),
        sex: sex.and_then(Sex::of_code),
        task: sent
            .get("taskcontext.c.c")
            .or_else(|| sent.get("task.c.c"))
            .map(task),
        medium,
        echo: Vec::new(),
    };
    request.echo = echo(&sent, &request);
    Ok(request)
}

/// The form of answer that a value of `Accept` names: a page if HTML is among them, as browsers say, else what a program
/// names. Who takes anything gets Atom, as from MedlinePlus Connect.
pub fn accepted(accept: &str) -> Medium {
    let kinds = accept.split(',').filter(|kind| {
        let mut weights = kind.split(';').skip(1);
        !weights.any(|part| part.replace(' ', "") == "q=0")
    });
    let named: Vec<Medium> = kinds.filter_map(medium).collect();
    let has = |medium| named.contains(&medium);
    match () {
        () if has(Medium::Page) => Medium::Page,
        () if has(Medium::Json) && !has(Medium::Atom) => Medium::Json,
        () => Medium::Atom,
    }
}

/// The form of answer of a media type, without its parameters.
fn medium(named: &str) -> Option<Medium> {
    let name = named.split(';').next().unwrap_or_default().trim();
    match name.to_ascii_lowercase().as_str() {
        "text/xml" | "application/xml" | "application/atom+xml" => Some(Medium::Atom),
        "application/json" => Some(Medium::Json),
        "text/html" => Some(Medium::Page),
        _ => None,
    }
}

/// A language tag in lower case. MedlinePlus Connect takes `sp` for Spanish, so programs send it.
fn language(tag: &str) -> String {
    match tag.to_ascii_lowercase().replace('_', "-").as_str() {
        "sp" => "es".to_owned(),
        tag => tag.to_owned(),
    }
}

fn task(code: &str) -> Task {
    match code.to_ascii_uppercase().as_str() {
        "PATEDUE" | "DISCHINSTE" => Task::Teaching,
        _ => Task::Other,
    }
}

/// What was sent, by name in lower case; values are trimmed and never empty.
struct Sent(BTreeMap<String, String>);

impl Sent {
    fn of(pairs: impl IntoIterator<Item = (String, String)>) -> Result<Self, Fault> {
        let mut sent = BTreeMap::new();
        for (count, (name, value)) in pairs.into_iter().enumerate() {
            if count >= MOST_PAIRS || value.len() > MOST_VALUE_BYTES {
                return Err(Fault::TooMuch);
            }
            if !is_text(&name) || !is_text(&value) {
                return Err(Fault::Unreadable);
            }
            let known = sent.insert(name.to_ascii_lowercase(), value.trim().to_owned());
            if known.is_some() {
                return Err(Fault::Twice);
            }
        }
        sent.retain(|_, value| !value.is_empty());
        Ok(Self(sent))
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// A part of a criterion, by its present name or by the one that was given up in 2010.
    fn part(&self, part: &str, number: u16) -> Option<&str> {
        let suffix = match number {
            0 => String::new(),
            number => number.to_string(),
        };
        ["v", "c"]
            .iter()
            .find_map(|kind| self.get(&format!("mainsearchcriteria.{kind}.{part}{suffix}")))
    }

    /// The numbers of criteria that say anything, ascending.
    fn numbers(&self) -> Result<Vec<u16>, Fault> {
        let names = self.0.keys().filter_map(|name| {
            let rest = name.strip_prefix("mainsearchcriteria.")?;
            let rest = rest
                .strip_prefix("v.")
                .or_else(|| rest.strip_prefix("c."))?;
            let number = rest.trim_start_matches(|sign: char| sign.is_ascii_lowercase());
            match number {
                "" => Some(0),
                number => number.parse().ok().filter(|number| *number > 0),
            }
        });
        let mut numbers: Vec<u16> = names.collect();
        numbers.sort_unstable();
        numbers.dedup();
        if numbers.len() > MOST_CRITERIA {
            return Err(Fault::TooMuch);
        }
        Ok(numbers)
    }

    fn criteria(&self) -> Result<Vec<Criterion>, Fault> {
        let mut criteria = Vec::new();
        for number in self.numbers()? {
            // What a reader saw says more than what the system calls it, but only the latter is a name of a code.
            let name = self.part("dn", number).or_else(|| self.part("ot", number));
            let sought = match (self.part("c", number), self.part("cs", number), name) {
                (Some(code), Some(system), _) => {
                    Sought::Code(System::named(system), code.to_owned())
                }
                (Some(_), None, _) => return Err(Fault::NoSystem),
                (None, _, Some(_)) => Sought::Words,
                (None, _, None) => continue,
            };
            criteria.push(Criterion {
                number,
                sought,
                name: name.map(str::to_owned),
            });
        }
        match criteria.is_empty() {
            true => Err(Fault::Nothing),
            false => Ok(criteria),
        }
    }
}

/// Whether a text can stand in XML 1.0 and in one line. The decoder puts U+FFFD in the place of what is no UTF-8.
fn is_text(text: &str) -> bool {
    !text
        .chars()
        .any(|sign| sign.is_control() || matches!(sign, '\u{fffd}' | '\u{fffe}' | '\u{ffff}'))
}

/// The parts of a request that the answer depends on, as the standard spells them.
fn echo(sent: &Sent, request: &Request) -> Vec<Echo> {
    let mut echo = Vec::new();
    let mut add = |scheme: String, term: &str| {
        echo.push(Echo {
            scheme,
            term: term.to_owned(),
        });
    };
    for criterion in &request.criteria {
        let suffix = match criterion.number {
            0 => String::new(),
            number => number.to_string(),
        };
        if let Sought::Code(system, code) = &criterion.sought {
            add(format!("mainSearchCriteria.v.c{suffix}"), code);
            add(format!("mainSearchCriteria.v.cs{suffix}"), system.oid());
        }
        for part in ["dn", "ot"] {
            if let Some(name) = sent.part(part, criterion.number) {
                add(format!("mainSearchCriteria.v.{part}{suffix}"), name);
            }
        }
    }
    add("informationRecipient".into(), request.recipient.code());
    if let Some(language) = sent.get("informationrecipient.languagecode.c") {
        add("informationRecipient.languageCode.c".into(), language);
    }
    if request.age.is_some() {
        for (name, scheme) in [
            ("age.v.v", "age.v.v"),
            ("age.v.u", "age.v.u"),
            ("agegroup.v.c", "ageGroup.v.c"),
        ] {
            if let Some(value) = sent.get(name) {
                add(scheme.into(), value);
            }
        }
    }
    if let Some(sex) = request.sex {
        add(
            "patientPerson.administrativeGenderCode.c".into(),
            sex.code(),
        );
    }
    let task = sent.get("taskcontext.c.c").or_else(|| sent.get("task.c.c"));
    if let Some(task) = task.filter(|_| request.task == Some(Task::Teaching)) {
        add("taskContext.c.c".into(), task);
    }
    echo
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::content::CodeSystem;

    const ICD: &str = "mainSearchCriteria.v.cs=2.16.840.1.113883.6.90";

    fn pairs(query: &str) -> Vec<(String, String)> {
        form_urlencoded::parse(query.as_bytes())
            .into_owned()
            .collect()
    }

    fn asked(query: &str) -> Result<Request, Fault> {
        read(pairs(query), Medium::Atom)
    }

    #[test]
    fn what_can_not_be_answered_says_why() {
        let long = "x".repeat(513);
        let many: String = (0..41)
            .map(|number| format!("&mainSearchCriteria.v.dn{number}=a"))
            .collect();
        let many = many.replace("dn0", "dn");
        let rows = [
            (String::new(), Fault::Nothing),
            ("age.v.v=3".into(), Fault::Nothing),
            (ICD.into(), Fault::Nothing),
            (format!("{ICD}&mainSearchCriteria.v.c=+"), Fault::Nothing),
            ("mainSearchCriteria.v.c=M54.50".into(), Fault::NoSystem),
            (
                format!("{ICD}&mainSearchCriteria.v.c=A00&mainSearchCriteria.v.c1=B00"),
                Fault::NoSystem,
            ),
            (
                format!("{ICD}&mainSearchCriteria.v.c=A00&MAINSEARCHCRITERIA.V.C=A00"),
                Fault::Twice,
            ),
            (
                format!("{ICD}&mainSearchCriteria.v.c=A00&x=1&x=1"),
                Fault::Twice,
            ),
            (
                format!("{ICD}&mainSearchCriteria.v.c=A%00"),
                Fault::Unreadable,
            ),
            (
                format!("{ICD}&mainSearchCriteria.v.c=A%ff"),
                Fault::Unreadable,
            ),
            (
                format!("{ICD}&mainSearchCriteria.v.c={long}"),
                Fault::TooMuch,
            ),
            (many, Fault::TooMuch),
            (
                format!(
                    "{ICD}&mainSearchCriteria.v.c=A00&knowledgeResponseType=application/javascript&callback=alert(1)//"
                ),
                Fault::NoSuchMedium,
            ),
            (
                "knowledgeResponseType=text/plain".into(),
                Fault::NoSuchMedium,
            ),
        ];
        for (query, expected) in rows {
            assert_eq!(asked(&query).err(), Some(expected), "{query}");
        }
    }

    #[test]
    fn names_and_media_types_are_read_in_any_case() {
        let request = asked(
            "MAINSEARCHCRITERIA.v.C=M54.50&mainsearchcriteria.V.cs=2.16.840.1.113883.6.90&KnowledgeResponseType=text/XML",
        );
        let request = request.unwrap();
        assert_eq!(request.medium, Medium::Atom);
        let code = Sought::Code(System::Known(CodeSystem::Icd10Cm), "M54.50".into());
        assert_eq!(request.criteria[0].sought, code);
    }

    #[test]
    fn the_form_of_the_answer_is_the_named_one_else_the_accepted_one() {
        let rows = [
            ("", Medium::Page),
            ("&knowledgeResponseType=application/json", Medium::Json),
            (
                "&knowledgeResponseType=application/json%3Bcharset%3DUTF-8",
                Medium::Json,
            ),
            ("&knowledgeResponseType=text/html", Medium::Page),
            ("&knowledgeResponseType=text/xml", Medium::Atom),
            ("&knowledgeResponseType=", Medium::Page),
        ];
        for (rest, expected) in rows {
            let query = format!("{ICD}&mainSearchCriteria.v.c=A00{rest}");
            assert_eq!(
                read(pairs(&query), Medium::Page).unwrap().medium,
                expected,
                "{rest}"
            );
        }
        let accepts = [
            (
                "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
                Medium::Page,
            ),
            ("*/*", Medium::Atom),
            ("application/atom+xml", Medium::Atom),
            ("application/json", Medium::Json),
            ("application/json, text/xml", Medium::Atom),
            ("text/html; q=0, application/json;q=0.5", Medium::Json),
            ("", Medium::Atom),
        ];
        for (accept, expected) in accepts {
            assert_eq!(accepted(accept), expected, "{accept}");
        }
    }

    #[test]
    fn criteria_are_numbered_and_the_old_name_still_works() {
        let request = asked(&format!(
            "{ICD}&mainSearchCriteria.v.c=M54.50&mainSearchCriteria.c.c2=5640&mainSearchCriteria.c.cs2=2.16.840.1.113883.6.88&mainSearchCriteria.v.dn7=sciatica&mainSearchCriteria.v.cs9=x"
        ));
        let request = request.unwrap();
        let numbers: Vec<u16> = request.criteria.iter().map(|own| own.number).collect();
        assert_eq!(numbers, [0, 2, 7]);
        assert_eq!(request.criteria[2].sought, Sought::Words);
    }

    #[test]
    fn the_answer_repeats_what_was_used_and_nothing_else() {
        let request = asked(&format!(
            "{ICD}&mainSearchCriteria.v.c=M54.50&mainSearchCriteria.v.dn=Low+back+pain&informationRecipient=prov&informationRecipient.languageCode.c=es-MX\
             &age.v.v=70&age.v.u=a&patientPerson.administrativeGenderCode.c=F&task.c.c=PATEDUE\
             &holder.assignedEntity.n=Somebody&assignedAuthorizedPerson.id.root=1.2.3&subTopic.v.c=Q000628"
        ));
        let request = request.unwrap();
        let echo: Vec<String> = request
            .echo
            .iter()
            .map(|own| format!("{}={}", own.scheme, own.term))
            .collect();
        assert_eq!(
            echo,
            [
                "mainSearchCriteria.v.c=M54.50",
                "mainSearchCriteria.v.cs=2.16.840.1.113883.6.90",
                "mainSearchCriteria.v.dn=Low back pain",
                "informationRecipient=PROV",
                "informationRecipient.languageCode.c=es-MX",
                "age.v.v=70",
                "age.v.u=a",
                "patientPerson.administrativeGenderCode.c=F",
                "taskContext.c.c=PATEDUE",
            ]
        );
        assert_eq!(request.language.as_deref(), Some("es-mx"));
        assert_eq!(request.task, Some(Task::Teaching));
    }

    mod any_request {
        use proptest::prelude::*;

        use super::*;

        fn name() -> impl Strategy<Value = String> {
            let known = prop::sample::select(vec![
                "mainSearchCriteria.v.c",
                "mainSearchCriteria.v.cs",
                "mainSearchCriteria.v.dn",
                "mainSearchCriteria.v.ot",
                "mainSearchCriteria.c.c",
                "informationRecipient",
                "informationRecipient.languageCode.c",
                "age.v.v",
                "age.v.u",
                "ageGroup.v.c",
                "taskContext.c.c",
                "knowledgeResponseType",
                "patientPerson.administrativeGenderCode.c",
            ]);
            let numbered = (known, prop::option::of(0u32..100_000)).prop_map(|(name, number)| {
                format!(
                    "{name}{}",
                    number.map(|own| own.to_string()).unwrap_or_default()
                )
            });
            prop_oneof![4 => numbered, 1 => ".{0,20}"]
        }

        fn value() -> impl Strategy<Value = String> {
            let known = prop::sample::select(vec![
                "M54.50",
                "2.16.840.1.113883.6.90",
                "PROV",
                "text/xml",
                "a",
                "70",
                "es",
            ]);
            prop_oneof![3 => known.prop_map(str::to_owned), 1 => ".{0,40}"]
        }

        proptest! {
            #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

            #[test]
            fn is_read_or_refused_and_what_is_kept_can_stand_in_a_feed(
                pairs in prop::collection::vec((name(), value()), 0..12),
            ) {
                if let Ok(request) = read(pairs.clone(), Medium::Atom) {
                    prop_assert!(!request.criteria.is_empty());
                    prop_assert!(request.criteria.windows(2).all(|two| two[0].number < two[1].number));
                    for echo in &request.echo {
                        prop_assert!(is_text(&echo.term) && !echo.term.is_empty());
                    }
                    // What is repeated, sent again, asks for the same.
                    let again = request.echo.iter().map(|own| (own.scheme.clone(), own.term.clone()));
                    let again = read(again, request.medium).unwrap();
                    prop_assert_eq!(again.criteria, request.criteria);
                    prop_assert_eq!(again.age, request.age);
                    prop_assert_eq!(again.language, request.language);
                    prop_assert_eq!(again.echo, request.echo);
                }
            }
        }
    }
}
