# Was Spieler auf Deutsch lesen, soweit es in den Definitionen steht. Was eine Zone und der Chat selbst sagen, bringen sie mit.
# Namen haben drei Formen: die erste, und .accusative und .dative, wo Sätze sie brauchen.

## Leute
npc-archer = der Räuberschütze
    .accusative = den Räuberschützen
    .dative = dem Räuberschützen
npc-brute = der Rohling
    .accusative = den Rohling
    .dative = dem Rohling
npc-crypt_warden = der Wächter der Gruft
    .accusative = den Wächter der Gruft
    .dative = dem Wächter der Gruft
npc-guard = der Gewölbewächter
    .accusative = den Gewölbewächter
    .dative = dem Gewölbewächter
npc-hollow_warden = der Wächter der Senke
    .accusative = den Wächter der Senke
    .dative = dem Wächter der Senke
npc-raider = der Räuber
    .accusative = den Räuber
    .dative = dem Räuber
npc-rat = die Grabratte
    .accusative = die Grabratte
    .dative = der Grabratte
npc-shaman = die Knochenschamanin
    .accusative = die Knochenschamanin
    .dative = der Knochenschamanin
npc-warden = der Wächter
    .accusative = den Wächter
    .dative = dem Wächter
npc-wolf = der hohle Wolf
    .accusative = den hohlen Wolf
    .dative = dem hohlen Wolf
npc-ostwin = Ostwin
npc-brenna = Brenna
npc-marta = Marta
## Dinge
item-antidote = { $count ->
        [one] ein Gegengift
       *[other] { $count } Gegengifte
    }
    .accusative = { $count ->
        [one] ein Gegengift
       *[other] { $count } Gegengifte
    }
    .dative = { $count ->
        [one] einem Gegengift
       *[other] { $count } Gegengiften
    }
item-bandage = { $count ->
        [one] ein Verband
       *[other] { $count } Verbände
    }
    .accusative = { $count ->
        [one] einen Verband
       *[other] { $count } Verbände
    }
    .dative = { $count ->
        [one] einem Verband
       *[other] { $count } Verbänden
    }
item-battle_draught = { $count ->
        [one] ein Kampftrunk
       *[other] { $count } Kampftrünke
    }
    .accusative = { $count ->
        [one] einen Kampftrunk
       *[other] { $count } Kampftrünke
    }
    .dative = { $count ->
        [one] einem Kampftrunk
       *[other] { $count } Kampftrünken
    }
item-boar_spear = { $count ->
        [one] ein Saufänger
       *[other] { $count } Saufänger
    }
    .accusative = { $count ->
        [one] einen Saufänger
       *[other] { $count } Saufänger
    }
    .dative = { $count ->
        [one] einem Saufänger
       *[other] { $count } Saufängern
    }
item-carbine = { $count ->
        [one] ein Karabiner
       *[other] { $count } Karabiner
    }
    .accusative = { $count ->
        [one] einen Karabiner
       *[other] { $count } Karabiner
    }
    .dative = { $count ->
        [one] einem Karabiner
       *[other] { $count } Karabinern
    }
item-chain_hauberk = { $count ->
        [one] ein Kettenhemd
       *[other] { $count } Kettenhemden
    }
    .accusative = { $count ->
        [one] ein Kettenhemd
       *[other] { $count } Kettenhemden
    }
    .dative = { $count ->
        [one] einem Kettenhemd
       *[other] { $count } Kettenhemden
    }
item-copper_ring = { $count ->
        [one] ein Kupferring
       *[other] { $count } Kupferringe
    }
    .accusative = { $count ->
        [one] einen Kupferring
       *[other] { $count } Kupferringe
    }
    .dative = { $count ->
        [one] einem Kupferring
       *[other] { $count } Kupferringen
    }
item-crypt_key = { $count ->
        [one] ein Gruftschlüssel
       *[other] { $count } Gruftschlüssel
    }
    .accusative = { $count ->
        [one] einen Gruftschlüssel
       *[other] { $count } Gruftschlüssel
    }
    .dative = { $count ->
        [one] einem Gruftschlüssel
       *[other] { $count } Gruftschlüsseln
    }
