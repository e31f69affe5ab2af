//! Which pairs are compared at all: rules that give each record keys, and the pairs of records that share one.
//!
//! A pair is produced by the first rule under which it shares a key. A block of more records than the cap is split by
//! further keys; what is still too large is not enumerated but counted, block by block, in [`RuleReport`].

use std::hash::BuildHasher as _;

use foldhash::fast::FixedState;

use crate::{
    error::LinkError,
    fields::{Field, FieldKind, Records, Values},
};

/// One way to find pairs: records that share a key under every part.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Rule {
    /// What reports and explanations call it.
    pub name: String,
    /// The parts of the key; all must agree.
    pub parts: Vec<Part>,
}

/// One part of a rule's key.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Part {
    /// The field's name.
    pub field: String,
    /// What of its value must agree.
    pub key: Key,
}

/// What of a value must agree. A record without the value has no key and finds no pair by that rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Key {
    /// All of it. A default or partial birth date has no such key: half a country may be born on 1 January.
    Exact,
    /// One name of several, in whichever name field it stands: two parts with this key also find swapped fields.
    Token,
    /// How one name of several sounds.
    Sound,
    /// The first letter.
    Initial,
    /// The year of a birth date.
    Year,
    /// Month and day of a birth date.
    MonthDay,
    /// The birth date with day and month in either order.
    DateEitherOrder,
}

/// What one rule cost and what it left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleReport {
    /// The rule's name.
    pub rule: String,
    /// Records that have a key under it.
    pub records: u64,
    /// Blocks of at least two records.
    pub blocks: u64,
    /// Records in the largest block, before splitting.
    pub largest_block: u64,
    /// Blocks over the cap that were split by a further key.
    pub blocks_split: u64,
    /// Pairs in its blocks, those that an earlier rule produced included.
    pub pairs_in_blocks: u64,
    /// Pairs that it was first to produce; 0 in a plan.
    pub pairs: u64,
    /// Pairs that share a key but were not enumerated by this rule, since their block was over the cap. An upper
    /// bound for what is lost: another rule may have produced them.
    pub pairs_not_enumerated: u64,
}

/// The cost of rules before running them: the same counts, without producing a pair.
///
/// # Errors
///
/// Refuses rules that name a field or a key that is not there.
pub fn plan(records: &Records, rules: &[Rule], max_block: usize) -> Result<Vec<RuleReport>, LinkError> {
    rules.iter().map(|rule| Ok(RuleKeys::new(records, rule, max_block)?.report)).collect()
}

/// Pairs per record that one of the standard rules may be expected to give; above, the rule asks for more.
const PAIRS_PER_RECORD: f64 = 10.0;
/// The same for rules about a place or category, whose cost the estimate understates: names go with countries.
const PLACE_PAIRS_PER_RECORD: f64 = 1.0;

