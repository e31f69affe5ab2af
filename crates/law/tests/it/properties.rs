//! What holds for every set of facts.

use crate::support::LIBRARY;
use jiff::civil::Date;
use law::Criterion;
use law::calendar::days_after;
use model::{FactSet, FactState, FactType, FactValue, Sourced, fact_def};
use proptest::prelude::*;
use std::collections::BTreeMap;

fn day() -> impl Strategy<Value = Date> {
    let near = |from: Date| (-40..400_i64).prop_map(move |offset| days_after(from, offset).unwrap());
    prop_oneof![
        4 => near(Date::constant(2025, 12, 1)),
        1 => near(Date::constant(2021, 1, 1)),
        1 => near(Date::constant(2001, 1, 1)),
        1 => near(Date::constant(2008, 2, 29)),
        1 => (0..20_000_i64).prop_map(|offset| days_after(Date::constant(1980, 1, 1), offset).unwrap()),
    ]
}

fn value(kind: FactType) -> BoxedStrategy<FactValue> {
    match kind {
        FactType::Date => day().prop_map(FactValue::Date).boxed(),
        FactType::DateTime => {
            (day(), 0..24_i8, 0..60_i8).prop_map(|(day, h, m)| FactValue::DateTime(day.at(h, m, 0, 0))).boxed()
        }
        FactType::Boolean => any::<bool>().prop_map(FactValue::Boolean).boxed(),
        FactType::Integer => (0..90_i64).prop_map(FactValue::Integer).boxed(),
        FactType::Text => Just(FactValue::Text("custody".to_owned())).boxed(),
    }
}

fn state(kind: FactType) -> BoxedStrategy<Option<FactState>> {
    let sourced = |value: FactValue| Sourced { value, from: vec![] };
    prop_oneof![
        3 => Just(None),
        5 => value(kind).prop_map(move |value| Some(FactState::Known(sourced(value)))),
        1 => day().prop_map(|through| Some(FactState::Absent { through, from: vec![] })),
        1 => (value(kind), value(kind)).prop_map(move |(a, b)| {
            let mut values = vec![sourced(a), sourced(b)];
            values.sort_by(|a, b| a.value.cmp(&b.value));
            values.dedup();
            Some(if values.len() == 1 { FactState::Known(values.remove(0)) } else { FactState::Conflict(values) })
        }),
    ]
    .boxed()
}

fn set_for(criterion: &'static Criterion) -> impl Strategy<Value = FactSet> {
    let facts: Vec<_> = criterion
        .inputs()
        .map(|name| state(fact_def(name).unwrap().kind).prop_map(move |state| (name, state)).boxed())
        .collect();
    facts.prop_map(move |facts| FactSet {
        subject: criterion.subject,
        key: "case".to_owned(),
        facts: facts.into_iter().filter_map(|(name, state)| state.map(|state| (name, state))).collect(),
    })
}

/// A criterion by position, a set for it, and an as-of date.
fn case() -> impl Strategy<Value = (&'static Criterion, FactSet, Date)> {
    (0..LIBRARY.criteria().len()).prop_flat_map(|index| {
        let criterion = &LIBRARY.criteria()[index];
        (Just(criterion), set_for(criterion), day())
    })
}

/// Whether a fact follows from another that the set holds, and so is not unknown.
fn follows(name: &str, set: &FactSet) -> bool {
    let other = match name {
        "removal_date" => "removal_at",
        "birth_date_earliest" | "birth_date_latest" => "birth_date",
        _ => return false,
    };
    set.facts.contains_key(other)
}

