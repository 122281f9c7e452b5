//! What a kind tells in words of its own: by whom it concerns, and in the words of those who read it.

use std::fmt;
use std::sync::{Arc, OnceLock};

use hypogeum_locale::LocaleId;
use hypogeum_protocol::NetId;
use hypogeum_shard::{Audience, KindOutbox};

/// Puts what a kind tells into the words of a locale; what it gives nothing for is sent as it is.
#[derive(Clone)]
pub struct Interpreter {
    in_words: Arc<dyn Fn(&[u8], LocaleId) -> Option<Vec<u8>> + Send + Sync>,
    locales_count: usize,
}

impl Interpreter {
    /// An interpreter for so many locales.
    pub fn new(
        locales_count: usize,
        in_words: impl Fn(&[u8], LocaleId) -> Option<Vec<u8>> + Send + Sync + 'static,
    ) -> Self {
        Self { in_words: Arc::new(in_words), locales_count }
    }
}

impl fmt::Debug for Interpreter {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Interpreter({})", self.locales_count)
    }
}

/// What a kind has told in a tick. What one reader of a locale was sent, the others are sent as well: words are put together once.
#[derive(Debug, Default)]
pub(crate) struct KindMessages {
    interpreter: Option<Interpreter>,
    bodies: Vec<Box<[u8]>>,
    told: Vec<(Audience, u32)>,
    /// Places in `told` of what only one is told, by avatar, and for each in its order.
    by_avatar: Vec<(NetId, u32)>,
    /// Places in `told` of all else.
    others: Vec<u32>,
    /// The words of each body in each locale, body by body.
    words: Vec<OnceLock<Option<Box<[u8]>>>>,
}

impl KindMessages {
    pub(crate) fn set_interpreter(&mut self, interpreter: Interpreter) {
        self.interpreter = Some(interpreter);
    }

    pub(crate) const fn has_interpreter(&self) -> bool {
        self.interpreter.is_some()
    }

    pub(crate) fn take(&mut self, outbox: &KindOutbox) {
        self.by_avatar.clear();
        self.others.clear();
        self.words.clear();
        self.bodies.clear();
        self.told.clear();
        if outbox.is_empty() {
            return;
        }
        self.bodies.extend_from_slice(outbox.bodies());
        self.told.extend_from_slice(outbox.told());
        for (place, (audience, _)) in (0_u32..).zip(&self.told) {
            match audience {
                Audience::Only(avatar) => self.by_avatar.push((*avatar, place)),
                Audience::Near { .. } | Audience::Everyone => self.others.push(place),
            }
        }
        self.by_avatar.sort_unstable();
        let locales = self.interpreter.as_ref().map_or(0, |interpreter| interpreter.locales_count);
        self.words.resize_with(self.bodies.len() * locales, OnceLock::new);
    }

    /// Whether something is told that may concern anybody.
    pub(crate) const fn concerns_all(&self) -> bool {
        !self.others.is_empty()
    }

    /// Whether something is told that concerns an avatar alone.
    pub(crate) fn concerns(&self, avatar: NetId) -> bool {
        self.by_avatar.binary_search_by(|(name, _)| name.cmp(&avatar)).is_ok()
    }

    /// What is told to an avatar, in its order, in the words of a locale. `receives` says it of what is not told to it alone.
    pub(crate) fn of(
        &self,
        avatar: NetId,
        locale: LocaleId,
        receives: impl Fn(&Audience) -> bool,
    ) -> impl Iterator<Item = &[u8]> {
        let start = self.by_avatar.partition_point(|(name, _)| *name < avatar);
        let own = self.by_avatar[start..].iter().take_while(|(name, _)| *name == avatar).map(|(_, place)| *place);
        let mut places: Vec<u32> = own.collect();
        let own_count = places.len();
        places.extend(self.others.iter().filter(|place| receives(&self.told[**place as usize].0)));
        if own_count > 0 && own_count < places.len() {
            places.sort_unstable();
        }
        places.into_iter().map(move |place| self.in_words(self.told[place as usize].1 as usize, locale))
    }

    fn in_words(&self, body: usize, locale: LocaleId) -> &[u8] {
        let plain = &*self.bodies[body];
        let Some(Interpreter { in_words, locales_count }) = &self.interpreter else { return plain };
        let kept = self.words.get(body * locales_count + locale.place().min(locales_count.saturating_sub(1)));
        let words =
            kept.and_then(|kept| kept.get_or_init(|| in_words(plain, locale).map(Vec::into_boxed_slice)).as_deref());
        words.unwrap_or(plain)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

    use super::*;

    #[test]
    fn each_reads_its_own_in_order_and_in_its_words_which_are_put_together_once() {
        let count = Arc::new(AtomicU32::new(0));
        let counted = Arc::clone(&count);
        let mut messages = KindMessages::default();
        messages.set_interpreter(Interpreter::new(2, move |body, locale| {
            counted.fetch_add(1, Relaxed);
            (body != b"raw").then(|| [body, &[b'0' + locale.place() as u8]].concat())
        }));
        let mut outbox = KindOutbox::default();
        let (ada, bert, cleo) = (NetId(1), NetId(2), NetId(3));
        outbox.tell(Audience::Only(bert), *b"a");
        outbox.tell_each([ada, cleo, bert], *b"b");
        outbox.tell(Audience::Everyone, *b"c");
        outbox.tell(Audience::Near { x: 0, y: 0 }, *b"d");
        outbox.tell(Audience::Only(ada), *b"raw");
        messages.take(&outbox);
        let heard = |who, near: bool| {
            let receives = |audience: &Audience| near || *audience == Audience::Everyone;
            let bodies = messages.of(who, LocaleId::default(), receives).map(String::from_utf8_lossy);
            bodies.collect::<Vec<_>>().join(" ")
        };
        assert_eq!([heard(ada, false), heard(bert, true), heard(cleo, false)], ["b0 c0 raw", "a0 b0 c0 d0", "b0 c0"]);
        assert_eq!(count.load(Relaxed), 5, "what three read is put together once");
        assert!(messages.concerns_all() && messages.concerns(cleo) && !messages.concerns(NetId(4)));
        messages.take(&KindOutbox::default());
        assert!(!messages.concerns_all() && !messages.concerns(cleo), "and is forgotten with the next step");
    }
}