/// The rules that these fields allow, cheapest and surest first.
///
/// What a rule will cost is estimated from how concentrated its keys are. A rule that would give more than ten pairs a
/// record also asks for initials; a rule about a place or category that would give more than one is left out. The
/// rules therefore depend on the number of records: an exhaustive search of few, a narrower one of many.
pub fn standard_rules(records: &Records) -> Vec<Rule> {
    use FieldKind::{BirthDate, Category, FullName, GivenName, Identifier, Place, Surname};
    let of = |kind: FieldKind| {
        records
            .fields()
            .iter()
            .filter(move |f| f.spec().kind == kind)
            .map(|f| f.spec().name.clone())
            .collect::<Vec<_>>()
    };
    let part = |field: &String, key| Part { field: field.clone(), key };
    let mut wanted: Vec<(String, Vec<Part>)> = Vec::new();
    let (dates, given, surnames, full) = (of(BirthDate), of(GivenName), of(Surname), of(FullName));
    for id in of(Identifier) {
        wanted.push((format!("same {id}"), vec![part(&id, Key::Exact)]));
    }
    for date in &dates {
        wanted.push(("same birth date".into(), vec![part(date, Key::Exact)]));
        wanted.push(("birth date, day and month in either order".into(), vec![part(date, Key::DateEitherOrder)]));
        for name in surnames.iter().chain(&full) {
            wanted.push((format!("{name} and birth year"), vec![part(name, Key::Token), part(date, Key::Year)]));
            let parts = vec![part(name, Key::Sound), part(date, Key::Year)];
            wanted.push((format!("sound of {name} and birth year"), parts));
        }
        for name in &given {
            wanted.push((format!("{name} and birth year"), vec![part(name, Key::Token), part(date, Key::Year)]));
        }
        for name in given.iter().chain(&surnames) {
            wanted.push((format!("{name} and birthday"), vec![part(name, Key::Token), part(date, Key::MonthDay)]));
        }
    }
    for (given, surname) in given.iter().zip(&surnames) {
        for (of, key) in [("", Key::Token), ("sound of ", Key::Sound)] {
            wanted.push((format!("{of}{given} and {surname}"), vec![part(given, key), part(surname, key)]));
        }
    }
    for name in &full {
        wanted.push((format!("same {name}"), vec![part(name, Key::Exact)]));
    }
    let initials: Vec<Part> = [&given, &surnames, &full].into_iter().flatten().map(|f| part(f, Key::Initial)).collect();
    let mut rules = Vec::new();
    for (mut name, mut parts) in wanted {
        let mut more =
            initials.iter().filter(|i| !parts.iter().any(|p| p.field == i.field)).collect::<Vec<_>>().into_iter();
        while expected_pairs(records, &parts) > PAIRS_PER_RECORD * records.len() as f64 {
            let Some(initial) = more.next() else { break };
            name = format!("{name}, initial of {}", initial.field);
            parts.push(initial.clone());
        }
        rules.push(Rule { name, parts });
    }
    let (places, shared) = (of(Place), of(Place).into_iter().chain(of(Category)).collect::<Vec<_>>());
    let with_names = given.iter().chain(&surnames).chain(&full).map(|f| part(f, Key::Token));
    for first in with_names.chain(places.iter().map(|f| part(f, Key::Exact))) {
        for second in shared.iter().filter(|f| **f != first.field) {
            let parts = vec![first.clone(), part(second, Key::Exact)];
            let twice = rules.iter().any(|r| r.parts.iter().all(|p| parts.contains(p)));
            if !twice && expected_pairs(records, &parts) <= PLACE_PAIRS_PER_RECORD * records.len() as f64 {
                rules.push(Rule { name: format!("{} and {second}", first.field), parts });
            }
        }
    }
    if rules.is_empty() {
        let parts = records.fields().iter().map(|f| part(&f.spec().name, Key::Exact)).collect();
        rules.push(Rule { name: "every field".to_owned(), parts });
    }
    rules.truncate(usize::from(u8::MAX));
    rules
}

/// Pairs that share a key, were the parts independent of each other: half of n² times Σp² of every part.
fn expected_pairs(records: &Records, parts: &[Part]) -> f64 {
    let n = records.len().max(1) as f64;
    let concentration = |part: &Part| {
        let Ok(keys) = PartKeys::new(records, "", part) else { return 1.0 };
        let field = records.fields().iter().find(|f| f.spec().name == part.field);
        let mut weighed: Vec<(u64, u32)> = field
            .into_iter()
            .flat_map(|f| keys.by_code.iter().zip(f.counts()))
            .flat_map(|(keys, &count)| keys.iter().map(move |&key| (key, count)))
            .collect();
        weighed.sort_unstable();
        // In whole numbers, since the order of the keys is that of the input.
        let records = |same: &[(u64, u32)]| same.iter().map(|(_, count)| u128::from(*count)).sum::<u128>();
        weighed.chunk_by(|a, b| a.0 == b.0).map(records).map(|k| k * k).sum::<u128>() as f64 / (n * n)
    };
    n * n / 2.0 * parts.iter().map(concentration).product::<f64>()
}

