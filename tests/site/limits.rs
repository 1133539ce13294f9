//! What the server takes. Each limit has a message for whoever meets it and a number for the operator.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::num::NonZeroU32;
use std::time::Duration;

use reqwest::Method;
use signpost::http::{ForwardedBy, Limits, Proxies, RateLimit, RateLimits};

use crate::clinic::{Answer, Clinic, eventually};
use crate::wire;

/// Limits under which an address may send three forms and ask for three pages, and then none for an hour.
fn three_each() -> Limits {
    let three = RateLimit {
        burst: NonZeroU32::new(3).expect("three is not nothing"),
        one_more_each: Duration::from_secs(3_600),
    };
    let rates = RateLimits {
        form: three,
        request: three,
        lookup: three,
    };
    Limits {
        rates: Some(rates),
        ..Limits::default()
    }
}

fn unlimited() -> Limits {
    Limits {
        rates: None,
        ..Limits::default()
    }
}

fn believing(network: &str, forwarded_by: ForwardedBy) -> Proxies {
    Proxies {
        networks: vec![network.parse().expect("it is a network")],
        forwarded_by,
    }
}

async fn checker(clinic: &Clinic, headers: &[(&str, &str)]) -> Answer {
    let own = [("sec-fetch-site", "same-origin")];
    let headers: Vec<_> = own.iter().chain(headers).copied().collect();
    clinic
        .post_with("/symptoms", &[("problem", "cough")], &headers)
        .await
}

#[actix_web::test]
async fn who_sends_too_many_forms_is_told_when_to_come_back() {
    let clinic = Clinic::limited(three_each(), Proxies::default()).await;
    for _ in 0..3 {
        assert_eq!(checker(&clinic, &[]).await.status, 200);
    }
    let refused = checker(&clinic, &[]).await;
    assert_eq!(refused.status, 429);
    let wait: u64 = refused
        .header("retry-after")
        .parse()
        .expect("it is in seconds");
    assert!((3_590..=3_601).contains(&wait), "{wait}");
    let page = refused.document();
    assert_eq!(page.texts("h1"), ["Please wait a minute"]);
    assert!(page.has("a[href='tel:15555550100']") && page.has("a[href='tel:911']"));
    assert_eq!(refused.header("cache-control"), "no-store");
    // Reading goes on, also at the address of the form.
    for path in [
        "/",
        "/symptoms",
        "/articles/sciatica",
        "/book/back-pain-visit",
    ] {
        assert_eq!(clinic.get(path).await.status, 200, "{path}");
    }
    // Asking for a visit is counted apart.
    let asked = clinic
        .post("/book/back-pain-visit", &[("go", "state"), ("state", "NY")])
        .await;
    assert_eq!(asked.status, 200);
    assert_eq!(
        clinic.count("signpost_limit_reached_total{limit=\"rate\"}"),
        1
    );
    assert_eq!(
        clinic.count("signpost_requests_total{class=\"form\",status=\"4xx\"}"),
        1
    );
}

#[actix_web::test]
async fn pages_that_are_made_for_one_reader_are_limited_and_counted() {
    let clinic = Clinic::limited(three_each(), Proxies::default()).await;
    let path = "/book/back-pain-visit/requested/B7KP-4QXM";
    for _ in 0..3 {
        assert_eq!(clinic.get(path).await.status, 404);
    }
    assert_eq!(clinic.get(path).await.status, 429);
    assert_eq!(
        clinic.get("/book/back-pain-visit/via/nothing").await.status,
        429
    );
    assert_eq!(
        clinic.count("signpost_requests_total{class=\"lookup\",status=\"4xx\"}"),
        5
    );
}

#[actix_web::test]
async fn everybody_behind_a_proxy_has_an_allowance_of_their_own() {
    let own = believing("127.0.0.1", ForwardedBy::XForwarded);
    let clinic = Clinic::limited(three_each(), own).await;
    let from = |address: &'static str| [("x-forwarded-for", address)];
    for _ in 0..3 {
        assert_eq!(checker(&clinic, &from("198.51.100.1")).await.status, 200);
    }
    assert_eq!(checker(&clinic, &from("198.51.100.1")).await.status, 429);
    assert_eq!(checker(&clinic, &from("198.51.100.2")).await.status, 200);
    // What a client made up itself is to the left of what the proxy saw.
    let made_up = from("203.0.113.9, 198.51.100.1");
    assert_eq!(checker(&clinic, &made_up).await.status, 429);
    // A household has one allowance, whichever of its addresses is used.
    for last in ["1", "2", "ffff:3"] {
        let address: &'static str = Box::leak(format!("2001:db8:1:2::{last}").into_boxed_str());
        assert_eq!(
            checker(&clinic, &from(address)).await.status,
            200,
            "{address}"
        );
    }
    assert_eq!(checker(&clinic, &from("2001:db8:1:2::4")).await.status, 429);
    assert_eq!(checker(&clinic, &from("2001:db8:1:3::4")).await.status, 200);
}

