use crate::error::During;
use crate::{EntryKind, Judgement, JudgementId, LedgerEntry, OfficeError, Opening, OpeningId, Verdict, Withdrawal};
use jiff::Timestamp;
use jiff::civil::Date;
use model::{DeliveryId, PersonId, Purpose, RecordId};
use serde_json::json;
use sha2::{Digest, Sha256};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteRow, SqliteSynchronous,
};
use sqlx::{Row, Sqlite, Transaction};
use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

/// Who does something, as they name themselves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor(pub String);

/// When something is done, and the chance that its ledger entry needs.
#[derive(Debug, Clone, Copy)]
pub struct Stamp {
    /// The instant.
    pub at: Timestamp,
    /// Thirty-two unguessable bytes: the salt of the entry's commitment, and the source of any id given out.
    pub chance: [u8; 32],
}

/// The case store.
#[derive(Debug, Clone)]
pub struct Office {
    pool: SqlitePool,
}

impl Office {
    /// Opens the store in the file `path`, making it if it is not there, and brings it to the current shape.
    ///
    /// # Errors
    ///
    /// If the file cannot be opened or was written by a later version.
    pub async fn open(path: &Path) -> Result<Self, OfficeError> {
        let shown = path.display().to_string();
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(20));
        let pool = SqlitePoolOptions::new()
            .max_connections(4)
            .connect_with(options)
            .await
            .map_err(|source| OfficeError::Open { path: shown.clone(), source })?;
        sqlx::migrate!("./migrations")
            .run(&pool)
            .await
            .map_err(|source| OfficeError::Migrate { path: shown, source })?;
        Ok(Self { pool })
    }

    /// Records that a delivery was taken in. Recording one that is known changes nothing and returns `false`.
    ///
    /// # Errors
    ///
    /// If the store fails.
    pub async fn record_delivery(&self, id: &DeliveryId, by: &Actor, stamp: Stamp) -> Result<bool, OfficeError> {
        const DOING: &str = "record the delivery";
        let mut tx = self.begin(DOING).await?;
        let added = sqlx::query(
            "INSERT INTO delivery (id, added_at, added_by) VALUES ($1, $2, $3) ON CONFLICT (id) DO NOTHING",
        )
        .bind(id.as_str())
        .bind(stamp.at.to_string())
        .bind(&by.0)
        .execute(&mut *tx)
        .await
        .during(DOING)?
        .rows_affected();
        if added == 0 {
            return Ok(false);
        }
        let payload = json!({ "delivery": id.as_str(), "by": by.0 });
        post(&mut tx, EntryKind::DeliveryAdded, Some(id.as_str()), None, &payload, stamp).await?;
        tx.commit().await.during(DOING)?;
        Ok(true)
    }

    /// When and by whom each delivery was taken in.
    ///
    /// # Errors
    ///
    /// If the store fails.
    pub async fn deliveries(&self) -> Result<BTreeMap<DeliveryId, (Timestamp, Actor)>, OfficeError> {
        const DOING: &str = "list deliveries";
        let rows =
            sqlx::query("SELECT id, added_at, added_by FROM delivery").fetch_all(&self.pool).await.during(DOING)?;
        rows.iter()
            .map(|row| {
                Ok((DeliveryId::new(text(row, 0, DOING)?), (instant(row, 1, DOING)?, Actor(text(row, 2, DOING)?))))
            })
            .collect()
    }

    /// Gives a judgement on two records.
    ///
    /// # Errors
    ///
    /// If the records are one and the same, `by` or `why` is empty, or the store fails.
    pub async fn judge(
        &self,
        records: (&RecordId, &RecordId),
        verdict: Verdict,
        by: &Actor,
        why: &str,
        stamp: Stamp,
    ) -> Result<Judgement, OfficeError> {
        const DOING: &str = "record the judgement";
        let (left, right) = if records.0 <= records.1 { records } else { (records.1, records.0) };
        if left == right {
            return Err(OfficeError::SameRecord(left.to_string()));
        }
        not_empty(&by.0, "who judges")?;
        not_empty(why, "the reason")?;
        let judgement = Judgement {
            id: JudgementId(format!("j-{}", hex(&stamp.chance[..6]))),
            records: (left.clone(), right.clone()),
            verdict,
            by: by.0.clone(),
            at: stamp.at,
            why: why.to_owned(),
            withdrawn: None,
        };
        let mut tx = self.begin(DOING).await?;
        sqlx::query(
            "INSERT INTO judgement (id, left_record, right_record, verdict, judged_by, judged_at, why)
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
        )
        .bind(&judgement.id.0)
        .bind(left.as_str())
        .bind(right.as_str())
        .bind(verdict.name())
        .bind(&by.0)
        .bind(stamp.at.to_string())
        .bind(why)
        .execute(&mut *tx)
        .await
        .during(DOING)?;
        let payload = json!({ "judgement": judgement.id.0, "left": left.as_str(), "right": right.as_str(),
            "verdict": verdict.name(), "by": by.0, "why": why });
        post(&mut tx, EntryKind::JudgementGiven, None, None, &payload, stamp).await?;
        tx.commit().await.during(DOING)?;
        Ok(judgement)
    }

    /// Takes a judgement back. It stays on record as withdrawn.
    ///
    /// # Errors
    ///
    /// If no such judgement stands, `by` or `why` is empty, or the store fails.
    pub async fn withdraw(&self, id: &JudgementId, by: &Actor, why: &str, stamp: Stamp) -> Result<(), OfficeError> {
        const DOING: &str = "withdraw the judgement";
        not_empty(&by.0, "who withdraws")?;
        not_empty(why, "the reason")?;
        let mut tx = self.begin(DOING).await?;
        let changed = sqlx::query(
            "UPDATE judgement SET withdrawn_by = $2, withdrawn_at = $3, withdrawn_why = $4
             WHERE id = $1 AND withdrawn_at IS NULL",
        )
        .bind(&id.0)
        .bind(&by.0)
        .bind(stamp.at.to_string())
        .bind(why)
        .execute(&mut *tx)
        .await
        .during(DOING)?
        .rows_affected();
        if changed == 0 {
            return Err(OfficeError::NoJudgement(id.0.clone()));
        }
        let payload = json!({ "judgement": id.0, "by": by.0, "why": why });
        post(&mut tx, EntryKind::JudgementWithdrawn, None, None, &payload, stamp).await?;
        tx.commit().await.during(DOING)
    }

    /// Every judgement ever given, withdrawn ones included, oldest first.
    ///
    /// # Errors
    ///
    /// If the store fails.
    pub async fn judgements(&self) -> Result<Vec<Judgement>, OfficeError> {
        const DOING: &str = "list judgements";
        let rows = sqlx::query(
            "SELECT id, left_record, right_record, verdict, judged_by, judged_at, why, withdrawn_by, withdrawn_at, withdrawn_why
             FROM judgement ORDER BY judged_at, id",
        )
        .fetch_all(&self.pool)
        .await
        .during(DOING)?;
        rows.iter()
            .map(|row| {
                let verdict = text(row, 3, DOING)?;
                let withdrawn = match row.try_get::<Option<String>, _>(8).during(DOING)? {
                    Some(at) => Some(Withdrawal {
                        by: text(row, 7, DOING)?,
                        at: parse_instant(&at)?,
                        why: text(row, 9, DOING)?,
                    }),
                    None => None,
                };
                Ok(Judgement {
                    id: JudgementId(text(row, 0, DOING)?),
                    records: (RecordId::new(text(row, 1, DOING)?), RecordId::new(text(row, 2, DOING)?)),
                    verdict: Verdict::parse(&verdict)
                        .ok_or(OfficeError::Stored { value: verdict, expected: "same, different or unsure" })?,
                    by: text(row, 4, DOING)?,
                    at: instant(row, 5, DOING)?,
                    why: text(row, 6, DOING)?,
                    withdrawn,
                })
            })
            .collect()
    }

    /// The person that each record belonged to in the last build.
    ///
    /// # Errors
    ///
    /// If the store fails.
    pub async fn memberships(&self) -> Result<BTreeMap<RecordId, PersonId>, OfficeError> {
        const DOING: &str = "list memberships";
        let rows =
            sqlx::query("SELECT record_id, person_id FROM membership").fetch_all(&self.pool).await.during(DOING)?;
        rows.iter().map(|row| Ok((RecordId::new(text(row, 0, DOING)?), PersonId::new(text(row, 1, DOING)?)))).collect()
    }

    /// Records a finished build, and the memberships that the next one starts from.
    ///
    /// # Errors
    ///
    /// If the store fails.
    pub async fn record_build(
        &self,
        build: &str,
        as_of: Date,
        memberships: &BTreeMap<RecordId, PersonId>,
        by: &Actor,
        stamp: Stamp,
    ) -> Result<(), OfficeError> {
        const DOING: &str = "record the build";
        let mut tx = self.begin(DOING).await?;
        sqlx::query("DELETE FROM membership").execute(&mut *tx).await.during(DOING)?;
        for (record, person) in memberships {
            sqlx::query("INSERT INTO membership (record_id, person_id) VALUES ($1, $2)")
                .bind(record.as_str())
                .bind(person.as_str())
                .execute(&mut *tx)
                .await
                .during(DOING)?;
        }
        sqlx::query(
            "INSERT INTO build (seq, id, as_of, built_by, built_at)
             SELECT COALESCE(MAX(seq), 0) + 1, $1, $2, $3, $4 FROM build",
        )
        .bind(build)
        .bind(as_of.to_string())
        .bind(&by.0)
        .bind(stamp.at.to_string())
        .execute(&mut *tx)
        .await
        .during(DOING)?;
        let payload = json!({ "build": build, "as_of": as_of.to_string(), "by": by.0 });
        post(&mut tx, EntryKind::Built, Some(build), None, &payload, stamp).await?;
        tx.commit().await.during(DOING)
    }

    /// Opens a person's file for a stated purpose.
    ///
    /// # Errors
    ///
    /// If `reader` is empty or the store fails.
    pub async fn open_file(
        &self,
        person: &PersonId,
        purpose: Purpose,
        reader: &Actor,
        stamp: Stamp,
    ) -> Result<Opening, OfficeError> {
        const DOING: &str = "record the opening of a file";
        not_empty(&reader.0, "who reads")?;
        // The salt must stay secret from whoever holds the opening id, so the id is a hash of it.
        let id = OpeningId(hex(&Sha256::digest(stamp.chance)[..16]));
        let mut tx = self.begin(DOING).await?;
        sqlx::query("INSERT INTO opening (id, person_id, purpose, reader, opened_at) VALUES ($1, $2, $3, $4, $5)")
            .bind(&id.0)
            .bind(person.as_str())
            .bind(purpose.name())
            .bind(&reader.0)
            .bind(stamp.at.to_string())
            .execute(&mut *tx)
            .await
            .during(DOING)?;
        let payload = json!({ "person": person.as_str(), "purpose": purpose.name(), "reader": reader.0 });
        post(&mut tx, EntryKind::FileOpened, None, Some(person), &payload, stamp).await?;
        tx.commit().await.during(DOING)?;
        Ok(Opening { id, person: person.clone(), purpose, reader: reader.0.clone(), at: stamp.at })
    }

    /// Records that somebody was not let into a person's file: a refusal is logged like an opening.
    ///
    /// # Errors
    ///
    /// If the store fails.
    pub async fn refuse_opening(&self, person: &PersonId, reason: &str, stamp: Stamp) -> Result<(), OfficeError> {
        const DOING: &str = "record the refusal to open a file";
        let mut tx = self.begin(DOING).await?;
        let payload = json!({ "person": person.as_str(), "reason": reason });
        post(&mut tx, EntryKind::OpeningRefused, None, Some(person), &payload, stamp).await?;
        tx.commit().await.during(DOING)
    }

    /// An opening by its id.
    ///
    /// # Errors
    ///
    /// If the store fails.
    pub async fn opening(&self, id: &OpeningId) -> Result<Option<Opening>, OfficeError> {
        const DOING: &str = "look up an opening";
        let row = sqlx::query("SELECT id, person_id, purpose, reader, opened_at FROM opening WHERE id = $1")
            .bind(&id.0)
            .fetch_optional(&self.pool)
            .await
            .during(DOING)?;
        row.as_ref().map(opening_of).transpose()
    }

    /// Who opened a person's file, when and why, newest first: the person's own account of it.
    ///
    /// # Errors
    ///
    /// If the store fails.
    pub async fn openings(&self, person: &PersonId) -> Result<Vec<Opening>, OfficeError> {
        const DOING: &str = "list openings";
        let rows = sqlx::query(
            "SELECT id, person_id, purpose, reader, opened_at FROM opening WHERE person_id = $1 ORDER BY opened_at DESC, id",
        )
        .bind(person.as_str())
        .fetch_all(&self.pool)
        .await
        .during(DOING)?;
        rows.iter().map(opening_of).collect()
    }

    /// Ledger entries from position `seq` on, in order.
    ///
    /// # Errors
    ///
    /// If the store fails.
    pub async fn entries_from(&self, seq: u64) -> Result<Vec<String>, OfficeError> {
        const DOING: &str = "read the outbox";
        let from = i64::try_from(seq).unwrap_or(i64::MAX);
        let rows = sqlx::query("SELECT entry FROM outbox WHERE seq >= $1 ORDER BY seq")
            .bind(from)
            .fetch_all(&self.pool)
            .await
            .during(DOING)?;
        rows.iter().map(|row| text(row, 0, DOING)).collect()
    }

    async fn begin(&self, operation: &'static str) -> Result<Transaction<'static, Sqlite>, OfficeError> {
        // IMMEDIATE, since every transaction here writes: two that began reading could otherwise deadlock.
        self.pool.begin_with("BEGIN IMMEDIATE").await.during(operation)
    }
}

