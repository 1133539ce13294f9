//! A chart as a Markdown table: the same words as in the table of the page, without the
//! drawing. It stands apart because it knows the order of a chart's cells.

use crate::content::markdown::{Chart, Joint, Range};
use crate::messages::Words;

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
        Chart::Zones(zones) => {
            let measures = zones.measures.iter();
            let measures = measures.map(|measure| format!("{} ({})", measure.name, measure.unit));
            let mut head = vec![zones.names.clone()];
            head.extend(measures);
            head.extend(zones.meaning.clone());
            let texts = cells.chunks(1 + usize::from(zones.meaning.is_some()));
            let rows = zones.zones.iter().zip(texts).map(|(ranges, texts)| {
                let ranges = ranges
                    .iter()
                    .map(|range| joined(range, &words.and, &words.or));
                let (name, meaning) = texts.split_at(texts.len().min(1));
                name.iter()
                    .cloned()
                    .chain(ranges)
                    .chain(meaning.iter().cloned())
                    .collect()
            });
            (head, rows.collect())
        }
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

/// A range with the word that joins it to the one before.
fn joined(range: &Range, and: &str, or: &str) -> String {
    match range.joint {
        Some(Joint::And) => format!("{and} {}", range.words),
        Some(Joint::Or) => format!("{or} {}", range.words),
        None => range.words.clone(),
    }
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
