//! Every bound both ends agree on, each with its reason.

/// The protocol this build speaks. Raised with every change of a message's bytes, and with every new message.
pub const PROTOCOL_VERSION: u16 = 9;
/// The oldest protocol this build still accepts at hello: 9 tells of casts and parties unasked, which 8 cannot read.
pub const PROTOCOL_VERSION_MIN: u16 = 9;
/// The netcode protocol id: a client for another game or wire format never gets past the handshake.
pub const NETCODE_PROTOCOL_ID: u64 = 0x4859_504F_4745_0001;

/// UDP port of the game unless configured.
pub const UDP_PORT_DEFAULT: u16 = 27500;
/// HTTP port unless configured.
pub const HTTP_PORT_DEFAULT: u16 = 27580;

/// Largest encrypted payload of one netcode datagram (the standard's limit for renet's packets).
pub const PAYLOAD_BYTES_MAX: usize = 1_300;
/// Largest message on the unreliable channel: with renet's header it fits one datagram unsliced.
pub const UNRELIABLE_BYTES_MAX: usize = 1_100;
/// Largest client message accepted. The biggest honest one is a full loadout, below 1 KiB.
pub const CLIENT_MESSAGE_BYTES_MAX: usize = 2_048;
/// Bytes of a command that only a kind of shard knows.
pub const COMMAND_BYTES_MAX: usize = 1_024;
/// Most bytes of a wish about a new character: a key.
pub const WISH_BYTES_MAX: usize = 32;
/// Bytes that a kind of shard tells in one message.
pub const TOLD_BYTES_MAX: usize = 16 * 1_024;
/// Games of creatures that one session follows at once.
pub const FOLLOWED_GAMES_MAX: usize = 16;
/// Bytes that a kind of shard keeps of a character: they stand in its log as it enters and as it leaves.
pub const CHARACTER_BYTES_MAX: usize = 16 * 1_024;
/// Bytes of the title of an open shard that a character is in: as many as a name has.
pub const PLACE_BYTES_MAX: usize = NAME_BYTES_MAX;
/// Largest server message sent. The biggest one is a map, a few KiB.
pub const SERVER_MESSAGE_BYTES_MAX: usize = 64 * 1_024;

/// Inputs in one batch: the newest and the ones before it, so that two lost datagrams in a row lose nothing.
pub const INPUTS_PER_BATCH_MAX: usize = 4;
/// How far ahead of the last applied input a sequence may be: ten seconds at 60 Hz. Beyond it lies a forged number.
pub const INPUT_SEQ_AHEAD_MAX: u32 = 600;
/// Messages taken from one connection in one tick; the rest wait in its renet channel.
pub const CLIENT_MESSAGES_PER_TICK_MAX: usize = 16;
/// Silence after which an edge reports a connection as quiet, in milliseconds: three of netcode's keep-alives lost in a row.
/// It is no reason to close it.
pub const QUIET_AFTER_MS: u32 = 1_500;
/// Malformed messages before the connection is closed: a bug shows a few, a fuzzer shows them all.
pub const MALFORMED_MESSAGES_MAX: u32 = 8;

/// Characters of an account name.
pub const NAME_CHARS_MIN: usize = 3;
/// Characters of an account name; a name tag has no room for more.
pub const NAME_CHARS_MAX: usize = 24;
/// Bytes of an account name in UTF-8.
pub const NAME_BYTES_MAX: usize = 96;
/// Characters of a password. Shorter ones are guessed.
pub const PASSWORD_CHARS_MIN: usize = 8;
/// Bytes of a password: argon2 takes any length, a request body does not.
pub const PASSWORD_BYTES_MAX: usize = 128;

/// Items in one loadout.
pub const LOADOUT_ITEMS_MAX: usize = 16;
/// Items one inventory message lists.
pub const INVENTORY_ITEMS_MAX: usize = 64;
/// Items that were brought and have changed, of one grant.
pub const ITEMS_CHANGED_MAX: usize = 1_024;
/// Records of one snapshot, so that the worst case stays within [`UNRELIABLE_BYTES_MAX`].
pub const SNAPSHOT_RECORDS_MAX: usize = 56;
/// Game events of one message.
pub const EVENTS_PER_MESSAGE_MAX: usize = 64;
/// Participants up to which a match tells everyone's name unasked: in a crowd a client asks for those it sees.
pub const ROSTER_TOLD_MAX: usize = 256;
/// Names in one message.
pub const ROSTER_ENTRIES_MAX: usize = 64;
/// Names a client asks for at once: what comes into view of it.
pub const NAMES_ASKED_MAX: usize = 32;
/// Rows of a scoreboard, the own one aside: what a screen shows.
pub const SCORE_ROWS_MAX: usize = 16;
/// Rows of the table at the end, the own one aside.
pub const RESULT_ROWS_MAX: usize = 32;

