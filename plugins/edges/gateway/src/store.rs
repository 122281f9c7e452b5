//! What the gateway needs kept.

use hypogeum_accounts::{AccountStore, CharacterStore, LoginStore};
use hypogeum_economy::EconomyStore;

/// A store that keeps everything the gateway asks for. Whatever keeps all four is one.
pub trait GatewayStore: AccountStore + LoginStore + CharacterStore + EconomyStore {}

impl<S: AccountStore + LoginStore + CharacterStore + EconomyStore> GatewayStore for S {}
