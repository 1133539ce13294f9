//! A report card for a terminal: plain text that also reads well in a mail. Colors would get
//! lost there, so a sign and words say each verdict.

use std::fmt::Write as _;

use super::{Instrument, ReportCard, Verdict};

/// Prints a card; it ends with an empty line.
pub fn text(card: &ReportCard<'_>) -> String {
    let mut out = format!("{}\n{}\n\n", card.article.path, card.article.title);
    for (name, number) in card.numbers() {
        line(&mut out, &format!("  {name:<16}{number:>10}"));
    }
    let hardest = &card.measured.readability.hardest;
    if !hardest.is_empty() {
        out.push_str("\n  Hardest sentences\n");
    }
    for sentence in hardest {
        let (number, grade) = (sentence.line, sentence.grade);
        line(
            &mut out,
            &format!("  line {number}, grade {grade:.1}: {}", sentence.text),
        );
    }
    for instrument in &card.instruments {
        line(
            &mut out,
            &format!("\n  {}: {}", instrument.name, tally(instrument)),
        );
        for item in &instrument.items {
            let (sign, words) = (item.verdict.sign(), item.verdict.words());
            let row = format!(
                "  {sign} {:>2}  {}: {words} ({})",
                item.number, item.asks, item.how
            );
            line(&mut out, &row);
        }
    }
    out.push('\n');
    out
}

fn line(out: &mut String, text: &str) {
    // Writing to a text can't fail.
    let _ = writeln!(out, "{}", text.trim_end());
}

/// How many items have each verdict, without those that none has.
pub(super) fn tally(instrument: &Instrument) -> String {
    let counts = Verdict::ALL.iter().filter_map(|verdict| {
        let count = instrument.count(*verdict);
        let verb = match (verdict, count) {
            (Verdict::NeedsHuman, 2..) => "need a human",
            (Verdict::DoesNotApply, 2..) => "do not apply",
            _ => verdict.words(),
        };
        (count > 0).then(|| format!("{count} {verb}"))
    });
    counts.collect::<Vec<_>>().join(", ")
}
