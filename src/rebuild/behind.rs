//! Threads for what nobody waits for, as compressing thousands of pages. They are not those that build
//! what somebody edited, which would wait until all of it is done; and where there are too few cores
//! for all, readers and editors go first.

use rayon::ThreadPoolBuilder;

/// Niceness of threads that give way: they get about a tenth of a core that others want, and all of one that nobody wants.
#[cfg(target_os = "linux")]
const NICENESS: i32 = 10;

/// Lets other threads go before this one, and before those that it begins. Source: setpriority(2), which on Linux alone is
/// about one thread, and sched(7).
pub fn give_way() {
    // A system that does not let us is only slower.
    #[cfg(target_os = "linux")]
    rustix::process::setpriority_process(None, NICENESS).unwrap_or_default();
}

/// Does something on as many threads as there are cores, which nobody else uses. They are as nice as this one.
pub(super) fn with_own_threads<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    match ThreadPoolBuilder::new().build() {
        Ok(threads) => threads.install(work),
        // A system without room for more threads has those that all share.
        Err(_) => work(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(target_os = "linux")]
    #[test]
    fn whoever_gives_way_does_so_with_all_threads_that_it_begins_and_nobody_else_does() {
        use rustix::process::getpriority_process;
        let niceness = || getpriority_process(None).unwrap();
        let before = niceness();
        let (own, begun) = std::thread::spawn(move || {
            give_way();
            (niceness(), with_own_threads(niceness))
        })
        .join()
        .unwrap();
        assert_eq!((own, begun), (NICENESS, NICENESS));
        assert_eq!(niceness(), before);
    }

    #[test]
    fn what_is_done_behind_does_not_wait_for_the_threads_of_builds() {
        let shared = rayon::ThreadPoolBuilder::new().num_threads(3);
        let shared = shared.build().unwrap();
        let of_builds = shared.broadcast(|_| std::thread::current().id());
        let own = shared.install(|| with_own_threads(|| std::thread::current().id()));
        assert!(!of_builds.contains(&own));
    }
}
