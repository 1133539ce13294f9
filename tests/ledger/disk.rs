//! A disk of one megabyte, in a mount namespace of its own: no other program sees it, and it is gone with the test.
//! The test starts its own binary again in there.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use signpost::ledger::{Kept, Ledger, LedgerError, LedgerPlace, NewRequest, Sealed, Which};

use crate::scratch::{Folder, request};

/// Names the small disk to the binary that is started inside.
const DISK: &str = "SIGNPOST_TEST_DISK";

const INSIDE: &str =
    r#"mount -t tmpfs -o size=1m tmpfs "$1" && SIGNPOST_TEST_DISK="$1" exec "$2" --exact "$3""#;

/// The folder of the small disk when the test runs inside; none when it ran there and passed.
fn small_disk(test: &str) -> Option<PathBuf> {
    if let Some(disk) = std::env::var_os(DISK) {
        return Some(disk.into());
    }
    let folder = Folder::new();
    let mount_point = folder.path("disk");
    fs::create_dir(&mount_point).unwrap();
    let mut unshare = Command::new("unshare");
    unshare.arg("--mount");
    let id = Command::new("id").arg("-u").output().unwrap();
    if id.stdout != b"0\n" {
        unshare.args(["--user", "--map-root-user"]);
    }
    unshare
        .args(["sh", "-c", INSIDE, "inside"])
        .arg(&mount_point);
    unshare.arg(std::env::current_exe().unwrap()).arg(test);
    let output = unshare
        .output()
        .expect("`unshare` is there; it comes with util-linux");
    let told = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && told.contains("1 passed"),
        "inside: {told}{}\nif it can't mount: run it as root, or allow user namespaces",
        String::from_utf8_lossy(&output.stderr)
    );
    None
}

/// A new instance finds these requests and no others.
async fn expect_there(path: &Path, expected: &[Kept]) {
    let ledger = Ledger::at(LedgerPlace::Sqlite(path.to_owned()));
    let codes = ledger.codes(Which::All).await.unwrap();
    let expected: Vec<_> = expected.iter().map(|kept| kept.code()).collect();
    assert_eq!(codes, expected);
}

/// Writes until there is no room left.
fn fill(file: &Path) {
    let mut file = File::create(file).unwrap();
    let room_for = |bytes: usize| {
        let bytes = vec![1; bytes];
        move |file: &mut File| file.write_all(&bytes).is_ok()
    };
    for step in [room_for(4096), room_for(1)] {
        while step(&mut file) {}
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_keeps_nothing_and_a_free_one_keeps_again() {
    let Some(disk) = small_disk("disk::a_full_disk_keeps_nothing_and_a_free_one_keeps_again")
    else {
        return;
    };
    let path = disk.join("ledger.sqlite");
    let ledger = Ledger::at(LedgerPlace::Sqlite(path.clone()));
    let first = ledger.keep(&request(1), &[]).await.unwrap();
    fill(&disk.join("filler"));
    let large = NewRequest {
        sealed: Sealed(vec![2; 100_000]),
        ..request(2)
    };
    for _ in 0..2 {
        let error = ledger.keep(&large, &[]).await.unwrap_err();
        assert!(matches!(error, LedgerError::Unreachable(_)), "{error:?}");
    }
    fs::remove_file(disk.join("filler")).unwrap();
    expect_there(&path, &[first]).await;
    let second = ledger.keep(&large, &[]).await.unwrap();
    assert!(matches!(second, Kept::New(_)));
    expect_there(&path, &[first, second]).await;
}

/// Lets nobody write below a path, not even root.
fn lock(path: &Path) {
    mount(&["--bind"], &[path, path]);
    mount(&["-o", "remount,bind,ro"], &[path]);
}

fn unlock(path: &Path) {
    let status = Command::new("umount").arg(path).status().unwrap();
    assert!(status.success());
}

fn mount(options: &[&str], paths: &[&Path]) {
    let status = Command::new("mount")
        .args(options)
        .args(paths)
        .status()
        .unwrap();
    assert!(status.success());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_can_not_be_written_keeps_nothing_until_it_can() {
    let Some(disk) = small_disk("disk::what_can_not_be_written_keeps_nothing_until_it_can") else {
        return;
    };
    let folder = disk.join("ledger");
    let path = folder.join("ledger.sqlite");
    let place = LedgerPlace::Sqlite(path.clone());
    let mut kept = Vec::new();
    fs::create_dir(&folder).unwrap();
    // First there is no file yet, then there is one, then the file alone can't be written.
    for (number, locked) in [(1, &folder), (2, &folder), (3, &path)] {
        let ledger = Ledger::at(place.clone());
        lock(locked);
        for _ in 0..2 {
            let error = ledger.keep(&request(number), &[]).await.unwrap_err();
            assert!(
                matches!(error, LedgerError::Unreachable(_)),
                "{number}: {error:?}"
            );
        }
        unlock(locked);
        kept.push(ledger.keep(&request(number), &[]).await.unwrap());
        expect_there(&path, &kept).await;
    }
}
