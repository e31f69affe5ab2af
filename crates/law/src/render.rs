//! An explanation as plain text, for people, in English and Spanish.

use crate::calendar::{DayOff, Place, day_off};
use crate::criterion::{ClauseRole, Count, Method};
use crate::explain::{Change, Explanation, Selection, Working};
use crate::{Finding, Flip};
use jiff::civil::{Date, Weekday};
use model::{FactState, FactValue, Lang, RuleState, Sourced, Status, Text, fact_def};
use std::fmt::Write;

const fn text(en: &'static str, es: &'static str) -> Text {
    Text { en, es }
}

impl Explanation<'_> {
    /// The explanation as plain text of several lines.
    pub fn render(&self, lang: Lang) -> String {
        let mut out = String::new();
        // Writing to a string cannot fail.
        let _ = self.write(&mut out, lang);
        out
    }

    fn write(&self, out: &mut String, lang: Lang) -> std::fmt::Result {
        let say = |words: Text| words.get(lang);
        let (criterion, judged) = (self.criterion, &self.judged);
        writeln!(out, "{} ({}, {})", criterion.title.get(lang), criterion.code, criterion.id)?;
        if !judged.approved {
            writeln!(
                out,
                "{}",
                say(text(
                    "Not yet approved by counsel. Not legal advice.",
                    "Aún no aprobado por un abogado. No es asesoría legal."
                ))
            )?;
        }
        writeln!(out)?;
        let result = if judged.result.name() == judged.status.name() {
            String::new()
        } else {
            format!(" ({})", finding(judged.result).get(lang))
        };
        writeln!(out, "{} {}: {}{result}", say(text("As of", "Al")), self.as_of, status(judged.status).get(lang))?;
        writeln!(
            out,
            "{}: {} → {}",
            say(text("Owed by, to", "Obligado y destinatario")),
            criterion.owed_by.get(lang),
            criterion.owed_to.get(lang)
        )?;
        for (label, date) in [
            (text("Act by (safe)", "Actuar a más tardar (seguro)"), judged.safe_by),
            (text("Last day on the friendliest reading", "Último día según la lectura más favorable"), judged.outer),
            (text("Opens", "Se abre"), judged.opens),
            (text("Due", "Vence"), judged.due),
            (text("Changes on, if no fact does", "Cambia el día, si ningún dato cambia"), judged.flip_date),
        ] {
            if let Some(date) = date {
                writeln!(out, "{}: {}", say(label), day(date, lang))?;
            }
        }
        if judged.liberty {
            writeln!(
                out,
                "{}",
                say(text("Custody or liberty is at stake.", "Está en juego la custodia o la libertad."))
            )?;
        }
        if judged.boundary {
            writeln!(
                out,
                "{}",
                say(text("Near a boundary: readings differ.", "Cerca de un límite: las lecturas difieren."))
            )?;
        }

        self.write_law(out, lang)?;
        self.write_clauses(out, lang)?;
        self.write_dates(out, lang)?;
        self.write_open(out, lang)
    }

    fn write_law(&self, out: &mut String, lang: Lang) -> std::fmt::Result {
        let say = |words: Text| words.get(lang);
        writeln!(out, "\n{}", say(text("The law", "La ley")))?;
        writeln!(out, "  {}", self.criterion.authority.join("; "))?;
        if let Some(version) = self.version {
            let open = || "…".to_owned();
            let range = [version.from, version.to].map(|end| end.map_or_else(open, |date| date.to_string()));
            writeln!(
                out,
                "  {} {} ({} – {}), {}, {}: {}",
                say(text("Version", "Versión")),
                version.id,
                range[0],
                range[1],
                rule_state(version.state).get(lang),
                version.confidence.name(),
                version.authority.join("; ")
            )?;
        }
        let why = match self.selection {
            Selection::By(date) => format!("{} = {date}", self.criterion.selector),
            Selection::AsOf(date) => format!(
                "{} {} = {date}",
                self.criterion.selector,
                say(text("has not happened or is unknown, so as_of", "no ha ocurrido o se desconoce, así que as_of"))
            ),
            Selection::Absent => {
                format!("{} {}", self.criterion.selector, say(text("is known to be absent", "consta que no existe")))
            }
            Selection::Unknown => format!("{} {}", self.criterion.selector, say(text("is unknown", "se desconoce"))),
            Selection::Varies => {
                format!(
                    "{} {}",
                    self.criterion.selector,
                    say(text("differs between records", "difiere entre registros"))
                )
            }
        };
        writeln!(out, "  {}: {why}", say(text("Picked by", "Elegida por")))?;
        if let Some(note) = self.version.and_then(|version| version.note.as_ref()) {
            writeln!(out, "  {}", note.get(lang))?;
        }
        if let Some(watch) = &self.judged.watch {
            writeln!(out, "  WATCH: {}", watch.get(lang))?;
        }
        for contested in &self.criterion.contested {
            writeln!(out, "  {}: {}", say(text("Contested", "Discutido")), contested.get(lang))?;
        }
        for caution in &self.judged.cautions {
            let dates = [
                (text("safe by", "seguro"), caution.safe_by),
                (text("outer", "externo"), caution.outer),
                (text("opens", "se abre"), caution.opens),
                (text("due", "vence"), caution.due),
            ];
            let dates = dates
                .iter()
                .filter_map(|(label, date)| date.map(|date| format!("{} {}", say(*label), day(date, lang))));
            writeln!(
                out,
                "  {} {} ({}, {}): {}",
                say(text("Caution, version", "Precaución, versión")),
                caution.version,
                rule_state(caution.state).get(lang),
                caution.scope,
                dates.collect::<Vec<_>>().join(", ")
            )?;
        }
        Ok(())
    }

    fn write_clauses(&self, out: &mut String, lang: Lang) -> std::fmt::Result {
        let say = |words: Text| words.get(lang);
        if self.clauses.is_empty() {
            return Ok(());
        }
        writeln!(out, "\n{}", say(text("Conditions", "Condiciones")))?;
        for value in &self.clauses {
            let said = match (value.value, value.varies) {
                (_, true) => text("in conflict", "en conflicto"),
                (Some(true), _) => text("true", "verdadero"),
                (Some(false), _) => text("false", "falso"),
                (None, _) => text("unknown", "se desconoce"),
            };
            writeln!(out, "  [{}] {}: {}", say(said), say(role(value.clause.role)), value.clause.text.get(lang))?;
            for name in value.clause.facts().filter(|name| *name != crate::subset::AS_OF) {
                let label = fact_def(name).map_or(name, |def| def.label.get(lang));
                writeln!(out, "      {label} ({name}): {}", state(self.fact(name), lang))?;
            }
        }
        Ok(())
    }

    fn write_dates(&self, out: &mut String, lang: Lang) -> std::fmt::Result {
        if self.dates.is_empty() {
            return Ok(());
        }
        writeln!(out, "\n{}", text("Dates", "Fechas").get(lang))?;
        for working in self.dates.iter().filter(|working| working.holds) {
            let label = working.version.dates[working.index].label.get(lang);
            writeln!(out, "  {label}: {}", working.line(lang))?;
        }
        Ok(())
    }

    fn write_open(&self, out: &mut String, lang: Lang) -> std::fmt::Result {
        let say = |words: Text| words.get(lang);
        if !self.missing.is_empty() {
            writeln!(out, "\n{}", say(text("Missing", "Falta")))?;
            for missing in &self.missing {
                let by = say(text("settled by", "lo aclara"));
                writeln!(
                    out,
                    "  {} ({}): {by} {}",
                    missing.label.get(lang),
                    missing.fact,
                    missing.settled_by.get(lang)
                )?;
            }
        }
        if !self.judged.ask.is_empty() {
            writeln!(out, "\n{}", say(text("Worth asking", "Conviene preguntar")))?;
            for ask in &self.judged.ask {
                let facts = ask.facts.iter().filter_map(|fact| fact_def(fact));
                let facts: Vec<_> = facts.map(|def| format!("{} ({})", def.label.get(lang), def.name)).collect();
                writeln!(out, "  {}", facts.join(", "))?;
            }
        }
        let conflicts = &self.judged.conflicts;
        if !conflicts.is_empty() {
            writeln!(out, "\n{}", say(text("Records conflict", "Los registros se contradicen")))?;
            for conflict in conflicts {
                let label = fact_def(conflict.fact).map_or(conflict.fact, |def| def.label.get(lang));
                let matters = match conflict.matters {
                    true => text("it changes the result", "cambia el resultado"),
                    false => text("the result is the same either way", "el resultado es el mismo en ambos casos"),
                };
                writeln!(
                    out,
                    "  {label} ({}): {}; {}",
                    conflict.fact,
                    state(self.fact(conflict.fact), lang),
                    say(matters)
                )?;
            }
        }
        if !self.flips.is_empty() {
            writeln!(out, "\n{}", say(text("What would change the result", "Qué cambiaría el resultado")))?;
            for flip in &self.flips {
                writeln!(out, "  {}", flip.line(lang))?;
            }
        }
        Ok(())
    }
}

