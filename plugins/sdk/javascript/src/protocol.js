// Made by `npm run types` from src/protocol.json: do not edit.

export const protocol = {
 "protocol_version": 8,
 "protocol_version_min": 7,
 "envelope_version": 1,
 "limits": {
  "CELL": 8192,
  "CELL_MARGIN": 512,
  "PAGE_SLOTS": 64,
  "EVENTS_MAX": 250,
  "PROTOCOL_VERSION": 8,
  "PROTOCOL_VERSION_MIN": 7,
  "UDP_PORT_DEFAULT": 27500,
  "HTTP_PORT_DEFAULT": 27580,
  "PAYLOAD_BYTES_MAX": 1300,
  "UNRELIABLE_BYTES_MAX": 1100,
  "CLIENT_MESSAGE_BYTES_MAX": 2048,
  "SERVER_MESSAGE_BYTES_MAX": 65536,
  "INPUTS_PER_BATCH_MAX": 4,
  "INPUT_SEQ_AHEAD_MAX": 600,
  "CLIENT_MESSAGES_PER_TICK_MAX": 16,
  "MALFORMED_MESSAGES_MAX": 8,
  "NAME_CHARS_MIN": 3,
  "NAME_CHARS_MAX": 24,
  "NAME_BYTES_MAX": 96,
  "PASSWORD_CHARS_MIN": 8,
  "PASSWORD_BYTES_MAX": 128,
  "LOADOUT_ITEMS_MAX": 16,
  "INVENTORY_ITEMS_MAX": 64,
  "SNAPSHOT_RECORDS_MAX": 56,
  "EVENTS_PER_MESSAGE_MAX": 64,
  "LOCALE_BYTES_MAX": 35,
  "CHAT_GRAPHEMES_MAX": 256,
  "CHAT_BYTES_MAX": 1024,
  "CHAT_MARKS_MAX": 4,
  "CHAT_PAGE_LINES_MAX": 50,
  "REPORT_GRAPHEMES_MAX": 200,
  "REPORT_BYTES_MAX": 800,
  "IGNORED_MAX": 200,
  "CHUNK_BYTES_MAX": 32768,
  "CHUNKS_TOLD_MAX": 256,
  "CHUNKS_ASKED_MAX": 32,
  "FOLLOWED_GAMES_MAX": 16,
  "LANE_BYTE": 5,
  "LANE_INPUTS_MAX": 8,
  "LANE_BYTES_MAX": 1180
 },
 "errors": [
  {"code": "malformed", "message": "this is no message of the protocol"},
  {"code": "version_mismatch", "message": "the server does not speak this version of the protocol"},
  {"code": "hello_first", "message": "the first message has to be a hello"},
  {"code": "out_of_range", "message": "a field is outside its range"},
  {"code": "stale", "message": "one like it, or a later one, was applied already"},
  {"code": "future_seq", "message": "its number lies far beyond the last one applied"},
  {"code": "wrong_state", "message": "this means nothing in the state the session is in"},
  {"code": "unknown_mode", "message": "there is no such mode"},
  {"code": "unknown_item", "message": "there is no such item, or it is not yours"},
  {"code": "no_such_entity", "message": "there is no such thing, or it is gone"},
  {"code": "out_of_reach", "message": "it is too far away, or out of sight"},
  {"code": "full", "message": "there is no more room"},
  {"code": "too_soon", "message": "too soon: wait"},
  {"code": "taken_over", "message": "the account is connected elsewhere"},
  {"code": "draining", "message": "the server admits nobody now"},
  {"code": "unavailable", "message": "the server cannot do this now"},
  {"code": "try_later", "message": "nothing can be granted now: try later"},
  {"code": "words_refused", "message": "these words may not be said here"},
  {"code": "silenced", "message": "a moderator has silenced this account"},
  {"code": "conflict", "message": "it has changed since the client saw it"}
 ],
 "close_codes": [
  {"code": 1000, "means": "the client wanted it"},
  {
   "code": 1001,
   "means": "the server ends this connection, or ends, or has no room for another player: what it said before tells why"
  },
  {"code": 1002, "means": "these are no frames of RFC 6455"},
  {"code": 1003, "means": "text over MessagePack, or binary over JSON"},
  {"code": 1007, "means": "text that is not UTF-8"},
  {"code": 1008, "means": "too much that is malformed, or a first message that is no hello"},
  {"code": 1009, "means": "a message of more than 8,192 bytes, or in more than 16 frames"},
  {
   "code": 1013,
   "means": "not now, as found while the token was checked: try again as `retry_after_ms` of the error says"
  },
  {"code": 4401, "means": "the access token is not good, or no longer"},
  {"code": 4408, "means": "no hello in time"},
  {"code": 4409, "means": "the account connected again"},
  {"code": 4410, "means": "the client does not read"},
  {"code": 4411, "means": "no pong in time"}
 ],
 "requests": {
  "hello": "welcome",
  "join_queue": "queued",
  "leave_queue": "unqueued",
  "choose_loadout": "loadout_chosen",
  "ping": "pong",
  "ask_names": "roster",
  "follow_game": "game_followed",
  "renew": "renewed"
 },
 "client_messages": "ClientMessage",
 "server_messages": "ServerMessage",
 "bodies": {"chunk": "Chunk", "command": "WorldCommand", "game_told": "GameNews", "told": "WorldNews"},
 "envelope": {
  "error": {
   "struct": [
    {"name": "code", "type": "string"},
    {"name": "message", "type": "string"},
    {"name": "retry_after_ms", "type": {"option": "u64"}},
    {"name": "about", "type": {"option": "string"}},
    {"name": "min", "type": {"option": "u16"}},
    {"name": "max", "type": {"option": "u16"}}
   ]
  },
  "hello": {
   "struct": [{"name": "access_token", "type": "string"}, {"name": "character_id", "type": {"option": "u64"}}]
  },
  "renew": {"struct": [{"name": "access_token", "type": "string"}]},
  "renewed": {"struct": [{"name": "expires_in_s", "type": "u64"}]},
  "state": "bytes"
 },
 "types": {
  "AccountId": {"newtype": "u64"},
  "Act": {
   "enum": [
    {"name": "pick_up", "tag": 0, "fields": [{"name": "item", "type": {"name": "NetId"}}]},
    {"name": "loot", "tag": 1, "fields": [{"name": "container", "type": {"name": "NetId"}}]},
    {"name": "equip", "tag": 2, "fields": [{"name": "item", "type": {"name": "NetId"}}]},
    {"name": "unequip", "tag": 3, "fields": [{"name": "item", "type": {"name": "NetId"}}]},
    {"name": "drop", "tag": 4, "fields": [{"name": "item", "type": {"name": "NetId"}}]},
    {"name": "use", "tag": 5, "fields": [{"name": "item", "type": {"name": "NetId"}}]}
   ]
  },
  "ActNews": {
   "struct": [
    {"name": "side", "type": {"name": "Side"}},
    {"name": "what", "type": {"name": "BattleMove"}},
    {"name": "result", "type": {"name": "ActResult"}},
    {"name": "defends_left", "type": "u32"},
    {"name": "specials_left", "type": "u32"}
   ]
  },
  "ActResult": {
   "enum": [
    {"name": "defends", "tag": 0},
    {"name": "dodged", "tag": 1},
    {
     "name": "hit",
     "tag": 2,
     "fields": [
      {"name": "damage", "type": "u32"},
      {"name": "is_critical", "type": "bool"},
      {"name": "is_defended", "type": "bool"},
      {"name": "hp_before", "type": "u32"},
      {"name": "hp_after", "type": "u32"}
     ]
    }
   ]
  },
  "ActTold": {"struct": [{"name": "act", "type": {"name": "ActNews"}}, {"name": "words", "type": "string"}]},
  "BattleEnd": {"enum": [{"name": "knockout", "tag": 0}, {"name": "turns_over", "tag": 1}, {"name": "forfeit", "tag": 2}]},
  "BattleMove": {"enum": [{"name": "attack", "tag": 0}, {"name": "defend", "tag": 1}, {"name": "special", "tag": 2}]},
  "Block": {
   "struct": [
    {"name": "x_min", "type": "i32"},
    {"name": "y_min", "type": "i32"},
    {"name": "x_max", "type": "i32"},
    {"name": "y_max", "type": "i32"}
   ]
  },
  "CarriedItem": {
   "struct": [
    {"name": "id", "type": {"name": "NetId"}},
    {"name": "item", "type": {"name": "ItemId"}},
    {"name": "template", "type": "string"},
    {"name": "equipped", "type": "bool"},
    {"name": "state", "type": {"name": "ItemState"}},
    {"name": "version", "type": "u32"}
   ]
  },
  "ChatChannel": {
   "enum": [
    {"name": "room", "tag": 0},
    {"name": "zone", "tag": 1},
    {"name": "party", "tag": 2},
    {"name": "whisper", "tag": 3},
    {"name": "global", "tag": 4}
   ]
  },
  "ChatLine": {
   "struct": [
    {"name": "id", "type": "u64"},
    {"name": "channel", "type": {"name": "ChatChannel"}},
    {"name": "from", "type": "string"},
    {"name": "to", "type": "string"},
    {"name": "words", "type": "string"},
    {"name": "is_emote", "type": "bool"},
    {"name": "at_ms", "type": "u64"},
    {"name": "text", "type": "string"}
   ]
  },
  "ChatNotice": {
   "enum": [
    {"name": "refused", "tag": 0},
    {"name": "muted", "tag": 1},
    {"name": "blocked", "tag": 2},
    {"name": "heard", "tag": 3},
    {"name": "reported", "tag": 4}
   ]
  },
  "Chunk": {
   "struct": [
    {"name": "obstacles", "type": {"list": {"name": "Block"}}},
    {"name": "doors", "type": {"list": {"name": "DoorInfo"}}},
    {"name": "rooms", "type": {"list": {"name": "RoomInfo"}}}
   ]
  },
  "ChunkHash": {"newtype": {"array": "u8", "length": 16}},
  "ChunkInfo": {
   "struct": [{"name": "at", "type": {"name": "ChunkPlace"}}, {"name": "hash", "type": {"name": "ChunkHash"}}]
  },
  "ChunkPlace": {"struct": [{"name": "column", "type": "u16"}, {"name": "row", "type": "u16"}]},
  "ClientMessage": {
   "enum": [
    {
     "name": "hello",
     "tag": 0,
     "fields": [
      {"name": "protocol_version", "type": "u16"},
      {"name": "client", "type": "string"},
      {"name": "locale", "type": "string"}
     ]
    },
    {"name": "join_queue", "tag": 1, "fields": [{"name": "mode", "type": "string"}]},
    {"name": "leave_queue", "tag": 2},
    {"name": "choose_loadout", "tag": 3, "fields": [{"name": "items", "type": {"list": {"name": "ItemId"}}}]},
    {
     "name": "act",
     "tag": 4,
     "fields": [
      {"name": "seq", "type": "u32"},
      {"name": "act", "type": {"name": "Act"}},
      {"name": "seen", "type": {"option": "u32"}}
     ]
    },
    {"name": "inputs", "tag": 5, "fields": [{"name": "batch", "type": {"list": {"name": "Input"}}}]},
    {"name": "leave_match", "tag": 6},
    {"name": "ping", "tag": 7, "fields": [{"name": "nonce", "type": "u64"}]},
    {"name": "ask_names", "tag": 8, "fields": [{"name": "avatars", "type": {"list": {"name": "NetId"}}}]},
    {
     "name": "command",
     "tag": 9,
     "fields": [{"name": "seq", "type": "u32"}, {"name": "body", "type": "bytes"}]
    },
    {"name": "enter_world", "tag": 10, "fields": [{"name": "wish", "type": "string"}]},
    {
     "name": "chat",
     "tag": 11,
     "fields": [
      {"name": "channel", "type": {"name": "ChatChannel"}},
      {"name": "to", "type": "string"},
      {"name": "words", "type": "string"},
      {"name": "is_emote", "type": "bool"}
     ]
    },
    {
     "name": "chat_history",
     "tag": 12,
     "fields": [
      {"name": "channel", "type": {"name": "ChatChannel"}},
      {"name": "with", "type": "string"},
      {"name": "before", "type": "u64"}
     ]
    },
    {
     "name": "ignore",
     "tag": 13,
     "fields": [{"name": "name", "type": "string"}, {"name": "ignored", "type": {"name": "Ignored"}}]
    },
    {
     "name": "report_chat",
     "tag": 14,
     "fields": [
      {"name": "line", "type": "u64"},
      {"name": "from", "type": "string"},
      {"name": "reason", "type": "string"}
     ]
    },
    {
     "name": "ask_chunks",
     "tag": 15,
     "fields": [
      {"name": "match_id", "type": {"name": "MatchId"}},
      {"name": "chunks", "type": {"list": {"name": "ChunkPlace"}}}
     ]
    },
    {
     "name": "follow_game",
     "tag": 16,
     "fields": [{"name": "game", "type": "u64"}, {"name": "is_followed", "type": "bool"}]
    }
   ]
  },
  "DoorChange": {"struct": [{"name": "number", "type": "u16"}, {"name": "is_open", "type": "bool"}]},
  "DoorInfo": {
   "struct": [
    {"name": "number", "type": "u16"},
    {"name": "key", "type": "string"},
    {"name": "block", "type": {"name": "Block"}},
    {"name": "is_open", "type": "bool"}
   ]
  },
  "DoorNews": {"struct": [{"name": "state", "type": {"name": "DoorState"}}, {"name": "version", "type": "u32"}]},
  "DoorState": {"enum": [{"name": "open", "tag": 0}, {"name": "closed", "tag": 1}, {"name": "locked", "tag": 2}]},
  "ErrorCode": {
   "enum": [
    {"name": "malformed", "tag": 0},
    {
     "name": "version_mismatch",
     "tag": 1,
     "fields": [{"name": "min", "type": "u16"}, {"name": "max", "type": "u16"}]
    },
    {"name": "hello_first", "tag": 2},
    {"name": "out_of_range", "tag": 3},
    {"name": "stale", "tag": 4},
    {"name": "future_seq", "tag": 5},
    {"name": "wrong_state", "tag": 6},
    {"name": "unknown_mode", "tag": 7},
    {"name": "unknown_item", "tag": 8},
    {"name": "no_such_entity", "tag": 9},
    {"name": "out_of_reach", "tag": 10},
    {"name": "full", "tag": 11},
    {"name": "too_soon", "tag": 12},
    {"name": "taken_over", "tag": 13},
    {"name": "draining", "tag": 14},
    {"name": "unavailable", "tag": 15},
    {"name": "try_later", "tag": 16},
    {"name": "words_refused", "tag": 17},
    {"name": "silenced", "tag": 18},
    {"name": "conflict", "tag": 19}
   ]
  },
  "ExitInfo": {
   "struct": [
    {"name": "x", "type": "i32"},
    {"name": "y", "type": "i32"},
    {"name": "radius", "type": "i32"},
    {"name": "opens_tick", "type": "u32"},
    {"name": "closes_tick", "type": "u32"},
    {"name": "channel_ticks", "type": "u32"}
   ]
  },
  "ExitNews": {"struct": [{"name": "word", "type": "string"}, {"name": "door", "type": {"option": {"name": "DoorNews"}}}]},
  "GameEvent": {
   "enum": [
    {
     "name": "damaged",
     "tag": 0,
     "fields": [
      {"name": "source", "type": {"name": "NetId"}},
      {"name": "target", "type": {"name": "NetId"}},
      {"name": "amount", "type": "u32"},
      {"name": "critical", "type": "bool"}
     ]
    },
    {
     "name": "dodged",
     "tag": 1,
     "fields": [{"name": "source", "type": {"name": "NetId"}}, {"name": "target", "type": {"name": "NetId"}}]
    },
    {
     "name": "died",
     "tag": 2,
     "fields": [{"name": "who", "type": {"name": "NetId"}}, {"name": "by", "type": {"name": "NetId"}}]
    },
    {
     "name": "effect_began",
     "tag": 3,
     "fields": [{"name": "who", "type": {"name": "NetId"}}, {"name": "effect", "type": "u16"}]
    },
    {
     "name": "effect_ended",
     "tag": 4,
     "fields": [{"name": "who", "type": {"name": "NetId"}}, {"name": "effect", "type": "u16"}]
    },
    {
     "name": "extraction_began",
     "tag": 5,
     "fields": [{"name": "who", "type": {"name": "NetId"}}, {"name": "ticks", "type": "u32"}]
    },
    {"name": "extraction_broken", "tag": 6, "fields": [{"name": "who", "type": {"name": "NetId"}}]},
    {"name": "extracted", "tag": 7, "fields": [{"name": "who", "type": {"name": "NetId"}}]},
    {
     "name": "exit_changed",
     "tag": 8,
     "fields": [{"name": "exit", "type": "u8"}, {"name": "open", "type": "bool"}]
    },
    {
     "name": "refused",
     "tag": 9,
     "fields": [{"name": "seq", "type": "u32"}, {"name": "code", "type": {"name": "ErrorCode"}}]
    },
    {
     "name": "healed",
     "tag": 10,
     "fields": [
      {"name": "source", "type": {"name": "NetId"}},
      {"name": "target", "type": {"name": "NetId"}},
      {"name": "amount", "type": "u32"}
     ]
    },
    {
     "name": "dispelled",
     "tag": 11,
     "fields": [
      {"name": "source", "type": {"name": "NetId"}},
      {"name": "target", "type": {"name": "NetId"}},
      {"name": "effect", "type": "u16"}
     ]
    },
    {
     "name": "changed",
     "tag": 12,
     "fields": [
      {"name": "item", "type": {"name": "NetId"}},
      {"name": "version", "type": "u32"},
      {"name": "count", "type": "u32"}
     ]
    }
   ]
  },
  "GameNews": {
   "enum": [
    {
     "name": "chosen",
     "tag": 0,
     "fields": [
      {"name": "entrant", "type": "u8"},
      {"name": "pairing", "type": "u16"},
      {"name": "game", "type": "u8"},
      {"name": "turn", "type": "u32"}
     ]
    },
    {
     "name": "turn",
     "tag": 1,
     "fields": [
      {"name": "pairing", "type": "u16"},
      {"name": "game", "type": "u8"},
      {"name": "turn", "type": "u32"},
      {"name": "hp", "type": {"array": "u32", "length": 2}},
      {"name": "acts", "type": {"list": {"name": "ActTold"}}}
     ]
    },
    {
     "name": "begun",
     "tag": 2,
     "fields": [
      {"name": "pairing", "type": "u16"},
      {"name": "game", "type": "u8"},
      {"name": "entrants", "type": {"array": "u8", "length": 2}}
     ]
    },
    {
     "name": "ended",
     "tag": 3,
     "fields": [
      {"name": "pairing", "type": "u16"},
      {"name": "game", "type": "u8"},
      {"name": "winner", "type": "u8"},
      {"name": "how", "type": {"name": "BattleEnd"}},
      {"name": "words", "type": "string"}
     ]
    },
    {
     "name": "paired",
     "tag": 4,
     "fields": [{"name": "pairing", "type": "u16"}, {"name": "entrants", "type": {"array": "u8", "length": 2}}]
    },
    {
     "name": "decided",
     "tag": 5,
     "fields": [{"name": "pairing", "type": "u16"}, {"name": "outcome", "type": {"name": "PairingOutcome"}}]
    },
    {
     "name": "wanted",
     "tag": 6,
     "fields": [{"name": "entrant", "type": "u8"}, {"name": "wants", "type": {"name": "Wants"}}]
    },
    {"name": "allocated", "tag": 7, "fields": [{"name": "entrant", "type": "u8"}]},
    {"name": "ready", "tag": 8, "fields": [{"name": "entrant", "type": "u8"}]},
    {
     "name": "withdrew",
     "tag": 9,
     "fields": [{"name": "entrant", "type": "u8"}, {"name": "words", "type": "string"}]
    },
    {
     "name": "over",
     "tag": 10,
     "fields": [{"name": "champion", "type": {"option": "u8"}}, {"name": "words", "type": "string"}]
    }
   ]
  },
  "Ignored": {"enum": [{"name": "not", "tag": 0}, {"name": "muted", "tag": 1}, {"name": "blocked", "tag": 2}]},
  "Input": {
   "struct": [
    {"name": "seq", "type": "u32"},
    {"name": "walk", "type": "u16"},
    {"name": "pace", "type": "u8"},
    {"name": "aim", "type": "u16"},
    {"name": "ability", "type": "u8"}
   ]
  },
  "ItemId": {"newtype": {"tuple": ["u64", "u32"]}, "readable": "string"},
  "ItemState": {
   "struct": [
    {"name": "count", "type": "u32"},
    {"name": "wear", "type": "u32"},
    {"name": "is_bound", "type": "bool"},
    {"name": "inside", "type": {"option": {"name": "ItemId"}}}
   ]
  },
  "MatchId": {"newtype": "u64"},
  "MatchPhase": {"enum": [{"name": "deploy", "tag": 0}, {"name": "live", "tag": 1}, {"name": "over", "tag": 2}]},
  "ModeInfo": {
   "struct": [
    {"name": "name", "type": "string"},
    {"name": "players", "type": "u16"},
    {"name": "duration_s", "type": "u16"}
   ]
  },
  "NetId": {"newtype": "u32"},
  "Outcome": {"enum": [{"name": "extracted", "tag": 0}, {"name": "died", "tag": 1}, {"name": "timed_out", "tag": 2}]},
  "OwnState": {
   "struct": [
    {"name": "x", "type": "i32"},
    {"name": "y", "type": "i32"},
    {"name": "heading", "type": "u16"},
    {"name": "speed", "type": "u16"},
    {"name": "hp", "type": "u32"},
    {"name": "hp_max", "type": "u32"},
    {"name": "mp", "type": "u32"},
    {"name": "cooling", "type": "u8"},
    {"name": "extraction_ticks", "type": "u16"}
   ]
  },
  "PairingOutcome": {
   "enum": [
    {"name": "won", "tag": 0, "value": "u8"},
    {"name": "forfeited", "tag": 1, "value": "u8"},
    {"name": "both_gone", "tag": 2, "value": {"option": "u8"}},
    {"name": "not_needed", "tag": 3}
   ]
  },
  "PoiInfo": {
   "struct": [
    {"name": "kind", "type": "string"},
    {"name": "x", "type": "i32"},
    {"name": "y", "type": "i32"},
    {"name": "radius", "type": "i32"}
   ]
  },
  "Record": {
   "struct": [
    {"name": "id", "type": {"name": "NetId"}},
    {"name": "kind", "type": {"name": "RecordKind"}},
    {"name": "template", "type": "u16"},
    {"name": "x", "type": "i32"},
    {"name": "y", "type": "i32"},
    {"name": "heading", "type": "u8"},
    {"name": "hp_band", "type": "u8"},
    {"name": "extent", "type": "u16"}
   ]
  },
  "RecordKind": {
   "enum": [
    {"name": "player", "tag": 0},
    {"name": "npc", "tag": 1},
    {"name": "item", "tag": 2},
    {"name": "container", "tag": 3},
    {"name": "projectile", "tag": 4},
    {"name": "hazard", "tag": 5},
    {"name": "storm", "tag": 6}
   ]
  },
  "ResultRow": {
   "struct": [
    {"name": "avatar", "type": {"name": "NetId"}},
    {"name": "name", "type": "string"},
    {"name": "placement", "type": "u16"},
    {"name": "outcome", "type": {"name": "Outcome"}},
    {"name": "kills", "type": "u32"},
    {"name": "damage_dealt", "type": "u32"}
   ]
  },
  "RoomInfo": {
   "struct": [
    {"name": "key", "type": "string"},
    {"name": "name", "type": "string"},
    {"name": "area", "type": {"name": "Block"}},
    {"name": "is_safe", "type": "bool"}
   ]
  },
  "RoomNews": {
   "struct": [
    {"name": "key", "type": "string"},
    {"name": "name", "type": "string"},
    {"name": "description", "type": "string"},
    {"name": "is_safe", "type": "bool"},
    {"name": "exits", "type": {"list": {"name": "ExitNews"}}}
   ]
  },
  "RosterEntry": {"struct": [{"name": "avatar", "type": {"name": "NetId"}}, {"name": "name", "type": "string"}]},
  "ScoreRow": {
   "struct": [
    {"name": "avatar", "type": {"name": "NetId"}},
    {"name": "kills", "type": "u32"},
    {"name": "outcome", "type": {"option": {"name": "Outcome"}}}
   ]
  },
  "ServerMessage": {
   "enum": [
    {
     "name": "welcome",
     "tag": 0,
     "fields": [
      {"name": "session", "type": {"name": "SessionId"}},
      {"name": "account", "type": {"name": "AccountId"}},
      {"name": "name", "type": "string"},
      {"name": "protocol_version", "type": "u16"},
      {"name": "tick_hz", "type": "u16"},
      {"name": "content_hash", "type": {"array": "u8", "length": 32}},
      {"name": "modes", "type": {"list": {"name": "ModeInfo"}}},
      {"name": "current_match", "type": {"option": {"name": "MatchId"}}},
      {"name": "locale", "type": "string"}
     ]
    },
    {
     "name": "error",
     "tag": 1,
     "fields": [
      {"name": "code", "type": {"name": "ErrorCode"}},
      {"name": "about", "type": "u8"},
      {"name": "retry_after_ms", "type": "u32"}
     ]
    },
    {
     "name": "queued",
     "tag": 2,
     "fields": [
      {"name": "mode", "type": "string"},
      {"name": "waiting", "type": "u16"},
      {"name": "wanted", "type": "u16"},
      {"name": "window", "type": "u32"}
     ]
    },
    {"name": "unqueued", "tag": 3},
    {
     "name": "loadout_open",
     "tag": 4,
     "fields": [
      {"name": "match_id", "type": {"name": "MatchId"}},
      {"name": "mode", "type": "string"},
      {"name": "closes_in_ms", "type": "u32"},
      {"name": "stash", "type": {"list": {"name": "StashItem"}}}
     ]
    },
    {"name": "loadout_chosen", "tag": 5, "fields": [{"name": "items", "type": {"list": {"name": "ItemId"}}}]},
    {
     "name": "match_started",
     "tag": 6,
     "fields": [
      {"name": "match_id", "type": {"name": "MatchId"}},
      {"name": "mode", "type": "string"},
      {"name": "tick_hz", "type": "u16"},
      {"name": "avatar", "type": {"name": "NetId"}},
      {"name": "radius", "type": "i32"},
      {"name": "side", "type": "i32"},
      {"name": "obstacles", "type": {"list": {"name": "Block"}}},
      {"name": "pois", "type": {"list": {"name": "PoiInfo"}}},
      {"name": "exits", "type": {"list": {"name": "ExitInfo"}}}
     ]
    },
    {
     "name": "phase",
     "tag": 7,
     "fields": [
      {"name": "phase", "type": {"name": "MatchPhase"}},
      {"name": "tick", "type": "u32"},
      {"name": "ends_tick", "type": "u32"}
     ]
    },
    {
     "name": "inventory",
     "tag": 8,
     "fields": [{"name": "version", "type": "u32"}, {"name": "items", "type": {"list": {"name": "CarriedItem"}}}]
    },
    {
     "name": "events",
     "tag": 9,
     "fields": [{"name": "tick", "type": "u32"}, {"name": "events", "type": {"list": {"name": "GameEvent"}}}]
    },
    {
     "name": "settled",
     "tag": 10,
     "fields": [
      {"name": "match_id", "type": {"name": "MatchId"}},
      {"name": "report", "type": {"name": "SettledReport"}}
     ]
    },
    {"name": "pong", "tag": 11, "fields": [{"name": "nonce", "type": "u64"}]},
    {"name": "snapshot", "tag": 12, "value": {"name": "Snapshot"}},
    {"name": "goodbye", "tag": 13},
    {
     "name": "loadout_refused",
     "tag": 14,
     "fields": [{"name": "items", "type": {"list": {"name": "ItemId"}}}]
    },
    {
     "name": "roster",
     "tag": 15,
     "fields": [
      {"name": "match_id", "type": {"name": "MatchId"}},
      {"name": "players", "type": {"list": {"name": "RosterEntry"}}}
     ]
    },
    {
     "name": "scoreboard",
     "tag": 16,
     "fields": [
      {"name": "match_id", "type": {"name": "MatchId"}},
      {"name": "tick", "type": "u32"},
      {"name": "rows", "type": {"list": {"name": "ScoreRow"}}},
      {"name": "own", "type": {"option": {"name": "ScoreRow"}}}
     ]
    },
    {
     "name": "match_ended",
     "tag": 17,
     "fields": [
      {"name": "match_id", "type": {"name": "MatchId"}},
      {"name": "players", "type": "u16"},
      {"name": "rows", "type": {"list": {"name": "ResultRow"}}},
      {"name": "own", "type": {"option": {"name": "ResultRow"}}},
      {"name": "rating", "type": "i32"}
     ]
    },
    {
     "name": "told",
     "tag": 18,
     "fields": [{"name": "tick", "type": "u32"}, {"name": "body", "type": "bytes"}]
    },
    {"name": "chat_line", "tag": 19, "value": {"name": "ChatLine"}},
    {
     "name": "chat_page",
     "tag": 20,
     "fields": [
      {"name": "channel", "type": {"name": "ChatChannel"}},
      {"name": "with", "type": "string"},
      {"name": "lines", "type": {"list": {"name": "ChatLine"}}},
      {"name": "before", "type": "u64"}
     ]
    },
    {
     "name": "chat_notice",
     "tag": 21,
     "fields": [
      {"name": "notice", "type": {"name": "ChatNotice"}},
      {"name": "name", "type": "string"},
      {"name": "text", "type": "string"}
     ]
    },
    {
     "name": "chunks_near",
     "tag": 22,
     "fields": [
      {"name": "match_id", "type": {"name": "MatchId"}},
      {"name": "chunk_side", "type": "i32"},
      {"name": "chunks", "type": {"list": {"name": "ChunkInfo"}}}
     ]
    },
    {
     "name": "chunk",
     "tag": 23,
     "fields": [
      {"name": "match_id", "type": {"name": "MatchId"}},
      {"name": "at", "type": {"name": "ChunkPlace"}},
      {"name": "body", "type": "bytes"}
     ]
    },
    {
     "name": "doors_changed",
     "tag": 24,
     "fields": [
      {"name": "match_id", "type": {"name": "MatchId"}},
      {"name": "doors", "type": {"list": {"name": "DoorChange"}}}
     ]
    },
    {
     "name": "game_followed",
     "tag": 25,
     "fields": [
      {"name": "game", "type": "u64"},
      {"name": "is_followed", "type": "bool"},
      {"name": "step", "type": "u32"}
     ]
    },
    {
     "name": "game_told",
     "tag": 26,
     "fields": [{"name": "game", "type": "u64"}, {"name": "step", "type": "u32"}, {"name": "body", "type": "bytes"}]
    }
   ]
  },
  "SessionId": {"newtype": "u64"},
  "SettledReport": {
   "struct": [
    {"name": "outcome", "type": {"name": "Outcome"}},
    {"name": "kills", "type": "u32"},
    {"name": "damage_dealt", "type": "u32"},
    {"name": "xp_gained", "type": "u32"},
    {"name": "level", "type": "u32"},
    {"name": "items_secured", "type": "u32"},
    {"name": "currency_gained", "type": "i64"},
    {"name": "rating", "type": "i32"}
   ]
  },
  "Side": {"enum": [{"name": "first", "tag": 0}, {"name": "second", "tag": 1}]},
  "Snapshot": {
   "struct": [
    {"name": "tick", "type": "u32"},
    {"name": "input_seq", "type": "u32"},
    {"name": "own", "type": {"option": {"name": "OwnState"}}},
    {"name": "records", "type": {"list": {"name": "Record"}}},
    {"name": "alive", "type": "u16"},
    {"name": "extracted", "type": "u16"}
   ]
  },
  "StashItem": {
   "struct": [
    {"name": "item", "type": {"name": "ItemId"}},
    {"name": "template", "type": "string"},
    {"name": "state", "type": {"name": "ItemState"}}
   ]
  },
  "StatsNews": {
   "struct": [
    {"name": "hp", "type": "u32"},
    {"name": "hp_max", "type": "u32"},
    {"name": "mp", "type": "u32"},
    {"name": "mp_max", "type": "u32"},
    {"name": "level", "type": "u32"},
    {"name": "xp", "type": "u32"},
    {"name": "xp_next", "type": "u32"}
   ]
  },
  "TableNews": {
   "struct": [
    {"name": "with", "type": {"name": "NetId"}},
    {"name": "version", "type": "u32"},
    {"name": "own", "type": {"list": {"name": "CarriedItem"}}},
    {"name": "their", "type": {"list": {"name": "CarriedItem"}}}
   ]
  },
  "Wants": {
   "enum": [
    {"name": "nothing", "tag": 0},
    {"name": "points", "tag": 1, "fields": [{"name": "until_unix_ms", "type": {"option": "u64"}}]},
    {"name": "ready", "tag": 2, "fields": [{"name": "until_unix_ms", "type": "u64"}]},
    {"name": "move", "tag": 3, "fields": [{"name": "until_unix_ms", "type": {"option": "u64"}}]}
   ]
  },
  "WaresNews": {
   "struct": [
    {"name": "who", "type": {"name": "NetId"}},
    {"name": "coin", "type": "string"},
    {"name": "sells", "type": {"list": {"tuple": ["string", "u32"]}}},
    {"name": "buys", "type": {"list": {"tuple": ["string", "u32"]}}}
   ]
  },
  "WorldCommand": {
   "enum": [
    {"name": "line", "tag": 0, "fields": [{"name": "words", "type": "string"}]},
    {"name": "look", "tag": 1, "fields": [{"name": "at", "type": {"option": {"name": "NetId"}}}]},
    {"name": "go", "tag": 2, "fields": [{"name": "word", "type": "string"}]},
    {"name": "say", "tag": 3, "fields": [{"name": "words", "type": "string"}]},
    {
     "name": "tell",
     "tag": 4,
     "fields": [{"name": "name", "type": "string"}, {"name": "words", "type": "string"}]
    },
    {"name": "emote", "tag": 5, "fields": [{"name": "words", "type": "string"}]},
    {"name": "who", "tag": 6},
    {"name": "stats", "tag": 7},
    {"name": "effects", "tag": 8},
    {"name": "inventory", "tag": 9},
    {"name": "attack", "tag": 10, "fields": [{"name": "target", "type": {"name": "NetId"}}]},
    {"name": "stop", "tag": 11},
    {"name": "flee", "tag": 12},
    {
     "name": "give",
     "tag": 13,
     "fields": [
      {"name": "item", "type": {"name": "NetId"}},
      {"name": "to", "type": {"name": "NetId"}},
      {"name": "seen", "type": {"option": "u32"}}
     ]
    },
    {
     "name": "open",
     "tag": 14,
     "fields": [{"name": "word", "type": "string"}, {"name": "seen", "type": {"option": "u32"}}]
    },
    {
     "name": "close",
     "tag": 15,
     "fields": [{"name": "word", "type": "string"}, {"name": "seen", "type": {"option": "u32"}}]
    },
    {
     "name": "unlock",
     "tag": 16,
     "fields": [{"name": "word", "type": "string"}, {"name": "seen", "type": {"option": "u32"}}]
    },
    {"name": "pull", "tag": 17, "fields": [{"name": "word", "type": "string"}]},
    {"name": "help", "tag": 18},
    {"name": "follow", "tag": 19, "fields": [{"name": "whom", "type": {"option": {"name": "NetId"}}}]},
    {
     "name": "cast",
     "tag": 20,
     "fields": [{"name": "slot", "type": "u8"}, {"name": "at", "type": {"option": {"name": "NetId"}}}]
    },
    {"name": "group", "tag": 21},
    {"name": "invite", "tag": 22, "fields": [{"name": "who", "type": {"name": "NetId"}}]},
    {"name": "join", "tag": 23},
    {"name": "leave_group", "tag": 24},
    {"name": "trade", "tag": 25, "fields": [{"name": "with", "type": {"name": "NetId"}}]},
    {"name": "offer", "tag": 26, "fields": [{"name": "item", "type": {"name": "NetId"}}]},
    {"name": "withdraw", "tag": 27, "fields": [{"name": "item", "type": {"name": "NetId"}}]},
    {"name": "accept", "tag": 28, "fields": [{"name": "seen", "type": {"option": "u32"}}]},
    {"name": "cancel", "tag": 29},
    {"name": "complete", "tag": 30, "fields": [{"name": "line", "type": "string"}]},
    {"name": "quit", "tag": 31},
    {
     "name": "talk",
     "tag": 32,
     "fields": [{"name": "to", "type": {"name": "NetId"}}, {"name": "about", "type": "string"}]
    },
    {"name": "wares", "tag": 33, "fields": [{"name": "of", "type": {"name": "NetId"}}]},
    {
     "name": "buy",
     "tag": 34,
     "fields": [
      {"name": "from", "type": {"name": "NetId"}},
      {"name": "template", "type": "string"},
      {"name": "count", "type": "u32"}
     ]
    },
    {
     "name": "sell",
     "tag": 35,
     "fields": [
      {"name": "to", "type": {"name": "NetId"}},
      {"name": "item", "type": {"name": "NetId"}},
      {"name": "count", "type": {"option": "u32"}},
      {"name": "seen", "type": {"option": "u32"}}
     ]
    }
   ]
  },
  "WorldNews": {
   "enum": [
    {
     "name": "told",
     "tag": 0,
     "fields": [
      {"name": "id", "type": "string"},
      {"name": "arguments", "type": {"list": {"tuple": ["string", "string"]}}},
      {"name": "words", "type": "string"}
     ]
    },
    {"name": "room", "tag": 1, "value": {"name": "RoomNews"}},
    {"name": "stats", "tag": 2, "value": {"name": "StatsNews"}},
    {
     "name": "door",
     "tag": 3,
     "fields": [
      {"name": "key", "type": "string"},
      {"name": "state", "type": {"name": "DoorState"}},
      {"name": "block", "type": {"name": "Block"}},
      {"name": "version", "type": "u32"}
     ]
    },
    {"name": "completions", "tag": 4, "fields": [{"name": "words", "type": {"list": "string"}}]},
    {"name": "wares", "tag": 5, "value": {"name": "WaresNews"}},
    {"name": "table", "tag": 6, "value": {"name": "TableNews"}}
   ]
  }
 }
};
