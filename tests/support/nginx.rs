//! Debian's nginx with the very file of `deploy/`, with ports and paths of the test.
//! It stands apart because one machine and several are tried behind the same file.

use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

use crate::folder::repository;
use crate::program::until;

/// How readers come to nginx.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheme {
    /// As the example says.
    Https,
    /// Without a secret, so that a test may ask often.
    Http,
}

/// nginx, ended when the value is dropped.
pub struct Nginx {
    child: Child,
    /// Where it answers for the site.
    pub addr: SocketAddr,
    /// Where it leads to https.
    pub http: SocketAddr,
}

impl Drop for Nginx {
    fn drop(&mut self) {
        self.child.kill().unwrap_or_default();
        self.child.wait().map(|_| ()).unwrap_or_default();
    }
}

impl Nginx {
    /// Starts nginx in a folder, before some machines.
    pub fn start(folder: &Path, machines: &[SocketAddr], scheme: Scheme) -> Self {
        certificate(folder);
        let (http, addr) = (free_addr(), free_addr());
        let file = folder.join("nginx.conf");
        std::fs::write(&file, settings(folder, machines, scheme, http, addr))
            .expect("it can be written");
        let mut test = Command::new(program());
        let tested = tested_output(test.arg("-t").arg("-c").arg(&file));
        assert!(!tested.contains("[warn]"), "{tested}");
        let child = Command::new(program())
            .arg("-c")
            .arg(&file)
            .stderr(Stdio::null())
            .spawn()
            .expect("nginx starts");
        let running = Self { child, addr, http };
        until("nginx listens", || TcpStream::connect(addr).is_ok());
        running
    }
}

fn tested_output(command: &mut Command) -> String {
    let output = command.output().expect("nginx starts");
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{told}");
    told
}

/// Ports from which the system takes none for connections, so that one stays free while its program is away.
const PORTS: std::ops::Range<u32> = 10_000..32_000;

/// How many ports were given away.
static GIVEN: AtomicU32 = AtomicU32::new(0);

/// An address on this machine that nobody listens on, and that is given away once.
pub fn free_addr() -> SocketAddr {
    let begin = std::process::id().wrapping_mul(101);
    let mut ports = std::iter::repeat_with(|| {
        let number = begin.wrapping_add(GIVEN.fetch_add(1, Ordering::Relaxed));
        PORTS.start + number % (PORTS.end - PORTS.start)
    });
    let addrs = ports.by_ref().take(PORTS.len()).filter_map(|port| {
        Some(SocketAddr::from((
            [127, 0, 0, 1],
            u16::try_from(port).ok()?,
        )))
    });
    let mut free = addrs.filter(|addr| TcpListener::bind(addr).is_ok());
    free.next().expect("a port is free")
}

/// The file of `deploy/` and what Debian has around it. One process is all that there is to end.
fn settings(
    folder: &Path,
    machines: &[SocketAddr],
    scheme: Scheme,
    http: SocketAddr,
    addr: SocketAddr,
) -> String {
    let root = folder.to_str().expect("the path is text");
    let example = std::fs::read_to_string(repository().join("deploy/nginx.conf"))
        .expect("the example is there");
    let listen = match scheme {
        Scheme::Https => format!("listen {addr} ssl;"),
        Scheme::Http => format!("listen {addr};"),
    };
    let one = "    server 127.0.0.1:8080 max_fails=1 fail_timeout=2s;\n";
    let all: String = machines
        .iter()
        .map(|machine| one.replace("127.0.0.1:8080", &machine.to_string()))
        .collect();
    let live = "/etc/letsencrypt/live/clinic.example";
    let mut server = example;
    for (from, to) in [
        (one.to_owned(), all),
        ("listen 443 ssl;".into(), listen),
        ("listen [::]:443 ssl;".into(), String::new()),
        ("listen 80;".into(), format!("listen {http};")),
        ("listen [::]:80;".into(), String::new()),
        (format!("{live}/fullchain.pem"), format!("{root}/cert.pem")),
        (format!("{live}/privkey.pem"), format!("{root}/key.pem")),
    ] {
        assert!(server.contains(&from), "the example has no `{from}`");
        server = server.replace(&from, &to);
    }
    format!(
        "daemon off; master_process off; pid {root}/nginx.pid; error_log {root}/nginx.log;\nevents {{}}\nhttp {{\naccess_log off;\n\
         client_body_temp_path {root}/body; proxy_temp_path {root}/proxy; fastcgi_temp_path {root}/fastcgi;\n\
         uwsgi_temp_path {root}/uwsgi; scgi_temp_path {root}/scgi;\n{server}\n}}\n"
    )
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
fn certificate(folder: &Path) {
    let made = Command::new("openssl")
        .args(["req", "-x509", "-newkey", "ec", "-nodes", "-days", "2"])
        .args(["-pkeyopt", "ec_paramgen_curve:prime256v1"])
        .args(["-subj", "/CN=clinic.example"])
        .args(["-keyout", "key.pem", "-out", "cert.pem"])
        .current_dir(folder)
        .stderr(Stdio::null())
        .status();
    assert!(made.expect("`openssl` is there").success());
}