item-cut_gem = { $count ->
        [one] ein geschliffener Edelstein
       *[other] { $count } geschliffene Edelsteine
    }
    .accusative = { $count ->
        [one] einen geschliffenen Edelstein
       *[other] { $count } geschliffene Edelsteine
    }
    .dative = { $count ->
        [one] einem geschliffenen Edelstein
       *[other] { $count } geschliffenen Edelsteinen
    }
item-golden_idol = { $count ->
        [one] ein goldenes Götzenbild
       *[other] { $count } goldene Götzenbilder
    }
    .accusative = { $count ->
        [one] ein goldenes Götzenbild
       *[other] { $count } goldene Götzenbilder
    }
    .dative = { $count ->
        [one] einem goldenen Götzenbild
       *[other] { $count } goldenen Götzenbildern
    }
item-hunting_bow = { $count ->
        [one] ein Jagdbogen
       *[other] { $count } Jagdbogen
    }
    .accusative = { $count ->
        [one] einen Jagdbogen
       *[other] { $count } Jagdbogen
    }
    .dative = { $count ->
        [one] einem Jagdbogen
       *[other] { $count } Jagdbogen
    }
item-iron_helm = { $count ->
        [one] ein Eisenhelm
       *[other] { $count } Eisenhelme
    }
    .accusative = { $count ->
        [one] einen Eisenhelm
       *[other] { $count } Eisenhelme
    }
    .dative = { $count ->
        [one] einem Eisenhelm
       *[other] { $count } Eisenhelmen
    }
item-leather_cap = { $count ->
        [one] eine Lederkappe
       *[other] { $count } Lederkappen
    }
    .accusative = { $count ->
        [one] eine Lederkappe
       *[other] { $count } Lederkappen
    }
    .dative = { $count ->
        [one] einer Lederkappe
       *[other] { $count } Lederkappen
    }
item-medkit = { $count ->
        [one] ein Verbandskasten
       *[other] { $count } Verbandskästen
    }
    .accusative = { $count ->
        [one] einen Verbandskasten
       *[other] { $count } Verbandskästen
    }
    .dative = { $count ->
        [one] einem Verbandskasten
       *[other] { $count } Verbandskästen
    }
item-old_coin = { $count ->
        [one] eine alte Münze
       *[other] { $count } alte Münzen
    }
    .accusative = { $count ->
        [one] eine alte Münze
       *[other] { $count } alte Münzen
    }
    .dative = { $count ->
        [one] einer alten Münze
       *[other] { $count } alten Münzen
    }
item-padded_coat = { $count ->
        [one] ein gefütterter Mantel
       *[other] { $count } gefütterte Mäntel
    }
    .accusative = { $count ->
        [one] einen gefütterten Mantel
       *[other] { $count } gefütterte Mäntel
    }
    .dative = { $count ->
        [one] einem gefütterten Mantel
       *[other] { $count } gefütterten Mänteln
    }
item-rat_pelt = { $count ->
        [one] ein Rattenfell
       *[other] { $count } Rattenfelle
    }
    .accusative = { $count ->
        [one] ein Rattenfell
       *[other] { $count } Rattenfelle
    }
    .dative = { $count ->
        [one] einem Rattenfell
       *[other] { $count } Rattenfellen
    }
item-rusty_sword = { $count ->
        [one] ein rostiges Schwert
       *[other] { $count } rostige Schwerter
    }
    .accusative = { $count ->
        [one] ein rostiges Schwert
       *[other] { $count } rostige Schwerter
    }
    .dative = { $count ->
        [one] einem rostigen Schwert
       *[other] { $count } rostigen Schwertern
    }
item-silver_chalice = { $count ->
        [one] ein silberner Kelch
       *[other] { $count } silberne Kelche
    }
    .accusative = { $count ->
        [one] einen silbernen Kelch
       *[other] { $count } silberne Kelche
    }
    .dative = { $count ->
        [one] einem silbernen Kelch
       *[other] { $count } silbernen Kelchen
    }
