//! The court's export to counsel, in the shape of the public CASE release.

mod columns;
mod lookups;

use super::{Place, Row, Shape, TextFile, Truth, folder, sex_letter, write_text};
use crate::chance::{Chance, Stream};
use crate::dates::{days_between, plus};
use crate::errors::{COURT, Noise, record};
use crate::life::{Bond, COURTS, CourtApplication, CourtCase, CrossingKind, Decision, Hearing, Life, Proceeding, Stay};
use crate::{SynthError, WrittenDelivery};
use camino::{Utf8Path, Utf8PathBuf};
use columns::{
    APPEAL, APPLICATION, APPLICATION_DECISION, BOND, CASE, CHARGES, CUSTODY, MOTIONS, PROCEEDING, RESPONDENT, SCHEDULE,
};
use jiff::civil::Date;
use lookups::lookups;

const SHAPE: Shape = Shape { delimiter: b'\t', quote: csv::QuoteStyle::Never, crlf: false, gzip: false };

const README: &str = "\
EXPORT TO COUNSEL OF RECORD

The tables have the columns and the order of the public CASE release. Two tables are not in that release:

A_TblRespondent     names the respondent of each case. The public release is anonymous; an export to counsel of record
                    names the client.
A_TblApplnDecision  gives the date on which each application was decided. The public release has the decision only
                    (tbl_Court_Appln.APPL_DEC) and leaves the date to the proceeding's COMP_DATE.

Everybody in this export is fictional. Alien numbers start at 900 000 000, a range that is never issued.
";

/// The court's export to counsel.
pub(crate) struct Court {
    dir: Utf8PathBuf,
    seed: u64,
    through: Date,
    cases: TextFile,
    respondents: TextFile,
    proceedings: TextFile,
    schedule: TextFile,
    applications: TextFile,
    application_decisions: TextFile,
    appeals: TextFile,
    bonds: TextFile,
    charges: TextFile,
    custody: TextFile,
    motions: TextFile,
    next_case: u32,
    next_row: u32,
}

/// What the rows of one case share.
struct Filed<'a> {
    life: &'a Life,
    case: &'a CourtCase,
    case_id: String,
}

impl Court {
    pub(crate) fn create(dir: &Utf8Path, seed: u64, as_of: Date) -> Result<Self, SynthError> {
        folder(dir)?;
        let open = |name: &str, columns: &[&str]| {
            let mut file = TextFile::create(dir.join(format!("{name}.csv")), SHAPE)?;
            file.line(columns)?;
            Ok::<_, SynthError>(file)
        };
        Ok(Self {
            seed,
            through: plus(as_of, -1),
            cases: open("A_TblCase", CASE)?,
            respondents: open("A_TblRespondent", RESPONDENT)?,
            proceedings: open("B_TblProceeding", PROCEEDING)?,
            schedule: open("tbl_schedule", SCHEDULE)?,
            applications: open("tbl_Court_Appln", APPLICATION)?,
            application_decisions: open("A_TblApplnDecision", APPLICATION_DECISION)?,
            appeals: open("tblAppeal", APPEAL)?,
            bonds: open("D_TblAssociatedBond", BOND)?,
            charges: open("B_TblProceedCharges", CHARGES)?,
            custody: open("tbl_CustodyHistory", CUSTODY)?,
            motions: open("tbl_Court_Motions", MOTIONS)?,
            next_case: 70_000_000,
            next_row: 40_000_000,
            dir: dir.to_owned(),
        })
    }

    pub(crate) fn add(&mut self, life: &Life, truth: &mut Truth) -> Result<(), SynthError> {
        if !life.court_has_file {
            return Ok(());
        }
        let mut chance = Chance::of(self.seed, life.person.no, Stream::Court);
        if let Some(screening) = life.screening
            && let Some((date, vacated)) = screening.review
        {
            let review = review_case(life, screening.decided, date, vacated);
            self.case(life, &review, truth, &mut chance)?;
        }
        for case in &life.cases {
            self.case(life, case, truth, &mut chance)?;
        }
        Ok(())
    }

