//! Numbers of telnet: RFC 854, and what each option's document says.

pub(crate) const EOR: u8 = 239;
pub(crate) const SE: u8 = 240;
pub(crate) const NOP: u8 = 241;
pub(crate) const AYT: u8 = 246;
pub(crate) const EC: u8 = 247;
pub(crate) const EL: u8 = 248;
pub(crate) const GA: u8 = 249;
pub(crate) const SB: u8 = 250;
pub(crate) const WILL: u8 = 251;
pub(crate) const WONT: u8 = 252;
pub(crate) const DO: u8 = 253;
pub(crate) const DONT: u8 = 254;
pub(crate) const IAC: u8 = 255;

/// RFC 857.
pub(crate) const ECHO: u8 = 1;
/// RFC 858.
pub(crate) const SUPPRESS_GO_AHEAD: u8 = 3;
/// RFC 860.
pub(crate) const TIMING_MARK: u8 = 6;
/// RFC 1091, and MTTS: <https://tintin.mudhalla.net/protocols/mtts/>.
pub(crate) const TERMINAL_TYPE: u8 = 24;
/// RFC 885.
pub(crate) const END_OF_RECORD: u8 = 25;
/// RFC 1073.
pub(crate) const WINDOW_SIZE: u8 = 31;
/// RFC 2066.
pub(crate) const CHARSET: u8 = 42;
/// <https://tintin.mudhalla.net/protocols/mssp/>.
pub(crate) const MSSP: u8 = 70;
/// <https://tintin.mudhalla.net/protocols/gmcp/>.
pub(crate) const GMCP: u8 = 201;

/// Appends a subnegotiation; an IAC in it is doubled.
pub(crate) fn subnegotiation(option: u8, contents: &[u8], out: &mut Vec<u8>) {
    out.extend_from_slice(&[IAC, SB, option]);
    escape(contents, out);
    out.extend_from_slice(&[IAC, SE]);
}

/// Appends bytes as data: an IAC among them is doubled.
pub(crate) fn escape(bytes: &[u8], out: &mut Vec<u8>) {
    for byte in bytes {
        out.push(*byte);
        if *byte == IAC {
            out.push(IAC);
        }
    }
}
