use super::{OnDisk, clean};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// The column that names a table's rows: the first.
fn keys(release: &OnDisk, table: &str) -> Vec<u64> {
    release.table(table).rows.iter().map(|row| row[0].parse().unwrap()).collect()
}

#[test]
fn keys_are_unique_and_ascend() {
    let (first, next) = clean();
    for release in [first, next] {
        for table in release.core() {
            let keys = keys(release, table);
            assert!(keys.is_sorted_by(|a, b| a < b), "{table}");
            assert!(keys.last().is_none_or(|key| i32::try_from(*key).is_ok()), "{table} has keys beyond 32 bits");
        }
    }
}

#[test]
fn rows_refer_to_rows_that_are_there() {
    let (first, next) = clean();
    for release in [first, next] {
        let cases: HashSet<String> = release.table("A_TblCase").rows.into_iter().map(|mut row| row.remove(0)).collect();
        let proceedings = release.table("B_TblProceeding");
        let case_of: HashMap<&str, &str> =
            proceedings.cells(["IDNPROCEEDING", "IDNCASE"]).map(|[proceeding, case]| (proceeding, case)).collect();
        assert!(case_of.values().all(|case| cases.contains(*case)));
        for (table, case, proceeding) in [
            ("tbl_schedule", "IDNCASE", "IDNPROCEEDING"),
            ("tbl_Court_Appln", "IDNCASE", "IDNPROCEEDING"),
            ("tblAppeal", "idncase", "idnProceeding"),
            ("D_TblAssociatedBond", "IDNCASE", "IDNPROCEEDING"),
            ("B_TblProceedCharges", "IDNCASE", "IDNPROCEEDING"),
            ("tbl_Court_Motions", "IDNCASE", "IDNPROCEEDING"),
            ("tbl_JuvenileHistory", "idnCase", "idnProceeding"),
            ("tbl_Lead_Rider", "idnLeadCase", "idnLeadProceedingStart"),
            ("tbl_Lead_Rider", "idnRiderCase", "idnRiderProceedingStart"),
        ] {
            for [case, proceeding] in release.table(table).cells([case, proceeding]) {
                assert!(case.is_empty() || cases.contains(case), "{table}: no case {case}");
                if !proceeding.is_empty() && !case.is_empty() {
                    assert_eq!(case_of.get(proceeding), Some(&case), "{table}: proceeding {proceeding}");
                }
            }
        }
        for table in ["tbl_CustodyHistory", "tbl_RepsAssigned", "A_TblCaseIdentifier"] {
            assert!(release.table(table).cells(["IDNCASE"]).all(|[case]| cases.contains(case)), "{table}");
        }
        parents(release, &cases, &case_of);
    }
}

fn parents(release: &OnDisk, cases: &HashSet<String>, case_of: &HashMap<&str, &str>) {
    let appeals = release.table("tblAppeal");
    let appeals: HashSet<&str> = appeals.cells(["idnAppeal"]).map(|[key]| key).collect();
    let reps = release.table("tbl_RepsAssigned");
    let mut spellings = BTreeSet::new();
    for [level, side, parent, key] in reps.cells(["STRATTYLEVEL", "STRATTYTYPE", "PARENT_TABLE", "PARENT_IDN"]) {
        spellings.insert(parent);
        let (found, expected) = match parent.to_lowercase().as_str() {
            "a_tblcase" => (cases.contains(key), ("COURT", "ALIEN")),
            "b_tblproceeding" => (case_of.contains_key(key), ("COURT", "INS")),
            "tblappeal" => (appeals.contains(key), ("BOARD", "ALIEN")),
            _ => (false, ("", "")),
        };
        assert!(found, "no {parent} {key}");
        assert_eq!((level, side), expected);
    }
    assert_eq!(spellings.len(), 7, "{spellings:?}");
}

#[test]
fn proceedings_follow_one_another() {
    let (first, next) = clean();
    for (release, through) in [(first, "2026-07-31"), (next, "2026-08-31")] {
        let table = release.table("B_TblProceeding");
        let mut last: BTreeMap<&str, (String, &str)> = BTreeMap::new();
        for [case, start, end, decision, other, absent, nta] in
            table.cells(["IDNCASE", "INPUT_DATE", "COMP_DATE", "DEC_CODE", "OTHER_COMP", "ABSENTIA", "OSC_DATE"])
        {
            assert_eq!(end.is_empty(), decision.is_empty() && other.is_empty(), "{case}");
            assert!(decision.is_empty() || other.is_empty(), "{case}");
            assert!(absent != "Y" || !decision.is_empty(), "{case}");
            assert!(end.is_empty() || &end[..10] <= through, "{case} ended on {end}");
            assert!(start.is_empty() || nta.is_empty() || start >= nta, "{case}");
            assert!(end.is_empty() || start.is_empty() || end >= start, "{case}");
            if let Some((before, _)) = last.get(case) {
                // A case goes on only after what came before has ended.
                assert!(!before.is_empty() && (start.is_empty() || before.as_str() <= start), "{case}");
            }
            last.insert(case, (end.to_owned(), decision));
        }
    }
}

