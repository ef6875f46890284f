//! Looks a database through: all of it after a program or a machine that stopped without closing it, and once a day what
//! the outputs are read by.

use std::path::Path;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::fault::Fault;
use crate::store::error::PATIENCE;

/// So long it is looked through: nobody waits minutes for news because the power failed. What is not reached is met by
/// the run itself or by the next backup, which read all that they use.
const MOST: Duration = Duration::from_secs(10);

/// Whether its pages, rows and indexes are in order, as far as can be seen in time. What is not there or empty is sound.
///
/// The full check, since it costs little more than the quick one: .9 s of processor time instead of .7 for 100,000
/// stories, 735 MB.
pub(super) fn look_through(path: &Path) -> Result<(), Fault> {
    examine(path, |db| {
        stories(db)?;
        sound(db, "pragma integrity_check(1)")
    })
}

/// Whether the indexes of the stories hold what the stories say: from one that lost a row an output would lose an item,
/// and nothing else would notice. .4 s of processor time for 100,000 stories.
pub(super) fn look_at_stories(path: &Path) -> Result<(), Fault> {
    examine(path, stories)
}

fn examine(path: &Path, work: impl FnOnce(&Connection) -> Result<(), Fault>) -> Result<(), Fault> {
    if !std::fs::metadata(path).is_ok_and(|file| file.is_file() && file.len() > 0) {
        return Ok(());
    }
    // Writable: what waits in the log of the one before is part of it.
    let db = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    db.busy_timeout(PATIENCE)?;
    within(&db, MOST, work)
}

fn stories(db: &Connection) -> Result<(), Fault> {
    let is_there =
        db.query_row("select exists (select 1 from sqlite_schema where name = 'story')", [], |row| row.get(0))?;
    if is_there { sound(db, "pragma integrity_check(story)") } else { Ok(()) }
}

fn sound(db: &Connection, question: &str) -> Result<(), Fault> {
    let found: String = db.query_row(question, [], |row| row.get(0))?;
    if found == "ok" { Ok(()) } else { Err(Fault::Damaged(found.replace('\n', " "))) }
}

/// Ends a piece of work that takes longer, as if it had found nothing.
fn within(db: &Connection, most: Duration, work: impl FnOnce(&Connection) -> Result<(), Fault>) -> Result<(), Fault> {
    let stop = db.get_interrupt_handle();
    let (done, waits) = mpsc::channel::<()>();
    std::thread::scope(|scope| {
        scope.spawn(move || {
            if waits.recv_timeout(most) == Err(RecvTimeoutError::Timeout) {
                stop.interrupt();
            }
        });
        let result = work(db);
        drop(done);
        match result {
            Err(Fault::Sql(error)) if error.sqlite_error_code() == Some(ErrorCode::OperationInterrupted) => {
                tracing::warn!("the store is too large to be looked through at once");
                Ok(())
            }
            result => result,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_takes_too_long_is_ended() {
        let db = Connection::open_in_memory().unwrap();
        let endless = "with recursive n (i) as (select 1 union all select i + 1 from n) select count(*) from n";
        let begun = std::time::Instant::now();
        within(&db, Duration::from_millis(20), |db| Ok(db.query_row(endless, [], |_| Ok(()))?)).unwrap();
        assert!(begun.elapsed() < Duration::from_secs(60));
        // And what was found in time counts.
        let found = within(&db, MOST, |_| Err(Fault::damaged("a page is gone")));
        assert!(matches!(found, Err(Fault::Damaged(_))), "{found:?}");
    }
}
