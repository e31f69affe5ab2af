//! Looking things up: files opened for a purpose, rows behind values, links explained and evaluated.

use crate::error::AtPath;
use crate::gather::Gathered;
use crate::join::join;
use crate::layout::Layout;
use crate::{Workspace, WorkspaceError, account};
use camino::{Utf8Path, Utf8PathBuf};
use evidence::SourceRow;
use linkage::{Config, Evaluation, Explanation, Truth, WithinSources};
use model::{DeliveryId, PersonId, Purpose, RecordId, RowPointer};
use office::{Actor, Judgement, JudgementId, Opening, OpeningId, Verdict};
use std::collections::BTreeMap;
use std::fs;

/// How right the persons of the last build are, where the truth is known.
#[derive(Debug, Clone, PartialEq)]
pub struct LinkQuality {
    /// Records with truth.
    pub records: u64,
    /// Records of the truth that are not in this workspace.
    pub unknown_records: u64,
    /// The figures.
    pub evaluation: Evaluation,
    /// The threshold at which records were joined.
    pub threshold: f64,
}

/// The verifier key of a workspace, without opening it.
///
/// # Errors
///
/// If the folder is no workspace.
pub fn stored_verifier_key(root: &Utf8Path) -> Result<String, WorkspaceError> {
    let path = Layout::new(root).verifier_key();
    match fs::read_to_string(&path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            Err(WorkspaceError::NotAWorkspace { root: root.to_owned() })
        }
        other => Ok(other.at("read", &path)?.trim().to_owned()),
    }
}

impl Workspace {
    /// Opens a person's file for a stated purpose. The ledger has the opening before this returns.
    ///
    /// # Errors
    ///
    /// If `reader` is empty, or a store fails.
    pub async fn open_file(
        &self,
        person: &PersonId,
        purpose: Purpose,
        reader: &Actor,
    ) -> Result<Opening, WorkspaceError> {
        let opening = self.office.open_file(person, purpose, reader, self.stamp()).await?;
        account::sequence(&self.layout, &self.office).await?;
        Ok(opening)
    }

    /// Logs that somebody was not let into a person's file.
    ///
    /// # Errors
    ///
    /// If a store fails.
    pub async fn refuse(&self, person: &PersonId, reason: &str) -> Result<(), WorkspaceError> {
        self.office.refuse_opening(person, reason, self.stamp()).await?;
        account::sequence(&self.layout, &self.office).await
    }

    /// The opening, if it lets its reader into this person's file now.
    ///
    /// # Errors
    ///
    /// [`WorkspaceError::OpeningNeeded`] if it does not; the refusal is logged.
    pub async fn admitted(&self, person: &PersonId, opening: &OpeningId) -> Result<Opening, WorkspaceError> {
        match self.office.opening(opening).await?.filter(|o| o.admits(person, self.machine.clock.now())) {
            Some(opening) => Ok(opening),
            None => {
                self.refuse(person, "the opening shown is not good for this file now").await?;
                Err(WorkspaceError::OpeningNeeded { person: person.to_string() })
            }
        }
    }

    /// Whether an opening lets its reader into the file of any of these persons now.
    ///
    /// # Errors
    ///
    /// If the case store fails.
    pub async fn admitted_to_any(&self, persons: &[PersonId], opening: &OpeningId) -> Result<bool, WorkspaceError> {
        let now = self.machine.clock.now();
        let opening = self.office.opening(opening).await?;
        Ok(opening.is_some_and(|o| persons.iter().any(|person| o.admits(person, now))))
    }

    /// Who opened a person's file, when and why, newest first.
    ///
    /// # Errors
    ///
    /// If the case store fails.
    pub async fn openings(&self, person: &PersonId) -> Result<Vec<Opening>, WorkspaceError> {
        Ok(self.office.openings(person).await?)
    }

    /// One row of a delivery with every original cell.
    ///
    /// # Errors
    ///
    /// If there is no such row.
    pub fn row(&self, pointer: &RowPointer) -> Result<SourceRow, WorkspaceError> {
        let failed = |e: evidence::StoreError| WorkspaceError::Evidence {
            delivery: pointer.delivery.to_string(),
            source: Box::new(e),
        };
        self.evidence
            .cells(pointer)
            .map_err(failed)?
            .ok_or_else(|| WorkspaceError::Unknown { kind: "row", id: pointer.to_string() })
    }

    /// The source that made a delivery.
    ///
    /// # Errors
    ///
    /// If there is no such delivery.
    pub fn source_of(&self, delivery: &DeliveryId) -> Result<String, WorkspaceError> {
        Ok(self.receipt(delivery)?.source.to_string())
    }

    /// Gives a judgement on two records; the next build honours it.
    ///
    /// # Errors
    ///
    /// If a record does not exist, or the judgement lacks a judge or a reason.
    pub async fn judge(
        &self,
        records: (&RecordId, &RecordId),
        verdict: Verdict,
        by: &Actor,
        why: &str,
    ) -> Result<Judgement, WorkspaceError> {
        let known = self.person_records()?;
        for record in [records.0, records.1] {
            if !known.records.iter().any(|r| r.id == *record) {
                return Err(WorkspaceError::Unknown { kind: "record", id: record.to_string() });
            }
        }
        let judgement = self.office.judge(records, verdict, by, why, self.stamp()).await?;
        account::sequence(&self.layout, &self.office).await?;
        Ok(judgement)
    }

