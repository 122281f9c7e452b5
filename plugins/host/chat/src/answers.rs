//! What the store answers goes to who has asked.

use std::sync::Arc;

use bevy_ecs::prelude::{MessageReader, Query, Res, ResMut};
use hypogeum_accounts::AccountName;
use hypogeum_locale::{Locales, Message};
use hypogeum_protocol::limits::SERVER_MESSAGE_BYTES_MAX;
use hypogeum_protocol::link::RequestId;
use hypogeum_protocol::{AccountId, ChatChannel, ChatLine, ChatNotice, ErrorCode, Ignored, ServerMessage};
use hypogeum_sessions::{About, Drain, Reply, Session, SessionIndex, SessionItem, SessionsConfig, StoreAnswered};
use hypogeum_store::{
    ChatReply, ChatRequest, ChatSettings, ChatSource, IgnoreRefusal, ReadChat, ReportOutcome, SpokenLine, StoreFailure,
    StoreReply, StoreRequest,
};

use crate::ear::{self, Ear, Known};
use crate::log::{self, ChatLog};
use crate::speak::notice;
use crate::text::{self, Refused};

/// Bytes of the lines of one page: a message has room for them, whatever names and words are.
const PAGE_BYTES_MAX: usize = SERVER_MESSAGE_BYTES_MAX * 3 / 4;

type Ears<'w, 's, 'a> = Query<'w, 's, (Session, &'a mut Ear)>;

/// Takes every answer about a chat.
pub(crate) fn take_answers(
    mut answers: MessageReader<StoreAnswered>,
    (index, config, drain, locales): (Res<SessionIndex>, Res<SessionsConfig>, Res<Drain>, Res<Locales>),
    mut log: ResMut<ChatLog>,
    mut reply: Reply,
    mut sessions: Ears,
) {
    for StoreAnswered(answer) in answers.read() {
        let mut request_id = None;
        let (account, answered) = match answer {
            StoreReply::Chat(ChatReply::Kept) => {
                log.note_kept();
                continue;
            }
            StoreReply::Chat(ChatReply::Loaded(settings)) => {
                settings.iter().for_each(|settings| loaded(&index, &mut sessions, settings));
                continue;
            }
            StoreReply::Chat(reply) => (account_of(reply), Ok(reply)),
            StoreReply::Failed { request, failure } => match &**request {
                StoreRequest::Chat(ChatRequest::Keep { lines }) => {
                    let is_passing = failure.is_passing() && !drain.is_begun();
                    log.note_failed(lines, is_passing.then(|| log::retry_tick(reply.tick.0, &config)));
                    continue;
                }
                StoreRequest::Chat(ChatRequest::Load { accounts }) => {
                    let due = ear::retry_tick(reply.tick.0, &config);
                    accounts.iter().for_each(|account| not_loaded(&index, &mut sessions, *account, due));
                    continue;
                }
                StoreRequest::Chat(request) => {
                    request_id = if let ChatRequest::Read(asked) = request { asked.request } else { None };
                    (asked_by(request), Err(failure))
                }
                _ => continue,
            },
            _ => continue,
        };
        let session = account.and_then(|account| index.session_of(account));
        let Some((mut session, mut ear)) = session.and_then(|session| sessions.get_mut(session).ok()) else { continue };
        if let Err(refused) = answer_one(&mut reply, &locales, (&mut session, &mut ear), answered) {
            reply.refuse(&mut session, refused.code, about(request_id), refused.retry_after_ms);
            let words = locales.words(session.locale.0, &refused.why);
            reply.send(&session.presence, &notice(ChatNotice::Refused, "", words));
        }
    }
}

/// What an answer is about that came from the store: of the message nothing but its number is left.
const fn about(request: Option<RequestId>) -> About {
    About { request, ..About::NOTHING }
}

const fn account_of(reply: &ChatReply) -> Option<AccountId> {
    match reply {
        ChatReply::Page { asked, .. } => Some(asked.account),
        ChatReply::Ignored { account, .. }
        | ChatReply::Reported { account, .. }
        | ChatReply::Silenced { account, .. } => Some(*account),
        ChatReply::Loaded(_) | ChatReply::Kept => None,
    }
}

const fn asked_by(request: &ChatRequest) -> Option<AccountId> {
    match request {
        ChatRequest::Read(asked) => Some(asked.account),
        ChatRequest::Ignore { account, .. } | ChatRequest::Report { account, .. } => Some(*account),
        ChatRequest::Load { .. } | ChatRequest::Keep { .. } | ChatRequest::Silence { .. } => None,
    }
}

fn loaded(index: &SessionIndex, sessions: &mut Ears, settings: &ChatSettings) {
    let session = index.session_of(settings.account);
    let Some((_, mut ear)) = session.and_then(|session| sessions.get_mut(session).ok()) else { return };
    ear.known = Known::Yes;
    ear.ignored = Arc::new(settings.ignored.iter().copied().collect());
    ear.silenced_until_s = settings.silenced_until_s;
}

fn not_loaded(index: &SessionIndex, sessions: &mut Ears, account: AccountId, due: u64) {
    let session = index.session_of(account);
    if let Some((_, mut ear)) = session.and_then(|session| sessions.get_mut(session).ok()) {
        ear.known = Known::NotNow(due);
    }
}

