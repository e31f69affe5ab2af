//! A criterion: a cited, effective-dated rule as data, checked and compiled.

use crate::calendar::Place;
use crate::file::{File, FileClause, FileDate, FileVersion, Source};
use crate::functions::functions;
use crate::named::named;
use crate::subset::{AS_OF, Checked, Node, absent_column, check, schema};
use crate::{LoadError, Words};
use engine::arrow::datatypes::Schema;
use engine::{Compiled, Compiler};
use jiff::civil::Date;
use model::{Confidence, FactType, Outcome, RuleState, Subject, fact_def};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;
use toml::Spanned;

named!(
    /// How a criterion turns clauses and dates into a status.
    Kind {
        /// The person must act by a last day: `safe_by` and `outer`.
        Deadline = "deadline",
        /// An agency must act by one strict day: `due`.
        AgencyDuty = "agency_duty",
        /// The person may act from a day (`opens`), and an agency then owes something from a day (`due`).
        Window = "window",
        /// Every signal together is a possible relief or citizenship, never more than a signal.
        Screening = "screening",
        /// Any signal is an alert that records disagree.
        Alert = "alert",
    }
);

named!(
    /// What a clause is for. True, false and unknown each have a stated effect.
    ClauseRole {
        /// False: not applicable. Unknown: cannot tell.
        Applies = "applies",
        /// True: not applicable, for that reason. Unknown: does not block and is listed under `ask`. This is the
        /// protective direction: a duty is shown until a record shows that it is not there.
        Unless = "unless",
        /// True: there is no time limit. Unknown: as for `unless`, or, where the file says so, it keeps a passed
        /// deadline from counting as missed.
        NoLimit = "no_limit",
        /// True: lateness may be excused, so a passed deadline is not counted as missed. Unknown: listed under `ask`.
        Excuses = "excuses",
        /// True: the dates that name this clause in `only_if` hold instead of the ordinary ones. Unknown: the ordinary
        /// dates hold, and it is listed under `ask`.
        Choices = "choices",
        /// A condition of a signal. Unknown: not enough data, or, where the file says so, listed under `ask`.
        Signals = "signals",
        /// True: the case is near a boundary, where readings differ.
        Boundary = "boundary",
    }
);

named!(
    /// What an unknown clause does where its role leaves a choice.
    IfUnknown {
        /// It does not block, and is listed under `ask`.
        Ask = "ask",
        /// The result is *cannot tell*.
        CannotTell = "cannot_tell",
    }
);

named!(
    /// What a named date is for.
    DateRole {
        /// A person's last day: gives `safe_by` and `outer`.
        Deadline = "deadline",
        /// An agency's day: gives `due`.
        Due = "due",
        /// The first day on which something may be done: gives `opens`.
        Opens = "opens",
        /// A date to expect or to know, without effect on the status.
        Expected = "expected",
    }
);

named!(
    /// How days are counted: the codes of the reference, §0.3. See [`crate::calendar`].
    Method {
        /// Calendar days, rolled off a weekend or holiday.
        C = "C",
        /// Calendar days, not rolled.
        N = "N",
        /// Business days.
        B = "B",
        /// Clock hours.
        H = "H",
        /// Clock hours on working days.
        HX = "HX",
        /// Calendar days backward, to the opening of a window.
        K = "K",
        /// Years.
        Y = "Y",
        /// Months.
        M = "M",
    }
);