#[test]
fn hearings_lie_between_the_charging_document_and_the_end() {
    let (first, next) = clean();
    for (release, through) in [(first, "2026-07-31 99"), (next, "2026-08-31 99")] {
        let proceedings = release.table("B_TblProceeding");
        let mut generation: HashMap<&str, u32> = HashMap::new();
        let mut known = HashMap::new();
        for [case, proceeding, end] in proceedings.cells(["IDNCASE", "IDNPROCEEDING", "COMP_DATE"]) {
            let nth = generation.entry(case).or_insert(99);
            known.insert(proceeding, (*nth, end));
            *nth -= 1;
        }
        let mut ahead = 0;
        for [proceeding, generation, nta, day, reason, kind] in release.table("tbl_schedule").cells([
            "IDNPROCEEDING",
            "GENERATION",
            "OSC_DATE",
            "ADJ_DATE",
            "ADJ_RSN",
            "REC_TYPE",
        ]) {
            let (nth, end) = known[proceeding];
            assert_eq!(generation, nth.to_string());
            assert!(day >= nta, "{proceeding}");
            if day > through {
                ahead += 1;
                assert!(end.is_empty() && reason.is_empty(), "{proceeding} has a hearing ahead and has ended");
            } else if !end.is_empty() && kind != "B" {
                assert!(day <= end, "{proceeding} was heard on {day} after {end}");
            }
        }
        assert!(ahead > 4_000, "only {ahead} hearings lie ahead");
    }
}

#[test]
fn decisions_come_before_what_follows_from_them() {
    let (first, next) = clean();
    for release in [first, next] {
        let proceedings = release.table("B_TblProceeding");
        let end: HashMap<&str, &str> =
            proceedings.cells(["IDNPROCEEDING", "COMP_DATE"]).map(|[proceeding, end]| (proceeding, end)).collect();
        for [proceeding, received, decision] in
            release.table("tbl_Court_Appln").cells(["IDNPROCEEDING", "APPL_RECD_DATE", "APPL_DEC"])
        {
            assert_eq!(decision.is_empty(), end[proceeding].is_empty(), "{proceeding}");
            assert!(decision.is_empty() || received <= end[proceeding], "{proceeding}");
        }
        for [proceeding, category, filed, decided, decision] in release.table("tblAppeal").cells([
            "idnProceeding",
            "strAppealCategory",
            "datAppealFiled",
            "datBIADecision",
            "strBIADecision",
        ]) {
            assert_eq!(proceeding.is_empty(), category == "DD");
            assert_eq!(decided.is_empty(), decision.is_empty());
            assert!(decided.is_empty() || decided >= filed, "appeal of {proceeding}");
            if let Some(end) = end.get(proceeding) {
                assert!(!end.is_empty() && *end <= filed, "appeal of {proceeding} before its decision");
            }
        }
    }
}

#[test]
fn custody_rows_have_the_dates_of_their_codes() {
    let (first, next) = clean();
    for release in [first, next] {
        for [custody, from, to] in release.table("tbl_CustodyHistory").cells(["CUSTODY", "DATDETAINED", "DATRELEASED"])
        {
            match custody {
                "N" => assert!(from.is_empty() && to.is_empty()),
                "D" => assert!(to.is_empty()),
                "R" => assert!(!to.is_empty() && from <= to),
                other => panic!("{other}"),
            }
        }
    }
}

#[test]
fn paper_cases_have_no_proceeding() {
    let (first, _) = clean();
    let proceedings = first.table("B_TblProceeding");
    let heard: HashSet<&str> = proceedings.cells(["IDNCASE"]).map(|[case]| case).collect();
    let cases = first.table("A_TblCase");
    let paper = cases.cells(["IDNCASE", "CASE_TYPE"]).filter(|[case, kind]| {
        assert_eq!(!heard.contains(case), *kind == "DDC", "{case} {kind}");
        *kind == "DDC"
    });
    let paper = paper.count();
    assert!((100..400).contains(&paper), "{paper}");
}
