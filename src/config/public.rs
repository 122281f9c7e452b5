//! `public` of `[udp]`: the addresses that clients connect to.

use std::fmt;
use std::net::{SocketAddr, ToSocketAddrs};

use serde::Deserialize;
use serde::de::{self, Deserializer, SeqAccess, Visitor};

/// Addresses a connect token has room for.
const ADDRESSES_MAX: usize = 32;

/// One address or name, with or without a port: `203.0.113.7`, `[2001:db8::7]:27500`, `play.example.org`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PublicAddress {
    host: String,
    /// 0 stands for the port listened on.
    port: u16,
}

impl PublicAddress {
    fn parse(text: &str) -> Result<Self, String> {
        let wrong = |why: &str| {
            format!(
                "found {text:?}: {why}; expected an address or a name, with or without a port, like 203.0.113.7:27500, [2001:db8::7] or play.example.org"
            )
        };
        if let Ok(address) = text.parse::<SocketAddr>() {
            return Ok(Self { host: address.ip().to_string(), port: address.port() });
        }
        let bare = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(text);
        if let Ok(ip) = bare.parse::<std::net::IpAddr>() {
            return Ok(Self { host: ip.to_string(), port: 0 });
        }
        let (host, port) = match text.rsplit_once(':') {
            Some((host, port)) => (host, port.parse().map_err(|_| wrong("no port ends it"))?),
            None => (text, 0),
        };
        let is_label = |label: &str| {
            !label.is_empty()
                && label.len() <= 63
                && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
        };
        if host.len() > 253 || !host.trim_end_matches('.').split('.').all(is_label) {
            return Err(wrong("it is neither"));
        }
        Ok(Self { host: host.to_owned(), port })
    }

    /// What it stands for now; names are asked of the system. IPv4 first: every client has it.
    ///
    /// # Errors
    /// A sentence that names it, where it stands for nothing.
    pub(crate) fn resolve(&self) -> Result<Vec<SocketAddr>, String> {
        let found = (self.host.as_str(), self.port).to_socket_addrs();
        let mut found: Vec<SocketAddr> =
            found.map_err(|error| format!("public of [udp]: {self} cannot be found: {error}"))?.collect();
        found.sort_by_key(SocketAddr::is_ipv6);
        if found.is_empty() {
            return Err(format!("public of [udp]: {self} has no address"));
        }
        Ok(found)
    }
}

impl fmt::Display for PublicAddress {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.host)
    }
}

/// All of them, in the order clients try them: one text, several with commas between, or a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct PublicAddresses(Vec<PublicAddress>);

impl PublicAddresses {
    /// The addresses for clients; empty where nothing is configured.
    ///
    /// # Errors
    /// A sentence that names what stands for nothing, or says that there are too many.
    pub(crate) fn resolve(&self) -> Result<Vec<SocketAddr>, String> {
        let mut all = Vec::new();
        for public in &self.0 {
            for address in public.resolve()? {
                if !all.contains(&address) {
                    all.push(address);
                }
            }
        }
        if all.len() > ADDRESSES_MAX {
            return Err(format!(
                "public of [udp]: {} addresses, a connect token has room for {ADDRESSES_MAX}",
                all.len()
            ));
        }
        Ok(all)
    }

    fn add(&mut self, text: &str) -> Result<(), String> {
        for part in text.split(',') {
            self.0.push(PublicAddress::parse(part.trim())?);
        }
        Ok(())
    }
}

impl<'de> Deserialize<'de> for PublicAddresses {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Texts;
        impl<'de> Visitor<'de> for Texts {
            type Value = PublicAddresses;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("an address, a name, or a list of them")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
                let mut all = PublicAddresses::default();
                all.add(text).map_err(E::custom)?;
                Ok(all)
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut texts: A) -> Result<Self::Value, A::Error> {
                let mut all = PublicAddresses::default();
                while let Some(text) = texts.next_element::<String>()? {
                    all.add(&text).map_err(de::Error::custom)?;
                }
                Ok(all)
            }
        }
        deserializer.deserialize_any(Texts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Deserialize)]
    struct Table {
        public: PublicAddresses,
    }

    fn resolved(public: &str) -> Result<Vec<String>, String> {
        let table: Table = toml::from_str(&format!("public = {public}")).map_err(|error| error.message().to_owned())?;
        Ok(table.public.resolve()?.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn one_address_several_and_names_are_taken_in_their_order() {
        let taken = |public| resolved(public).unwrap_or_else(|error| panic!("{public} is fine: {error}"));
        assert_eq!(taken(r#""203.0.113.7:27500""#), ["203.0.113.7:27500"], "one address");
        assert_eq!(taken(r#""203.0.113.7""#), ["203.0.113.7:0"], "without a port it has the one listened on");
        assert_eq!(taken(r#"["[2001:db8::7]:9", "203.0.113.7"]"#), ["[2001:db8::7]:9", "203.0.113.7:0"], "a list");
        assert_eq!(
            taken(r#""203.0.113.7:9, 2001:db8::7""#),
            ["203.0.113.7:9", "[2001:db8::7]:0"],
            "one text with a comma"
        );
        let local = taken(r#""localhost:9""#);
        assert!(local.contains(&"127.0.0.1:9".to_owned()), "a name is asked of the system: {local:?}");
    }

    #[test]
    fn what_is_no_address_is_named_and_so_is_a_name_nobody_knows() {
        for wrong in [r#""""#, r#""no port:x""#, r#""a b""#, r#""203.0.113.7:70000""#, r#"["203.0.113.7", "-- --"]"#] {
            let error = resolved(wrong).expect_err("it is none");
            assert!(error.contains("found \""), "what was found is said: {error}");
        }
        let error = resolved(r#""nobody.invalid:9""#).expect_err("nobody has this name");
        assert!(error.contains("public of [udp]: nobody.invalid"), "key and value are named: {error}");
        let many = format!("[{}]", (0..33).map(|last| format!("\"203.0.113.{last}\"")).collect::<Vec<_>>().join(","));
        assert!(resolved(&many).is_err_and(|error| error.contains("room for 32")), "a token's room is named");
    }
}
