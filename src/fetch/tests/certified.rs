//! A server whose certificate only our own authority vouches for. The files hold for a hundred years, and
//! the key of the authority is gone.

use std::sync::Arc;

use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

use super::server::{answer, question};
use super::special::with;
use super::{FEED, client, now, page};
use crate::fetch::{FetchError, check_roots};
use crate::model::{Access, Login, Proxy, Roots, Route, Secret, Visit};

const AUTHORITY: &[u8] = include_bytes!("certificates/authority.pem");
const SERVER: &[u8] = include_bytes!("certificates/server.pem");
const KEY: &[u8] = include_bytes!("certificates/server.key");

/// Its address. It answers every connection that comes to an understanding.
async fn certified() -> url::Url {
    let chain = vec![CertificateDer::from_pem_slice(SERVER).unwrap()];
    let key = PrivateKeyDer::from_pem_slice(KEY).unwrap();
    let config = ServerConfig::builder().with_no_client_auth().with_single_cert(chain, key).unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            if let Ok(mut stream) = acceptor.accept(stream).await {
                let _ = stream.write_all(&answer("200 OK", &[], FEED)).await;
                let _ = stream.shutdown().await;
            }
        }
    });
    format!("https://127.0.0.1:{port}/").parse().unwrap()
}

fn believing(roots: Option<Roots>) -> Access {
    Access { roots, ..Access::default() }
}

#[tokio::test]
async fn an_authority_is_believed_by_the_source_that_names_it_alone() {
    let url = certified().await;
    let client = client(|_| {});
    let roots = Roots::new(AUTHORITY);
    for _ in 0..2 {
        page(client.visit(&with(url.clone(), believing(Some(roots.clone()))), &Visit::default(), now()).await);
        let error = client.visit(&with(url.clone(), believing(None)), &Visit::default(), now()).await.unwrap_err();
        // A system without any certificates says so.
        assert!(matches!(error, FetchError::Tls { .. } | FetchError::NoCaRoots { .. }), "{error:?}");
    }
}

#[tokio::test]
async fn an_authority_of_all_is_believed_by_all() {
    let url = certified().await;
    let client = client(|settings| settings.roots = Some(Roots::new(AUTHORITY)));
    page(client.visit(&with(url.clone(), believing(None)), &Visit::default(), now()).await);
    client.page(&url, now()).await.unwrap();
}

/// A proxy that leads every CONNECT to this port; gives its address, and what it was asked.
async fn tunnel(to: u16) -> (Proxy, JoinHandle<String>) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = format!("http://127.0.0.1:{}", listener.local_addr().unwrap().port());
    let asked = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let asked = question(&mut stream).await;
        stream.write_all(b"HTTP/1.1 200 Connected\r\n\r\n").await.unwrap();
        let mut site = TcpStream::connect(("127.0.0.1", to)).await.unwrap();
        let _ = tokio::io::copy_bidirectional(&mut stream, &mut site).await;
        asked
    });
    (Proxy::new(address.parse().unwrap()).unwrap(), asked)
}

#[tokio::test]
async fn through_a_tunnel_the_site_itself_is_believed_and_the_proxy_hears_nothing() {
    let url = certified().await;
    for (roots, expected) in [(Some(Roots::new(AUTHORITY)), true), (None, false)] {
        let (proxy, asked) = tunnel(url.port().unwrap()).await;
        let access =
            Access { route: Route::Over(proxy), login: Some(Login::Bearer(Secret::new("t0ken"))), ..believing(roots) };
        let client = client(|_| {});
        let visited = client.visit(&with(url.clone(), access), &Visit::default(), now()).await;
        assert_eq!(visited.is_ok(), expected, "{visited:?}");
        assert!(expected || matches!(visited, Err(FetchError::Tls { .. } | FetchError::NoCaRoots { .. })));
        drop(client);
        // Without any certificates nothing is asked at all.
        if expected {
            let asked = asked.await.unwrap();
            assert!(asked.starts_with("connect 127.0.0.1:") && !asked.contains("authorization"), "{asked}");
        }
    }
}

#[tokio::test]
async fn a_proxy_may_be_spoken_to_in_secret_too() {
    let mut proxy = certified().await;
    proxy.set_username("me").unwrap();
    let access = Access { route: Route::Over(Proxy::new(proxy).unwrap()), ..believing(Some(Roots::new(AUTHORITY))) };
    let far = "http://93.184.215.14/".parse().unwrap();
    page(client(|_| {}).visit(&with(far, access), &Visit::default(), now()).await);
}

#[test]
fn certificates_that_are_none_are_found_out() {
    assert_eq!(check_roots(&Roots::new(AUTHORITY)), Ok(()));
    assert_eq!(check_roots(&Roots::new([AUTHORITY, SERVER].concat())), Ok(()));
    for bytes in [&b""[..], b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", KEY, &SERVER[..200]] {
        assert!(check_roots(&Roots::new(bytes)).is_err(), "{}", String::from_utf8_lossy(bytes));
    }
}
