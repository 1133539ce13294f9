//! One open database of either kind. Everything that differs between the two is
//! here: how one opens, how long one waits, how a write begins. No wait is endless,
//! and a write to a file that is no longer there is never called a success.

use std::fmt::Write;
use std::future::Future;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::time::Duration;

use sqlx::any::{AnyArguments, AnyConnectOptions, AnyPoolOptions, AnyRow, install_default_drivers};
use sqlx::query::Query;
use sqlx::{Any, AnyConnection, AnyPool, ConnectOptions, Connection, Transaction};

use super::error;
use super::file::{self, OpenFile};
use super::migrations::migrate;
use super::{LedgerError, LedgerPlace, cells};

/// A statement and what stands in its places.
pub(super) type Statement<'a> = Query<'a, Any, AnyArguments>;

/// Which database it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Sqlite,
    Postgres,
}

/// What every connection is told first. Commits are on disk before they are acknowledged, what is deleted is
/// overwritten, and nothing is put into temporary files. Source: sqlite.org/pragma.html.
const SQLITE_SETTINGS: &str = "
    PRAGMA busy_timeout = 4000;
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    PRAGMA fullfsync = ON;
    PRAGMA checkpoint_fullfsync = ON;
    PRAGMA foreign_keys = ON;
    PRAGMA secure_delete = ON;
    PRAGMA temp_store = MEMORY;
";

/// What every connection is told first. A server that is told to acknowledge before it has written is overruled.
const POSTGRES_SETTINGS: &str = "
    SET statement_timeout = '2500ms';
    SET lock_timeout = '2000ms';
    SET idle_in_transaction_session_timeout = '10s';
    SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off';
";

impl Kind {
    /// How a write begins. SQLite takes its one write lock at once; a lock that is asked for later can be refused.
    /// PostgreSQL looks at what others have written in the meantime, whatever its settings say.
    pub fn begin(self) -> &'static str {
        match self {
            Self::Sqlite => "BEGIN IMMEDIATE",
            Self::Postgres => "BEGIN ISOLATION LEVEL READ COMMITTED",
        }
    }

    fn settings(self) -> &'static str {
        match self {
            Self::Sqlite => SQLITE_SETTINGS,
            Self::Postgres => POSTGRES_SETTINGS,
        }
    }

    /// SQLite has one writer, and readers of a small file gain nothing from more.
    fn connections(self) -> u32 {
        match self {
            Self::Sqlite => 1,
            Self::Postgres => 8,
        }
    }

    /// Longest wait for one step. Longer than the database's own limits, so that its own words are heard first. A file
    /// can't be away, but its one connection may have a queue.
    fn patience(self) -> Duration {
        match self {
            Self::Sqlite => Duration::from_secs(5),
            Self::Postgres => Duration::from_secs(3),
        }
    }
}

/// A database whose tables are up to date.
pub(super) struct Open {
    pub kind: Kind,
    pool: AnyPool,
    file: Option<OpenFile>,
}

/// Opens a database, makes it on first use, and brings its tables up to date.
///
/// # Errors
/// See [`LedgerError`].
pub(super) async fn open(place: &LedgerPlace) -> Result<Open, LedgerError> {
    install_default_drivers();
    match place {
        LedgerPlace::Sqlite(path) => open_file(path).await,
        LedgerPlace::Postgres(address) => {
            let kind = Kind::Postgres;
            let pool = prepare(kind, address).await?;
            let file = None;
            Ok(Open { kind, pool, file })
        }
    }
}

async fn open_file(path: &Path) -> Result<Open, LedgerError> {
    let unreachable = |error: std::io::Error| LedgerError::Unreachable(error.to_string());
    let path = std::path::absolute(path).map_err(unreachable)?;
    let made = file::make(&path).map_err(unreachable)?;
    let kind = Kind::Sqlite;
    let pool = prepare(kind, &address_of(&path)).await?;
    // The first look at a table opens the log; both files are the ones at the path from here on.
    let look = sqlx::query("SELECT count(*) FROM tallies").fetch_one(&pool);
    within(kind, look).await?;
    let file = OpenFile::at(&path).map_err(unreachable)?;
    if !file.is_same_database(&made) {
        return Err(LedgerError::Unreachable(
            "its file was replaced while it was opened".into(),
        ));
    }
    let file = Some(file);
    Ok(Open { kind, pool, file })
}

