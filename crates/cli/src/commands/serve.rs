use super::open;
use crate::args::Serve;
use crate::exit::Failure;
use crate::output;
use camino::Utf8Path;
use server::Desk;
use std::net::Ipv4Addr;
use std::sync::Arc;
use tokio::net::TcpListener;
use workspace::Workspace;

pub(crate) async fn run(root: &Utf8Path, serve: &Serve) -> Result<(), Failure> {
    let workspace = open(root).await?;
    on_this_machine(workspace, serve.port).await
}

/// Serves a workspace on 127.0.0.1 until stopped, and prints the address once it answers.
pub(crate) async fn on_this_machine(workspace: Workspace, port: u16) -> Result<(), Failure> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await.map_err(|error| {
        Failure::new(format!("failed to listen on 127.0.0.1:{port}: {error}"))
            .help("choose another with `--port N`; 0 takes any free one")
    })?;
    output::line(format_args!("serving on http://{}", listener.local_addr()?))?;
    Ok(server::serve(Arc::new(Desk::new(workspace)), listener).await?)
}

pub(crate) fn openapi() -> Result<(), Failure> {
    let text =
        server::openapi_json().map_err(|e| Failure::new(format!("failed to write the OpenAPI document: {e}")))?;
    output::line(text.trim_end())
}
