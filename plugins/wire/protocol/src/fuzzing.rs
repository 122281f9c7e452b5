//! What the fuzz targets of `fuzz/` do with their bytes, and the seeds that were kept, replayed as tests.
//!
//! Each function takes any bytes and panics where a decoder does, or where what it accepts is not what it means.

use crate::lane::{
    DownHead, Facet, Motion, PAGE_SLOTS, PageBlock, Reader, Up, page_check, read_areas, read_events, write_page,
};
use crate::link::{SessionTicket, USER_DATA_BYTES};
use crate::{Chunk, ServerMessage, codec, limits};

/// A message of a client.
pub fn client_message(data: &[u8]) {
    let Ok(message) = codec::decode_client(data) else { return };
    let _ = message.validate();
    assert_eq!(codec::decode_client(&codec::encode(&message)), Ok(message), "what was read can be written and read");
}

/// A message of a server, and the chunk in it.
pub fn server_message(data: &[u8]) {
    let Ok(message) = codec::decode_server(data) else { return };
    if let ServerMessage::Chunk { body, .. } = &message
        && let Ok(chunk) = Chunk::decode(body)
    {
        assert_eq!(Chunk::decode(&chunk.encode()), Ok(chunk), "what was read can be written and read");
    }
    assert_eq!(codec::decode_server(&codec::encode(&message)), Ok(message), "what was read can be written and read");
}

/// What a client sends on the datagram lane.
pub fn lane_up(data: &[u8]) {
    let Ok(up) = Up::read(data) else { return };
    assert!(up.inputs().iter().all(crate::Input::in_range), "no input is out of its range");
    assert!(up.inputs().is_sorted_by(|one, next| one.seq < next.seq), "sequences rise");
    let mut out = Vec::new();
    up.write(&mut out);
    assert_eq!(Up::read(&out), Ok(up), "what was read can be written and read");
}

/// What a server sends on the datagram lane: head, areas, pages, events.
pub fn lane_down(data: &[u8]) {
    let mut reader = Reader::new(data);
    let Ok(head) = DownHead::read(&mut reader) else { return };
    let mut areas = Vec::new();
    let areas_read = read_areas(&mut reader, head.areas_count, &mut areas);
    assert!(areas.len() <= usize::from(head.areas_count), "no more areas than were said");
    let mut block = PageBlock::default();
    let pages_read = (0..head.pages_count).try_for_each(|_| {
        block.read(&mut reader)?;
        check_page(&block);
        Ok(())
    });
    let mut events = Vec::new();
    let events_read = read_events(&mut reader, head.events_count, &mut events);
    assert!(events.len() <= usize::from(head.events_count), "no more events than were said");
    let _: Result<(), codec::CodecError> = areas_read.and(pages_read).and(events_read).and(reader.end());
}

/// A page that was accepted means the same when it is written again.
fn check_page(block: &PageBlock) {
    assert!(block.told & !block.present == 0 && block.came & !block.told == 0, "each told slot holds something");
    let at = (block.cell, block.page);
    let mut bytes = Vec::new();
    write_page(&mut bytes, at, (block.present, block.told, block.came), &block.facets, &block.motions);
    let (mut again, mut reader) = (PageBlock::default(), Reader::new(&bytes));
    assert_eq!(again.read(&mut reader).and(reader.end()), Ok(()), "what was read can be written and read");
    assert_eq!((again.present, again.told, again.came), (block.present, block.told, block.came), "with the same slots");
    let (mut facets, mut motions) = ([Facet::default(); PAGE_SLOTS], [Motion::default(); PAGE_SLOTS]);
    for slot in 0..PAGE_SLOTS {
        let is = |mask: u64| mask >> slot & 1 == 1;
        if is(block.told) {
            assert_eq!(again.motions[slot], block.motions[slot], "and the same motions");
            motions[slot] = block.motions[slot];
        }
        if is(block.came) {
            assert_eq!(again.facets[slot], block.facets[slot], "and the same facets");
            facets[slot] = block.facets[slot];
        }
        let _ = block.motions[slot].place(block.cell);
    }
    assert_eq!(
        page_check(at, block.came, &facets, &motions),
        page_check(at, again.came, &again.facets, &again.motions),
        "and the same check"
    );
}

/// Netcode's user data.
pub fn session_ticket(data: &[u8]) {
    let mut user_data = [0; USER_DATA_BYTES];
    let length = data.len().min(USER_DATA_BYTES);
    user_data[..length].copy_from_slice(&data[..length]);
    let Some(ticket) = SessionTicket::from_user_data(&user_data) else { return };
    assert!(ticket.name.len() <= limits::NAME_BYTES_MAX, "no name is longer than names are");
    assert_eq!(
        SessionTicket::from_user_data(&ticket.to_user_data()),
        Some(ticket),
        "what was read can be written and read"
    );
}

#[cfg(test)]
mod tests {
    include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../fuzz/replay.rs"));

    #[test]
    fn kept_client_messages_are_read_or_refused() {
        replay("client_message", super::client_message);
    }

    #[test]
    fn kept_server_messages_are_read_or_refused() {
        replay("server_message", super::server_message);
    }

    #[test]
    fn kept_datagrams_of_clients_are_read_or_refused() {
        replay("lane_up", super::lane_up);
    }

    #[test]
    fn kept_datagrams_of_servers_are_read_or_refused() {
        replay("lane_down", super::lane_down);
    }

    #[test]
    fn kept_session_tickets_are_read_or_refused() {
        replay("session_ticket", super::session_ticket);
    }
}
