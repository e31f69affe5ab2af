//! Golden layouts: which files a tree of each size has, and how they are named (C2SP tlog-tiles).

use std::collections::BTreeSet;

use ledger::{Tile, TileKind};
use tlog_tiles::Tile as OracleTile;

use crate::Folder;

#[test]
fn tile_paths() {
    for (kind, index, width, path) in [
        (TileKind::Hashes(0), 0, 256, "tile/0/000"),
        (TileKind::Hashes(0), 999, 1, "tile/0/999.p/1"),
        (TileKind::Hashes(1), 1_000, 255, "tile/1/x001/000.p/255"),
        (TileKind::Hashes(2), 1_234_067, 256, "tile/2/x001/x234/067"),
        (TileKind::Hashes(63), 1_234_067, 8, "tile/63/x001/x234/067.p/8"),
        (TileKind::Entries, 1_234_067, 256, "tile/entries/x001/x234/067"),
        (TileKind::Entries, 1_000_000, 5, "tile/entries/x001/x000/000.p/5"),
    ] {
        let tile = Tile { kind, index, width };
        assert_eq!(tile.path(), path);
        assert_eq!(Tile::parse(path), Some(tile));
    }
}

#[test]
fn other_paths_are_not_tiles() {
    for path in [
        "",
        "tile",
        "tile/0",
        "tile/0/",
        "tile/0/0",
        "tile/0/0000",
        "tile/00/000",
        "tile/64/000",
        "tile/+1/000",
        "tile/-1/000",
        "tile/0/x000/000",
        "tile/0/001/000",
        "tile/0/x001",
        "tile/0/+01",
        "tile/0/000.p/0",
        "tile/0/000.p/256",
        "tile/0/000.p/01",
        "tile/0/000.p/1/2",
        "tile/0/000.p",
        "tile/data/000",
        "/tile/0/000",
        "tile/0/x999/x999/x999/x999/x999/x999/x999/999",
    ] {
        assert_eq!(Tile::parse(path), None, "{path}");
    }
}

/// The files of a log that was appended to at each size in turn, without partial tiles of earlier sizes.
#[test]
fn golden_layouts() {
    let level0_and_entries = |full: u64, partial: &[&str]| {
        let mut paths = Vec::new();
        for kind in [TileKind::Entries, TileKind::Hashes(0)] {
            paths.extend((0..full).map(|index| Tile { kind, index, width: 256 }.path().to_string()));
            let folder = if kind == TileKind::Entries { "tile/entries/" } else { "tile/0/" };
            paths.extend(partial.iter().map(|tile| format!("{folder}{tile}")));
        }
        paths
    };
    let cases: [(u64, u64, &[&str], &[&str]); 10] = [
        (0, 0, &[], &[]),
        (1, 0, &["000.p/1"], &[]),
        (2, 0, &["000.p/2"], &[]),
        (255, 0, &["000.p/255"], &[]),
        (256, 1, &[], &["tile/1/000.p/1"]),
        (257, 1, &["001.p/1"], &["tile/1/000.p/1"]),
        (65_535, 255, &["255.p/255"], &["tile/1/000.p/255"]),
        (65_536, 256, &[], &["tile/1/000", "tile/2/000.p/1"]),
        (65_537, 256, &["256.p/1"], &["tile/1/000", "tile/2/000.p/1"]),
        (70_000, 273, &["273.p/112"], &["tile/1/000", "tile/1/001.p/17", "tile/2/000.p/1"]),
    ];
    let sizes: Vec<u64> = cases.iter().map(|case| case.0).collect();
    for (at, (size, full, partial, above)) in cases.into_iter().enumerate() {
        let golden: BTreeSet<String> =
            level0_and_entries(full, partial).into_iter().chain(above.iter().map(ToString::to_string)).collect();

        // A second opinion on the golden data itself.
        let oracle = OracleTile::new_tiles(8, 0, size).into_iter().flat_map(|tile| {
            let path = tile.path().replace("tile/8/", "tile/");
            let bundle = path.strip_prefix("tile/0/").map(|rest| format!("tile/entries/{rest}"));
            [Some(path), bundle].into_iter().flatten()
        });
        assert_eq!(golden, oracle.collect(), "size {size}");

        // The large sizes in one append, the small ones as they grow.
        let appends = if size < 1000 { &sizes[..=at] } else { &sizes[at..=at] };
        let (folder, _) = Folder::grown(appends);
        let is_earlier = |path: &String| {
            let tile = Tile::parse(path).unwrap();
            Tile::at(tile.kind, tile.index, size).is_some_and(|now| tile.width < now.width)
        };
        let files: BTreeSet<String> = folder.tiles().into_iter().filter(|path| !is_earlier(path)).collect();
        assert_eq!(files, golden, "size {size}");
        folder.assert_clean(size);
    }
}

#[test]
fn partial_tiles_stay_until_the_full_one_is_published() {
    let (folder, mut ledger) = Folder::grown(&[1, 2, 255]);
    let partials = |folder: &Folder| folder.tiles().into_iter().filter(|path| path.contains(".p/")).count();
    assert_eq!(partials(&folder), 6);
    ledger.append(&crate::entries(255, 256), &crate::key()).unwrap();
    assert_eq!(folder.tiles(), ["tile/0/000", "tile/1/000.p/1", "tile/entries/000"]);
}
