//! The figures, worked out by hand.

use linkage::{Cluster, Config, Truth, WithinSources, evaluate, link};

use crate::support::records;

#[test]
fn by_hand() {
    // Truth: {a b c} {d e}. Found: {a b} {c d e}.
    let records = records("a\nb\nc\nd\ne\nuntold");
    let mut linked = link(&records, &Config::standard(), &[], 1).unwrap();
    let cluster = |id: &str, records: &[u32]| Cluster { id: id.to_owned(), records: records.to_vec() };
    linked.clusters = vec![cluster("a", &[0, 1]), cluster("c", &[2, 3, 4]), cluster("untold", &[5])];
    let truth: Truth = [("a", "p"), ("b", "p"), ("c", "p"), ("d", "q"), ("e", "q")]
        .into_iter()
        .map(|(record, entity)| (record.to_owned(), entity.to_owned()))
        .collect();
    let found = evaluate(&records, &linked, &truth, 0.95, WithinSources::Link);
    assert_eq!(found.true_pairs, 4);
    // Pairs found: ab, cd, ce, de. Right: ab, de.
    assert_eq!((found.cluster_pairs.precision, found.cluster_pairs.recall), (0.5, 0.5));
    // Precision by record: a 1, b 1, c 1/3, d 2/3, e 2/3. Recall: a 2/3, b 2/3, c 1/3, d 1, e 1.
    assert!((found.b_cubed.precision - (1.0 + 1.0 + 1.0 / 3.0 + 2.0 / 3.0 + 2.0 / 3.0) / 5.0).abs() < 1e-12);
    assert!((found.b_cubed.recall - (2.0 / 3.0 + 2.0 / 3.0 + 1.0 / 3.0 + 1.0 + 1.0) / 5.0).abs() < 1e-12);
    // Every pair was compared and kept, since six empty records leave the prior as it was; none reaches the threshold.
    assert_eq!((found.pairs.recall, found.reach), (0.0, 1.0));
}

#[test]
fn all_right() {
    let records = records("a | Ilvana | Brumal | 1990-03-04 | A012345678\nb | Ilvana | Brumal | 1990-03-04 | 12345678");
    let linked = link(&records, &Config::standard(), &[], 1).unwrap();
    let truth: Truth = ["a", "b"].map(|id| (id.to_owned(), "p".to_owned())).into_iter().collect();
    let found = evaluate(&records, &linked, &truth, 0.95, WithinSources::Link);
    assert_eq!((found.pairs.f1(), found.cluster_pairs.f1(), found.b_cubed.f1()), (1.0, 1.0, 1.0));
}
