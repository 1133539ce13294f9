//! `campaigns` with a real ledger: exact reports in every format, links, and the promise
//! that no number under 5 can be had back.

use jiff::civil::{Date, date};
use signpost::booking::Step;
use signpost::ledger::{Ledger, LedgerPlace, Tally};

use crate::folder::Folder;
use crate::program::{Ended, run, signpost};

const CAMPAIGNS: &str = r#"
[[campaign]]
id = "fall-mailing"
label = "Fall mailing, =\"back\" & <pain>"
channel = "e-mail list"
from = 2026-09-01
until = 2026-12-31
service = "back-pain-visit"

[[campaign]]
id = "bus-stop"
label = "Bus stop posters"
channel = "poster"
from = 2026-10-01
until = 2026-11-20
service = "primary-care-visit"

[[campaign]]
id = "spring-fair"
label = "Spring fair"
channel = "flyer"
from = 2027-03-01
service = "primary-care-visit"
"#;

/// A content folder with campaigns and the counts of a ledger.
struct Counted(Folder);

impl Counted {
    fn new(tallies: &[Tally]) -> Self {
        let folder = Folder::copied();
        folder.write("clinic/campaigns.toml", CAMPAIGNS);
        folder.write("var/.keep", "");
        let ledger = Ledger::at(LedgerPlace::Sqlite(folder.path("var/ledger.sqlite")));
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("there is a thread");
        runtime.block_on(async {
            ledger.open().await.expect("it opens");
            ledger.add_tallies(tallies).await.expect("they are kept");
        });
        Self(folder)
    }

    fn run(&self, arguments: &[&str]) -> Ended {
        let mut command = signpost(self.0.root(), arguments);
        command.env("SIGNPOST_TODAY", "2026-11-25");
        run(command)
    }

    fn report(&self, format: &str) -> String {
        let arguments = [
            "campaigns",
            "report",
            "--from",
            "2026-11-02",
            "--format",
            format,
        ];
        let ended = self.run(&arguments);
        assert_eq!((ended.status, ended.err.as_str()), (Some(0), ""));
        ended.out
    }
}

fn tally(
    campaign: &str,
    service: &str,
    day: Date,
    [viewed, started, sent]: [u32; 3],
) -> Vec<Tally> {
    let steps = [
        (Step::Viewed, viewed),
        (Step::Started, started),
        (Step::Sent, sent),
    ];
    let steps = steps.into_iter().filter(|(_, count)| *count > 0);
    steps
        .map(|(step, count)| Tally {
            campaign: campaign.parse().expect("an id"),
            service: service.parse().expect("an id"),
            day,
            step,
            count,
        })
        .collect()
}

/// Two weeks of two campaigns, one that is no longer listed, and days that are not counted.
fn tallies() -> Vec<Tally> {
    let (back, throat) = ("back-pain-visit", "sore-throat-visit");
    [
        tally("fall-mailing", back, date(2026, 11, 2), [600, 100, 20]),
        tally("fall-mailing", back, date(2026, 11, 8), [634, 60, 12]),
        tally("fall-mailing", throat, date(2026, 11, 4), [12, 4, 1]),
        tally("fall-mailing", back, date(2026, 11, 16), [40, 10, 3]),
        tally("gone-away", back, date(2026, 11, 10), [8, 2, 0]),
        // Before the first week, and in the week that runs.
        tally("fall-mailing", back, date(2026, 11, 1), [1000, 1000, 1000]),
        tally("fall-mailing", back, date(2026, 11, 23), [1000, 1000, 1000]),
    ]
    .concat()
}

#[test]
fn a_report_counts_by_campaign_week_and_service_and_hides_small_numbers() {
    let expected = "\
Harbor Light Clinic: campaigns, Nov 2 to Nov 22, 2026

Bus stop posters (bus-stop, poster)
nothing was counted

Fall mailing, =\"back\" & <pain> (fall-mailing, e-mail list)
WEEK      DAYS          SERVICE            VIEWED  STARTED    SHARE  SENT   SHARE
2026-W45  Nov 2 to 8    back-pain-visit     1,234      160   13.0 %    32   2.6 %
                        sore-throat-visit      12       <5        –    <5       –
                        all services        1,246     160+  12.8 %+   32+  2.6 %+
2026-W47  Nov 16 to 22  back-pain-visit        40       10   25.0 %    <5       –
all                                         1,286     170+  13.2 %+   32+  2.5 %+

gone-away (no longer listed)
WEEK      DAYS         SERVICE          VIEWED  STARTED  SHARE  SENT  SHARE
2026-W46  Nov 9 to 15  back-pain-visit       8       <5      –     0  0.0 %

Whole weeks that are over, Monday to Sunday. `<5` is a number from 1 to 4; a total adds up the numbers
that are shown, and `+` says that at least one `<5` is missing from it. Shares are of those who viewed.
";
    assert_eq!(Counted::new(&tallies()).report("table"), expected);
}

