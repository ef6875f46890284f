//! Reads the body of an answer, no further than it may be long.

use reqwest::Response;
use reqwest::header::CONTENT_ENCODING;
use url::Url;

use super::error::FetchError;
use super::redact::redacted;
use super::{inflate, transport};

/// The whole document: at most `max_bytes` as transferred, all encodings undone. A body that was
/// cut short is an error, never a document.
pub(super) async fn read(response: Response, max_bytes: u64, url: &Url) -> Result<Vec<u8>, FetchError> {
    let labels = response.headers().get_all(CONTENT_ENCODING);
    let encodings: Vec<_> = labels.iter().map(|label| String::from_utf8_lossy(label.as_bytes()).into_owned()).collect();
    let body = transferred(response, max_bytes, url).await?;
    inflate::inflated(body, &encodings.join(","), max_bytes, url).await
}

/// The first `bytes` of a document, of which no more is read than that. Of a compressed one, which is
/// rare since this is asked without compression, all of it is.
pub(super) async fn read_beginning(
    mut response: Response,
    bytes: usize,
    max_bytes: u64,
    url: &Url,
) -> Result<Vec<u8>, FetchError> {
    let mut body = Vec::new();
    if response.headers().contains_key(CONTENT_ENCODING) {
        body = read(response, max_bytes, url).await?;
    } else {
        while body.len() < bytes
            && let Some(chunk) = response.chunk().await.map_err(|e| transport::cut_short(e, url))?
        {
            body.extend_from_slice(&chunk);
        }
    }
    body.truncate(bytes);
    Ok(body)
}

async fn transferred(mut response: Response, max_bytes: u64, url: &Url) -> Result<Vec<u8>, FetchError> {
    let too_large = || FetchError::TooLarge { url: redacted(url), limit: max_bytes };
    if response.content_length().is_some_and(|length| length > max_bytes) {
        return Err(too_large());
    }
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|e| transport::cut_short(e, url))? {
        if (body.len() + chunk.len()) as u64 > max_bytes {
            return Err(too_large());
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}
