use crate::args::{Format, Registry as Args, RegistryCommand};
use crate::exit::Failure;
use crate::output;
use camino::Utf8Path;
use evidence::registry::sources::read_folder;
use evidence::registry::{Institution, Kind, OpenQuestion, Registry, RegistryError, Seen, Tables, build::build};
use serde::Serialize;

#[derive(Serialize)]
struct Shown<'r> {
    id: &'r str,
    kind: &'r str,
    facility_type: Option<&'r str>,
    court: Option<&'r str>,
    names: Vec<Named<'r>>,
    codes: Vec<Coded<'r>>,
    street: Option<&'r str>,
    city: Option<&'r str>,
    state: Option<&'r str>,
    zip: Option<&'r str>,
    county: Option<&'r str>,
    address_source: Option<&'r str>,
    aor: Option<&'r str>,
    operator: Option<&'r str>,
    coordinates: Option<Placed<'r>>,
}

#[derive(Serialize)]
struct Named<'r> {
    name: &'r str,
    first_seen: String,
    last_seen: String,
    sources: &'r [String],
}

#[derive(Serialize)]
struct Coded<'r> {
    system: &'r str,
    code: &'r str,
    first_seen: String,
    last_seen: String,
    sources: &'r [String],
}

#[derive(Serialize)]
struct Placed<'r> {
    latitude: f64,
    longitude: f64,
    source: &'r str,
}

#[derive(Serialize)]
struct Alike<'r> {
    id: &'r str,
    kind: &'r str,
    name: &'r str,
    label: String,
    likeness: f64,
    why: &'r str,
}

#[derive(Serialize)]
struct Asked<'r> {
    asks: &'r str,
    question: &'r str,
    institutions: Vec<&'r str>,
    evidence: &'r str,
    sources: &'r [String],
}

#[derive(Serialize)]
struct Made {
    sources: usize,
    institutions: usize,
    open_questions: usize,
    other_files: u64,
    unread: Vec<NotRead>,
}

#[derive(Serialize)]
struct NotRead {
    file: String,
    why: String,
}

impl<'r> From<&'r Institution> for Shown<'r> {
    fn from(i: &'r Institution) -> Self {
        let address = i.address.as_ref();
        let days = |seen: Seen| (seen.first.to_string(), seen.last.to_string());
        let names = i.names.iter().map(|n| {
            let (first_seen, last_seen) = days(n.seen);
            Named { name: &n.name, first_seen, last_seen, sources: &n.sources }
        });
        let codes = i.codes.iter().map(|c| {
            let (first_seen, last_seen) = days(c.seen);
            Coded { system: c.system.name(), code: &c.code, first_seen, last_seen, sources: &c.sources }
        });
        Self {
            id: i.id.as_str(),
            kind: i.kind.name(),
            facility_type: i.facility_type.as_deref(),
            court: i.court.as_ref().map(|c| c.as_str()),
            names: names.collect(),
            codes: codes.collect(),
            street: address.and_then(|a| a.street.as_deref()),
            city: address.and_then(|a| a.city.as_deref()),
            state: address.and_then(|a| a.state.as_deref()),
            zip: address.and_then(|a| a.zip.as_deref()),
            county: address.and_then(|a| a.county.as_deref()),
            address_source: address.map(|a| a.source.as_str()),
            aor: i.aor.as_deref(),
            operator: i.operator.as_deref(),
            coordinates: i.coordinates.as_ref().map(|(at, source)| Placed {
                latitude: at.latitude,
                longitude: at.longitude,
                source,
            }),
        }
    }
}

impl<'r> From<&'r OpenQuestion> for Asked<'r> {
    fn from(q: &'r OpenQuestion) -> Self {
        Self {
            asks: q.asks.name(),
            question: q.asks.sentence(),
            institutions: q.institutions.iter().map(|id| id.as_str()).collect(),
            evidence: &q.evidence,
            sources: &q.sources,
        }
    }
}

pub(crate) fn run(args: &Args, format: Format) -> Result<(), Failure> {
    match &args.command {
        RegistryCommand::List { kind } => list(kind.as_deref(), format),
        RegistryCommand::Show { institution } => show(institution, format),
        RegistryCommand::Find { name, limit } => find(name, *limit, format),
        RegistryCommand::Questions => questions(format),
        RegistryCommand::Build { from, out } => make(from, out, format),
    }
}

fn failed(error: RegistryError) -> Failure {
    Failure::told(&error, error.help())
}

fn list(kind: Option<&str>, format: Format) -> Result<(), Failure> {
    let kind = kind.map(|name| {
        Kind::parse(name).ok_or_else(|| {
            let kinds: Vec<&str> = Kind::ALL.iter().map(|kind| kind.name()).collect();
            Failure::new(format!("no kind `{name}`")).help(format!("the kinds are {}", kinds.join(", ")))
        })
    });
    let kind = kind.transpose()?;
    let registry = Registry::built_in().map_err(failed)?;
    let listed = registry.institutions().iter().filter(|i| kind.is_none_or(|kind| i.kind == kind));
    match format {
        Format::Json => output::json(&listed.map(Shown::from).collect::<Vec<_>>()),
        Format::Human => {
            let mut table = output::table(&["institution", "kind", "name and place"]);
            for i in listed {
                table.add_row([i.id.as_str(), i.kind.name(), &i.label()]);
            }
            output::line(table)
        }
    }
}