#[test]
fn rows_for_a_spreadsheet_are_empty_where_a_number_is_small_and_never_a_formula() {
    let counted = Counted::new(&tallies());
    counted
        .0
        .edit("clinic/campaigns.toml", "label = \"Fall", "label = \"=Fall");
    let expected = "\
campaign,label,channel,week,first_day,last_day,service,viewed,started,sent,started_share,sent_share,note
fall-mailing,\"'=Fall mailing, =\"\"back\"\" & <pain>\",e-mail list,2026-W45,2026-11-02,2026-11-08,back-pain-visit,1234,160,32,0.130,0.026,
fall-mailing,\"'=Fall mailing, =\"\"back\"\" & <pain>\",e-mail list,2026-W45,2026-11-02,2026-11-08,sore-throat-visit,12,,,,,started and sent are from 1 to 4
fall-mailing,\"'=Fall mailing, =\"\"back\"\" & <pain>\",e-mail list,2026-W47,2026-11-16,2026-11-22,back-pain-visit,40,10,,0.250,,sent is from 1 to 4
gone-away,gone-away,,2026-W46,2026-11-09,2026-11-15,back-pain-visit,8,,0,,0.000,started is from 1 to 4
";
    assert_eq!(counted.report("csv"), expected);
}

#[test]
fn a_number_under_five_can_not_be_had_back_from_any_report() {
    let reports = |small: fn(u32) -> u32| {
        let changed = tallies().into_iter().map(|tally| Tally {
            count: if tally.count < 5 {
                small(tally.count)
            } else {
                tally.count
            },
            ..tally
        });
        let counted = Counted::new(&changed.collect::<Vec<_>>());
        ["table", "csv", "html"].map(|format| counted.report(format))
    };
    let expected = reports(|count| count);
    for other in [(|_| 1) as fn(u32) -> u32, |_| 4, |count| 5 - count] {
        assert!(
            reports(other) == expected,
            "a report tells small numbers apart"
        );
    }
    assert!(reports(|_| 5) != expected, "numbers from 5 on are told");
}

#[test]
fn a_page_is_complete_in_one_file() {
    let counted = Counted::new(&tallies());
    let path = counted.0.path("report.html");
    let arguments = [
        "campaigns",
        "report",
        "--from",
        "2026-11-02",
        "--format",
        "html",
        "--output",
    ];
    let ended = counted.run(&[&arguments[..], &[path.to_str().expect("a path")]].concat());
    assert_eq!(
        (ended.status, ended.out.as_str(), ended.err.as_str()),
        (Some(0), "", "")
    );
    let html = counted.0.read("report.html");
    assert_eq!(html, counted.report("html"));
    assert!(html.contains("<title>Harbor Light Clinic: campaigns, Nov 2 to Nov 22, 2026</title>"));
    for part in [
        "<script", "src=", "href=", "url(", "@import", "http:", "https:",
    ] {
        assert!(!html.contains(part), "{part}");
    }
    let document = scraper::Html::parse_document(&html);
    let texts = |selector: &str| -> Vec<String> {
        let selector = scraper::Selector::parse(selector).expect("a selector");
        let found = document.select(&selector);
        found
            .map(|element| element.text().collect::<String>())
            .collect()
    };
    assert_eq!(texts("h1"), ["Campaigns, Nov 2 to Nov 22, 2026"]);
    assert!(texts("h2").contains(&"Fall mailing, =\"back\" & <pain>".to_owned()));
    assert_eq!(texts("svg").len(), 2);
    assert!(texts("rect title").contains(&"Nov 2 to 8, viewed: 1,246".to_owned()));
    assert_eq!(
        texts("tfoot td"),
        ["1,286", "170+", "13.2 %+", "32+", "2.5 %+"]
    );
}

#[test]
fn a_period_without_a_whole_week_is_refused() {
    let counted = Counted::new(&[]);
    let rows: [(&[&str], &str); 2] = [
        (
            &["--from", "2026-11-24"],
            "signpost: no week from 2026-11-23 on is over yet, and only whole weeks are counted; try again on 2026-11-30\n",
        ),
        (
            &["--from", "2026-11-02", "--until", "2026-10-02"],
            "signpost: the report would end on 2026-10-02 before it begins on 2026-11-02; swap the two days\n",
        ),
    ];
    for (period, told) in rows {
        let ended = counted.run(&[&["campaigns", "report"], period].concat());
        assert_eq!((ended.status, ended.err.as_str()), (Some(2), told));
    }
    let ended = counted.run(&["campaigns", "report"]);
    assert!(
        ended
            .out
            .starts_with("Harbor Light Clinic: campaigns, Aug 31 to Nov 22, 2026\n"),
        "{}",
        ended.out
    );
}

