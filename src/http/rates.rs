//! How often one address asks for what costs something. Addresses stand in memory
//! alone, shortened to what one household or one company has, and are forgotten as
//! soon as they have their whole allowance again.

use std::net::IpAddr;
use std::time::Duration;

use governor::clock::{Clock, DefaultClock};
use governor::middleware::NoOpMiddleware;
use governor::state::keyed::HashMapStateStore;
use governor::{Quota, RateLimiter};

use super::limits::{RateLimit, RateLimits};

/// From how many addresses on new ones are counted by their network, so that a flood from everywhere takes no more than
/// some megabytes.
const MANY: usize = 100_000;

/// Whom a count belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Prefix {
    /// One address of IPv4.
    V4(u32),
    /// The first 64 bits of an address of IPv6: what one household has. Source: RFC 6177.
    V6(u64),
    /// The first 16 bits of an address of IPv4.
    Net4(u16),
    /// The first 32 bits of an address of IPv6: what one provider has.
    Net6(u32),
    /// Whoever has no address, such as a proxy at a socket of this machine.
    Nobody,
}

impl Prefix {
    fn of(client: Option<IpAddr>) -> Self {
        match client {
            None => Self::Nobody,
            Some(IpAddr::V4(address)) => Self::V4(address.to_bits()),
            Some(IpAddr::V6(address)) => {
                let [high, _] = halves(address.to_bits());
                Self::V6(high)
            }
        }
    }

    /// The same as bytes, apart for each kind.
    fn bytes(self) -> Vec<u8> {
        let (kind, number) = match self {
            Self::Nobody => (0, 0),
            Self::V4(address) => (4, u64::from(address)),
            Self::V6(prefix) => (6, prefix),
            Self::Net4(network) => (14, u64::from(network)),
            Self::Net6(network) => (16, u64::from(network)),
        };
        let mut bytes = vec![kind];
        bytes.extend(number.to_be_bytes());
        bytes
    }

    fn network(self) -> Self {
        match self {
            Self::V4(address) => Self::Net4(u16::try_from(address >> 16).unwrap_or_default()),
            Self::V6(prefix) => Self::Net6(u32::try_from(prefix >> 32).unwrap_or_default()),
            other => other,
        }
    }
}

/// What tells a client's household from all others, for who counts elsewhere.
pub(super) fn household(client: Option<IpAddr>) -> Vec<u8> {
    Prefix::of(client).bytes()
}

fn halves(bits: u128) -> [u64; 2] {
    [bits >> 64, bits & u128::from(u64::MAX)].map(|half| u64::try_from(half).unwrap_or_default())
}

/// What is counted apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Asking {
    /// A form that is only read.
    Form,
    /// A form that is kept.
    Request,
    /// A page that is made for one reader.
    Lookup,
}

type Limiter<C> =
    RateLimiter<Prefix, HashMapStateStore<Prefix>, C, NoOpMiddleware<<C as Clock>::Instant>>;

/// The counts of all addresses.
pub(super) struct Rates<C: Clock = DefaultClock> {
    form: Limiter<C>,
    request: Limiter<C>,
    lookup: Limiter<C>,
    clock: C,
}

impl<C: Clock + Clone> Rates<C> {
    /// Nobody has asked yet. The clock only ever goes forward: setting that of the machine locks nobody out.
    pub(super) fn new(limits: &RateLimits, clock: C) -> Self {
        let limiter =
            |limit: RateLimit| RateLimiter::hashmap_with_clock(quota(limit), clock.clone());
        Self {
            form: limiter(limits.form),
            request: limiter(limits.request),
            lookup: limiter(limits.lookup),
            clock: clock.clone(),
        }
    }

    fn of(&self, asking: Asking) -> &Limiter<C> {
        match asking {
            Asking::Form => &self.form,
            Asking::Request => &self.request,
            Asking::Lookup => &self.lookup,
        }
    }

