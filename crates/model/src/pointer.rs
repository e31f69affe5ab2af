use crate::DeliveryId;
use std::fmt;

/// Where a value came from: one row of one file of one delivery.
///
/// The row is counted from 1 in the file as it was delivered, banner and header rows included, so that a person can
/// find it with an ordinary viewer.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RowPointer {
    /// The delivery.
    pub delivery: DeliveryId,
    /// File name within the delivery.
    pub file: String,
    /// Worksheet name, for workbooks.
    pub sheet: Option<String>,
    /// Row of the file (or sheet) as delivered, from 1.
    pub row: u64,
}

impl fmt::Display for RowPointer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.delivery, self.file)?;
        if let Some(sheet) = &self.sheet {
            write!(f, "#{sheet}")?;
        }
        write!(f, ":{}", self.row)
    }
}
