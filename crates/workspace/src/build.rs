//! Building: link, line up, compute what is owed, and write it down so that it can be repeated to the byte.

use crate::error::AtPath;
use crate::gather::{DeliveryEvidence, Gathered};
use crate::join::{Joined, join};
use crate::layout::{replace_file, sync_folder};
use crate::snapshot::{Parts, Snapshot};
use crate::tables::{Table, Value};
use crate::{Workspace, WorkspaceError, account};
use camino::{Utf8Path, Utf8PathBuf};
use jiff::civil::Date;
use linkage::{Explanation, explain};
use model::{DeliveryId, FactState, PersonId, RecordId, RowPointer, SourceId, content_hash};
use office::Actor;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;

/// What a build was made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BuildRecord {
    /// A hash of everything that went in.
    pub id: String,
    /// The day for which everything was computed.
    pub as_of: Date,
    /// Clients' deliveries, and the source of each.
    pub deliveries: BTreeMap<DeliveryId, SourceId>,
    /// A hash of the criteria.
    pub criteria: String,
    /// Links between records.
    pub links: u64,
    /// Events that no person record stands behind.
    pub ownerless_events: u64,
}

/// A link that holds a person's records together.
#[derive(Debug, Clone, PartialEq)]
pub struct BuiltLink {
    /// Why: field by field.
    pub explanation: Explanation,
}

/// `build.json`: the build as it stands on disk.
#[derive(Debug, Serialize, Deserialize)]
struct BuildFile {
    id: String,
    as_of: Date,
    deliveries: BTreeMap<String, String>,
    criteria: String,
    links: u64,
    ownerless_events: u64,
    /// Whose each record is.
    memberships: BTreeMap<String, String>,
    /// Probability of the best link of the least well linked record.
    weakest: BTreeMap<String, f64>,
}

impl Workspace {
    /// Links, lines up and computes what is owed on a day, over every client's delivery.
    ///
    /// The tables under `derived/` are a pure function of the deliveries, the standing judgements, the criteria and the
    /// day: a build run twice writes the same bytes. Killed at any moment, the last complete build stands.
    ///
    /// # Errors
    ///
    /// If evidence cannot be read, the criteria do not load, or a table cannot be written.
    pub async fn build(&self, as_of: Date, by: &Actor) -> Result<Snapshot, WorkspaceError> {
        self.settle().await?;
        let evidence = self.client_evidence(None)?;
        let deliveries: BTreeMap<DeliveryId, SourceId> =
            evidence.iter().map(|d| (d.delivery.clone(), d.source.clone())).collect();
        let gathered = self.gather(&evidence)?;
        let judgements = self.office.judgements().await?;
        let joined = join(&gathered.records, &judgements, &self.office.memberships().await?)?;
        let (materials, ownerless_events) = gathered.by_person(&joined.persons);
        let links = spanning_links(&joined)?;

        let standing: Vec<String> = judgements
            .iter()
            .filter(|j| j.withdrawn.is_none())
            .map(|j| format!("{} {} {}", j.records.0, j.records.1, j.verdict.name()))
            .collect();
        let mut parts: Vec<String> =
            vec![env!("CARGO_PKG_VERSION").to_owned(), as_of.to_string(), self.criteria_hash()];
        parts.extend(deliveries.keys().map(DeliveryId::to_string));
        parts.extend(standing);
        let hash = content_hash(parts.iter().map(String::as_bytes));
        let build = BuildRecord {
            id: format!("b-{}", hash[..6].iter().map(|b| format!("{b:02x}")).collect::<String>()),
            as_of,
            deliveries,
            criteria: self.criteria_hash(),
            links: links.values().map(|l| l.len() as u64).sum(),
            ownerless_events,
        };
        let snapshot = Snapshot::assemble(Parts {
            build,
            library: self.library.clone(),
            materials,
            links,
            weakest: joined.weakest.clone(),
            custodians: self.custodians()?,
        })?;
        self.write(&snapshot, &joined)?;
        self.office.record_build(&snapshot.build().id, as_of, &joined.persons, by, self.stamp()).await?;
        account::sequence(&self.layout, &self.office).await?;
        Ok(snapshot)
    }

