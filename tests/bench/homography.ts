/** From a pixel to the point of a flat screen that it looks at, given where the screen's corners stand in the picture. */

export type Point = readonly [x: number, y: number]
/** Corners in order: where (0,0), (1,0), (1,1) and (0,1) of the plane stand. */
export type Quad = readonly [Point, Point, Point, Point]

/** Undefined for corners that make no plane. (Heckbert 1989, square to quadrilateral, inverted.) */
export function fromUnitPlane(quad: Quad): ((x: number, y: number) => Point) | undefined {
  const [[x0, y0], [x1, y1], [x2, y2], [x3, y3]] = quad
  const [dx1, dx2, dx3] = [x1 - x2, x3 - x2, x0 - x1 + x2 - x3]
  const [dy1, dy2, dy3] = [y1 - y2, y3 - y2, y0 - y1 + y2 - y3]
  const bend = dx1 * dy2 - dx2 * dy1
  if (bend === 0) return undefined
  const g = (dx3 * dy2 - dx2 * dy3) / bend
  const h = (dx1 * dy3 - dx3 * dy1) / bend
  const [a, b, c] = [x1 - x0 + g * x1, x3 - x0 + h * x3, x0]
  const [d, e, f] = [y1 - y0 + g * y1, y3 - y0 + h * y3, y0]
  // The adjugate stands for the inverse: the common factor falls out of the division.
  const [i0, i1, i2] = [e - f * h, c * h - b, b * f - c * e]
  const [i3, i4, i5] = [f * g - d, a - c * g, c * d - a * f]
  const [i6, i7, i8] = [d * h - e * g, b * g - a * h, a * e - b * d]
  return (x, y) => {
    const w = i6 * x + i7 * y + i8
    return [(i0 * x + i1 * y + i2) / w, (i3 * x + i4 * y + i5) / w]
  }
}
