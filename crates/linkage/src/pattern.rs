//! The agreement pattern of a pair: the level of every field, packed into one `u64`.

use crate::{compare, error::LinkError, fields::Records};

/// Where each field's level stands in a pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    /// First bit and mask, by field.
    fields: Vec<(u32, u64)>,
}

impl Layout {
    /// The layout for these records: as many bits a field as its levels, *missing* included, need.
    ///
    /// # Errors
    ///
    /// Refuses fields that need more than 64 bits together.
    pub fn new(records: &Records) -> Result<Self, LinkError> {
        let (mut fields, mut bits) = (Vec::new(), 0);
        for field in records.fields() {
            let width = compare::levels(field.spec().kind).len().ilog2() + 1;
            fields.push((bits, (1_u64 << width) - 1));
            bits += width;
        }
        if bits > u64::BITS {
            return Err(LinkError::TooManyFields { fields: fields.len(), bits });
        }
        Ok(Self { fields })
    }

    /// The level of one field: 0 for *missing*, `n` for entry `n - 1` of the kind's levels.
    pub fn level(&self, pattern: u64, field: usize) -> u8 {
        let (shift, mask) = self.fields[field];
        (pattern >> shift & mask) as u8
    }

    /// The levels of all fields.
    pub fn levels(&self, pattern: u64) -> impl Iterator<Item = u8> + '_ {
        self.fields.iter().map(move |(shift, mask)| (pattern >> shift & mask) as u8)
    }

    /// The pattern with one field's level replaced.
    pub(crate) fn with(&self, pattern: u64, field: usize, level: u8) -> u64 {
        let (shift, mask) = self.fields[field];
        pattern & !(mask << shift) | u64::from(level) << shift
    }
}
