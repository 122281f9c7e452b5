//! Using things up: on oneself, or on another thing.

use bevy_ecs::prelude::World;
use hypogeum_combat::{Dispel, DispelRequest, EffectRequest};
use hypogeum_content::def::ItemKind;
use hypogeum_protocol::NetId;

use super::hands::{definition, own};
use crate::Refusal;
use crate::durability::mend;
use crate::stacks::set_count;

pub(super) fn consume(world: &mut World, who: NetId, item: NetId) -> Result<(), Refusal> {
    let (entity, held, _) = own(world, who, item)?;
    let def = definition(world, item)?;
    if def.kind != ItemKind::Consumable {
        return Err(Refusal::NotMadeForThat);
    }
    let (effect, dispels) = (def.on_use.as_ref().map(|link| link.id()), !def.dispels.is_empty());
    if let Some(effect) = effect {
        world.write_message(EffectRequest { source: NetId::NONE, target: who, effect });
    }
    if dispels {
        let what = Dispel::ByItem(held.def);
        world.write_message(DispelRequest { source: NetId::NONE, target: who, what });
    }
    set_count(world, entity, held.count - 1);
    Ok(())
}

/// Returns how many points of durability it has gained.
pub(super) fn repair(world: &mut World, who: NetId, item: NetId, with: Option<NetId>) -> Result<u32, Refusal> {
    let (entity, ..) = own(world, who, item)?;
    let Some(with) = with else { return mend(world, entity, None) };
    let (kit, kits, _) = own(world, who, with)?;
    let points = definition(world, with)?.repairs;
    if points == 0 {
        return Err(Refusal::NotMadeForThat);
    }
    let gained = mend(world, entity, Some(points))?;
    set_count(world, kit, kits.count - 1);
    Ok(gained)
}

#[cfg(test)]
mod tests {
    use hypogeum_protocol::{Act, ErrorCode};

    use crate::Place;
    use crate::test_shard::{at, bench};

    #[test]
    fn used_up_is_gone_and_works() {
        let mut bench = bench();
        let who = bench.hands[0];
        let pill = bench.put("pill", Place::In(who), at(0, 0));
        let refused = bench.ask(&[(who, Act::Use { item: pill }), (who, Act::Use { item: pill })]);
        assert_eq!(refused, [(2, ErrorCode::UnknownItem)], "the second time there is none left");
        assert_eq!(bench.entity(pill), None, "the pill is gone");
        bench.check();
    }
}