#[actix_web::test]
async fn nobody_gets_a_new_allowance_by_a_header_that_is_not_believed() {
    let elsewhere = believing("192.0.2.0/24", ForwardedBy::XForwarded);
    let other_header = believing("127.0.0.1", ForwardedBy::Forwarded);
    for proxies in [Proxies::default(), elsewhere, other_header] {
        let clinic = Clinic::limited(three_each(), proxies.clone()).await;
        let mut statuses = Vec::new();
        for number in 0..4 {
            let address = format!("198.51.100.{number}");
            statuses.push(
                checker(&clinic, &[("x-forwarded-for", &address)])
                    .await
                    .status,
            );
        }
        assert_eq!(statuses, [200, 200, 200, 429], "{proxies:?}");
    }
}

#[actix_web::test]
async fn browsers_are_told_to_come_back_over_https_only_where_they_came_over_https() {
    let proto = ("x-forwarded-proto", "https");
    let own = believing("127.0.0.1", ForwardedBy::XForwarded);
    let forwarded = believing("127.0.0.1", ForwardedBy::Forwarded);
    let rows = [
        (&own, ("x-forwarded-proto", "https"), "max-age=63072000"),
        (&own, ("x-forwarded-proto", "http"), ""),
        (&own, ("forwarded", "for=192.0.2.1;proto=https"), ""),
        (
            &forwarded,
            ("forwarded", "for=192.0.2.1;proto=https"),
            "max-age=63072000",
        ),
        (&forwarded, proto, ""),
        (&Proxies::default(), proto, ""),
    ];
    for (proxies, header, expected) in rows {
        let clinic = Clinic::limited(unlimited(), proxies.clone()).await;
        for path in [
            "/",
            "/articles/sciatica",
            "/nothing",
            "/healthz",
            "/Articles",
        ] {
            let answer = clinic.ask(Method::GET, path, &[header]).await;
            let said = answer.header("strict-transport-security");
            assert_eq!(said, expected, "{path} {header:?}");
        }
    }
}

#[actix_web::test]
async fn a_form_that_is_too_large_is_told_so() {
    let clinic = Clinic::of_the_repository().await;
    let form = ("content-type", "application/x-www-form-urlencoded");
    let own = ("sec-fetch-site", "same-origin");
    for (length, expected) in [(32 * 1024, 200), (32 * 1024 + 1, 413), (3_000_000, 413)] {
        let mut body = b"problem=".to_vec();
        body.resize(length, b'a');
        let answer = clinic.send_body("/symptoms", body, &[form, own]).await;
        assert_eq!(answer.status, expected, "{length}");
        assert!(
            answer.document().has("a[href='tel:15555550100']"),
            "{length}"
        );
    }
    assert_eq!(
        clinic.count("signpost_limit_reached_total{limit=\"form-size\"}"),
        2
    );
}

