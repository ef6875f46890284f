//! How a source is reached, where that differs from the other sources: who asks, over which way, and with
//! which secrets.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use url::Url;

use super::Secret;

/// Headers that say nothing of who asks: sending one makes what a source gives nobody's own.
const OPEN_HEADERS: [&str; 5] = ["accept", "accept-language", "origin", "referer", "x-requested-with"];

/// How one source is reached. The default is: like all others, without credentials.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Access {
    /// What `Authorization` says.
    pub login: Option<Login>,
    /// More headers, names in lower case, each name once.
    pub headers: Vec<(String, Secret)>,
    /// The `Cookie` header: always this, whatever the server sets.
    pub cookies: Option<Secret>,
    /// In the place of `[fetch] user_agent`.
    pub user_agent: Option<String>,
    /// In the place of `[fetch] timeout`; not zero.
    pub timeout: Option<Duration>,
    /// In the place of `[fetch] max_bytes`; not zero.
    pub max_bytes: Option<u64>,
    /// By which way.
    pub route: Route,
    /// Certificate authorities that are believed besides those of the system and of `[fetch] ca_file`.
    pub roots: Option<Roots>,
    /// What people are shown in the place of an address that was itself kept out of the configuration file.
    pub shown: Option<String>,
    /// What such an address was made of.
    pub parts: Vec<Secret>,
}

/// What is sent as `Authorization` (RFC 9110 §11.6.2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Login {
    /// RFC 7617.
    Basic {
        /// Without a colon.
        username: Secret,
        /// May be empty.
        password: Secret,
    },
    /// RFC 6750.
    Bearer(Secret),
}

/// The way that requests take.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Route {
    /// As `[fetch] proxy` says.
    #[default]
    Usual,
    /// Without a proxy.
    Direct,
    /// Over this one.
    Over(Proxy),
}

/// A proxy. Its user name and password are not printed.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Proxy(Url);

impl Proxy {
    /// The kinds that are spoken to. Over `socks5` names are looked up here, over the others there.
    pub const SCHEMES: [&str; 4] = ["http", "https", "socks5", "socks5h"];

    /// The proxy at an address with host and one of the schemes; else `None`.
    pub fn new(url: Url) -> Option<Proxy> {
        (Proxy::SCHEMES.contains(&url.scheme()) && url.has_host()).then_some(Proxy(url))
    }

    /// Its address, with what it wants to know of who asks.
    pub fn url(&self) -> &Url {
        &self.0
    }
}

impl fmt::Display for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let login = if self.0.username().is_empty() && self.0.password().is_none() { "" } else { "***@" };
        write!(f, "{}://{login}{}", self.0.scheme(), self.0.host_str().unwrap_or_default())?;
        self.0.port().map_or(Ok(()), |port| write!(f, ":{port}"))
    }
}

impl fmt::Debug for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Proxy({self})")
    }
}

/// Certificates of authorities, as in a PEM file (RFC 7468).
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Roots(Arc<[u8]>);

impl Roots {
    /// The bytes of a PEM file.
    pub fn new(pem: impl Into<Arc<[u8]>>) -> Roots {
        Roots(pem.into())
    }

    /// The bytes of a PEM file.
    pub fn pem(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for Roots {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Roots({} bytes)", self.0.len())
    }
}

impl Access {
    /// Whether a header of this name (in lower case) makes what a source gives somebody's own.
    pub fn is_secret_header(name: &str) -> bool {
        !OPEN_HEADERS.contains(&name)
    }

    /// Whether something is sent that only this user knows.
    pub fn sends_credentials(&self) -> bool {
        let says_who = |(name, _): &(String, Secret)| Access::is_secret_header(name);
        self.login.is_some() || self.cookies.is_some() || self.headers.iter().any(says_who)
    }

    /// Whether that is so, or the address itself is such a thing.
    pub fn has_credentials(&self) -> bool {
        self.sends_credentials() || self.shown.is_some()
    }

    /// Everything in here that is not to be shown.
    pub fn secrets(&self) -> impl Iterator<Item = &Secret> {
        let login = match &self.login {
            Some(Login::Basic { username, password }) => [Some(username), Some(password)],
            Some(Login::Bearer(token)) => [Some(token), None],
            None => [None, None],
        };
        let headers = self.headers.iter().filter(|(name, _)| Access::is_secret_header(name)).map(|(_, value)| value);
        login.into_iter().flatten().chain(headers).chain(&self.cookies).chain(&self.parts)
    }

    /// All of it as one text, which differs when any of it does: to be hashed.
    pub fn whole(&self) -> Secret {
        let login = match &self.login {
            Some(Login::Basic { username, password }) => format!("{:?}:{:?}", username.reveal(), password.reveal()),
            Some(Login::Bearer(token)) => format!("{:?}", token.reveal()),
            None => String::new(),
        };
        let headers: Vec<_> = self.headers.iter().map(|(name, value)| (name, value.reveal())).collect();
        let cookies = self.cookies.as_ref().map(Secret::reveal);
        let route = match &self.route {
            Route::Over(proxy) => proxy.url().as_str(),
            Route::Direct => "direct",
            Route::Usual => "",
        };
        let roots = self.roots.as_ref().map(|roots| String::from_utf8_lossy(roots.pem()));
        let limits = (&self.user_agent, self.timeout, self.max_bytes);
        Secret::new(format!("{login}\n{headers:?}\n{cookies:?}\n{route}\n{roots:?}\n{limits:?}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn basic(username: &str, password: &str) -> Access {
        let login = Login::Basic { username: Secret::new(username), password: Secret::new(password) };
        Access { login: Some(login), ..Access::default() }
    }

    fn with_header(name: &str) -> Access {
        Access { headers: vec![(name.to_owned(), Secret::new("s3cret"))], ..Access::default() }
    }

    #[test]
    fn nothing_of_it_is_printed_but_what_is_no_secret() {
        let proxy = Proxy::new("socks5h://me:s3cret@proxy.example:9050".parse().unwrap()).unwrap();
        let access = Access {
            cookies: Some(Secret::new("s3cret")),
            parts: vec![Secret::new("s3cret")],
            route: Route::Over(proxy.clone()),
            ..with_header("x-key")
        };
        assert!(!format!("{access:?} {:?}", basic("s3cret", "s3cret")).contains("s3cret"));
        assert_eq!(proxy.to_string(), "socks5h://***@proxy.example:9050");
        assert_eq!(access.secrets().count(), 3);
    }

    #[test]
    fn what_says_who_asks_is_a_credential() {
        assert!(basic("me", "").has_credentials());
        assert!(with_header("x-key").has_credentials());
        assert!(!with_header("accept-language").has_credentials());
        assert!(!Access { user_agent: Some("me".into()), ..Access::default() }.has_credentials());
        assert!(Access { shown: Some("https://n.example/***".into()), ..Access::default() }.has_credentials());
    }

    #[test]
    fn whatever_differs_is_told_apart() {
        assert_ne!(basic("a", "b").whole(), basic("a", "c").whole());
        assert_ne!(basic("a\":\"b", "").whole(), basic("a", "b").whole());
        assert_ne!(with_header("x-key").whole(), with_header("x-token").whole());
        assert_eq!(basic("a", "b").whole(), basic("a", "b").whole());
    }

    #[test]
    fn only_proxies_are_proxies() {
        for (url, expected) in [("http://p:3128", true), ("socks4://p:1", false), ("ftp://p", false), ("http:p", true)]
        {
            assert_eq!(Proxy::new(url.parse().unwrap()).is_some(), expected, "{url}");
        }
    }
}