/// The path as sqlx takes it, with every byte spelled out that could mean something. The file is there already, so
/// that SQLite never makes one that others can read.
fn address_of(path: &Path) -> String {
    let mut address = "sqlite://".to_owned();
    for byte in path.as_os_str().as_bytes() {
        match byte {
            b'/' | b'.' | b'-' | b'_' => address.push(char::from(*byte)),
            byte if byte.is_ascii_alphanumeric() => address.push(char::from(*byte)),
            byte => write!(address, "%{byte:02X}").unwrap_or_default(),
        }
    }
    address.push_str("?mode=rw");
    address
}

/// Brings the tables up to date over a connection of its own, so that what is wrong is told at once and in its own
/// words. A pool would try again and again, then speak of time.
async fn prepare(kind: Kind, address: &str) -> Result<AnyPool, LedgerError> {
    let options = address.parse::<AnyConnectOptions>()?;
    let options = options.disable_statement_logging();
    within(kind, async {
        let mut connection = AnyConnection::connect_with(&options).await?;
        let done = set_up(&mut connection, kind).await;
        // Also after a fault, so that neither a file nor a lock is held when the next attempt begins.
        let closed = connection.close().await;
        done?;
        Ok::<_, LedgerError>(closed?)
    })
    .await?;
    let pool = AnyPoolOptions::new()
        .max_connections(kind.connections())
        .acquire_timeout(kind.patience())
        .after_connect(move |connection, _| Box::pin(apply_settings(connection, kind)));
    let pool = match kind {
        // The connection lives as long as the file: which file it is was looked up once.
        Kind::Sqlite => pool.idle_timeout(None).max_lifetime(None),
        Kind::Postgres => pool,
    };
    Ok(pool.connect_lazy_with(options))
}

async fn set_up(connection: &mut AnyConnection, kind: Kind) -> Result<(), LedgerError> {
    apply_settings(connection, kind).await?;
    migrate(connection, kind).await
}

/// Pause between two attempts to switch a new file to a log, in milliseconds.
const SWITCH_PAUSE_MS: u64 = 10;

/// Two that switch the same new file to a log at once would wait for each other, so SQLite refuses one without
/// waiting. That one tries again; whoever calls limits the time.
async fn apply_settings(connection: &mut AnyConnection, kind: Kind) -> Result<(), sqlx::Error> {
    loop {
        let settings = sqlx::raw_sql(kind.settings());
        match settings.execute(&mut *connection).await {
            Err(error) if error::is_locked(&error) => {
                tokio::time::sleep(Duration::from_millis(SWITCH_PAUSE_MS)).await;
            }
            done => return done.map(|_| ()),
        }
    }
}

/// Waits no longer than a step may take: a server may be gone without a word.
async fn within<T, E: Into<LedgerError>>(
    kind: Kind,
    step: impl Future<Output = Result<T, E>>,
) -> Result<T, LedgerError> {
    match tokio::time::timeout(kind.patience(), step).await {
        Ok(done) => done.map_err(Into::into),
        Err(_) => Err(LedgerError::Unreachable("it did not answer in time".into())),
    }
}

impl Open {
    /// Whether a write would go where the ledger is.
    pub fn is_in_place(&self) -> bool {
        self.file.as_ref().is_none_or(OpenFile::is_in_place)
    }

    /// Closes a file, so that it is not open twice. Connections to a server just end.
    pub async fn close(&self) {
        if self.kind == Kind::Sqlite {
            if !self.is_in_place() {
                // Its log may be left beside another file, which it would damage: it goes into its own file first.
                self.truncate_log().await;
            }
            let closed = tokio::time::timeout(self.kind.patience(), self.pool.close()).await;
            if closed.is_err() {
                tracing::warn!("the ledger's file can't be closed; it is opened anew all the same");
            }
        }
    }

