use crate::{Event, Material, Moment, Stay, Timeline};
use jiff::civil::{Date, DateTime};
use model::{Attribute, EventType, FactSet, FactState, FactValue, ObjectType, Qualifier, RowPointer, Sourced, Subject};
use std::collections::{BTreeMap, BTreeSet};

/// What reading facts off a timeline needs to be told from outside.
pub struct Horizon<'a> {
    /// The day for which the facts are wanted. Later events are not looked at.
    pub as_of: Date,
    /// The last day on which a decision of a given day can be appealed: an order nobody appealed becomes final then.
    /// The count is law, so the caller brings it.
    pub last_day_to_appeal: &'a dyn Fn(Date) -> Date,
}

type Facts = BTreeMap<&'static str, FactState>;

/// Reads the facts of every subject off one person's timeline.
///
/// A value is known when every row that speaks of it agrees, in conflict when rows differ, absent only where a source
/// declares itself complete ([`crate::Cover`]), and otherwise not in the set: unknown. Every set carries the facts of
/// the person as a whole too, so that a criterion about an order can ask whether the person is in custody.
pub fn facts(material: &Material, timeline: &Timeline, horizon: &Horizon<'_>) -> Vec<FactSet> {
    let reader = Reader { material, timeline, horizon };
    let person = reader.person();
    let mut sets = vec![set(Subject::Person, "person", &person, Facts::new())];
    sets.extend(reader.arrival(&person));
    sets.extend(reader.decisions(&person));
    sets.extend(reader.asylum_applications(&person));
    sets.extend(reader.custody_stays(&person));
    sets.extend(reader.age_dates(&person));
    sets
}

fn set(subject: Subject, key: &str, person: &Facts, own: Facts) -> FactSet {
    let mut facts = person.clone();
    facts.extend(own);
    FactSet { subject, key: key.to_owned(), facts }
}

struct Reader<'a> {
    material: &'a Material,
    timeline: &'a Timeline,
    horizon: &'a Horizon<'a>,
}

