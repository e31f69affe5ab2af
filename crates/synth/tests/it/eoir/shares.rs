use super::clean;
use std::collections::BTreeMap;

const EXTRACT: &str = include_str!("../../../data/eoir_marginals.csv");

#[test]
fn tables_have_the_real_proportions() {
    // Rows for each case, from the row counts of the real release.
    let expected = [
        ("A_TblCase", 1.0),
        ("B_TblProceeding", 1.31),
        ("tbl_schedule", 3.8),
        ("tbl_Court_Appln", 1.3),
        ("tblAppeal", 0.12),
        ("D_TblAssociatedBond", 0.12),
        ("B_TblProceedCharges", 1.5),
        ("tbl_RepsAssigned", 2.1),
        ("tbl_CustodyHistory", 0.8),
        ("tbl_Court_Motions", 0.6),
        ("tbl_Lead_Rider", 0.2),
        ("tbl_JuvenileHistory", 0.24),
        ("tbl_CasePriorityHistory", 0.01),
        ("A_TblCaseIdentifier", 0.19),
    ];
    let (first, _) = clean();
    for ((table, rows), (name, for_each)) in first.written.tables.iter().zip(expected) {
        assert_eq!(table, name);
        let share = *rows as f64 / 20_000.0;
        let off = (share / for_each - 1.0).abs();
        assert!(off < if for_each < 0.1 { 0.25 } else { 0.1 }, "{table}: {share} rows for a case, not {for_each}");
    }
}

#[test]
fn columns_have_the_real_marginals() {
    const TOLERANCE: f64 = 0.045;
    // What hangs on few rows cannot be told from chance.
    const ENOUGH: usize = 1_500;
    let mut wanted: BTreeMap<(&str, &str), Vec<(&str, f64)>> = BTreeMap::new();
    for line in EXTRACT.lines().skip(1).filter(|line| line.ends_with(",measured")) {
        let cells: Vec<_> = line.split(',').collect();
        wanted.entry((cells[0], cells[1])).or_default().push((cells[2], cells[3].parse().unwrap()));
    }
    let (first, _) = clean();
    let mut checked = 0;
    let mut wrong = Vec::new();
    for table in first.core() {
        let cells = first.table(table);
        for (at, column) in cells.columns.iter().enumerate() {
            let values: Vec<_> = cells.rows.iter().map(|row| row[at].as_str()).filter(|v| !v.is_empty()).collect();
            for (value, share) in &wanted[&(table, column.as_str())] {
                let (found, of) = if value.is_empty() {
                    (cells.rows.len() - values.len(), cells.rows.len())
                } else {
                    (values.iter().filter(|v| *v == value).count(), values.len())
                };
                if of < ENOUGH {
                    continue;
                }
                checked += 1;
                let found = found as f64 / of as f64;
                if (found - share).abs() > TOLERANCE {
                    wrong.push(format!("{table}.{column} `{value}`: {found:.3}, not {share:.3}"));
                }
            }
        }
    }
    assert!(checked > 350, "only {checked} shares were looked at");
    assert!(wrong.is_empty(), "{wrong:#?}");
}