    /// The last build, read back into memory.
    ///
    /// # Errors
    ///
    /// If nothing has been built, or it was built with other criteria than this version has.
    pub async fn snapshot(&self) -> Result<Snapshot, WorkspaceError> {
        let (file, build) = self.read_current()?;
        if build.criteria != self.criteria_hash() {
            return Err(WorkspaceError::OtherCriteria);
        }
        let evidence = self.client_evidence(Some(&build.deliveries))?;
        let gathered = self.gather(&evidence)?;
        let persons: BTreeMap<RecordId, PersonId> =
            file.memberships.into_iter().map(|(r, p)| (RecordId::new(r), PersonId::new(p))).collect();
        // Judgements are not needed: the memberships already honour those that stood when it was built.
        let joined = join(&gathered.records, &[], &persons)?.with_persons(persons);
        let (materials, _) = gathered.by_person(&joined.persons);
        let links = spanning_links(&joined)?;
        Snapshot::assemble(Parts {
            build,
            library: self.library.clone(),
            materials,
            links,
            weakest: file.weakest.into_iter().map(|(p, w)| (PersonId::new(p), w)).collect(),
            custodians: self.custodians()?,
        })
    }

    /// What the last build was made of.
    ///
    /// # Errors
    ///
    /// If nothing has been built.
    pub fn current_build(&self) -> Result<BuildRecord, WorkspaceError> {
        self.read_current().map(|(_, build)| build)
    }

    fn read_current(&self) -> Result<(BuildFile, BuildRecord), WorkspaceError> {
        let pointer = self.layout.derived().join("current");
        let id = match fs::read_to_string(&pointer) {
            Ok(id) => id,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Err(WorkspaceError::NotBuilt { root: self.layout.root().to_owned() });
            }
            Err(source) => return Err(WorkspaceError::File { operation: "read", path: pointer, source }),
        };
        let path = self.layout.derived().join(id.trim()).join("build.json");
        let text = fs::read_to_string(&path).at("read", &path)?;
        let file: BuildFile = serde_json::from_str(&text).map_err(|source| WorkspaceError::Table {
            operation: "read",
            table: path.to_string(),
            source: source.into(),
        })?;
        let build = BuildRecord {
            id: file.id.clone(),
            as_of: file.as_of,
            deliveries: file
                .deliveries
                .iter()
                .map(|(d, s)| (DeliveryId::new(d.as_str()), SourceId::new(s.as_str())))
                .collect(),
            criteria: file.criteria.clone(),
            links: file.links,
            ownerless_events: file.ownerless_events,
        };
        Ok((file, build))
    }

    fn gather(&self, evidence: &[DeliveryEvidence]) -> Result<Gathered, WorkspaceError> {
        let covers = self.covers(evidence)?;
        Gathered::read(evidence, covers).map_err(|(delivery, error)| WorkspaceError::Evidence {
            delivery: delivery.to_string(),
            source: error.into(),
        })
    }

    /// Writes a build beside the others, then makes it the current one. The one before it is removed last.
    fn write(&self, snapshot: &Snapshot, joined: &Joined) -> Result<(), WorkspaceError> {
        let derived = self.layout.derived();
        let staging = derived.join(".staging");
        remove_folder(&staging)?;
        fs::create_dir_all(&staging).at("create", &staging)?;
        write_tables(snapshot, joined, &staging)?;
        sync_folder(&staging)?;

        let place = derived.join(&snapshot.build().id);
        if same_files(&place, &staging)? {
            remove_folder(&staging)?;
        } else {
            // A folder of this name with other content is what is left of a damaged build.
            remove_folder(&place)?;
            fs::rename(&staging, &place).at("move into place", &place)?;
            sync_folder(&derived)?;
        }
        replace_file(&derived.join("current"), format!("{}\n", snapshot.build().id).as_bytes())?;
        for entry in derived.read_dir_utf8().at("list", &derived)? {
            let path = entry.at("list", &derived)?.into_path();
            if path != place && path.is_dir() {
                remove_folder(&path)?;
            }
        }
        Ok(())
    }
}

impl Joined {
    /// The same links under given memberships.
    fn with_persons(mut self, persons: BTreeMap<RecordId, PersonId>) -> Self {
        self.persons = persons;
        self
    }
}

