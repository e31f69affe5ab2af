//! Loads files under a mapping and prints the receipt and the time: `cargo run --release --example load -- ROOT MAPPING FILE…`

use evidence::{AddOptions, EvidenceStore, Mapping, add, wire::ReceiptJson};
use std::time::Instant;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(root), Some(mapping)) = (arguments.next(), arguments.next()) else {
        return Err("usage: load ROOT MAPPING FILE…".into());
    };
    let files: Vec<_> = arguments.map(camino::Utf8PathBuf::from).collect();
    let mapping = Mapping::resolve(&mapping).inspect_err(|e| eprintln!("help: {:?}", e.help()))?;
    let store = EvidenceStore::open(root)?;
    let start = Instant::now();
    let added = add(&store, &files, &mapping, &AddOptions { through: None, progress: &|_| {} })
        .inspect_err(|e| eprintln!("error: {e}\nhelp: {:?}", e.help()))?;
    let seconds = start.elapsed().as_secs_f64();
    println!("{}", serde_json::to_string_pretty(&ReceiptJson::from(&added.receipt))?);
    let rows = added.receipt.rows_read();
    eprintln!("{rows} rows in {seconds:.2} s, {:.0} rows/s", rows as f64 / seconds);
    Ok(())
}
