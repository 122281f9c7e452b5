# Was Leute sagen, und was darauf geantwortet wird.

chat-says = { $from } sagt: „{ $words }“
chat-you-say = Du sagst: „{ $words }“
chat-shouts = { $from } ruft: „{ $words }“
chat-you-shout = Du rufst: „{ $words }“
chat-tells-you = { $from } sagt dir: „{ $words }“
chat-you-tell = Du sagst { $to }: „{ $words }“
chat-emote = { $from } { $words }
chat-emote-afar = [{ $channel }] { $from } { $words }
chat-line = [{ $channel }] { $from }: { $words }
chat-room = Raum
chat-zone = Zone
chat-party = Gruppe
chat-whisper = Flüstern
chat-global = Alle
chat-heard = Du hörst { $name } wieder.
chat-muted = Du hörst { $name } nicht mehr.
chat-blocked = Du und { $name } hört einander nicht mehr.
chat-reported = Die Moderatoren werden es sehen.
chat-reported-before = Das hast du schon gemeldet.
chat-too-soon = Nicht so schnell: Warte { $seconds } s.
chat-not-yet = Noch nicht: Versuche es in einer Sekunde wieder.
chat-unavailable = Das geht gerade nicht. Versuche es später wieder.
chat-nobody = Niemand hier heißt { $name }.
chat-nobody-so = Niemand heißt so.
chat-empty = Was möchtest du sagen?
chat-too-long = Das lässt sich nicht sagen: Es ist zu lang.
chat-unreadable = Das lässt sich nicht sagen: Es enthält Zeichen, die sich nicht anzeigen lassen.
chat-silenced = Ein Moderator hat dich stumm geschaltet, noch { $minutes ->
        [one] eine Minute
       *[other] { $minutes } Minuten
    }.
chat-bad-words = Das darf hier nicht gesagt werden.
chat-nobody-told = Niemand hat dir etwas gesagt.
chat-yourself = Du denkst darüber nach.
chat-does-not-hear = { $name } hört dich nicht.
chat-line-gone = Diese Zeile ist nicht mehr aufbewahrt.
chat-not-heard = Eine solche Zeile hast du nicht gehört.
chat-that-is-you = Das bist du selbst.
chat-ignored-full = Mehr Leute kannst du nicht ignorieren: Lass erst jemanden wieder zu Wort kommen.
chat-whom = Wen meinst du?
chat-nowhere = Du bist nirgends, wo das zu hören wäre.
chat-no-party = Du bist in keiner Gruppe.
