//! Articles by the thousand, from a few templates with varied words, links among
//! them and citations, and nothing to warn of. The same number always gives the same article.

use std::fmt::Write;
use std::fs;
use std::path::Path;

/// Numbers that look random and are the same on every run. Source: Steele, Lea and Flood, "Fast
/// splittable pseudorandom number generators", 2014.
pub struct Dice(u64);

impl Dice {
    /// The numbers of a seed.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A number below `end`, which is not 0.
    pub fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % end as u64).expect("it is below a usize")
    }

    /// One of some things; there is at least one.
    pub fn one<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        of.get(self.below(of.len()))
            .expect("it is below the length")
    }
}

/// What articles may name.
pub struct Clinic {
    topics: Vec<String>,
    complaints: Vec<String>,
    authors: Vec<String>,
    /// Never empty.
    reviewers: Vec<String>,
}

impl Clinic {
    /// Reads the names in a content folder. Those review who are called reviewers, or else the last person.
    pub fn of(root: &Path) -> Self {
        let mut people = ids(&root.join("clinic/people.toml"));
        let last = people.pop().expect("there are people");
        let (mut reviewers, authors): (Vec<_>, Vec<_>) = people
            .into_iter()
            .partition(|id| id.starts_with("reviewer-"));
        if reviewers.is_empty() {
            reviewers.push(last);
        }
        let protocols = fs::read_dir(root.join("clinic/protocols")).expect("there are protocols");
        let mut complaints: Vec<String> = protocols
            .map(|entry| entry.expect("an entry").path())
            .filter_map(|path| Some(path.file_stem()?.to_str()?.to_owned()))
            .collect();
        complaints.sort();
        Self {
            topics: ids(&root.join("clinic/topics.toml")),
            complaints,
            authors,
            reviewers,
        }
    }
}

/// The values of `id` in a file.
fn ids(file: &Path) -> Vec<String> {
    let text = fs::read_to_string(file).expect("the file can be read");
    let ids = text.lines().filter_map(|line| {
        let value = line.trim().strip_prefix("id = \"")?;
        value.strip_suffix('"').map(str::to_owned)
    });
    ids.collect()
}

const NOUNS: [&str; 24] = [
    "elbow", "knee", "ankle", "shoulder", "wrist", "hip", "neck", "back", "finger", "toe", "skin",
    "ear", "eye", "nose", "throat", "chest", "belly", "kidney", "bladder", "muscle", "nerve",
    "tendon", "joint", "bone",
];
const VERBS: [&str; 12] = [
    "hurts", "swells", "heals", "rests", "moves", "stiffens", "loosens", "aches", "warms", "cools",
    "tingles", "recovers",
];
const TIMES: [&str; 8] = [
    "in the morning",
    "after a walk",
    "within two weeks",
    "at night",
    "during sleep",
    "after a fall",
    "on most days",
    "for a short time",
];

/// The slug of an article.
pub fn slug(number: usize) -> String {
    let noun = NOUNS.get(number % NOUNS.len()).expect("a noun");
    format!("{noun}-{number}")
}

fn sentence(dice: &mut Dice) -> String {
    let (first, second) = (dice.one(&NOUNS), dice.one(&NOUNS));
    let (verb, other) = (dice.one(&VERBS), dice.one(&VERBS));
    let time = dice.one(&TIMES);
    format!("When your {first} {verb} {time}, the {second} often {other} with it.")
}

fn paragraph(dice: &mut Dice, cited: &str) -> String {
    let sentences = 2 + dice.below(2);
    let mut text: Vec<String> = (0..sentences).map(|_| sentence(dice)).collect();
    if let Some(last) = text.last_mut() {
        write!(last, "[@{cited}]").expect("a text takes everything");
    }
    text.join(" ")
}

/// An article of a site that holds `count` of them.
pub fn article(number: usize, count: usize, clinic: &Clinic) -> String {
    let mut dice = Dice::new(number as u64);
    let noun = NOUNS.get(number % NOUNS.len()).expect("a noun");
    let (topic, complaint) = (
        dice.one(&clinic.topics).clone(),
        dice.one(&clinic.complaints).clone(),
    );
    let author = dice.one(&clinic.authors).clone();
    let reviewers = &clinic.reviewers;
    let reviewer = reviewers.get(number % reviewers.len()).expect("a reviewer");
    let day = 1 + dice.below(28);
    let mut out = format!(
        "---\ntitle: \"Trouble with the {noun}, part {number}\"\n\
         description: \"What you can do when your {noun} hurts, number {number}.\"\n\
         topic: {topic}\ncomplaint: {complaint}\nalso_called: [\"{noun} trouble {number}\"]\n\
         authors: [{author}]\nreviewer: {reviewer}\nconflicts: none\n\
         published_on: 2026-05-{day:02}\nreviewed_on: 2026-10-{day:02}\ntakeaways:\n"
    );
    for _ in 0..3 + dice.below(3) {
        let line = sentence(&mut dice);
        writeln!(out, "  - \"{line}\"").expect("a text takes everything");
    }
    out.push_str("sources:\n");
    let sources = 2 + dice.below(4);
    for source in 1..=sources {
        write!(
            out,
            "  - id: work{source}\n    type: article-journal\n    \
             title: \"Study {source} of the {noun}, part {number}\"\n    \
             authors: [\"Writer, Test {source}.\"]\n    container: \"Journal of Tests\"\n    \
             issued: \"2023-08-{source:02}\"\n    volume: \"{source}\"\n    page: \"{number}-{end}\"\n    \
             doi: \"10.5555/{number}.{source}\"\n",
            end = number + source,
        )
        .expect("a text takes everything");
    }
    out.push_str("---\n\n");
    for section in 1..=3 + number % 3 {
        write!(
            out,
            "## Part {section} of the {noun} {{#part-{section}}}\n\n"
        )
        .expect("a text takes everything");
        for _ in 0..4 + dice.below(5) {
            let cited = format!("work{}", 1 + dice.below(sources));
            out.push_str(&paragraph(&mut dice, &cited));
            out.push_str("\n\n");
        }
        let other = slug(dice.below(count));
        let anchor = if section % 2 == 0 { "#part-1" } else { "" };
        write!(
            out,
            "- Read [more about it]({other}.md{anchor}).\n- Rest the {noun}.\n\n"
        )
        .expect("a text takes everything");
    }
    for source in 1..=sources {
        writeln!(out, "- Study {source} says the same.[@work{source}]")
            .expect("a text takes everything");
    }
    out.push_str("\n::: questions\n- What can I do at home?\n- When should I come back?\n:::\n");
    if number % 3 == 2 {
        write!(
            out,
            "\n::: faq\n### Does the {noun} heal?\n\nIt often does.\n\n### How long does it take?\n\nA few weeks.\n:::\n"
        )
        .expect("a text takes everything");
    }
    out
}

/// Writes the first `count` articles into a folder that has a clinic.
pub fn write_articles(root: &Path, count: usize) {
    let clinic = Clinic::of(root);
    fs::create_dir_all(root.join("articles")).expect("the folder can be made");
    for number in 0..count {
        let path = root.join(format!("articles/{}.md", slug(number)));
        fs::write(path, article(number, count, &clinic)).expect("the article can be written");
    }
}
