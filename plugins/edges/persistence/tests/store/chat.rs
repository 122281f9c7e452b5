//! What was said is kept as far as it is bounded, and so is who ignores whom, and what was reported.

use hypogeum_accounts::{AccountName, CharacterStore};
use hypogeum_persistence::Store;
use hypogeum_protocol::limits::IGNORED_MAX;
use hypogeum_protocol::{AccountId, ChatChannel, Ignored};
use hypogeum_store::{
    CHANNEL_LINES_KEPT_MAX, ChatKey, ChatReply, ChatRequest, ChatSettings, ChatSource, IgnoreRefusal, LINES_KEPT_DAYS,
    ReadChat, ReportOutcome, Speaker, SpokenLine, StoreReply, StoreRequest, WHISPER_LINES_KEPT_MAX,
};

use crate::world::{Directory, register, wait};

/// Some time in 2026, in milliseconds.
const NOW_MS: u64 = 1_780_000_000_000;

fn ask(store: &Store, request: ChatRequest) -> ChatReply {
    match store.answer(StoreRequest::Chat(request)) {
        StoreReply::Chat(reply) => reply,
        other => panic!("a chat is answered by a chat: {other:?}"),
    }
}

fn said(id: u64, key: &ChatKey, account: AccountId, words: &str) -> SpokenLine {
    SpokenLine {
        id,
        key: key.clone(),
        account,
        from: "Ada".to_owned(),
        to: String::new(),
        words: words.to_owned(),
        is_emote: id.is_multiple_of(2),
        at_ms: NOW_MS + id,
    }
}

fn keep(store: &Store, lines: Vec<SpokenLine>) {
    assert_eq!(ask(store, ChatRequest::Keep { lines }), ChatReply::Kept, "it is kept");
}

fn page(store: &Store, account: AccountId, source: ChatSource, before: u64) -> Vec<SpokenLine> {
    let asked = ReadChat { account, channel: ChatChannel::Global, source, before, lines_max: 50, request: None };
    match ask(store, ChatRequest::Read(asked.clone())) {
        ChatReply::Page { asked: answered, lines } if answered == asked => lines,
        other => panic!("a page is answered by a page: {other:?}"),
    }
}

fn ids(lines: &[SpokenLine]) -> Vec<u64> {
    lines.iter().map(|line| line.id).collect()
}

fn ignore(
    store: &Store,
    account: AccountId,
    name: &str,
    ignored: Ignored,
) -> Result<(AccountId, String), IgnoreRefusal> {
    match ask(store, ChatRequest::Ignore { account, name: name.to_owned(), ignored }) {
        ChatReply::Ignored { account: answered, ignored: how, whom } if (answered, how) == (account, ignored) => whom,
        other => panic!("to ignore is answered: {other:?}"),
    }
}

fn settings(store: &Store, accounts: &[AccountId]) -> Vec<ChatSettings> {
    match ask(store, ChatRequest::Load { accounts: accounts.to_vec() }) {
        ChatReply::Loaded(settings) => settings,
        other => panic!("settings are answered by settings: {other:?}"),
    }
}

fn what_was_said_is_read_in_pages_and_outlives_the_store(directory: &Directory) {
    let store = directory.open();
    let ada = register(&store, "Ada").unwrap();
    let (here, there) = (ChatKey::room("town", "inn"), ChatKey::room("town", "square"));
    let odd = "\"'; DROP TABLE chat_lines; -- é 字 🜏\\u0041";
    let lines: Vec<SpokenLine> = (1..=120).map(|id| said(id, &here, ada, odd)).collect();
    keep(&store, lines.clone());
    keep(&store, lines.clone());
    keep(&store, vec![said(500, &there, ada, "elsewhere")]);
    drop(store);
    let store = directory.open();
    let source = || ChatSource::Key(here.clone());
    let newest = page(&store, ada, source(), 0);
    assert_eq!(newest, lines[70..], "the newest fifty as they were said, once each, the oldest first");
    assert_eq!(page(&store, ada, source(), newest[0].id), lines[20..70], "those before them");
    assert_eq!(page(&store, ada, source(), 21), lines[..20], "and the rest");
    assert_eq!(page(&store, ada, source(), 1), [], "before the first there is nothing");
}