/// For each person, the strongest links that reach every record: a spanning tree, so one fewer than there are records.
fn spanning_links(joined: &Joined) -> Result<BTreeMap<PersonId, Vec<BuiltLink>>, WorkspaceError> {
    let person = |record: u32| joined.persons.get(&RecordId::new(joined.records.id(record)));
    let mut pairs: Vec<_> = joined.linked.pairs.iter().filter(|p| person(p.left) == person(p.right)).collect();
    pairs.sort_by(|a, b| b.weight.total_cmp(&a.weight).then((a.left, a.right).cmp(&(b.left, b.right))));
    let mut group: BTreeMap<u32, u32> = BTreeMap::new();
    let mut links: BTreeMap<PersonId, Vec<BuiltLink>> = BTreeMap::new();
    for pair in pairs {
        let (left, right) = (root(&mut group, pair.left), root(&mut group, pair.right));
        let Some(person) = person(pair.left).filter(|_| left != right) else { continue };
        group.insert(left.max(right), left.min(right));
        let (left, right) = (joined.records.id(pair.left), joined.records.id(pair.right));
        let explanation = explain(&joined.records, &joined.linked.model, left, right)?;
        links.entry(person.clone()).or_default().push(BuiltLink { explanation });
    }
    Ok(links)
}

fn root(group: &mut BTreeMap<u32, u32>, record: u32) -> u32 {
    let mut at = record;
    while let Some(&up) = group.get(&at) {
        at = up;
    }
    at
}

fn write_tables(snapshot: &Snapshot, joined: &Joined, folder: &Utf8Path) -> Result<(), WorkspaceError> {
    let day = |date: Option<Date>| Value::Day(date);
    let text = |text: Option<String>| Value::Text(text);
    let count = |n: usize| Value::Whole(i64::try_from(n).ok());

    let mut persons = Table::new(
        "persons",
        &["person_id", "name", "records", "weakest_link"],
        &["".into(), "".into(), count(0), Value::Real(None)],
    );
    let mut records = Table::new("records", &["record_id", "person_id"], &["".into(), "".into()]);
    let mut moments = Table::new(
        "moments",
        &[
            "person_id",
            "moment",
            "event_type",
            "day",
            "event_id",
            "source",
            "reported_day",
            "in_conflict",
            "delivery",
            "file",
            "sheet",
            "row",
        ],
        &[
            "".into(),
            count(0),
            "".into(),
            day(None),
            "".into(),
            "".into(),
            day(None),
            Value::Flag(None),
            "".into(),
            "".into(),
            text(None),
            count(0),
        ],
    );
    let mut facts = Table::new(
        "facts",
        &["person_id", "subject", "key", "fact", "state", "value", "delivery", "file", "sheet", "row"],
        &[
            "".into(),
            "".into(),
            "".into(),
            "".into(),
            "".into(),
            text(None),
            text(None),
            text(None),
            text(None),
            count(0),
        ],
    );
    let mut obligations = Table::new(
        "obligations",
        &[
            "obligation_id",
            "person_id",
            "criterion",
            "version",
            "outcome",
            "subject",
            "key",
            "status",
            "result",
            "safe_by",
            "outer",
            "due",
            "opens",
            "flip_date",
            "liberty",
            "missing",
        ],
        &[
            "".into(),
            "".into(),
            "".into(),
            text(None),
            "".into(),
            "".into(),
            "".into(),
            "".into(),
            "".into(),
            day(None),
            day(None),
            day(None),
            day(None),
            day(None),
            Value::Flag(None),
            "".into(),
        ],
    );
    for file in snapshot.files() {
        let person = file.person.as_str();
        let ids: BTreeSet<&RecordId> = file.material.records.iter().map(|r| &r.id).collect();
        persons.push([person.into(), file.name().into(), count(ids.len()), Value::Real(file.weakest_link)]);
        for (at, moment) in file.timeline.moments.iter().enumerate() {
            for report in &moment.reports {
                let [delivery, source_file, sheet, row] = place(Some(&report.pointer));
                moments.push([
                    person.into(),
                    count(at),
                    moment.kind.name().into(),
                    day(Some(moment.at().date())),
                    report.id.as_str().into(),
                    report.source.as_str().into(),
                    day(Some(report.at.date())),
                    Value::Flag(Some(moment.in_conflict())),
                    delivery,
                    source_file,
                    sheet,
                    row,
                ]);
            }
        }
        for set in &file.facts {
            for (fact, state) in &set.facts {
                let (name, values): (&str, Vec<(String, &[RowPointer])>) = match state {
                    FactState::Known(v) => ("known", vec![(v.value.to_string(), &v.from)]),
                    FactState::Absent { through, from } => ("absent", vec![(through.to_string(), from)]),
                    FactState::Conflict(vs) => {
                        ("conflict", vs.iter().map(|v| (v.value.to_string(), v.from.as_slice())).collect())
                    }
                };
                for (value, from) in values {
                    let mut rows: Vec<Option<&RowPointer>> = from.iter().map(Some).collect();
                    if rows.is_empty() {
                        rows.push(None);
                    }
                    for pointer in rows {
                        let [delivery, source_file, sheet, row] = place(pointer);
                        facts.push([
                            person.into(),
                            set.subject.name().into(),
                            set.key.as_str().into(),
                            (*fact).into(),
                            name.into(),
                            value.as_str().into(),
                            delivery,
                            source_file,
                            sheet,
                            row,
                        ]);
                    }
                }
            }
        }
        for o in &file.obligations {
            let j = &o.judged;
            obligations.push([
                o.id.as_str().into(),
                person.into(),
                (&*j.criterion).into(),
                text(j.version.as_deref().map(str::to_owned)),
                j.outcome.name().into(),
                j.subject.name().into(),
                j.key.as_str().into(),
                j.status.name().into(),
                j.result.name().into(),
                day(j.safe_by),
                day(j.outer),
                day(j.due),
                day(j.opens),
                day(j.flip_date),
                Value::Flag(Some(o.liberty())),
                j.missing.join(" ").into(),
            ]);
        }
    }
    for (record, person) in &joined.persons {
        records.push([record.as_str().into(), person.as_str().into()]);
    }
    let mut links = Table::new(
        "links",
        &["left_record", "right_record", "weight", "probability"],
        &["".into(), "".into(), Value::Real(None), Value::Real(None)],
    );
    for pair in &joined.linked.pairs {
        let (left, right) = (joined.records.id(pair.left), joined.records.id(pair.right));
        links.push([left.into(), right.into(), Value::Real(Some(pair.weight)), Value::Real(Some(pair.probability))]);
    }
    for table in [persons, records, moments, facts, obligations, links] {
        table.write(folder)?;
    }
    let failed = |source: Box<dyn std::error::Error + Send + Sync>| WorkspaceError::Table {
        operation: "write",
        table: "build.json".to_owned(),
        source,
    };
    let build = snapshot.build();
    let file = BuildFile {
        id: build.id.clone(),
        as_of: build.as_of,
        deliveries: build.deliveries.iter().map(|(d, s)| (d.to_string(), s.to_string())).collect(),
        criteria: build.criteria.clone(),
        links: build.links,
        ownerless_events: build.ownerless_events,
        memberships: joined.persons.iter().map(|(r, p)| (r.to_string(), p.to_string())).collect(),
        weakest: joined.weakest.iter().map(|(p, w)| (p.to_string(), *w)).collect(),
    };
    let json = serde_json::to_string_pretty(&file).map_err(|e| failed(e.into()))?;
    replace_file(&folder.join("build.json"), json.as_bytes())?;
    let model = linkage::wire::to_json(&joined.linked.model).map_err(|e| failed(e.into()))?;
    replace_file(&folder.join("linkage-model.json"), model.as_bytes())
}

