//! Over a proxy: who is asked, who is told what, and that the guard still stands.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use url::Url;

use super::server::{Server, answer, redirect};
use super::special::with;
use super::{FEED, client, now, page};
use crate::fetch::permission::Forgetful;
use crate::fetch::{Client, FetchError, Fetched};
use crate::model::{Access, OutcomeKind, Proxy, Route, Secret, Validators, Visit};

/// A public address, which nobody here is.
const FAR: &str = "http://93.184.215.14/feed";

fn proxy(address: &str) -> Proxy {
    Proxy::new(address.parse().unwrap()).unwrap()
}

/// The server as a proxy, with a login.
fn over(server: &Server) -> Proxy {
    let mut url = server.url("");
    url.set_username("me").unwrap();
    url.set_password(Some("s3cr@t")).unwrap();
    Proxy::new(url).unwrap()
}

/// A client that knows this proxy, and allows no private address.
fn behind(proxy: Proxy) -> Client {
    client(|settings| {
        settings.proxy = Some(proxy);
        settings.allow_private.clear();
    })
}

async fn visit(client: &Client, url: &str, access: Access) -> Result<Fetched, FetchError> {
    client.visit(&with(url.parse().unwrap(), access), &Visit::default(), now()).await
}

#[tokio::test]
async fn a_proxy_is_asked_in_the_place_of_the_site() {
    let server = Server::new([redirect("302 Found", "/b"), answer("200 OK", &[], FEED)]).await;
    let document = page(visit(&behind(over(&server)), FAR, Access::default()).await);
    assert_eq!(document.page.url, Some("http://93.184.215.14/b".parse::<Url>().unwrap()));
    let [first, second] = server.asked().try_into().unwrap();
    assert!(first.starts_with("get http://93.184.215.14/feed http/1.1\r\n"), "{first}");
    assert!(second.starts_with("get http://93.184.215.14/b http/1.1\r\n"), "{second}");
    // me:s3cr@t, in lower case.
    assert!(first.contains("proxy-authorization: basic bwu6cznjckb0\r\n"), "{first}");
    assert!(!first.contains("\r\nauthorization"), "{first}");
}

#[tokio::test]
async fn a_source_has_its_own_way() {
    let (usual, own) =
        (Server::new(vec![answer("200 OK", &[], FEED); 3]).await, Server::new([answer("200 OK", &[], FEED)]).await);
    let site = Server::new([answer("200 OK", &[], FEED)]).await;
    let client = client(|settings| settings.proxy = Some(over(&usual)));
    let access = |route| Access { route, ..Access::default() };
    visit(&client, FAR, access(Route::Usual)).await.unwrap();
    visit(&client, FAR, access(Route::Over(over(&own)))).await.unwrap();
    visit(&client, site.url("/").as_str(), access(Route::Direct)).await.unwrap();
    client.page(&FAR.parse().unwrap(), now()).await.unwrap();
    // robots.txt goes the same way as the page.
    assert_eq!((usual.asked().len(), own.asked().len(), site.asked().len()), (3, 1, 1));
    assert!(!site.asked()[0].contains("proxy"), "{:?}", site.asked());
}

#[tokio::test]
async fn a_proxy_that_lets_nothing_through_is_named_without_its_secret() {
    let server = Server::new([answer("403 Forbidden", &[], b"")]).await;
    let access = Access { cookies: Some(Secret::new("a=s3cret")), ..Access::default() };
    let error = visit(&behind(over(&server)), "https://93.184.215.14/", access).await.unwrap_err();
    assert!(matches!(error, FetchError::Proxy { .. }), "{error:?}");
    assert_eq!(error.kind(), OutcomeKind::RetryLater);
    assert!(error.to_string().starts_with("the proxy http://***@127.0.0.1:"), "{error}");
    assert!(!format!("{error:?} {error}").contains("s3cr"), "{error:?}");
    // It sees where to, and nothing of what is for the site.
    let asked = server.asked().concat();
    assert!(asked.starts_with("connect 93.184.215.14:443 http/1.1\r\n"), "{asked}");
    assert!(!asked.contains("cookie"), "{asked}");
}

#[tokio::test]
async fn a_proxy_that_is_not_there_may_come_back() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let error = visit(&behind(proxy(&address)), FAR, Access::default()).await.unwrap_err();
    assert!(matches!(error, FetchError::Proxy { .. }) && error.kind() == OutcomeKind::RetryLater, "{error:?}");
    assert!(error.help().unwrap().contains("`proxy`"));
}

#[tokio::test]
async fn the_guard_stands_before_the_proxy() {
    let server = Server::new([redirect("302 Found", "http://192.168.0.1/")]).await;
    let by_name = format!("http://localhost:{}", server.url("").port().unwrap());
    for way in [over(&server), proxy(&by_name.replace("http", "socks5h")), proxy(&by_name)] {
        for target in
            ["http://127.0.0.1/", "http://10.0.0.1/", "http://localhost/", "http://a.localhost./", "http://[::1]/"]
        {
            let error = visit(&behind(way.clone()), target, Access::default()).await.unwrap_err();
            assert!(matches!(error, FetchError::AddressRefused { .. }), "{target} over {way}: {error:?}");
        }
    }
    assert_eq!(server.asked().len(), 0);
    // The proxy itself is let through, by its name too; where it leads is looked at at each hop.
    let error = visit(&behind(proxy(&by_name)), FAR, Access::default()).await.unwrap_err();
    assert!(matches!(error, FetchError::AddressRefused { .. }), "{error:?}");
    assert_eq!(server.asked().len(), 1);
}

