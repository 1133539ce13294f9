use std::collections::BTreeSet;

use signpost::notify::NotifySettings;

use crate::clinic::{Clinic, both, eager, settings};
use crate::mail_server::MailServer;
use crate::receiver::Receiver;

#[test]
fn each_request_is_told_once_by_mail_and_once_by_webhook() {
    let (clinic, mail, receiver) = (Clinic::new(), MailServer::start(), Receiver::start());
    let settings = both(&mail, &receiver);
    let worker = clinic.start(&settings, eager());
    let codes: BTreeSet<String> = (0..25)
        .map(|_| clinic.keep(&settings).to_string())
        .collect();
    let mails: Vec<_> = codes.iter().map(|_| mail.mail()).collect();
    let posts: Vec<_> = codes.iter().map(|_| receiver.post()).collect();
    drop(worker);
    assert_eq!(clinic.left(), []);
    assert_eq!(mail.other_mails(), []);
    assert_eq!(receiver.other_posts().len(), 0);
    let subjects: BTreeSet<_> = mails.iter().map(|mail| mail.header("Subject")).collect();
    let expected: Vec<_> = codes
        .iter()
        .map(|code| format!("Visit request {code}"))
        .collect();
    assert!(subjects.iter().eq(&expected), "{subjects:?}");
    let posted = posts.iter().map(|post| code_of(&post.body));
    assert_eq!(posted.collect::<BTreeSet<_>>(), codes);
}

fn code_of(body: &str) -> String {
    let event: serde_json::Value = serde_json::from_str(body).expect("JSON");
    event["data"]["code"].as_str().expect("a code").to_owned()
}

#[test]
fn a_mail_goes_to_all_receivers_and_says_how_to_read_the_request() {
    let (clinic, mail) = (Clinic::new(), MailServer::start());
    let settings = settings(Some(&mail.url()), None);
    let worker = clinic.start(&settings, eager());
    let code = clinic.keep(&settings);
    let sent = mail.mail();
    drop(worker);
    assert_eq!(sent.from, "<no-reply@clinic.example>");
    assert_eq!(sent.to, ["<desk@clinic.example>", "<night@clinic.example>"]);
    assert_eq!(sent.header("Auto-Submitted"), "auto-generated");
    let parts = [
        format!("    signpost visits show {code}\n"),
        "came in on 2026-01-25 at 23:05 EST.\n".to_owned(),
        "Service: The back-pain-visit (back-pain-visit)\n".to_owned(),
    ];
    for part in parts {
        assert!(sent.text.contains(&part), "{part} in {}", sent.text);
    }
}

#[test]
fn a_webhook_is_signed_json() {
    let (clinic, receiver) = (Clinic::new(), Receiver::start());
    let settings = settings(None, Some(&receiver.url()));
    let worker = clinic.start(&settings, eager());
    let code = clinic.keep(&settings);
    let post = receiver.post();
    drop(worker);
    post.verify();
    assert_eq!(post.line, "POST /in?key=hush-hush HTTP/1.1");
    assert_eq!(post.headers["content-type"], "application/json");
    let expected = format!(
        r#"{{"type":"visit_request.received","timestamp":"2026-01-26T04:05:09Z","data":{{"code":"{code}","service":"back-pain-visit","received_at":"2026-01-26T04:05:09Z"}}}}"#
    );
    assert_eq!(post.body, expected);
}

#[test]
fn user_and_password_reach_the_mail_server() {
    let (clinic, mail) = (Clinic::new(), MailServer::start());
    let url = mail.url_with("smtp://desk%40c.example:hunter2@");
    let settings = settings(Some(&url), None);
    let worker = clinic.start(&settings, eager());
    clinic.keep(&settings);
    let step = mail.until("AUTH");
    mail.mail();
    drop(worker);
    // "\0desk@c.example\0hunter2" in base64.
    assert_eq!(step, "AUTH PLAIN AGRlc2tAYy5leGFtcGxlAGh1bnRlcjI=");
}

#[test]
fn what_was_kept_before_the_worker_ran_is_sent_without_being_woken() {
    let (clinic, mail) = (Clinic::new(), MailServer::start());
    let settings = settings(Some(&mail.url()), None);
    let codes: BTreeSet<String> = (0..3).map(|_| clinic.keep(&settings).to_string()).collect();
    let mut clinic = clinic;
    clinic.wake = signpost::notify::Wake::default();
    let worker = clinic.start(&settings, eager());
    let told = codes.iter().map(|_| mail.mail());
    let told: BTreeSet<_> = told
        .map(|mail| mail.header("Subject").replace("Visit request ", ""))
        .collect();
    assert_eq!(told, codes);
    drop(worker);
    assert_eq!(clinic.left(), []);
}

#[test]
fn of_two_instances_one_alone_sends_a_notice() {
    let (clinic, mail) = (Clinic::new(), MailServer::start());
    let settings = settings(Some(&mail.url()), None);
    let workers = [
        clinic.start(&settings, eager()),
        clinic.start(&settings, eager()),
    ];
    let codes: Vec<_> = (0..30).map(|_| clinic.keep(&settings)).collect();
    for _ in codes {
        mail.mail();
    }
    drop(workers);
    assert_eq!(clinic.left(), []);
    assert_eq!(mail.other_mails(), []);
}

#[test]
fn nothing_configured_keeps_no_notice_and_sends_nothing() {
    let clinic = Clinic::new();
    let settings = NotifySettings::default();
    let worker = clinic.start(&settings, eager());
    clinic.keep(&settings);
    drop(worker);
    assert_eq!(clinic.left(), []);
}

#[test]
fn a_notice_of_a_channel_that_is_not_configured_any_more_waits_and_holds_up_nothing() {
    let (clinic, mail, receiver) = (Clinic::new(), MailServer::start(), Receiver::start());
    let before = both(&mail, &receiver);
    let codes: Vec<_> = (0..25).map(|_| clinic.keep(&before)).collect();
    let now = settings(Some(&mail.url()), None);
    let worker = clinic.start(&now, eager());
    for _ in &codes {
        mail.mail();
    }
    drop(worker);
    assert_eq!(receiver.other_posts().len(), 0);
    // The ledger gives 20 at once.
    assert_eq!(clinic.left().len(), 20);
}
