use crate::problem::ApiProblem;
use crate::wire::{LedgerState, Problem, WorkspaceSummary};
use crate::{Desk, convert};
use axum::Json;
use axum::extract::State;
use model::Purpose;
use std::sync::Arc;

/// The workspace as a whole: last build, deliveries, ledger, purposes.
#[utoipa::path(get, path = "/workspace", operation_id = "workspace_summary", responses(
    (status = 200, body = WorkspaceSummary),
    (status = 500, body = Problem),
))]
pub(crate) async fn summary(State(desk): State<Arc<Desk>>) -> Result<Json<WorkspaceSummary>, ApiProblem> {
    let receipts = desk.workspace.receipts()?;
    let build = match desk.workspace.current_build() {
        Ok(_) => Some(convert::build_summary(&*desk.snapshot().await?)),
        Err(::workspace::WorkspaceError::NotBuilt { .. }) => None,
        Err(error) => return Err(error.into()),
    };
    let library = desk.workspace.library();
    Ok(Json(WorkspaceSummary {
        name: desk.workspace.name().to_owned(),
        build,
        deliveries: receipts.len() as u64,
        rows: receipts.iter().map(|r| r.rows_read()).sum(),
        criteria: library.criteria().len() as u64,
        criteria_approved: library.criteria().iter().filter(|c| c.approved()).count() as u64,
        ledger: convert::ledger_state(desk.workspace.ledger_state()?),
        purposes: Purpose::ALL.iter().map(|p| p.name().to_owned()).collect(),
    }))
}

/// The ledger's last signed state.
#[utoipa::path(get, path = "/ledger", responses(
    (status = 200, body = LedgerState),
    (status = 500, body = Problem),
))]
pub(crate) async fn ledger(State(desk): State<Arc<Desk>>) -> Result<Json<LedgerState>, ApiProblem> {
    Ok(Json(convert::ledger_state(desk.workspace.ledger_state()?)))
}
