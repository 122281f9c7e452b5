// State of match: not written yet.

export const match = {
  initial: {},
  on: {},
};
