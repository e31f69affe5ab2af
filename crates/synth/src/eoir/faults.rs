//! What goes wrong when a release is written: the faults of real releases, planted at set rates.
//!
//! A plan says which fault falls on which columns of a table and how often. Its places are spread evenly over the
//! cases; at each place the fault falls on the next row of the table that can carry it. A row carries at most one.
//!
//! What was keyed in wrongly stays so from one release to the next; what goes wrong when the files are written falls on
//! other rows each time. Neither falls on a case that something happens to between the releases, so that every
//! difference between the two is one that `changes.csv` tells.

use super::cells::Cells;
use super::history::{Purpose, dice};
use super::tables::Table;
use super::{Release, World};
use crate::chance::Dice;

/// A kind of fault, as `faults.csv` names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A stray tab in a cell: everything after it stands one column too far right.
    Shifted,
    /// Two stray tabs in two columns.
    ShiftedTwice,
    /// The empty cells at the end of the row are missing.
    Short,
    /// A NUL byte within a cell.
    Nul,
    /// A control byte instead of the value.
    Control,
    /// Text that stands for nothing in a cell that is empty in truth.
    Placeholder,
    /// The letter O for the digit 0.
    LetterO,
    /// A year that cannot be.
    OddDate,
    /// A letter beyond ASCII, as one byte of Latin-1.
    Latin1,
}

impl Kind {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Shifted => "shifted",
            Self::ShiftedTwice => "shifted_twice",
            Self::Short => "short",
            Self::Nul => "nul",
            Self::Control => "control",
            Self::Placeholder => "placeholder",
            Self::LetterO => "letter_o",
            Self::OddDate => "odd_date",
            Self::Latin1 => "latin1",
        }
    }

    /// Whether it arises anew whenever a release is written.
    fn is_of_writing(self) -> bool {
        matches!(self, Self::Shifted | Self::ShiftedTwice | Self::Short)
    }
}

/// One cell that is not written as it is.
#[derive(Debug)]
pub(super) struct Fault {
    pub(super) kind: Kind,
    pub(super) column: &'static str,
    /// The bytes as text: `\t`, `\\`, and `\xNN` for what does not print.
    pub(super) written: String,
    pub(super) true_value: Vec<u8>,
}

/// A row as it is written, and what is wrong with it.
pub(super) struct Damage {
    pub(super) bytes: Vec<u8>,
    pub(super) faults: Vec<Fault>,
    /// The columns with stray tabs.
    pub(super) tabs: Vec<&'static str>,
}

struct Plan {
    table: Table,
    kind: Kind,
    /// The columns it may fall on; none for short rows.
    columns: &'static [&'static str],
    /// Rows of the table for each case, roughly.
    rows: f64,
    /// Share of the rows.
    share: f64,
    /// At least so many.
    floor: u64,
}

const fn plan(table: Table, kind: Kind, columns: &'static [&'static str], rows: f64, share: f64, floor: u64) -> Plan {
    Plan { table, kind, columns, rows, share, floor }
}

