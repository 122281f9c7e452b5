// Made by `npm run types` from src/protocol.json: do not edit.
/** What goes wrong in a session; before the welcome there are codes of HTTP, too. */
export type ErrorCodeName =
  | 'malformed'
  | 'version_mismatch'
  | 'hello_first'
  | 'out_of_range'
  | 'stale'
  | 'future_seq'
  | 'wrong_state'
  | 'unknown_mode'
  | 'unknown_item'
  | 'no_such_entity'
  | 'out_of_reach'
  | 'full'
  | 'too_soon'
  | 'taken_over'
  | 'draining'
  | 'unavailable'
  | 'try_later'
  | 'words_refused'
  | 'silenced'
  | 'conflict';

/** Types of what a client says, and their payloads. */
export interface ClientPayloads {
  hello: {
    protocol_version: number;
    client: string;
    locale: string;
  };
  join_queue: {
    mode: string;
  };
  leave_queue: {};
  choose_loadout: {
    items: Array<ItemId>;
  };
  act: {
    seq: number;
    act: Act;
    seen?: number | null;
  };
  inputs: {
    batch: Array<Input>;
  };
  leave_match: {};
  ping: {
    nonce: number | bigint;
  };
  ask_names: {
    avatars: Array<NetId>;
  };
  command: {
    seq: number;
    body: Uint8Array;
  };
  enter_world: {
    wish: string;
  };
  chat: {
    channel: ChatChannel;
    to: string;
    words: string;
    is_emote: boolean;
  };
  chat_history: {
    channel: ChatChannel;
    with: string;
    before: number | bigint;
  };
  ignore: {
    name: string;
    ignored: Ignored;
  };
  report_chat: {
    line: number | bigint;
    from: string;
    reason: string;
  };
  ask_chunks: {
    match_id: MatchId;
    chunks: Array<ChunkPlace>;
  };
  follow_game: {
    game: number | bigint;
    is_followed: boolean;
  };
  party: {
    act: PartyAct;
  };
  watch: {
    match_id: MatchId;
    whom: Watched;
  };
  ask_queue: {};
  join_queue_with: {
    mode: string;
    properties: Array<Property>;
    query: string;
  };
  renew: {
    access_token: string;
  };
}

/** Types of what a server says, and their payloads. */
export interface ServerPayloads {
  welcome: {
    session: SessionId;
    account: AccountId;
    name: string;
    protocol_version: number;
    tick_hz: number;
    content_hash: Uint8Array;
    modes: Array<ModeInfo>;
    current_match?: MatchId | null;
    locale: string;
  };
  queued: {
    mode: string;
    waiting: number;
    wanted: number;
    window: number;
  };
  unqueued: {};
  loadout_open: {
    match_id: MatchId;
    mode: string;
    closes_in_ms: number;
    stash: Array<StashItem>;
  };
  loadout_chosen: {
    items: Array<ItemId>;
  };
  match_started: {
    match_id: MatchId;
    mode: string;
    tick_hz: number;
    avatar: NetId;
    radius: number;
    side: number;
    obstacles: Array<Block>;
    pois: Array<PoiInfo>;
    exits: Array<ExitInfo>;
  };
  phase: {
    phase: MatchPhase;
    tick: number;
    ends_tick: number;
  };
  inventory: {
    version: number;
    items: Array<CarriedItem>;
  };
  events: {
    tick: number;
    events: Array<GameEvent>;
  };
  settled: {
    match_id: MatchId;
    report: SettledReport;
  };
  pong: {
    nonce: number | bigint;
  };
  snapshot: Snapshot;
  goodbye: {};
  loadout_refused: {
    items: Array<ItemId>;
  };
  roster: {
    match_id: MatchId;
    players: Array<RosterEntry>;
  };
  scoreboard: {
    match_id: MatchId;
    tick: number;
    rows: Array<ScoreRow>;
    own?: ScoreRow | null;
  };
  match_ended: {
    match_id: MatchId;
    players: number;
    rows: Array<ResultRow>;
    own?: ResultRow | null;
    rating: number;
  };
  told: {
    tick: number;
    body: Uint8Array;
  };
  chat_line: ChatLine;
  chat_page: {
    channel: ChatChannel;
    with: string;
    lines: Array<ChatLine>;
    before: number | bigint;
  };
  chat_notice: {
    notice: ChatNotice;
    name: string;
    text: string;
  };
  chunks_near: {
    match_id: MatchId;
    chunk_side: number;
    chunks: Array<ChunkInfo>;
  };
  chunk: {
    match_id: MatchId;
    at: ChunkPlace;
    body: Uint8Array;
  };
  doors_changed: {
    match_id: MatchId;
    doors: Array<DoorChange>;
  };
  game_followed: {
    game: number | bigint;
    is_followed: boolean;
    step: number;
  };
  game_told: {
    game: number | bigint;
    step: number;
    body: Uint8Array;
  };
  friend_requested: {
    account: AccountId;
    name: string;
  };
  friend_accepted: {
    account: AccountId;
    name: string;
  };
  friends_present: {
    friends: Array<FriendPresence>;
  };
  party_changed: {
    party?: PartyInfo | null;
  };
  party_invited: {
    party: number | bigint;
    from: string;
    label: string;
    expires_s: number;
  };
  queue_refused: {
    mode: string;
    why: QueueRefusal;
  };
  watching: {
    match_id: MatchId;
    avatar: NetId;
    name: string;
  };
  queue_explained: QueueWhy;
  inbox_changed: {
    unread: number;
  };
  query_explained: QueryWhy;
  renewed: {
    expires_in_s: number | bigint;
  };
  error: {
    code: string;
    message: string;
    retry_after_ms?: number | bigint | null;
    about?: string | null;
    min?: number | null;
    max?: number | null;
  };
}

