// Made by `npm run types` from the http_types.json of the gateway: do not edit.

/** What is answered, by the operation of the OpenAPI document. */
export interface HttpAnswers {
  accept_friend: Friend;
  accept_trade: Trade;
  ask_friend: Friend;
  be_ready: Game;
  block: Friend;
  buy: Bought;
  buy_cosmetic: CosmeticBought;
  call_game_off: OpenGame;
  cancel_trade: CancelledTrade;
  claim_daily: DailyClaim;
  claim_message: MessageClaimed;
  come_as_guest: GuestLogin;
  connect: ConnectToken;
  create_character: Character;
  create_creature: Creature;
  delete_character: DeletedCharacter;
  delete_message: MessageDone;
  delete_object: ObjectDeleted;
  enter_game: OpenGame;
  equip_cosmetic: Equipped;
  give_points: Game;
  grow_creature: Creature;
  join_line: Ticket;
  join_queue: QueuePlace;
  leave_game: OpenGame;
  leave_line: Ticket;
  leave_queue: QueuePlace;
  list_achievements: Achievements;
  list_blocks: Friends;
  list_characters: Characters;
  list_cosmetics: Cosmetics;
  list_creature_types: CreatureTypes;
  list_creatures: Creatures;
  list_daily: DailyTables;
  list_entries: OpenGame;
  list_friends: Friends;
  list_games: Games;
  list_ladders: Ladders;
  list_leaderboards: Leaderboards;
  list_matches: PlayedMatches;
  list_messages: Inbox;
  list_objects: StoredObjects;
  list_open_games: OpenGames;
  list_season_rewards: SeasonRewards;
  list_seasons: Seasons;
  list_shop: Shop;
  list_tournaments: Tournaments;
  list_trades: Trades;
  login: Login;
  logout: ClosedLogins;
  logout_everywhere: ClosedLogins;
  look_at_cosmetics: Looks;
  make_move: Game;
  open_socket: unknown;
  propose_trade: ProposedTrade;
  read_message: MessageDone;
  refresh: Login;
  refund_cosmetic: Refunded;
  register: Registered;
  release_creature: ReleasedCreature;
  remove_friend: Unlisted;
  rename_creature: Creature;
  sell: Sold;
  send_message: MessageSent;
  set_visibility: Visibility;
  show_around: BoardPage;
  show_battle_log: string;
  show_blob: AnyJson;
  show_bracket: Bracket;
  show_content: ContentManifest;
  show_creature: Creature;
  show_game: OpenGame | Game;
  show_health: Health;
  show_inventory: Inventory;
  show_journal_key: JournalKey;
  show_leaderboard: BoardPage;
  show_match: PlayedMatch;
  show_object: StoredObject;
  show_openapi: AnyObject;
  show_profile: Profile;
  show_protocol: AnyObject;
  show_queue_place: QueuePlace;
  show_rating: Rating;
  show_readiness: Health;
  show_stash: Stash;
  show_status: AnyObject;
  show_storage: StorageUsage;
  show_ticket: Ticket;
  show_visibility: Visibility;
  start_game: OpenGame | Game;
  unblock: Unlisted;
  unequip_cosmetic: Equipped;
  withdraw: Game;
  write_object: StoredObject;
}

/** What is sent. */
export interface HttpBodies {
  ask_friend: SomebodyNamed;
  be_ready: EntrantNamed;
  block: SomebodyNamed;
  buy: Purchase;
  buy_cosmetic: CosmeticPurchase;
  come_as_guest: GuestName;
  connect: PlayAs;
  create_character: NewCharacter;
  create_creature: NewCreature;
  enter_game: EnterGame;
  give_points: AllocateStats;
  grow_creature: Allotment;
  join_line: NewTicket;
  join_queue: JoinQueue;
  leave_game: LeaveGame;
  login: Credentials;
  look_at_cosmetics: LookedAt;
  make_move: MakeMove;
  propose_trade: Proposal;
  refresh: RefreshTokenShown;
  refund_cosmetic: CosmeticRefund;
  register: NewAccount;
  rename_creature: Renaming;
  sell: Sale;
  send_message: OperatorMessage;
  set_visibility: Visibility;
  start_game: StartGame;
  withdraw: EntrantNamed;
  write_object: NewObject;
}

