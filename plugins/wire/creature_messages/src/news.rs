//! What happens in a tournament, for those who follow it.

use hypogeum_protocol::codec::{self, CodecError};
use hypogeum_protocol::limits;
use serde::{Deserialize, Serialize};

use crate::{ActNews, BattleEnd, PairingOutcome, Wants};

/// Something that has happened in a tournament: the body of a
/// [`ServerMessage::GameTold`](hypogeum_protocol::ServerMessage::GameTold). Creatures are named by their numbers in it, and pairings by
/// theirs, as [`TournamentView`](crate::TournamentView) lists them.
///
/// ```
/// use hypogeum_creature_messages::GameNews;
///
/// let news = GameNews::Chosen { entrant: 1, pairing: 0, game: 1, turn: 4 };
/// assert_eq!(GameNews::decode(&news.encode()), Ok(news));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum GameNews {
    /// A person's creature has chosen what it does in the turn that is to come; what that is, is told with the turn.
    Chosen {
        /// Which creature.
        entrant: u8,
        /// Of which pairing the battle is.
        pairing: u16,
        /// Which battle of the two, from 1.
        game: u8,
        /// Which turn, from 1.
        turn: u32,
    },
    /// A turn of a battle in which a person's creature fights.
    Turn {
        /// Of which pairing the battle is.
        pairing: u16,
        /// Which battle of the two, from 1.
        game: u8,
        /// Which turn, from 1.
        turn: u32,
        /// Hit points after it, the first side first.
        hp: [u32; 2],
        /// What was done, in the order in which it was.
        #[serde(deserialize_with = "codec::vec_as_it_comes")]
        acts: Vec<ActTold>,
    },
    /// A battle begins.
    Begun {
        /// Of which pairing it is.
        pairing: u16,
        /// Which battle of the two, from 1.
        game: u8,
        /// Who fights, the first side first.
        entrants: [u8; 2],
    },
    /// A battle is over.
    Ended {
        /// Of which pairing it is.
        pairing: u16,
        /// Which battle of the two, from 1.
        game: u8,
        /// Who has won it.
        winner: u8,
        /// By what the other lost it.
        how: BattleEnd,
        /// The same in words.
        words: String,
    },
    /// It is known who meets in a pairing.
    Paired {
        /// Which pairing.
        pairing: u16,
        /// Who, the first side first.
        entrants: [u8; 2],
    },
    /// Two have parted.
    Decided {
        /// Which pairing.
        pairing: u16,
        /// Who goes on, and whether it was fought out.
        outcome: PairingOutcome,
    },
    /// Something is waited for from a person: points for stats, or to say that one is ready. Of a move nothing is told: a turn is
    /// over, or a battle begins, and then one is waited for.
    Wanted {
        /// From whose creature.
        entrant: u8,
        /// For what, and until when where there is a limit.
        wants: Wants,
    },
    /// Points were given to its stats, or kept.
    Allocated {
        /// Which creature.
        entrant: u8,
    },
    /// Somebody has said to be ready for the round.
    Ready {
        /// Whose creature.
        entrant: u8,
    },
    /// Somebody has left.
    Withdrew {
        /// Whose creature.
        entrant: u8,
        /// The same in words.
        words: String,
    },
    /// Nothing more is fought.
    Over {
        /// Who has won, where somebody has.
        champion: Option<u8>,
        /// The same in words.
        words: String,
    },
}

/// What one creature did in a turn, in numbers and in words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActTold {
    /// In numbers.
    pub act: ActNews,
    /// In the words of whoever is told.
    pub words: String,
}

impl GameNews {
    /// As bytes for a message.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        codec::encode(self)
    }

    /// From the bytes of a message.
    ///
    /// # Errors
    /// [`CodecError`] where they are none, or longer than [`limits::TOLD_BYTES_MAX`].
    pub fn decode(bytes: &[u8]) -> Result<Self, CodecError> {
        codec::decode::<Self, { limits::TOLD_BYTES_MAX }>(bytes)
    }
}
