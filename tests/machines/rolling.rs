use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use jiff::civil::date;
use signpost::booking::Step;
use signpost::ledger::Which;

use crate::fleet::{Fleet, mark, release};
use crate::people::{Seen, Told, ask, read};
use crate::program::until;
use crate::wire;

/// How many people ask for a visit at the same time, and how many read.
const ASKING: usize = 2;
const READING: usize = 2;

/// Lets people read and ask while something is done to the machines. Files are asked for at each of `machines` as well.
fn under_load(
    balancer: SocketAddr,
    machines: &[SocketAddr],
    name: &str,
    done: impl FnOnce(&AtomicU32),
) -> (Seen, Told) {
    let (stop, kept) = (AtomicBool::new(false), AtomicU32::new(0));
    std::thread::scope(|scope| {
        let (stop, kept) = (&stop, &kept);
        let readers: Vec<_> = (0..READING)
            .map(|_| scope.spawn(move || read(balancer, machines, stop)))
            .collect();
        let patients: Vec<_> = (0..ASKING)
            .map(|number| {
                let person = format!("{name}-{number}");
                scope.spawn(move || ask(balancer, &person, kept, stop))
            })
            .collect();
        // Whatever fails in here must not leave the others running for ever.
        let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| done(kept)));
        stop.store(true, Ordering::Relaxed);
        let seen = readers
            .into_iter()
            .map(|own| own.join().expect("a reader ends"));
        let seen = seen.reduce(Seen::and).expect("there are readers");
        let told = patients
            .into_iter()
            .map(|own| own.join().expect("a patient ends"));
        let told = told.reduce(Told::and).expect("there are patients");
        outcome.expect("nothing failed");
        (seen, told)
    })
}

/// Waits until so many more requests were kept.
fn go_on(kept: &AtomicU32, more: u32) {
    let before = kept.load(Ordering::Relaxed);
    until("requests are kept", || {
        kept.load(Ordering::Relaxed) >= before + more
    });
}

#[test]
fn machines_that_are_killed_and_rolled_over_cost_no_reader_a_page_and_no_patient_a_request() {
    let releases = [1, 2, 3].map(release);
    let mut fleet = Fleet::start(3, &releases[0], "1", "off");
    let balancer = fleet.nginx.addr;
    let addrs = [0, 1, 2].map(|number: usize| fleet.machines[number].addr);
    for machine in &fleet.machines {
        machine.unpack(&releases[1], "2");
        machine.unpack(&releases[2], "3");
    }

    // One machine after the other dies in the middle of work, and comes back.
    let (seen, told) = under_load(balancer, &[], "killed", |kept| {
        for machine in &mut fleet.machines {
            go_on(kept, 5);
            machine.kill();
            go_on(kept, 5);
            machine.start();
            until("it gets readers again", || machine.pages_answered() > 5);
        }
    });
    assert_eq!(seen.faults, BTreeSet::new());
    let killed = told;
    let before = settled_counts(&fleet);

    // A release in two steps: its files first, then its pages. Any balancer will do: each machine has every file.
    let (staged, rolled) = under_load(balancer, &addrs, "rolled", |kept| {
        for machine in &fleet.machines {
            machine.stage("2");
        }
        for machine in &fleet.machines {
            machine.set("2");
            machine.shows(&mark(2));
            go_on(kept, 3);
        }
    });
    assert_eq!(staged.faults, BTreeSet::new());

    // The next one without the first step: the balancer asks another machine for what one does not have yet.
    let (surprised, more) = under_load(balancer, &[], "surprised", |kept| {
        for machine in &fleet.machines {
            machine.set("3");
            machine.shows(&mark(3));
            go_on(kept, 3);
        }
    });
    assert_eq!(surprised.faults, BTreeSet::new());

    assert_eq!(
        rolled.again + more.again,
        0,
        "only a kill interrupts a form"
    );
    let calm = rolled.and(more);
    let sent = u32::try_from(calm.codes.len()).expect("it is a small number");
    let all = (before.0 + calm.views, before.1 + sent);
    until("all counts are written", || counts(&fleet) == all);

    // Each machine has died since and knows nothing of the first release but what its depot holds.
    for machine in &mut fleet.machines {
        machine.kill();
        machine.start();
    }
    let seen = seen.and(staged).and(surprised);
    assert!(seen.pages > 100, "{} pages were read", seen.pages);
    let sheets = sheets(&seen);
    assert_eq!(sheets.len(), 3, "each edition has one sheet: {sheets:?}");
    for file in seen.all_files() {
        for machine in &fleet.machines {
            let answer = machine.get(file);
            assert_eq!(wire::status(&answer), Some(200), "{file}: {answer}");
            let kept = "cache-control: public, max-age=31536000, immutable";
            assert!(answer.contains(kept), "{file}: {answer}");
        }
    }

    // What is kept is what was acknowledged, once each, and what was counted is what was done.
    for machine in &mut fleet.machines {
        machine.stop();
    }
    assert_eq!(counts(&fleet), all);
    let told = killed.and(calm);
    let codes: BTreeSet<_> = told.codes.values().flatten().copied().collect();
    let kept = fleet.ask_ledger(async |ledger| ledger.codes(Which::All).await);
    assert_eq!(kept.len(), told.codes.len(), "each request is kept once");
    assert_eq!(kept.into_iter().collect::<BTreeSet<_>>(), codes);
    for (name, codes) in &told.codes {
        assert_eq!(codes.len(), 1, "`{name}` was told several codes");
    }
    for release in releases {
        std::fs::remove_dir_all(release).unwrap_or_default();
    }
}

/// The style sheets of screens, which hold the color of an edition.
fn sheets(seen: &Seen) -> BTreeSet<&str> {
    let files = seen.all_files().into_iter();
    let sheets = files.filter(|file| file.starts_with("/static/site.") && file.ends_with(".css"));
    let sheets: BTreeSet<&str> = sheets.collect();
    for (edition, files) in &seen.files {
        let own = files.iter().filter(|file| sheets.contains(file.as_str()));
        assert_eq!(own.count(), 1, "pages of edition {edition} have one sheet");
    }
    sheets
}

/// Views and sent requests of the campaign.
fn counts(fleet: &Fleet) -> (u32, u32) {
    let day = date(2026, 11, 25);
    let tallies = fleet.ask_ledger(async |ledger| ledger.tallies(day, day).await);
    let of = |step| {
        let own = tallies.iter().filter(|tally| tally.step == step);
        own.map(|tally| tally.count).sum::<u32>()
    };
    (of(Step::Viewed), of(Step::Sent))
}

/// The same, when no machine has any left to write: they do so each second.
fn settled_counts(fleet: &Fleet) -> (u32, u32) {
    let (mut last, mut same) = (counts(fleet), 0);
    until("all counts are written", || {
        let now = counts(fleet);
        same = if now == last { same + 1 } else { 0 };
        last = now;
        same > 80
    });
    last
}