#[actix_web::test]
async fn a_body_in_pieces_is_not_read_and_its_connection_ends() {
    let clinic = Clinic::of_the_repository().await;
    let addr = clinic.addr();
    for line in [
        "POST /symptoms",
        "POST /book/back-pain-visit",
        "GET /",
        "PUT /nothing",
    ] {
        let exchanged = actix_web::rt::task::spawn_blocking(move || {
            let mut stream = wire::connect(addr);
            let head = format!("{line} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
            stream.write_all(head.as_bytes()).expect("it is sent");
            // It never ends by itself; the server has to end it.
            let piece = format!("1000\r\n{}\r\n", "a".repeat(0x1000));
            for _ in 0..16 {
                stream.write_all(piece.as_bytes()).unwrap_or_default();
            }
            String::from_utf8_lossy(&wire::read_to_end(&mut stream)).into_owned()
        });
        let answer = exchanged.await.expect("it ends");
        assert_eq!(wire::status(&answer), Some(411), "{line}: {answer}");
    }
}

#[actix_web::test]
async fn a_form_with_too_many_fields_is_told_so() {
    let clinic = Clinic::of_the_repository().await;
    let fields: Vec<(String, &str)> = (0..301).map(|number| (format!("f{number}"), "")).collect();
    let fields: Vec<(&str, &str)> = fields
        .iter()
        .map(|(name, value)| (&**name, *value))
        .collect();
    let (fewer, more) = (fields.split_at(300).0, &fields);
    assert_eq!(clinic.post("/symptoms", fewer).await.status, 200);
    assert_eq!(clinic.post("/symptoms", more).await.status, 400);
    assert_eq!(
        clinic.count("signpost_limit_reached_total{limit=\"form-fields\"}"),
        1
    );
}

/// The head of a form whose body is still to come.
const SLOW_FORM: &str = "POST /symptoms HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\
                         Content-Type: application/x-www-form-urlencoded\r\n\r\nproblem=";

#[actix_web::test]
async fn a_form_that_does_not_come_is_not_waited_for() {
    let limits = Limits {
        form_within: Duration::from_millis(100),
        ..unlimited()
    };
    let clinic = Clinic::limited(limits, Proxies::default()).await;
    let addr = clinic.addr();
    let answer = actix_web::rt::task::spawn_blocking(move || {
        let mut stream = wire::connect(addr);
        stream.write_all(SLOW_FORM.as_bytes()).expect("it is sent");
        String::from_utf8_lossy(&wire::read_to_end(&mut stream)).into_owned()
    });
    let answer = answer.await.expect("it ends");
    assert_eq!(wire::status(&answer), Some(408), "{answer}");
    assert!(answer.contains("The form did not reach us in time") && answer.contains("tel:911"));
    assert_eq!(
        clinic.count("signpost_limit_reached_total{limit=\"form-time\"}"),
        1
    );
}

#[actix_web::test]
async fn when_all_places_are_taken_pages_can_still_be_read() {
    // No place for anything that is made for one reader.
    let limits = Limits {
        rendering_at_once: 0,
        ledger_at_once: 0,
        ..unlimited()
    };
    let clinic = Clinic::limited(limits, Proxies::default()).await;
    let state = [("go", "state"), ("state", "NY")];
    let refused = [
        checker(&clinic, &[]).await,
        clinic.post("/book/back-pain-visit", &state).await,
        clinic.get("/book/back-pain-visit/via/x").await,
        clinic
            .get("/book/back-pain-visit/requested/B7KP-4QXM")
            .await,
    ];
    for answer in refused {
        assert_eq!((answer.status, answer.header("retry-after")), (503, "5"));
        let page = answer.document();
        assert_eq!(page.texts("h1"), ["Too many people are asking at once"]);
        assert!(page.has("a[href='tel:15555550100']") && page.has("a[href='tel:911']"));
    }
    for path in [
        "/",
        "/articles/sciatica",
        "/symptoms",
        "/book/back-pain-visit",
        "/readyz",
    ] {
        assert_eq!(clinic.get(path).await.status, 200, "{path}");
    }
    assert_eq!(
        clinic.count("signpost_limit_reached_total{limit=\"rendering\"}"),
        2
    );
    assert_eq!(
        clinic.count("signpost_limit_reached_total{limit=\"ledger\"}"),
        2
    );
}

#[actix_web::test]
async fn a_thousand_slow_clients_hold_up_nobody_and_are_let_go() {
    let limits = Limits {
        head_within: Duration::from_secs(2),
        form_within: Duration::from_secs(2),
        rendering_at_once: 4,
        ..unlimited()
    };
    let clinic = Clinic::limited(limits, Proxies::default()).await;
    let addr = clinic.addr();
    let opened = actix_web::rt::task::spawn_blocking(move || {
        let open = |begun: &str| {
            let mut stream = wire::connect(addr);
            stream.write_all(begun.as_bytes()).expect("it is sent");
            stream
        };
        let heads = (0..500).map(|_| open("GET / HTTP/1.1\r\nHo"));
        let forms = (0..500).map(|_| open(SLOW_FORM));
        heads.chain(forms).collect::<Vec<TcpStream>>()
    });
    let slow = opened.await.expect("they connect");
    // Whoever is quick is served meanwhile; a slow form takes nobody's place.
    for path in ["/", "/articles/sciatica", "/symptoms"] {
        assert_eq!(clinic.get(path).await.status, 200, "{path}");
    }
    assert_eq!(checker(&clinic, &[]).await.status, 200);
    // The server ends each of them by itself.
    let ended = actix_web::rt::task::spawn_blocking(move || {
        let answers = slow.into_iter().map(|mut stream| {
            let mut answer = Vec::new();
            stream.read_to_end(&mut answer).unwrap_or_default();
            wire::status(&String::from_utf8_lossy(&answer))
        });
        answers.filter(|status| *status == Some(408)).count()
    });
    assert_eq!(ended.await.expect("they end"), 1_000);
    assert_eq!(clinic.get("/").await.status, 200);
}

#[actix_web::test]
async fn while_connections_are_scarce_none_is_kept() {
    let limits = Limits {
        max_connections: 20,
        ..unlimited()
    };
    let clinic = Clinic::limited(limits, Proxies::default()).await;
    let addr = clinic.addr();
    let ask = "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n";
    let kept = move || {
        let mut stream = wire::connect(addr);
        stream.write_all(ask.as_bytes()).expect("it is sent");
        let mut part = [0; 1_000];
        let length = stream.read(&mut part).expect("it is answered");
        let answer = String::from_utf8_lossy(part.get(..length).unwrap_or_default()).into_owned();
        (stream, answer)
    };
    let answers = actix_web::rt::task::spawn_blocking(move || {
        let all: Vec<_> = (0..14).map(|_| kept()).collect();
        all.iter()
            .filter(|(_, answer)| answer.contains("connection: close"))
            .count()
    });
    let closed = answers.await.expect("they end");
    assert!((1..=4).contains(&closed), "{closed} of 14 were closed");
    eventually("connections are kept again", || async {
        !clinic
            .send("GET /healthz HTTP/1.1\r\nConnection: keep-alive\r\nX: ")
            .await
            .is_empty()
    })
    .await;
}

#[actix_web::test]
async fn readiness_means_it() {
    use signpost::http::Keeping;
    let clinic = Clinic::of_the_repository().await;
    let told = async |path: &'static str| {
        let answer = clinic.get(path).await;
        (answer.status, answer.text().to_owned())
    };
    assert_eq!(told("/readyz").await, (200, "ready\n".to_owned()));
    clinic.health.keeping_is(Keeping::Fails(
        "the ledger can't be reached: secret words".into(),
    ));
    let refused = "pages are served; visit requests can't be kept\n".to_owned();
    assert_eq!(
        told("/readyz").await,
        (503, refused),
        "and nothing of the reason"
    );
    assert_eq!(told("/readyz/reading").await, (200, "ready\n".to_owned()));
    assert_eq!(told("/livez").await, (200, "ok\n".to_owned()));
    clinic.health.keeping_is(Keeping::Works);
    assert_eq!(told("/readyz").await, (200, "ready\n".to_owned()));
    clinic.health.stop();
    for path in ["/readyz", "/readyz/reading"] {
        assert_eq!(told(path).await, (503, "stopping\n".to_owned()), "{path}");
    }
    assert_eq!(told("/livez").await, (200, "ok\n".to_owned()));
}

#[actix_web::test]
async fn what_is_read_is_counted_by_class_and_by_nothing_else() {
    let clinic = Clinic::of_the_repository().await;
    clinic.get("/articles/sciatica?q=secretword").await;
    clinic.get("/secretword").await;
    clinic.get("/healthz").await;
    checker(&clinic, &[("x-forwarded-for", "198.51.100.77")]).await;
    for (name, expected) in [
        ("signpost_requests_total{class=\"page\",status=\"2xx\"}", 1),
        ("signpost_requests_total{class=\"page\",status=\"4xx\"}", 1),
        (
            "signpost_requests_total{class=\"health\",status=\"2xx\"}",
            1,
        ),
        ("signpost_requests_total{class=\"form\",status=\"2xx\"}", 1),
    ] {
        assert_eq!(clinic.count(name), expected, "{name}");
    }
    let text = clinic.meters.render(&signpost::meters::Reading::default());
    for said in ["secretword", "sciatica", "cough", "198.51", "127.0.0.1"] {
        assert!(!text.contains(said), "{said}");
    }
}
