//! Undoes content encodings, within bounds.
//!
//! The HTTP library could do it, but then nobody sees how small a body was on the wire, which is
//! what tells a bomb from a large page.

use std::io;

use async_compression::tokio::bufread::{BrotliDecoder, DeflateDecoder, GzipDecoder, ZlibDecoder, ZstdDecoder};
use async_compression::zstd::DParameter;
use tokio::io::{AsyncRead, AsyncReadExt};
use url::Url;

use super::cause::Cause;
use super::error::FetchError;
use super::redact::redacted;

/// What is asked for in `Accept-Encoding`.
pub(super) const ACCEPTED: &str = "gzip, br, zstd, deflate";

/// Text rarely shrinks by more than 20:1; a run of zeros shrinks by 1000:1 with gzip.
const RATIO: u64 = 200;

/// Up to here any ratio will do: a small feed may well repeat itself.
const HARMLESS: u64 = 1024 * 1024;

/// One that is announced and one that is the document itself (`feed.xml.gz`), or twice the same.
const LAYERS: usize = 2;

/// RFC 8878 §3.1.1.1.2: 8 MiB is what a decoder should support; more is memory for the asking.
const ZSTD_WINDOW_LOG: u32 = 23;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Coding {
    Gzip,
    Deflate,
    Brotli,
    Zstd,
}

/// The document within the body. `encodings` is `Content-Encoding`, in the order in which they
/// were applied. The result is at most twice `max_bytes` long.
pub(super) async fn inflated(body: Vec<u8>, encodings: &str, max_bytes: u64, url: &Url) -> Result<Vec<u8>, FetchError> {
    let limit = (body.len() as u64 * RATIO).max(HARMLESS).min(max_bytes.saturating_mul(2));
    let unknown = |encoding: &str| FetchError::UnknownEncoding {
        url: redacted(url),
        encoding: encoding.chars().filter(|c| !c.is_control()).take(40).collect(),
    };
    let mut codings = Vec::new();
    for name in encodings.split(',').map(str::trim).filter(|name| !name.is_empty()) {
        codings.extend(Coding::named(name).map_err(|()| unknown(name))?);
    }
    if codings.len() > LAYERS {
        return Err(unknown(encodings));
    }

    let (mut body, mut layers) = (body, 0);
    while let Some(coding) = codings.pop().or_else(|| is_gzip(&body).then_some(Coding::Gzip)) {
        // Proxies decompress and leave the label, or add a second one.
        if coding == Coding::Gzip && !is_gzip(&body) || body.is_empty() {
            continue;
        }
        layers += 1;
        if layers > LAYERS {
            return Err(unknown("gzip within gzip within gzip"));
        }
        body = match coding.decoded(&body, limit).await {
            Ok(Some(inner)) => inner,
            Ok(None) => return Err(FetchError::Inflates { url: redacted(url), limit }),
            Err(error) => return Err(failure(coding, &error, url)),
        };
    }
    Ok(body)
}

fn failure(coding: Coding, error: &io::Error, url: &Url) -> FetchError {
    let (url, cause) = (redacted(url), Cause::of(error));
    if error.kind() == io::ErrorKind::UnexpectedEof {
        FetchError::Truncated { url, cause }
    } else {
        FetchError::BadEncoding { url, encoding: coding.name(), cause }
    }
}

fn is_gzip(body: &[u8]) -> bool {
    body.starts_with(&[0x1f, 0x8b, 8])
}

/// RFC 1950 §2.2: method 8, and a checksum over the two bytes.
fn is_zlib(body: &[u8]) -> bool {
    matches!(body, [a, b, ..] if a & 0xf == 8 && (u16::from(*a) << 8 | u16::from(*b)) % 31 == 0)
}

impl Coding {
    /// `None` for `identity`, which is none.
    fn named(name: &str) -> Result<Option<Coding>, ()> {
        Ok(Some(match name.to_ascii_lowercase().as_str() {
            "gzip" | "x-gzip" => Coding::Gzip,
            "deflate" => Coding::Deflate,
            "br" => Coding::Brotli,
            "zstd" => Coding::Zstd,
            "identity" => return Ok(None),
            _ => return Err(()),
        }))
    }

    fn name(self) -> &'static str {
        match self {
            Coding::Gzip => "gzip",
            Coding::Deflate => "deflate",
            Coding::Brotli => "brotli",
            Coding::Zstd => "zstd",
        }
    }

    /// One layer less; `None` as soon as there is more than `limit` in it.
    async fn decoded(self, body: &[u8], limit: u64) -> io::Result<Option<Vec<u8>>> {
        let mut inner: Box<dyn AsyncRead + Send + Unpin + '_> = match self {
            Coding::Gzip => {
                let mut decoder = GzipDecoder::new(body);
                decoder.multiple_members(true);
                Box::new(decoder)
            }
            // "deflate" means zlib (RFC 9110 §8.4.1.2), but some send it bare.
            Coding::Deflate if is_zlib(body) => Box::new(ZlibDecoder::new(body)),
            Coding::Deflate => Box::new(DeflateDecoder::new(body)),
            Coding::Brotli => Box::new(BrotliDecoder::new(body)),
            Coding::Zstd => {
                let window = DParameter::window_log_max(ZSTD_WINDOW_LOG);
                Box::new(ZstdDecoder::with_params(body, &[window]))
            }
        };
        let mut document = Vec::new();
        let mut chunk = vec![0; 64 * 1024];
        loop {
            let length = inner.read(&mut chunk).await?;
            if length == 0 {
                return Ok(Some(document));
            }
            document.extend_from_slice(chunk.get(..length).unwrap_or_default());
            if document.len() as u64 > limit {
                return Ok(None);
            }
            // Reading from memory never waits, but others want to run, and so does the time-out.
            tokio::task::yield_now().await;
        }
    }
}

