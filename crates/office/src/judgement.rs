use jiff::Timestamp;
use model::RecordId;
use std::fmt;

/// Names a judgement.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct JudgementId(pub String);

impl fmt::Display for JudgementId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What a person judged of two records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// One person.
    Same,
    /// Two persons: never merged over.
    Different,
    /// Looked at, and left open.
    Unsure,
}

impl Verdict {
    /// The name used in files and programs.
    pub fn name(self) -> &'static str {
        match self {
            Verdict::Same => "same",
            Verdict::Different => "different",
            Verdict::Unsure => "unsure",
        }
    }

    /// Reads a name.
    pub fn parse(name: &str) -> Option<Self> {
        [Verdict::Same, Verdict::Different, Verdict::Unsure].into_iter().find(|v| v.name() == name)
    }
}

/// A judgement: by whom, when and why. It is withdrawn, never erased.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judgement {
    /// Its id.
    pub id: JudgementId,
    /// The two records, smaller id first.
    pub records: (RecordId, RecordId),
    /// What was judged.
    pub verdict: Verdict,
    /// Who judged.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// Why.
    pub why: String,
    /// Set once it no longer stands.
    pub withdrawn: Option<Withdrawal>,
}

/// Who took a judgement back, when and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Withdrawal {
    /// Who.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// Why.
    pub why: String,
}
