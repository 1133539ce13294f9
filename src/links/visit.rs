//! Opening addresses, with manners: a few hosts at a time, never two requests to one
//! host at once, a pause between them, and no more of an answer than its head. It
//! judges nothing beyond one answer; what several runs mean is for `history`.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use ureq::http::{Method, Request, StatusCode, header};
use ureq::unversioned::transport::DefaultConnector;
use ureq::{Agent, Proxy};
use url::Url;

use super::history::Outcome;
use super::public_hosts::{PublicHosts, may_lead};

/// What opening an address came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// What it means for a link.
    pub outcome: Outcome,
    /// In a few words, such as `404 Not Found`.
    pub why: String,
    /// Where the page has moved, if every step of the way said that it is for good.
    pub moved_to: Option<String>,
}

/// How fast addresses are opened.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    /// Hosts that are asked at the same time.
    pub hosts: usize,
    /// Between two requests to one host.
    pub between: Duration,
    /// How long one request may take.
    pub timeout: Duration,
    /// How often an address is tried when the fault may be a passing one.
    pub tries: u32,
    /// Before the second try; twice as long before each further one.
    pub backoff: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            hosts: 8,
            between: Duration::from_millis(500),
            timeout: Duration::from_secs(20),
            tries: 3,
            backoff: Duration::from_secs(1),
        }
    }
}

/// Redirects that are followed. Source: WHATWG Fetch allows 20; a link that needs more than 10 deserves a look.
const MAX_REDIRECTS: usize = 10;

/// What we call ourselves.
const NAME: &str = concat!("signpost/", env!("CARGO_PKG_VERSION"), " (link check)");

/// Opens addresses and tells what came back, by address, ascending. `done` is called after each.
///
/// # Errors
/// The proxy's address can't be understood: for the operator.
pub fn visit_all(
    addresses: &[&str],
    pace: Pace,
    proxy: Option<&str>,
    done: &(impl Fn() + Sync),
) -> Result<Vec<(String, Answer)>, ureq::Error> {
    let agent = agent(pace, proxy)?;
    let queues = Mutex::new(by_host(addresses));
    let answers = Mutex::new(BTreeMap::new());
    thread::scope(|scope| {
        for _ in 0..pace.hosts {
            scope.spawn(|| {
                while let Some(queue) = locked(&queues).pop_front() {
                    let mut visit = Visit::new(&agent, pace);
                    for address in queue {
                        let answer = visit.open(&address);
                        locked(&answers).insert(address, answer);
                        done();
                    }
                }
            });
        }
    });
    let answers = answers.into_inner().unwrap_or_else(PoisonError::into_inner);
    Ok(answers.into_iter().collect())
}

fn locked<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn agent(pace: Pace, proxy: Option<&str>) -> Result<Agent, ureq::Error> {
    let proxy = proxy.filter(|proxy| !proxy.is_empty());
    let config = Agent::config_builder()
        .http_status_as_error(false)
        // Each step is looked at here, since ureq does not tell which of them are for good.
        .max_redirects(0)
        .max_redirects_will_error(false)
        .timeout_global(Some(pace.timeout))
        .user_agent(NAME)
        .proxy(proxy.map(Proxy::new).transpose()?)
        .build();
    Ok(match proxy {
        // It looks names up itself, and knows whom it lets through.
        Some(_) => Agent::new_with_config(config),
        None => Agent::with_parts(config, DefaultConnector::new(), PublicHosts::default()),
    })
}

/// Addresses of each host, in the order of hosts; the longest queue first, since it takes longest.
fn by_host(addresses: &[&str]) -> VecDeque<Vec<String>> {
    let mut hosts: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for address in addresses {
        let host = Url::parse(address).ok();
        let host = host.and_then(|url| url.host_str().map(str::to_owned));
        let queue = hosts.entry(host.unwrap_or_default()).or_default();
        queue.push((*address).to_owned());
    }
    let mut queues: Vec<Vec<String>> = hosts.into_values().collect();
    queues.sort_by_key(|queue| std::cmp::Reverse(queue.len()));
    queues.into()
}

/// Requests to one host, one after the other.
struct Visit<'a> {
    agent: &'a Agent,
    pace: Pace,
    /// Whether a request went out before, so that the next has to wait.
    is_warm: bool,
}

/// What one request came to.
enum Reply {
    /// A status that ends the way, and where it ended.
    Status(StatusCode),
    /// No answer that can be understood.
    Nothing(String),
}

/// A reply and how it came about.
struct Trip {
    reply: Reply,
    moved_to: Option<String>,
}

impl<'a> Visit<'a> {
    fn new(agent: &'a Agent, pace: Pace) -> Self {
        Self {
            agent,
            pace,
            is_warm: false,
        }
    }

    /// Opens an address: asks for the head, then for the page if the head says that something is wrong.
    fn open(&mut self, address: &str) -> Answer {
        let trip = self.follow(&Method::HEAD, address);
        let mut answer = judged(&trip);
        let mut wait = self.pace.backoff;
        for number in 0..self.pace.tries {
            if answer.outcome == Outcome::Alive {
                break;
            }
            if number > 0 {
                thread::sleep(wait);
                wait *= 2;
            }
            // Many servers answer HEAD wrongly, so a failure only counts when GET fails too.
            let trip = self.follow(&Method::GET, address);
            answer = judged(&trip);
            if !trip.reply.may_pass() {
                break;
            }
        }
        answer
    }

