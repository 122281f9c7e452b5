//! One client's end: what it says becomes lines and wishes, what it can show is found out, and words become its bytes.

use std::time::Duration;

use hypogeum_metering::{Rate, TokenBucket};

use super::charset::Charset;
use super::codes::{
    AYT, CHARSET, EC, ECHO, EL, END_OF_RECORD, EOR, GA, GMCP, IAC, MSSP, NOP, SUPPRESS_GO_AHEAD, TERMINAL_TYPE,
    TIMING_MARK, WILL, WINDOW_SIZE, subnegotiation,
};
use super::gmcp::{Asked, Wanted};
use super::line::{Lines, Typed};
use super::options::{Change, Options, Side};
use super::page::{Colours, Page, Style};
use super::parser::{CONTENTS_BYTES_MAX, Event, Parser, Verb};

/// Commands of a client that are answered, or change something. Nobody's client has more than some dozens in all.
const COMMANDS: Rate = Rate { per_s: 20, burst: 256 };
/// Names that a terminal is asked for: its own, its kind, and what it can.
const TYPES_MAX: u8 = 4;
const TYPE_BYTES_MAX: usize = 64;
/// What subnegotiations of TERMINAL-TYPE begin with.
const IS: u8 = 0;
const SEND: u8 = 1;
/// What those of CHARSET begin with.
const REQUEST: u8 = 1;
const ACCEPTED: u8 = 2;
const REJECTED: u8 = 3;

/// Bits of MTTS.
const MTTS_ANSI: u32 = 1;
const MTTS_UTF8: u32 = 4;
const MTTS_256: u32 = 8;
const MTTS_SCREEN_READER: u32 = 64;

/// What came of a client's bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Heard {
    /// A line.
    Line(String),
    /// A line that was too long.
    TooLong,
    /// Something in GMCP.
    Gmcp(Asked),
    /// A crawler wants to know which server this is.
    Crawler,
    /// What no honest client does.
    Hostile(&'static str),
}

/// One client's end.
#[derive(Debug)]
pub(crate) struct Terminal {
    parser: Parser,
    lines: Lines,
    options: Options,
    commands: TokenBucket,
    wanted: Wanted,
    width: usize,
    colours: Colours,
    charset: Option<Charset>,
    /// What it has said of its characters by MTTS.
    has_utf8: bool,
    /// Names that its terminal was asked for.
    types_asked: u8,
    last_type: String,
    is_type_awaited: bool,
    is_charset_awaited: bool,
    /// Crawlers are told once.
    was_crawled: bool,
    /// The cursor stands behind a prompt.
    is_prompted: bool,
    /// What it is apart from telnet, where it is that.
    bare: Option<Bare>,
}

/// A client that speaks no telnet: words in UTF-8, with colours, and GMCP in messages of its own if at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Bare {
    pub(crate) has_gmcp: bool,
}

impl Terminal {
    /// One of which nothing is known. What it is asked is appended.
    pub(crate) fn new(now: Duration, out: &mut Vec<u8>) -> Self {
        let mut options = Options::default();
        for option in [TERMINAL_TYPE, WINDOW_SIZE] {
            options.want((Side::Theirs, option), true, out);
        }
        for option in [END_OF_RECORD, CHARSET, MSSP, GMCP] {
            options.want((Side::Ours, option), true, out);
        }
        Self {
            parser: Parser::default(),
            lines: Lines::default(),
            options,
            commands: TokenBucket::full(COMMANDS, now),
            wanted: Wanted::default(),
            width: Page::WIDTH_USUAL,
            colours: Colours::None,
            charset: None,
            has_utf8: false,
            types_asked: 0,
            last_type: String::new(),
            is_type_awaited: false,
            is_charset_awaited: false,
            was_crawled: false,
            is_prompted: false,
            bare: None,
        }
    }

    /// One without telnet.
    pub(crate) fn bare(bare: Bare, now: Duration) -> Self {
        let telnet = Self::new(now, &mut Vec::new());
        Self { bare: Some(bare), colours: Colours::Indexed, charset: Some(Charset::Utf8), ..telnet }
    }

