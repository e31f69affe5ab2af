//! The closed subset of SQL in which clauses are written.
//!
//! Allowed: facts of the vocabulary, literals, comparisons, AND, OR, NOT, BETWEEN, IN with a list of literals, and the
//! functions of [`crate::functions`]. Nothing in the subset turns unknown into a value, so an expression whose value is
//! true or false stays so whatever an unknown fact turns out to be.
//!
//! The as-of date may stand only on one side of a comparison, or as the date of `happened_by`: the dates on which such
//! an expression changes its value are then the dates on the other side, which makes flip dates exact.

use crate::functions::{Function, column_type};
use datafusion::common::{Column, ScalarValue};
use datafusion::logical_expr::expr::{Between, BinaryExpr, InList, ScalarFunction};
use engine::arrow::datatypes::{DataType, Field, Schema};
use engine::logical_expr::Operator;
use engine::{Compiler, Expr};
use jiff::civil::Date;
use model::{FACTS, FactType, fact_def};
use std::collections::BTreeSet;
use std::error::Error;

/// The name of the fact that is the as-of date.
pub(crate) const AS_OF: &str = "as_of";

/// Why an expression is not in the subset, and what would work.
#[derive(Debug)]
pub(crate) struct Refusal {
    pub(crate) cause: String,
    pub(crate) hint: String,
}

impl Refusal {
    fn new(cause: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { cause: cause.into(), hint: hint.into() }
    }
}

/// An expression of the subset, read and checked but not yet compiled.
#[derive(Debug, Clone)]
pub(crate) struct Checked {
    /// The expression, with the absence columns that its functions need.
    pub(crate) expr: Expr,
    /// The same, taken apart at AND, OR and NOT. A single atom for expressions that are not boolean.
    pub(crate) node: Node<Expr>,
    /// The type of its value.
    pub(crate) kind: FactType,
    /// The facts it reads.
    pub(crate) facts: BTreeSet<&'static str>,
    /// The facts whose known absence it reads.
    pub(crate) absences: BTreeSet<&'static str>,
    /// Date expressions around whose values the as-of date matters.
    pub(crate) rivals: Vec<Expr>,
}

/// A boolean expression taken apart.
#[derive(Debug, Clone)]
pub(crate) enum Node<A> {
    And(Box<Node<A>>, Box<Node<A>>),
    Or(Box<Node<A>>, Box<Node<A>>),
    Not(Box<Node<A>>),
    Atom(A),
}

impl<A> Node<A> {
    /// The same tree with other atoms.
    pub(crate) fn try_map<B, E>(&self, f: &mut impl FnMut(&A) -> Result<B, E>) -> Result<Node<B>, E> {
        Ok(match self {
            Node::And(a, b) => Node::And(Box::new(a.try_map(f)?), Box::new(b.try_map(f)?)),
            Node::Or(a, b) => Node::Or(Box::new(a.try_map(f)?), Box::new(b.try_map(f)?)),
            Node::Not(a) => Node::Not(Box::new(a.try_map(f)?)),
            Node::Atom(atom) => Node::Atom(f(atom)?),
        })
    }

    /// The value by Kleene's tables.
    pub(crate) fn value(&self, atom: &impl Fn(&A) -> Option<bool>) -> Option<bool> {
        match self {
            Node::And(a, b) => match (a.value(atom), b.value(atom)) {
                (Some(false), _) | (_, Some(false)) => Some(false),
                (Some(true), Some(true)) => Some(true),
                _ => None,
            },
            Node::Or(a, b) => match (a.value(atom), b.value(atom)) {
                (Some(true), _) | (_, Some(true)) => Some(true),
                (Some(false), Some(false)) => Some(false),
                _ => None,
            },
            Node::Not(a) => a.value(atom).map(|value| !value),
            Node::Atom(a) => atom(a),
        }
    }

    /// Calls `found` for every atom that keeps the whole unknown: an unknown atom beside which nothing decides.
    pub(crate) fn undecided<'a>(&'a self, atom: &impl Fn(&A) -> Option<bool>, found: &mut impl FnMut(&'a A)) {
        if self.value(atom).is_some() {
            return;
        }
        match self {
            Node::And(a, b) | Node::Or(a, b) => {
                a.undecided(atom, found);
                b.undecided(atom, found);
            }
            Node::Not(a) => a.undecided(atom, found),
            Node::Atom(a) => found(a),
        }
    }
}

