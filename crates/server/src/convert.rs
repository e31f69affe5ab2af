//! Domain types into wire shapes. Nothing is decided here.

use crate::wire;
use evidence::{Mapping, Receipt, RowContent, SourceRow};
use jiff::civil::{Date, DateTime};
use law::{Change, ClauseValue, Explanation, Selection};
use lifecycle::{Attributes, Event, Stay};
use model::{
    Attribute, FactDef, FactState, FactValue, Lang, ObligationId, PersonId, RecordId, RowPointer, Sourced, Status,
    fact_def,
};
use office::Actor;
use std::collections::{BTreeMap, BTreeSet};
use workspace::{CaseFile, LedgerState, MonthCount, Obligation, PublicSummary, Snapshot, Workspace, WorkspaceError};

fn text(text: model::Text) -> wire::Text {
    wire::Text { en: text.en.to_owned(), es: text.es.to_owned() }
}

fn words(words: &law::Words) -> wire::Text {
    wire::Text { en: words.en.clone(), es: words.es.clone() }
}

fn day(date: Option<Date>) -> Option<String> {
    date.map(|d| d.to_string())
}

/// A day, or a day and time where the record has one.
fn moment_text(at: DateTime, has_time: bool) -> String {
    if has_time { at.strftime("%Y-%m-%dT%H:%M").to_string() } else { at.date().to_string() }
}

/// The build behind a snapshot, in counts.
pub fn build_summary(snapshot: &Snapshot) -> wire::BuildSummary {
    let build = snapshot.build();
    let records: BTreeSet<_> = snapshot.files().flat_map(|f| f.material.records.iter().map(|r| &r.id)).collect();
    wire::BuildSummary {
        id: build.id.clone(),
        as_of: build.as_of.to_string(),
        records: records.len() as u64,
        persons: snapshot.files().count() as u64,
        links: build.links,
        moments: snapshot.files().map(|f| f.timeline.moments.len() as u64).sum(),
        obligations: status_counts(snapshot.files().flat_map(|f| &f.obligations)),
    }
}

/// How many obligations stand where, in the order of the statuses.
fn status_counts<'a>(obligations: impl Iterator<Item = &'a Obligation>) -> Vec<wire::StatusCount> {
    let mut counts: BTreeMap<Status, u64> = Status::ALL.iter().map(|status| (*status, 0)).collect();
    for obligation in obligations {
        *counts.entry(obligation.judged.status).or_default() += 1;
    }
    let count = |(status, count): (Status, u64)| wire::StatusCount { status: status.name().to_owned(), count };
    counts.into_iter().map(count).collect()
}

/// The ledger's last signed state.
pub fn ledger_state(state: LedgerState) -> wire::LedgerState {
    let LedgerState { origin, size, root, verifier_key } = state;
    wire::LedgerState { origin, size, root, verifier_key }
}

/// The queue of all persons.
pub fn queue(snapshot: &Snapshot) -> wire::Queue {
    let items = snapshot.queue().into_iter().map(|o| obligation(snapshot, o)).collect();
    wire::Queue { as_of: snapshot.build().as_of.to_string(), items }
}

