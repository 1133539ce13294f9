//! Asking for a visit over real HTTP and a real SQLite file: what a patient sees,
//! what is kept and how, and what is refused.

use signpost::booking::{Letter, RequestCode};
use signpost::ledger::{Entry, Which};

use crate::clinic::{Answer, Clinic};

const VISIT: &str = "/book/back-pain-visit";

/// A request that has everything.
const SOUND: &[(&str, &str)] = &[
    ("go", "send"),
    ("state", "NY"),
    ("how-soon", "week"),
    ("days", "monday"),
    ("days", "friday"),
    ("times", "evening"),
    ("patient", "new"),
    ("name", "Quillon Zebrafinch"),
    ("birth-month", "3"),
    ("birth-day", "24"),
    ("birth-year", "1985"),
    ("phone", "(555) 555-0123"),
    ("email", "zebrafinch@example.org"),
    ("preferred", "email"),
    ("message", "no"),
    ("payment", "self-pay"),
    ("interpreter", "Basque"),
    ("access", "captions please"),
    ("consent", "yes"),
];

/// A sound request with some fields changed; an empty value takes the field away.
fn with<'a>(changes: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let is_changed = |name: &str| changes.iter().any(|(changed, _)| *changed == name);
    let kept = SOUND.iter().copied().filter(|(name, _)| !is_changed(name));
    let added = changes
        .iter()
        .copied()
        .filter(|(_, value)| !value.is_empty());
    kept.chain(added).collect()
}

/// The code to whose page an answer leads.
fn code(answer: &Answer) -> RequestCode {
    assert_eq!(answer.status, 303, "{}", answer.text());
    let (_, code) = answer
        .header("location")
        .rsplit_once('/')
        .expect("it leads to the page with the code");
    code.parse().expect("it is a code")
}

async fn entry(clinic: &Clinic, code: RequestCode) -> Entry {
    let entry = clinic.desk.intake.ledger().entry(code).await;
    entry.expect("the ledger answers").expect("it is there")
}

async fn kept(clinic: &Clinic) -> Vec<RequestCode> {
    let codes = clinic.desk.intake.ledger().codes(Which::All).await;
    codes.expect("the ledger answers")
}

#[actix_web::test]
async fn the_price_and_the_emergency_number_stand_before_the_first_field() {
    let clinic = Clinic::of_the_repository().await;
    let page = clinic.get(VISIT).await;
    let text = page.text();
    let at = |part: &str| {
        text.find(part)
            .unwrap_or_else(|| panic!("`{part}` is not there"))
    };
    let field = at("<select");
    assert!(at("$25") < field);
    assert!(at("$100") < field);
    assert!(at("good-faith estimate") < field);
    assert!(at("tel:911") < field);
    let form = clinic
        .post(VISIT, &[("go", "state"), ("state", "NY")])
        .await;
    let text = form.text();
    let at = |part: &str| {
        text.find(part)
            .unwrap_or_else(|| panic!("`{part}` is not there"))
    };
    assert!(at("$25") < at("name=\"how-soon\""));
    assert!(at("tel:911") < at("name=\"how-soon\""));
}

#[actix_web::test]
async fn the_page_of_a_visit_may_be_kept_by_any_cache() {
    let clinic = Clinic::of_the_repository().await;
    let answer = clinic.get(VISIT).await;
    assert!(answer.header("cache-control").starts_with("public"));
    assert!(!answer.header("etag").is_empty());
    assert!(!answer.headers.contains_key("set-cookie"));
}