/// A pair and the rule that was first to find it. `left` has the smaller record id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Candidate {
    pub(crate) left: u32,
    pub(crate) right: u32,
    pub(crate) rule: u8,
}

/// The pairs that the rules find, each once, and what each rule cost.
pub(crate) fn candidates(
    records: &Records,
    rules: &[Rule],
    max_block: usize,
    within_sources: bool,
) -> Result<(Vec<Candidate>, Vec<RuleReport>), LinkError> {
    if rules.len() > usize::from(u8::MAX) {
        return Err(LinkError::TooManyRules { found: rules.len() });
    }
    let mut earlier: Vec<RuleKeys> = Vec::with_capacity(rules.len());
    let mut found = Vec::new();
    for (number, rule) in (0_u8..).zip(rules) {
        let mut keys = RuleKeys::new(records, rule, max_block)?;
        let before = found.len();
        for block in keys.entries.chunk_by(|a, b| a.0 == b.0) {
            for (at, &(key, a)) in block.iter().enumerate() {
                for &(_, b) in &block[at + 1..] {
                    let linkable = within_sources || records.sources()[a as usize] != records.sources()[b as usize];
                    if linkable && keys.first_common(a, b) == Some(key) && !earlier.iter().any(|r| r.finds(a, b)) {
                        found.push(ordered(records, a, b, number));
                    }
                }
            }
        }
        keys.report.pairs = (found.len() - before) as u64;
        keys.entries = Vec::new();
        earlier.push(keys);
    }
    Ok((found, earlier.into_iter().map(|k| k.report).collect()))
}

/// Every pair, for few records.
pub(crate) fn every_pair(records: &Records, within_sources: bool) -> (Vec<Candidate>, Vec<RuleReport>) {
    let n = records.len() as u32;
    let mut found = Vec::new();
    for a in 0..n {
        for b in a + 1..n {
            if within_sources || records.sources()[a as usize] != records.sources()[b as usize] {
                found.push(ordered(records, a, b, 0));
            }
        }
    }
    let report = RuleReport {
        rule: EVERY_PAIR.to_owned(),
        records: u64::from(n),
        blocks: 1,
        largest_block: u64::from(n),
        blocks_split: 0,
        pairs_in_blocks: records.possible_pairs(true),
        pairs: found.len() as u64,
        pairs_not_enumerated: 0,
    };
    (found, vec![report])
}

/// What the report calls the enumeration of all pairs.
pub(crate) const EVERY_PAIR: &str = "every pair";

fn ordered(records: &Records, a: u32, b: u32, rule: u8) -> Candidate {
    let (left, right) = if records.rank(a) < records.rank(b) { (a, b) } else { (b, a) };
    Candidate { left, right, rule }
}

/// The keys of one rule as they are enumerated: oversized blocks are already split, or gone.
struct RuleKeys {
    /// Sorted by key, then record.
    entries: Vec<(u64, u32)>,
    /// The same keys by record, sorted.
    starts: Vec<u32>,
    by_record: Vec<u64>,
    report: RuleReport,
}