/// The name of the column that says through which day a fact is known to be absent.
pub(crate) fn absent_column(fact: &str) -> String {
    format!("{fact}__absent_through")
}

/// The columns for these facts, then the absence columns.
pub(crate) fn schema<'a>(facts: impl Iterator<Item = &'a str>, absences: impl Iterator<Item = &'a str>) -> Schema {
    let facts = facts.filter_map(fact_def).map(|def| Field::new(def.name, column_type(def.kind), true));
    let absences = absences.map(|fact| Field::new(absent_column(fact), DataType::Date32, true));
    Schema::new(facts.chain(absences).collect::<Vec<_>>())
}

/// Reads an expression and holds it against the subset.
pub(crate) fn check(compiler: &Compiler, sql: &str) -> Result<Checked, Refusal> {
    let vocabulary = schema(FACTS.iter().map(|def| def.name), std::iter::empty());
    let expr = compiler.read(sql, &vocabulary).map_err(|error| unread(sql, &error))?;
    let mut walk = Walk::default();
    let piece = walk.piece(expr)?;
    // The as-of date alone is a selector; as a date of the computation the loader refuses it.
    if piece.as_of == AsOf::Bare && sql != AS_OF {
        return Err(as_of_misplaced());
    }
    let node = take_apart(&piece.expr);
    Ok(Checked {
        expr: piece.expr,
        node,
        kind: piece.kind,
        facts: walk.facts,
        absences: walk.absences,
        rivals: walk.rivals,
    })
}

fn unread(sql: &str, error: &engine::CompileError) -> Refusal {
    let cause = error.source().map_or_else(|| error.to_string(), ToString::to_string);
    let lower = sql.to_ascii_lowercase();
    for banned in ["coalesce", "nullif", "ifnull", "nvl", "greatest", "least", "case "] {
        if lower.contains(banned) {
            return Refusal::new(format!("`{}` is not in the subset", banned.trim()), instead());
        }
    }
    Refusal::new(cause, instead())
}

fn instead() -> String {
    let functions: Vec<_> = Function::ALL.iter().map(|function| function.usage()).collect();
    format!(
        "use facts of the vocabulary, literals such as DATE '2026-03-09', comparisons, AND, OR, NOT, BETWEEN, IN, and {}",
        functions.join(", ")
    )
}

fn as_of_misplaced() -> Refusal {
    Refusal::new(
        "`as_of` stands where the dates on which it matters cannot be read off",
        "compare `as_of` itself with a date, as in `as_of >= days_after(final_order_date, 90)`, or write \
         `happened_by(fact, as_of)`",
    )
}

