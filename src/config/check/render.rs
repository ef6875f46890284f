//! `render`: the program that gives the page of a source.

use std::path::Path;
use std::time::Duration;

use super::super::error::ConfigError;
use super::super::file::{self, At};
use super::Reader;
use crate::model::{Location, Render};

/// What a page may take unless it is said: a browser needs some seconds to start.
const TIMEOUT: Duration = Duration::from_secs(30);

/// What `[fetch]` says for all sources that are rendered.
pub(super) struct Usual {
    command: Option<(String, Vec<String>)>,
    timeout: Duration,
}

impl Reader<'_> {
    pub(super) fn usual_render(&self, file: &file::Fetch) -> Result<Usual, ConfigError> {
        let command = (file.render.as_ref()).map(|command| self.command(command, command.get_ref())).transpose()?;
        Ok(Usual { command, timeout: self.timeout(file.render_timeout.as_ref())?.unwrap_or(TIMEOUT) })
    }

    /// By what the page of a source is rendered; `secret`: something goes to its site that only this user knows.
    pub(super) fn render(
        &self,
        file: &file::Source,
        usual: &Usual,
        location: &Location,
        secret: bool,
    ) -> Result<Option<Render>, ConfigError> {
        let timeout = self.timeout(file.render_timeout.as_ref())?.unwrap_or(usual.timeout);
        let unused = |place: &At<String>| {
            let help = "write `render = true`, or leave it out".to_owned();
            self.wrong(place, "this source is not rendered".to_owned(), Some(help))
        };
        let none = || file.render_timeout.as_ref().map_or(Ok(None), |place| Err(unused(place)));
        let Some(place) = &file.render else { return none() };
        let (program, arguments) = match place.get_ref() {
            file::Render::Switch(false) => return none(),
            file::Render::Command(command) => self.command(place, command)?,
            file::Render::Switch(true) => usual.command.clone().ok_or_else(|| {
                let help =
                    "write `render = [\"PROGRAM\", \"{url}\"]` into [fetch], or here in the place of true".to_owned();
                self.wrong(place, "there is no program to render with".to_owned(), Some(help))
            })?,
        };
        if matches!(location, Location::File(_)) {
            let what = "this is for addresses of the web, and `url` is a file".to_owned();
            return Err(self.wrong(place, what, Some("leave it out".to_owned())));
        }
        // It would not be sent, and an address is seen by every user of the machine who lists the processes.
        if secret {
            let help = "leave `render` out; or have a script add what the site wants to know, and leave that out here";
            let what = "a program that renders is given no credentials, and no address that is one".to_owned();
            return Err(self.wrong(place, what, Some(help.to_owned())));
        }
        Ok(Some(Render { program, arguments, timeout }))
    }

    /// A program and what it is given.
    fn command<T>(&self, place: &At<T>, command: &[String]) -> Result<(String, Vec<String>), ConfigError> {
        const HELP: &str = "write for example [\"chromium\", \"--headless\", \"--dump-dom\", \"{url}\"]";
        let wrong = |what: &str| Err(self.wrong(place, what.to_owned(), Some(HELP.to_owned())));
        let Some((program, arguments)) = command.split_first().filter(|(program, _)| !program.trim().is_empty()) else {
            return wrong("this names no program");
        };
        if command.iter().any(|part| part.contains('\0')) {
            return wrong("no argument of a program has a zero byte in it");
        }
        if program.contains(Render::URL) || !arguments.iter().any(|argument| argument.contains(Render::URL)) {
            return wrong("the program is not told the address: `{url}` has to be among its arguments");
        }
        // Inside of a longer text it would be read by a shell, and addresses hold characters that mean something there.
        if !arguments.iter().all(|argument| is_whole(argument)) {
            return wrong("`{url}` is an argument of its own, or stands behind the = of an option");
        }
        Ok((self.program(program), arguments.to_vec()))
    }

    /// A name is looked for where programs are; a path is relative to the folder of the configuration.
    fn program(&self, program: &str) -> String {
        if !program.contains('/') {
            return program.to_owned();
        }
        let path = self.path_of(program);
        // Its working directory is another than ours.
        std::path::absolute(&path).as_deref().unwrap_or(Path::new(&path)).to_string_lossy().into_owned()
    }
}

