//! How a source is reached: its address, and the keys of `[[source]]` that differ from `[fetch]`.

use url::Url;

use super::super::error::ConfigError;
use super::super::file::{self, At};
use super::given::{By, Given};
use super::{Reader, hide};
use crate::fetch::{self, is_header_name, is_header_value};
use crate::model::{Access, Location, Login, Proxy, Roots, Route, Secret};

/// Headers that are not for `headers`, with the reason or the key that is.
const TAKEN: [(&str, &str); 22] = [
    ("authorization", "write `username` and `password`, or `token`"),
    ("proxy-authorization", "write the user and the password into `proxy`"),
    ("cookie", "write `cookies`"),
    ("user-agent", "write `user_agent`"),
    ("accept-encoding", "leave it out: what can be unpacked is asked for"),
    ("if-none-match", CONDITION),
    ("if-modified-since", CONDITION),
    ("if-match", CONDITION),
    ("if-unmodified-since", CONDITION),
    ("if-range", CONDITION),
    ("range", "leave it out: documents are read whole"),
    ("host", "leave it out: it is that of `url`"),
    ("content-length", CONNECTION),
    ("connection", CONNECTION),
    ("keep-alive", CONNECTION),
    ("proxy-connection", CONNECTION),
    ("http2-settings", CONNECTION),
    ("te", CONNECTION),
    ("trailer", CONNECTION),
    ("transfer-encoding", CONNECTION),
    ("upgrade", CONNECTION),
    ("expect", CONNECTION),
];
const CONDITION: &str = "leave it out: what has changed is asked for by itself";
const CONNECTION: &str = "leave it out: it belongs to the connection";

