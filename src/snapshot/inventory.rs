//! What lies in a vault: each answer of a snapshot, by address. With it the next server knows
//! compressed forms again, and answers with the pages themselves until its own are made, if they
//! would be the same. An inventory that is cut, spoiled or of other settings is as good as none.

use std::collections::HashMap;
use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderName, HeaderValue};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_128;

use super::Snapshot;
use super::best::hash_of;
use super::body::Body;
use super::compress::COMPRESSION;
use super::page::{CachePolicy, Entry, Page};
use super::page_headers::{Lines, PageHeaders, known};
use super::press::representation;
use super::pressed::{Forms, Pressed};
use super::tag::Form;
use crate::vault::{Spot, Vault};

/// What a file of it begins with; the last digit is the version of its form. A checksum of all that follows comes next.
const MARK: &[u8] = b"signpost-inventory-1\n";

/// Length of the checksum, in bytes.
const SUM: usize = 16;

/// Each answer that lies in a vault.
#[derive(Debug, Serialize, Deserialize)]
pub struct Inventory {
    /// The name of the vault.
    vault: u128,
    /// What lies behind this is not in here.
    end: u64,
    /// With what the best forms were made.
    compression: String,
    claim: Option<Claim>,
    /// Every list of headers that any page has: names and values.
    lists: Vec<Vec<(String, String)>>,
    /// By address, ascending.
    pages: Vec<Listed>,
}

/// Of what pages were made: where all of it is the same, they are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    /// Names what was read: which files, how long and from when.
    pub content: u128,
    /// Names the program.
    pub program: u128,
    /// For which day.
    pub today: Date,
    /// The clinic's time zone, in which it is that day.
    pub timezone: String,
}

/// One page.
#[derive(Debug, Serialize, Deserialize)]
struct Listed {
    address: String,
    status: u16,
    cache: CachePolicy,
    last_modified: Option<String>,
    /// The number of its list of headers, and the one that is its own.
    headers: u32,
    link: Option<String>,
    /// Of the body as it is.
    hash: u128,
    length: u32,
    /// As readers are offered them; the body as it is has no spot where it is in the gzip form.
    forms: Vec<(Form, Option<Spot>)>,
}

/// Spots of bodies that are in memory as well, by the hash of the body as it is.
#[derive(Debug, Default)]
pub struct Copies(HashMap<(u128, Form), Spot>);

impl Inventory {
    /// Puts what is in memory alone into a vault, and lists all that lies there then. None if the vault does not take it.
    pub fn of(
        snapshot: &Snapshot,
        claim: Option<Claim>,
        vault: &Arc<Vault>,
        copies: &mut Copies,
    ) -> Option<Self> {
        let mut own = Self {
            vault: vault.name(),
            end: 0,
            compression: COMPRESSION.to_owned(),
            claim,
            lists: Vec::new(),
            pages: Vec::with_capacity(snapshot.len()),
        };
        let (mut lists, mut in_memory): (Vec<&Arc<Lines>>, _) = (Vec::new(), HashMap::new());
        for address in snapshot.addresses() {
            let Some(Entry::Page(page)) = snapshot.made(address) else {
                continue;
            };
            let Some((hash, length)) = hash_of(page).zip(page.identity().map(|own| own.body.len()))
            else {
                continue;
            };
            let mut forms = Vec::with_capacity(page.representations.len());
            for representation in &page.representations {
                let form = representation.tag.form();
                let spot = match &representation.body {
                    Body::Packed(_) => None,
                    body => Some(match body.spot_in(vault) {
                        Some(spot) => spot,
                        None => {
                            let known = copies.0.get(&(hash, form)).copied();
                            let put = || vault.put(&body.once()?);
                            let spot = known.or_else(put)?;
                            in_memory.insert((hash, form), spot);
                            spot
                        }
                    }),
                };
                forms.push((form, spot));
            }
            let list = page.headers.shared();
            let known = lists.iter().position(|own| Arc::ptr_eq(own, list));
            let headers = known.unwrap_or_else(|| {
                lists.push(list);
                lists.len() - 1
            });
            own.pages.push(Listed {
                address: address.to_owned(),
                status: page.status.as_u16(),
                cache: page.cache,
                last_modified: page.last_modified.as_ref().and_then(text),
                headers: u32::try_from(headers).ok()?,
                link: page.headers.link().and_then(text),
                hash,
                length: u32::try_from(length).ok()?,
                forms,
            });
        }
        let line = |(name, value): &(HeaderName, HeaderValue)| {
            Some((name.as_str().to_owned(), text(value)?))
        };
        for list in lists {
            own.lists
                .push(list.iter().map(line).collect::<Option<_>>()?);
        }
        own.end = vault.end();
        copies.0 = in_memory;
        Some(own)
    }

