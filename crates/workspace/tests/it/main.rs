//! A workspace on disk with a clock that stands still.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on should stop")]

mod query;

use camino::{Utf8Path, Utf8PathBuf};
use evidence::{AddOptions, Mapping};
use jiff::civil::{Date, date};
use jiff::{SignedDuration, Timestamp};
use model::{Clock, CountingEntropy, Outcome, PersonId, Purpose, Status};
use office::{Actor, OpeningId};
use std::fs;
use std::sync::{Arc, Mutex};
use synth::OfficeSpec;
use workspace::{Machine, Workspace, WorkspaceError, verify_ledger};

const AS_OF: Date = date(2026, 11, 24);

/// A clock that the test sets.
struct TestClock(Mutex<Timestamp>);

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap()
    }
}

struct Desk {
    clock: Arc<TestClock>,
    folder: tempfile::TempDir,
}

impl Desk {
    fn new() -> Self {
        let clock = Arc::new(TestClock(Mutex::new(Timestamp::constant(1_795_500_000, 0))));
        Self { clock, folder: tempfile::tempdir().unwrap() }
    }

    fn root(&self) -> Utf8PathBuf {
        Utf8Path::from_path(self.folder.path()).unwrap().join("w")
    }

    fn machine(&self) -> Machine {
        Machine { clock: self.clock.clone(), entropy: Arc::new(CountingEntropy::default()) }
    }

    async fn init(&self) -> Workspace {
        Workspace::init(&self.root(), "Test", self.machine()).await.unwrap()
    }

    /// An office of `people`, taken in but not built.
    async fn office(&self, people: u32) -> Workspace {
        let workspace = self.init().await;
        let spec = OfficeSpec { people, seed: 5, as_of: AS_OF };
        let out = Utf8Path::from_path(self.folder.path()).unwrap().join("deliveries");
        for delivery in synth::office(&spec, &out).unwrap().deliveries {
            let mapping = Mapping::resolve(delivery.mapping).unwrap();
            let options = AddOptions { through: delivery.through, progress: &|_| {} };
            workspace.add(&delivery.files, &mapping, &options, &by()).await.unwrap();
        }
        workspace
    }
}

fn by() -> Actor {
    Actor("Test".to_owned())
}

async fn add_public(workspace: &Workspace) {
    let sample = concat!(env!("CARGO_MANIFEST_DIR"), "/../../samples/public/ICERemovals_FY2018_sample.csv.gz");
    let mapping = Mapping::resolve("ice/removals-foia-2019").unwrap();
    let options = AddOptions { through: None, progress: &|_| {} };
    workspace.add(&[sample.into()], &mapping, &options, &by()).await.unwrap();
}

/// Use limit: public anonymised rows are never joined to a person.
#[tokio::test]
async fn public_rows_never_become_persons() {
    let desk = Desk::new();
    let workspace = desk.office(8).await;
    let before = workspace.build(AS_OF, &by()).await.unwrap();
    add_public(&workspace).await;
    let after = workspace.build(AS_OF, &by()).await.unwrap();
    assert_eq!(before.build().deliveries, after.build().deliveries);
    assert_eq!(before.files().count(), after.files().count());
    let ids = |s: &workspace::Snapshot| s.files().map(|f| f.person.clone()).collect::<Vec<_>>();
    assert_eq!(ids(&before), ids(&after), "ids stay from build to build");
}

/// Use limits: relief screening stays in the person's own file; a signal of citizenship comes up while liberty is at stake.
#[tokio::test]
async fn the_queue_holds_work_and_no_screening() {
    let desk = Desk::new();
    let snapshot = desk.office(40).await.build(AS_OF, &by()).await.unwrap();
    let queue = snapshot.queue();
    assert!(!queue.is_empty());
    for o in &queue {
        assert_ne!(o.judged.outcome, Outcome::PossibleRelief);
        assert!(!matches!(o.judged.status, Status::Met | Status::NotApplicable));
        if o.judged.outcome == Outcome::PossibleCitizenship {
            let file = snapshot.file(&o.person).unwrap();
            assert!(file.in_custody() == Some(true) || file.in_proceedings() == Some(true));
        }
    }
    let all = || snapshot.files().flat_map(|f| &f.obligations);
    assert!(all().any(|o| o.judged.outcome == Outcome::PossibleRelief && o.judged.status == Status::Owed));
    assert!(queue.iter().any(|o| o.judged.outcome == Outcome::PossibleCitizenship));
}

