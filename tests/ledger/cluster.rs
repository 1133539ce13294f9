//! A throwaway PostgreSQL from Debian's package: a folder, a socket in it, no port.
//! A shell waits for the end of the tests, however they end, then stops the server
//! and removes the folder.

use std::fs;
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};

static NEXT: AtomicUsize = AtomicUsize::new(0);

/// The server that tests share, each in a database of its own.
static SHARED: LazyLock<Cluster> = LazyLock::new(Cluster::started);

/// Waits for the end of its input, which comes when the tests end, by whatever signal.
const WATCH: &str =
    r#"trap "" HUP INT TERM; cat; "$1" -D "$2/data" -m immediate -w stop; rm -rf "$2""#;

/// Who runs the server when the tests run as root, which PostgreSQL refuses.
const USER: &str = "postgres";

pub struct Cluster {
    folder: PathBuf,
    watch: Child,
}

impl Cluster {
    /// The server that all tests share; nobody stops it.
    pub fn shared() -> &'static Self {
        &SHARED
    }

    /// A server of its own that does not run yet.
    pub fn stopped() -> Self {
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        // The path of a socket may have 107 bytes, and another user must be able to enter: not the build folder.
        let name = format!("signpost-ledger-{}-{number}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        fs::create_dir(&folder).expect("a scratch folder can be made");
        fs::set_permissions(&folder, fs::Permissions::from_mode(0o700)).expect("it is ours");
        if let Some((user, group)) = server_user() {
            chown(&folder, Some(user), Some(group)).expect("root may give a folder away");
        }
        let watch = as_server(Path::new("sh"))
            .args(["-c", WATCH, "watch"])
            .arg(program("pg_ctl"))
            .arg(&folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("there is a shell");
        let cluster = Self { folder, watch };
        run(as_server(&program("initdb"))
            .args([
                "--no-sync",
                "--auth=trust",
                "--username=signpost",
                "--encoding=UTF8",
            ])
            .args(["--locale=C.UTF-8", "--pgdata"])
            .arg(cluster.folder.join("data")));
        cluster
    }

    /// A server of its own.
    pub fn started() -> Self {
        let cluster = Self::stopped();
        cluster.start();
        cluster
    }

    /// Starts the server and waits until it answers.
    pub fn start(&self) {
        // A test stops the server, never the machine, so nothing needs to reach the disk.
        let options = format!(
            "-k {} -c listen_addresses= -c fsync=off -c max_connections=300",
            self.folder.display()
        );
        let log = self.folder.join("log");
        run(self
            .control()
            .args(["-w", "start", "-o", &options, "-l"])
            .arg(log));
    }

    /// Ends the server as a power cut would: nobody says goodbye.
    pub fn stop(&self) {
        run(self.control().args(["-m", "immediate", "-w", "stop"]));
    }

    /// Lets the server stand still: it answers nothing, and takes connections as the system does for it.
    pub fn hang(&self) {
        self.signal("STOP");
    }

    /// Lets it go on.
    pub fn go_on(&self) {
        self.signal("CONT");
    }

    /// Sends a signal to the server and to all that it started.
    fn signal(&self, name: &str) {
        let file = self.folder.join("data/postmaster.pid");
        let text = fs::read_to_string(file).expect("it runs");
        let first = text.lines().next().expect("the first line is the process");
        // A process that ended meanwhile needs no signal.
        let started = format!("$(cat /proc/{first}/task/{first}/children)");
        let send = format!("kill -{name} {first}; kill -{name} {started} || true");
        run(Command::new("sh").args(["-c", &send]));
    }

    fn control(&self) -> Command {
        let mut control = as_server(&program("pg_ctl"));
        control.arg("-D").arg(self.folder.join("data"));
        control
    }

    /// The socket on which the server listens.
    pub fn socket(&self) -> PathBuf {
        self.folder.join(".s.PGSQL.5432")
    }

    /// The address of a database, which may not be there.
    pub fn address(&self, database: &str) -> String {
        format!(
            "postgres://signpost@localhost/{database}?host={}",
            self.folder.display()
        )
    }

    /// Makes a database and gives its name.
    pub async fn database(&self) -> String {
        let name = format!("ledger_{}", NEXT.fetch_add(1, Ordering::Relaxed));
        let mut connection = PgConnection::connect(&self.address("postgres"))
            .await
            .expect("the server answers");
        // The name is made of a word and a number.
        let make = AssertSqlSafe(format!("CREATE DATABASE {name}"));
        connection
            .execute(make)
            .await
            .expect("a database can be made");
        name
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        drop(self.watch.stdin.take());
        self.watch
            .wait()
            .expect("the shell ends when its input does");
    }
}

/// A program of PostgreSQL, in `PATH` or where Debian puts it; the newest of several.
fn program(name: &str) -> PathBuf {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten();
    let mut folders: Vec<PathBuf> = versions
        .flatten()
        .map(|entry| entry.path().join("bin"))
        .collect();
    folders.sort_by_key(|folder| version(folder));
    let path = std::env::var_os("PATH").unwrap_or_default();
    folders.extend(std::env::split_paths(&path));
    // Programs of one version must work together, so Debian's folder comes before the links to it.
    let found = folders
        .iter()
        .map(|folder| folder.join(name))
        .rfind(|path| path.is_file());
    found.unwrap_or_else(|| {
        panic!("PostgreSQL is missing (no `{name}`); `tests/run` installs it, or: apt-get install postgresql")
    })
}

fn version(bin: &Path) -> Option<u32> {
    bin.parent()?.file_name()?.to_str()?.parse().ok()
}

/// Runs a program as a user whom PostgreSQL accepts.
fn as_server(program: &Path) -> Command {
    let mut command = if server_user().is_some() {
        let mut command = Command::new("runuser");
        command.args(["-u", USER, "--"]).arg(program);
        command
    } else {
        Command::new(program)
    };
    command.current_dir("/").stdin(Stdio::null());
    command
}

/// User and group of the server, when the tests run as root.
fn server_user() -> Option<(u32, u32)> {
    if id(&["-u"]) != 0 {
        return None;
    }
    Some((id(&["-u", USER]), id(&["-g", USER])))
}

fn id(arguments: &[&str]) -> u32 {
    let output = Command::new("id")
        .args(arguments)
        .output()
        .expect("there is `id`");
    let text = String::from_utf8(output.stdout).expect("a number is text");
    text.trim()
        .parse()
        .expect("there is a user `postgres`; it comes with PostgreSQL: apt-get install postgresql")
}

fn run(command: &mut Command) {
    let output = command.output().expect("the program can be started");
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {told}");
}
