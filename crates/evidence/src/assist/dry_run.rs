//! Reading a part as the loader reads it, and keeping nothing.

use crate::add_error::{AddError, read_error};
use crate::flags::{FlagCounts, Flags};
use crate::input::Taken;
use crate::interior::{Interior, InteriorCounts};
use crate::load::{Fail, Outlets, Part, RowLoader, Watch, columns_of, stop_if_broken};
use crate::mapping::Mapping;
use crate::read::Flow;
use crate::receipt::FileReceipt;
use crate::schema::cells_schema;
use crate::write::{Output, Place};
use model::DeliveryId;

/// What would come of a part.
pub(super) struct DryRun {
    pub(super) file: FileReceipt,
    pub(super) reconciled: bool,
    /// Every row was looked at.
    pub(super) every_row: bool,
    pub(super) interior: InteriorCounts,
    pub(super) flags: FlagCounts,
    /// What of its rows would stop the load.
    pub(super) stopped_by: Option<&'static str>,
}

/// Reads at most so many rows of a part. Objects and events are made even if the mapping would leave them for later.
pub(super) fn dry_run(
    mapping: &Mapping,
    part: &Part,
    most_rows: u64,
    watch: &mut dyn Watch,
) -> Result<DryRun, AddError> {
    let path = part.input.path.clone();
    let failed = |fail: Fail| match fail {
        Fail::Read(error) => read_error(&part.input, error),
        Fail::Write(error) => AddError::write("look through", &path, error),
    };
    let at_once =
        Mapping { read: crate::mapping::ReadSpec { on_demand: false, ..mapping.read.clone() }, ..mapping.clone() };
    let table = &at_once.tables[part.table];
    let columns = columns_of(table, std::slice::from_ref(part));
    let delivery = DeliveryId::of_contents(&[]);
    let place = Place {
        delivery: delivery.clone(),
        file: part.input.name.clone(),
        sheet: part.sheet.clone(),
        mapping_version: mapping.version,
    };
    let (mut out, mut interior) = (Output::nowhere(), Interior::new(&at_once, table));
    let mut flags = Flags::new(table, &camino::Utf8PathBuf::from_path_buf(std::env::temp_dir()).unwrap_or_default());
    let schema = cells_schema(&columns);
    let outlets =
        Outlets { out: &mut out, interior: &mut interior, flags: &mut flags, report: &|_| {}, watch: Some(watch) };
    let mut rows = RowLoader::new(&at_once, part, 0, &table.name, place, &columns, &schema, outlets);
    let mut every_row = true;
    let read = part.input.visit(part.format, part.dialect, part.sheet.as_deref(), &Taken::default(), |row| {
        if rows.rows_read() >= most_rows {
            every_row = false;
            return Ok(Flow::Stop);
        }
        rows.row(row)
    });
    let lines = read.and_then(|lines| rows.flush().map(|()| lines)).map_err(failed)?;
    let (file, reconciled) = rows.receipt(lines);
    let stopped_by = stop_if_broken(mapping, table, &file).err().map(|error| match error {
        AddError::RepairCap { .. } => "so many repairs stop the load (`repair_cap_rows`, `repair_cap_share`)",
        _ => "more rows refused than kept stop the load",
    });
    let names = [(part.input.name.clone(), part.sheet.clone())];
    let counts = flags.finish(&delivery, mapping.version, &names, |_| Ok(())).map_err(|e| failed(Fail::Write(e)))?;
    Ok(DryRun {
        file,
        reconciled: reconciled || !every_row,
        every_row,
        interior: interior.counts,
        flags: counts.into_iter().next().unwrap_or_default(),
        stopped_by,
    })
}