#[tokio::test]
async fn every_criterion_says_something_about_the_fictional_office() {
    let desk = Desk::new();
    let workspace = desk.office(60).await;
    let snapshot = workspace.build(AS_OF, &by()).await.unwrap();
    for criterion in workspace.library().criteria() {
        let of = |status| {
            let obligations = snapshot.files().flat_map(|f| &f.obligations);
            obligations.filter(|o| *o.judged.criterion == *criterion.id && o.judged.status == status).count()
        };
        let standing = of(Status::Owed) + of(Status::Due) + of(Status::Missed) + of(Status::Met);
        assert!(standing > 0, "`{}` never stands", criterion.id);
    }
}

#[tokio::test]
async fn a_read_back_build_says_the_same() {
    let desk = Desk::new();
    let workspace = desk.office(20).await;
    let built = workspace.build(AS_OF, &by()).await.unwrap();
    let read = Workspace::open(&desk.root(), desk.machine()).await.unwrap().snapshot().await.unwrap();
    assert_eq!(built.build(), read.build());
    for (a, b) in built.files().zip(read.files()) {
        assert_eq!((&a.person, &a.names, &a.facts, &a.timeline), (&b.person, &b.names, &b.facts, &b.timeline));
        let ids = |f: &workspace::CaseFile| {
            f.obligations.iter().map(|o| (o.id.clone(), o.judged.clone())).collect::<Vec<_>>()
        };
        assert_eq!(ids(a), ids(b));
        assert_eq!(a.links.len(), b.links.len());
    }
}

#[tokio::test]
async fn a_delivery_moved_into_place_by_a_killed_run_is_recorded_by_the_next() {
    let (whole, cut) = (Desk::new(), Desk::new());
    let workspace = whole.init().await;
    add_public(&workspace).await;
    drop(cut.init().await);
    // What stands on disk when a run is killed between the rename and the record.
    copy(&whole.root().join("evidence"), &cut.root().join("evidence"));
    let opened = Workspace::open(&cut.root(), cut.machine()).await.unwrap();
    assert_eq!(opened.receipts().unwrap().len(), 1);
    assert_eq!(opened.ledger_state().unwrap().size, 1);
    verify_ledger(&opened.ledger_folder(), &opened.verifier_key().unwrap()).unwrap();
}

fn copy(from: &Utf8Path, to: &Utf8Path) {
    fs::create_dir_all(to).unwrap();
    for entry in from.read_dir_utf8().unwrap() {
        let path = entry.unwrap().into_path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() { copy(&path, &target) } else { fs::copy(&path, &target).map(drop).unwrap() }
    }
}

#[tokio::test]
async fn a_ledger_that_is_ahead_of_the_case_store_is_refused() {
    let desk = Desk::new();
    let workspace = desk.init().await;
    add_public(&workspace).await;
    drop(workspace);
    for name in ["office.sqlite", "office.sqlite-wal", "office.sqlite-shm"] {
        let _ = fs::remove_file(desk.root().join(name));
    }
    fs::remove_dir_all(desk.root().join("evidence/ice")).unwrap();
    let error = Workspace::open(&desk.root(), desk.machine()).await.err().unwrap();
    assert!(matches!(error, WorkspaceError::LedgerAhead { size: 1, recorded: 0 }), "{error}");
    assert!(error.help().unwrap().contains("backup"));
}

#[tokio::test]
async fn an_opening_runs_out_with_the_working_day() {
    let desk = Desk::new();
    let workspace = desk.init().await;
    let person = PersonId::new("p-1");
    let opening = workspace.open_file(&person, Purpose::Intake, &by()).await.unwrap();
    workspace.admitted(&person, &opening.id).await.unwrap();
    *desk.clock.0.lock().unwrap() += SignedDuration::from_hours(9);
    let late = workspace.admitted(&person, &opening.id).await.unwrap_err();
    assert!(matches!(late, WorkspaceError::OpeningNeeded { .. }), "{late}");
    assert!(!workspace.admitted_to_any(&[person], &OpeningId("guessed".to_owned())).await.unwrap());
    assert_eq!(workspace.ledger_state().unwrap().size, 2, "the opening and the refusal");
}

#[tokio::test]
async fn a_folder_of_another_format_is_refused() {
    let desk = Desk::new();
    drop(desk.init().await);
    fs::write(desk.root().join("throughline.toml"), "format = 99\nname = \"later\"\n").unwrap();
    let error = Workspace::open(&desk.root(), desk.machine()).await.err().unwrap();
    assert!(error.to_string().contains("format 99"), "{error}");
}