fn a_channel_keeps_so_many_lines_for_so_long(directory: &Directory) {
    let store = directory.open();
    let (ada, bob) = (register(&store, "Ada").unwrap(), register(&store, "Bob").unwrap());
    let speaker = |account| Speaker { account, character: None };
    let (global, pair) = (ChatKey::global(), ChatKey::whisper(speaker(ada), speaker(bob)));
    let count = CHANNEL_LINES_KEPT_MAX as u64;
    keep(&store, (1..=count).map(|id| said(id, &global, ada, "hi")).collect());
    keep(&store, (1..=3).map(|id| said(count + id, &global, ada, "hi")).collect());
    keep(&store, (10_000..10_000 + count).map(|id| said(id, &pair, ada, "psst")).collect());
    let rows =
        |key: &ChatKey| directory.sql(&format!("SELECT COUNT(*) FROM chat_lines WHERE channel = '{}'", key.as_str()));
    assert_eq!(rows(&global), count as i64, "as many as are kept");
    assert_eq!(rows(&pair), WHISPER_LINES_KEPT_MAX as i64, "of two who whisper fewer");
    assert_eq!(directory.sql("SELECT MIN(id) FROM chat_lines"), 4, "and the oldest have gone");
    let source = ChatSource::With { speaker: speaker(bob), name: "ADA".to_owned() };
    assert_eq!(page(&store, bob, source, 0).len(), 50, "a whisper is found by the other's name");
    let nobody = ChatSource::With { speaker: speaker(bob), name: "Nobody".to_owned() };
    assert_eq!(page(&store, bob, nobody, 0), [], "nobody has whispered");
    let late = SpokenLine { at_ms: NOW_MS + (LINES_KEPT_DAYS + 1) * 86_400_000, ..said(20_000, &pair, ada, "still?") };
    keep(&store, vec![late]);
    assert_eq!(directory.sql("SELECT COUNT(*) FROM chat_lines"), 1, "nothing is kept for ever");
}

fn an_account_ignores_others_under_all_their_names(directory: &Directory) {
    let store = directory.open();
    let (ada, bob) = (register(&store, "Ada").unwrap(), register(&store, "Bob").unwrap());
    wait(store.create_character(bob, &AccountName::parse("Rogue").unwrap())).unwrap();
    let nothing = |account| ChatSettings { account, ignored: Vec::new(), silenced_until_s: 0 };
    let unknown = AccountId(77);
    assert_eq!(settings(&store, &[bob, unknown, ada]), [nothing(bob), nothing(unknown), nothing(ada)], "as asked");
    assert_eq!(ignore(&store, ada, "rOGUE", Ignored::Muted), Ok((bob, "Rogue".to_owned())), "by a character");
    assert_eq!(settings(&store, &[ada])[0].ignored, [(bob, Ignored::Muted)], "it is the account");
    assert_eq!(ignore(&store, ada, "bob", Ignored::Blocked), Ok((bob, "Bob".to_owned())), "by its own name");
    assert_eq!(settings(&store, &[ada])[0].ignored, [(bob, Ignored::Blocked)], "which is the same account");
    assert_eq!(ignore(&store, ada, "ada", Ignored::Muted), Err(IgnoreRefusal::Oneself), "nobody escapes herself");
    assert_eq!(ignore(&store, ada, "Nobody", Ignored::Muted), Err(IgnoreRefusal::NoSuchName), "nor hears nobody");

    let global = ChatKey::global();
    keep(&store, vec![said(1, &global, ada, "hi"), said(2, &global, bob, "hi"), said(3, &global, ada, "hi")]);
    let read = |account| ids(&page(&store, account, ChatSource::Key(global.clone()), 0));
    assert_eq!((read(ada), read(bob)), (vec![1, 3], vec![2]), "who is blocked reads nothing, either");
    ignore(&store, ada, "bob", Ignored::Muted).unwrap();
    assert_eq!((read(ada), read(bob)), (vec![1, 3], vec![1, 2, 3]), "who is muted does not notice");
    drop(store);
    let store = directory.open();
    assert_eq!(settings(&store, &[ada])[0].ignored, [(bob, Ignored::Muted)], "it is kept");
    ignore(&store, ada, "rogue", Ignored::Not).unwrap();
    assert_eq!(settings(&store, &[ada]), [nothing(ada)], "until it is lifted");
}

