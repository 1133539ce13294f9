//! The site behind nginx, as `deploy/nginx.conf` sets it up: the very file, with ports and paths of the test.

use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use crate::folder::{Folder, repository};
use crate::program::{Serving, signpost, until};
use crate::wire;

/// nginx, ended when the value is dropped.
struct Nginx {
    child: Child,
    addr: SocketAddr,
}

impl Drop for Nginx {
    fn drop(&mut self) {
        self.child.kill().unwrap_or_default();
        self.child.wait().map(|_| ()).unwrap_or_default();
    }
}

fn program() -> PathBuf {
    let places = ["/usr/sbin/nginx", "/usr/bin/nginx", "/usr/local/sbin/nginx"];
    let found = places
        .into_iter()
        .map(Path::new)
        .find(|path| path.is_file());
    let found = found.unwrap_or_else(|| {
        panic!("nginx is missing; `tests/run` installs it, or: apt-get install nginx-light")
    });
    found.to_owned()
}

/// A certificate for the test, as `openssl` makes it.
fn certificate(folder: &Folder) {
    let made = Command::new("openssl")
        .args([
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:prime256v1",
            "-nodes",
            "-days",
            "2",
        ])
        .args([
            "-subj",
            "/CN=clinic.example",
            "-keyout",
            "key.pem",
            "-out",
            "cert.pem",
        ])
        .current_dir(folder.root())
        .stderr(Stdio::null())
        .status();
    assert!(made.expect("`openssl` is there").success());
}

/// The file of `deploy/` with the places of a test: plain HTTP on a free port stands for the port of https.
fn nginx(folder: &Folder, site: SocketAddr) -> Nginx {
    certificate(folder);
    let free = || {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
        listener.local_addr().expect("it has an address")
    };
    let (http, https) = (free(), free());
    let root = folder.root().to_str().expect("the path is text");
    let example = std::fs::read_to_string(repository().join("deploy/nginx.conf"))
        .expect("the example is there");
    let mut server = example;
    for (from, to) in [
        ("127.0.0.1:8080", site.to_string()),
        ("listen 443 ssl;", format!("listen {https} ssl;")),
        ("listen [::]:443 ssl;", String::new()),
        ("listen 80;", format!("listen {http};")),
        ("listen [::]:80;", String::new()),
        (
            "/etc/letsencrypt/live/clinic.example/fullchain.pem",
            format!("{root}/cert.pem"),
        ),
        (
            "/etc/letsencrypt/live/clinic.example/privkey.pem",
            format!("{root}/key.pem"),
        ),
    ] {
        assert!(server.contains(from), "the example has no `{from}`");
        server = server.replace(from, &to);
    }
    let around = format!(
        "daemon off; pid {root}/nginx.pid; error_log {root}/nginx.log;\nevents {{}}\nhttp {{\naccess_log off;\n\
         client_body_temp_path {root}/body; proxy_temp_path {root}/proxy; fastcgi_temp_path {root}/fastcgi;\n\
         uwsgi_temp_path {root}/uwsgi; scgi_temp_path {root}/scgi;\n{server}\n}}\n"
    );
    std::fs::write(folder.path("nginx.conf"), around).expect("it can be written");
    let file = folder.path("nginx.conf");
    let tested = Command::new(program())
        .arg("-t")
        .arg("-c")
        .arg(&file)
        .output()
        .expect("nginx starts");
    assert!(
        tested.status.success(),
        "{}",
        String::from_utf8_lossy(&tested.stderr)
    );
    let told = String::from_utf8_lossy(&tested.stderr).into_owned();
    assert!(!told.contains("[warn]"), "{told}");
    let child = Command::new(program())
        .arg("-c")
        .arg(&file)
        .stderr(Stdio::null())
        .spawn()
        .expect("nginx starts");
    let running = Nginx { child, addr: https };
    until("nginx listens", || {
        std::net::TcpStream::connect(http).is_ok()
    });
    let redirected = wire::exchange(http, "GET /articles/sciatica HTTP/1.1");
    assert_eq!(wire::status(&redirected), Some(301), "{redirected}");
    assert!(
        redirected.contains("Location: https://clinic.example/articles/sciatica"),
        "{redirected}"
    );
    running
}

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
    let nginx = nginx(&folder, serving.addr);
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
}
