//! Comparing deliveries, and the watch for vanished records.

use crate::{Workspace, WorkspaceError};
use evidence::diff::watch::{self, VanishedFlag, WatchedTable};
use evidence::diff::{Details, DiffOptions, DiffReport, diff};
use evidence::{Holds, Receipt};
use jiff::Timestamp;
use model::{DeliveryId, SourceId};
use std::collections::{BTreeMap, BTreeSet};

/// What the watch for vanished records knows.
#[derive(Debug, Clone, PartialEq)]
pub struct Watched {
    /// The tables that are watched, with the account of each release.
    pub tables: Vec<WatchedTable>,
    /// What the last release of each mapping lacks that the one before had.
    pub flags: Vec<VanishedFlag>,
}

impl Workspace {
    /// The delivery with this id, or the only one whose id begins so.
    ///
    /// # Errors
    ///
    /// If there is none, or more than one.
    pub fn delivery(&self, id: &str) -> Result<DeliveryId, WorkspaceError> {
        let mut found: Vec<DeliveryId> =
            self.receipts()?.into_iter().map(|r| r.delivery).filter(|d| d.as_str().starts_with(id)).collect();
        if let Some(exact) = found.iter().position(|d| d.as_str() == id) {
            return Ok(found.swap_remove(exact));
        }
        match found.len() {
            1 => Ok(found.swap_remove(0)),
            0 => Err(WorkspaceError::Unknown { kind: "delivery", id: id.to_owned() }),
            _ => Err(WorkspaceError::Ambiguous {
                id: id.to_owned(),
                fits: found.iter().map(DeliveryId::to_string).collect(),
            }),
        }
    }

    /// Compares two deliveries. `progress` is told before each table: its name, its number, and how many there are.
    ///
    /// Rows are told one by one only if `details` asks for it and neither delivery holds clients.
    ///
    /// # Errors
    ///
    /// If there is no such delivery, or the evidence cannot be read.
    pub fn diff(
        &self,
        a: &DeliveryId,
        b: &DeliveryId,
        details: Details,
        progress: &dyn Fn(&str, usize, usize),
    ) -> Result<DiffReport, WorkspaceError> {
        let details = if self.holds_clients(a)? || self.holds_clients(b)? { Details::Counts } else { details };
        let scratch = self.layout.derived().join(".compare");
        let options = DiffOptions { scratch: &scratch, details, threads: None, progress };
        Ok(diff(&self.evidence, a, b, &options)?)
    }

    /// Brings the watch for vanished records up to date, of one source or of all. Releases follow each other as they were
    /// taken in.
    ///
    /// # Errors
    ///
    /// If the evidence cannot be read, or the watch not be written.
    pub async fn watch(&self, source: Option<&SourceId>) -> Result<Watched, WorkspaceError> {
        let added = self.added().await?;
        let mut order: Vec<(Timestamp, Receipt)> = Vec::new();
        for receipt in self.receipts()? {
            if let Some((at, _)) = added.get(&receipt.delivery) {
                order.push((*at, receipt));
            }
        }
        order.sort_by(|(at, a), (other, b)| (at, &a.delivery).cmp(&(other, &b.delivery)));
        let sources: BTreeSet<&SourceId> = order.iter().map(|(_, receipt)| &receipt.source).collect();
        if let Some(wanted) = source
            && !sources.contains(&wanted)
        {
            return Err(WorkspaceError::Unknown { kind: "source", id: wanted.to_string() });
        }
        let deliveries: Vec<DeliveryId> = order.iter().map(|(_, receipt)| receipt.delivery.clone()).collect();
        let scratch = self.layout.derived().join(".compare");
        let mut watched = Watched { tables: Vec::new(), flags: Vec::new() };
        for of_source in sources.into_iter().filter(|s| source.is_none_or(|wanted| *s == wanted)) {
            watched.tables.extend(watch::update(&self.evidence, of_source, &deliveries, &scratch, None)?);
            let mut last: BTreeMap<&str, &DeliveryId> = BTreeMap::new();
            for (_, receipt) in order.iter().filter(|(_, receipt)| receipt.source == *of_source) {
                last.insert(&receipt.mapping, &receipt.delivery);
            }
            for delivery in last.into_values() {
                watched.flags.extend(self.vanished(delivery)?);
            }
        }
        Ok(watched)
    }

    /// What a delivery lacks that the release of the same mapping before it had. The watch must be up to date.
    ///
    /// # Errors
    ///
    /// If there is no such delivery, or the watch does not know it.
    pub fn vanished(&self, delivery: &DeliveryId) -> Result<Vec<VanishedFlag>, WorkspaceError> {
        Ok(watch::raise(&self.evidence, delivery)?)
    }

    /// As [`Workspace::vanished`] for a delivery that was just taken in: the watch of its source is brought up to date
    /// first. An office's own lists are not watched then, only when asked for.
    ///
    /// # Errors
    ///
    /// If the evidence cannot be read, or the watch not be written.
    pub async fn vanished_since(&self, delivery: &DeliveryId) -> Result<Vec<VanishedFlag>, WorkspaceError> {
        let receipt = self.receipt(delivery)?;
        if receipt.holds == Holds::Clients {
            return Ok(Vec::new());
        }
        self.watch(Some(&receipt.source)).await?;
        self.vanished(delivery)
    }
}