    fn case(
        &mut self,
        life: &Life,
        case: &CourtCase,
        truth: &mut Truth,
        chance: &mut Chance,
    ) -> Result<(), SynthError> {
        self.next_case += 1;
        let filed = Filed { life, case, case_id: self.next_case.to_string() };
        let stays: Vec<_> = life.stays.iter().filter(|stay| concerns(stay, case)).collect();
        self.respondent(&filed, truth, chance)?;
        self.case_row(&filed, &stays, chance)?;
        self.custody_rows(&filed, &stays, chance)?;
        let mut proceeding_id = String::new();
        for (n, proceeding) in (0..).zip(&case.proceedings) {
            self.next_row += 1;
            proceeding_id = self.next_row.to_string();
            self.proceeding_row(&filed, &proceeding_id, n, proceeding, &stays, chance)?;
            for (m, hearing) in (0..).zip(&proceeding.hearings) {
                self.hearing_row(&filed, &proceeding_id, (n, m), *hearing, chance)?;
            }
            self.appeal_row(&filed, &proceeding_id, proceeding, chance)?;
            self.motion_rows(&filed, &proceeding_id, n, proceeding, chance)?;
        }
        for charge in &case.charges {
            let status = if case.proceedings.last().is_some_and(|p| p.decision.is_some()) { "S" } else { "O" };
            let status = if chance.yes(0.01) { "\0s" } else { status };
            self.next_row += 1;
            let id = self.next_row.to_string();
            self.charges.line(&[id.as_str(), &filed.case_id, &proceeding_id, charge, status])?;
        }
        for application in &case.applications {
            self.application_rows(&filed, &proceeding_id, *application)?;
        }
        if let Some(bond) = case.bond {
            self.bond_row(&filed, &proceeding_id, bond)?;
        }
        Ok(())
    }

    fn respondent(&mut self, filed: &Filed<'_>, truth: &mut Truth, chance: &mut Chance) -> Result<(), SynthError> {
        let Filed { life, case_id, .. } = filed;
        let recorded = record(&life.person, COURT, life.noise, chance);
        let row = self.respondents.line(&[
            case_id.clone(),
            recorded.a_number.map(|n| format!("{n:09}")).unwrap_or_default(),
            recorded.surname,
            recorded.given,
            recorded.birth.map(stamp).unwrap_or_default(),
            if recorded.has_sex { sex_letter(life.person.sex) } else { "" }.to_owned(),
            life.person.citizenship.eoir.to_owned(),
        ])?;
        let place = Place { delivery: "eoir", file: self.respondents.name(), sheet: "", row };
        truth.record(&format!("eoir/person_record/{case_id}"), life, place, &recorded.slips)
    }