#[actix_web::test]
async fn the_state_comes_first_and_one_that_is_not_served_gets_a_page_of_its_own() {
    let clinic = Clinic::of_the_repository().await;
    let form = clinic
        .post(VISIT, &[("go", "state"), ("state", "NY")])
        .await;
    assert_eq!(form.status, 200);
    assert!(form.text().contains("You will be in New York."));
    assert_eq!(form.header("cache-control"), "private, no-store");
    let elsewhere = clinic
        .post(VISIT, &[("go", "state"), ("state", "CA")])
        .await;
    assert_eq!(elsewhere.status, 200);
    let text = elsewhere.text();
    assert!(text.contains("visit in California"));
    assert!(text.contains("tel:911") && text.contains("Pennsylvania"));
    assert!(!text.contains("name=\"phone\""));
    for state in ["", "XX", "ny"] {
        let again = clinic
            .post(VISIT, &[("go", "state"), ("state", state)])
            .await;
        assert_eq!(again.status, 422, "{state}");
        assert!(
            again
                .text()
                .contains("Choose the state in which you will be")
        );
    }
    // Who sends the form for a state that is not served is told so, and nothing is kept.
    let sent = clinic.post(VISIT, &with(&[("state", "CA")])).await;
    assert!(sent.text().contains("visit in California"));
    assert!(kept(&clinic).await.is_empty());
}

#[actix_web::test]
async fn a_request_is_kept_sealed_and_opens_with_the_key_alone() {
    let clinic = Clinic::of_the_repository().await;
    let code = code(&clinic.post(VISIT, SOUND).await);
    let entry = entry(&clinic, code).await;
    let letter = clinic
        .desk
        .key
        .open(&entry.sealed)
        .expect("the key opens it");
    let letter = Letter::from_json(&letter).expect("it is a letter");
    assert_eq!(letter.name, "Quillon Zebrafinch");
    assert_eq!(letter.birth_date.as_deref(), Some("1985-03-24"));
    assert_eq!(letter.phone.as_deref(), Some("(555) 555-0123"));
    assert_eq!(letter.email.as_deref(), Some("zebrafinch@example.org"));
    assert_eq!(
        (letter.preferred.as_str(), letter.may_leave_message.as_str()),
        ("email", "no")
    );
    assert_eq!(
        (letter.payment.as_str(), letter.how_soon.as_str()),
        ("self-pay", "week")
    );
    assert_eq!(letter.days, ["monday", "friday"]);
    assert_eq!(letter.times, ["evening"]);
    assert_eq!(letter.interpreter.as_deref(), Some("Basque"));
    assert_eq!(letter.access_needs.as_deref(), Some("captions please"));
    assert_eq!(
        (letter.state.as_str(), letter.patient.as_str()),
        ("NY", "new")
    );
    assert_eq!(letter.advice, None);
    assert_eq!(entry.service.as_str(), "back-pain-visit");
}

#[actix_web::test]
async fn nothing_that_a_patient_typed_lies_on_the_disk_of_the_server() {
    let clinic = Clinic::of_the_repository().await;
    code(&clinic.post(VISIT, SOUND).await);
    clinic.post(VISIT, &with(&[("consent", "")])).await;
    let bytes = clinic.desk.scratch.bytes();
    assert!(bytes.len() > 4096, "the ledger is there");
    for typed in [
        "Quillon",
        "Zebrafinch",
        "555-0123",
        "zebrafinch@",
        "Basque",
        "captions",
        "1985",
    ] {
        let found = bytes
            .windows(typed.len())
            .any(|part| part.eq_ignore_ascii_case(typed.as_bytes()));
        assert!(!found, "`{typed}` lies in the ledger's files");
    }
}

#[actix_web::test]
async fn a_request_sent_twice_is_kept_once() {
    let clinic = Clinic::of_the_repository().await;
    let (one, two, three) = futures_of_three(&clinic).await;
    assert_eq!(one, two);
    assert_eq!(one, three);
    assert_eq!(kept(&clinic).await, [one]);
    let other = code(
        &clinic
            .post(VISIT, &with(&[("name", "Another Person")]))
            .await,
    );
    assert_ne!(one, other);
    assert_eq!(kept(&clinic).await.len(), 2);
}

/// A double click, and once more later.
async fn futures_of_three(clinic: &Clinic) -> (RequestCode, RequestCode, RequestCode) {
    let (one, two) = actix_web::rt::time::timeout(std::time::Duration::from_secs(20), async {
        tokio::join!(clinic.post(VISIT, SOUND), clinic.post(VISIT, SOUND))
    })
    .await
    .expect("both are answered");
    let three = clinic.post(VISIT, SOUND).await;
    (code(&one), code(&two), code(&three))
}