    /// Takes a judgement back.
    ///
    /// # Errors
    ///
    /// If no such judgement stands.
    pub async fn withdraw(&self, judgement: &JudgementId, by: &Actor, why: &str) -> Result<(), WorkspaceError> {
        self.office.withdraw(judgement, by, why, self.stamp()).await?;
        account::sequence(&self.layout, &self.office).await
    }

    /// Every judgement ever given, oldest first.
    ///
    /// # Errors
    ///
    /// If the case store fails.
    pub async fn judgements(&self) -> Result<Vec<Judgement>, WorkspaceError> {
        Ok(self.office.judgements().await?)
    }

    /// Why two records are or are not one person, field by field, as linkage sees them without judgements.
    ///
    /// # Errors
    ///
    /// If a record does not exist.
    pub fn explain_link(&self, left: &RecordId, right: &RecordId) -> Result<Explanation, WorkspaceError> {
        let joined = join(&self.person_records()?.records, &[], &BTreeMap::new())?;
        Ok(linkage::explain(&joined.records, &joined.linked.model, left.as_str(), right.as_str())?)
    }

    /// Holds the persons of the workspace against the truth: a CSV with `person_id` and either `record_id`, or `file` and
    /// `row` of a row that describes the record.
    ///
    /// # Errors
    ///
    /// If the truth cannot be read, or nothing was built.
    pub async fn evaluate_links(&self, truth: &Utf8Path) -> Result<LinkQuality, WorkspaceError> {
        self.current_build()?;
        let gathered = self.person_records()?;
        let (truth, unknown_records) = read_truth(truth, &gathered)?;
        let judgements = self.office.judgements().await?;
        let joined = join(&gathered.records, &judgements, &self.office.memberships().await?)?;
        let config = Config::standard();
        let evaluation =
            linkage::evaluate(&joined.records, &joined.linked, &truth, config.threshold, WithinSources::Link);
        Ok(LinkQuality { records: truth.len() as u64, unknown_records, evaluation, threshold: config.threshold })
    }

    fn person_records(&self) -> Result<Gathered, WorkspaceError> {
        let evidence = self.client_evidence(None)?;
        Gathered::read(&evidence, Vec::new()).map_err(|(delivery, error)| WorkspaceError::Evidence {
            delivery: delivery.to_string(),
            source: error.into(),
        })
    }

    /// The files of a delivery's events, which are made first if its mapping leaves them until asked for.
    pub(crate) fn event_files(&self, delivery: &DeliveryId) -> Result<Vec<Utf8PathBuf>, WorkspaceError> {
        let failed = |e: evidence::StoreError| WorkspaceError::Store { source: Box::new(e) };
        if self.receipt(delivery)?.on_demand {
            evidence::derive(&self.evidence, delivery).map_err(failed)?;
        }
        Ok(self.evidence.files(delivery).map_err(failed)?.events)
    }
}

/// Record id to person id, and how many rows of the truth name no record here.
fn read_truth(path: &Utf8Path, gathered: &Gathered) -> Result<(Truth, u64), WorkspaceError> {
    let wrong = |cause: String| WorkspaceError::Truth { path: path.to_owned(), cause };
    let mut reader = csv::Reader::from_path(path).map_err(|e| wrong(e.to_string()))?;
    let headers = reader.headers().map_err(|e| wrong(e.to_string()))?.clone();
    let at = |name: &str| headers.iter().position(|h| h == name);
    let Some(person) = at("person_id") else {
        return Err(wrong(format!(
            "it has no column `person_id`; its columns are {:?}",
            headers.iter().collect::<Vec<_>>()
        )));
    };
    let (record, file, row) = (at("record_id"), at("file"), at("row"));
    if record.is_none() && (file.is_none() || row.is_none()) {
        return Err(wrong("it needs a column `record_id`, or the columns `file` and `row`".to_owned()));
    }
    let ids: BTreeMap<&str, &RecordId> = gathered.records.iter().map(|r| (r.id.as_str(), &r.id)).collect();
    let rows: BTreeMap<(&str, u64), &RecordId> =
        gathered.records.iter().map(|r| ((r.pointer.file.as_str(), r.pointer.row), &r.id)).collect();
    let (mut truth, mut unknown) = (Truth::new(), 0);
    for line in reader.records() {
        let line = line.map_err(|e| wrong(e.to_string()))?;
        let cell = |at: Option<usize>| at.and_then(|at| line.get(at)).unwrap_or_default();
        let by_row = || rows.get(&(cell(file), cell(row).parse().ok()?)).copied();
        match ids.get(cell(record)).copied().or_else(by_row) {
            Some(id) => {
                truth.insert(id.to_string(), cell(Some(person)).to_owned());
            }
            None => unknown += 1,
        }
    }
    Ok((truth, unknown))
}
