use crate::CaseFile;
use jiff::civil::Date;
use law::Judged;
use model::{ObligationId, Outcome, PersonId, Status};

/// For how long a missed duty stays in the queue, in days: while a late filing or a complaint may still help.
const MISSED_STAYS_DAYS: i32 = 90;

/// What one criterion yields for one subject of one person.
#[derive(Debug, Clone)]
pub struct Obligation {
    /// Stable while person, criterion and subject are.
    pub id: ObligationId,
    /// Whose case.
    pub person: PersonId,
    /// The person's name.
    pub name: String,
    /// What the law library says.
    pub judged: Judged,
    /// Whether the person is in custody, as far as the record says.
    pub in_custody: Option<bool>,
    /// How sure linkage is of the least well linked record of the person.
    pub weakest_link: Option<f64>,
}

impl Obligation {
    pub(crate) fn new(file: &CaseFile, judged: Judged) -> Self {
        let key = format!("{}/{}", judged.subject.name(), judged.key);
        Self {
            id: ObligationId::of(&file.person, &judged.criterion, &key),
            person: file.person.clone(),
            name: file.name().to_owned(),
            judged,
            in_custody: file.in_custody(),
            weakest_link: file.weakest_link,
        }
    }

    /// Whether liberty is at stake: the person is in custody, or the criterion itself is about custody or citizenship.
    pub fn liberty(&self) -> bool {
        self.in_custody == Some(true) || self.judged.liberty
    }

    /// The date that matters next: a person's safe date, an agency's day, or the day on which something opens.
    pub fn next_date(&self, as_of: Date) -> Option<Date> {
        let judged = &self.judged;
        let opens = judged.opens.filter(|day| *day >= as_of);
        match judged.status {
            Status::Due => judged.safe_by.or(opens).or(judged.due).or(judged.opens),
            Status::Owed => judged.due.or(opens).or(judged.opens).or(judged.safe_by),
            Status::Missed | Status::CannotTell => judged.safe_by.or(judged.due).or(judged.opens),
            Status::Met | Status::NotApplicable => None,
        }
    }

    /// Whether a person should look at this among all persons' work.
    pub(crate) fn belongs_in_queue(&self, file: &CaseFile, as_of: Date) -> bool {
        let recent = |day: Option<Date>| {
            day.is_some_and(|d| d.until(as_of).is_ok_and(|span| span.get_days() <= MISSED_STAYS_DAYS))
        };
        match (self.judged.outcome, self.judged.status) {
            (_, Status::Met | Status::NotApplicable) | (Outcome::PossibleRelief, _) => false,
            (Outcome::PossibleCitizenship, status) => {
                status == Status::Owed && (file.in_custody() == Some(true) || file.in_proceedings() == Some(true))
            }
            (Outcome::RecordConflict, status) => status == Status::Owed,
            (_, Status::Missed) => recent(self.next_date(as_of)),
            (_, Status::Owed | Status::Due | Status::CannotTell) => true,
        }
    }

    /// Order of work: liberty first, then what stands, then the soonest date. Nothing in it weighs a person.
    pub(crate) fn order(&self, as_of: Date) -> (bool, u8, Date, ObligationId) {
        let standing = match self.judged.status {
            Status::Owed | Status::Due | Status::Missed => 0,
            Status::CannotTell => 1,
            Status::Met => 2,
            Status::NotApplicable => 3,
        };
        (!self.liberty(), standing, self.next_date(as_of).unwrap_or(Date::MAX), self.id.clone())
    }
}
