//! The site behind nginx, as `deploy/nginx.conf` sets it up: the very file, with ports and paths of the test.

use std::net::SocketAddr;
use std::process::{Command, Stdio};

use crate::folder::Folder;
use crate::nginx::{Nginx, Scheme};
use crate::program::{Serving, signpost};
use crate::wire;

/// Asks over https by `openssl s_client`, which every Debian has.
fn ask(addr: SocketAddr, request: &str) -> String {
    use std::io::Write;
    let mut client = Command::new("openssl")
        .args([
            "s_client",
            "-quiet",
            "-ign_eof",
            "-servername",
            "clinic.example",
            "-connect",
            &addr.to_string(),
        ])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("`openssl` starts");
    let whole = format!("{request}\r\nHost: clinic.example\r\nConnection: close\r\n\r\n");
    let input = client.stdin.as_mut().expect("its input is a pipe");
    input.write_all(whole.as_bytes()).expect("it is sent");
    let output = client.wait_with_output().expect("it ends");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn the_example_for_nginx_serves_the_site_over_https() {
    let folder = Folder::copied();
    let mut command = signpost(
        folder.root(),
        &["serve", "--addr", "127.0.0.1:0", "--today", "2026-11-25"],
    );
    command.args(["--trusted-proxy", "127.0.0.1"]);
    let serving = Serving::start(command);
    let nginx = Nginx::start(folder.root(), &[serving.addr], Scheme::Https);
    let redirected = wire::exchange(nginx.http, "GET /articles/sciatica HTTP/1.1");
    assert_eq!(wire::status(&redirected), Some(301), "{redirected}");
    assert!(
        redirected.contains("Location: https://clinic.example/articles/sciatica"),
        "{redirected}"
    );
    let page = ask(nginx.addr, "GET /articles/sciatica HTTP/1.1");
    assert_eq!(wire::status(&page), Some(200), "{page}");
    for said in [
        "strict-transport-security: max-age=63072000",
        "content-security-policy: ",
        "etag: ",
        "cache-control: public, max-age=60",
    ] {
        let lines = page
            .lines()
            .filter(|line| line.to_lowercase().starts_with(said))
            .count();
        assert_eq!(lines, 1, "{said}\n{page}");
    }
    let small = ask(
        nginx.addr,
        "GET /articles/sciatica HTTP/1.1\r\nAccept-Encoding: br",
    );
    assert!(
        small.to_lowercase().contains("content-encoding: br"),
        "what we compressed comes as it is"
    );
    // Machines ask the site itself; nobody from outside does.
    for path in ["/readyz", "/healthz", "/livez", "/metrics"] {
        assert_eq!(
            wire::status(&ask(nginx.addr, &format!("GET {path} HTTP/1.1"))),
            Some(404),
            "{path}"
        );
    }
    // The allowance is that of the client, whatever it says itself.
    let body = "problem=cough";
    let form = |number: u32| {
        let head = format!(
            "POST /symptoms HTTP/1.1\r\nX-Forwarded-For: 203.0.113.{number}\r\nForwarded: for=203.0.113.{number}\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\nHost: clinic.example\r\n\
             Connection: close\r\n\r\n{body}",
            body.len()
        );
        wire::status(&ask(nginx.addr, &head))
    };
    assert_eq!(form(0), Some(200));
    // It gets one more each two seconds, so on a slow machine this takes some more.
    assert!((1..250).any(|number| form(number) == Some(429)));
    // What is refused is refused with our pages.
    let long = ask(nginx.addr, &format!("GET /{} HTTP/1.1", "a".repeat(8_300)));
    assert!(
        matches!(wire::status(&long), Some(414)),
        "{:?}",
        wire::status(&long)
    );
    // When nobody answers, a patient is told what to do.
    drop(serving);
    let away = ask(nginx.addr, "GET /articles/sciatica HTTP/1.1");
    assert_eq!(wire::status(&away), Some(502), "{away}");
    assert!(away.contains("call 911") && away.contains("Cache-Control: no-store"));
}
