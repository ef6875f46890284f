//! The way from a source's address over its redirects to a document.

use std::time::Duration;

use url::Url;

use super::error::FetchError;
use super::redact::{has_secret, has_user_info, redacted};
use crate::model::{Access, Validators, Visit};

/// More are a loop, or a chain made to waste our time.
const MAX_HOPS: usize = 5;

/// Where a visit is, and what it may carry there.
pub(super) struct Trip {
    /// The address to ask, without user information.
    pub(super) url: Url,
    start: Url,
    /// The configured address, while what it holds as user information may be sent.
    login: Option<Url>,
    /// What else only the source's own origin may get, while it is asked.
    carried: Option<Access>,
    /// A secret is carried, which no redirect may expose.
    secret: bool,
    validators: Validators,
    /// Asked not to compress.
    pub(super) uncompressed: bool,
    /// Only so many bytes of the document are wanted; `None`: all of it.
    pub(super) beginning: Option<usize>,
    /// However long a visit may take, this one may not take longer.
    pub(super) longest: Duration,
    hops: usize,
    permanent: bool,
    /// An address that the source leads to may be written down.
    telling: bool,
}

impl Trip {
    /// Starts at the address that the source moved to for good, else at the configured one.
    pub(super) fn new(configured: &Url, visit: &Visit) -> Trip {
        let start = without_user_info(visit.moved_to.as_ref().unwrap_or(configured));
        let may_log_in = has_user_info(configured) && start.origin() == configured.origin();
        Trip {
            url: start.clone(),
            start,
            login: may_log_in.then(|| configured.clone()),
            secret: has_secret(configured),
            validators: visit.validators.clone(),
            uncompressed: visit.uncompressed,
            beginning: None,
            longest: Duration::MAX,
            hops: 0,
            permanent: true,
            telling: true,
            carried: None,
        }
    }

    /// The same trip with the credentials of the source that `home` is the address of. They are for
    /// its origin alone.
    pub(super) fn carrying(mut self, access: &Access, home: &Url) -> Trip {
        let may_carry = self.start.origin() == home.origin();
        self.secret |= may_carry && access.has_credentials();
        // A login in the source's address is for the pages of its stories too.
        if may_carry && has_user_info(home) {
            self.login = Some(home.clone());
            self.secret = true;
        }
        // Where an address is itself a secret, so may be the one that it leads to.
        self.telling = access.shown.is_none();
        self.carried = may_carry.then(|| access.clone());
        self
    }

    /// What this request may carry for the source.
    pub(super) fn credentials(&self) -> Option<&Access> {
        self.carried.as_ref()
    }

    /// The address as the HTTP library wants it: it makes `Authorization` of user information.
    pub(super) fn address(&self) -> Url {
        let mut address = self.url.clone();
        if let Some(login) = &self.login {
            // These fail only for addresses that cannot hold user information.
            let _ = address.set_username(login.username());
            let _ = address.set_password(login.password());
        }
        address
    }

    /// What the server is asked to compare with; `None`: nothing. They belong to the address that issued
    /// them, so a redirect leaves them behind, or comes to where they belong.
    pub(super) fn validators(&self) -> Option<&Validators> {
        let is_theirs = self.validators.issuer.as_ref().unwrap_or(&self.start) == &self.url;
        let has_any = self.validators.etag.is_some() || self.validators.last_modified.is_some();
        (is_theirs && has_any).then_some(&self.validators)
    }

    /// Goes where a redirect leads. The address is checked like any other before it is asked.
    pub(super) fn follow(&mut self, code: u16, location: &[u8]) -> Result<(), FetchError> {
        let target = self.target(code, location)?;
        if has_user_info(&target) {
            return Err(FetchError::UserInfoRefused { url: redacted(&target) });
        }
        if self.secret && self.url.scheme() == "https" && target.scheme() == "http" {
            return Err(FetchError::DowngradeRefused { url: redacted(&target) });
        }
        self.hops += 1;
        if self.hops > MAX_HOPS {
            return Err(FetchError::TooManyRedirects { url: redacted(&self.start) });
        }
        // Once left behind the login stays behind: whoever sends us back chose the path.
        if self.url.origin() != target.origin() {
            self.carried = None;
        }
        self.login.take_if(|login| login.origin() != target.origin());
        self.permanent &= matches!(code, 301 | 308);
        self.url = target;
        Ok(())
    }

    /// Whether there were redirects.
    pub(super) fn was_led(&self) -> bool {
        self.hops > 0
    }

