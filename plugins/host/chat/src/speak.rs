//! What was said goes to those who hear it.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use bevy_ecs::prelude::{Commands, Component, Entity, MessageReader, Query, Res, ResMut, Without};
use bevy_ecs::system::SystemParam;
use hypogeum_hosting::{Halted, HostedShard, Seatless};
use hypogeum_locale::{Locales, Message};
use hypogeum_protocol::{
    AccountId, ChatChannel, ChatLine, ChatNotice, ClientMessage, ErrorCode, Ignored, ServerMessage,
};
use hypogeum_sessions::{
    About, MessageReceived, Prepared, Reply, Session, SessionIndex, SessionsConfig, Stage, Store, Who,
};
use hypogeum_shard::{Shard, Speeches};
use hypogeum_social::PartyLookup;
use hypogeum_store::{ChatKey, Speaker, SpokenLine};

use crate::audience::{self, Audience, Hearers, Places};
use crate::ear::{Ear, Known, Names};
use crate::log::{ChatLog, LineIds};
use crate::rates::{Limited, Rates};
use crate::text::{self, Refused};
use crate::word_list::{Verdict, WordLists};
use crate::words::checked;
use crate::{ChatClock, asks};

/// The tag of the message that carries a line of words, as errors name it.
const ABOUT_COMMAND: About = About::message(9);

/// The step of a shard whose speeches were taken last: each is taken once, and those of steps that are played again never.
#[derive(Component, Clone, Copy, Debug)]
pub(crate) struct Taken(u32);

/// What chat needs of the host.
#[derive(SystemParam)]
pub(crate) struct Chat<'w, 's> {
    pub(crate) reply: Reply<'w>,
    pub(crate) store: ResMut<'w, Store>,
    pub(crate) sessions: Query<'w, 's, (Entity, Session, &'static mut Ear)>,
    pub(crate) index: Res<'w, SessionIndex>,
    pub(crate) names: Res<'w, Names>,
    pub(crate) log: ResMut<'w, ChatLog>,
    pub(crate) locales: Res<'w, Locales>,
    config: Res<'w, SessionsConfig>,
    words: Res<'w, WordLists>,
    clock: Res<'w, ChatClock>,
    parties: Res<'w, PartyLookup>,
    rates: ResMut<'w, Rates>,
    ids: ResMut<'w, LineIds>,
}

/// Somebody who says or wants something.
#[derive(Clone, Debug)]
pub(crate) struct Asker {
    pub(crate) session: Entity,
    pub(crate) who: Who,
    pub(crate) stage: Stage,
    ignored: Arc<BTreeMap<AccountId, Ignored>>,
    known: Known,
    silenced_until_s: u64,
    whispered_by: String,
}

impl Asker {
    pub(crate) const fn speaker(&self) -> Speaker {
        Speaker { account: self.who.account, character: self.who.character }
    }
}

/// Takes what clients say themselves, and what was said in shards in their last step.
pub(crate) fn speak(
    mut messages: MessageReader<MessageReceived>,
    places: Places,
    mut taken: Query<(Entity, &HostedShard, &Shard, Option<&mut Taken>, Option<&Halted>), Without<Seatless>>,
    mut commands: Commands,
    mut chat: Chat,
) {
    let mut said: Vec<(Entity, About, ClientMessage)> = Vec::new();
    for MessageReceived { session, about, message } in messages.read() {
        if is_chat(message) {
            said.push((*session, *about, message.clone()));
        }
    }
    for (entity, hosted, shard, last, halted) in &mut taken {
        let tick = shard.tick().0;
        let Some(mut last) = last else {
            commands.entity(entity).insert(Taken(tick));
            continue;
        };
        if tick <= last.0 || halted.is_some() {
            continue;
        }
        last.0 = tick;
        let Some(speeches) = shard.world().get_resource::<Speeches>() else { continue };
        for (seat, message) in &speeches.0 {
            let account = hosted.player(*seat).map(|player| player.account);
            let session = account.and_then(|account| chat.index.session_of(account));
            let is_valid = is_chat(message) && message.validate().is_ok();
            if let Some(session) = session.filter(|_| is_valid) {
                said.push((session, ABOUT_COMMAND, message.clone()));
            }
        }
    }
    for (session, about, message) in said {
        let Some(asker) = chat.asker(session) else { continue };
        let done = match message {
            ClientMessage::Chat { channel, to, words, is_emote } => {
                chat.say(&asker, (channel, &to), (&words, is_emote), &places)
            }
            other => asks::ask(&mut chat, &asker, (about, &other), &places),
        };
        if let Err(refused) = done {
            chat.refuse(session, about, &refused);
        }
    }
}

const fn is_chat(message: &ClientMessage) -> bool {
    matches!(
        message,
        ClientMessage::Chat { .. }
            | ClientMessage::ChatHistory { .. }
            | ClientMessage::Ignore { .. }
            | ClientMessage::ReportChat { .. }
    )
}

impl Chat<'_, '_> {
    fn asker(&self, session: Entity) -> Option<Asker> {
        let (_, parts, ear) = self.sessions.get(session).ok()?;
        Some(Asker {
            session,
            who: parts.who.clone(),
            stage: *parts.stage,
            ignored: Arc::clone(&ear.ignored),
            known: ear.known,
            silenced_until_s: ear.silenced_until_s,
            whispered_by: ear.whispered_by.clone(),
        })
    }

