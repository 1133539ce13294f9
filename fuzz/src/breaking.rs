//! Whether something broke on this thread: a task that does tells only itself, so the thread is asked.

use std::cell::Cell;
use std::sync::Once;

thread_local! {
    static BROKE: Cell<usize> = const { Cell::new(0) };
}

/// What was broken already when somebody began to watch.
pub struct Breaking(usize);

impl Breaking {
    /// Begins to watch.
    pub fn watch() -> Self {
        static ONCE: Once = Once::new();
        ONCE.call_once(|| {
            let told = std::panic::take_hook();
            std::panic::set_hook(Box::new(move |how| {
                BROKE.set(BROKE.get() + 1);
                told(how);
            }));
        });
        Self(BROKE.get())
    }

    /// # Panics
    /// Something broke since then.
    pub fn expect_none(self) {
        let Self(before) = self;
        let told = "an answer broke; its own words stand above";
        assert_eq!(BROKE.get(), before, "{told}");
    }
}
