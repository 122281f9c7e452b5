//! The login dialogue: a name, a password, a character. It has no socket, and knows no account: what it wants to know it asks.

use hypogeum_protocol::link::SessionTicket;
use hypogeum_protocol::{CharacterId, SessionId};

use crate::doorkeeper::{Answered, Ask, Refusal};
use crate::phrase::{self, Phrase};

/// Refusals after which a dialogue ends. The rates of whoever answers bound what other dialogues may try.
const REFUSALS_MAX: u8 = 6;

/// Where a dialogue stands.
#[derive(Clone, PartialEq, Eq)]
enum Stage {
    Name,
    Password { name: String },
    NewName,
    NewPassword { name: String },
    PasswordAgain { name: String, password: String },
    GuestName,
    Character,
    CharacterName,
    Archetype { character: CharacterId },
    Over,
}

/// What a dialogue wants done.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Act {
    /// Something is said.
    Say(Phrase),
    /// It is said what characters can be made as.
    SayArchetypes,
    /// Something is asked of the person, whose line may be hidden.
    Prompt { id: &'static str, is_hidden: bool },
    /// Something is asked of the doorkeeper. No more lines are taken before it answers.
    Ask(Ask),
    /// All else is said in another language.
    Language(String),
    /// Somebody comes in.
    Enter { session: SessionId, ticket: SessionTicket, wish: String },
    /// The connection ends.
    End,
}

/// A dialogue with one person.
pub(crate) struct Dialogue {
    stage: Stage,
    archetypes: Vec<String>,
    characters: Vec<(CharacterId, String)>,
    /// What the character is called that is being made.
    naming: String,
    /// What a new character is to be.
    wish: String,
    /// The token of the login.
    login: Option<String>,
    refusals: u8,
    acts: Vec<Act>,
}

impl Dialogue {
    /// A dialogue that has said nothing yet.
    pub(crate) fn new(archetypes: Vec<String>) -> Self {
        let (characters, acts) = (Vec::new(), Vec::new());
        let (naming, wish) = (String::new(), String::new());
        Self { stage: Stage::Name, archetypes, characters, naming, wish, login: None, refusals: 0, acts }
    }

    /// Greets whoever has connected, warns them where others can read along, and asks for a name.
    pub(crate) fn greet(&mut self, server: &str, is_encrypted: bool) {
        self.say(Phrase::new(phrase::GREETING).with("server", server));
        if !is_encrypted {
            self.say(Phrase::new(phrase::CLEAR));
        }
        self.prompt();
    }

    /// What it wants done since the last look.
    pub(crate) fn take_acts(&mut self) -> Vec<Act> {
        std::mem::take(&mut self.acts)
    }

    /// Takes a line of the person.
    pub(crate) fn read(&mut self, line: &str) {
        let word = line.trim();
        match std::mem::replace(&mut self.stage, Stage::Over) {
            Stage::Name => self.read_name(word),
            // It is taken as it is: a password may begin with a space.
            Stage::Password { name } => self.ask(Stage::Name, Ask::LogIn { name, password: line.to_owned() }),
            Stage::NewName if word.is_empty() => self.turn(Stage::Name),
            Stage::NewName => self.turn(Stage::NewPassword { name: word.to_owned() }),
            Stage::NewPassword { name } => self.turn(Stage::PasswordAgain { name, password: line.to_owned() }),
            Stage::PasswordAgain { name, password } if password == line => {
                self.ask(Stage::Name, Ask::Register { name, password });
            }
            Stage::PasswordAgain { .. } => {
                self.say(Phrase::new(phrase::PASSWORDS_DIFFER));
                self.turn(Stage::Name);
            }
            Stage::GuestName if word.is_empty() => self.turn(Stage::Name),
            Stage::GuestName => self.ask(Stage::Name, Ask::Guest { name: word.to_owned() }),
            Stage::Character => self.read_character(word),
            Stage::CharacterName if word.is_empty() => self.turn(Stage::Character),
            Stage::CharacterName => {
                let name = word.to_owned();
                self.naming.clone_from(&name);
                self.ask_own(Stage::Character, |access_token| Ask::CreateCharacter { access_token, name });
            }
            Stage::Archetype { character } => self.read_archetype(character, word),
            Stage::Over => {}
        }
    }

