//! One row of a list, in plain values.

use crate::redaction::is_redaction;
use crate::registry::{CodeSystem, Coordinates, Kind, Seen};
use camino::Utf8Path;

/// What one row of a list says of an institution. What it does not say is `None`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Row {
    /// The code that names the institution.
    pub code: Option<(CodeSystem, String)>,
    /// The number by which the list's compiler joins what he takes for one facility.
    pub canonical_id: Option<String>,
    /// Its name.
    pub name: Option<String>,
    /// Street and number.
    pub street: Option<String>,
    /// City.
    pub city: Option<String>,
    /// State: two letters.
    pub state: Option<String>,
    /// ZIP code.
    pub zip: Option<String>,
    /// County.
    pub county: Option<String>,
    /// ICE area of responsibility: three letters.
    pub aor: Option<String>,
    /// The list's word for its type.
    pub facility_type: Option<String>,
    /// What that word, or for EOIR the name, says that it is.
    pub kind: Option<Kind>,
    /// The word is a group's: a list without detailed types calls a juvenile facility `IGSA` too. It counts only where
    /// no list has a detailed one.
    pub kind_is_coarse: bool,
    /// Who runs it.
    pub operator: Option<String>,
    /// Of a hearing location: the code of its court.
    pub court: Option<String>,
    /// A doubt that the list's compiler wrote down.
    pub note: Option<String>,
    /// Where it stands.
    pub coordinates: Option<Coordinates>,
    /// The days of which the row speaks, if not those of its source.
    pub seen: Option<Seen>,
}

/// Texts by which lists say that they have no value.
const NULLS: &[&str] =
    &["", "NA", "N/A", "--", "NULL", "NONE", "NOT ACTIVE", "TO BE DECIDED", "*TO BE DECIDED", "UNKNOWN"];

/// A cell with single blanks; `None` if it holds no value or is redacted.
pub(super) fn value(text: &str) -> Option<String> {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let null = NULLS.iter().any(|null| text.eq_ignore_ascii_case(null)) || is_redaction(&text);
    (!null).then_some(text)
}

/// Two capitals.
pub(super) fn state(text: &str) -> Option<String> {
    let text = text.trim().to_ascii_uppercase();
    (text.len() == 2 && text.bytes().all(|b| b.is_ascii_uppercase()) && text != "NA").then_some(text)
}

/// A ZIP code. Spreadsheets drop the zeros at the front, which are put back; a second part of zeros says nothing.
pub(super) fn zip(text: &str) -> Option<String> {
    let digits: String = text.trim().chars().filter(|c| *c != '-').collect();
    if !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let (first, rest) = match digits.len() {
        3..=5 => (format!("{digits:0>5}"), String::new()),
        8 | 9 => {
            let whole = format!("{digits:0>9}");
            (whole.get(..5)?.to_owned(), whole.get(5..)?.to_owned())
        }
        _ => return None,
    };
    if first == "00000" || first == "11111" {
        return None;
    }
    Some(if rest.is_empty() || rest == "0000" { first } else { format!("{first}-{rest}") })
}

/// A code: capitals and digits.
pub(super) fn code(text: &str) -> Option<String> {
    let text = text.trim();
    let sound = (2..=8).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
    sound.then(|| text.to_owned())
}

/// Areas of responsibility, as lists write their names.
const AORS: &[(&str, &str)] = &[
    ("ATLANTA", "ATL"),
    ("BALTIMORE", "BAL"),
    ("BOSTON", "BOS"),
    ("BUFFALO", "BUF"),
    ("CHICAGO", "CHI"),
    ("DALLAS", "DAL"),
    ("DENVER", "DEN"),
    ("DETROIT", "DET"),
    ("EL PASO", "ELP"),
    ("HARLINGEN", "HLG"),
    ("HOUSTON", "HOU"),
    ("LOS ANGELES", "LOS"),
    ("MIAMI", "MIA"),
    ("NEW ORLEANS", "NOL"),
    ("NEW YORK", "NYC"),
    ("NEW YORK CITY", "NYC"),
    ("NEWARK", "NEW"),
    ("PHILADELPHIA", "PHI"),
    ("PHOENIX", "PHO"),
    ("SALT LAKE CITY", "SLC"),
    ("SAN ANTONIO", "SNA"),
    ("SAN DIEGO", "SND"),
    ("SAN FRANCISCO", "SFR"),
    ("SEATTLE", "SEA"),
    ("ST PAUL", "SPM"),
    ("WASHINGTON", "WAS"),
    ("WASHINGTON DC", "WAS"),
];

