//! The PROXY protocol: a header before everything else, by which a balancer says who has connected to it.
//!
//! Version 1 is a line of text, version 2 is binary; both as `proxy-protocol.txt` of HAProxy has them. At most
//! [`HEADER_BYTES_MAX`] are read, and not one byte of what comes after the header.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use tokio::io::{AsyncRead, AsyncReadExt};

/// Longest header accepted: version 2 may carry certificates' names and the like, which are skipped.
const HEADER_BYTES_MAX: usize = 2_048;
/// What version 2 begins with. No shorter header exists, of either version.
const SIGNATURE: [u8; 12] = *b"\r\n\r\n\0\r\nQUIT\n";
/// Longest line of version 1, its end included.
const LINE_BYTES_MAX: usize = 107;
const LINE_END: &[u8] = b"\r\n";

/// Why a connection does not begin with a PROXY header.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ProxyHeaderError {
    /// It ended before, or could not be read.
    #[error("the connection broke within its PROXY header: {0}")]
    Broken(#[from] io::Error),
    /// It begins with something else.
    #[error("the connection does not begin with a PROXY header")]
    Missing,
    /// Longer than any header need be.
    #[error("its PROXY header is too long")]
    TooLong,
    /// Begins well, and then says nothing that the protocol knows.
    #[error("its PROXY header is malformed")]
    Malformed,
}

/// Reads the header. `None`: the proxy asks for itself, as it does to see whether the server lives.
pub(crate) async fn read_header(stream: &mut (impl AsyncRead + Unpin)) -> Result<Option<SocketAddr>, ProxyHeaderError> {
    let mut header = vec![0; SIGNATURE.len()];
    stream.read_exact(&mut header).await?;
    if header.starts_with(b"PROXY ") {
        while !header.ends_with(LINE_END) {
            if header.len() == LINE_BYTES_MAX {
                return Err(ProxyHeaderError::TooLong);
            }
            header.push(stream.read_u8().await?);
        }
        return line(&header);
    }
    if header != SIGNATURE {
        return Err(ProxyHeaderError::Missing);
    }
    let [version_and_command, family] = [stream.read_u8().await?, stream.read_u8().await?];
    let length = usize::from(stream.read_u16().await?);
    if SIGNATURE.len() + 4 + length > HEADER_BYTES_MAX {
        return Err(ProxyHeaderError::TooLong);
    }
    let mut rest = vec![0; length];
    stream.read_exact(&mut rest).await?;
    binary(version_and_command, family, &rest)
}

/// Version 1: `PROXY TCP4 from to from_port to_port`.
fn line(header: &[u8]) -> Result<Option<SocketAddr>, ProxyHeaderError> {
    let text = header.strip_suffix(LINE_END).and_then(|line| std::str::from_utf8(line).ok());
    let mut words = text.ok_or(ProxyHeaderError::Malformed)?.split(' ').skip(1);
    let is_ipv4 = match words.next() {
        Some("TCP4") => true,
        Some("TCP6") => false,
        Some("UNKNOWN") => return Ok(None),
        _ => return Err(ProxyHeaderError::Malformed),
    };
    let mut next = || words.next().ok_or(ProxyHeaderError::Malformed);
    let from: IpAddr = next()?.parse().map_err(|_| ProxyHeaderError::Malformed)?;
    let to: IpAddr = next()?.parse().map_err(|_| ProxyHeaderError::Malformed)?;
    let port: u16 = next()?.parse().map_err(|_| ProxyHeaderError::Malformed)?;
    let _: u16 = next()?.parse().map_err(|_| ProxyHeaderError::Malformed)?;
    if words.next().is_some() || from.is_ipv4() != is_ipv4 || to.is_ipv4() != is_ipv4 {
        return Err(ProxyHeaderError::Malformed);
    }
    Ok(Some(SocketAddr::new(from, port)))
}

/// Version 2: the addresses, and after them whatever else.
fn binary(version_and_command: u8, family: u8, rest: &[u8]) -> Result<Option<SocketAddr>, ProxyHeaderError> {
    match version_and_command {
        0x20 => return Ok(None),
        0x21 => {}
        _ => return Err(ProxyHeaderError::Malformed),
    }
    let found = match family {
        // TCP over IPv4: both addresses, both ports.
        0x11 => rest.first_chunk::<4>().map(|from| IpAddr::from(Ipv4Addr::from(*from))).zip(port(rest, 8, 12)),
        0x21 => rest.first_chunk::<16>().map(|from| IpAddr::from(Ipv6Addr::from(*from))).zip(port(rest, 32, 36)),
        // Neither family is given: the connection's own addresses count.
        0x00 => return Ok(None),
        _ => None,
    };
    found.map(|(address, port)| Some(SocketAddr::new(address, port))).ok_or(ProxyHeaderError::Malformed)
}

