# Worte der Seite selbst, nach Bildschirmen; was der Server sagt, sagt er in der Sprache der Sitzung.
ways = Teile des Spiels
way-lobby = Spielen
way-match = Partie
way-world = Welt
way-creatures = Kreaturen
way-settings = Einstellungen
log-in = Anmelden
log-out = Abmelden
register = Registrieren
guest = Als Gast hineinsehen
name = Name
password = Passwort
gate-about = Eine Partie, eine Welt und ein Turnier der Kreaturen, auf einem Server.
dismiss = Schließen
connect-again = Jetzt verbinden
connection-waiting = Die Verbindung ist weg. Sie kommt von selbst zurück.
connection-elsewhere = Dieses Konto spielt in einem anderen Tab oder auf einem anderen Gerät.
connection-closed = Die Verbindung ist zu Ende.
skip = Zum Spiel springen
menu = Menü
way-live = Du bist darin
connect-here = Hier spielen
notice-unreached = Der Server war nicht zu erreichen. Versuch es gleich noch einmal.
connection-try = Versuch { $attempt }

# Der erste Bildschirm.
gate-choice = Ein Konto, das du hast, oder ein neues
gate-log-in = Anmelden
gate-register = Konto anlegen
gate-or = oder
gate-show = Zeigen
gate-hide = Verbergen
gate-name-hint = 3 bis 24 Buchstaben, Ziffern, _ und -.
gate-password-hint = Mindestens 8 Zeichen.
gate-name-missing = Sag, wie du heißen willst.
gate-guest-hint = Nur ein Name, kein Passwort. Wer den Namen kennt, kann als dieser Gast wiederkommen.
gate-wait = Versuch es wieder in { $seconds ->
    [one] einer Sekunde
   *[other] { $seconds } Sekunden
 }.
gate-logged-out = Du bist abgemeldet: { $reason }

# Die Lobby.
lobby-parts = Teile der Lobby
lobby-play = Spielen
lobby-stash = Lager
lobby-shop = Laden
lobby-history = Verlauf
lobby-boards = Ranglisten
lobby-guest = Gast: nichts von Wert ist hier sicher
lobby-of-account = Charakter von { $name }
lobby-level = Stufe
lobby-xp = Erfahrung
lobby-rating = Wertung
lobby-currency = Münzen
lobby-modes = Partien
lobby-mode-about = { $count } Spieler · höchstens { $time }
lobby-seconds = { $count } s
lobby-minutes = { $count } min
lobby-drawing = Eine Zeichnung, nicht der Boden
lobby-ground = Der Boden deiner letzten Partie
lobby-queue = Anstellen
lobby-queue-for = Anstellen für { $mode }
lobby-queue-again = Noch einmal
lobby-queue-again-for = Noch einmal anstellen für { $mode }
lobby-in-match = Eine Partie von dir geht weiter.
lobby-in-world = Du bist in der Welt.
lobby-go-back = Zurück dorthin
lobby-in-line = In der Schlange für { $mode }
lobby-asked = Ein Platz in der Schlange wird erfragt …
lobby-waiting = { $others ->
    [0] Bisher nur du
    [one] Du und noch jemand
   *[other] Du und { $others } andere
 }; es beginnt mit { $wanted }, also fehlen { $missing }.
lobby-enough = { $others ->
    [0] Du bist genug
    [one] Du und noch jemand sind genug
   *[other] Du und { $others } andere sind genug
 }: es beginnt mit { $wanted }, gleich.
lobby-window = Es zählen Wertungen bis ±{ $window } um deine, und weitere, je länger du wartest.
lobby-again = Wieder gefragt in { $seconds } s.
lobby-leave = Schlange verlassen
lobby-line-lost = Dein Platz in der Schlange ging mit der Verbindung verloren.
lobby-characters = Wer spielt
lobby-characters-about = Alle teilen Lager, Münzen und Wertung. In die Welt geht man als Charakter.
lobby-account = Das Konto selbst
lobby-since = Seit { $date }
lobby-choose = Spielen als
lobby-choose-name = Spielen als { $name }
lobby-choosing = Verbindet …
lobby-chosen = Spielt
lobby-chosen-name = Spielt als { $name }
lobby-enter-world = In die Welt
lobby-delete = Löschen
lobby-delete-name = { $name } löschen
lobby-delete-title = { $name } löschen?
lobby-delete-about = Was er trägt, kommt ins Lager. Der Charakter kommt nicht zurück.
lobby-keep = Abbrechen
lobby-new-character = Neuer Charakter
lobby-character-name = Name des Charakters
lobby-archetype = Was er in der Welt ist
lobby-create = Anlegen
lobby-loadout-for = Ausrüstung für { $mode }
lobby-loadout-about = Was du mitbringst, kannst du verlieren. Es beginnt, wenn die Zeit um ist oder alle gewählt haben.
lobby-loadout-count = { $count } von { $most } Dingen gewählt
lobby-loadout-empty = Dein Lager ist leer: du beginnst mit bloßen Händen.
lobby-bring = { $count ->
    [one] Dieses Ding mitbringen
   *[other] Diese { $count } Dinge mitbringen
 }