impl Flip {
    /// The change and what it would give, in one line.
    pub fn line(&self, lang: Lang) -> String {
        let say = |words: Text| words.get(lang);
        let label = fact_def(self.fact).map_or(self.fact, |def| def.label.get(lang));
        let change = match &self.change {
            Change::Value(value) => value_text(value, lang),
            Change::Absent(through) => {
                format!("{} {through}", say(text("known absent through", "ausencia conocida hasta")))
            }
            Change::Between(None, None) => say(text("any value", "cualquier valor")).to_owned(),
            Change::Between(None, Some(to)) => {
                format!("{} {}", value_text(to, lang), say(text("or earlier", "o antes")))
            }
            Change::Between(Some(from), None) => {
                format!("{} {}", value_text(from, lang), say(text("or later", "o después")))
            }
            Change::Between(Some(from), Some(to)) if from == to => value_text(from, lang),
            Change::Between(Some(from), Some(to)) => {
                format!("{} – {}", value_text(from, lang), value_text(to, lang))
            }
        };
        let then = status(self.status).get(lang);
        let result = if self.result.name() == self.status.name() {
            String::new()
        } else {
            format!(" ({})", finding(self.result).get(lang))
        };
        format!("{label} ({}) = {change} → {then}{result}", self.fact)
    }
}

