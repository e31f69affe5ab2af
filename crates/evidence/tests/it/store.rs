use crate::support::{Bench, QUIET, READ, TABLE, mapping, people, toml};
use arrow::array::{Array, AsArray};
use arrow::datatypes::Date32Type;
use evidence::{AddOptions, add, events_schema, objects_schema, refused_schema, relations_schema};
use jiff::civil::date;
use model::DeliveryId;

const GOOD: &str = "Id|City|Sex|Left\n1|a|F|7/2/2016\n2|b||\n|c|M|7/3/2016\n";

#[test]
fn objects_events_and_relations() {
    let bench = Bench::new();
    let receipt = bench.load("people.txt", GOOD, &people());
    let d = &receipt.delivery;
    let objects = bench.store.objects(d).unwrap();
    assert_eq!(objects[0].schema().fields(), objects_schema().fields());
    let ids: Vec<_> = objects[0].column(0).as_string::<i32>().iter().flatten().collect();
    assert_eq!(ids, ["test/person_record/1", "test/person_record/2"], "a row without a key describes nobody");
    let events = bench.store.events(d).unwrap();
    assert_eq!(events[0].schema().fields(), events_schema().fields());
    assert_eq!(events[0].num_rows(), 2, "a row without the date yields no event");
    let manner = events[0].column_by_name("manner").unwrap();
    assert_eq!(manner.as_string::<i32>().value(0), "own_travel");
    let birth = events[0].column_by_name("birth_date").unwrap();
    assert_eq!(birth.as_primitive::<Date32Type>().null_count(), 2);
    let relations = bench.store.relations(d).unwrap();
    assert_eq!(relations[0].schema().fields(), relations_schema().fields());
    let row: Vec<_> = (0..4).map(|c| relations[0].column(c).as_string::<i32>().value(0).to_owned()).collect();
    assert_eq!(row, [format!("{d}/departed/people:2").as_str(), "event", "person", "test/person_record/1"]);
    assert_eq!((relations[0].num_rows(), receipt.relations), (1, 1), "no relation to an object that is not there");
    let files = bench.store.files(d).unwrap();
    assert!(files.cells["people"].is_file() && files.refused.is_empty() && files.objects.len() == 1);
    assert_eq!(refused_schema().fields().len(), 7);
}

#[test]
fn adding_again_changes_nothing() {
    let bench = Bench::new();
    let file = bench.file("people.txt", GOOD);
    let first = bench.add(&file, &people()).unwrap();
    let before = snapshot(&bench);
    let second = bench.add(&file, &people()).unwrap();
    assert_eq!((first.already_present, second.already_present), (false, true));
    assert_eq!(first.receipt, second.receipt);
    assert_eq!(before, snapshot(&bench));
    // Another store gives the same bytes.
    let other = Bench::new();
    other.add(&file, &people()).unwrap();
    assert_eq!(before, snapshot(&other));
}

