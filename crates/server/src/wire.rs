//! The shapes that programs see, over HTTP and from `--format json` alike. Domain types convert into these; nothing is
//! computed here.
//!
//! Days are `YYYY-MM-DD`. Texts that people read come in every language of the product.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// One text in every language of the product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Text {
    /// English.
    pub en: String,
    /// Spanish.
    pub es: String,
}

/// Where a value came from: a row of a file of a delivery.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
pub struct Pointer {
    /// Delivery id.
    pub delivery: String,
    /// File name within the delivery.
    pub file: String,
    /// Worksheet, for workbooks.
    pub sheet: Option<String>,
    /// Row of the file as delivered, from 1.
    pub row: u64,
    /// Source that made the delivery, such as `eoir`.
    pub source: String,
}

/// A problem, told so that a person knows what would work.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Problem {
    /// Short machine name, such as `opening_needed`.
    pub kind: String,
    /// What went wrong.
    pub detail: String,
    /// What would work.
    pub help: Option<String>,
}

/// The workspace as a whole.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct WorkspaceSummary {
    /// Its name.
    pub name: String,
    /// The last build, if there is one.
    pub build: Option<BuildSummary>,
    /// Deliveries taken in.
    pub deliveries: u64,
    /// Rows taken in over all deliveries.
    pub rows: u64,
    /// Criteria in the library.
    pub criteria: u64,
    /// Criteria that counsel has approved.
    pub criteria_approved: u64,
    /// The ledger's state.
    pub ledger: LedgerState,
    /// The purposes for which a file may be opened.
    pub purposes: Vec<String>,
}

/// What a build derived.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct BuildSummary {
    /// Build id: a hash of everything that went in.
    pub id: String,
    /// The day for which everything was computed.
    pub as_of: String,
    /// Person records that were linked.
    pub records: u64,
    /// Persons that they form.
    pub persons: u64,
    /// Links between records.
    pub links: u64,
    /// Moments on all timelines.
    pub moments: u64,
    /// Obligations, by status.
    pub obligations: Vec<StatusCount>,
}

/// How many obligations stand where.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct StatusCount {
    /// `owed`, `due`, `met`, `missed`, `not_applicable`, `cannot_tell`.
    pub status: String,
    /// How many.
    pub count: u64,
}

/// The ledger's last signed state.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct LedgerState {
    /// Name of the log.
    pub origin: String,
    /// Entries.
    pub size: u64,
    /// Root hash, base64.
    pub root: String,
    /// Verifier key that outsiders check signatures with.
    pub verifier_key: String,
}

/// One thing in a queue or a person's file: what a criterion yields for one subject.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Obligation {
    /// Obligation id.
    pub id: String,
    /// Whose case.
    pub person: PersonRef,
    /// The criterion's name, such as `bia-appeal-notice`.
    pub criterion: String,
    /// Its short code, such as `A2`.
    pub code: String,
    /// Its title.
    pub title: Text,
    /// `owed_to_person`, `due_from_person`, `possible_relief`, `possible_citizenship`, `record_conflict`.
    pub outcome: String,
    /// `owed`, `due`, `met`, `missed`, `not_applicable`, `cannot_tell`.
    pub status: String,
    /// The finer result, such as `possible_signal`, `open_no_time_limit` or `late`.
    pub result: String,
    /// What it is about, such as `decision`.
    pub subject: String,
    /// The same, for people.
    pub subject_label: Text,
    /// Which one.
    pub subject_key: String,
    /// Who owes it.
    pub owed_by: Text,
    /// To whom.
    pub owed_to: Text,
    /// Whether liberty is at stake: the person is in custody, or the criterion itself is about custody or citizenship.
    pub liberty: bool,
    /// Whether the person is in custody, as far as the record says.
    pub in_custody: Option<bool>,
    /// For a person's duty: the earliest date that any reasonable reading gives.
    pub safe_by: Option<String>,
    /// For a person's duty: the last date of the friendliest reading. Use it only to argue that a filing was in time.
    pub outer: Option<String>,
    /// For an agency's duty: the strict date.
    pub due: Option<String>,
    /// The day from which something becomes possible.
    pub opens: Option<String>,
    /// The date by which this stands in the queue: the first of safe_by, due and opens that matters now.
    pub next_date: Option<String>,
    /// Days from the as-of day to `next_date`; negative when it has passed.
    pub days_left: Option<i64>,
    /// The day on which the status will change if nothing else does.
    pub flip_date: Option<String>,
    /// `SURE`, `CHECK`, `WATCH`: how sure the library is of this version of the rule.
    pub confidence: String,
    /// A recent or pending change to re-read before relying on this.
    pub watch: Option<Text>,
    /// Earlier dates that a contested version of the rule would give.
    pub cautions: Vec<Caution>,
    /// Facts that are missing, and the record that would settle each.
    pub missing: Vec<Missing>,
    /// Whether it hangs on a fact on which records disagree.
    pub in_conflict: bool,
    /// Whether the case is near a boundary, where readings of the law differ.
    pub boundary: bool,
    /// Whether counsel has approved the criterion.
    pub approved: bool,
    /// How sure linkage is that the weakest record behind this person belongs to them: 0 to 1.
    pub weakest_link: Option<f64>,
}

