//! Care cards: the findings of one level under one call to action. Color and
//! words must agree, so both come from the level.

use crate::booking::Service;
use crate::clinic::Phone;
use crate::content::Article;
use crate::content::markdown::{BlockKind, Piece};
use crate::id::FindingId;
use crate::messages::{CareWords, Words};
use crate::triage::{Addressee, Finding, Hotline, TriageLevel};

/// One card.
pub struct CareCard<'a> {
    /// The level.
    pub level: TriageLevel,
    /// The words of the page's language.
    pub words: &'a Words,
    /// Whom the findings address.
    pub addressee: Addressee,
    /// The findings, in the order of the protocol; never empty.
    pub findings: Vec<&'a Finding>,
    /// The clinic's phone number.
    pub phone: &'a Phone,
    /// The visit that fits; never on the emergency card.
    pub service: Option<&'a Service>,
}

/// The anchor of the card of a level.
pub fn card_id(level: TriageLevel) -> &'static str {
    match level {
        TriageLevel::Emergency => "care-emergency",
        TriageLevel::Urgent => "care-urgent",
        TriageLevel::Soon => "care-soon",
        TriageLevel::SelfCare => "care-self-care",
    }
}

impl<'a> CareCard<'a> {
    /// The card of a level for an article: with all findings, or only those that are named. None without findings.
    pub fn of(
        article: &'a Article,
        level: TriageLevel,
        named: &[FindingId],
        words: &'a Words,
        phone: &'a Phone,
    ) -> Option<Self> {
        let all = article.protocol.findings_at(level);
        let findings: Vec<_> = all
            .filter(|finding| named.is_empty() || named.contains(&finding.id))
            .collect();
        let service = article
            .service
            .as_deref()
            .filter(|_| level == TriageLevel::Soon);
        (!findings.is_empty()).then_some(Self {
            level,
            words,
            addressee: article.protocol.first_addressee(),
            findings,
            phone,
            service,
        })
    }

    /// The anchor.
    pub fn id(&self) -> &'static str {
        card_id(self.level)
    }

    /// The level in words.
    pub fn spoken(&self) -> &str {
        spoken(&self.words.care, self.level)
    }

    /// The call to action, which ends in "if:".
    pub fn action(&self) -> &str {
        let words = &self.words.care;
        match self.level {
            TriageLevel::Emergency => &words.emergency_action,
            TriageLevel::Urgent => &words.urgent_action,
            TriageLevel::Soon => &words.soon_action,
            TriageLevel::SelfCare => &words.self_care_action,
        }
    }

    /// Whom to call in an emergency: the number to dial, and the words. 911 first, then whoever else a finding names.
    pub fn calls(&self) -> Vec<(&str, &str)> {
        let words = self.words;
        let names = |hotline| self.findings.iter().any(|finding| finding.call == hotline);
        let emergency = (
            words.site.emergency_number.as_str(),
            words.care.emergency_call.as_str(),
        );
        let lifeline = ("988", words.symptoms.call_988.as_str());
        let poison = ("+18002221222", words.symptoms.call_poison.as_str());
        let mut calls = vec![emergency];
        calls.extend(names(Hotline::Lifeline).then_some(lifeline));
        calls.extend(names(Hotline::PoisonControl).then_some(poison));
        calls
    }

    /// Whether this is the card of emergencies.
    pub fn is_emergency(&self) -> bool {
        self.level == TriageLevel::Emergency
    }

    /// Whether this is the card of care today.
    pub fn is_urgent(&self) -> bool {
        self.level == TriageLevel::Urgent
    }

    /// Whether this is the card of care at home.
    pub fn is_self_care(&self) -> bool {
        self.level == TriageLevel::SelfCare
    }
}

/// The levels whose card an author has moved into the text.
pub fn moved_levels(pieces: &[Piece]) -> Vec<TriageLevel> {
    let block = |piece: &Piece| match piece {
        Piece::Block(block) => match block.kind {
            BlockKind::Care(level, _) => Some(level),
            _ => None,
        },
        _ => None,
    };
    pieces.iter().filter_map(block).collect()
}

/// A level in words.
pub(super) fn spoken(words: &CareWords, level: TriageLevel) -> &str {
    match level {
        TriageLevel::Emergency => &words.emergency,
        TriageLevel::Urgent => &words.urgent,
        TriageLevel::Soon => &words.soon,
        TriageLevel::SelfCare => &words.self_care,
    }
}