item-swift_tonic = { $count ->
        [one] ein Eiltrank
       *[other] { $count } Eiltränke
    }
    .accusative = { $count ->
        [one] einen Eiltrank
       *[other] { $count } Eiltränke
    }
    .dative = { $count ->
        [one] einem Eiltrank
       *[other] { $count } Eiltränken
    }
item-war_axe = { $count ->
        [one] eine Streitaxt
       *[other] { $count } Streitäxte
    }
    .accusative = { $count ->
        [one] eine Streitaxt
       *[other] { $count } Streitäxte
    }
    .dative = { $count ->
        [one] einer Streitaxt
       *[other] { $count } Streitäxten
    }
item-ward_amulet = { $count ->
        [one] ein Schutzamulett
       *[other] { $count } Schutzamulette
    }
    .accusative = { $count ->
        [one] ein Schutzamulett
       *[other] { $count } Schutzamulette
    }
    .dative = { $count ->
        [one] einem Schutzamulett
       *[other] { $count } Schutzamuletten
    }
item-warden_glaive = { $count ->
        [one] eine Wächterglefe
       *[other] { $count } Wächterglefen
    }
    .accusative = { $count ->
        [one] eine Wächterglefe
       *[other] { $count } Wächterglefen
    }
    .dative = { $count ->
        [one] einer Wächterglefe
       *[other] { $count } Wächterglefen
    }
item-wolf_fang = { $count ->
        [one] ein Wolfszahn
       *[other] { $count } Wolfszähne
    }
    .accusative = { $count ->
        [one] einen Wolfszahn
       *[other] { $count } Wolfszähne
    }
    .dative = { $count ->
        [one] einem Wolfszahn
       *[other] { $count } Wolfszähnen
    }
item-wolf_pelt = { $count ->
        [one] ein Wolfsfell
       *[other] { $count } Wolfsfelle
    }
    .accusative = { $count ->
        [one] ein Wolfsfell
       *[other] { $count } Wolfsfelle
    }
    .dative = { $count ->
        [one] einem Wolfsfell
       *[other] { $count } Wolfsfellen
    }
## Was sie können
ability-axe_cleave = Spalthieb
    .accusative = den Spalthieb
ability-bow_shot = Pfeil
    .accusative = den Pfeil
ability-brute_smash = Schmetterschlag
    .accusative = den Schmetterschlag
ability-carbine_shot = Karabinerschuss
    .accusative = den Karabinerschuss
ability-fists = Fäuste
    .accusative = die Fäuste
ability-frost_nova = Frostring
    .accusative = den Frostring
ability-glaive_sweep = Glefenschwung
    .accusative = den Glefenschwung
ability-raider_blade = schartige Klinge
    .accusative = die schartige Klinge
ability-raider_bow = krummer Bogen
    .accusative = den krummen Bogen
ability-rat_bite = Biss
    .accusative = den Biss
ability-spear_thrust = Stoß
    .accusative = den Stoß
ability-sword_slash = Streich
    .accusative = den Streich
ability-throwing_knife = Wurfmesser
    .accusative = das Wurfmesser
ability-venom_bolt = Giftpfeil
    .accusative = den Giftpfeil
ability-warden_cleave = Wächterhieb
    .accusative = den Wächterhieb
ability-warden_stomp = Stampfer
    .accusative = den Stampfer
ability-wolf_bite = Reißbiss
    .accusative = den Reißbiss
