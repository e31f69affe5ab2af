//! The registry of courts and facilities: reading lists, making it, looking things up, and the committed tables.

use crate::support::gzip;
use camino::{Utf8Path, Utf8PathBuf};
use evidence::registry::sources::{Reading, Readings, Row, read_folder};
use evidence::registry::{
    CodeSystem, DatedBy, InstitutionId, Kind, QuestionKind, Registry, RegistryError, Seen, Source, Tables, build::build,
};
use jiff::civil::date;
use proptest::prelude::*;
use rust_xlsxwriter::Workbook;
use std::collections::BTreeSet;
use std::fs;
use tempfile::TempDir;

/// The lists: in the folder that `REGISTRY_FROM` names, or beside the repository.
fn real() -> Option<Utf8PathBuf> {
    let beside = || Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/real");
    let path = std::env::var("REGISTRY_FROM").map_or_else(|_| beside(), Utf8PathBuf::from);
    if !path.is_dir() {
        eprintln!("skipped: {path} is not here");
        return None;
    }
    Some(path)
}

/// Rebuilds the committed tables. `UPDATE_REGISTRY=1` writes them anew.
#[test]
fn the_committed_tables_are_what_the_lists_make() {
    let Some(folder) = real() else { return };
    let found = read_folder(&folder).unwrap();
    assert_eq!(found.unread, []);
    let tables = Tables::of(&build(&found.readings));
    if std::env::var_os("UPDATE_REGISTRY").is_some() {
        tables.write(&Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("../../registry")).unwrap();
        return;
    }
    for ((name, made), (_, committed)) in tables.files().into_iter().zip(Tables::built_in().files()) {
        let stale = made.lines().zip(committed.lines()).find(|(a, b)| a != b);
        assert!(made == committed, "`registry/{name}` is stale; the first line that differs: {stale:?}");
    }
}

/// A folder of fictional lists, one of each kind.
struct Lists {
    dir: TempDir,
}

const PROVENANCE: &str = "\
# Provenance
| file | repository | commit date |
| --- | --- | --- |
| areas.csv | example/lists | 2024-05-06 |
| places.csv | example/lists | 2024-05-06 |
| tblLookupBaseCity.json | example/lists | 2023-02-01 |
| joined.csv | example/lists | 2024-05-06 |
";

const LIST: &str = "\
\"Custody Division\"||||||||||
\"6 facilities, data as of 01/02/2020\"||||||||||
\"Facility Information\"||||||||||
\"DETLOC\"|\"Name\"|\"Address\"|\"City\"|\"County\"|\"State\"|\"Zip\"|\"AOR\"|\"Type\"|\"Type Detailed\"|\"Facility Operator\"
\"ELMTWTX\"|\"JEFFERSON COUNTY JAIL\"|\"1 MAIN STREET\"|\"ELM\"|\"ELM \"|\"TX\"|75001|\"DAL\"|\"IGSA\"|\"IGSA\"|\"COUNTY\"
\"ELMANTX\"|\"JEFFERSON CO. JAIL\"|\"1 Main St.\"|\"ELM\"|\"ELM\"|\"TX\"|75001|\"DAL\"|\"IGSA\"|\"IGSA\"|\"COUNTY\"
\"ASHTWMA\"|\"JEFFERSON COUNTY JAIL\"|\"2 OAK ROAD\"|\"ASH\"|\"ASH\"|\"MA\"|2134|\"BOS\"|\"Other\"|\"HOLD\"|\"COUNTY\"
\"BIRCHNY\"|\"BIRCH HOSPITAL\"|\"3 ELM AVE\"|\"BIRCH\"|\"BIRCH\"|\"NY\"|10001|\"NYC\"|\"Other\"|\"HOSPITAL\"|\"HOSPITAL\"
\"Redacted\"|\"Redacted\"|\"Redacted\"|\"Redacted\"|\"Redacted\"|\"Redacted\"|\"Redacted\"|\"DEN\"|\"ORR\"|\"ORR\"|\"ORR\"
";

const AREAS: &str = "\
detention_facility_code,detention_facility,area_of_responsibility
ASHTWMA,\"ASHTON PROCESSING, EAST\",Boston Area of Responsibility
OAKTWCA,OAK TOWN JAIL,NA
";

