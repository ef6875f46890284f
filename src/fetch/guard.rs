//! Which addresses may be visited.
//!
//! Feeds and redirects can name any address, also one behind the user's own firewall. So every hop
//! is checked here: scheme, port and literal addresses before the request, and names when they are
//! resolved, so that the address that was checked is the address that is dialled.

use std::error::Error;
use std::fmt;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

use ipnet::IpNet;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use url::{Host, Url};

use super::cause::Cause;
use super::error::FetchError;
use super::redact::redacted;
use crate::model::Proxy;

/// Ports of services that must not be spoken to in HTTP: those of the Fetch standard, "Port
/// blocking", <https://fetch.spec.whatwg.org/#port-blocking>.
const FORBIDDEN_PORTS: [u16; 83] = [
    0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104, 109,
    110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515, 526, 530, 531,
    532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060,
    5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080,
];

/// Not global unicast (IANA special-purpose registry): network and bits of the prefix.
const NOT_PUBLIC_V4: [(Ipv4Addr, u32); 14] = [
    (Ipv4Addr::new(0, 0, 0, 0), 8),
    (Ipv4Addr::new(10, 0, 0, 0), 8),
    (Ipv4Addr::new(100, 64, 0, 0), 10),
    (Ipv4Addr::new(127, 0, 0, 0), 8),
    (Ipv4Addr::new(169, 254, 0, 0), 16),
    (Ipv4Addr::new(172, 16, 0, 0), 12),
    (Ipv4Addr::new(192, 0, 0, 0), 24),
    (Ipv4Addr::new(192, 0, 2, 0), 24),
    (Ipv4Addr::new(192, 168, 0, 0), 16),
    (Ipv4Addr::new(198, 18, 0, 0), 15),
    (Ipv4Addr::new(198, 51, 100, 0), 24),
    (Ipv4Addr::new(203, 0, 113, 0), 24),
    (Ipv4Addr::new(224, 0, 0, 0), 4),
    (Ipv4Addr::new(240, 0, 0, 0), 4),
];

/// Lets public addresses through, and those that the configuration allows.
#[derive(Clone)]
pub(super) struct Guard {
    allowed: Arc<[IpNet]>,
    /// The host of the configured proxy, wherever it is.
    trusted: Option<Arc<str>>,
    names: Names,
}

/// Who knows the addresses of names.
#[derive(Clone)]
enum Names {
    /// The system's resolver.
    System,
    /// These answers, one after the other: what a name server that means harm would say.
    #[cfg(test)]
    Told(Arc<std::sync::Mutex<std::collections::VecDeque<Vec<SocketAddr>>>>),
}

impl Names {
    async fn lookup(&self, name: &str) -> io::Result<Vec<SocketAddr>> {
        match self {
            // Port 0 is replaced by that of the URL.
            Names::System => Ok(tokio::net::lookup_host((name, 0)).await?.collect()),
            #[cfg(test)]
            Names::Told(answers) => Ok(answers.lock().unwrap().pop_front().unwrap_or_default()),
        }
    }
}

impl Guard {
    /// `allowed`: networks that may be visited although they are not public.
    pub(super) fn new(allowed: &[IpNet]) -> Guard {
        Guard { allowed: allowed.into(), trusted: None, names: Names::System }
    }

    /// The same, for which names have these addresses, another answer each time.
    #[cfg(test)]
    pub(super) fn told(self, answers: &[&[&str]]) -> Guard {
        let address = |ip: &&str| SocketAddr::new(ip.parse().unwrap(), 0);
        let answers = answers.iter().map(|answer| answer.iter().map(address).collect()).collect();
        Guard { names: Names::Told(Arc::new(std::sync::Mutex::new(answers))), ..self }
    }

    /// The same, which lets also the proxy through: whoever configured it meant it.
    pub(super) fn trusting(&self, proxy: Option<&Proxy>) -> Guard {
        let trusted = proxy.and_then(|proxy| proxy.url().host_str()).map(Arc::from);
        Guard { trusted, ..self.clone() }
    }

    /// Checks a name that a proxy will look up: what is known here of it must be public. A name that is
    /// not known here is left to the proxy, which may see more of the world; and `socks5h` is chosen so
    /// that no name server here hears of it.
    pub(super) async fn check_name(&self, url: &Url, proxy: &Proxy) -> Result<(), FetchError> {
        let Some(name) = url.domain() else { return Ok(()) };
        let home = IpAddr::V4(Ipv4Addr::LOCALHOST);
        if is_localhost(name) && !self.allows(home) {
            return Err(FetchError::AddressRefused { url: redacted(url), address: home });
        }
        if !matches!(proxy.url().scheme(), "http" | "https") {
            return Ok(());
        }
        let Ok(found) = self.names.lookup(name).await else { return Ok(()) };
        match self.keep(found).map_err(|error| error.downcast::<Refused>()) {
            Err(Ok(refused)) => Err(FetchError::AddressRefused { url: redacted(url), address: refused.0 }),
            _ => Ok(()),
        }
    }

