//! What every page is told to be: a page of a site of a clinic, somewhere on a trail.
//! The nodes of the site have the same names on every page, so they are one thing.

use super::node::{Audience, Node, Organization, Page, Person, Ref, Step, Trail, WebSite};
use super::{About, Names};
use crate::clinic::Person as ClinicPerson;
use crate::pages::frame::Frame;
use crate::pages::machine::instant;

/// What all pages say of themselves.
pub(super) fn facts<'a>(frame: &Frame<'a>) -> Page<'a> {
    Page {
        own: frame.own("page"),
        url: frame.canonical(),
        name: frame.title.clone(),
        description: frame.description.clone(),
        lang: &frame.words.lang,
        site: frame.common("website"),
        clinic: frame.common("clinic"),
        trail: frame.has_trail().then(|| frame.own("trail")),
        main: None,
        about: None,
        audience: None,
        published: None,
        modified: None,
        last_reviewed: None,
        reviewed_by: None,
    }
}

/// A page that says nothing of a thing of its own.
pub(super) fn plain<'a>(frame: &Frame<'a>) -> Node<'a> {
    let mut page = facts(frame);
    match frame.about {
        About::Pages => Node::CollectionPage(page.into()),
        About::Symptoms => {
            page.audience = Some(Audience::PATIENTS);
            Node::MedicalWebPage(page.into())
        }
        About::Words(changed) => {
            page.modified = Some(instant(changed, &frame.clinic.timezone));
            Node::WebPage(page.into())
        }
        _ => {
            page.about = (frame.path == "/").then(|| frame.common("clinic"));
            Node::WebPage(page.into())
        }
    }
}

/// The page of somebody real.
pub(super) fn profile<'a>(frame: &Frame<'a>, person: &'a ClinicPerson) -> Vec<Node<'a>> {
    let mut page = facts(frame);
    page.main = Some(person_ref(frame, person));
    let mut node = self::person(frame, person);
    node.description = Some(&person.bio);
    vec![Node::ProfilePage(page.into()), Node::Person(node)]
}

/// The name of a person's node: the same on every page.
pub(super) fn person_ref(frame: &Frame<'_>, person: &ClinicPerson) -> Ref {
    Ref::new(frame.absolute(&format!("/people/{}#person", person.id)))
}

/// Somebody who is named on a page.
pub(super) fn person<'a>(frame: &Frame<'_>, person: &'a ClinicPerson) -> Person<'a> {
    Person {
        own: person_ref(frame, person),
        name: &person.name,
        credentials: person.credentials.as_deref(),
        role: &person.role,
        description: None,
        url: frame.absolute(&format!("/people/{}", person.id)),
        clinic: frame.common("clinic"),
    }
}

/// The trail above the page, which ends with the page itself.
pub(super) fn trail<'a>(frame: &Frame<'a>) -> Option<Node<'a>> {
    if !frame.has_trail() {
        return None;
    }
    let home = ("/", frame.words.site.home.as_str());
    let crumbs = frame
        .crumbs
        .iter()
        .map(|crumb| (crumb.href.as_str(), crumb.name.as_str()));
    let own = (frame.path.as_str(), frame.title.as_str());
    let steps = std::iter::once(home).chain(crumbs).chain([own]);
    let items = steps.enumerate().map(|(at, (path, name))| Step::ListItem {
        position: at + 1,
        name: name.to_owned(),
        item: frame.absolute(path),
    });
    Some(Node::BreadcrumbList(Trail {
        own: frame.own("trail"),
        items: items.collect(),
    }))
}

/// The whole site.
pub(super) fn website<'a>(frame: &Frame<'a>) -> Node<'a> {
    Node::WebSite(WebSite {
        own: frame.common("website"),
        url: frame.absolute("/"),
        name: &frame.clinic.name,
        short_name: &frame.clinic.short_name,
        lang: &frame.clinic.lang,
        publisher: frame.common("clinic"),
    })
}

/// The clinic. A `MedicalClinic` would need a street address, and visits here are by video and phone.
pub(super) fn clinic<'a>(frame: &Frame<'a>) -> Node<'a> {
    let clinic = frame.clinic;
    let logo = frame.assets.icons.square_512.as_deref();
    Node::MedicalOrganization(Box::new(Organization {
        own: frame.common("clinic"),
        name: &clinic.name,
        slogan: &clinic.tagline,
        url: frame.absolute("/"),
        logo: logo.map(|path| frame.absolute(path)),
        telephone: clinic.phone.to_string(),
        email: clinic.contact_email.as_deref(),
    }))
}