fn answer_one(
    reply: &mut Reply<'_>,
    locales: &Locales,
    (session, ear): (&mut SessionItem<'_, '_>, &mut Ear),
    answered: Result<&ChatReply, &StoreFailure>,
) -> Result<(), Refused> {
    let words = |message: &Message| locales.words(session.locale.0, message);
    match answered.map_err(|_| Refused::unavailable())? {
        ChatReply::Page { asked, lines } => {
            let key = |line: &SpokenLine| AccountName::key_of(&line.from);
            lines.iter().for_each(|line| ear.hear(line.id, &key(line)));
            reply.answer(&session.presence, about(asked.request), &page(asked, lines, words));
        }
        ChatReply::Ignored { ignored, whom, .. } => {
            let (whom, name) = whom.as_ref().map_err(|refusal| not_ignored(*refusal))?;
            let all = Arc::make_mut(&mut ear.ignored);
            let what = match ignored {
                Ignored::Not => {
                    all.remove(whom);
                    ChatNotice::Heard
                }
                Ignored::Muted => ChatNotice::Muted,
                Ignored::Blocked => ChatNotice::Blocked,
            };
            if *ignored != Ignored::Not {
                all.insert(*whom, *ignored);
            }
            reply.send(&session.presence, &notice(what, name, words(&text::ignored(name, *ignored))));
        }
        ChatReply::Reported { outcome, .. } => {
            let id = match outcome {
                ReportOutcome::Taken => "chat-reported",
                ReportOutcome::TakenBefore => "chat-reported-before",
                ReportOutcome::NoSuchLine => {
                    return Err(Refused::new(ErrorCode::NoSuchEntity, "chat-line-gone"));
                }
            };
            reply.send(&session.presence, &notice(ChatNotice::Reported, "", words(&Message::new(id))));
        }
        ChatReply::Silenced { until_s, .. } => ear.silenced_until_s = *until_s,
        ChatReply::Loaded(_) | ChatReply::Kept => {}
    }
    Ok(())
}

fn not_ignored(refusal: IgnoreRefusal) -> Refused {
    match refusal {
        IgnoreRefusal::NoSuchName => Refused::new(ErrorCode::NoSuchEntity, "chat-nobody-so"),
        IgnoreRefusal::Oneself => Refused::new(ErrorCode::OutOfRange, "chat-that-is-you"),
        IgnoreRefusal::TooMany => Refused::new(ErrorCode::Full, "chat-ignored-full"),
    }
}

/// A page of what was said: the newest of its lines that fit a message.
fn page(asked: &ReadChat, lines: &[SpokenLine], in_words: impl Fn(&Message) -> String) -> ServerMessage {
    let shown = |line: &SpokenLine| {
        let is_own = line.account == asked.account;
        let text = in_words(&text::line(asked.channel, (&line.from, &line.to), (&line.words, line.is_emote), is_own));
        let SpokenLine { id, from, to, words, is_emote, at_ms, .. } = line.clone();
        ChatLine { id, channel: asked.channel, from, to, words, is_emote, at_ms, text }
    };
    let mut shown: Vec<ChatLine> = lines.iter().rev().map(shown).collect();
    let mut bytes = 0;
    let fitting = shown.iter().take_while(|line| {
        bytes += line.from.len() + line.to.len() + line.words.len() + line.text.len() + 48;
        bytes <= PAGE_BYTES_MAX
    });
    let count = fitting.count();
    // As many as were asked for, or more than fit: there may be others before them.
    let is_all = lines.len() < asked.lines_max && count == lines.len();
    shown.truncate(count);
    shown.reverse();
    let with = match (&asked.source, asked.channel) {
        (ChatSource::With { name, .. }, ChatChannel::Whisper) => name.clone(),
        _ => String::new(),
    };
    let before = if is_all { 0 } else { shown.first().map_or(0, |line| line.id) };
    ServerMessage::ChatPage { channel: asked.channel, with, lines: shown, before }
}

#[cfg(test)]
mod tests {
    use hypogeum_protocol::codec;
    use hypogeum_protocol::limits::{CHAT_BYTES_MAX, NAME_BYTES_MAX};
    use hypogeum_store::ChatKey;

    use super::*;

    #[test]
    fn a_page_of_the_longest_lines_fits_a_message_and_says_where_it_goes_on() {
        let asked = ReadChat {
            account: AccountId(1),
            channel: ChatChannel::Global,
            source: ChatSource::Key(ChatKey::global()),
            before: 0,
            lines_max: 50,
            request: None,
        };
        let line = |id| SpokenLine {
            id,
            key: ChatKey::global(),
            account: AccountId(2),
            from: "n".repeat(NAME_BYTES_MAX),
            to: String::new(),
            words: "w".repeat(CHAT_BYTES_MAX),
            is_emote: false,
            at_ms: 1,
        };
        let lines: Vec<SpokenLine> = (1..=50).map(line).collect();
        let message = page(&asked, &lines, |message| format!("{message:?}").chars().take(1_200).collect());
        assert!(codec::encode(&message).len() <= SERVER_MESSAGE_BYTES_MAX, "it can be sent");
        let ServerMessage::ChatPage { lines: shown, before, .. } = message else { panic!("a page") };
        assert_eq!(shown.last().map(|line| line.id), Some(50), "the newest are in it");
        assert_eq!(Some(before), shown.first().map(|line| line.id), "and it goes on before the first of them");
        let ServerMessage::ChatPage { before, .. } = page(&asked, &lines[..3], |_| String::new()) else {
            panic!("a page")
        };
        assert_eq!(before, 0, "of few there is nothing before them");
    }
}
