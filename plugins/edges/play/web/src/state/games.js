// State of games: not written yet.

export const games = {
  initial: {},
  on: {},
};
