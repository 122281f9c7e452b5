// State of chat: not written yet.

export const chat = {
  initial: {},
  on: {},
};