/// One obligation.
fn obligation(snapshot: &Snapshot, o: &Obligation) -> wire::Obligation {
    let as_of = snapshot.build().as_of;
    let judged = &o.judged;
    let criterion = snapshot.library().criterion(&judged.criterion);
    let of = |pick: fn(&law::Criterion) -> &law::Words| {
        criterion.map_or_else(|| wire::Text { en: String::new(), es: String::new() }, |c| words(pick(c)))
    };
    let next_date = o.next_date(as_of);
    wire::Obligation {
        id: o.id.to_string(),
        person: wire::PersonRef { id: o.person.to_string(), name: o.name.clone() },
        criterion: judged.criterion.to_string(),
        code: criterion.map_or_else(String::new, |c| c.code.clone()),
        title: of(|c| &c.title),
        outcome: judged.outcome.name().to_owned(),
        status: judged.status.name().to_owned(),
        result: judged.result.name().to_owned(),
        subject: judged.subject.name().to_owned(),
        subject_label: text(judged.subject.label()),
        subject_key: judged.key.clone(),
        owed_by: of(|c| &c.owed_by),
        owed_to: of(|c| &c.owed_to),
        liberty: o.liberty(),
        in_custody: o.in_custody,
        safe_by: day(judged.safe_by),
        outer: day(judged.outer),
        due: day(judged.due),
        opens: day(judged.opens),
        next_date: day(next_date),
        days_left: next_date.and_then(|d| as_of.until(d).ok()).map(|span| i64::from(span.get_days())),
        flip_date: day(judged.flip_date),
        confidence: judged.confidence.map_or_else(String::new, |c| c.name().to_owned()),
        watch: judged.watch.as_ref().map(|w| words(w)),
        cautions: judged
            .cautions
            .iter()
            .filter_map(|c| {
                let date = c.safe_by.or(c.due).or(c.opens)?;
                Some(wire::Caution {
                    version: c.version.to_string(),
                    state: c.state.name().to_owned(),
                    date: date.to_string(),
                })
            })
            .collect(),
        missing: judged.missing.iter().filter_map(|fact| fact_def(fact)).map(missing).collect(),
        in_conflict: judged.conflicts.iter().any(|c| c.matters),
        boundary: judged.boundary,
        approved: judged.approved,
        weakest_link: o.weakest_link,
    }
}

fn missing(def: &FactDef) -> wire::Missing {
    wire::Missing { fact: def.name.to_owned(), label: text(def.label), settled_by: text(def.settled_by) }
}

fn pointer(snapshot: &Snapshot, pointer: &RowPointer) -> wire::Pointer {
    wire::Pointer {
        delivery: pointer.delivery.to_string(),
        file: pointer.file.clone(),
        sheet: pointer.sheet.clone(),
        row: pointer.row,
        source: snapshot.source_of(pointer).map_or_else(String::new, |s| s.to_string()),
    }
}

fn values(snapshot: &Snapshot, values: &[Sourced]) -> Vec<wire::FactValue> {
    values.iter().map(|v| value(snapshot, v.value.to_string(), &v.from)).collect()
}

fn value(snapshot: &Snapshot, value: String, from: &[RowPointer]) -> wire::FactValue {
    wire::FactValue { value, from: from.iter().map(|p| pointer(snapshot, p)).collect() }
}

fn fact(snapshot: &Snapshot, name: &str, label: model::Text, state: &FactState) -> wire::Fact {
    let (state, values) = match state {
        FactState::Known(sourced) => ("known", values(snapshot, std::slice::from_ref(sourced))),
        FactState::Absent { through, from } => ("absent", vec![value(snapshot, through.to_string(), from)]),
        FactState::Conflict(all) => ("conflict", values(snapshot, all)),
    };
    wire::Fact { name: name.to_owned(), label: text(label), state: state.to_owned(), values }
}

fn fields(attributes: &Attributes) -> Vec<wire::Field> {
    attributes
        .iter()
        .map(|(attribute, value)| wire::Field {
            name: attribute.name().to_owned(),
            label: text(attribute.label()),
            value: value.to_string(),
        })
        .collect()
}