#[cfg(test)]
mod tests {
    use async_compression::tokio::bufread::{BrotliEncoder, DeflateEncoder, GzipEncoder, ZlibEncoder, ZstdEncoder};

    use super::*;

    const FEED: &[u8] = b"<rss version='2.0'><channel><title>news</title></channel></rss>";
    const MAX: u64 = 1024 * 1024;

    async fn all(mut from: impl AsyncRead + Unpin) -> Vec<u8> {
        let mut bytes = Vec::new();
        from.read_to_end(&mut bytes).await.unwrap();
        bytes
    }

    async fn gzip(document: &[u8]) -> Vec<u8> {
        all(GzipEncoder::new(document)).await
    }

    async fn read(body: &[u8], encodings: &str) -> Result<Vec<u8>, FetchError> {
        inflated(body.to_vec(), encodings, MAX, &"https://n.example/".parse().unwrap()).await
    }

    async fn check(body: &[u8], encodings: &str) {
        assert_eq!(read(body, encodings).await.unwrap(), FEED, "{encodings}");
    }

    #[tokio::test]
    async fn all_that_is_asked_for_is_understood() {
        check(FEED, "").await;
        check(FEED, "identity").await;
        check(&gzip(FEED).await, "gzip").await;
        check(&gzip(FEED).await, "X-GZip").await;
        check(&all(ZlibEncoder::new(FEED)).await, "deflate").await;
        check(&all(DeflateEncoder::new(FEED)).await, "deflate").await;
        check(&all(BrotliEncoder::new(FEED)).await, "br").await;
        check(&all(ZstdEncoder::new(FEED)).await, "zstd").await;
    }

    #[tokio::test]
    async fn labels_that_lie_do_no_harm() {
        check(&gzip(FEED).await, "").await;
        check(FEED, "gzip").await;
        check(&gzip(FEED).await, "gzip, gzip").await;
        check(&gzip(&gzip(FEED).await).await, "gzip").await;
        check(&gzip(&gzip(FEED).await).await, "gzip, gzip").await;
        check(&all(BrotliEncoder::new(&*gzip(FEED).await)).await, "gzip, br").await;
        let halves = [gzip(&FEED[..20]).await, gzip(&FEED[20..]).await].concat();
        check(&halves, "gzip").await;
    }

    #[tokio::test]
    async fn too_many_layers_and_unknown_ones_are_refused() {
        let deep = gzip(&gzip(&gzip(FEED).await).await).await;
        for (body, encodings) in [(&*deep, "gzip"), (FEED, "x-foo"), (FEED, "gzip, gzip, gzip")] {
            let error = read(body, encodings).await.unwrap_err();
            assert!(matches!(error, FetchError::UnknownEncoding { .. }), "{error:?}");
        }
    }

    #[tokio::test]
    async fn a_cut_body_is_cut_and_a_damaged_one_is_damaged() {
        let whole = gzip(&FEED.repeat(50)).await;
        let cut = read(&whole[..whole.len() - 12], "gzip").await.unwrap_err();
        assert!(matches!(cut, FetchError::Truncated { .. }), "{cut:?}");
        let mut damaged = whole.clone();
        damaged[12..].iter_mut().for_each(|byte| *byte = !*byte);
        let damaged = read(&damaged, "gzip").await.unwrap_err();
        assert!(matches!(damaged, FetchError::BadEncoding { encoding: "gzip", .. }), "{damaged:?}");
    }

    #[tokio::test]
    async fn a_bomb_is_cut_off() {
        let zeros = vec![0; 4 * MAX as usize];
        for (bomb, encodings) in [
            (gzip(&zeros).await, "gzip"),
            (gzip(&zeros).await, ""),
            (gzip(&gzip(&zeros).await).await, "gzip"),
            (all(BrotliEncoder::new(&*zeros)).await, "br"),
            (all(ZstdEncoder::new(&*zeros)).await, "zstd"),
        ] {
            let error = read(&bomb, encodings).await.unwrap_err();
            assert!(matches!(error, FetchError::Inflates { .. }), "{encodings}: {error:?}");
        }
        // So much repetition is harmless while it is small.
        assert!(read(&gzip(&zeros[..MAX as usize]).await, "gzip").await.is_ok());
    }
}
