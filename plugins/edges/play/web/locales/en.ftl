# Words of the page itself, by screens; what the server says it says in the language of the session.
ways = Parts of the game
way-lobby = Play
way-match = Match
way-world = World
way-creatures = Creatures
way-settings = Settings
log-in = Log in
log-out = Log out
register = Register
guest = Look in as a guest
name = Name
password = Password
gate-about = A match, a world and a tournament of creatures, on one server.
dismiss = Dismiss
connect-again = Connect now
connection-waiting = The connection is lost. It comes back by itself.
connection-elsewhere = This account plays in another tab or on another device.
connection-closed = The connection has ended.
skip = Skip to the game
menu = Menu
way-live = You are in it
connect-here = Play here
notice-unreached = The server was not reached. Try again in a moment.
connection-try = Try { $attempt }

# The first screen.
gate-choice = An account you have, or a new one
gate-log-in = Log in
gate-register = Make the account
gate-or = or
gate-show = Show
gate-hide = Hide
gate-name-hint = 3 to 24 letters, digits, _ and -.
gate-password-hint = At least 8 characters.
gate-name-missing = Say what you want to be called.
gate-guest-hint = Just a name, no password. Anyone who knows the name can come back as that guest.
gate-wait = Try again in { $seconds ->
    [one] one second
   *[other] { $seconds } seconds
 }.
gate-logged-out = You are logged out: { $reason }

# The lobby.
lobby-parts = Parts of the lobby
lobby-play = Play
lobby-stash = Stash
lobby-shop = Shop
lobby-history = History
lobby-boards = Boards
lobby-guest = Guest: nothing of worth is safe here
lobby-of-account = Character of { $name }
lobby-level = Level
lobby-xp = Experience
lobby-rating = Rating
lobby-currency = Coins
lobby-modes = Matches
lobby-mode-about = { $count } players · { $time } at most
lobby-seconds = { $count } s
lobby-minutes = { $count } min
lobby-drawing = A drawing, not the ground
lobby-ground = The ground of your last match
lobby-queue = Queue
lobby-queue-for = Queue for { $mode }
lobby-queue-again = Queue again
lobby-queue-again-for = Queue again for { $mode }
lobby-in-match = A match of yours goes on.
lobby-in-world = You are in the world.
lobby-go-back = Go back
lobby-in-line = In line for { $mode }
lobby-asked = Asking for a place in line…
lobby-waiting = { $others ->
    [0] Only you so far
    [one] You and one more
   *[other] You and { $others } more
 }; it begins with { $wanted }, so { $missing } are missing.
lobby-enough = { $others ->
    [0] You are enough
    [one] You and one more are enough
   *[other] You and { $others } more are enough
 }: it begins with { $wanted }, in a moment.
lobby-window = Ratings up to ±{ $window } from yours count, and further the longer you wait.
lobby-again = Asked again in { $seconds } s.
lobby-leave = Leave the line
lobby-line-lost = Your place in line was lost with the connection.
lobby-characters = Who plays
lobby-characters-about = All share stash, coins and rating. The world is entered as a character.
lobby-account = The account itself
lobby-since = Since { $date }
lobby-choose = Play as
lobby-choose-name = Play as { $name }
lobby-choosing = Connecting…
lobby-chosen = Playing
lobby-chosen-name = Playing as { $name }
lobby-enter-world = Enter the world
lobby-delete = Delete
lobby-delete-name = Delete { $name }
lobby-delete-title = Delete { $name }?
lobby-delete-about = What it carries goes into the stash. The character does not come back.
lobby-keep = Cancel
lobby-new-character = New character
lobby-character-name = Name of the character
lobby-archetype = What it is in the world
lobby-create = Create
lobby-loadout-for = Loadout for { $mode }
lobby-loadout-about = What you bring you may lose. It begins when the time is up, or when everybody has chosen.
lobby-loadout-count = { $count } of { $most } items chosen
lobby-loadout-empty = Your stash is empty: you begin with your bare hands.
lobby-bring = { $count ->
    [one] Bring this item
   *[other] Bring these { $count } items
 }
