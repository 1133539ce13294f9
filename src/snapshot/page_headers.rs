//! The headers that all forms of one page share. A large site has some ten thousand pages and a
//! handful of different lists of them, but for the address of another form; so pages share a list.

use std::sync::{Arc, Mutex, PoisonError, Weak};

use actix_web::http::header::{self, HeaderName, HeaderValue};

/// Names and values.
pub(super) type Lines = [(HeaderName, HeaderValue)];

/// Every list that a page has.
static KNOWN: Mutex<Vec<Weak<Lines>>> = Mutex::new(Vec::new());

/// Headers of every coding, ready made: type, cache, language, security. Cloning is cheap.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageHeaders {
    shared: Arc<Lines>,
    /// `Link`: the page of which this is another form.
    link: Option<HeaderValue>,
}

impl PageHeaders {
    /// Headers in their order. A `Link` is told last.
    pub(super) fn new(mut lines: Vec<(HeaderName, HeaderValue)>) -> Self {
        let at = lines.iter().position(|(name, _)| *name == header::LINK);
        let link = at.map(|at| lines.remove(at).1);
        Self {
            shared: known(&lines),
            link,
        }
    }

    /// Headers of a list that pages share, and the page of which this is another form.
    pub(super) fn of(shared: Arc<Lines>, link: Option<HeaderValue>) -> Self {
        Self { shared, link }
    }

    /// The list that pages share.
    pub(super) fn shared(&self) -> &Arc<Lines> {
        &self.shared
    }

    /// The page of which this is another form.
    pub(super) fn link(&self) -> Option<&HeaderValue> {
        self.link.as_ref()
    }

    /// Names and values, in their order.
    pub fn iter(&self) -> impl Iterator<Item = (&HeaderName, &HeaderValue)> {
        let shared = self.shared.iter().map(|(name, value)| (name, value));
        shared.chain(self.link.as_ref().map(|link| (&header::LINK, link)))
    }
}

/// The list that is known, if it is.
pub(super) fn known(lines: &Lines) -> Arc<Lines> {
    let mut all = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    let mut lists = all.iter().filter_map(Weak::upgrade);
    if let Some(same) = lists.find(|own| **own == *lines) {
        return same;
    }
    drop(lists);
    all.retain(|own| own.strong_count() > 0);
    let own: Arc<Lines> = lines.into();
    all.push(Arc::downgrade(&own));
    own
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(language: &'static str, link: Option<&'static str>) -> Vec<(HeaderName, HeaderValue)> {
        let language = (header::CONTENT_LANGUAGE, HeaderValue::from_static(language));
        let link = link.map(|link| (header::LINK, HeaderValue::from_static(link)));
        let private = (header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        link.into_iter().chain([language, private]).collect()
    }

    #[test]
    fn pages_that_say_the_same_share_what_they_say() {
        let (one, two) = (lines("x-one", None), lines("x-one", Some("<a>")));
        let (one, two) = (PageHeaders::new(one), PageHeaders::new(two));
        let other = PageHeaders::new(lines("x-two", None));
        assert!(Arc::ptr_eq(&one.shared, &two.shared));
        assert!(!Arc::ptr_eq(&one.shared, &other.shared));
        assert_ne!(one, two);
        let told = |own: &PageHeaders| own.iter().map(|(name, _)| name.to_string()).collect();
        let names: Vec<String> = told(&two);
        assert_eq!(names, ["content-language", "cache-control", "link"]);
    }
}
