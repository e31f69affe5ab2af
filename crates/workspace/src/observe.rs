//! Counts of public deliveries that single nobody out.

use crate::gather::day;
use crate::{Workspace, WorkspaceError};
use arrow::array::AsArray;
use arrow::datatypes::{DataType, Date32Type, Int64Type};
use engine::Engine;
use model::DeliveryId;
use std::collections::BTreeMap;

/// Counts below this are not shown.
pub use evidence::diff::SMALLEST_CELL;

/// What a public delivery holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicSummary {
    /// The delivery.
    pub delivery: DeliveryId,
    /// Events by type and month, in order.
    pub by_month: Vec<MonthCount>,
}

/// Events of a type in a month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MonthCount {
    /// Event type.
    pub event: String,
    /// Month, `YYYY-MM`.
    pub month: String,
    /// How many; none if the cell is too small to show.
    pub count: Option<u64>,
}

impl Workspace {
    /// Counts the events of a public delivery by type and month.
    ///
    /// # Errors
    ///
    /// If there is no such public delivery (a delivery of clients is never summarised), or the query fails.
    pub async fn summary(&self, delivery: &DeliveryId) -> Result<PublicSummary, WorkspaceError> {
        let unknown = || WorkspaceError::Unknown { kind: "public delivery", id: delivery.to_string() };
        if self.holds_clients(delivery)? {
            return Err(unknown());
        }
        let failed = |source: engine::EngineError| WorkspaceError::Query {
            delivery: delivery.to_string(),
            source: Box::new(source),
        };
        let engine = Engine::local().map_err(failed)?;
        let events = self.event_files(delivery)?;
        if events.is_empty() {
            return Ok(PublicSummary { delivery: delivery.clone(), by_month: Vec::new() });
        }
        engine.register_parquet("events", &events).await.map_err(failed)?;
        let days = "SELECT event_type, CAST(at AS DATE) AS day, count(*) AS n FROM events GROUP BY 1, 2";
        let (_, batches) = engine.query(days).await.map_err(failed)?;
        let mut months: BTreeMap<(String, String), u64> = BTreeMap::new();
        for batch in &batches {
            let kinds = arrow::compute::cast(batch.column(0), &DataType::Utf8)
                .map_err(|e| WorkspaceError::Query { delivery: delivery.to_string(), source: e.into() })?;
            let kinds = kinds.as_string::<i32>();
            let days = batch.column(1).as_primitive::<Date32Type>();
            let counts = batch.column(2).as_primitive::<Int64Type>();
            for (at, kind) in kinds.iter().enumerate() {
                let kind = kind.unwrap_or_default().to_owned();
                let date = day(days.value(at));
                let month = format!("{:04}-{:02}", date.year(), date.month());
                *months.entry((kind, month)).or_default() += u64::try_from(counts.value(at)).unwrap_or(0);
            }
        }
        let by_month = months
            .into_iter()
            .map(|((event, month), n)| MonthCount { event, month, count: (n >= SMALLEST_CELL).then_some(n) })
            .collect();
        Ok(PublicSummary { delivery: delivery.clone(), by_month })
    }
}
