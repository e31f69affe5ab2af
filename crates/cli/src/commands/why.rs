use super::open;
use super::owed::open_file;
use crate::args::{Format, Language, Why};
use crate::exit::Failure;
use crate::output;
use camino::Utf8Path;
use model::{Lang, ObligationId};

pub(crate) async fn run(root: &Utf8Path, why: &Why, format: Format) -> Result<(), Failure> {
    let workspace = open(root).await?;
    let snapshot = workspace.snapshot().await?;
    let id = ObligationId::new(why.obligation.as_str());
    let obligation = snapshot.obligation(&id)?;
    open_file(&workspace, &obligation.person, &why.reading).await?;
    match format {
        Format::Json => output::json(&server::why(&snapshot, &id)?),
        Format::Human => {
            let lang = match why.lang {
                Language::En => Lang::En,
                Language::Es => Lang::Es,
            };
            output::line(format_args!("{} ({})", obligation.name, obligation.person))?;
            output::line(snapshot.explain(&id)?.render(lang).trim_end())
        }
    }
}