    /// Takes what was typed, where there is no telnet. Its end is the end of a line.
    pub(crate) fn type_in(&mut self, bytes: &[u8], mut hear: impl FnMut(Heard)) {
        for byte in bytes {
            if let Some(heard) = self.take_typed(*byte) {
                hear(heard);
            }
        }
        if self.lines.has_begun()
            && let Some(heard) = self.take_typed(b'\n')
        {
            hear(heard);
        }
    }

    /// Takes a message in GMCP, where it comes by itself.
    pub(crate) fn hear_data(&mut self, contents: &[u8], now: Duration) -> Option<Heard> {
        if self.is_too_fast(now) || contents.len() > CONTENTS_BYTES_MAX {
            return Some(Heard::Hostile("too much GMCP"));
        }
        Some(Heard::Gmcp(self.wanted.read(contents))).filter(|heard| *heard != Heard::Gmcp(Asked::Nothing))
    }

    /// Counts a command; whether it is one too many.
    pub(crate) fn is_too_fast(&mut self, now: Duration) -> bool {
        self.commands.take(COMMANDS, now).is_err()
    }

    fn take_typed(&mut self, byte: u8) -> Option<Heard> {
        match self.lines.take(byte)? {
            Typed::Line(line) => {
                // Whoever sees what is typed has moved the cursor by ending the line.
                self.is_prompted &= self.bare.is_some() || self.options.is_on(Side::Ours, ECHO);
                Some(Heard::Line(line))
            }
            Typed::TooLong => Some(Heard::TooLong),
            Typed::Endless => Some(Heard::Hostile("a line that does not end")),
        }
    }

    /// Takes what has come; answers are appended.
    pub(crate) fn receive(&mut self, bytes: &[u8], now: Duration, out: &mut Vec<u8>, mut hear: impl FnMut(Heard)) {
        for byte in bytes {
            if let Some(heard) = self.take(*byte, now, out) {
                let is_end = matches!(heard, Heard::Hostile(_));
                hear(heard);
                if is_end {
                    return;
                }
            }
        }
    }

    fn take(&mut self, byte: u8, now: Duration, out: &mut Vec<u8>) -> Option<Heard> {
        let event = self.parser.take(byte)?;
        if !matches!(event, Event::Data(_)) && self.commands.take(COMMANDS, now).is_err() {
            return Some(Heard::Hostile("too many commands of telnet"));
        }
        match event {
            Event::Data(byte) => self.take_typed(byte),
            Event::Command(command) => {
                self.obey(command, out);
                None
            }
            Event::Negotiation(Verb::Do, TIMING_MARK) => {
                // It is no option: each is answered for itself.
                out.extend_from_slice(&[IAC, WILL, TIMING_MARK]);
                None
            }
            Event::Negotiation(verb, option) => {
                let change = self.options.receive(verb, option, out)?;
                self.note(change, out)
            }
            Event::Subnegotiation(option, contents) => {
                let contents = contents.to_vec();
                self.read(option, &contents, out)
            }
            Event::TooLong => None,
            Event::Endless => Some(Heard::Hostile("a subnegotiation that does not end")),
        }
    }

    fn obey(&mut self, command: u8, out: &mut Vec<u8>) {
        match command {
            AYT => out.extend_from_slice(b"\r\n[Yes]\r\n"),
            EC => self.lines.erase(),
            EL => self.lines.clear(),
            _ => {}
        }
    }

    /// An option has come to be on or off.
    fn note(&mut self, Change { side, option, is_on }: Change, out: &mut Vec<u8>) -> Option<Heard> {
        match (side, option, is_on) {
            (Side::Theirs, TERMINAL_TYPE, true) => self.ask_type(out),
            (Side::Theirs, WINDOW_SIZE, false) => self.width = Page::WIDTH_USUAL,
            (Side::Ours, CHARSET, true) => {
                self.is_charset_awaited = true;
                let request = [&[REQUEST][..], b";UTF-8;ISO-8859-1;US-ASCII"].concat();
                subnegotiation(CHARSET, &request, out);
            }
            (Side::Ours, MSSP, true) if !self.was_crawled => {
                self.was_crawled = true;
                return Some(Heard::Crawler);
            }
            _ => {}
        }
        None
    }