/** 3 to 24 characters once it is composed (NFC), at most 96 bytes: letters, digits, `_`, `-` and single spaces between them, a letter or digit first. */
export type AccountNameText = string;

export interface Achievement {
  at: number;
  description: string;
  /** When it was reached; left out: it was not. */
  done_s?: number;
  key: string;
  name: string;
  /** What was counted so far, up to what it counts to. */
  progress: number;
  reward: Reward;
}

export interface Achievements {
  achievements: Array<Achievement>;
}

/** What one did in a turn. */
export interface Act {
  defends_left: number;
  result: ActResult;
  side: Side;
  specials_left: number;
  what: MoveWord;
}

/** What came of an act. */
export type ActResult = 'defends' | 'dodged' | {
  hit: {
    damage: number;
    hp_after: number;
    hp_before: number;
    is_critical: boolean;
    is_defended: boolean;
  };
};

export interface AllocateStats {
  entrant: number;
  /** The same request again gives nothing more. */
  key?: RequestKey;
  points?: Points;
}

export interface Allotment {
  /** The same request again gives nothing more. */
  key?: RequestKey;
  points: Points;
}

export type AnyJson = unknown;

export type AnyObject = Record<string, unknown>;

/** A battle that is fought now. */
export interface Battle {
  fighters: Array<Fighter>;
  game: number;
  /** What was done in the turn before. */
  last: Array<Act>;
  pairing: number;
  /** The one to come, from 1. */
  turn: number;
}

export interface BoardEntry {
  account_id: number;
  name: string;
  rank: number;
  score: number;
}

export interface BoardPage {
  entries: Array<BoardEntry>;
  leaderboard: string;
  /** What to ask for behind them; `None`: nobody is there. */
  next: string | null;
  season: Season;
}

export interface Bought {
  balance: Currency;
  item: ItemName;
}

/** Who meets whom in a game. */
export interface Bracket {
  champion: number | null;
  game_id: number;
  is_over: boolean;
  pairings: Array<Pairing>;
}

export interface CancelledTrade {
  state: TradeStage;
  trade_id: number;
}

export interface Character {
  character_id: number;
  created_s: number;
  name: string;
}

export interface Characters {
  characters: Array<Character>;
}

export interface ClosedLogins {
  logins_closed: number;
}

export interface ConnectToken {
  connect_token: string;
  expires_in_s: number;
  protocol_version: number;
  server_address: string;
  session_id: number;
}

/** A blob of the content. */
export interface ContentBlob {
  bytes: number;
  /** By which it is fetched. */
  hash: string;
  name: string;
}

/** Which blobs there are, or which have changed. */
export interface ContentManifest {
  blobs: Array<ContentBlob>;
  /** The hash of the content, as a welcome tells it. */
  content_hash: string;
  /** By which one asks later what has changed. */
  manifest_hash: string;
  /** Names of blobs that are there no more. */
  removed?: Array<string>;
  /** The manifest that it tells the changes since. */
  since?: string;
}

export interface Cosmetic {
  /** 24 bits of red, green and blue. */
  colour: number;
  description: string;
  is_equipped: boolean;
  is_owned: boolean;
  key: string;
  level_min: number;
  name: string;
  /** Of a bundle, what is in it. */
  parts?: Array<string>;
  /** What the caller pays now; left out: it is not sold, or owned already. */
  price?: Price;
  /** Where it is worn; left out: it is a bundle. */
  slot?: SlotWord;
}

export interface CosmeticBought {
  balance: Currency;
  cosmetic: string;
  price: Price;
}

export interface CosmeticPurchase {
  key: number;
  price: Price;
}

export interface CosmeticRefund {
  key: number;
}

export interface Cosmetics {
  cosmetics: Array<Cosmetic>;
  currency: Currency;
}

export type CountsWord = 'submissions' | 'games_won' | 'rating';

