//! What a visit costs. A fee schedule is dated: on every day each service has
//! exactly one fee, and a fee that nobody has confirmed for too long is not shown.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use jiff::ToSpan;
use jiff::civil::Date;

use super::period::{Period, read_period, read_service};
use crate::diagnostic::{Code, Diagnostic};
use crate::document::{Fields, from_toml};
use crate::file::{SourceFile, Spanned};
use crate::id::ServiceId;

/// An amount of money in whole US cents, 0 to 1,000,000.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cents(u32);

impl Cents {
    /// The number of cents.
    pub fn count(self) -> u32 {
        self.0
    }
}

/// As a price tag shows it: `$25`, or `$25.50` where there are odd cents.
impl fmt::Display for Cents {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.0 / 100, self.0 % 100) {
            (dollars, 0) => write!(f, "${dollars}"),
            (dollars, cents) => write!(f, "${dollars}.{cents:02}"),
        }
    }
}

impl FromStr for Cents {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let cents = text.parse().ok().filter(|cents| *cents <= 1_000_000);
        cents
            .map(Self)
            .ok_or("expected whole cents, such as 2500 for $25")
    }
}

/// What one service costs in one period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fee {
    /// When it holds.
    pub period: Period,
    /// What an insured person typically pays.
    pub typical_copay: Cents,
    /// What a person without insurance pays.
    pub self_pay: Cents,
    /// The day on which somebody last confirmed the fee.
    pub as_of: Date,
}

/// What a page says about a price today.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Price<'a> {
    /// Show it.
    Confirmed(&'a Fee),
    /// Say that the price is being confirmed: nobody has for longer than the clinic allows.
    BeingConfirmed,
}

/// Fees by service; each list by first day, ascending, without gap or overlap.
/// Unit: US cents. Days are clinic-local. Source: `clinic/copays.toml`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FeeSchedule {
    fees: BTreeMap<ServiceId, Vec<Fee>>,
}

impl FeeSchedule {
    /// The fee of a service on a day.
    pub fn on(&self, service: &ServiceId, day: Date) -> Option<&Fee> {
        let fees = self.fees.get(service)?;
        fees.iter().rfind(|fee| fee.period.holds_on(day))
    }

    /// What to say about the price of a service on a day.
    pub fn price(&self, service: &ServiceId, day: Date, stale_after_days: i32) -> Price<'_> {
        match self.on(service, day) {
            Some(fee) if !is_stale(fee, day, stale_after_days) => Price::Confirmed(fee),
            _ => Price::BeingConfirmed,
        }
    }
}

/// Whether nobody has confirmed the fee for more than `stale_after_days` days.
pub fn is_stale(fee: &Fee, day: Date, stale_after_days: i32) -> bool {
    fee.as_of
        .checked_add(stale_after_days.days())
        .is_ok_and(|limit| limit < day)
}

/// Reads `clinic/copays.toml` as of `today`.
///
/// # Diagnostics
/// `key-*`, `value-wrong`, `copay-gap`, `copay-overlap`, `copay-missing`, `id-unknown`: for the clinic.
/// `price-stale`: somebody should confirm the price. There is no schedule after an error.
pub fn parse_fees(
    file: &SourceFile,
    services: &[ServiceId],
    today: Date,
    stale_after_days: i32,
) -> (Option<FeeSchedule>, Vec<Diagnostic>) {
    let (root, mut diagnostics) = from_toml(file);
    let mut outer = Fields::of(file, &root, "the file");
    let mut rows: BTreeMap<ServiceId, Vec<Spanned<Fee>>> = BTreeMap::new();
    for node in outer.list("fee") {
        let mut fields = Fields::of(file, node, "fee");
        if let Some((service, fee)) = fee(&mut fields, services) {
            rows.entry(service).or_default().push(fee);
        }
        outer.tell_all(fields.finish());
    }
    diagnostics.extend(outer.finish());
    let all_were_read = !diagnostics.iter().any(Diagnostic::is_error);
    for fees in rows.values_mut() {
        fees.sort_by_key(|fee| fee.value.period.from);
        diagnostics.extend(faults_between(file, fees));
    }
    // A fee that could not be read may be the very one that covers today.
    if all_were_read {
        diagnostics.extend(faults_today(file, services, &rows, today, stale_after_days));
    }
    let sound = !diagnostics.iter().any(Diagnostic::is_error);
    let fees = rows
        .into_iter()
        .map(|(service, fees)| (service, fees.into_iter().map(|fee| fee.value).collect()))
        .collect();
    (sound.then_some(FeeSchedule { fees }), diagnostics)
}

fn fee(fields: &mut Fields<'_>, services: &[ServiceId]) -> Option<(ServiceId, Spanned<Fee>)> {
    let service = read_service(fields, services);
    let period = read_period(fields, "the fee");
    let typical_copay = fields.parsed("typical_copay_cents");
    let self_pay = fields.parsed("self_pay_cents");
    let as_of = fields.date("as_of");
    let fee = Fee {
        period: period?,
        typical_copay: typical_copay?.value,
        self_pay: self_pay?.value,
        as_of: as_of?.value,
    };
    Some((service?, Spanned::new(fee, fields.offset())))
}