/// The letters of an area of responsibility, from its letters or its name.
pub(super) fn aor(text: &str) -> Option<String> {
    let text = text.trim().to_ascii_uppercase().replace('.', "");
    let name =
        text.trim_end_matches(" AREA OF RESPONSIBILITY").trim_end_matches(" AOR").trim_end_matches(" FIELD OFFICE");
    let known = AORS.iter().find(|(long, short)| *long == name || *short == name);
    known.map(|(_, short)| (*short).to_owned())
}

/// Types and contracts, in the words of the lists, and what has them. Words that do not decide (`Federal`) are left out.
const TYPES: &[(&str, Kind)] = &[
    ("BOP", Kind::FederalPrison),
    ("BUREAU OF PRISONS", Kind::FederalPrison),
    ("CDF", Kind::DetentionFacility),
    ("CONTRACT DETENTION FACILITY", Kind::DetentionFacility),
    ("DEDICATED", Kind::DetentionFacility),
    ("DEDICATED INTER-GOVERNMENTAL SERVICE AGREEMENT", Kind::DetentionFacility),
    ("DIGSA", Kind::DetentionFacility),
    ("DOD", Kind::Military),
    ("FAMILY", Kind::FamilyOrYouth),
    ("FAMILY STAGING", Kind::FamilyOrYouth),
    ("FAMILY/YOUTH", Kind::FamilyOrYouth),
    ("HEALTH", Kind::Hospital),
    ("HOLD", Kind::HoldRoom),
    ("HOLD/STAGING", Kind::HoldRoom),
    ("HOSPITAL", Kind::Hospital),
    ("IGSA", Kind::DetentionFacility),
    ("INTER-GOVERNMENTAL SERVICE AGREEMENT", Kind::DetentionFacility),
    ("JUVENILE", Kind::FamilyOrYouth),
    ("JUVENILE JAIL", Kind::FamilyOrYouth),
    ("MEDICAL", Kind::Hospital),
    ("MILITARY PRISON", Kind::Military),
    ("MIRP", Kind::DetentionFacility),
    ("NON-DEDICATED", Kind::DetentionFacility),
    ("ORR", Kind::Shelter),
    ("OTHER", Kind::Other),
    ("FEDERAL COURT", Kind::Other),
    ("POLICE DEPARTMENT", Kind::DetentionFacility),
    ("REGIONAL JAIL", Kind::DetentionFacility),
    ("SERVICE PROCESSING CENTER", Kind::DetentionFacility),
    ("SPC", Kind::DetentionFacility),
    ("STAGING", Kind::HoldRoom),
    ("STATE PRISON", Kind::DetentionFacility),
    ("U.S. MARSHALS SERVICE INTER-GOVERNMENTAL AGREEMENT", Kind::DetentionFacility),
    ("USMS CDF", Kind::DetentionFacility),
    ("USMS IGA", Kind::DetentionFacility),
];

/// What has a type.
pub(super) fn kind_of_type(text: &str) -> Option<Kind> {
    TYPES.iter().find(|(word, _)| word.eq_ignore_ascii_case(text)).map(|(_, kind)| *kind)
}

/// Takes city, state and ZIP code off the end of a street, where a list has all of them in one cell.
pub(super) fn split_address(row: &mut Row) {
    let Some((rest, last)) = row.street.as_deref().and_then(|street| street.rsplit_once(", ")) else { return };
    let Some((letters, digits)) = last.split_once(' ') else { return };
    let (Some(found), Some(code), Some((street, city))) = (state(letters), zip(digits), rest.rsplit_once(", ")) else {
        return;
    };
    let (street, city) = (street.to_owned(), city.to_owned());
    row.state.get_or_insert(found);
    row.zip.get_or_insert(code);
    row.city.get_or_insert(city);
    row.street = Some(street);
}

/// A lookup table of EOIR that names places.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum EoirTable {
    BaseCity,
    Hloc,
}

impl EoirTable {
    /// The table whose name a file has: EOIR's own exports have no header by which to know them.
    pub(super) fn of(path: &Utf8Path) -> Option<Self> {
        let name = path.file_name()?.to_ascii_lowercase();
        match name.split('.').next()? {
            "tbllookupbasecity" => Some(Self::BaseCity),
            "tbllookuphloc" => Some(Self::Hloc),
            _ => None,
        }
    }

    /// A code and its name.
    pub(super) fn row(self, code_text: &str, name: &str) -> Option<Row> {
        let (name, code) = (value(name)?, code(code_text)?);
        let is_test = name.to_ascii_uppercase().split(|c: char| !c.is_ascii_alphanumeric()).any(|word| word == "TEST");
        let (system, kind) = match self {
            _ if is_test => (self.system(), Kind::TestEntry),
            Self::Hloc => (self.system(), Kind::HearingLocation),
            Self::BaseCity if name.eq_ignore_ascii_case("board of immigration appeals") => {
                (self.system(), Kind::AppealsBoard)
            }
            Self::BaseCity => match name.to_ascii_lowercase() {
                name if name.contains("chief immigration judge") || name.contains("office of management") => {
                    (self.system(), Kind::CourtOffice)
                }
                _ => (self.system(), Kind::Court),
            },
        };
        Some(Row { code: Some((system, code)), name: Some(name), kind: Some(kind), ..Row::default() })
    }