#[actix_web::test]
async fn the_page_with_the_code_says_what_happens_next_and_nothing_about_the_patient() {
    let clinic = Clinic::of_the_repository().await;
    let sent = clinic.post(VISIT, SOUND).await;
    let code = code(&sent);
    let page = clinic.get(sent.header("location")).await;
    assert_eq!(page.status, 200);
    assert_eq!(page.header("cache-control"), "private, no-store");
    assert_eq!(page.header("x-robots-tag"), "noindex");
    let text = page.text();
    assert!(text.contains(&code.to_string()));
    assert!(text.contains("good-faith estimate by"));
    assert!(text.contains("tel:911"));
    assert!(!text.contains("Quillon") && !text.contains("zebrafinch"));
    // As it is said on the phone and typed by hand.
    let typed = code.to_string().to_lowercase().replace('-', "");
    let again = clinic.get(&format!("{VISIT}/requested/{typed}")).await;
    assert_eq!(again.status, 200);
    // The code of one visit is unknown at another, and so is one that nobody has.
    for path in [
        format!("/book/sore-throat-visit/requested/{code}"),
        format!("{VISIT}/requested/BBBB-BBBB"),
        format!("{VISIT}/requested/nonsense"),
    ] {
        assert_eq!(clinic.get(&path).await.status, 404, "{path}");
    }
}

#[actix_web::test]
async fn an_estimate_is_due_only_for_whoever_pays_themselves() {
    let clinic = Clinic::of_the_repository().await;
    let insured = code(&clinic.post(VISIT, &with(&[("payment", "employer")])).await);
    let paying = code(&clinic.post(VISIT, SOUND).await);
    assert_eq!(entry(&clinic, insured).await.estimate_due_on, None);
    let due = entry(&clinic, paying).await.estimate_due_on;
    let received = entry(&clinic, paying).await.received_at;
    let zone = clinic.live.snapshot().site().clinic.timezone.clone();
    let received_on = received.to_zoned(zone).date();
    assert_eq!(
        due,
        Some(signpost::booking::business_days_after(received_on, 1))
    );
}

#[actix_web::test]
async fn every_field_that_must_be_mended_is_told_and_what_was_typed_stays() {
    let clinic = Clinic::of_the_repository().await;
    let rows: &[(&str, &str, &str)] = &[
        ("how-soon", "", "Choose an answer: How soon"),
        ("how-soon", "never", "Choose an answer: How soon"),
        ("patient", "", "Choose an answer: Has this person"),
        (
            "payment",
            "gold",
            "Choose an answer: How do you plan to pay",
        ),
        ("message", "", "Choose an answer: Is it OK"),
        ("preferred", "", "Choose an answer: Which should we use"),
        ("name", "", "Enter the name"),
        ("name", "   ", "Enter the name"),
        ("birth-year", "", "Enter the date of birth"),
        ("birth-month", "13", "Enter the date of birth"),
        ("birth-day", "31st", "Enter the date of birth"),
        ("birth-year", "2126", "Enter the date of birth"),
        ("birth-year", "1850", "Enter the date of birth"),
        ("email", "", "Enter an email address, or choose phone"),
        ("email", "zebra", "Enter an email address, such as"),
        ("phone", "call me", "Enter a phone number with area code"),
        ("phone", "555", "Enter a phone number with area code"),
        ("consent", "", "Tick the box"),
        ("days", "someday", "Choose from the answers"),
        ("times", "midnight", "Choose from the answers"),
    ];
    for (field, value, message) in rows {
        let mut fields = with(&[(field, value)]);
        if value.trim().is_empty() && !value.is_empty() {
            fields.push((field, value));
            fields.dedup();
        }
        let answer = clinic.post(VISIT, &fields).await;
        assert_eq!(answer.status, 422, "{field}={value}");
        let text = answer.text();
        assert!(text.contains("<title>Error:"), "{field}={value}");
        assert!(
            text.matches(message).count() >= 2,
            "{field}={value}: `{message}` at the top and at the field"
        );
        assert!(
            text.contains(&format!("href=\"#{}\"", anchor(field, value))),
            "{field}={value}"
        );
        if *field != "name" {
            assert!(
                text.contains("value=\"Quillon Zebrafinch\""),
                "{field}={value}"
            );
        }
        assert!(answer.header("cache-control").contains("no-store"));
    }
    assert!(kept(&clinic).await.is_empty());
}