    /// Checks an address that somebody else is going to dial: not one address of its name may be forbidden. The name may
    /// have another by then, so this is a first look and no more.
    pub(super) async fn check_host(&self, url: &Url) -> Result<(), FetchError> {
        self.check(url)?;
        let Some(name) = url.domain() else { return Ok(()) };
        let unknown = |cause| FetchError::Dns { url: redacted(url), cause };
        let found = self.names.lookup(name).await.map_err(|error| unknown(Cause::of(&error)))?;
        match found.iter().map(SocketAddr::ip).find(|address| !self.allows(*address)) {
            Some(address) => Err(FetchError::AddressRefused { url: redacted(url), address }),
            None if found.is_empty() => Err(unknown(Cause::new("the name has no address"))),
            None => Ok(()),
        }
    }

    /// Checks all of an address that can be known without asking a name server.
    pub(super) fn check(&self, url: &Url) -> Result<(), FetchError> {
        if !matches!(url.scheme(), "http" | "https") {
            return Err(FetchError::SchemeRefused { scheme: url.scheme().to_owned() });
        }
        let port = url.port_or_known_default().unwrap_or_default();
        if FORBIDDEN_PORTS.contains(&port) {
            return Err(FetchError::PortRefused { url: redacted(url), port });
        }
        // The URL parser has read decimal, octal and hexadecimal notations already.
        let address = match url.host() {
            Some(Host::Ipv4(address)) => IpAddr::V4(address),
            Some(Host::Ipv6(address)) => IpAddr::V6(address),
            Some(Host::Domain(_)) => return Ok(()),
            None => return Err(FetchError::NoHost { url: redacted(url) }),
        };
        if self.allows(address) { Ok(()) } else { Err(FetchError::AddressRefused { url: redacted(url), address }) }
    }

    /// Whether this address may be dialled.
    fn allows(&self, address: IpAddr) -> bool {
        // `::ffff:a.b.c.d` dials a.b.c.d.
        let address = address.to_canonical();
        self.allowed.iter().any(|net| net.contains(&address)) || is_public(address)
    }

    /// The allowed ones of a name's addresses; an error where there is none.
    fn keep(&self, found: Vec<SocketAddr>) -> Result<Vec<SocketAddr>, Box<dyn Error + Send + Sync>> {
        let Some(first) = found.first().copied() else {
            return Err(io::Error::new(io::ErrorKind::NotFound, "the name has no address").into());
        };
        let kept: Vec<_> = found.into_iter().filter(|found| self.allows(found.ip())).collect();
        if kept.is_empty() { Err(Refused(first.ip()).into()) } else { Ok(kept) }
    }
}

impl Resolve for Guard {
    fn resolve(&self, name: Name) -> Resolving {
        let guard = self.clone();
        Box::pin(async move {
            let found = guard.names.lookup(name.as_str()).await?;
            if guard.trusted.as_deref() == Some(name.as_str()) {
                return Ok(Box::new(Vec::into_iter(found)) as Addrs);
            }
            Ok(Box::new(guard.keep(found)?.into_iter()) as Addrs)
        })
    }
}

/// No address of a name may be dialled; this was the first.
#[derive(Debug)]
pub(super) struct Refused(pub(super) IpAddr);

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} is not a public address", self.0)
    }
}

impl Error for Refused {}

/// RFC 6761 §6.3: whoever looks it up, it is the machine that does.
fn is_localhost(name: &str) -> bool {
    let name = name.trim_end_matches('.');
    name == "localhost" || name.ends_with(".localhost")
}

fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let within = |net: Ipv4Addr, bits: u32| (address.to_bits() ^ net.to_bits()) >> (32 - bits) == 0;
    !NOT_PUBLIC_V4.iter().any(|(net, bits)| within(*net, *bits))
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    match address.segments() {
        // NAT64 and 6to4 carry an IPv4 address, which is where the packets go.
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] => is_public_v4(joined(high, low)),
        [0x2002, high, low, ..] => is_public_v4(joined(high, low)),
        // 2001::/23 is for protocols (Teredo, ORCHID), 2001:db8::/32 for documents.
        [0x2001, second, ..] => second >= 0x200 && second != 0xdb8,
        [first, ..] => first & 0xe000 == 0x2000,
    }
}