    /// Answers what was not said or done: as an error, and in words.
    pub(crate) fn refuse(&mut self, session: Entity, about: About, refused: &Refused) {
        let Ok((_, mut session, _)) = self.sessions.get_mut(session) else { return };
        self.reply.refuse(&mut session, refused.code, about, refused.retry_after_ms);
        self.reply.send(
            &session.presence,
            &notice(ChatNotice::Refused, "", self.locales.words(session.locale.0, &refused.why)),
        );
    }

    /// Takes what one more of this costs.
    pub(crate) fn take(&mut self, asker: &Asker, what: Limited) -> Result<(), Refused> {
        let tick_hz = u64::from(self.config.tick_hz.max(1));
        let now = Duration::from_micros(self.reply.tick.0.saturating_mul(1_000_000) / tick_hz);
        self.rates.take(asker.who.account, what, now).map_err(Refused::too_soon)
    }

    /// Says something to those who hear it.
    fn say(
        &mut self,
        asker: &Asker,
        (channel, to): (ChatChannel, &str),
        (words, is_emote): (&str, bool),
        places: &Places,
    ) -> Result<(), Refused> {
        let words = checked(words)?;
        if asker.known == Known::Asked {
            return Err(Refused::after(ErrorCode::TryLater, 1_000, Message::new("chat-not-yet")));
        }
        let now_ms = self.clock.now_ms();
        let silent_ms = asker.silenced_until_s.saturating_mul(1_000).saturating_sub(now_ms);
        if silent_ms > 0 {
            let saturated = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
            let (retry_after_ms, minutes) = (saturated(silent_ms), saturated(silent_ms.div_ceil(60_000)));
            let text = Message::new("chat-silenced").with("minutes", minutes);
            return Err(Refused::after(ErrorCode::Silenced, retry_after_ms, text));
        }
        self.take(asker, Limited::Channel(channel))?;
        let words = match self.words.judge(&words) {
            Verdict::Clean => words,
            Verdict::Masked(masked) => masked,
            Verdict::Refused => return Err(Refused::new(ErrorCode::WordsRefused, "chat-bad-words")),
        };
        let (audience, to) = self.audience(asker, channel, to, places)?;
        let id = self.ids.next(now_ms);
        let from = asker.who.name.clone();
        let line = ChatLine { id, channel, from, to, words, is_emote, at_ms: now_ms, text: String::new() };
        self.log.push(SpokenLine {
            id,
            key: audience.key,
            account: asker.who.account,
            from: line.from.clone(),
            to: line.to.clone(),
            words: line.words.clone(),
            is_emote,
            at_ms: now_ms,
        });
        self.deliver(asker, audience.hearers, line);
        Ok(())
    }