const JOINED: &str = "\
detloc|name|address|city|county|state|zip|aor|type_detailed|dmcp_auth
BIRCHNY|BIRCH HOSPITAL|3 ELM AVE|BIRCH|BIRCH|NY|10001|NYC|HOSPITAL|TRUE
HAZELNY|HAZEL HOLD ROOM|NA|HAZEL|NA|NY|NA|NYC|HOLD|FALSE
";

const HEADCOUNT: &str = "\
detention_facility_code|n|date
ASHTWMA|0|2018-01-01
ASHTWMA|4|2018-02-01
ASHTWMA|1|2019-03-04
ASHTWMA|0|2021-01-01
ROWANWA|0|2018-01-05
";

const PLACES: &str = "\
detention_facility_code,detention_facility_name,latitude,longitude
ELMTWTX,Jefferson County Jail,32.5,-96.25
ASHTWMA,Jefferson County Jail,132.5,-96.25
";

impl Lists {
    fn new() -> Self {
        let lists = Self { dir: TempDir::new().unwrap() };
        lists.write("a/PROVENANCE.md", PROVENANCE);
        lists.write("a/list.csv.gz", gzip(LIST.as_bytes()));
        lists.write("a/areas.csv", AREAS);
        lists.write("a/joined.csv", JOINED);
        lists.write("a/places.csv", PLACES);
        lists.write("a/heads.txt", HEADCOUNT);
        lists.write("a/other.csv", "name,age\nsomebody,30\n");
        lists.write(
            "a/tblLookupBaseCity.json",
            r#"{"ELM": "IMMIGRATION COURT  ", "BIA": "BOARD OF IMMIGRATION APPEALS"}"#,
        );
        lists.write("b/undated.csv", AREAS);
        let wide = |code: &str, name: &str, line: &str, city: &str| {
            let mut cells = vec![String::new(); 30];
            for (at, text) in
                [(1, code), (2, name), (3, line), (4, "9 HIGH ST"), (5, city), (6, "TX"), (7, "750010000"), (9, "ELM")]
            {
                cells[at] = format!("\"{text}\"");
            }
            cells[16] = "2013-04-05 01:02:03".to_owned();
            format!("{}\n", cells.join(","))
        };
        let hearings = wide("ELJ", "JEFFERSON COUNTY JAIL", "WARDEN A. B. EXAMPLE", "ELM")
            + &wide("TBD", "TEXAS DOC", "", "TO BE DECIDED")
            + &wide("TST", "TEST HEARING LOC", "", "ELM");
        lists.write("b/tblLookupHloc.csv", &hearings);
        lists.workbook("b/FY21_stats03042021.xlsx");
        lists
    }

    fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        let path = self.dir.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn workbook(&self, name: &str) {
        let mut workbook = Workbook::new();
        workbook.add_worksheet().set_name("Notes").unwrap().write(0, 0, "Nothing here").unwrap();
        let sheet = workbook.add_worksheet().set_name("Facilities FY21").unwrap();
        sheet.write(0, 0, "ICE FACILITIES DATA, FY21").unwrap();
        let rows = [
            ["Name", "Address", "City", "State", "Zip", "AOR", "Type Detailed", "FY21 ALOS"],
            ["Jefferson County Jail", "2 Oak Rd", "Ash", "MA", "2134", "BOS", "IGSA", "1"],
            ["JEFFERSON COUNTY JAIL", "1 MAIN STREET", "ELM", "TX", "75001", "DAL", "IGSA", "1"],
            ["NEW ELM JAIL", "5 SIDE STREET", "ELM", "TX", "75001", "DAL", "IGSA", "1"],
            ["STATELESS JAIL", "6 SIDE STREET", "ELM", "", "75001", "DAL", "IGSA", "1"],
            ["A footnote that explains", "", "", "", "", "", "", ""],
        ];
        for (row, cells) in (3..).zip(rows) {
            for (column, text) in (0..).zip(cells) {
                sheet.write(row, column, text).unwrap();
            }
        }
        let path = self.dir.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        workbook.save(path).unwrap();
    }

    fn folder(&self) -> &Utf8Path {
        Utf8Path::from_path(self.dir.path()).unwrap()
    }

    fn read(&self) -> Readings {
        read_folder(self.folder()).unwrap()
    }
}