    /// The rows that a statement gives, in its order. For reading, and for writing that stands alone.
    pub async fn rows(&self, statement: Statement<'_>) -> Result<Vec<AnyRow>, LedgerError> {
        within(self.kind, statement.fetch_all(&self.pool)).await
    }

    /// Runs a statement that may take as long as it takes, such as a copy of everything.
    pub async fn without_limit(&self, statement: Statement<'_>) -> Result<(), LedgerError> {
        Ok(statement.execute(&self.pool).await.map(|_| ())?)
    }

    /// The rows that a statement gives, however long it reads.
    pub async fn rows_without_limit(
        &self,
        statement: Statement<'_>,
    ) -> Result<Vec<AnyRow>, LedgerError> {
        Ok(statement.fetch_all(&self.pool).await?)
    }

    /// Begins a change that happens as a whole or not at all.
    pub async fn change(&self) -> Result<Change<'_>, LedgerError> {
        let transaction = within(self.kind, self.pool.begin_with(self.kind.begin())).await?;
        Ok(Change {
            open: self,
            transaction,
        })
    }

    /// Cuts the log, so that nothing that was purged is left in it. What was purged stays so when that fails.
    pub async fn truncate_log(&self) {
        if self.kind == Kind::Postgres {
            return;
        }
        let rows = self.rows(sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)"));
        let busy = rows.await.map(|rows| {
            let busy = rows.first().map(|row| cells::number(row, "busy"));
            !matches!(busy, Some(Ok(0)))
        });
        if !matches!(busy, Ok(false)) {
            tracing::warn!(
                "the ledger's log can't be cut now; what was purged may be on disk until the next purge"
            );
        }
    }
}

/// A change that is under way. Dropped, it never happened.
pub(super) struct Change<'a> {
    open: &'a Open,
    transaction: Transaction<'static, Any>,
}

impl Change<'_> {
    /// The rows that a statement gives, in its order.
    pub async fn rows(&mut self, statement: Statement<'_>) -> Result<Vec<AnyRow>, LedgerError> {
        let step = statement.fetch_all(&mut *self.transaction);
        within(self.open.kind, step).await
    }

    /// How many rows a statement changed.
    pub async fn run(&mut self, statement: Statement<'_>) -> Result<u64, LedgerError> {
        let step = statement.execute(&mut *self.transaction);
        Ok(within(self.open.kind, step).await?.rows_affected())
    }

    /// Makes it last. When this returns, it is on disk, in the file that is at the ledger's path.
    pub async fn commit(self) -> Result<(), LedgerError> {
        within(self.open.kind, self.transaction.commit()).await?;
        if self.open.is_in_place() {
            Ok(())
        } else {
            Err(LedgerError::Unreachable(
                "its file was deleted or replaced while it was written; look at its folder".into(),
            ))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_file_is_written_as_durably_as_sqlite_can() {
        let name = format!("signpost-test-settings-{}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        let place = LedgerPlace::Sqlite(folder.join("ledger.sqlite"));
        let open = open(&place).await.unwrap();
        let rows = [
            ("PRAGMA synchronous", 2),
            ("PRAGMA fullfsync", 1),
            ("PRAGMA secure_delete", 1),
            ("PRAGMA foreign_keys", 1),
            ("PRAGMA temp_store", 2),
        ];
        for (setting, expected) in rows {
            let answer = open.rows(sqlx::query(setting)).await.unwrap();
            let (_, name) = setting.split_once(' ').unwrap();
            assert_eq!(cells::number(&answer[0], name).unwrap(), expected, "{name}");
        }
        let answer = open.rows(sqlx::query("PRAGMA journal_mode")).await.unwrap();
        assert_eq!(cells::text(&answer[0], "journal_mode").unwrap(), "wal");
        open.close().await;
        #[expect(clippy::disallowed_methods, reason = "the test made the folder")]
        std::fs::remove_dir_all(folder).unwrap();
    }
}