/// A date that is wrong is told once, at its first part; one that lacks a part, at that part.
fn anchor<'a>(field: &'a str, value: &str) -> &'a str {
    if field.starts_with("birth-") && !value.is_empty() {
        "birth-month"
    } else {
        field
    }
}

#[actix_web::test]
async fn a_month_may_be_a_name_and_a_number_may_have_zeros() {
    let clinic = Clinic::of_the_repository().await;
    for (month, day) in [("March", "24"), ("mar", "24"), ("03", "24"), (" 3 ", " 24")] {
        let fields = with(&[
            ("birth-month", month),
            ("birth-day", day),
            ("access", month),
        ]);
        let code = code(&clinic.post(VISIT, &fields).await);
        let sealed = entry(&clinic, code).await.sealed;
        let letter = clinic.desk.key.open(&sealed).expect("the key opens it");
        let letter = Letter::from_json(&letter).expect("it is a letter");
        assert_eq!(letter.birth_date.as_deref(), Some("1985-03-24"), "{month}");
    }
}

#[actix_web::test]
async fn scripts_that_somebody_types_are_shown_as_text() {
    let clinic = Clinic::of_the_repository().await;
    let name = "\"><script>alert(1)</script>";
    let answer = clinic
        .post(VISIT, &with(&[("name", name), ("consent", "")]))
        .await;
    assert_eq!(answer.status, 422);
    assert!(!answer.text().contains("<script>alert"));
    assert!(answer.text().contains("&#60;script&#62;") || answer.text().contains("&lt;script&gt;"));
}

#[actix_web::test]
async fn a_form_from_another_site_is_refused() {
    let clinic = Clinic::of_the_repository().await;
    let rows: &[(&[(&str, &str)], u16)] = &[
        (&[("sec-fetch-site", "cross-site")], 403),
        (&[("sec-fetch-site", "same-site")], 403),
        (&[("origin", "https://evil.example")], 403),
        (&[("origin", "null")], 403),
        (&[], 403),
        (
            &[
                ("sec-fetch-site", "cross-site"),
                ("origin", "https://clinic.example"),
            ],
            403,
        ),
        (&[("sec-fetch-site", "none")], 303),
        (&[("sec-fetch-site", "same-origin")], 303),
        (&[("origin", "https://clinic.example")], 303),
    ];
    for (headers, status) in rows {
        let answer = clinic.post_with(VISIT, SOUND, headers).await;
        assert_eq!(answer.status, *status, "{headers:?}");
        if *status == 403 {
            assert!(answer.text().contains("1-555-555-0100"), "{headers:?}");
        }
    }
    // An old browser at the address that it asked.
    let here = clinic.origin();
    let answer = clinic.post_with(VISIT, SOUND, &[("origin", &here)]).await;
    assert_eq!(answer.status, 303);
}

#[actix_web::test]
async fn the_first_step_may_come_from_another_host_and_brings_nothing_else() {
    let clinic = Clinic::of_the_repository().await;
    let elsewhere = [("sec-fetch-site", "cross-site"), ("origin", "null")];
    let fields = [
        ("go", "state"),
        ("state", "NY"),
        ("name", "Quillon Zebrafinch"),
        ("phone", "(555) 555-0187"),
        ("advice", "sore-throat:soon"),
    ];
    let form = clinic.post_with(VISIT, &fields, &elsewhere).await;
    assert_eq!(form.status, 200);
    let text = form.text();
    assert!(text.contains("name=\"birth-year\""), "the form itself");
    for brought in ["Zebrafinch", "555-0187", "sore-throat:soon"] {
        assert!(!text.contains(brought), "{brought}");
    }
    for go in ["advice", "send", ""] {
        let fields = [("go", go), ("advice", "sore-throat:soon"), ("state", "NY")];
        let refused = clinic.post_with(VISIT, &fields, &elsewhere).await;
        assert_eq!(refused.status, 403, "{go}");
    }
    let twice = [("go", "state"), ("go", "send"), ("state", "NY")];
    assert_eq!(
        clinic.post_with(VISIT, &twice, &elsewhere).await.status,
        403
    );
}

