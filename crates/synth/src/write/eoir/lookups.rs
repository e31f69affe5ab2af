//! The tables of codes that come with the export: only the codes that it uses.

use crate::names::{COUNTRIES, LANGUAGES};

/// Name, columns, rows.
pub(super) type Lookup = (&'static str, &'static [&'static str], Vec<Vec<String>>);

pub(super) fn lookups() -> Vec<Lookup> {
    let pairs = |rows: &[(&str, &str)]| rows.iter().map(|(a, b)| vec![(*a).to_owned(), (*b).to_owned()]).collect();
    vec![
        (
            "tblLookupNationality",
            &["NAT_CODE", "NAT_NAME"],
            COUNTRIES.iter().map(|c| vec![c.eoir.to_owned(), c.name.to_uppercase()]).collect(),
        ),
        (
            "tblLanguage",
            &["strCode", "strDescription"],
            LANGUAGES.iter().map(|l| vec![l.eoir.to_owned(), l.name.to_uppercase()]).collect(),
        ),
        (
            "tblDecCode",
            &["strCaseType", "strDecCode", "strDecType", "strDecDescription"],
            DECISIONS.iter().map(|row| row.iter().map(|cell| (*cell).to_owned()).collect()).collect(),
        ),
        ("tblAdjournmentcodes", &["strcode", "strDesciption"], pairs(ADJOURNMENTS)),
        ("tblLookupBIADecision", &["strCode", "strDescription"], pairs(BOARD)),
        ("tblLookup_Appln", &["strcode", "strdescription"], pairs(APPLICATIONS)),
        ("tblLookupMotionType", &["strMotionCode", "strMotionDesc"], pairs(MOTION_TYPES)),
    ]
}

// `C`: a completion, under DEC_CODE; `O`: an administrative completion, under OTHER_COMP. The letter alone says nothing.
const DECISIONS: &[[&str; 4]] = &[
    ["RMV", "X", "C", "Remove"],
    ["RMV", "R", "C", "Relief Granted"],
    ["RMV", "T", "C", "Terminated"],
    ["RMV", "V", "C", "Voluntary Departure"],
    ["RMV", "U", "C", "Dismissed by IJ"],
    ["RMV", "O", "C", "Other"],
    ["RMV", "A", "O", "Administrative Closing - Other"],
    ["RMV", "C", "O", "Change of Venue"],
    ["RMV", "T", "O", "Transfer"],
    ["RMV", "X", "O", "ZERO BOND"],
    ["CFR", "A", "C", "Affirmed - DHS Decision and no Credible Fear"],
    ["CFR", "V", "C", "Vacate - DHS Decision and Credible Fear"],
];
const ADJOURNMENTS: &[(&str, &str)] = &[
    ("01", "ALIEN TO SEEK REPRESENTATION"),
    ("02", "PREPARATION--ALIEN/ATTORNEY/REPRESENTATIVE"),
    ("03", "PREPARATION--DHS"),
    ("04", "DHS OR DHS ADMIN FILE UNAVAILABLE FOR HEARING"),
    ("05", "ALIEN TO FILE FOR ASYLUM"),
    ("06", "ALIEN TO FILE OTHER APPLICATION"),
    ("11", "OTHER NO-SHOW BY ALIEN/ALIEN'S ATTORNEY OR REP."),
    ("12", "OTHER ALIEN/ALIEN'S ATTY/REPRESENTATIVE REQUEST"),
    ("13", "INSUFFICIENT TIME TO COMPLETE HEARING"),
    ("17", "MC TO IC--MERITS HEARING"),
    ("18", "LACK OF INTERPRETER"),
    ("19", "UNPLANNED IJ LEAVE OR DETAIL ASSIGNMENT"),
    ("21", "SUPPLEMENT ASYLUM APPLICATION"),
    ("22", "ALIEN OR REP. REJECTED EARLIEST POSSIBLE HEARING"),
    ("24", "DHS DELAYED RECORDS/FINGERPRINT CHECK"),
    ("34", "IJ LEAVE"),
    ("38", "ILLNESS OF ALIEN/ATTY REP/WITNESS"),
    ("5B", "LATE FILED EVIDENCE (ALIEN)"),
    ("8B", "IJ COMPLETION AT HEARING"),
    ("9A", "DOCKET MANAGEMENT (POSTPONE HEARING)"),
];
const BOARD: &[(&str, &str)] = &[
    ("DIS", "Dismiss Appeal/Affirm IJ's Decision"),
    ("REM", "Remand"),
    ("SAF", "Summary Affirmance"),
    ("SUS", "Sustain"),
    ("WDL", "Withdrawal of Appeal"),
];
const APPLICATIONS: &[(&str, &str)] = &[
    ("42A", "EOIR42A"),
    ("42B", "EOIR42B"),
    ("ASYL", "ASYLUM"),
    ("ASYW", "ASYLUM WITHHOLDING"),
    ("WCAT", "WITHHOLDING-CONVENTION AGAINST TORTURE"),
];
const MOTION_TYPES: &[(&str, &str)] = &[
    ("FD", "Motion to Reconsider"),
    ("MA", "Motion to Reopen for In Absentia"),
    ("MC", "Motion to Reopen for Changed Country Conditions"),
    ("O", "Motion to Reopen"),
    ("RD", "Motion to Rescind"),
    ("SY", "Motion for a Stay of Removal/Extension to Stay"),
];