    /// A row of EOIR's export: 100 cells for base cities, 30 for hearing locations.
    ///
    /// The line after the name is not read: it often has the name of a warden or an administrator.
    pub(super) fn long_row(self, cells: &[String]) -> Option<Row> {
        let width = match self {
            Self::BaseCity => 100,
            Self::Hloc => 30,
        };
        if cells.len() != width {
            return None;
        }
        let cell = |at: usize| cells.get(at).map_or("", String::as_str);
        let row = self.row(cell(1), cell(2))?;
        let court = (self == Self::Hloc).then(|| code(cell(9))).flatten();
        let city = value(cell(5));
        // Where the city is not decided, street and ZIP code are filled in with something.
        let (street, zip) = if city.is_some() { (value(cell(4)), zip(cell(7))) } else { (None, None) };
        Some(Row { street, city, state: state(cell(6)), zip, court, ..row })
    }

    fn system(self) -> CodeSystem {
        match self {
            Self::BaseCity => CodeSystem::EoirBaseCity,
            Self::Hloc => CodeSystem::EoirHearingLocation,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zip_codes() {
        for (text, expected) in [
            ("2920", "02920"),
            ("31815", "31815"),
            ("303030000", "30303"),
            ("984211615", "98421-1615"),
            ("98421-1615", "98421-1615"),
            ("22030002", "02203-0002"),
            ("968", "00968"),
            ("00nan", "-"),
            ("11111", "-"),
            ("0", "-"),
            ("", "-"),
        ] {
            assert_eq!(zip(text).as_deref().unwrap_or("-"), expected, "{text}");
        }
    }

    #[test]
    fn values_codes_and_areas() {
        assert_eq!(value("  GRAYS   HARBOR "), Some("GRAYS HARBOR".to_owned()));
        for null in ["NA", "n/a", "Redacted", "(b)(4)", "To Be Decided", ""] {
            assert_eq!(value(null), None, "{null}");
        }
        assert_eq!(code("STWRTGA"), Some("STWRTGA".to_owned()));
        for none in ["Redacted", "U.S. Immigration and Customs Enforcement", "X", "CAN'T"] {
            assert_eq!(code(none), None, "{none}");
        }
        for (text, letters) in [
            ("St. Paul Area of Responsibility", "SPM"),
            ("Washington D.C. AOR", "WAS"),
            ("ATL", "ATL"),
            ("New York City Area of Responsibility", "NYC"),
            ("Mars Area of Responsibility", "-"),
        ] {
            assert_eq!(aor(text).as_deref().unwrap_or("-"), letters, "{text}");
        }
    }

    #[test]
    fn an_address_in_one_cell() {
        let street = |text: &str| Row { street: Some(text.to_owned()), ..Row::default() };
        let mut row = street("2615 Chester Ave, Bakersfield, CA 93301");
        split_address(&mut row);
        let parts = [row.street, row.city, row.state, row.zip].map(Option::unwrap_or_default);
        assert_eq!(parts, ["2615 Chester Ave", "Bakersfield", "CA", "93301"]);
        let mut whole = street("77 FORSYTH ST., SW");
        split_address(&mut whole);
        assert_eq!(whole, street("77 FORSYTH ST., SW"));
    }

    #[test]
    fn eoir_rows() {
        for (table, code, name, expected) in [
            (EoirTable::BaseCity, "ATL", "OFFICE OF THE IMMIGRATION JUDGE", Some(Kind::Court)),
            (EoirTable::BaseCity, "BIA", "BOARD OF IMMIGRATION APPEALS   ", Some(Kind::AppealsBoard)),
            (EoirTable::BaseCity, "CIJ", "OFFICE OF THE CHIEF IMMIGRATION JUDGE", Some(Kind::CourtOffice)),
            (EoirTable::BaseCity, "OIT", "OIT TEST BASE CITY - ECAS", Some(Kind::TestEntry)),
            (EoirTable::Hloc, "ZZZ", "TEST HEARING LOC FERM DOCKET - FM", Some(Kind::TestEntry)),
            (EoirTable::Hloc, "ABQ", "REGIONAL CORRECTIONS CENTER", Some(Kind::HearingLocation)),
            (EoirTable::Hloc, "ABQ", "", None),
        ] {
            assert_eq!(table.row(code, name).and_then(|row| row.kind), expected, "{code} {name}");
        }
    }
}
