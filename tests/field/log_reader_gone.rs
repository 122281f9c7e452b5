//! Whoever reads the log is gone, or it leads to a device that takes nothing: a line that cannot be written is lost, and
//! nothing else is.

use std::fs::File;
use std::process::{Command, Stdio};

use crate::mute::{MuteServer, pipe};

/// Everyone is served as if somebody read the log, and the server ends in order.
fn serves_without_a_reader(server: MuteServer) {
    server.serves_somebody("Ada");
    server.serves_somebody("Grace");
    let ended = server.terminate();
    assert_eq!(ended.code(), Some(0), "it ends in order: {ended}");
}

#[test]
fn a_reader_that_is_gone_costs_lines_only() {
    let data = tempfile::tempdir().expect("a directory for the test");
    let (reader, writer) = pipe();
    drop(reader);
    serves_without_a_reader(MuteServer::start(data.path(), writer.into(), &[("HYPOGEUM_LOG__FILTER", "debug")]));
}

#[test]
fn a_reader_that_goes_later_costs_lines_only() {
    let data = tempfile::tempdir().expect("a directory for the test");
    let (reader, writer) = pipe();
    let server = MuteServer::start(data.path(), writer.into(), &[]);
    drop(reader);
    serves_without_a_reader(server);
}

#[test]
fn a_device_that_is_full_costs_lines_only() {
    let data = tempfile::tempdir().expect("a directory for the test");
    let full = File::options().write(true).open("/dev/full").expect("Linux has it");
    serves_without_a_reader(MuteServer::start(data.path(), full.into(), &[]));
}

#[test]
fn standard_error_may_be_closed() {
    let data = tempfile::tempdir().expect("a directory for the test");
    let mut shell = Command::new("sh");
    shell.args(["-c", "exec \"$0\" serve 2>&-", env!("CARGO_BIN_EXE_hypogeum")]);
    serves_without_a_reader(MuteServer::run(&mut shell, data.path(), Stdio::null(), &[]));
}

#[test]
fn results_that_nobody_reads_are_no_reason_to_panic() {
    for arguments in [&["check"][..], &["migrate", "--check"], &["verify", "/no/such/log"]] {
        let data = tempfile::tempdir().expect("a directory for the test");
        let (gone, out) = pipe();
        drop(gone);
        let mut command = Command::new(env!("CARGO_BIN_EXE_hypogeum"));
        command.args(arguments).current_dir(env!("CARGO_MANIFEST_DIR")).env("HYPOGEUM_SERVER__DATA_DIR", data.path());
        command.stderr(Stdio::from(out.try_clone().expect("it can be shared"))).stdout(Stdio::from(out));
        let ended = command.status().expect("the binary can be run");
        assert!(matches!(ended.code(), Some(0 | 1)), "{arguments:?} ends as ever: {ended}");
    }
}
