//! How threads beside the tick ask it something: an HTTP handler, a console, a test.

use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use bevy_ecs::prelude::{Resource, World};
use hypogeum_store::Bounded;
use parking_lot::Mutex;

/// Questions that may wait for the tick; one more is refused.
pub const QUESTIONS_WAITING_MAX: usize = 256;
/// Questions that are answered in one tick; the others wait for the next, in their order.
pub const QUESTIONS_PER_TICK_MAX: usize = 32;

type Question = Box<dyn FnOnce(&mut World) + Send>;

/// The way to the tick. A clone leads to the same host.
///
/// A question is a function of the host's world, which the tick calls in its Route stage: what it puts into a shard's inbox is applied in
/// the same tick. The tick waits for the question, so it should do little: look something up or note something down.
///
/// ```
/// use bevy_ecs::prelude::{Resource, World};
/// use bevy_tasks::block_on;
/// use hypogeum_hosting::HostPort;
///
/// #[derive(Resource)]
/// struct Stones(u32);
///
/// let port = HostPort::default();
/// let answer = port.ask(|world: &mut World| world.resource::<Stones>().0);
/// // The tick, on its own thread:
/// let mut world = World::new();
/// world.insert_resource(Stones(7));
/// port.answer_all(&mut world);
/// assert_eq!(block_on(answer), Ok(7));
/// ```
#[derive(Resource, Clone, Debug)]
pub struct HostPort(Arc<Bounded<QuestionBox>>);

/// A question as it waits.
struct QuestionBox(Question);

impl std::fmt::Debug for QuestionBox {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Question")
    }
}

impl Default for HostPort {
    fn default() -> Self {
        Self(Arc::new(Bounded::new(QUESTIONS_WAITING_MAX)))
    }
}

/// Why a question has no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AnswerError {
    /// As many questions wait as may.
    #[error("the server is asked too much at once")]
    Crowded,
    /// The host ended before it came to it.
    #[error("the server has ended")]
    Ended,
    /// The question itself panicked.
    #[error("the question could not be answered")]
    Panicked,
}

impl HostPort {
    /// Asks. The answer, or why there is none, comes within a tick or two: await it, or block on it from a thread that may wait.
    pub fn ask<T: Send + 'static>(&self, question: impl FnOnce(&mut World) -> T + Send + 'static) -> Answer<T> {
        let (promise, answer) = promise();
        let question = move |world: &mut World| {
            // What it leaves half done is seen by others, as after any bug of a plugin; the tick goes on.
            let answer = catch_unwind(AssertUnwindSafe(|| question(world)));
            promise.keep(answer.map_err(|_| AnswerError::Panicked));
        };
        if let Err(refused) = self.0.try_push(QuestionBox(Box::new(question))) {
            answer.0.set(Err(if self.0.is_closed() { AnswerError::Ended } else { AnswerError::Crowded }));
            drop(refused);
        }
        answer
    }

    /// Answers what waits, at most [`QUESTIONS_PER_TICK_MAX`]. The host does it once a tick.
    pub fn answer_all(&self, world: &mut World) {
        for _ in 0..QUESTIONS_PER_TICK_MAX {
            let Some(QuestionBox(question)) = self.0.try_pop() else { return };
            question(world);
        }
    }
}

/// The host's end of the port: it ends with the host's app, and all who wait get [`AnswerError::Ended`].
#[derive(Resource, Debug)]
pub(crate) struct HostEnd(pub(crate) HostPort);

impl Drop for HostEnd {
    fn drop(&mut self) {
        self.0.0.close();
        while self.0.0.try_pop().is_some() {}
    }
}

/// An answer that is on its way.
#[derive(Debug)]
pub struct Answer<T>(Arc<Shared<T>>);

#[derive(Debug)]
struct Shared<T>(Mutex<State<T>>);

#[derive(Debug)]
struct State<T> {
    answer: Option<Result<T, AnswerError>>,
    waker: Option<Waker>,
}

