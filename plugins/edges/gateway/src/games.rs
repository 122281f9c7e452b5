//! Games of creatures: started, played and looked at.

use std::sync::Arc;

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use axum::{Extension, Json};
use hypogeum_creature_messages::{
    BattleMove, CreatureId, CreatureStats, EntrantSetup, GameId, KeptTournament, PairingView, TournamentCommand,
    TournamentSetup, TournamentView,
};
use hypogeum_store::{RunningCreature, RunningGame};
use hypogeum_tournaments::{
    CreatureError, CreatureRecord, GAMES_PER_PAGE_MAX, GameAnswer, GameLine, GameRefusal, GameState, NewGame,
};
use serde::{Deserialize, Serialize, Serializer};
use utoipa::ToSchema;

use crate::body::{JsonBody, NoBody, PathId, PathIdWith, RequestBody};
use crate::caller::Caller;
use crate::entries::{self, OpenGameBody, OpenPart, stage_text};
use crate::error::ApiError;
use crate::game_error::GameError;
use crate::gateway::Gateway;
use crate::kept_answer::KeptAnswer;
use crate::openapi::values::{GameStage, MoveWord, Points, RequestKey};
use crate::query::Query;
use crate::store::GatewayStore;

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct StartGame {
    /// Without it a cup, as most games are.
    #[serde(default = "cup")]
    tournament: String,
    /// Those that take part; of an open game none, for they enter one by one.
    #[serde(default)]
    creature_ids: Vec<u64>,
    /// Without it as many as there are creatures; of an open game as many as may.
    #[schema(maximum = 255)]
    size: Option<u8>,
    /// The level of the machines that fill it.
    opponents: Option<String>,
    /// The same request again is the same game.
    #[serde(default)]
    #[schema(value_type = RequestKey)]
    key: String,
    /// Whether people enter it one by one before it starts.
    open: Option<OpenPart>,
}

fn cup() -> String {
    "cup".to_owned()
}