#[actix_web::test]
async fn advice_of_the_checker_goes_along_only_if_the_patient_ticks_it() {
    let clinic = Clinic::of_the_repository().await;
    let advice = "sore-throat:soon";
    let visit = "/book/sore-throat-visit";
    let without = clinic.post(visit, &[("go", "advice")]).await;
    assert_eq!((without.status, without.header("location")), (303, visit));
    let page = clinic
        .post(visit, &[("go", "advice"), ("advice", advice)])
        .await;
    assert!(page.text().contains("value=\"sore-throat:soon\" checked"));
    let form = clinic
        .post(
            visit,
            &[("go", "state"), ("state", "NY"), ("advice", advice)],
        )
        .await;
    assert!(form.text().contains("value=\"sore-throat:soon\" checked"));
    let sent = code(&clinic.post(visit, &with(&[("advice", advice)])).await);
    let letter = clinic
        .desk
        .key
        .open(&entry(&clinic, sent).await.sealed)
        .expect("it opens");
    let sent = Letter::from_json(&letter)
        .expect("it is a letter")
        .advice
        .expect("it is there");
    assert_eq!(
        (sent.complaint.as_str(), sent.level.as_str()),
        ("sore-throat", "soon")
    );
    // Nobody comes to a booking with an emergency, or with a complaint that there is not.
    for forged in [
        "sore-throat:emergency",
        "no-such-thing:soon",
        "sore-throat",
        ":",
    ] {
        let page = clinic
            .post(visit, &[("go", "advice"), ("advice", forged)])
            .await;
        assert_eq!(page.status, 303, "{forged}");
    }
}

#[actix_web::test]
async fn while_the_ledger_is_away_the_page_keeps_what_was_typed_and_gives_the_phone_number() {
    let clinic = Clinic::of_the_repository().await;
    let file = clinic.desk.scratch.path("ledger.sqlite");
    // A folder in the place of the file: nothing can be opened there.
    std::fs::create_dir(&file).expect("the folder can be made");
    let answer = clinic.post(VISIT, SOUND).await;
    assert_eq!(answer.status, 503);
    assert!(!answer.header("retry-after").is_empty());
    let text = answer.text();
    assert!(text.contains("We could not keep your request"));
    assert!(text.contains("tel:15555550100"), "the phone number");
    for typed in [
        "Quillon Zebrafinch",
        "(555) 555-0123",
        "zebrafinch@example.org",
        "captions please",
    ] {
        assert!(text.contains(&format!("value=\"{typed}\"")), "{typed}");
    }
    assert_eq!(
        text.matches(" checked").count(),
        9,
        "every choice and the consent"
    );
    assert_eq!(
        clinic
            .get(&format!("{VISIT}/requested/BBBB-BBBB"))
            .await
            .status,
        503
    );
    assert_eq!(clinic.get(VISIT).await.status, 200, "pages are served");
    // Without a restart.
    std::fs::remove_dir(&file).expect("the folder can be removed");
    code(&clinic.post(VISIT, SOUND).await);
}