/// One criterion.
#[derive(Debug)]
pub struct Criterion {
    /// Its name, such as `bia-appeal-notice`.
    pub id: Arc<str>,
    /// Its number in the reference, such as `A2`.
    pub code: String,
    /// How it turns clauses and dates into a status.
    pub kind: Kind,
    /// The one thing it may say of a case.
    pub outcome: Outcome,
    /// The kind of subject it judges.
    pub subject: Subject,
    /// The expression whose date picks the version.
    pub selector: String,
    /// Whether the as-of date picks the version when the selector's fact is unknown or absent.
    pub selector_falls_back: bool,
    /// The fact that shows that the duty was done.
    pub done: Option<&'static str>,
    /// For a window: the fact that shows that the person acted.
    pub act: Option<&'static str>,
    /// Whether custody or liberty is at stake.
    pub liberty: bool,
    /// The law it rests on.
    pub authority: Vec<String>,
    /// Who approved it, once a lawyer has.
    pub reviewed_by: Option<String>,
    /// When it was approved.
    pub reviewed_on: Option<Date>,
    /// Title in plain language.
    pub title: Words,
    /// Explanation in plain language.
    pub explanation: Words,
    /// Who owes.
    pub owed_by: Words,
    /// To whom.
    pub owed_to: Words,
    /// Points on which readings differ.
    pub contested: Vec<Words>,
    /// Its versions, in file order.
    pub versions: Vec<Version>,
    pub(crate) compiled: CompiledCriterion,
}

impl Criterion {
    /// Whether a lawyer's approval is recorded. Until then everything it yields is shown as not yet approved.
    pub fn approved(&self) -> bool {
        self.reviewed_by.is_some() && self.reviewed_on.is_some()
    }

    /// The facts it reads, without the as-of date, sorted by name.
    pub fn inputs(&self) -> impl Iterator<Item = &'static str> + '_ {
        self.compiled.facts.iter().copied().filter(|fact| *fact != AS_OF)
    }

    /// One of its versions.
    pub fn version(&self, id: &str) -> Option<&Version> {
        self.versions.iter().find(|version| &*version.id == id)
    }
}

/// One version of a criterion.
#[derive(Debug)]
pub struct Version {
    /// Its name within the criterion, such as `v2`.
    pub id: Arc<str>,
    /// First selector date it covers; open if none.
    pub from: Option<Date>,
    /// First selector date it no longer covers; open if none.
    pub to: Option<Date>,
    /// Where or for whom it holds: `nation`, or a circuit, district or class.
    pub scope: String,
    /// Its legal state today.
    pub state: RuleState,
    /// Whether it judges the cases its range covers. A version that does not is shown beside the one that does, as a
    /// caution. By default: in the scope `nation`, every state but vacated, enjoined, stayed and proposed.
    pub governs: bool,
    /// How sure the library is of it.
    pub confidence: Confidence,
    /// What made it.
    pub authority: Vec<String>,
    /// What is worth knowing about it.
    pub note: Option<Words>,
    /// What must be re-read before each release.
    pub watch: Option<Arc<Words>>,
    /// Its clauses.
    pub clauses: Vec<Clause>,
    /// Its named dates.
    pub dates: Vec<DateRule>,
}

impl Version {
    /// Whether its range covers a selector date.
    pub fn covers(&self, date: Date) -> bool {
        self.from.is_none_or(|from| from <= date) && self.to.is_none_or(|to| date < to)
    }

    pub(crate) fn clauses_of(&self, role: ClauseRole) -> impl Iterator<Item = (usize, &Clause)> {
        self.clauses.iter().enumerate().filter(move |(_, clause)| clause.role == role)
    }
}

/// One condition.
#[derive(Debug)]
pub struct Clause {
    /// Its name within the version.
    pub id: Arc<str>,
    /// What it is for.
    pub role: ClauseRole,
    /// The condition, as written.
    pub sql: String,
    /// The condition in plain language.
    pub text: Words,
    /// What it does when unknown.
    pub if_unknown: IfUnknown,
    pub(crate) checked: Checked,
    pub(crate) whole: Compiled,
    pub(crate) atoms: Node<Atom>,
    pub(crate) rivals: Vec<Compiled>,
}

impl Clause {
    /// The facts it reads, sorted by name.
    pub fn facts(&self) -> impl Iterator<Item = &'static str> + '_ {
        self.checked.facts.iter().copied()
    }
}

