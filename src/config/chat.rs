//! `[chat]`

use hypogeum_chat::{ChatConfig, ChatRate};
use serde::Deserialize;

/// `{ per_minute, burst }`
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChatRateConfig {
    per_minute: u32,
    burst: u32,
}

/// How much one account may say on each channel, whichever way it is said; what is left out is as it is by default.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct ChatTable {
    room: Option<ChatRateConfig>,
    zone: Option<ChatRateConfig>,
    party: Option<ChatRateConfig>,
    whisper: Option<ChatRateConfig>,
    global: Option<ChatRateConfig>,
}

impl ChatTable {
    /// Checks what types cannot.
    pub(super) fn validate(&self) -> Result<(), (&'static str, String)> {
        let rates = [
            ("room", self.room),
            ("zone", self.zone),
            ("party", self.party),
            ("whisper", self.whisper),
            ("global", self.global),
        ];
        for (key, rate) in rates {
            if let Some(ChatRateConfig { per_minute, burst }) = rate
                && !(ChatRate { per_minute, burst }).is_valid()
            {
                let minutes = ChatRate::FULL_AFTER_S_MAX / 60;
                let expected = format!("expected both 1 or more, and a burst that is back within {minutes} minutes");
                return Err((key, format!("found {{ per_minute = {per_minute}, burst = {burst} }}, {expected}")));
            }
        }
        Ok(())
    }

    pub(crate) fn to_chat(&self, server: u16) -> ChatConfig {
        let or = |rate: Option<ChatRateConfig>, default: ChatRate| {
            rate.map_or(default, |ChatRateConfig { per_minute, burst }| ChatRate { per_minute, burst })
        };
        let default = ChatConfig::default();
        ChatConfig {
            room: or(self.room, default.room),
            zone: or(self.zone, default.zone),
            party: or(self.party, default.party),
            whisper: or(self.whisper, default.whisper),
            global: or(self.global, default.global),
            server,
        }
    }
}