export interface Creature {
  best_streak: number;
  created_s: number;
  creature_id: number;
  game_id?: number;
  lost: number;
  name: string;
  points: number;
  stats: Stats;
  streak: number;
  titles: number;
  type: string;
  won: number;
}

export interface CreatureCreation {
  battle: string;
  points: number;
  stat_base: number;
  stat_max: number;
  stat_min: number;
}

/** 1 to 24 characters that can be shown; spaces at its ends do not count. */
export type CreatureNameText = string;

export interface CreatureType {
  art: Array<string>;
  bias: StatsBias;
  description: string;
  name: string;
  type: string;
}

export interface CreatureTypes {
  creation: CreatureCreation;
  types: Array<CreatureType>;
}

export interface Creatures {
  creatures: Array<Creature>;
}

export interface Credentials {
  name: string;
  password: string;
}

/** Currency. */
export type Currency = number;

export interface DailyClaim {
  balance: Currency;
  /** Whether it came by this very request. */
  is_new: boolean;
  reward: Reward;
  streak: number;
  today: number;
}

export interface DailyTable {
  /** The first day first; behind the last it begins again. */
  days: Array<Reward>;
  is_claimed: boolean;
  key: string;
  /** How many were taken in a row. */
  streak: number;
  /** The day of UTC that it is, in days since 1970. */
  today: number;
}

export interface DailyTables {
  tables: Array<DailyTable>;
}

export interface DeletedCharacter {
  character_id: number;
}

export interface EnterGame {
  creature_id: number;
  /** The same request again is the same entry. */
  key?: RequestKey;
}

/** A creature in a game. */
export interface Entrant {
  /** 0: a machine's. */
  creature: number;
  is_in: boolean;
  kind: string;
  name: string;
  /** 0 is the best seed. */
  number: number;
  /** The account that owns it; 0: a machine's. */
  owner: number;
  owner_name: string;
  points: number;
  rank: number;
  stats: Stats;
  wants: Wants;
}

export interface EntrantNamed {
  entrant: number;
}

export interface Equipped {
  cosmetic: string;
  is_equipped: boolean;
}

export type FellOutWord = 'vanished' | 'creature_not_free' | 'in_rated_game' | 'failed';

/** One of two who fight. */
export interface Fighter {
  defends_left: number;
  entrant: number;
  has_chosen: boolean;
  hp: number;
  hp_max: number;
  specials_left: number;
}

export type FormatWord = 'single_elimination' | 'double_elimination' | 'swiss' | 'round_robin';

export interface Friend {
  account_id: number;
  name: string;
  presence: Presence;
  since_s: number;
  state: FriendWord;
}

export type FriendWord = 'friend' | 'sent' | 'received' | 'blocked';

export interface Friends {
  friends: Array<Friend>;
  next?: string | null;
}

/** A game of creatures as it stands. */
export interface Game {
  /** Battles that are fought now. */
  battles: Array<Battle>;
  /** The number of the entrant that has won it. */
  champion: number | null;
  entrants: Array<Entrant>;
  game: number;
  is_over: boolean;
  pairings: Array<Pairing>;
  tournament: string;
}

/** A game in a list. */
export interface GameBrief {
  created_s: number;
  ended_s?: number;
  game_id: number;
  is_over: boolean;
  size: number;
  state: GameStage;
  tournament: string;
}

export interface GameEntry {
  account_id: number;
  creature_id: number;
  entered_s: number;
  name: string;
  owner_name: string;
  prize?: Currency;
  type: string;
}

export type GameStage = 'open' | 'running' | 'over' | 'called_off';

export interface Games {
  games: Array<GameBrief>;
  next?: string | null;
}

/** What one side of a trade gives. */
export interface Goods {
  currency?: Currency;
  /** None twice. */
  items?: Array<ItemSeen>;
}

/** A guest's login, which has nothing to refresh. */
export interface GuestLogin {
  /** For `Authorization: Bearer …`. */
  access_token: string;
  account_id: number;
  /** How long the access token is good. */
  expires_in_s: number;
  token_type: TokenType;
}

export interface GuestName {
  name: AccountNameText;
}

