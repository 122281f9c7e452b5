//! What tests of the sockets share.

use std::time::Duration;

use super::SocketSet;

/// Waits until the one socket there is can be read.
pub(super) fn wait(socket_set: &SocketSet) {
    let mut keys = Vec::new();
    while keys.is_empty() {
        socket_set.lock().ready(Duration::from_secs(1), &mut keys);
    }
    assert_eq!(keys, [0], "the one socket there is");
}