fn place(pointer: Option<&RowPointer>) -> [Value; 4] {
    [
        Value::Text(pointer.map(|p| p.delivery.to_string())),
        Value::Text(pointer.map(|p| p.file.clone())),
        Value::Text(pointer.and_then(|p| p.sheet.clone())),
        Value::Whole(pointer.and_then(|p| i64::try_from(p.row).ok())),
    ]
}

/// Whether two folders hold files of the same names and bytes.
fn same_files(a: &Utf8Path, b: &Utf8Path) -> Result<bool, WorkspaceError> {
    if !a.is_dir() {
        return Ok(false);
    }
    let (names_a, names_b) = (names_in(a)?, names_in(b)?);
    if names_a != names_b {
        return Ok(false);
    }
    for name in names_a {
        let (left, right) = (a.join(&name), b.join(&name));
        if fs::read(&left).at("read", &left)? != fs::read(&right).at("read", &right)? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn names_in(folder: &Utf8Path) -> Result<BTreeSet<Utf8PathBuf>, WorkspaceError> {
    folder.read_dir_utf8().at("list", folder)?.map(|entry| Ok(entry.at("list", folder)?.file_name().into())).collect()
}

fn remove_folder(folder: &Utf8Path) -> Result<(), WorkspaceError> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(WorkspaceError::File { operation: "remove", path: folder.to_owned(), source: error })
        }
        _ => Ok(()),
    }
}