/// Bytes of the name of a locale, as BCP 47 recommends.
pub const LOCALE_BYTES_MAX: usize = 35;

/// Characters of what is said, as people count them: a letter with its accents, or a whole emoji, is one.
pub const CHAT_GRAPHEMES_MAX: usize = 256;
/// Bytes of what is said in UTF-8: four for each character, of any script.
pub const CHAT_BYTES_MAX: usize = 1_024;
/// Marks on one letter: Vietnamese and pointed Hebrew need two or three, a letter that runs over other lines has dozens.
pub const CHAT_MARKS_MAX: usize = 4;
/// Lines of one page of what was said.
pub const CHAT_PAGE_LINES_MAX: usize = 50;
/// Characters of the reason in a report, as people count them.
pub const REPORT_GRAPHEMES_MAX: usize = 200;
/// Bytes of the reason in a report.
pub const REPORT_BYTES_MAX: usize = 800;
/// People that one account mutes or blocks.
pub const IGNORED_MAX: usize = 200;

/// Whereabouts of friends that one message tells.
pub const PRESENCES_PER_MESSAGE_MAX: usize = 64;
/// Members of the largest party that an operator may allow.
pub const PARTY_MEMBERS_MAX: usize = 32;
/// Invitations of one party that wait for an answer.
pub const PARTY_INVITED_MAX: usize = 16;
/// Bytes of the label of a party.
pub const PARTY_LABEL_BYTES_MAX: usize = 128;

/// What one ticket says of itself.
pub const PROPERTIES_MAX: usize = 16;
/// Bytes of the key of a property.
pub const PROPERTY_KEY_BYTES_MAX: usize = 32;
/// Bytes of the text of a property.
pub const PROPERTY_TEXT_BYTES_MAX: usize = 64;
/// Bytes of the query of a ticket.
pub const QUERY_BYTES_MAX: usize = 512;
/// Clauses of a query.
pub const QUERY_CLAUSES_MAX: usize = 32;
/// Values that one clause allows.
pub const QUERY_VALUES_MAX: usize = 16;

/// Bytes of one chunk of the ground of a place: some 2,500 boxes.
pub const CHUNK_BYTES_MAX: usize = 32 * 1_024;
/// Chunks of which one message tells that they lie near.
pub const CHUNKS_TOLD_MAX: usize = 256;
/// Chunks that a client asks for at once: about as many as lie within sight.
pub const CHUNKS_ASKED_MAX: usize = 32;

/// First byte of a payload on the datagram lane; 0–4 are renet's packets.
pub const LANE_BYTE: u8 = 5;
/// Inputs in one datagram of the datagram lane: three new ones at 10 datagrams a second, and room for what was lost.
pub const LANE_INPUTS_MAX: usize = 8;
/// Largest datagram of the datagram lane: with netcode's and UDP's headers it fits an IPv6 packet of 1,280 bytes, which
/// every path carries whole.
pub const LANE_BYTES_MAX: usize = 1_180;
/// Bytes of datagrams that wait between an edge and the tick: a tick's for 10,000 clients of a dense world. More would only
/// be later, not better.
pub const DATAGRAM_BOX_BYTES_MAX: usize = 6 << 20;

/// Frames that wait between the edges and the tick, per priority class: 10,000 clients for three ticks.
pub const EDGE_QUEUE_FRAMES_MAX: usize = 32_768;

macro_rules! by_name {
    ($($name:ident),* $(,)?) => {
        &[$((stringify!($name), $name as u64)),*]
    };
}

