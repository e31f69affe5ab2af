//! The report as a page that stands alone: counts only, and none that could single a person out.

use super::plan::{A, B};
use super::{DiffReport, TableDiff};
use std::collections::BTreeSet;
use std::fmt::{Display, Write};

/// Counts below this, zero apart, are not shown in what is published: the rule of the Centers for Medicare and Medicaid Services for
/// published tables.
pub const SMALLEST_CELL: u64 = 11;

/// Totals from which a small count could be worked out are rounded to this.
const ROUNDED_TO: u64 = 100;

const STYLE: &str = "\
:root{color-scheme:light dark;--ink:#1b1f24;--paper:#fff;--soft:#5a6370;--line:#d5dae0;--bar:#3b6ea5}\
@media (prefers-color-scheme:dark){:root{--ink:#e6e9ed;--paper:#14171b;--soft:#a3adb8;--line:#353c45;--bar:#7aa7d9}}\
*{box-sizing:border-box}body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,sans-serif}\
main{max-width:64rem;margin:0 auto;padding:2rem 1rem}h1{font-size:1.6rem;line-height:1.2}\
h2{font-size:1.2rem;margin-top:2.5rem;border-top:1px solid var(--line);padding-top:1rem}h3{font-size:1rem}\
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}\
caption{text-align:left;color:var(--soft);padding-bottom:.25rem}\
th,td{text-align:right;padding:.25rem .5rem;border-bottom:1px solid var(--line);vertical-align:top}\
th:first-child,td:first-child{text-align:left}th{font-weight:600}tbody th{font-weight:400}\
td.chart{width:40%}.bar{display:block;height:.8rem;background:var(--bar);margin-top:.35rem}\
.wide{overflow-x:auto}.soft{color:var(--soft)}dt{font-weight:600}dd{margin:0 0 .5rem}\
@media print{body{font-size:11px}main{max-width:none;padding:0}section{break-inside:avoid}\
.bar{print-color-adjust:exact;-webkit-print-color-adjust:exact}}";

