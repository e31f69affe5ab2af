use law::{Library, LoadError};
use std::fs;

const GOOD: &str = r#"
id = "sample"
code = "Z1"
kind = "deadline"
outcome = "due_from_person"
subject = "decision"
selector = "decision_date"
done = "appeal_filed_date"
liberty = false
authority = ["8 CFR 0.0"]
title = { en = "t", es = "t" }
explanation = { en = "e", es = "e" }
owed_by = { en = "b", es = "b" }
owed_to = { en = "o", es = "o" }

[[versions]]
id = "v1"
scope = "nation"
state = "in_force"
confidence = "SURE"
authority = ["8 CFR 0.0"]

[[versions.unless]]
id = "waived"
sql = "appeal_waived"
en = "w"
es = "w"

[[versions.dates]]
id = "last"
role = "deadline"
method = "C"
amount = 30
from = "decision_date"
en = "l"
es = "l"
"#;

fn load(text: &str) -> Result<Library, LoadError> {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("sample.toml"), text).unwrap();
    Library::load(folder.path())
}

#[track_caller]
fn refused(text: &str, message: &[&str]) {
    let error = load(text).map(|library| library.criteria().len()).unwrap_err().to_string();
    assert!(error.starts_with("failed to load `sample.toml`, line "), "{error}");
    for part in message {
        assert!(error.contains(part), "`{part}` is not in: {error}");
    }
}

#[track_caller]
fn refused_clause(sql: &str, message: &[&str]) {
    let text = GOOD.replace("\"appeal_waived\"", &format!("\"{sql}\""));
    assert_ne!(text, GOOD);
    let line = 1 + text.lines().position(|line| line.starts_with("sql =")).unwrap();
    refused(&text, &[&[&format!("line {line}, clause `waived`:")[..]], message].concat());
}

#[test]
fn the_sample_loads() {
    assert_eq!(load(GOOD).unwrap().criteria().len(), 1);
}

#[test]
fn clauses_outside_the_subset_do_not_load() {
    refused_clause("coalesce(appeal_waived, false)", &["`coalesce` is not in the subset"]);
    refused_clause("greatest(decision_date, as_of) > DATE '2026-01-01'", &["`greatest` is not in the subset"]);
    refused_clause("nullif(appeal_waived, true)", &["`nullif` is not in the subset"]);
    refused_clause("CASE WHEN appeal_waived THEN true ELSE false END", &["`case` is not in the subset", "AND and OR"]);
    refused_clause("appeal_waived IS NULL", &["turns unknown into a value", "is_absent(fact)"]);
    refused_clause("appeal_waived IS NOT NULL", &["turns unknown into a value"]);
    refused_clause("appeal_waived IS TRUE", &["IS TRUE"]);
    refused_clause("appeal_waived IS NOT FALSE", &["IS TRUE and IS FALSE"]);
    refused_clause("appeal_waived IS UNKNOWN", &["turns unknown into a value"]);
    refused_clause("appeal_waived IS NOT DISTINCT FROM true", &["turns unknown into a value"]);
    refused_clause("appeal_waived IS DISTINCT FROM true", &["turns unknown into a value"]);
    refused_clause("decision_date IN (NULL)", &["unknown cannot be written"]);
    refused_clause("appeal_waived = NULL", &["unknown cannot be written"]);
    refused_clause("EXISTS (SELECT 1)", &["clause `waived`"]);
    refused_clause("decision_date IN (SELECT as_of)", &["clause `waived`"]);
    refused_clause("age_date_kind LIKE 'a%'", &["not in the subset"]);
    refused_clause("applicant_delay_days + 1 > 2", &["operator `+` is not in the subset"]);
    refused_clause("CAST(decision_date AS VARCHAR) = 'x'", &["a cast is not in the subset"]);
    refused_clause("decision_dat > DATE '2026-01-01'", &["decision_dat"]);
    refused_clause("appeal_waived AND", &["clause `waived`"]);
    refused_clause("now() > decision_date", &["clause `waived`"]);
}

#[test]
fn types_must_fit() {
    refused_clause("decision_date", &["`decision_date` is a date", "a boolean is wanted here"]);
    refused_clause("NOT decision_date", &["requires a boolean expression"]);
    refused_clause("decision_date > '2026-01-01'", &["is a date but", "is a text", "DATE '2026-03-09'"]);
    refused_clause("decision_date > DATE '2026-02-30'", &["`2026-02-30` is not a date"]);
    refused_clause("days_after(decision_date, '3') > decision_date", &["write days_after(date, days)"]);
    refused_clause(
        "latest(decision_date) > decision_date",
        &["write earliest(date, date, …)".replace("earliest", "latest").as_str()],
    );
    refused_clause("is_absent(days_after(decision_date, 3))", &["which is not a fact"]);
    refused_clause("is_absent(as_of)", &["which is not a fact"]);
    refused_clause("happened_by(appeal_waived, decision_date)", &["write happened_by(fact, date)"]);
}

/// Flip dates are exact because the as-of date stands only where its rivals can be read off.
#[test]
fn the_as_of_date_stands_beside_dates_only() {
    refused_clause("days_between(decision_date, as_of) > 30", &["`as_of` stands where", "happened_by(fact, as_of)"]);
    refused_clause("decision_date > years_after(as_of, -1)", &["`as_of` stands where"]);
    refused_clause("as_of = as_of", &["`as_of` stands where"]);
    let text = GOOD.replace(
        "\"appeal_waived\"",
        "\"as_of > days_after(decision_date, 30) AND happened_by(appeal_filed_date, as_of)\"",
    );
    assert!(load(&text).is_ok());
}

