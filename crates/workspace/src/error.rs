use camino::{Utf8Path, Utf8PathBuf};
use std::io;

/// Why a workspace could not do what it was asked. The cause of a failure is its `source`.
#[derive(Debug, thiserror::Error)]
pub enum WorkspaceError {
    /// The folder is not a workspace.
    #[error("`{root}` is not a workspace")]
    NotAWorkspace {
        /// The folder.
        root: Utf8PathBuf,
    },
    /// `init` was asked to make a workspace where something stands.
    #[error("failed to make a workspace in `{root}`: the folder is not empty")]
    NotEmpty {
        /// The folder.
        root: Utf8PathBuf,
    },
    /// The folder was written by another version.
    #[error("workspace `{root}` has format {found}; this version reads format {known}")]
    Format {
        /// The folder.
        root: Utf8PathBuf,
        /// Its format.
        found: u32,
        /// The format that this version reads.
        known: u32,
    },
    /// `throughline.toml` is malformed.
    #[error("failed to read the workspace's settings `{path}`")]
    Config {
        /// The file.
        path: Utf8PathBuf,
        /// The cause.
        source: Box<toml::de::Error>,
    },
    /// A file could not be read or written.
    #[error("failed to {operation} `{path}`")]
    File {
        /// What was being done.
        operation: &'static str,
        /// The file or folder.
        path: Utf8PathBuf,
        /// The cause.
        source: io::Error,
    },
    /// A delivery could not be taken in.
    #[error(transparent)]
    Add(#[from] evidence::AddError),
    /// Evidence could not be read back.
    #[error("failed to read the evidence of delivery `{delivery}`")]
    Evidence {
        /// The delivery.
        delivery: String,
        /// The cause.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The store of evidence could not be opened or listed.
    #[error("failed to open the evidence store")]
    Store {
        /// The cause.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The case store failed.
    #[error(transparent)]
    Office(#[from] office::OfficeError),
    /// The ledger failed.
    #[error("failed to write the ledger")]
    Ledger(#[from] ledger::LedgerError),
    /// The ledger does not hold what the case store recorded.
    #[error("the ledger has {size} entries, which is more than the case store recorded ({recorded})")]
    LedgerAhead {
        /// Entries in the ledger.
        size: u64,
        /// Entries in the case store.
        recorded: u64,
    },
    /// The ledger's key could not be made or read.
    #[error("failed to use the ledger's key")]
    Key(#[from] ledger::KeyError),
    /// The ledger does not verify.
    #[error(transparent)]
    Verify(#[from] ledger::VerifyError),
    /// The records could not be linked.
    #[error("failed to link the person records")]
    Link(#[from] linkage::LinkError),
    /// The law library could not judge.
    #[error("failed to apply the criteria")]
    Law(#[from] law::JudgeError),
    /// The law library did not load.
    #[error("failed to load the criteria")]
    Library(#[from] law::LoadError),
    /// A derived table could not be written or read.
    #[error("failed to {operation} the derived table `{table}`")]
    Table {
        /// What was being done.
        operation: &'static str,
        /// Name of the table.
        table: String,
        /// The cause.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// A query over evidence failed.
    #[error("failed to summarise delivery `{delivery}`")]
    Query {
        /// The delivery.
        delivery: String,
        /// The cause.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The query door is for public deliveries only.
    #[error("refused to open the query door: delivery `{delivery}` from `{from}` holds clients' rows")]
    HoldsClients {
        /// The first such delivery.
        delivery: String,
        /// Its source.
        from: String,
    },
    /// A question could not be answered.
    #[error(transparent)]
    Sql(#[from] engine::EngineError),
    /// Nothing has been built yet.
    #[error("workspace `{root}` has not been built")]
    NotBuilt {
        /// The folder.
        root: Utf8PathBuf,
    },
    /// The build was made with other criteria than this version has.
    #[error("the last build used other criteria than this version has")]
    OtherCriteria,
    /// Two deliveries could not be compared, or the watch not be brought up to date.
    #[error(transparent)]
    Diff(#[from] evidence::diff::DiffError),
    /// More than one delivery's id begins so.
    #[error("more than one delivery has an id that begins with `{id}`: {}", .fits.join(", "))]
    Ambiguous {
        /// What was given.
        id: String,
        /// The ids that begin so.
        fits: Vec<String>,
    },
    /// There is no such thing.
    #[error("no {kind} `{id}` in this workspace")]
    Unknown {
        /// What was looked for.
        kind: &'static str,
        /// The id given.
        id: String,
    },
    /// A person's file may not be read without an opening.
    #[error("person `{person}` has no open file for this reader")]
    OpeningNeeded {
        /// The person.
        person: String,
    },
    /// Truth for an evaluation could not be read.
    #[error("failed to read the truth `{path}`: {cause}")]
    Truth {
        /// The file.
        path: Utf8PathBuf,
        /// What is wrong with it.
        cause: String,
    },
}

impl WorkspaceError {
    /// What would work, where that can be said.
    pub fn help(&self) -> Option<String> {
        match self {
            Self::NotAWorkspace { root } => {
                Some(format!("make one with `throughline init {root}`, or name another with `--workspace DIR`"))
            }
            Self::NotEmpty { .. } => Some("name a folder that does not exist yet, or an empty one".to_owned()),
            Self::Format { .. } => Some("use the version of throughline that made it".to_owned()),
            Self::Add(error) => error.help(),
            Self::Diff(error) => error.help(),
            Self::Ambiguous { .. } => Some("give more of the id".to_owned()),
            Self::HoldsClients { .. } => Some(
                "a workspace of public deliveries only can be queried: make one with `throughline init DIR`, and add the \
                 public releases there; clients' files are opened one by one, with a purpose"
                    .to_owned(),
            ),
            Self::Sql(error) => error.help(),
            Self::NotBuilt { .. } => Some("build it with `throughline build`".to_owned()),
            Self::OtherCriteria => Some("build again with `throughline build`".to_owned()),
            Self::Unknown { kind: "obligation", .. } => Some("`throughline owed` lists the obligations".to_owned()),
            Self::Unknown { kind: "delivery", .. } => {
                Some("receipts and the page of deliveries name them; the beginning of an id will do".to_owned())
            }
            Self::Unknown { kind: "person", .. } => Some("`throughline owed` names the persons".to_owned()),
            Self::OpeningNeeded { .. } => Some("open the file with a purpose first".to_owned()),
            Self::LedgerAhead { .. } => Some("restore `office.sqlite` and `ledger/` from the same backup".to_owned()),
            Self::Verify(_) => Some(
                "the account can no longer be trusted from the named file on; compare with a copy of the ledger"
                    .to_owned(),
            ),
            _ => None,
        }
    }
}

/// Names the operation and the path when a file operation fails.
pub(crate) trait AtPath<T> {
    fn at(self, operation: &'static str, path: &Utf8Path) -> Result<T, WorkspaceError>;
}

impl<T> AtPath<T> for io::Result<T> {
    fn at(self, operation: &'static str, path: &Utf8Path) -> Result<T, WorkspaceError> {
        self.map_err(|source| WorkspaceError::File { operation, path: path.to_owned(), source })
    }
}
