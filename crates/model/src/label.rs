//! What people read for the words of the ontology.

use crate::{Attribute, EventType, Subject, Text};

const fn t(en: &'static str, es: &'static str) -> Text {
    Text { en, es }
}

impl EventType {
    /// What happened, for people.
    pub fn label(self) -> Text {
        match self {
            EventType::Arrived => t("Arrived in the United States", "Llegada a Estados Unidos"),
            EventType::Admitted => t("Admitted in a status", "Admisión en un estatus"),
            EventType::Encountered => t("Encounter with officers", "Encuentro con agentes"),
            EventType::Apprehended => t("Immigration arrest", "Arresto migratorio"),
            EventType::CredibleFearDecided => t("Credible-fear determination", "Determinación de temor creíble"),
            EventType::NtaServed => t("Notice to Appear", "Aviso de Comparecencia"),
            EventType::CustodyStarted => t("Booked into detention", "Ingreso en detención"),
            EventType::CustodyEnded => t("Booked out of detention", "Salida de detención"),
            EventType::PopulationListed => t("On a detention population list", "En una lista de población detenida"),
            EventType::CustodyReviewed => t("Post-order custody review", "Revisión de custodia posterior a la orden"),
            EventType::BondDecided => t("Bond decision", "Decisión de fianza"),
            EventType::BondPosted => t("Bond paid", "Fianza pagada"),
            EventType::Hearing => t("Hearing", "Audiencia"),
            EventType::NoticeReturned => {
                t("Hearing notice returned by the post", "Aviso de audiencia devuelto por el correo")
            }
            EventType::ApplicationFiled => t("Application received", "Solicitud recibida"),
            EventType::ApplicationDecided => t("Application decided", "Solicitud decidida"),
            EventType::ClockStopped => t("Asylum clock stopped", "Reloj de asilo detenido"),
            EventType::ClockStarted => t("Asylum clock restarted", "Reloj de asilo reanudado"),
            EventType::Decided => t("Judge's decision", "Decisión del juez"),
            EventType::AppealFiled => t("Appeal received by the Board", "Apelación recibida por la Junta"),
            EventType::AppealDecided => t("Board decision", "Decisión de la Junta"),
            EventType::MotionFiled => t("Motion received", "Moción recibida"),
            EventType::MotionDecided => t("Motion decided", "Moción decidida"),
            EventType::StatusGranted => t("Status granted", "Estatus otorgado"),
            EventType::ParentNaturalized => t("A parent became a citizen", "Un padre o madre se hizo ciudadano"),
            EventType::OffenseCharged => t("Offense, as charged", "Delito, según la acusación"),
            EventType::Departed => t("Departure", "Salida del país"),
        }
    }
}

impl Attribute {
    /// What the value is, for people.
    pub fn label(self) -> Text {
        match self {
            Attribute::GivenName => t("Given name", "Nombre"),
            Attribute::Surname => t("Surname", "Apellido"),
            Attribute::BirthDate => t("Birth date", "Fecha de nacimiento"),
            Attribute::Sex => t("Sex", "Sexo"),
            Attribute::Citizenship => t("Citizenship", "Ciudadanía"),
            Attribute::BirthCountry => t("Country of birth", "País de nacimiento"),
            Attribute::ANumber => t("A-number", "Número A"),
            Attribute::ReleaseId => t("Id within the release", "Identificador dentro de la entrega"),
            Attribute::Language => t("Language", "Idioma"),
            Attribute::UnaccompaniedChild => t("Unaccompanied child", "Menor no acompañado"),
            Attribute::LivedWithCitizenParent => t("Lived with citizen parent", "Vivió con padre o madre ciudadano"),
            Attribute::AggravatedFelony => t("Charged as aggravated felony", "Acusado como delito agravado"),
            Attribute::PriorCancellation => t("Earlier cancellation", "Cancelación anterior"),
            Attribute::Kind => t("Kind", "Tipo"),
            Attribute::Decision => t("Decision", "Decisión"),
            Attribute::InAbsentia => t("In absentia", "En ausencia"),
            Attribute::AppealWaived => t("Appeal waived", "Renuncia a apelar"),
            Attribute::Service => t("Service", "Notificación"),
            Attribute::Party => t("By", "Por"),
            Attribute::Reason => t("Reason", "Motivo"),
            Attribute::Facility => t("Facility or court", "Centro o corte"),
            Attribute::Amount => t("Amount (US cents)", "Monto (centavos de dólar)"),
            Attribute::Disposition => t("Disposition", "Disposición"),
            Attribute::Charge => t("Charge", "Cargo"),
            Attribute::Manner => t("Manner", "Forma"),
            Attribute::Country => t("Country", "País"),
            Attribute::Office => t("Office", "Oficina"),
        }
    }
}

impl Subject {
    /// What a set of facts is about, for people.
    pub fn label(self) -> Text {
        match self {
            Subject::Person => t("the person", "la persona"),
            Subject::Arrival => t("last arrival", "última llegada"),
            Subject::Decision => t("judge's decision", "decisión del juez"),
            Subject::FinalOrder => t("final order", "orden final"),
            Subject::InAbsentiaOrder => t("order in absence", "orden en ausencia"),
            Subject::AsylumApplication => t("asylum application", "solicitud de asilo"),
            Subject::CustodyStint => t("stay in custody", "estancia en custodia"),
            Subject::AgeDate => t("date on which age mattered", "fecha en que importaba la edad"),
        }
    }
}
