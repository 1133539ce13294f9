//! What keeps a site from going public: placeholders, and notices that are missing.
//! It stands apart from `site` because a site with samples is a sound one, to be
//! looked at and tried out; only patients must not meet it. It decides nothing of
//! what is shown, and it knows no law but what its sources say.

use rayon::prelude::*;

use crate::clinic::Clinic;
use crate::diagnostic::{Code, Diagnostic};
use crate::file::{Place, SourceFile};
use crate::site::{NOTICES, Site, Tree};

/// The file in which the clinic says who it is.
const CLINIC: &str = "clinic/clinic.toml";

/// Words that stand in for words still to be written; `signpost new` writes the first. Compared as they are.
const PLACEHOLDERS: [&str; 6] = ["TODO", "TBD", "FIXME", "XXX", "Lorem ipsum", "lorem ipsum"];

/// Everything that patients must not meet, beyond what reading the content told already; by file, in the order of lines.
///
/// # Diagnostics
/// `phone-placeholder`, `address-placeholder`, `notice-missing`: for the clinic. `text-placeholder`: for the editor.
pub fn faults(site: &Site, tree: &Tree) -> Vec<Diagnostic> {
    let placeholders = tree.texts.par_iter().flat_map_iter(placeholders);
    let mut faults: Vec<Diagnostic> = placeholders.collect();
    let clinic = tree.text(CLINIC);
    faults.extend(clinic.map_or_else(Vec::new, |file| unreachable_addresses(&site.clinic, file)));
    faults.extend(missing_notices(site));
    faults
}

/// Phone numbers of fiction and words that are still to be written.
fn placeholders(file: &SourceFile) -> Vec<Diagnostic> {
    let mut faults = Vec::new();
    let mut offset = 0;
    let settings = settings_end(file);
    for line in file.text().split_inclusive('\n') {
        // `#` opens a comment there, which nobody but editors reads.
        let is_comment = offset < settings && line.trim_start().starts_with('#');
        let told = if is_comment { "" } else { line };
        for at in fictional_numbers(told) {
            let place = file.place(offset + at);
            let message = "this phone number is set aside for fiction and reaches nobody";
            let fault = Diagnostic::new(Code::PhonePlaceholder, place, message);
            faults.push(fault.help("write the number that patients should call"));
        }
        for address in addresses_for_examples(file, told) {
            let message = format!("`{address}` is an address for examples and reaches nobody");
            let at = told.find(address).unwrap_or_default();
            let fault = Diagnostic::new(Code::AddressPlaceholder, file.place(offset + at), message);
            faults.push(fault.help("write the address under which patients reach the clinic"));
        }
        if let Some((at, words)) = PLACEHOLDERS
            .into_iter()
            .filter_map(|words| Some((word_at(told, words)?, words)))
            .min()
        {
            let message = format!("`{words}` stands where words are still to be written");
            let fault = Diagnostic::new(Code::TextPlaceholder, file.place(offset + at), message);
            faults.push(fault.help("write what a patient should read, or take it out"));
        }
        offset += line.len();
    }
    faults
}

/// Where the settings of a file end, in bytes: TOML holds nothing else, and Markdown has them at its front.
fn settings_end(file: &SourceFile) -> usize {
    let text = file.text();
    if file.path().ends_with(".toml") {
        return text.len();
    }
    let front = text.strip_prefix("---");
    front.map_or(0, |front| {
        front.find("\n---").map_or(text.len(), |at| 3 + at)
    })
}

/// Where a text stands as words of its own.
fn word_at(line: &str, words: &str) -> Option<usize> {
    let is_letter = |sign: Option<char>| sign.is_some_and(char::is_alphanumeric);
    line.match_indices(words).map(|(at, _)| at).find(|at| {
        let before = line.get(..*at).unwrap_or_default();
        let after = line.get(at + words.len()..).unwrap_or_default();
        !is_letter(before.chars().next_back()) && !is_letter(after.chars().next())
    })
}

