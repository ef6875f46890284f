//! A server whose certificate only our own authority vouches for. The files hold for a hundred years, and
//! the key of the authority is gone.

use std::sync::Arc;

use tokio::io::AsyncWriteExt;
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

use super::server::answer;
use super::special::with;
use super::{FEED, client, now, page};
use crate::fetch::{FetchError, check_roots};
use crate::model::{Access, Roots, Visit};

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

#[test]
fn certificates_that_are_none_are_found_out() {
    assert_eq!(check_roots(&Roots::new(AUTHORITY)), Ok(()));
    assert_eq!(check_roots(&Roots::new([AUTHORITY, SERVER].concat())), Ok(()));
    for bytes in [&b""[..], b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", KEY, &SERVER[..200]] {
        assert!(check_roots(&Roots::new(bytes)).is_err(), "{}", String::from_utf8_lossy(bytes));
    }
}