impl Reader<'_> {
    /// Where a source is read from, and how.
    pub(super) fn reached(&self, file: &file::Source) -> Result<(Location, Access), ConfigError> {
        let (given, values) = match (&file.url, &file.url_file) {
            (Some(text), None) => self.text(text)?,
            _ => match self.given("url", file.url.as_ref(), file.url_file.as_ref())? {
                Some(given) => (given, Vec::new()),
                None => return Err(self.without_url(file)),
            },
        };
        let location = self.location(&given)?;
        let mut access = self.access(file)?;
        if let Location::Web(url) = &location {
            let has_login = !url.username().is_empty() || url.password().is_some();
            if has_login {
                self.guarded("url", &given)?;
            }
            if let (true, Some(place)) = (has_login && access.login.is_some(), login_place(file)) {
                let what = "`url` has a user name or password already".to_owned();
                return Err(self.wrong(place, what, Some("leave one of the two out".to_owned())));
            }
            access.shown = match given.by {
                By::Text => None,
                By::Variable if has_login => Some(hide::without_credentials(given.place.get_ref())),
                By::Variable => Some(given.place.get_ref().clone()),
                By::File => Some(format!("{}/***", url.origin().ascii_serialization())),
            };
            access.parts = values.into_iter().map(Secret::new).chain(url.password().map(Secret::new)).collect();
            if given.by == By::File {
                access.parts.extend(parts(url).map(Secret::new));
            }
        } else if let Some(place) = web_place(file) {
            let what = "this is for addresses of the web, and `url` is a file".to_owned();
            return Err(self.wrong(place, what, Some("leave it out".to_owned())));
        }
        Ok((location, access))
    }

    /// The place of a key that is not there is the head of its table.
    fn without_url(&self, file: &file::Source) -> ConfigError {
        const HEAD: &str = "[[source]]";
        let id = file.id.span();
        let head = self.text.get(..id.start).and_then(|before| before.rfind(HEAD));
        let place = head.map_or(id, |at| at..at + HEAD.len());
        self.mistake(Some(place), "`url` is missing here".to_owned(), None)
    }

    fn location(&self, given: &Given) -> Result<Location, ConfigError> {
        if let Some(path) = given.text.strip_prefix("file:") {
            let path = path.strip_prefix("//").unwrap_or(path);
            if path.is_empty() {
                return Err(self.wrong(given.place, "this `file:` names no file".to_owned(), None));
            }
            return Ok(Location::File(self.path_of(path)));
        }
        self.web_of(given.place, given.text.trim()).map(Location::Web)
    }

    fn access(&self, file: &file::Source) -> Result<Access, ConfigError> {
        Ok(Access {
            login: self.login(file)?,
            headers: self.headers(file)?,
            cookies: self.cookies(file)?,
            user_agent: file.user_agent.as_ref().map(|text| self.user_agent(text)).transpose()?,
            timeout: self.timeout(file.timeout.as_ref())?,
            max_bytes: self.max_bytes(file.max_bytes.as_ref())?,
            route: self.route(file.proxy.as_ref(), file.proxy_file.as_ref())?,
            roots: file.ca_file.as_ref().map(|path| self.roots(path)).transpose()?,
            shown: None,
            parts: Vec::new(),
        })
    }

    fn login(&self, file: &file::Source) -> Result<Option<Login>, ConfigError> {
        let username = self.given("username", file.username.as_ref(), file.username_file.as_ref())?;
        let password = self.given("password", file.password.as_ref(), file.password_file.as_ref())?;
        let token = self.given("token", file.token.as_ref(), file.token_file.as_ref())?;
        match (username, password, token) {
            (None, None, None) => Ok(None),
            (None, None, Some(token)) => {
                self.guarded("token", &token)?;
                if token.text.is_empty() || !token.text.bytes().all(|byte| (0x21..0x7f).contains(&byte)) {
                    return Err(self.wrong(token.place, "a token is of printable ASCII without spaces".into(), None));
                }
                Ok(Some(Login::Bearer(Secret::new(token.text))))
            }
            (Some(username), password, None) => {
                if let Some(password) = &password {
                    self.guarded("password", password)?;
                }
                self.basic(username, password).map(Some)
            }
            (None, Some(password), None) => {
                let help = "write `username` too; \"\" if there is none".to_owned();
                Err(self.wrong(password.place, "this password has no `username`".to_owned(), Some(help)))
            }
            (Some(login), _, Some(token)) | (None, Some(login), Some(token)) => {
                let what = "a token and a user name or password: only one of them can be sent".to_owned();
                let later = if token.place.span().start > login.place.span().start { token } else { login };
                Err(self.wrong(later.place, what, Some("leave one of the two out".to_owned())))
            }
        }
    }

    /// RFC 7617 §2: no control characters, and no colon in the user name.
    fn basic(&self, username: Given, password: Option<Given>) -> Result<Login, ConfigError> {
        if username.text.contains(':') {
            let help = "a colon ends the user name; the password has a key of its own".to_owned();
            return Err(self.wrong(username.place, "a user name has no colon".to_owned(), Some(help)));
        }
        for given in [Some(&username), password.as_ref()].into_iter().flatten() {
            if given.text.chars().any(char::is_control) {
                return Err(self.wrong(given.place, "this has control characters in it".to_owned(), None));
            }
        }
        let password = Secret::new(password.map_or(String::new(), |password| password.text));
        Ok(Login::Basic { username: Secret::new(username.text), password })
    }

    fn headers(&self, file: &file::Source) -> Result<Vec<(String, Secret)>, ConfigError> {
        let mut headers: Vec<(String, Secret)> = Vec::new();
        let texts = file.headers.iter().map(|(name, value)| (name, Some(value), None));
        let files = file.headers_file.iter().map(|(name, path)| (name, None, Some(path)));
        for (place, text, path) in texts.chain(files) {
            let name = self.header_name(place)?;
            if headers.iter().any(|(known, _)| *known == name) {
                return Err(self.wrong(place, format!("header {:?} is here twice", place.get_ref()), None));
            }
            let Some(given) = self.given("headers", text, path)? else { continue };
            if Access::is_secret_header(&name) {
                self.guarded("headers", &given)?;
            }
            headers.push((name, self.header_value(given)?));
        }
        Ok(headers)
    }

    fn header_name(&self, place: &At<String>) -> Result<String, ConfigError> {
        let name = place.get_ref().to_ascii_lowercase();
        if !is_header_name(&name) {
            let help = "write for example \"X-Api-Key\", without a colon".to_owned();
            return Err(self.wrong(place, "this is no name of a header".to_owned(), Some(help)));
        }
        match TAKEN.iter().find(|(taken, _)| *taken == name) {
            Some((_, help)) => {
                let what = format!("header {:?} is not set here", place.get_ref());
                Err(self.wrong(place, what, Some((*help).to_owned())))
            }
            None => Ok(name),
        }
    }

    fn header_value(&self, given: Given) -> Result<Secret, ConfigError> {
        if given.text.is_empty() || !is_header_value(&given.text) {
            let what = "a header has one line of printable ASCII, without spaces around it".to_owned();
            return Err(self.wrong(given.place, what, None));
        }
        Ok(Secret::new(given.text))
    }

    /// RFC 6265 §4.2.1: pairs, with semicolons between them.
    fn cookies(&self, file: &file::Source) -> Result<Option<Secret>, ConfigError> {
        let Some(given) = self.given("cookies", file.cookies.as_ref(), file.cookies_file.as_ref())? else {
            return Ok(None);
        };
        self.guarded("cookies", &given)?;
        let is_pair = |pair: &str| pair.trim().split_once('=').is_some_and(|(name, _)| !name.trim().is_empty());
        if !given.text.trim_end_matches([';', ' ']).split(';').all(is_pair) {
            let help =
                "write `cookies = \"name=value; other=value\"`, as a browser shows them for this site".to_owned();
            return Err(self.wrong(given.place, "these are no cookies".to_owned(), Some(help)));
        }
        self.header_value(given).map(Some)
    }

    /// The way over a proxy, or around the usual one.
    pub(super) fn route(&self, text: Option<&At<String>>, file: Option<&At<String>>) -> Result<Route, ConfigError> {
        let Some(given) = self.given("proxy", text, file)? else { return Ok(Route::Usual) };
        if given.text == "none" {
            return Ok(Route::Direct);
        }
        let proxy = Url::parse(given.text.trim()).ok().and_then(Proxy::new).filter(|proxy| is_bare(proxy.url()));
        let Some(proxy) = proxy else {
            let help = "write for example \"http://proxy.example:3128\" or \"socks5h://127.0.0.1:9050\"; \
                        \"none\" for no proxy";
            return Err(self.wrong(given.place, "this is no proxy".to_owned(), Some(help.to_owned())));
        };
        if proxy.url().password().is_some() {
            self.guarded("proxy", &given)?;
        }
        Ok(Route::Over(proxy))
    }

    /// Certificates of authorities that are believed besides the system's.
    pub(super) fn roots(&self, path: &At<String>) -> Result<Roots, ConfigError> {
        let whole = self.path_of(path.get_ref());
        if let Some(roots) = self.roots.borrow().get(&whole) {
            return Ok(roots.clone());
        }
        let roots = Roots::new(self.file(path)?);
        match fetch::check_roots(&roots) {
            Ok(()) => Ok(self.roots.borrow_mut().entry(whole).or_insert(roots).clone()),
            Err(cause) => {
                let help = "name a file of PEM certificates: \"-----BEGIN CERTIFICATE-----\"".to_owned();
                Err(self.wrong(path, format!("these certificates cannot be used: {cause}"), Some(help)))
            }
        }
    }
}

