//! What an operator watches, as numbers that Prometheus reads. Handles are made once
//! and counting is one atomic addition, so that it may stand on the path of a page.
//! No label ever holds an address, a name or a word that somebody typed.

use std::fmt;

use metrics::{Counter, Gauge, Key, KeyName, Label, Level, Metadata, Recorder, Unit};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle, PrometheusRecorder};

/// What was asked for, as coarse as a dashboard needs it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// What is read: articles, lists, pages.
    Page,
    /// Style sheets, fonts, pictures and downloads.
    File,
    /// A posted form.
    Form,
    /// A page that was made for one reader.
    Lookup,
    /// Whether the server is well.
    Health,
}

const CLASSES: [(Class, &str); 5] = [
    (Class::Page, "page"),
    (Class::File, "file"),
    (Class::Form, "form"),
    (Class::Lookup, "lookup"),
    (Class::Health, "health"),
];

/// The first digits of a status.
const STATUSES: [&str; 5] = ["1xx", "2xx", "3xx", "4xx", "5xx"];

/// A limit that was reached, and whose message was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// The address was too long (414).
    Address,
    /// The headers were too long (431).
    Headers,
    /// The head contradicts itself, as one does that is to be smuggled past a proxy (400).
    Head,
    /// The form was too large (413).
    FormSize,
    /// The form had too many fields (400).
    FormFields,
    /// The form did not come in time (408).
    FormTime,
    /// One address asked too often (429).
    Rate,
    /// Too many requests were being rendered (503).
    Rendering,
    /// Too many requests waited for the ledger (503).
    Ledger,
}

const LIMITS: [(Limit, &str); 9] = [
    (Limit::Address, "address"),
    (Limit::Headers, "headers"),
    (Limit::Head, "head"),
    (Limit::FormSize, "form-size"),
    (Limit::FormFields, "form-fields"),
    (Limit::FormTime, "form-time"),
    (Limit::Rate, "rate"),
    (Limit::Rendering, "rendering"),
    (Limit::Ledger, "ledger"),
];

/// What is only known when somebody asks for it.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Reading {
    /// Whether visit requests can be kept.
    pub is_ready: u64,
    /// Builds that went live.
    pub builds: u64,
    /// Builds that did not, so that the last good content stayed.
    pub failed_builds: u64,
    /// How long all builds took, in seconds.
    pub build_seconds: f64,
    /// How long the last one took, in seconds.
    pub last_build_seconds: f64,
    /// Addresses that answer.
    pub addresses: u64,
    /// Bytes of all bodies by coding: as they are, gzip, Brotli.
    pub bytes: [u64; 3],
    /// Errors that the last build told.
    pub content_errors: u64,
    /// Notices of visit requests that wait to be sent; none when the ledger can't be asked.
    pub notices_waiting: Option<u64>,
    /// Connections that are open.
    pub connections: u64,
    /// When the certificate ends, in seconds since 1970; none where TLS ends elsewhere.
    pub certificate_ends_s: Option<i64>,
    /// Memory that the program takes, in bytes; none where the system does not tell it.
    pub memory_bytes: Option<u64>,
}

/// All numbers of one server.
pub struct Meters {
    recorder: PrometheusRecorder,
    handle: PrometheusHandle,
    requests: [[Counter; 5]; 5],
    limits: [Counter; 9],
    ledger_failures: Counter,
    gauges: Gauges,
}

struct Gauges {
    ready: Gauge,
    builds: Counter,
    failed_builds: Counter,
    build_seconds: Gauge,
    last_build: Gauge,
    addresses: Gauge,
    bytes: [Gauge; 3],
    content_errors: Gauge,
    notices: Gauge,
    connections: Gauge,
}

impl fmt::Debug for Meters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Meters")
    }
}

impl Default for Meters {
    fn default() -> Self {
        let recorder = PrometheusBuilder::new().build_recorder();
        describe(&recorder);
        let count = |name, labels| recorder.register_counter(&key(name, labels), &METADATA);
        let requests = CLASSES.map(|(_, class)| {
            STATUSES.map(|status| {
                let labels = vec![Label::new("class", class), Label::new("status", status)];
                count("signpost_requests_total", labels)
            })
        });
        let limits = LIMITS.map(|(_, limit)| {
            count(
                "signpost_limit_reached_total",
                vec![Label::new("limit", limit)],
            )
        });
        let ledger_failures = count("signpost_ledger_failures_total", vec![]);
        Self {
            handle: recorder.handle(),
            requests,
            limits,
            ledger_failures,
            gauges: gauges(&recorder),
            recorder,
        }
    }
}