/// Those that whoever writes a client has to know, by their names: the table of section 10 of `PROTOCOL.md`, and the `limits` of
/// `protocol.json`.
pub const FOR_CLIENTS: &[(&str, u64)] = by_name![
    PROTOCOL_VERSION,
    PROTOCOL_VERSION_MIN,
    UDP_PORT_DEFAULT,
    HTTP_PORT_DEFAULT,
    PAYLOAD_BYTES_MAX,
    UNRELIABLE_BYTES_MAX,
    CLIENT_MESSAGE_BYTES_MAX,
    SERVER_MESSAGE_BYTES_MAX,
    INPUTS_PER_BATCH_MAX,
    INPUT_SEQ_AHEAD_MAX,
    CLIENT_MESSAGES_PER_TICK_MAX,
    MALFORMED_MESSAGES_MAX,
    NAME_CHARS_MIN,
    NAME_CHARS_MAX,
    NAME_BYTES_MAX,
    PASSWORD_CHARS_MIN,
    PASSWORD_BYTES_MAX,
    LOADOUT_ITEMS_MAX,
    INVENTORY_ITEMS_MAX,
    SNAPSHOT_RECORDS_MAX,
    EVENTS_PER_MESSAGE_MAX,
    LOCALE_BYTES_MAX,
    CHAT_GRAPHEMES_MAX,
    CHAT_BYTES_MAX,
    CHAT_MARKS_MAX,
    CHAT_PAGE_LINES_MAX,
    REPORT_GRAPHEMES_MAX,
    REPORT_BYTES_MAX,
    IGNORED_MAX,
    CHUNK_BYTES_MAX,
    CHUNKS_TOLD_MAX,
    CHUNKS_ASKED_MAX,
    FOLLOWED_GAMES_MAX,
    PRESENCES_PER_MESSAGE_MAX,
    PARTY_MEMBERS_MAX,
    PARTY_INVITED_MAX,
    PARTY_LABEL_BYTES_MAX,
    PROPERTIES_MAX,
    PROPERTY_KEY_BYTES_MAX,
    PROPERTY_TEXT_BYTES_MAX,
    QUERY_BYTES_MAX,
    QUERY_CLAUSES_MAX,
    QUERY_VALUES_MAX,
    LANE_BYTE,
    LANE_INPUTS_MAX,
    LANE_BYTES_MAX,
];

// What these have to do with one another.
const _: () = {
    assert!(PROTOCOL_VERSION_MIN <= PROTOCOL_VERSION, "this build speaks what it accepts");
    assert!(UNRELIABLE_BYTES_MAX < PAYLOAD_BYTES_MAX, "a message and renet's header fit one datagram");
    assert!(LANE_BYTES_MAX <= PAYLOAD_BYTES_MAX, "a datagram of the lane is one of netcode's");
    assert!(LANE_BYTES_MAX <= DATAGRAM_BOX_BYTES_MAX, "a datagram fits the box it waits in");
    assert!(INPUTS_PER_BATCH_MAX <= LANE_INPUTS_MAX, "the lane carries no fewer inputs than a message");
    assert!(LANE_INPUTS_MAX < INPUT_SEQ_AHEAD_MAX as usize, "the inputs of one datagram are never too far ahead");
    assert!(COMMAND_BYTES_MAX + 16 <= CLIENT_MESSAGE_BYTES_MAX, "a kind's command fits a message");
    assert!(CHAT_BYTES_MAX + NAME_BYTES_MAX + 16 <= CLIENT_MESSAGE_BYTES_MAX, "what is said fits a message");
    assert!(REPORT_BYTES_MAX + NAME_BYTES_MAX + 24 <= CLIENT_MESSAGE_BYTES_MAX, "a report fits a message");
    assert!(CHAT_GRAPHEMES_MAX * 4 <= CHAT_BYTES_MAX, "characters of any script fit");
    assert!(TOLD_BYTES_MAX + 16 <= SERVER_MESSAGE_BYTES_MAX, "what a kind tells fits a message");
    assert!(CHUNK_BYTES_MAX + 32 <= SERVER_MESSAGE_BYTES_MAX, "a chunk fits a message");
    assert!(CHUNKS_TOLD_MAX * 22 + 32 <= SERVER_MESSAGE_BYTES_MAX, "what lies near fits a message");
    assert!(CHUNKS_ASKED_MAX * 6 + 16 <= CLIENT_MESSAGE_BYTES_MAX, "what is asked for at once fits a message");
    assert!(CLIENT_MESSAGE_BYTES_MAX <= SERVER_MESSAGE_BYTES_MAX, "a frame of either end fits the larger bound");
    assert!(CLIENT_MESSAGES_PER_TICK_MAX > MALFORMED_MESSAGES_MAX as usize, "a tick is enough to know a fuzzer");
    assert!(NAME_CHARS_MIN <= NAME_CHARS_MAX && NAME_CHARS_MAX * 4 <= NAME_BYTES_MAX, "a name of any letters fits");
    assert!(PASSWORD_CHARS_MIN <= PASSWORD_BYTES_MAX, "a password can be long enough");
    assert!(LOADOUT_ITEMS_MAX <= INVENTORY_ITEMS_MAX, "what is brought can be listed");
    assert!(NAMES_ASKED_MAX <= ROSTER_ENTRIES_MAX, "one message answers all that is asked at once");
    assert!(SCORE_ROWS_MAX <= RESULT_ROWS_MAX, "the table at the end shows no less than the scoreboard");
};