    /// As the bytes of a file.
    pub fn to_bytes(&self) -> Option<Vec<u8>> {
        let start = MARK.len() + SUM;
        let mut bytes = MARK.to_vec();
        bytes.resize(start, 0);
        let mut bytes = postcard::to_extend(self, bytes).ok()?;
        let sum = xxh3_128(bytes.get(start..)?).to_le_bytes();
        bytes.get_mut(MARK.len()..start)?.copy_from_slice(&sum);
        Some(bytes)
    }

    /// Reads the bytes of a file; none if they are not whole, or of other settings.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let (sum, listed) = bytes.strip_prefix(MARK)?.split_at_checked(SUM)?;
        if sum != xxh3_128(listed).to_le_bytes() {
            return None;
        }
        let own: Self = postcard::from_bytes(listed).ok()?;
        (own.compression == COMPRESSION).then_some(own)
    }

    /// The name of its vault.
    pub fn vault(&self) -> u128 {
        self.vault
    }

    /// Where what it lists ends in the vault.
    pub fn end(&self) -> u64 {
        self.end
    }

    /// Of what its pages were made; none if they were not all made of what stands in files.
    pub fn claim(&self) -> Option<&Claim> {
        self.claim.as_ref()
    }

    /// How many bytes of the vault it lists.
    pub fn bytes(&self) -> u64 {
        let spots = self.pages.iter().flat_map(|page| &page.forms);
        let lengths = spots.filter_map(|(_, spot)| spot.map(|spot| spot.len() as u64));
        lengths.sum()
    }

    /// The compressed forms, which lie in `vault`, and what else lies there.
    pub fn pressed(&self, vault: Arc<Vault>) -> (Pressed, Copies) {
        let (mut known, mut copies) = (HashMap::new(), HashMap::new());
        for page in &self.pages {
            let spot = |form: Form| {
                let own = page.forms.iter().find(|(own, _)| *own == form);
                own.and_then(|(_, spot)| *spot)
            };
            let forms = Forms {
                gzip: spot(Form::Gzip),
                best: spot(Form::Best),
                quick: spot(Form::Quick),
            };
            // Without one of brotli, all are made again.
            if forms.best.or(forms.quick).is_some() {
                known.insert(page.hash, forms);
            }
            for (form, spot) in &page.forms {
                copies.extend(spot.map(|spot| ((page.hash, *form), spot)));
            }
        }
        (Pressed::in_vault(vault, known), Copies(copies))
    }
}

fn text(value: &HeaderValue) -> Option<String> {
    Some(value.to_str().ok()?.to_owned())
}

/// The pages of an earlier server, which are those of this one.
#[derive(Debug)]
pub struct Inherited {
    vault: Arc<Vault>,
    /// None for a list that is not one of headers.
    lists: Vec<Option<Arc<Lines>>>,
    pages: HashMap<String, Listed>,
}

impl Inherited {
    /// What an inventory lists.
    pub fn of(inventory: Inventory, vault: Arc<Vault>) -> Self {
        let line = |(name, value): &(String, String)| {
            Some((name.parse().ok()?, HeaderValue::from_str(value).ok()?))
        };
        let list = |lines: &Vec<(String, String)>| {
            let lines = lines.iter().map(line).collect::<Option<Vec<_>>>()?;
            Some(known(&lines))
        };
        let pages = inventory.pages.into_iter();
        Self {
            vault,
            lists: inventory.lists.iter().map(list).collect(),
            pages: pages.map(|page| (page.address.clone(), page)).collect(),
        }
    }

    /// How many addresses answer.
    pub fn len(&self) -> usize {
        self.pages.len()
    }

    /// Whether no address answers.
    pub fn is_empty(&self) -> bool {
        self.pages.is_empty()
    }

    /// The page at an address, as the earlier server sent it. None if there is none, or if the file fails.
    pub fn page(&self, address: &str) -> Option<Page> {
        let listed = self.pages.get(address).filter(|_| self.vault.is_sound())?;
        let list = self.lists.get(usize::try_from(listed.headers).ok()?)?;
        let link = listed.link.as_deref();
        let link = link.map(HeaderValue::from_str).transpose().ok()?;
        let filed = |spot: Spot| Body::filed(Arc::clone(&self.vault), spot);
        let spots = listed.forms.iter();
        let gzip = spots.clone().find(|(form, _)| *form == Form::Gzip);
        let gzip = gzip.and_then(|(_, spot)| *spot);
        let length = usize::try_from(listed.length).ok()?;
        let forms = spots.map(|(form, spot)| {
            let packed = || Some(Body::packed(filed(gzip?), length));
            let body = spot.map(filed).or_else(packed)?;
            Some(representation(*form, body, listed.hash))
        });
        let last_modified = listed.last_modified.as_deref();
        Some(Page {
            status: StatusCode::from_u16(listed.status).ok()?,
            headers: PageHeaders::of(list.clone()?, link),
            cache: listed.cache,
            last_modified: last_modified.and_then(|date| HeaderValue::from_str(date).ok()),
            representations: forms.collect::<Option<_>>()?,
        })
    }
}