#[derive(Default)]
struct Walk {
    facts: BTreeSet<&'static str>,
    absences: BTreeSet<&'static str>,
    rivals: Vec<Expr>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum AsOf {
    No,
    Bare,
}

struct Piece {
    expr: Expr,
    kind: FactType,
    as_of: AsOf,
}

impl Piece {
    fn new(expr: Expr, kind: FactType) -> Self {
        Self { expr, kind, as_of: AsOf::No }
    }
}

impl Walk {
    fn piece(&mut self, expr: Expr) -> Result<Piece, Refusal> {
        match expr {
            Expr::Column(column) => self.fact(column),
            Expr::Literal(value, metadata) => {
                let kind = match &value {
                    ScalarValue::Boolean(Some(_)) => FactType::Boolean,
                    ScalarValue::Int64(Some(_)) => FactType::Integer,
                    ScalarValue::Utf8(Some(_)) => FactType::Text,
                    ScalarValue::Date32(Some(_)) => FactType::Date,
                    _ => {
                        return Err(Refusal::new(
                            format!("literal `{value}` is not in the subset"),
                            "use a date, a whole number, true, false or a text; unknown cannot be written",
                        ));
                    }
                };
                Ok(Piece::new(Expr::Literal(value, metadata), kind))
            }
            Expr::Cast(cast) => match (&*cast.expr, cast.field.data_type()) {
                (Expr::Literal(ScalarValue::Utf8(Some(text)), _), DataType::Date32) => {
                    let date: Date = text.parse().map_err(|_| {
                        Refusal::new(format!("`{text}` is not a date"), "write dates as DATE '2026-03-09'")
                    })?;
                    let value = ScalarValue::Date32(Some(crate::functions::to_days(date)));
                    Ok(Piece::new(Expr::Literal(value, None), FactType::Date))
                }
                _ => Err(Refusal::new(
                    "a cast is not in the subset",
                    "compare values of one type; dates are written DATE '2026-03-09'",
                )),
            },
            Expr::Negative(inner) => match *inner {
                Expr::Literal(ScalarValue::Int64(Some(value)), _) if value != i64::MIN => {
                    Ok(Piece::new(Expr::Literal(ScalarValue::Int64(Some(-value)), None), FactType::Integer))
                }
                other => Err(Refusal::new(format!("`-{other}` is not in the subset"), "negate whole numbers only")),
            },
            Expr::Not(inner) => {
                let inner = self.boolean(*inner)?;
                Ok(Piece::new(Expr::Not(Box::new(inner)), FactType::Boolean))
            }
            Expr::BinaryExpr(binary) => self.binary(binary),
            Expr::Between(Between { expr, negated, low, high }) => {
                let (expr, low, high) = (self.piece(*expr)?, self.piece(*low)?, self.piece(*high)?);
                self.compare(&expr, &low)?;
                self.compare(&expr, &high)?;
                let between = Between::new(Box::new(expr.expr), negated, Box::new(low.expr), Box::new(high.expr));
                Ok(Piece::new(Expr::Between(between), FactType::Boolean))
            }
            Expr::InList(InList { expr, list, negated }) => {
                let expr = self.piece(*expr)?;
                let mut items = Vec::with_capacity(list.len());
                for item in list {
                    let item = self.piece(item)?;
                    if !matches!(item.expr, Expr::Literal(..)) {
                        return Err(Refusal::new(
                            format!("`{}` in a list is not in the subset", item.expr),
                            "list literals; compare with facts by `=` and OR",
                        ));
                    }
                    self.compare(&expr, &item)?;
                    items.push(item.expr);
                }
                Ok(Piece::new(Expr::InList(InList::new(Box::new(expr.expr), items, negated)), FactType::Boolean))
            }
            Expr::ScalarFunction(call) => self.call(call),
            Expr::IsNull(_) | Expr::IsNotNull(_) | Expr::IsUnknown(_) | Expr::IsNotUnknown(_) => Err(Refusal::new(
                "a test for null is not in the subset: it turns unknown into a value",
                "use `is_absent(fact)`, which is true only where a source shows that there is none, and unknown otherwise",
            )),
            Expr::IsTrue(_) | Expr::IsFalse(_) | Expr::IsNotTrue(_) | Expr::IsNotFalse(_) => Err(Refusal::new(
                "IS TRUE and IS FALSE are not in the subset: they turn unknown into a value",
                "write the fact itself, or NOT and the fact",
            )),
            Expr::Case(_) => Err(Refusal::new(
                "`case` is not in the subset: its ELSE turns unknown into a value",
                "write the alternatives with AND and OR",
            )),
            other => Err(Refusal::new(format!("`{other}` is not in the subset"), instead())),
        }
    }

    fn fact(&mut self, column: Column) -> Result<Piece, Refusal> {
        let Some(def) = fact_def(&column.name) else {
            return Err(Refusal::new(
                format!("`{}` is not a fact of the vocabulary", column.name),
                "see `model::FACTS`",
            ));
        };
        self.facts.insert(def.name);
        let as_of = if def.name == AS_OF { AsOf::Bare } else { AsOf::No };
        Ok(Piece { expr: Expr::Column(column), kind: def.kind, as_of })
    }

    fn boolean(&mut self, expr: Expr) -> Result<Expr, Refusal> {
        let piece = self.piece(expr)?;
        if piece.kind == FactType::Boolean {
            return Ok(piece.expr);
        }
        Err(Refusal::new(
            format!("`{}` is a {}, not yes or no", piece.expr, piece.kind.name()),
            "AND, OR and NOT take comparisons and yes-or-no facts",
        ))
    }

