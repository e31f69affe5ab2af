//! Makes an old workbook (`.xls`) safe to hand to calamine.
//!
//! calamine reads all sheets at once and lays each out as one rectangle, from its first cell to its last, trusting what
//! the records say. A damaged file can make it ask for more memory than there is, which ends the process and cannot be
//! caught. So the stream of records is taken out of its compound file, walked as calamine will walk it, relieved of
//! records that calamine reads and we do not need, and packed again. Records are described in Microsoft's \[MS-XLS\].

use super::ReadError;
use super::workbook::broken;
use std::io::{BufReader, Cursor, Read, Seek, Write};
use std::ops::Range;

/// Bytes of the stream of records. The format cannot hold much more.
const MOST_BYTES: u64 = 1024 * 1024 * 1024;
/// Cells of all rectangles together: one sheet of the greatest size that the format has.
const MOST_CELLS: u64 = 65_536 * 256;
const MOST_COLUMNS: u16 = 256;

const FORMULA: u16 = 0x0006;
const END: u16 = 0x000a;
const NAME: u16 = 0x0018;
const SHEET: u16 = 0x0085;
const MANY_NUMBERS: u16 = 0x00bd;
const MERGED: u16 = 0x00e5;
const DIMENSIONS: u16 = 0x0200;
const BEGIN: u16 = 0x0809;
/// Number, label, truth or error, compact number, shared label, rich label: each begins with its row and column.
const CELLS: [u16; 6] = [0x0203, 0x0204, 0x0205, 0x027e, 0x00fd, 0x00d6];
/// A record that every reader passes over.
const NOTHING: u16 = 0xffff;

fn wrong(why: &str) -> ReadError {
    broken(why.into())
}

/// The workbook as a new compound file, which calamine can read without harm.
pub(super) fn prepare(file: impl Read + Seek) -> Result<Vec<u8>, ReadError> {
    let mut compound = cfb::CompoundFile::open(BufReader::new(file)).map_err(|e| broken(e.into()))?;
    if compound.exists("/EncryptedPackage") {
        return Err(wrong("it is protected with a password"));
    }
    let name = ["/Workbook", "/Book"].into_iter().find(|name| compound.is_stream(name));
    let name = name.ok_or_else(|| wrong("it holds no workbook"))?;
    let stream = compound.open_stream(name).map_err(|e| broken(e.into()))?;
    let mut records = Vec::new();
    stream.take(MOST_BYTES + 1).read_to_end(&mut records).map_err(|e| broken(e.into()))?;
    if records.len() as u64 > MOST_BYTES {
        return Err(wrong("it is larger than 1 GiB"));
    }
    make_safe(&mut records)?;
    let mut packed = cfb::CompoundFile::create(Cursor::new(Vec::new()))?;
    packed.create_stream("/Workbook")?.write_all(&records)?;
    packed.flush()?;
    Ok(packed.into_inner().into_inner())
}

fn make_safe(records: &mut [u8]) -> Result<(), ReadError> {
    let mut sheets = Vec::new();
    let mut at = 0;
    while let Some((kind, data)) = next(records, &mut at)? {
        match kind {
            SHEET => {
                let start = records[data.clone()].first_chunk().map(|start| u32::from_le_bytes(*start) as usize);
                sheets.push(start.filter(|s| *s < records.len()).ok_or_else(|| wrong("a sheet begins nowhere"))?);
            }
            NAME => drop_record(records, &data),
            END => break,
            _ => {}
        }
    }
    let mut walked = 0;
    let mut cells = 0;
    for start in sheets {
        // Sheets that overlap would be walked again and again.
        cells += rectangle(records, start, &mut walked)?;
        if cells > MOST_CELLS {
            return Err(wrong("its cells are scattered over more than 16 million places"));
        }
    }
    Ok(())
}

/// The next record: its kind, and where its data are.
fn next(records: &[u8], at: &mut usize) -> Result<Option<(u16, Range<usize>)>, ReadError> {
    let Some(rest) = records.get(*at..).filter(|rest| !rest.is_empty()) else { return Ok(None) };
    let Some([k0, k1, l0, l1]) = rest.first_chunk() else { return Err(wrong("a record is cut off")) };
    let start = *at + 4;
    let data = start..start + usize::from(u16::from_le_bytes([*l0, *l1]));
    if data.end > records.len() {
        return Err(wrong("a record is cut off"));
    }
    *at = data.end;
    Ok(Some((u16::from_le_bytes([*k0, *k1]), data)))
}

/// Makes it a record that is passed over. What continues it goes with it.
fn drop_record(records: &mut [u8], data: &Range<usize>) {
    records[data.start - 4..data.start - 2].copy_from_slice(&NOTHING.to_le_bytes());
}

fn word(records: &[u8], data: &Range<usize>, at: usize) -> Option<u16> {
    records[data.clone()].get(at..)?.first_chunk().map(|bytes| u16::from_le_bytes(*bytes))
}

/// How many cells the rectangle around the cells of a sheet has. Takes out what calamine would make room for, and the
/// formulas, of which only the results are wanted.
fn rectangle(records: &mut [u8], start: usize, walked: &mut usize) -> Result<u64, ReadError> {
    let mut bounds: Option<(u16, u16, u16, u16)> = None;
    let mut at = start;
    let mut begun = false;
    let mut within: u64 = 0;
    while let Some((kind, data)) = next(records, &mut at)? {
        *walked += data.len() + 4;
        if *walked > records.len() * 2 + 4096 {
            return Err(wrong("its sheets overlap"));
        }
        // A chart on the sheet is a sheet within the sheet.
        if within > 0 {
            within = match kind {
                BEGIN => within + 1,
                END => within - 1,
                _ => within,
            };
            continue;
        }
        match kind {
            BEGIN if begun => within += 1,
            BEGIN => begun = true,
            END => break,
            DIMENSIONS | MERGED => drop_record(records, &data),
            FORMULA if data.len() >= 22 => records[data.start + 20..data.start + 22].fill(0),
            _ => {}
        }
        if kind != FORMULA && kind != MANY_NUMBERS && !CELLS.contains(&kind) {
            continue;
        }
        let (Some(row), Some(first)) = (word(records, &data, 0), word(records, &data, 2)) else {
            return Err(wrong("a cell is cut off"));
        };
        let last = if kind == MANY_NUMBERS { word(records, &data, data.len() - 2).unwrap_or(first) } else { first };
        if last >= MOST_COLUMNS || first > last {
            return Err(wrong("a cell lies beyond the last column"));
        }
        let (top, bottom, left, right) = bounds.unwrap_or((row, row, first, last));
        bounds = Some((top.min(row), bottom.max(row), left.min(first), right.max(last)));
    }
    Ok(bounds.map_or(0, |(top, bottom, left, right)| (u64::from(bottom - top) + 1) * (u64::from(right - left) + 1)))
}