export interface Health {
  reasons?: Array<string>;
  status: HealthWord;
}

export type HealthWord = 'alive' | 'ready' | 'degraded';

export interface Inbox {
  messages: Array<InboxMessage>;
  next?: string | null;
  /** Of all of them. */
  unread: number;
}

export interface InboxMessage {
  /** What may be claimed, or was. */
  currency: Currency;
  /** When it is kept no longer; what is not claimed by then is lost. */
  expires_s: number;
  is_claimed: boolean;
  is_read: boolean;
  message_id: number;
  sent_s: number;
  /** In the language that was asked for, or the nearest there is. */
  text: string;
}

export interface Inventory {
  capacity: number;
  currency: Currency;
  items: Array<PlacedItem>;
}

/** An item: its origin in lower hex, a hyphen, its serial number in decimal, without leading zeros. */
export type ItemName = string;

/** An item with the version it was seen at. */
export interface ItemSeen {
  item: ItemName;
  version: number;
}

export interface JoinQueue {
  creature_id: number;
  /** The same request again is the same place in line. */
  key?: RequestKey;
  ladder: string;
}

export interface JournalKey {
  algorithm: string;
  public_key: string;
}

export interface Ladder {
  battles_min: number;
  description: string;
  has_seasons: boolean;
  key: string;
  name: string;
  ranks: Array<LadderRank>;
  tournament: string;
}

export interface LadderRank {
  from: number;
  key: string;
  name: string;
}

export interface Ladders {
  ladders: Array<Ladder>;
}

export interface Leaderboard {
  counts: CountsWord;
  description: string;
  has_seasons: boolean;
  key: string;
  name: string;
  operator: OperatorWord;
  order: OrderWord;
  /** What the best get when a season is over, the first ranks first; left out: nothing. */
  rewards?: Array<LeaderboardReward>;
}

/** What ranks get, from behind those of the step before. */
export interface LeaderboardReward {
  reward: Reward;
  to_rank: number;
}

export interface Leaderboards {
  leaderboards: Array<Leaderboard>;
}

export interface LeaveGame {
  creature_id: number;
}

/** Words in one language. */
export interface LocalText {
  locale: string;
  text: string;
}

/** An open login. */
export interface Login {
  /** For `Authorization: Bearer …`. */
  access_token: string;
  account_id: number;
  /** How long the access token is good. */
  expires_in_s: number;
  /** How long the refresh token is good. */
  refresh_expires_in_s: number;
  refresh_token: RefreshTokenText;
  token_type: TokenType;
}

export interface Look {
  /** Keys of what is worn. */
  cosmetics: Array<string>;
  /** As it was asked for. */
  name: string;
}

export interface LookedAt {
  /** Names of accounts or characters. */
  names: Array<string>;
}

export interface Looks {
  /** In the order asked for; who wears nothing is left out. */
  looks: Array<Look>;
}

export interface MakeMove {
  entrant: number;
  game: number;
  move: MoveWord;
  pairing: number;
  turn: number;
}

export type MatchNumber = number | string;

export interface MessageClaimed {
  balance: Currency;
  currency: Currency;
  /** `false`: it was claimed before. */
  is_new: boolean;
  message_id: number;
}

/** A message that was read or deleted. */
export interface MessageDone {
  message_id: number;
  /** How many are not read now. */
  unread: number;
}

export interface MessageSent {
  account_id: number;
  /** `false`: it was sent before. */
  is_new: boolean;
  message_id: number;
}

export type MoveWord = 'attack' | 'defend' | 'special';

/** A name and a password for a new account. */
export interface NewAccount {
  name: AccountNameText;
  password: PasswordText;
}

export interface NewCharacter {
  name: AccountNameText;
}

export interface NewCreature {
  /** The same request again is the same creature. */
  key?: RequestKey;
  name: CreatureNameText;
  points?: Points;
  type: string;
}

export interface NewObject {
  /** The version that is replaced; 0: there must be none; left out: whatever there is. */
  if_version?: number | null;
  readable_by?: ReadableBy | null;
  value: AnyObject;
}

