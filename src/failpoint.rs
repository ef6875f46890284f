//! Places where a test makes the program fail, so that what happens between any two steps can be seen.
//!
//! Only with the cargo feature `failpoints`, which no release has: then `ONCEFEED_FAILPOINT=NAME[#N]:ACTION` makes the
//! N-th passage (the first, unless said) of the place NAME end in ACTION: `kill` (SIGKILL), `exit` (at once, nothing
//! tidied up), `panic`, or, where a place stands for an operation on a file, `io-error` or `enospc`. Without the
//! feature a place is nothing: no test of a variable, no name in the program.

use std::io;

/// Declares the places, each with its name and whether it stands for an operation that can fail.
macro_rules! points {
    ($($(#[$doc:meta])* $point:ident = $name:literal, $fallible:literal;)*) => {
        /// Where the program can be made to fail.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Point {
            $($(#[$doc])* $point,)*
        }

        #[cfg(feature = "failpoints")]
        impl Point {
            /// All of them, in the order of a run.
            pub const ALL: &[Point] = &[$(Point::$point),*];

            /// As it is called in `ONCEFEED_FAILPOINT`.
            pub fn name(self) -> &'static str {
                match self {
                    $(Point::$point => $name,)*
                }
            }

            /// Whether it stands for an operation that can fail, so that `io-error` and `enospc` mean something.
            pub fn is_fallible(self) -> bool {
                match self {
                    $(Point::$point => $fallible,)*
                }
            }
        }
    };
}

points! {
    /// The run has the lock, and has opened nothing.
    Locked = "locked", false;
    /// A store that is to be migrated is about to be copied.
    BackUp = "back_up", true;
    /// The copy is whole, and not called a backup yet.
    BackedUp = "backed_up", true;
    /// Between two changes of the schema.
    Migrate = "migrate", true;
    /// The schema is changed, and that is not committed.
    Migrated = "migrated", true;
    /// Between two stories whose hashes are made anew.
    Renew = "renew", true;
    /// A batch of hashes is made anew, and that is not committed.
    Renewed = "renewed", true;
    /// A batch of hashes is committed.
    AfterRenew = "after_renew", false;
    /// A source is about to be asked.
    BeforeVisit = "before_visit", false;
    /// A document is about to be read, in the task of its reader.
    Read = "read", false;
    /// Stories are about to be cleaned, in the task of their reader.
    Clean = "clean", false;
    /// A visit is over, nothing of it is stored.
    BeforeDeliver = "before_deliver", false;
    /// The record of a visit is stored, its stories are not.
    Deliver = "deliver", true;
    /// All of a visit is stored, and not committed.
    Delivered = "delivered", true;
    /// A visit is committed.
    AfterDeliver = "after_deliver", false;
    /// Lines that a source repeats are stored, its stories may teach once more.
    Learn = "learn", true;
    /// Lessons are stored, and not committed.
    Learnt = "learnt", true;
    /// A decision is made, nothing of it is stored.
    BeforeSettle = "before_settle", false;
    /// Between two stories of a decision.
    Settle = "settle", true;
    /// All of a decision is stored, and not committed.
    Settled = "settled", true;
    /// A decision is committed.
    AfterSettle = "after_settle", false;
    /// What a person corrected is being stored.
    Correct = "correct", true;
    /// A correction is stored, and not committed.
    Corrected = "corrected", true;
    /// A correction is committed, the outputs are as before.
    AfterCorrect = "after_correct", false;
    /// Everything is decided, nothing is published.
    BeforePublish = "before_publish", false;
    /// The folder of the outputs is about to be made or found.
    Folder = "folder", true;
    /// A temporary file is about to be made.
    Create = "create", true;
    /// A temporary file is made, and empty.
    Write = "write", true;
    /// A temporary file is written, and not flushed to the disk.
    Flush = "flush", true;
    /// A temporary file is about to take the place of the old one.
    Rename = "rename", true;
    /// A new file is in its place, the folder is not flushed to the disk.
    Renamed = "renamed", true;
    /// Everything is published, nothing is pruned.
    AfterPublish = "after_publish", false;
    /// Between two stories that are pruned.
    Prune = "prune", true;
    /// Stories are pruned, and that is not committed.
    Pruned = "pruned", true;
    /// The run is over but for its report.
    End = "end", false;
}

/// A place that is only passed.
#[inline]
pub fn pass(point: Point) {
    // One that cannot fail has no way to say that it did.
    let _ = operate(point);
}

/// A place that stands for an operation; the error that it is to fail with.
#[cfg(not(feature = "failpoints"))]
#[inline]
pub fn operate(_: Point) -> io::Result<()> {
    Ok(())
}

#[cfg(feature = "failpoints")]
pub use armed::operate;

#[cfg(feature = "failpoints")]
mod armed {
    use std::sync::OnceLock;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::{Point, io};

    /// What the variable asks for.
    struct Armed {
        name: String,
        passage: usize,
        action: Action,
    }

    #[derive(Clone, Copy)]
    enum Action {
        Kill,
        Exit,
        Panic,
        Fail(io::ErrorKind),
    }

    impl Armed {
        fn from_environment() -> Option<Armed> {
            let asked = std::env::var("ONCEFEED_FAILPOINT").ok()?;
            let armed = Armed::of(&asked);
            Some(armed.unwrap_or_else(|| panic!("ONCEFEED_FAILPOINT={asked} is not NAME[#N]:ACTION")))
        }

        fn of(asked: &str) -> Option<Armed> {
            let (place, action) = asked.split_once(':')?;
            let (name, passage) = place.split_once('#').unwrap_or((place, "1"));
            let point = Point::ALL.iter().find(|point| point.name() == name)?;
            let action = match action {
                "kill" => Action::Kill,
                "exit" => Action::Exit,
                "panic" => Action::Panic,
                "io-error" if point.is_fallible() => Action::Fail(io::ErrorKind::Other),
                "enospc" if point.is_fallible() => Action::Fail(io::ErrorKind::StorageFull),
                _ => return None,
            };
            Some(Armed { name: name.to_owned(), passage: passage.parse().ok()?, action })
        }
    }

    /// A place that stands for an operation; the error that it is to fail with.
    pub fn operate(point: Point) -> io::Result<()> {
        static ARMED: OnceLock<Option<Armed>> = OnceLock::new();
        static PASSED: AtomicUsize = AtomicUsize::new(0);
        let Some(armed) = ARMED.get_or_init(Armed::from_environment) else { return Ok(()) };
        if armed.name != point.name() || PASSED.fetch_add(1, Ordering::Relaxed) + 1 != armed.passage {
            return Ok(());
        }
        match armed.action {
            Action::Kill => kill(),
            Action::Exit => std::process::exit(99),
            Action::Panic => panic!("made to panic at {}", armed.name),
            Action::Fail(kind) => Err(kind.into()),
        }
    }

    /// SIGKILL, as from outside. This thread goes no further; where there is no `kill`, an abort is as sudden.
    fn kill() -> ! {
        let command = format!("kill -9 {}", std::process::id());
        if std::process::Command::new("sh").args(["-c", &command]).status().is_ok_and(|status| status.success()) {
            std::thread::sleep(std::time::Duration::from_secs(5));
        }
        std::process::abort()
    }
}