/// A person, as lists name them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PersonRef {
    /// Person id.
    pub id: String,
    /// Name as the office writes it.
    pub name: String,
}

/// A date that a contested version of a rule would give.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Caution {
    /// Version of the rule.
    pub version: String,
    /// Its state, such as `vacated`.
    pub state: String,
    /// The date.
    pub date: String,
}

/// A missing fact.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Missing {
    /// Fact name.
    pub fact: String,
    /// What it is.
    pub label: Text,
    /// The record that would settle it.
    pub settled_by: Text,
}

/// The queue: what is owed and due over all persons of the office, liberty first, then soonest.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Queue {
    /// The day for which it was computed.
    pub as_of: String,
    /// Obligations. Relief screening is not listed here: it stays in the person's own file.
    pub items: Vec<Obligation>,
}

/// A request to open a person's file.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct OpeningRequest {
    /// Why: one of the workspace's purposes.
    pub purpose: String,
    /// Who reads.
    pub reader: String,
}

/// A file, opened.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Opening {
    /// To be shown with every further request about this person.
    pub id: String,
    /// Whose file.
    pub person: String,
    /// Why.
    pub purpose: String,
    /// Who reads.
    pub reader: String,
    /// Since when.
    pub at: String,
    /// Until when it serves.
    pub until: String,
}

/// Who opened a file, when and why.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct OpeningNote {
    /// Why.
    pub purpose: String,
    /// Who.
    pub reader: String,
    /// When.
    pub at: String,
}

/// One person's file.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct PersonFile {
    /// Who.
    pub person: PersonRef,
    /// The day for which it was computed.
    pub as_of: String,
    /// Other names on record.
    pub other_names: Vec<String>,
    /// Whether in custody, as far as the record says.
    pub in_custody: Option<bool>,
    /// The records that form this person.
    pub records: Vec<Record>,
    /// Why the records were joined.
    pub links: Vec<Link>,
    /// Facts about the person as a whole.
    pub facts: Vec<Fact>,
    /// Lanes of the timeline, in order.
    pub lanes: Vec<Lane>,
    /// What happened, earliest first.
    pub moments: Vec<Moment>,
    /// Stays in custody, earliest first.
    pub stays: Vec<Stay>,
    /// What is owed and due, what cannot be told, what was met or missed; everything but not applicable.
    pub obligations: Vec<Obligation>,
    /// Where records disagree.
    pub conflicts: Vec<Conflict>,
    /// Who opened this file before, newest first.
    pub openings: Vec<OpeningNote>,
}

/// One source's view of the person.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Record {
    /// Record id.
    pub id: String,
    /// The first row that describes it.
    pub pointer: Pointer,
    /// What its rows say.
    pub fields: Vec<Field>,
}

/// A name and value as a row gives them.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Field {
    /// Attribute name.
    pub name: String,
    /// What it is.
    pub label: Text,
    /// Its value.
    pub value: String,
}

/// Why two records were joined.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Link {
    /// One record.
    pub left: String,
    /// The other.
    pub right: String,
    /// Total weight in bits (log2 of the odds).
    pub weight: f64,
    /// Probability that both are one person.
    pub probability: f64,
    /// Weight by field.
    pub fields: Vec<LinkField>,
}

/// What one field contributed to a link.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct LinkField {
    /// Field name.
    pub field: String,
    /// How the values agree.
    pub level: String,
    /// Value on the left.
    pub left: Option<String>,
    /// Value on the right.
    pub right: Option<String>,
    /// Weight in bits.
    pub weight: f64,
}

/// What the record says of one fact.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Fact {
    /// Fact name.
    pub name: String,
    /// What it is.
    pub label: Text,
    /// `known`, `absent` or `conflict`.
    pub state: String,
    /// The values; two or more if records disagree. For an absence, the day through which it is known.
    pub values: Vec<FactValue>,
}

