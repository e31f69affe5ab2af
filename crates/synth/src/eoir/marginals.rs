//! Which values the columns of the real release have and how often, from the extract in `data/eoir_marginals.csv`
//! (see `data/PROVENANCE.md`).

use super::tables::Table;

const EXTRACT: &str = include_str!("../../data/eoir_marginals.csv");

/// The values of one coded column.
#[derive(Debug, Default)]
pub(super) struct Coded {
    /// Share of the rows in which the column has a value.
    pub(super) filled: f64,
    /// Values with the upper end of their share, in 2^32.
    values: Vec<(u64, &'static str)>,
}

impl Coded {
    fn of(table: &str, column: &str) -> Self {
        let mut coded = Self { filled: 0.0, values: Vec::new() };
        let mut shares = Vec::new();
        for line in lines().filter(|line| line.table == table && line.column == column) {
            if line.value.is_empty() {
                coded.filled = 1.0 - line.share;
            } else {
                shares.push((line.share, line.value));
            }
        }
        let total: f64 = shares.iter().map(|(share, _)| share).sum();
        let mut sum = 0.0;
        for (share, value) in shares {
            sum += share / total;
            coded.values.push(((sum * 4_294_967_296.0) as u64, value));
        }
        coded
    }

    /// One of the values by a draw; empty if the extract has none.
    pub(super) fn value(&self, roll: u64) -> &'static str {
        let at = roll & 0xFFFF_FFFF;
        let found = self.values.iter().find(|(end, _)| at < *end).or(self.values.last());
        found.map_or("", |(_, value)| value)
    }

    /// One of the values that `keep` allows, by a draw; empty if it allows none.
    pub(super) fn value_among(&self, roll: u64, keep: impl Fn(&str) -> bool) -> &'static str {
        let starts = std::iter::once(0).chain(self.values.iter().map(|(end, _)| *end));
        let allowed = || starts.clone().zip(&self.values).filter(|(_, (_, value))| keep(value));
        let total: u64 = allowed().map(|(start, (end, _))| end - start).sum();
        let mut at = ((roll & 0xFFFF_FFFF) * total) >> 32;
        let mut last = "";
        for (start, (end, value)) in allowed() {
            let width = end - start;
            last = value;
            if at < width {
                break;
            }
            at -= width;
        }
        last
    }
}

struct Line {
    table: &'static str,
    column: &'static str,
    value: &'static str,
    share: f64,
}

fn lines() -> impl Iterator<Item = Line> {
    EXTRACT.lines().skip(1).filter_map(|line| {
        let mut parts = line.split(',');
        let (table, column, value, share) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        Some(Line { table, column, value, share: share.parse().ok()? })
    })
}

/// The columns of a table, in the order of the release. The extract has a line without a value for each.
pub(super) fn columns(table: Table) -> Vec<&'static str> {
    lines().filter(|line| line.table == table.name() && line.value.is_empty()).map(|line| line.column).collect()
}

macro_rules! codes {
    ($($field:ident: $table:literal $column:literal,)*) => {
        /// The coded columns that are drawn from the extract.
        pub(super) struct Codes {
            $(pub(super) $field: Coded,)*
        }

        impl Codes {
            pub(super) fn new() -> Self {
                Self { $($field: Coded::of($table, $column),)* }
            }

            #[cfg(test)]
            fn all(&self) -> Vec<(&'static str, &Coded)> {
                vec![$((concat!($table, ".", $column), &self.$field),)*]
            }
        }
    };
}