/// What a SOCKS proxy was told.
#[derive(Debug, PartialEq)]
struct Told {
    login: Option<(String, String)>,
    host: String,
}

/// A SOCKS proxy (RFC 1928, 1929) that takes any login, connects nowhere and answers itself.
async fn socks() -> (u16, JoinHandle<Told>) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let told = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        assert_eq!(stream.read_u8().await.unwrap(), 5);
        let methods = text(&mut stream).await;
        let login = methods.contains('\u{2}');
        stream.write_all(&[5, if login { 2 } else { 0 }]).await.unwrap();
        let login = match login {
            true => {
                assert_eq!(stream.read_u8().await.unwrap(), 1);
                let login = (text(&mut stream).await, text(&mut stream).await);
                stream.write_all(&[1, 0]).await.unwrap();
                Some(login)
            }
            false => None,
        };
        let mut head = [0; 4];
        stream.read_exact(&mut head).await.unwrap();
        assert_eq!(head, [5, 1, 0, 3], "a name");
        let host = text(&mut stream).await;
        assert_eq!(stream.read_u16().await.unwrap(), 80);
        stream.write_all(&[5, 0, 0, 1, 0, 0, 0, 0, 0, 0]).await.unwrap();
        let mut request = [0; 3];
        stream.read_exact(&mut request).await.unwrap();
        assert_eq!(&request, b"GET");
        stream.write_all(&answer("200 OK", &[], FEED)).await.unwrap();
        Told { login, host }
    });
    (port, told)
}

/// A length and as many bytes.
async fn text(stream: &mut TcpStream) -> String {
    let mut bytes = vec![0; usize::from(stream.read_u8().await.unwrap())];
    stream.read_exact(&mut bytes).await.unwrap();
    String::from_utf8(bytes).unwrap()
}

#[tokio::test]
async fn over_socks5h_a_name_is_looked_up_by_the_proxy() {
    let (port, told) = socks().await;
    let client = behind(proxy(&format!("socks5h://127.0.0.1:{port}")));
    page(visit(&client, "http://hidden.invalid/feed", Access::default()).await);
    assert_eq!(told.await.unwrap(), Told { login: None, host: "hidden.invalid".to_owned() });
}

#[tokio::test]
async fn a_socks_proxy_is_told_who_asks() {
    let (port, told) = socks().await;
    let client = behind(proxy(&format!("socks5h://me:s3cr%40t@127.0.0.1:{port}")));
    page(visit(&client, "http://hidden.invalid/feed", Access::default()).await);
    assert_eq!(told.await.unwrap().login, Some(("me".to_owned(), "s3cr@t".to_owned())));
}

#[tokio::test]
async fn over_socks5_a_name_is_looked_up_here_and_guarded() {
    let (port, told) = socks().await;
    let client = behind(proxy(&format!("socks5://127.0.0.1:{port}")));
    let error = visit(&client, "http://hidden.invalid/feed", Access::default()).await.unwrap_err();
    assert!(matches!(error, FetchError::Proxy { .. } | FetchError::Dns { .. }), "{error:?}");
    assert!(!told.is_finished());
}

#[tokio::test]
async fn a_link_of_a_source_is_followed_by_the_way_of_the_source() {
    let (usual, own) = (Server::new([b""]).await, Server::new([redirect("301 Moved", "https://n.example/a")]).await);
    let client = client(|settings| {
        settings.proxy = Some(over(&usual));
        settings.robots = false;
    });
    let access = Access { route: Route::Over(over(&own)), cookies: Some(Secret::new("a=s3cret")), ..Access::default() };
    let is_redirector = |url: &Url| url.path().starts_with("/~r/");
    let link = "http://93.184.215.14/~r/1".parse().unwrap();
    let target = client.target(&access, &link, is_redirector, now(), &Forgetful).await.unwrap();
    assert_eq!(target.as_str(), "https://n.example/a");
    assert_eq!((usual.asked().len(), own.asked().len()), (0, 1));
    assert!(!own.asked()[0].contains("s3cret"), "{:?}", own.asked());
}

#[tokio::test]
async fn a_proxy_that_is_down_closes_no_site() {
    let client = client(|_| {});
    let site = Server::new([answer("404 Not Found", &[], b""), answer("200 OK", &[], FEED)]).await;
    let access = Access { route: Route::Over(proxy("http://127.0.0.1:1")), ..Access::default() };
    let source = with(site.url("/feed"), access);
    let page = client.page_of(Some(&source), &site.url("/a"), &Validators::default(), now(), &Forgetful).await;
    assert!(matches!(page, Err(FetchError::Proxy { .. })), "{page:?}");
    client.page(&site.url("/a"), now()).await.unwrap();
}