/// Puts a ledger entry into the outbox, and what it commits to into the side store, within the caller's transaction.
async fn post(
    tx: &mut Transaction<'static, Sqlite>,
    event: EntryKind,
    subject: Option<&str>,
    person: Option<&PersonId>,
    payload: &serde_json::Value,
    stamp: Stamp,
) -> Result<(), OfficeError> {
    const DOING: &str = "write the ledger entry";
    let last: i64 =
        sqlx::query_scalar("SELECT COALESCE(MAX(seq), 0) FROM outbox").fetch_one(&mut **tx).await.during(DOING)?;
    let payload = payload.to_string();
    let commitment = Sha256::new().chain_update(stamp.chance).chain_update(&payload).finalize();
    let entry = LedgerEntry {
        v: 1,
        seq: u64::try_from(last).unwrap_or_default() + 1,
        at: stamp.at,
        event,
        subject: subject.map(str::to_owned),
        commitment: hex(&commitment),
    };
    let line = serde_json::to_string(&entry)
        .map_err(|error| OfficeError::Stored { value: error.to_string(), expected: "an entry that JSON can hold" })?;
    sqlx::query("INSERT INTO outbox (seq, entry) VALUES ($1, $2)")
        .bind(last + 1)
        .bind(line)
        .execute(&mut **tx)
        .await
        .during(DOING)?;
    sqlx::query("INSERT INTO side_store (seq, person_id, salt, payload) VALUES ($1, $2, $3, $4)")
        .bind(last + 1)
        .bind(person.map(PersonId::as_str))
        .bind(hex(&stamp.chance))
        .bind(payload)
        .execute(&mut **tx)
        .await
        .during(DOING)?;
    Ok(())
}

fn opening_of(row: &SqliteRow) -> Result<Opening, OfficeError> {
    const DOING: &str = "read an opening";
    let purpose = text(row, 2, DOING)?;
    Ok(Opening {
        id: OpeningId(text(row, 0, DOING)?),
        person: PersonId::new(text(row, 1, DOING)?),
        purpose: Purpose::parse(&purpose).map_err(|_| OfficeError::Stored { value: purpose, expected: "a purpose" })?,
        reader: text(row, 3, DOING)?,
        at: instant(row, 4, DOING)?,
    })
}

fn text(row: &SqliteRow, column: usize, operation: &'static str) -> Result<String, OfficeError> {
    row.try_get(column).during(operation)
}

fn instant(row: &SqliteRow, column: usize, operation: &'static str) -> Result<Timestamp, OfficeError> {
    parse_instant(&text(row, column, operation)?)
}

fn parse_instant(text: &str) -> Result<Timestamp, OfficeError> {
    text.parse().map_err(|_| OfficeError::Stored { value: text.to_owned(), expected: "an instant" })
}

fn not_empty(text: &str, what: &'static str) -> Result<(), OfficeError> {
    if text.trim().is_empty() { Err(OfficeError::Empty(what)) } else { Ok(()) }
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::new(), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}
