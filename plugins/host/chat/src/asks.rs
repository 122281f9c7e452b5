//! What people want besides talking: what was said, to hear somebody no more, to report.

use hypogeum_protocol::limits::{CHAT_PAGE_LINES_MAX, NAME_BYTES_MAX, REPORT_BYTES_MAX, REPORT_GRAPHEMES_MAX};
use hypogeum_protocol::{ChatChannel, ClientMessage, ErrorCode};
use hypogeum_sessions::About;
use hypogeum_store::{ChatRequest, ChatSource, ReadChat, StoreRequest};

use crate::audience::Places;
use crate::rates::Limited;
use crate::speak::{Asker, Chat};
use crate::text::Refused;
use crate::words::{BadWords, checked_to};

/// Asks the store for what somebody wants.
pub(crate) fn ask(
    chat: &mut Chat<'_, '_>,
    asker: &Asker,
    (about, message): (About, &ClientMessage),
    places: &Places,
) -> Result<(), Refused> {
    let account = asker.who.account;
    let request = match message {
        ClientMessage::ChatHistory { channel, with, before } => {
            chat.take(asker, Limited::Ask)?;
            let source = source(chat, asker, (*channel, with), places)?;
            // What was said just now belongs to it.
            chat.log.flush(&mut chat.store);
            ChatRequest::Read(ReadChat {
                account,
                channel: *channel,
                source,
                before: *before,
                lines_max: CHAT_PAGE_LINES_MAX,
                request: about.request,
            })
        }
        ClientMessage::Ignore { name, ignored } => {
            chat.take(asker, Limited::Ask)?;
            ChatRequest::Ignore { account, name: whole_name(chat, name)?, ignored: *ignored }
        }
        ClientMessage::ReportChat { line, from, reason } => {
            let reason = match checked_to(reason, (REPORT_GRAPHEMES_MAX, REPORT_BYTES_MAX)) {
                Ok(reason) => reason,
                Err(BadWords::Empty) => String::new(),
                Err(bad) => return Err(bad.into()),
            };
            let Ok((_, _, ear)) = chat.sessions.get(asker.session) else { return Ok(()) };
            let heard = if *line == 0 { ear.last_of(from) } else { Some(*line).filter(|line| ear.has_heard(*line)) };
            let Some(line) = heard else {
                return Err(Refused::new(ErrorCode::NoSuchEntity, "chat-not-heard"));
            };
            chat.take(asker, Limited::Report)?;
            chat.log.flush(&mut chat.store);
            ChatRequest::Report { account, line, reason }
        }
        _ => return Ok(()),
    };
    chat.store.ask(StoreRequest::Chat(request));
    Ok(())
}

/// Where the lines are that somebody wants to read.
fn source(
    chat: &Chat<'_, '_>,
    asker: &Asker,
    (channel, with): (ChatChannel, &str),
    places: &Places,
) -> Result<ChatSource, Refused> {
    if channel == ChatChannel::Whisper {
        return Ok(ChatSource::With { speaker: asker.speaker(), name: whole_name(chat, with)? });
    }
    chat.key_of(asker, channel, places).map(ChatSource::Key)
}

/// The whole name of somebody who is here, of which the beginning may be enough; else as it was written: the store knows
/// those who are not here.
fn whole_name(chat: &Chat<'_, '_>, name: &str) -> Result<String, Refused> {
    if name.trim().is_empty() || name.len() > NAME_BYTES_MAX {
        return Err(Refused::new(ErrorCode::NoSuchEntity, "chat-whom"));
    }
    let here = chat.names.find(name).and_then(|entity| chat.sessions.get(entity).ok());
    Ok(here.map_or_else(|| name.to_owned(), |(_, session, _)| session.who.name.clone()))
}