archetype-mage = Magier
archetype-ranger = Waldläufer
archetype-warrior = Krieger
effect-bandaged = verbunden
effect-bleed = blutend
effect-burning = brennend
effect-chill = durchgefroren
effect-haste = beschleunigt
effect-mending = heilend
effect-poison = vergiftet
effect-rage = rasend
hazard-ember_patch = ein Glutfeld
hazard-gas_cloud = eine Gaswolke
hazard-long_storm = ein Aschesturm
hazard-minefield = ein Minenfeld
hazard-shelling = Beschuss
hazard-storm = ein Aschesturm
## Laternenfuß
zone-lanternfoot = Laternenfuß
zone-lanternfoot-room-square = Laternenplatz
    .description = Hundert Laternen schwanken an gekreuzten Seilen über dem Pflaster, und keine zwei brennen in derselben Farbe. Jemand streitet über den Preis von Aalen und verliert.
zone-lanternfoot-room-chapel = Kapelle des letzten Dochts
    .description = Auf dem Altar steht eine einzige Kerze, so oft neu entzündet, dass ihr Wachs zur Gestalt einer sitzenden Frau gewachsen ist. Die Luft ist hier warm zu jeder Jahreszeit, und alte Wunden jucken, während sie sich schließen.
zone-lanternfoot-room-inn = Zur ertrunkenen Laterne
    .description = Die Decke ist niedrig, das Feuer hoch, und alle Tische neigen sich zu dem hin, an dem eine Geschichte erzählt wird. Hinter dem Schanktisch steht eine Luke einen Spalt weit offen, und niemand sitzt in ihrer Nähe.
zone-lanternfoot-room-inn_cellar = Keller der ertrunkenen Laterne
    .description = Fässer sind bis unter das Gewölbe gestapelt, und die unterste Reihe ist durchgenagt. Etwas zerrt hinter ihnen einen Brotkanten und hält inne, wenn du es tust.
zone-lanternfoot-room-lane = Talggasse
    .description = Die Gasse riecht nach heißem Fett, kaltem Eisen und nach dem Fluss. Schilder knarren über den Türen: eine Waage im Westen, ein Hammer im Osten, und im Süden zwei gekreuzte Schwerter, frisch gemalt.
zone-lanternfoot-room-shop = Ostwins Gewichte
    .description = Alles in diesem Raum hat ein Preisschild, auch die Katze. Ostwin wiegt jede Münze zweimal und dich einmal und schreibt alles auf.
zone-lanternfoot-room-smithy = Brennas Schmiede
    .description = Die Esse atmet wie ein schlafendes Tier. Die Hälfte der Klingen an der Wand ist zu verkaufen; die andere Hälfte kam ohne ihre Besitzer zurück.
zone-lanternfoot-room-arena_door = Vor der Arena
    .description = Das Gesetz der Stadt endet an einer weißen Linie im Sand. Dahinter summt ein hohes rotes Tor von der Menge, die dahinter steht, und wer nicht warten kann, bis es aufgeht, macht die Sache hier draußen aus.
zone-lanternfoot-room-north_gate = Nordtor
    .description = Zwei Türme lehnen sich über der Straße zueinander, als wollten sie ein Geheimnis teilen. Hinter dem Bogen hört das Pflaster auf, das Licht wird grün, und neben der Winde hängt ein Glockenseil, wo ein großes Kind es erreichen könnte.
zone-lanternfoot-door-hatch = eine Kellerluke
zone-lanternfoot-door-shop_door = eine Tür mit einer Messingglocke
zone-lanternfoot-door-portcullis = ein Fallgatter
zone-lanternfoot-lever-alarm_bell = ein Glockenseil
    .dative = einem Glockenseil
zone-lanternfoot-lever-winch = eine Winde
    .dative = einer Winde
## Die versunkene Gruft
zone-sunken_crypt = Die versunkene Gruft
zone-sunken_crypt-room-stair = Die ertrunkene Treppe
    .description = Die letzten dreißig Stufen liegen unter Wasser, und das Wasser ist so klar, dass du es erst bemerkst, wenn es dir in die Stiefel läuft. In einer Nische brennt eine Lampe; niemand erinnert sich, sie angezündet zu haben.
zone-sunken_crypt-room-guardroom = Die Wachstube
    .description = Gestelle für vierzig Speere säumen die Wände, und alle vierzig fehlen. Ein rostiger Hebel ragt aus dem Boden, und hinter einem Gitter atmet das Dunkel.
