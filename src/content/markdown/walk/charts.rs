//! Charts: takes the list or table of a block apart into cells, reads the data in
//! them, and leaves the words to be rendered like all others. Every cell is read even
//! after a fault, so that a citation in a broken chart still counts as one.

use pulldown_cmark::{Event, LinkType, Tag, TagEnd};

use super::{Events, Walker};
use crate::content::markdown::block::Marker;
use crate::content::markdown::chart::{
    Chart, Company, Comparison, Degree, Measure, Period, Timeline, Zones, periods_fault,
    read_ranges,
};
use crate::content::markdown::piece::{BlockKind, Piece};
use crate::content::markdown::split::Hole;
use crate::diagnostic::Code;
use crate::file::Span;

/// Most things side by side: three columns are the narrowest that a phone shows without scrolling.
const MOST_THINGS: usize = 3;

/// Words that send a reader to emergency care.
const EMERGENCY_WORDS: [&str; 2] = ["911", "emergency"];

/// A cell of a table or an item of a list.
#[derive(Default)]
struct Cell<'e> {
    /// Where it begins in the text.
    at: usize,
    events: Vec<(Event<'e>, Span)>,
}

/// A table: its headings and its rows.
type Table<'e> = (Vec<Cell<'e>>, Vec<Vec<Cell<'e>>>);

