use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use signpost::cli::Cli;
use signpost::commands::notify_settings;

use crate::clinic::{Clinic, SECRET, both, eager, settings};
use crate::log;
use crate::mail_server::{MailServer, Reply};
use crate::receiver::Receiver;

#[test]
fn neither_mail_nor_webhook_holds_anything_of_the_patient() {
    let (clinic, mail, receiver) = (Clinic::new(), MailServer::start(), Receiver::start());
    let settings = both(&mail, &receiver);
    let worker = clinic.start(&settings, eager());
    let (code, sealed) = clinic.keep_sealed(&settings);
    let (sent, post) = (mail.mail(), receiver.post());
    drop(worker);
    let sent = format!("{sent:?} {}\n{post:?} {}", sent.text, post.body);
    assert!(sent.matches(&code.to_string()).count() >= 4, "{sent}");
    // Any piece of what was sealed, as it is or in base64, whatever byte the piece begins with.
    for start in 0..sealed.0.len().saturating_sub(12) {
        let piece = &sealed.0[start..start + 12];
        assert!(!sent.contains(&STANDARD.encode(piece)), "byte {start}");
        assert!(
            !sent.as_bytes().windows(12).any(|part| part == piece),
            "byte {start}"
        );
    }
    for word in [
        "Ann",
        "Example\"",
        "555-0100",
        "age-encryption",
        "a7a7a7",
        "167, 167",
    ] {
        assert!(!sent.contains(word), "{word} in {sent}");
    }
}

#[test]
fn a_password_that_the_mail_server_repeats_is_not_logged() {
    log::listen();
    let (clinic, mail) = (Clinic::new(), MailServer::start());
    mail.becomes(|step| {
        if step.starts_with("AUTH") {
            Reply::Say(format!("535 hunter2 is wrong in {step}"))
        } else {
            Reply::Usual
        }
    });
    let url = mail.url_with("smtp://desk:hunter2@");
    let settings = settings(Some(&url), None);
    let worker = clinic.start(&settings, eager());
    let code = clinic.keep(&settings).to_string();
    let line = log::line_with(&["ERROR", &code]);
    drop(worker);
    assert!(line.contains("does not let us in (535)"), "{line}");
    assert!(line.contains("--smtp-url"), "{line}");
    let secret = ["hunter2", "AGRlc2sAaHVudGVyMg"].map(str::to_owned);
    assert_eq!(log::lines_with_any(&secret), [""; 0]);
}

#[test]
fn the_address_and_the_secret_of_a_webhook_are_not_logged() {
    log::listen();
    let clinic = Clinic::new();
    let receiver = Receiver::with(|_| Some("401 No\r\nX-Echo: hush-hush".into()));
    let settings = settings(None, Some(&receiver.url()));
    let worker = clinic.start(&settings, eager());
    let code = clinic.keep(&settings).to_string();
    let line = log::line_with(&["ERROR", &code]);
    drop(worker);
    assert!(line.contains("status 401"), "{line}");
    let secret = ["hush-hush".to_owned(), SECRET.to_owned()];
    assert_eq!(log::lines_with_any(&secret), [""; 0]);
}

#[test]
fn arguments_become_settings_and_no_debug_output_shows_what_is_secret() {
    let arguments = [
        "signpost",
        "--smtp-url=smtps://desk:hunter2@mail.example",
        "--notify-from=no-reply@clinic.example",
        "--notify-to=desk@clinic.example,night@clinic.example",
        "--webhook-url=https://hooks.example/hush-hush",
        "--webhook-secret=whsec_c2lnbnBvc3QgZXhhbXBsZSBzZWNyZXQgMDAwMQ==",
    ];
    let cli = <Cli as clap::Parser>::try_parse_from(arguments).expect("arguments");
    let settings = notify_settings(&cli.serve.notify).expect("sound settings");
    let mail = settings.mail.as_ref().expect("mail");
    assert_eq!((mail.to.len(), mail.server.port), (2, 465));
    let shown = format!("{cli:#?} {settings:#?}");
    assert!(shown.contains("night"), "{shown}");
    for secret in ["hunter2", "hush-hush", "c2lnbnBvc3Qg"] {
        assert!(!shown.contains(secret), "{secret} in {shown}");
    }
}