    /// Takes the answer to what it has asked.
    pub(crate) fn hear(&mut self, answer: Result<Answered, Refusal>) {
        match answer {
            Ok(Answered::LoggedIn { access_token, .. }) => {
                self.login = Some(access_token);
                self.list();
            }
            Ok(Answered::Characters(characters)) => {
                self.characters = characters;
                if self.characters.is_empty() {
                    self.say(Phrase::new(phrase::NO_CHARACTERS));
                    return self.turn(Stage::CharacterName);
                }
                self.say(Phrase::new(phrase::CHARACTERS));
                for (number, (_, name)) in (1..).zip(self.characters.clone()) {
                    let number = format!("{number}");
                    self.say(Phrase::new(phrase::CHARACTER).with("number", number).with("name", name));
                }
                self.turn(Stage::Character);
            }
            Ok(Answered::Created(character)) => {
                self.characters.push((character, std::mem::take(&mut self.naming)));
                if self.archetypes.is_empty() {
                    self.come_in(character);
                } else {
                    self.turn(Stage::Archetype { character });
                }
            }
            Ok(Answered::ComesIn { session, ticket }) => {
                self.stage = Stage::Over;
                self.say(Phrase::new(phrase::ENTERING));
                let wish = std::mem::take(&mut self.wish);
                self.acts.push(Act::Enter { session, ticket, wish });
            }
            Err(refusal) => self.refuse(&refusal),
        }
    }

    fn read_name(&mut self, word: &str) {
        let lower = word.to_lowercase();
        let language = ["language ", "sprache "].iter().find_map(|start| lower.strip_prefix(start));
        match lower.as_str() {
            "" => self.turn(Stage::Name),
            "new" | "neu" => self.turn(Stage::NewName),
            "guest" | "gast" => self.turn(Stage::GuestName),
            "quit" | "ende" => self.end(),
            _ => match language {
                Some(wish) => {
                    self.acts.push(Act::Language(wish.trim().to_owned()));
                    self.say(Phrase::new(phrase::LANGUAGE));
                    self.turn(Stage::Name);
                }
                None => self.turn(Stage::Password { name: word.to_owned() }),
            },
        }
    }

    fn read_character(&mut self, word: &str) {
        self.wish.clear();
        let lower = word.to_lowercase();
        match lower.as_str() {
            "" => return self.turn(Stage::Character),
            "new" | "neu" => return self.turn(Stage::CharacterName),
            "quit" | "ende" => return self.end(),
            _ => {}
        }
        let numbered = word.parse::<usize>().ok().and_then(|number| self.characters.get(number.checked_sub(1)?));
        let named = || self.characters.iter().find(|(_, name)| name.to_lowercase() == lower);
        match numbered.or_else(named).map(|(character, _)| *character) {
            Some(character) => self.come_in(character),
            None => {
                self.say(Phrase::new(phrase::NO_SUCH_CHARACTER));
                self.turn(Stage::Character);
            }
        }
    }

    fn read_archetype(&mut self, character: CharacterId, word: &str) {
        let lower = word.to_lowercase();
        let numbered = word.parse::<usize>().ok().and_then(|number| self.archetypes.get(number.checked_sub(1)?));
        let begun = || self.archetypes.iter().find(|key| key.starts_with(&lower));
        match numbered.or_else(begun).cloned() {
            Some(wish) => {
                self.wish = wish;
                self.come_in(character);
            }
            None => self.turn(Stage::Archetype { character }),
        }
    }

    fn come_in(&mut self, character: CharacterId) {
        self.ask_own(Stage::Character, |access_token| Ask::ComeIn { access_token, character });
    }

    fn list(&mut self) {
        self.ask_own(Stage::Character, |access_token| Ask::Characters { access_token });
    }

