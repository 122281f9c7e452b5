//! A disk that fails: `fsync` says EIO, once the kernel has forgotten what it could not write.

use std::fs;
use std::process::{Child, Command, Stdio};
use std::{slice, thread};

use hypogeum_protocol::ErrorCode;

use crate::files::{Readiness, TestFiles, until, until_readiness};
use crate::full_disk::SmallDisk;
use crate::people::{
    Person, all_adds_up, both, meanwhile, newcomer_is_refused, two_in_a_match, until_answered, until_refused,
};

/// From its making on, every sync of a process fails.
struct FailingDisk(Child);

impl FailingDisk {
    /// Lays hands on every thread of `process` that writes to the disk.
    fn under(process: u32) -> Self {
        let tasks = format!("/proc/{process}/task");
        let mut writers = Vec::new();
        for task in fs::read_dir(&tasks).expect("the server runs") {
            let task = task.expect("a thread can be listed").file_name().into_string().expect("a number");
            let name = fs::read_to_string(format!("{tasks}/{task}/comm")).unwrap_or_default();
            if name.starts_with("journal") || name.starts_with("sqlx-sqlite") {
                writers.push(task);
            }
        }
        assert!(writers.len() >= 3, "the journal's two threads and the database's are found");
        let mut strace = Command::new("strace");
        strace.args(["-qq", "-o", "/dev/null", "-e", "trace=fsync,fdatasync"]);
        strace.args(["-e", "inject=fsync,fdatasync:error=EIO"]);
        for writer in &writers {
            strace.args(["-p", writer]);
        }
        let strace = strace.stdin(Stdio::null()).stderr(Stdio::inherit()).spawn();
        let mut strace = strace.unwrap_or_else(|error| panic!("strace is needed (Debian: strace): {error}"));
        until("strace's hold on the server", || {
            let ended = strace.try_wait().expect("strace can be asked for");
            assert!(ended.is_none(), "strace may not trace the server ({ended:?}): tracing takes root");
            writers.iter().all(|writer| {
                let status = fs::read_to_string(format!("{tasks}/{writer}/status")).unwrap_or_default();
                status.lines().any(|line| line.starts_with("TracerPid:") && !line.ends_with("\t0"))
            })
        });
        Self(strace)
    }
}

impl Drop for FailingDisk {
    fn drop(&mut self) {
        // It ends by itself with what it traces.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn after_a_failed_sync_nothing_is_promised_and_what_was_promised_is_kept() {
    let files = TestFiles::new();
    let server = files.start(&[]);
    let url = server.url.clone();
    let [mut ada, mut grace] = two_in_a_match(&url, ["Ada", "Grace"]);
    // Ada is out and settled while all is well; Grace walks into the failure.
    let settled = meanwhile(slice::from_mut(&mut grace), || {
        ada.walk_out();
        ada.until_out();
        ada.until_settled()
    });
    let mut persons = [ada, grace];
    let disk = meanwhile(&mut persons, || {
        let disk = FailingDisk::under(server.process());
        until_readiness(&url, &Readiness::unready("journal"));
        disk
    });
    let [ada, grace] = &mut persons;
    meanwhile(slice::from_mut(ada), || until_refused(&mut grace.player, ErrorCode::Unavailable));
    assert!(!persons[1].is_out(), "a step that is not on the disk is no way out");
    assert!(!persons[1].is_settled(), "and nothing is settled");
    both(&mut persons, |person| until_answered(&mut person.player));
    newcomer_is_refused(&url, "Newcomer");
    assert_eq!(Readiness::of(&url), Readiness::unready("journal"), "a disk that failed stays suspect");
    let accounts = persons.each_ref().map(|person| person.account);
    drop(persons);
    drop(server);
    drop(disk);

    let server = files.start(&[]);
    assert!(server.log().contains("resumed match"), "the match goes on: {}", server.log());
    let url = server.url.clone();
    let mut grace = Person::back(&url, "Grace");
    grace.walk_out();
    let reports = [settled, grace.until_settled()];
    let ended = server.terminate();
    assert!(ended.status.success(), "exit code: {}", ended.log);
    let store = files.store(None);
    all_adds_up(&store, accounts.into_iter().zip(&reports));
}

#[test]
fn a_promise_that_waits_for_a_disk_that_fails_is_never_sent() {
    let files = TestFiles::new();
    let small = SmallDisk::at(&files.data());
    let server = files.start(&[]);
    let url = server.url.clone();
    let mut persons = two_in_a_match(&url, ["Ada", "Grace"]);
    small.fill();
    meanwhile(&mut persons, || until_readiness(&url, &Readiness::unready("journal")));
    let [ada, grace] = &mut persons;
    meanwhile(slice::from_mut(ada), || grace.walk_out());
    // The step in which Grace got out is written as soon as there is room, and what follows that fails.
    let disk = meanwhile(&mut persons, || {
        let disk = FailingDisk::under(server.process());
        small.make_room();
        disk
    });
    both(&mut persons, |person| until_refused(&mut person.player, ErrorCode::Unavailable));
    both(&mut persons, |person| until_answered(&mut person.player));
    assert!(persons.iter().all(|person| !person.is_out()), "nobody is told of a step that may be lost");
    let accounts = persons.each_ref().map(|person| person.account);
    drop(persons);
    drop(server);
    drop(disk);

    let server = files.start(&[]);
    assert!(server.log().contains("resumed match"), "the match goes on: {}", server.log());
    let url = server.url.clone();
    let mut persons = thread::scope(|scope| {
        let back = ["Ada", "Grace"].map(|name| scope.spawn(|| Person::back(&url, name)));
        back.map(|person| person.join().expect("both are back"))
    });
    let reports = both(&mut persons, |person| {
        person.walk_out();
        person.until_settled()
    });
    let ended = server.terminate();
    assert!(ended.status.success(), "exit code: {}", ended.log);
    all_adds_up(&files.store(None), accounts.into_iter().zip(&reports));
}