/// Shifted rows as often as found in the real release of July 2026; it has no figures for the others.
const PLANS: &[Plan] = &[
    plan(Table::Case, Kind::Shifted, &["ALIEN_CITY"], 1.0, 7.4e-6, 2),
    plan(Table::Case, Kind::Shifted, &["UPDATED_CITY"], 1.0, 4e-7, 1),
    plan(Table::Case, Kind::ShiftedTwice, &["ALIEN_CITY"], 1.0, 2e-7, 1),
    plan(Table::Case, Kind::Short, &[], 1.0, 1e-5, 3),
    plan(Table::Case, Kind::Nul, &["ALIEN_CITY", "ATTY_NBR"], 1.0, 2e-5, 3),
    plan(Table::Case, Kind::Control, &["ATTY_NBR", "SITE_TYPE"], 1.0, 5e-6, 3),
    plan(
        Table::Case,
        Kind::Placeholder,
        &["ALIEN_CITY", "ALIEN_ZIPCODE", "ATTY_NBR", "UPDATED_ZIPCODE", "INMATE_HOUSING"],
        1.0,
        5e-5,
        4,
    ),
    plan(Table::Case, Kind::LetterO, &["ALIEN_ZIPCODE", "LATEST_TIME"], 1.0, 1e-5, 3),
    plan(Table::Case, Kind::OddDate, &["DATE_OF_ENTRY", "E_28_DATE", "LATEST_HEARING"], 1.0, 3e-5, 3),
    plan(Table::Proceeding, Kind::Shifted, &["TRANSFER_TO", "IJ_CODE", "PREV_HEARING_LOC"], 1.3, 4.3e-6, 3),
    plan(Table::Proceeding, Kind::Short, &[], 1.3, 1e-5, 3),
    plan(Table::Proceeding, Kind::Nul, &["DEPORTED_1", "IJ_CODE"], 1.3, 1e-5, 3),
    plan(Table::Proceeding, Kind::Control, &["APPEAL_RSVD"], 1.3, 5e-6, 3),
    plan(Table::Proceeding, Kind::OddDate, &["OSC_DATE", "HEARING_DATE", "INPUT_DATE"], 1.3, 3e-5, 3),
    plan(Table::Schedule, Kind::Short, &[], 3.8, 5e-6, 3),
    plan(Table::Schedule, Kind::Nul, &["NOTICE_CODE", "ADJ_MSG"], 3.8, 5e-6, 3),
    plan(Table::Schedule, Kind::LetterO, &["ADJ_ELAP_DAYS", "LNGSESSNID"], 3.8, 5e-6, 3),
    plan(Table::Schedule, Kind::OddDate, &["ADJ_DATE", "UPDATE_DATE"], 3.8, 2e-5, 3),
    plan(Table::Application, Kind::Nul, &["APPL_CODE"], 1.3, 5e-6, 3),
    plan(Table::Application, Kind::OddDate, &["APPL_RECD_DATE"], 1.3, 3e-5, 3),
    plan(Table::Appeal, Kind::Control, &["strProbono", "strProceedingIHP"], 0.12, 1e-5, 3),
    plan(Table::Appeal, Kind::OddDate, &["datBIADecision", "datAttorneyE27"], 0.12, 3e-5, 3),
    plan(Table::Bond, Kind::Shifted, &["BASE_CITY_NAME"], 0.12, 4.4e-6, 3),
    plan(Table::Bond, Kind::Placeholder, &["INITIAL_BOND", "NEW_BOND"], 0.12, 5e-5, 3),
    plan(Table::Bond, Kind::OddDate, &["DATE_APPEAL_DUE"], 0.12, 3e-5, 3),
    plan(Table::Charge, Kind::Control, &["CHG_STATUS"], 1.5, 3e-6, 3),
    plan(Table::Charge, Kind::Nul, &["CHARGE"], 1.5, 3e-6, 3),
    plan(Table::Rep, Kind::LetterO, &["PARENT_IDN"], 2.1, 3e-6, 3),
    plan(Table::Rep, Kind::OddDate, &["E_28_DATE", "INS_TA_DATE_ASSIGNED"], 2.1, 1e-5, 3),
    plan(Table::Custody, Kind::OddDate, &["DATDETAINED"], 0.8, 2e-5, 3),
    plan(Table::Motion, Kind::Shifted, &["IJ_NAME"], 0.6, 1e-6, 3),
    plan(Table::Motion, Kind::OddDate, &["MOTION_RECD_DATE"], 0.6, 2e-5, 3),
    plan(Table::Rider, Kind::OddDate, &["datCreatedOn"], 0.2, 1e-5, 3),
    plan(Table::Juvenile, Kind::OddDate, &["DATCREATEDON"], 0.24, 1e-5, 3),
    plan(Table::Priority, Kind::OddDate, &["DATCREATEDON"], 0.01, 1e-5, 2),
    plan(Table::Identifier, Kind::Nul, &["CASE_ID"], 0.19, 1e-5, 3),
];

/// The columns in which the second stray tab of a row may stand.
const SECOND_TAB: &[&str] = &["ATTY_NBR", "LATEST_TIME", "SITE_TYPE", "UPDATE_SITE"];

/// A plan on its way through a release.
struct Due {
    plan: &'static Plan,
    columns: Vec<usize>,
    dice: Dice,
    /// How many faults there will be.
    count: u64,
    /// How many places have been passed.
    passed: u64,
    /// How many faults wait for a row that can carry them.
    waiting: u64,
    /// How many have been planted.
    planted: u64,
}

