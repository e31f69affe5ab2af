//! The recipes, in the order of their persons.

use super::Recipe;
use super::cases::{
    absent, asylum, charged, cross, derived, dismissed, echo_order, hear, held, held_at_entry, opened, order,
    pending_asylum, permit, removed, resident,
};
use crate::dates::{at, plus, plus_years, workday};
use crate::history::{report, stay};
use crate::life::{Appeal, Bond, CrossingKind, Motion, What};
use crate::names::Culture;
use jiff::civil::Date;

pub(super) const RECIPES: &[Recipe] = &[
    Recipe {
        key: "appeal-due",
        criterion: "A2",
        expect: "due",
        note: "asylum denied and removal ordered about 24 days ago, appeal reserved, none filed yet",
        culture: Culture::Spanish,
        age: 34,
        make: |life, as_of, _| {
            order(life, as_of, workday(plus(as_of, -24)), 'A', None);
            echo_order(life, 0);
        },
    },
    Recipe {
        key: "appeal-missed",
        criterion: "A2",
        expect: "missed",
        note: "removal ordered about 75 days ago, appeal reserved, none filed",
        culture: Culture::Haitian,
        age: 29,
        make: |life, as_of, _| order(life, as_of, workday(plus(as_of, -75)), 'A', None),
    },
    Recipe {
        key: "appeal-filed",
        criterion: "A2",
        expect: "met",
        note: "appeal received on day 21 and pending; the office noted the filing two days early",
        culture: Culture::Arabic,
        age: 41,
        make: |life, as_of, _| {
            let decided = workday(plus(as_of, -60));
            let filed = plus(decided, 21);
            order(life, as_of, decided, 'A', Some(Appeal { filed, by_government: false, decided: None }));
            report(life, plus(filed, -2), What::AppealFiled, "", true);
        },
    },
    Recipe {
        key: "appeal-waived",
        criterion: "A2",
        expect: "not_applicable",
        note: "appeal waived at the hearing about 20 days ago, so the order is final",
        culture: Culture::Mayan,
        age: 23,
        make: |life, as_of, _| order(life, as_of, workday(plus(as_of, -20)), 'I', None),
    },
    Recipe {
        key: "appeal-unknown",
        criterion: "A2",
        expect: "cannot_tell",
        note: "only the client tells of an order about 40 days ago; the court sent no file",
        culture: Culture::Ukrainian,
        age: 38,
        make: |life, as_of, _| {
            order(life, as_of, workday(plus(as_of, -40)), 'A', None);
            life.court_has_file = false;
            echo_order(life, 0);
        },
    },
    Recipe {
        key: "order-date-conflict",
        criterion: "A2",
        expect: "due",
        note: "the court dates the order about 26 days ago, the client a week later",
        culture: Culture::Portuguese,
        age: 31,
        make: |life, as_of, _| {
            order(life, as_of, workday(plus(as_of, -26)), 'A', None);
            echo_order(life, 7);
        },
    },
    Recipe {
        key: "absent-notice-returned",
        criterion: "A6",
        expect: "due",
        note: "ordered removed in absence about 420 days ago; the hearing notice came back: no time limit",
        culture: Culture::Spanish,
        age: 27,
        make: |life, as_of, _| {
            let ordered = workday(plus(as_of, -420));
            absent(life, as_of, ordered, None);
            report(life, plus(ordered, -24), What::HearingNoticeReturned, "", false);
        },
    },
    Recipe {
        key: "absent-in-time",
        criterion: "A6",
        expect: "due",
        note: "ordered removed in absence about 150 days ago, notice received, free that day: 180 days not over",
        culture: Culture::Haitian,
        age: 36,
        make: |life, as_of, chance| {
            let ordered = workday(plus(as_of, -150));
            life.stays.push(stay(plus(as_of, -360), Some(plus(as_of, -350)), as_of, "Paroled", chance));
            absent(life, as_of, ordered, None);
            report(life, ordered, What::HearingNoticeReceived, "", false);
        },
    },
    Recipe {
        key: "absent-late",
        criterion: "A6",
        expect: "missed",
        note: "ordered removed in absence about 300 days ago, notice received, free that day, no motion",
        culture: Culture::Spanish,
        age: 45,
        make: |life, as_of, chance| {
            let ordered = workday(plus(as_of, -300));
            life.stays.push(stay(plus(as_of, -395), Some(plus(as_of, -385)), as_of, "Paroled", chance));
            absent(life, as_of, ordered, None);
            report(life, ordered, What::HearingNoticeReceived, "", false);
        },
    },
    Recipe {
        key: "absent-in-custody",
        criterion: "A6",
        expect: "due",
        note: "ordered removed in absence about 260 days ago while held in custody: no time limit",
        culture: Culture::Arabic,
        age: 33,
        make: |life, as_of, chance| {
            let ordered = workday(plus(as_of, -260));
            life.stays.push(stay(plus(ordered, -20), Some(plus(ordered, 25)), as_of, "Order of recognizance", chance));
            absent(life, as_of, ordered, None);
            report(life, ordered, What::HearingNoticeReceived, "", false);
        },
    },
    Recipe {
        key: "absent-motion-filed",
        criterion: "A6",
        expect: "met",
        note: "motion to rescind received on day 80, pending",
        culture: Culture::Mayan,
        age: 26,
        make: |life, as_of, _| {
            let ordered = workday(plus(as_of, -170));
            absent(life, as_of, ordered, Some(Motion { filed: plus(ordered, 80), code: "MA", decided: None }));
        },
    },
    Recipe {
        key: "reopen-due",
        criterion: "A5",
        expect: "due",
        note: "Board dismissed the appeal about 70 days ago; the 90 days run out in about three weeks",
        culture: Culture::Chinese,
        age: 39,
        make: |life, as_of, _| dismissed(life, as_of, workday(plus(as_of, -70)), None),
    },
    Recipe {
        key: "reopen-missed",
        criterion: "A5",
        expect: "missed",
        note: "Board dismissed the appeal about 200 days ago, no motion",
        culture: Culture::Spanish,
        age: 52,
        make: |life, as_of, _| dismissed(life, as_of, workday(plus(as_of, -200)), None),
    },
    Recipe {
        key: "reopen-filed",
        criterion: "A5",
        expect: "met",
        note: "Board dismissed the appeal about 150 days ago, motion to reopen received on day 60",
        culture: Culture::Portuguese,
        age: 30,
        make: |life, as_of, _| {
            let dismissed_on = workday(plus(as_of, -150));
            let motion = Motion { filed: plus(dismissed_on, 60), code: "O", decided: None };
            dismissed(life, as_of, dismissed_on, Some(motion));
        },
    },
    Recipe {
        key: "one-year-three-weeks",
        criterion: "A1",
        expect: "due",
        note: "paroled in one year ago less three weeks; the court shows no asylum application",
        culture: Culture::Haitian,
        age: 24,
        make: |life, as_of, _| {
            let arrived = plus_years(plus(as_of, 21), -1);
            cross(life, arrived, CrossingKind::Parole);
            life.account.unaccompanied_child = Some(false);
            let mut case = opened(life, plus(arrived, 30), &["212a07AiI"]);
            hear(&mut case, workday(plus(arrived, 150)), "01");
            hear(&mut case, workday(plus(as_of, 45)), "");
            life.cases.push(case);
        },
    },
    Recipe {
        key: "one-year-unknown",
        criterion: "A1",
        expect: "cannot_tell",
        note: "came on a visa 700 days ago; no source is complete for applications",
        culture: Culture::Arabic,
        age: 37,
        make: |life, as_of, _| {
            cross(life, plus(as_of, -700), CrossingKind::Admission("B2"));
            life.uscis_has_file = false;
            life.account.unaccompanied_child = Some(false);
        },
    },
    Recipe {
        key: "one-year-missed",
        criterion: "A1",
        expect: "missed",
        note: "asylum application received 520 days after arrival, no exception on record",
        culture: Culture::Spanish,
        age: 48,
        make: |life, as_of, _| {
            let arrived = plus(as_of, -800);
            cross(life, arrived, CrossingKind::BetweenPorts);
            life.account.unaccompanied_child = Some(false);
            let mut case = opened(life, plus(arrived, 9), &["212a06Ai"]);
            hear(&mut case, workday(plus(arrived, 300)), "05");
            asylum(&mut case, plus(arrived, 520));
            hear(&mut case, workday(plus(as_of, 90)), "");
            life.cases.push(case);
        },
    },
    Recipe {
        key: "one-year-met",
        criterion: "A1",
        expect: "met",
        note: "asylum application received 150 days after arrival",
        culture: Culture::Ukrainian,
        age: 35,
        make: |life, as_of, chance| pending_asylum(life, plus(as_of, -500), plus(as_of, -350), as_of, chance),
    },
    Recipe {
        key: "one-year-child",
        criterion: "A1",
        expect: "not_applicable",
        note: "found to be an unaccompanied child; not bound by the year",
        culture: Culture::Mayan,
        age: 17,
        make: |life, as_of, chance| {
            let arrived = plus(as_of, -600);
            cross(life, arrived, CrossingKind::BetweenPorts);
            life.account.unaccompanied_child = Some(true);
            life.stays.push(stay(arrived, Some(plus(arrived, 2)), as_of, "Transferred to HHS/ORR", chance));
            let mut case = opened(life, plus(arrived, 12), &["212a06Ai"]);
            hear(&mut case, workday(plus(arrived, 200)), "9A");
            hear(&mut case, workday(plus(as_of, 120)), "");
            life.cases.push(case);
        },
    },
    Recipe {
        key: "clock-150",
        criterion: "A8",
        expect: "due",
        note: "asylum received 170 days ago with 20 days of applicant delay: day 150 of the clock is the as-of date",
        culture: Culture::Spanish,
        age: 28,
        make: |life, as_of, chance| {
            let (arrived, received) = (plus(as_of, -320), plus(as_of, -170));
            cross(life, arrived, CrossingKind::BetweenPorts);
            held_at_entry(life, arrived, as_of, chance);
            life.account.unaccompanied_child = Some(false);
            let mut case = opened(life, plus(arrived, 11), &["212a06Ai"]);
            asylum(&mut case, received);
            let stopped = workday(plus(as_of, -100));
            hear(&mut case, stopped, "02");
            hear(&mut case, plus(stopped, 20), "17");
            hear(&mut case, workday(plus(as_of, 75)), "");
            life.cases.push(case);
        },
    },
    Recipe {
        key: "permit-waiting",
        criterion: "A8",
        expect: "owed",
        note: "asylum received 300 days ago, work permit asked for 110 days ago, no answer",
        culture: Culture::Haitian,
        age: 32,
        make: |life, as_of, chance| {
            pending_asylum(life, plus(as_of, -430), plus(as_of, -300), as_of, chance);
            permit(life, plus(as_of, -110), None);
        },
    },
    Recipe {
        key: "permit-granted",
        criterion: "A8",
        expect: "met",
        note: "work permit asked for on day 155 and granted on day 190",
        culture: Culture::Chinese,
        age: 44,
        make: |life, as_of, chance| {
            let received = plus(as_of, -320);
            pending_asylum(life, plus(received, -110), received, as_of, chance);
            permit(life, plus(received, 155), Some(plus(received, 190)));
        },
    },
    Recipe {
        key: "permit-too-early",
        criterion: "A8",
        expect: "due",
        note: "asylum received 70 days ago: the work permit may be asked for in 80 days",
        culture: Culture::Portuguese,
        age: 22,
        make: |life, as_of, chance| pending_asylum(life, plus(as_of, -160), plus(as_of, -70), as_of, chance),
    },
    Recipe {
        key: "held-day-80",
        criterion: "B3",
        expect: "owed",
        note: "order final about 80 days ago, held since, no custody review yet",
        culture: Culture::Spanish,
        age: 40,
        make: |life, as_of, chance| held(life, as_of, workday(plus(as_of, -80)), chance),
    },
    Recipe {
        key: "held-day-200",
        criterion: "B4",
        expect: "owed",
        note: "order final about 200 days ago, held since, no custody review at all (B3 missed too)",
        culture: Culture::Arabic,
        age: 47,
        make: |life, as_of, chance| held(life, as_of, workday(plus(as_of, -200)), chance),
    },
    Recipe {
        key: "held-reviewed",
        criterion: "B3",
        expect: "met",
        note: "order final about 120 days ago, held since, custody reviewed before day 90",
        culture: Culture::Haitian,
        age: 33,
        make: |life, as_of, chance| {
            let ordered = workday(plus(as_of, -120));
            held(life, as_of, ordered, chance);
            report(life, workday(plus(ordered, 85)), What::CustodyReview, "continue detention", false);
        },
    },
    Recipe {
        key: "open-after-removal",
        criterion: "E2",
        expect: "owed",
        note: "removed 16 days ago; the custody record was never closed",
        culture: Culture::Mayan,
        age: 29,
        make: |life, as_of, chance| {
            removed(life, as_of, plus(as_of, -16), chance);
            if let Some(stay) = life.stays.last_mut() {
                stay.left_open = true;
            }
        },
    },
    Recipe {
        key: "listed-after-release",
        criterion: "E2",
        expect: "owed",
        note: "released on bond 12 days ago, yet on the facility's population list two days later",
        culture: Culture::Spanish,
        age: 36,
        make: |life, as_of, chance| {
            let out = plus(as_of, -12);
            let arrived = plus(as_of, -70);
            cross(life, arrived, CrossingKind::BetweenPorts);
            let mut held = stay(arrived, Some(out), as_of, "Bonded Out - IJ", chance);
            held.bond_posted = Some((out, 5_000));
            let facility = held.stints.last().map_or("", |stint| stint.facility.name);
            life.stays.push(held);
            let mut case = opened(life, plus(arrived, 8), &["212a06Ai"]);
            let decided = workday(plus(out, -1));
            case.bond = Some(Bond { requested: plus(arrived, 12), decided, decision: 'C', dollars: Some(5_000) });
            hear(&mut case, workday(plus(arrived, 40)), "03");
            hear(&mut case, workday(plus(as_of, 60)), "");
            life.cases.push(case);
            report(life, plus(out, 2), What::PopulationList, facility, false);
        },
    },
    Recipe {
        key: "closed-within-a-day",
        criterion: "E2",
        expect: "not_applicable",
        note: "removed 30 days ago at 23:50, booked out at 00:20: within tolerance",
        culture: Culture::Chinese,
        age: 50,
        make: |life, as_of, chance| {
            let day = plus(as_of, -30);
            removed(life, as_of, day, chance);
            if let Some(stint) = life.stays.last_mut().and_then(|stay| stay.stints.last_mut()) {
                stint.to = Some(at(plus(day, 1), 20));
            }
            if let Some(removal) = &mut life.removal {
                removal.departed = at(day, 1430);
            }
        },
    },
    Recipe {
        key: "child-or-adult",
        criterion: "E1",
        expect: "owed",
        note: "in adult custody for 40 days; ICE says 18, the client and the court say 17",
        culture: Culture::Mayan,
        age: 17,
        make: |life, as_of, chance| {
            life.person.birth = plus(plus_years(as_of, -17), -84);
            life.custody_birth = Some(plus_years(life.person.birth, -1));
            let arrived = plus(as_of, -40);
            cross(life, arrived, CrossingKind::BetweenPorts);
            life.stays.push(stay(arrived, None, as_of, "", chance));
            let mut case = opened(life, plus(arrived, 6), &["212a06Ai"]);
            hear(&mut case, workday(plus(as_of, 9)), "");
            life.cases.push(case);
        },
    },
    Recipe {
        key: "swapped-in-the-past",
        criterion: "E1",
        expect: "owed",
        note: "day and month swapped by ICE: 17 or 18 during a past custody; an adult by now",
        culture: Culture::Spanish,
        age: 19,
        make: |life, as_of, chance| {
            let year = as_of.year() - 1;
            let arrived = Date::constant(year, 3, 18);
            life.person.birth = Date::constant(year - 18, 4, 3);
            life.custody_birth = Some(Date::constant(year - 18, 3, 4));
            cross(life, arrived, CrossingKind::BetweenPorts);
            life.stays.push(stay(arrived, Some(plus(arrived, 8)), as_of, "Paroled", chance));
            let mut case = opened(life, plus(arrived, 5), &["212a06Ai"]);
            hear(&mut case, workday(plus(arrived, 180)), "18");
            hear(&mut case, workday(plus(as_of, 140)), "");
            life.cases.push(case);
        },
    },
    Recipe {
        key: "cancellation-signal",
        criterion: "C1",
        expect: "owed",
        note: "admitted nine and a half years ago, permanent resident for over seven, offense last year",
        culture: Culture::Spanish,
        age: 42,
        make: |life, as_of, _| {
            let admitted = plus(plus_years(as_of, -9), -188);
            resident(life, admitted, plus(plus_years(as_of, -7), -115));
            charged(life, plus_years(as_of, -1), plus(as_of, -200), as_of);
        },
    },
    Recipe {
        key: "cancellation-short",
        criterion: "C1",
        expect: "not_applicable",
        note: "permanent resident for six years, but the offense came four years after admission",
        culture: Culture::Haitian,
        age: 31,
        make: |life, as_of, _| {
            let admitted = plus_years(as_of, -6);
            resident(life, admitted, admitted);
            charged(life, plus_years(as_of, -2), plus(as_of, -250), as_of);
        },
    },
    Recipe {
        key: "cancellation-unknown",
        criterion: "C1",
        expect: "cannot_tell",
        note: "the court marks a permanent resident; since when, and admitted when, nobody says",
        culture: Culture::Arabic,
        age: 55,
        make: |life, as_of, _| {
            resident(life, plus_years(as_of, -12), plus_years(as_of, -12));
            charged(life, plus_years(as_of, -2), plus(as_of, -120), as_of);
            life.account.lpr_since = None;
            life.account.prior_cancellation = None;
            life.cbp_has_file = false;
            life.uscis_has_file = false;
        },
    },
    Recipe {
        key: "citizen-in-custody",
        criterion: "D4",
        expect: "owed",
        note: "in custody; permanent resident at 8, mother naturalised when 13, lived with her",
        culture: Culture::Spanish,
        age: 19,
        make: |life, as_of, chance| {
            derived(life, as_of, 13, Some(true));
            life.stays.push(stay(plus(as_of, -26), None, as_of, "", chance));
        },
    },
    Recipe {
        key: "citizen-too-late",
        criterion: "D4",
        expect: "not_applicable",
        note: "permanent resident at 8, but the mother naturalised after the eighteenth birthday",
        culture: Culture::Portuguese,
        age: 24,
        make: |life, as_of, _| derived(life, as_of, 18, Some(true)),
    },
    Recipe {
        key: "citizen-unknown",
        criterion: "D4",
        expect: "cannot_tell",
        note: "permanent resident at 8, mother naturalised when 14; with whom the child lived is not on record",
        culture: Culture::Haitian,
        age: 21,
        make: |life, as_of, _| derived(life, as_of, 14, None),
    },
];
