//! `[party]`

use hypogeum_protocol::limits::PARTY_MEMBERS_MAX;
use hypogeum_social::SocialConfig;
use serde::Deserialize;

/// How large parties are, and how long one may think about an invitation; what is left out is as it is by default.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct PartyTable {
    members_max: Option<usize>,
    invitation_s: Option<u16>,
}

impl PartyTable {
    /// Checks what types cannot.
    pub(super) fn validate(&self) -> Result<(), (&'static str, String)> {
        if let Some(members) = self.members_max
            && !(2..=PARTY_MEMBERS_MAX).contains(&members)
        {
            return Err(("members_max", format!("found {members}, expected 2 to {PARTY_MEMBERS_MAX}")));
        }
        if let Some(seconds) = self.invitation_s
            && !(5..=600).contains(&seconds)
        {
            return Err(("invitation_s", format!("found {seconds}, expected 5 to 600")));
        }
        Ok(())
    }

    pub(crate) fn to_social(&self) -> SocialConfig {
        let default = SocialConfig::default();
        SocialConfig {
            party_members_max: self.members_max.unwrap_or(default.party_members_max),
            invitation_s: self.invitation_s.unwrap_or(default.invitation_s),
        }
    }
}
