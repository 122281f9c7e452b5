# What creatures do in battles.

duel-defends = { $who } defends.
duel-misses = { $who } strikes at { $whom }, who is gone.
duel-hits = { $who } hits { $whom } for { $damage }{ $special ->
    [yes] , with all it has
   *[no] { "" }
}{ $critical ->
    [yes] , critically
   *[no] { "" }
}{ $defended ->
    [yes] , through its guard
   *[no] { "" }
}.
duel-fells = { $hit } { $whom } is down.
duel-wins = { $who } wins the battle.
duel-wins-by-share = { $who } wins the battle: the turns are over, and it has more left.
duel-wins-by-forfeit = { $who } wins the battle: { $whom } did not come, or left.
duel-leaves = { $who } has left the tournament.
duel-is-champion = { $who } has won the tournament.
duel-no-champion = The tournament is over, and nobody has won it.