#[test]
fn other_mapping_or_other_day() {
    let bench = Bench::new();
    let file = bench.file("people.txt", GOOD);
    bench.add(&file, &people()).unwrap();
    let other = mapping(&toml(READ, TABLE).replace("id = \"test/people\"", "id = \"test/others\""));
    let changed = mapping(&toml(READ, &TABLE.replace("own_travel", "removal")));
    let later = AddOptions { through: Some(date(2026, 1, 31)), ..QUIET };
    let errors = [
        bench.add(&file, &other).unwrap_err(),
        bench.add(&file, &changed).unwrap_err(),
        add(&bench.store, &[file], &people(), &later).unwrap_err(),
    ];
    let delivery = bench.store.deliveries().unwrap()[0].delivery.to_string();
    let shown: Vec<String> = errors.iter().map(|e| bench.explain(e).replace(&delivery, "d-…")).collect();
    insta::assert_snapshot!(shown.join("\n"), @r###"
    failed to add delivery `d-…` under mapping `test/others` version 3: it stands under mapping `test/people` version 3
      help: use `--as test/people`, or remove the folder of `d-…` to load it anew
    failed to add delivery `d-…` under mapping `test/people` version 3: it stands under mapping `test/people` version 3
      help: the mapping was changed since: raise its `version`, and remove the delivery's folder to load it anew
    failed to add delivery `d-…` through 2026-01-31: it stands without a day through which it is complete
      help: leave out `--through`, or remove the folder of `d-…` to load it anew
    "###);
}

#[test]
fn what_a_delivery_covers() {
    let bench = Bench::new();
    bench.load("a.txt", GOOD, &people());
    assert_eq!(bench.store.covers().unwrap(), []);
    let file = bench.file("b.txt", "Id|City|Sex|Left\n");
    let through = Some(date(2026, 1, 31));
    let added = add(&bench.store, &[file], &people(), &AddOptions { through, ..QUIET }).unwrap();
    let covers = bench.store.covers().unwrap();
    assert_eq!(covers.len(), 1);
    assert_eq!((&covers[0].delivery, covers[0].through), (&added.receipt.delivery, date(2026, 1, 31)));
    assert_eq!((covers[0].event, covers[0].of), (model::EventType::Departed, model::ObjectType::PersonRecord));
    assert_eq!(bench.store.deliveries().unwrap().len(), 2);
}

#[test]
fn a_killed_load_leaves_the_last_complete_state() {
    let bench = Bench::new();
    let undisturbed = Bench::new();
    let file = bench.file("people.txt", GOOD);
    let expected = undisturbed.add(&file, &people()).unwrap().receipt;
    let delivery = expected.delivery.as_str();
    // Killed while writing: some files are there, some are cut off.
    let staging = bench.store.root().join(".staging").join(delivery);
    std::fs::create_dir_all(staging.join("cells")).unwrap();
    std::fs::write(staging.join("cells.parquet"), "PAR1 and no more").unwrap();
    std::fs::write(staging.join("receipt.json"), "{").unwrap();
    std::fs::create_dir_all(bench.store.root().join(".staging/d-other")).unwrap();
    // A delivery's folder without a receipt can only come from a hand that removed it.
    std::fs::create_dir_all(bench.store.root().join("test").join(delivery).join("cells")).unwrap();
    assert_eq!(bench.store.deliveries().unwrap(), []);
    let added = bench.add(&file, &people()).unwrap();
    assert_eq!((added.already_present, added.receipt), (false, expected));
    assert_eq!(snapshot(&bench), snapshot(&undisturbed));
    assert!(!bench.store.root().join(".staging/d-other").exists());
}

#[test]
fn one_process_adds_at_a_time() {
    let bench = Bench::new();
    let lock = std::fs::File::create(bench.store.root().join(".lock")).unwrap();
    lock.lock().unwrap();
    let error = bench.add(&bench.file("people.txt", GOOD), &people()).unwrap_err();
    assert_eq!(
        bench.explain(&error),
        "failed to add to `DIR/evidence`: another process is adding to it\n  help: wait until it is done"
    );
    drop(lock);
    bench.load("people.txt", GOOD, &people());
}

#[test]
fn pointers_that_lead_nowhere() {
    let bench = Bench::new();
    let receipt = bench.load("people.txt", GOOD, &people());
    assert_eq!(bench.show(&receipt.delivery, "people.txt", None, 1), "no such row");
    assert_eq!(bench.show(&receipt.delivery, "other.txt", None, 2), "no such row");
    for id in ["d-0", "", "../test", "."] {
        let error = bench.store.objects(&DeliveryId::new(id)).unwrap_err();
        assert_eq!(error.to_string(), format!("no delivery `{id}` in this store"));
    }
}

/// Every file of the store and its bytes.
fn snapshot(bench: &Bench) -> Vec<(String, Vec<u8>)> {
    fn walk(root: &std::path::Path, at: &std::path::Path, files: &mut Vec<(String, Vec<u8>)>) {
        let mut entries: Vec<_> = std::fs::read_dir(at).unwrap().map(|e| e.unwrap().path()).collect();
        entries.sort();
        for path in entries {
            if path.is_dir() {
                walk(root, &path, files);
            } else {
                files.push((path.strip_prefix(root).unwrap().display().to_string(), std::fs::read(&path).unwrap()));
            }
        }
    }
    let mut files = Vec::new();
    walk(bench.store.root().as_std_path(), bench.store.root().as_std_path(), &mut files);
    files
}
