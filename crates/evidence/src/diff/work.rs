//! Work side by side, and results in order.

use super::DiffError;
use super::details::DetailsFile;
use arrow::array::RecordBatch;
use std::num::NonZero;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, PoisonError};

/// How many workers there are.
pub(super) fn workers(asked: Option<NonZero<usize>>) -> usize {
    asked.or_else(|| std::thread::available_parallelism().ok()).map_or(1, NonZero::get)
}

/// Does numbered jobs side by side, the first ones first, and gives their results in order.
///
/// # Errors
///
/// That of the first job that failed. No job is begun after a failure.
pub(super) fn side_by_side<T: Send>(
    workers: usize,
    jobs: usize,
    work: impl Fn(usize) -> Result<T, DiffError> + Sync,
) -> Result<Vec<T>, DiffError> {
    let next = AtomicUsize::new(0);
    let done: Mutex<Vec<Option<Result<T, DiffError>>>> = Mutex::new((0..jobs).map(|_| None).collect());
    let worker = || {
        loop {
            let job = next.fetch_add(1, Ordering::Relaxed);
            if job >= jobs {
                return;
            }
            let result = work(job);
            if result.is_err() {
                next.store(jobs, Ordering::Relaxed);
            }
            done.lock().unwrap_or_else(PoisonError::into_inner)[job] = Some(result);
        }
    };
    std::thread::scope(|scope| {
        for _ in 1..workers.min(jobs) {
            scope.spawn(worker);
        }
        worker();
    });
    let mut results = Vec::with_capacity(jobs);
    let mut given_up = false;
    for result in done.into_inner().unwrap_or_else(PoisonError::into_inner) {
        match result {
            Some(Ok(result)) => results.push(result),
            // One that waited for another tells nothing.
            Some(Err(DiffError::GivenUp)) | None => given_up = true,
            Some(Err(error)) => return Err(error),
        }
    }
    if given_up { Err(DiffError::GivenUp) } else { Ok(results) }
}

/// Bytes of batches that a job holds until it is its turn to write.
const HELD_BYTES: usize = 16 * 1024 * 1024;

/// A file that jobs write side by side, and that is as if they had written one after another.
pub(super) struct InTurn {
    state: Mutex<State>,
    changed: Condvar,
}

struct State {
    file: DetailsFile,
    /// The job whose turn it is.
    next: usize,
    given_up: bool,
}

impl InTurn {
    pub(super) fn new(file: DetailsFile) -> Self {
        Self { state: Mutex::new(State { file, next: 0, given_up: false }), changed: Condvar::new() }
    }

    /// What a job writes. Every job, from the first on, must have one and finish it.
    pub(super) fn piece(&self, job: usize) -> Piece<'_> {
        Piece { of: self, job, held: Vec::new(), bytes: 0, finished: false }
    }

    pub(super) fn into_file(self) -> DetailsFile {
        self.state.into_inner().unwrap_or_else(PoisonError::into_inner).file
    }
}

/// What one job writes.
pub(super) struct Piece<'o> {
    of: &'o InTurn,
    job: usize,
    held: Vec<RecordBatch>,
    bytes: usize,
    finished: bool,
}

impl Piece<'_> {
    pub(super) fn push(&mut self, batch: RecordBatch) -> Result<(), DiffError> {
        self.bytes += batch.get_array_memory_size();
        self.held.push(batch);
        if self.bytes > HELD_BYTES { self.write(false) } else { Ok(()) }
    }

    pub(super) fn finish(mut self) -> Result<(), DiffError> {
        self.write(true)?;
        self.finished = true;
        Ok(())
    }

    fn write(&mut self, last: bool) -> Result<(), DiffError> {
        let mut state = self.of.state.lock().unwrap_or_else(PoisonError::into_inner);
        while state.next != self.job && !state.given_up {
            state = self.of.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        if state.given_up {
            return Err(DiffError::GivenUp);
        }
        self.bytes = 0;
        for batch in self.held.drain(..) {
            state.file.write(&batch)?;
        }
        if last {
            state.next += 1;
            self.of.changed.notify_all();
        }
        Ok(())
    }
}

impl Drop for Piece<'_> {
    /// The others do not wait for a job that failed.
    fn drop(&mut self) {
        if !self.finished {
            self.of.state.lock().unwrap_or_else(PoisonError::into_inner).given_up = true;
            self.of.changed.notify_all();
        }
    }
}