/// Clause values by version and clause, for clauses that no conflict makes vary.
fn clauses(criterion: &Criterion, set: &FactSet, as_of: Date) -> BTreeMap<(String, String), Option<bool>> {
    let explanation = LIBRARY.explain(set, &criterion.id, as_of).unwrap();
    let version = explanation.judged.version.as_deref().unwrap_or("").to_owned();
    let clauses = explanation.clauses.iter().filter(|clause| !clause.varies);
    clauses.map(|clause| ((version.clone(), clause.clause.id.to_string()), clause.value)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// No clause is true or false where an input that matters is unknown: whatever an unknown fact turns out to be,
    /// a clause that had a value keeps it.
    #[test]
    fn an_unknown_fact_never_turns_a_clause_around(
        (criterion, set, as_of) in case(),
        pick in any::<prop::sample::Index>(),
        seed in any::<[u8; 32]>(),
    ) {
        let unknown: Vec<_> =
            criterion.inputs().filter(|name| !set.facts.contains_key(name) && !follows(name, &set)).collect();
        prop_assume!(!unknown.is_empty());
        let fact = unknown[pick.index(unknown.len())];
        let before = clauses(criterion, &set, as_of);
        let mut runner = proptest::test_runner::TestRunner::new_with_rng(
            ProptestConfig::default(),
            proptest::test_runner::TestRng::from_seed(proptest::test_runner::RngAlgorithm::ChaCha, &seed),
        );
        for _ in 0..4 {
            let value = value(fact_def(fact).unwrap().kind).new_tree(&mut runner).unwrap().current();
            let mut settled = set.clone();
            settled.facts.insert(fact, FactState::Known(Sourced { value: value.clone(), from: vec![] }));
            let after = clauses(criterion, &settled, as_of);
            for (clause, was) in before.iter().filter(|(_, was)| was.is_some()) {
                // The fact may also pick another version, whose clauses are others.
                if let Some(is) = after.get(clause) {
                    prop_assert_eq!(is, was, "{} {:?} with {} = {}", criterion.id, clause, fact, value);
                }
            }
        }
    }

    /// One set alone gives what it gives among others, every time.
    #[test]
    fn one_row_is_as_in_a_batch(cases in prop::collection::vec(case(), 1..12), as_of in day()) {
        let sets: Vec<_> = cases.into_iter().map(|(_, set, _)| set).collect();
        let together = LIBRARY.judge(&sets, as_of).unwrap();
        prop_assert_eq!(&LIBRARY.judge(&sets, as_of).unwrap(), &together);
        let alone: Vec<_> = sets.iter().flat_map(|set| LIBRARY.judge(std::slice::from_ref(set), as_of).unwrap()).collect();
        prop_assert_eq!(alone, together);
    }

    /// Every change that an explanation offers does change the status to what it says.
    #[test]
    fn flips_flip((criterion, set, as_of) in case()) {
        let explanation = LIBRARY.explain(&set, &criterion.id, as_of).unwrap();
        for flip in &explanation.flips {
            let known = |value: &FactValue| FactState::Known(Sourced { value: value.clone(), from: vec![] });
            let state = match &flip.change {
                law::Change::Value(value) => known(value),
                law::Change::Between(Some(value), _) | law::Change::Between(None, Some(value)) => known(value),
                law::Change::Between(None, None) => continue,
                law::Change::Absent(through) => FactState::Absent { through: *through, from: vec![] },
            };
            let mut changed = set.clone();
            // Facts that follow from another are pinned, so that only the one fact changes.
            for read in &explanation.facts {
                if let Some(state) = &read.state {
                    changed.facts.entry(read.name).or_insert_with(|| state.clone());
                }
            }
            changed.facts.insert(flip.fact, state);
            let judged = LIBRARY.explain(&changed, &criterion.id, as_of).unwrap().judged;
            prop_assert_eq!((judged.status, judged.result), (flip.status, flip.result), "{} {:?}", criterion.id, flip);
            prop_assert_ne!(judged.status, explanation.judged.status);
        }
    }

    /// A result that cannot be told names what would settle it, or the conflict, or what was claimed.
    #[test]
    fn cannot_tell_says_why((criterion, set, as_of) in case()) {
        let judged = LIBRARY.explain(&set, &criterion.id, as_of).unwrap().judged;
        if judged.status == model::Status::CannotTell {
            let conflict = judged.conflicts.iter().any(|conflict| conflict.matters);
            let claimed = judged.result == law::Finding::ExceptionClaimed;
            prop_assert!(!judged.missing.is_empty() || conflict || claimed, "{:?}", judged);
        } else {
            prop_assert!(judged.missing.is_empty());
        }
        if let (Some(safe_by), Some(outer)) = (judged.safe_by, judged.outer) {
            prop_assert!(safe_by <= outer);
        }
    }
}

proptest! {
    // Each case judges up to four hundred days.
    #![proptest_config(ProptestConfig::with_cases(60))]

    /// Nothing changes before the flip date, and something does on it.
    #[test]
    fn the_flip_date_is_the_first_change((criterion, set, as_of) in case()) {
        let on = |day: Date| {
            let judged = LIBRARY.judge(std::slice::from_ref(&set), day).unwrap();
            let judged = judged.into_iter().find(|judged| judged.criterion == criterion.id).unwrap();
            (judged.status, judged.result, judged.flip_date)
        };
        let (status, result, flip) = on(as_of);
        let horizon = flip.unwrap_or_else(|| days_after(as_of, 400).unwrap());
        let days = law::calendar::days_between(as_of, horizon).min(400);
        for offset in 1..days {
            let (s, r, _) = on(days_after(as_of, offset).unwrap());
            prop_assert_eq!((s, r), (status, result), "{} {} days on", criterion.id, offset);
        }
        if let Some(flip) = flip {
            let (s, r, _) = on(flip);
            prop_assert_ne!((s, r), (status, result));
        }
    }
}
