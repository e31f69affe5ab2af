//! Of which days a file speaks: by its text, its name, or the note of where it came from.

use crate::registry::Seen;
use camino::Utf8Path;
use jiff::civil::{Date, date};
use std::fs;

const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

fn one(day: Date) -> Seen {
    Seen { first: day, last: day }
}

/// The U.S. government's fiscal year: October to September.
pub(super) fn fiscal_year(year: i16) -> Option<Seen> {
    Some(Seen { first: Date::new(year - 1, 10, 1).ok()?, last: Date::new(year, 9, 30).ok()? })
}

/// The fiscal year in `FY19 ALOS`, once it is plain: `fy19_alos`.
pub(super) fn year_of_column(plain: &str) -> Option<i16> {
    short_year(plain.strip_prefix("fy")?.strip_suffix("_alos")?)
}

fn short_year(digits: &str) -> Option<i16> {
    let year: i16 = digits.parse().ok()?;
    match digits.len() {
        2 => Some(2000 + year),
        4 => Some(year),
        _ => None,
    }
}

/// The first day that stands after the words `as of`, in American order: month, day, year.
pub(super) fn as_of(text: &str) -> Option<Seen> {
    let text = text.to_ascii_lowercase();
    text.split("as of").skip(1).find_map(|rest| {
        let first = rest.split_whitespace().next()?;
        let mut parts = first.trim_end_matches(|c: char| !c.is_ascii_digit()).split('/');
        let (month, day) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
        let year = short_year(parts.next()?)?;
        Date::new(year, month, day).ok().map(one)
    })
}

/// The day or month in a file's name: `2026-03-14`, `11-06-2017`, `09242025` or `feb2025`.
pub(super) fn of_name(name: &str) -> Option<Seen> {
    let name = name.to_ascii_lowercase();
    let groups: Vec<&str> = name.split(|c: char| !c.is_ascii_alphanumeric()).filter(|g| !g.is_empty()).collect();
    let by_parts = groups.windows(3).find_map(|w| {
        let number = |at: usize| w.get(at)?.parse::<i16>().ok();
        let (a, b, c) = (number(0)?, number(1)?, number(2)?);
        let (year, month, day) = if a > 1900 { (a, b, c) } else { (c, a, b) };
        (year > 1900).then(|| Date::new(year, month.try_into().ok()?, day.try_into().ok()?).ok()).flatten()
    });
    by_parts.map(one).or_else(|| groups.iter().find_map(|group| run_of_digits(group)))
}

/// `detentionstats09242025` or `feb2025`.
fn run_of_digits(group: &str) -> Option<Seen> {
    let at = group.find(|c: char| c.is_ascii_digit())?;
    let (word, digits) = group.split_at(at);
    if digits.len() == 8 {
        let (month, day, year) = (digits.get(..2)?, digits.get(2..4)?, digits.get(4..)?);
        return Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok().map(one);
    }
    let month = MONTHS.iter().position(|m| word == *m)?;
    let first = Date::new(digits.parse().ok().filter(|y| *y > 1900)?, i8::try_from(month).ok()? + 1, 1).ok()?;
    Some(Seen { first, last: first.last_of_month() })
}

/// The fiscal year in a file's name, such as `ddp-fy25-facility-summary`.
pub(super) fn year_of_name(name: &str) -> Option<Seen> {
    let name = name.to_ascii_lowercase();
    let mut groups = name.split(|c: char| !c.is_ascii_alphanumeric());
    groups.find_map(|group| fiscal_year(short_year(group.strip_prefix("fy")?)?))
}

/// The newest day in the cells of a row, such as `2013-05-15 08:38:42`.
pub(super) fn newest(cells: &[String]) -> Option<Date> {
    // Tables have stray far dates; none of them was changed before there were computers or after this century.
    let sound = date(1950, 1, 1)..date(2100, 1, 1);
    let day = |cell: &String| cell.get(..10)?.parse::<Date>().ok().filter(|day| sound.contains(day));
    cells.iter().filter_map(day).max()
}

/// The day on which a file was published, from the table in the `PROVENANCE.md` beside it.
pub(super) fn published(path: &Utf8Path) -> Option<Seen> {
    let text = fs::read_to_string(path.with_file_name("PROVENANCE.md")).ok()?;
    let cells = |line: &str| line.split('|').map(|c| c.trim().to_owned()).collect::<Vec<_>>();
    let column = |name: &str| {
        let header = text.lines().map(cells).find(|c| c.iter().any(|cell| cell == "commit date"))?;
        header.iter().position(|cell| cell == name)
    };
    let (file, day) = (column("file")?, column("commit date")?);
    let name = path.file_name()?;
    let row = text.lines().map(cells).find(|c| c.get(file).is_some_and(|cell| cell == name))?;
    row.get(day)?.parse().ok().map(one)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(seen: Option<Seen>) -> String {
        seen.map_or_else(|| "none".to_owned(), |s| s.to_string())
    }

    #[test]
    fn days_in_file_names() {
        for (name, day) in [
            ("ICE_Facility_List_11-06-2017-web.xlsx", "2017-11-06"),
            ("facilities_2026-03-16a.parquet", "none"),
            ("facilities_2026-03-14.parquet", "2026-03-14"),
            ("FY25_detentionStats09242025.xlsx", "2025-09-24"),
            ("FY26_detentionStats_02122026.xlsx", "2026-02-12"),
            ("coded_facilities_feb2025.csv", "2025-02-01 to 2025-02-28"),
            ("2019-ICFO-31121.csv.gz", "none"),
            ("FY19-detentionstats.xlsx", "none"),
            ("facilities.csv.gz", "none"),
            ("list_13-45-2017.csv", "none"),
        ] {
            assert_eq!(shown(of_name(name)), day, "{name}");
        }
    }

    #[test]
    fn days_in_banners() {
        for (text, day) in [
            ("FY2018 data: IIDS as of 11/06/2017; EID data through 11/04/2017", "2017-11-06"),
            ("FY2015 data: IIDS as of 10/5/15; EID", "2015-10-05"),
            ("215 Authorized Facilities as of 11/06/2017", "2017-11-06"),
            ("as of today, as of 3/1/2020.", "2020-03-01"),
            ("as of late", "none"),
        ] {
            assert_eq!(shown(as_of(text)), day, "{text}");
        }
    }

    #[test]
    fn fiscal_years() {
        assert_eq!(year_of_column("fy26_alos"), Some(2026));
        assert_eq!(year_of_column("fy2026_alos"), Some(2026));
        assert_eq!(year_of_column("fy26_adp"), None);
        assert_eq!(shown(fiscal_year(2019)), "2018-10-01 to 2019-09-30");
        assert_eq!(shown(year_of_name("ddp-fy25-facility-summary.csv")), "2024-10-01 to 2025-09-30");
        assert_eq!(shown(year_of_name("inc_headcount_ytd.csv")), "none");
    }
}
