//! What the gateway needs kept.

use hypogeum_accounts::{AccountStore, CharacterStore, LoginStore, StorageStore};
use hypogeum_economy::{CosmeticStore, EconomyStore};
use hypogeum_ladders::LadderStore;
use hypogeum_leaderboards::ScoreStore;
use hypogeum_progression::{ProgressStore, RewardStore};
use hypogeum_social::{FriendStore, InboxStore};
use hypogeum_tournaments::{CreatureStore, EntryStore};

/// A store that keeps everything the gateway asks for. Whatever keeps all of these is one.
pub trait GatewayStore:
    AccountStore
    + LoginStore
    + CharacterStore
    + EconomyStore
    + CosmeticStore
    + CreatureStore
    + EntryStore
    + ScoreStore
    + LadderStore
    + ProgressStore
    + FriendStore
    + RewardStore
    + StorageStore
    + InboxStore
{
}

impl<S> GatewayStore for S where
    S: AccountStore
        + LoginStore
        + CharacterStore
        + EconomyStore
        + CosmeticStore
        + CreatureStore
        + EntryStore
        + ScoreStore
        + LadderStore
        + ProgressStore
        + FriendStore
        + RewardStore
        + StorageStore
        + InboxStore
{
}
