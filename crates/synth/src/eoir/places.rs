//! Courts with their hearing locations and judges, and the towns in which people live.

use super::lookups::Lookup;
use super::marginals::Codes;
use crate::chance::Rolls;
use std::collections::HashMap;

/// A judge. Nobody real.
pub(super) struct Judge {
    pub(super) code: String,
    pub(super) name: String,
}

/// An immigration court: a base city with its hearing locations.
pub(super) struct Court {
    pub(super) code: &'static str,
    pub(super) city: &'static str,
    pub(super) state: &'static str,
    pub(super) zip: &'static str,
    pub(super) locations: Vec<&'static str>,
    pub(super) judges: Vec<Judge>,
    /// The towns whose people it hears, as places in [`Places::towns`].
    towns: Vec<usize>,
}

/// A town with the first three digits of its ZIP codes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Town {
    pub(super) city: &'static str,
    pub(super) state: &'static str,
    pub(super) zip: &'static str,
}

/// All of them.
pub(super) struct Places {
    courts: Vec<Court>,
    towns: Vec<Town>,
    by_code: HashMap<&'static str, usize>,
}

const JUDGES_EACH: usize = 6;

impl Places {
    pub(super) fn new(lookups: &[Lookup]) -> Self {
        let rows = |name: &str| lookups.iter().find(|l| l.name == name).map_or(&[][..], |l| l.rows.as_slice());
        let mut towns: Vec<Town> = TOWNS.iter().map(|(city, state, zip, _)| Town { city, state, zip }).collect();
        let mut courts = Vec::new();
        for row in rows("tblLookupBaseCity") {
            let &[code, _, city, state, zip] = row.as_slice() else { continue };
            let mut own: Vec<usize> = (0..TOWNS.len()).filter(|town| TOWNS[*town].3 == code).collect();
            if own.is_empty() {
                own.push(towns.len());
                towns.push(Town { city, state, zip: &zip[..3] });
            }
            let locations = rows("tblLookupHloc").iter().filter(|hall| hall.last() == Some(&code));
            let mut locations: Vec<_> = locations.filter_map(|hall| hall.first().copied()).collect();
            // The court's own building first: most hearings are there.
            match locations.iter().position(|hall| *hall == code) {
                Some(at) => locations.swap(0, at),
                None => locations.insert(0, code),
            }
            let judges = (0..JUDGES_EACH).map(|n| judge(courts.len() * JUDGES_EACH + n)).collect();
            courts.push(Court { code, city, state, zip, locations, judges, towns: own });
        }
        let by_code = courts.iter().enumerate().map(|(at, court)| (court.code, at)).collect();
        Self { courts, towns, by_code }
    }

    pub(super) fn courts(&self) -> &[Court] {
        &self.courts
    }

    pub(super) fn court(&self, at: usize) -> &Court {
        &self.courts[at]
    }

    pub(super) fn town(&self, at: usize) -> Town {
        self.towns[at]
    }

    /// A court, each as often as cases are heard there.
    pub(super) fn some_court(&self, codes: &Codes, rolls: &mut Rolls) -> usize {
        self.by_code.get(codes.court.value(rolls.roll())).copied().unwrap_or_default()
    }

    /// A town of the court's, or anywhere.
    pub(super) fn some_town(&self, court: usize, rolls: &mut Rolls) -> usize {
        let own = &self.courts[court].towns;
        if rolls.yes(0.85) { rolls.pick(own) } else { rolls.between(0, self.towns.len() as i32 - 1) as usize }
    }

    /// A hearing location of the court's.
    pub(super) fn some_location(&self, court: usize, rolls: &mut Rolls) -> &'static str {
        let locations = &self.courts[court].locations;
        if rolls.yes(0.7) { locations[0] } else { rolls.pick(locations) }
    }
}