impl RequestBody for StartGame {
    const SHAPE: &'static str = r#"{"creature_ids": [number] or "open": {"starts_in_s": number}, "tournament"?: string, "size"?: number, "opponents"?: string, "key"?: string}"#;
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MakeMove {
    #[schema(maximum = 255)]
    entrant: u8,
    #[schema(maximum = 65535)]
    pairing: u16,
    #[schema(maximum = 255)]
    game: u8,
    turn: u32,
    #[serde(rename = "move")]
    #[schema(value_type = MoveWord)]
    what: BattleMove,
}

impl RequestBody for MakeMove {
    const SHAPE: &'static str = r#"{"entrant": number, "pairing": number, "game": number, "turn": number, "move": "attack" | "defend" | "special"}"#;
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AllocateStats {
    #[schema(maximum = 255)]
    entrant: u8,
    #[serde(default)]
    #[schema(value_type = Points)]
    points: CreatureStats,
    /// The same request again gives nothing more.
    #[serde(default)]
    #[schema(value_type = RequestKey)]
    key: String,
}

impl RequestBody for AllocateStats {
    const SHAPE: &'static str = r#"{"entrant": number, "points"?: {"speed"?, "health"?, "defence"?, "strength"?, "luck"?: number}, "key"?: string}"#;
}

#[derive(Deserialize, ToSchema)]
#[schema(as = EntrantNamed)]
#[serde(deny_unknown_fields)]
pub(crate) struct Entrant {
    #[schema(maximum = 255)]
    entrant: u8,
}

impl RequestBody for Entrant {
    const SHAPE: &'static str = r#"{"entrant": number}"#;
}

/// A game in a list.
#[derive(Serialize, ToSchema)]
pub(crate) struct GameBrief {
    game_id: u64,
    tournament: String,
    size: u8,
    #[schema(value_type = GameStage)]
    state: &'static str,
    is_over: bool,
    created_s: u64,
    #[schema(value_type = u64)]
    #[serde(skip_serializing_if = "Option::is_none")]
    ended_s: Option<u64>,
}

impl From<GameLine> for GameBrief {
    fn from(line: GameLine) -> Self {
        let GameLine { id, tournament, size, stage, created_s, ended_s } = line;
        let (state, is_over) = (stage_text(stage), ended_s.is_some());
        Self { game_id: id.0, tournament, size, state, is_over, created_s, ended_s }
    }
}

#[derive(Serialize, ToSchema)]
pub(crate) struct Games {
    games: Vec<GameBrief>,
    next: Option<String>,
}

#[derive(Serialize)]
pub(crate) struct Bracket {
    game_id: u64,
    pairings: Vec<PairingView>,
    champion: Option<u8>,
    is_over: bool,
}

/// A game as it is shown: while people enter it, and once it is played.
#[derive(Serialize)]
#[serde(untagged)]
pub(crate) enum ShownGame {
    Entering(Box<OpenGameBody>),
    Playing(GameView),
}

/// Starts a game, or opens one for people to enter.
pub(crate) async fn start<S: GatewayStore>(
    State(gateway): State<Arc<Gateway<S>>>,
    Extension(caller): Extension<Caller>,
    JsonBody(mut wanted): JsonBody<StartGame>,
) -> Result<(StatusCode, Json<ShownGame>), ApiError> {
    entries::check_key(&wanted.key)?;
    let Some(part) = wanted.open.take() else {
        let (status, view) = start_at_once(&gateway, &caller, wanted).await?;
        return Ok((status, Json(ShownGame::Playing(view))));
    };
    let StartGame { tournament, creature_ids, size, opponents, key, .. } = wanted;
    if !creature_ids.is_empty() {
        return Err(GameError::Unfit("an open game is entered one by one, by its own request".to_owned()).into());
    }
    let wanted = (tournament.as_str(), size, opponents.as_deref());
    let (status, game) = entries::open(&gateway, caller.account, wanted, (part, key)).await?;
    Ok((status, Json(ShownGame::Entering(Box::new(game)))))
}

async fn start_at_once<S: GatewayStore>(
    gateway: &Gateway<S>,
    caller: &Caller,
    StartGame { tournament, creature_ids, size, opponents, key, .. }: StartGame,
) -> Result<(StatusCode, GameView), ApiError> {
    if creature_ids.is_empty() {
        return Err(GameError::Unfit("a game needs a creature of yours".to_owned()).into());
    }
    let size = size.or_else(|| u8::try_from(creature_ids.len()).ok()).unwrap_or(u8::MAX);
    let creatures: Vec<CreatureId> = creature_ids.into_iter().map(CreatureId).collect();
    let own = gateway.store.creatures(caller.account).await?;
    let entrants = creatures.iter().map(|id| own_creature(&own, *id)).collect::<Result<Vec<_>, _>>();
    let entrants = match entrants {
        Ok(entrants) => entrants,
        Err(id) => return Err(not_own(&gateway.store, id).await?),
    };
    let setup = |game| TournamentSetup {
        game,
        tournament: tournament.clone(),
        entrants: entrants.iter().map(|record| entrant(record, &caller.name)).collect(),
        size,
        fill: opponents.clone(),
        begins_unix_ms: 0,
    };
    gateway.games.check.check(&setup(GameId(0))).map_err(GameError::Unfit)?;
    let account = caller.account;
    let new =
        NewGame { account, tournament: tournament.clone(), creatures, size, fill: opponents.clone(), request_key: key };
    let (record, held, is_new) = gateway.store.start_game(new).await?;
    let running = RunningGame {
        id: record.id,
        account,
        tournament: record.tournament.clone(),
        size: record.size,
        fill: record.fill.clone(),
        creatures: held.iter().map(|record| running(record, &caller.name)).collect(),
    };
    match record.state {
        GameState::Running { .. } => {}
        GameState::Over { .. } => return look(gateway, record.id).await.map(|view| (StatusCode::OK, view)),
        // The key is that of a game that the account has opened.
        GameState::Open => return Err(GameError::Open.into()),
        GameState::CalledOff { .. } => return Err(GameError::CalledOff.into()),
    }
    match asked(gateway.games.port.open(running).await) {
        Ok(view) => {
            let status = if is_new { StatusCode::CREATED } else { StatusCode::OK };
            Ok((status, GameView(view)))
        }
        Err(refusal) => {
            // What the server only cannot do now, it does at its next start.
            if is_new && matches!(refusal, ApiError::Game(_)) {
                gateway.store.drop_game(record.id).await?;
            }
            Err(refusal)
        }
    }
}

fn own_creature(own: &[CreatureRecord], id: CreatureId) -> Result<&CreatureRecord, CreatureId> {
    own.iter().find(|record| record.id == id).ok_or(id)
}

/// Why a creature is none of the caller's.
pub(crate) async fn not_own<S: GatewayStore>(store: &S, id: CreatureId) -> Result<ApiError, ApiError> {
    let known = store.creature(id).await?;
    Ok(known.map_or(CreatureError::NoSuchCreature(id), |_| CreatureError::NotYours(id)).into())
}

pub(crate) fn entrant(record: &CreatureRecord, owner_name: &str) -> EntrantSetup {
    EntrantSetup {
        creature: record.id,
        owner: record.account,
        owner_name: owner_name.to_owned(),
        name: record.name.clone(),
        kind: record.kind.clone(),
        stats: record.stats,
        points: record.points,
    }
}

fn running(record: &CreatureRecord, owner_name: &str) -> RunningCreature {
    RunningCreature {
        id: record.id,
        account: record.account,
        account_name: owner_name.to_owned(),
        name: record.name.clone(),
        kind: record.kind.clone(),
        stats: record.stats,
        points: record.points,
    }
}

/// A game as it stands: of a step there is one, whoever looks at it.
pub(crate) struct GameView(Arc<TournamentView>);

impl Serialize for GameView {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

/// What the tick has answered.
fn asked<T>(answered: Result<Result<T, GameRefusal>, hypogeum_hosting::AnswerError>) -> Result<T, ApiError> {
    match answered {
        Ok(Ok(answer)) => Ok(answer),
        Ok(Err(GameRefusal::Unfit(why))) => Err(GameError::Unfit(why).into()),
        Ok(Err(GameRefusal::NotRunning)) => Err(GameError::Over.into()),
        Ok(Err(GameRefusal::NotYours)) => Err(GameError::NotYourEntrant.into()),
        Ok(Err(GameRefusal::Refused(refusal))) => Err(GameError::Refused(refusal).into()),
        Ok(Err(GameRefusal::Unavailable)) | Err(_) => Err(ApiError::Unavailable),
    }
}

/// A game as it stands: as its shard has it, or as the database has kept it.
async fn look<S: GatewayStore>(gateway: &Gateway<S>, id: GameId) -> Result<GameView, ApiError> {
    match gateway.games.port.look(id).await {
        Ok(Err(GameRefusal::NotRunning)) => Ok(GameView(Arc::new(kept(gateway, id).await?.view))),
        answered => asked(answered).map(GameView),
    }
}

/// What is kept of a game that is over.
async fn kept<S: GatewayStore>(gateway: &Gateway<S>, id: GameId) -> Result<KeptTournament, ApiError> {
    match gateway.store.game(id).await?.map(|record| record.state) {
        None => Err(GameError::NoSuchGame.into()),
        Some(GameState::Over { overview, .. }) => KeptTournament::decode(&overview).map_err(|_| ApiError::Unavailable),
        Some(GameState::Open) => Err(GameError::Open.into()),
        Some(GameState::CalledOff { .. }) => Err(GameError::CalledOff.into()),
        // It is being opened, or put away. One that people have entered begins in the next tick.
        Some(GameState::Running { .. }) => match gateway.store.entered_game(id).await? {
            Some(_) => Err(GameError::Open.into()),
            None => Err(ApiError::Busy),
        },
    }
}

pub(crate) async fn list<S: GatewayStore>(
    State(gateway): State<Arc<Gateway<S>>>,
    Extension(caller): Extension<Caller>,
    RawQuery(query): RawQuery,
    _: NoBody,
) -> Result<Json<Games>, ApiError> {
    let query = Query::read(query.as_deref(), &["after", "before", "count"])?;
    let mut page = query.page(GAMES_PER_PAGE_MAX)?;
    // The newest stand first, so what is behind a game was before it.
    page.after = page.after.or(query.value("before")?);
    let games = gateway.store.games(caller.account, page.after.map(GameId), page.count).await?;
    let next = page.next(&games, |last| last.id.to_string());
    Ok(Json(Games { games: games.into_iter().map(GameBrief::from).collect(), next }))
}

pub(crate) async fn show<S: GatewayStore>(
    State(gateway): State<Arc<Gateway<S>>>,
    PathId(id): PathId,
) -> Result<Json<ShownGame>, ApiError> {
    match look(&gateway, GameId(id)).await {
        Ok(view) => Ok(Json(ShownGame::Playing(view))),
        Err(ApiError::Game(GameError::Open | GameError::CalledOff)) => {
            let game = gateway.store.entered_game(GameId(id)).await?.ok_or(GameError::NoSuchGame)?;
            Ok(Json(ShownGame::Entering(Box::new(OpenGameBody::whole(game)))))
        }
        Err(refusal) => Err(refusal),
    }
}

pub(crate) async fn bracket<S: GatewayStore>(
    State(gateway): State<Arc<Gateway<S>>>,
    PathId(id): PathId,
) -> Result<Json<Bracket>, ApiError> {
    let GameView(view) = look(&gateway, GameId(id)).await?;
    let TournamentView { pairings, champion, is_over, .. } = Arc::unwrap_or_clone(view);
    Ok(Json(Bracket { game_id: id, pairings, champion, is_over }))
}

/// The log of a battle, as text.
pub(crate) async fn log<S: GatewayStore>(
    State(gateway): State<Arc<Gateway<S>>>,
    path: Result<Path<(u64, u16, u8)>, PathRejection>,
    headers: HeaderMap,
    _: NoBody,
) -> Result<Response, ApiError> {
    let Path((id, pairing, game)) = path.map_err(|_| ApiError::NotFound)?;
    let text = match gateway.games.port.log(GameId(id), (pairing, game)).await {
        Ok(Ok(text)) => text,
        Ok(Err(GameRefusal::NotRunning)) => {
            let kept = kept(&gateway, GameId(id)).await?;
            kept.logs.into_iter().find(|log| (log.pairing, log.game) == (pairing, game)).map(|log| log.text)
        }
        answered => asked(answered)?,
    };
    let text = text.ok_or(GameError::NoSuchBattle)?;
    Ok(KeptAnswer::of_text(text).asked_each_time().respond(&headers))
}

async fn tell<S: GatewayStore>(
    gateway: &Gateway<S>,
    caller: &Caller,
    id: u64,
    (entrant, command): (u8, TournamentCommand),
) -> Result<Json<GameView>, ApiError> {
    let answered = gateway.games.port.command(GameId(id), caller.account, (entrant, command)).await;
    match answered {
        // Nobody plays on in a game that is over, and nobody has one that never was.
        Ok(Err(GameRefusal::NotRunning)) => {
            kept(gateway, GameId(id)).await?;
            Err(GameError::Over.into())
        }
        answered => asked::<Arc<TournamentView>>(answered as Result<GameAnswer, _>).map(|view| Json(GameView(view))),
    }
}

pub(crate) async fn make_move<S: GatewayStore>(
    State(gateway): State<Arc<Gateway<S>>>,
    Extension(caller): Extension<Caller>,
    PathIdWith(id, MakeMove { entrant, pairing, game, turn, what }): PathIdWith<MakeMove>,
) -> Result<Json<GameView>, ApiError> {
    tell(&gateway, &caller, id, (entrant, TournamentCommand::Move { pairing, game, turn, what })).await
}

pub(crate) async fn allocate_stats<S: GatewayStore>(
    State(gateway): State<Arc<Gateway<S>>>,
    Extension(caller): Extension<Caller>,
    PathIdWith(id, AllocateStats { entrant, points, key }): PathIdWith<AllocateStats>,
) -> Result<Json<GameView>, ApiError> {
    entries::check_key(&key)?;
    let command = match key.as_str() {
        "" => TournamentCommand::Allocate { points },
        key => TournamentCommand::AllocateOnce { points, key: key_number(key) },
    };
    tell(&gateway, &caller, id, (entrant, command)).await
}

/// A key as a game knows it, which has no room for text: the first 8 bytes of its BLAKE3.
fn key_number(key: &str) -> u64 {
    let hash = blake3::hash(key.as_bytes());
    u64::from_le_bytes(*hash.as_bytes().first_chunk().unwrap_or(&[0; 8]))
}

pub(crate) async fn ready<S: GatewayStore>(
    State(gateway): State<Arc<Gateway<S>>>,
    Extension(caller): Extension<Caller>,
    PathIdWith(id, Entrant { entrant }): PathIdWith<Entrant>,
) -> Result<Json<GameView>, ApiError> {
    tell(&gateway, &caller, id, (entrant, TournamentCommand::Ready)).await
}

pub(crate) async fn withdraw<S: GatewayStore>(
    State(gateway): State<Arc<Gateway<S>>>,
    Extension(caller): Extension<Caller>,
    PathIdWith(id, Entrant { entrant }): PathIdWith<Entrant>,
) -> Result<Json<GameView>, ApiError> {
    tell(&gateway, &caller, id, (entrant, TournamentCommand::Withdraw)).await
}