codes! {
    case_type: "A_TblCase" "CASE_TYPE",
    site_type: "A_TblCase" "SITE_TYPE",
    case_facility: "A_TblCase" "CORRECTIONAL_FAC",
    release_month: "A_TblCase" "RELEASE_MONTH",
    asylum_type: "A_TblCase" "C_ASY_TYPE",
    sex: "A_TblCase" "Sex",
    lpr: "A_TblCase" "LPR",
    priority: "A_TblCase" "CASEPRIORITY_CODE",
    court: "B_TblProceeding" "BASE_CITY_CODE",
    decision_type: "B_TblProceeding" "DEC_TYPE",
    other_completion: "B_TblProceeding" "OTHER_COMP",
    reserved: "B_TblProceeding" "APPEAL_RSVD",
    criminal: "B_TblProceeding" "CRIM_IND",
    ihp: "B_TblProceeding" "IHP",
    felon: "B_TblProceeding" "AGGRAVATE_FELON",
    assignment: "tbl_schedule" "ASSIGNMENT_PATH",
    adjourned: "tbl_schedule" "ADJ_RSN",
    medium: "tbl_schedule" "ADJ_MEDIUM",
    message: "tbl_schedule" "ADJ_MSG",
    notice: "tbl_schedule" "NOTICE_CODE",
    clock: "tbl_schedule" "BLNCLOCKOVERRIDE",
    other_application: "tbl_Court_Appln" "APPL_CODE",
    appeal_type: "tblAppeal" "strAppealType",
    filed_by: "tblAppeal" "strFiledBy",
    board_decision: "tblAppeal" "strBIADecision",
    board_decision_type: "tblAppeal" "strBIADecisionType",
    appeal_ihp: "tblAppeal" "strProceedingIHP",
    pro_bono: "tblAppeal" "strProbono",
    charge: "B_TblProceedCharges" "CHARGE",
    prime: "tbl_RepsAssigned" "BLNPRIMEATTY",
    parent: "tbl_RepsAssigned" "PARENT_TABLE",
    bond_decision: "D_TblAssociatedBond" "DEC",
    release_condition: "D_TblAssociatedBond" "REL_CON",
    bond_medium: "D_TblAssociatedBond" "BOND_HEARING_TELEPHONIC",
    bond_reserved: "D_TblAssociatedBond" "APPEAL_REVD",
    bond_not_filed: "D_TblAssociatedBond" "APPEAL_NOT_FILED",
    bond_type: "D_TblAssociatedBond" "BOND_TYPE",
    bond_method: "D_TblAssociatedBond" "FILING_METHOD",
    bond_party: "D_TblAssociatedBond" "FILING_PARTY",
    bond_subgeneration: "D_TblAssociatedBond" "SUB_GENERATION",
    first_calendar: "D_TblAssociatedBond" "ADJ1_CAL_TYPE_TO_BE_REMOVED",
    first_medium: "D_TblAssociatedBond" "ADJ1_TELEPHONIC_TO_BE_REMOVED",
    motion: "tbl_Court_Motions" "REC_TYPE",
    motion_decision: "tbl_Court_Motions" "DEC",
    motion_subgeneration: "tbl_Court_Motions" "SUB_GENERATION",
    motion_reserved: "tbl_Court_Motions" "APPEAL_RSVD",
    stay: "tbl_Court_Motions" "STAY_GRANT",
    jurisdiction: "tbl_Court_Motions" "JURISDICTION",
    motion_party: "tbl_Court_Motions" "STRFILINGPARTY",
    motion_method: "tbl_Court_Motions" "STRFILINGMETHOD",
    service: "tbl_Court_Motions" "STRCERTOFSERVICECODE",
    clock_option: "tbl_Court_Motions" "O_CLOCK_OPTION",
    deleted: "tbl_Court_Motions" "BLNDELETED",
    scenario: "tbl_Court_Motions" "strDJScenario",
    juvenile: "tbl_JuvenileHistory" "idnJuvenile",
    priority_history: "tbl_CasePriorityHistory" "casePriority_code",
    identifier: "A_TblCaseIdentifier" "CASE_ID",
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_coded_column_is_in_the_extract() {
        assert!(!EXTRACT.contains('"'), "the extract is read without quoting");
        for (name, coded) in Codes::new().all() {
            assert!(coded.filled > 0.0 && !coded.values.is_empty(), "{name} has no values");
        }
        let widths: Vec<_> = Table::ALL.map(|table| columns(table).len()).to_vec();
        assert_eq!(widths, [39, 38, 30, 6, 17, 49, 5, 11, 5, 41, 11, 6, 5, 3]);
    }
}