    fn read(&mut self, option: u8, contents: &[u8], out: &mut Vec<u8>) -> Option<Heard> {
        match (option, contents) {
            (WINDOW_SIZE, [high, low, _, _]) if self.options.is_on(Side::Theirs, WINDOW_SIZE) => {
                let width = usize::from(u16::from_be_bytes([*high, *low]));
                let known = if width == 0 { Page::WIDTH_USUAL } else { width };
                self.width = known.clamp(*Page::WIDTH.start(), *Page::WIDTH.end());
                None
            }
            (TERMINAL_TYPE, [IS, name @ ..]) if std::mem::take(&mut self.is_type_awaited) => {
                self.note_type(name, out);
                None
            }
            (CHARSET, [what, rest @ ..]) => {
                self.note_charset(*what, rest, out);
                None
            }
            (GMCP, contents) if self.options.is_on(Side::Ours, GMCP) => match self.wanted.read(contents) {
                Asked::Nothing => None,
                asked => Some(Heard::Gmcp(asked)),
            },
            _ => None,
        }
    }

    fn ask_type(&mut self, out: &mut Vec<u8>) {
        if self.types_asked < TYPES_MAX {
            self.types_asked += 1;
            self.is_type_awaited = true;
            subnegotiation(TERMINAL_TYPE, &[SEND], out);
        }
    }

    /// A terminal tells its names one after the other, and says the last one twice.
    fn note_type(&mut self, name: &[u8], out: &mut Vec<u8>) {
        let name = String::from_utf8_lossy(&name[..name.len().min(TYPE_BYTES_MAX)]).to_ascii_uppercase();
        if let Some(bits) = name.strip_prefix("MTTS ").and_then(|bits| bits.trim().parse::<u32>().ok()) {
            self.has_utf8 = bits & MTTS_UTF8 != 0;
            self.colours = match bits {
                _ if bits & MTTS_SCREEN_READER != 0 => Colours::None,
                _ if bits & MTTS_256 != 0 => Colours::Indexed,
                _ if bits & MTTS_ANSI != 0 => Colours::Sixteen,
                _ => Colours::None,
            };
            return;
        }
        let known = ["ANSI", "XTERM", "VT1", "VT2", "LINUX", "SCREEN", "TMUX", "RXVT", "MUDLET", "TINTIN"];
        if name.contains("256COLOR") {
            self.colours = Colours::Indexed;
        } else if known.iter().any(|known| name.contains(known)) {
            self.colours = self.colours.max(Colours::Sixteen);
        }
        if name != self.last_type {
            self.last_type = name;
            self.ask_type(out);
        }
    }

    fn note_charset(&mut self, what: u8, rest: &[u8], out: &mut Vec<u8>) {
        match what {
            ACCEPTED if std::mem::take(&mut self.is_charset_awaited) => {
                self.charset = std::str::from_utf8(rest).ok().map(str::trim).and_then(Charset::named).or(self.charset);
            }
            REJECTED if std::mem::take(&mut self.is_charset_awaited) => self.charset = Some(Charset::Latin1),
            // It asks while it is asked: the server's question counts.
            REQUEST if self.is_charset_awaited => subnegotiation(CHARSET, &[REJECTED], out),
            REQUEST => {
                let Some((separator, names)) = rest.split_first() else { return };
                let names = names.split(|byte| byte == separator).filter_map(|name| std::str::from_utf8(name).ok());
                let known = names.filter_map(|name| Charset::named(name).map(|charset| (name, charset)));
                // UTF-8 where that is among them, else the first that is known.
                let best = known.min_by_key(|(_, charset)| *charset != Charset::Utf8);
                match best {
                    Some((name, charset)) => {
                        self.charset = Some(charset);
                        subnegotiation(CHARSET, &[&[ACCEPTED][..], name.as_bytes()].concat(), out);
                    }
                    None => subnegotiation(CHARSET, &[REJECTED], out),
                }
            }
            _ => {}
        }
    }

    /// What its screen can.
    pub(crate) fn page(&self) -> Page {
        let usual = if self.has_utf8 { Charset::Utf8 } else { Charset::Latin1 };
        Page { width: self.width, colours: self.colours, charset: self.charset.unwrap_or(usual) }
    }