    fn case_row(&mut self, filed: &Filed<'_>, stays: &[&Stay], chance: &mut Chance) -> Result<(), SynthError> {
        let Filed { life, case, case_id } = filed;
        let (person, court) = (&life.person, case.court);
        let mut row = Row::new(CASE);
        let no = person.no;
        let city: &[u8] = match no {
            _ if no % 40 == 11 => b"SAN\tANTONIO",
            _ if no % 30 == 5 => b"PE\xD1ASCO",
            _ if no % 15 == 3 => b"SPRING\0FIELD",
            _ => court.city.as_bytes(),
        };
        let lasting = stays.iter().any(|stay| stay.to().is_none());
        let custody = if lasting {
            "D"
        } else if stays.is_empty() {
            "N"
        } else {
            "R"
        };
        row.set("IDNCASE", case_id.as_str())
            .set("ALIEN_CITY", city)
            .set("ALIEN_STATE", court.state)
            .set("ALIEN_ZIPCODE", court.zip)
            .set("NAT", person.citizenship.eoir)
            .set("LANG", person.language.eoir)
            .set("CUSTODY", custody)
            .set("SITE_TYPE", chance.pick(&["M", "M", "I"]))
            .set("E_28_DATE", stamp(plus(case.nta, 30).min(self.through)))
            .set("ATTY_NBR", if no % 15 == 3 { "\0" } else { "" })
            .set("CASE_TYPE", case.case_type)
            .set("UPDATE_SITE", court.base)
            .set("Sex", if chance.yes(0.1) { "" } else { sex_letter(person.sex) })
            .set("C_BIRTHDATE", format!("{:02}/{}", person.birth.month(), person.birth.year()))
            .set(
                "LPR",
                if life.account.lpr_since.is_some() || case.charges[0].starts_with("237a02") { "1" } else { "0" },
            );
        if let Some(hearing) = case.proceedings.last().and_then(|last| last.hearings.last()) {
            row.set("LATEST_HEARING", stamp(hearing.date))
                .set("LATEST_TIME", "0830")
                .set("LATEST_CAL_TYPE", if hearing.individual { "I" } else { "M" });
        }
        let entry = life.crossings.iter().rev().find(|c| c.date <= case.nta && c.kind != CrossingKind::Departure);
        if let Some(entry) = entry.filter(|_| life.noise == Noise::NamesOnly || !chance.yes(0.3)) {
            // Taken from the charging document, which now and then is off.
            let off = if life.noise == Noise::Full { chance.weighted(&[(90, 0), (4, 1), (3, -1), (3, 30)]) } else { 0 };
            row.set("DATE_OF_ENTRY", stamp(plus(entry.date, off).min(case.nta)));
        }
        if !case.applications.is_empty() && case.on_asylum_calendar(self.through) {
            let affirmative = life.filings.iter().any(|filing| filing.form == "I-589");
            row.set("C_ASY_TYPE", if affirmative { "I" } else { "E" });
        }
        if life.account.unaccompanied_child == Some(true) {
            row.set("CASEPRIORITY_CODE", "UC");
        }
        if let Some(stay) = stays.last() {
            row.set("DATE_DETAINED", stay.from().map(stamp).unwrap_or_default())
                .set("DETENTION_DATE", stay.from().map(stamp).unwrap_or_default())
                .set("DATE_RELEASED", self.released(stay).map(stamp).unwrap_or_default())
                .set("DETENTION_FACILITY_TYPE", chance.pick(&["CDF", "IGSA", "SPC"]));
        }
        self.cases.line(&row.cells)?;
        Ok(())
    }

    /// The end of a stay as far as the court knows: never for a record that was left open.
    fn released(&self, stay: &Stay) -> Option<Date> {
        stay.to().filter(|to| !stay.left_open && *to <= self.through)
    }

    fn custody_rows(&mut self, filed: &Filed<'_>, stays: &[&Stay], chance: &mut Chance) -> Result<(), SynthError> {
        if stays.is_empty() {
            self.next_row += 1;
            self.custody.line(&[self.next_row.to_string().as_str(), &filed.case_id, "N", "", ""])?;
        }
        for stay in stays {
            let Some(from) = stay.from() else { continue };
            let exact = filed.life.noise == Noise::NamesOnly;
            let off =
                |chance: &mut Chance| if exact { 0 } else { chance.weighted(&[(85, 0), (8, 1), (4, -1), (3, 2)]) };
            let from = plus(from, off(chance));
            let to = self.released(stay).map(|to| plus(to, off(chance)).max(from).min(self.through));
            self.next_row += 1;
            let id = self.next_row.to_string();
            let to = to.map(stamp).unwrap_or_default();
            self.custody.line(&[id.as_str(), &filed.case_id, "D", &stamp(from), &to])?;
        }
        Ok(())
    }