impl<'e> Walker<'_, 'e> {
    /// Reads the block of a chart to its end.
    pub(super) fn chart(
        &mut self,
        chart: &Chart,
        title: Option<String>,
        at: usize,
        events: &mut Events<'e>,
    ) {
        if title.is_none() {
            let help = format!(
                "write it behind the name, as in `::: {} What it shows`",
                chart.name()
            );
            self.fault(Code::BlockMalformed, at, "this block has no heading", &help);
        }
        let cited_before = self.prose.citations.len();
        let inside = self.rest_of_the_block(events);
        let hole = self.hole(Hole::BlockStart(BlockKind::Chart(chart.clone()), title));
        let read = match chart {
            Chart::Timeline(_) => self.timeline(at, inside).map(Chart::Timeline),
            Chart::Zones(_) => self.zones(at, inside).map(Chart::Zones),
            Chart::Comparison(_) => self.comparison(at, inside).map(Chart::Comparison),
        };
        if let (Some(read), Some(Hole::BlockStart(kind, _))) = (read, self.holes.get_mut(hole)) {
            *kind = BlockKind::Chart(read);
        }
        self.hole(Hole::BlockEnd);
        self.prose.pictures += 1;
        if self.prose.citations.len() == cited_before {
            let help = "put `[@id]` behind the words that a source supports";
            let message = format!("this {} cites no source", chart.name());
            self.fault(Code::ChartUncited, at, message, help);
        }
    }

    fn rest_of_the_block(&mut self, events: &mut Events<'e>) -> Vec<(Event<'e>, Span)> {
        let markers = &self.masked.markers;
        let marker = |(event, span): &(Event<'e>, Span)| match event {
            Event::Rule => markers.get(&span.start),
            _ => None,
        };
        let mut inside = Vec::new();
        while let Some(next) = events.next_if(|next| marker(next).is_none()) {
            inside.push(next);
        }
        events.next_if(|next| marker(next) == Some(&Marker::Close));
        inside
    }

    /// Renders what could not be taken apart, so that nothing in it goes unread.
    fn read_all(&mut self, inside: Vec<(Event<'e>, Span)>) {
        let mut events: Events<'e> = inside.into_iter().peekable();
        while let Some((event, span)) = events.next() {
            self.take(event, span, &mut events);
        }
    }

    /// Renders a cell as one text of the chart.
    fn cell(&mut self, cell: Cell<'e>) {
        self.hole(Hole::Piece(Piece::Cell));
        self.read_all(cell.events);
        self.prose.plain.push('\n');
    }

    fn timeline(&mut self, at: usize, inside: Vec<(Event<'e>, Span)>) -> Option<Timeline> {
        let items = match items(inside) {
            Ok(items) if items.len() > 1 => items,
            Ok(items) => {
                items.into_iter().for_each(|item| self.cell(item));
                let help = "write a line for each time: `- Days 1 to 3: what happens`";
                let message = "a timeline holds one list with two lines or more";
                self.fault(Code::BlockMalformed, at, message, help);
                return None;
            }
            Err(inside) => {
                self.read_all(inside);
                let help = "write one list: `- Days 1 to 3: what happens`";
                let message = "a timeline holds one list and nothing else";
                self.fault(Code::BlockMalformed, at, message, help);
                return None;
            }
        };
        let places: Vec<usize> = items.iter().map(|item| item.at).collect();
        let mut periods = Vec::with_capacity(items.len());
        for mut item in items {
            match item.take_period() {
                Ok(period) => {
                    self.words(&period.words);
                    self.prose.plain.push_str(": ");
                    periods.push(period);
                }
                Err(message) => {
                    let help = "begin the line with a time, as in `- Day 1: ...`, `- Days 2 to 3: ...`, \
                                `- 2 to 6 weeks: ...`, `- After 3 months: ...`";
                    self.fault(Code::ChartValue, item.at, message, help);
                }
            }
            self.cell(item);
        }
        if periods.len() < places.len() {
            return None;
        }
        if let Some((index, message)) = periods_fault(&periods) {
            let place = places.get(index).copied().unwrap_or(at);
            let help = "put the lines in the order of time, the earliest first";
            self.fault(Code::ChartOrder, place, message, help);
            return None;
        }
        Some(Timeline { periods })
    }

    /// Takes a table apart; tells what is missing if there is none.
    fn table(
        &mut self,
        at: usize,
        inside: Vec<(Event<'e>, Span)>,
        help: &str,
    ) -> Option<Table<'e>> {
        match table(inside) {
            Ok((head, rows)) if rows.len() > 1 => Some((head, rows)),
            Ok((head, rows)) => {
                let cells = head.into_iter().chain(rows.into_iter().flatten());
                cells.for_each(|cell| self.cell(cell));
                let message = "the table of this block needs two rows or more";
                self.fault(Code::BlockMalformed, at, message, help);
                None
            }
            Err(inside) => {
                self.read_all(inside);
                let message = "this block holds one table and nothing else";
                self.fault(Code::BlockMalformed, at, message, help);
                None
            }
        }
    }

    fn zones(&mut self, at: usize, inside: Vec<(Event<'e>, Span)>) -> Option<Zones> {
        let help = "write a table: the name of the zone, its numbers, and what it means";
        let (head, rows) = self.table(at, inside, help)?;
        let Some(columns) = self.columns(at, &head) else {
            rows.into_iter().flatten().for_each(|cell| self.cell(cell));
            return None;
        };
        let mut read = Vec::with_capacity(columns.measures.len());
        let company = match columns.measures.len() {
            1 => Company::Alone,
            _ => Company::WithOthers,
        };
        for (index, measure) in columns.measures.iter().enumerate() {
            let cells = rows.iter().map(|row| row.get(index + 1));
            let cells: Vec<String> = cells
                .map(|cell| cell.map_or(String::new(), Cell::words))
                .collect();
            match read_ranges(&cells, &measure.unit, company) {
                Ok(ranges) => read.push(ranges),
                Err(fault) => {
                    let cell = rows.get(fault.row).and_then(|row| row.get(index + 1));
                    let code = if fault.is_order {
                        Code::ChartOrder
                    } else {
                        Code::ChartValue
                    };
                    let place = cell.map_or(at, |cell| cell.at);
                    self.fault(code, place, fault.message, &fault.help);
                }
            }
        }
        let zones = 0..rows.len();
        let zones = zones.map(|row| {
            read.iter()
                .filter_map(|column| column.get(row).cloned())
                .collect()
        });
        let zones: Vec<Vec<_>> = zones.collect();
        self.zone_cells(rows, columns.measures.len());
        (read.len() == columns.measures.len()).then_some(Zones { zones, ..columns })
    }

    /// Reads the headings of zones: the name, the measures, and perhaps what a zone means.
    fn columns(&mut self, at: usize, head: &[Cell<'e>]) -> Option<Zones> {
        let words: Vec<String> = head.iter().map(Cell::words).collect();
        let (names, rest) = words.split_first()?;
        let measures: Vec<Measure> = rest
            .iter()
            .map_while(|one| Measure::of_heading(one))
            .collect();
        let meaning = rest.get(measures.len()..).unwrap_or_default();
        let (message, help) = match (measures.len(), meaning) {
            (0, _) => (
                "the second column does not say what is measured in which unit",
                "write the unit in brackets, as in `A1C (%)`",
            ),
            (_, [] | [_]) => {
                return Some(Zones {
                    names: names.clone(),
                    measures,
                    meaning: meaning.first().cloned(),
                    zones: Vec::new(),
                });
            }
            _ => (
                "there are too many columns behind the numbers",
                "keep one column for what a zone means, and give each number its unit in brackets",
            ),
        };
        let place = head.get(1).map_or(at, |cell| cell.at);
        self.fault(Code::ChartValue, place, message, help);
        None
    }

    /// Renders the name of each zone and what it means. A zone that sends to emergency care must name a finding, so
    /// that the protocol says so too.
    fn zone_cells(&mut self, rows: Vec<Vec<Cell<'e>>>, measures: usize) {
        for row in rows {
            let found_before = self.prose.findings.len();
            let mut sends_at = None;
            for (index, cell) in row.into_iter().enumerate() {
                let words = cell.words().to_lowercase();
                let place = cell.at;
                if (1..=measures).contains(&index) {
                    self.words(&words);
                    self.prose.plain.push('\n');
                    continue;
                }
                if words.is_empty() {
                    let help = "write what stands there, or take the row out";
                    self.fault(Code::ChartValue, place, "this cell is empty", help);
                }
                if EMERGENCY_WORDS.iter().any(|word| words.contains(word)) {
                    sends_at = Some(place);
                }
                self.cell(cell);
            }
            if let Some(place) = sends_at.filter(|_| self.prose.findings.len() == found_before) {
                let message = "this zone sends to emergency care without naming a finding";
                let help = "name the finding of the protocol, as in `<finding:id>`";
                self.fault(Code::RedFlagUnnamed, place, message, help);
            }
        }
    }

    fn comparison(&mut self, at: usize, inside: Vec<(Event<'e>, Span)>) -> Option<Comparison> {
        let help = "write a table: what is compared, and a column for each of two or three things";
        let (head, rows) = self.table(at, inside, help)?;
        let things: Vec<String> = head.iter().skip(1).map(Cell::words).collect();
        let is_named = things.iter().all(|name| !name.is_empty());
        let fits = (2..=MOST_THINGS).contains(&things.len()) && is_named;
        if !fits {
            let message = format!(
                "{} things stand side by side, expected 2 or 3 with a name",
                things.len()
            );
            self.fault(Code::BlockMalformed, at, message, help);
        }
        let mut degrees = Vec::with_capacity(rows.len());
        let mut is_full = true;
        for row in rows {
            let words: Vec<String> = row.iter().map(Cell::words).collect();
            degrees.push(
                words
                    .iter()
                    .skip(1)
                    .map(|words| Degree::of(words))
                    .collect(),
            );
            for (cell, words) in row.into_iter().zip(words) {
                if words.is_empty() {
                    is_full = false;
                    let help = "write what stands there, such as `No`, or take the row out";
                    self.fault(Code::ChartValue, cell.at, "this cell is empty", help);
                }
                self.cell(cell);
            }
        }
        (fits && is_full).then_some(Comparison { things, degrees })
    }
}

impl Cell<'_> {
    /// The words without citations, as a reader reads them. A finding in the protocol's words counts as one word.
    fn words(&self) -> String {
        let mut words = String::new();
        let mut silent = 0_usize;
        for (event, _) in &self.events {
            match event {
                Event::Start(Tag::Link {
                    dest_url,
                    link_type,
                    ..
                }) if silent == 0 => {
                    let is_finding = *link_type == LinkType::Autolink;
                    if is_finding {
                        words.push('…');
                    }
                    silent = usize::from(is_finding || dest_url.starts_with("cite:"));
                }
                Event::Start(_) if silent > 0 => silent += 1,
                Event::End(_) => silent = silent.saturating_sub(1),
                Event::Text(text) | Event::Code(text) if silent == 0 => words.push_str(text),
                Event::SoftBreak | Event::HardBreak if silent == 0 => words.push(' '),
                _ => {}
            }
        }
        words.trim().to_owned()
    }

    /// Takes the period off the front of an item.
    fn take_period(&mut self) -> Result<Period, String> {
        let Some((Event::Text(text), span)) = self.events.first().cloned() else {
            return Err("this line does not begin with a time".to_owned());
        };
        let Some((words, rest)) = text.split_once(':') else {
            return Err("this line has no time with a colon behind it".to_owned());
        };
        let period = Period::parse(words)
            .ok_or_else(|| format!("`{words}` is no time that can be drawn"))?;
        let rest = rest.trim_start().to_owned();
        if rest.is_empty() && self.events.len() == 1 {
            return Err("this line has no words behind the time".to_owned());
        }
        let start = span.end.saturating_sub(rest.len());
        if let Some(first) = self.events.first_mut() {
            *first = (Event::Text(rest.into()), start..span.end);
        }
        Ok(period)
    }
}

/// The items of the one bulleted list that `inside` is, or all events if it is something else.
fn items<'e>(inside: Vec<(Event<'e>, Span)>) -> Result<Vec<Cell<'e>>, Vec<(Event<'e>, Span)>> {
    let is_list = matches!(inside.first(), Some((Event::Start(Tag::List(None)), _)))
        && inside
            .iter()
            .filter(|(event, _)| matches!(event, Event::Start(Tag::List(_))))
            .count()
            == 1
        && matches!(inside.last(), Some((Event::End(TagEnd::List(_)), _)))
        && inside.iter().all(|(event, _)| is_of_a_line(event));
    if !is_list {
        return Err(inside);
    }
    let mut items: Vec<Cell<'e>> = Vec::new();
    for (event, span) in inside {
        match event {
            Event::Start(Tag::Item) => items.push(Cell {
                at: span.start,
                events: Vec::new(),
            }),
            Event::Start(Tag::List(_) | Tag::Paragraph)
            | Event::End(TagEnd::List(_) | TagEnd::Item | TagEnd::Paragraph) => {}
            event => {
                if let Some(item) = items.last_mut() {
                    item.events.push((event, span));
                }
            }
        }
    }
    Ok(items)
}

