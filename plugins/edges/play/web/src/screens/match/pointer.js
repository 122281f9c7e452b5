// The mouse over the match: it aims, its first button uses the weapon, its second one the next ability.

/**
 * Returns where the mouse is, in CSS pixels of the canvas, and what ends it.
 * @param {HTMLCanvasElement} canvas
 * @param {import('./pilot.js').Pilot} pilot
 */
export function followPointer(canvas, pilot) {
  const mouse = { x: 0, y: 0, isIn: false };
  const isMouse = (/** @type {PointerEvent} */ event) => event.pointerType !== 'touch';
  const move = (/** @type {PointerEvent} */ event) => {
    if (!isMouse(event)) return;
    mouse.x = event.offsetX;
    mouse.y = event.offsetY;
    mouse.isIn = true;
  };
  const down = (/** @type {PointerEvent} */ event) => {
    if (!isMouse(event)) return;
    move(event);
    canvas.setPointerCapture(event.pointerId);
    if (event.button === 0) pilot.isFiring = true;
    else if (event.button === 2) pilot.press(2);
    // A click that is over before the next step counts all the same.
    if (event.button === 0) pilot.press(1);
  };
  const up = (/** @type {PointerEvent} */ event) => {
    if (isMouse(event) && event.button === 0) pilot.isFiring = false;
  };
  const leave = (/** @type {PointerEvent} */ event) => {
    if (isMouse(event)) mouse.isIn = false;
  };
  const lost = () => {
    pilot.isFiring = false;
  };
  const menu = (/** @type {Event} */ event) => event.preventDefault();
  canvas.addEventListener('pointermove', move);
  canvas.addEventListener('pointerdown', down);
  canvas.addEventListener('pointerup', up);
  canvas.addEventListener('pointerleave', leave);
  canvas.addEventListener('lostpointercapture', lost);
  canvas.addEventListener('contextmenu', menu);
  return mouse;
}