    fn proceeding_row(
        &mut self,
        filed: &Filed<'_>,
        id: &str,
        n: i32,
        proceeding: &Proceeding,
        stays: &[&Stay],
        chance: &mut Chance,
    ) -> Result<(), SynthError> {
        let Filed { life, case, case_id } = filed;
        let court = case.court;
        let mut row = Row::new(PROCEEDING);
        row.set("IDNPROCEEDING", id)
            .set("IDNCASE", case_id.as_str())
            .set("OSC_DATE", stamp(case.nta))
            .set("INPUT_DATE", stamp(plus(case.nta, 3).min(self.through)))
            .set("BASE_CITY_CODE", court.base)
            .set("HEARING_LOC_CODE", court.hearing)
            .set("IJ_CODE", judge(case, n))
            .set("TRANS_NBR", n.to_string())
            .set("CASE_TYPE", case.case_type)
            .set("NAT", life.person.citizenship.eoir)
            .set("LANG", life.person.language.eoir)
            .set("SCHEDULED_HEAR_LOC", court.hearing)
            .set("CRIM_IND", if case.charges.iter().any(|c| c.starts_with("237a02")) { "Y" } else { "N" })
            .set("AGGRAVATE_FELON", if case.aggravated_felony { "1" } else { "0" });
        if let Some(hearing) = proceeding.hearings.last() {
            row.set("HEARING_DATE", stamp(hearing.date)).set("HEARING_TIME", "0830");
        }
        if let Some(decision) = proceeding.decision {
            let held = stays
                .iter()
                .any(|stay| stay.from() <= Some(decision.date) && stay.to().is_none_or(|to| to >= decision.date));
            row.set(
                "CUSTODY",
                if held {
                    "D"
                } else if stays.is_empty() {
                    "N"
                } else {
                    "R"
                },
            );
            self.decision_cells(&mut row, decision, proceeding);
        }
        if let Some((date, code)) = proceeding.other_completion {
            row.set("OTHER_COMP", code.to_string()).set("COMP_DATE", stamp(date)).set("ABSENTIA", "N");
            if code == 'C' {
                row.set("VENUE_CHG_GRANTED", stamp(date)).set("TRANSFER_STATUS", "Y").set("TRANSFER_TO", court.base);
            }
        }
        if life.person.no % 25 == 9 && chance.yes(0.8) {
            // A short row: the empty cells at the end are missing.
            row.cells.truncate(PROCEEDING.len() - 2);
        }
        self.proceedings.line(&row.cells)?;
        Ok(())
    }

    fn decision_cells(&self, row: &mut Row, decision: Decision, proceeding: &Proceeding) {
        let due = plus(decision.date, 30);
        row.set("DEC_TYPE", decision.form.to_string())
            .set("DEC_CODE", decision.code.to_string())
            .set("COMP_DATE", stamp(decision.date))
            .set("ABSENTIA", if decision.in_absentia { "Y" } else { "N" })
            .set("APPEAL_RSVD", decision.reserved.to_string().trim());
        if matches!(decision.reserved, 'A' | 'B') {
            row.set("DATE_APPEAL_DUE_STATUS", stamp(due));
            if proceeding.appeal.is_none() && due < self.through {
                row.set("APPEAL_NOT_FILED", "X");
            }
        }
    }

    fn hearing_row(
        &mut self,
        filed: &Filed<'_>,
        proceeding: &str,
        (n, m): (i32, i32),
        hearing: Hearing,
        chance: &mut Chance,
    ) -> Result<(), SynthError> {
        let Filed { life, case, case_id } = filed;
        let asylum = case.on_asylum_calendar(hearing.date);
        let kind = match (asylum, hearing.individual) {
            (true, true) => "IA",
            (true, false) => "MA",
            (false, true) => "II",
            (false, false) => "MR",
        };
        self.next_row += 1;
        let mut row = Row::new(SCHEDULE);
        row.set("IDNSCHEDULE", self.next_row.to_string())
            .set("IDNPROCEEDING", proceeding)
            .set("IDNCASE", case_id.as_str())
            .set("OSC_DATE", stamp(case.nta))
            .set("GENERATION", (99 - n).to_string())
            .set("SUB_GENERATION", (99 - m).to_string())
            .set("REC_TYPE", "X")
            .set("LANG", life.person.language.eoir)
            .set("HEARING_LOC_CODE", case.court.hearing)
            .set("BASE_CITY_CODE", case.court.base)
            .set("IJ_CODE", judge(case, n))
            .set("INPUT_DATE", stamp(plus(hearing.date, -40).max(case.nta).min(self.through)))
            .set("INPUT_TIME", "0915")
            .set("ASSIGNMENT_PATH", "W")
            .set("CAL_TYPE", if hearing.individual { "I" } else { "M" })
            .set("ADJ_DATE", stamp(hearing.date))
            .set("ADJ_TIME_START", if hearing.individual { "1300" } else { "0830" })
            .set("ADJ_TIME_STOP", if hearing.individual { "1700" } else { "0900" })
            .set("ADJ_RSN", hearing.adjourned)
            .set("ADJ_MEDIUM", chance.weighted(&[(70, "P"), (20, "V"), (6, "T"), (4, "p")]))
            .set("SCHEDULE_TYPE", kind)
            .set("BLNCLOCKOVERRIDE", "0");
        if asylum && chance.yes(0.4) {
            let received = case.applications.iter().map(|application| application.received).min();
            let elapsed = received.map(|received| days_between(received, hearing.date).to_string());
            row.set("ADJ_ELAP_DAYS", elapsed.unwrap_or_default());
        }
        if life.person.no % 25 == 9 && chance.yes(0.3) {
            row.cells.truncate(SCHEDULE.len() - 1);
        }
        self.schedule.line(&row.cells)?;
        Ok(())
    }

