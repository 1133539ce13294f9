//! Brings the tables up to date. A migration that was released is never edited;
//! a database that knows more of them than this program is left alone.

use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::{AnyConnection, Connection, SqlSafeStr};

use super::LedgerError;
use super::database::Kind;

/// Number, what it brings, and its statements; ascending.
type Released = [(i64, &'static str, &'static str)];

const SQLITE: &Released = &[(
    1,
    "ledger",
    include_str!("migrations/sqlite/0001_ledger.sql"),
)];

const POSTGRES: &Released = &[
    (
        1,
        "ledger",
        include_str!("migrations/postgres/0001_ledger.sql"),
    ),
    (
        2,
        "several servers",
        include_str!("migrations/postgres/0002_several_servers.sql"),
    ),
];

/// Applies what is missing. Several instances may do so at once. `run_direct` is `run` for one connection; futures
/// with the other one can't be sent to another thread.
///
/// # Errors
/// The database can't be written, or is newer than this program: for the operator.
pub(super) async fn migrate(connection: &mut AnyConnection, kind: Kind) -> Result<(), LedgerError> {
    match kind {
        // sqlx locks nothing here, so all of it is one write: another instance waits, then finds it done.
        Kind::Sqlite => {
            let mut write = connection.begin_with(kind.begin()).await?;
            let migrator = migrator(SQLITE);
            migrator.run_direct(None, &mut *write, false).await?;
            Ok(write.commit().await?)
        }
        // sqlx holds an advisory lock.
        Kind::Postgres => {
            let migrator = migrator(POSTGRES);
            Ok(migrator.run_direct(None, connection, false).await?)
        }
    }
}

fn migrator(released: &Released) -> Migrator {
    let migration = |(number, brings, statements): &(i64, &'static str, &'static str)| {
        let (brings, statements) = (*brings, (*statements).into_sql_str());
        Migration::new(
            *number,
            brings.into(),
            MigrationType::Simple,
            statements,
            false,
        )
    };
    Migrator::with_migrations(released.iter().map(migration).collect())
}