/// Gaps and overlaps between neighbors; `fees` is sorted by first day.
fn faults_between(file: &SourceFile, fees: &[Spanned<Fee>]) -> Vec<Diagnostic> {
    let mut faults = Vec::new();
    for (before, after) in fees.iter().zip(fees.iter().skip(1)) {
        let begins = after.value.period.from;
        let place = file.place(after.offset);
        let expected = before
            .value
            .period
            .until
            .and_then(|until| until.tomorrow().ok());
        match expected {
            Some(expected) if expected == begins => {}
            Some(expected) if expected < begins => {
                let last = begins.yesterday().unwrap_or(begins);
                let message = format!("no fee holds from {expected} to {last}");
                faults.push(
                    Diagnostic::new(Code::CopayGap, place, message).help(format!(
                        "let this fee begin on {expected}, or the one before end on {last}"
                    )),
                );
            }
            _ => {
                let until = before
                    .value
                    .period
                    .until
                    .map_or("further notice".to_owned(), |until| until.to_string());
                let message =
                    format!("this fee begins on {begins}, but the one before holds until {until}");
                let last = begins.yesterday().unwrap_or(begins);
                faults.push(
                    Diagnostic::new(Code::CopayOverlap, place, message)
                        .help(format!("let the one before end with `until = {last}`")),
                );
            }
        }
    }
    faults
}

fn faults_today(
    file: &SourceFile,
    services: &[ServiceId],
    rows: &BTreeMap<ServiceId, Vec<Spanned<Fee>>>,
    today: Date,
    stale_after_days: i32,
) -> Vec<Diagnostic> {
    let mut faults = Vec::new();
    for service in services {
        let fees = rows.get(service).map(Vec::as_slice).unwrap_or_default();
        let current = fees.iter().rfind(|fee| fee.value.period.holds_on(today));
        match current {
            None => faults.push(
                Diagnostic::new(
                    Code::CopayMissing,
                    file.place(0),
                    format!("`{service}` has no fee for {today}"),
                )
                .help("add a [[fee]] for it that covers this day"),
            ),
            Some(fee) if is_stale(&fee.value, today, stale_after_days) => faults.push(
                Diagnostic::new(
                    Code::PriceStale,
                    file.place(fee.offset),
                    format!(
                        "nobody has confirmed the price of `{service}` since {}",
                        fee.value.as_of
                    ),
                )
                .help("confirm it and set `as_of`; until then pages say \"price being confirmed\""),
            ),
            Some(_) => {}
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_is_shown_without_needless_cents() {
        let rows = [
            ("2500", "$25"),
            ("10000", "$100"),
            ("2550", "$25.50"),
            ("5", "$0.05"),
        ];
        for (cents, shown) in rows {
            assert_eq!(cents.parse::<Cents>().unwrap().to_string(), shown);
        }
        assert!("25.00".parse::<Cents>().is_err());
        assert!("-1".parse::<Cents>().is_err());
    }

    /// A schedule of one service; each period is the lines that tell from when until when.
    fn schedule(periods: &[&str]) -> (Option<FeeSchedule>, Vec<&'static str>) {
        let fee = |period: &&str| {
            format!(
                "[[fee]]\nservice = \"v\"\ntypical_copay_cents = 1\nself_pay_cents = 2\nas_of = 2026-11-01\n{period}\n"
            )
        };
        let text: String = periods.iter().map(fee).collect();
        let file = SourceFile::new("clinic/copays.toml", text);
        let today = jiff::civil::date(2026, 11, 25);
        let (fees, found) = parse_fees(&file, &["v".parse().unwrap()], today, 90);
        (fees, found.iter().map(|fault| fault.code.name()).collect())
    }

    #[test]
    fn every_day_has_exactly_one_fee() {
        let first_half = "from = 2026-01-01\nuntil = 2026-06-30";
        let rows: [(&[&str], &[&str]); 7] = [
            (&["from = 2026-01-01"], &[]),
            (&[first_half, "from = 2026-07-01"], &[]),
            (&["from = 2026-07-01", first_half], &[]),
            (&[first_half, "from = 2026-07-02"], &["copay-gap"]),
            (&[first_half, "from = 2026-06-30"], &["copay-overlap"]),
            (
                &["from = 2026-01-01", "from = 2026-07-01"],
                &["copay-overlap"],
            ),
            (&["from = 2027-01-01"], &["copay-missing"]),
        ];
        for (periods, expected) in rows {
            let (fees, codes) = schedule(periods);
            assert_eq!(codes, expected, "{periods:?}");
            assert_eq!(fees.is_some(), expected.is_empty(), "{periods:?}");
        }
    }

    #[test]
    fn a_price_that_nobody_confirmed_is_not_shown() {
        let (fees, _) = schedule(&["from = 2026-01-01"]);
        let fees = fees.unwrap();
        let service = "v".parse().unwrap();
        let fresh = jiff::civil::date(2027, 1, 30);
        assert!(matches!(
            fees.price(&service, fresh, 90),
            Price::Confirmed(_)
        ));
        assert_eq!(
            fees.price(&service, fresh.tomorrow().unwrap(), 90),
            Price::BeingConfirmed
        );
    }
}