impl<'a> Reader<'a> {
    fn moments(&self, kind: EventType) -> impl DoubleEndedIterator<Item = &'a Moment> {
        let as_of = self.horizon.as_of;
        self.timeline.of(kind).filter(move |m| m.at().date() <= as_of)
    }

    fn stays(&self) -> impl DoubleEndedIterator<Item = &'a Stay> {
        let as_of = self.horizon.as_of;
        self.timeline.stays.iter().filter(move |s| s.start().date() <= as_of)
    }

    /// The end of a stay, unless it lies after the as-of day.
    fn end(&self, stay: &Stay) -> Option<DateTime> {
        stay.end().filter(|end| end.date() <= self.horizon.as_of)
    }

    fn person(&self) -> Facts {
        let mut facts = Facts::new();
        let births = self.recorded(Attribute::BirthDate);
        put(&mut facts, "birth_date_earliest", births.first().cloned().map(FactState::Known));
        put(&mut facts, "birth_date_latest", births.last().cloned().map(FactState::Known));
        put(&mut facts, "birth_date", state(births));
        for (name, reason) in [
            ("changed_circumstances", "changed_circumstances"),
            ("extraordinary_circumstances", "extraordinary_circumstances"),
        ] {
            put(&mut facts, name, self.claimed(reason));
        }
        for (name, attribute) in [
            ("unaccompanied_child", Attribute::UnaccompaniedChild),
            ("lived_with_citizen_parent", Attribute::LivedWithCitizenParent),
            ("aggravated_felony", Attribute::AggravatedFelony),
            ("prior_cancellation", Attribute::PriorCancellation),
        ] {
            put(&mut facts, name, state(self.recorded(attribute)));
        }
        let lpr = |m: &&Moment| m.text(Attribute::Kind) == Some("lpr");
        put(&mut facts, "lpr_date", self.moments(EventType::StatusGranted).find(lpr).and_then(days));
        put(&mut facts, "admission_date", self.moments(EventType::Admitted).next().and_then(days));
        put(&mut facts, "parent_citizen_date", self.moments(EventType::ParentNaturalized).next().and_then(days));
        put(
            &mut facts,
            "offense_date",
            self.first_or_absent(EventType::OffenseCharged, |_| true, ObjectType::PersonRecord),
        );
        if let Some(nta) = self.moments(EventType::NtaServed).next_back() {
            put(&mut facts, "nta_date", days(nta));
            put(&mut facts, "nta_compliant", compliant(nta));
        }
        put(&mut facts, "in_proceedings", self.in_proceedings());
        if let Some(stay) = self.stays().next_back() {
            let from = pointers(stay.stints.iter().flat_map(|s| std::iter::once(&s.start).chain(&s.end)));
            let open = self.end(stay).is_none();
            facts.insert("in_custody", known(FactValue::Boolean(open), from.clone()));
            if open {
                facts.insert("custody_since", known(FactValue::Date(stay.start().date()), from));
            }
        }
        facts
    }

    /// Known true from a Notice to Appear until a final decision in the same court; known false after it.
    fn in_proceedings(&self) -> Option<FactState> {
        let nta = self.moments(EventType::NtaServed).next_back();
        let decided = self.moments(EventType::Decided).next_back();
        match (nta, decided) {
            (Some(nta), Some(decided)) if decided.at() >= nta.at() => {
                let ended =
                    matches!(decided.text(Attribute::Decision), Some("terminated" | "relief_granted" | "dismissed"));
                Some(known(FactValue::Boolean(!ended), pointers(&decided.reports)))
            }
            (Some(nta), _) => Some(known(FactValue::Boolean(true), pointers(&nta.reports))),
            _ => None,
        }
    }

    fn arrival(&self, person: &Facts) -> Option<FactSet> {
        let arrived = self
            .moments(EventType::Arrived)
            .chain(self.moments(EventType::Admitted))
            .max_by_key(|m| (m.at(), m.kind == EventType::Arrived))?;
        let mut facts = Facts::new();
        put(&mut facts, "arrival_date", days(arrived));
        let filed = self.received().find(|m| is_asylum(m) && m.at() >= arrived.at());
        put(&mut facts, "asylum_filed_date", filed.and_then(days));
        Some(set(Subject::Arrival, &arrived.at().date().to_string(), person, facts))
    }

    /// Decisions, and the orders of absence and final orders that follow from them.
    fn decisions(&self, person: &Facts) -> Vec<FactSet> {
        let mut sets = Vec::new();
        for decided in self.moments(EventType::Decided) {
            let Some(decision) = decided.text(Attribute::Decision) else { continue };
            // Whether an order of removal with protection from it is against the person is not for this crate to say.
            let adverse = match decision {
                "removal_ordered" | "voluntary_departure" => Some(true),
                "relief_granted" | "terminated" | "dismissed" => Some(false),
                "withholding_granted" | "deferral_granted" | "denied" => None,
                _ => continue,
            };
            let case = case_of(decided);
            let key = format!("{}/{}", case.unwrap_or("case"), decided.at().date());
            let in_absentia = flag(decided, Attribute::InAbsentia);
            let appeal = self.first_of_case(EventType::AppealFiled, case, decided.at(), |m| {
                m.text(Attribute::Party).is_none_or(|party| party == "person" || party == "both")
                    && m.text(Attribute::Kind).is_none_or(|kind| kind == "case")
            });

            let mut facts = Facts::new();
            put(&mut facts, "decision_date", days(decided));
            if let Some(adverse) = adverse {
                facts.insert("decision_adverse", known(FactValue::Boolean(adverse), pointers(&decided.reports)));
            }
            put(&mut facts, "decision_in_absentia", in_absentia.clone());
            put(&mut facts, "appeal_waived", flag(decided, Attribute::AppealWaived));
            put(&mut facts, "appeal_filed_date", appeal.clone());
            put(&mut facts, "decision_denied_asylum_merits", self.denied_asylum(decided, case));
            sets.push(set(Subject::Decision, &key, person, facts));

            if decision != "removal_ordered" {
                continue;
            }
            if is_true(in_absentia.as_ref()) {
                sets.push(set(Subject::InAbsentiaOrder, &key, person, self.in_absentia_order(decided, case)));
            }
            if let Some(final_order) = self.finality(decided, case, in_absentia.as_ref(), appeal.as_ref()) {
                sets.push(set(Subject::FinalOrder, &key, person, self.final_order(decided, case, final_order)));
            }
        }
        sets
    }

    fn in_absentia_order(&self, order: &Moment, case: Option<&str>) -> Facts {
        let mut facts = Facts::new();
        let day = order.at().date();
        put(&mut facts, "in_absentia_order_date", days(order));
        let rescind = |m: &Moment| m.text(Attribute::Kind) == Some("rescind");
        put(
            &mut facts,
            "motion_rescind_filed_date",
            self.first_of_case(EventType::MotionFiled, case, order.at(), rescind),
        );
        put(&mut facts, "hearing_notice_received", self.notice_received(day));
        if let Some(stay) = self.stays().find(|s| s.holds_on(day)) {
            let from = pointers(stay.stints.iter().map(|s| &s.start));
            facts.insert("in_custody_on_order_date", known(FactValue::Boolean(true), from));
        }
        facts
    }

    /// What the record says of the notice of the hearing that was missed: it came back, it arrived, or both are said.
    fn notice_received(&self, hearing: Date) -> Option<FactState> {
        let returned = self.moments(EventType::NoticeReturned).filter(|m| m.at().date() <= hearing);
        let arrived = self
            .moments(EventType::Hearing)
            .filter(|m| m.at().date() == hearing)
            .filter(|m| m.text(Attribute::Disposition) == Some("notice_received"));
        let rows = |moments: Vec<&Moment>| pointers(moments.into_iter().flat_map(|m| &m.reports));
        let said = [(false, rows(returned.collect())), (true, rows(arrived.collect()))];
        state(
            said.into_iter()
                .filter(|(_, from)| !from.is_empty())
                .map(|(value, from)| Sourced { value: FactValue::Boolean(value), from })
                .collect(),
        )
    }

    fn final_order(&self, decided: &Moment, case: Option<&str>, (date, from): (Date, Vec<RowPointer>)) -> Facts {
        let mut facts = Facts::new();
        let at = date.at(0, 0, 0, 0);
        facts.insert("final_order_date", known(FactValue::Date(date), from.clone()));
        facts.insert("removal_period_start", known(FactValue::Date(date), from));
        let reopen = |m: &Moment| m.text(Attribute::Kind) == Some("reopen");
        let ground = |reason: &str| {
            let said = |m: &&Moment| m.at() >= decided.at() && reopen(m) && m.text(Attribute::Reason) == Some(reason);
            let moment = self.moments(EventType::MotionFiled).find(said)?;
            Some(known(FactValue::Boolean(true), pointers(&moment.reports)))
        };
        put(&mut facts, "changed_country_conditions", ground("changed_country_conditions"));
        put(&mut facts, "vawa_ground", ground("vawa"));
        put(
            &mut facts,
            "motion_reopen_filed_date",
            self.first_of_case(EventType::MotionFiled, case, decided.at(), reopen),
        );
        put(
            &mut facts,
            "custody_review_date",
            self.moments(EventType::CustodyReviewed).find(|m| m.at() >= at).and_then(days),
        );
        if let Some(departed) = self.departures().find(|m| m.at() >= decided.at()) {
            put(&mut facts, "removal_date", days(departed));
        }
        facts
    }

    /// When an order of removal became final, with the rows that say so: at once if it was made in absence or appeal was
    /// waived, when the Board dismissed the appeal, or when the time to appeal ran out and the court's complete record
    /// shows that nobody had appealed. Unknown otherwise, since a pending or unrecorded appeal would make it not final.
    fn finality(
        &self,
        decided: &Moment,
        case: Option<&str>,
        in_absentia: Option<&FactState>,
        appeal: Option<&FactState>,
    ) -> Option<(Date, Vec<RowPointer>)> {
        let day = decided.at().date();
        let from = pointers(&decided.reports);
        if is_true(in_absentia) || is_true(flag(decided, Attribute::AppealWaived).as_ref()) {
            return Some((day, from));
        }
        if let Some(FactState::Known(_) | FactState::Conflict(_)) = appeal {
            let ended = self
                .moments(EventType::AppealDecided)
                .find(|m| m.at() >= decided.at() && same_case(m, case))
                .filter(|m| m.text(Attribute::Decision) == Some("dismissed"))?;
            return Some((ended.at().date(), pointers(&ended.reports)));
        }
        let last_day = (self.horizon.last_day_to_appeal)(day);
        match appeal {
            Some(FactState::Absent { through, from: covered })
                if *through >= last_day && self.horizon.as_of > last_day =>
            {
                Some((last_day, from.into_iter().chain(covered.iter().cloned()).collect()))
            }
            _ => None,
        }
    }

    fn denied_asylum(&self, decided: &Moment, case: Option<&str>) -> Option<FactState> {
        let decision = self
            .moments(EventType::ApplicationDecided)
            .filter(|m| is_asylum(m) && same_case(m, case))
            .find(|m| m.at().date() == decided.at().date())?;
        let denied = decision.text(Attribute::Decision)? == "denied";
        Some(known(FactValue::Boolean(denied), pointers(&decision.reports)))
    }

    fn asylum_applications(&self, person: &Facts) -> Vec<FactSet> {
        let filed: Vec<_> = self.received().filter(|m| is_asylum(m)).collect();
        filed
            .iter()
            .map(|moment| {
                let mut facts = Facts::new();
                put(&mut facts, "asylum_received_date", days(moment));
                put(&mut facts, "applicant_delay_days", self.applicant_delay(moment));
                let permit = |m: &&Moment| m.text(Attribute::Kind) == Some("work_permit") && m.at() >= moment.at();
                put(&mut facts, "work_permit_applied_date", self.received().find(permit).and_then(days));
                let granted = |m: &&Moment| permit(m) && m.text(Attribute::Decision) == Some("granted");
                put(
                    &mut facts,
                    "work_permit_granted_date",
                    self.moments(EventType::ApplicationDecided).find(granted).and_then(days),
                );
                let decided = |m: &&Moment| is_asylum(m) && m.at() >= moment.at();
                put(
                    &mut facts,
                    "asylum_decided_date",
                    self.moments(EventType::ApplicationDecided).find(decided).and_then(days),
                );
                let key = format!("{}/{}", case_of(moment).unwrap_or("application"), moment.at().date());
                set(Subject::AsylumApplication, &key, person, facts)
            })
            .collect()
    }

    /// Days from each stop that the person caused until the clock ran again, or until the as-of day.
    fn applicant_delay(&self, filed: &Moment) -> Option<FactState> {
        let (mut days, mut stopped, mut from): (i64, Option<Date>, Vec<RowPointer>) = (0, None, Vec::new());
        let mut changes: Vec<_> = self
            .moments(EventType::ClockStopped)
            .chain(self.moments(EventType::ClockStarted))
            .filter(|m| m.at() >= filed.at())
            .collect();
        changes.sort_by_key(|m| (m.at(), m.kind));
        for change in changes {
            from.extend(pointers(&change.reports));
            match (change.kind, stopped) {
                (EventType::ClockStopped, None) if change.text(Attribute::Party) == Some("person") => {
                    stopped = Some(change.at().date());
                }
                (EventType::ClockStarted, Some(since)) => {
                    days += span_days(since, change.at().date());
                    stopped = None;
                }
                _ => {}
            }
        }
        if let Some(since) = stopped {
            days += span_days(since, self.horizon.as_of);
        }
        if !from.is_empty() {
            return Some(known(FactValue::Integer(days), from));
        }
        match self.cover(EventType::ClockStopped, ObjectType::Case, pointers(&filed.reports))? {
            FactState::Absent { from, .. } => Some(known(FactValue::Integer(0), from)),
            _ => None,
        }
    }

    fn custody_stays(&self, person: &Facts) -> Vec<FactSet> {
        self.stays()
            .map(|stay| {
                let mut facts = Facts::new();
                let last = stay.last();
                let start = stay.stints.iter().min_by_key(|s| s.start.at).unwrap_or(last);
                facts.insert("custody_start_at", known(FactValue::DateTime(stay.start()), pointers([&start.start])));
                match (&last.end, self.end(stay)) {
                    (Some(end), Some(at)) => {
                        facts.insert("custody_end_at", known(FactValue::DateTime(at), pointers([end])));
                    }
                    _ => {
                        let rows = last.start_rows.clone();
                        put(
                            &mut facts,
                            "custody_end_at",
                            self.cover(EventType::CustodyEnded, ObjectType::PersonRecord, rows),
                        );
                    }
                }
                if let Some(departed) = self.departures().find(|m| m.at() >= stay.start()) {
                    put(&mut facts, "removal_at", state(sourced(departed, |e| FactValue::DateTime(e.at))));
                    put(&mut facts, "removal_date", days(departed));
                    let again = |m: &&Moment| m.at().date() > departed.at().date();
                    put(&mut facts, "reentry_date", self.moments(EventType::Arrived).find(again).and_then(days));
                }
                let next_stay = self.stays().map(Stay::start).find(|start| *start > stay.start());
                let listed = self
                    .moments(EventType::PopulationListed)
                    .rfind(|m| m.at() >= stay.start() && next_stay.is_none_or(|next| m.at() < next));
                put(&mut facts, "population_list_date", listed.and_then(days));
                set(Subject::CustodyStint, &last_key(start), person, facts)
            })
            .collect()
    }

    /// One set for every day on which minority could matter, for persons whose recorded birth dates leave it open: two
    /// dates differ, or the birthday is 29 February.
    fn age_dates(&self, person: &Facts) -> Vec<FactSet> {
        let births = self.recorded(Attribute::BirthDate);
        let leap = births.iter().any(|b| matches!(b.value, FactValue::Date(d) if d.month() == 2 && d.day() == 29));
        if births.len() < 2 && !leap {
            return Vec::new();
        }
        let mut dates: BTreeMap<(Date, &'static str), Vec<RowPointer>> = BTreeMap::new();
        let mut note = |day: Date, kind, rows: Vec<RowPointer>| dates.entry((day, kind)).or_default().extend(rows);
        for stay in self.stays() {
            note(stay.start().date(), "custody", pointers([&stay.stints[0].start]));
            if self.end(stay).is_none() {
                note(self.horizon.as_of, "custody", pointers([&stay.last().start]));
            }
        }
        for (event, kind) in [
            (EventType::CredibleFearDecided, "interview"),
            (EventType::Decided, "order"),
            (EventType::ApplicationFiled, "filing"),
        ] {
            for moment in self.moments(event) {
                note(moment.at().date(), kind, pointers(&moment.reports));
            }
        }
        dates
            .into_iter()
            .map(|((day, kind), rows)| {
                let facts = Facts::from([
                    ("age_date", known(FactValue::Date(day), rows.clone())),
                    ("age_date_kind", known(FactValue::Text(kind.to_owned()), rows)),
                ]);
                set(Subject::AgeDate, &format!("{kind}/{day}"), person, facts)
            })
            .collect()
    }

    /// Applications as the agency received them; the day of posting is not one.
    fn received(&self) -> impl Iterator<Item = &'a Moment> {
        self.moments(EventType::ApplicationFiled).filter(|m| !m.is_posting())
    }

    /// Departures that end a stay in the country; a visit abroad does not.
    fn departures(&self) -> impl Iterator<Item = &'a Moment> {
        self.moments(EventType::Departed).filter(|m| m.text(Attribute::Manner) != Some("own_travel"))
    }

    /// Whether the person's own account names a reason for a late filing.
    fn claimed(&self, reason: &str) -> Option<FactState> {
        let says = |r: &&crate::Record| matches!(r.attributes.get(&Attribute::Reason), Some(FactValue::Text(text)) if text == reason);
        let from: Vec<_> = self.material.records.iter().filter(says).map(|r| r.pointer.clone()).collect();
        (!from.is_empty()).then(|| known(FactValue::Boolean(true), sorted(from)))
    }

    /// Every distinct value that rows about the person give for an attribute, sorted, each with its rows.
    fn recorded(&self, attribute: Attribute) -> Vec<Sourced> {
        let mut values: BTreeMap<&FactValue, Vec<RowPointer>> = BTreeMap::new();
        let records = self.material.records.iter().map(|r| (&r.attributes, &r.pointer));
        let objects = self.material.objects.iter().map(|o| (&o.attributes, &o.pointer));
        let events = self.material.events.iter().map(|e| (&e.attributes, &e.pointer));
        for (attributes, pointer) in records.chain(objects).chain(events) {
            if let Some(value) = attributes.get(&attribute) {
                values.entry(value).or_default().push(pointer.clone());
            }
        }
        values.into_iter().map(|(value, from)| Sourced { value: value.clone(), from: sorted(from) }).collect()
    }

    fn first_or_absent(&self, kind: EventType, fits: impl Fn(&Moment) -> bool, of: ObjectType) -> Option<FactState> {
        match self.moments(kind).find(|m| fits(m)) {
            Some(moment) => days(moment),
            None => self.cover(kind, of, Vec::new()),
        }
    }

    /// The first such event of a case at or after a time, or its known absence.
    fn first_of_case(
        &self,
        kind: EventType,
        case: Option<&str>,
        after: DateTime,
        fits: impl Fn(&Moment) -> bool,
    ) -> Option<FactState> {
        match self.moments(kind).find(|m| m.at() >= after && same_case(m, case) && fits(m)) {
            Some(moment) => days(moment),
            None => self.cover(kind, ObjectType::Case, self.case_rows(case?)),
        }
    }

    fn case_rows(&self, case: &str) -> Vec<RowPointer> {
        sorted(self.material.objects.iter().filter(|o| o.id == case).map(|o| o.pointer.clone()).collect())
    }

    /// The absence of an event, where a delivery behind one of `rows` declares itself complete for it.
    fn cover(&self, event: EventType, of: ObjectType, rows: Vec<RowPointer>) -> Option<FactState> {
        let deliveries: BTreeSet<_> = match rows.is_empty() {
            true => self.material.records.iter().map(|r| &r.pointer.delivery).collect(),
            false => rows.iter().map(|r| &r.delivery).collect(),
        };
        let cover = self
            .material
            .covers
            .iter()
            .filter(|c| c.event == event && c.of == of && deliveries.contains(&c.delivery))
            .max_by_key(|c| c.through)?;
        let through = cover.through.min(self.horizon.as_of);
        let mut from: Vec<_> = rows.iter().filter(|r| r.delivery == cover.delivery).cloned().collect();
        if from.is_empty() {
            let records = self.material.records.iter().map(|r| &r.pointer);
            from = records.filter(|r| r.delivery == cover.delivery).cloned().collect();
        }
        Some(FactState::Absent { through, from: sorted(from) })
    }
}

