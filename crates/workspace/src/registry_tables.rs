//! The registry of courts and facilities as tables of the query door, so that rows of evidence can be joined with it.

use crate::WorkspaceError;
use crate::tables::{Table, Value};
use arrow::array::RecordBatch;
use evidence::registry::{Institution, Registry, Seen};

/// `institutions`, `names`, `codes` and `open_questions` of the registry that the program carries, as
/// `docs/registry.md` has them; instead of the lists of sources, names and codes tell how many sources have them.
pub(crate) fn registry_tables() -> Result<[(&'static str, RecordBatch); 4], WorkspaceError> {
    let registry = Registry::built_in().map_err(|e| WorkspaceError::Table {
        operation: "read",
        table: "registry".to_owned(),
        source: Box::new(e),
    })?;
    Ok([
        ("institutions", institutions(&registry)?),
        ("names", names(&registry)?),
        ("codes", codes(&registry)?),
        ("open_questions", open_questions(&registry)?),
    ])
}

fn optional(text: Option<&String>) -> Value {
    Value::Text(text.cloned())
}

fn institutions(registry: &Registry) -> Result<RecordBatch, WorkspaceError> {
    let columns = &[
        "institution",
        "kind",
        "facility_type",
        "court",
        "name",
        "street",
        "city",
        "state",
        "zip",
        "county",
        "aor",
        "operator",
        "latitude",
        "longitude",
    ];
    let mut row = vec![Value::Text(None); columns.len() - 2];
    row.extend([Value::Real(None), Value::Real(None)]);
    let mut table = Table::new("institutions", columns, &row);
    for it in registry.institutions() {
        let address = it.address.as_ref();
        table.push([
            it.id.as_str().into(),
            it.kind.name().into(),
            optional(it.facility_type.as_ref()),
            Value::Text(it.court.as_ref().map(|court| court.as_str().to_owned())),
            Value::Text(it.names.first().map(|n| n.name.clone())),
            optional(address.and_then(|a| a.street.as_ref())),
            optional(address.and_then(|a| a.city.as_ref())),
            optional(address.and_then(|a| a.state.as_ref())),
            optional(address.and_then(|a| a.zip.as_ref())),
            optional(address.and_then(|a| a.county.as_ref())),
            optional(it.aor.as_ref()),
            optional(it.operator.as_ref()),
            Value::Real(it.coordinates.as_ref().map(|(at, _)| at.latitude)),
            Value::Real(it.coordinates.as_ref().map(|(at, _)| at.longitude)),
        ]);
    }
    table.finish()
}

fn names(registry: &Registry) -> Result<RecordBatch, WorkspaceError> {
    let each = |it: &Institution| -> Vec<Vec<Value>> {
        let row = |n: &evidence::registry::NameSpell| spell(vec![n.name.as_str().into()], n.seen, &n.sources);
        it.names.iter().map(row).collect()
    };
    spells(registry, "names", &["institution", "name", "first_seen", "last_seen", "sources"], each)
}

fn codes(registry: &Registry) -> Result<RecordBatch, WorkspaceError> {
    let each = |it: &Institution| -> Vec<Vec<Value>> {
        let row = |c: &evidence::registry::Code| {
            spell(vec![c.system.name().into(), c.code.as_str().into()], c.seen, &c.sources)
        };
        it.codes.iter().map(row).collect()
    };
    spells(registry, "codes", &["institution", "system", "code", "first_seen", "last_seen", "sources"], each)
}

/// What something is called, when it was seen, and by how many sources.
fn spell(mut row: Vec<Value>, seen: Seen, sources: &[String]) -> Vec<Value> {
    row.extend([
        Value::Day(Some(seen.first)),
        Value::Day(Some(seen.last)),
        Value::Whole(i64::try_from(sources.len()).ok()),
    ]);
    row
}

fn spells(
    registry: &Registry,
    name: &'static str,
    columns: &'static [&'static str],
    of: impl Fn(&Institution) -> Vec<Vec<Value>>,
) -> Result<RecordBatch, WorkspaceError> {
    let mut row = vec![Value::Text(None); columns.len() - 3];
    row.extend([Value::Day(None), Value::Day(None), Value::Whole(None)]);
    let mut table = Table::new(name, columns, &row);
    for it in registry.institutions() {
        for spell in of(it) {
            table.push(std::iter::once(it.id.as_str().into()).chain(spell));
        }
    }
    table.finish()
}

fn open_questions(registry: &Registry) -> Result<RecordBatch, WorkspaceError> {
    let columns = &["asks", "institutions", "evidence"];
    let mut table = Table::new("open_questions", columns, &["".into(), "".into(), "".into()]);
    for question in registry.open_questions() {
        let institutions: Vec<&str> = question.institutions.iter().map(|id| id.as_str()).collect();
        table.push([question.asks.name().into(), institutions.join(" ").into(), question.evidence.as_str().into()]);
    }
    table.finish()
}