    /// The new address, when there were redirects and all of them were permanent.
    pub(super) fn moved_to(&self) -> Option<Url> {
        (self.telling && self.permanent && self.url != self.start).then(|| self.url.clone())
    }

    /// The validators that the address asked now has issued; where there are none it does not matter whose.
    pub(super) fn issued(&self, etag: Option<String>, last_modified: Option<String>) -> Validators {
        let has_any = etag.is_some() || last_modified.is_some();
        match (has_any, self.telling) {
            (false, _) => Validators::default(),
            (true, true) => Validators { etag, last_modified, issuer: Some(self.url.clone()) },
            // An address that may not be written down can be known as the start alone.
            (true, false) if self.url == self.start => Validators { etag, last_modified, issuer: None },
            (true, false) => Validators::default(),
        }
    }

    fn target(&self, code: u16, location: &[u8]) -> Result<Url, FetchError> {
        let url = || redacted(&self.url);
        // Raw UTF-8 is common, Latin-1 happens.
        let location = match std::str::from_utf8(location) {
            Ok(text) => text.to_owned(),
            Err(_) => location.iter().copied().map(char::from).collect(),
        };
        if location.trim().is_empty() {
            return Err(FetchError::NoLocation { url: url(), code });
        }
        let target = self.url.join(&location);
        let mut target = target.map_err(|_| FetchError::BadLocation { url: url(), code })?;
        target.set_fragment(None);
        Ok(target)
    }
}