#[test]
fn files_are_read_strictly() {
    refused(&GOOD.replace("liberty = false", "liberty = false\ncolour = 1"), &["unknown field `colour`"]);
    refused(&GOOD.replace("amount = 30", "amount = 30\nrolls = true"), &["unknown field `rolls`"]);
    refused(&GOOD.replace("es = \"w\"", ""), &["missing field `es`"]);
    refused(&GOOD.replace("es = \"w\"", "es = \"\""), &["clause `waived`", "a text is empty"]);
    refused(&GOOD.replace("id = \"sample\"", "id = \"other\""), &["its id is `other`", "the name of its criterion"]);
    refused(
        &GOOD.replace("\"deadline\"\noutcome", "\"dedline\"\noutcome"),
        &["`dedline` is not known here", "write one of deadline,"],
    );
    refused(&GOOD.replace("due_from_person", "arrest"), &["`arrest` is not known here", "possible_relief"]);
    refused(
        &GOOD.replace("from = \"decision_date\"", "from = \"decision\""),
        &["date `last`", "`decision` is not a date fact"],
    );
    refused(
        &GOOD.replace("from = \"decision_date\"", "from = \"appeal_waived\""),
        &["`appeal_waived` is not a date fact"],
    );
    refused(&GOOD.replace("method = \"C\"", "method = \"Q\""), &["`Q` is not known here"]);
    refused(&GOOD.replace("method = \"C\"", "method = \"K\""), &["its method gives no last day"]);
    refused(&GOOD.replace("method = \"C\"\n", ""), &["a count is not whole"]);
    refused(
        &GOOD.replace("amount = 30", "amount = 30\nonly_if = \"waived\""),
        &["`only_if` names no clause of choices"],
    );
    refused(&GOOD.replace("amount = 30", "amount = 30\non = 2026-01-01"), &["it is not reckoned one way"]);
    refused(&GOOD.replace("\"SURE\"", "\"WATCH\""), &["marked WATCH without a note"]);
    refused(
        &GOOD.replace("authority = [\"8 CFR 0.0\"]\n\n[[versions.unless]]", "authority = []\n\n[[versions.unless]]"),
        &["no authority"],
    );
    refused(
        &GOOD.replace("sql = \"appeal_waived\"", "sql = \"appeal_waived\"\nif_unknown = \"ask\""),
        &["`if_unknown` has no meaning for unless"],
    );
    refused(&GOOD.replace("done = \"appeal_filed_date\"", ""), &["`done` is missing"]);
    refused(&GOOD.replace("id = \"v1\"", "id = \"v1\"\nfrom = 2026-01-01T00:00:00"), &["not a date without a time"]);
    refused(
        &GOOD.replace(
            "selector = \"decision_date\"",
            "selector = \"decision_date\"\nselector_fallback = \"decision_date\"",
        ),
        &["the only fallback is `as_of`"],
    );
}

#[test]
fn versions_of_one_scope_may_not_overlap() {
    let second = |range: &str, state: &str, more: &str| {
        format!(
            "{GOOD}\n[[versions]]\nid = \"v2\"\n{range}\nscope = \"nation\"\nstate = \"{state}\"\nconfidence = \"SURE\"\nauthority = [\"x\"]\n{more}"
        )
    };
    let first_ends = |text: String| text.replace("id = \"v1\"", "id = \"v1\"\nto = 2026-01-01");
    refused(
        &second("from = 2026-01-01", "in_force", ""),
        &["version `v2`", "overlaps that of version `v1` in scope `nation`"],
    );
    assert!(load(&first_ends(second("from = 2026-01-01", "in_force", ""))).is_ok());
    refused(&first_ends(second("from = 2025-12-31", "in_force", "")), &["overlaps"]);
    // A vacated version lies beside the one that judges, as a caution, unless it says that it governed.
    assert!(load(&second("from = 2026-01-01", "vacated", "")).is_ok());
    refused(&second("from = 2026-01-01", "vacated", "governs = true"), &["overlaps"]);
    refused(&first_ends(second("from = 2026-02-01\nto = 2026-02-01", "in_force", "")), &["its range is empty"]);
    let other = second("from = 2026-01-01", "in_force", "governs = true").replace(
        "scope = \"nation\"\nstate = \"in_force\"\nconfidence = \"SURE\"\nauthority = [\"x\"]",
        "scope = \"9th Cir.\"\nstate = \"in_force\"\nconfidence = \"SURE\"\nauthority = [\"x\"]",
    );
    refused(&other, &["only the scope `nation` can govern"]);
}

#[test]
fn a_folder_without_criteria_does_not_load() {
    let folder = tempfile::tempdir().unwrap();
    assert!(matches!(Library::load(folder.path()), Err(LoadError::Empty { .. })));
    assert!(matches!(Library::load(&folder.path().join("missing")), Err(LoadError::List { .. })));
}

#[test]
fn hours_are_counted_from_a_time_of_day() {
    let text = GOOD
        .replace("role = \"deadline\"", "role = \"expected\"")
        .replace("method = \"C\"", "method = \"H\"")
        .replace("from = \"decision_date\"\nen", "from = \"custody_start_at\"\nen");
    assert!(load(&text).is_ok());
    refused(&text.replace("custody_start_at", "decision_date"), &["`decision_date` is not a datetime fact"]);
}
