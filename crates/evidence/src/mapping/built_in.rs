//! The mappings that come with the program.

use super::{Mapping, MappingError};
use crate::nearest::nearest_several;
use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "../../mappings"]
struct Files;

/// The built-in mappings.
#[derive(Debug, Clone)]
pub struct Mappings {
    ids: Vec<String>,
}

impl Mappings {
    /// The mappings under `mappings/`, as they were when the program was compiled.
    pub fn built_in() -> Self {
        let mut ids: Vec<String> =
            Files::iter().filter_map(|path| path.strip_suffix(".toml").map(str::to_owned)).collect();
        ids.sort();
        Self { ids }
    }

    /// Their ids, sorted.
    pub fn ids(&self) -> &[String] {
        &self.ids
    }

    /// Reads one of them.
    ///
    /// # Errors
    ///
    /// [`MappingError::Unknown`] names the nearest ids.
    pub fn get(&self, id: &str) -> Result<Mapping, MappingError> {
        let path = format!("{id}.toml");
        let Some(file) = Files::get(&path) else {
            let nearest = nearest_several(id, &self.ids, 3);
            return Err(MappingError::Unknown { id: id.to_owned(), nearest, known: self.ids.clone() });
        };
        let text = String::from_utf8_lossy(&file.data);
        let mapping = Mapping::parse(&format!("mappings/{path}"), &text)?;
        if mapping.id != id {
            return Err(MappingError::Invalid {
                file: format!("mappings/{path}"),
                key: "id".to_owned(),
                cause: format!("`{}` is not the path of the file", mapping.id),
                nearest: Some(id.to_owned()),
            });
        }
        Ok(mapping)
    }

    /// Reads all that are well formed, in the order of their ids.
    pub fn all(&self) -> impl Iterator<Item = Mapping> {
        self.ids.iter().filter_map(|id| self.get(id).ok())
    }
}
