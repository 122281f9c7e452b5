//! Finds the command at which a world panics, by trying the step again on rebuilt worlds.

use std::panic::{AssertUnwindSafe, catch_unwind};

use hypogeum_protocol::Seat;
use hypogeum_shard::{Command, Shard};

/// A way to take the failed step so that it does not fail.
#[derive(Debug)]
pub(crate) struct StepAttempt {
    /// The commands that are applied.
    pub(crate) commands: Vec<Command>,
    /// The commands left out: of one seat, or none where the step does not fail again.
    pub(crate) dropped: Vec<Command>,
}

/// Tries a step that failed, with all its commands, then without those of one seat, of these without as few as will do.
/// Halving the seats takes two attempts for each doubling of their number. Returns the world after the step; `None`: no removal of
/// one seat's commands helps, or the world cannot be built again.
pub(crate) fn try_again(build: impl Fn() -> Option<Shard>, commands: &[Command]) -> Option<(StepAttempt, Shard)> {
    let stepped = |kept: &[Command]| -> Option<Shard> {
        let step = || {
            let mut shard = build()?;
            shard.step(kept);
            Some(shard)
        };
        // A world that panics is given up, so its broken state is seen by nobody.
        catch_unwind(AssertUnwindSafe(step)).ok().flatten()
    };
    let but = |drops: &dyn Fn(usize, &Command) -> bool| -> StepAttempt {
        let mut attempt = StepAttempt { commands: Vec::with_capacity(commands.len()), dropped: Vec::new() };
        for (place, command) in commands.iter().enumerate() {
            if drops(place, command) {
                attempt.dropped.push(command.clone())
            } else {
                attempt.commands.push(command.clone())
            }
        }
        attempt
    };
    let holds = |attempt: StepAttempt| stepped(&attempt.commands).map(|shard| (attempt, shard));
    if let Some(found) = holds(but(&|_, _| false)) {
        return Some(found);
    }
    let mut seats: Vec<Seat> = commands.iter().map(|command| command.seat).collect();
    seats.sort_unstable();
    seats.dedup();
    let mut suspects = seats.as_slice();
    while suspects.len() > 1 {
        let (one, other) = suspects.split_at(suspects.len() / 2);
        let is_among = |half: &[Seat]| holds(but(&|_, command| half.contains(&command.seat))).is_some();
        suspects = [one, other].into_iter().find(|half| is_among(half))?;
    }
    let offender = *suspects.first()?;
    let of_offender = (0..commands.len()).filter(|place| commands[*place].seat == offender);
    let alone = of_offender.take(ALONE_MAX).find_map(|place| holds(but(&|other, _| other == place)));
    alone.or_else(|| holds(but(&|_, command| command.seat == offender)))
}

/// Commands of one seat that are tried to leave out alone.
const ALONE_MAX: usize = 16;

#[cfg(test)]
mod tests {
    use bevy_ecs::prelude::Res;
    use hypogeum_content::Content;
    use hypogeum_shard::{CommandBody, Inbox, Seed, ShardConfig, ShardSchedule, Tick};

    use super::*;

    /// A world that panics in its fourth step where `panics` says so.
    fn world(panics: fn(&[Command]) -> bool) -> Option<Shard> {
        let content =
            Content::from_files([("hazards/none.ron", "")].into_iter().take(0)).expect("no content is content");
        let config = ShardConfig { seed: Seed::numbered(1), tick_hz: 30, content: content.into() };
        let mut shard = Shard::new(config, |app| {
            app.add_systems(ShardSchedule, move |tick: Res<Tick>, inbox: Res<Inbox>| {
                assert!(tick.0 != 4 || !panics(&inbox.0), "this step fails, as the test wants it");
            });
        });
        for _ in 0..3 {
            shard.step(&[]);
        }
        Some(shard)
    }

    fn command(seat: u16, body: CommandBody) -> Command {
        Command { seat: Seat(seat), body }
    }

    fn is_give_up(command: &Command) -> bool {
        command.body == CommandBody::Leave
    }

    fn everyone() -> Vec<Command> {
        (0..9).map(|seat| command(seat, CommandBody::Present(true))).collect()
    }

    #[test]
    fn one_command_among_many_is_found_and_nothing_else_dropped() {
        for offender in 0..9 {
            let mut commands = everyone();
            let bad = command(offender, CommandBody::Leave);
            commands.insert(usize::from(offender), bad.clone());
            let found = try_again(|| world(|commands| commands.iter().any(is_give_up)), &commands);
            let (attempt, shard) = found.expect("without that command the step holds");
            assert_eq!(attempt.dropped, [bad], "it alone is dropped");
            assert_eq!(attempt.commands, everyone(), "all others are obeyed in their order");
            assert_eq!(shard.tick().0, 4, "the world stands after the step");
        }
    }

    #[test]
    fn two_commands_of_one_seat_go_together() {
        let mut commands = everyone();
        commands.extend([command(8, CommandBody::Leave), command(8, CommandBody::Leave)]);
        let found = try_again(|| world(|commands| commands.iter().any(is_give_up)), &commands);
        let (attempt, _) = found.expect("without that seat's commands the step holds");
        assert_eq!(attempt.dropped.len(), 3, "all of that seat are dropped");
    }

    #[test]
    fn a_step_that_fails_by_itself_has_no_offender() {
        assert!(try_again(|| world(|_| true), &everyone()).is_none(), "nobody's command is to blame");
        assert!(try_again(|| world(|_| true), &[]).is_none(), "nor is there one");
    }

    #[test]
    fn two_seats_are_more_than_is_dropped() {
        let commands = [command(1, CommandBody::Leave), command(5, CommandBody::Leave)];
        let found = try_again(|| world(|commands| commands.iter().any(is_give_up)), &commands);
        assert!(found.is_none(), "only one seat's commands are ever dropped");
    }

    #[test]
    fn a_step_that_holds_again_keeps_all_commands() {
        let (attempt, _) = try_again(|| world(|_| false), &everyone()).expect("nothing fails");
        assert_eq!((attempt.commands, attempt.dropped), (everyone(), Vec::new()), "all are obeyed");
    }
}
