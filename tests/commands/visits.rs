//! `visits` with real keys and a real ledger, which each test fills through the library
//! as the server does.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use jiff::civil::{Date, date};
use jiff::{Timestamp, ToSpan};
use signpost::booking::{Letter, RequestCode, SentAdvice};
use signpost::ledger::{
    Access, Deed, Fingerprint, Identity, Ledger, LedgerPlace, NewRequest, Recipients, Which,
};

use crate::folder::Folder;
use crate::program::{Ended, run, signpost};

const TODAY: Date = date(2026, 11, 25);
const LEDGER: &str = "var/ledger.sqlite";
const KEY: &str = "desk.key";

/// A content folder with a ledger, and a key that opens what is sealed for the clinic.
struct Desk {
    folder: Folder,
    key: Identity,
    runtime: tokio::runtime::Runtime,
    /// In the order in which they came in.
    codes: Vec<RequestCode>,
}

impl Desk {
    fn new() -> Self {
        let folder = Folder::copied();
        let key = Identity::generate();
        folder.write(KEY, &format!("# test\n{}\n", *key.secret()));
        folder.write("var/.keep", "");
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("there is a thread");
        let desk = Self {
            folder,
            key,
            runtime,
            codes: Vec::new(),
        };
        desk.at_ledger(async |ledger| ledger.open().await.expect("it opens"));
        desk
    }

    /// Three requests: due tomorrow, overdue by five days, and without an estimate.
    fn with_three() -> Self {
        let mut desk = Self::new();
        desk.keep(&letter("Ann Example"), Some(date(2026, 11, 26)));
        let mut bo = letter("Bo Sample");
        bo.may_leave_message = "no".into();
        bo.preferred = "email".into();
        desk.keep(&bo, Some(date(2026, 11, 20)));
        desk.keep(&letter("Cy Insured"), None);
        desk
    }

    fn at_ledger<T>(&self, ask: impl AsyncFnOnce(&Ledger) -> T) -> T {
        let ledger = Ledger::at(LedgerPlace::Sqlite(self.folder.path(LEDGER)));
        self.runtime.block_on(ask(&ledger))
    }

    fn keep(&mut self, letter: &Letter, due: Option<Date>) -> RequestCode {
        let json = letter.to_json().expect("it is JSON");
        self.keep_sealed(&json, &self.key.public_key(), due)
    }

    fn keep_sealed(&mut self, json: &[u8], public_key: &str, due: Option<Date>) -> RequestCode {
        let recipients = Recipients::new([public_key]).expect("a key");
        let number = u8::try_from(self.codes.len()).expect("few requests");
        let received_at: Timestamp = "2026-11-24T21:05:00Z".parse().expect("an instant");
        let request = NewRequest {
            service: "back-pain-visit".parse().expect("an id"),
            sealed: recipients.seal(json).expect("it is sealed"),
            fingerprint: Fingerprint([number; 32]),
            received_at: received_at + i64::from(number).minutes(),
            delete_on: date(2027, 2, 22),
            estimate_due_on: due,
        };
        let kept = self.at_ledger(async |ledger| ledger.keep(&request, &[]).await);
        let code = kept.expect("it is kept").code();
        self.codes.push(code);
        code
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = signpost(self.folder.root(), arguments);
        command
            .env("SIGNPOST_TODAY", TODAY.to_string())
            .env("SIGNPOST_KEY", KEY)
            .env("USER", "ann");
        command
    }

    /// Runs a command with the key, and puts `<1>`, `<2>`, ... for the codes, which are by chance.
    fn run(&self, arguments: &[&str]) -> Ended {
        self.named(run(self.command(arguments)))
    }

    fn named(&self, mut ended: Ended) -> Ended {
        for (at, code) in self.codes.iter().enumerate() {
            let (code, name) = (code.to_string(), format!("<{}>", at + 1));
            ended.out = ended.out.replace(&code, &name);
            ended.err = ended.err.replace(&code, &name);
        }
        ended
    }

    fn accesses(&self) -> Vec<Access> {
        let accesses = self.at_ledger(async |ledger| ledger.accesses().await);
        accesses.expect("the log can be read")
    }