impl Due {
    /// The case at which the next fault falls due.
    fn place(&self, cases: u64) -> Option<u64> {
        let width = (cases / self.count).max(1);
        let at = self.passed as u32;
        (self.passed < self.count).then(|| self.passed * width + self.dice.below(at, width) + 1)
    }
}

/// Plants faults in the rows of a release as they come by.
pub(super) struct Planter<'a> {
    world: &'a World,
    dues: Vec<Vec<Due>>,
    /// For each table, the case before which nothing is due.
    soonest: Vec<u64>,
}

impl<'a> Planter<'a> {
    pub(super) fn new(world: &'a World, release: Release) -> Self {
        let mut dues: Vec<Vec<Due>> = (0..Table::COUNT).map(|_| Vec::new()).collect();
        for (no, plan) in (0..).zip(PLANS) {
            let no = if plan.kind.is_of_writing() && release == Release::Next { no + 1_000 } else { no };
            let names = &world.columns[plan.table.at()];
            let expected = (world.all as f64 * plan.rows * plan.share) as u64;
            dues[plan.table.at()].push(Due {
                plan,
                columns: plan.columns.iter().filter_map(|name| names.iter().position(|n| n == name)).collect(),
                dice: dice(world, no, Purpose::Fault),
                count: expected.max(plan.floor),
                passed: 0,
                waiting: 0,
                planted: 0,
            });
        }
        // First what stays, so that it falls on the same rows in both releases.
        dues.iter_mut().for_each(|dues| dues.sort_by_key(|due| due.plan.kind.is_of_writing()));
        Self { world, dues, soonest: vec![0; Table::COUNT] }
    }

    /// The row as it is written, if something is wrong with it. `no` is the number of its case, which is `touched` if
    /// something happens to it between the releases.
    pub(super) fn damage(&mut self, table: Table, (no, touched): (u64, bool), cells: &Cells) -> Option<Damage> {
        if table == Table::Case && !cells.bytes().is_ascii() {
            return Some(latin1(&self.world.columns[table.at()], cells));
        }
        if touched || no < self.soonest[table.at()] {
            return None;
        }
        let all = self.world.all;
        let columns = &self.world.columns[table.at()];
        let mut damage = None;
        let mut soonest = u64::MAX;
        for due in &mut self.dues[table.at()] {
            while due.place(all).is_some_and(|place| place <= no) {
                due.passed += 1;
                due.waiting += 1;
            }
            if due.waiting > 0 && damage.is_none() {
                damage = due.fall(columns, cells);
            }
            let next = if due.waiting > 0 { 0 } else { due.place(all).unwrap_or(u64::MAX) };
            soonest = soonest.min(next);
        }
        self.soonest[table.at()] = soonest;
        damage
    }
}