impl RuleKeys {
    fn new(records: &Records, rule: &Rule, max_block: usize) -> Result<Self, LinkError> {
        let parts = rule.parts.iter().map(|p| PartKeys::new(records, &rule.name, p)).collect::<Result<Vec<_>, _>>()?;
        let splitters: Vec<PartKeys> = splitters(records)
            .into_iter()
            .filter(|s| !rule.parts.contains(s))
            .map(|s| PartKeys::new(records, &rule.name, &s))
            .collect::<Result<_, _>>()?;
        let mut entries = Vec::new();
        let (mut keys, mut next) = (Vec::new(), Vec::new());
        for record in 0..records.len() as u32 {
            keys.clear();
            keys.push(0_u64);
            for part in &parts {
                next.clear();
                next.extend(keys.iter().flat_map(|key| part.of(record).iter().map(|k| key.wrapping_add(*k))));
                std::mem::swap(&mut keys, &mut next);
            }
            keys.sort_unstable();
            keys.dedup();
            entries.extend(keys.iter().map(|&key| (key, record)));
        }
        entries.sort_unstable();
        let mut report = RuleReport {
            rule: rule.name.clone(),
            records: 0,
            blocks: 0,
            largest_block: 0,
            blocks_split: 0,
            pairs_in_blocks: 0,
            pairs: 0,
            pairs_not_enumerated: 0,
        };
        let mut with_key = vec![false; records.len()];
        let mut kept = Vec::with_capacity(entries.len());
        for block in entries.chunk_by(|a, b| a.0 == b.0) {
            block.iter().for_each(|&(_, record)| with_key[record as usize] = true);
            report.largest_block = report.largest_block.max(block.len() as u64);
            if block.len() <= max_block {
                kept.extend_from_slice(block);
            } else {
                report.blocks_split += 1;
                let from = kept.len();
                split(block, &splitters, max_block, &mut kept);
                kept[from..].sort_unstable();
                let enumerated: u64 = kept[from..].chunk_by(|a, b| a.0 == b.0).map(|b| pairs(b.len())).sum();
                report.pairs_not_enumerated += pairs(block.len()).saturating_sub(enumerated);
            }
        }
        kept.sort_unstable();
        for block in kept.chunk_by(|a, b| a.0 == b.0).filter(|b| b.len() > 1) {
            report.blocks += 1;
            report.pairs_in_blocks += pairs(block.len());
        }
        report.records = with_key.into_iter().filter(|k| *k).count() as u64;
        let (starts, by_record) = by_record(&kept, records.len());
        Ok(Self { entries: kept, starts, by_record, report })
    }

    fn of(&self, record: u32) -> &[u64] {
        &self.by_record[self.starts[record as usize] as usize..self.starts[record as usize + 1] as usize]
    }

    /// The smallest key that two records share, under which alone they are produced.
    fn first_common(&self, a: u32, b: u32) -> Option<u64> {
        let (mut left, mut right) = (self.of(a), self.of(b));
        while let (Some((l, more_left)), Some((r, more_right))) = (left.split_first(), right.split_first()) {
            match l.cmp(r) {
                std::cmp::Ordering::Equal => return Some(*l),
                std::cmp::Ordering::Less => left = more_left,
                std::cmp::Ordering::Greater => right = more_right,
            }
        }
        None
    }

    fn finds(&self, a: u32, b: u32) -> bool {
        self.first_common(a, b).is_some()
    }
}

/// What oversized blocks are split by, in this order.
fn splitters(records: &Records) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut add = |kind: FieldKind, key| {
        let fields = records.fields().iter().filter(|f| f.spec().kind == kind);
        parts.extend(fields.map(|f| Part { field: f.spec().name.clone(), key }));
    };
    add(FieldKind::BirthDate, Key::Year);
    add(FieldKind::Surname, Key::Initial);
    add(FieldKind::GivenName, Key::Initial);
    add(FieldKind::FullName, Key::Initial);
    add(FieldKind::Category, Key::Exact);
    add(FieldKind::BirthDate, Key::MonthDay);
    add(FieldKind::Surname, Key::Sound);
    add(FieldKind::GivenName, Key::Sound);
    add(FieldKind::Place, Key::Exact);
    parts
}

fn split(block: &[(u64, u32)], splitters: &[PartKeys], max_block: usize, kept: &mut Vec<(u64, u32)>) {
    let Some((splitter, further)) = splitters.split_first() else { return };
    let mut entries: Vec<(u64, u32)> = block
        .iter()
        .flat_map(|&(key, record)| splitter.of(record).iter().map(move |k| (mixed(key.wrapping_add(*k)), record)))
        .collect();
    entries.sort_unstable();
    for block in entries.chunk_by(|a, b| a.0 == b.0) {
        if block.len() <= max_block {
            kept.extend_from_slice(block);
        } else {
            split(block, further, max_block, kept);
        }
    }
}