zone-sunken_crypt-room-cell = Die Zählzelle
    .description = Jemand hat die Tage in den Putz geritzt, bis der Putz zu Ende war, und dann auf dem Boden weitergemacht. Der letzte Strich ist halb fertig. An der Wand gegenüber hängt ein eiserner Ring, und der Putz um ihn ist unberührt.
zone-sunken_crypt-room-crypt = Die Gruft
    .description = Steinerne Herren liegen in zwei Reihen, die Hände über nichts gefaltet. Jeder von ihnen hatte einmal ein Schwert, und jeder hat das Gesicht zur westlichen Wand gedreht. Über den nächsten hat jemand mit Kreide geschrieben: FRAG IHN.
zone-sunken_crypt-room-ossuary = Das Beinhaus
    .description = Schädel sind der Größe nach bis zur Decke gestapelt, die kleinsten zuoberst, wie Obst. Mitten unter ihnen glimmt ein Reliquiar aus grünem Glas schwach von innen.
zone-sunken_crypt-room-gallery = Die überflutete Galerie
    .description = Schwarzes Wasser steht knietief zwischen den Pfeilern, und bleiche Dinge entfalten sich darin, wo du hingetreten bist. Die Kälte steigt schneller, als du gehen kannst.
zone-sunken_crypt-room-antechamber = Der Vorraum
    .description = Eine Kette, dick wie ein Arm, hängt aus dem Gewölbe, blank gerieben von Händen, die nicht mehr da sind. In den Sturz hat jemand gemeißelt: NOCH NICHT.
zone-sunken_crypt-room-last_hall = Die letzte Halle
    .description = Säulen marschieren zu einem Thron hin, der zu groß ist für alles, was dir begegnet ist. Er steht davor, wie man es ihm befohlen hat, und wartet seit neunhundert Jahren auf seine Ablösung.
zone-sunken_crypt-room-treasury = Die Schatzkammer
    .description = Das Gold wurde hereingeschüttet und blieb liegen, wie es fiel. Darüber hängt an einem Seil eine silberne Glocke, das Einzige im Raum ohne Staub.
zone-sunken_crypt-door-cell_door = eine Eisentür
zone-sunken_crypt-door-grate = ein rostiges Gitter
zone-sunken_crypt-door-drowned_door = eine Tür aus grüner Bronze
zone-sunken_crypt-door-last_door = die letzte Tür
zone-sunken_crypt-door-treasury_door = eine Tür ohne Klinke
zone-sunken_crypt-lever-rusty_lever = ein rostiger Hebel
    .dative = einem rostigen Hebel
zone-sunken_crypt-lever-iron_ring = ein eiserner Ring
    .dative = einem eisernen Ring
zone-sunken_crypt-lever-stone_hand = eine erhobene steinerne Hand
    .dative = einer erhobenen steinernen Hand
zone-sunken_crypt-lever-great_chain = eine große Kette
    .dative = einer großen Kette
zone-sunken_crypt-lever-cracked_skull = ein gesprungener Schädel auf einem Pfahl
    .dative = einem gesprungenen Schädel auf einem Pfahl
zone-sunken_crypt-lever-silver_bell = das Seil einer silbernen Glocke
    .dative = dem Seil einer silbernen Glocke
## Wolfswald
zone-wolfwood = Wolfswald
zone-wolfwood-room-trailhead = Der Anfang des Weges
    .description = Ein Haufen weißer Steine zeigt, wo die Straße vergisst, dass sie eine war. Reisende legen einen Kiesel dazu, das bringt Glück, und der Haufen ist höher als ein Mann.
zone-wolfwood-room-pinewood = Kiefernwald
    .description = Die Stämme stehen so gerade wie Regen. Nadeln verschlucken jeden Schritt, deine und die anderen.