    fn code(&self, at: usize) -> String {
        self.codes.get(at).expect("it was kept").to_string()
    }
}

fn letter(name: &str) -> Letter {
    Letter {
        version: 1,
        state: "NY".into(),
        patient: "new".into(),
        payment: "self-pay".into(),
        how_soon: "week".into(),
        days: vec!["monday".into(), "friday".into()],
        times: Vec::new(),
        name: name.into(),
        birth_date: Some("1985-03-24".into()),
        phone: Some("+1 555 555 0100".into()),
        email: Some("someone@mail.example".into()),
        preferred: "phone".into(),
        may_leave_message: "yes".into(),
        interpreter: None,
        access_needs: None,
        advice: None,
    }
}

#[test]
fn a_key_is_for_its_owner_and_never_written_over_another() {
    let folder = Folder::copied();
    let ended = run(signpost(
        folder.root(),
        &["visits", "keygen", "--output", "desk.key"],
    ));
    assert_eq!((ended.status, ended.err.as_str()), (Some(0), ""));
    let text = folder.read("desk.key");
    let key: Identity = text.parse().expect("a private key");
    let public = key.public_key();
    assert!(ended.out.contains(&format!("public key:  {public}\n")));
    assert!(
        ended
            .out
            .contains(&format!("\npublic_keys = [\"{public}\"]\n"))
    );
    assert!(!ended.out.contains("AGE-SECRET-KEY"));
    let mode = fs::metadata(folder.path("desk.key")).expect("it is there");
    assert_eq!(mode.permissions().mode() & 0o777, 0o600);

    let again = run(signpost(
        folder.root(),
        &["visits", "keygen", "--output", "desk.key"],
    ));
    assert_eq!((again.status, again.out.as_str()), (Some(2), ""));
    assert_eq!(
        again.err,
        "signpost: the key `desk.key` can't be written, and a key is never overwritten; \
         name another file with --output: File exists (os error 17)\n"
    );
    assert_eq!(folder.read("desk.key"), text);
}

#[test]
fn the_list_has_those_first_whose_estimate_is_due() {
    let desk = Desk::with_three();
    let ended = desk.run(&["visits", "list"]);
    assert_eq!((ended.status, ended.err.as_str()), (Some(0), ""));
    let expected = "\
CODE       SERVICE          RECEIVED      ESTIMATE DUE    NAME         CONTACT
<2>  back-pain-visit  Nov 24 16:06  Nov 20 overdue  Bo Sample    no message! someone@mail.exa…
<1>  back-pain-visit  Nov 24 16:05  Nov 26          Ann Example  +1 555 555 0100
<3>  back-pain-visit  Nov 24 16:07                  Cy Insured   +1 555 555 0100

3 open requests, 1 overdue
";
    assert_eq!(ended.out, expected);
    let log = desk.accesses();
    let [access] = log.as_slice() else {
        panic!("one line: {log:?}")
    };
    assert_eq!(
        (access.who.as_str(), access.why.as_str()),
        ("ann", "daily work")
    );
    assert_eq!(access.deed, Deed::Listed);
    assert_eq!(access.codes, [desk.codes[1], desk.codes[0], desk.codes[2]]);
}

#[test]
fn without_a_key_requests_are_sealed_and_nothing_personal_is_shown() {
    let desk = Desk::with_three();
    let mut command = desk.command(&["visits", "list"]);
    command.env_remove("SIGNPOST_KEY");
    let ended = desk.named(run(command));
    assert_eq!((ended.status, ended.err.as_str()), (Some(0), ""));
    assert_eq!(ended.out.matches("  sealed\n").count(), 3, "{}", ended.out);
    assert!(!ended.out.contains("Ann"));
}