    fn application_rows(
        &mut self,
        filed: &Filed<'_>,
        proceeding: &str,
        application: CourtApplication,
    ) -> Result<(), SynthError> {
        self.next_row += 1;
        let id = self.next_row.to_string();
        let decided = application.decision.map(|(_, code)| code.to_string()).unwrap_or_default();
        let case_id = filed.case_id.as_str();
        let received = stamp(application.received);
        self.applications.line(&[id.as_str(), proceeding, case_id, application.code, &received, &decided])?;
        if let Some((date, _)) = application.decision {
            let cells = [id.as_str(), proceeding, case_id, application.code, &stamp(date), &decided];
            self.application_decisions.line(&cells)?;
        }
        Ok(())
    }

    fn appeal_row(
        &mut self,
        filed: &Filed<'_>,
        proceeding_id: &str,
        proceeding: &Proceeding,
        chance: &mut Chance,
    ) -> Result<(), SynthError> {
        let Some(appeal) = proceeding.appeal else { return Ok(()) };
        let Filed { life, case, case_id } = filed;
        self.next_row += 1;
        let mut row = Row::new(APPEAL);
        row.set("idnAppeal", self.next_row.to_string())
            .set("idncase", case_id.as_str())
            // The release leaves it out in a tenth of the rows.
            .set("idnProceeding", if chance.yes(0.095) { "" } else { proceeding_id })
            .set("strAppealCategory", if chance.yes(0.02) { "ij" } else { "IJ" })
            .set("strAppealType", "Case Appeal")
            .set("datAppealFiled", stamp(appeal.filed))
            .set("strFiledBy", if appeal.by_government { "I" } else { "A" })
            .set("strCaseType", case.case_type)
            .set("strLang", life.person.language.eoir)
            .set("strNat", life.person.citizenship.eoir)
            .set("strCustody", "N");
        if let Some((date, decision)) = appeal.decided {
            row.set("datBIADecision", stamp(date)).set("strBIADecision", decision).set("strBIADecisionType", "R");
        }
        self.appeals.line(&row.cells)?;
        Ok(())
    }

    fn motion_rows(
        &mut self,
        filed: &Filed<'_>,
        proceeding_id: &str,
        n: i32,
        proceeding: &Proceeding,
        chance: &mut Chance,
    ) -> Result<(), SynthError> {
        let Filed { case, case_id, .. } = filed;
        for motion in &proceeding.motions {
            self.next_row += 1;
            let mut row = Row::new(MOTIONS);
            row.set("IDNMOTION", self.next_row.to_string())
                .set("IDNPROCEEDING", proceeding_id)
                .set("IDNCASE", case_id.as_str())
                .set("OSC_DATE", stamp(case.nta))
                .set("REC_TYPE", motion.code)
                .set("GENERATION", (99 - n).to_string())
                .set("BASE_CITY_CODE", case.court.base)
                .set("HEARING_LOC_CODE", case.court.hearing)
                .set("IJ_CODE", judge(case, n))
                .set("MOTION_RECD_DATE", stamp(motion.filed))
                .set("INPUT_DATE", stamp(plus(motion.filed, 1).min(self.through)))
                .set("JURISDICTION", "IJ")
                .set("STRFILINGPARTY", chance.pick(&["A", "A", "R"]))
                .set("STRFILINGMETHOD", "W")
                .set("STRCERTOFSERVICECODE", "E")
                .set("BLNDELETED", "0")
                .set("strDJScenario", "0");
            if let Some((date, decision)) = motion.decided {
                row.set("DEC", decision.to_string()).set("COMP_DATE", stamp(date));
            }
            self.motions.line(&row.cells)?;
        }
        Ok(())
    }