    /// Counts one more.
    ///
    /// # Errors
    /// How long until this address may ask again, if that was too often.
    pub(super) fn count(&self, asking: Asking, client: Option<IpAddr>) -> Result<(), Duration> {
        let limiter = self.of(asking);
        let prefix = Prefix::of(client);
        let whom = match limiter.len() {
            0..MANY => prefix,
            _ => prefix.network(),
        };
        limiter
            .check_key(&whom)
            .map_err(|until| until.wait_time_from(self.clock.now()))
    }

    /// Forgets whoever has the whole allowance again.
    pub(super) fn forget(&self) {
        for limiter in [&self.form, &self.request, &self.lookup] {
            limiter.retain_recent();
            limiter.shrink_to_fit();
        }
    }
}

fn quota(limit: RateLimit) -> Quota {
    let each = limit.one_more_each.max(Duration::from_nanos(1));
    let quota = Quota::with_period(each);
    quota
        .unwrap_or_else(|| unreachable!("the pause is not nothing"))
        .allow_burst(limit.burst)
}

#[cfg(test)]
mod tests {
    use governor::clock::FakeRelativeClock;

    use super::*;

    fn address(text: &str) -> Option<IpAddr> {
        Some(text.parse().unwrap())
    }

    fn rates(clock: &FakeRelativeClock) -> Rates<FakeRelativeClock> {
        Rates::new(&RateLimits::default(), clock.clone())
    }

    fn asks_until_refused(rates: &Rates<FakeRelativeClock>, asking: Asking, from: &str) -> usize {
        let asks = 0..1_000;
        asks.into_iter()
            .take_while(|_| rates.count(asking, address(from)).is_ok())
            .count()
    }

    #[test]
    fn an_address_has_so_many_at_once_and_then_one_more_after_each_pause() {
        let clock = FakeRelativeClock::default();
        let rates = rates(&clock);
        let rows = [
            (Asking::Form, 60, 2_000),
            (Asking::Request, 40, 10_000),
            (Asking::Lookup, 120, 500),
        ];
        for (asking, burst, pause_ms) in rows {
            assert_eq!(
                asks_until_refused(&rates, asking, "192.0.2.1"),
                burst,
                "{asking:?}"
            );
            let wait = rates.count(asking, address("192.0.2.1")).unwrap_err();
            assert!(wait <= Duration::from_millis(pause_ms), "{wait:?}");
            clock.advance(wait);
            assert_eq!(
                asks_until_refused(&rates, asking, "192.0.2.1"),
                1,
                "{asking:?}"
            );
        }
    }

    #[test]
    fn what_one_household_has_is_counted_together_and_others_are_left_alone() {
        let rows = [
            ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", 0),
            ("2001:db8:1:2::1", "2001:db8:1:3::1", 60),
            ("192.0.2.1", "192.0.2.2", 60),
        ];
        for (first, second, left) in rows {
            let clock = FakeRelativeClock::default();
            let rates = rates(&clock);
            asks_until_refused(&rates, Asking::Form, first);
            assert_eq!(
                asks_until_refused(&rates, Asking::Form, second),
                left,
                "{second}"
            );
        }
    }

    #[test]
    fn addresses_are_forgotten_when_they_have_their_whole_allowance_again() {
        let clock = FakeRelativeClock::default();
        let rates = rates(&clock);
        asks_until_refused(&rates, Asking::Lookup, "192.0.2.1");
        rates.forget();
        assert_eq!(rates.lookup.len(), 1);
        clock.advance(Duration::from_secs(61));
        rates.forget();
        assert_eq!(rates.lookup.len(), 0);
    }

    #[test]
    fn a_flood_from_everywhere_is_counted_by_network_and_takes_little() {
        let clock = FakeRelativeClock::default();
        let rates = rates(&clock);
        for number in 0..150_000_u32 {
            let from = IpAddr::V4(std::net::Ipv4Addr::from_bits(number.wrapping_mul(28_111)));
            let _ = rates.count(Asking::Form, Some(from));
        }
        assert!(rates.form.len() <= MANY + 65_536, "{}", rates.form.len());
    }
}
