//! A chart as a Markdown table: the same words as in the table of the page, without the
//! drawing. It stands apart because it knows the order of a chart's cells.

use crate::content::markdown::{Chart, Joint, Measure, Range, Zones};
use crate::messages::{ChartWords, Words};

/// The table of a chart. `cells` are the texts of its cells as Markdown, in the order of the chart.
pub(super) fn chart_table(chart: &Chart, cells: &[String], words: &Words) -> String {
    let words = &words.chart;
    let (head, rows): (Vec<String>, Vec<Vec<String>>) = match chart {
        Chart::Timeline(timeline) => {
            let rows = timeline.periods.iter().zip(cells);
            let rows = rows.map(|(period, text)| vec![period.words.clone(), text.clone()]);
            let head = vec![words.when.clone(), words.what_happens.clone()];
            (head, rows.collect())
        }
        Chart::Zones(zones) => zones_table(zones, cells, words),
        Chart::Comparison(comparison) => {
            let head = std::iter::once(String::new()).chain(comparison.things.iter().cloned());
            let rows = cells.chunks(comparison.things.len() + 1);
            (head.collect(), rows.map(<[String]>::to_vec).collect())
        }
    };
    let rule = vec!["---".to_owned(); head.len()];
    let lines = [head, rule].into_iter().chain(rows);
    lines.map(|cells| line(&cells)).collect()
}

/// The head and the rows of zones. Where there is a column of what they mean, all numbers stand in one, as on the page.
fn zones_table(
    zones: &Zones,
    cells: &[String],
    words: &ChartWords,
) -> (Vec<String>, Vec<Vec<String>>) {
    let heading = |measure: &Measure| format!("{} ({})", measure.name, measure.unit);
    let headings: Vec<String> = zones.measures.iter().map(heading).collect();
    let Some(meaning) = &zones.meaning else {
        let head = std::iter::once(zones.names.clone()).chain(headings);
        let rows = zones.zones.iter().zip(cells).map(|(ranges, name)| {
            let ranges = ranges.iter().map(|range| joined(range, None, words));
            std::iter::once(name.clone()).chain(ranges).collect()
        });
        return (head.collect(), rows.collect());
    };
    let (numbers, has_several) = match headings.as_slice() {
        [only] => (only.clone(), false),
        _ => (words.numbers.clone(), true),
    };
    let rows = zones
        .zones
        .iter()
        .zip(cells.chunks(2))
        .map(|(ranges, texts)| {
            let ranges = zones.measures.iter().zip(ranges);
            let ranges =
                ranges.map(|(measure, range)| joined(range, has_several.then_some(measure), words));
            let ranges: Vec<String> = ranges.collect();
            let text = |at: usize| texts.get(at).cloned().unwrap_or_default();
            vec![text(0), ranges.join(" "), text(1)]
        });
    (
        vec![String::new(), numbers, meaning.clone()],
        rows.collect(),
    )
}

/// A range with the word that joins it to the one before, and with what is measured, if several things are.
fn joined(range: &Range, measure: Option<&Measure>, words: &ChartWords) -> String {
    let joint = range.joint.map(|joint| match joint {
        Joint::And => words.and.as_str(),
        Joint::Or => words.or.as_str(),
    });
    let name = measure.map(|measure| match joint {
        Some(_) => measure.name_in_a_sentence(),
        None => measure.name.clone(),
    });
    let parts = [joint, name.as_deref(), Some(range.words.as_str())];
    let parts: Vec<&str> = parts.into_iter().flatten().collect();
    parts.join(" ")
}

/// One line of a table. A cell stays on its line, and a bar in it is no border.
fn line(cells: &[String]) -> String {
    let cell = |text: &String| {
        let words: Vec<&str> = text.split_whitespace().collect();
        words.join(" ").replace('|', "\\|")
    };
    let cells: Vec<String> = cells.iter().map(cell).collect();
    format!("| {} |\n", cells.join(" | "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::content::markdown::Comparison;

    #[test]
    fn a_comparison_is_a_table_with_a_line_for_each_row() {
        let comparison = Comparison {
            things: vec!["Cold".to_owned(), "Flu".to_owned()],
            degrees: vec![vec![None, None]],
        };
        let cells = ["Fever", "rare", "common,\nhigh | 3 days"].map(str::to_owned);
        let table = chart_table(
            &Chart::Comparison(comparison),
            &cells,
            crate::messages::english(),
        );
        assert_eq!(
            table,
            "|  | Cold | Flu |\n| --- | --- | --- |\n| Fever | rare | common, high \\| 3 days |\n"
        );
    }
}