    /// Sets the characters by hand, whatever was agreed on.
    pub(crate) const fn set_charset(&mut self, charset: Charset) {
        self.charset = Some(charset);
    }

    /// Sets the colours by hand, whatever its terminal is called.
    pub(crate) const fn set_colours(&mut self, colours: Colours) {
        self.colours = colours;
    }

    /// Hides what is typed from here on, or shows it again.
    pub(crate) fn hide_input(&mut self, is_hidden: bool, out: &mut Vec<u8>) {
        if self.bare.is_none() {
            self.options.want((Side::Ours, ECHO), is_hidden, out);
        }
    }

    /// Appends words, in lines of their own.
    pub(crate) fn print(&mut self, style: Style, words: &str, out: &mut Vec<u8>) {
        self.break_line(out);
        self.page().write_lines(style, words, out);
    }

    /// Appends a prompt, and that it is one.
    pub(crate) fn prompt(&mut self, style: Style, words: &str, out: &mut Vec<u8>) {
        self.break_line(out);
        self.page().write(style, words, out);
        out.push(b' ');
        if self.bare.is_some() {
            // The end of the frame is that of the prompt.
        } else if self.options.is_on(Side::Ours, END_OF_RECORD) {
            out.extend_from_slice(&[IAC, EOR]);
        } else if !self.options.is_on(Side::Ours, SUPPRESS_GO_AHEAD) {
            out.extend_from_slice(&[IAC, GA]);
        }
        self.is_prompted = true;
    }

    /// Ends the line of a prompt that something is said over.
    fn break_line(&mut self, out: &mut Vec<u8>) {
        if std::mem::take(&mut self.is_prompted) {
            out.extend_from_slice(b"\r\n");
        }
    }

    /// Whether its client wants anything in GMCP.
    pub(crate) fn wants_data(&self) -> bool {
        let has_gmcp = self.bare.map_or_else(|| self.options.is_on(Side::Ours, GMCP), |bare| bare.has_gmcp);
        has_gmcp && !self.wanted.is_empty()
    }

    /// Whether its client wants this message in GMCP. Whoever wants anything has its core.
    pub(crate) fn wants(&self, message: &str) -> bool {
        self.wants_data() && (message.starts_with("Core.") || self.wanted.includes(message))
    }

    /// Appends what a client does not notice, but its system answers.
    pub(crate) fn keep_alive(out: &mut Vec<u8>) {
        out.extend_from_slice(&[IAC, NOP]);
    }

    /// Bytes that are kept until more come.
    #[cfg(any(test, feature = "fuzzing"))]
    pub(crate) const fn held_bytes(&self) -> usize {
        self.parser.held_bytes() + self.lines.held_bytes() + self.last_type.len()
    }
}

#[cfg(test)]
mod tests {
    use super::super::codes::{DO, SB, WONT};
    use super::*;

    fn terminal() -> Terminal {
        let mut out = Vec::new();
        let terminal = Terminal::new(Duration::ZERO, &mut out);
        assert_eq!(&out[..6], [IAC, DO, TERMINAL_TYPE, IAC, DO, WINDOW_SIZE], "it asks");
        terminal
    }

    /// What came of bytes, and what was answered.
    fn hear(terminal: &mut Terminal, bytes: &[u8]) -> (Vec<Heard>, Vec<u8>) {
        let (mut heard, mut out) = (Vec::new(), Vec::new());
        terminal.receive(bytes, Duration::ZERO, &mut out, |it| heard.push(it));
        (heard, out)
    }

    fn said(option: u8, contents: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        subnegotiation(option, contents, &mut out);
        out
    }

    #[test]
    fn a_terminal_says_what_it_can() {
        let mut terminal = terminal();
        let (_, out) = hear(&mut terminal, &[IAC, WILL, TERMINAL_TYPE]);
        assert_eq!(out, said(TERMINAL_TYPE, &[SEND]));
        let (_, out) = hear(&mut terminal, &said(TERMINAL_TYPE, b"\0TINTIN++"));
        assert_eq!(out, said(TERMINAL_TYPE, &[SEND]), "it is asked on");
        hear(&mut terminal, &said(TERMINAL_TYPE, b"\0xterm"));
        assert_eq!(terminal.page().colours, Colours::Sixteen);
        let (_, out) = hear(&mut terminal, &said(TERMINAL_TYPE, b"\0MTTS 13"));
        assert!(out.is_empty(), "that was all: {out:?}");
        let expected = Page { width: 80, colours: Colours::Indexed, charset: Charset::Utf8 };
        assert_eq!(terminal.page(), expected);
        hear(&mut terminal, &said(TERMINAL_TYPE, b"\0MTTS 0"));
        assert_eq!(terminal.page(), expected, "what nobody asked for changes nothing");
    }

