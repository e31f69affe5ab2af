//! Each level of each comparison, by example.

use linkage::{FieldKind, compare, normalise};

#[track_caller]
fn check(kind: FieldKind, rows: &[(&str, &str, &str)]) {
    for (left, right, level) in rows {
        for (l, r) in [(left, right), (right, left)] {
            let found = compare::compare(kind, Some(l), Some(r)).name;
            assert_eq!(found, *level, "{} of `{l}` and `{r}`", kind.name());
        }
    }
}

#[test]
fn surnames() {
    check(
        FieldKind::Surname,
        &[
            ("Brumal", "BRUMAL", "exact"),
            ("Zúñiga-Peña", "zuniga pena", "exact"),
            ("O'Quill", "OQuill", "exact"),
            ("Tejeda Brumal", "Brumal Tejeda", "same names"),
            ("De la Quinta", "Delaquinta", "same names"),
            ("Al-Harzim", "Alharzim", "same names"),
            ("Brumal y Tejeda", "Tejeda Brumal", "same names"),
            ("Velásquez", "Belasques", "known variant"),
            ("Tzoc", "Tzok", "known variant"),
            ("Ximalquez Souza", "Ximalquez Sousa", "known variant"),
            ("Tejeda Brumal", "Brumal", "one name of several"),
            ("Tejeda Brumal", "Tejeda B.", "one name of several"),
            ("Tejeda Velásquez", "Belasques", "one name of several"),
            ("Quespera", "Quespara", "similar"),
            ("Quespera Brumal", "Quespara", "similar"),
            ("Tejeda Brumal", "Tejeda Oquimbo", "a name shared"),
            ("Brumal", "Brulam", "similar"),
            ("Tejeda", "Tejado", "alike"),
            ("Brumal", "B", "initial"),
            ("Brumal", "Oquimbo", "else"),
            ("Brumal", " - ", "missing"),
        ],
    );
}

#[test]
fn given_names() {
    check(
        FieldKind::GivenName,
        &[
            ("Francisco", "Paco", "known variant"),
            ("Guadalupe", "Lupita", "known variant"),
            ("João", "Juan", "known variant"),
            ("Jacques", "Jak", "known variant"),
            ("Mohammed", "Muhamed", "known variant"),
            ("Yousef", "Yusuf", "known variant"),
            ("Mateo", "Matin", "known variant"),
            ("José Ilvano", "Pepe Ilvano", "known variant"),
            ("José Ilvano", "Pepe", "one name of several"),
            ("María J.", "María Josefa", "one name of several"),
            ("Ilvana", "I", "initial"),
            ("Ilvana", "Torvald", "else"),
        ],
    );
}

#[test]
fn full_names() {
    check(
        FieldKind::FullName,
        &[
            ("Ilvana Quespera Brumal", "QUESPERA BRUMAL, Ilvana", "same names"),
            ("Ilvana Quespera Brumal", "Ilvana Brumal", "one name of several"),
            ("Ilvana Quespera Brumal", "Ilvana Quespera Oquimbo", "a name shared"),
            ("Ilvana Quespera", "Torvald Zintho", "else"),
        ],
    );
}

#[test]
fn birth_dates() {
    check(
        FieldKind::BirthDate,
        &[
            ("1990-03-14", "19900314", "exact"),
            ("1990-03-14T00:00:00", "1990-03-14", "exact"),
            ("1990-03-04", "1990-04-03", "day and month swapped"),
            ("1990-01-01", "1990-01-01", "default day, same year"),
            ("1990-01-01", "1990-07-22", "default day, same year"),
            ("1990", "1990-07-22", "default day, same year"),
            ("1990-03-14", "1990-03-15", "one digit"),
            ("1990-03-14", "1990-03-41", "one digit"),
            ("1990-03-14", "1909-03-14", "one digit"),
            ("1990-03-14", "1990-03-28", "same year and month"),
            ("1990-03", "1990-03-28", "same year and month"),
            ("1990-03-14", "1990-11-28", "same year"),
            ("1990-01-01", "1991-01-01", "one digit"),
            ("1990-03-14", "1974-11-28", "else"),
            ("1990-03-14", "14/03/1990", "missing"),
            ("1990-03-14", "unknown", "missing"),
        ],
    );
}

#[test]
fn identifiers() {
    check(
        FieldKind::Identifier,
        &[
            ("A012-345-678", "12345678", "exact"),
            ("a 012 345 678", "A12345678", "exact"),
            ("012345678", "013245678", "adjacent digits swapped"),
            ("012345678", "102345678", "adjacent digits swapped"),
            ("012345678", "012345679", "one digit"),
            ("112345678", "11234678", "one digit"),
            ("012345678", "876543210", "else"),
            ("012345678", "000000000", "missing"),
            ("012345678", "A-", "else"),
            ("ZX-4711", "zx4711", "exact"),
        ],
    );
}

#[test]
fn categories_and_places() {
    check(FieldKind::Category, &[("GTM", "gtm", "exact"), ("GTM", "HND", "else"), ("GTM", "", "missing")]);
    check(
        FieldKind::Place,
        &[
            ("Port Quillan", "PORT-QUILLAN", "exact"),
            ("Port Quillan", "Port Quilan", "similar"),
            ("Nym", "Oxbarrow", "else"),
        ],
    );
}

#[test]
fn normal_forms() {
    for (raw, normal) in [
        ("  Zúñiga–Peña ", "ZUNIGA PENA"),
        ("Åsa Łucja Ødegård", "ASA LUCJA ODEGARD"),
        ("Nguyễn Văn", "NGUYEN VAN"),
        ("O’Quill", "OQUILL"),
        ("ﬁona", "FIONA"),
        ("Straße", "STRASSE"),
        ("Ａｎａ", "ANA"),
    ] {
        assert_eq!(normalise::text(raw).as_deref(), Some(normal), "`{raw}`");
    }
}
