//! Connect tokens: what a client is handed over HTTPS, and the part inside that only servers can read.

use std::net::{IpAddr, SocketAddr};

use hypogeum_protocol::link::USER_DATA_BYTES;

use super::{
    ADDRESSES_MAX, CONNECT_TOKEN_BYTES, KEY_BYTES, PRIVATE_BYTES, TAG_BYTES, TOKEN_NONCE_BYTES, VERSION, random_bytes,
    seal,
};

/// Why bytes are no connect token, or none can be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// The bytes end inside a field.
    #[error("the connect token ends inside a field")]
    Truncated,
    /// Not a token of this standard.
    #[error("the connect token is not of netcode 1.02")]
    WrongVersion,
    /// An address is neither IPv4 nor IPv6.
    #[error("the connect token names a server address of an unknown kind")]
    UnknownAddressKind,
    /// A token must name 1 to [`ADDRESSES_MAX`] servers; this one names {0}.
    #[error("a connect token names 1 to {ADDRESSES_MAX} server addresses, not {0}")]
    AddressCount(usize),
    /// The key does not open the private part, or it was changed since.
    #[error("the private part of the connect token was not sealed by this key")]
    Forged,
}

/// What a token promises to whom.
#[derive(Clone, Copy, Debug)]
pub struct TokenGrant<'a> {
    /// The netcode client id.
    pub client_id: u64,
    /// Game and wire format; must be the server's.
    pub protocol_id: u64,
    /// Servers it is good for, tried in this order: 1 to [`ADDRESSES_MAX`].
    pub addresses: &'a [SocketAddr],
    /// Seconds without a datagram after which either end gives up. Not positive: never.
    pub timeout_s: i32,
    /// Seconds since 1970 at which it was made.
    pub created_unix_s: u64,
    /// Seconds since 1970 from which on it is refused.
    pub expires_unix_s: u64,
    /// What the server should know about the client.
    pub user_data: &'a [u8; USER_DATA_BYTES],
}

/// A connect token as its client sees it.
#[derive(Clone)]
pub struct ConnectToken {
    /// The netcode client id.
    pub client_id: u64,
    /// Game and wire format.
    pub protocol_id: u64,
    /// Seconds since 1970 at which it was made.
    pub created_unix_s: u64,
    /// Seconds since 1970 from which on servers refuse it.
    pub expires_unix_s: u64,
    /// Servers to try, in order; at least one.
    pub addresses: Vec<SocketAddr>,
    /// Seconds without a datagram after which to give up. Not positive: never.
    pub timeout_s: i32,
    pub(crate) nonce: [u8; TOKEN_NONCE_BYTES],
    pub(crate) private: Box<[u8; PRIVATE_BYTES]>,
    pub(crate) client_to_server_key: [u8; KEY_BYTES],
    pub(crate) server_to_client_key: [u8; KEY_BYTES],
}

impl ConnectToken {
    /// Reads a token, in the layout of renetcode (which puts the client id first) or of the standard (which leaves it
    /// out, so it reads as 0). Bytes after the last field are ignored.
    ///
    /// # Errors
    /// Any [`TokenError`] but `Forged`: only a server can tell that.
    pub fn read(bytes: &[u8]) -> Result<Self, TokenError> {
        let mut reader = Reader(bytes);
        let client_id = if bytes.starts_with(VERSION) { 0 } else { u64::from_le_bytes(reader.array()?) };
        if &reader.array::<{ VERSION.len() }>()? != VERSION {
            return Err(TokenError::WrongVersion);
        }
        Ok(Self {
            client_id,
            protocol_id: u64::from_le_bytes(reader.array()?),
            created_unix_s: u64::from_le_bytes(reader.array()?),
            expires_unix_s: u64::from_le_bytes(reader.array()?),
            nonce: reader.array()?,
            private: Box::new(reader.array()?),
            timeout_s: i32::from_le_bytes(reader.array()?),
            addresses: reader.addresses()?,
            client_to_server_key: reader.array()?,
            server_to_client_key: reader.array()?,
        })
    }
}

impl std::fmt::Debug for ConnectToken {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // The keys stay out of logs.
        formatter.debug_struct("ConnectToken").field("client_id", &self.client_id).finish_non_exhaustive()
    }
}

/// What only a server can read.
pub(crate) struct PrivateToken {
    pub(crate) client_id: u64,
    pub(crate) timeout_s: i32,
    pub(crate) addresses: Vec<SocketAddr>,
    pub(crate) client_to_server_key: [u8; KEY_BYTES],
    pub(crate) server_to_client_key: [u8; KEY_BYTES],
    pub(crate) user_data: Box<[u8; USER_DATA_BYTES]>,
}