    /// Who hears somebody, and the name of the one who is whispered to.
    fn audience(
        &self,
        asker: &Asker,
        channel: ChatChannel,
        to: &str,
        places: &Places,
    ) -> Result<(Audience, String), Refused> {
        let audience = match channel {
            ChatChannel::Room | ChatChannel::Zone => audience::of_place(channel, asker.stage, places)?,
            ChatChannel::Party => {
                let party = self.parties.0.party_of(asker.who.account);
                audience::of_party(party.or_else(|| audience::company(asker.stage, places)))?
            }
            ChatChannel::Global => Audience { key: ChatKey::global(), hearers: Hearers::All },
            ChatChannel::Whisper => return self.whispered_to(asker, to),
        };
        Ok((audience, String::new()))
    }

    fn whispered_to(&self, asker: &Asker, to: &str) -> Result<(Audience, String), Refused> {
        let to = if to.is_empty() { asker.whispered_by.as_str() } else { to };
        if to.is_empty() {
            return Err(Refused::new(ErrorCode::NoSuchEntity, "chat-nobody-told"));
        }
        let other = self.names.find(to).and_then(|other| self.sessions.get(other).ok());
        let Some((entity, other, ear)) = other.filter(|(_, other, _)| other.presence.listening().is_some()) else {
            return Err(Refused::nobody(to));
        };
        let who = other.who;
        if entity == asker.session {
            return Err(Refused::new(ErrorCode::NoSuchEntity, "chat-yourself"));
        }
        let is_blocked = asker.ignored.get(&who.account) == Some(&Ignored::Blocked)
            || ear.ignored.get(&asker.who.account) == Some(&Ignored::Blocked);
        if is_blocked {
            let why = Message::new("chat-does-not-hear").with("name", who.name.as_str());
            return Err(Refused::because(ErrorCode::OutOfReach, why));
        }
        let other = Speaker { account: who.account, character: who.character };
        let hearers = Hearers::Accounts(vec![who.account, asker.who.account]);
        Ok((Audience { key: ChatKey::whisper(asker.speaker(), other), hearers }, who.name.clone()))
    }

    /// The party of somebody, as a place where something was said.
    pub(crate) fn key_of(&self, asker: &Asker, channel: ChatChannel, places: &Places) -> Result<ChatKey, Refused> {
        self.audience(asker, channel, "", places).map(|(audience, _)| audience.key)
    }

    /// Sends a line to everyone who hears it: encoded once for all who read it in one language, but who said it.
    fn deliver(&mut self, asker: &Asker, hearers: Hearers, line: ChatLine) {
        let said = |is_own| text::line(line.channel, (&line.from, &line.to), (&line.words, line.is_emote), is_own);
        let locales = &self.locales;
        let in_words = |is_own, locale| {
            let text = locales.words(locale, &said(is_own));
            ServerMessage::ChatLine(ChatLine { text, ..line.clone() })
        };
        let mut prepared: Vec<Option<Prepared>> = vec![None; locales.count()];
        let key = hypogeum_accounts::AccountName::key_of(&line.from);
        let index = &self.index;
        let here = hearers.sessions(
            |account| index.session_of(account),
            || self.sessions.iter().map(|(entity, ..)| entity).collect(),
        );
        let Asker { session, who, ignored, .. } = asker;
        for hearer in here {
            let Ok((_, parts, mut ear)) = self.sessions.get_mut(hearer) else { continue };
            let Some(connection) = parts.presence.listening() else { continue };
            if !ear.hears(parts.who.account, who.account, ignored) {
                continue;
            }
            if hearer == *session {
                self.reply.outbound.send(connection, &in_words(true, parts.locale.0));
                continue;
            }
            let locale = parts.locale.0;
            let Some(kept) = prepared.get_mut(locale.place()) else { continue };
            let others = kept.get_or_insert_with(|| Prepared::alike(&in_words(false, locale)));
            self.reply.outbound.send_prepared(connection, others, &());
            ear.hear(line.id, &key);
            if line.channel == ChatChannel::Whisper {
                ear.whispered_by.clone_from(&line.from);
            }
        }
    }
}

/// What is answered about a chat.
pub(crate) fn notice(notice: ChatNotice, name: &str, text: String) -> ServerMessage {
    ServerMessage::ChatNotice { notice, name: name.to_owned(), text }
}