fn joined(high: u16, low: u16) -> Ipv4Addr {
    Ipv4Addr::from_bits(u32::from(high) << 16 | u32::from(low))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(allowed: &[&str], url: &str, expected: bool) {
        let allowed: Vec<IpNet> = allowed.iter().map(|net| net.parse().unwrap()).collect();
        let verdict = Guard::new(&allowed).check(&url.parse().unwrap());
        assert_eq!(verdict.is_ok(), expected, "{url}: {verdict:?}");
    }

    #[test]
    fn public_addresses_and_names_pass() {
        for host in [
            "news.example",
            "9.255.255.255",
            "11.0.0.0",
            "100.63.255.255",
            "100.128.0.0",
            "126.255.255.255",
            "128.0.0.0",
            "172.15.255.255",
            "172.32.0.0",
            "192.0.1.0",
            "192.167.255.255",
            "198.17.255.255",
            "198.20.0.0",
            "223.255.255.255",
            "[2001:200::1]",
            "[2606:4700::1111]",
            "[3fff:ffff::1]",
            "[::ffff:8.8.8.8]",
            "[64:ff9b::8.8.8.8]",
            "[2002:808:808::1]",
        ] {
            check(&[], &format!("https://{host}/"), true);
        }
    }

    #[test]
    fn addresses_that_are_not_public_are_refused() {
        for host in [
            "0.0.0.0",
            "0.255.255.255",
            "10.0.0.1",
            "100.64.0.1",
            "100.127.255.255",
            "127.0.0.1",
            "127.255.255.255",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.1",
            "192.0.2.1",
            "192.168.1.1",
            "198.18.0.1",
            "198.19.255.255",
            "198.51.100.1",
            "203.0.113.1",
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255",
            "[::]",
            "[::1]",
            "[::127.0.0.1]",
            "[::ffff:127.0.0.1]",
            "[::ffff:10.0.0.1]",
            "[64:ff9b::10.0.0.1]",
            "[64:ff9b:1::8.8.8.8]",
            "[2002:a00:1::1]",
            "[2002:7f00:1::1]",
            "[2001::1]",
            "[2001:1ff::1]",
            "[2001:db8::1]",
            "[fc00::1]",
            "[fd12::1]",
            "[fe80::1]",
            "[ff02::1]",
            "[4000::1]",
        ] {
            check(&[], &format!("http://{host}/"), false);
        }
    }

    #[test]
    fn no_notation_gets_an_address_past() {
        for host in ["2130706433", "0x7f.1", "0177.0.0.1", "127.1", "127.0.0.1.", "127%2e0.0.1"] {
            check(&[], &format!("http://{host}/"), false);
        }
    }

    #[test]
    fn allowed_networks_are_exceptions_and_no_more() {
        let allowed = ["127.0.1.0/24", "fd12::/16"];
        check(&allowed, "http://127.0.1.9/", true);
        check(&allowed, "http://[::ffff:127.0.1.9]/", true);
        check(&allowed, "http://[fd12::1]/", true);
        check(&allowed, "http://127.0.2.1/", false);
        check(&allowed, "http://[fd13::1]/", false);
        check(&allowed, "http://[64:ff9b::127.0.1.9]/", false);
        check(&allowed, "http://[2002:7f00:109::1]/", false);
    }

    #[test]
    fn only_the_web_is_fetched() {
        for url in ["file:///etc/passwd", "ftp://n.example/", "gopher://n.example/", "data:,x"] {
            check(&[], url, false);
        }
        check(&[], "http://n.example:25/", false);
        check(&[], "https://n.example:6667/", false);
        check(&[], "https://n.example:8443/", true);
    }

    /// Whether a client with this proxy may dial the name.
    async fn dials(proxy: Option<&str>, name: &str) -> bool {
        let proxy = proxy.map(|url| Proxy::new(url.parse().unwrap()).unwrap());
        let found = Guard::new(&[]).trusting(proxy.as_ref()).resolve(name.parse().unwrap()).await;
        found.map_or_else(|error| !error.is::<Refused>(), |_| true)
    }

    #[tokio::test]
    async fn the_proxy_alone_may_be_anywhere() {
        assert!(dials(Some("http://localhost:3128"), "localhost").await);
        assert!(!dials(Some("socks5://p.example:9050"), "localhost").await);
        assert!(!dials(None, "localhost").await);
    }

    #[test]
    fn a_name_keeps_only_its_allowed_addresses() {
        let guard = Guard::new(&[]);
        let found = |texts: &[&str]| texts.iter().map(|text| text.parse().unwrap()).collect();
        let kept = guard.keep(found(&["10.0.0.1:0", "8.8.8.8:0"])).unwrap();
        assert_eq!(kept, ["8.8.8.8:0".parse().unwrap()]);
        let refused = guard.keep(found(&["10.0.0.1:0", "[::1]:0"])).unwrap_err();
        assert!(refused.is::<Refused>());
        assert!(!guard.keep(found(&[])).unwrap_err().is::<Refused>());
    }
}
