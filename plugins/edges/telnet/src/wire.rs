//! What carries the words: the bytes of a connection as they are, or frames of a WebSocket, by the subprotocols of
//! <https://mudstandards.org/websocket/>.

use hypogeum_envelope::{CloseCode, Decoder, FrameLimits, Incoming, Opcode, write_frame};

/// Memory that a connection keeps for what is written next.
const KEPT_BYTES: usize = 2_048;

/// How a WebSocket carries words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subprotocol {
    /// Telnet, all of it, in binary frames.
    Telnet,
    /// Words in UTF-8 with colours in binary frames, GMCP in text frames.
    Gmcp,
    /// Words alone.
    Terminal,
}

impl Subprotocol {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Telnet, Self::Gmcp, Self::Terminal];

    /// Its name in the handshake.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Telnet => "telnet.mudstandards.org",
            Self::Gmcp => "gmcp.mudstandards.org",
            Self::Terminal => "terminal.mudstandards.org",
        }
    }

    /// The one of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.name() == name)
    }
}

/// What has come.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Came<'a> {
    /// Bytes of telnet.
    Telnet(&'a [u8]),
    /// What was typed, at least a line of it.
    Typed(&'a [u8]),
    /// A message in GMCP.
    Data(&'a [u8]),
    /// A ping, which a pong with the same bytes answers.
    Ping(&'a [u8]),
    /// The end.
    End,
    /// No frames, or of the wrong kind.
    Wrong,
}

/// What carries the words of one connection.
pub(crate) enum Wire {
    /// Nothing but the connection.
    Line,
    /// A WebSocket.
    Frames(Subprotocol, Box<Decoder>),
}

impl Wire {
    pub(crate) fn frames(subprotocol: Subprotocol) -> Self {
        Self::Frames(subprotocol, Box::new(Decoder::new(FrameLimits::default())))
    }

    /// Takes what has come, decrypted.
    pub(crate) fn open(&mut self, bytes: &[u8], mut take: impl FnMut(Came<'_>)) {
        let Self::Frames(subprotocol, decoder) = self else { return take(Came::Telnet(bytes)) };
        decoder.feed(bytes);
        loop {
            let came = match (decoder.take_next(), *subprotocol) {
                (Ok(None), _) => return,
                (Ok(Some(Incoming::Pong)), _) => continue,
                (Ok(Some(Incoming::Ping(bytes))), _) => Came::Ping(bytes),
                (Ok(Some(Incoming::Close(_))), _) => Came::End,
                (Ok(Some(Incoming::Binary(bytes))), Subprotocol::Telnet) => Came::Telnet(bytes),
                (Ok(Some(Incoming::Binary(bytes))), _) => Came::Typed(bytes),
                (Ok(Some(Incoming::Text(bytes))), Subprotocol::Gmcp) => Came::Data(bytes),
                (Ok(Some(Incoming::Text(_))) | Err(_), _) => Came::Wrong,
            };
            let is_last = matches!(came, Came::End | Came::Wrong);
            take(came);
            if is_last {
                return;
            }
        }
    }

    /// Puts what was written into what leaves.
    pub(crate) fn pack(&self, draft: &mut Vec<u8>, out: &mut Vec<u8>) {
        self.pack_all(draft, out);
        draft.shrink_to(KEPT_BYTES);
    }

    fn pack_all(&self, draft: &mut Vec<u8>, out: &mut Vec<u8>) {
        match self {
            Self::Line => out.append(draft),
            Self::Frames(..) if draft.is_empty() => {}
            Self::Frames(..) => {
                write_frame(Opcode::Binary, draft, out);
                draft.clear();
            }
        }
    }

    /// Appends the end, where it is said.
    pub(crate) fn end(&self, out: &mut Vec<u8>) {
        if let Self::Frames(..) = self {
            write_frame(Opcode::Close, &CloseCode::Normal.number().to_be_bytes(), out);
        }
    }

    /// Whether it has a frame of its own for GMCP.
    pub(crate) const fn has_data_frames(&self) -> bool {
        matches!(self, Self::Frames(Subprotocol::Gmcp, _))
    }

    /// Whether it is frames.
    pub(crate) const fn is_framed(&self) -> bool {
        matches!(self, Self::Frames(..))
    }
}