zone-wolfwood-room-wolf_run = Der Wolfsring
    .description = Farn ist in einem Ring von hundert Schritt niedergetreten, und Knochen liegen darin in der Reihenfolge, in der sie fallen gelassen wurden. Das Rudel ist schon lange hier und hat nicht vor zu gehen.
zone-wolfwood-room-moon_glade = Mondlichtung
    .description = Die Bäume halten Abstand von einem flachen Teich, und der Teich behält bei Tag den Mond in sich. Spuren aller Tiere führen zum Wasser; weniger führen davon weg.
zone-wolfwood-room-old_road = Die alte Straße
    .description = Steinplatten heben sich über Wurzeln, dick wie Schenkel. Ein Karren liegt ohne Räder quer über den Spuren, und die Asche daneben ist warm.
zone-wolfwood-room-raider_camp = Das Pfahllager
    .description = Angespitzte Pfähle neigen sich nach außen um ein Dutzend Zelte aus Häuten. Was an den Stangen hängt, war einmal Schmuck, und jemand zählt es laut.
zone-wolfwood-room-ruin = Die Halle ohne Dach
    .description = Vier Wände tragen nichts als Efeu. In der östlichen ist ein einziger Stein sauberer als seine Nachbarn, als hätten viele Hände dort geruht.
zone-wolfwood-room-ruin_cellar = Unter der Halle
    .description = Die Stufen enden in einem trockenen, runden Raum, der gebaut wurde, um vergessen zu werden. Urnen stehen auf dem Sims, jede mit einem Daumenabdruck in schwarzem Wachs versiegelt.
zone-wolfwood-room-sinkhole = Der Erdfall
    .description = Der Waldboden ist eingebrochen, und auf der anderen Seite windet sich eine Treppe hinab, die niemand gegraben hat. Kalte Luft kommt in langsamen Atemzügen herauf.
zone-wolfwood-door-slab = eine Platte in der Wand
zone-wolfwood-lever-clean_stone = ein sauberer Stein
    .dative = einem sauberen Stein
zone-wolfwood-lever-wall_ring = ein eiserner Ring in der Wand
    .dative = einem eisernen Ring in der Wand
