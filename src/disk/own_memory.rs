//! How much memory this program takes, as the system counts it. It stands with the files because
//! that is where the system tells it, and it knows no other system than Linux.

use std::fs;

/// The file in which the system tells a program about itself. Source: `proc_pid_status(5)`.
const STATUS: &str = "/proc/self/status";

/// Memory that this program takes of the machine now, in bytes; none where the system does not tell it.
#[allow(clippy::disallowed_methods)] // this module asks the system
pub fn resident_bytes() -> Option<u64> {
    resident(&fs::read_to_string(STATUS).ok()?)
}

fn resident(status: &str) -> Option<u64> {
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kib: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    kib.checked_mul(1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_told_in_kib() {
        let rows = [
            (
                "Name:\tsignpost\nVmRSS:\t    1234 kB\nRssAnon:\t 7 kB\n",
                Some(1_263_616),
            ),
            ("VmRSS:\t 1234\n", None),
            ("VmSize:\t 1234 kB\n", None),
        ];
        for (status, expected) in rows {
            assert_eq!(resident(status), expected, "{status}");
        }
    }

    #[test]
    fn this_program_takes_some() {
        assert!(resident_bytes().is_some_and(|bytes| bytes > 1024 * 1024));
    }
}