/// One person's whole file.
///
/// # Errors
///
/// If there is no such person.
pub fn person_file(
    snapshot: &Snapshot,
    person: &PersonId,
    openings: &[office::Opening],
) -> Result<wire::PersonFile, WorkspaceError> {
    let file = snapshot.file(person)?;
    let as_of = snapshot.build().as_of;
    let sources: BTreeSet<_> = (file.material.records.iter().map(|r| &r.source))
        .chain(file.material.events.iter().map(|e| &e.source))
        .collect();
    let moments = file
        .timeline
        .moments
        .iter()
        .enumerate()
        .map(|(at, m)| wire::Moment {
            id: format!("m{at}"),
            kind: m.kind.name().to_owned(),
            label: text(m.kind.label()),
            day: m.at().date().to_string(),
            in_conflict: m.in_conflict(),
            reports: m.reports.iter().map(|r| report(snapshot, r)).collect(),
        })
        .collect();
    let person_facts = file.person_facts().into_iter().flat_map(|set| &set.facts);
    Ok(wire::PersonFile {
        person: wire::PersonRef { id: person.to_string(), name: file.name().to_owned() },
        as_of: as_of.to_string(),
        other_names: file.names.iter().skip(1).cloned().collect(),
        in_custody: file.in_custody(),
        records: records(snapshot, file),
        links: file.links.iter().map(|l| link(&l.explanation)).collect(),
        facts: person_facts.filter_map(|(n, s)| Some(fact(snapshot, n, fact_def(n)?.label, s))).collect(),
        lanes: sources
            .into_iter()
            .map(|s| wire::Lane { source: s.to_string(), label: snapshot.custodian(s).to_owned() })
            .collect(),
        moments,
        stays: file.timeline.stays.iter().map(|s| stay(snapshot, s, as_of)).collect(),
        obligations: file
            .obligations
            .iter()
            .filter(|o| o.judged.status != Status::NotApplicable)
            .map(|o| obligation(snapshot, o))
            .collect(),
        conflicts: conflicts(snapshot, file),
        openings: openings
            .iter()
            .map(|o| wire::OpeningNote {
                purpose: o.purpose.name().to_owned(),
                reader: o.reader.clone(),
                at: o.at.to_string(),
            })
            .collect(),
    })
}

/// One entry for each record, though several rows may describe it. Where they differ, the first row's value stands here,
/// and all of them stand among the facts.
fn records(snapshot: &Snapshot, file: &CaseFile) -> Vec<wire::Record> {
    let mut once: BTreeMap<&RecordId, (&RowPointer, Attributes)> = BTreeMap::new();
    for record in &file.material.records {
        let (_, attributes) = once.entry(&record.id).or_insert_with(|| (&record.pointer, Attributes::new()));
        for (attribute, value) in &record.attributes {
            attributes.entry(*attribute).or_insert_with(|| value.clone());
        }
    }
    once.into_iter()
        .map(|(id, (row, attributes))| wire::Record {
            id: id.to_string(),
            pointer: pointer(snapshot, row),
            fields: fields(&attributes),
        })
        .collect()
}

fn report(snapshot: &Snapshot, event: &Event) -> wire::Report {
    wire::Report {
        source: event.source.to_string(),
        at: moment_text(event.at, event.has_time),
        pointer: pointer(snapshot, &event.pointer),
        fields: fields(&event.attributes),
    }
}

fn stay(snapshot: &Snapshot, stay: &Stay, as_of: Date) -> wire::Stay {
    let from = stay.start().date();
    let to = stay.end().map(|e| e.date());
    let days = from.until(to.unwrap_or(as_of)).map_or(0, |span| i64::from(span.get_days()));
    let stints = stay
        .stints
        .iter()
        .map(|s| wire::Stint {
            facility: s.facility.clone(),
            from: s.start.at.date().to_string(),
            to: s.end.as_ref().map(|e| e.at.date().to_string()),
            source: s.start.source.to_string(),
            pointers: std::iter::once(&s.start).chain(&s.end).map(|e| pointer(snapshot, &e.pointer)).collect(),
        })
        .collect();
    wire::Stay { from: from.to_string(), to: day(to), days, stints }
}

/// Moments and person facts on which records disagree, side by side.
fn conflicts(snapshot: &Snapshot, file: &CaseFile) -> Vec<wire::Conflict> {
    let facts = file.person_facts().into_iter().flat_map(|set| &set.facts).filter_map(|(name, state)| match state {
        FactState::Conflict(all) => {
            Some(wire::Conflict { label: text(fact_def(name)?.label), values: values(snapshot, all) })
        }
        _ => None,
    });
    let moments = file.timeline.moments.iter().filter(|m| m.in_conflict()).map(|m| wire::Conflict {
        label: text(m.kind.label()),
        values: m
            .reports
            .iter()
            .map(|r| {
                let said = |a: &Attribute| r.attributes.get(a).map(|v| format!(", {v}"));
                let more: String = [Attribute::Decision, Attribute::Kind].iter().filter_map(said).collect();
                value(snapshot, moment_text(r.at, r.has_time) + &more, std::slice::from_ref(&r.pointer))
            })
            .collect(),
    });
    facts.chain(moments).collect()
}

