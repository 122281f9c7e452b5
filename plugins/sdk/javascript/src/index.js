// A client of Hypogeum for browsers and Node. README.md shows how it is used.

export { Api } from './api.js';
export { PAUSES, pauseMs } from './backoff.js';
export { Client } from './client.js';
export { HypogeumError } from './errors.js';
export { Ground } from './ground.js';
export { LaneError, LaneView, Obstacles, toward, walked } from './lane/index.js';
export { decode as decodeMessagePack, encode as encodeMessagePack, MessagePackError } from './msgpack.js';
export { protocol } from './protocol.js';
export { CodecError, Schema } from './schema.js';
export { Tokens } from './tokens.js';
