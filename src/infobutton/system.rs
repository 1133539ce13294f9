//! Code systems by every name under which software sends them, and the form in which
//! their codes are compared. It stands apart because a system is named in four ways
//! and a code is typed in many, and only one of each may reach the index.

use crate::content::CodeSystem;

/// A code system as somebody named it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum System {
    /// One that articles carry codes of.
    Known(CodeSystem),
    /// Any other, as it was sent. It is no fault to ask for it; there is only nothing to find.
    Other(String),
}

struct Names {
    system: CodeSystem,
    label: &'static str,
    oid: &'static str,
    /// In lower case: other numbers, the address that FHIR uses, and the name without signs.
    others: &'static [&'static str],
}

/// Source: HL7 OID registry, and HL7 FHIR R4, "Using codes in resources".
const SYSTEMS: [Names; 4] = [
    Names {
        system: CodeSystem::Icd10Cm,
        label: "ICD-10-CM",
        oid: "2.16.840.1.113883.6.90",
        others: &["hl7.org/fhir/sid/icd-10-cm", "icd10cm"],
    },
    Names {
        system: CodeSystem::SnomedCt,
        label: "SNOMED CT",
        oid: "2.16.840.1.113883.6.96",
        others: &["snomed.info/sct", "snomedct"],
    },
    Names {
        system: CodeSystem::RxNorm,
        label: "RxNorm",
        oid: "2.16.840.1.113883.6.88",
        others: &["www.nlm.nih.gov/research/umls/rxnorm", "rxnorm"],
    },
    Names {
        system: CodeSystem::Loinc,
        label: "LOINC",
        oid: "2.16.840.1.113883.6.1",
        others: &["2.16.840.1.113883.11.79", "loinc.org", "loinc"],
    },
];

/// Most signs of a code in ICD-10-CM without its dot. Source: ICD-10-CM Official Guidelines, section I.A.2.
const ICD_SIGNS: std::ops::RangeInclusive<usize> = 3..=7;

/// Most digits of any other code. A SNOMED CT identifier has at most 18. Source: SNOMED CT release file specification.
const MOST_DIGITS: usize = 18;

fn names(system: CodeSystem) -> &'static Names {
    let [first, rest @ ..] = &SYSTEMS;
    let mut rest = rest.iter();
    rest.find(|names| names.system == system).unwrap_or(first)
}

/// What people call a code system.
pub fn label(system: CodeSystem) -> &'static str {
    names(system).label
}

/// The number that HL7 gives a code system.
pub fn oid(system: CodeSystem) -> &'static str {
    names(system).oid
}

impl System {
    /// The system that somebody named by number, by `urn:oid:`, by address or in words.
    pub fn named(typed: &str) -> Self {
        let lower = typed.trim().to_lowercase();
        let bare = ["urn:oid:", "https://", "http://"]
            .iter()
            .find_map(|start| lower.strip_prefix(start))
            .unwrap_or(&lower)
            .trim_end_matches('/');
        let letters: String = bare
            .chars()
            .filter(|sign| !matches!(sign, '-' | '_' | ' '))
            .collect();
        let is_named = |names: &&Names| {
            names.oid == bare
                || names
                    .others
                    .iter()
                    .any(|other| *other == bare || *other == letters)
        };
        match SYSTEMS.iter().find(is_named) {
            Some(names) => Self::Known(names.system),
            None => Self::Other(typed.trim().to_owned()),
        }
    }

    /// The number of a known system; what was sent of any other.
    pub fn oid(&self) -> &str {
        match self {
            Self::Known(system) => oid(*system),
            Self::Other(sent) => sent,
        }
    }

    /// What people call a known system; what was sent of any other.
    pub fn label(&self) -> &str {
        match self {
            Self::Known(system) => label(*system),
            Self::Other(sent) => sent,
        }
    }
}

/// A code in the one form in which codes of its system are compared; none for what can't be one.
pub(super) fn key(system: CodeSystem, code: &str) -> Option<String> {
    match system {
        CodeSystem::Icd10Cm => {
            let signs = code
                .chars()
                .filter(|sign| !matches!(sign, '.' | ' '))
                .map(|sign| sign.to_ascii_uppercase());
            let key: String = signs.take(ICD_SIGNS.end() + 1).collect();
            let begins = key.starts_with(|sign: char| sign.is_ascii_uppercase());
            let shaped = begins && key.bytes().all(|byte| byte.is_ascii_alphanumeric());
            (shaped && ICD_SIGNS.contains(&key.len())).then_some(key)
        }
        CodeSystem::SnomedCt | CodeSystem::RxNorm => {
            let code = code.trim();
            let digits = code.bytes().all(|byte| byte.is_ascii_digit());
            (digits && (1..=MOST_DIGITS).contains(&code.len())).then(|| code.to_owned())
        }
        CodeSystem::Loinc => {
            let code = code.trim();
            let (number, check) = code.split_once('-')?;
            let is_number =
                |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
            let shaped = is_number(number) && is_number(check) && check.len() == 1;
            (shaped && code.len() <= MOST_DIGITS).then(|| code.to_owned())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_system_is_known_by_number_address_and_name() {
        let rows = [
            ("2.16.840.1.113883.6.90", Some(CodeSystem::Icd10Cm)),
            ("urn:oid:2.16.840.1.113883.6.90", Some(CodeSystem::Icd10Cm)),
            ("URN:OID:2.16.840.1.113883.6.96", Some(CodeSystem::SnomedCt)),
            (
                "http://hl7.org/fhir/sid/icd-10-cm",
                Some(CodeSystem::Icd10Cm),
            ),
            ("http://snomed.info/sct", Some(CodeSystem::SnomedCt)),
            ("http://loinc.org/", Some(CodeSystem::Loinc)),
            ("2.16.840.1.113883.11.79", Some(CodeSystem::Loinc)),
            (
                "http://www.nlm.nih.gov/research/umls/rxnorm",
                Some(CodeSystem::RxNorm),
            ),
            (" ICD10CM ", Some(CodeSystem::Icd10Cm)),
            ("ICD-10-CM", Some(CodeSystem::Icd10Cm)),
            ("SNOMED CT", Some(CodeSystem::SnomedCt)),
            ("2.16.840.1.113883.6.103", None),
            ("2.16.840.1.113883.6.9", None),
            ("", None),
        ];
        for (typed, expected) in rows {
            let found = match System::named(typed) {
                System::Known(system) => Some(system),
                System::Other(_) => None,
            };
            assert_eq!(found, expected, "{typed}");
        }
    }

    #[test]
    fn a_code_is_compared_without_dot_case_and_space() {
        use CodeSystem::{Icd10Cm, Loinc, RxNorm, SnomedCt};
        let rows = [
            (Icd10Cm, "M54.50", Some("M5450")),
            (Icd10Cm, "m5450", Some("M5450")),
            (Icd10Cm, " s39.012a ", Some("S39012A")),
            (Icd10Cm, "M5", None),
            (Icd10Cm, "M54.501234", None),
            (Icd10Cm, "540.50", None),
            (Icd10Cm, "M54-50", None),
            (SnomedCt, " 279039007", Some("279039007")),
            (SnomedCt, "M54", None),
            (SnomedCt, "", None),
            (RxNorm, "5640", Some("5640")),
            (Loinc, "2951-2", Some("2951-2")),
            (Loinc, "29512", None),
            (Loinc, "-2", None),
        ];
        for (system, code, expected) in rows {
            assert_eq!(key(system, code).as_deref(), expected, "{code}");
        }
    }
}
