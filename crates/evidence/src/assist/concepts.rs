//! What columns of immigration records are likely to mean, by the names that offices and agencies give them in English
//! and Spanish.

use model::{Attribute, EventType};

/// A meaning that a column may have.
#[derive(Debug)]
pub(super) struct Concept {
    /// Our name for such a column.
    pub(super) name: &'static str,
    /// For people.
    pub(super) title: &'static str,
    /// Headers, in lower case and without accents, the words apart.
    pub(super) headers: &'static [&'static str],
    pub(super) values: Values,
    pub(super) proposes: Proposes,
}

/// What the values of a meaning look like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Values {
    Date,
    /// Words without digits.
    Name,
    Sex,
    Country,
    ANumber,
    Receipt,
    YesNo,
    Money,
    /// Long or short text.
    Text,
    /// Names one row, or one person.
    Key,
}

/// What a column of a meaning becomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Proposes {
    /// An attribute of the person.
    Person(Attribute),
    /// An event on its day.
    Event(EventType),
    /// An attribute of an event: of the first of these that the table has. A place may be that of its only event.
    OfEvent(Attribute, &'static [EventType]),
    /// The key of the person.
    Key,
    /// The key of an application.
    Application,
    /// Free text, which stays a cell.
    Free,
    /// Nothing: it stays a cell.
    Cell,
}

/// Shortens the table below.
const fn concept(
    name: &'static str,
    title: &'static str,
    values: Values,
    proposes: Proposes,
    headers: &'static [&'static str],
) -> Concept {
    Concept { name, title, headers, values, proposes }
}

use Attribute as A;
use EventType as E;
use Proposes::{Application, Cell, Event, Free, Key, OfEvent, Person};