/// Why two records were joined.
pub fn link(explanation: &linkage::Explanation) -> wire::Link {
    wire::Link {
        left: explanation.left.clone(),
        right: explanation.right.clone(),
        weight: explanation.weight,
        probability: explanation.probability,
        fields: explanation
            .fields
            .iter()
            .map(|f| wire::LinkField {
                field: f.field.clone(),
                level: f.level.to_owned(),
                left: f.left.clone(),
                right: f.right.clone(),
                weight: f.bits(),
            })
            .collect(),
    }
}

/// What must be said with every result.
const NOTICE: model::Text = model::Text {
    en: "This is not legal advice. It shows what the records say and what the cited rule would mean for them; a lawyer must check both. Counsel has not approved this criterion yet.",
    es: "Esto no es asesoría legal. Muestra lo que dicen los registros y lo que la regla citada significaría para ellos; un abogado debe revisar ambos. Ningún abogado ha aprobado aún este criterio.",
};

/// What is said once counsel has approved a criterion.
const NOTICE_APPROVED: model::Text = model::Text {
    en: "This is not legal advice. It shows what the records say and what the cited rule would mean for them; a lawyer must check both.",
    es: "Esto no es asesoría legal. Muestra lo que dicen los registros y lo que la regla citada significaría para ellos; un abogado debe revisar ambos.",
};

/// Why an obligation stands as it does.
///
/// # Errors
///
/// If there is no such obligation, or the library cannot judge it.
pub fn why(snapshot: &Snapshot, id: &ObligationId) -> Result<wire::Why, WorkspaceError> {
    let o = snapshot.obligation(id)?;
    let explanation = snapshot.explain(id)?;
    let criterion = explanation.criterion;
    Ok(wire::Why {
        obligation: obligation(snapshot, o),
        explanation: words(&criterion.explanation),
        authority: criterion.authority.clone(),
        version: explanation.version.map(|v| wire::Version {
            id: v.id.to_string(),
            from: day(v.from),
            to: day(v.to),
            state: v.state.name().to_owned(),
            scope: v.scope.clone(),
            confidence: v.confidence.name().to_owned(),
            selected_by: selected_by(&explanation),
            authority: v.authority.clone(),
            note: v.note.as_ref().map(words),
            watch: v.watch.as_ref().map(|w| words(w)),
        }),
        clauses: explanation.clauses.iter().map(|c| clause(snapshot, &explanation, c)).collect(),
        dates: explanation
            .dates
            .iter()
            .filter(|w| w.holds)
            .map(|w| wire::NamedDate {
                id: w.id().to_owned(),
                label: words(&w.version.dates[w.index].label),
                date: day(w.date()),
                arithmetic: wire::Text { en: w.line(Lang::En), es: w.line(Lang::Es) },
            })
            .collect(),
        facts: explanation
            .facts
            .iter()
            .filter_map(|f| Some(fact(snapshot, f.name, f.label, f.state.as_ref()?)))
            .collect(),
        ask: asked(&explanation),
        flips: explanation
            .flips
            .iter()
            .filter_map(|f| {
                Some(wire::Flip {
                    fact: f.fact.to_owned(),
                    label: text(fact_def(f.fact)?.label),
                    from: known(&explanation, f.fact),
                    to: change(&f.change),
                    status: f.status.name().to_owned(),
                    result: f.result.name().to_owned(),
                })
            })
            .collect(),
        notice: text(if criterion.approved() { NOTICE_APPROVED } else { NOTICE }),
    })
}

fn selected_by(explanation: &Explanation<'_>) -> wire::Text {
    let selector = fact_def(&explanation.criterion.selector).map_or_else(
        || wire::Text { en: explanation.criterion.selector.clone(), es: explanation.criterion.selector.clone() },
        |def| text(def.label),
    );
    let (en, es) = match explanation.selection {
        Selection::By(date) => (format!("{}: {date}", selector.en), format!("{}: {date}", selector.es)),
        Selection::AsOf(date) => {
            (format!("{} is not known; as of {date}", selector.en), format!("{}: no se conoce; al {date}", selector.es))
        }
        Selection::Absent => (format!("{}: none", selector.en), format!("{}: no hay", selector.es)),
        Selection::Unknown => (format!("{}: unknown", selector.en), format!("{}: se desconoce", selector.es)),
        Selection::Varies => {
            (format!("{}: records disagree", selector.en), format!("{}: los registros difieren", selector.es))
        }
    };
    wire::Text { en, es }
}