/// Where numbers from 555-0100 to 555-0199 begin. Source: NANPA, "555 line numbers": 555-0100 through 555-0199 are for
/// fictional use.
fn fictional_numbers(line: &str) -> Vec<usize> {
    let is_digit = |sign: Option<char>| sign.is_some_and(|sign| sign.is_ascii_digit());
    let found = line.match_indices("555").filter(|(at, _)| {
        let before = line.get(..*at).unwrap_or_default();
        let rest = line.get(at + 3..).unwrap_or_default();
        let rest = rest.trim_start_matches(['-', '.', ' ', '\u{2011}', '\u{a0}']);
        let ends = rest.strip_prefix("01").is_some_and(|rest| {
            let mut signs = rest.chars();
            is_digit(signs.next()) && is_digit(signs.next()) && !is_digit(signs.next())
        });
        // A longer number that only holds these digits is another number, unless an area code stands before them.
        let digits = before.chars().rev().take_while(char::is_ascii_digit);
        ends && [0, 3, 4].contains(&digits.count())
    });
    found.map(|(at, _)| at).collect()
}

/// Addresses of a page of the clinic's own words that nobody can reach, in the order of the line.
fn addresses_for_examples<'a>(file: &SourceFile, line: &'a str) -> Vec<&'a str> {
    if !file.path().starts_with("clinic/pages/") {
        return Vec::new();
    }
    let is_inside = |sign: char| sign.is_ascii_alphanumeric() || "@.:/-_".contains(sign);
    let words = line.split(|sign: char| !is_inside(sign));
    let words = words.map(|word| word.trim_matches(['.', ':', '/', '-']));
    let addresses = words.filter(|word| word.contains('.'));
    addresses
        .filter(|address| unreachable(address) == Some(FOR_EXAMPLES))
        .collect()
}

/// Addresses of the clinic that lead nowhere for a patient, or not safely.
fn unreachable_addresses(clinic: &Clinic, file: &SourceFile) -> Vec<Diagnostic> {
    let booking = clinic.external_booking.as_ref().map(ToString::to_string);
    let email = clinic.contact_email.as_deref();
    let rows = [
        ("origin", Some(clinic.origin.as_str())),
        ("external_booking", booking.as_deref()),
        ("contact_email", email),
    ];
    let mut faults = Vec::new();
    for (key, address) in rows {
        let Some((address, why)) = address.and_then(|text| Some((text, unreachable(text)?))) else {
            continue;
        };
        let message = format!("`{key}` is `{address}`, which {why}");
        let fault = Diagnostic::new(Code::AddressPlaceholder, place_of(file, key), message);
        faults.push(fault.help("write the address under which patients reach the clinic"));
    }
    faults
}

/// What is said of an address that is set aside.
const FOR_EXAMPLES: &str = "is a name for examples";

/// Why no patient can reach an address safely. Source: RFC 2606 and RFC 6761, names that are set aside.
fn unreachable(address: &str) -> Option<&'static str> {
    let (scheme, rest) = address.split_once("://").unwrap_or(("", address));
    let host = rest.rsplit('@').next().unwrap_or(rest);
    let host = host.split('/').next().unwrap_or(host);
    let host = match host.strip_prefix('[') {
        Some(bracketed) => bracketed.split(']').next().unwrap_or(bracketed),
        None => host.split(':').next().unwrap_or(host),
    };
    let host = host.to_ascii_lowercase();
    let set_aside = ["example", "test", "invalid", "localhost", "local"];
    let last = host.rsplit('.').next().unwrap_or(&host);
    let second = ["example.com", "example.net", "example.org"];
    if last == "localhost" || host.parse::<std::net::IpAddr>().is_ok() {
        return Some("is no name that patients can open");
    }
    if set_aside.contains(&last)
        || second
            .iter()
            .any(|name| host == *name || host.ends_with(&format!(".{name}")))
    {
        return Some(FOR_EXAMPLES);
    }
    (scheme == "http").then_some("can be read and changed on its way")
}

/// Where the value of a key begins; the file's first character if the key can't be found.
fn place_of(file: &SourceFile, key: &str) -> Place {
    let mut offset = 0;
    for line in file.text().split_inclusive('\n') {
        if let Some((before, value)) = line.split_once('=')
            && before.trim() == key
        {
            return file.place(offset + line.len() - value.trim_start().len());
        }
        offset += line.len();
    }
    file.place(0)
}