## Was gesagt wird
line-candle = Die Wärme der Kerze findet jeden blauen Fleck, den du hast.
line-bell-afar = Die Glocke am Nordtor läutet, und das Fallgatter kommt herunter.
line-bell-near = Über dir läutet die Glocke. Krachend fällt das Fallgatter.
line-winch-afar = Ketten rasseln: Das Fallgatter am Nordtor geht hoch.
line-winch-near = Ketten rasseln, und das Fallgatter geht wieder hoch.
line-watch = Die Wache blickt nach Norden, sieht nichts und zieht das Fallgatter hoch.
line-white-line = Du trittst über die weiße Linie. Hier fragt niemand, wer angefangen hat.
line-lever = Kreischend kommt der Hebel herunter, und das Gitter geht hoch.
line-lever-afar = Im Süden geht ein Gitter hoch. Noch etwas hat es gehört.
line-stone-hand = Die steinerne Hand sinkt, und im Süden geht das Gitter hoch.
line-lever-back = Der Hebel kriecht wieder hoch, und das Gitter fällt.
line-grate-shut = Im Süden fällt das Gitter zu.
line-iron-ring = Der Ring gibt einen Fingerbreit nach. Die Tür fällt zu, und in der Wand beginnt etwas zu zischen.
line-cold-water = Die Kälte packt deine Beine und lässt nicht gleich wieder los.
line-warm-key = Der Schlüssel in deiner Tasche wird warm: Er kennt diesen Ort.
line-slack-chain = Die Kette hängt schlaff herab. Was sie hielt, ist losgelassen.
line-chain = Die Kette läuft ab. Die letzte Tür geht auf, und die Wände links und rechts von ihr auch.
line-skull = Der Kiefer schnappt ins Leere. Hinter dir geht die letzte Tür auf.
line-relieved = Der Wächter kniet nieder, legt seine Glefe hin und ist abgelöst. Im Westen geht eine Tür ohne Klinke auf.
line-silver-bell = Du läutest die Glocke, und der Ton trägt dich mit sich.
line-bolts = Irgendwo in den Wänden schnappt ein Riegel nach dem anderen zu.
line-slab = Stein mahlt auf Stein, und aus der östlichen Wand schwingt eine Platte.
line-slab-inside = Die Platte schwingt auf, und Tageslicht fällt die Stufen herab.
line-slab-back = Die Platte fügt sich wieder in die Wand, als hätte sie sich nie bewegt.
line-horn = Zwischen den Zelten tönt ein Horn, brüchig und wütend.
line-moon-water = Die Kälte des Wassers steckt dir noch in den Beinen, und sie wollen laufen.
line-howl = Weit im Westen heult etwas, und etwas Näheres antwortet.
line-warden-wait = Neunhundert Jahre, und niemand ist gekommen, mich abzulösen. Ihr seid nicht die Ablösung.
line-warden-guard = Wache! Der Dienst ist nicht vorbei. Der Dienst ist nie vorbei!
line-warden-cold = Dann soll es für uns beide kalt werden.
line-lords-sleep = Die Herren haben gesprochen und schlafen. Was du auch sagst, Stein ist Stein.
line-lord-turns = Stein knirscht auf Stein: Der nächste der Herren wendet das Gesicht von der Wand.
line-not-asked = Niemand hat dich etwas gefragt.
line-lord-coin = Auf der Handfläche liegt eine Münze, und eine Wärme, die dir den Arm hinaufsteigt.
line-lord-turned = Stein knirscht auf Stein: Der Herr hat sich wieder zur Wand gedreht.
line-riddle-1 = Er sagt: „Ich fülle die Halle und brauche keinen Platz. Was bin ich?“
line-riddle-2 = Er sagt: „Je mehr du von mir machst, desto mehr lässt du zurück. Was bin ich?“
line-riddle-3 = Er sagt: „Man hieß mich warten, und ich warte, wo alle Schwerter enden. Was bin ich?“
line-lord-right = „So ist es, { $who }“, sagt der Herr und öffnet die Hand.
line-lord-wrong = „Nein, { $who }“, sagt der Herr, und der Staub auf seinen Lippen reißt.
line-lord-angry = „Du bist nicht gekommen, um zu reden“, sagt der Herr. Hinter dir nimmt jemand einen Speer auf.
line-ostwin = Schau mit den Augen, nicht mit den Händen. Was ich habe, steht auf der Liste.
line-ostwin-cat = Neun Münzen. Sie kostete zehn, aber ein Leben hat sie schon verbraucht.
line-ostwin-prices = Alte Münzen, und ganze. Jede wiege ich zweimal.
line-ostwin-wolves = Bring mir, was sie anhaben. Ich zahle für das Fell, nicht für die Geschichte.
line-ostwin-otherwise = Ich verkaufe, ich kaufe, und ich schreibe es auf. Für alles andere gibt es das Wirtshaus.
line-brenna = Ist es kaputt, oder willst du etwas kaputt machen?
line-brenna-blades = Die Hälfte der Wand ist zu verkaufen. Die andere Hälfte bewahre ich nur auf.
line-brenna-owners = Sie kamen ohne sie zurück. Ich poliere sie trotzdem.
line-brenna-mends = Sag, was, und halt still. Ich nehme nichts dafür: Ich sehe es gern wieder.
line-brenna-otherwise = Frag das Feuer. Es weiß darüber so viel wie ich.
line-marta = Setz dich. Ertrunken ist hier nur die Laterne.
line-marta-cellar = Die Luke hinter dem Schanktisch. Sie fressen das Brot, und wer dem ein Ende macht, isst hier umsonst.
line-marta-crypt = Hinter dem Wolfsring, wo der Boden eingebrochen ist. Zieh, was sich ziehen lässt, und frag den Stein, bevor du den Stahl fragst.
line-marta-warden = Man hieß ihn warten. Wie lange, hat ihm niemand gesagt.
line-marta-story = Es ist jeden Abend dieselbe, nur die Toten darin wechseln.
line-marta-otherwise = Darüber sagt man an diesen Tischen nichts, und man sagt hier viel.

