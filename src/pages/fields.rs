//! Fields of forms as templates see them: what is asked, what was typed, and what
//! must be mended. Every form uses the same ones, so that they look and sound alike.

/// A question with answers of which one, or several, are chosen.
pub(super) struct Choices {
    /// The name of the field, and the anchor of the question.
    pub(super) name: String,
    /// The question.
    pub(super) legend: String,
    /// What helps to answer it.
    pub(super) hint: Option<String>,
    /// The answers, in the order of the screen; never empty.
    pub(super) choices: Vec<Choice>,
    /// What must be mended.
    pub(super) error: Option<String>,
}

/// One answer.
pub(super) struct Choice {
    /// What is sent.
    pub(super) value: String,
    /// What is shown.
    pub(super) label: String,
    /// Whether it was chosen before.
    pub(super) is_chosen: bool,
}

/// A line of text.
pub(super) struct TextField {
    /// The name of the field, and its anchor.
    pub(super) name: &'static str,
    /// What is asked.
    pub(super) label: String,
    /// What helps to answer it.
    pub(super) hint: Option<String>,
    /// What was typed before.
    pub(super) value: String,
    /// What browsers fill in by themselves: a value of `autocomplete`.
    pub(super) autocomplete: &'static str,
    /// Which keyboard a phone shows: a value of `inputmode`.
    pub(super) keyboard: &'static str,
    /// Most characters.
    pub(super) max_chars: usize,
    /// What must be mended.
    pub(super) error: Option<String>,
}

/// What must be mended, in the order of the screen: element, message.
pub(super) struct Errors(pub(super) Vec<(String, String)>);

impl Errors {
    /// One thing to mend.
    pub(super) fn one(element: &str, message: &str) -> Self {
        Self(vec![(element.to_owned(), message.to_owned())])
    }

    /// What must be mended at an element.
    pub(super) fn at(&self, element: &str) -> Option<&str> {
        let found = self.0.iter().find(|(own, _)| own == element);
        found.map(|(_, message)| message.as_str())
    }
}