    fn binary(&mut self, BinaryExpr { left, op, right }: BinaryExpr) -> Result<Piece, Refusal> {
        let expr = match op {
            Operator::And | Operator::Or => {
                let (left, right) = (self.boolean(*left)?, self.boolean(*right)?);
                BinaryExpr::new(Box::new(left), op, Box::new(right))
            }
            Operator::Eq | Operator::NotEq | Operator::Lt | Operator::LtEq | Operator::Gt | Operator::GtEq => {
                let (left, right) = (self.piece(*left)?, self.piece(*right)?);
                self.compare(&left, &right)?;
                BinaryExpr::new(Box::new(left.expr), op, Box::new(right.expr))
            }
            Operator::IsDistinctFrom | Operator::IsNotDistinctFrom => {
                return Err(Refusal::new(
                    format!("`{op}` is not in the subset: it turns unknown into a value"),
                    "use `=` or `<>`, which are unknown where a side is unknown",
                ));
            }
            _ => return Err(Refusal::new(format!("operator `{op}` is not in the subset"), instead())),
        };
        Ok(Piece::new(Expr::BinaryExpr(expr), FactType::Boolean))
    }

    /// Holds two sides of a comparison against each other, and notes the rival of the as-of date.
    fn compare(&mut self, left: &Piece, right: &Piece) -> Result<(), Refusal> {
        if left.kind != right.kind {
            let hint = "compare values of one type; dates are written DATE '2026-03-09'";
            return Err(Refusal::new(
                format!("`{}` is a {} but `{}` is a {}", left.expr, left.kind.name(), right.expr, right.kind.name()),
                hint,
            ));
        }
        match (left.as_of, right.as_of) {
            (AsOf::Bare, AsOf::Bare) => return Err(as_of_misplaced()),
            (AsOf::Bare, AsOf::No) => self.rivals.push(right.expr.clone()),
            (AsOf::No, AsOf::Bare) => self.rivals.push(left.expr.clone()),
            (AsOf::No, AsOf::No) => {}
        }
        Ok(())
    }

    fn call(&mut self, call: ScalarFunction) -> Result<Piece, Refusal> {
        let Some(function) = Function::named(call.name()) else {
            return Err(Refusal::new(format!("function `{}` is not in the subset", call.name()), instead()));
        };
        let mut args = call.args.into_iter().map(|arg| self.piece(arg)).collect::<Result<Vec<_>, _>>()?;
        let kinds: Vec<_> = args.iter().map(|arg| arg.kind).collect();
        let Some(kind) = function.type_of(&kinds) else {
            return Err(Refusal::new(
                format!("`{}` does not take these arguments", function.name()),
                format!("write {}", function.usage()),
            ));
        };
        let absence = matches!(function, Function::IsAbsent | Function::HappenedBy);
        if absence {
            let def = match &args[0].expr {
                Expr::Column(column) => fact_def(&column.name).filter(|def| def.name != AS_OF),
                _ => None,
            };
            let Some(def) = def else {
                return Err(Refusal::new(
                    format!("`{}` asks about `{}`, which is not a fact", function.name(), args[0].expr),
                    format!("write {} with the name of a fact", function.usage()),
                ));
            };
            self.absences.insert(def.name);
            let column = Expr::Column(Column::from_name(absent_column(def.name)));
            if function == Function::HappenedBy && args[1].as_of == AsOf::Bare {
                self.rivals.push(column.clone());
                let own = args[0].expr.clone();
                self.rivals.push(if def.kind == FactType::DateTime { date_of(own, &call.func) } else { own });
                args[1].as_of = AsOf::No;
            }
            args.insert(1, Piece::new(column, FactType::Date));
        }
        if args.iter().any(|arg| arg.as_of == AsOf::Bare) {
            return Err(as_of_misplaced());
        }
        let args = args.into_iter().map(|arg| arg.expr).collect();
        Ok(Piece::new(Expr::ScalarFunction(ScalarFunction::new_udf(call.func, args)), kind))
    }
}

fn date_of(at: Expr, fallback: &engine::Scalar) -> Expr {
    let function = crate::functions::functions().into_iter().find(|f| f.name() == Function::DateOf.name());
    Expr::ScalarFunction(ScalarFunction::new_udf(function.unwrap_or_else(|| fallback.clone()), vec![at]))
}

fn take_apart(expr: &Expr) -> Node<Expr> {
    match expr {
        Expr::BinaryExpr(BinaryExpr { left, op: Operator::And, right }) => {
            Node::And(Box::new(take_apart(left)), Box::new(take_apart(right)))
        }
        Expr::BinaryExpr(BinaryExpr { left, op: Operator::Or, right }) => {
            Node::Or(Box::new(take_apart(left)), Box::new(take_apart(right)))
        }
        Expr::Not(inner) => Node::Not(Box::new(take_apart(inner))),
        other => Node::Atom(other.clone()),
    }
}
