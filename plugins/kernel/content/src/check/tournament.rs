//! Tournaments of creatures.

use super::schedule::check_schedule;
use crate::def::{SeedingDef, TournamentDef, TournamentFormat};
use crate::limits::{DESCRIPTION_BYTES_MAX, ENTRANTS_MAX, POT_PART_MAX};
use crate::locate::Spot;
use crate::review::{Definition, Review};

impl Definition for TournamentDef {
    const FOLDER: &'static str = "tournaments";

    fn check(&mut self, at: Spot<'_>, review: &mut Review<'_>) {
        review.name(at.field("name"), &self.name);
        review.prose(at.field("description"), &self.description, DESCRIPTION_BYTES_MAX);
        review.link(at.field("battle"), &mut self.battle);
        if !matches!(self.best_of, 1 | 3 | 5 | 7 | 9) {
            review.fault(at.field("best_of"), "best_of out of range", self.best_of, "1, 3, 5, 7 or 9");
        }
        self.check_entrants(at, review);
        check_format(at.field("format"), self.format, review);
        review.count(at.field("fill"), self.fill.len(), 0..=9);
        review.links(at.field("fill"), &mut self.fill);
        review.range(at.field("points_between"), self.points_between, 0..=100);
        if let Some(points_s) = self.points_s {
            review.range(at.field("points_s"), points_s, 1..=86_400);
        }
        if let Some(ready) = self.ready {
            review.range(at.field("ready").field("within_s"), ready.within_s, 1..=3_600);
        }
        if let Some(clock) = self.clock {
            review.range(at.field("clock").field("turn_s"), clock.turn_s, 1..=3_600);
            review.range(at.field("clock").field("bank_s"), clock.bank_s, 0..=86_400);
        }
        if let SeedingDef::Rating(ladder) = &mut self.seeding {
            review.link(at.field("seeding").nth(0), ladder);
        }
        self.check_pot(at, review);
        review.range(at.field("registration_s"), self.registration_s, 60..=604_800);
        if let Some(schedule) = self.schedule {
            check_schedule(at.field("schedule"), schedule, review);
        } else if self.purse > 0 {
            review.fault(at.field("purse"), "a purse that is never paid", self.purse, "a schedule beside it");
        }
    }
}

impl TournamentDef {
    fn check_entrants(&self, at: Spot<'_>, review: &mut Review<'_>) {
        let (least, most) = (at.field("entrants_min"), at.field("entrants_max"));
        let are_counts = review.in_range(least, self.entrants_min, 2..=ENTRANTS_MAX)
            & review.in_range(most, self.entrants_max, 2..=ENTRANTS_MAX);
        if !are_counts {
            return;
        }
        review.ordered((least, self.entrants_min), (most, self.entrants_max));
        let wants_powers = matches!(
            self.format,
            TournamentFormat::SingleElimination { .. } | TournamentFormat::DoubleElimination { .. }
        );
        let has_power = (self.entrants_min..=self.entrants_max).any(u32::is_power_of_two);
        if wants_powers && !self.allows_byes && self.entrants_min <= self.entrants_max && !has_power {
            let found = format!("{} to {}", self.entrants_min, self.entrants_max);
            let expected = "a power of two among them, or allows_byes: true";
            review.fault(least, "no number of creatures is possible", found, expected);
        }
        review.range(at.field("per_person_max"), self.per_person_max, 1..=ENTRANTS_MAX);
    }
}

impl TournamentDef {
    /// What it costs to enter, and who gets it.
    fn check_pot(&self, at: Spot<'_>, review: &mut Review<'_>) {
        review.range(at.field("people_min"), self.people_min, 1..=ENTRANTS_MAX);
        review.ordered((at.field("people_min"), self.people_min), (at.field("entrants_max"), self.entrants_max));
        review.range(at.field("entry_fee"), self.entry_fee, 0..=POT_PART_MAX);
        review.range(at.field("purse"), self.purse, 0..=POT_PART_MAX);
        let prizes = at.field("prizes_percent");
        review.count(prizes, self.prizes_percent.len(), 0..=ENTRANTS_MAX as usize);
        let mut are_percent = true;
        for (place, percent) in self.prizes_percent.iter().enumerate() {
            are_percent &= review.in_range(prizes.nth(place).named("prizes_percent"), *percent, 1..=100);
        }
        let sum: u64 = self.prizes_percent.iter().map(|percent| u64::from(*percent)).sum();
        if are_percent && sum > 100 {
            review.fault(prizes, "more prizes than there is", format!("{sum} percent"), "at most 100");
        }
        if self.prizes_percent.is_empty() && (self.entry_fee > 0 || self.purse > 0) {
            let found = format!("a fee of {} and a purse of {}", self.entry_fee, self.purse);
            review.fault(
                at.field("entry_fee"),
                "a pot that nobody wins",
                found,
                "prizes_percent, such as [60, 30, 10]",
            );
        }
    }
}

fn check_format(at: Spot<'_>, format: TournamentFormat, review: &mut Review<'_>) {
    match format {
        TournamentFormat::SingleElimination { .. } | TournamentFormat::DoubleElimination { .. } => {}
        TournamentFormat::Swiss { rounds } => review.range(at.field("rounds"), rounds, 1..=16),
        TournamentFormat::RoundRobin { legs } => review.range(at.field("legs"), legs, 1..=2),
    }
}