impl PrivateToken {
    pub(crate) fn open(
        sealed: &[u8; PRIVATE_BYTES],
        nonce: &[u8; TOKEN_NONCE_BYTES],
        protocol_id: u64,
        expires_unix_s: u64,
        key: &[u8; KEY_BYTES],
    ) -> Result<Self, TokenError> {
        let text = seal::open_token(sealed, nonce, key, &additional(protocol_id, expires_unix_s));
        Self::read(&text.ok_or(TokenError::Forged)?)
    }

    /// Reads what was sealed.
    pub(crate) fn read(text: &[u8]) -> Result<Self, TokenError> {
        let mut reader = Reader(text);
        Ok(Self {
            client_id: u64::from_le_bytes(reader.array()?),
            timeout_s: i32::from_le_bytes(reader.array()?),
            addresses: reader.addresses()?,
            client_to_server_key: reader.array()?,
            server_to_client_key: reader.array()?,
            user_data: Box::new(reader.array()?),
        })
    }
}

/// Makes a token in renetcode's layout: the standard's, with the client id (8 bytes, little endian) before it, so that
/// stock renet clients read it.
///
/// # Errors
/// [`TokenError::AddressCount`].
pub(crate) fn generate(
    grant: &TokenGrant<'_>,
    private_key: &[u8; KEY_BYTES],
) -> Result<[u8; CONNECT_TOKEN_BYTES], TokenError> {
    if grant.addresses.is_empty() || grant.addresses.len() > ADDRESSES_MAX {
        return Err(TokenError::AddressCount(grant.addresses.len()));
    }
    let keys: [u8; 2 * KEY_BYTES] = random_bytes();
    let nonce: [u8; TOKEN_NONCE_BYTES] = random_bytes();

    let mut secret = Vec::with_capacity(PRIVATE_BYTES);
    secret.extend_from_slice(&grant.client_id.to_le_bytes());
    secret.extend_from_slice(&grant.timeout_s.to_le_bytes());
    write_addresses(&mut secret, grant.addresses);
    secret.extend_from_slice(&keys);
    secret.extend_from_slice(grant.user_data);
    secret.resize(PRIVATE_BYTES - TAG_BYTES, 0);
    let additional = additional(grant.protocol_id, grant.expires_unix_s);
    let sealed = seal::seal_token(&secret, &nonce, private_key, &additional).ok_or(TokenError::Forged)?;

    let mut token = Vec::with_capacity(CONNECT_TOKEN_BYTES);
    token.extend_from_slice(&grant.client_id.to_le_bytes());
    token.extend_from_slice(VERSION);
    token.extend_from_slice(&grant.protocol_id.to_le_bytes());
    token.extend_from_slice(&grant.created_unix_s.to_le_bytes());
    token.extend_from_slice(&grant.expires_unix_s.to_le_bytes());
    token.extend_from_slice(&nonce);
    token.extend_from_slice(&sealed);
    token.extend_from_slice(&grant.timeout_s.to_le_bytes());
    write_addresses(&mut token, grant.addresses);
    token.extend_from_slice(&keys);

    let mut out = [0; CONNECT_TOKEN_BYTES];
    out[..token.len()].copy_from_slice(&token);
    Ok(out)
}

fn additional(protocol_id: u64, expires_unix_s: u64) -> [u8; VERSION.len() + 16] {
    let mut bytes = [0; VERSION.len() + 16];
    bytes[..13].copy_from_slice(VERSION);
    bytes[13..21].copy_from_slice(&protocol_id.to_le_bytes());
    bytes[21..].copy_from_slice(&expires_unix_s.to_le_bytes());
    bytes
}

const ADDRESS_IPV4: u8 = 1;
const ADDRESS_IPV6: u8 = 2;

fn write_addresses(out: &mut Vec<u8>, addresses: &[SocketAddr]) {
    out.extend_from_slice(&(addresses.len() as u32).to_le_bytes());
    for address in addresses {
        match address.ip() {
            IpAddr::V4(ip) => {
                out.push(ADDRESS_IPV4);
                out.extend_from_slice(&ip.octets());
            }
            IpAddr::V6(ip) => {
                // renetcode's bytes: the sixteen octets as they are written.
                out.push(ADDRESS_IPV6);
                out.extend_from_slice(&ip.octets());
            }
        }
        out.extend_from_slice(&address.port().to_le_bytes());
    }
}