## Kreaturen, und womit sie sich messen
creature-emberfox = Glutfuchs
    .description = Rotes Fell, warme Asche, und fort, ehe man den Biss spürt. Er schlägt zuerst zu und hält nicht viel aus.
creature-galewing = Sturmschwinge
    .description = Ein Drache aus Federn, den der Wind loszulassen vergaß. Schwer zu treffen, und schon wieder fort.
creature-mirebeast = Moorbestie
    .description = Sie erhebt sich einmal, langsam, und fällt auf dich. Einmal reicht meistens.
creature-moonhare = Mondhase
    .description = Bei Vollmond geboren, und der Mond sieht noch immer hin. Ihm gelingen die Dinge.
creature-stoneback = Steinrücken
    .description = Eine Schildkröte, auf der ein Hügel wächst. Nichts drängt sie, und wenig tut ihr weh.
creature-thornling = Dornling
    .description = Halb Hecke, halb Groll. Was er hält, das hält er fest.
opponent-novice = Anfänger
opponent-adept = Könner
opponent-veteran = Veteran
opponent-master = Meister
ladder-duels = Duelle
    .description = Eine Kreatur gegen eine andere, gewertet. Wer gewinnt, steigt; wer verliert, fällt.
ladder-duels-rank-bronze = Bronze
ladder-duels-rank-silver = Silber
ladder-duels-rank-gold = Gold
ladder-duels-rank-platinum = Platin
ladder-duels-rank-diamond = Diamant
leaderboard-duel_ratings = Duellanten
    .description = Die Wertungen der Duelle dieser Saison.
leaderboard-weekly_cups = Pokale der Woche
    .description = Pokale, Ligen und offene Turniere, die deine Kreaturen seit Montagmorgen gewonnen haben.
tournament-cup = Pokal
    .description = Wer einmal verliert, ist draußen; wer gewinnt, dessen Kreatur wächst.
tournament-duel = Duell
    .description = Zwei Kreaturen, ein Kampf.
tournament-rated_duel = Gewertetes Duell
    .description = Zwei Kreaturen zweier Leute, ein Kampf gegen die Uhr.
tournament-league = Liga
    .description = Fünf Runden gegen andere, die stehen wie du. Vor dem Ende ist niemand draußen.
tournament-open = Offenes Turnier
    .description = Wer zweimal verliert, ist draußen. Zwei Siege von dreien, mit Uhr. Sei bereit, wenn deine Runde gerufen wird.
tournament-sunday_cup = Sonntagspokal
    .description = Jeden Sonntagabend: Startgeld zahlen, einmal verlieren und draußen sein, oder gewinnen, und der Topf ist dein.

cosmetic-champion = Der Meister
    .description = Für die Besten einer Saison.
cosmetic-ember_red = Glutrot
    .description = Das Rot von Kohlen, die noch nicht ganz aus sind.
cosmetic-embers = Glut
    .description = Glutrot, und Funken dahinter.
cosmetic-moss_green = Moosgrün
    .description = Das Grün der alten Steine.
cosmetic-spark_trail = Funkenspur
    .description = Funken, wo du gelaufen bist.
cosmetic-survivor = Der Überlebende
    .description = Für alle, die hundertmal herausgekommen sind.
cosmetic-wolf_banner = Wolfsbanner
    .description = Ein Wolf neben deinem Namen.

achievement-blitz_regular = Blitz-Stammgast
    .description = Spiele zehn Blitze zu Ende.
achievement-first_way_out = Der erste Weg hinaus
    .description = Komm aus einem Match heraus.
achievement-heavy_purse = Schwerer Beutel
    .description = Bring 1.000 Münzen hinaus.
achievement-hunter = Jäger
    .description = Töte hundert, Menschen oder nicht.
achievement-survivor = Überlebender
    .description = Komm aus hundert Matches heraus.