lobby-bring-nothing = Nichts mitbringen
lobby-bring-name = { $name } mitbringen
lobby-brought = Der Server weiß es. Ändere es, solange Zeit ist.
lobby-not-brought = Nicht mehr im Lager, also nicht mitgebracht: { $names }
lobby-stash-about = Pack bis zu 16 Dinge: sie sind gewählt, wenn deine nächste Partie die Ausrüstung öffnet.
lobby-stash-empty = Noch nichts. Was du aus einer Partie trägst, bleibt hier.
lobby-room = { $count } von { $capacity } Plätzen belegt · { $packed } gepackt
lobby-pack = Packen
lobby-packed = Gepackt ✓
lobby-sell = Verkaufen für { $price }
lobby-sell-title = { $name } verkaufen?
lobby-sell-about = Der Laden gibt { $price } Münzen. Was verkauft ist, ist weg.
lobby-sold = { $name } verkauft für { $price }.
lobby-purse = { $currency } Münzen im Beutel
lobby-buy-name = { $name } kaufen für { $price }
lobby-bought = { $name } gekauft für { $price }. Es liegt im Lager.
lobby-wear = noch { $left } von { $whole } Schlägen
lobby-weight = { $kg } kg
lobby-bound = an dich gebunden
lobby-kind-weapon = Waffe
lobby-kind-armour = Rüstung
lobby-kind-consumable = Zum Gebrauch
lobby-kind-trinket = Schmuck
lobby-kind-valuable = Wertsache
lobby-more = Ältere Partien
lobby-history-empty = Noch keine Partie. Die erste, die du zu Ende spielst, steht hier.
lobby-when = Wann
lobby-mode = Modus
lobby-outcome = Ausgang
lobby-outcome-extracted = Entkommen
lobby-outcome-died = Gestorben
lobby-outcome-timed-out = Zeit abgelaufen
lobby-placement = Platz
lobby-kills = Besiegt
lobby-damage = Schaden
lobby-xp-gained = Erfahrung
lobby-currency-gained = Münzen
lobby-rating-after = Wertung
lobby-rank = Rang
lobby-score = Punkte
lobby-you = du
lobby-boards-none = Dieses Spiel hat keine Ranglisten.
lobby-board-around = Um mich
lobby-board-best = Die Besten
lobby-board-empty = Noch hat niemand Punkte.
lobby-board-no-score = Du hast hier noch keine Punkte.
lobby-season = Bis { $date } · { $count ->
    [one] ein Eintrag
   *[other] { $count } Einträge
 }
lobby-entries = { $count ->
    [one] Ein Eintrag
   *[other] { $count } Einträge
 }

# Einstellungen.
settings-look = Aussehen
settings-read = Worte, Bewegung und Ton
settings-theme = Thema
settings-theme-system = Wie das System
settings-theme-dark = Dunkel
settings-theme-light = Hell
settings-palette = Farben des Spiels
settings-palette-default = Üblich
settings-palette-deuteranopia = Deuteranopie
settings-palette-protanopia = Protanopie
settings-palette-tritanopia = Tritanopie
settings-palette-contrast = Hoher Kontrast
settings-colour-own = Du
settings-colour-player = Spieler
settings-colour-foe = Gegner
settings-colour-item = Dinge
settings-colour-hazard = Gefahren
settings-colour-storm = Sturm
settings-colour-exit = Ausgänge
settings-colour-health = Leben
settings-colour-mana = Mana
settings-locale = Sprache
settings-text-size = Schriftgröße
settings-sample = Der Sturm schließt sich um den letzten Ausgang.
settings-motion = Weniger Bewegung
settings-motion-about = Nichts gleitet, wackelt oder pulsiert.
settings-sound = Ton
settings-sound-about = Aus, solange du ihn nicht willst.
settings-keys = Tasten
settings-keys-about = Wähle eine und drücke eine andere Taste. Zwei, die dieselbe wollen, tauschen.
settings-listening = Taste drücken …
settings-press = Drücke eine Taste für: { $action }
settings-key-bound = { $key } tut jetzt: { $action }
settings-key-swapped = { $key } tut jetzt: { $action }. { $other } hat die Taste von vorher.
settings-key-fixed = { $key } gehört dem Browser.
settings-key-up = Hinauf
settings-key-left = Links
settings-key-down = Hinunter
settings-key-right = Rechts
settings-key-ability-1 = Waffe
settings-key-ability-2 = Fähigkeit 2
settings-key-ability-3 = Fähigkeit 3
settings-key-ability-4 = Fähigkeit 4
settings-key-interact = Aufheben, öffnen
settings-key-bag = Tasche
settings-key-scores = Stand
settings-key-map = Karte
settings-key-say = Etwas sagen
settings-key-stop = Halt
settings-account = Von vorn
settings-reset = Alle Einstellungen zurücksetzen
settings-reset-title = Alle Einstellungen zurücksetzen?
settings-reset-about = Thema, Farben, Schriftgröße, Bewegung, Ton und Tasten sind wie am Anfang. Die Sprache bleibt.
settings-everywhere = Auf jedem Gerät abmelden
settings-everywhere-about = Jede Anmeldung dieses Kontos wird geschlossen, auch diese.
