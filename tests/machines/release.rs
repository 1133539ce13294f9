use crate::fleet::{Fleet, mark, release};
use crate::program::until;
use crate::wire;

#[test]
fn a_release_that_is_set_by_a_link_is_live_as_one_and_watched_from_then_on() {
    let releases = [1, 2].map(release);
    let fleet = Fleet::start(1, &releases[0], "1", "on");
    let machine = &fleet.machines[0];
    machine.unpack(&releases[1], "2");
    assert!(machine.get("/").contains(&mark(1)), "it is only unpacked");
    machine.set("2");
    machine.shows(&mark(2));
    // What is edited in the new release is seen, and what is edited in the old one is nobody's business.
    machine.edit(
        "2",
        "articles/small-page.md",
        "A small section",
        "A new section",
    );
    until("the edit is live", || {
        machine
            .get("/articles/small-page")
            .contains("A new section")
    });
    machine.set("1");
    machine.shows(&mark(1));
    assert!(
        machine
            .get("/articles/small-page")
            .contains("A small section")
    );
    assert_eq!(wire::status(&machine.get("/articles/page-2")), Some(404));
    // A link that leads nowhere for a moment costs nobody a page.
    machine.set("3");
    until("the failure is told", || {
        machine.log().contains("the last good content stays live")
    });
    assert!(machine.get("/").contains(&mark(1)));
    machine.set("2");
    machine.shows(&mark(2));
    for release in releases {
        std::fs::remove_dir_all(release).unwrap_or_default();
    }
}
