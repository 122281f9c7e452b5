// State of world: not written yet.

export const world = {
  initial: {},
  on: {},
};