fn show(text: &str, format: Format) -> Result<(), Failure> {
    let registry = Registry::built_in().map_err(failed)?;
    let found = registry.by_id_or_code(text);
    if found.is_empty() {
        let nearest = registry.nearest_ids(text).join(", ");
        return Err(Failure::new(format!("no institution has the id or code `{text}`"))
            .help(format!("look for its name with `throughline registry find`; ids most like it: {nearest}")));
    }
    match format {
        Format::Json => output::json(&found.into_iter().map(Shown::from).collect::<Vec<_>>()),
        Format::Human => found.into_iter().flat_map(|i| describe(&registry, i)).try_for_each(output::line),
    }
}

/// What is known of an institution, line by line.
fn describe(registry: &Registry, i: &Institution) -> Vec<String> {
    let mut lines = vec![format!("{}: {}", i.id, i.label())];
    lines.push(format!(
        "  {}{}",
        i.kind.name(),
        i.facility_type.as_ref().map_or_else(String::new, |t| format!(" ({t})"))
    ));
    if let Some(a) = &i.address {
        let parts = [&a.street, &a.city, &a.state, &a.zip, &a.county];
        let parts: Vec<&str> = parts.into_iter().flatten().map(String::as_str).collect();
        lines.push(format!("  address: {} [{}]", parts.join(", "), a.source));
    }
    lines.extend(i.aor.iter().map(|aor| format!("  area of responsibility: {aor}")));
    lines.extend(i.operator.iter().map(|operator| format!("  operator: {operator}")));
    lines.extend(i.court.iter().map(|court| format!("  court: {court}")));
    if let Some((at, source)) = &i.coordinates {
        lines.push(format!("  coordinates: {}, {} [{source}]", at.latitude, at.longitude));
    }
    lines.extend(i.names.iter().map(|n| format!("  name: {}, {} [{}]", n.name, n.seen, n.sources.join(" "))));
    lines.extend(
        i.codes.iter().map(|c| format!("  {}: {}, {} [{}]", c.system.name(), c.code, c.seen, c.sources.join(" "))),
    );
    let asked = registry.open_questions().iter().filter(|q| q.institutions.contains(&i.id));
    lines.extend(asked.map(|q| format!("  open: {} {}", q.asks.sentence(), q.evidence)));
    lines
}

fn find(name: &str, limit: usize, format: Format) -> Result<(), Failure> {
    let registry = Registry::built_in().map_err(failed)?;
    let found = registry.find(name, limit);
    let found = found.iter().map(|f| Alike {
        id: f.institution.id.as_str(),
        kind: f.institution.kind.name(),
        name: &f.name.name,
        label: f.institution.label(),
        likeness: f.likeness,
        why: f.why,
    });
    match format {
        Format::Json => output::json(&found.collect::<Vec<_>>()),
        Format::Human => {
            let mut table = output::table(&["likeness", "institution", "kind", "name", "now", "why"]);
            for f in found {
                table.add_row([&format!("{:.2}", f.likeness), f.id, f.kind, f.name, &f.label, f.why]);
            }
            output::line(table)
        }
    }
}

fn questions(format: Format) -> Result<(), Failure> {
    let registry = Registry::built_in().map_err(failed)?;
    let asked = registry.open_questions().iter().map(Asked::from);
    match format {
        Format::Json => output::json(&asked.collect::<Vec<_>>()),
        Format::Human => {
            let mut table = output::table(&["question", "institutions", "evidence", "sources"]);
            for q in asked {
                table.add_row([q.question, &q.institutions.join("\n"), q.evidence, &q.sources.join(" ")]);
            }
            output::line(table)
        }
    }
}

fn make(from: &Utf8Path, out: &Utf8Path, format: Format) -> Result<(), Failure> {
    let found = read_folder(from).map_err(failed)?;
    let registry = build(&found.readings);
    Tables::of(&registry).write(out).map_err(failed)?;
    let made = Made {
        sources: registry.sources().len(),
        institutions: registry.institutions().len(),
        open_questions: registry.open_questions().len(),
        other_files: found.other_files,
        unread: found.unread.into_iter().map(|u| NotRead { file: u.file.into_string(), why: u.why }).collect(),
    };
    match format {
        Format::Json => output::json(&made),
        Format::Human => {
            output::line(format_args!(
                "{} institutions and {} open questions out of {} sources; {} files name no institution",
                made.institutions, made.open_questions, made.sources, made.other_files
            ))?;
            made.unread.iter().try_for_each(|u| output::line(format_args!("not read: `{}`: {}", u.file, u.why)))
        }
    }
}