/// A value and the rows behind it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct FactValue {
    /// The value.
    pub value: String,
    /// The rows.
    pub from: Vec<Pointer>,
}

/// A lane of the timeline: one source.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Lane {
    /// Source id.
    pub source: String,
    /// Its custodian.
    pub label: String,
}

/// One thing that happened.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Moment {
    /// Stable id within the build.
    pub id: String,
    /// Event type, such as `decided`.
    pub kind: String,
    /// What it is.
    pub label: Text,
    /// Earliest reported day.
    pub day: String,
    /// Whether reports disagree.
    pub in_conflict: bool,
    /// Every report.
    pub reports: Vec<Report>,
}

/// One source's report of a moment.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Report {
    /// Source id: the lane.
    pub source: String,
    /// When, as this source says: a day, or a day and time.
    pub at: String,
    /// The row.
    pub pointer: Pointer,
    /// What the row says.
    pub fields: Vec<Field>,
}

/// A stay in custody.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Stay {
    /// First day.
    pub from: String,
    /// Last day, if a record says so.
    pub to: Option<String>,
    /// Whole days so far.
    pub days: i64,
    /// Stints, one for each facility.
    pub stints: Vec<Stint>,
}

/// A stretch in one facility.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Stint {
    /// Facility.
    pub facility: Option<String>,
    /// First day.
    pub from: String,
    /// Last day, if a record says so.
    pub to: Option<String>,
    /// Source id: the lane.
    pub source: String,
    /// The rows.
    pub pointers: Vec<Pointer>,
}

/// Where records disagree.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Conflict {
    /// What they disagree on.
    pub label: Text,
    /// The values side by side.
    pub values: Vec<FactValue>,
}

/// Why an obligation stands as it does.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Why {
    /// The obligation.
    pub obligation: Obligation,
    /// What the criterion says, in plain words.
    pub explanation: Text,
    /// The law behind it.
    pub authority: Vec<String>,
    /// The version of the rule that was used; none if none covers the date, or conflicting values pick several.
    pub version: Option<Version>,
    /// Each condition with its value.
    pub clauses: Vec<Clause>,
    /// Each date with its arithmetic.
    pub dates: Vec<NamedDate>,
    /// Every fact that the criterion can read and the record has.
    pub facts: Vec<Fact>,
    /// Exceptions to ask about: they do not stop the clock until a record shows them.
    pub ask: Vec<Text>,
    /// The smallest changes that would change the status.
    pub flips: Vec<Flip>,
    /// What must be said with every result.
    pub notice: Text,
}

/// The version of a rule that was used.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Version {
    /// Version id.
    pub id: String,
    /// First day of its range.
    pub from: Option<String>,
    /// First day after its range.
    pub to: Option<String>,
    /// `in_force`, `vacated`, …
    pub state: String,
    /// Where or for whom it holds, such as `nation`.
    pub scope: String,
    /// `SURE`, `CHECK` or `WATCH`.
    pub confidence: String,
    /// Why this version: the selector and its value.
    pub selected_by: Text,
    /// The law behind this version.
    pub authority: Vec<String>,
    /// What is worth knowing about it.
    pub note: Option<Text>,
    /// What to re-read before relying on it.
    pub watch: Option<Text>,
}

/// One condition of a criterion.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Clause {
    /// Clause id.
    pub id: String,
    /// What it is for: `applies`, `unless`, `no_limit`, `excuses`, `choices`, `signals`, `boundary`.
    pub role: String,
    /// In plain words.
    pub text: Text,
    /// As the library has it.
    pub sql: String,
    /// `true`, `false` or `unknown`.
    pub value: String,
    /// The facts that it reads.
    pub facts: Vec<Fact>,
    /// The facts that it misses.
    pub missing: Vec<Missing>,
}

/// A computed date.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct NamedDate {
    /// Date id.
    pub id: String,
    /// What it is.
    pub label: Text,
    /// The date, or none if what it counts from is unknown.
    pub date: Option<String>,
    /// How it was counted.
    pub arithmetic: Text,
}

/// A change that would change the status.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Flip {
    /// The fact.
    pub fact: String,
    /// What it is.
    pub label: Text,
    /// Its value now.
    pub from: Option<String>,
    /// The value that would change the status.
    pub to: Text,
    /// The status then.
    pub status: String,
    /// The finer result then.
    pub result: String,
}