fn clause(snapshot: &Snapshot, explanation: &Explanation<'_>, value: &ClauseValue<'_>) -> wire::Clause {
    let read: Vec<&str> = value.clause.facts().collect();
    let state = |name: &str| explanation.facts.iter().find(|f| f.name == name).and_then(|f| f.state.as_ref());
    wire::Clause {
        id: value.clause.id.to_string(),
        role: value.clause.role.name().to_owned(),
        text: words(&value.clause.text),
        sql: value.clause.sql.clone(),
        value: value.value.map_or("unknown", |v| if v { "true" } else { "false" }).to_owned(),
        facts: read.iter().filter_map(|n| Some(fact(snapshot, n, fact_def(n)?.label, state(n)?))).collect(),
        missing: read
            .iter()
            .filter(|n| **n != "as_of" && state(n).is_none())
            .filter_map(|n| fact_def(n).map(missing))
            .collect(),
    }
}

/// Questions to ask, in the words of the clause that asks or of the fact itself.
fn asked(explanation: &Explanation<'_>) -> Vec<wire::Text> {
    let clauses = explanation.version.map_or(&[][..], |v| &v.clauses);
    explanation
        .judged
        .ask
        .iter()
        .flat_map(|ask| match clauses.iter().find(|c| c.id == ask.of) {
            Some(clause) => vec![words(&clause.text)],
            None => ask.facts.iter().filter_map(|f| fact_def(f)).map(|def| text(def.label)).collect(),
        })
        .collect()
}

fn known(explanation: &Explanation<'_>, fact: &str) -> Option<String> {
    match explanation.facts.iter().find(|f| f.name == fact)?.state.as_ref()? {
        FactState::Known(sourced) => Some(sourced.value.to_string()),
        FactState::Absent { through, .. } => Some(format!("- {through}")),
        FactState::Conflict(all) => Some(all.iter().map(|v| v.value.to_string()).collect::<Vec<_>>().join(" / ")),
    }
}

fn change(change: &Change) -> wire::Text {
    let both = |text: String| wire::Text { en: text.clone(), es: text };
    let yes_no = |value: &FactValue| match value {
        FactValue::Boolean(true) => wire::Text { en: "yes".to_owned(), es: "sí".to_owned() },
        FactValue::Boolean(false) => wire::Text { en: "no".to_owned(), es: "no".to_owned() },
        other => both(other.to_string()),
    };
    match change {
        Change::Value(value) => yes_no(value),
        Change::Between(Some(from), Some(to)) if from == to => yes_no(from),
        Change::Between(Some(from), Some(to)) => {
            wire::Text { en: format!("{from} to {to}"), es: format!("{from} a {to}") }
        }
        Change::Between(Some(from), None) => {
            wire::Text { en: format!("{from} or later"), es: format!("{from} o después") }
        }
        Change::Between(None, Some(to)) => wire::Text { en: format!("{to} or earlier"), es: format!("{to} o antes") },
        Change::Between(None, None) => wire::Text { en: "any value".to_owned(), es: "cualquier valor".to_owned() },
        Change::Absent(through) => {
            wire::Text { en: format!("none through {through}"), es: format!("ninguno hasta {through}") }
        }
    }
}

/// One row with every original cell.
///
/// # Errors
///
/// If there is no such delivery.
pub(crate) fn source_row(workspace: &Workspace, row: SourceRow) -> Result<wire::SourceRow, WorkspaceError> {
    let cells = match row.content {
        RowContent::Kept(cells) => cells
            .into_iter()
            .map(|c| wire::Cell { column: c.column, text: c.text, value: c.value, problem: joined(&c.problems) })
            .collect(),
        RowContent::Refused { reason, line } => vec![wire::Cell {
            column: "line".to_owned(),
            text: Some(line),
            value: None,
            problem: Some(reason.name().to_owned()),
        }],
    };
    Ok(wire::SourceRow {
        pointer: wire::Pointer {
            source: workspace.source_of(&row.pointer.delivery)?,
            delivery: row.pointer.delivery.to_string(),
            file: row.pointer.file,
            sheet: row.pointer.sheet,
            row: row.pointer.row,
        },
        mapping: row.mapping,
        mapping_version: row.mapping_version,
        cells,
    })
}