/// What of an address that is a secret may show up in others: its path, the folder that relative links begin
/// with, and what is long enough to be a key.
fn parts(url: &Url) -> impl Iterator<Item = String> {
    const KEY: usize = 12;
    let (path, query) = (url.path(), url.query().unwrap_or_default());
    let folder = path.rfind('/').and_then(|at| path.get(..=at)).unwrap_or_default();
    let keys = path.split('/').chain(query.split(['&', '='])).filter(|part| part.len() >= KEY);
    [path, folder]
        .into_iter()
        .filter(|part| *part != "/")
        .chain(keys)
        .map(str::to_owned)
        .collect::<Vec<_>>()
        .into_iter()
}

/// A proxy has no path: whoever writes one means something else.
fn is_bare(url: &Url) -> bool {
    matches!(url.path(), "" | "/") && url.query().is_none() && url.fragment().is_none()
}

fn login_place(file: &file::Source) -> Option<&At<String>> {
    let keys =
        [&file.username, &file.username_file, &file.password, &file.password_file, &file.token, &file.token_file];
    keys.into_iter().flatten().next()
}

/// A key that only addresses of the web have.
fn web_place(file: &file::Source) -> Option<&At<String>> {
    let keys = [&file.cookies, &file.cookies_file, &file.user_agent, &file.timeout, &file.proxy, &file.proxy_file];
    let headers = file.headers.keys().chain(file.headers_file.keys());
    login_place(file).into_iter().chain(keys.into_iter().flatten()).chain(headers).chain(&file.ca_file).next()
}