impl Working<'_> {
    /// The arithmetic in one line, such as "2026-06-04 (Thu) + 30 calendar days = 2026-07-04 (Sat, Independence Day);
    /// safe by 2026-07-02 (Thu), outer 2026-07-06 (Mon)".
    pub fn line(&self, lang: Lang) -> String {
        let say = |words: Text| words.get(lang);
        let rule = &self.version.dates[self.index];
        let Some(value) = self.value else {
            return say(text("cannot be reckoned yet", "aún no se puede calcular")).to_owned();
        };
        let mut line = match &rule.count {
            Count::On(date) => day(*date, lang),
            Count::Expression(expression) => format!("{} = {}", expression.sql, day(value.counted.last_day, lang)),
            Count::From { method, amount, .. } => {
                let from = match (value.trigger_at, value.trigger) {
                    (Some(at), _) => at.strftime("%Y-%m-%d %H:%M").to_string(),
                    (None, Some(trigger)) => day(trigger, lang),
                    (None, None) => String::new(),
                };
                let result = match value.at {
                    Some(at) => at.strftime("%Y-%m-%d %H:%M").to_string(),
                    None => day(value.counted.last_day, lang),
                };
                let unit = unit(*method, *amount);
                let sign = if *method == Method::K { "−" } else { "+" };
                format!("{from} {sign} {amount} {} = {result}", say(unit))
            }
        };
        let mut notes = Vec::new();
        if value.floored {
            notes.push(say(text("counted from the earliest start", "contado desde el inicio más temprano")).to_owned());
        }
        if value.days_added != 0 {
            let moved = say(text("start moved by days of delay:", "inicio desplazado por días de demora:"));
            notes.push(format!("{moved} {}", value.days_added));
        }
        if value.held_back {
            notes.push(say(text("not before this date", "no antes de esta fecha")).to_owned());
        }
        if rule.role == crate::DateRole::Deadline {
            let counted = value.counted;
            if counted.safe_by == counted.last_day && counted.outer == counted.last_day {
                notes.push(say(text("no adjustment", "sin ajuste")).to_owned());
            } else {
                let (safe, outer) = (say(text("safe by", "seguro hasta el")), say(text("outer", "externo")));
                notes.push(format!("{safe} {}, {outer} {}", day(counted.safe_by, lang), day(counted.outer, lang)));
            }
        }
        for note in notes {
            line.push_str("; ");
            line.push_str(&note);
        }
        line
    }
}

