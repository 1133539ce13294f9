use signpost::ledger::{SecretMark, Secrets};

use crate::scratch::{Scratch, at};

#[tokio::test]
async fn servers_with_two_secrets_find_out_and_a_new_secret_is_found_right_when_all_have_it() {
    let scratch = Scratch::postgres().await;
    let [first, second] = [scratch.ledger(), scratch.ledger()];
    let [old, new] = [SecretMark([1; 32]), SecretMark([2; 32])];
    let rows = [
        (&first, old, 0, Secrets::Shared),
        (&second, old, 5, Secrets::Shared),
        (&second, new, 10, Secrets::Differ),
        (&first, old, 15, Secrets::Differ),
        (&first, new, 25, Secrets::Differ),
        (&second, new, 74, Secrets::Differ),
        (&first, new, 75, Secrets::Shared),
    ];
    for (server, mark, seconds, expected) in rows {
        let met = server.meet(&mark, at(seconds)).await.unwrap();
        assert_eq!(met, expected, "after {seconds} seconds");
    }
}

#[tokio::test]
async fn a_ledger_in_a_file_has_one_server() {
    let scratch = Scratch::sqlite();
    for mark in [SecretMark([1; 32]), SecretMark([2; 32])] {
        let met = scratch.ledger().meet(&mark, at(0)).await.unwrap();
        assert_eq!(met, Secrets::Shared);
    }
}