/// Every meaning. Of two that a header fits alike, the first is taken.
#[rustfmt::skip]
pub(super) const CONCEPTS: &[Concept] = &[
    concept("given_name", "given name", Values::Name, Person(A::GivenName), &[
        "first name", "given name", "given names", "forename", "forenames", "name first", "fname", "nombre", "nombres",
        "primer nombre", "nombre de pila",
    ]),
    concept("surname", "surname", Values::Name, Person(A::Surname), &[
        "last name", "surname", "surnames", "family name", "name last", "lname", "apellido", "apellidos",
        "primer apellido", "last names",
    ]),
    concept("full_name", "whole name", Values::Name, Cell, &[
        "full name", "client name", "name of client", "respondent name", "nombre completo", "nombre y apellido",
        "nombre y apellidos",
    ]),
    concept("birth_date", "birth date", Values::Date, Person(A::BirthDate), &[
        "date of birth", "birth date", "dob", "d o b", "birthday", "born", "born on", "fecha de nacimiento",
        "fecha nacimiento", "fecha nac", "fec nac", "nacimiento",
    ]),
    concept("a_number", "A-number", Values::ANumber, Person(A::ANumber), &[
        "a number", "a no", "alien number", "alien registration number", "alien registration no", "alien file number",
        "a file number", "anumber", "anum", "alien no", "uscis number", "numero a", "numero de extranjero",
        "numero de registro de extranjero", "num a",
    ]),
    concept("citizenship", "country of citizenship", Values::Country, Person(A::Citizenship), &[
        "citizenship", "nationality", "country of citizenship", "citizenship country", "country of nationality",
        "country of origin", "nationality code", "nat", "nacionalidad", "ciudadania", "pais de ciudadania",
        "pais de nacionalidad", "pais de origen",
    ]),
    concept("birth_country", "country of birth", Values::Country, Person(A::BirthCountry), &[
        "country of birth", "birth country", "birthplace country", "place of birth", "pais de nacimiento",
        "lugar de nacimiento",
    ]),
    concept("sex", "sex", Values::Sex, Person(A::Sex), &["sex", "gender", "sexo", "genero"]),
    concept("language", "language", Values::Text, Person(A::Language), &[
        "language", "primary language", "preferred language", "best language", "native language", "idioma",
        "idioma principal", "lengua", "lengua materna", "idioma preferido",
    ]),
    concept("unaccompanied_child", "unaccompanied child", Values::YesNo, Person(A::UnaccompaniedChild), &[
        "unaccompanied child", "unaccompanied minor", "uac", "unaccompanied", "menor no acompanado",
        "nino no acompanado",
    ]),
    concept("client_no", "number of the client", Values::Key, Key, &[
        "client no", "client number", "client id", "person id", "unique id", "unique identifier", "intake no",
        "intake number", "intake id", "record id", "rec id", "record number", "matter no", "matter number", "file no",
        "numero de cliente", "no de cliente", "id de cliente", "id cliente", "expediente", "numero de expediente", "id",
    ]),
    concept("case_number", "number of the case", Values::Text, Cell, &[
        "case number", "case no", "case id", "court case number", "eoir case number", "idncase", "numero de caso",
        "no de caso",
    ]),
    concept("receipt_number", "receipt number", Values::Receipt, Application, &[
        "receipt number", "receipt no", "receipt", "uscis receipt", "uscis receipt number", "numero de recibo",
        "no de recibo", "recibo",
    ]),
    concept("hearing_date", "court date", Values::Date, Event(E::Hearing), &[
        "court date", "next court date", "hearing date", "next hearing", "next hearing date", "date of hearing",
        "master hearing", "master date", "individual hearing", "individual hearing date", "hearing", "adj date",
        "fecha de corte", "fecha corte", "fecha de audiencia", "proxima audiencia", "proxima corte", "audiencia",
        "proxima fecha de corte",
    ]),
    concept("entry_date", "date of entry", Values::Date, Event(E::Arrived), &[
        "entry date", "date of entry", "us entry date", "date of us entry", "last entry", "last entry date",
        "date of last entry", "arrival date", "date of arrival", "entered", "entered us", "entered us on",
        "fecha de entrada", "fecha entrada", "fecha de llegada", "fecha de ingreso a eeuu", "fecha de entrada a eeuu",
        "entrada", "llegada",
    ]),
    concept("admission_date", "date of admission", Values::Date, Event(E::Admitted), &[
        "admission date", "date of admission", "admitted on", "date admitted", "fecha de admision",
    ]),
    concept("apprehension_date", "date of arrest", Values::Date, Event(E::Apprehended), &[
        "apprehension date", "date of apprehension", "arrest date", "date of arrest", "arrested on", "date arrested",
        "apprehension date and time", "fecha de arresto", "fecha de aprehension", "fecha de detencion",
    ]),
    concept("encounter_date", "date of encounter", Values::Date, Event(E::Encountered), &[
        "encounter date", "event date", "date of encounter", "fecha de encuentro",
    ]),
    concept("nta_date", "date of the Notice to Appear", Values::Date, Event(E::NtaServed), &[
        "nta date", "date of nta", "nta served", "nta served on", "nta service date", "notice to appear",
        "notice to appear date", "osc date", "fecha de nta", "fecha nta", "fecha del nta", "fecha de comparecencia",
    ]),
    concept("book_in", "book-in", Values::Date, Event(E::CustodyStarted), &[
        "book in", "book in date", "booked in", "booked in on", "book in date time", "book in date and time",
        "detention book in date and time", "detention date", "detained since", "detained on", "date detained",
        "stay book in date time", "detained", "detenido desde", "fecha de ingreso",
    ]),
    concept("book_out", "book-out", Values::Date, Event(E::CustodyEnded), &[
        "book out", "book out date", "booked out", "booked out on", "detention book out date time", "release date",
        "book out date time", "released", "released on", "date released", "date of release", "fecha de liberacion",
        "fecha de excarcelacion",
    ]),
    concept("filed_date", "date of filing an application", Values::Date, Event(E::ApplicationFiled), &[
        "filing date", "date filed", "filed date", "filed on", "filed", "application date", "received date",
        "date received", "asylum filed", "asylum filing date", "i 589 filed", "i 589 date", "fecha de presentacion",
        "fecha de solicitud", "solicitud presentada",
    ]),
    concept("decision_date", "date of a decision", Values::Date, Event(E::Decided), &[
        "decision date", "date of decision", "completion date", "comp date", "order date", "date of order",
        "fecha de decision", "fecha de la orden", "fecha de orden",
    ]),
    concept("appeal_date", "date of an appeal", Values::Date, Event(E::AppealFiled), &[
        "appeal date", "appeal filed", "date of appeal", "appeal filed date", "fecha de apelacion",
    ]),
    concept("motion_date", "date of a motion", Values::Date, Event(E::MotionFiled), &[
        "motion date", "motion filed", "motion filed date", "motion received date", "fecha de mocion",
    ]),
    concept("bond_posted_date", "date on which bond was paid", Values::Date, Event(E::BondPosted), &[
        "bond posted", "bond posted date", "bond paid", "bond paid date", "fecha de pago de fianza",
    ]),
    concept("departed_date", "date of departure", Values::Date, Event(E::Departed), &[
        "departed date", "departure date", "date of departure", "departed", "removal date", "date of removal",
        "removed on", "deportation date", "fecha de deportacion", "fecha de salida", "fecha de remocion",
    ]),
    concept("bond_amount", "amount of a bond", Values::Money, OfEvent(A::Amount, &[E::BondPosted, E::BondDecided]), &[
        "bond amount", "bond", "initial bond amount", "bond set", "fianza", "monto de fianza", "monto de la fianza",
    ]),
    concept(
        "facility",
        "detention facility or court",
        Values::Text,
        OfEvent(A::Facility, &[E::CustodyStarted, E::CustodyEnded, E::Hearing]),
        &[
            "facility", "detention facility", "facility name", "facility code", "detention facility code", "detloc",
            "detention center", "jail", "court", "immigration court", "base city", "base city code", "court city",
            "centro de detencion", "centro", "corte", "juzgado", "tribunal", "corte de inmigracion",
        ],
    ),
    concept(
        "decision",
        "what was decided",
        Values::Text,
        OfEvent(A::Decision, &[E::Decided, E::AppealDecided, E::MotionDecided, E::ApplicationDecided]),
        &[
            "decision", "decision code", "dec code", "outcome", "result", "court decision", "decision description",
            "dec description", "resultado", "fallo", "codigo de decision",
        ],
    ),
    concept("disposition", "disposition", Values::Text, OfEvent(A::Disposition, &[E::Apprehended, E::Departed]), &[
        "disposition", "processing disposition", "processing disposition code", "case disposition", "disposicion",
    ]),
    concept("charge", "charge", Values::Text, OfEvent(A::Charge, &[E::NtaServed, E::Departed]), &[
        "charge", "charges", "final charge", "final charge section", "charge code", "nta charge", "cargo", "cargos",
    ]),
    concept(
        "manner",
        "manner of entry or departure",
        Values::Text,
        OfEvent(A::Manner, &[E::Arrived, E::Apprehended, E::Departed]),
        &[
            "manner of entry", "entry manner", "how entered", "entry type", "entry status", "status at entry",
            "apprehension method", "manner", "manera de entrada", "forma de entrada", "modo de entrada",
        ],
    ),
    concept("country", "country departed to", Values::Country, OfEvent(A::Country, &[E::Departed]), &[
        "departure country", "departed to", "country of removal", "removal country", "pais de deportacion",
    ]),
    concept(
        "office",
        "office or area",
        Values::Text,
        OfEvent(A::Office, &[E::Apprehended, E::Encountered, E::Departed, E::Arrived]),
        &[
            "office", "area of responsibility", "aor", "field office", "responsible office", "port", "port of entry",
            "entry port", "oficina", "puerto de entrada",
        ],
    ),
    concept("reason", "reason", Values::Text, OfEvent(A::Reason, &[E::CustodyEnded, E::ClockStopped]), &[
        "reason", "release reason", "detention release reason", "adjournment reason", "adj rsn", "razon", "motivo",
    ]),
    concept("in_absentia", "decided in absence", Values::YesNo, OfEvent(A::InAbsentia, &[E::Decided]), &[
        "in absentia", "in absence", "absentia", "en ausencia",
    ]),
    concept("notes", "notes", Values::Text, Free, &[
        "notes", "note", "comments", "comment", "remarks", "description", "notas", "comentarios", "observaciones",
        "descripcion",
    ]),
];