    fn bond_row(&mut self, filed: &Filed<'_>, proceeding: &str, bond: Bond) -> Result<(), SynthError> {
        let Filed { case, case_id, .. } = filed;
        self.next_row += 1;
        let mut row = Row::new(BOND);
        row.set("IDNASSOCBOND", self.next_row.to_string())
            .set("IDNPROCEEDING", proceeding)
            .set("IDNCASE", case_id.as_str())
            .set("OSC_DATE", stamp(case.nta))
            .set("REC_TYPE", "B")
            .set("BASE_CITY_CODE", case.court.base)
            .set("BASE_CITY_NAME", case.court.city)
            .set("HEARING_LOC_CODE", case.court.hearing)
            .set("IJ_CODE", judge(case, 0))
            .set("DEC", bond.decision.to_string())
            .set("COMP_DATE", stamp(bond.decided))
            .set("INITIAL_BOND", "0")
            .set("REL_CON", "N")
            .set("BOND_HEARING_TELEPHONIC", "P")
            .set("BOND_HEAR_REQ_DATE", stamp(bond.requested))
            .set("NEW_BOND", bond.dollars.map(|d| d.to_string()).unwrap_or_default())
            .set("BOND_TYPE", "BB")
            .set("FILING_METHOD", "W")
            .set("FILING_PARTY", "A");
        self.bonds.line(&row.cells)?;
        Ok(())
    }

    pub(crate) fn finish(self) -> Result<WrittenDelivery, SynthError> {
        let mut files = Vec::new();
        let mut counts = String::new();
        let mut count = |name: &str, rows: u64| counts.push_str(&format!("{name}\t{rows}\n"));
        for table in [
            self.cases,
            self.respondents,
            self.proceedings,
            self.schedule,
            self.applications,
            self.application_decisions,
            self.appeals,
            self.bonds,
            self.charges,
            self.custody,
            self.motions,
        ] {
            count(table.name().trim_end_matches(".csv"), table.rows - 1);
            files.push(table.finish()?);
        }
        let lookup = self.dir.join("Lookup");
        folder(&lookup)?;
        for (name, columns, rows) in lookups() {
            let mut file = TextFile::create(lookup.join(format!("{name}.csv")), SHAPE)?;
            file.line(columns)?;
            for row in &rows {
                file.line(row)?;
            }
            count(name, file.rows - 1);
            files.push(file.finish()?);
        }
        files.push(write_text(self.dir.join("Count.txt"), &counts)?);
        write_text(self.dir.join("README.txt"), README)?;
        Ok(WrittenDelivery { name: "eoir", mapping: "synth/eoir-counsel", through: Some(self.through), files })
    }
}

/// A judge's review of a negative screening is a case of its own.
fn review_case(life: &Life, finding: Date, date: Date, vacated: bool) -> CourtCase {
    let court = &COURTS[usize::try_from(life.person.no).unwrap_or(0) % COURTS.len()];
    let code = if vacated { 'V' } else { 'A' };
    let decision = Decision { date, code, in_absentia: false, form: 'O', reserved: ' ' };
    CourtCase {
        nta: finding,
        case_type: "CFR",
        charges: vec!["212a07AiI"],
        aggravated_felony: false,
        court,
        applications: Vec::new(),
        proceedings: vec![Proceeding { decision: Some(decision), ..Proceeding::default() }],
        bond: None,
    }
}

/// The stay falls into the time of the case, as the court would have it on file.
fn concerns(stay: &Stay, case: &CourtCase) -> bool {
    stay.to().is_none_or(|to| to >= plus(case.nta, -3))
}

fn judge(case: &CourtCase, n: i32) -> &'static str {
    case.court.judges[usize::try_from(n % 2).unwrap_or(0)]
}

/// A date as the release prints it.
fn stamp(date: Date) -> String {
    format!("{date} 00:00:00.000")
}
