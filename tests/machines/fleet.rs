//! Three machines: a folder with releases each, a link to the one that is served, a
//! depot, and the program. They share a database and a secret, and nothing else.

use std::fs;
use std::net::{SocketAddr, TcpStream};
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use signpost::ledger::{Ledger, LedgerError, LedgerPlace};

use crate::cluster::Cluster;
use crate::folder::{copy, repository};
use crate::nginx::{Nginx, Scheme, free_addr};
use crate::program::{Serving, run, signpost, until};
use crate::wire;

static NEXT: AtomicUsize = AtomicUsize::new(0);

/// The day of all tests here.
const TODAY: &str = "2026-11-25";

/// One machine.
pub struct Machine {
    folder: PathBuf,
    secret: PathBuf,
    database: String,
    limits: &'static str,
    /// Where it listens, also after it was started again.
    pub addr: SocketAddr,
    operators: SocketAddr,
    serving: Option<Serving>,
}

impl Machine {
    /// Starts the program, and waits until it listens, to operators too: pages of before are sent sooner.
    pub fn start(&mut self) {
        let [addr, operators] = [self.addr, self.operators].map(|addr| addr.to_string());
        let mut command = signpost(&self.folder, &["serve", "--content", "current"]);
        command
            .args(["--today", TODAY, "--workers", "2", "--addr", &addr])
            .args(["--metrics-addr", &operators, "--trusted-proxy", "127.0.0.1"])
            .args(["--rate-limits", self.limits, "--depot", "var/depot"])
            .args(["--compressed-file", "var/compressed"])
            .arg("--request-secret-file")
            .arg(&self.secret)
            .env("DATABASE_URL", &self.database);
        fs::create_dir_all(self.folder.join("var")).expect("the folder can be made");
        self.serving = Some(Serving::start(command));
        until("operators are answered", || {
            TcpStream::connect(self.operators).is_ok()
        });
    }

    /// Ends the program as a power cut would.
    pub fn kill(&mut self) {
        self.serving = None;
    }

    /// Stops the program as an operator does, and waits for its end.
    pub fn stop(&mut self) {
        let mut serving = self.serving.take().expect("it runs");
        serving.signal("TERM");
        assert_eq!(serving.end(), Some(0), "{}", serving.log());
    }

    /// Unpacks a release beside those that are there.
    pub fn unpack(&self, release: &Path, name: &str) {
        copy(release, &self.folder.join("releases").join(name));
    }

    /// Puts the files of a release into the depot.
    pub fn stage(&self, name: &str) {
        let release = format!("releases/{name}");
        let mut command = signpost(&self.folder, &["stage", "--content", &release]);
        command.args(["--today", TODAY, "--depot", "var/depot"]);
        let ended = run(command);
        assert_eq!(ended.status, Some(0), "{}{}", ended.out, ended.err);
    }

    /// Sets the link to a release, in one step.
    pub fn set(&self, name: &str) {
        let (next, current) = (self.folder.join("next"), self.folder.join("current"));
        symlink(Path::new("releases").join(name), &next).expect("a link can be made");
        fs::rename(next, current).expect("a link can be replaced");
    }

    /// Edits a file of a release that is unpacked already.
    pub fn edit(&self, name: &str, file: &str, from: &str, to: &str) {
        let path = self.folder.join("releases").join(name).join(file);
        let text = fs::read_to_string(&path).expect("it can be read");
        assert!(text.contains(from), "`{file}` does not hold `{from}`");
        fs::write(path, text.replacen(from, to, 1)).expect("it can be written");
    }

    /// Everything that the program logged since it was started.
    pub fn log(&self) -> String {
        self.serving.as_ref().expect("it runs").log()
    }

    /// Waits until the first page shows a text.
    pub fn shows(&self, text: &str) {
        until(text, || self.get("/").contains(text));
    }

    /// Asks this machine itself, and gives the whole answer.
    pub fn get(&self, path: &str) -> String {
        wire::exchange(self.addr, &format!("GET {path} HTTP/1.1"))
    }

    /// How many pages it has answered since it was started.
    pub fn pages_answered(&self) -> u64 {
        let metrics = wire::exchange(self.operators, "GET /metrics HTTP/1.1");
        let own = "signpost_requests_total{class=\"page\",status=\"2xx\"} ";
        let number = metrics.lines().find_map(|line| line.strip_prefix(own));
        number.map_or(0, |number| number.trim().parse().expect("it is a number"))
    }
}