/// A part of a clause without AND, OR or NOT.
#[derive(Debug, Clone)]
pub(crate) struct Atom {
    /// Position among the clause's atoms.
    pub(crate) index: usize,
    pub(crate) compiled: Compiled,
    pub(crate) facts: Vec<&'static str>,
}

/// One named date.
#[derive(Debug)]
pub struct DateRule {
    /// Its name within the version.
    pub id: Arc<str>,
    /// What it is for.
    pub role: DateRole,
    /// What it is, in plain language.
    pub label: Words,
    /// How it is reckoned.
    pub count: Count,
    /// A date before which it never falls.
    pub not_before: Option<Date>,
    /// The choice clause that must be true for it to hold, by position.
    pub only_if: Option<usize>,
}

/// How a named date is reckoned.
#[derive(Debug)]
pub enum Count {
    /// Counted from a trigger.
    From {
        /// The method.
        method: Method,
        /// How many days, hours, months or years.
        amount: u16,
        /// The trigger.
        trigger: Trigger,
        /// The earliest trigger; an earlier one counts as this date.
        floor: Option<Date>,
        /// A fact that gives days by which the trigger is moved on. Unknown counts as none, and is listed under `ask`.
        plus_days: Option<&'static str>,
        /// Days by which `safe_by` is earlier than the last day, before it moves back to a working day.
        safe_less_days: u16,
        /// Where the receiving office is.
        place: Place,
    },
    /// A date that the rule itself names.
    On(Date),
    /// An expression.
    Expression(Box<Expression>),
}

/// What a count starts from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trigger {
    /// A date fact (or, for hours, a date and time).
    Fact(&'static str),
    /// Another named date of the version, by position; always an earlier one.
    Date(usize),
}

/// A compiled date expression.
#[derive(Debug)]
pub struct Expression {
    /// The expression, as written.
    pub sql: String,
    pub(crate) compiled: Compiled,
    pub(crate) facts: Vec<&'static str>,
}

/// What judging needs beside the versions.
#[derive(Debug)]
pub(crate) struct CompiledCriterion {
    /// Facts read anywhere, sorted; the as-of date among them.
    pub(crate) facts: Vec<&'static str>,
    /// Positions in `facts` of those whose absence is read in columns.
    pub(crate) absences: Vec<usize>,
    pub(crate) schema: Arc<Schema>,
    pub(crate) selector: Compiled,
    /// Positions of the facts of the selector.
    pub(crate) selector_facts: Vec<usize>,
    /// Whether values in columns change with the as-of date.
    pub(crate) moves_with_as_of: bool,
}

impl CompiledCriterion {
    pub(crate) fn position(&self, fact: &str) -> Option<usize> {
        self.facts.binary_search(&fact).ok()
    }
}

/// Reads, checks and compiles one criterion file.
pub(crate) fn load(source: Source<'_>) -> Result<Criterion, LoadError> {
    let file: File = source.parse()?;
    let functions = functions();
    Loader { source, compiler: Compiler::new(&functions), facts: BTreeSet::new(), absences: BTreeSet::new() }.load(file)
}

struct Loader<'a> {
    source: Source<'a>,
    compiler: Compiler,
    facts: BTreeSet<&'static str>,
    absences: BTreeSet<&'static str>,
}

/// A version whose expressions are read but not yet compiled.
struct Read<'f> {
    file: &'f FileVersion,
    clauses: Vec<(ClauseRole, FileClause, IfUnknown, Checked)>,
    dates: Vec<(FileDate, Option<Checked>)>,
}