#[actix_web::test]
async fn what_no_browser_sends_gets_a_page_that_says_so() {
    let clinic = Clinic::of_the_repository().await;
    let form = ("content-type", "application/x-www-form-urlencoded");
    let own = ("sec-fetch-site", "same-origin");
    let sound = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(SOUND)
        .finish();
    let mut rows: Vec<(String, Vec<u8>)> = Vec::new();
    for (name, _) in SOUND {
        let twice = format!("{sound}&{name}=again");
        if !matches!(*name, "days" | "times") {
            rows.push((format!("`{name}` twice"), twice.into_bytes()));
        }
        for (what, value) in [
            ("a null byte", "%00"),
            ("bad UTF-8", "%FF%FE"),
            ("a lone surrogate", "%ED%A0%80"),
            ("half a character", "%C3"),
            ("line breaks", "a%0D%0ASet-Cookie:x"),
            ("an escape", "%1B%5B2J"),
            ("4,000 letters", &"x".repeat(4000)),
            ("a list", "%5B1%2C2%5D"),
            ("an object", "%7B%22a%22%3A1%7D"),
            ("a script", "%3Cscript%3E1%3C%2Fscript%3E"),
            ("SQL", "%27%29%3B+DROP+TABLE+requests%3B--"),
            ("a huge number", "99999999999999999999999999"),
        ] {
            let changed = with(&[(name, "")]);
            let rest = form_urlencoded::Serializer::new(String::new())
                .extend_pairs(changed)
                .finish();
            rows.push((
                format!("`{name}` with {what}"),
                format!("{rest}&{name}={value}").into_bytes(),
            ));
        }
    }
    rows.push(("nothing".into(), Vec::new()));
    rows.push(("too many fields".into(), "a=1&".repeat(400).into_bytes()));
    rows.push(("too long".into(), vec![b'a'; 40 * 1024]));
    rows.push(("noise".into(), (0..=255).collect()));
    assert!(rows.len() >= 200, "{}", rows.len());
    let mut kept_ones = 0;
    for (what, body) in rows {
        let answer = clinic.send_body(VISIT, body, &[form, own]).await;
        // Text that a person may well write is taken as text, where there is room for it.
        let is_text = ["`name` with", "`interpreter` with", "`access` with"]
            .iter()
            .any(|part| what.starts_with(part));
        if answer.status == 303 && is_text {
            kept_ones += 1;
            continue;
        }
        assert!(
            (400..500).contains(&answer.status),
            "{what}: {}",
            answer.status
        );
        assert!(answer.text().contains("</html>"), "{what}: a page");
        let says = answer.text().contains("There is a problem")
            || answer.text().contains("We can&#39;t read this form");
        assert!(says, "{what}: it says what is wrong");
    }
    assert_eq!(kept(&clinic).await.len(), kept_ones);
    for (what, kind, status) in [
        ("JSON", "application/json", 415),
        ("a file", "multipart/form-data; boundary=x", 415),
        ("text", "text/plain", 415),
        ("nearly a form", "application/x-www-form-urlencodedx", 415),
    ] {
        let answer = clinic
            .send_body(
                VISIT,
                sound.clone().into_bytes(),
                &[("content-type", kind), own],
            )
            .await;
        assert_eq!(answer.status, status, "{what}");
    }
}

#[actix_web::test]
async fn a_clinic_that_takes_no_requests_answers_a_form_with_not_found() {
    let folder = crate::folder::Folder::copied();
    folder.remove("clinic/booking.toml");
    let clinic = Clinic::of(folder).await;
    let page = clinic.get(VISIT).await;
    assert!(!page.text().contains("<select"));
    assert!(page.text().contains("We book visits by phone."));
    assert_eq!(clinic.post(VISIT, SOUND).await.status, 404);
}

#[actix_web::test]
async fn a_clinic_with_its_own_key_asks_for_no_trial() {
    let folder = crate::folder::Folder::copied();
    let own = signpost::ledger::Identity::generate();
    let line = format!("public_keys = [\"{}\"]\n", own.public_key());
    let text = folder.read("clinic/booking.toml");
    folder.write("clinic/booking.toml", &format!("{line}{text}"));
    let clinic = Clinic::of(folder).await;
    assert!(
        !clinic
            .get(VISIT)
            .await
            .text()
            .contains("This form is for trying out")
    );
    let code = code(&clinic.post(VISIT, SOUND).await);
    let sealed = entry(&clinic, code).await.sealed;
    assert!(own.open(&sealed).is_ok());
    assert!(
        clinic.desk.key.open(&sealed).is_err(),
        "the trial key opens nothing of it"
    );
}

#[actix_web::test]
async fn a_broken_setting_keeps_the_form_as_it_was() {
    let clinic = Clinic::of(crate::folder::Folder::copied()).await;
    clinic.folder().edit(
        "clinic/booking.toml",
        "keep_days = 90",
        "keep_days = \"soon\"",
    );
    clinic.refresh();
    assert!(clinic.diagnostics().contains("clinic/booking.toml"));
    code(&clinic.post(VISIT, SOUND).await);
}
