//! The words of the interface, one catalog per language. The fields of [`Words`]
//! are the list of all messages, so a template that names a missing one does not
//! compile, and a catalog that lacks one or has one too many is refused. The text
//! in `templates/messages/en.toml` is what each field means.
#![allow(missing_docs)]

mod catalogs;

use std::borrow::Borrow;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, LazyLock};

use intl_pluralrules::{PluralCategory, PluralRuleType, PluralRules};
use jiff::civil::Date;
use serde::Deserialize;
use unic_langid::LanguageIdentifier;

pub use self::catalogs::read_catalogs;

/// The catalog that comes with the program, and the measure of all others.
const ENGLISH: &str = include_str!("../templates/messages/en.toml");

/// A message with places to fill, written `{name}`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Phrase(String);

impl Phrase {
    /// Fills every `{slot}` with a value.
    #[must_use]
    pub fn with(&self, slot: &str, value: impl fmt::Display) -> Self {
        Self(self.0.replace(&format!("{{{slot}}}"), &value.to_string()))
    }
}

impl fmt::Display for Phrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A message that depends on a number, by the plural forms of its language. `{count}` is the number.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Counted {
    zero: Option<Phrase>,
    one: Option<Phrase>,
    two: Option<Phrase>,
    few: Option<Phrase>,
    many: Option<Phrase>,
    other: Phrase,
}

