use super::timeline::Span;
use crate::chance::Rolls;
use crate::eoir::World;
use crate::eoir::days::{Day, Days};

/// How cases of a type run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::eoir) enum Conduct {
    /// Removal proceedings and those run like them.
    Removal,
    /// Deportation and exclusion, before April 1997.
    Old,
    /// A short review of an officer's finding.
    Screening,
    /// On paper, at the Board only: no proceedings.
    Paper,
}

impl Conduct {
    pub(in crate::eoir) fn of(case_type: &str) -> Self {
        match case_type {
            "DEP" | "EXC" => Self::Old,
            "CFR" | "RFR" | "CSR" | "CDR" => Self::Screening,
            "DDC" | "MAA" | "DCC" => Self::Paper,
            _ => Self::Removal,
        }
    }

    /// How the proceedings of a case end, in order. A transfer always leads to another proceeding, a decision at times
    /// (reopened, remanded); a closure or a pending proceeding is the last.
    pub(super) fn endings(self, rolls: &mut Rolls) -> Vec<Ending> {
        const MOST: usize = 6;
        // Decision, transfer, closure, pending, in thousandths; the shares of all proceedings.
        let shares: [(u32, Ending); 4] = match self {
            Self::Paper => return Vec::new(),
            Self::Removal => {
                [(494, Ending::Decision), (178, Ending::Transfer), (69, Ending::Closure), (259, Ending::Pending)]
            }
            Self::Old => {
                [(700, Ending::Decision), (190, Ending::Transfer), (90, Ending::Closure), (20, Ending::Pending)]
            }
            Self::Screening => {
                [(970, Ending::Decision), (10, Ending::Transfer), (10, Ending::Closure), (10, Ending::Pending)]
            }
        };
        let mut endings = Vec::with_capacity(2);
        loop {
            let ending = rolls.weighted(&shares);
            endings.push(ending);
            let more = match ending {
                Ending::Transfer => true,
                Ending::Decision => self != Self::Screening && rolls.yes(0.11),
                Ending::Closure | Ending::Pending => false,
            };
            if !more {
                return endings;
            }
            if endings.len() == MOST - 1 {
                endings.push(Ending::Decision);
                return endings;
            }
        }
    }
}

/// The kinds of end a proceeding may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ending {
    Decision,
    Transfer,
    Closure,
    Pending,
}

/// The end of a proceeding.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::eoir) enum Outcome {
    Pending,
    /// On the merits: `DEC_CODE`, `ABSENTIA` is `Y`.
    Decided {
        code: &'static str,
        absent: bool,
    },
    /// Otherwise: `OTHER_COMP`.
    Closed(&'static str),
}

type Codes = &'static [(u32, &'static str)];

const REMOVAL: Codes = &[(570, "X"), (116, "R"), (93, "V"), (104, "T"), (96, "U"), (6, "O"), (1, "J")];
const DEPORTATION: Codes = &[(620, "D"), (150, "V"), (110, "T"), (115, "R"), (5, "J")];
const EXCLUSION: Codes = &[(860, "E"), (60, "A"), (60, "T"), (20, "O")];
const FEAR: Codes = &[(740, "A"), (240, "V"), (20, "O")];
const WITHHOLDING: Codes = &[(500, "D"), (90, "G"), (130, "W"), (60, "A"), (80, "Z"), (100, "E"), (10, "H"), (30, "O")];
const OTHER: Codes = &[(500, "T"), (300, "O"), (200, "J")];

impl Outcome {
    pub(super) fn drawn(world: &World, case_type: &str, span: Span, rolls: &mut Rolls) -> Self {
        match span.ending {
            Ending::Pending => Self::Pending,
            Ending::Transfer => Self::Closed(if rolls.yes(0.6914) { "C" } else { "T" }),
            Ending::Closure => Self::Closed(other_closure(world, rolls)),
            Ending::Decision => Self::decision(case_type, rolls),
        }
    }

    /// A decision on the merits in a case of the type.
    pub(in crate::eoir) fn decision(case_type: &str, rolls: &mut Rolls) -> Self {
        let codes = match case_type {
            "RMV" => REMOVAL,
            "DEP" => DEPORTATION,
            "EXC" => EXCLUSION,
            "CFR" | "RFR" => FEAR,
            "WHO" | "AOC" | "NAC" => WITHHOLDING,
            _ => OTHER,
        };
        let code = rolls.weighted(codes);
        let absent = matches!((case_type, code), ("RMV", "X") | ("DEP", "D") | ("EXC", "E")) && rolls.yes(0.33);
        Self::Decided { code, absent }
    }
}

/// A code of `OTHER_COMP` that ends the case at that court: neither a change of venue nor a transfer.
fn other_closure(world: &World, rolls: &mut Rolls) -> &'static str {
    world.codes.other_completion.value_among(rolls.roll(), |code| !matches!(code, "C" | "T"))
}

/// Whether a decision on the merits grants relief. The letter alone does not say: `E` excludes in an exclusion case.
pub(in crate::eoir) fn is_grant(case_type: &str, code: &str) -> bool {
    match case_type {
        "EXC" | "CFR" | "RFR" | "CSR" => false,
        "REC" => code == "S",
        _ => matches!(code, "R" | "G" | "E" | "H" | "Z"),
    }
}

/// The decision on an application once its proceeding has ended, `first` for the application the case turns on.
pub(in crate::eoir) fn application_decision(
    case_type: &str,
    outcome: Outcome,
    code: &str,
    (first, completed): (bool, Day),
    rolls: &mut Rolls,
) -> &'static str {
    // The court stopped writing `O` for what it had not decided in May 2019.
    let undecided = if completed >= Days::start_of(2019) + 120 { "M" } else { "O" };
    let draw: &[(u32, &'static str)] = match outcome {
        Outcome::Pending => return "",
        Outcome::Closed("C" | "T") => &[(1, "T")],
        Outcome::Closed(_) => &[(7, "S"), (3, undecided)],
        Outcome::Decided { code: decision, .. } if is_grant(case_type, decision) => match (first, code, decision) {
            (true, "WCAT", _) | (true, _, "H" | "Z") => &[(9, "L"), (1, "G")],
            (true, "ASYL", _) => &[(80, "F"), (12, "G"), (3, "C"), (3, "I"), (2, "P")],
            (true, ..) => &[(80, "G"), (15, "F"), (3, "I"), (2, "P")],
            _ => &[(6, undecided), (3, "W"), (1, "D")],
        },
        Outcome::Decided { absent: true, .. } => &[(80, "A"), (15, undecided), (5, "D")],
        Outcome::Decided { code: "V", .. } if code == "VD" => &[(1, "G")],
        Outcome::Decided { code: "V", .. } => &[(6, "W"), (2, "D"), (2, undecided)],
        Outcome::Decided { code: "X" | "D" | "E", .. } => &[(80, "D"), (7, "A"), (12, "W"), (1, "R")],
        Outcome::Decided { .. } => &[(75, undecided), (25, "W")],
    };
    rolls.weighted(draw)
}