/// Machines behind nginx.
pub struct Fleet {
    /// The machines.
    pub machines: Vec<Machine>,
    /// The balancer.
    pub nginx: Nginx,
    ledger: Ledger,
    runtime: tokio::runtime::Runtime,
    root: PathBuf,
}

impl Fleet {
    /// Starts so many machines that serve a release.
    pub fn start(count: usize, release: &Path, name: &str, limits: &'static str) -> Self {
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let root = format!("machines-{}-{number}", std::process::id());
        let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join(root);
        fs::create_dir_all(&root).expect("a scratch folder can be made");
        let cluster = Cluster::shared();
        let runtime = tokio::runtime::Runtime::new().expect("there are threads");
        let database = cluster.address(&runtime.block_on(cluster.database()));
        let start = |number: usize| {
            let mut machine = Machine {
                folder: root.join(number.to_string()),
                secret: root.join("request-secret"),
                database: database.clone(),
                limits,
                addr: free_addr(),
                operators: free_addr(),
                serving: None,
            };
            machine.unpack(release, name);
            machine.set(name);
            machine.start();
            machine
        };
        let machines: Vec<Machine> = (0..count).map(start).collect();
        let addrs: Vec<SocketAddr> = machines.iter().map(|machine| machine.addr).collect();
        let nginx = Nginx::start(&root, &addrs, Scheme::Http);
        let ledger = Ledger::at(LedgerPlace::Postgres(database));
        Self {
            machines,
            nginx,
            ledger,
            runtime,
            root,
        }
    }

    /// Asks the ledger, as staff open it.
    pub fn ask_ledger<T>(&self, ask: impl AsyncFnOnce(&Ledger) -> Result<T, LedgerError>) -> T {
        let answer = self.runtime.block_on(ask(&self.ledger));
        answer.expect("the ledger answers")
    }
}

impl Drop for Fleet {
    fn drop(&mut self) {
        for machine in &mut self.machines {
            machine.kill();
        }
        // What is left over is in the build folder, where it harms nobody.
        fs::remove_dir_all(&self.root).unwrap_or_default();
    }
}

/// A release of a small site that takes requests and counts a campaign. Each of its pages says which edition it is of, in
/// what every page shows, in a title that other pages repeat, in the style sheet and in a picture.
pub fn release(edition: u32) -> PathBuf {
    let name = format!("release-{}-{edition}", std::process::id());
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{number}"));
    copy(&repository().join("tests/content/sound"), &root);
    let write = |file: &str, text: &str| {
        let path = root.join(file);
        let above = path.parent().expect("a file stands in a folder");
        fs::create_dir_all(above).expect("the folder can be made");
        fs::write(path, text).expect("it can be written");
    };
    let edit = |file: &str, from: &str, to: &str| {
        let text = fs::read_to_string(root.join(file)).expect("it can be read");
        assert!(text.contains(from), "`{file}` does not hold `{from}`");
        write(file, &text.replacen(from, to, 1));
    };
    let mark = mark(edition);
    write(
        "clinic/booking.toml",
        "keep_days = 30\nanswer_within = \"soon\"\n",
    );
    let campaign = "[[campaign]]\nid = \"flyer\"\nlabel = \"A flyer\"\nchannel = \"flyer\"\nfrom = 2026-11-01\n\
                    until = 2026-12-31\nservice = \"test-visit\"\n";
    write("clinic/campaigns.toml", campaign);
    edit(
        "clinic/clinic.toml",
        "A clinic that stands in tests alone",
        &format!("The {mark}"),
    );
    edit(
        "articles/small-page.md",
        "A small page",
        &format!("A small page of {mark}"),
    );
    let color = ["#0b5d5a", "#5a0b5d", "#0b2f5d"][edition as usize % 3];
    edit("clinic/clinic.toml", "#0b5d5a", color);
    let picture = repository().join("tests/content/sound/articles/every-part/dot.png");
    let mut picture = fs::read(picture).expect("it can be read");
    picture.extend(mark.as_bytes());
    fs::write(root.join("articles/every-part/dot.png"), picture).expect("it can be written");
    // An address that the edition before does not have.
    let small = fs::read_to_string(root.join("articles/small-page.md")).expect("it can be read");
    let own = small.replace("A small page of", "A page for");
    write(&format!("articles/page-{edition}.md"), &own);
    root
}

/// What every page of an edition says.
pub fn mark(edition: u32) -> String {
    format!("edition-{edition}")
}
