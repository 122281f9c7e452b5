// From the ground to the screen: what is in the middle, and how many pixels a metre has.

/** Subunits of a metre. */
export const METRE = 256;

export class Camera {
  x = 0;
  y = 0;
  /** Pixels of a subunit. */
  scale = 0.1;
  width = 1;
  height = 1;

  /**
   * Fits the canvas to its place on the page, sharp on fine screens. Returns the ratio of its pixels to those of CSS.
   * @param {HTMLCanvasElement} canvas
   * @param {number} across metres that the longer side shows
   */
  fit(canvas, across) {
    const ratio = Math.min(devicePixelRatio || 1, 2);
    const width = Math.max(1, Math.round(canvas.clientWidth * ratio));
    const height = Math.max(1, Math.round(canvas.clientHeight * ratio));
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
    this.width = width;
    this.height = height;
    this.scale = Math.max(width, height) / (across * METRE);
    return ratio;
  }

  /** @param {number} x */
  toScreenX(x) {
    return (x - this.x) * this.scale + this.width / 2;
  }

  /** Along +y is down. @param {number} y */
  toScreenY(y) {
    return (y - this.y) * this.scale + this.height / 2;
  }

  /** Where on the ground a point of the canvas is, in subunits. @param {number} x @param {number} y in canvas pixels */
  toGround(x, y) {
    return { x: (x - this.width / 2) / this.scale + this.x, y: (y - this.height / 2) / this.scale + this.y };
  }

  /** Whether something of this radius in subunits is to be seen. @param {number} x @param {number} y @param {number} radius */
  sees(x, y, radius) {
    const halfWidth = this.width / 2 / this.scale + radius;
    const halfHeight = this.height / 2 / this.scale + radius;
    return Math.abs(x - this.x) <= halfWidth && Math.abs(y - this.y) <= halfHeight;
  }
}
