//! Links, citations and findings: what a line of text points to.
//! What leads nowhere by its very form is refused here; whether a page exists is asked in `site`.

use pulldown_cmark::{CowStr, Event, LinkType, Tag};

use super::{Events, OpenLink, Walker};
use crate::content::markdown::link::Address;
use crate::content::markdown::piece::{CitationMark, Piece};
use crate::content::markdown::split::Hole;
use crate::diagnostic::Code;
use crate::file::{Span, Spanned};
use crate::id::FindingId;
use crate::source::SourceId;

impl<'e> Walker<'_, 'e> {
    pub(super) fn link(
        &mut self,
        link_type: LinkType,
        dest_url: CowStr<'e>,
        title: CowStr<'e>,
        id: CowStr<'e>,
        span: Span,
        events: &mut Events<'e>,
    ) {
        if let Some(reference) = dest_url.strip_prefix("cite:") {
            let text = self.skip(events);
            let both = if text.trim() == reference {
                text
            } else {
                format!("{text};{reference}")
            };
            return self.citation(&both, span);
        }
        match dest_url.parse::<Address>() {
            Ok(Address::Finding(finding)) => self.finding(finding, link_type, span, events),
            Ok(Address::Inside(link)) => {
                let offset = self.offset(span.start);
                let dest_url = link.href().into();
                self.prose.links.push(Spanned::new(link, offset));
                self.open_link(Tag::Link {
                    link_type,
                    dest_url,
                    title,
                    id,
                });
            }
            Ok(Address::Outside(_)) => {
                self.open_link(Tag::Link {
                    link_type,
                    dest_url,
                    title,
                    id,
                });
            }
            Err(expected) => {
                self.links.push(OpenLink::Refused);
                let message = format!("the link leads to `{dest_url}`, {expected}");
                let help = match dest_url.starts_with("www.") {
                    true => format!("write `https://{dest_url}`"),
                    false => {
                        "link to an article by its file name, such as `sciatica.md`".to_owned()
                    }
                };
                self.fault(Code::LinkUnknown, span.start, message, &help);
            }
        }
    }

    fn open_link(&mut self, link: Tag<'e>) {
        self.links.push(OpenLink::Plain);
        self.rendered.push(Event::Start(link));
    }

    /// A finding: by itself it is the protocol's statement, around words a link to its card.
    fn finding(
        &mut self,
        finding: FindingId,
        link_type: LinkType,
        span: Span,
        events: &mut Events<'e>,
    ) {
        let offset = self.offset(span.start);
        self.prose
            .findings
            .push(Spanned::new(finding.clone(), offset));
        if matches!(link_type, LinkType::Autolink) {
            self.skip(events);
            self.hole(Hole::Piece(Piece::Statement(finding)));
        } else {
            self.links.push(OpenLink::Finding);
            self.hole(Hole::Piece(Piece::FindingLink(finding)));
        }
    }

    pub(super) fn citation(&mut self, written: &str, span: Span) {
        let mut marks = Vec::new();
        for name in written
            .split([';', ','])
            .map(str::trim)
            .filter(|name| !name.is_empty())
        {
            match name.strip_prefix('@').unwrap_or(name).parse::<SourceId>() {
                Ok(id) => {
                    marks.push(CitationMark(self.prose.citations.len()));
                    let offset = self.offset(span.start);
                    self.prose.citations.push(Spanned::new(id, offset));
                }
                Err(error) => {
                    let message = format!("`{name}` cites nothing, {error}");
                    self.fault(
                        Code::CitationUnknown,
                        span.start,
                        message,
                        "write `[@id]`, or `[@one; @other]`",
                    );
                }
            }
        }
        if !marks.is_empty() {
            self.hole(Hole::Piece(Piece::Citation(marks.into())));
        }
    }
}