/** People who are to play together. */
export interface NewTicket {
  /** Who, each once, at most 32: connected, and in nothing. */
  account_ids: Array<number>;
  /** Key of the mode. */
  mode: string;
  /** What the ticket says of itself, at most 16. */
  properties?: Array<TicketProperty>;
  /** What it asks of others, at most 512 bytes. */
  query?: string;
}

/** An object that is no more. */
export interface ObjectDeleted {
  collection: string;
  key: string;
}

/** A game that people enter, or have entered. */
export interface OpenGame {
  account_id?: number;
  created_s: number;
  draw?: string;
  entered: number;
  entries?: Array<GameEntry>;
  entry_fee: Currency;
  game_id: number;
  opponents?: string;
  people_min: number;
  per_person_max: number;
  pot: number;
  prizes_percent: Array<number>;
  purse: Currency;
  seeding: SeedingWord;
  seeding_ladder?: string;
  size: number;
  starts_s: number;
  state: GameStage;
  tournament: string;
}

export interface OpenGames {
  games: Array<OpenGame>;
  next?: string | null;
}

/** How a game is opened instead of started. */
export interface OpenPart {
  /** Seconds until it starts, unless it is full before. */
  starts_in_s: StartsInSeconds;
}

/** What an operator tells somebody. */
export interface OperatorMessage {
  /** Left out: 30 days. */
  kept_s?: number | null;
  /** The same again to the same account, by its key, is sent once. */
  key: string;
  /** Of an account or a character, whole. */
  name: string;
  texts: Array<LocalText>;
}

export type OperatorWord = 'best' | 'set' | 'increment' | 'decrement';

export type OrderWord = 'descending' | 'ascending';

/** How two have parted. */
export type Outcome = {
  won: number;
} | {
  forfeited: number;
} | {
  both_gone: number | null;
} | 'not_needed';

export type OutcomeWord = 'extracted' | 'died' | 'timed_out';

/** Two who meet. */
export interface Pairing {
  best_of: number;
  number: number;
  outcome: Outcome | null;
  /** `final`, `semifinal`, `round_of_16`, `upper_1`, `swiss` … */
  place: string;
  round: number;
  /** Who meets, where that is known. */
  sides: Array<number | null>;
  wins: Array<number>;
}

/** 8 characters to 128 bytes, neither the name nor one character over and over. */
export type PasswordText = string;

export type PlaceWord = 'stash' | 'carried' | 'brought';

/** An item, and where it is. */
export type PlacedItem = StashItem & {
  /** Who carries it, or has brought it. */
  character_id?: number;
  /** The match or the visit it was brought into. */
  match_id?: MatchNumber;
  place: PlaceWord;
};

export interface PlayAs {
  character_id?: number | null;
}

export interface PlayedMatch {
  currency_gained: Currency;
  damage_dealt: number;
  ended_s: number;
  items_secured: number;
  kills: number;
  /** After it. */
  level: number;
  match_id: MatchNumber;
  mode: string;
  outcome: OutcomeWord;
  /** Place among all seats, 1 is best. */
  placement?: number;
  /** After it. */
  rating: number;
  rating_change?: number;
  started_s: number;
  xp_gained: number;
}

export interface PlayedMatches {
  matches: Array<PlayedMatch>;
  next?: string | null;
}

/** Points for stats; what is left out is 0. */
export interface Points {
  defence?: number;
  health?: number;
  luck?: number;
  speed?: number;
  strength?: number;
}

/** Where somebody is. */
export type Presence = {
  state: 'offline';
} | {
  state: 'online';
} | {
  mode: string;
  state: 'in_match';
} | {
  place: string;
  state: 'in_place';
};

/** A price. */
export type Price = number;

export interface Profile {
  account_id: number;
  created_s: number;
  currency: Currency;
  /** Whether it has no password. */
  is_guest: boolean;
  level: number;
  name: string;
  /** By matches; what ladders say is told by them. */
  rating: number;
  xp: number;
}

export interface Proposal {
  gives?: Goods;
  to: number;
  wants?: Goods;
}

export interface ProposedTrade {
  expires_in_s: number;
  trade_id: number;
}