fn without_user_info(url: &Url) -> Url {
    let mut url = url.clone();
    url.set_fragment(None);
    // These fail only for addresses that cannot hold user information.
    let _ = url.set_password(None);
    let _ = url.set_username("");
    url
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Secret;

    fn trip(url: &str) -> Trip {
        Trip::new(&url.parse().unwrap(), &Visit::default())
    }

    fn follow(trip: &mut Trip, hops: &[(u16, &str)]) -> Result<(), FetchError> {
        hops.iter().try_for_each(|(code, location)| trip.follow(*code, location.as_bytes()))
    }

    #[track_caller]
    fn check_move(hops: &[(u16, &str)], expected: Option<&str>) {
        let mut trip = trip("https://n.example/a");
        follow(&mut trip, hops).unwrap();
        assert_eq!(trip.moved_to().as_ref().map(Url::as_str), expected);
    }

    #[test]
    fn a_move_is_permanent_when_every_hop_is() {
        check_move(&[(301, "/b")], Some("https://n.example/b"));
        check_move(&[(308, "//m.example/b#x"), (301, "c")], Some("https://m.example/c"));
        check_move(&[], None);
        check_move(&[(302, "/b")], None);
        check_move(&[(301, "/b"), (307, "/c"), (301, "/d")], None);
        check_move(&[(301, "/b"), (301, "/a")], None);
    }

    #[track_caller]
    fn check_address(configured: &str, hops: &[(u16, &str)], expected: &str) {
        let mut trip = trip(configured);
        follow(&mut trip, hops).unwrap();
        assert_eq!(trip.address().as_str(), expected);
    }

    #[test]
    fn a_login_stays_with_its_origin() {
        check_address("https://me:p%40w@n.example/a", &[], "https://me:p%40w@n.example/a");
        let same = [(302, "/b")];
        check_address("https://me:pw@n.example/a", &same, "https://me:pw@n.example/b");
        for other in ["https://m.example/a", "https://n.example:8443/a"] {
            check_address("https://me:pw@n.example/a", &[(301, other)], other);
        }
        check_address("http://me:pw@n.example/a", &[(301, "https://n.example/")], "https://n.example/");
        let there_and_back = [(302, "https://m.example/"), (302, "https://n.example/c")];
        check_address("https://me:pw@n.example/a", &there_and_back, "https://n.example/c");
    }

    #[track_caller]
    fn check_carried(hops: &[(u16, &str)], expected: bool) {
        let home = "https://n.example/a".parse().unwrap();
        let mut trip = Trip::new(&home, &Visit::default()).carrying(&Access::default(), &home);
        follow(&mut trip, hops).unwrap();
        assert_eq!(trip.credentials().is_some(), expected, "{hops:?}");
    }

    #[test]
    fn what_is_for_one_origin_is_carried_to_no_other_and_not_back() {
        check_carried(&[], true);
        check_carried(&[(301, "/b"), (302, "https://n.example:443/c")], true);
        for other in ["https://m.example/a", "https://www.n.example/", "https://n.example:8443/a", "http://n.example/a"]
        {
            check_carried(&[(301, other)], false);
            check_carried(&[(302, other), (302, "https://n.example/a")], false);
        }
    }

    #[test]
    fn a_login_in_the_address_of_a_source_is_for_its_pages() {
        let home = "https://me:pw@n.example/feed".parse().unwrap();
        for (page, expected) in [
            ("https://n.example/a", "https://me:pw@n.example/a"),
            ("https://m.example/a", "https://m.example/a"),
            ("http://n.example/a", "http://n.example/a"),
        ] {
            let page = trip(page).carrying(&Access::default(), &home);
            assert_eq!(page.address().as_str(), expected);
        }
        let mut led = trip("https://n.example/a").carrying(&Access::default(), &home);
        assert!(follow(&mut led, &[(302, "http://n.example/a")]).is_err());
    }

    #[test]
    fn whatever_is_a_credential_is_not_led_out_of_encryption() {
        let home = "https://n.example/a".parse().unwrap();
        let cookies = Access { cookies: Some(Secret::new("a=b")), ..Access::default() };
        let shown = Access { shown: Some("https://n.example/${KEY}".to_owned()), ..Access::default() };
        let agent = Access { user_agent: Some("me".to_owned()), ..Access::default() };
        for (access, expected) in [(cookies, false), (shown, false), (agent, true)] {
            let mut trip = Trip::new(&home, &Visit::default()).carrying(&access, &home);
            assert_eq!(follow(&mut trip, &[(301, "http://n.example/a")]).is_ok(), expected, "{access:?}");
        }
    }

    #[test]
    fn a_moved_source_is_asked_at_its_new_address() {
        let configured = "https://me:pw@n.example/a".parse().unwrap();
        for (moved_to, expected) in
            [("https://n.example/b", "https://me:pw@n.example/b"), ("https://m.example/b", "https://m.example/b")]
        {
            let visit = Visit { moved_to: Some(moved_to.parse().unwrap()), ..Visit::default() };
            assert_eq!(Trip::new(&configured, &visit).address().as_str(), expected);
        }
    }

    #[test]
    fn secrets_are_not_led_out_of_encryption() {
        let down = [(301, "http://n.example/a")];
        for url in ["https://me:pw@n.example/a", "https://n.example/a?token=s"] {
            let error = follow(&mut trip(url), &down).unwrap_err();
            assert!(matches!(error, FetchError::DowngradeRefused { .. }), "{error:?}");
        }
        assert!(follow(&mut trip("https://n.example/a"), &down).is_ok());
    }

    #[test]
    fn bad_redirects_are_told_apart() {
        let error = |hops: &[_]| follow(&mut trip("https://n.example/"), hops).unwrap_err();
        assert!(matches!(error(&[(302, "")]), FetchError::NoLocation { code: 302, .. }));
        assert!(matches!(error(&[(302, "http://[::bad")]), FetchError::BadLocation { .. }));
        let login = error(&[(302, "https://u:pw@m.example/")]);
        assert_eq!(
            login.to_string(),
            "a redirect led to https://***@m.example/, which contains a user name or password"
        );
        let endless: Vec<_> = (0..9).map(|_| (302, "/")).collect();
        assert!(follow(&mut trip("https://n.example/"), &endless[..5]).is_ok());
        assert!(matches!(error(&endless), FetchError::TooManyRedirects { .. }));
    }

    /// Whether a request is conditional at the start and after each hop.
    #[track_caller]
    fn check_condition(issuer: Option<&str>, hops: &[(u16, &str)], expected: &[bool]) {
        let issuer = issuer.map(|url| url.parse().unwrap());
        let validators = Validators { etag: Some("\"a\"".into()), last_modified: None, issuer };
        let visit = Visit { validators, ..Visit::default() };
        let mut trip = Trip::new(&"https://n.example/a".parse().unwrap(), &visit);
        let mut conditional = vec![trip.validators().is_some()];
        for hop in hops {
            follow(&mut trip, &[*hop]).unwrap();
            conditional.push(trip.validators().is_some());
        }
        assert_eq!(conditional, expected);
    }

    #[test]
    fn validators_go_only_to_the_address_that_issued_them() {
        check_condition(None, &[(302, "/b")], &[true, false]);
        check_condition(Some("https://n.example/a"), &[(302, "/b"), (302, "/a")], &[true, false, true]);
        check_condition(Some("https://n.example/b"), &[(302, "/b")], &[false, true]);
        check_condition(Some("https://n.example/b"), &[(301, "/c"), (301, "/b#x")], &[false, false, true]);
        check_condition(Some("https://m.example/b"), &[(302, "/b")], &[false, false]);
        let none = Trip::new(&"https://n.example/a".parse().unwrap(), &Visit::default());
        assert!(none.validators().is_none());
    }
}
