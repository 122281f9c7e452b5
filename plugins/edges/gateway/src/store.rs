//! What the gateway needs kept.

use hypogeum_accounts::{AccountStore, CharacterStore, LoginStore};
use hypogeum_economy::EconomyStore;
use hypogeum_tournaments::CreatureStore;

/// A store that keeps everything the gateway asks for. Whatever keeps all five is one.
pub trait GatewayStore: AccountStore + LoginStore + CharacterStore + EconomyStore + CreatureStore {}

impl<S: AccountStore + LoginStore + CharacterStore + EconomyStore + CreatureStore> GatewayStore for S {}
