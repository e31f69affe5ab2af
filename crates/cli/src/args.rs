//! What a person can type. Help texts here are the reference of the command line.

use crate::exit::Failure;
use camino::Utf8PathBuf;
use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};
use jiff::civil::Date;

/// One accountable case file out of many agencies' records. Not legal advice.
#[derive(Debug, Parser)]
#[command(name = "throughline", version, after_help = EXIT_CODES, max_term_width = 100)]
pub(crate) struct Args {
    /// The workspace folder.
    #[arg(long, global = true, env = "THROUGHLINE_WORKSPACE", default_value = ".")]
    pub(crate) workspace: Utf8PathBuf,
    /// How to print results. `csv` and `parquet` are for commands whose result is a table (`sql`, `diff`).
    #[arg(long, global = true, value_enum, default_value_t = OutputFormat::Human)]
    pub(crate) format: OutputFormat,
    #[command(subcommand)]
    pub(crate) command: Command,
}

const EXIT_CODES: &str = "\
Exit codes: 0 done; 1 the command could not do what was asked, and changed nothing; 2 the command line is wrong; \
3 a check found something wrong (ledger verify, add without reconciling).";

/// How results are printed or written: what may be typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum OutputFormat {
    /// For people.
    Human,
    /// For programs.
    Json,
    /// Rows as comma-separated values, with a header.
    Csv,
    /// Rows as a Parquet file.
    Parquet,
}

/// How results that are not tables are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    /// For people.
    Human,
    /// For programs.
    Json,
}