impl Due {
    /// Lets the fault fall on the row, if the row can carry it.
    fn fall(&mut self, names: &[&'static str], cells: &Cells) -> Option<Damage> {
        let roll = self.dice.roll(1_000_000 + self.planted as u32);
        let damage = if self.plan.kind == Kind::Short {
            short(names, cells, roll)
        } else {
            let first = (roll % self.columns.len().max(1) as u64) as usize;
            let columns = self.columns.iter().cycle().skip(first).take(self.columns.len());
            columns.copied().find_map(|at| fallen(self.plan, names, cells, (at, roll >> 8)))
        }?;
        self.waiting -= 1;
        self.planted += 1;
        Some(damage)
    }
}

/// The row without some of the empty cells at its end.
fn short(names: &[&'static str], cells: &Cells, roll: u64) -> Option<Damage> {
    let empty = (0..cells.len()).rev().take_while(|at| cells.get(*at).is_empty()).count();
    let missing = empty.min(1 + (roll % 3) as usize);
    let left = cells.len() - missing;
    (missing > 0).then(|| {
        let bytes = cells.bytes()[..cells.bytes().len() - missing].to_vec();
        let fault = Fault { kind: Kind::Short, column: names[left], written: String::new(), true_value: Vec::new() };
        Damage { bytes, faults: vec![fault], tabs: Vec::new() }
    })
}

/// The row with the fault in the cell `at`, if that cell can have it.
fn fallen(plan: &Plan, names: &[&'static str], cells: &Cells, (at, roll): (usize, u64)) -> Option<Damage> {
    let value = cells.get(at);
    let mut replaced = vec![(at, faulty(plan, names[at], value, roll)?)];
    let mut tabs = Vec::new();
    if plan.kind == Kind::Shifted {
        tabs.push(names[at]);
    }
    if plan.kind == Kind::ShiftedTwice {
        let second = SECOND_TAB.iter().filter_map(|name| names.iter().position(|n| n == name));
        let second = second.filter(|at| !cells.get(*at).is_empty()).nth((roll % 3) as usize)?;
        replaced.push((second, [b"\t", cells.get(second)].concat()));
        tabs.extend([names[at], names[second]]);
    }
    let mut bytes = Vec::with_capacity(cells.bytes().len() + 8);
    for (place, cell) in cells.iter().enumerate() {
        if place > 0 {
            bytes.push(b'\t');
        }
        let written = replaced.iter().find(|(at, _)| *at == place).map_or(cell, |(_, written)| written);
        bytes.extend_from_slice(written);
    }
    let faults = replaced.into_iter().map(|(at, written)| Fault {
        kind: plan.kind,
        column: names[at],
        written: printable(&written),
        true_value: cells.get(at).to_vec(),
    });
    Some(Damage { bytes, faults: faults.collect(), tabs })
}

/// What is written instead of the value.
fn faulty(plan: &Plan, column: &str, value: &[u8], roll: u64) -> Option<Vec<u8>> {
    match plan.kind {
        Kind::Shifted | Kind::ShiftedTwice if column.ends_with("CITY") => city_tab(value, roll),
        Kind::Shifted if column.ends_with("NAME") => split(value),
        Kind::Shifted | Kind::ShiftedTwice => (!value.is_empty()).then(|| [b"\t", value].concat()),
        Kind::Nul => (!value.is_empty()).then(|| {
            let middle = value.len() / 2;
            [&value[..middle], b"\0", &value[middle..]].concat()
        }),
        Kind::Control => Some(if roll.is_multiple_of(2) { b"\x1b".to_vec() } else { b"\x06".to_vec() }),
        Kind::Placeholder => value.is_empty().then(|| {
            let texts: &[&[u8]] = match column {
                "INITIAL_BOND" | "NEW_BOND" => &[b"0000000000", b"N/A"],
                "ALIEN_ZIPCODE" | "UPDATED_ZIPCODE" => &[b"00000", b"????", b"N/A"],
                _ => &[b"b6", b"N/A", b"????"],
            };
            texts[(roll % texts.len() as u64) as usize].to_vec()
        }),
        Kind::LetterO => {
            let zero = value.iter().rposition(|b| *b == b'0')?;
            let mut written = value.to_vec();
            written[zero] = b'O';
            Some(written)
        }
        Kind::OddDate => (value.len() == 23).then(|| {
            let years: [&[u8]; 3] = [b"0017", b"2105", b"1900"];
            [years[(roll % 3) as usize], &value[4..]].concat()
        }),
        Kind::Short | Kind::Latin1 => None,
    }
}

/// A tab instead of the first space of a name.
fn split(value: &[u8]) -> Option<Vec<u8>> {
    let space = value.iter().position(|b| *b == b' ')?;
    Some([&value[..space], b"\t", &value[space + 1..]].concat())
}

/// A tab within the name of a city, or between the city and what follows.
fn city_tab(value: &[u8], roll: u64) -> Option<Vec<u8>> {
    if roll.is_multiple_of(5) && !value.is_empty() { Some([value, b"\t"].concat()) } else { split(value) }
}

/// The row in Latin-1.
fn latin1(names: &[&'static str], cells: &Cells) -> Damage {
    let narrow = |cell: &[u8]| -> Vec<u8> {
        String::from_utf8_lossy(cell).chars().map(|c| u8::try_from(u32::from(c)).unwrap_or(b'?')).collect()
    };
    let faults = cells.iter().zip(names).filter(|(cell, _)| !cell.is_ascii()).map(|(cell, name)| Fault {
        kind: Kind::Latin1,
        column: name,
        written: printable(&narrow(cell)),
        true_value: cell.to_vec(),
    });
    let faults = faults.collect();
    Damage { bytes: narrow(cells.bytes()), faults, tabs: Vec::new() }
}

fn printable(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for byte in bytes {
        match byte {
            b'\t' => text.push_str("\\t"),
            b'\\' => text.push_str("\\\\"),
            b' '..=b'~' => text.push(char::from(*byte)),
            _ => text.push_str(&format!("\\x{byte:02X}")),
        }
    }
    text
}