#[test]
fn a_link_is_tagged_and_short_and_says_when_it_runs() {
    let counted = Counted::new(&[]);
    let ended = counted.run(&["campaigns", "link", "fall-mailing"]);
    let expected = "\
Fall mailing, =\"back\" & <pain> (e-mail list): runs from 2026-09-01 until 2026-12-31
tagged: https://clinic.example/book/back-pain-visit?utm_campaign=fall-mailing&utm_medium=e-mail+list
short:  https://clinic.example/go/fall-mailing
";
    assert_eq!(
        (ended.status, ended.out.as_str(), ended.err.as_str()),
        (Some(0), expected, "")
    );
    let rows = [
        (
            "bus-stop",
            "signpost: warning: `bus-stop` has ended, and nothing is counted after 2026-11-20\n",
        ),
        (
            "spring-fair",
            "signpost: warning: `spring-fair` does not run yet, and nothing is counted before 2027-03-01\n",
        ),
    ];
    for (campaign, warning) in rows {
        let ended = counted.run(&[
            "campaigns",
            "link",
            campaign,
            "--service",
            "sore-throat-visit",
        ]);
        assert_eq!((ended.status, ended.err.as_str()), (Some(0), warning));
        assert!(
            ended.out.contains("/book/sore-throat-visit?utm_campaign="),
            "{}",
            ended.out
        );
    }
}

#[test]
fn a_mistyped_name_finds_its_campaign() {
    let counted = Counted::new(&[]);
    let services = counted.0.read("clinic/services.toml");
    let mut services: Vec<&str> = services
        .lines()
        .filter_map(|line| line.strip_prefix("id = \"")?.strip_suffix('"'))
        .collect();
    services.sort_unstable();
    let unknown_service = format!(
        "signpost: there is no service `sore-throat` in `clinic/services.toml`; it lists {}\n",
        services.join(", ")
    );
    let rows: [(&[&str], &str); 4] = [
        (
            &["fall-mailng"],
            "signpost: there is no campaign `fall-mailng`; did you mean `fall-mailing`?\n",
        ),
        (
            &["Winter \u{1b}[2J"],
            "signpost: there is no campaign `Winter \\u{1b}[2J` in `clinic/campaigns.toml`; it lists bus-stop, fall-mailing, spring-fair\n",
        ),
        (
            &["bus-stop", "--service", "sore-throat"],
            unknown_service.as_str(),
        ),
        (
            &["bus-stop", "--service", "back-pain-visti"],
            "signpost: there is no service `back-pain-visti`; did you mean `back-pain-visit`?\n",
        ),
    ];
    for (arguments, told) in rows {
        let ended = counted.run(&[&["campaigns", "link"], arguments].concat());
        assert_eq!(
            (ended.status, ended.err.as_str(), ended.out.as_str()),
            (Some(2), told, "")
        );
    }
    counted.0.remove("clinic/campaigns.toml");
    let ended = counted.run(&["campaigns", "link", "bus-stop"]);
    assert_eq!(
        ended.err,
        "signpost: there is no campaign `bus-stop`; `clinic/campaigns.toml` lists none\n"
    );
}

#[test]
fn a_code_for_print_is_written_whole() {
    let counted = Counted::new(&[]);
    let ended = counted.run(&["campaigns", "link", "fall-mailing", "--qr", "code.svg"]);
    assert_eq!(ended.status, Some(0));
    assert!(
        ended
            .out
            .ends_with("QR code of the short address: code.svg\n")
    );
    let svg = counted.0.read("code.svg");
    assert!(svg.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\""));
    assert!(svg.contains("https://clinic.example/go/fall-mailing</title>"));
    let ended = counted.run(&[
        "campaigns",
        "link",
        "fall-mailing",
        "--qr",
        "absent/code.svg",
    ]);
    assert_eq!(ended.status, Some(2));
    assert_eq!(
        ended.err,
        "signpost: `absent/code.svg` can't be written: No such file or directory (os error 2)\n"
    );
}

#[test]
fn a_broken_campaign_costs_its_label_and_is_told() {
    let counted = Counted::new(&tallies());
    counted.0.edit(
        "clinic/campaigns.toml",
        "until = 2026-12-31",
        "until = 2026-08-31",
    );
    let ended = counted.run(&["campaigns", "report", "--from", "2026-11-02"]);
    assert_eq!(ended.status, Some(1));
    assert!(
        ended.out.contains("\nfall-mailing (no longer listed)\n"),
        "{}",
        ended.out
    );
    assert_eq!(
        ended.err,
        "clinic/campaigns.toml:7:9: error[date-order]: the campaign ends on 2026-08-31 before it begins on 2026-09-01\n\
         \x20 help: swap the two days\n"
    );
}