#[test]
fn a_letter_that_no_key_opens_costs_itself_alone() {
    let mut desk = Desk::with_three();
    let other = Identity::generate();
    let json = letter("Di Other").to_json().expect("it is JSON");
    desk.keep_sealed(&json, &other.public_key(), None);
    desk.keep_sealed(
        b"{\"version\":1,\"name\":\"Ed Broken\"}",
        &desk.key.public_key(),
        None,
    );
    let mut later = letter("Fi Later");
    later.version = 2;
    desk.keep(&later, None);
    let told = "\
signpost: <4>: no key that was given opens it
signpost: <5>: it holds no letter that this signpost can read
signpost: <6>: it is a letter of a later form; use a newer signpost
";
    for arguments in [
        ["visits", "list", "--all"].as_slice(),
        &["visits", "export", "--csv", "--why", "moving"],
    ] {
        let ended = desk.run(arguments);
        assert_eq!(ended.status, Some(1), "{arguments:?}");
        assert_eq!(ended.err, told, "{arguments:?}");
        assert!(ended.out.contains("Cy Insured"), "{}", ended.out);
    }
    let shown = desk.run(&["visits", "show", &desk.code(3), "--why", "call"]);
    assert_eq!(shown.status, Some(1));
    assert_eq!(shown.err, "signpost: <4>: no key that was given opens it\n");
    assert!(shown.out.starts_with("Request <4>\n"), "{}", shown.out);

    desk.folder
        .write("other.key", &format!("{}\n", *other.secret()));
    let both = desk.run(&[
        "visits",
        "show",
        &desk.code(3),
        "--why",
        "call",
        "--key",
        "other.key",
        "--key",
        KEY,
    ]);
    assert_eq!((both.status, both.err.as_str()), (Some(0), ""));
    assert!(both.out.contains("Di Other"));
}

#[test]
fn a_request_is_shown_whole_and_the_warning_stands_before_the_number() {
    let mut desk = Desk::new();
    let mut bo = letter("Bo Sample");
    bo.may_leave_message = "no".into();
    bo.interpreter = Some("Spanish".into());
    bo.access_needs = Some("Captions.\nA slow pace.".into());
    bo.advice = Some(SentAdvice {
        complaint: "sore-throat".into(),
        level: "soon".into(),
    });
    desk.keep(&bo, Some(date(2026, 11, 20)));
    let code = desk.code(0).to_lowercase().replace('-', " ");
    let ended = desk.run(&["visits", "show", &code, "--why", "the patient called"]);
    assert_eq!((ended.status, ended.err.as_str()), (Some(0), ""));
    let expected = "\
Request <1>
  Visit               Back pain visit
  Received            Tuesday, 2026-11-24 16:05 EST
  Status              Open
  Estimate due        2026-11-20, OVERDUE
  Deleted from        2027-02-22

Contact
  Message             DO NOT LEAVE ONE: somebody else could hear or read it
  Phone (preferred)   +1 555 555 0100
  E-mail              someone@mail.example

Patient
  Name                Bo Sample
  Date of birth       1985-03-24
  Patient             New patient
  Will be in          New York
  Pays by             Pays without insurance
  Interpreter         Spanish
  Access needs        Captions.
                      A slow pace.

Visit
  How soon            In 3 to 9 business days
  Days                Monday, Friday
  Times               Any
  Symptom checker     Sore throat: Soon

To do
  - Send the good-faith estimate now: it was due Friday, 2026-11-20.
  - Offer a time: +1 555 555 0100. Speak or write to nobody else, and leave no message.
  - Then run `signpost visits done <1>`.
";
    assert_eq!(ended.out, expected);
    let log = desk.accesses();
    assert_eq!(log[0].deed, Deed::Shown);
    assert_eq!(log[0].why, "the patient called");
}

#[test]
fn nobody_looks_without_a_name_a_reason_and_a_key() {
    let desk = Desk::with_three();
    let code = desk.code(0);
    let rows: [(&[&str], Option<&str>, &str); 5] = [
        (&["visits", "show", &code], None, "--why <TEXT>"),
        (&["visits", "export", "--csv"], None, "--why <TEXT>"),
        (
            &["visits", "show", &code, "--why", " "],
            None,
            "give it with --why",
        ),
        (
            &["visits", "show", &code, "--why", "x"],
            Some("SIGNPOST_KEY"),
            "a private key is needed",
        ),
        (
            &["visits", "list"],
            Some("USER"),
            "the access log needs your name",
        ),
    ];
    for (arguments, missing, told) in rows {
        let mut command = desk.command(arguments);
        if let Some(name) = missing {
            command.env_remove(name);
        }
        let ended = run(command);
        assert_eq!(ended.status, Some(2), "{arguments:?}");
        assert!(ended.err.contains(told), "{}", ended.err);
        assert!(!ended.out.contains("Ann Example"), "{arguments:?}");
    }
    assert_eq!(desk.accesses(), []);
}

