use super::open;
use super::owed::open_file;
use crate::args::{Format, Link, LinkCommand};
use crate::exit::Failure;
use crate::output;
use camino::Utf8Path;
use linkage::Accuracy;
use model::RecordId;
use office::{Actor, Judgement, JudgementId, Verdict};
use serde::Serialize;

#[derive(Serialize)]
struct Quality {
    records: u64,
    unknown_records: u64,
    true_pairs: u64,
    threshold: f64,
    /// Pairs of records that ended in one person.
    pairwise: Figures,
    b_cubed: Figures,
    /// Scored pairs at the threshold, before clusters were formed.
    scored_pairs: Figures,
}

#[derive(Serialize)]
struct Figures {
    precision: f64,
    recall: f64,
    f1: f64,
}

impl From<Accuracy> for Figures {
    fn from(a: Accuracy) -> Self {
        Self { precision: a.precision, recall: a.recall, f1: a.f1() }
    }
}

#[derive(Serialize)]
struct Given {
    id: String,
    left: String,
    right: String,
    verdict: String,
    by: String,
    at: String,
    why: String,
    withdrawn: Option<TakenBack>,
}

#[derive(Serialize)]
struct TakenBack {
    by: String,
    at: String,
    why: String,
}

impl From<Judgement> for Given {
    fn from(j: Judgement) -> Self {
        Self {
            id: j.id.to_string(),
            left: j.records.0.to_string(),
            right: j.records.1.to_string(),
            verdict: j.verdict.name().to_owned(),
            by: j.by,
            at: j.at.to_string(),
            why: j.why,
            withdrawn: j.withdrawn.map(|w| TakenBack { by: w.by, at: w.at.to_string(), why: w.why }),
        }
    }
}

pub(crate) async fn run(root: &Utf8Path, link: &Link, format: Format) -> Result<(), Failure> {
    let workspace = open(root).await?;
    match &link.command {
        LinkCommand::Evaluate { truth } => {
            let quality = evaluate(&workspace, truth).await?;
            match format {
                Format::Json => output::json(&quality),
                Format::Human => describe(&quality).into_iter().try_for_each(output::line),
            }
        }
        LinkCommand::Explain { left, right, reading } => {
            let (left, right) = (RecordId::new(left.as_str()), RecordId::new(right.as_str()));
            let explanation = workspace.explain_link(&left, &right)?;
            let snapshot = workspace.snapshot().await?;
            for person in [&left, &right].into_iter().filter_map(|r| snapshot.person_of_record(r)) {
                open_file(&workspace, person, reading).await?;
            }
            match format {
                Format::Json => output::json(&server::link(&explanation)),
                Format::Human => output::line(explanation),
            }
        }
        LinkCommand::Judge { left, right, verdict, why, by } => {
            let verdict = Verdict::parse(verdict).ok_or_else(|| {
                Failure::new(format!("no verdict `{verdict}`")).help("the verdicts are same, different and unsure")
            })?;
            let (left, right) = (RecordId::new(left.as_str()), RecordId::new(right.as_str()));
            let judgement = workspace.judge((&left, &right), verdict, &Actor(by.by.clone()), why).await?;
            match format {
                Format::Json => output::json(&Given::from(judgement)),
                Format::Human => {
                    output::line(format_args!("judgement {} stands; the next build honours it", judgement.id))
                }
            }
        }
        LinkCommand::Withdraw { judgement, why, by } => {
            workspace.withdraw(&JudgementId(judgement.clone()), &Actor(by.by.clone()), why).await?;
            output::line(format_args!("judgement {judgement} is withdrawn and stays on record"))
        }
        LinkCommand::Judgements => {
            let given: Vec<Given> = workspace.judgements().await?.into_iter().map(Given::from).collect();
            match format {
                Format::Json => output::json(&given),
                Format::Human => {
                    let mut table =
                        output::table(&["judgement", "verdict", "records", "by", "when", "why", "withdrawn"]);
                    for j in given {
                        let withdrawn =
                            j.withdrawn.map_or_else(String::new, |w| format!("{} by {}: {}", w.at, w.by, w.why));
                        let records = format!("{}\n{}", j.left, j.right);
                        table.add_row([j.id, j.verdict, records, j.by, j.at, j.why, withdrawn]);
                    }
                    output::line(table)
                }
            }
        }
    }
}

/// Precision and recall of the last build against the truth.
async fn evaluate(workspace: &workspace::Workspace, truth: &Utf8Path) -> Result<Quality, Failure> {
    let quality = workspace.evaluate_links(truth).await?;
    let figures = quality.evaluation;
    Ok(Quality {
        records: quality.records,
        unknown_records: quality.unknown_records,
        true_pairs: figures.true_pairs,
        threshold: quality.threshold,
        pairwise: figures.cluster_pairs.into(),
        b_cubed: figures.b_cubed.into(),
        scored_pairs: figures.pairs.into(),
    })
}

/// The evaluation of a workspace in readable lines.
pub(crate) async fn evaluation_lines(
    workspace: &workspace::Workspace,
    truth: &Utf8Path,
) -> Result<Vec<String>, Failure> {
    Ok(describe(&evaluate(workspace, truth).await?))
}

fn describe(quality: &Quality) -> Vec<String> {
    let row = |what: &str, f: &Figures| {
        format!("{what}: precision {:.4}, recall {:.4}, F1 {:.4}", f.precision, f.recall, f.f1)
    };
    let mut lines = vec![
        format!(
            "{} records with truth, {} true pairs",
            output::count(quality.records),
            output::count(quality.true_pairs)
        ),
        row("pairwise", &quality.pairwise),
        row("B-cubed", &quality.b_cubed),
    ];
    if quality.unknown_records > 0 {
        lines.push(format!(
            "{} rows of the truth name no record of this workspace",
            output::count(quality.unknown_records)
        ));
    }
    lines
}