/// Why a notice should be there. Source: 45 CFR 92.10 (nondiscrimination) and 45 CFR 164.520(c)(3) (privacy practices):
/// whoever they cover posts the notice on the web site.
fn why_it_should(notice: &str) -> &'static str {
    match notice {
        "accessibility" => "tells what was tested and where to complain",
        _ => "most US clinics must show",
    }
}

/// Notices that are not there.
fn missing_notices(site: &Site) -> Vec<Diagnostic> {
    let missing = NOTICES
        .iter()
        .filter(|name| !site.page_texts.contains_key(**name));
    let told = missing.map(|name| {
        let path = format!("clinic/pages/{name}.md");
        let message = format!("there is no page `{name}`, which {}", why_it_should(name));
        Diagnostic::new(Code::NoticeMissing, Place::start_of(path), message).help(
            "put the clinic's own notice there, with `title`, `description` and `updated_on` as in `clinic/pages/privacy.md`",
        )
    });
    told.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_fiction_are_found_in_every_way_of_writing() {
        let rows = [
            ("phone = \"+1-555-555-0100\"", vec![16]),
            ("call (212) 555-0147 now", vec![11]),
            ("tel:+12125550199", vec![9]),
            ("555.0123", vec![0]),
            ("1-555-555-0200", vec![]),
            ("315-853-5550", vec![]),
            ("10.5555/0155", vec![]),
            ("555-01234", vec![]),
        ];
        for (line, expected) in rows {
            assert_eq!(fictional_numbers(line), expected, "{line}");
        }
    }

    #[test]
    fn an_address_is_for_patients_when_it_is_public_and_safe() {
        let rows = [
            ("https://harborlight.org", true),
            ("http://harborlight.org", false),
            ("https://clinic.example", false),
            ("https://www.example.com/book", false),
            ("http://localhost:8080", false),
            ("https://127.0.0.1", false),
            ("https://[::1]:8080", false),
            ("hello@clinic.example", false),
            ("hello@harborlight.org", true),
            ("https://harborlight.org:8443/book", true),
        ];
        for (address, sound) in rows {
            assert_eq!(unreachable(address).is_none(), sound, "{address}");
        }
    }

    #[test]
    fn an_address_for_examples_is_found_in_the_clinics_own_words_alone() {
        let rows = [
            (
                "clinic/pages/a.md",
                "Write to access@clinic.example.",
                vec!["access@clinic.example"],
            ),
            (
                "clinic/pages/a.md",
                "<https://www.example.com/book>",
                vec!["https://www.example.com/book"],
            ),
            (
                "clinic/pages/a.md",
                "For example. A test. e.g. hello@harborlight.org",
                vec![],
            ),
            (
                "clinic/pages/a.md",
                "[a page](/articles/sciatica.md)",
                vec![],
            ),
            ("articles/a.md", "access@clinic.example", vec![]),
        ];
        for (path, line, expected) in rows {
            let file = SourceFile::new(path, line);
            assert_eq!(
                addresses_for_examples(&file, line),
                expected,
                "{path}: {line}"
            );
        }
    }

    #[test]
    fn a_placeholder_is_told_where_it_stands_and_not_in_comments() {
        let rows = [
            (
                "articles/a.md",
                "---\n# TODO later\ntitle: TODO\n---\n",
                vec![3],
            ),
            (
                "articles/a.md",
                "---\ntitle: a\n---\n# TODO\nFIXME: x\n",
                vec![4, 5],
            ),
            ("clinic/a.toml", "# FIXME\nname = \"TBD\" # TODO\n", vec![2]),
            ("articles/a.md", "METHODOLOGY TODOS xTODO\n", vec![]),
        ];
        for (path, text, expected) in rows {
            let told = placeholders(&SourceFile::new(path, text));
            let lines: Vec<usize> = told.iter().map(|found| found.place.line).collect();
            assert_eq!(lines, expected, "{text}");
        }
    }
}
