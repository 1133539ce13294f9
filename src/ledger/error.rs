//! Why the ledger could not do something. What a database says may repeat what was
//! sent to it, so its own words pass only where they can't hold any of that.

use sqlx::error::DatabaseError;
use sqlx::migrate::MigrateError;
use sqlx::sqlite::SqliteError;

/// Why the ledger could not do something. None of it holds anything about a patient.
#[derive(Debug, Clone, thiserror::Error)]
pub enum LedgerError {
    /// The database can't be reached or can't write now: for the operator. Trying again may help.
    #[error("the ledger can't be reached: {0}")]
    Unreachable(String),
    /// The database holds something that this program did not write: for the operator.
    #[error("the ledger holds something unexpected: {0}")]
    Unexpected(String),
}

/// SQLSTATE classes and codes whose words are about the database and never about what was sent: it can't be connected
/// to, who asks or the database is unknown, it is read-only, full, stopping or broken, or refuses us.
const HARMLESS: [&str; 9] = [
    "08", "28", "3D", "25006", "53", "57", "58", "42501", "55P03",
];

impl From<sqlx::Error> for LedgerError {
    fn from(error: sqlx::Error) -> Self {
        use sqlx::Error;
        match error {
            Error::Database(error) => of_database(&*error),
            Error::Io(error) => Self::Unreachable(error.to_string()),
            Error::Tls(error) => Self::Unreachable(error.to_string()),
            Error::PoolTimedOut => Self::Unreachable("no connection was free in time".into()),
            Error::PoolClosed => Self::Unreachable("it is being opened anew".into()),
            Error::WorkerCrashed => Self::Unreachable("its thread has ended".into()),
            Error::Protocol(_) => Self::Unreachable("the connection broke".into()),
            // Its text may hold the address.
            Error::Configuration(_) => Self::Unreachable(
                "its address can't be read; expected `postgres://user:password@host/name`".into(),
            ),
            Error::ColumnDecode { index, .. } => Self::Unexpected(format!("column {index}")),
            _ => Self::Unexpected("an answer that does not fit what was asked".into()),
        }
    }
}

fn of_database(error: &dyn DatabaseError) -> LedgerError {
    let code = error.code().unwrap_or_default();
    if error.try_downcast_ref::<SqliteError>().is_some() {
        return of_sqlite(&code, error.message());
    }
    if HARMLESS.iter().any(|known| code.starts_with(known)) {
        LedgerError::Unreachable(error.message().to_owned())
    } else {
        LedgerError::Unreachable(format!(
            "the database refused a statement (SQLSTATE {code})"
        ))
    }
}

/// What SQLite calls `SQLITE_BUSY`, `SQLITE_CORRUPT` and `SQLITE_NOTADB`. Source: sqlite.org/rescode.html.
const BUSY: u32 = 5;
const CORRUPT: u32 = 11;
const NOT_A_DATABASE: u32 = 26;

/// SQLite names tables and columns, never what is in them.
fn of_sqlite(code: &str, message: &str) -> LedgerError {
    match primary(code) {
        Some(CORRUPT | NOT_A_DATABASE) => LedgerError::Unexpected(message.to_owned()),
        _ => LedgerError::Unreachable(message.to_owned()),
    }
}

/// The last byte of a code of SQLite; the others tell more of the same.
fn primary(code: &str) -> Option<u32> {
    code.parse::<u32>().ok().map(|code| code % 256)
}

/// Whether another connection to the same file is in the way.
pub(super) fn is_locked(error: &sqlx::Error) -> bool {
    let of_sqlite = error
        .as_database_error()
        .filter(|error| error.try_downcast_ref::<SqliteError>().is_some());
    let code = of_sqlite.and_then(DatabaseError::code);
    code.and_then(|code| primary(&code)) == Some(BUSY)
}

impl From<MigrateError> for LedgerError {
    fn from(error: MigrateError) -> Self {
        match error {
            MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => error.into(),
            MigrateError::VersionMissing(number) => Self::Unexpected(format!(
                "its tables are those of a newer program (migration {number}); install that one"
            )),
            MigrateError::VersionMismatch(number) => Self::Unexpected(format!(
                "migration {number} is not the one that was released; restore a backup"
            )),
            _ => Self::Unexpected("its tables can't be brought up to date".into()),
        }
    }
}