/// An answer that comes later, and what gives it.
#[must_use]
pub fn promise<T>() -> (Promise<T>, Answer<T>) {
    let shared = Arc::new(Shared(Mutex::new(State { answer: None, waker: None })));
    (Promise(Arc::clone(&shared)), Answer(shared))
}

impl<T> Shared<T> {
    /// The first answer counts.
    fn set(&self, answer: Result<T, AnswerError>) {
        let waker = {
            let mut state = self.0.lock();
            state.answer.get_or_insert(answer);
            state.waker.take()
        };
        waker.into_iter().for_each(Waker::wake);
    }
}

/// The tick's end of an answer: dropped with its question, it says that there will be none.
#[derive(Debug)]
pub struct Promise<T>(Arc<Shared<T>>);

impl<T> Promise<T> {
    /// Gives the answer.
    pub fn answer(self, answer: T) {
        self.keep(Ok(answer));
    }

    fn keep(&self, answer: Result<T, AnswerError>) {
        self.0.set(answer);
    }
}

impl<T> Drop for Promise<T> {
    fn drop(&mut self) {
        self.0.set(Err(AnswerError::Ended));
    }
}

impl<T> Future for Answer<T> {
    type Output = Result<T, AnswerError>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let mut state = self.0.0.lock();
        match state.answer.take() {
            Some(answer) => Poll::Ready(answer),
            None => {
                state.waker = Some(context.waker().clone());
                Poll::Pending
            }
        }
    }
}

/// Answers what waits.
pub(crate) fn answer_questions(world: &mut World) {
    let port = world.resource::<HostEnd>().0.clone();
    port.answer_all(world);
}

#[cfg(test)]
mod tests {
    use bevy_tasks::block_on;

    use super::*;

    #[derive(Resource, Default)]
    struct Count(u32);

    fn world() -> World {
        let mut world = World::new();
        world.init_resource::<Count>();
        world
    }

    #[test]
    fn what_is_asked_from_another_thread_is_answered_in_order() {
        let (port, mut world) = (HostPort::default(), world());
        let asker = port.clone();
        let asked = std::thread::spawn(move || {
            let next = |world: &mut World| {
                let mut count = world.resource_mut::<Count>();
                count.0 += 1;
                count.0
            };
            [(); 3].map(|()| asker.ask(next)).map(block_on)
        });
        while !asked.is_finished() {
            port.answer_all(&mut world);
            std::thread::yield_now();
        }
        assert_eq!(asked.join().expect("it only asks"), [Ok(1), Ok(2), Ok(3)], "each has its own answer");
    }

    #[test]
    fn a_question_that_panics_stops_nothing() {
        let (port, mut world) = (HostPort::default(), world());
        let bad = port.ask(|_: &mut World| -> u32 { panic!("as the test wants it") });
        let good = port.ask(|world: &mut World| world.resource::<Count>().0);
        port.answer_all(&mut world);
        assert_eq!(block_on(bad), Err(AnswerError::Panicked), "it says so");
        assert_eq!(block_on(good), Ok(0), "the next is answered");
    }

    #[test]
    fn too_many_are_refused_and_a_tick_answers_its_share() {
        let (port, mut world) = (HostPort::default(), world());
        let count = |world: &mut World| world.resource_mut::<Count>().0 += 1;
        let asked: Vec<_> = (0..QUESTIONS_WAITING_MAX).map(|_| port.ask(count)).collect();
        assert_eq!(block_on(port.ask(count)), Err(AnswerError::Crowded), "one more is refused at once");
        port.answer_all(&mut world);
        assert_eq!(world.resource::<Count>().0 as usize, QUESTIONS_PER_TICK_MAX, "the tick goes on after its share");
        drop(HostEnd(port.clone()));
        assert_eq!(block_on(port.ask(count)), Err(AnswerError::Ended), "nobody is there any more");
        let ended = asked.into_iter().map(block_on).filter(|answer| *answer == Err(AnswerError::Ended));
        assert_eq!(
            ended.count(),
            QUESTIONS_WAITING_MAX - QUESTIONS_PER_TICK_MAX,
            "the rest learns that there is no host"
        );
    }
}
