//! The functions that a clause may call, as columns. Each gives null where any argument that it needs is null.

use crate::calendar;
use datafusion::common::{Result, exec_err};
use datafusion::logical_expr::{ColumnarValue, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility};
use engine::Scalar;
use engine::arrow::array::{Array, ArrayRef, AsArray, BooleanArray, Date32Array, Int64Array, TimestampSecondArray};
use engine::arrow::datatypes::{DataType, Date32Type, Int64Type, TimeUnit, TimestampSecondType};
use jiff::civil::{Date, DateTime};
use model::FactType;
use std::sync::Arc;

/// A function of the closed subset.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Function {
    DaysAfter,
    MonthsAfter,
    YearsAfter,
    BirthdayOuter,
    DaysBetween,
    HoursAfter,
    DateOf,
    Earliest,
    Latest,
    IsAbsent,
    HappenedBy,
}

/// The type of the column that carries facts of a type.
pub(crate) fn column_type(kind: FactType) -> DataType {
    match kind {
        FactType::Date => DataType::Date32,
        FactType::DateTime => DataType::Timestamp(TimeUnit::Second, None),
        FactType::Boolean => DataType::Boolean,
        FactType::Integer => DataType::Int64,
        FactType::Text => DataType::Utf8,
    }
}

impl Function {
    pub(crate) const ALL: [Function; 11] = [
        Function::DaysAfter,
        Function::MonthsAfter,
        Function::YearsAfter,
        Function::BirthdayOuter,
        Function::DaysBetween,
        Function::HoursAfter,
        Function::DateOf,
        Function::Earliest,
        Function::Latest,
        Function::IsAbsent,
        Function::HappenedBy,
    ];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Function::DaysAfter => "days_after",
            Function::MonthsAfter => "months_after",
            Function::YearsAfter => "years_after",
            Function::BirthdayOuter => "birthday_outer",
            Function::DaysBetween => "days_between",
            Function::HoursAfter => "hours_after",
            Function::DateOf => "date_of",
            Function::Earliest => "earliest",
            Function::Latest => "latest",
            Function::IsAbsent => "is_absent",
            Function::HappenedBy => "happened_by",
        }
    }

    /// How the function is written, for messages.
    pub(crate) fn usage(self) -> &'static str {
        match self {
            Function::DaysAfter => "days_after(date, days)",
            Function::MonthsAfter => "months_after(date, months)",
            Function::YearsAfter => "years_after(date, years)",
            Function::BirthdayOuter => "birthday_outer(date, years)",
            Function::DaysBetween => "days_between(date, date)",
            Function::HoursAfter => "hours_after(datetime, hours)",
            Function::DateOf => "date_of(datetime)",
            Function::Earliest => "earliest(date, date, …)",
            Function::Latest => "latest(date, date, …)",
            Function::IsAbsent => "is_absent(fact)",
            Function::HappenedBy => "happened_by(fact, date)",
        }
    }

    pub(crate) fn named(name: &str) -> Option<Function> {
        Function::ALL.into_iter().find(|function| function.name() == name)
    }

    /// The type of the value, for arguments of these types; `None` where they do not fit.
    pub(crate) fn type_of(self, args: &[FactType]) -> Option<FactType> {
        use FactType::{Boolean, Date, DateTime, Integer};
        match (self, args) {
            (
                Function::DaysAfter | Function::MonthsAfter | Function::YearsAfter | Function::BirthdayOuter,
                [Date, Integer],
            ) => Some(Date),
            (Function::DaysBetween, [Date, Date]) => Some(Integer),
            (Function::HoursAfter, [DateTime, Integer]) => Some(DateTime),
            (Function::DateOf, [DateTime]) => Some(Date),
            (Function::Earliest | Function::Latest, [Date, Date, ..]) if args.iter().all(|arg| *arg == Date) => {
                Some(Date)
            }
            (Function::IsAbsent, [_]) => Some(Boolean),
            (Function::HappenedBy, [Date | DateTime, Date]) => Some(Boolean),
            _ => None,
        }
    }

    fn data_type(self) -> DataType {
        match self {
            Function::DaysBetween => DataType::Int64,
            Function::HoursAfter => column_type(FactType::DateTime),
            Function::IsAbsent | Function::HappenedBy => DataType::Boolean,
            _ => DataType::Date32,
        }
    }

    fn run(self, args: &[ArrayRef]) -> Result<ArrayRef> {
        let rows = args.first().map_or(0, |arg| arg.len());
        Ok(match self {
            Function::DaysAfter => map_date_int(args, calendar::days_after)?,
            Function::MonthsAfter => {
                map_date_int(args, |date, n| Some(calendar::months_after(date, i32::try_from(n).ok()?)?.clamped))?
            }
            Function::YearsAfter => {
                map_date_int(args, |date, n| Some(calendar::years_after(date, i32::try_from(n).ok()?)?.clamped))?
            }
            Function::BirthdayOuter => {
                map_date_int(args, |date, n| Some(calendar::years_after(date, i32::try_from(n).ok()?)?.outer))?
            }
            Function::DaysBetween => {
                let (from, to) = (dates(args, 0)?, dates(args, 1)?);
                let values = from.iter().zip(to).map(|(from, to)| Some(i64::from(to?) - i64::from(from?)));
                Arc::new(values.collect::<Int64Array>())
            }
            Function::HoursAfter => {
                let (at, hours) = (seconds(args, 0)?, integers(args, 1)?);
                let values = at.iter().zip(hours).map(|(at, hours)| at?.checked_add(hours?.checked_mul(3600)?));
                Arc::new(values.collect::<TimestampSecondArray>())
            }
            Function::DateOf => Arc::new(seconds(args, 0)?.iter().map(|at| day_of(at?)).collect::<Date32Array>()),
            Function::Earliest | Function::Latest => {
                let columns = (0..args.len()).map(|index| dates(args, index)).collect::<Result<Vec<_>>>()?;
                let value = |row: usize| -> Option<i32> {
                    let mut values = columns.iter().map(|column| column.is_valid(row).then(|| column.value(row)));
                    let first = values.next()??;
                    values.try_fold(first, |best, value| {
                        let value = value?;
                        Some(if self == Function::Latest { best.max(value) } else { best.min(value) })
                    })
                };
                Arc::new((0..rows).map(value).collect::<Date32Array>())
            }
            Function::IsAbsent => {
                let Some(absent) = args.get(1) else { return exec_err!("is_absent was not given its fact's absence") };
                let value = |row: usize| match (args[0].is_valid(row), absent.is_valid(row)) {
                    (true, _) => Some(false),
                    (false, true) => Some(true),
                    (false, false) => None,
                };
                Arc::new((0..rows).map(value).collect::<BooleanArray>())
            }
            Function::HappenedBy => {
                let (absent, by) = (dates(args, 1)?, dates(args, 2)?);
                let day: Vec<Option<i32>> = match args[0].data_type() {
                    DataType::Date32 => dates(args, 0)?.iter().collect(),
                    _ => seconds(args, 0)?.iter().map(|at| day_of(at?)).collect(),
                };
                let values = day.into_iter().zip(absent).zip(by).map(|((day, absent), by)| match (day, absent, by) {
                    (Some(day), _, Some(by)) => Some(day <= by),
                    (None, Some(absent), Some(by)) if absent >= by => Some(false),
                    _ => None,
                });
                Arc::new(values.collect::<BooleanArray>())
            }
        })
    }
}