fn unit(method: Method, amount: u16) -> Text {
    match (method, amount) {
        (Method::C, _) => text("calendar days", "días corridos"),
        (Method::N, _) => text("calendar days (no roll)", "días corridos (sin prórroga)"),
        (Method::B, 1) => text("business day", "día hábil"),
        (Method::B, _) => text("business days", "días hábiles"),
        (Method::H, _) => text("hours", "horas"),
        (Method::HX, _) => text("hours excluding Sat/Sun/holidays", "horas sin sábados, domingos ni feriados"),
        (Method::K, _) => {
            text("calendar days (opening date, no adjustment)", "días corridos (fecha de apertura, sin ajuste)")
        }
        (Method::Y, 1) => text("year", "año"),
        (Method::Y, _) => text("years", "años"),
        (Method::M, 1) => text("month", "mes"),
        (Method::M, _) => text("months", "meses"),
    }
}

/// A date with its weekday and, if it is one, its holiday.
fn day(date: Date, lang: Lang) -> String {
    let weekday = weekday(date, lang);
    match day_off(date, Place::Nation) {
        None => format!("{date} ({weekday})"),
        Some(DayOff::Holiday(holiday)) => format!("{date} ({weekday}, {})", holiday.name().get(lang)),
        Some(DayOff::Observed(holiday)) => {
            let observed = text("observed", "observado").get(lang);
            format!("{date} ({weekday}, {}, {observed})", holiday.name().get(lang))
        }
    }
}

fn weekday(date: Date, lang: Lang) -> &'static str {
    let weekday = match date.weekday() {
        Weekday::Monday => text("Mon", "lun"),
        Weekday::Tuesday => text("Tue", "mar"),
        Weekday::Wednesday => text("Wed", "mié"),
        Weekday::Thursday => text("Thu", "jue"),
        Weekday::Friday => text("Fri", "vie"),
        Weekday::Saturday => text("Sat", "sáb"),
        Weekday::Sunday => text("Sun", "dom"),
    };
    weekday.get(lang)
}

fn value_text(value: &FactValue, lang: Lang) -> String {
    match value {
        FactValue::Boolean(true) => text("yes", "sí").get(lang).to_owned(),
        FactValue::Boolean(false) => text("no", "no").get(lang).to_owned(),
        FactValue::Date(date) => format!("{date} ({})", weekday(*date, lang)),
        FactValue::DateTime(at) => at.strftime("%Y-%m-%d %H:%M").to_string(),
        FactValue::Integer(number) => number.to_string(),
        FactValue::Text(words) => words.clone(),
    }
}

