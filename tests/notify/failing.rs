use std::collections::BTreeSet;
use std::time::Duration;

use signpost::notify::Pace;

use crate::clinic::{Clinic, both, eager, settings};
use crate::log;
use crate::mail_server::{MailServer, Reply};
use crate::receiver::Receiver;

#[test]
fn requests_are_kept_while_the_mail_server_is_away_and_told_once_when_it_is_back() {
    let (clinic, mail) = (Clinic::new(), MailServer::with(|_| Reply::HangUp));
    let settings = settings(Some(&mail.url()), None);
    let worker = clinic.start(&settings, eager());
    let codes: BTreeSet<String> = (0..5).map(|_| clinic.keep(&settings).to_string()).collect();
    for _ in 0..10 {
        mail.until("connect");
    }
    assert_eq!(mail.other_mails(), []);
    mail.becomes(|_| Reply::Usual);
    let told: Vec<_> = codes.iter().map(|_| mail.mail()).collect();
    drop(worker);
    assert_eq!(clinic.left(), []);
    assert_eq!(mail.other_mails(), []);
    let told: BTreeSet<_> = told
        .iter()
        .map(|mail| mail.header("Subject").replace("Visit request ", ""))
        .collect();
    assert_eq!(told, codes);
}

#[test]
fn a_mail_that_the_server_does_not_take_is_sent_again_with_the_same_message_id() {
    let rows = [
        ("connect", "421 too busy"),
        ("connect", "554 no service here"),
        ("EHLO", "421 too busy"),
        ("MAIL FROM", "451 try later"),
        ("MAIL FROM", "550 who are you"),
        ("RCPT TO", "450 greylisted"),
        ("RCPT TO", "550 no such mailbox"),
        ("DATA", "452 no space"),
        (".", "451 try later"),
        (".", "554 looks like spam"),
        (".", "nonsense"),
    ];
    for (at, line) in rows {
        let (clinic, mail) = (Clinic::new(), MailServer::start());
        // The first two times: there are two receivers.
        let mut refusals = 0;
        mail.becomes(move |step| {
            let is_refused = step.starts_with(at) && refusals < 2;
            refusals += u32::from(is_refused);
            if is_refused {
                Reply::Say(line.into())
            } else {
                Reply::Usual
            }
        });
        let settings = settings(Some(&mail.url()), None);
        let worker = clinic.start(&settings, eager());
        let code = clinic.keep(&settings);
        let sent = mail.mail();
        drop(worker);
        assert_eq!(clinic.left(), [], "{at} {line}");
        assert_eq!(mail.other_mails(), [], "{at} {line}");
        let expected = format!("<visit-request-{code}-1@clinic.example>");
        assert_eq!(sent.header("Message-ID"), expected, "{at} {line}");
    }
}

#[test]
fn a_mailbox_that_is_gone_does_not_keep_the_others_from_hearing() {
    log::listen();
    let (clinic, mail) = (Clinic::new(), MailServer::start());
    mail.becomes(|step| match step {
        "RCPT TO:<desk@clinic.example>" => Reply::Say("550 gone to paradise".into()),
        _ => Reply::Usual,
    });
    let settings = settings(Some(&mail.url()), None);
    let worker = clinic.start(&settings, eager());
    clinic.keep(&settings);
    assert_eq!(mail.mail().to, ["<night@clinic.example>"]);
    drop(worker);
    assert_eq!(clinic.left(), []);
    log::line_with(&[
        "WARN",
        "desk@clinic.example",
        "gone to paradise",
        "--notify-to",
    ]);
}

#[test]
fn a_mail_server_that_hangs_does_not_hold_up_the_webhook() {
    for at in ["connect", "EHLO", "DATA", "."] {
        let (clinic, mail, receiver) = (Clinic::new(), MailServer::start(), Receiver::start());
        mail.becomes(move |step| {
            if step.starts_with(at) {
                Reply::Hang
            } else {
                Reply::Usual
            }
        });
        let settings = both(&mail, &receiver);
        let pace = Pace {
            farewell: Duration::ZERO,
            ..eager()
        };
        let worker = clinic.start(&settings, pace);
        clinic.keep(&settings);
        mail.until(at);
        for _ in 0..25 {
            clinic.keep(&settings);
        }
        for _ in 0..26 {
            receiver.post().verify();
        }
        drop(worker);
        assert_eq!(mail.other_mails(), [], "{at}");
    }
}

#[test]
fn a_send_that_takes_too_long_is_given_up_and_tried_again() {
    let (clinic, mail) = (Clinic::new(), MailServer::start());
    let mut times = 0;
    mail.becomes(move |step| {
        times += u32::from(step == "DATA");
        if step == "DATA" && times == 1 {
            Reply::Hang
        } else {
            Reply::Usual
        }
    });
    let settings = settings(Some(&mail.url()), None);
    let pace = Pace {
        send_within: Duration::from_millis(300),
        ..eager()
    };
    let worker = clinic.start(&settings, pace);
    let code = clinic.keep(&settings);
    let expected = format!("Visit request {code}");
    assert_eq!(mail.mail().header("Subject"), expected);
    drop(worker);
}

