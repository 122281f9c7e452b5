//! What bevy_replicon pays to replicate 1,000 entities with three components, two of which change in every tick.
//!
//! The shape is that of its own benches: a server and its clients in one process, messages handed over by its test
//! harness. It answers each line `CLIENTS TICKS` on its input with a line `NANOSECONDS BYTES ENTITIES_TOLD`: CPU time of
//! the server's updates, and what they sent. The client apps run too, unmeasured: in the end they must hold what the
//! server holds.

use std::collections::BTreeMap;
use std::io::BufRead;
use std::time::Duration;

use bevy::prelude::*;
use bevy::state::app::StatesPlugin;
use bevy_replicon::prelude::*;
use bevy_replicon::test_app::ServerTestAppExt;
use nix::time::{ClockId, clock_gettime};
use serde::{Deserialize, Serialize};

const ENTITIES: usize = 1_000;

#[derive(Component, Clone, Copy, Serialize, Deserialize, PartialEq, Eq, Debug)]
struct Place {
    x: i32,
    y: i32,
}

#[derive(Component, Clone, Copy, Serialize, Deserialize, PartialEq, Eq, Debug)]
struct Heading(u16);

/// Unlike the others it never changes, so it can tell which entity is which at both ends.
#[derive(Component, Clone, Copy, Serialize, Deserialize, PartialEq, Eq, Debug)]
struct Health(u32);

fn app() -> App {
    let mut app = App::new();
    app.add_plugins((MinimalPlugins, StatesPlugin, RepliconPlugins.set(ServerPlugin::new(PostUpdate))))
        .replicate::<Place>()
        .replicate::<Heading>()
        .replicate::<Health>();
    app.finish();
    app
}

fn everything(app: &mut App) -> BTreeMap<u32, (Place, Heading)> {
    let world = app.world_mut();
    let mut all = world.query::<(&Health, &Place, &Heading)>();
    all.iter(world).map(|(health, place, heading)| (health.0, (*place, *heading))).collect()
}

fn cpu() -> Duration {
    clock_gettime(ClockId::CLOCK_THREAD_CPUTIME_ID).expect("the system keeps accounts").into()
}

fn turn(clients_count: usize, ticks: u32) -> (Duration, usize) {
    let mut server = app();
    let mut clients: Vec<App> = (0..clients_count).map(|_| app()).collect();
    for client in &mut clients {
        server.connect_client(client);
    }
    let entity = |index: u32| (Replicated, Place { x: index as i32, y: 0 }, Heading(0), Health(index));
    server.world_mut().spawn_batch((0..ENTITIES as u32).map(entity).collect::<Vec<_>>());
    let mut moving = server.world_mut().query::<(&mut Place, &mut Heading, &Health)>();
    let (mut spent, mut bytes) = (Duration::ZERO, 0);
    // The first ticks make everything known; then only what changes is sent.
    let warm_up = 5;
    for tick in 0..warm_up + ticks {
        for (mut place, mut heading, health) in moving.iter_mut(server.world_mut()) {
            let step = (health.0.wrapping_mul(31).wrapping_add(tick) % 200) as i32;
            (place.x, place.y) = ((place.x + step) % 65_536, (place.y + 2 * step) % 65_536);
            heading.0 = heading.0.wrapping_add(step as u16);
        }
        let began = cpu();
        server.update();
        let took = cpu() - began;
        if tick >= warm_up {
            spent += took;
            // Handing messages over empties the list; putting them back as they were shows their sizes.
            server.world_mut().resource_mut::<ServerMessages>().retain_sent(|(_, _, message)| {
                bytes += message.len();
                true
            });
        }
        for client in &mut clients {
            server.exchange_with_client(client);
            client.update();
            server.exchange_with_client(client);
        }
    }
    let truth = everything(&mut server);
    assert_eq!(truth.len(), ENTITIES, "the server has them all");
    for client in &mut clients {
        assert_eq!(everything(client), truth, "a client holds what the server holds");
    }
    (spent, bytes)
}

fn main() {
    for line in std::io::stdin().lock().lines() {
        let line = line.expect("the one who started this writes lines");
        let mut numbers = line.split_whitespace().map(|number| number.parse::<usize>().expect("a number"));
        let (clients, ticks) = (numbers.next().expect("clients"), numbers.next().expect("ticks"));
        let (spent, bytes) = turn(clients, ticks as u32);
        println!("{} {bytes} {}", spent.as_nanos(), clients * ticks * ENTITIES);
    }
}
