//! Someone who brings what they have, walks out as soon as there is a way, and remembers every promise.

use std::collections::{BTreeMap, BTreeSet};

use hypogeum_client::Change;
use hypogeum_protocol::{AccountId, GameEvent, ItemId, MatchId, NetId, SettledReport};
use hypogeum_testkit::{DASH, Player};

/// Frames between two asks for a match.
const ASK_FRAMES: u32 = 30;
/// Frames after which everything that follows a welcome has come.
const WELCOME_FRAMES: u32 = 10;
/// Frames without a match after which nothing more comes of the last one: three seconds.
const ENOUGH_FRAMES: u32 = 90;

pub(crate) struct Person {
    pub(crate) player: Player,
    pub(crate) account: AccountId,
    /// Matches of which it was notified that it got out.
    pub(crate) told_extracted: BTreeSet<MatchId>,
    /// The reports it was sent.
    pub(crate) told_settled: BTreeMap<MatchId, SettledReport>,
    at: Option<(MatchId, NetId)>,
    chosen_for: Option<MatchId>,
    patience_frames: u32,
    matches_wanted: usize,
    /// Frames it stays in each match before it walks out: not everyone is done at once.
    stays_frames: u32,
    stayed_frames: u32,
    /// Frames it has been connected and in no match.
    idle_frames: u32,
}

impl Person {
    pub(crate) fn enter(url: &str, name: &str) -> Self {
        let player = Player::guest(url, name);
        let account = player.view().session.as_ref().expect("just welcomed").account;
        Self {
            player,
            account,
            told_extracted: BTreeSet::new(),
            told_settled: BTreeMap::new(),
            at: None,
            chosen_for: None,
            patience_frames: 0,
            matches_wanted: 1,
            stays_frames: if name == "Ada" { 0 } else { 60 },
            stayed_frames: 0,
            idle_frames: 0,
        }
    }

    /// Lets it play until it has the reports of so many matches.
    pub(crate) const fn want(&mut self, matches: usize) {
        self.matches_wanted = matches;
    }

    pub(crate) fn has_settled(&self) -> bool {
        self.told_settled.len() >= self.matches_wanted
    }

    pub(crate) fn is_playing(&self) -> bool {
        let view = self.player.view();
        view.current.is_some() || view.loadout.is_some() || view.queue.is_some() || view.session.is_none()
    }

    /// Whether it has been connected and in no match for a while: just after a welcome it may not have been sent its
    /// match yet, or its report.
    pub(crate) const fn is_idle(&self) -> bool {
        self.idle_frames > WELCOME_FRAMES
    }

    /// Whether it has the reports of as many matches as it wants, and does nothing any more.
    pub(crate) fn has_had_enough(&self) -> bool {
        self.has_settled() && self.idle_frames > ENOUGH_FRAMES
    }

    /// Lets it play until it has the report of one match more.
    pub(crate) fn want_one_more(&mut self) {
        self.matches_wanted = self.told_settled.len() + 1;
    }

    /// The match it is in, or was in last.
    pub(crate) fn last_match(&self) -> MatchId {
        self.at.expect("it has been in a match").0
    }

    /// Whether it stands in a match and has seen what it carries.
    pub(crate) fn is_there(&self) -> bool {
        self.player.own().is_some() && self.player.view().inventory.len() == 2
    }

    pub(crate) fn come_back(&mut self, url: &str) {
        // A server that is gone again is noticed by its watcher.
        let _ = self.player.reconnect(url);
        self.patience_frames = 0;
    }

    /// What it does in one frame.
    pub(crate) fn act(&mut self, wants_match: bool) {
        self.remember();
        self.patience_frames = self.patience_frames.saturating_sub(1);
        let view = self.player.view();
        let is_idle = view.session.is_some() && view.current.is_none();
        self.idle_frames = if is_idle { self.idle_frames + 1 } else { 0 };
        if view.session.is_none() {
            return;
        }
        if view.current.is_some() {
            self.stayed_frames += 1;
            if self.stayed_frames > self.stays_frames {
                self.walk_out();
            }
        } else if let Some(offer) = &view.loadout {
            let (match_id, items) = (offer.match_id, offer.stash.iter().map(|item| item.item));
            let items: Vec<ItemId> = items.take(2).collect();
            self.stayed_frames = 0;
            if self.chosen_for.replace(match_id) != Some(match_id) {
                self.player.client().choose_loadout(items);
            }
        } else if view.queue.is_none() == wants_match && self.patience_frames == 0 {
            self.patience_frames = ASK_FRAMES;
            let client = self.player.client();
            if wants_match { client.join_queue(DASH) } else { client.leave_queue() }
        }
    }

    fn remember(&mut self) {
        for change in self.player.take_seen() {
            match (change, self.at) {
                (Change::Happened(events), Some((match_id, avatar))) => {
                    let out = |event: &GameEvent| matches!(event, GameEvent::Extracted { who } if *who == avatar);
                    if events.iter().any(out) {
                        self.told_extracted.insert(match_id);
                    }
                }
                (Change::Settled, _) => {
                    let (match_id, report) = self.player.view().settled.clone().expect("just sent");
                    let before = self.told_settled.insert(match_id, report.clone());
                    assert!(before.is_none_or(|before| before == report), "sent again, it is the same");
                }
                _ => {}
            }
        }
        self.at = self.player.view().current.as_ref().map(|current| (current.id, current.avatar)).or(self.at);
    }

    fn walk_out(&mut self) {
        let Some(own) = self.player.own() else { return };
        let exits = self.player.view().current.as_ref().map_or(&[][..], |current| &current.exits);
        let nearest = exits.iter().min_by_key(|exit| (exit.x - own.x).abs() + (exit.y - own.y).abs());
        if let Some((x, y)) = nearest.map(|exit| (exit.x, exit.y)) {
            self.player.walk((x, y), 0);
        }
    }
}