fn by_record(entries: &[(u64, u32)], records: usize) -> (Vec<u32>, Vec<u64>) {
    let mut starts = vec![0_u32; records + 1];
    for &(_, record) in entries {
        starts[record as usize + 1] += 1;
    }
    for at in 0..records {
        starts[at + 1] += starts[at];
    }
    let mut next = starts.clone();
    let mut keys = vec![0; entries.len()];
    for &(key, record) in entries {
        keys[next[record as usize] as usize] = key;
        next[record as usize] += 1;
    }
    (starts, keys)
}

fn pairs(records: usize) -> u64 {
    let n = records as u64;
    n * n.saturating_sub(1) / 2
}

/// The hashed keys that one part gives each distinct value of its field.
struct PartKeys<'a> {
    codes: &'a [u32],
    by_code: Vec<Vec<u64>>,
}

impl<'a> PartKeys<'a> {
    fn new(records: &'a Records, rule: &str, part: &Part) -> Result<Self, LinkError> {
        let unfit = || LinkError::Rule {
            rule: rule.to_owned(),
            field: part.field.clone(),
            found: records.fields().iter().map(|f| f.spec().name.clone()).collect(),
        };
        let at = records.fields().iter().position(|f| f.spec().name == part.field).ok_or_else(unfit)?;
        let field = &records.fields()[at];
        let mut by_code = vec![Vec::new()];
        for code in 1..field.counts().len() as u32 {
            let mut keys = keys_of(field, at as u64, part.key, code).ok_or_else(unfit)?;
            keys.sort_unstable();
            keys.dedup();
            by_code.push(keys);
        }
        Ok(Self { codes: field.codes(), by_code })
    }

    fn of(&self, record: u32) -> &[u64] {
        &self.by_code[self.codes[record as usize] as usize]
    }
}

/// Keys are summed over the parts of a rule, so the tag of a name's key leaves its field out: a given name in the
/// surname's field then meets the same name in its own. Every other key is tagged with its field.
fn keys_of(field: &Field, at: u64, key: Key, code: u32) -> Option<Vec<u64>> {
    let hash = |tag: u64, value: u64| mixed(mixed(tag).wrapping_add(value));
    let text = |tag: u64, text: &str| hash(tag, FixedState::with_seed(7).hash_one(text));
    const TOKEN: u64 = 1 << 32;
    const SOUND: u64 = 2 << 32;
    let own = (3 + at) << 40;
    let date = match field.values() {
        Values::Dates(dates) => Some(dates[code as usize]),
        _ => None,
    };
    let name = match field.values() {
        Values::Names(names) => Some(&names[code as usize]),
        _ => None,
    };
    Some(match key {
        Key::Exact if date.is_some_and(|d| d.is_default() || d.day == 0) => Vec::new(),
        Key::Exact => vec![hash(own, u64::from(code))],
        Key::Token if name.is_some() => field.tokens(code).iter().map(|t| hash(TOKEN, u64::from(*t))).collect(),
        Key::Sound => name?.tokens.iter().filter(|t| t.sound.len() > 1).map(|t| text(SOUND, &t.sound)).collect(),
        Key::Initial => field.text(code).chars().next().map(|c| hash(own + 1, u64::from(c))).into_iter().collect(),
        Key::Year => vec![hash(own + 2, u64::from(date?.year))],
        Key::MonthDay => {
            let date = date?;
            if date.is_default() || date.day == 0 {
                return Some(Vec::new());
            }
            vec![hash(own + 3, u64::from(date.month) * 100 + u64::from(date.day))]
        }
        Key::DateEitherOrder => {
            let date = date?;
            if date.is_default() || date.day == 0 {
                return Some(Vec::new());
            }
            let (low, high) = (date.month.min(date.day), date.month.max(date.day));
            vec![hash(own + 4, u64::from(date.year) * 10_000 + u64::from(low) * 100 + u64::from(high))]
        }
        Key::Token => return None,
    })
}

/// The finaliser of SplitMix64 (Steele, Lea, Flood 2014, "Fast Splittable Pseudorandom Number Generators").
fn mixed(value: u64) -> u64 {
    let value = (value ^ value >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let value = (value ^ value >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ value >> 31
}