lobby-bring-nothing = Bring nothing
lobby-bring-name = Bring { $name }
lobby-brought = The server knows. Change it as long as there is time.
lobby-not-brought = Not in the stash any more, so not brought: { $names }
lobby-stash-about = Pack up to 16 items: they are chosen when your next match opens its loadout.
lobby-stash-empty = Nothing yet. What you carry out of a match is kept here.
lobby-room = { $count } of { $capacity } places taken · { $packed } packed
lobby-pack = Pack
lobby-packed = Packed ✓
lobby-sell = Sell for { $price }
lobby-sell-title = Sell { $name }?
lobby-sell-about = The shop gives { $price } coins. What is sold is gone.
lobby-sold = { $name } sold for { $price }.
lobby-purse = { $currency } coins in your purse
lobby-buy-name = Buy { $name } for { $price }
lobby-bought = { $name } bought for { $price }. It is in your stash.
lobby-wear = { $left } of { $whole } blows left
lobby-weight = { $kg } kg
lobby-bound = bound to you
lobby-kind-weapon = Weapon
lobby-kind-armour = Armour
lobby-kind-consumable = To use
lobby-kind-trinket = Trinket
lobby-kind-valuable = Valuable
lobby-more = Older matches
lobby-history-empty = No match yet. The first one you play to its end stands here.
lobby-when = When
lobby-mode = Mode
lobby-outcome = Outcome
lobby-outcome-extracted = Got out
lobby-outcome-died = Died
lobby-outcome-timed-out = Ran out of time
lobby-placement = Place
lobby-kills = Kills
lobby-damage = Damage
lobby-xp-gained = Experience
lobby-currency-gained = Coins
lobby-rating-after = Rating
lobby-rank = Rank
lobby-score = Score
lobby-you = you
lobby-boards-none = This game has no boards.
lobby-board-around = Around me
lobby-board-best = The best
lobby-board-empty = Nobody has a score yet.
lobby-board-no-score = You have no score here yet.
lobby-season = Until { $date } · { $count ->
    [one] one entry
   *[other] { $count } entries
 }
lobby-entries = { $count ->
    [one] One entry
   *[other] { $count } entries
 }

# Settings.
settings-look = How it looks
settings-read = Words, motion and sound
settings-theme = Theme
settings-theme-system = As the system
settings-theme-dark = Dark
settings-theme-light = Light
settings-palette = Colours of the game
settings-palette-default = Usual
settings-palette-deuteranopia = Deuteranopia
settings-palette-protanopia = Protanopia
settings-palette-tritanopia = Tritanopia
settings-palette-contrast = High contrast
settings-colour-own = You
settings-colour-player = Players
settings-colour-foe = Foes
settings-colour-item = Items
settings-colour-hazard = Hazards
settings-colour-storm = Storm
settings-colour-exit = Exits
settings-colour-health = Health
settings-colour-mana = Mana
settings-locale = Language
settings-text-size = Text size
settings-sample = The storm closes in on the last exit.
settings-motion = Less motion
settings-motion-about = Nothing slides, shakes or pulses.
settings-sound = Sound
settings-sound-about = Off unless you want it.
settings-keys = Keys
settings-keys-about = Choose one and press another key. Two that want the same key change places.
settings-listening = Press a key…
settings-press = Press a key for: { $action }
settings-key-bound = { $key } does it now: { $action }
settings-key-swapped = { $key } does it now: { $action }. { $other } has the key it had before.
settings-key-fixed = { $key } belongs to the browser.
settings-key-up = Up
settings-key-left = Left
settings-key-down = Down
settings-key-right = Right
settings-key-ability-1 = Weapon
settings-key-ability-2 = Ability 2
settings-key-ability-3 = Ability 3
settings-key-ability-4 = Ability 4
settings-key-interact = Pick up, open
settings-key-bag = Bag
settings-key-scores = Scores
settings-key-map = Map
settings-key-say = Say something
settings-key-stop = Stop
settings-account = Start over
settings-reset = Reset all settings
settings-reset-title = Reset all settings?
settings-reset-about = Theme, colours, text size, motion, sound and keys are as in the beginning. The language stays.
settings-everywhere = Log out on every device
settings-everywhere-about = Every login of this account is closed, this one too.