    /// Goes from redirect to redirect until something else comes back.
    fn follow(&mut self, method: &Method, address: &str) -> Trip {
        let mut at = address.to_owned();
        let mut is_for_good = true;
        for _ in 0..=MAX_REDIRECTS {
            let (status, location) = match self.request(method, &at) {
                Ok(answer) => answer,
                Err(why) => return Trip::nothing(why),
            };
            let Some(location) = location.filter(|_| status.is_redirection()) else {
                let moved_to = (is_for_good && at != address).then_some(at);
                return Trip {
                    reply: Reply::Status(status),
                    moved_to,
                };
            };
            is_for_good &= [301, 308].contains(&status.as_u16());
            at = match next_step(&at, &location) {
                Ok(next) => next,
                Err(why) => return Trip::nothing(why.to_owned()),
            };
        }
        Trip::nothing(format!("it redirects more than {MAX_REDIRECTS} times"))
    }

    fn request(
        &mut self,
        method: &Method,
        address: &str,
    ) -> Result<(StatusCode, Option<String>), String> {
        if self.is_warm {
            thread::sleep(self.pace.between);
        }
        self.is_warm = true;
        let request = Request::builder().method(method).uri(address).body(());
        let request = request.map_err(|_| "it is no address".to_owned())?;
        let answer = self.agent.run(request).map_err(|error| in_words(&error))?;
        let location = answer.headers().get(header::LOCATION);
        let location = location.and_then(|value| value.to_str().ok());
        Ok((answer.status(), location.map(str::to_owned)))
    }
}

/// Where a redirect leads.
fn next_step(at: &str, location: &str) -> Result<String, &'static str> {
    let no_address = "it redirects to something that is no address";
    let from = Url::parse(at).map_err(|_| no_address)?;
    let to = from.join(location).map_err(|_| no_address)?;
    if !["http", "https"].contains(&to.scheme()) {
        return Err(no_address);
    }
    if !may_lead(&from, &to) {
        return Err("it redirects into a private network");
    }
    Ok(to.into())
}

impl Trip {
    fn nothing(why: String) -> Self {
        Self {
            reply: Reply::Nothing(why),
            moved_to: None,
        }
    }
}

impl Reply {
    /// Whether another try may end better.
    fn may_pass(&self) -> bool {
        match self {
            Self::Status(status) => status.is_server_error() || status.as_u16() == 408,
            Self::Nothing(_) => true,
        }
    }
}

/// What a reply means for a link. Source: `specs/editorial-checks.md`, "External links": 403, 405 and 429 tell nothing.
fn judged(trip: &Trip) -> Answer {
    let (outcome, why) = match &trip.reply {
        Reply::Status(status) => (meaning(*status), status.to_string()),
        Reply::Nothing(why) => (Outcome::Failed, why.clone()),
    };
    Answer {
        outcome,
        why,
        moved_to: trip.moved_to.clone().filter(|_| outcome == Outcome::Alive),
    }
}

fn meaning(status: StatusCode) -> Outcome {
    match status.as_u16() {
        403 | 405 | 429 => Outcome::Unsure,
        200..=299 | 304 => Outcome::Alive,
        _ => Outcome::Failed,
    }
}

/// A fault in words that say nothing of this machine.
fn in_words(error: &ureq::Error) -> String {
    match error {
        ureq::Error::Timeout(_) => "no answer in time".to_owned(),
        ureq::Error::HostNotFound => "there is no such host that everybody can reach".to_owned(),
        ureq::Error::ConnectionFailed => "no connection".to_owned(),
        ureq::Error::Io(error) => match error.kind() {
            std::io::ErrorKind::ConnectionRefused => "the connection was refused".to_owned(),
            _ => format!("the connection broke: {}", error.kind()),
        },
        ureq::Error::Tls(_) | ureq::Error::Rustls(_) => {
            "its certificate can't be trusted".to_owned()
        }
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_host_is_one_queue_and_the_longest_comes_first() {
        let addresses = [
            "https://a.example/1",
            "https://b.example/1",
            "https://b.example/2",
        ];
        let queues: Vec<usize> = by_host(&addresses).iter().map(Vec::len).collect();
        assert_eq!(queues, [2, 1]);
    }

    #[test]
    fn a_status_is_alive_failed_or_tells_nothing() {
        let rows = [
            (200, Outcome::Alive),
            (204, Outcome::Alive),
            (300, Outcome::Failed),
            (401, Outcome::Failed),
            (403, Outcome::Unsure),
            (404, Outcome::Failed),
            (405, Outcome::Unsure),
            (410, Outcome::Failed),
            (429, Outcome::Unsure),
            (500, Outcome::Failed),
        ];
        for (status, expected) in rows {
            let status = StatusCode::from_u16(status).unwrap();
            assert_eq!(meaning(status), expected, "{status}");
        }
    }
}
