//! The `throughline` command: arguments in, calls out. It holds no rule of its own.

mod args;
mod commands;
mod demo;
mod exit;
mod output;
mod rows;

use args::{Args, Command};
use clap::Parser;
use exit::Failure;
use std::process::ExitCode;

fn main() -> ExitCode {
    let args = Args::parse();
    tracing_subscriber::fmt()
        .with_env_filter(
            tracing_subscriber::EnvFilter::try_from_env("THROUGHLINE_LOG").unwrap_or_else(|_| "warn".into()),
        )
        .with_writer(std::io::stderr)
        .init();
    let done = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(Failure::from)
        .and_then(|runtime| runtime.block_on(run(args)));
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(),
    }
}

async fn run(args: Args) -> Result<(), Failure> {
    let Args { workspace, format, command } = args;
    // What a command takes whose result is not a table.
    let plain = format.without_tables();
    match command {
        Command::Diff(diff) => commands::diff::run(&workspace, &diff, format).await,
        Command::Watch(watch) => commands::watch::run(&workspace, &watch, plain?).await,
        Command::Sql(sql) => commands::sql::run(&workspace, &sql, format).await,
        Command::Init(init) => commands::init::run(&init, plain?).await,
        Command::Add(add) => commands::add::run(&workspace, &add, plain?).await,
        Command::Build(build) => commands::build::run(&workspace, &build, plain?).await,
        Command::Owed(owed) => commands::owed::run(&workspace, &owed, plain?).await,
        Command::Why(why) => commands::why::run(&workspace, &why, plain?).await,
        Command::Link(link) => commands::link::run(&workspace, &link, plain?).await,
        Command::Ledger(ledger) => commands::ledger::run(&workspace, &ledger, plain?).await,
        Command::Serve(serve) => {
            plain?;
            commands::serve::run(&workspace, &serve).await
        }
        Command::Demo(demo) => {
            plain?;
            demo::run(&demo).await
        }
        Command::Mapping(mapping) => commands::mapping::run(&mapping, plain?),
        Command::Law(law) => commands::law::run(&law, plain?),
        Command::Registry(registry) => commands::registry::run(&registry, plain?),
        Command::Synth(synth) => commands::synth::run(&synth, plain?),
        Command::Openapi => {
            plain?;
            commands::serve::openapi()
        }
    }
}
