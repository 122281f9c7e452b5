//! Whether a client takes gzip: RFC 9110, section 12.5.3.

use axum::http::{HeaderMap, header};

/// Whether a request says that its answer may be gzipped.
pub(crate) fn takes_gzip(headers: &HeaderMap) -> bool {
    let lines = || headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|line| line.to_str().ok());
    let wants = |coding: &str| lines().flat_map(|line| line.split(',')).find_map(|part| is_wanted(part, coding));
    wants("gzip").or_else(|| wants("*")).unwrap_or(false)
}

/// Whether one part of the list wants this coding; `None`: it is about another.
fn is_wanted(part: &str, coding: &str) -> Option<bool> {
    let mut words = part.split(';').map(str::trim);
    let is_it = words.next().is_some_and(|name| name.eq_ignore_ascii_case(coding));
    let weight = words.find_map(|word| word.strip_prefix("q=").or_else(|| word.strip_prefix("Q=")));
    is_it.then(|| weight.is_none_or(|weight| weight.parse().is_ok_and(|weight: f32| weight > 0.0)))
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn takes(lines: &[&'static str]) -> bool {
        let mut headers = HeaderMap::new();
        for line in lines.iter().copied() {
            headers.append(header::ACCEPT_ENCODING, HeaderValue::from_static(line));
        }
        takes_gzip(&headers)
    }

    #[test]
    fn who_wants_gzip_gets_it() {
        for good in ["gzip", "br, gzip", "GZIP;q=0.1", "deflate, gzip;q=1.0, *;q=0", "*", "*;q=0.5", "gzip ; q=1"] {
            assert!(takes(&[good]), "{good}");
        }
        assert!(takes(&["br", "gzip"]), "several lines are one list");
    }

    #[test]
    fn who_does_not_gets_none() {
        for bad in ["", "br", "identity", "gzip;q=0", "gzip;q=0.000, *", "*;q=0", "gzip;q=x", "gzipped", "gzip;q=NaN"] {
            assert!(!takes(&[bad]), "{bad}");
        }
        assert!(!takes(&[]), "nothing is said of it");
    }
}
