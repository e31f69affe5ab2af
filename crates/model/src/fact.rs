//! The vocabulary of facts: what a criterion may ask about a subject, in which type, and which record would settle it.

use crate::outcome::named;
use crate::{RowPointer, Text};
use jiff::civil::{Date, DateTime};
use std::collections::BTreeMap;
use std::fmt;

named!(
    /// What a set of facts is about. A criterion names the one kind of subject that it judges.
    Subject {
        /// The person as a whole.
        Person = "person",
        /// The person's last arrival in the United States.
        Arrival = "arrival",
        /// One decision of an immigration judge.
        Decision = "decision",
        /// One final order of removal.
        FinalOrder = "final_order",
        /// One order made in the person's absence.
        InAbsentiaOrder = "in_absentia_order",
        /// One asylum application.
        AsylumApplication = "asylum_application",
        /// One stretch of custody.
        CustodyStint = "custody_stint",
        /// One date on which the person's age mattered: custody, interview, order or filing.
        AgeDate = "age_date",
    }
);

named!(
    /// The type of a fact.
    FactType {
        /// A civil date.
        Date = "date",
        /// A civil date and time of day.
        DateTime = "datetime",
        /// Yes or no.
        Boolean = "boolean",
        /// A whole number.
        Integer = "integer",
        /// Text.
        Text = "text",
    }
);

/// One entry of the vocabulary.
#[derive(Debug, Clone, Copy)]
pub struct FactDef {
    /// The name used in criteria, files and programs.
    pub name: &'static str,
    /// Its type.
    pub kind: FactType,
    /// What it is, for people.
    pub label: Text,
    /// The record that would settle it when it is missing.
    pub settled_by: Text,
}

/// A value of a fact.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FactValue {
    /// A civil date.
    Date(Date),
    /// A civil date and time of day.
    DateTime(DateTime),
    /// Yes or no.
    Boolean(bool),
    /// A whole number.
    Integer(i64),
    /// Text.
    Text(String),
}

impl FactValue {
    /// The type of this value.
    pub fn kind(&self) -> FactType {
        match self {
            FactValue::Date(_) => FactType::Date,
            FactValue::DateTime(_) => FactType::DateTime,
            FactValue::Boolean(_) => FactType::Boolean,
            FactValue::Integer(_) => FactType::Integer,
            FactValue::Text(_) => FactType::Text,
        }
    }
}

impl fmt::Display for FactValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FactValue::Date(v) => v.fmt(f),
            FactValue::DateTime(v) => v.fmt(f),
            FactValue::Boolean(v) => v.fmt(f),
            FactValue::Integer(v) => v.fmt(f),
            FactValue::Text(v) => v.fmt(f),
        }
    }
}

/// A value and the rows that say so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sourced {
    /// The value.
    pub value: FactValue,
    /// The rows behind it. Empty only for a fact that is computed from the as-of date alone.
    pub from: Vec<RowPointer>,
}

/// What the record says of one fact. A fact that is not in a [`FactSet`] at all is unknown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FactState {
    /// One value, by every row that speaks of it.
    Known(Sourced),
    /// A source that is complete for this fact shows that there was none through `through`.
    Absent {
        /// The last day for which the absence is known.
        through: Date,
        /// The rows (or the delivery's declaration) that make the absence known.
        from: Vec<RowPointer>,
    },
    /// Two or more different values, each with its rows; sorted by value.
    Conflict(Vec<Sourced>),
}

/// The facts about one subject.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FactSet {
    /// What kind of thing the facts are about.
    pub subject: Subject,
    /// Which one: stable from build to build.
    pub key: String,
    /// Facts by name; names are those of [`FACTS`].
    pub facts: BTreeMap<&'static str, FactState>,
}

/// Looks up a fact by name.
pub fn fact_def(name: &str) -> Option<&'static FactDef> {
    FACTS.iter().find(|def| def.name == name)
}

const fn def(
    name: &'static str,
    kind: FactType,
    (en, es): (&'static str, &'static str),
    (by_en, by_es): (&'static str, &'static str),
) -> FactDef {
    FactDef { name, kind, label: Text { en, es }, settled_by: Text { en: by_en, es: by_es } }
}

use FactType::{Boolean, Date as D, DateTime as DT, Integer, Text as T};

const BIRTH: (&str, &str) = ("a birth certificate or passport", "un acta de nacimiento o pasaporte");
const FILING: (&str, &str) = ("the filing receipt", "el acuse de recibo de la presentación");
const ORDER: (&str, &str) = ("the judge's order", "la orden del juez");
const CUSTODY: (&str, &str) =
    ("the custody record (book-in and book-out)", "el registro de custodia (ingreso y salida)");
const CLIENT: (&str, &str) = ("the person's own account at intake", "el relato de la persona en la entrevista inicial");
const BOARD: (&str, &str) =
    ("the Board's filing receipt or case status", "el acuse de recibo de la Junta o el estado del caso");
const COURT_FILE: (&str, &str) = ("the court's record of proceedings", "el expediente de la corte");
const GREEN_CARD: (&str, &str) =
    ("the permanent resident card or USCIS record", "la tarjeta de residente o el registro de USCIS");