/// Whether the address, if it is in an argument, is all of it or what an option is set to.
fn is_whole(argument: &str) -> bool {
    let Some((before, behind)) = argument.split_once(Render::URL) else { return true };
    let is_option = before
        .strip_prefix('-')
        .and_then(|option| option.strip_suffix('='))
        .is_some_and(|option| option.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.')));
    behind.is_empty() && (before.is_empty() || is_option)
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::time::Duration;

    use super::super::read;
    use crate::model::Render;

    fn with(fetch: &str, source: &str) -> Result<Option<Render>, String> {
        let text = format!("[fetch]\n{fetch}\n[[source]]\nid = \"a\"\nurl = \"https://a.example/\"\n{source}\n");
        let read = read(Path::new("/etc/once/x.toml"), &text);
        let read = read.map_err(|mistake| format!("{mistake}; {}", mistake.help().unwrap_or_default()))?;
        Ok(read.sources.into_iter().next().and_then(|source| source.render))
    }

    /// The command that comes of it, and its time in seconds.
    #[track_caller]
    fn check(fetch: &str, source: &str, expected: &[&str], seconds: u64) {
        let render = with(fetch, source).unwrap().unwrap();
        let command: Vec<&str> = [&render.program].into_iter().chain(&render.arguments).map(String::as_str).collect();
        assert_eq!((command.as_slice(), render.timeout), (expected, Duration::from_secs(seconds)));
    }

    #[track_caller]
    fn refused(fetch: &str, source: &str, expected: &str) {
        let mistake = with(fetch, source).unwrap_err();
        assert!(mistake.contains(expected), "{mistake}");
    }

    const USUAL: &str = "render = [\"chromium\", \"{url}\"]";

    #[test]
    fn a_source_says_whether_and_by_what_it_is_rendered() {
        assert_eq!(with(USUAL, ""), Ok(None));
        assert_eq!(with(USUAL, "render = false"), Ok(None));
        check(USUAL, "render = true", &["chromium", "{url}"], 30);
        check(USUAL, "render = [\"firefox\", \"--url={url}\"]", &["firefox", "--url={url}"], 30);
        check("", "render = [\"./page.sh\", \"{url}\"]", &["/etc/once/page.sh", "{url}"], 30);
        check("", "render = [\"/opt/page\", \"{url}\"]", &["/opt/page", "{url}"], 30);
        check(&format!("{USUAL}\nrender_timeout = \"1m\""), "render = true", &["chromium", "{url}"], 60);
        check(USUAL, "render = true\nrender_timeout = \"5s\"", &["chromium", "{url}"], 5);
    }

    #[test]
    fn a_command_is_a_program_that_is_told_the_address() {
        refused("", "render = true", "x.toml:6:10: there is no program to render with");
        refused("", "render = []", "names no program");
        refused("", "render = [\"\", \"{url}\"]", "names no program");
        refused("", "render = [\"chromium\"]", "not told the address");
        refused("", "render = [\"{url}\", \"{url}\"]", "not told the address");
        refused("", "render = \"chromium {url}\"", "write [\"PROGRAM\", \"{url}\"], or true");
        refused("render = [\"chromium\"]", "", "x.toml:2:10: the program is not told the address");
        refused("", "render_timeout = \"5s\"", "this source is not rendered");
        refused(USUAL, "render = true\nrender_timeout = \"0s\"", "leaves no time");
    }

    #[test]
    fn no_shell_reads_the_address() {
        refused("", "render = [\"sh\", \"-c\", \"curl {url}\"]", "an argument of its own");
        refused("", "render = [\"sh\", \"-c\", \"a={url}; b\"]", "an argument of its own");
        refused("", "render = [\"sh\", \"-c\", \"u={url}\"]", "an argument of its own");
        check("", "render = [\"sh\", \"-c\", \"b $1\", \"b\", \"{url}\"]", &["sh", "-c", "b $1", "b", "{url}"], 30);
    }

    #[test]
    fn what_only_this_user_knows_is_given_to_no_program() {
        for key in ["token = \"s3cret\"", "cookies = \"a=b\"", "headers = { X-Key = \"k\" }"] {
            refused(USUAL, &format!("render = true\n{key}"), "given no credentials");
        }
        assert!(with(USUAL, "render = true\nheaders = { Accept-Language = \"da\" }").is_ok());
    }

    #[test]
    fn files_are_not_rendered() {
        let text = format!("[fetch]\n{USUAL}\n[[source]]\nid = \"a\"\nurl = \"file:a.html\"\nrender = true\n");
        assert!(read(Path::new("x.toml"), &text).unwrap_err().to_string().contains("`url` is a file"));
    }
}