export interface Purchase {
  key: number;
  price: Price;
  template: string;
}

/** A place in line, or what came of it. */
export type QueuePlace = {
  state: 'nowhere';
} | {
  creature_id: number;
  ladder: string;
  rating: number;
  since_s: number;
  state: 'waiting';
  /** How many are in reach, the caller included. */
  waiting: number;
  /** How far away a rating may be now. */
  window: number;
} | {
  state: 'starting';
} | {
  game_id: number;
  state: 'playing';
} | {
  reason: FellOutWord;
  state: 'fell_out';
};

export interface Rating {
  account_id: number;
  battles: number;
  battles_ever: number;
  ends_s?: number;
  ladder: string;
  rank: string;
  rating: number;
  season_s: number;
}

/** Who may read an object. */
export type ReadableBy = 'owner' | 'public';

export interface RefreshTokenShown {
  refresh_token: RefreshTokenText;
}

/** Good once, for 30 days. */
export type RefreshTokenText = string;

export interface Refunded {
  balance: Currency;
}

/** Why a request was not done. Act on `code`; without `retry_after_ms` the same request fails again. */
export interface Refusal {
  code: string;
  /** The cosmetic that it is about. */
  cosmetic?: string;
  /** The creature that it is about. */
  creature?: number;
  /** What the request says. */
  expected?: number;
  /** The field that it is about. */
  field?: string;
  /** What there is instead: a number, a word, or null. */
  found?: unknown;
  /** The game that it is about. */
  game?: number;
  /** The item that it is about. */
  item?: ItemName;
  /** The words that would be understood. */
  known?: Array<string>;
  /** How much is left. */
  left?: number;
  /** For people. */
  message: string;
  /** The most that there may be. */
  most?: number;
  /** What would be needed. */
  needed?: number;
  /** What is wrong with the server. */
  reasons?: Array<string>;
  /** When trying again may help. */
  retry_after_ms?: number;
  /** The stat that it is about. */
  stat?: string;
  /** How far a trade has come. */
  state?: string;
  /** The turn that it is. */
  turn?: number;
}

export interface Registered {
  account_id: number;
  name: string;
}

export interface ReleasedCreature {
  creature_id: number;
}

export interface Renaming {
  name: CreatureNameText;
}

/** The same request again, by its key, is done once; an empty key is none. At most 64 bytes that can be shown. */
export type RequestKey = string;

/** What somebody gets. */
export interface Reward {
  cosmetic?: string;
  currency: Currency;
}

export interface Sale {
  item: ItemName;
  price: Price;
  version: number;
}

export interface Season {
  ends_s?: number;
  entry_count: number;
  is_over: boolean;
  season_s: number;
}

export interface SeasonReward {
  granted_s: number;
  leaderboard: string;
  rank: number;
  reward: Reward;
  season_s: number;
}

export interface SeasonRewards {
  rewards: Array<SeasonReward>;
}

export interface Seasons {
  leaderboard: string;
  next?: string | null;
  seasons: Array<Season>;
}

export type SeedingWord = 'entry_order' | 'drawn' | 'rating';

export interface Shop {
  items: Array<ShopItem>;
}

export interface ShopItem {
  buy_price: Price;
  sell_price?: Price;
  template: string;
}

/** One of two who fight. */
export type Side = 'first' | 'second';

export type SlotWord = 'colour' | 'trail' | 'banner' | 'title';

export interface Sold {
  balance: Currency;
}

/** Somebody by name. */
export interface SomebodyNamed {
  /** Of an account or a character, whole. */
  name: string;
}

export interface StartGame {
  /** Those that take part; of an open game none, for they enter one by one. */
  creature_ids?: Array<number>;
  /** The same request again is the same game. */
  key?: RequestKey;
  open?: OpenPart | null;
  /** The level of the machines that fill it. */
  opponents?: string | null;
  /** Without it as many as there are creatures; of an open game as many as may. */
  size?: number | null;
  /** Without it a cup, as most games are. */
  tournament?: string;
}

/** Seconds until it starts, unless it is full before. */
export type StartsInSeconds = number;

