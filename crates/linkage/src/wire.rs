//! `model.json`: a model as it is written to a file, apart from the model itself.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::{
    em::{FieldModel, LevelModel, Model},
    fields::FieldKind,
};

/// The version that is written and read.
const VERSION: u32 = 1;

/// Why a model file could not be read.
#[derive(Debug, Error)]
pub enum WireError {
    /// The text is not JSON of the right shape.
    #[error("failed to read the model")]
    Json(#[source] serde_json::Error),
    /// The file was written by another version.
    #[error("the model has version {found}, and this program reads version {VERSION}")]
    Version {
        /// The file's version.
        found: u32,
    },
    /// A field holds what this program does not know.
    #[error("field `{field}` of the model is of kind `{kind}`, which is not known")]
    Kind {
        /// The field.
        field: String,
        /// Its kind.
        kind: String,
    },
    /// A share is not between 0 and 1.
    #[error("`{what}` of the model is {found}, and must lie between 0 and 1")]
    Share {
        /// Which parameter.
        what: String,
        /// Its value.
        found: f64,
    },
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ModelJson {
    version: u32,
    lambda: f64,
    fields: Vec<FieldJson>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct FieldJson {
    name: String,
    kind: String,
    levels: Vec<LevelJson>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct LevelJson {
    name: String,
    m: f64,
    u: f64,
}

/// Writes a model as JSON, one level a few lines, numbers so that [`from_json`] gives the same model to the last bit.
///
/// # Errors
///
/// Fails only where the serialiser does.
pub fn to_json(model: &Model) -> Result<String, WireError> {
    let level = |l: &LevelModel| LevelJson { name: l.name.clone(), m: l.m, u: l.u };
    let field = |f: &FieldModel| FieldJson {
        name: f.name.clone(),
        kind: f.kind.name().to_owned(),
        levels: f.levels.iter().map(level).collect(),
    };
    let json = ModelJson { version: VERSION, lambda: model.lambda, fields: model.fields.iter().map(field).collect() };
    serde_json::to_string_pretty(&json).map_err(WireError::Json)
}

/// Reads a model that [`to_json`] wrote.
///
/// # Errors
///
/// Refuses other JSON, other versions, unknown kinds and shares outside 0 to 1.
pub fn from_json(text: &str) -> Result<Model, WireError> {
    let json: ModelJson = serde_json::from_str(text).map_err(WireError::Json)?;
    if json.version != VERSION {
        return Err(WireError::Version { found: json.version });
    }
    let share = |what: String, found: f64| {
        if (0.0..=1.0).contains(&found) { Ok(found) } else { Err(WireError::Share { what, found }) }
    };
    let fields = json.fields.into_iter().map(|field| {
        let kind = FieldKind::parse(&field.kind)
            .ok_or_else(|| WireError::Kind { field: field.name.clone(), kind: field.kind.clone() })?;
        let levels = field.levels.into_iter().map(|level| {
            let what = |of: &str| format!("{of} of {} in {}", level.name, field.name);
            let (m, u) = (share(what("m"), level.m)?, share(what("u"), level.u)?);
            Ok(LevelModel { name: level.name, m, u })
        });
        let levels = levels.collect::<Result<_, _>>()?;
        Ok(FieldModel { name: field.name, kind, levels })
    });
    Ok(Model { lambda: share("lambda".to_owned(), json.lambda)?, fields: fields.collect::<Result<_, _>>()? })
}
