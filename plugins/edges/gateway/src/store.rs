//! What the gateway needs kept.

use hypogeum_accounts::{AccountStore, CharacterStore, LoginStore};
use hypogeum_economy::EconomyStore;
use hypogeum_tournaments::{CreatureStore, EntryStore};

/// A store that keeps everything the gateway asks for. Whatever keeps all six is one.
pub trait GatewayStore: AccountStore + LoginStore + CharacterStore + EconomyStore + CreatureStore + EntryStore {}

impl<S: AccountStore + LoginStore + CharacterStore + EconomyStore + CreatureStore + EntryStore> GatewayStore for S {}