#[test]
fn lists_of_every_kind_become_tables() {
    let lists = Lists::new();
    let found = lists.read();
    let unread: Vec<_> = found.unread.iter().map(|u| (u.file.file_name().unwrap(), u.why.as_str())).collect();
    assert_eq!(
        unread,
        [("undated.csv", "it has no date: neither in it, nor in its name, nor in a `PROVENANCE.md` beside it")]
    );
    assert_eq!(found.other_files, 1);
    let tables = Tables::of(&build(&found.readings));
    let text: String = tables.files().iter().map(|(name, text)| format!("{name}\n{text}\n")).collect();
    insta::assert_snapshot!(text);
}

#[test]
fn rules() {
    let registry = build(&Lists::new().read().readings);
    let get = |id: &str| registry.get(&InstitutionId::new(id));
    let names = |id: &str| get(id).map_or_else(Vec::new, |i| i.names.iter().map(|n| n.name.as_str()).collect());
    let asked = |kind: QuestionKind, id: &str| {
        let id = InstitutionId::new(id);
        registry.open_questions().iter().filter(|q| q.asks == kind && q.institutions.contains(&id)).count()
    };
    // One name, three codes: three institutions; the two at one address are in question.
    for id in ["facility/ELMTWTX", "facility/ELMANTX", "facility/ASHTWMA"] {
        assert!(get(id).is_some(), "{id}");
    }
    assert_eq!(asked(QuestionKind::OneOrSeveral, "facility/ELMTWTX"), 1);
    assert_eq!(asked(QuestionKind::OneOrSeveral, "facility/ASHTWMA"), 0);
    // Name, city and state fit one code: the workbook speaks of it. Two codes: a question, and an id of its own.
    assert_eq!(names("facility/ASHTWMA"), ["Jefferson County Jail", "ASHTON PROCESSING, EAST"]);
    assert_eq!(names("facility/name/jefferson-county-jail-tx"), ["JEFFERSON COUNTY JAIL"]);
    assert_eq!(asked(QuestionKind::WhichCode, "facility/name/jefferson-county-jail-tx"), 1);
    assert_eq!(asked(QuestionKind::WhichCode, "facility/name/new-elm-jail-tx"), 1);
    assert_eq!(asked(QuestionKind::RenamedOrReplaced, "facility/ASHTWMA"), 1);
    assert_eq!(asked(QuestionKind::RenamedOrReplaced, "facility/ELMTWTX"), 0);
    assert_eq!(asked(QuestionKind::WhichKind, "facility/ASHTWMA"), 1);
    assert_eq!(asked(QuestionKind::WhichCity, "court/ELM"), 1);
    assert_eq!(asked(QuestionKind::SamePlace, "hearing-location/ELJ"), 2);
    // Days without anybody do not stretch a code's time, unless there are no others.
    let seen = |id: &str| get(id).and_then(|i| i.codes.first()).map(|c| c.seen.to_string());
    assert_eq!(seen("facility/ASHTWMA").as_deref(), Some("2018-02-01 to 2024-05-06"));
    assert_eq!(seen("facility/ROWANWA").as_deref(), Some("2018-01-05"));
    // A join of older lists says nothing of the day on which it was published, unless nothing else is known.
    assert_eq!(seen("facility/BIRCHNY").as_deref(), Some("2020-01-02"));
    assert_eq!(seen("facility/HAZELNY").as_deref(), Some("2024-05-06"));
    // Coordinates off the globe are not taken.
    assert!(get("facility/ELMTWTX").is_some_and(|i| i.coordinates.is_some()));
    assert!(get("facility/ASHTWMA").is_some_and(|i| i.coordinates.is_none()));
    assert_eq!(get("hearing-location/ELJ").and_then(|i| i.court.clone()), Some(InstitutionId::new("court/ELM")));
    assert_eq!(get("hearing-location/TST").map(|i| i.kind), Some(Kind::TestEntry));
    assert_eq!(get("court/BIA").map(|i| i.kind), Some(Kind::AppealsBoard));
    assert!(get("hearing-location/TBD").is_some_and(|i| i.address.as_ref().is_some_and(|a| a.zip.is_none())));
}

