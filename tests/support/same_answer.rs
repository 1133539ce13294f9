//! What two pages say beside their bodies.

use signpost::snapshot::Page;

/// Stops where status or headers of two pages differ.
pub fn same_answer(one: &Page, two: &Page, address: &str) {
    assert_eq!(one.status, two.status, "{address}");
    assert_eq!(one.headers, two.headers, "{address}");
    assert_eq!(one.cache, two.cache, "{address}");
    assert_eq!(one.last_modified, two.last_modified, "{address}");
}
