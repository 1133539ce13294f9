//! A page as a browser reads it. Order in the document is order of reading, so
//! every element has a position.

use std::collections::BTreeMap;

use scraper::{ElementRef, Html, Selector};

/// A page that was read.
pub struct Document {
    html: Html,
}

impl Document {
    /// Reads a page.
    pub fn read(text: &str) -> Self {
        Self {
            html: Html::parse_document(text),
        }
    }

    /// All elements that a selector finds, in reading order.
    pub fn all(&self, selector: &str) -> Vec<ElementRef<'_>> {
        self.html.select(&parsed(selector)).collect()
    }

    /// The only element that a selector finds.
    pub fn one(&self, selector: &str) -> ElementRef<'_> {
        match self.all(selector).as_slice() {
            [one] => *one,
            found => panic!("`{selector}` finds {} elements", found.len()),
        }
    }

    /// Whether a selector finds anything.
    pub fn has(&self, selector: &str) -> bool {
        !self.all(selector).is_empty()
    }

    /// The words of every element that a selector finds.
    pub fn texts(&self, selector: &str) -> Vec<String> {
        self.all(selector).into_iter().map(words).collect()
    }

    /// An attribute of every element that a selector finds; all have it.
    pub fn attributes(&self, selector: &str, name: &str) -> Vec<String> {
        let value = |element: ElementRef<'_>| {
            let value = element.attr(name);
            value
                .unwrap_or_else(|| panic!("`{selector}` without `{name}`"))
                .to_owned()
        };
        self.all(selector).into_iter().map(value).collect()
    }

    /// All words of the page, those for search engines left out.
    pub fn words(&self) -> String {
        words(self.one("body"))
    }

    /// Where an element stands: the number of elements and texts before it.
    pub fn position(&self, element: ElementRef<'_>) -> usize {
        let mut nodes = self.html.tree.root().descendants();
        let found = nodes.position(|node| node.id() == element.id());
        found.expect("the element is part of the page")
    }

    /// Where the last thing inside an element stands.
    pub fn end(&self, element: ElementRef<'_>) -> usize {
        self.position(element) + element.descendants().count() - 1
    }

    /// Every id and how often it stands there.
    pub fn ids(&self) -> BTreeMap<&str, usize> {
        let mut ids = BTreeMap::new();
        for element in self.all("[id]") {
            *ids.entry(element.attr("id").unwrap_or_default())
                .or_default() += 1;
        }
        ids
    }
}

/// The words of an element, with single spaces.
pub fn words(element: ElementRef<'_>) -> String {
    let text: String = element.text().collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn parsed(selector: &str) -> Selector {
    Selector::parse(selector).unwrap_or_else(|error| panic!("`{selector}`: {error}"))
}