    #[test]
    fn its_width_and_characters_are_agreed_on() {
        let mut terminal = terminal();
        hear(&mut terminal, &said(WINDOW_SIZE, &[0, 40, 0, 20]));
        assert_eq!(terminal.page().width, 80, "not before it has the option");
        hear(&mut terminal, &[IAC, WILL, WINDOW_SIZE]);
        for (size, width) in [([0, 40, 0, 20], 40), ([0, 1, 0, 1], 20), ([255, 255, 0, 1], 250), ([0, 0, 0, 0], 80)] {
            hear(&mut terminal, &said(WINDOW_SIZE, &size));
            assert_eq!(terminal.page().width, width, "{size:?}");
        }
        assert_eq!(terminal.page().charset, Charset::Latin1);
        let (_, out) = hear(&mut terminal, &[IAC, DO, CHARSET]);
        assert_eq!(out, said(CHARSET, b"\x01;UTF-8;ISO-8859-1;US-ASCII"));
        hear(&mut terminal, &said(CHARSET, b"\x02 UTF-8"));
        assert_eq!(terminal.page().charset, Charset::Utf8);
        let (_, out) = hear(&mut terminal, &said(CHARSET, b"\x01 KOI8-R latin1"));
        assert_eq!(out, said(CHARSET, b"\x02latin1"), "the other way round");
        assert_eq!(terminal.page().charset, Charset::Latin1);
    }

    #[test]
    fn passwords_are_not_echoed_and_prompts_are_marked() {
        let (mut terminal, mut out) = (terminal(), Vec::new());
        terminal.hide_input(true, &mut out);
        terminal.hide_input(false, &mut out);
        assert_eq!(out, [IAC, WILL, ECHO, IAC, WONT, ECHO]);
        let (_, out) = hear(&mut terminal, &[IAC, DO, ECHO]);
        assert_eq!(out, [IAC, WONT, ECHO]);
        let mut out = Vec::new();
        terminal.prompt(Style::Prompt, ">", &mut out);
        terminal.print(Style::Plain, "a", &mut out);
        assert_eq!(out, [&b"> "[..], &[IAC, GA], b"\r\na\r\n"].concat());
        hear(&mut terminal, &[IAC, DO, END_OF_RECORD]);
        out.clear();
        terminal.prompt(Style::Prompt, ">", &mut out);
        assert!(out.ends_with(&[IAC, EOR]));
    }

    #[test]
    fn who_commands_all_the_time_is_hostile_and_gets_few_answers() {
        let (heard, out) = hear(&mut terminal(), &[IAC, AYT].repeat(10_000));
        assert_eq!(heard, [Heard::Hostile("too many commands of telnet")]);
        assert_eq!(out.len(), 256 * b"\r\n[Yes]\r\n".len());
        let mut terminal = terminal();
        let unended = [&[IAC, SB, GMCP][..], &vec![b'x'; 100_000]].concat();
        let (heard, _) = hear(&mut terminal, &unended);
        assert_eq!(heard, [Heard::Hostile("a subnegotiation that does not end")]);
        assert!(terminal.held_bytes() < 5_000, "nor is it kept");
    }

    #[test]
    fn what_is_typed_around_commands_is_one_line() {
        let mut terminal = terminal();
        let bytes = [&b"lo"[..], &[IAC, NOP, IAC, DO, SUPPRESS_GO_AHEAD], b"ok", &[IAC, EC], b"k\r\n"].concat();
        for byte in &bytes[..bytes.len() - 2] {
            assert_eq!(hear(&mut terminal, &[*byte]).0, []);
        }
        assert_eq!(hear(&mut terminal, b"\r\n").0, [Heard::Line("look".to_owned())]);
    }
}