    /// Something was refused: it is said why, and the stage from which it was asked goes on.
    fn refuse(&mut self, refusal: &Refusal) {
        self.say(refused(refusal));
        self.refusals += 1;
        if self.refusals >= REFUSALS_MAX {
            self.say(Phrase::new(phrase::TOO_MANY_TRIES));
            self.stage = Stage::Over;
            return self.acts.push(Act::End);
        }
        let stage = std::mem::replace(&mut self.stage, Stage::Over);
        // Nothing is asked with a token that is not good any more.
        let is_out = matches!(refusal.code, "login_closed" | "token_expired" | "unauthorized");
        if is_out {
            self.login = None;
        }
        self.turn(if is_out { Stage::Name } else { stage });
    }

    fn ask_own(&mut self, after: Stage, ask: impl FnOnce(String) -> Ask) {
        match &self.login {
            Some(access_token) => {
                let ask = ask(access_token.clone());
                self.ask(after, ask);
            }
            None => self.turn(Stage::Name),
        }
    }

    fn ask(&mut self, after: Stage, ask: Ask) {
        self.stage = after;
        self.acts.push(Act::Ask(ask));
    }

    fn turn(&mut self, stage: Stage) {
        if matches!(stage, Stage::Archetype { .. }) {
            self.acts.push(Act::SayArchetypes);
        }
        self.stage = stage;
        self.prompt();
    }

    fn prompt(&mut self) {
        let (id, is_hidden) = match self.stage {
            Stage::Name => (phrase::ASK_NAME, false),
            Stage::Password { .. } => (phrase::ASK_PASSWORD, true),
            Stage::NewName => (phrase::ASK_NEW_NAME, false),
            Stage::NewPassword { .. } => (phrase::ASK_NEW_PASSWORD, true),
            Stage::PasswordAgain { .. } => (phrase::ASK_PASSWORD_AGAIN, true),
            Stage::GuestName => (phrase::ASK_GUEST_NAME, false),
            Stage::Character => (phrase::ASK_CHARACTER, false),
            Stage::CharacterName => (phrase::ASK_CHARACTER_NAME, false),
            Stage::Archetype { .. } => (phrase::ASK_ARCHETYPE, false),
            Stage::Over => return,
        };
        self.acts.push(Act::Prompt { id, is_hidden });
    }

    fn say(&mut self, phrase: Phrase) {
        self.acts.push(Act::Say(phrase));
    }

    fn end(&mut self) {
        self.stage = Stage::Over;
        self.say(Phrase::new(phrase::GOODBYE));
        self.acts.push(Act::End);
    }
}

