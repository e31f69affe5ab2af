/// The core tables, in the order in which the release is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Table {
    Case,
    Proceeding,
    Schedule,
    Application,
    Appeal,
    Bond,
    Charge,
    Rep,
    Custody,
    Motion,
    Rider,
    Juvenile,
    Priority,
    Identifier,
}

/// What a table is called, and how its keys are given out.
struct Spec {
    name: &'static str,
    /// The key before the first.
    base: u64,
    /// Keys set aside for a case when it is made. A case has no more rows than that.
    each: u64,
    /// Keys set aside for the rows that the next release adds to a case.
    added: u64,
}

const fn spec(name: &'static str, base: u64, each: u64, added: u64) -> Spec {
    Spec { name, base, each, added }
}

/// Keys lie above those of the real release where that leaves room below 2^31, the width of the real keys.
const SPECS: [Spec; Table::COUNT] = [
    spec("A_TblCase", 700_000_000, 1, 0),
    spec("B_TblProceeding", 800_000_000, 6, 1),
    spec("tbl_schedule", 900_000_000, 30, 2),
    spec("tbl_Court_Appln", 600_000_000, 12, 3),
    spec("tblAppeal", 500_000_000, 6, 1),
    spec("D_TblAssociatedBond", 400_000_000, 4, 0),
    spec("B_TblProceedCharges", 300_000_000, 8, 1),
    spec("tbl_RepsAssigned", 1_100_000_000, 20, 1),
    spec("tbl_CustodyHistory", 200_000_000, 4, 1),
    spec("tbl_Court_Motions", 1_000_000_000, 12, 1),
    spec("tbl_Lead_Rider", 100_000_000, 1, 0),
    spec("tbl_JuvenileHistory", 150_000_000, 3, 1),
    spec("tbl_CasePriorityHistory", 50_000_000, 1, 1),
    spec("A_TblCaseIdentifier", 250_000_000, 2, 1),
];

impl Table {
    pub(super) const COUNT: usize = 14;
    pub(super) const ALL: [Self; Self::COUNT] = [
        Self::Case,
        Self::Proceeding,
        Self::Schedule,
        Self::Application,
        Self::Appeal,
        Self::Bond,
        Self::Charge,
        Self::Rep,
        Self::Custody,
        Self::Motion,
        Self::Rider,
        Self::Juvenile,
        Self::Priority,
        Self::Identifier,
    ];

    pub(super) fn at(self) -> usize {
        self as usize
    }

    pub(super) fn name(self) -> &'static str {
        SPECS[self.at()].name
    }
}

/// The key of a row, and whether the next release added the row to a case that was there before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Key {
    pub(super) id: u64,
    pub(super) added: bool,
}

/// Gives out the keys of one case: each is a pure function of the case's number and the row's place in the case.
#[derive(Debug)]
pub(super) struct Keys {
    no: u64,
    /// How many cases there are, with those of the next release.
    all: u64,
    used: [u64; Table::COUNT],
    added: [u64; Table::COUNT],
}

impl Keys {
    pub(super) fn new(no: u64, all: u64) -> Self {
        Self { no, all, used: [0; Table::COUNT], added: [0; Table::COUNT] }
    }

    /// The key of the case's next row, or none if the case has as many as it may.
    pub(super) fn next(&mut self, table: Table) -> Option<Key> {
        let spec = &SPECS[table.at()];
        let used = &mut self.used[table.at()];
        let free = *used < spec.each;
        *used += 1;
        free.then(|| Key { id: spec.base + (self.no - 1) * spec.each + *used, added: false })
    }

    /// The key of the next row that the next release adds to the case. It lies above all keys of the first release and
    /// of the cases that are new.
    pub(super) fn next_added(&mut self, table: Table) -> Option<Key> {
        let spec = &SPECS[table.at()];
        let added = &mut self.added[table.at()];
        let free = *added < spec.added;
        *added += 1;
        free.then(|| Key { id: spec.base + self.all * spec.each + (self.no - 1) * spec.added + *added, added: true })
    }
}

/// The key of a case.
pub(super) fn case_key(no: u64) -> u64 {
    SPECS[Table::Case.at()].base + no
}

/// The key of a case's first proceeding.
pub(super) fn first_proceeding_key(no: u64) -> u64 {
    let spec = &SPECS[Table::Proceeding.at()];
    spec.base + (no - 1) * spec.each + 1
}
