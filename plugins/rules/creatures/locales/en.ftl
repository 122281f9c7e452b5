# What creatures do in battles.

duel-defends = { $who } defends.
duel-misses = { $who } strikes at { $whom }, who is gone.
duel-hits = { $special ->
    [yes] { $who } hits { $whom } with all it has
   *[no] { $who } hits { $whom }
}{ $critical ->
    [yes] , critically
   *[no] { "" }
}{ $defended ->
    [yes] , through its guard
   *[no] { "" }
}, for { $damage }.
duel-fells = { $hit } { $whom } is down.
duel-wins = { $who } wins the battle.
duel-wins-by-share = { $who } wins the battle: the turns are over, and it has more left.
duel-wins-by-forfeit = { $who } wins the battle: { $whom } did not come, or left.
duel-leaves = { $who } has left the tournament.
duel-is-champion = { $who } has won the tournament.
duel-no-champion = The tournament is over, and nobody has won it.