#[test]
fn a_refused_webhook_is_tried_again_and_every_try_can_be_verified() {
    let elsewhere = Receiver::start();
    let to = |status: &str| format!("{status}\r\nLocation: {}", elsewhere.url());
    let refusals = [
        "500 Internal Server Error".to_owned(),
        "503 Service Unavailable".to_owned(),
        "429 Too Many Requests".to_owned(),
        "400 Bad Request".to_owned(),
        "410 Gone".to_owned(),
        to("301 Moved Permanently"),
        to("302 Found"),
        to("303 See Other"),
        to("307 Temporary Redirect"),
    ];
    let mut answers = refusals.to_vec();
    answers.push("200 OK".into());
    let count = answers.len();
    let mut answers = answers.into_iter();
    let (clinic, receiver) = (Clinic::new(), Receiver::with(move |_| answers.next()));
    let settings = settings(None, Some(&receiver.url()));
    let worker = clinic.start(&settings, eager());
    clinic.keep(&settings);
    let posts: Vec<_> = (0..count).map(|_| receiver.post()).collect();
    drop(worker);
    assert_eq!(clinic.left(), []);
    posts.iter().for_each(|post| post.verify());
    let same: BTreeSet<_> = posts
        .iter()
        .map(|post| (&post.headers["webhook-id"], &post.body))
        .collect();
    assert_eq!(same.len(), 1);
    assert_eq!(receiver.other_posts().len(), 0);
    assert_eq!(elsewhere.other_posts().len(), 0);
}

#[test]
fn a_notice_that_is_always_refused_holds_up_no_other() {
    let clinic = Clinic::new();
    let receiver = Receiver::with(|post| {
        // The first one that comes is number 1.
        let is_poisoned = post.headers["webhook-id"].ends_with("-1");
        Some(if is_poisoned { "422 No" } else { "200 OK" }.into())
    });
    let settings = settings(None, Some(&receiver.url()));
    let pace = Pace {
        longest_wait: Duration::from_secs(3600),
        ..eager()
    };
    let worker = clinic.start(&settings, pace);
    let poisoned = clinic.keep(&settings);
    for _ in 0..10 {
        clinic.keep(&settings);
    }
    let posts: Vec<_> = (0..11).map(|_| receiver.post()).collect();
    drop(worker);
    posts.iter().for_each(|post| post.verify());
    let left: Vec<_> = clinic
        .left()
        .iter()
        .map(|notice| (notice.code, notice.tries))
        .collect();
    assert_eq!(left, [(poisoned, 1)]);
}

#[test]
fn a_mail_server_that_is_not_there_is_told_once_and_so_is_its_return() {
    log::listen();
    let (clinic, mail) = (Clinic::new(), MailServer::with(|_| Reply::HangUp));
    let settings = settings(Some(&mail.url()), None);
    let worker = clinic.start(&settings, eager());
    let codes: Vec<String> = (0..3).map(|_| clinic.keep(&settings).to_string()).collect();
    for _ in 0..12 {
        mail.until("connect");
    }
    mail.becomes(|_| Reply::Usual);
    for _ in &codes {
        mail.mail();
    }
    drop(worker);
    let lines = log::lines_with_any(&codes);
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert!(lines[0].contains("WARN"), "{lines:?}");
    assert!(lines[0].contains("tries=1"), "{lines:?}");
    log::line_with(&["INFO", "hear of visit requests again", "channel=\"mail\""]);
}

#[test]
fn nothing_is_sent_unencrypted_where_encryption_was_asked_for() {
    for scheme in ["smtp+starttls://", "smtps://"] {
        let (clinic, mail) = (Clinic::new(), MailServer::start());
        mail.becomes(|step| {
            // To a server that speaks first, the first bytes of TLS are nonsense.
            let is_known = ["connect", "EHLO", "QUIT"]
                .iter()
                .any(|known| step.starts_with(known));
            if is_known {
                Reply::Usual
            } else {
                Reply::HangUp
            }
        });
        let url = mail.url_with(&scheme.replace("://", "://desk:hunter2@"));
        let settings = settings(Some(&url), None);
        let worker = clinic.start(&settings, eager());
        clinic.keep(&settings);
        for _ in 0..3 {
            mail.until("connect");
        }
        drop(worker);
        let steps = mail.other_steps();
        let is_told = |step: &String| step.starts_with("MAIL") || step.starts_with("AUTH");
        assert!(!steps.iter().any(is_told), "{scheme} {steps:?}");
        let left = clinic.left();
        assert!(left.len() == 1 && left[0].tries > 0, "{scheme} {left:?}");
    }
}

#[test]
fn a_ledger_that_is_away_is_told_once_and_the_worker_goes_on_when_it_is_back() {
    log::listen();
    let (clinic, mail) = (Clinic::without_ledger(), MailServer::start());
    let settings = settings(Some(&mail.url()), None);
    // A folder in its place can't be opened.
    std::fs::create_dir(clinic.ledger_file()).expect("the folder can be made");
    let worker = clinic.start(&settings, eager());
    log::line_with(&["WARN", "notices of visit requests can't be read"]);
    std::fs::remove_dir(clinic.ledger_file()).expect("the folder is empty");
    log::line_with(&["INFO", "notices of visit requests can be read again"]);
    let code = clinic.keep(&settings);
    let expected = format!("Visit request {code}");
    assert_eq!(mail.mail().header("Subject"), expected);
    drop(worker);
    let told = ["visit requests can't be read".to_owned()];
    assert_eq!(log::lines_with_any(&told).len(), 1);
}