const METADATA: Metadata<'static> = Metadata::new("signpost", Level::INFO, None);

fn key(name: &'static str, labels: Vec<Label>) -> Key {
    Key::from_parts(name, labels)
}

fn gauges(recorder: &PrometheusRecorder) -> Gauges {
    let gauge = |name| recorder.register_gauge(&key(name, vec![]), &METADATA);
    let builds = |outcome| {
        let labels = vec![Label::new("outcome", outcome)];
        recorder.register_counter(&key("signpost_builds_total", labels), &METADATA)
    };
    Gauges {
        ready: gauge("signpost_ready"),
        builds: builds("live"),
        failed_builds: builds("failed"),
        build_seconds: gauge("signpost_build_seconds_total"),
        last_build: gauge("signpost_last_build_seconds"),
        addresses: gauge("signpost_snapshot_addresses"),
        bytes: ["identity", "gzip", "br"].map(|coding| {
            let labels = vec![Label::new("coding", coding)];
            recorder.register_gauge(&key("signpost_snapshot_bytes", labels), &METADATA)
        }),
        content_errors: gauge("signpost_content_errors"),
        notices: gauge("signpost_notices_waiting"),
        connections: gauge("signpost_connections"),
    }
}

/// Only there where it means something.
const CERTIFICATE_ENDS: &str = "signpost_certificate_ends_timestamp_seconds";

/// The name under which every program tells it. Source: Prometheus, "Writing client libraries", process metrics.
const MEMORY: &str = "process_resident_memory_bytes";

/// What each number means, in the order of the page.
const MEANINGS: [(&str, &str); 14] = [
    (
        "signpost_requests_total",
        "Requests that were answered, by what was asked for and by the first digit of the status.",
    ),
    (
        "signpost_limit_reached_total",
        "Requests that were refused because a limit was reached.",
    ),
    (
        "signpost_ledger_failures_total",
        "Times that the ledger could not do what a patient's request asked of it.",
    ),
    (
        "signpost_builds_total",
        "Builds that went live, and builds that failed so that the last good content stayed.",
    ),
    ("signpost_build_seconds_total", "How long all builds took."),
    (
        "signpost_last_build_seconds",
        "How long the last build took.",
    ),
    (
        "signpost_snapshot_addresses",
        "Addresses that answer from memory.",
    ),
    (
        "signpost_snapshot_bytes",
        "Bytes of all answers in memory, by coding.",
    ),
    (
        "signpost_content_errors",
        "Errors that the last build found in the content.",
    ),
    (
        "signpost_notices_waiting",
        "Messages to staff about visit requests that are not sent yet; -1 while the ledger is away.",
    ),
    ("signpost_connections", "Connections that are open."),
    (
        CERTIFICATE_ENDS,
        "When the certificate ends, in seconds since 1970; only where TLS ends here.",
    ),
    (MEMORY, "Resident memory size in bytes."),
    (
        "signpost_ready",
        "1 while pages are served and visit requests can be kept.",
    ),
];

fn describe(recorder: &PrometheusRecorder) {
    for (name, meaning) in MEANINGS {
        let unit = name.contains("seconds").then_some(Unit::Seconds);
        if name.ends_with("_total") && unit.is_none() {
            recorder.describe_counter(KeyName::from(name), unit, meaning.into());
        } else {
            recorder.describe_gauge(KeyName::from(name), unit, meaning.into());
        }
    }
}

impl Meters {
    /// Counts an answer.
    pub fn answered(&self, class: Class, status: u16) {
        let row = CLASSES.iter().position(|(own, _)| *own == class);
        let row = row.and_then(|row| self.requests.get(row));
        let column = usize::from(status / 100).saturating_sub(1);
        if let Some(counter) = row.and_then(|row| row.get(column)) {
            counter.increment(1);
        }
    }

    /// Counts a refusal because of a limit.
    pub fn limit_reached(&self, limit: Limit) {
        let place = LIMITS.iter().position(|(own, _)| *own == limit);
        if let Some(counter) = place.and_then(|place| self.limits.get(place)) {
            counter.increment(1);
        }
    }