fn an_account_ignores_so_many_and_no_more(directory: &Directory) {
    let store = directory.open();
    let ada = register(&store, "Ada").unwrap();
    let names: Vec<String> = (0..=IGNORED_MAX).map(|number| format!("bot-{number}")).collect();
    wait(async {
        for name in &names {
            hypogeum_accounts::AccountStore::guest(&store, &AccountName::parse(name).unwrap()).await.unwrap();
        }
    });
    for name in &names[..IGNORED_MAX] {
        ignore(&store, ada, name, Ignored::Muted).unwrap();
    }
    let last = &names[IGNORED_MAX];
    assert_eq!(ignore(&store, ada, last, Ignored::Blocked), Err(IgnoreRefusal::TooMany), "the list is full");
    assert!(ignore(&store, ada, &names[0], Ignored::Blocked).is_ok(), "what stands in it can change");
    ignore(&store, ada, &names[1], Ignored::Not).unwrap();
    assert!(ignore(&store, ada, last, Ignored::Blocked).is_ok(), "where one goes, another may come");
}

fn a_report_shows_what_was_said_around_the_line(directory: &Directory) {
    let store = directory.open();
    let (ada, bob) = (register(&store, "Ada").unwrap(), register(&store, "Bob").unwrap());
    let (global, other) = (ChatKey::global(), ChatKey::zone("town"));
    let mut lines: Vec<SpokenLine> = (1..=40).map(|id| said(id, &global, bob, "spam")).collect();
    lines.extend((100..110).map(|id| said(id, &other, ada, "elsewhere")));
    keep(&store, lines);
    let report = |account, line| {
        let request = ChatRequest::Report { account, line, reason: "it's \"spam\"".to_owned() };
        match ask(&store, request) {
            ChatReply::Reported { outcome, .. } => outcome,
            other => panic!("a report is answered: {other:?}"),
        }
    };
    assert_eq!(report(ada, 20), ReportOutcome::Taken, "it is taken");
    assert_eq!(report(ada, 20), ReportOutcome::TakenBefore, "once");
    assert_eq!(report(bob, 20), ReportOutcome::Taken, "of each who reports it");
    assert_eq!(report(ada, 3), ReportOutcome::Taken, "at an end there is less around it");
    assert_eq!(report(ada, 77), ReportOutcome::NoSuchLine, "what is not kept cannot be shown");
    assert_eq!(directory.sql("SELECT COUNT(*) FROM chat_reports"), 3, "a row each");
    let around = |line: u64, column: &str| {
        directory.sql(&format!(
            "SELECT {column}(CAST(value ->> 'id' AS BIGINT)) FROM chat_reports CROSS JOIN json_each(lines)
             WHERE line = {line} AND reporter = {}",
            ada.0
        ))
    };
    assert_eq!([around(20, "MIN"), around(20, "MAX"), around(20, "COUNT")], [10, 30, 21], "ten before, ten after");
    assert_eq!([around(3, "MIN"), around(3, "MAX")], [1, 13], "as many as there are");
}

fn a_moderator_silences_an_account_for_a_time(directory: &Directory) {
    let store = directory.open();
    let ada = register(&store, "Ada").unwrap();
    let until_s = NOW_MS / 1_000 + 600;
    let reply = ask(&store, ChatRequest::Silence { account: ada, until_s });
    assert_eq!(reply, ChatReply::Silenced { account: ada, until_s }, "it is done");
    drop(store);
    let store = directory.open();
    assert_eq!(settings(&store, &[ada])[0].silenced_until_s, until_s, "and kept");
    ask(&store, ChatRequest::Silence { account: ada, until_s: 0 });
    assert_eq!(settings(&store, &[ada])[0].silenced_until_s, 0, "until it is lifted");
}

on_both![
    what_was_said_is_read_in_pages_and_outlives_the_store,
    a_channel_keeps_so_many_lines_for_so_long,
    an_account_ignores_others_under_all_their_names,
    an_account_ignores_so_many_and_no_more,
    a_report_shows_what_was_said_around_the_line,
    a_moderator_silences_an_account_for_a_time,
];