impl Loader<'_> {
    fn load(mut self, file: File) -> Result<Criterion, LoadError> {
        let kind = self.name(&file.kind, "kind", Kind::parse, Kind::ALL.iter().map(|v| v.name()))?;
        let subject = self.name(&file.subject, "subject", Subject::parse, Subject::ALL.iter().map(|v| v.name()))?;
        let outcome = self.name(&file.outcome, "outcome", Outcome::parse, Outcome::ALL.iter().map(|v| v.name()))?;
        let done = file.done.as_ref().map(|fact| self.date_fact(fact, "done")).transpose()?;
        let act = file.act.as_ref().map(|fact| self.date_fact(fact, "act")).transpose()?;
        self.hold_shape(&file, kind)?;
        let selector_falls_back = match &file.selector_fallback {
            None => false,
            Some(fallback) if fallback.as_ref() == AS_OF => true,
            Some(fallback) => {
                let cause = format!("`{}` cannot pick a version", fallback.as_ref());
                return Err(self.source.refuse(
                    fallback.span(),
                    "selector_fallback",
                    cause,
                    "the only fallback is `as_of`",
                ));
            }
        };
        let selector = self.expression(&file.selector, "selector", FactType::Date)?;
        if selector.facts.contains(AS_OF) && file.selector.as_ref() != AS_OF {
            let hint = "name a fact, or a date expression over facts";
            return Err(self.source.refuse(file.selector.span(), "selector", "it moves with the as-of date", hint));
        }
        self.facts.insert(AS_OF);

        let read = file.versions.iter().map(|version| self.read(&file, version)).collect::<Result<Vec<_>, _>>()?;
        let schema = Arc::new(schema(self.facts.iter().copied(), self.absences.iter().copied()));
        let versions = read.into_iter().map(|read| self.version(read, &schema)).collect::<Result<Vec<_>, _>>()?;
        self.hold_ranges(&file, &versions)?;

        let facts: Vec<_> = self.facts.iter().copied().collect();
        let position = |fact: &&'static str| facts.binary_search(fact).ok();
        let compiled = CompiledCriterion {
            absences: self.absences.iter().filter_map(position).collect(),
            selector: self.compile(selector.expr.clone(), &schema, file.selector.span(), "selector")?,
            selector_facts: selector.facts.iter().filter_map(position).collect(),
            moves_with_as_of: selector_falls_back
                || file.selector.as_ref() == AS_OF
                || versions.iter().flat_map(|v| &v.clauses).any(|clause| clause.checked.facts.contains(AS_OF)),
            schema,
            facts,
        };
        Ok(Criterion {
            id: file.id.as_ref().as_str().into(),
            code: file.code,
            kind,
            outcome,
            subject,
            selector: file.selector.into_inner(),
            selector_falls_back,
            done,
            act,
            liberty: file.liberty,
            authority: file.authority,
            reviewed_by: file.reviewed_by,
            reviewed_on: file.reviewed_on.as_ref().map(|on| self.source.date(on)).transpose()?,
            title: file.title,
            explanation: file.explanation,
            owed_by: file.owed_by,
            owed_to: file.owed_to,
            contested: file.contested,
            versions,
            compiled,
        })
    }

    /// What must hold of a file as a whole.
    fn hold_shape(&self, file: &File, kind: Kind) -> Result<(), LoadError> {
        let refuse = |cause: String, hint: &str| self.source.refuse(file.id.span(), "criterion", cause, hint);
        let stem = self.source.name.strip_suffix(".toml").unwrap_or(self.source.name);
        let id = file.id.as_ref();
        if stem != id {
            return Err(refuse(format!("its id is `{id}`"), "a file has the name of its criterion"));
        }
        if file.authority.is_empty() || file.versions.iter().any(|version| version.authority.is_empty()) {
            return Err(refuse("a rule or version has no authority".to_owned(), "cite the law it rests on"));
        }
        let texts = [&file.title, &file.explanation, &file.owed_by, &file.owed_to];
        if texts.into_iter().chain(&file.contested).any(|words| words.en.is_empty() || words.es.is_empty()) {
            return Err(refuse("a text is empty".to_owned(), "write every text in English and in Spanish"));
        }
        if file.versions.is_empty() {
            return Err(refuse("it has no version".to_owned(), "add a table [[versions]]"));
        }
        if (kind == Kind::Window) != file.act.is_some() {
            return Err(refuse(
                "`act` does not fit its kind".to_owned(),
                "a window names the fact of acting; others do not",
            ));
        }
        if matches!(kind, Kind::Screening | Kind::Alert) && file.done.is_some() {
            return Err(refuse("`done` does not fit its kind".to_owned(), "screenings and alerts are not done"));
        }
        if kind == Kind::Deadline && file.done.is_none() {
            return Err(refuse("`done` is missing".to_owned(), "a deadline names the fact that meets it"));
        }
        Ok(())
    }

    /// Two versions that judge may not overlap within one scope.
    fn hold_ranges(&self, file: &File, versions: &[Version]) -> Result<(), LoadError> {
        for (index, later) in versions.iter().enumerate() {
            let span = file.versions[index].id.span();
            let item = format!("version `{}`", later.id);
            if later.from.zip(later.to).is_some_and(|(from, to)| from >= to) {
                return Err(self.source.refuse(span, item, "its range is empty", "`to` is the first day not covered"));
            }
            for earlier in &versions[..index] {
                if earlier.id == later.id {
                    return Err(self.source.refuse(span, item, "its id is used twice", "give each version its own"));
                }
                let overlap = earlier.from.is_none_or(|from| later.to.is_none_or(|to| from < to))
                    && later.from.is_none_or(|from| earlier.to.is_none_or(|to| from < to));
                if overlap && earlier.scope == later.scope && earlier.governs && later.governs {
                    let cause =
                        format!("its range overlaps that of version `{}` in scope `{}`", earlier.id, later.scope);
                    return Err(self.source.refuse(span, item, cause, "end one where the other begins"));
                }
            }
        }
        Ok(())
    }

    fn read<'f>(&mut self, file: &'f File, version: &'f FileVersion) -> Result<Read<'f>, LoadError> {
        let every = &file.every;
        let mut clauses = Vec::new();
        for (role, common, own) in [
            (ClauseRole::Applies, &every.applies, &version.applies),
            (ClauseRole::Unless, &every.unless, &version.unless),
            (ClauseRole::NoLimit, &every.no_limit, &version.no_limit),
            (ClauseRole::Excuses, &every.excuses, &version.excuses),
            (ClauseRole::Choices, &every.choices, &version.choices),
            (ClauseRole::Signals, &every.signals, &version.signals),
            (ClauseRole::Boundary, &every.boundary, &version.boundary),
        ] {
            for clause in common.iter().chain(own) {
                let item = format!("clause `{}`", clause.id.as_ref());
                if clauses
                    .iter()
                    .any(|(_, other, _, _): &(_, FileClause, _, _)| other.id.as_ref() == clause.id.as_ref())
                {
                    let hint = "give each clause of a version its own";
                    return Err(self.source.refuse(clause.id.span(), item, "its id is used twice", hint));
                }
                if clause.en.is_empty() || clause.es.is_empty() {
                    let hint = "write every text in English and in Spanish";
                    return Err(self.source.refuse(clause.id.span(), item, "a text is empty", hint));
                }
                let checked = self.expression(&clause.sql, &item, FactType::Boolean)?;
                let if_unknown = self.if_unknown(role, clause, &item)?;
                clauses.push((role, clause.clone(), if_unknown, checked));
            }
        }
        let own_id = |date: &FileDate| version.dates.iter().any(|own| own.id.as_ref() == date.id.as_ref());
        let inherited = every.dates.iter().filter(|date| !own_id(date));
        let mut dates = Vec::new();
        for date in inherited.chain(&version.dates) {
            let item = format!("date `{}`", date.id.as_ref());
            let checked = date.sql.as_ref().map(|sql| self.expression(sql, &item, FactType::Date)).transpose()?;
            if checked.as_ref().is_some_and(|checked| checked.facts.contains(AS_OF)) {
                let hint = "reckon dates from facts alone";
                return Err(self.source.refuse(date.id.span(), item, "it moves with the as-of date", hint));
            }
            let named = [&date.from, &date.plus_days].into_iter().flatten();
            self.facts.extend(named.filter_map(|name| fact_def(name.as_ref())).map(|def| def.name));
            dates.push((date.clone(), checked));
        }
        Ok(Read { file: version, clauses, dates })
    }

    fn if_unknown(&self, role: ClauseRole, clause: &FileClause, item: &str) -> Result<IfUnknown, LoadError> {
        let default = match role {
            ClauseRole::Applies | ClauseRole::Signals => IfUnknown::CannotTell,
            _ => IfUnknown::Ask,
        };
        let Some(written) = &clause.if_unknown else { return Ok(default) };
        if !matches!(role, ClauseRole::NoLimit | ClauseRole::Signals) {
            let cause = format!("`if_unknown` has no meaning for {}", role.name());
            return Err(self.source.refuse(written.span(), item, cause, "only no_limit and signals leave the choice"));
        }
        self.name(written, item, IfUnknown::parse, IfUnknown::ALL.iter().map(|v| v.name()))
    }

    fn version(&self, read: Read<'_>, schema: &Schema) -> Result<Version, LoadError> {
        let Read { file, clauses, dates } = read;
        let state = self.name(&file.state, "state", RuleState::parse, RuleState::ALL.iter().map(|v| v.name()))?;
        let confidence =
            self.name(&file.confidence, "confidence", Confidence::parse, Confidence::ALL.iter().map(|v| v.name()))?;
        if confidence == Confidence::Watch && file.watch.is_none() {
            let item = format!("version `{}`", file.id.as_ref());
            let hint = "say what must be re-read before each release";
            return Err(self.source.refuse(file.id.span(), item, "it is marked WATCH without a note", hint));
        }
        let doubtful =
            matches!(state, RuleState::Vacated | RuleState::Enjoined | RuleState::Stayed | RuleState::Proposed);
        let national = file.scope == "nation";
        if file.governs == Some(true) && !national {
            let item = format!("version `{}`", file.id.as_ref());
            let hint = "let it be a caution, or write its condition as a clause of choices";
            return Err(self.source.refuse(file.id.span(), item, "only the scope `nation` can govern", hint));
        }
        let clauses = clauses
            .into_iter()
            .map(|(role, clause, if_unknown, checked)| self.clause(role, clause, if_unknown, checked, schema))
            .collect::<Result<Vec<_>, _>>()?;
        let mut rules: Vec<DateRule> = Vec::new();
        for (date, checked) in dates {
            let rule = self.date_rule(date, checked, schema, &clauses, &rules)?;
            rules.push(rule);
        }
        Ok(Version {
            id: file.id.as_ref().as_str().into(),
            from: file.from.as_ref().map(|from| self.source.date(from)).transpose()?,
            to: file.to.as_ref().map(|to| self.source.date(to)).transpose()?,
            scope: file.scope.clone(),
            state,
            governs: file.governs.unwrap_or(national && !doubtful),
            confidence,
            authority: file.authority.clone(),
            note: file.note.clone(),
            watch: file.watch.clone().map(Arc::new),
            clauses,
            dates: rules,
        })
    }

    fn clause(
        &self,
        role: ClauseRole,
        clause: FileClause,
        if_unknown: IfUnknown,
        checked: Checked,
        schema: &Schema,
    ) -> Result<Clause, LoadError> {
        let item = format!("clause `{}`", clause.id.as_ref());
        let compile = |expr: &engine::Expr| self.compile(expr.clone(), schema, clause.sql.span(), &item);
        let mut index = 0;
        let atoms = checked.node.try_map(&mut |expr: &engine::Expr| {
            index += 1;
            let facts = facts_of(expr);
            compile(expr).map(|compiled| Atom { index: index - 1, compiled, facts })
        })?;
        Ok(Clause {
            id: clause.id.as_ref().as_str().into(),
            role,
            text: Words { en: clause.en, es: clause.es },
            if_unknown,
            whole: compile(&checked.expr)?,
            rivals: checked.rivals.iter().map(compile).collect::<Result<_, _>>()?,
            atoms,
            sql: clause.sql.into_inner(),
            checked,
        })
    }

    fn date_rule(
        &self,
        date: FileDate,
        checked: Option<Checked>,
        schema: &Schema,
        clauses: &[Clause],
        earlier: &[DateRule],
    ) -> Result<DateRule, LoadError> {
        let item = format!("date `{}`", date.id.as_ref());
        let span = date.id.span();
        let refuse = |cause: &str, hint: &str| self.source.refuse(span.clone(), item.as_str(), cause, hint);
        if earlier.iter().any(|other| *other.id == **date.id.as_ref()) {
            return Err(refuse("its id is used twice", "give each date of a version its own"));
        }
        if date.en.is_empty() || date.es.is_empty() {
            return Err(refuse("a text is empty", "write every text in English and in Spanish"));
        }
        let role = self.name(&date.role, &item, DateRole::parse, DateRole::ALL.iter().map(|v| v.name()))?;
        let only_if = match &date.only_if {
            None => None,
            Some(id) => {
                let choice = |c: &Clause| c.role == ClauseRole::Choices && *c.id == **id.as_ref();
                Some(clauses.iter().position(choice).ok_or_else(|| {
                    refuse(
                        "`only_if` names no clause of choices",
                        "add it to [[versions.choices]] or [[every.choices]]",
                    )
                })?)
            }
        };
        let not_before = date.not_before.as_ref().map(|on| self.source.date(on)).transpose()?;
        let counted = date.method.is_some() || date.amount.is_some() || date.from.is_some();
        let count = match (checked, &date.on, counted) {
            (Some(checked), None, false) => Count::Expression(Box::new(Expression {
                compiled: self.compile(checked.expr, schema, span.clone(), &item)?,
                facts: checked.facts.into_iter().collect(),
                sql: date.sql.clone().map(Spanned::into_inner).unwrap_or_default(),
            })),
            (None, Some(on), false) => Count::On(self.source.date(on)?),
            (None, None, true) => {
                let (Some(method), Some(amount), Some(from)) = (&date.method, date.amount, &date.from) else {
                    return Err(refuse("a count is not whole", "give method, amount and from"));
                };
                let method = self.name(method, &item, Method::parse, Method::ALL.iter().map(|v| v.name()))?;
                let trigger = self.trigger(from, method, earlier, &item)?;
                let place = match date.place.as_ref().map(|place| place.as_ref().as_str()) {
                    None | Some("nation") => Place::Nation,
                    Some("washington_dc") => Place::WashingtonDc,
                    Some(_) => return Err(refuse("`place` is not known", "places are `nation` and `washington_dc`")),
                };
                let plus_days = match &date.plus_days {
                    None => None,
                    Some(fact) => Some(self.known_fact(fact, &item, &[FactType::Integer])?),
                };
                if role == DateRole::Deadline && matches!(method, Method::K | Method::H | Method::HX) {
                    return Err(refuse("its method gives no last day", "a deadline is counted by C, N, B, Y or M"));
                }
                Count::From {
                    method,
                    amount,
                    trigger,
                    floor: date.floor.as_ref().map(|on| self.source.date(on)).transpose()?,
                    plus_days,
                    safe_less_days: date.safe_less_days.unwrap_or(0),
                    place,
                }
            }
            _ => return Err(refuse("it is not reckoned one way", "give method, amount and from; or on; or sql")),
        };
        Ok(DateRule {
            id: date.id.as_ref().as_str().into(),
            role,
            label: Words { en: date.en, es: date.es },
            count,
            not_before,
            only_if,
        })
    }

    fn trigger(
        &self,
        from: &Spanned<String>,
        method: Method,
        earlier: &[DateRule],
        item: &str,
    ) -> Result<Trigger, LoadError> {
        let hours = matches!(method, Method::H | Method::HX);
        if let Some(index) = earlier.iter().position(|date| *date.id == **from.as_ref()) {
            if hours {
                let hint = "hours are counted from a fact with a time of day";
                return Err(self.source.refuse(from.span(), item, "a named date has no time of day", hint));
            }
            return Ok(Trigger::Date(index));
        }
        let kind = if hours { FactType::DateTime } else { FactType::Date };
        self.known_fact(from, item, &[kind]).map(Trigger::Fact)
    }

    fn expression(&mut self, sql: &Spanned<String>, item: &str, kind: FactType) -> Result<Checked, LoadError> {
        let checked = check(&self.compiler, sql.as_ref())
            .map_err(|refusal| self.source.refuse(sql.span(), item, refusal.cause, refusal.hint))?;
        if checked.kind != kind {
            let cause = format!("`{}` is a {}", sql.as_ref(), checked.kind.name());
            return Err(self.source.refuse(sql.span(), item, cause, format!("a {} is wanted here", kind.name())));
        }
        self.facts.extend(&checked.facts);
        self.absences.extend(&checked.absences);
        Ok(checked)
    }

    fn compile(
        &self,
        expr: engine::Expr,
        schema: &Schema,
        span: Range<usize>,
        item: &str,
    ) -> Result<Compiled, LoadError> {
        self.compiler.physical(expr, schema).map_err(|error| {
            let cause = std::error::Error::source(&error).map_or_else(|| error.to_string(), ToString::to_string);
            self.source.refuse(span, item, cause, "compare values of one type")
        })
    }

    fn date_fact(&mut self, name: &Spanned<String>, item: &str) -> Result<&'static str, LoadError> {
        let fact = self.known_fact(name, item, &[FactType::Date])?;
        self.facts.insert(fact);
        Ok(fact)
    }

    fn known_fact(&self, name: &Spanned<String>, item: &str, kinds: &[FactType]) -> Result<&'static str, LoadError> {
        match fact_def(name.as_ref()) {
            Some(def) if def.name != AS_OF && kinds.contains(&def.kind) => Ok(def.name),
            _ => {
                let kinds: Vec<_> = kinds.iter().map(|kind| kind.name()).collect();
                let cause = format!("`{}` is not a {} fact of the vocabulary", name.as_ref(), kinds.join(" or "));
                Err(self.source.refuse(name.span(), item, cause, "see `model::FACTS` for the names"))
            }
        }
    }

    fn name<T>(
        &self,
        written: &Spanned<String>,
        item: &str,
        parse: impl Fn(&str) -> Option<T>,
        all: impl Iterator<Item = &'static str>,
    ) -> Result<T, LoadError> {
        parse(written.as_ref()).ok_or_else(|| {
            let all: Vec<_> = all.collect();
            let cause = format!("`{}` is not known here", written.as_ref());
            self.source.refuse(written.span(), item, cause, format!("write one of {}", all.join(", ")))
        })
    }
}

/// The facts that an expression reads, by their values or their absence; sorted.
fn facts_of(expr: &engine::Expr) -> Vec<&'static str> {
    let names: BTreeSet<_> =
        expr.column_refs().into_iter().filter_map(|column| fact_def(&column.name)).map(|def| def.name).collect();
    names.into_iter().collect()
}

/// The names of the absence columns, by fact.
pub(crate) fn absence_columns(compiled: &CompiledCriterion) -> BTreeMap<usize, String> {
    compiled.absences.iter().map(|index| (*index, absent_column(compiled.facts[*index]))).collect()
}