fn judge(no: usize) -> Judge {
    const HEADS: [&str; 14] =
        ["Bal", "Cor", "Dren", "Far", "Gil", "Hol", "Jas", "Kel", "Lor", "Mar", "Nor", "Pel", "Quen", "Tor"];
    const MIDDLES: [&str; 5] = ["a", "e", "i", "o", "y"];
    const TAILS: [&str; 9] = ["bek", "dane", "grave", "lund", "mere", "nath", "rick", "sby", "vane"];
    const GIVEN: [&str; 11] =
        ["Alma", "Bruno", "Celia", "Dario", "Edith", "Franz", "Greta", "Hanno", "Irma", "Jonas", "Klara"];
    let surname = format!(
        "{}{}{}",
        HEADS[no % HEADS.len()],
        MIDDLES[no / 3 % MIDDLES.len()],
        TAILS[no / HEADS.len() % TAILS.len()]
    );
    let letter = |n: usize| char::from(b'A' + (n % 26) as u8);
    // Codes of real judges are their initials; the digit keeps these apart.
    let code = format!("{}{}{}", letter(no / 26), letter(no), no / 676 + 1);
    Judge { code, name: format!("{surname}, {}", GIVEN[no % GIVEN.len()]) }
}

/// A town whose name the release has in Latin-1.
pub(super) const ACCENTED: [Town; 3] = [
    Town { city: "SAN JOSÉ", state: "CA", zip: "951" },
    Town { city: "PEÑASCO", state: "NM", zip: "875" },
    Town { city: "CAÑON CITY", state: "CO", zip: "812" },
];