/// The sender's port, in a block of addresses that is `bytes` long.
fn port(rest: &[u8], at: usize, bytes: usize) -> Option<u16> {
    let block = rest.get(..bytes)?;
    block.get(at..)?.first_chunk().map(|port| u16::from_be_bytes(*port))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What is read of `bytes`, and how many are left.
    fn read(bytes: &[u8]) -> (Result<Option<SocketAddr>, ProxyHeaderError>, usize) {
        let mut rest = bytes;
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let found = runtime.block_on(read_header(&mut rest));
        (found, rest.len())
    }

    fn second(command: u8, family: u8, rest: &[u8]) -> Vec<u8> {
        let length = u16::try_from(rest.len()).unwrap().to_be_bytes();
        [&SIGNATURE[..], &[command, family], &length, rest].concat()
    }

    #[test]
    fn both_versions_say_who_has_connected() {
        let ipv4 = [192, 0, 2, 1, 10, 0, 0, 1, 0x1F, 0x90, 0, 80];
        let mut ipv6 = [0; 36];
        ipv6[0..2].copy_from_slice(&[0x20, 0x01]);
        ipv6[32..34].copy_from_slice(&[0x1F, 0x90]);
        let more = [&ipv4[..], &[0x04, 0x00, 0x01, 0x00]].concat();
        for (header, from) in [
            (b"PROXY TCP4 192.0.2.1 10.0.0.1 8080 80\r\n".to_vec(), Some("192.0.2.1:8080")),
            (b"PROXY TCP6 2001:: ::1 8080 80\r\n".to_vec(), Some("[2001::]:8080")),
            (b"PROXY UNKNOWN\r\n".to_vec(), None),
            (b"PROXY UNKNOWN ffff:: :: 1 1\r\n".to_vec(), None),
            (second(0x21, 0x11, &ipv4), Some("192.0.2.1:8080")),
            (second(0x21, 0x11, &more), Some("192.0.2.1:8080")),
            (second(0x21, 0x21, &ipv6), Some("[2001::]:8080")),
            (second(0x20, 0x00, &[]), None),
            (second(0x21, 0x00, &[1, 2, 3]), None),
        ] {
            let (found, left) = read(&[&header[..], b"GET"].concat());
            assert_eq!(found.unwrap().map(|at| at.to_string()).as_deref(), from, "{header:?}");
            assert_eq!(left, 3, "what comes after it is left alone: {header:?}");
        }
    }

    #[test]
    fn what_is_no_header_is_refused() {
        for wrong in [
            b"GET / HTTP/1.1\r\n\r\n".to_vec(),
            b"PROXY TCP4 192.0.2.1\r\n".to_vec(),
            b"PROXY TCP4 ::1 ::1 1 1\r\n".to_vec(),
            b"PROXY TCP4 192.0.2.1 10.0.0.1 8080 80 9\r\n".to_vec(),
            b"PROXY TCP4 192.0.2.1 10.0.0.1 99999 80\r\n".to_vec(),
            b"PROXY UDP4 192.0.2.1 10.0.0.1 1 1\r\n".to_vec(),
            [&b"PROXY "[..], &[b'x'; 200]].concat(),
            second(0x31, 0x11, &[0; 12]),
            second(0x22, 0x11, &[0; 12]),
            second(0x21, 0x11, &[0; 11]),
            second(0x21, 0x12, &[0; 12]),
            second(0x21, 0x31, &[0; 216]),
            second(0x21, 0x11, &[0; HEADER_BYTES_MAX]),
            SIGNATURE.to_vec(),
            b"PROXY".to_vec(),
            Vec::new(),
        ] {
            assert!(read(&wrong).0.is_err(), "{wrong:?} says nothing");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..256)) {
            let _ = read(&bytes);
        }

        #[test]
        fn a_spoilt_header_is_read_or_refused_and_never_read_past(
            command in any::<u8>(), family in any::<u8>(), rest in prop::collection::vec(any::<u8>(), 0..64), cut in 0_usize..90,
        ) {
            let header = second(command, family, &rest);
            let (found, left) = read(&[&header[..], b"GET"].concat());
            prop_assert!(found.is_err() || left == 3, "what comes after a header is left alone");
            let _ = read(&header[..cut.min(header.len())]);
        }

        #[test]
        fn any_line_is_read_or_refused(text in "PROXY (TCP4|TCP6|UNKNOWN)?[ -~]{0,120}(\r\n)?") {
            let _ = read(text.as_bytes());
        }
    }
}