/// Takes fields off the front of a slice.
struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn array<const N: usize>(&mut self) -> Result<[u8; N], TokenError> {
        let (head, rest) = self.0.split_first_chunk::<N>().ok_or(TokenError::Truncated)?;
        self.0 = rest;
        Ok(*head)
    }

    fn addresses(&mut self) -> Result<Vec<SocketAddr>, TokenError> {
        let count = u32::from_le_bytes(self.array()?) as usize;
        if count == 0 || count > ADDRESSES_MAX {
            return Err(TokenError::AddressCount(count));
        }
        let mut addresses = Vec::with_capacity(count);
        for _ in 0..count {
            let [kind] = self.array()?;
            let ip: IpAddr = match kind {
                ADDRESS_IPV4 => self.array::<4>()?.into(),
                ADDRESS_IPV6 => self.array::<16>()?.into(),
                _ => return Err(TokenError::UnknownAddressKind),
            };
            addresses.push(SocketAddr::new(ip, u16::from_le_bytes(self.array()?)));
        }
        Ok(addresses)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const KEY: [u8; KEY_BYTES] = [7; KEY_BYTES];

    fn grant<'a>(addresses: &'a [SocketAddr], user_data: &'a [u8; USER_DATA_BYTES]) -> TokenGrant<'a> {
        TokenGrant {
            client_id: 42,
            protocol_id: 9,
            addresses,
            timeout_s: 5,
            created_unix_s: 1_000,
            expires_unix_s: 1_030,
            user_data,
        }
    }

    #[test]
    fn a_token_read_back_says_what_was_granted() {
        let addresses = ["127.0.0.1:27500".parse().unwrap(), "[2001:db8::5]:9".parse().unwrap()];
        let user_data = random_bytes();
        let bytes = generate(&grant(&addresses, &user_data), &KEY).unwrap();
        let token = ConnectToken::read(&bytes).unwrap();
        assert_eq!(token.addresses, addresses, "the addresses keep their order");
        assert_eq!((token.client_id, token.timeout_s, token.expires_unix_s), (42, 5, 1_030), "fields survive");

        let open = |protocol_id, key| PrivateToken::open(&token.private, &token.nonce, protocol_id, 1_030, key);
        let secret = open(9, &KEY).unwrap_or_else(|error| panic!("our own key opens it: {error}"));
        assert_eq!(secret.client_id, 42, "the server reads the same client id");
        assert_eq!(secret.addresses, addresses, "the server reads the same addresses");
        assert_eq!(*secret.user_data, user_data, "the server reads the user data");
        assert_eq!(secret.client_to_server_key, token.client_to_server_key, "both ends hold the same keys");
        assert_eq!(open(10, &KEY).err(), Some(TokenError::Forged), "another protocol id does not open it");
        assert_eq!(open(9, &[8; KEY_BYTES]).err(), Some(TokenError::Forged), "another key does not open it");
    }

    #[test]
    fn renetcode_reads_our_token_and_we_read_the_standard_layout() {
        let addresses = ["127.0.0.1:27500".parse().unwrap()];
        let user_data = [1; USER_DATA_BYTES];
        let bytes = generate(&grant(&addresses, &user_data), &KEY).unwrap();
        let theirs = renet_netcode::ConnectToken::read(&mut bytes.as_slice()).expect("renetcode reads our token");
        assert_eq!((theirs.client_id, theirs.server_addresses[0]), (42, Some(addresses[0])), "and the same fields");
        let standard = ConnectToken::read(&bytes[8..]).expect("without the client id it is the standard's layout");
        assert_eq!((standard.client_id, &standard.addresses[..]), (0, &addresses[..]), "only the id is missing");
    }

    #[test]
    fn a_full_list_of_addresses_fits_and_one_more_is_refused() {
        let address: SocketAddr = "[2001:db8::1]:1".parse().unwrap();
        let user_data = [255; USER_DATA_BYTES];
        let full = vec![address; ADDRESSES_MAX];
        let bytes = generate(&grant(&full, &user_data), &KEY).expect("32 addresses fit");
        assert_eq!(ConnectToken::read(&bytes).unwrap().addresses, full, "all of them are read back");
        let over = vec![address; ADDRESSES_MAX + 1];
        assert_eq!(generate(&grant(&over, &user_data), &KEY), Err(TokenError::AddressCount(33)), "33 do not");
        assert_eq!(generate(&grant(&[], &user_data), &KEY), Err(TokenError::AddressCount(0)), "none is no server");
    }

    proptest! {
        #[test]
        fn a_token_cut_or_changed_anywhere_never_panics(cut in 0_usize..CONNECT_TOKEN_BYTES, at in 0_usize..1_800, value: u8) {
            let addresses = ["127.0.0.1:27500".parse().unwrap()];
            let mut bytes = generate(&grant(&addresses, &[0; USER_DATA_BYTES]), &KEY).unwrap();
            if let Some(byte) = bytes.get_mut(at) { *byte = value; }
            let _ = ConnectToken::read(&bytes[..cut]);
            let _ = ConnectToken::read(&bytes);
        }
    }
}
