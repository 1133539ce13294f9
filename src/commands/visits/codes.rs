//! Request codes as people type them: `b7kp4qxm`, `B7KP-4QXM`, or `b7kp 4qxm`, which a
//! shell hands over as two words. It looks nothing up.

use crate::booking::RequestCode;

/// A word that is no code, alone or with the next one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct NoCode(pub(super) String);

/// The codes in a list of words, in its order; one that stands twice is given once.
pub(super) fn typed(words: &[String]) -> Vec<Result<RequestCode, NoCode>> {
    let mut found = Vec::new();
    let mut rest = words;
    while let [word, after @ ..] = rest {
        let alone = word.parse().ok();
        let joined = |next: &String| format!("{word}{next}").parse().ok();
        let (code, left) = match (alone, after) {
            (Some(code), _) => (Ok(code), after),
            (None, [next, left @ ..]) if joined(next).is_some() => {
                (joined(next).ok_or_else(|| NoCode(word.clone())), left)
            }
            (None, _) => (Err(NoCode(word.clone())), after),
        };
        if !found.contains(&code) {
            found.push(code);
        }
        rest = left;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_read_as_people_type_them() {
        let rows: [(&[&str], &str); 6] = [
            (&["B7KP-4QXM"], "B7KP-4QXM"),
            (&["b7kp", "4qxm"], "B7KP-4QXM"),
            (&["b7kp", "4qxm", "c7kp4qxm"], "B7KP-4QXM C7KP-4QXM"),
            (&["b7kp 4qxm", "B7KP-4QXM"], "B7KP-4QXM"),
            (&["b7kp", "B7KP-4QXM"], "?b7kp B7KP-4QXM"),
            (&["b7kp", "4qx", "zz"], "?b7kp ?4qx ?zz"),
        ];
        for (words, expected) in rows {
            let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
            let found = typed(&words).into_iter().map(|code| match code {
                Ok(code) => code.to_string(),
                Err(NoCode(word)) => format!("?{word}"),
            });
            assert_eq!(found.collect::<Vec<_>>().join(" "), expected);
        }
    }
}
