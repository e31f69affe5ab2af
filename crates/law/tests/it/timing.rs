use crate::support::facts;
use jiff::civil::date;
use model::Subject;
use std::time::Instant;
#[test]
fn timing() {
    let t = Instant::now();
    let library = law::Library::built_in().unwrap();
    eprintln!("load {:?}", t.elapsed());
    let a = facts(Subject::Decision, "decision_date = 2026-06-04\nappeal_filed_date = { absent_through = 2026-07-05 }");
    let b = facts(Subject::Person, "admission_date = 2017-05-20\nlpr_date = 2019-08-01\nbirth_date = 2000-01-01");
    for set in [&a, &b] {
        let sets = vec![set.clone(); 100_000];
        let t = Instant::now();
        let n = library.judge(&sets, date(2026, 11, 24)).unwrap().len();
        eprintln!("judge {} results {:?}", n, t.elapsed());
    }
    for (set, id) in [(&a, "bia-appeal-notice"), (&b, "cancellation-lpr"), (&b, "usc-derived-320")] {
        let t = Instant::now();
        for _ in 0..20 {
            library.explain(set, id, date(2026, 11, 24)).unwrap();
        }
        eprintln!("explain {id} {:?}", t.elapsed() / 20);
        let t = Instant::now();
        for _ in 0..100 {
            library.judge(std::slice::from_ref(set), date(2026, 11, 24)).unwrap();
        }
        eprintln!("judge one {:?}", t.elapsed() / 100);
    }
}
