//! `visits keygen`: a pair of keys. The private one goes into a file that only its
//! owner can read, and never over another; the public one is printed.

use std::io::{self, Write};

use anyhow::Context;
use zeroize::Zeroizing;

use super::super::Exit;
use crate::cli::KeygenArgs;
use crate::clock::now;
use crate::disk::write_once;
use crate::ledger::Identity;

pub(super) fn run(args: &KeygenArgs) -> anyhow::Result<Exit> {
    let key = Identity::generate();
    let (path, public) = (args.output.display(), key.public_key());
    let day = now().strftime("%Y-%m-%d").to_string();
    let text = Zeroizing::new(format!(
        "# private key of signpost, made on {day}: opens visit requests\n# public key: {public}\n{}\n",
        *key.secret()
    ));
    write_once(&args.output, text.as_bytes()).with_context(|| {
        let message = format!("the key `{path}` can't be written");
        move_aside(&args.output, message)
    })?;
    let mut out = io::stdout().lock();
    write!(out, "{}", told(&path.to_string(), &public))?;
    Ok(Exit::Clean)
}

fn move_aside(path: &std::path::Path, message: String) -> String {
    if path.exists() {
        format!("{message}, and a key is never overwritten; name another file with --output")
    } else {
        message
    }
}

fn told(path: &str, public: &str) -> String {
    format!(
        "\
private key: {path}
public key:  {public}

Put this line into `clinic/booking.toml`; each request is then sealed to this key:
public_keys = [\"{public}\"]

Keep the private key on the machines of those who answer requests, and a copy in a safe place.
Never put it on the server or beside the content: whoever has it can read every request.
Without it nobody can: a request sealed to a lost key stays closed for good.
"
    )
}
