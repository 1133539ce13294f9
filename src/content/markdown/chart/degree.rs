//! Words that say how common or strong a sign is, so that a comparison can show it
//! as well as say it. A cell that begins otherwise has words alone.

/// How common or strong something is, weakest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Degree {
    /// Not at all.
    Absent,
    /// Rare or slight.
    Low,
    /// Now and then.
    Middle,
    /// Usual or strong.
    High,
}

/// The words with which a cell may begin, in lower case. A longer one stands before one that ends it.
const WORDS: [(&str, Degree); 23] = [
    ("no", Degree::Absent),
    ("none", Degree::Absent),
    ("never", Degree::Absent),
    ("not usual", Degree::Absent),
    ("rare", Degree::Low),
    ("rarely", Degree::Low),
    ("seldom", Degree::Low),
    ("uncommon", Degree::Low),
    ("slight", Degree::Low),
    ("mild", Degree::Low),
    ("sometimes", Degree::Middle),
    ("some people", Degree::Middle),
    ("fairly common", Degree::Middle),
    ("may", Degree::Middle),
    ("common", Degree::High),
    ("usual", Degree::High),
    ("usually", Degree::High),
    ("often", Degree::High),
    ("always", Degree::High),
    ("most", Degree::High),
    ("strong", Degree::High),
    ("very", Degree::High),
    ("yes", Degree::High),
];

impl Degree {
    /// The degree that the first words of a cell tell; none if they tell none.
    pub(in crate::content::markdown) fn of(cell: &str) -> Option<Self> {
        let cell = cell.trim().to_lowercase();
        let begins = |words: &str| {
            let rest = cell.strip_prefix(words);
            rest.is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
        };
        let found = WORDS.iter().find(|(words, _)| begins(words));
        found.map(|(_, degree)| *degree)
    }

    /// How many of three marks are full.
    pub fn marks(self) -> usize {
        self as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_words_of_a_cell_tell_the_degree() {
        let rows = [
            ("Usual, and often strong", Some(Degree::High)),
            ("Fairly common", Some(Degree::Middle)),
            ("Rare", Some(Degree::Low)),
            ("No", Some(Degree::Absent)),
            ("Nose blocked", None),
            ("Suddenly", None),
            ("Maybe later", None),
            ("", None),
        ];
        for (cell, expected) in rows {
            assert_eq!(Degree::of(cell), expected, "{cell}");
        }
        assert_eq!(Degree::Absent.marks(), 0);
        assert_eq!(Degree::High.marks(), 3);
    }
}