/// Whether the Notice to Appear states time and place, as a row says of it.
fn compliant(nta: &Moment) -> Option<FactState> {
    let mut said: BTreeMap<bool, Vec<RowPointer>> = BTreeMap::new();
    for report in &nta.reports {
        let stated = match report.text(Attribute::Disposition) {
            Some("time_and_place_stated") => true,
            Some("no_time_or_place") => false,
            _ => continue,
        };
        said.entry(stated).or_default().push(report.pointer.clone());
    }
    state(said.into_iter().map(|(v, from)| Sourced { value: FactValue::Boolean(v), from: sorted(from) }).collect())
}

fn last_key(stint: &crate::Stint) -> String {
    stint.start.object(Qualifier::Stint).map_or_else(|| stint.start.at.to_string(), str::to_owned)
}

fn is_asylum(moment: &Moment) -> bool {
    moment.text(Attribute::Kind) == Some("asylum")
}

fn case_of(moment: &Moment) -> Option<&str> {
    moment.reports.iter().find_map(|r| r.object(Qualifier::Case))
}

/// Whether a moment belongs to a case, or does not say to which it belongs.
fn same_case(moment: &Moment, case: Option<&str>) -> bool {
    match (case_of(moment), case) {
        (Some(own), Some(case)) => own == case,
        _ => true,
    }
}

