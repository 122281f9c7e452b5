// Time as a clock shows it.

const two = (/** @type {number} */ number) => String(number).padStart(2, '0');

/** `1:05` for 65, `1:00:05` for an hour more; what is left of a second is left out. @param {number} seconds */
export function clockOf(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const [hours, minutes] = [Math.floor(whole / 3_600), Math.floor(whole / 60) % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}