/// Texts for a sex, and the value that they stand for.
#[rustfmt::skip]
pub(super) const SEXES: &[(&str, &str)] = &[
    ("f", "female"), ("female", "female"), ("woman", "female"), ("femenino", "female"), ("mujer", "female"),
    ("m", "male"), ("male", "male"), ("man", "male"), ("masculino", "male"), ("hombre", "male"),
    ("h", "male"), ("u", "unknown"), ("unknown", "unknown"), ("x", "other"), ("other", "other"), ("otro", "other"),
    ("desconocido", "unknown"), ("nonbinary", "other"), ("non binary", "other"),
];

/// Texts for yes and no: the pair, and whether it says so by itself.
#[rustfmt::skip]
pub(super) const YES_NO: &[(&str, &str, bool)] = &[
    ("Y", "N", true), ("y", "n", true), ("Yes", "No", true), ("yes", "no", true), ("YES", "NO", true),
    ("TRUE", "FALSE", true), ("True", "False", true), ("true", "false", true), ("Sí", "No", true), ("Si", "No", true),
    ("sí", "no", true), ("si", "no", true), ("SI", "NO", true), ("SÍ", "NO", true), ("S", "N", true),
    ("T", "F", true), ("1", "0", false),
];

/// Words that say that a column is about somebody other than the person whose record it is.
#[rustfmt::skip]
pub(super) const OTHER_PEOPLE: &[&str] = &[
    "spouse", "mother", "father", "parent", "child", "children", "attorney", "judge", "sponsor", "contact", "employer",
    "officer", "interpreter", "agent", "preparer", "esposo", "esposa", "madre", "padre", "hijo", "hija",
    "abogado", "abogada", "juez", "contacto", "patrocinador", "interprete", "emergency", "emergencia", "maiden", "file", "facility", "court",
];

