//! What a run of a program costs, from its start to its exit.

use std::path::Path;
use std::process::{Command, Stdio};
use std::{fs, io};

/// The cost of one run.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Cost {
    /// Seconds.
    pub(crate) wall: f64,
    /// Seconds, user and system.
    pub(crate) cpu: f64,
    /// Largest resident size, MiB.
    pub(crate) peak: f64,
}

/// Runs a program in a folder; what it says goes to `output`, an exit code other than 0 is an error.
/// Asks bash for the times, which gives them to the millisecond, and `/usr/bin/time` for the peak.
pub(crate) fn run(folder: &Path, output: &Path, program: &str, arguments: &[&str]) -> io::Result<Cost> {
    const SCRIPT: &str = "TIMEFORMAT='%3R %3U %3S'; time /usr/bin/time -o peak -f %M \"$@\" 2>words";
    let ran = Command::new("bash")
        .args(["-c", SCRIPT, "bash", program])
        .args(arguments)
        .current_dir(folder)
        .env_remove("ONCEFEED_CONFIG")
        .stdin(Stdio::null())
        .stdout(fs::File::create(output)?)
        .output()?;
    let said = || fs::read_to_string(folder.join("words")).unwrap_or_default();
    if !ran.status.success() {
        return Err(io::Error::other(format!("{program} {arguments:?}: {}: {}", ran.status, said())));
    }
    let times = String::from_utf8_lossy(&ran.stderr).into_owned();
    let peak = fs::read_to_string(folder.join("peak"))?;
    let numbers = |text: &str| text.split_whitespace().filter_map(|word| word.parse().ok()).collect::<Vec<f64>>();
    match (&numbers(&times)[..], &numbers(&peak)[..]) {
        ([wall, user, system], [.., peak]) => Ok(Cost { wall: *wall, cpu: user + system, peak: peak / 1024.0 }),
        _ => Err(io::Error::other(format!("no times in {times:?} and {peak:?}"))),
    }
}

/// The middle of each number.
pub(crate) fn median(costs: &[Cost]) -> Cost {
    let middle = |of: fn(&Cost) -> f64| {
        let mut sorted: Vec<f64> = costs.iter().map(of).collect();
        sorted.sort_by(f64::total_cmp);
        sorted.get(sorted.len() / 2).copied().unwrap_or_default()
    };
    Cost { wall: middle(|cost| cost.wall), cpu: middle(|cost| cost.cpu), peak: middle(|cost| cost.peak) }
}
