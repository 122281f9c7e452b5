/**
 * What the lane tells and is told. Names and shapes are those of `PROTOCOL.md`, sections 5 and 6, as they come in messages
 * over WebSocket, so that a program reads one as it reads the other. Places are in subunits (1/256 m).
 *
 * @typedef {'player' | 'npc' | 'item' | 'container' | 'projectile' | 'hazard' | 'storm'} RecordKind
 *
 * @typedef {object} Entity One thing seen: a *Record*.
 * @property {number} id Its name in the shard: the same thing has the same name each time.
 * @property {RecordKind} kind
 * @property {number} template Which template of its kind.
 * @property {number} x
 * @property {number} y
 * @property {number} heading Where it looks, in 1/256 turns; of an item the low 8 bits of its version.
 * @property {number} hp_band Health in 1/15 of its whole, rounded up; 0 for what has none.
 * @property {number} extent Radius in decimetres, for areas.
 *
 * @typedef {object} OwnState The own avatar as the server has it.
 * @property {number} x
 * @property {number} y
 * @property {number} heading Where it looks, in 1/65536 turns.
 * @property {number} speed Full speed in subunits a tick.
 * @property {number} hp
 * @property {number} hp_max
 * @property {number} mp
 * @property {number} cooling Bit `n` is set while ability slot `n + 1` cools down.
 * @property {number} extraction_ticks Ticks until it is out; 0 where it is not extracting.
 *
 * @typedef {object} Block A box that stands in the way; `x_min <= x_max` and `y_min <= y_max`.
 * @property {number} x_min
 * @property {number} y_min
 * @property {number} x_max
 * @property {number} y_max
 *
 * @typedef {object} MatchStarted What the lane needs of a `match_started` message.
 * @property {number | string | bigint} match_id
 * @property {number} tick_hz
 * @property {number} avatar
 * @property {number} radius
 * @property {number} side
 * @property {Block[]} obstacles
 *
 * @typedef {object} Phase A `phase` message.
 * @property {'deploy' | 'live' | 'over'} phase
 * @property {number} tick
 * @property {number} ends_tick
 *
 * @typedef {object} Steering How the avatar is to move, look and act for one tick.
 * @property {number} [walk] Direction to walk, in 1/65536 turns, 0 along +x, a quarter turn along +y.
 * @property {number} [pace] Share of the full speed, 0–100 %; more counts as 100.
 * @property {number} [aim] Direction to look and aim, as `walk`.
 * @property {number} [ability] Ability slot to use, 1–8; 0 and anything beyond use none.
 *
 * @typedef {{ seq: number, walk: number, pace: number, aim: number, ability: number }} Input A numbered steering.
 *
 * @typedef {Record<string, Record<string, unknown>>} GameEvent One name, and the fields of the event by that name.
 *
 * @typedef {{ x: number, y: number }} Position
 *
 * @typedef {{ x: number, y: number, heading: number }} Predicted Where the avatar will be; heading in 1/65536 turns.
 *
 * @typedef {object} Corrections How often predictions were wrong, and by how much.
 * @property {number} count States that showed the avatar elsewhere than predicted for the input they include.
 * @property {number} last Distance in subunits by which the last of those was off.
 * @property {number} largest The greatest such distance.
 */

export {};
