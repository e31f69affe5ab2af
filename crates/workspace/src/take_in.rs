//! Taking deliveries in, and reading back what was taken in.

use crate::gather::DeliveryEvidence;
use crate::{Workspace, WorkspaceError, account};
use camino::Utf8PathBuf;
use evidence::{AddOptions, Added, Holds, Mapping, Receipt, StoreError};
use jiff::Timestamp;
use lifecycle::Cover;
use model::{DeliveryId, SourceId};
use office::Actor;
use std::collections::BTreeMap;

impl Workspace {
    /// Takes in the files of one delivery. Taking the same bytes in again changes nothing and gives the same receipt.
    ///
    /// # Errors
    ///
    /// [`WorkspaceError::Add`] says which file is wrong and what would work; nothing is changed then.
    pub async fn add(
        &self,
        files: &[Utf8PathBuf],
        mapping: &Mapping,
        options: &AddOptions<'_>,
        by: &Actor,
    ) -> Result<Added, WorkspaceError> {
        let added = evidence::add(&self.evidence, files, mapping, options)?;
        self.office.record_delivery(&added.receipt.delivery, by, self.stamp()).await?;
        account::sequence(&self.layout, &self.office).await?;
        Ok(added)
    }

    /// Finishes what a killed run left: deliveries moved into place but not recorded, entries not yet in the ledger.
    pub(crate) async fn settle(&self) -> Result<(), WorkspaceError> {
        let recorded = self.office.deliveries().await?;
        for receipt in self.receipts()? {
            if !recorded.contains_key(&receipt.delivery) {
                let by = Actor("an earlier run that did not finish".to_owned());
                self.office.record_delivery(&receipt.delivery, &by, self.stamp()).await?;
            }
        }
        account::sequence(&self.layout, &self.office).await
    }

    /// The receipts of all deliveries, in order of their ids.
    ///
    /// # Errors
    ///
    /// If a receipt cannot be read.
    pub fn receipts(&self) -> Result<Vec<Receipt>, WorkspaceError> {
        self.evidence.deliveries().map_err(store)
    }

    /// When and by whom each delivery was taken in.
    ///
    /// # Errors
    ///
    /// If the case store fails.
    pub async fn added(&self) -> Result<BTreeMap<DeliveryId, (Timestamp, Actor)>, WorkspaceError> {
        Ok(self.office.deliveries().await?)
    }

    pub(crate) fn receipt(&self, delivery: &DeliveryId) -> Result<Receipt, WorkspaceError> {
        self.evidence
            .receipt(delivery)
            .map_err(store)?
            .ok_or_else(|| WorkspaceError::Unknown { kind: "delivery", id: delivery.to_string() })
    }

    /// Whether a delivery holds an office's own clients.
    ///
    /// # Errors
    ///
    /// If there is no such delivery.
    pub fn holds_clients(&self, delivery: &DeliveryId) -> Result<bool, WorkspaceError> {
        Ok(self.receipt(delivery)?.holds == Holds::Clients)
    }

    /// The evidence of clients' deliveries: all of them, or those of a build. Public deliveries are never among them, so
    /// nothing can join a public row to a person.
    pub(crate) fn client_evidence(
        &self,
        only: Option<&BTreeMap<DeliveryId, SourceId>>,
    ) -> Result<Vec<DeliveryEvidence>, WorkspaceError> {
        self.receipts()?
            .into_iter()
            .filter(|r| r.holds == Holds::Clients && only.is_none_or(|only| only.contains_key(&r.delivery)))
            .map(|r| {
                let failed =
                    |e: StoreError| WorkspaceError::Evidence { delivery: r.delivery.to_string(), source: Box::new(e) };
                Ok(DeliveryEvidence {
                    objects: self.evidence.objects(&r.delivery).map_err(failed)?,
                    events: self.evidence.events(&r.delivery).map_err(failed)?,
                    relations: self.evidence.relations(&r.delivery).map_err(failed)?,
                    delivery: r.delivery,
                    source: r.source,
                })
            })
            .collect()
    }

    /// What deliveries are complete for.
    pub(crate) fn covers(&self, of: &[DeliveryEvidence]) -> Result<Vec<Cover>, WorkspaceError> {
        let covers = self.evidence.covers().map_err(store)?;
        let mut covers: Vec<Cover> = covers
            .into_iter()
            .filter(|c| of.iter().any(|d| d.delivery == c.delivery))
            .map(|c| Cover { delivery: c.delivery, event: c.event, of: c.of, through: c.through })
            .collect();
        covers.sort();
        Ok(covers)
    }

    /// The mapping that a delivery was taken in by.
    ///
    /// # Errors
    ///
    /// If there is no such delivery.
    pub fn mapping(&self, delivery: &DeliveryId) -> Result<Mapping, WorkspaceError> {
        self.evidence.mapping(delivery).map_err(store)
    }

    pub(crate) fn custodians(&self) -> Result<BTreeMap<SourceId, String>, WorkspaceError> {
        self.receipts()?.into_iter().map(|r| Ok((r.source, self.mapping(&r.delivery)?.source.custodian))).collect()
    }
}

fn store(error: StoreError) -> WorkspaceError {
    WorkspaceError::Store { source: Box::new(error) }
}