impl OutputFormat {
    /// The format, for a command whose result is not a table.
    pub(crate) fn without_tables(self) -> Result<Format, Failure> {
        match self {
            OutputFormat::Human => Ok(Format::Human),
            OutputFormat::Json => Ok(Format::Json),
            OutputFormat::Csv | OutputFormat::Parquet => {
                Err(Failure::usage("this command's result is not a table: it has the formats human and json")
                    .help("`csv` and `parquet` are for `throughline sql` and `throughline diff`"))
            }
        }
    }
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Make a new workspace.
    Init(Init),
    /// Take in a delivery and print its receipt.
    Add(Add),
    /// Link, line up, and compute what is owed.
    Build(Build),
    /// What is owed, due and unknown: for all, or for one person.
    Owed(Owed),
    /// Why an obligation stands as it does: clauses, values, rows, law, and what would change it.
    Why(Why),
    /// Records that are one person: judge, explain, evaluate.
    Link(Link),
    /// The tamper-evident account.
    Ledger(Ledger),
    /// Serve the web UI and API on this machine.
    Serve(Serve),
    /// A fictional office and a real public extract, built and served.
    Demo(Demo),
    /// Mappings: how a source's columns become objects, events and relations.
    Mapping(Mapping),
    /// The criteria and the law they rest on.
    Law(Law),
    /// Courts and facilities: ids, names over time, codes, and what is not known of them.
    Registry(Registry),
    /// What vanished, appeared and changed between two deliveries.
    Diff(Diff),
    /// Keys that vanished from one release to the next, by what was lost.
    Watch(Watch),
    /// Ask questions in SQL of public releases and their receipts. Changes nothing.
    Sql(Sql),
    /// Write deliveries of fictional people, with the truth beside them.
    Synth(Synth),
    /// Print the OpenAPI document of the web API.
    Openapi,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Init {
    /// The folder to make.
    pub(crate) dir: Utf8PathBuf,
    /// Name of the workspace, for people; the folder's name if left out.
    #[arg(long)]
    pub(crate) name: Option<String>,
}

/// Who acts, as written to the ledger's side store.
#[derive(Debug, ClapArgs)]
pub(crate) struct By {
    /// Who does this.
    #[arg(long = "by", env = "THROUGHLINE_USER", default_value_t = login())]
    pub(crate) by: String,
}

fn login() -> String {
    std::env::var("USER").ok().filter(|user| !user.is_empty()).unwrap_or_else(|| "local user".to_owned())
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Add {
    /// The files of one delivery.
    #[arg(required = true)]
    pub(crate) files: Vec<Utf8PathBuf>,
    /// A built-in mapping (`throughline mapping list`), or the path of a mapping file.
    #[arg(long = "as", value_name = "MAPPING")]
    pub(crate) mapping: String,
    /// The last day that the source says the delivery covers; only then is "no such event" a fact.
    #[arg(long)]
    pub(crate) through: Option<Date>,
    #[command(flatten)]
    pub(crate) by: By,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Build {
    /// The day for which everything is computed; today if left out.
    #[arg(long)]
    pub(crate) as_of: Option<Date>,
    #[command(flatten)]
    pub(crate) by: By,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Owed {
    /// One person, by id: everything but what does not apply, relief screening included.
    pub(crate) person: Option<String>,
    #[command(flatten)]
    pub(crate) reading: Reading,
}

/// Who reads a person's file, and why.
#[derive(Debug, ClapArgs)]
pub(crate) struct Reading {
    /// Why the person's file is opened: representation, intake, review, disclosure, oversight.
    #[arg(long, default_value = "review")]
    pub(crate) purpose: String,
    #[command(flatten)]
    pub(crate) by: By,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Why {
    /// The obligation, as `throughline owed` prints it.
    pub(crate) obligation: String,
    /// Language of the explanation.
    #[arg(long, value_enum, default_value_t = Language::En)]
    pub(crate) lang: Language,
    #[command(flatten)]
    pub(crate) reading: Reading,
}

/// A language of the product.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Language {
    /// English.
    En,
    /// Spanish.
    Es,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Link {
    #[command(subcommand)]
    pub(crate) command: LinkCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum LinkCommand {
    /// Compare the persons of the last build with the truth: precision and recall.
    Evaluate {
        /// A CSV with the columns `record_id` and `person_id`, or with `file`, `row` and `person_id`.
        #[arg(long)]
        truth: Utf8PathBuf,
    },
    /// Why two records are or are not one person, field by field.
    Explain {
        /// One record id.
        left: String,
        /// The other.
        right: String,
        #[command(flatten)]
        reading: Reading,
    },
    /// Judge two records; the next build honours it.
    Judge {
        /// One record id.
        left: String,
        /// The other.
        right: String,
        /// same, different or unsure.
        verdict: String,
        /// The reason.
        #[arg(long)]
        why: String,
        #[command(flatten)]
        by: By,
    },
    /// Withdraw a judgement. It stays on record.
    Withdraw {
        /// The judgement, as `throughline link judgements` prints it.
        judgement: String,
        /// The reason.
        #[arg(long)]
        why: String,
        #[command(flatten)]
        by: By,
    },
    /// Every judgement ever given.
    Judgements,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Ledger {
    #[command(subcommand)]
    pub(crate) command: LedgerCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum LedgerCommand {
    /// Check every tile against the signed checkpoint. Needs nothing but the ledger folder and the verifier key.
    Verify {
        /// A copy of a ledger folder; the workspace's own if left out.
        #[arg(long, requires = "key")]
        dir: Option<Utf8PathBuf>,
        /// The verifier key as text; the workspace's own if left out.
        #[arg(long)]
        key: Option<String>,
    },
    /// The ledger's name, size, root and verifier key.
    Show,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Serve {
    /// Port on 127.0.0.1; 0 for any free one.
    #[arg(long, default_value_t = 7878)]
    pub(crate) port: u16,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Demo {
    /// The folder of the demo workspace. Made anew each time.
    #[arg(long, default_value = "demo-workspace")]
    pub(crate) dir: Utf8PathBuf,
    /// Build it and exit, without serving.
    #[arg(long)]
    pub(crate) once: bool,
    /// Port on 127.0.0.1; 0 for any free one.
    #[arg(long, default_value_t = 7878)]
    pub(crate) port: u16,
    /// Seed of the fictional people.
    #[arg(long, default_value_t = 20261124)]
    pub(crate) seed: u64,
    /// How many fictional people.
    #[arg(long, default_value_t = 60)]
    pub(crate) people: u32,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Mapping {
    #[command(subcommand)]
    pub(crate) command: MappingCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum MappingCommand {
    /// The built-in mappings.
    List,
    /// Print a built-in mapping, to start one of your own from.
    Show {
        /// Its name.
        id: String,
    },
    /// Tell how a mapping fits a sample, without taking anything in. Exit code 0: it fits; 3: it fits with problems; 1: it
    /// does not fit.
    Check {
        /// A built-in mapping, or the path of a mapping file.
        mapping: String,
        /// Files, folders or archives to try it on.
        #[arg(long, required = true, num_args = 1.., value_name = "SAMPLE")]
        against: Vec<Utf8PathBuf>,
        /// Most rows of each file or sheet that are looked at.
        #[arg(long, default_value_t = 10_000)]
        rows: u64,
    },
    /// Write a first mapping of files that no mapping knows, and say how sure it is of each column.
    Draft {
        /// Files of one delivery.
        #[arg(required = true)]
        files: Vec<Utf8PathBuf>,
        /// Id of the mapping; `draft/` and the name of the first table if left out.
        #[arg(long)]
        id: Option<String>,
        /// Whose rows the files hold; told by the columns if left out.
        #[arg(long, value_parser = ["clients", "public"])]
        holds: Option<String>,
        /// The file to write, which must not be there yet; the mapping is printed if left out.
        #[arg(long)]
        out: Option<Utf8PathBuf>,
    },
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Law {
    #[command(subcommand)]
    pub(crate) command: LawCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum LawCommand {
    /// The criteria in the library.
    List,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Registry {
    #[command(subcommand)]
    pub(crate) command: RegistryCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum RegistryCommand {
    /// The institutions.
    List {
        /// Only those of one kind, such as court, hearing_location, detention_facility, hold_room or hospital.
        #[arg(long)]
        kind: Option<String>,
    },
    /// What is known of one institution.
    Show {
        /// Its id, or a code that an agency gives it.
        #[arg(value_name = "ID_OR_CODE")]
        institution: String,
    },
    /// The institutions whose names are most like a name.
    Find {
        /// The name; city and state may follow.
        name: String,
        /// How many.
        #[arg(long, default_value_t = 10)]
        limit: usize,
    },
    /// What the sources leave open.
    Questions,
    /// Make the tables of the registry anew out of lists and releases.
    #[command(hide = true)]
    Build {
        /// The folder of lists; docs/registry.md says which are read.
        #[arg(long)]
        from: Utf8PathBuf,
        /// The folder of tables.
        #[arg(long)]
        out: Utf8PathBuf,
    },
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Diff {
    /// The earlier delivery: its id, or so much of it that there is only one.
    #[arg(value_name = "DELIVERY_A")]
    pub(crate) a: String,
    /// The later delivery.
    #[arg(value_name = "DELIVERY_B")]
    pub(crate) b: String,
    /// Write the whole report into a folder: report.json, report.html, and for public deliveries the rows of each table
    /// as Parquet; with `--format csv` as CSV too.
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<Utf8PathBuf>,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Sql {
    /// One SELECT (or WITH, EXPLAIN, SHOW TABLES, DESCRIBE). Without it, the tables are listed.
    pub(crate) query: Option<String>,
    /// List the tables with their columns, types and rows.
    #[arg(long, conflicts_with = "query")]
    pub(crate) tables: bool,
    /// Print all rows for people, too: otherwise the first 100.
    #[arg(long)]
    pub(crate) all: bool,
    /// Write the result to a file, which then holds all rows. It appears whole or not at all.
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<Utf8PathBuf>,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Watch {
    /// One source; all if left out.
    pub(crate) source: Option<String>,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Synth {
    #[command(subcommand)]
    pub(crate) command: SynthCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum SynthCommand {
    /// The records of one legal-aid office's fictional clients.
    Office {
        /// How many people.
        #[arg(long, default_value_t = 60)]
        people: u32,
        /// Seed: the same seed gives the same bytes.
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// The day around which histories are set.
        #[arg(long)]
        as_of: Date,
        /// The folder to write.
        #[arg(long)]
        out: Utf8PathBuf,
    },
    /// A release of a court's whole case database in EOIR's shape, or the one after it.
    Eoir {
        /// How many cases.
        #[arg(long)]
        cases: u64,
        /// Seed: the same seed gives the same bytes.
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// The folder to write.
        #[arg(long)]
        out: Utf8PathBuf,
        /// Write the release of the month after, in which rows have vanished, appeared and changed.
        #[arg(long)]
        next_release: bool,
        /// Write a folder of files instead of an archive.
        #[arg(long)]
        unpacked: bool,
        /// Leave out what goes wrong in real releases.
        #[arg(long)]
        without_faults: bool,
    },
}