/** Requests, and the types of their answers. */
export interface Answers {
  ask_names: 'roster';
  ask_queue: 'queue_explained';
  chat_history: 'chat_page';
  choose_loadout: 'loadout_chosen';
  enter_world: 'match_started';
  follow_game: 'game_followed';
  hello: 'welcome';
  join_queue: 'queued';
  join_queue_with: 'queued';
  leave_queue: 'unqueued';
  ping: 'pong';
  renew: 'renewed';
  watch: 'watching';
}

/** Types of the bodies within messages. */
export interface Bodies {
  chunk: Chunk;
  command: WorldCommand;
  game_told: GameNews;
  told: WorldNews;
}

export type AccountId = number | bigint;

export type Act =
  | { pick_up: {
    item: NetId;
  } }
  | { loot: {
    container: NetId;
  } }
  | { equip: {
    item: NetId;
  } }
  | { unequip: {
    item: NetId;
  } }
  | { drop: {
    item: NetId;
  } }
  | { use: {
    item: NetId;
  } };

export interface ActNews {
  side: Side;
  what: BattleMove;
  result: ActResult;
  defends_left: number;
  specials_left: number;
}

export type ActResult =
  | 'defends'
  | 'dodged'
  | { hit: {
    damage: number;
    is_critical: boolean;
    is_defended: boolean;
    hp_before: number;
    hp_after: number;
  } };

export interface ActTold {
  act: ActNews;
  words: string;
}

export type BattleEnd =
  | 'knockout'
  | 'turns_over'
  | 'forfeit';

export type BattleMove =
  | 'attack'
  | 'defend'
  | 'special';

export interface Block {
  x_min: number;
  y_min: number;
  x_max: number;
  y_max: number;
}

export interface CarriedItem {
  id: NetId;
  item: ItemId;
  template: string;
  equipped: boolean;
  state: ItemState;
  version: number;
}

export type ChatChannel =
  | 'room'
  | 'zone'
  | 'party'
  | 'whisper'
  | 'global';

export interface ChatLine {
  id: number | bigint;
  channel: ChatChannel;
  from: string;
  to: string;
  words: string;
  is_emote: boolean;
  at_ms: number | bigint;
  text: string;
}

export type ChatNotice =
  | 'refused'
  | 'muted'
  | 'blocked'
  | 'heard'
  | 'reported';

