use crate::problem::ApiProblem;
use model::PersonId;
use office::{Opening, OpeningId};
use std::sync::{Arc, RwLock};
use workspace::{Snapshot, Workspace};

/// What the service works on: a workspace, and the last build of it in memory.
pub struct Desk {
    pub(crate) workspace: Workspace,
    snapshot: RwLock<Option<Arc<Snapshot>>>,
}

impl Desk {
    /// Puts a workspace on the desk.
    pub fn new(workspace: Workspace) -> Self {
        Self { workspace, snapshot: RwLock::new(None) }
    }

    /// The current build. Read again when another build has become current.
    pub(crate) async fn snapshot(&self) -> Result<Arc<Snapshot>, ApiProblem> {
        let current = self.workspace.current_build()?;
        let held = self.snapshot.read().ok().and_then(|held| held.clone());
        if let Some(held) = held.filter(|s| s.build().id == current.id) {
            return Ok(held);
        }
        let fresh = Arc::new(self.workspace.snapshot().await?);
        if let Ok(mut held) = self.snapshot.write() {
            *held = Some(fresh.clone());
        }
        Ok(fresh)
    }

    /// The opening that lets its reader into `person`'s file, or a refusal. A refusal is logged like an opening.
    pub(crate) async fn admitted(&self, person: &PersonId, opening: Option<&str>) -> Result<Opening, ApiProblem> {
        match opening {
            Some(id) => Ok(self.workspace.admitted(person, &OpeningId(id.to_owned())).await?),
            None => {
                self.workspace.refuse(person, "no opening was shown").await?;
                Err(ApiProblem::opening_needed())
            }
        }
    }
}