/// City, state, ZIP prefix, the court that hears most of its people.
const TOWNS: &[(&str, &str, &str, &str)] = &[
    ("BROOKLYN", "NY", "112", "NYC"),
    ("BRONX", "NY", "104", "NYC"),
    ("QUEENS VILLAGE", "NY", "114", "NYC"),
    ("NEW YORK", "NY", "100", "NYC"),
    ("HEMPSTEAD", "NY", "115", "NYC"),
    ("NEW ROCHELLE", "NY", "108", "NYC"),
    ("CENTRAL ISLIP", "NY", "117", "NYC"),
    ("MIAMI", "FL", "331", "MIA"),
    ("HIALEAH", "FL", "330", "MIA"),
    ("WEST PALM BEACH", "FL", "334", "MIA"),
    ("LAKE WORTH", "FL", "334", "MIA"),
    ("FORT LAUDERDALE", "FL", "333", "MIA"),
    ("MIAMI", "FL", "331", "KRO"),
    ("LOS ANGELES", "CA", "900", "LOS"),
    ("SOUTH GATE", "CA", "902", "LOS"),
    ("VAN NUYS", "CA", "914", "LOS"),
    ("EL MONTE", "CA", "917", "LOS"),
    ("SANTA ANA", "CA", "927", "LOS"),
    ("LANCASTER", "CA", "935", "LAN"),
    ("SAN FRANCISCO", "CA", "941", "SFR"),
    ("OAKLAND", "CA", "946", "SFR"),
    ("SAN RAFAEL", "CA", "949", "SFR"),
    ("DALY CITY", "CA", "940", "SFR"),
    ("STOCKTON", "CA", "952", "SFR"),
    ("SAN DIEGO", "CA", "921", "SND"),
    ("CHULA VISTA", "CA", "919", "SND"),
    ("EL CENTRO", "CA", "922", "IMP"),
    ("VICTORVILLE", "CA", "923", "ADL"),
    ("HOUSTON", "TX", "770", "HOU"),
    ("PASADENA", "TX", "775", "HOU"),
    ("SPRING BRANCH", "TX", "780", "HOU"),
    ("HOUSTON", "TX", "770", "HOD"),
    ("SAN ANTONIO", "TX", "782", "SNA"),
    ("AUSTIN", "TX", "787", "SNA"),
    ("LAREDO", "TX", "780", "SNA"),
    ("SAN MARCOS", "TX", "786", "SNA"),
    ("DALLAS", "TX", "752", "DAL"),
    ("FORT WORTH", "TX", "761", "DAL"),
    ("GRAND PRAIRIE", "TX", "750", "DAL"),
    ("OKLAHOMA CITY", "OK", "731", "DAL"),
    ("EL PASO", "TX", "799", "ELP"),
    ("LAS CRUCES", "NM", "880", "ELP"),
    ("BROWNSVILLE", "TX", "785", "HLG"),
    ("MCALLEN", "TX", "785", "HLG"),
    ("SAN BENITO", "TX", "785", "HLG"),
    ("LOS FRESNOS", "TX", "785", "PIS"),
    ("NEWARK", "NJ", "071", "NEW"),
    ("UNION CITY", "NJ", "070", "NEW"),
    ("WEST NEW YORK", "NJ", "070", "NEW"),
    ("TRENTON", "NJ", "086", "NEW"),
    ("CHICAGO", "IL", "606", "CHI"),
    ("CICERO", "IL", "608", "CHI"),
    ("INDIANAPOLIS", "IN", "462", "CHI"),
    ("EAST CHICAGO", "IN", "463", "CHI"),
    ("ARLINGTON", "VA", "222", "WAS"),
    ("FALLS CHURCH", "VA", "220", "WAS"),
    ("WASHINGTON", "DC", "200", "WAS"),
    ("MANASSAS", "VA", "201", "WAS"),
    ("SILVER SPRING", "MD", "209", "BAL"),
    ("BALTIMORE", "MD", "212", "BAL"),
    ("CAPITOL HEIGHTS", "MD", "207", "BAL"),
    ("ATLANTA", "GA", "303", "ATL"),
    ("NORCROSS", "GA", "300", "ATL"),
    ("STONE MOUNTAIN", "GA", "300", "ATL"),
    ("BIRMINGHAM", "AL", "352", "ATL"),
    ("LYNN", "MA", "019", "BOS"),
    ("CHELSEA", "MA", "021", "BOS"),
    ("EAST BOSTON", "MA", "021", "BOS"),
    ("NEW BEDFORD", "MA", "027", "BOS"),
    ("ORLANDO", "FL", "328", "ORL"),
    ("WINTER HAVEN", "FL", "338", "ORL"),
    ("TAMPA", "FL", "336", "ORL"),
    ("FORT MYERS", "FL", "339", "ORL"),
    ("MEMPHIS", "TN", "381", "MEM"),
    ("NASHVILLE", "TN", "372", "MEM"),
    ("LITTLE ROCK", "AR", "722", "MEM"),
    ("PHILADELPHIA", "PA", "191", "PHI"),
    ("UPPER DARBY", "PA", "190", "PHI"),
    ("CHARLOTTE", "NC", "282", "CHL"),
    ("WINSTON SALEM", "NC", "271", "CHL"),
    ("DURHAM", "NC", "277", "CHL"),
    ("DENVER", "CO", "802", "DEN"),
    ("AURORA", "CO", "800", "DEN"),
    ("NEW ORLEANS", "LA", "701", "NOL"),
    ("BATON ROUGE", "LA", "708", "NOL"),
    ("OAKDALE", "LA", "714", "OAK"),
    ("PHOENIX", "AZ", "850", "PHO"),
    ("MESA", "AZ", "852", "PHO"),
    ("TUCSON", "AZ", "857", "TUC"),
    ("SEATTLE", "WA", "981", "SEA"),
    ("KENT", "WA", "980", "SEA"),
    ("COLUMBUS", "OH", "432", "CLE"),
    ("CINCINNATI", "OH", "452", "CLE"),
    ("LAS VEGAS", "NV", "891", "LVG"),
    ("NORTH LAS VEGAS", "NV", "890", "LVG"),
    ("OMAHA", "NE", "681", "OMA"),
    ("DES MOINES", "IA", "503", "OMA"),
    ("DETROIT", "MI", "482", "DET"),
    ("GRAND RAPIDS", "MI", "495", "DET"),
    ("MINNEAPOLIS", "MN", "554", "BLM"),
    ("SAINT PAUL", "MN", "551", "BLM"),
    ("PORTLAND", "OR", "972", "POO"),
    ("HARTFORD", "CT", "061", "HAR"),
    ("NEW HAVEN", "CT", "065", "HAR"),
    ("BUFFALO", "NY", "142", "BUF"),
    ("KANSAS CITY", "MO", "641", "KAN"),
    ("SALT LAKE CITY", "UT", "841", "SLC"),
];
