// State of lobby: not written yet.

export const lobby = {
  initial: {},
  on: {},
};
