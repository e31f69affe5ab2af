//! Which statements may be asked of a read-only engine, and what is wrong with one that names what is not there.

use crate::EngineError;
use crate::tables::listed;
use datafusion::common::SchemaError;
use datafusion::error::DataFusionError;
use datafusion::logical_expr::LogicalPlan;
use datafusion::prelude::{SQLOptions, SessionContext};
use datafusion::sql::TableReference;
use datafusion::sql::parser::Statement;
use datafusion::sql::sqlparser::ast::{Query, SetExpr, Statement as Sql};
use datafusion::sql::sqlparser::parser::ParserError;
use rapidfuzz::distance::osa;

/// Reads and plans one statement that changes nothing.
pub(crate) async fn plan(context: &SessionContext, sql: &str) -> Result<LogicalPlan, EngineError> {
    let state = context.state();
    let dialect = state.config_options().sql_parser.dialect;
    let statement = state.sql_to_statement(sql, &dialect).map_err(|error| unread(sql, error))?;
    if let Some(kind) = refused(&statement) {
        return Err(EngineError::ReadOnly { statement: kind });
    }
    let named = state.resolve_table_references(&statement).map_err(|error| failed(sql, error))?;
    for reference in named {
        known(context, &reference)?;
    }
    let plan = state.statement_to_plan(statement).await.map_err(|error| failed(sql, error))?;
    // The list above is of what may pass; this one, of what may not, stands behind it.
    let options = SQLOptions::new().with_allow_ddl(false).with_allow_dml(false).with_allow_statements(false);
    options.verify_plan(&plan).map_err(|error| failed(sql, error))?;
    Ok(plan)
}

/// The kind of a statement that is not a question.
fn refused(statement: &Statement) -> Option<String> {
    match statement {
        Statement::Statement(sql) => refused_sql(sql),
        Statement::Explain(explain) => refused(&explain.statement),
        Statement::CopyTo(_) => Some("COPY".to_owned()),
        Statement::CreateExternalTable(_) => Some("CREATE EXTERNAL TABLE".to_owned()),
        Statement::Reset(_) => Some("RESET".to_owned()),
    }
}

fn refused_sql(statement: &Sql) -> Option<String> {
    match statement {
        Sql::Query(query) => writes(query).then(|| "a query that writes".to_owned()),
        Sql::Explain { statement, .. } => refused_sql(statement),
        Sql::ExplainTable { .. } | Sql::ShowTables { .. } | Sql::ShowColumns { .. } | Sql::ShowFunctions { .. } => None,
        other => Some(other.to_string().split_whitespace().next().unwrap_or_default().to_uppercase()),
    }
}

fn writes(query: &Query) -> bool {
    let within = query.with.iter().flat_map(|with| &with.cte_tables).any(|table| writes(&table.query));
    within || writes_in(&query.body)
}

fn writes_in(body: &SetExpr) -> bool {
    match body {
        SetExpr::Select(select) => select.into.is_some(),
        SetExpr::Query(query) => writes(query),
        SetExpr::SetOperation { left, right, .. } => writes_in(left) || writes_in(right),
        SetExpr::Values(_) | SetExpr::Table(_) => false,
        _ => true,
    }
}

/// Refuses a table that is not there, with those most like it.
fn known(context: &SessionContext, reference: &TableReference) -> Result<(), EngineError> {
    let options = context.state().config_options().catalog.clone();
    if reference.schema() == Some("information_schema") {
        return Ok(());
    }
    let resolved = reference.clone().resolve(&options.default_catalog, &options.default_schema);
    let schema = context.catalog(&resolved.catalog).and_then(|catalog| catalog.schema(&resolved.schema));
    if schema.is_some_and(|schema| schema.table_exist(&resolved.table)) {
        return Ok(());
    }
    let names: Vec<String> = listed(context)
        .into_iter()
        .map(|(schema, table)| match schema == options.default_schema {
            true => quoted(&table),
            false => format!("{}.{}", quoted(&schema), quoted(&table)),
        })
        .collect();
    let name = match reference.schema() {
        Some(schema) => format!("{schema}.{}", reference.table()),
        None => reference.table().to_owned(),
    };
    Err(EngineError::NoTable { nearest: nearest(&name, names), name })
}

/// A name as it must be written in a query.
pub fn quoted(name: &str) -> String {
    let plain = name.starts_with(|c: char| c.is_ascii_lowercase() || c == '_')
        && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    if plain { name.to_owned() } else { format!("\"{}\"", name.replace('"', "\"\"")) }
}

fn unread(sql: &str, error: DataFusionError) -> EngineError {
    let problem = match error.find_root() {
        DataFusionError::SQL(parser, _) => match &**parser {
            ParserError::TokenizerError(text) | ParserError::ParserError(text) => text.clone(),
            ParserError::RecursionLimitExceeded => "it is nested too deeply".to_owned(),
        },
        DataFusionError::NotImplemented(text) if text.contains("single SQL statement") => {
            return EngineError::ReadOnly { statement: "more than one statement".to_owned() };
        }
        other => other.to_string(),
    };
    EngineError::Syntax { sql: sql.to_owned(), problem }
}

/// A query that reads but does not fit the tables, or that fails while it runs.
pub(crate) fn failed(sql: &str, error: DataFusionError) -> EngineError {
    if let DataFusionError::SchemaError(schema, _) = error.find_root()
        && let SchemaError::FieldNotFound { field, valid_fields } = &**schema
    {
        let names = valid_fields.iter().map(|column| quoted(column.name())).collect();
        return EngineError::NoColumn { nearest: nearest(field.name(), names), name: field.name().to_owned() };
    }
    EngineError::Query { sql: sql.to_owned(), source: Box::new(error) }
}

/// The names most like one, best first, at most three. A name counts as like with its schema or without.
fn nearest(name: &str, mut names: Vec<String>) -> Vec<String> {
    let flat = |text: &str| -> String {
        text.chars().filter(|c| c.is_alphanumeric() || *c == '.').flat_map(char::to_lowercase).collect()
    };
    let likeness = |other: &str| {
        let alone = |text: &str| text.rsplit('.').next().unwrap_or_default().to_owned();
        let (name, other) = (flat(name), flat(other));
        let whole = osa::normalized_similarity(name.chars(), other.chars());
        whole.max(osa::normalized_similarity(alone(&name).chars(), alone(&other).chars()))
    };
    names.sort();
    names.dedup();
    let mut ranked: Vec<(f64, String)> = names.into_iter().map(|other| (likeness(&other), other)).collect();
    ranked.retain(|(likeness, _)| *likeness >= 0.5);
    ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    ranked.into_iter().take(3).map(|(_, name)| name).collect()
}