#[test]
fn what_is_withheld_and_who_is_a_person_is_left_out() {
    let tables = Tables::of(&build(&Lists::new().read().readings));
    for (name, text) in tables.files() {
        let text = text.to_lowercase();
        assert!(!text.contains("redacted") && !text.contains("warden") && !text.contains("somebody"), "{name}");
    }
}

#[test]
fn errors_say_what_would_work() {
    let empty = TempDir::new().unwrap();
    let empty = Utf8Path::from_path(empty.path()).unwrap();
    let error = read_folder(empty).unwrap_err();
    assert!(matches!(error, RegistryError::Nothing { .. }));
    assert_eq!(error.help().as_deref(), Some("docs/registry.md lists the kinds of files that are read"));
    let error = read_folder(&empty.join("none")).unwrap_err();
    assert_eq!(error.to_string(), format!("failed to list `{}`", empty.join("none")));

    let folder = Lists::new();
    let tables = Tables::of(&build(&folder.read().readings));
    let out = folder.folder().join("out");
    tables.write(&out).unwrap();
    assert_eq!(Tables::read(&out).unwrap(), tables);
    for (file, from, to, expected) in [
        (
            "institutions.csv",
            ",hospital,",
            ",hospitle,",
            "failed to read row 5 of `institutions.csv`: `hospitle` is no `kind`",
        ),
        (
            "names.csv",
            "2020-01-02",
            "2020-13-02",
            "failed to read row 4 of `names.csv`: `2020-13-02` is no `first_seen`",
        ),
        (
            "codes.csv",
            "facility/BIRCHNY",
            "facility/X",
            "failed to read row 1 of `codes.csv`: `facility/X` is not in `institutions.csv`",
        ),
        (
            "sources.csv",
            "source,title",
            "title,source",
            "failed to read row 1 of `sources.csv`: the columns are not source, title, first_day, last_day, dated_by, rows, files",
        ),
    ] {
        let whole = fs::read_to_string(out.join(file)).unwrap();
        assert!(whole.contains(from), "{file}");
        fs::write(out.join(file), whole.replacen(from, to, 1)).unwrap();
        assert_eq!(Registry::open(&out).unwrap_err().to_string(), expected);
        fs::write(out.join(file), whole).unwrap();
    }
}

#[test]
fn looking_up_the_built_in_registry() {
    let registry = Registry::built_in().unwrap();
    for (system, code, id) in [
        (CodeSystem::Detloc, "STWRTGA", Some("facility/STWRTGA")),
        (CodeSystem::EoirBaseCity, "ATL", Some("court/ATL")),
        (CodeSystem::EoirHearingLocation, "SDC", Some("hearing-location/SDC")),
        (CodeSystem::Detloc, "SDC", None),
        (CodeSystem::Detloc, "Redacted", None),
    ] {
        assert_eq!(registry.by_code(system, code).map(|i| i.id.as_str()), id, "{code}");
    }
    // One text may be a code of several agencies.
    let both: Vec<_> = registry.by_id_or_code("kro").iter().map(|i| i.id.as_str()).collect();
    assert_eq!(both, ["facility/KRO", "court/KRO", "hearing-location/KRO"]);
    for (name, id, why) in [
        ("Stewart Det. Ctr.", "facility/STWRTGA", "equal but for case, punctuation and short forms"),
        ("south texas ice processing center", "facility/STCDFTX", "equal but for case, punctuation and short forms"),
        ("Eloy Federal Contract Fcility", "facility/EAZ", "spelled alike"),
        (
            "Jefferson County Jail Mount Vernon IL",
            "facility/JEFFEIL",
            "equal but for case, punctuation and short forms",
        ),
    ] {
        let found = registry.find(name, 3);
        let first = found.first().unwrap();
        assert_eq!((first.institution.id.as_str(), first.why), (id, why), "{name}");
    }
    assert_eq!(registry.find("  ", 3), []);
    assert_eq!(registry.find("qqqq zzzz xxxx", 3), []);
}