const DEPARTURE: (&str, &str) = ("the departure record, or proof of departure", "el registro o comprobante de salida");
const CRIMINAL: (&str, &str) = ("the criminal court's record", "el expediente del tribunal penal");

/// Every fact that a criterion may ask for.
pub const FACTS: &[FactDef] = &[
    def("as_of", D, ("As-of date", "Fecha de referencia"), ("nothing: it is given", "nada: es un dato de entrada")),
    def("birth_date", D, ("Birth date", "Fecha de nacimiento"), BIRTH),
    def(
        "birth_date_earliest",
        D,
        ("Earliest recorded birth date", "Fecha de nacimiento más temprana registrada"),
        BIRTH,
    ),
    def("birth_date_latest", D, ("Latest recorded birth date", "Fecha de nacimiento más tardía registrada"), BIRTH),
    def("age_date", D, ("Date on which age mattered", "Fecha en que importaba la edad"), CUSTODY),
    def("age_date_kind", T, ("What happened on that date", "Qué ocurrió en esa fecha"), CUSTODY),
    def(
        "arrival_date",
        D,
        ("Last arrival in the United States", "Última llegada a Estados Unidos"),
        ("the entry stamp, I-94 or parole notice", "el sello de entrada, el I-94 o el aviso de permiso humanitario"),
    ),
    def(
        "asylum_filed_date",
        D,
        ("Asylum application received", "Solicitud de asilo recibida"),
        ("the I-589 receipt notice or the court's stamp", "el acuse de recibo del I-589 o el sello de la corte"),
    ),
    def(
        "unaccompanied_child",
        Boolean,
        ("Found to be an unaccompanied child", "Determinado como menor no acompañado"),
        (
            "the agency's determination (for example in the HHS referral)",
            "la determinación de la agencia (por ejemplo, en la remisión a HHS)",
        ),
    ),
    def(
        "changed_circumstances",
        Boolean,
        ("Changed circumstances claimed", "Se alegan circunstancias cambiadas"),
        CLIENT,
    ),
    def(
        "extraordinary_circumstances",
        Boolean,
        ("Extraordinary circumstances claimed", "Se alegan circunstancias extraordinarias"),
        CLIENT,
    ),
    def("decision_date", D, ("Judge's decision", "Decisión del juez"), ORDER),
    def("decision_adverse", Boolean, ("Decision against the person", "Decisión en contra de la persona"), ORDER),
    def("decision_in_absentia", Boolean, ("Decided in absence", "Decidido en ausencia"), ORDER),
    def(
        "decision_denied_asylum_merits",
        Boolean,
        ("Asylum denied on the merits", "Asilo negado en cuanto al fondo"),
        ORDER,
    ),
    def(
        "decision_mailed",
        Boolean,
        ("Decision was served by mail", "La decisión se notificó por correo"),
        ("the court's proof of service", "la prueba de notificación de la corte"),
    ),
    def("appeal_waived", Boolean, ("Appeal waived", "Se renunció a la apelación"), ORDER),
    def("appeal_filed_date", D, ("Appeal received by the Board", "Apelación recibida por la Junta"), BOARD),
    def(
        "final_order_date",
        D,
        ("Final order of removal", "Orden final de expulsión"),
        ("the final order, or the Board's decision", "la orden final o la decisión de la Junta"),
    ),
    def("motion_reopen_filed_date", D, ("Motion to reopen received", "Moción de reapertura recibida"), COURT_FILE),
    def(
        "changed_country_conditions",
        Boolean,
        ("Changed country conditions claimed", "Se alegan condiciones cambiadas en el país"),
        CLIENT,
    ),
    def(
        "vawa_ground",
        Boolean,
        ("Ground is abuse by a relative (VAWA)", "El motivo es abuso por un familiar (VAWA)"),
        CLIENT,
    ),
    def("in_absentia_order_date", D, ("Order made in absence", "Orden dictada en ausencia"), ORDER),
    def("motion_rescind_filed_date", D, ("Motion to rescind received", "Moción de anulación recibida"), COURT_FILE),
    def(
        "hearing_notice_received",
        Boolean,
        ("Hearing notice was received", "Se recibió el aviso de audiencia"),
        (
            "the court file's proof of mailing or the returned envelope",
            "la prueba de envío o el sobre devuelto en el expediente de la corte",
        ),
    ),
    def(
        "in_custody_on_order_date",
        Boolean,
        ("In custody on the day of the order", "En custodia el día de la orden"),
        CUSTODY,
    ),
    def(
        "asylum_received_date",
        D,
        ("Complete asylum application received", "Solicitud de asilo completa recibida"),
        ("the I-589 receipt notice", "el acuse de recibo del I-589"),
    ),
    def(
        "applicant_delay_days",
        Integer,
        ("Days of delay caused by the applicant", "Días de demora causados por el solicitante"),
        ("the court's clock record (adjournment codes)", "el registro del reloj de la corte (códigos de aplazamiento)"),
    ),
    def(
        "work_permit_applied_date",
        D,
        ("Work-permit application received", "Solicitud de permiso de trabajo recibida"),
        ("the I-765 receipt notice", "el acuse de recibo del I-765"),
    ),
    def(
        "work_permit_granted_date",
        D,
        ("Work permit granted", "Permiso de trabajo otorgado"),
        ("the I-765 approval notice", "el aviso de aprobación del I-765"),
    ),
    def(
        "asylum_decided_date",
        D,
        ("Asylum application decided", "Solicitud de asilo decidida"),
        ("the decision on the I-589", "la decisión sobre el I-589"),
    ),
    def(
        "casa_asap_member",
        Boolean,
        ("Member of CASA or ASAP in 2020–2022", "Miembro de CASA o ASAP en 2020–2022"),
        ("the membership record", "el comprobante de membresía"),
    ),
    def("in_custody", Boolean, ("In custody now", "En custodia ahora"), CUSTODY),
    def("custody_since", D, ("In custody since", "En custodia desde"), CUSTODY),
    def(
        "removal_period_start",
        D,
        ("Start of the removal period", "Inicio del período de expulsión"),
        ("the final order and any stay", "la orden final y cualquier suspensión"),
    ),
    def(
        "custody_review_date",
        D,
        ("Custody review decided", "Revisión de custodia decidida"),
        (
            "the written custody decision with proof of service",
            "la decisión escrita de custodia con prueba de notificación",
        ),
    ),
    def(
        "removal_stayed",
        Boolean,
        ("Removal stayed", "Expulsión suspendida"),
        ("the court's stay order", "la orden de suspensión del tribunal"),
    ),
    def(
        "failure_to_cooperate_notice",
        Boolean,
        ("Written notice of failure to cooperate", "Aviso escrito de falta de cooperación"),
        ("the written notice, with proof of service", "el aviso escrito, con prueba de notificación"),
    ),
    def("custody_start_at", DT, ("Custody began", "Inicio de la custodia"), CUSTODY),
    def("custody_end_at", DT, ("Custody ended", "Fin de la custodia"), CUSTODY),
    def("removal_at", DT, ("Removal or departure", "Expulsión o salida"), DEPARTURE),
    def("removal_date", D, ("Day of removal or departure", "Día de la expulsión o salida"), DEPARTURE),
    def(
        "reentry_date",
        D,
        ("New entry after the departure", "Nueva entrada después de la salida"),
        ("the record of the new entry", "el registro de la nueva entrada"),
    ),
    def(
        "population_list_date",
        D,
        ("Last day on a population list", "Último día en una lista de población"),
        ("the facility's population list", "la lista de población del centro"),
    ),
    def("lpr_date", D, ("Permanent resident since", "Residente permanente desde"), GREEN_CARD),
    def(
        "admission_date",
        D,
        ("Admitted in a status", "Admisión en un estatus"),
        ("the I-94 or visa stamp", "el I-94 o el sello de la visa"),
    ),
    def("offense_date", D, ("Offense, as charged", "Delito, según la acusación"), CRIMINAL),
    def(
        "nta_date",
        D,
        ("Notice to Appear", "Aviso de Comparecencia"),
        ("the Notice to Appear with proof of service", "el Aviso de Comparecencia con prueba de notificación"),
    ),
    def(
        "nta_compliant",
        Boolean,
        ("Notice to Appear states time and place", "El Aviso de Comparecencia indica hora y lugar"),
        ("the Notice to Appear itself", "el propio Aviso de Comparecencia"),
    ),
    def("in_proceedings", Boolean, ("In removal proceedings", "En proceso de expulsión"), COURT_FILE),
    def(
        "aggravated_felony",
        Boolean,
        ("Conviction charged as an aggravated felony", "Condena acusada como delito agravado"),
        CRIMINAL,
    ),
    def(
        "prior_cancellation",
        Boolean,
        ("Earlier cancellation or 212(c) grant", "Cancelación o 212(c) otorgada antes"),
        COURT_FILE,
    ),
    def(
        "parent_citizen_date",
        D,
        ("A parent became a citizen", "Un padre o madre se hizo ciudadano"),
        (
            "the parent's naturalization certificate or passport",
            "el certificado de naturalización o pasaporte del padre o madre",
        ),
    ),
    def(
        "lived_with_citizen_parent",
        Boolean,
        (
            "Lived in that parent's legal and physical custody before 18",
            "Vivió bajo la custodia legal y física de ese padre o madre antes de los 18",
        ),
        ("custody orders, school or household records", "órdenes de custodia, registros escolares o del hogar"),
    ),
    def("filing_receipt_date", D, ("Filing received", "Presentación recibida"), FILING),
];

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn names_are_unique_and_speak_both_languages() {
        let names: BTreeSet<_> = FACTS.iter().map(|def| def.name).collect();
        assert_eq!(names.len(), FACTS.len());
        for def in FACTS {
            for text in [def.label, def.settled_by] {
                assert!(!text.en.is_empty() && !text.es.is_empty(), "{}", def.name);
            }
        }
    }
}