/// Why something was refused, for the person.
pub(crate) fn refused(Refusal { code, message, retry_after_ms }: &Refusal) -> Phrase {
    let seconds = retry_after_ms.unwrap_or_default().div_ceil(1_000).max(1).to_string();
    match *code {
        "wrong_credentials" => Phrase::new(phrase::WRONG_CREDENTIALS),
        "locked_out" => Phrase::new(phrase::LOCKED_OUT).with("seconds", seconds),
        "too_many_requests" => Phrase::new(phrase::TOO_MANY_REQUESTS).with("seconds", seconds),
        "name_taken" => Phrase::new(phrase::NAME_TAKEN),
        "invalid_name" => Phrase::new(phrase::INVALID_NAME).with("why", message),
        "weak_password" => Phrase::new(phrase::WEAK_PASSWORD).with("why", message),
        "guests_refused" => Phrase::new(phrase::GUESTS_REFUSED),
        "too_many_characters" => Phrase::new(phrase::TOO_MANY_CHARACTERS),
        "login_closed" | "token_expired" | "unauthorized" => Phrase::new(phrase::LOGIN_CLOSED),
        _ if retry_after_ms.is_some() => Phrase::new(phrase::TRY_LATER).with("seconds", seconds),
        _ => Phrase::new(phrase::NOT_DONE).with("why", message),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: std::time::Duration = std::time::Duration::from_secs(3_600);

    fn dialogue() -> Dialogue {
        let mut dialogue = Dialogue::new(vec!["warrior".to_owned(), "mage".to_owned()]);
        dialogue.greet("Test", true);
        dialogue.take_acts();
        dialogue
    }

    /// The last thing that a line leads to.
    fn read(dialogue: &mut Dialogue, line: &str) -> Act {
        dialogue.read(line);
        dialogue.take_acts().pop().expect("every line leads to something")
    }

    fn hear(dialogue: &mut Dialogue, answer: Answered) -> Act {
        dialogue.hear(Ok(answer));
        dialogue.take_acts().pop().expect("every answer leads to something")
    }

    fn logged_in() -> Answered {
        Answered::LoggedIn { access_token: "token".to_owned(), expires_in: HOUR }
    }

    fn token() -> String {
        "token".to_owned()
    }

    #[test]
    fn somebody_logs_in_and_comes_in_as_a_character() {
        let mut dialogue = dialogue();
        let hidden = Act::Prompt { id: phrase::ASK_PASSWORD, is_hidden: true };
        assert_eq!(read(&mut dialogue, " ann "), hidden);
        let asked = read(&mut dialogue, " secret");
        let (name, password) = ("ann".to_owned(), " secret".to_owned());
        assert_eq!(asked, Act::Ask(Ask::LogIn { name, password }), "a password is what was typed");
        assert_eq!(hear(&mut dialogue, logged_in()), Act::Ask(Ask::Characters { access_token: token() }));
        let characters = vec![(CharacterId(7), "Ann".to_owned()), (CharacterId(9), "Bo".to_owned())];
        let shown = hear(&mut dialogue, Answered::Characters(characters));
        assert_eq!(shown, Act::Prompt { id: phrase::ASK_CHARACTER, is_hidden: false });
        assert_eq!(read(&mut dialogue, "3"), shown, "there is no third");
        let comes = Act::Ask(Ask::ComeIn { access_token: token(), character: CharacterId(9) });
        assert_eq!(read(&mut dialogue, "bo"), comes);
        let ticket = SessionTicket { account: hypogeum_protocol::AccountId(1), name: "Bo".to_owned(), character: None };
        let entered = hear(&mut dialogue, Answered::ComesIn { session: SessionId(4), ticket: ticket.clone() });
        assert_eq!(entered, Act::Enter { session: SessionId(4), ticket, wish: String::new() });
    }

    #[test]
    fn somebody_new_gets_an_account_and_a_character() {
        let mut dialogue = dialogue();
        read(&mut dialogue, "new");
        read(&mut dialogue, "ann");
        read(&mut dialogue, "a long secret");
        assert_eq!(
            read(&mut dialogue, "another secret"),
            Act::Prompt { id: phrase::ASK_NAME, is_hidden: false },
            "nothing is made by a slip"
        );
        for line in ["neu", "ann", "a long secret"] {
            read(&mut dialogue, line);
        }
        assert!(matches!(read(&mut dialogue, "a long secret"), Act::Ask(Ask::Register { .. })));
        hear(&mut dialogue, logged_in());
        let asked = hear(&mut dialogue, Answered::Characters(Vec::new()));
        assert_eq!(asked, Act::Prompt { id: phrase::ASK_CHARACTER_NAME, is_hidden: false });
        assert!(matches!(read(&mut dialogue, "Ann"), Act::Ask(Ask::CreateCharacter { .. })));
        let asked = hear(&mut dialogue, Answered::Created(CharacterId(7)));
        assert_eq!(asked, Act::Prompt { id: phrase::ASK_ARCHETYPE, is_hidden: false });
        assert!(matches!(read(&mut dialogue, "ma"), Act::Ask(Ask::ComeIn { .. })));
        assert_eq!(dialogue.wish, "mage");
    }

    #[test]
    fn who_is_refused_again_and_again_has_to_connect_again() {
        let mut dialogue = dialogue();
        let refusal = Refusal { code: "wrong_credentials", message: "no".to_owned(), retry_after_ms: None };
        for tries in 1.. {
            read(&mut dialogue, "ann");
            read(&mut dialogue, "guess");
            dialogue.hear(Err(refusal.clone()));
            let acts = dialogue.take_acts();
            assert_eq!(acts[0], Act::Say(Phrase::new(phrase::WRONG_CREDENTIALS)));
            if acts.last() == Some(&Act::End) {
                assert_eq!(tries, REFUSALS_MAX);
                break;
            }
        }
        dialogue.read("ann");
        assert_eq!(dialogue.take_acts(), [], "it is over");
    }
}