#[test]
fn a_log_that_can_not_be_written_shows_nothing() {
    let desk = Desk::with_three();
    // The log refuses changes by triggers of the database; here it refuses new lines, too.
    let file = desk.folder.path(LEDGER);
    desk.runtime.block_on(async {
        use sqlx::{Connection, SqliteConnection};
        let address = format!("sqlite://{}", file.display());
        let mut database = SqliteConnection::connect(&address).await.expect("it opens");
        let refuse = "CREATE TRIGGER refuse BEFORE INSERT ON accesses BEGIN SELECT RAISE(ABORT, 'full'); END";
        sqlx::raw_sql(refuse).execute(&mut database).await.expect("a trigger");
    });
    let (code, out) = (desk.code(0), "rows.csv");
    for arguments in [
        ["visits", "list"].as_slice(),
        &["visits", "show", &code, "--why", "call"],
        &[
            "visits", "export", "--csv", "--why", "moving", "--output", out,
        ],
    ] {
        let ended = desk.run(arguments);
        assert_eq!(
            (ended.status, ended.out.as_str()),
            (Some(2), ""),
            "{arguments:?}"
        );
    }
    assert!(!desk.folder.path(out).exists());
}

#[test]
fn the_text_of_a_patient_moves_no_cursor_and_is_no_formula() {
    let mut desk = Desk::new();
    let mut evil = letter("\u{1b}]0;owned\u{7}\u{1b}[2JEve\u{202e}");
    evil.phone = Some("=HYPERLINK(\"http://evil.example\")".into());
    evil.state = "\u{1b}[31m".into();
    evil.days = vec!["\u{9b}2J".into()];
    evil.access_needs = Some("a\u{8}\u{8}b\r\n+1,\"quoted\"".into());
    desk.keep(&evil, None);
    let code = desk.code(0);
    for arguments in [
        ["visits", "list"].as_slice(),
        &["visits", "show", &code, "--why", "call"],
        &["visits", "export", "--csv", "--why", "moving"],
    ] {
        let ended = desk.run(arguments);
        assert_eq!(ended.status, Some(0), "{arguments:?} {}", ended.err);
        let harmful = |sign: char| (sign.is_control() && sign != '\n') || sign == '\u{202e}';
        assert!(
            !ended.out.contains(harmful),
            "{arguments:?} {:?}",
            ended.out
        );
        assert!(ended.out.contains("\\u{1b}]0;owned\\u{7}"), "{}", ended.out);
    }
    let rows = desk
        .run(&["visits", "export", "--csv", "--why", "moving"])
        .out;
    assert!(
        rows.contains("\"'=HYPERLINK(\"\"http://evil.example\"\")\""),
        "{rows}"
    );
    assert!(
        rows.contains("\"a\\u{8}\\u{8}b +1,\"\"quoted\"\"\""),
        "{rows}"
    );
    assert_eq!(rows.lines().count(), 2);
}

#[test]
fn an_export_has_one_row_a_request_and_is_for_its_owner() {
    let desk = Desk::with_three();
    desk.run(&["visits", "done", &desk.code(2)]);
    let ended = desk.run(&["visits", "export", "--csv", "--why", "moving"]);
    let expected = "\
code,service,received_at,status,done_at,estimate_due_on,delete_on,letter,name,birth_date,may_leave_message,preferred,phone,email,state,patient,payment,how_soon,days,times,interpreter,access_needs,advice_complaint,advice_level
<2>,back-pain-visit,2026-11-24T16:06:00-05:00,open,,2026-11-20,2027-02-22,opened,Bo Sample,1985-03-24,no,email,'+1 555 555 0100,someone@mail.example,NY,new,self-pay,week,monday friday,,,,,
<1>,back-pain-visit,2026-11-24T16:05:00-05:00,open,,2026-11-26,2027-02-22,opened,Ann Example,1985-03-24,yes,phone,'+1 555 555 0100,someone@mail.example,NY,new,self-pay,week,monday friday,,,,,
";
    assert_eq!((ended.out.as_str(), ended.err.as_str()), (expected, ""));
    let arguments = [
        "visits", "export", "--csv", "--all", "--why", "moving", "--output", "rows.csv",
    ];
    let ended = desk.run(&arguments);
    assert_eq!(
        (ended.status, ended.out.as_str(), ended.err.as_str()),
        (Some(0), "", "")
    );
    assert_eq!(desk.folder.read("rows.csv").lines().count(), 4);
    let mode = fs::metadata(desk.folder.path("rows.csv")).expect("it is there");
    assert_eq!(mode.permissions().mode() & 0o777, 0o600);
    let names = fs::read_dir(desk.folder.root()).expect("it can be read");
    let drafts = names.filter(|entry| {
        let entry = entry.as_ref().expect("an entry");
        entry.file_name().to_string_lossy().ends_with(".part")
    });
    assert_eq!(drafts.count(), 0);
}

