use model::FactType;
use std::io;
use std::path::PathBuf;
use thiserror::Error;

/// Why a library of criteria did not load. A library loads whole or not at all.
#[derive(Debug, Error)]
pub enum LoadError {
    /// The folder could not be listed.
    #[error("failed to list criteria in `{}`", path.display())]
    List {
        /// The folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A file could not be read.
    #[error("failed to read criterion file `{}`", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The folder holds no criterion.
    #[error("failed to load criteria: `{}` holds no criterion file", path.display())]
    Empty {
        /// The folder.
        path: PathBuf,
    },
    /// The file is not TOML of the right shape.
    #[error("failed to load `{file}`, line {line}: {cause}")]
    Toml {
        /// File name.
        file: String,
        /// Line, from 1.
        line: usize,
        /// What is wrong.
        cause: String,
    },
    /// Something in the file breaks a rule of criteria.
    #[error("failed to load `{file}`, line {line}, {item}: {cause}; {hint}")]
    Refused {
        /// File name.
        file: String,
        /// Line, from 1.
        line: usize,
        /// What it is about, such as a clause.
        item: String,
        /// What is wrong.
        cause: String,
        /// What would work.
        hint: String,
    },
}

/// Why facts could not be judged.
#[derive(Debug, Error)]
pub enum JudgeError {
    /// A fact holds a value of another type than the vocabulary gives it.
    #[error("failed to judge `{key}`: fact `{fact}` is a {} but holds a {}", expected.name(), found.name())]
    WrongType {
        /// The subject.
        key: String,
        /// The fact.
        fact: &'static str,
        /// Its type by the vocabulary.
        expected: FactType,
        /// The type of the value.
        found: FactType,
    },
    /// There is no such criterion.
    #[error("failed to explain: there is no criterion `{id}`; criteria are {known:?}")]
    UnknownCriterion {
        /// The id asked for.
        id: String,
        /// The ids there are.
        known: Vec<String>,
    },
    /// The criterion judges another kind of subject.
    #[error("failed to explain criterion `{id}`: it judges a `{expected}`, not a `{found}`")]
    WrongSubject {
        /// The criterion.
        id: String,
        /// What it judges.
        expected: &'static str,
        /// What was given.
        found: &'static str,
    },
    /// The engine failed on a compiled expression: a defect of ours.
    #[error("failed to judge by criterion `{criterion}`")]
    Engine {
        /// The criterion.
        criterion: String,
        /// Why.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}
