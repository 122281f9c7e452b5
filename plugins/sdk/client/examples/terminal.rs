//! The persistent world in a terminal, in words alone.
//!
//! ```text
//! cargo run --release -p hypogeum-client --example terminal -- Ada
//! ```
//!
//! It logs in as a guest of that name, which a server lets in from its own machine (`guests` of its configuration), makes a
//! character where there is none, and enters the world with it. Every line that is typed goes to the server, which reads it; every
//! line that is printed is the server's. `quit` leaves.

use std::error::Error;
use std::io::BufRead;
use std::sync::mpsc::{self, Receiver, TryRecvError};
use std::time::Duration;

use clap::Parser;
use hypogeum_client::{Api, Change, Client, Login};
use hypogeum_protocol::CharacterId;
use hypogeum_world_messages::{WorldCommand, WorldNews};

/// How often the server is listened to.
const FRAME: Duration = Duration::from_millis(33);
/// Frames to wait for the report of a visit that was left: two seconds.
const PARTING_FRAMES: u32 = 60;

/// The persistent world in a terminal, in words alone.
#[derive(Parser)]
struct Arguments {
    /// The guest's name, and that of its character.
    name: String,
    /// Where the server answers HTTP.
    #[arg(long, default_value = "http://127.0.0.1:27580")]
    url: String,
    /// What a new character is to be, such as mage.
    #[arg(long, default_value = "")]
    archetype: String,
    /// The language to read in, such as de; that of the shell where none is named.
    #[arg(long, env = "LANG", default_value = "")]
    locale: String,
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments = Arguments::parse();
    let api = Api::new(&arguments.url)?;
    let login = api.guest(&arguments.name)?;
    let character = character(&api, &login, &arguments.name)?;
    let mut client = Client::connect(&api.connect_token_as(&login, Some(character))?)?;
    let lines = lines();
    let mut parting_frames = None;
    loop {
        for change in client.poll(FRAME) {
            match change {
                Change::Opened => client.hello_in("terminal", &arguments.locale),
                Change::Welcomed => client.enter_world(&arguments.archetype),
                Change::Told(body) => print(&body),
                Change::Chat(line) => println!("{}", line.text),
                Change::ChatPage { new, .. } => new.iter().for_each(|line| println!("{}", line.text)),
                Change::ChatNotice { text, .. } => println!("{text}"),
                Change::Refused(refusal) => println!("The server refuses: {refusal:?}"),
                Change::Settled if parting_frames.is_some() => return Ok(()),
                Change::Closed(reason) => return Err(format!("the connection ended: {reason:?}").into()),
                _ => {}
            }
        }
        match lines.try_recv() {
            Ok(line) if line.trim() != "quit" => {
                client.command(WorldCommand::Line { words: line }.encode());
            }
            Ok(_) | Err(TryRecvError::Disconnected) if parting_frames.is_none() => {
                client.leave();
                parting_frames = Some(PARTING_FRAMES);
            }
            _ => {}
        }
        if let Some(left) = &mut parting_frames {
            *left -= 1;
            if *left == 0 {
                return Ok(());
            }
        }
        client.flush();
        std::thread::sleep(FRAME);
    }
}

/// The account's character of this name; a new one where there is none.
fn character(api: &Api, login: &Login, name: &str) -> Result<CharacterId, Box<dyn Error>> {
    let known = api.characters(login)?.into_iter().find(|character| character.name == name);
    Ok(match known {
        Some(character) => character.id,
        None => api.create_character(login, name)?.id,
    })
}

/// The lines that are typed.
fn lines() -> Receiver<String> {
    let (typed, lines) = mpsc::channel();
    std::thread::spawn(move || {
        for line in std::io::stdin().lock().lines().map_while(Result::ok) {
            if typed.send(line).is_err() {
                return;
            }
        }
    });
    lines
}

/// Prints what is told in words; what is told besides is for clients that draw.
fn print(body: &[u8]) {
    if let Ok(WorldNews::Told { words, .. }) = WorldNews::decode(body) {
        println!("{words}");
    }
}
