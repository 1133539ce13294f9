use std::sync::mpsc::channel;
use std::time::Duration;

use signpost::notify::{Pace, Worker};

use crate::clinic::{Clinic, PATIENCE, eager, settings};
use crate::mail_server::{MailServer, Reply};
use crate::receiver::Receiver;

/// Never ends a send by itself within the test.
fn endless() -> Pace {
    Pace {
        connect_within: PATIENCE * 100,
        send_within: PATIENCE * 100,
        claim: PATIENCE * 200,
        farewell: Duration::from_millis(10),
        ..eager()
    }
}

/// Stops a worker. A stop that waits for a send that hangs ends the test.
fn stop(worker: Worker) {
    let (tell, told) = channel();
    std::thread::spawn(move || {
        drop(worker);
        tell.send(()).unwrap_or_default();
    });
    told.recv_timeout(PATIENCE).expect("the worker stops");
}

#[test]
fn a_stop_does_not_wait_for_a_mail_server_that_hangs_and_the_next_worker_sends_the_mail() {
    let (clinic, mail) = (Clinic::new(), MailServer::start());
    mail.becomes(|step| match step {
        "DATA" => Reply::Hang,
        _ => Reply::Usual,
    });
    let settings = settings(Some(&mail.url()), None);
    let worker = clinic.start(&settings, endless());
    let code = clinic.keep(&settings);
    mail.until("DATA");
    stop(worker);
    // This also makes it due, as the end of the claim would.
    let left = clinic.left();
    assert_eq!(left.len(), 1);
    assert_eq!((left[0].code, left[0].tries), (code, 0));
    mail.becomes(|_| Reply::Usual);
    let next = clinic.start(&settings, endless());
    let expected = format!("Visit request {code}");
    assert_eq!(mail.mail().header("Subject"), expected);
    // It may have a moment longer here, to write down what was sent.
    drop(next);
    assert_eq!(mail.other_mails(), []);
}

#[test]
fn a_stop_does_not_wait_for_a_receiver_that_hangs_and_the_next_worker_posts_again() {
    let clinic = Clinic::new();
    let mut answers = [None, Some("200 OK".to_owned())].into_iter();
    let receiver = Receiver::with(move |_| answers.next().flatten());
    let settings = settings(None, Some(&receiver.url()));
    let worker = clinic.start(&settings, endless());
    clinic.keep(&settings);
    let first = receiver.post();
    stop(worker);
    assert_eq!(clinic.left().len(), 1);
    let next = clinic.start(&settings, eager());
    let second = receiver.post();
    drop(next);
    assert_eq!(clinic.left(), []);
    assert_eq!(first.headers["webhook-id"], second.headers["webhook-id"]);
    assert_eq!(first.body, second.body);
}

#[test]
fn a_stop_lets_a_send_that_is_under_way_end_and_writes_it_down() {
    let (clinic, mail) = (Clinic::new(), MailServer::start());
    let (go, wait) = channel::<()>();
    mail.becomes(move |step| {
        if step == "DATA" {
            wait.recv_timeout(PATIENCE).expect("the test goes on");
        }
        Reply::Usual
    });
    let settings = settings(Some(&mail.url()), None);
    let worker = clinic.start(&settings, eager());
    clinic.keep(&settings);
    mail.until("RCPT");
    let stopping = std::thread::spawn(move || drop(worker));
    go.send(()).expect("the server waits");
    mail.mail();
    stopping.join().expect("the worker stops");
    assert_eq!(clinic.left(), []);
}

#[test]
fn a_goodbye_that_the_mail_server_does_not_answer_makes_no_second_mail() {
    let (clinic, mail) = (Clinic::new(), MailServer::start());
    mail.becomes(|step| match step {
        "QUIT" => Reply::Hang,
        _ => Reply::Usual,
    });
    let settings = settings(Some(&mail.url()), None);
    let worker = clinic.start(&settings, eager());
    for _ in 0..3 {
        clinic.keep(&settings);
        mail.mail();
    }
    drop(worker);
    assert_eq!(clinic.left(), []);
    assert_eq!(mail.other_mails(), []);
}