#[test]
fn a_long_export_is_logged_part_by_part_before_its_rows() {
    let mut desk = Desk::new();
    for number in 0..205 {
        desk.keep(&letter(&format!("Patient {number}")), None);
    }
    let ended = desk.run(&["visits", "export", "--csv", "--why", "moving"]);
    assert_eq!(ended.out.lines().count(), 206);
    let lines = desk.accesses();
    let sizes: Vec<usize> = lines.iter().map(|access| access.codes.len()).collect();
    assert_eq!(sizes, [100, 100, 5]);
    let logged: Vec<RequestCode> = lines.into_iter().flat_map(|access| access.codes).collect();
    let codes = desk.at_ledger(async |ledger| ledger.codes(Which::Open).await);
    assert_eq!(logged, codes.expect("codes"));
}

#[test]
fn done_tells_what_became_of_each_code() {
    let desk = Desk::with_three();
    let (first, second) = (desk.code(0), desk.code(1).to_lowercase());
    let (half, other_half) = second.split_once('-').expect("a hyphen");
    let before = desk.run(&["visits", "done", &first]);
    assert_eq!(
        (before.status, before.out.as_str()),
        (Some(0), "<1>: done\n")
    );
    let ended = desk.run(&[
        "visits",
        "done",
        &first,
        half,
        other_half,
        "3333-3333",
        "nonsense",
        "--who",
        "bo",
    ]);
    assert_eq!(ended.status, Some(1));
    let lines: Vec<&str> = ended.out.lines().collect();
    assert!(
        lines[0].starts_with("<1>: was done already, on 20"),
        "{}",
        ended.out
    );
    assert_eq!(
        lines[1..],
        [
            "<2>: done",
            "3333-3333: there is no such request",
            "nonsense: this is no request code; expected one such as B7KP-4QXM",
        ]
    );
    let log = desk.accesses();
    assert_eq!(log.len(), 2);
    assert_eq!(
        (log[1].who.as_str(), log[1].why.as_str()),
        ("bo", "answered")
    );
    assert_eq!(log[1].codes, [desk.codes[1]]);
    assert!(
        desk.run(&["visits", "list"])
            .out
            .ends_with("\n1 open request, 0 overdue\n")
    );
    let all = desk.run(&["visits", "list", "--all"]).out;
    assert_eq!(all.matches("  done ").count(), 2, "{all}");
}

#[test]
fn a_purge_removes_what_is_due_and_a_dry_run_changes_nothing() {
    let desk = Desk::with_three();
    let on = |day: &str, more: &[&str]| {
        let arguments = [&["visits", "purge", "--today", day], more].concat();
        desk.run(&arguments)
    };
    assert_eq!(on("2027-02-21", &[]).out, "0 requests removed for good\n");
    let dry = on("2027-02-22", &["--dry-run"]);
    assert_eq!(
        (dry.status, dry.out.as_str()),
        (Some(0), "<2>\n<1>\n<3>\n3 requests would be removed\n")
    );
    assert_eq!(desk.accesses(), []);
    let ended = on("2027-02-22", &[]);
    assert_eq!(ended.status, Some(0));
    assert_eq!(
        ended.out.lines().last(),
        Some("3 requests removed for good")
    );
    assert_eq!(desk.run(&["visits", "list"]).out, "no open requests\n");
    let log = desk.accesses();
    assert_eq!((log[0].deed, log[0].codes.len()), (Deed::Purged, 3));
    assert_eq!(log[0].why, "the deletion day has come");
}

