# Was Kreaturen in Kämpfen tun.

duel-defends = { $who } verteidigt sich.
duel-misses = { $who } schlägt nach { $whom } und ins Leere.
duel-hits = { $who } trifft { $whom } für { $damage }{ $special ->
    [yes] , mit aller Kraft
   *[no] { "" }
}{ $critical ->
    [yes] , kritisch
   *[no] { "" }
}{ $defended ->
    [yes] , trotz der Deckung
   *[no] { "" }
}.
duel-fells = { $hit } { $whom } geht zu Boden.
duel-wins = { $who } gewinnt den Kampf.
duel-wins-by-share = { $who } gewinnt den Kampf: Die Runden sind um, und es hat mehr übrig.
duel-wins-by-forfeit = { $who } gewinnt den Kampf: { $whom } kam nicht oder ging.
duel-leaves = { $who } hat das Turnier verlassen.
duel-is-champion = { $who } hat das Turnier gewonnen.
duel-no-champion = Das Turnier ist vorbei, und niemand hat es gewonnen.