/// Whether an event may stand in a list of lines: no code, quotation, picture or table.
fn is_of_a_line(event: &Event<'_>) -> bool {
    match event {
        Event::Start(tag) => matches!(
            tag,
            Tag::List(_)
                | Tag::Item
                | Tag::Paragraph
                | Tag::Emphasis
                | Tag::Strong
                | Tag::Link { .. }
        ),
        _ => true,
    }
}

/// The cells of the one table that `inside` is, or all events if it is something else.
fn table<'e>(inside: Vec<(Event<'e>, Span)>) -> Result<Table<'e>, Vec<(Event<'e>, Span)>> {
    let is_table = matches!(inside.first(), Some((Event::Start(Tag::Table(_)), _)))
        && inside
            .iter()
            .filter(|(event, _)| matches!(event, Event::Start(Tag::Table(_))))
            .count()
            == 1
        && matches!(inside.last(), Some((Event::End(TagEnd::Table), _)));
    if !is_table {
        return Err(inside);
    }
    let mut rows: Vec<Vec<Cell<'e>>> = Vec::new();
    for (event, span) in inside {
        match event {
            Event::Start(Tag::TableHead | Tag::TableRow) => rows.push(Vec::new()),
            Event::Start(Tag::TableCell) => {
                let cell = Cell {
                    at: span.start,
                    events: Vec::new(),
                };
                rows.extend(rows.is_empty().then(Vec::new));
                if let Some(row) = rows.last_mut() {
                    row.push(cell);
                }
            }
            Event::Start(Tag::Table(_))
            | Event::End(
                TagEnd::Table | TagEnd::TableHead | TagEnd::TableRow | TagEnd::TableCell,
            ) => {}
            event => {
                let cell = rows.last_mut().and_then(|row| row.last_mut());
                if let Some(cell) = cell {
                    cell.events.push((event, span));
                }
            }
        }
    }
    let mut rows = rows.into_iter();
    Ok((rows.next().unwrap_or_default(), rows.collect()))
}