fn is_true(state: Option<&FactState>) -> bool {
    matches!(state, Some(FactState::Known(Sourced { value: FactValue::Boolean(true), .. })))
}

fn flag(moment: &Moment, attribute: Attribute) -> Option<FactState> {
    let mut values: BTreeMap<bool, Vec<RowPointer>> = BTreeMap::new();
    for report in &moment.reports {
        if let Some(value) = report.flag(attribute) {
            values.entry(value).or_default().push(report.pointer.clone());
        }
    }
    state(values.into_iter().map(|(v, from)| Sourced { value: FactValue::Boolean(v), from: sorted(from) }).collect())
}

/// The day or days on which reports place a moment.
fn days(moment: &Moment) -> Option<FactState> {
    state(sourced(moment, |event| FactValue::Date(event.at.date())))
}

fn sourced(moment: &Moment, value: impl Fn(&Event) -> FactValue) -> Vec<Sourced> {
    let mut values: BTreeMap<FactValue, Vec<RowPointer>> = BTreeMap::new();
    for report in &moment.reports {
        values.entry(value(report)).or_default().push(report.pointer.clone());
    }
    values.into_iter().map(|(value, from)| Sourced { value, from: sorted(from) }).collect()
}

fn state(mut values: Vec<Sourced>) -> Option<FactState> {
    match values.len() {
        0 => None,
        1 => values.pop().map(FactState::Known),
        _ => Some(FactState::Conflict(values)),
    }
}

fn known(value: FactValue, from: Vec<RowPointer>) -> FactState {
    FactState::Known(Sourced { value, from })
}

fn put(facts: &mut Facts, name: &'static str, state: Option<FactState>) {
    if let Some(state) = state {
        facts.insert(name, state);
    }
}

fn pointers<'e>(events: impl IntoIterator<Item = &'e Event>) -> Vec<RowPointer> {
    sorted(events.into_iter().map(|e| e.pointer.clone()).collect())
}

fn sorted(mut pointers: Vec<RowPointer>) -> Vec<RowPointer> {
    pointers.sort();
    pointers.dedup();
    pointers
}

fn span_days(from: Date, to: Date) -> i64 {
    from.until(to).map_or(0, |span| i64::from(span.get_days()))
}