export interface Chunk {
  obstacles: Array<Block>;
  doors: Array<DoorInfo>;
  rooms: Array<RoomInfo>;
}

export type ChunkHash = Uint8Array;

export interface ChunkInfo {
  at: ChunkPlace;
  hash: ChunkHash;
}

export interface ChunkPlace {
  column: number;
  row: number;
}

export type DamageCause =
  | 'other'
  | { ability: {
    ability: number;
  } }
  | { effect: {
    effect: number;
  } }
  | { hazard: {
    hazard: number;
  } };

export interface DoorChange {
  number: number;
  is_open: boolean;
}

export interface DoorInfo {
  number: number;
  key: string;
  block: Block;
  is_open: boolean;
}

export interface DoorNews {
  state: DoorState;
  version: number;
}

export type DoorState =
  | 'open'
  | 'closed'
  | 'locked';

export type ErrorCode =
  | 'malformed'
  | { version_mismatch: {
    min: number;
    max: number;
  } }
  | 'hello_first'
  | 'out_of_range'
  | 'stale'
  | 'future_seq'
  | 'wrong_state'
  | 'unknown_mode'
  | 'unknown_item'
  | 'no_such_entity'
  | 'out_of_reach'
  | 'full'
  | 'too_soon'
  | 'taken_over'
  | 'draining'
  | 'unavailable'
  | 'try_later'
  | 'words_refused'
  | 'silenced'
  | 'conflict';

export interface ExitInfo {
  x: number;
  y: number;
  radius: number;
  opens_tick: number;
  closes_tick: number;
  channel_ticks: number;
}

export interface ExitNews {
  word: string;
  door?: DoorNews | null;
}

export interface FriendPresence {
  account: AccountId;
  whereabouts: Whereabouts;
}

export type GameEvent =
  | { damaged: {
    source: NetId;
    target: NetId;
    amount: number;
    critical: boolean;
  } }
  | { dodged: {
    source: NetId;
    target: NetId;
  } }
  | { died: {
    who: NetId;
    by: NetId;
  } }
  | { effect_began: {
    who: NetId;
    effect: number;
  } }
  | { effect_ended: {
    who: NetId;
    effect: number;
  } }
  | { extraction_began: {
    who: NetId;
    ticks: number;
  } }
  | { extraction_broken: {
    who: NetId;
  } }
  | { extracted: {
    who: NetId;
  } }
  | { exit_changed: {
    exit: number;
    open: boolean;
  } }
  | { refused: {
    seq: number;
    code: ErrorCode;
  } }
  | { healed: {
    source: NetId;
    target: NetId;
    amount: number;
  } }
  | { dispelled: {
    source: NetId;
    target: NetId;
    effect: number;
  } }
  | { changed: {
    item: NetId;
    version: number;
    count: number;
  } }
  | { cast_began: {
    who: NetId;
    ability: number;
    ticks: number;
  } }
  | { swung: {
    who: NetId;
    ability: number;
    heading: number;
  } }
  | { downed: {
    who: NetId;
    by: NetId;
  } }
  | { revive_began: {
    who: NetId;
    by: NetId;
    ticks: number;
  } }
  | { revive_broken: {
    who: NetId;
    by: NetId;
  } }
  | { revived: {
    who: NetId;
    by: NetId;
  } }
  | { team_told: {
    who: NetId;
    team: number;
  } }
  | { defeated: {
    who: NetId;
    cause: DamageCause;
  } };

export type GameNews =
  | { chosen: {
    entrant: number;
    pairing: number;
    game: number;
    turn: number;
  } }
  | { turn: {
    pairing: number;
    game: number;
    turn: number;
    hp: [number, number];
    acts: Array<ActTold>;
  } }
  | { begun: {
    pairing: number;
    game: number;
    entrants: [number, number];
  } }
  | { ended: {
    pairing: number;
    game: number;
    winner: number;
    how: BattleEnd;
    words: string;
  } }
  | { paired: {
    pairing: number;
    entrants: [number, number];
  } }
  | { decided: {
    pairing: number;
    outcome: PairingOutcome;
  } }
  | { wanted: {
    entrant: number;
    wants: Wants;
  } }
  | { allocated: {
    entrant: number;
  } }
  | { ready: {
    entrant: number;
  } }
  | { withdrew: {
    entrant: number;
    words: string;
  } }
  | { over: {
    champion?: number | null;
    words: string;
  } };