export interface Stash {
  capacity: number;
  currency: Currency;
  items: Array<StashItem>;
}

/** An item of a stash. */
export interface StashItem {
  /** Whether it stays with its account. */
  bound: boolean;
  /** How many pieces it is. */
  count: number;
  /** In which other item it lies. */
  inside?: ItemName;
  item: ItemName;
  template: string;
  version: number;
  /** How much of its durability is gone. */
  wear: number;
}

export interface Stats {
  defence: number;
  health: number;
  luck: number;
  speed: number;
  strength: number;
}

export interface StatsBias {
  defence: number;
  health: number;
  luck: number;
  speed: number;
  strength: number;
}

/** How much an account keeps, and may. */
export interface StorageUsage {
  /** Of values, and the names they are kept under. */
  bytes: number;
  bytes_max: number;
  objects: number;
  objects_max: number;
  value_bytes_max: number;
}

export interface StoredObject {
  collection: string;
  key: string;
  owner: number;
  readable_by: ReadableBy;
  value: AnyObject;
  /** Greater than that of all writes of the account before. */
  version: number;
  writable_by: WritableWord;
  written_s: number;
}

export interface StoredObjects {
  next?: string | null;
  objects: Array<StoredObject>;
}

/** A ticket in line, and why it waits. */
export interface Ticket {
  /** Whom it is for. */
  account_ids: Array<number>;
  beyond_theirs: number;
  beyond_window: number;
  /** How much longer it may take, going by those who went last. */
  estimate_ms?: number;
  fitting: number;
  /** People in line for the mode, its own included. */
  in_line: number;
  /** Others that were looked at, the nearest in rating: each is one of the four that follow. */
  looked_at: number;
  mode: string;
  /** Where it has a query or properties. */
  query?: TicketQuery;
  too_many: number;
  waited_ms: number;
  /** Rating distance accepted now. */
  window: number;
  window_max: number;
  window_per_s: number;
  window_start: number;
}

/** One thing that a ticket says of itself: a text or a number. */
export interface TicketProperty {
  key: string;
  number?: number | null;
  text?: string | null;
}

/** How the query of a ticket stands. */
export interface TicketQuery {
  /** Until one fewer of them does. */
  next_relaxed_ms?: number;
  /** Others that it rules out, or that rule it out. */
  ruled_out: number;
  /** Clauses without a sign that still hold. */
  shoulds: number;
}

export type TokenType = 'Bearer';

export interface Tournament {
  battle: string;
  best_of: number;
  description: string;
  entrants_max: number;
  entrants_min: number;
  entry_fee: Currency;
  format: FormatWord;
  /** Whether the house opens one by itself: when it does, it is among the open games. */
  is_scheduled: boolean;
  name: string;
  opponents: Array<string>;
  people_min: number;
  per_person_max: number;
  prizes_percent: Array<number>;
  purse: Currency;
  /** Seconds in which people may enter that one. */
  registration_s?: number;
  seeding: SeedingWord;
  /** The ladder that seeds go by. */
  seeding_ladder?: string;
  /** All numbers of creatures that can play it. */
  sizes: Array<number>;
  tournament: string;
}

export interface Tournaments {
  tournaments: Array<Tournament>;
}

export interface Trade {
  expires_in_s: number;
  from: number;
  gives: Goods;
  state: TradeStage;
  to: number;
  trade_id: number;
  wants: Goods;
}

export type TradeStage = 'open' | 'accepted' | 'cancelled' | 'expired';

export interface Trades {
  next?: string | null;
  trades: Array<Trade>;
}

/** Somebody who is on a list no more. */
export interface Unlisted {
  account_id: number;
}

export interface Visibility {
  visible_to: VisibleWord;
}

/** Who may see where the caller is. */
export type VisibleWord = 'everybody' | 'friends' | 'nobody';

/** What a game waits for. */
export type Wants = 'nothing' | {
  points: {
    until_unix_ms: number | null;
  };
} | {
  ready: {
    until_unix_ms: number;
  };
} | {
  move: {
    until_unix_ms: number | null;
  };
};

export type WritableWord = 'owner' | 'server';