/// One row of a delivery with every original cell.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct SourceRow {
    /// The row.
    pub pointer: Pointer,
    /// The mapping that read it.
    pub mapping: String,
    /// Version of that mapping.
    pub mapping_version: u32,
    /// Cells in the order of the file.
    pub cells: Vec<Cell>,
}

/// One cell.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Cell {
    /// Column header as it stands in the file.
    pub column: String,
    /// Original text.
    pub text: Option<String>,
    /// Typed value as it was understood.
    pub value: Option<String>,
    /// What was wrong with it, such as `redacted`.
    pub problem: Option<String>,
}

/// One delivery with its receipt.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Delivery {
    /// Delivery id.
    pub id: String,
    /// Source id.
    pub source: String,
    /// Who keeps the records.
    pub custodian: String,
    /// How they were obtained.
    pub obtained: String,
    /// Mapping id.
    pub mapping: String,
    /// Mapping version.
    pub mapping_version: u32,
    /// `clients` or `public`.
    pub holds: String,
    /// The last day that the source says the delivery covers.
    pub through: Option<String>,
    /// When it was taken in.
    pub added_at: Option<String>,
    /// By whom.
    pub added_by: Option<String>,
    /// Whether every row is accounted for.
    pub reconciled: bool,
    /// Rows read over all files.
    pub rows_read: u64,
    /// Rows kept.
    pub rows_kept: u64,
    /// Rows repaired by a named rule (kept too).
    pub rows_repaired: u64,
    /// Rows refused, each with its reason.
    pub rows_refused: u64,
    /// File by file.
    pub files: Vec<DeliveryFile>,
    /// What became of the rows: events by type.
    pub events: Vec<NamedCount>,
    /// Objects by type.
    pub objects: Vec<NamedCount>,
}

/// One file of a delivery.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct DeliveryFile {
    /// Path as given.
    pub path: String,
    /// Table of the mapping.
    pub table: String,
    /// Worksheet, for workbooks.
    pub sheet: Option<String>,
    /// SHA-256 of the file as delivered, hex.
    pub sha256: String,
    /// Rows above the header.
    pub banner_rows: u64,
    /// Rows read.
    pub rows_read: u64,
    /// Rows kept.
    pub rows_kept: u64,
    /// Rows repaired.
    pub rows_repaired: u64,
    /// Rows refused.
    pub rows_refused: u64,
    /// Rows that the delivery itself says the file has.
    pub declared_rows: Option<u64>,
    /// Problems by kind and column.
    pub problems: Vec<ProblemCount>,
    /// Rows that are likely told twice, by rule. They are kept like every other.
    pub duplicates: Vec<FlaggedRows>,
    /// Rows that do not make sense, by rule. They are kept like every other.
    pub conflicts: Vec<FlaggedRows>,
    /// Samples of repaired rows.
    pub repairs: Vec<Repair>,
    /// Samples of refused rows.
    pub refusals: Vec<Refusal>,
}

/// How often a problem occurred in a column.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ProblemCount {
    /// Kind, such as `redacted` or `not_a_date`.
    pub kind: String,
    /// Column.
    pub column: String,
    /// Cells.
    pub count: u64,
}

/// Rows that a rule of the mapping flags.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct FlaggedRows {
    /// The rule.
    pub rule: String,
    /// Why it flags a row, as the mapping says it.
    pub why: Option<String>,
    /// Rows.
    pub count: u64,
}

/// A repaired row, before and after.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Repair {
    /// Row of the file.
    pub row: u64,
    /// The named rule.
    pub rule: String,
    /// Cells as delivered.
    pub before: Vec<String>,
    /// Cells as kept.
    pub after: Vec<String>,
}

/// A refused row.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Refusal {
    /// Row of the file.
    pub row: u64,
    /// Why.
    pub reason: String,
    /// Its cells, as far as they could be told apart. The row itself is kept verbatim beside the evidence.
    pub cells: u64,
}

/// A name and how many.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct NamedCount {
    /// Name.
    pub name: String,
    /// How many.
    pub count: u64,
}

/// What a public delivery holds, in counts that single nobody out.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct DeliverySummary {
    /// Delivery id.
    pub delivery: String,
    /// Events by type and month.
    pub by_month: Vec<MonthCount>,
    /// Cells smaller than this are not shown.
    pub smallest_cell: u64,
}

/// Events of a type in a month.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct MonthCount {
    /// Event type.
    pub event: String,
    /// Month, `YYYY-MM`.
    pub month: String,
    /// How many; none if the cell is too small to show.
    pub count: Option<u64>,
}