/// Every function of the subset, as DataFusion knows functions.
pub(crate) fn functions() -> Vec<Scalar> {
    Function::ALL
        .into_iter()
        .map(|function| {
            let signature = Signature::variadic_any(Volatility::Immutable);
            Arc::new(ScalarUDF::new_from_impl(Registered { function, signature }))
        })
        .collect()
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct Registered {
    function: Function,
    signature: Signature,
}

impl ScalarUDFImpl for Registered {
    fn name(&self) -> &str {
        self.function.name()
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(self.function.data_type())
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let columns = args.args.iter().map(|arg| arg.to_array(args.number_rows)).collect::<Result<Vec<_>>>()?;
        Ok(ColumnarValue::Array(self.function.run(&columns)?))
    }
}

const EPOCH: Date = Date::constant(1970, 1, 1);

/// A date as its column carries it.
pub(crate) fn to_days(date: Date) -> i32 {
    i32::try_from(calendar::days_between(EPOCH, date)).unwrap_or(i32::MAX)
}

/// A date from its column.
pub(crate) fn from_days(days: i32) -> Option<Date> {
    calendar::days_after(EPOCH, i64::from(days))
}

/// A civil time as its column carries it: seconds, as if it were UTC.
pub(crate) fn to_seconds(at: DateTime) -> i64 {
    at.duration_since(EPOCH.at(0, 0, 0, 0)).as_secs()
}

fn day_of(seconds: i64) -> Option<i32> {
    i32::try_from(seconds.div_euclid(86_400)).ok()
}

fn map_date_int(args: &[ArrayRef], f: impl Fn(Date, i64) -> Option<Date>) -> Result<ArrayRef> {
    let (from, by) = (dates(args, 0)?, integers(args, 1)?);
    let values = from.iter().zip(by).map(|(from, by)| Some(to_days(f(from_days(from?)?, by?)?)));
    Ok(Arc::new(values.collect::<Date32Array>()))
}

fn dates(args: &[ArrayRef], index: usize) -> Result<&Date32Array> {
    match args.get(index).and_then(|arg| arg.as_primitive_opt::<Date32Type>()) {
        Some(array) => Ok(array),
        None => exec_err!("argument {} is not a date", index + 1),
    }
}

fn integers(args: &[ArrayRef], index: usize) -> Result<&Int64Array> {
    match args.get(index).and_then(|arg| arg.as_primitive_opt::<Int64Type>()) {
        Some(array) => Ok(array),
        None => exec_err!("argument {} is not a whole number", index + 1),
    }
}

fn seconds(args: &[ArrayRef], index: usize) -> Result<&TimestampSecondArray> {
    match args.get(index).and_then(|arg| arg.as_primitive_opt::<TimestampSecondType>()) {
        Some(array) => Ok(array),
        None => exec_err!("argument {} is not a date and time", index + 1),
    }
}
