//! Process groups that programs of ours lead: all of a group is ended together, also when this program is.

use std::collections::BTreeSet;
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use rustix::process::{Pid, Signal, kill_process_group};
use tokio::process::{Child, Command};

/// Those that are at work. A set for the whole program: a second signal ends it where it stands, and nothing is dropped
/// then.
static AT_WORK: Mutex<BTreeSet<i32>> = Mutex::new(BTreeSet::new());

/// A program and all that it has started, but for what has left the group. Killed when dropped.
pub(super) struct Group {
    leader: Pid,
    is_over: AtomicBool,
}

impl Group {
    /// Starts a command that is to lead a group of its own.
    pub(super) fn lead(command: &mut Command) -> io::Result<(Child, Group)> {
        // Under the lock: whoever ends them all now must not miss this one.
        let mut at_work = AT_WORK.lock().unwrap_or_else(PoisonError::into_inner);
        let child = command.process_group(0).spawn()?;
        let leader = child.id().and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw);
        let leader = leader.ok_or_else(|| io::Error::other("the program has no process number"))?;
        at_work.insert(leader.as_raw_pid());
        Ok((child, Group { leader, is_over: AtomicBool::new(false) }))
    }

    /// Ends all of it, once. The number of a group is not given to another while one of its processes is left; later it
    /// may be, so nothing is sent to it again.
    pub(super) fn kill(&self) {
        if !self.is_over.swap(true, Ordering::SeqCst) {
            // It fails when none is left.
            let _ = kill_process_group(self.leader, Signal::KILL);
            AT_WORK.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.leader.as_raw_pid());
        }
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Ends every program that is rendering a page, for whoever ends this one without going back.
pub fn end_programs() {
    let at_work = AT_WORK.lock().unwrap_or_else(PoisonError::into_inner);
    for leader in at_work.iter().filter_map(|leader| Pid::from_raw(*leader)) {
        let _ = kill_process_group(leader, Signal::KILL);
    }
    // It stays locked: nothing is started any more.
    std::mem::forget(at_work);
}