    /// Counts a failure of the ledger.
    pub fn ledger_failed(&self) {
        self.ledger_failures.increment(1);
    }

    /// All numbers in the text format of Prometheus.
    #[expect(
        clippy::cast_precision_loss,
        reason = "a gauge is a float; 2^53 bytes are far away"
    )]
    pub fn render(&self, reading: &Reading) -> String {
        let gauges = &self.gauges;
        gauges.ready.set(reading.is_ready as f64);
        gauges.builds.absolute(reading.builds);
        gauges.failed_builds.absolute(reading.failed_builds);
        gauges.build_seconds.set(reading.build_seconds);
        gauges.last_build.set(reading.last_build_seconds);
        gauges.addresses.set(reading.addresses as f64);
        for (gauge, bytes) in gauges.bytes.iter().zip(reading.bytes) {
            gauge.set(bytes as f64);
        }
        gauges.content_errors.set(reading.content_errors as f64);
        let notices = reading
            .notices_waiting
            .map_or(-1.0, |waiting| waiting as f64);
        gauges.notices.set(notices);
        gauges.connections.set(reading.connections as f64);
        let ends_s = reading.certificate_ends_s.map(|ends_s| ends_s as f64);
        let memory = reading.memory_bytes.map(|bytes| bytes as f64);
        for (name, value) in [(CERTIFICATE_ENDS, ends_s), (MEMORY, memory)] {
            // It is there only where it means something, so an alert needs no exception.
            if let Some(value) = value {
                let gauge = self.recorder.register_gauge(&key(name, vec![]), &METADATA);
                gauge.set(value);
            }
        }
        self.handle.render()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line<'a>(text: &'a str, start: &str) -> &'a str {
        let mut lines = text.lines();
        lines
            .find(|line| line.starts_with(start))
            .unwrap_or_default()
    }

    #[test]
    fn what_happened_is_counted_by_class_and_status() {
        let meters = Meters::default();
        for status in [200, 204, 304, 404, 599] {
            meters.answered(Class::Page, status);
        }
        meters.answered(Class::Form, 200);
        // Nothing stands for these, and nothing breaks.
        for status in [0, 99, 600, 65_535] {
            meters.answered(Class::Page, status);
        }
        meters.limit_reached(Limit::Rate);
        meters.limit_reached(Limit::Rate);
        meters.ledger_failed();
        let text = meters.render(&Reading {
            builds: 3,
            bytes: [7, 5, 4],
            certificate_ends_s: Some(1_793_000_000),
            memory_bytes: Some(2_048),
            ..Reading::default()
        });
        for expected in [
            "signpost_requests_total{class=\"page\",status=\"2xx\"} 2",
            "signpost_requests_total{class=\"page\",status=\"3xx\"} 1",
            "signpost_requests_total{class=\"page\",status=\"4xx\"} 1",
            "signpost_requests_total{class=\"page\",status=\"5xx\"} 1",
            "signpost_requests_total{class=\"form\",status=\"2xx\"} 1",
            "signpost_limit_reached_total{limit=\"rate\"} 2",
            "signpost_limit_reached_total{limit=\"ledger\"} 0",
            "signpost_ledger_failures_total 1",
            "signpost_builds_total{outcome=\"live\"} 3",
            "signpost_snapshot_bytes{coding=\"br\"} 4",
            "signpost_certificate_ends_timestamp_seconds 1793000000",
            "process_resident_memory_bytes 2048",
            "signpost_notices_waiting -1",
        ] {
            let (start, _) = expected.rsplit_once(' ').unwrap();
            assert_eq!(line(&text, start), expected);
        }
    }

    #[test]
    fn every_number_is_explained_and_two_servers_count_apart() {
        let (one, other) = (Meters::default(), Meters::default());
        one.ledger_failed();
        let text = other.render(&Reading::default());
        assert_eq!(
            line(&text, "signpost_ledger_failures_total"),
            "signpost_ledger_failures_total 0"
        );
        assert!(!text.contains(CERTIFICATE_ENDS), "there is no certificate");
        let text = other.render(&Reading {
            certificate_ends_s: Some(1),
            memory_bytes: Some(1),
            ..Reading::default()
        });
        for (name, meaning) in MEANINGS {
            let start = format!("# HELP {name} ");
            assert_eq!(line(&text, &start), format!("{start}{meaning}"));
        }
    }
}