export type Ignored =
  | 'not'
  | 'muted'
  | 'blocked';

export interface Input {
  seq: number;
  walk: number;
  pace: number;
  aim: number;
  ability: number;
}

/** The name of an item for ever: `"ab-7"`. */
export type ItemId = string;

export interface ItemState {
  count: number;
  wear: number;
  is_bound: boolean;
  inside?: ItemId | null;
}

export type MatchId = number | bigint;

export type MatchPhase =
  | 'deploy'
  | 'live'
  | 'over';

export interface ModeInfo {
  name: string;
  players: number;
  duration_s: number;
}

export type NetId = number;

export type Outcome =
  | 'extracted'
  | 'died'
  | 'timed_out';

export interface OwnState {
  x: number;
  y: number;
  heading: number;
  speed: number;
  hp: number;
  hp_max: number;
  mp: number;
  cooling: number;
  extraction_ticks: number;
}

export type PairingOutcome =
  | { won: number }
  | { forfeited: number }
  | { both_gone: number | null }
  | 'not_needed';

export type PartyAct =
  | { invite: {
    name: string;
  } }
  | { accept: {
    party: number | bigint;
  } }
  | { decline: {
    party: number | bigint;
  } }
  | 'leave'
  | { kick: {
    account: AccountId;
  } }
  | { promote: {
    account: AccountId;
  } }
  | { label: {
    label: string;
  } };

export interface PartyInfo {
  party: number | bigint;
  label: string;
  leader: AccountId;
  members_max: number;
  members: Array<PartyMember>;
  invited: Array<string>;
}

export interface PartyMember {
  account: AccountId;
  name: string;
  is_here: boolean;
}

export interface PoiInfo {
  kind: string;
  x: number;
  y: number;
  radius: number;
}

export interface Property {
  key: string;
  value: PropertyValue;
}

export type PropertyFault =
  | 'bad_key'
  | 'same_key'
  | 'bad_text';

export type PropertyValue =
  | { text: {
    text: string;
  } }
  | { number: {
    number: number | bigint;
  } };

export type QueryFault =
  | 'too_many_clauses'
  | 'too_many_values'
  | 'bad_key'
  | 'no_colon'
  | 'no_value'
  | 'bad_number'
  | 'empty_range'
  | 'open_quote'
  | 'bad_character';

export interface QueryWhy {
  ruled_out: number;
  shoulds: number;
  next_relaxed_ms?: number | null;
}

export type QueueRefusal =
  | { not_leader: {
    leader: AccountId;
  } }
  | { party_too_large: {
    members: number;
    members_max: number;
  } }
  | { member_away: {
    account: AccountId;
  } }
  | { member_busy: {
    account: AccountId;
  } }
  | { ratings_too_wide: {
    spread: number;
    spread_max: number;
  } }
  | { bad_property: {
    place: number;
    fault: PropertyFault;
  } }
  | { bad_query: {
    at: number;
    fault: QueryFault;
  } };

export interface QueueWhy {
  mode: string;
  waited_ms: number;
  estimate_ms?: number | null;
  window: number;
  window_start: number;
  window_per_s: number;
  window_max: number;
  in_line: number;
  looked_at: number;
  fitting: number;
  beyond_window: number;
  beyond_theirs: number;
  too_many: number;
}

export interface Record {
  id: NetId;
  kind: RecordKind;
  template: number;
  x: number;
  y: number;
  heading: number;
  hp_band: number;
  extent: number;
}

export type RecordKind =
  | 'player'
  | 'npc'
  | 'item'
  | 'container'
  | 'projectile'
  | 'hazard'
  | 'storm';

export interface ResultRow {
  avatar: NetId;
  name: string;
  placement: number;
  outcome: Outcome;
  kills: number;
  damage_dealt: number;
}