fn joined(problems: &[String]) -> Option<String> {
    (!problems.is_empty()).then(|| problems.join(", "))
}

/// What a public delivery holds.
pub(crate) fn delivery_summary(summary: PublicSummary) -> wire::DeliverySummary {
    wire::DeliverySummary {
        delivery: summary.delivery.to_string(),
        by_month: summary
            .by_month
            .into_iter()
            .map(|MonthCount { event, month, count }| wire::MonthCount { event, month, count })
            .collect(),
        smallest_cell: workspace::SMALLEST_CELL,
    }
}

/// One delivery with its receipt.
pub(crate) fn delivery(
    receipt: &Receipt,
    mapping: &Mapping,
    added: Option<&(jiff::Timestamp, Actor)>,
) -> wire::Delivery {
    let counts = |counts: Vec<(&str, u64)>| {
        counts.into_iter().map(|(name, count)| wire::NamedCount { name: name.to_owned(), count }).collect()
    };
    let sum = |count: fn(&evidence::FileReceipt) -> u64| receipt.files.iter().map(count).sum();
    wire::Delivery {
        id: receipt.delivery.to_string(),
        source: receipt.source.to_string(),
        custodian: mapping.source.custodian.clone(),
        obtained: mapping.source.obtained.clone(),
        mapping: receipt.mapping.clone(),
        mapping_version: receipt.mapping_version,
        holds: receipt.holds.name().to_owned(),
        through: day(receipt.through),
        added_at: added.map(|(at, _)| at.to_string()),
        added_by: added.map(|(_, by)| by.0.clone()),
        reconciled: receipt.reconciled,
        rows_read: sum(|f| f.rows_read),
        rows_kept: sum(|f| f.rows_kept),
        rows_repaired: sum(|f| f.rows_repaired),
        rows_refused: sum(|f| f.rows_refused),
        files: receipt.files.iter().map(|file| delivery_file(file, mapping)).collect(),
        events: counts(receipt.events.iter().map(|(t, n)| (t.name(), *n)).collect()),
        objects: counts(receipt.objects.iter().map(|(t, n)| (t.name(), *n)).collect()),
    }
}

fn delivery_file(file: &evidence::FileReceipt, mapping: &Mapping) -> wire::DeliveryFile {
    let flagged = |counts: &BTreeMap<String, u64>| {
        let of = |(rule, count): (&String, &u64)| wire::FlaggedRows {
            rule: rule.clone(),
            why: mapping.why(&file.table, rule).map(str::to_owned),
            count: *count,
        };
        counts.iter().map(of).collect()
    };
    let problems = file.problems.iter().flat_map(|(kind, columns)| {
        columns.iter().map(|(column, count)| wire::ProblemCount {
            kind: kind.name().to_owned(),
            column: column.clone(),
            count: *count,
        })
    });
    wire::DeliveryFile {
        path: file.path.clone(),
        table: file.table.clone(),
        sheet: file.sheet.clone(),
        sha256: file.sha256.clone(),
        banner_rows: file.banner_rows,
        rows_read: file.rows_read,
        rows_kept: file.rows_kept,
        rows_repaired: file.rows_repaired,
        rows_refused: file.rows_refused,
        declared_rows: file.declared_rows,
        problems: problems.collect(),
        duplicates: flagged(&file.duplicates),
        conflicts: flagged(&file.conflicts),
        repairs: file
            .repairs
            .iter()
            .map(|r| wire::Repair {
                row: r.row,
                rule: r.rule.name().to_owned(),
                before: r.before.clone(),
                after: r.after.clone(),
            })
            .collect(),
        refusals: file
            .refusals
            .iter()
            .map(|r| wire::Refusal { row: r.row, reason: r.reason.name().to_owned(), cells: r.cells })
            .collect(),
    }
}
