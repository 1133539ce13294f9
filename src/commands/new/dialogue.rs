//! Questions, one at a time: each with its help and its default, each answer checked at once
//! by the reader that decides. It knows nothing of content, and asks nobody who is no person:
//! without a terminal every answer is a flag.

use std::io::{BufRead, Write};

/// Where answers come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Manner {
    /// What no flag says is asked.
    Ask,
    /// What no flag says is the default, where there is one.
    TakeDefaults,
    /// Every answer is a flag; there is nobody to ask.
    FlagsOnly,
}

/// One thing that may be chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Choice {
    /// What is typed.
    pub(super) id: String,
    /// What it is called.
    pub(super) name: String,
}

/// One question.
pub(super) struct Question<'a> {
    /// What is asked for, such as `Title`.
    pub(super) words: &'a str,
    /// One line that helps to answer.
    pub(super) help: &'a str,
    /// The flag that answers it.
    pub(super) flag: &'a str,
    /// What the flag says.
    pub(super) given: Option<&'a str>,
    /// What an empty answer means.
    pub(super) default: Option<String>,
    /// What may be chosen; empty if the answer is free. `?` lists it.
    pub(super) choices: &'a [Choice],
}

/// A conversation with an editor.
pub(super) struct Dialogue<In, Out> {
    input: In,
    output: Out,
    manner: Manner,
}

impl<In: BufRead, Out: Write> Dialogue<In, Out> {
    pub(super) fn new(input: In, output: Out, manner: Manner) -> Self {
        Self {
            input,
            output,
            manner,
        }
    }

    /// The answer to a question. `read` makes a value of it, or says what was expected.
    ///
    /// # Errors
    /// A flag that says something wrong or is missing, or a person who went away: for whoever asked. An answer that is
    /// wrong is asked for again.
    pub(super) fn answer<T>(
        &mut self,
        question: &Question<'_>,
        read: impl Fn(&str) -> Result<T, String>,
    ) -> anyhow::Result<T> {
        if question.given == Some("?") && !question.choices.is_empty() {
            anyhow::bail!(
                "`{}` may be:\n{}",
                question.flag,
                listed(question.choices).trim_end()
            );
        }
        if let Some(given) = question.given {
            return read(given.trim())
                .map_err(|expected| anyhow::anyhow!("`{}`: {expected}", question.flag));
        }
        match (self.manner, &question.default) {
            (Manner::Ask, _) => self.ask(question, read),
            (Manner::TakeDefaults, Some(default)) => read(default)
                .map_err(|expected| anyhow::anyhow!("`{}` is needed: {expected}", question.flag)),
            (Manner::TakeDefaults | Manner::FlagsOnly, _) => Err(missing(question)),
        }
    }

    fn ask<T>(
        &mut self,
        question: &Question<'_>,
        read: impl Fn(&str) -> Result<T, String>,
    ) -> anyhow::Result<T> {
        let list = if question.choices.is_empty() {
            ""
        } else {
            "; ? lists them"
        };
        writeln!(self.output, "\n{}: {}{list}", question.words, question.help)?;
        loop {
            match &question.default {
                Some(default) => write!(self.output, "[{default}] > ")?,
                None => write!(self.output, "> ")?,
            }
            self.output.flush()?;
            let mut line = String::new();
            let length = self.input.read_line(&mut line)?;
            anyhow::ensure!(length > 0, "stopped; nothing was written");
            let typed = match (line.trim(), &question.default) {
                ("", Some(default)) => default.as_str(),
                (typed, _) => typed,
            };
            if typed == "?" {
                write!(self.output, "{}", listed(question.choices))?;
                continue;
            }
            match read(typed) {
                Ok(value) => return Ok(value),
                Err(expected) => writeln!(self.output, "  {expected}")?,
            }
        }
    }
}

/// Choices as lines, in their order.
fn listed(choices: &[Choice]) -> String {
    let width = choices.iter().map(|choice| choice.id.len()).max();
    let width = width.unwrap_or_default();
    let line = |Choice { id, name }: &Choice| format!("  {id:width$}  {name}\n");
    choices.iter().map(line).collect()
}

fn missing(question: &Question<'_>) -> anyhow::Error {
    let Question { flag, help, .. } = question;
    let default = match &question.default {
        Some(_) => "; `--yes` takes the default",
        None => "",
    };
    let list = match question.choices {
        [] => String::new(),
        choices => format!("\n{}", listed(choices).trim_end()),
    };
    anyhow::anyhow!("`{flag}` is missing: {help}{default}{list}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Result<u8, String> {
        text.parse().map_err(|_| "expected a number".to_owned())
    }

    /// The answer and everything that was printed, for what somebody types.
    fn conversation(typed: &str, manner: Manner, question: &Question<'_>) -> (String, String) {
        let mut output = Vec::new();
        let mut dialogue = Dialogue::new(typed.as_bytes(), &mut output, manner);
        let answer = match dialogue.answer(question, number) {
            Ok(value) => value.to_string(),
            Err(error) => error.to_string(),
        };
        (answer, String::from_utf8(output).unwrap())
    }

    fn question<'a>(choices: &'a [Choice]) -> Question<'a> {
        Question {
            words: "Count",
            help: "how many there are",
            flag: "--count",
            given: None,
            default: None,
            choices,
        }
    }

    #[test]
    fn a_wrong_answer_is_asked_for_again_and_an_empty_one_is_the_default() {
        let plain = question(&[]);
        let (answer, shown) = conversation("many\n\n7\n", Manner::Ask, &plain);
        assert_eq!(answer, "7");
        let expected =
            "\nCount: how many there are\n>   expected a number\n>   expected a number\n> ";
        assert_eq!(shown, expected);
        let with_default = Question {
            default: Some("3".into()),
            ..question(&[])
        };
        let (answer, shown) = conversation("\n", Manner::Ask, &with_default);
        assert_eq!(answer, "3");
        assert_eq!(shown, "\nCount: how many there are\n[3] > ");
    }

    #[test]
    fn a_question_mark_lists_what_may_be_chosen() {
        let choices = [("1", "one"), ("22", "many")].map(|(id, name)| Choice {
            id: id.into(),
            name: name.into(),
        });
        let (answer, shown) = conversation("?\n1\n", Manner::Ask, &question(&choices));
        assert_eq!(answer, "1");
        assert!(shown.contains("  1   one\n  22  many\n"), "{shown}");
    }

    #[test]
    fn somebody_who_goes_away_is_not_asked_again() {
        let (answer, _) = conversation("", Manner::Ask, &question(&[]));
        assert_eq!(answer, "stopped; nothing was written");
    }

    #[test]
    fn without_a_person_a_flag_or_a_default_answers() {
        let with_default = || Question {
            default: Some("3".into()),
            ..question(&[])
        };
        let given = |text| Question {
            given: Some(text),
            ..question(&[])
        };
        let missing = "`--count` is missing: how many there are";
        let rows = [
            (Manner::TakeDefaults, with_default(), "3".to_owned()),
            (Manner::TakeDefaults, question(&[]), missing.to_owned()),
            (
                Manner::FlagsOnly,
                with_default(),
                format!("{missing}; `--yes` takes the default"),
            ),
            (Manner::FlagsOnly, given(" 8 "), "8".to_owned()),
            (
                Manner::FlagsOnly,
                given("x"),
                "`--count`: expected a number".to_owned(),
            ),
        ];
        for (manner, question, expected) in rows {
            let (answer, shown) = conversation("9\n", manner, &question);
            assert_eq!(answer, expected);
            assert_eq!(shown, "");
        }
    }
}