export interface RoomInfo {
  key: string;
  name: string;
  area: Block;
  is_safe: boolean;
}

export interface RoomNews {
  key: string;
  name: string;
  description: string;
  is_safe: boolean;
  exits: Array<ExitNews>;
}

export interface RosterEntry {
  avatar: NetId;
  name: string;
}

export interface ScoreRow {
  avatar: NetId;
  kills: number;
  outcome?: Outcome | null;
}

export type SessionId = number | bigint;

export interface SettledReport {
  outcome: Outcome;
  kills: number;
  damage_dealt: number;
  xp_gained: number;
  level: number;
  items_secured: number;
  currency_gained: number | bigint;
  rating: number;
}

export type Side =
  | 'first'
  | 'second';

export interface Snapshot {
  tick: number;
  input_seq: number;
  own?: OwnState | null;
  records: Array<Record>;
  alive: number;
  extracted: number;
}

export interface StashItem {
  item: ItemId;
  template: string;
  state: ItemState;
}

export interface StatsNews {
  hp: number;
  hp_max: number;
  mp: number;
  mp_max: number;
  level: number;
  xp: number;
  xp_next: number;
}

export interface TableNews {
  with: NetId;
  version: number;
  own: Array<CarriedItem>;
  their: Array<CarriedItem>;
}

export type Wants =
  | 'nothing'
  | { points: {
    until_unix_ms?: number | bigint | null;
  } }
  | { ready: {
    until_unix_ms: number | bigint;
  } }
  | { move: {
    until_unix_ms?: number | bigint | null;
  } };

export interface WaresNews {
  who: NetId;
  coin: string;
  sells: Array<[string, number]>;
  buys: Array<[string, number]>;
}

export type Watched =
  | 'next'
  | 'previous'
  | { participant: {
    avatar: NetId;
  } }
  | 'nobody';

export type Whereabouts =
  | 'offline'
  | 'online'
  | { in_match: {
    mode: string;
  } }
  | { in_place: {
    place: string;
  } };

export type WorldCommand =
  | { line: {
    words: string;
  } }
  | { look: {
    at?: NetId | null;
  } }
  | { go: {
    word: string;
  } }
  | { say: {
    words: string;
  } }
  | { tell: {
    name: string;
    words: string;
  } }
  | { emote: {
    words: string;
  } }
  | 'who'
  | 'stats'
  | 'effects'
  | 'inventory'
  | { attack: {
    target: NetId;
  } }
  | 'stop'
  | 'flee'
  | { give: {
    item: NetId;
    to: NetId;
    seen?: number | null;
  } }
  | { open: {
    word: string;
    seen?: number | null;
  } }
  | { close: {
    word: string;
    seen?: number | null;
  } }
  | { unlock: {
    word: string;
    seen?: number | null;
  } }
  | { pull: {
    word: string;
  } }
  | 'help'
  | { follow: {
    whom?: NetId | null;
  } }
  | { cast: {
    slot: number;
    at?: NetId | null;
  } }
  | 'group'
  | { invite: {
    who: NetId;
  } }
  | 'join'
  | 'leave_group'
  | { trade: {
    with: NetId;
  } }
  | { offer: {
    item: NetId;
  } }
  | { withdraw: {
    item: NetId;
  } }
  | { accept: {
    seen?: number | null;
  } }
  | 'cancel'
  | { complete: {
    line: string;
  } }
  | 'quit'
  | { talk: {
    to: NetId;
    about: string;
  } }
  | { wares: {
    of: NetId;
  } }
  | { buy: {
    from: NetId;
    template: string;
    count: number;
  } }
  | { sell: {
    to: NetId;
    item: NetId;
    count?: number | null;
    seen?: number | null;
  } };

export type WorldNews =
  | { told: {
    id: string;
    arguments: Array<[string, string]>;
    words: string;
  } }
  | { room: RoomNews }
  | { stats: StatsNews }
  | { door: {
    key: string;
    state: DoorState;
    block: Block;
    version: number;
  } }
  | { completions: {
    words: Array<string>;
  } }
  | { wares: WaresNews }
  | { table: TableNews };
