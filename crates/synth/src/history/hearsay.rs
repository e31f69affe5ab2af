//! What reaches the office beside the agencies' records.

use crate::chance::Chance;
use crate::dates::{plus, plus_years};
use crate::life::{Applicant, CrossingKind, Life, Report, What};
use jiff::civil::Date;

/// What the client or the mail told the office of events that a record also holds, dates a little off at times.
pub(super) fn hearsay(life: &mut Life, as_of: Date, chance: &mut Chance) {
    let off = |date: Date, chance: &mut Chance| {
        let days = chance.weighted(&[(80, 0), (6, 1), (6, -1), (4, 2), (4, -7)]);
        plus(date, days).min(as_of)
    };
    let mut reports = Vec::new();
    let mut echo = |date, what, detail| reports.push(Report { date, what, detail, echoes: true });
    if let Some(crossing) = life.crossings.last().filter(|c| c.kind != CrossingKind::Departure)
        && chance.yes(0.5)
    {
        let detail = match crossing.kind {
            CrossingKind::Parole => "paroled at a port",
            CrossingKind::Admission(_) => "with a visa",
            _ => "without inspection",
        };
        echo(off(crossing.date, chance), What::Arrived, detail);
    }
    for case in &life.cases {
        if chance.yes(0.3) {
            let detail = if chance.yes(0.4) { "no time or place" } else { "time and place stated" };
            echo(case.nta, What::NoticeToAppear, detail);
        }
        for proceeding in &case.proceedings {
            if let Some(decision) = proceeding.decision
                && chance.yes(0.35)
            {
                let what = if decision.in_absentia { What::JudgesOrderInAbsence } else { What::JudgesOrder };
                let detail = match decision.code {
                    'X' => "removal ordered",
                    'R' => "relief granted",
                    'V' => "voluntary departure",
                    'T' => "terminated",
                    _ => "dismissed",
                };
                echo(off(decision.date, chance), what, detail);
            }
            if let Some(appeal) = proceeding.appeal.filter(|appeal| !appeal.by_government)
                && chance.yes(0.4)
            {
                echo(off(appeal.filed, chance), What::AppealFiled, "");
                if let Some((date, decision)) = appeal.decided {
                    echo(off(date, chance), What::BoardDecision, board_words(decision));
                }
            }
            for motion in proceeding.motions.iter().filter(|_| chance.yes(0.4)) {
                let (filed, granted, denied) = motion_words(motion.code);
                echo(motion.filed, What::MotionFiled, filed);
                if let Some((date, decision)) = motion.decided {
                    echo(date, What::MotionDecided, if decision == 'G' { granted } else { denied });
                }
            }
        }
    }
    for filing in life.filings.iter().filter(|filing| filing.applicant == Applicant::Person) {
        if !chance.yes(0.3) {
            continue;
        }
        // The office notes the day of posting, which is before the agency's receipt.
        let sent = plus(filing.received, -chance.between(1, 6));
        match filing.form {
            "I-589" => echo(sent, What::AsylumSent, ""),
            "I-765" => echo(sent, What::WorkPermitSent, ""),
            _ => {}
        }
        if let ("I-765", Some((date, "APPROVED"))) = (filing.form, filing.decision) {
            echo(plus(date, 5).min(as_of), What::WorkPermitReceived, "");
        }
    }
    if let Some(screening) = life.screening.filter(|_| chance.yes(0.3)) {
        let detail = if screening.positive { "positive" } else { "negative" };
        echo(off(screening.decided, chance), What::CredibleFearResult, detail);
    }
    if let Some(stay) = life.stays.last().filter(|_| chance.yes(0.2)) {
        // Families tell of an arrest, and of the day of release.
        if let Some(from) = stay.from() {
            echo(from, What::BookedIn, "");
        }
        if let Some(to) = stay.to().filter(|_| life.removal.is_none()) {
            echo(to, What::Released, "");
        }
    }
    let listed = life.stays.last().and_then(|stay| stay.stints.last()).filter(|_| chance.yes(0.08));
    let listed = listed.map(|stint| (plus(stint.from.date(), 1), stint.to, stint.facility.name));
    let listed = listed.filter(|(date, to, _)| *date < as_of && to.is_none_or(|to| to.date() > *date));
    let leave = life.cases.last().and_then(|case| case.proceedings.last()).and_then(|last| last.decision);
    let left =
        leave.filter(|decision| decision.code == 'V').map(|decision| plus(decision.date, chance.between(20, 110)));
    let notices: Vec<_> = life
        .cases
        .iter()
        .flat_map(|case| &case.proceedings)
        .filter_map(|proceeding| proceeding.decision.filter(|decision| decision.in_absentia))
        .collect();
    life.reports.extend(reports);
    if let Some((date, _, facility)) = listed {
        report(life, date, What::PopulationList, facility, false);
    }
    if let Some(left) = left.filter(|left| *left < as_of && life.removal.is_none() && chance.yes(0.5)) {
        // Only the person, with proof, tells of leaving on time.
        report(life, left, What::LeftCountry, "voluntary departure", false);
    }
    for decision in notices {
        match chance.weighted(&[(3, 1), (3, 2), (4, 0)]) {
            1 => {
                let before = plus(decision.date, -chance.between(10, 40));
                report(life, before, What::HearingNoticeReturned, "", false);
            }
            2 => report(life, decision.date, What::HearingNoticeReceived, "", false),
            _ => {}
        }
    }
    if life.account.late_reason.is_none() && chance.yes(0.05) {
        life.account.late_reason = Some(chance.pick(&["changed circumstances", "extraordinary circumstances"]));
    }
    if life.account.unaccompanied_child.is_none() && !life.crossings.is_empty() {
        let adult = life.person.birth <= plus_years(life.crossings[0].date, -18);
        life.account.unaccompanied_child = (adult && chance.yes(0.6)).then_some(false);
    }
}

fn board_words(decision: &str) -> &'static str {
    match decision {
        "SUS" => "appeal sustained",
        "REM" => "remanded",
        "WDL" => "appeal withdrawn",
        _ => "appeal dismissed",
    }
}

/// The office's words for a motion filed, granted and denied.
fn motion_words(code: &str) -> (&'static str, &'static str, &'static str) {
    match code {
        "MA" => ("to rescind", "to rescind: granted", "to rescind: denied"),
        "FD" => ("to reconsider", "to reconsider: granted", "to reconsider: denied"),
        "MC" => ("to reopen, changed country conditions", "to reopen: granted", "to reopen: denied"),
        _ => ("to reopen", "to reopen: granted", "to reopen: denied"),
    }
}

/// Adds what the office learned.
pub(crate) fn report(life: &mut Life, date: Date, what: What, detail: &'static str, echoes: bool) {
    life.reports.push(Report { date, what, detail, echoes });
}
