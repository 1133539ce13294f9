use crate::fleet::{Fleet, release};
use crate::people::post;
use crate::wire;

/// How many requests one address may send at once.
const AT_ONCE: usize = 40;

#[test]
fn an_address_has_one_allowance_whichever_machines_it_reaches() {
    let release = release(1);
    let fleet = Fleet::start(3, &release, "1", "on");
    let [first, second, third] = [0, 1, 2].map(|number: usize| fleet.machines[number].addr);
    let send = |machine, from: &str, number: usize| {
        let header = format!("X-Forwarded-For: {from}\r\n");
        post(machine, &format!("Ann-{number}"), &header)
    };
    let mut kept = 0;
    let refused = (0..1_000).find_map(|number| {
        let answer = send([first, second][number % 2], "203.0.113.7", number);
        kept += usize::from(wire::status(&answer) == Some(303));
        (wire::status(&answer) == Some(429)).then_some(answer)
    });
    let refused = refused.expect("it ends");
    // One more comes back each ten seconds, and a slow machine may take that long.
    assert!((AT_ONCE..AT_ONCE + 6).contains(&kept), "{kept} were kept");
    assert!(refused.contains("retry-after: "), "{refused}");
    // The third has never heard of this address; another address has its own allowance everywhere.
    let status = |from, number| wire::status(&send(third, from, number));
    assert_eq!(status("203.0.113.7", 2_000), Some(429));
    assert_eq!(status("203.0.113.8", 2_001), Some(303));
    std::fs::remove_dir_all(release).unwrap_or_default();
}