fn state(state: Option<&FactState>, lang: Lang) -> String {
    let sourced = |sourced: &Sourced| {
        let from: Vec<_> = sourced.from.iter().map(ToString::to_string).collect();
        match from.is_empty() {
            true => value_text(&sourced.value, lang),
            false => format!("{} [{}]", value_text(&sourced.value, lang), from.join(", ")),
        }
    };
    match state {
        None => text("unknown", "se desconoce").get(lang).to_owned(),
        Some(FactState::Known(value)) => sourced(value),
        Some(FactState::Absent { through, from }) => {
            let from: Vec<_> = from.iter().map(ToString::to_string).collect();
            let known = text("none, known through", "ninguno, según consta hasta el").get(lang);
            match from.is_empty() {
                true => format!("{known} {through}"),
                false => format!("{known} {through} [{}]", from.join(", ")),
            }
        }
        Some(FactState::Conflict(values)) => {
            values.iter().map(sourced).collect::<Vec<_>>().join(text(" or ", " o ").get(lang))
        }
    }
}

fn status(status: Status) -> Text {
    match status {
        Status::Owed => text("owed", "se debe"),
        Status::Due => text("due", "pendiente"),
        Status::Met => text("met", "cumplido"),
        Status::Missed => text("missed", "incumplido"),
        Status::NotApplicable => text("not applicable", "no se aplica"),
        Status::CannotTell => text("cannot tell", "no se puede saber"),
    }
}

fn rule_state(state: RuleState) -> Text {
    match state {
        RuleState::InForce => text("in force", "vigente"),
        RuleState::Enjoined => text("enjoined by a court", "prohibida por un tribunal"),
        RuleState::Stayed => text("stayed by a court", "suspendida por un tribunal"),
        RuleState::Vacated => text("vacated by a court", "anulada por un tribunal"),
        RuleState::Proposed => text("proposed", "propuesta"),
        RuleState::Rescinded => text("rescinded", "retirada"),
        RuleState::Expired => text("ended or replaced", "terminada o reemplazada"),
        RuleState::PolicyOnly => text("policy only", "solo política"),
    }
}

fn finding(finding: Finding) -> Text {
    match finding {
        Finding::Due => text("due", "pendiente"),
        Finding::OpenNoTimeLimit => text("open, no time limit", "abierto, sin plazo"),
        Finding::OpensLater => text("opens later", "se abre más adelante"),
        Finding::OpenToFile => text("open to file now", "ya se puede presentar"),
        Finding::Upcoming => text("the day has not come", "aún no llega el día"),
        Finding::DueNow => text("now", "ahora"),
        Finding::Met => text("met", "cumplido"),
        Finding::Missed => text("missed", "incumplido"),
        Finding::Late => text("done late", "hecho tarde"),
        Finding::ExceptionClaimed => text(
            "late, but an exception is claimed: a person must decide",
            "tarde, pero se alega una excepción: debe decidir una persona",
        ),
        Finding::NotApplicable => text("not applicable", "no se aplica"),
        Finding::NoTrigger => text("what would start it did not happen", "no ocurrió lo que lo iniciaría"),
        Finding::NoVersion => {
            text("no version of the rule covers the date", "ninguna versión de la norma cubre la fecha")
        }
        Finding::NotEnoughData => text("not enough data", "datos insuficientes"),
        Finding::Conflict => text("records conflict, and it matters", "los registros se contradicen, y eso importa"),
        Finding::PossibleSignal => text("possible signal: talk to a lawyer", "posible señal: hable con un abogado"),
        Finding::NoSignalSeen => text(
            "no signal seen, which never means not eligible",
            "no se vio señal, lo que nunca significa que no sea elegible",
        ),
        Finding::Alert => text("alert: a person must look", "alerta: una persona debe revisar"),
        Finding::NoAlert => text("no alert", "sin alerta"),
    }
}

fn role(role: ClauseRole) -> Text {
    match role {
        ClauseRole::Applies => text("applies if", "se aplica si"),
        ClauseRole::Unless => text("unless", "salvo que"),
        ClauseRole::NoLimit => text("no time limit if", "sin plazo si"),
        ClauseRole::Excuses => text("lateness may be excused if", "la demora puede excusarse si"),
        ClauseRole::Choices => text("other dates if", "otras fechas si"),
        ClauseRole::Signals => text("signal", "señal"),
        ClauseRole::Boundary => text("near a boundary if", "cerca de un límite si"),
    }
}