#[test]
fn the_log_says_who_did_what_when_and_why() {
    let desk = Desk::with_three();
    assert_eq!(
        desk.run(&["visits", "log"]).out,
        "nobody has looked at a request yet\n"
    );
    desk.run(&[
        "visits",
        "show",
        &desk.code(0),
        "--why",
        "the patient called and asked for the price",
    ]);
    desk.run(&["visits", "list", "--who", "bo"]);
    let ended = desk.run(&["visits", "log"]);
    assert_eq!(ended.status, Some(0));
    let lines: Vec<String> = ended
        .out
        .lines()
        .map(|line| match line.char_indices().nth(16) {
            Some((at, _)) if line.starts_with("20") => format!("(at) {}", &line[at..].trim_start()),
            _ => line.to_owned(),
        })
        .collect();
    let expected = [
        "AT                WHO  DEED    WHY                                     CODES",
        "(at) ann  shown   the patient called and asked for the    <1>",
        "                               price",
        "(at) bo   listed  daily work                              <2> <1> <3>",
    ];
    assert_eq!(lines, expected);
}

#[test]
fn an_open_place_comes_from_option_environment_or_default() {
    let desk = Desk::with_three();
    let file = desk.folder.path(LEDGER);
    let file = file.to_str().expect("a path");
    let listed = |ended: Ended| ended.out.ends_with("3 open requests, 1 overdue\n");
    assert!(listed(desk.run(&["visits", "list", "--ledger", file])));
    let mut by_environment = desk.command(&["visits", "list", "--ledger", "absent.sqlite"]);
    by_environment.env("DATABASE_URL", format!("sqlite://{file}"));
    assert!(listed(run(by_environment)));
}

#[test]
fn a_ledger_that_can_not_be_reached_is_told_and_never_made() {
    let desk = Desk::new();
    let absent = "var/absent.sqlite";
    for arguments in [
        ["visits", "list"].as_slice(),
        &["visits", "log"],
        &["visits", "purge"],
        &["visits", "done", "B7KP-4QXM"],
        &["visits", "export", "--csv", "--why", "moving"],
        &["campaigns", "report"],
    ] {
        let mut command = desk.command(arguments);
        command.env("SIGNPOST_LEDGER", absent);
        let ended = run(command);
        assert_eq!(
            (ended.status, ended.out.as_str()),
            (Some(2), ""),
            "{arguments:?}"
        );
        let told = format!("signpost: the ledger can't be reached: there is no file `{absent}`; ");
        assert!(ended.err.starts_with(&told), "{}", ended.err);
        assert!(!desk.folder.path(absent).exists());
    }
    let mut command = desk.command(&["visits", "list"]);
    command.env("DATABASE_URL", "postgres://ann:hunter2@127.0.0.1:1/visits");
    let ended = run(command);
    assert_eq!((ended.status, ended.out.as_str()), (Some(2), ""));
    assert!(
        ended
            .err
            .starts_with("signpost: postgres://127.0.0.1:1/visits: the ledger can't be reached: "),
        "{}",
        ended.err
    );
    assert!(!ended.err.contains("hunter2"));
    desk.folder.write(
        "var/other.sqlite",
        "this is no database, and much longer than a header would be",
    );
    let ended = desk.run(&["visits", "list", "--ledger", "var/other.sqlite"]);
    assert_eq!(ended.status, Some(2), "{}", ended.err);
}

#[test]
fn a_key_that_is_none_is_told() {
    let desk = Desk::new();
    desk.folder.write("public.key", &desk.key.public_key());
    for (key, told) in [
        (
            "absent.key",
            "signpost: the key `absent.key` can't be read: No such file or directory (os error 2)\n",
        ),
        (
            "public.key",
            "signpost: `public.key` holds no private key: expected a key of `signpost visits keygen`\n",
        ),
    ] {
        let ended = desk.run(&["visits", "list", "--key", key]);
        assert_eq!((ended.status, ended.err.as_str()), (Some(2), told));
    }
}