macro_rules! words {
    ($($(#[$doc:meta])+ $group:ident { $($field:ident: $kind:ty,)+ })+) => {
        $($(#[$doc])+
        #[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub struct $group { $(pub $field: $kind,)+ })+
    };
}

words! {
    /// One whole catalog.
    Catalog {
        site: SiteWords,
        dates: DateWords,
        article: ArticleWords,
        block: BlockWords,
        chart: ChartWords,
        glossary: GlossaryWords,
        care: CareWords,
        booking: BookingWords,
        form: FormWords,
        request: RequestWords,
        home: HomeWords,
        list: ListWords,
        person: PersonWords,
        problem: ProblemWords,
        limits: LimitWords,
        symptoms: SymptomWords,
        body: BodyWords,
        reading: ReadingWords,
        sheet: SheetWords,
        a_to_z: AToZWords,
        clinicians: ClinicianWords,
        machine: MachineWords,
        search: SearchWords,
    }
    /// Header, footer and notices of every page.
    SiteWords {
        direction: String, skip_link: String, main_navigation: String, articles: String, book: String,
        call: String, call_number: Phrase, phone: String, home: String, breadcrumb: String,
        about_this_site: String, editorial_process: String, privacy: String, disclaimer: String,
        emergency: String, emergency_question: String, emergency_now: Phrase, emergency_number: String,
        title_and_name: Phrase, sample_title: String, sample_text: String, printed_from: Phrase,
    }
    /// Documents for programs.
    MachineWords { feed_title: Phrase, read_on: String, llms_about: String, llms_forms: String, }
    /// Names of months and the order of a date.
    DateWords { months: [String; 12], day: Phrase, }
    /// The article page.
    ArticleWords {
        by: String, and: String, medically_reviewed_by: String, sample_reviewer: String, published: String,
        updated: String, reviewed: String, not_reviewed: String, next_review: String, next_review_was_due: String,
        reading_minutes: Counted, takeaways: String, on_this_page: String, section_count: Counted,
        questions: String, faq: String, sources: String, sources_of_care: String, source: Phrase,
        source_back: Phrase, footnotes: String, footnote: Phrase, footnote_back: Phrase, table: Phrase,
        about_this_page: String, process: String, reviewed_on: String, next_review_by: String,
        written_by: String, first_published: String, what_changed: String, no_conflict: String, conflict: Phrase,
        related: String, also_called: String, disclaimer: String, overdue_title: String,
        overdue_last: String, overdue_due: String, overdue_ask: String,
    }
    /// Headings of blocks and notes that have none of their own.
    BlockWords {
        r#do: String, dont: String, warning: String, note: String, tip: String, important: String,
        alert_warning: String, caution: String,
    }
    /// Timelines, zones and comparisons.
    ChartWords {
        when: String, what_happens: String, numbers: String, and: String, or: String, level_if: String,
        scale: Phrase, hours: Counted, days: Counted, weeks: Counted, months: Counted, years: Counted,
    }
    /// Medical words, on their own page and at the end of articles.
    GlossaryWords {
        title: String, description: String, lead: String, on_this_page: String, whole: String, back: Phrase,
        plainly: String, also: String, used_in: String, more: Counted, sources: String,
    }
    /// Care cards.
    CareWords {
        heading: String, emergency: String, emergency_action: String, emergency_call: String,
        urgent: String, urgent_action: String, urgent_call: String, soon: String, soon_action: String,
        soon_book: Phrase, self_care: String, self_care_action: String, self_care_watch: String,
        checker: Phrase,
        unsigned: String,
    }
    /// Prices, the booking card and the booking pages.
    BookingWords {
        typical_copay: String, self_pay: String, as_of: String, being_confirmed: String, book: String,
        book_named: Phrase, not_emergency: String, not_emergency_call: Phrase, call_heading: String,
        call_line: Phrase, call_line_unpriced: Phrase, title: String, description: String, lead: String,
        video: String, phone: String, in_person: String, kind_and_hours: Phrase, copay_depends: String,
        estimate_title: String, estimate_text: String, not_sure: String, what_you_pay: String,
        call_to_book: Phrase, book_online: String, elsewhere: Phrase, by_phone: String, fits: String,
        treats: String, does_not_treat: String, next: String, next_call: String, next_call_text: String,
        next_time: String, next_time_text: String, next_visit: String, next_video: String,
        next_phone: String, next_in_person: String, included: String, the_visit: String, states: String,
        states_note: String, hours: String, cancellation: String, insured: String,
        paying_yourself: String, read_before: String, insured_amount: Phrase, self_pay_amount: Phrase,
    }
    /// What every form says.
    FormWords { problem_title: String, error: String, optional: String, }
    /// Asking for a visit: the form and what comes of it.
    RequestWords {
        ask: String, ask_named: Phrase, ask_here: String, title: Phrase, form_title: String, lead: String,
        not_emergency_title: String, not_emergency_text: String, trial_title: String, trial_text: String,
        state: String, state_hint: String, state_choose: String, state_missing: String, go_on: String,
        chosen: Phrase, change_state: String, next_ask: String, next_ask_text: String,
        next_answer: Phrase, next_answer_text: String, next_visit: String,
        advice: Phrase, advice_hint: String, advice_ask: String,
        part_when: String, how_soon: String, soonest: String, week: String, later: String,
        days: String, days_hint: String, day_names: [String; 7], times: String, times_hint: String,
        morning: String, afternoon: String, evening: String,
        part_person: String, patient: String, new: String, returning: String, name: String, name_hint: String,
        birth_date: String, birth_hint: String, birth_month: String, birth_day: String, birth_year: String,
        part_contact: String, contact_hint: String, phone: String, phone_hint: String, email: String,
        preferred: String, by_phone: String, by_email: String, message: String, message_hint: String,
        message_yes: String, message_no: String,
        part_payment: String, payment: String, employer: String, marketplace: String, medicare: String,
        medicaid: String, other_plan: String, pay_myself: String, self_pay_hint: String,
        part_needs: String, interpreter: String, interpreter_hint: String, access: String, access_hint: String,
        part_send: String, consent: String, consent_hint: Counted, send: String, send_hint: String,
        error_choose: Phrase, error_name: String, error_birth: String, error_phone: String,
        error_phone_wrong: String, error_email: String, error_email_wrong: String, error_consent: String,
        error_too_long: Phrase, error_signs: String, error_choice: String,
        failed_title: String, failed_text: Phrase,
        kept_title: String, kept_for: Phrase, code_label: String, code_hint: String,
        kept_answer: Phrase, kept_answer_text: String, kept_time: String, kept_time_text: String, kept_visit: String,
        estimate: String, estimate_by: String, estimate_rest: String,
        worse_title: String, worse_text: String, worse_check: String,
        mistake_title: String, mistake_text: Phrase, kept_privacy: Counted, unknown_title: String,
        unknown_text: Phrase, away_title: String, away_text: Phrase,
        unserved_title: Phrase, unserved_text: String, unserved_where: String, unserved_states: Phrase,
        unserved_change: String, unserved_today: String, unserved_today_text: String, unserved_plan: String,
        unserved_plan_text: String, unserved_call: Phrase,
        who: String, questions: String, not_included: String, trust: String, trust_review: String,
        trust_reviewers: String, trust_privacy: Counted, trust_sealed: String, compare: String, visit: String,
    }
    /// The first page.
    HomeWords {
        lead: String, check_symptoms: String, find_article: String, see_visits: String, topics: String, article_count: Counted,
        recent: String, all_articles: String, trust: String, trust_sources: String,
        trust_review: String, trust_overdue: String, trust_privacy: String, description: Phrase,
    }
    /// Lists of articles.
    ListWords {
        title: String, description: String, lead: String, letters: String, none_under: Phrase,
        see: Phrase, all_topics: String, topic_empty: String, topic_book: String,
    }
    /// Profiles.
    PersonWords {
        credentials: String, role: String, written: Phrase, reviewed: Phrase, nothing: Phrase,
        sample_title: String, sample_text: String, description: Phrase,
    }
    /// The symptom checker.
    SymptomWords { title: String, description: String, lead: String, what_it_is: String, describe: String, describe_hint: String, find: String, by_area: String, a_to_z: String, found_title: String, found_none_title: String, found_none_text: String, found_emergency: String, found_for: Phrase, leave: String, leave_hint: String, form_title: Phrase, form_title_child: Phrase, form_title_other: Phrase, for_you: String, for_child: String, for_other: String, switch: String, switch_you: String, switch_child: String, switch_other: String, about_person: Phrase, you: String, child: String, other: String, age_you: String, age_child: String, age_other: String, age_hint: String, age_child_hint: String, years: String, months: String, pregnancy_you: String, pregnancy_child: String, pregnancy_other: String, pregnant: String, birth: String, neither: String, immune_you: String, immune_other: String, diabetes_you: String, diabetes_other: String, signs_legend: String, signs_hint: String, none_of_these: String, unsure_signs: String, yes: String, no: String, unsure: String, instead: String, go_on: String, see_advice: String, questions_title: String, questions_lead: String, change: String, start_again: String, error_age: String, error_person: String, error_no_sign: String, error_none_and_some: String, error_finding: Phrase, error_number: Phrase, result_title: Phrase, emergency_action: String, emergency_action_lifeline: String, emergency_action_poison: String, urgent_action: String, soon_action: String, self_care_action: String, call_911: String, call_988: String, text_988: String, call_poison: String, poison_or_911: String, why: String, why_unsure: Phrase, why_duration: Counted, not_sure: Phrase, told: String, until_then: String, at_home: String, watch: String, watch_emergency: String, watch_urgent: String, watch_soon: String, read_more: String, book: String, urgent_call: String, urgent_closed: String, steps_baby: String, steps_pregnant: String, sources: String, not_a_diagnosis: String, print_hint: String, too_young_title: String, too_young_text: String, instead_complaint: String, areas: AreaWords, }
    /// Names of body areas.
    AreaWords { head: String, face: String, eye: String, ear: String, nose: String, mouth_and_throat: String, neck: String, chest: String, belly: String, back: String, pelvis: String, arm: String, hand: String, leg: String, foot: String, skin: String, mind: String, whole_body: String, }
    /// The picture of the body, and the page of one of its parts.
    BodyWords {
        title: String, name: String, description: String, lead: String, to_list: String, picture: String,
        front: String, back: String, close_up: String, list: String, head_and_neck: String, trunk: String,
        limbs: String, no_place: String, area_title: Phrase, area_description: Phrase, area_lead: String,
        symptoms: String, articles: String, near: String, back_to_picture: String, point: String,
    }
    /// How a page can be read and printed.
    ReadingWords {
        heading_link: String, copied: String, options: String, size: String, size_normal: String,
        size_large: String, size_largest: String, easy: String, easy_hint: String, print: String,
        back_to_top: String, scan: String,
    }
    /// The sheet of questions.
    SheetWords {
        link: String, title: Phrase, heading: String, lead: String, date: String, clinician: String,
        own: String, told: String, next: String, staff: String, scan: String, back: String,
    }
    /// Lists of names and topics.
    AToZWords {
        under: Phrase, parts: String, from_to: Phrase, name_count: Counted, all: String, topics: String,
        topics_description: String, topics_lead: String, by_topic: String,
    }
    /// The Infobutton and the page that explains it.
    ClinicianWords {
        title: String, description: String, lead: String, footer: String, what_text: String,
        address: String, address_text: String, try_it: String, as_page: String, as_atom: String, as_json: String,
        systems: String, system: String, oid: String, systems_text: String,
        rules: String, rule_wider: String, rule_narrower: String, rule_several: Phrase, rule_words: String,
        rule_language: String, rule_age: String, rule_recipient: String, rule_none: String, rule_ignored: String,
        parameters: String, parameter: String, meaning: String, p_code: String, p_system: String, p_name: String,
        p_type: String, p_recipient: String, p_language: String, p_age: String, p_task: String,
        faults: String, faults_text: String, post: String, post_text: String, privacy: String, privacy_text: String,
        review: String, review_text: String, contact: String,
        articles_for: Phrase, this_answer: String, checker: Phrase, sources: String, sheet: String, reviewed: String,
        answer_title: String, answer_for: Phrase, fits_code: Phrase, nothing_title: String, nothing_text: String,
        fault_title: String, fault_text: String,
    }
    /// The search: its box, its results and its suggestions.
    SearchWords {
        title: String, description: String, lead: String, label: String, button: String,
        results: Counted, results_for: Phrase, corrected: Phrase, offered: String, cut: Phrase,
        none_title: String, none_text: Phrase, none_spelling: String, none_ways: String, checker: String, call: Phrase,
        wait_title: String, wait_text: String, privacy: String,
        article: String, complaint: String, topic: String, service: String, term: String, person: String,
        show: String, show_all: String, articles: String, complaints: String, topics: String, services: String,
        terms: String, people: String, kind_count: Phrase,
        check: String, also_called: String,
        suggestions: String, suggestion_count: Phrase, suggestions_none: String,
    }
    /// Pages that say that a limit was reached.
    LimitWords {
        too_long_title: String, too_long_text: String, too_slow_title: String, too_slow_text: String,
        too_often_title: String, too_often_text: String, overloaded_title: String, overloaded_text: String,
    }
    /// Pages that say that something is not there or went wrong.
    ProblemWords {
        works: String, not_found_title: String, not_found_text: String, gone_title: String,
        gone_text: Phrase, read_instead: String, unavailable_title: String, unavailable_text: String,
        method_title: String, method_text: String, failed_title: String, failed_text: String,
        forged_title: String, forged_text: String, malformed_title: String, malformed_text: String,
        phone_and_hours: String,
    }
}

/// The words of one language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    /// The language, such as `en`.
    pub lang: String,
    catalog: Catalog,
}

impl std::ops::Deref for Words {
    type Target = Catalog;

    fn deref(&self) -> &Catalog {
        &self.catalog
    }
}

impl Words {
    /// The message for a number.
    pub fn count(&self, message: &Counted, count: impl Borrow<usize>) -> Phrase {
        let count = *count.borrow();
        let rules = self
            .lang
            .parse::<LanguageIdentifier>()
            .ok()
            .and_then(|lang| PluralRules::create(lang, PluralRuleType::CARDINAL).ok());
        let category = rules
            .and_then(|rules| rules.select(count).ok())
            .unwrap_or(PluralCategory::OTHER);
        let form = match category {
            PluralCategory::ZERO => &message.zero,
            PluralCategory::ONE => &message.one,
            PluralCategory::TWO => &message.two,
            PluralCategory::FEW => &message.few,
            PluralCategory::MANY => &message.many,
            PluralCategory::OTHER => &None,
        };
        form.as_ref().unwrap_or(&message.other).with("count", count)
    }

    /// A date in words.
    pub fn date(&self, date: impl Day) -> Phrase {
        let date = date.day();
        let index = usize::from(date.month().unsigned_abs()).saturating_sub(1);
        let month = self.dates.months.get(index).map_or("", String::as_str);
        self.dates
            .day
            .with("month", month)
            .with("day", date.day())
            .with("year", date.year())
    }
}

/// The built-in English words.
pub fn english() -> &'static Words {
    static WORDS: LazyLock<Words> = LazyLock::new(|| {
        let catalog = toml::from_str(ENGLISH)
            .unwrap_or_else(|error| unreachable!("built in and tested: {error}"));
        Words {
            lang: "en".to_owned(),
            catalog,
        }
    });
    &WORDS
}

/// A date, however many references a template has put before it.
pub trait Day {
    /// The date.
    fn day(&self) -> Date;
}

impl Day for Date {
    fn day(&self) -> Date {
        *self
    }
}

impl<T: Day> Day for &T {
    fn day(&self) -> Date {
        (*self).day()
    }
}

/// Catalogs by language, ascending; English is always there.
pub type Languages = BTreeMap<String, Arc<Words>>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_catalog_has_no_fault() {
        let (languages, faults) = read_catalogs(&[]);
        assert!(faults.is_empty(), "{faults:?}");
        assert_eq!(*languages["en"], *english());
    }

    #[test]
    fn plurals_and_dates_follow_the_language() {
        let words = english();
        assert_eq!(
            words.count(&words.article.reading_minutes, 1).to_string(),
            "1 minute to read"
        );
        assert_eq!(
            words.count(&words.article.reading_minutes, 6).to_string(),
            "6 minutes to read"
        );
        assert_eq!(
            words.date(jiff::civil::date(2026, 11, 2)).to_string(),
            "November 2, 2026"
        );
    }
}