#[test]
fn the_built_in_registry_is_sound() {
    let registry = Registry::built_in().unwrap();
    assert_eq!(Tables::of(&registry), Tables::built_in(), "the tables are not in their order");
    assert!(registry.institutions().len() > 3000 && registry.open_questions().len() > 300);
    let sources: BTreeSet<&str> = registry.sources().iter().map(|s| s.id.as_str()).collect();
    for i in registry.institutions() {
        assert!(!i.names.is_empty() || !i.codes.is_empty(), "{}", i.id);
        let of_names = i.names.iter().flat_map(|n| &n.sources).chain(i.codes.iter().flat_map(|c| &c.sources));
        assert!(of_names.map(String::as_str).all(|s| sources.contains(s)), "{}", i.id);
        if i.id.is_by_name() {
            let asked = |q: &&evidence::registry::OpenQuestion| {
                q.asks == QuestionKind::WhichCode && q.institutions == [i.id.clone()]
            };
            assert_eq!(registry.open_questions().iter().filter(asked).count(), 1, "{}", i.id);
        }
        for n in &i.names {
            let name = n.name.to_uppercase();
            assert!(!["WARDEN", "ADMINISTRATOR", "JUDGE,"].iter().any(|word| name.contains(word)), "{name}");
        }
    }
    for q in registry.open_questions() {
        assert!(q.institutions.iter().all(|id| registry.get(id).is_some()), "{q:?}");
        assert!(!q.evidence.is_empty() && q.sources.iter().all(|s| sources.contains(s.as_str())), "{q:?}");
    }
}

fn a_row() -> impl Strategy<Value = Row> {
    let code = prop::option::of(prop::sample::select(vec!["ELMTWTX", "ASHTWMA", "OAKTWCA"]));
    let name =
        prop::sample::select(vec!["JEFFERSON COUNTY JAIL", "Jefferson Co. Jail", "ELM \"OLD\" JAIL, EAST", "ANNEX"]);
    let city = prop::option::of(prop::sample::select(vec!["ELM", "Elm", "ASH"]));
    let state = prop::option::of(prop::sample::select(vec!["TX", "MA"]));
    let kind = prop::option::of(prop::sample::select(vec![Kind::HoldRoom, Kind::DetentionFacility, Kind::Other]));
    (code, name, city, state, kind, prop::option::of("[1-9] [A-Z]{3} ST")).prop_map(
        |(code, name, city, state, kind, street)| Row {
            code: code.map(|code| (CodeSystem::Detloc, code.to_owned())),
            name: Some(name.to_owned()),
            city: city.map(str::to_owned),
            state: state.map(str::to_owned),
            street,
            kind,
            ..Row::default()
        },
    )
}

fn readings() -> impl Strategy<Value = Vec<Reading>> {
    prop::collection::vec(prop::collection::vec(a_row(), 0..6), 1..4).prop_map(|sources| {
        let reading = |(n, rows): (i16, Vec<Row>)| {
            let day = date(2010 + n, 1, 1);
            let source = Source {
                id: format!("list{n}"),
                title: "a list, \"dated\"".to_owned(),
                seen: Seen { first: day, last: day },
                dated_by: if n == 0 { DatedBy::PublishedLater } else { DatedBy::Banner },
                files: vec![format!("a/{n}.csv")],
                rows: rows.len() as u64,
            };
            Reading { source, rows }
        };
        (0..).zip(sources).map(reading).collect()
    })
}

proptest! {
    /// The tables hold the registry whole.
    #[test]
    fn tables_hold_the_registry(readings in readings()) {
        let registry = build(&readings);
        prop_assert_eq!(Tables::of(&registry).registry().unwrap(), registry);
    }

    /// The order in which sources are read does not matter.
    #[test]
    fn the_order_of_sources_does_not_matter(readings in readings()) {
        let mut turned = readings.clone();
        turned.reverse();
        prop_assert_eq!(build(&turned), build(&readings));
    }

    /// Every code is one institution, no name joins two, and what has no code is asked about.
    #[test]
    fn a_code_is_an_institution(readings in readings()) {
        let registry = build(&readings);
        let codes: BTreeSet<String> =
            readings.iter().flat_map(|r| &r.rows).filter_map(|r| Some(format!("facility/{}", r.code.as_ref()?.1))).collect();
        let (by_name, coded): (Vec<_>, Vec<_>) = registry.institutions().iter().partition(|i| i.id.is_by_name());
        let made: BTreeSet<String> = coded.iter().map(|i| i.id.to_string()).collect();
        prop_assert_eq!(made, codes);
        for i in by_name {
            prop_assert!(registry.open_questions().iter().any(|q| q.institutions.contains(&i.id)));
        }
    }
}