/// Names of countries from which people come into these records, in English and Spanish, flat.
#[rustfmt::skip]
pub(super) const COUNTRIES: &[&str] = &[
    "afghanistan", "albania", "algeria", "angola", "argentina", "armenia", "azerbaijan", "bangladesh", "belarus",
    "belize", "bolivia", "brasil", "brazil", "burkina faso", "cambodia", "cameroon", "camerun", "canada", "cape verde", "chile",
    "china", "colombia", "congo", "costa rica", "cuba", "czech republic", "dominican republic",
    "dr congo", "ecuador", "egypt", "el salvador", "eritrea", "estados unidos", "ethiopia", "etiopia", "france",
    "gambia", "georgia", "germany", "ghana", "guatemala", "guinea", "guyana", "haiti", "honduras", "india", "indonesia",
    "iran", "iraq", "israel", "italy", "ivory coast", "jamaica", "japan", "jordan", "kazakhstan", "kenya", "kyrgyzstan",
    "laos", "lebanon", "liberia", "mali", "mauritania", "mexico", "moldova", "mongolia", "morocco", "myanmar", "nepal",
    "nicaragua", "niger", "nigeria", "pakistan", "panama", "paraguay", "peru", "philippines", "poland", "portugal",
    "republica dominicana", "romania", "russia", "rusia", "senegal", "sierra leone", "siria", "somalia", "south africa",
    "south korea", "spain", "sri lanka", "sudan", "syria", "tajikistan", "thailand", "togo", "trinidad and tobago",
    "tunisia", "turkey", "uganda", "ukraine", "ucrania", "united kingdom", "united states", "uruguay", "uzbekistan",
    "venezuela", "vietnam", "yemen", "zimbabwe",
];

/// Spanish words by which a column would let the product track a person, with the English word that the use limits
/// know. `model::tracking_type` knows the English ones.
#[rustfmt::skip]
pub(super) const TRACKING_ES: &[(&str, &str)] = &[
    ("telefono", "phone"), ("telefonos", "phone"), ("celular", "phone"), ("movil", "phone"), ("ubicacion", "location"),
    ("placa", "plate"), ("placas", "plate"), ("matricula", "plate"), ("vehiculo", "vehicle"), ("rostro", "face"),
    ("huella", "fingerprint"), ("huellas", "fingerprint"), ("latitud", "latitude"), ("longitud", "longitude"),
    ("paradero", "whereabouts"), ("usuario", "username"), ("dispositivo", "device"),
];