/// Writes the page.
pub(super) fn page(report: &DiffReport) -> String {
    let mut page = Page(String::new());
    let [a, b] = &report.deliveries;
    page.put("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    page.put("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    page.put(format_args!(
        "<title>Release {} against {}</title>\n",
        Safe(b.delivery.as_str()),
        Safe(a.delivery.as_str())
    ));
    page.put(format_args!("<style>{STYLE}</style>\n</head>\n<body>\n<main>\n"));
    page.put("<h1>What changed between two releases</h1>\n<dl>\n");
    for (name, of) in [("a, the earlier one", a), ("b, the later one", b)] {
        page.put(format_args!(
            "<dt>{name}</dt>\n<dd><code>{}</code>, read as <code>{}</code> version {}</dd>\n",
            Safe(of.delivery.as_str()),
            Safe(&of.mapping),
            of.mapping_version
        ));
    }
    page.put("</dl>\n");
    page.put(format_args!(
        "<p class=\"soft\">This page holds counts and no rows. A count from 1 to {} is shown as “fewer than \
         {SMALLEST_CELL}”, and totals from which it could be worked out are rounded. “Vanished” says that a row of the \
         earlier release is not in the later one. It does not say why.</p>\n",
        SMALLEST_CELL - 1
    ));
    summary(&mut page, report);
    for (name, table) in report.tables.iter().filter(|(_, t)| !t.is_same() || notes(t).next().is_some()) {
        section(&mut page, name, table);
    }
    method(&mut page);
    page.put("</main>\n</body>\n</html>\n");
    page.0
}

fn summary(page: &mut Page, report: &DiffReport) {
    page.put("<h2>All tables</h2>\n<div class=\"wide\"><table>\n<caption>Rows, by what became of them</caption>\n<thead><tr>");
    for name in ["table", "rows in a", "rows in b", "unchanged", "vanished", "appeared", "changed", "unreadable"] {
        page.put(format_args!("<th scope=\"col\">{name}</th>"));
    }
    page.put("</tr></thead>\n<tbody>\n");
    for (name, t) in &report.tables {
        let total = |n: u64| if needs_rounding(t) { rounded(n) } else { shown(n) };
        let unreadable = t.unreadable[A] + t.unreadable[B];
        let cells = [
            total(t.rows[A]),
            total(t.rows[B]),
            total(t.unchanged),
            shown(t.vanished),
            shown(t.appeared),
            shown(t.changed),
            shown(unreadable),
        ];
        page.put(format_args!("<tr><th scope=\"row\">{}</th>", Safe(name)));
        for cell in cells {
            page.put(format_args!("<td>{cell}</td>"));
        }
        page.put("</tr>\n");
    }
    page.put("</tbody>\n</table></div>\n");
}

fn section(page: &mut Page, name: &str, t: &TableDiff) {
    page.put(format_args!("<section>\n<h2>{}</h2>\n", Safe(name)));
    if !t.lost.is_empty() {
        page.put("<h3>What was lost with the rows that vanished</h3>\n");
        let hidden = hidden_classes(t);
        let rows = t.lost.iter().map(|(class, n)| (class.replace('_', " "), *n, hidden.contains(class.as_str())));
        bars(page, "class", "vanished rows", rows.collect(), t.vanished);
    }
    if !t.by_column.is_empty() {
        page.put("<h3>What changed, by column</h3>\n");
        let mut rows: Vec<_> = t.by_column.iter().map(|(c, n)| (c.clone(), *n, is_small(*n))).collect();
        rows.sort_by_key(|(_, n, small)| std::cmp::Reverse(if *small { 0 } else { *n }));
        bars(page, "column", "changed rows", rows, t.changed);
    }
    let mut notes = notes(t).peekable();
    if notes.peek().is_some() {
        page.put("<h3>What to know</h3>\n<ul>\n");
        for note in notes {
            page.put(format_args!("<li>{}</li>\n", Safe(&note)));
        }
        page.put("</ul>\n");
    }
    page.put("</section>\n");
}

/// A table of counts, each with its share of a whole as a bar. Counts that are hidden have no bar.
fn bars(page: &mut Page, what: &str, of: &str, rows: Vec<(String, u64, bool)>, whole: u64) {
    page.put(format_args!(
        "<table>\n<thead><tr><th scope=\"col\">{what}</th><th scope=\"col\">{of}</th><th scope=\"col\">share</th></tr></thead>\n<tbody>\n"
    ));
    for (name, n, hidden) in rows {
        page.put(format_args!("<tr><th scope=\"row\">{}</th>", Safe(&name)));
        if hidden {
            let text = if is_small(n) { shown(n) } else { "not shown".to_owned() };
            page.put(format_args!("<td>{text}</td><td class=\"chart\"></td></tr>\n"));
            continue;
        }
        let share = 100.0 * n as f64 / whole.max(1) as f64;
        page.put(format_args!(
            "<td>{}</td><td class=\"chart\"><span class=\"bar\" style=\"width:{share:.1}%\" aria-hidden=\"true\"></span></td></tr>\n",
            shown(n)
        ));
    }
    page.put("</tbody>\n</table>\n");
}

/// What a reader must know to read a table's counts.
fn notes(t: &TableDiff) -> impl Iterator<Item = String> {
    let mut notes = Vec::new();
    match t.has_table {
        [true, false] => notes.push("b does not have this table.".to_owned()),
        [false, true] => notes.push("a does not have this table.".to_owned()),
        _ => {}
    }
    if t.is_keyless() {
        notes.push("Rows have no key: they are compared as a whole, as often as they occur. A row that changed counts as vanished and appeared.".to_owned());
    }
    if let Some([a, b]) = &t.other_keys {
        let named = |key: &[String]| if key.is_empty() { "none".to_owned() } else { key.join(", ") };
        notes.push(format!("The keys differ: {} in a, {} in b. Compared by {}.", named(a), named(b), named(&t.key)));
    }
    for (of, name) in [(A, "a"), (B, "b")] {
        if !t.columns_only[of].is_empty() {
            notes.push(format!(
                "Only {name} has these columns, which are not compared: {}.",
                t.columns_only[of].join(", ")
            ));
        }
    }
    for column in &t.retyped {
        notes.push(format!("{} is {} in a and {} in b: compared by its text.", column.column, column.a, column.b));
    }
    let mut both = |what: &str, [a, b]: [u64; 2]| {
        if a + b > 0 {
            notes.push(format!("{what}: {} in a, {} in b.", shown(a), shown(b)));
        }
    };
    both("Rows that could not be placed when the release was taken in (refused)", t.refused);
    both("Of these, rows whose key cannot be read; what seems to have vanished or appeared may be among them", {
        if t.is_keyless() { [0, 0] } else { t.refused_without_key }
    });
    both("Rows whose key stands in the other release in a row that cannot be read", t.unreadable);
    both("Keys that occur more than once", t.repeated_keys);
    both("Rows of such keys without an equal row in the other release", t.repeated_only);
    both("Rows without a key", t.null_keys);
    both("Of these, rows without an equal row in the other release", t.null_keys_only);
    if let Some(n) = t.reappeared.filter(|n| *n > 0) {
        notes.push(format!("Keys that appeared and had been in an earlier release before: {}.", shown(n)));
    }
    notes.into_iter()
}

fn method(page: &mut Page) {
    page.put(
        "<section>\n<h2>How it was computed</h2>\n\
         <p>Tables are matched by name. Where a mapping names a key, rows are matched by it; otherwise whole rows are, as \
         often as they occur. A cell has changed if its value has: a date is the same date however it is written, an empty \
         cell and a text that means “no value” are the same, and so are two redactions. A value that was withheld is a \
         change. Where a cell cannot be read as its type, its text is compared.</p>\n\
         <p>For each release, kept rows are exactly those that are unchanged, changed, vanished (or appeared), rows of \
         repeated keys or without a key that have no equal, and rows whose key cannot be read in the other release. What \
         was lost is told by the conditions of the earlier release’s mapping, the first that holds. Exact numbers and row \
         pointers are in <code>report.json</code> and <code>details</code>, which may name single rows and are not for \
         publication.</p>\n</section>\n",
    );
}

fn is_small(n: u64) -> bool {
    (1..SMALLEST_CELL).contains(&n)
}

/// A count, with thousands separated.
fn shown(n: u64) -> String {
    if is_small(n) { format!("fewer than {SMALLEST_CELL}") } else { grouped(n) }
}

fn grouped(n: u64) -> String {
    let digits = n.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

fn rounded(n: u64) -> String {
    match n {
        0 => "0".to_owned(),
        n if n < ROUNDED_TO => format!("fewer than {ROUNDED_TO}"),
        n => format!("about {}", grouped((n + ROUNDED_TO / 2) / ROUNDED_TO * ROUNDED_TO)),
    }
}

/// Whether a small count could be worked out from the totals.
fn needs_rounding(t: &TableDiff) -> bool {
    let [repeated, null_keys, unreadable] = [t.repeated_only, t.null_keys_only, t.unreadable];
    let parts = [[t.vanished, t.appeared], [t.changed, t.unchanged], repeated, null_keys, unreadable, t.rows];
    parts.as_flattened().iter().any(|n| is_small(*n))
}

/// Classes that are not shown: the small ones, and of the others the smallest ones, until what is hidden cannot be worked
/// out from the whole as a small number.
fn hidden_classes(t: &TableDiff) -> BTreeSet<&str> {
    let mut classes: Vec<(u64, &str)> = t.lost.iter().map(|(class, n)| (*n, class.as_str())).collect();
    classes.sort_unstable();
    let mut hidden = BTreeSet::new();
    let mut sum = 0;
    for (n, class) in classes {
        if is_small(n) || (sum > 0 && (hidden.len() == 1 || sum < SMALLEST_CELL)) {
            hidden.insert(class);
            sum += n;
        }
    }
    hidden
}

struct Page(String);

impl Page {
    fn put(&mut self, text: impl Display) {
        // Writing into a string does not fail.
        let _ = write!(self.0, "{text}");
    }
}

/// A text in which nothing is markup.
struct Safe<'a>(&'a str);

impl Display for Safe<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for c in self.0.chars() {
            match c {
                '&' => f.write_str("&amp;")?,
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '"' => f.write_str("&quot;")?,
                '\'' => f.write_str("&#39;")?,
                c => f.write_char(c)?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_counts_are_not_shown_nor_worked_out() {
        for (n, expected) in [(0, "0"), (1, "fewer than 11"), (10, "fewer than 11"), (11, "11"), (1234567, "1,234,567")]
        {
            assert_eq!(shown(n), expected);
        }
        for (n, expected) in [(0, "0"), (99, "fewer than 100"), (149, "about 100"), (1250, "about 1,300")] {
            assert_eq!(rounded(n), expected);
        }
        type Case = (&'static [(&'static str, u64)], &'static [&'static str]);
        let cases: [Case; 5] = [
            (&[("a", 5), ("b", 100), ("c", 50)], &["a", "c"]),
            (&[("a", 5), ("b", 100), ("c", 3)], &["a", "b", "c"]),
            (&[("a", 9), ("b", 100), ("c", 3)], &["a", "c"]),
            (&[("a", 90), ("b", 100)], &[]),
            (&[("a", 9)], &["a"]),
        ];
        for (lost, expected) in cases {
            let lost = lost.iter().map(|(class, n)| ((*class).to_owned(), *n)).collect();
            let table = TableDiff { lost, ..TableDiff::default() };
            assert_eq!(hidden_classes(&table).into_iter().collect::<Vec<_>>(), expected);
        }
    }

    #[test]
    fn nothing_is_markup() {
        assert_eq!(Safe("<b>&\"'").to_string(), "&lt;b&gt;&amp;&quot;&#39;");
    }
}
