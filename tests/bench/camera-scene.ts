/**
 * What a phone's or a kiosk's camera sees of a code on the other screen: seen at an angle, out of focus, shaken, in
 * little light, with the sun's reflection on the glass. Everything comes from a seed. Each look at a scene is a frame of
 * its own: the hand moves a little, and the noise is another one.
 */

import { fromUnitPlane, type Point, type Quad } from './homography'
import { seededUnit } from '@/simulator/traces/corridor'

export const sceneKinds = ['plain', 'tilt', 'blur', 'noise', 'glare', 'low-light', 'all'] as const
export type SceneKind = (typeof sceneKinds)[number]

/** One frame of a sensor, one byte of grey a pixel. */
export interface Frame {
  readonly grey: Uint8ClampedArray
  readonly width: number
  readonly height: number
}

/** Dark squares without their quiet zone. */
export interface Modules {
  readonly size: number
  isDark(row: number, column: number): boolean
}

export interface Scene {
  readonly modules: Modules
  readonly kind: SceneKind
  readonly width: number
  readonly height: number
  readonly seed: number
  /** Share of the frame's height that the code takes, seen straight on. */
  readonly share: number
  readonly yaw: number
  readonly pitch: number
  readonly roll: number
  /** Grey levels. */
  readonly ink: number
  readonly paper: number
  /** How much darker the right edge is, 0–1. */
  readonly shade: number
  /** Radius of the lens' blur in pixels. */
  readonly defocus: number
  /** Pixels that the picture moves at most while the shutter is open; a hand is not always at its worst. */
  readonly shake: number
  /** Standard deviation of the sensor's noise in grey levels. */
  readonly noise: number
  /** Radius of the reflection as a share of the code's width; 0 without one. */
  readonly glare: number
}

const quietModules = 4
const degree = Math.PI / 180

export function sceneOf(
  modules: Modules,
  kind: SceneKind,
  seed: number,
  sensor: { readonly width: number; readonly height: number },
): Scene {
  const random = seededUnit(seed)
  const between = (low: number, high: number): number => low + (high - low) * random()
  const either = (extent: number): number => between(-extent, extent)
  const has = (what: SceneKind): boolean => kind === what || kind === 'all'
  // Everything at once is milder in each, or no camera and no eye could read it.
  const mild = kind === 'all' ? 0.6 : 1
  const dark = has('low-light')
  const tilt = has('tilt') ? between(15, 45 * mild) : between(0, 8)
  const towards = random() * 2 * Math.PI
  const paper = dark ? between(60, 120) : between(185, 245)
  return {
    modules,
    kind,
    seed,
    ...sensor,
    share: between(0.55, 0.88),
    yaw: tilt * Math.cos(towards) * degree,
    pitch: tilt * Math.sin(towards) * degree,
    roll: (has('tilt') ? either(30) : either(6)) * degree,
    ink: dark ? between(22, 45) : between(12, 45),
    paper,
    shade: between(0, dark ? 0.45 : 0.2),
    defocus: has('blur') ? between(1, 2.1 * mild) : between(0.4, 0.8),
    shake: has('blur') ? between(2, 5 * mild) : between(0, 1.2),
    noise: has('noise') ? between(14, 32 * mild) : dark ? between(8, 15) : between(2, 6),
    glare: has('glare') ? between(0.03, 0.085 * mild) : 0,
  }
}

/** What the sensor gives for the n-th look. */
export function frameOf(scene: Scene, look: number): Frame {
  const random = seededUnit(scene.seed * 1_009 + look * 7_919 + 1)
  const { width, height } = scene
  const grey = new Float32Array(width * height).fill(scene.paper * 0.3)
  drawScreen(grey, scene, placeOf(scene, random))
  blurAlong(grey, width, height, scene.defocus, scene.shake * random(), random() * Math.PI)
  return { grey: withNoise(grey, scene.noise, random), width, height }
}

interface Place {
  readonly yaw: number
  readonly pitch: number
  readonly roll: number
  readonly x: number
  readonly y: number
  readonly glareX: number
  readonly glareY: number
}

/** Where the code stands in this frame: a hand sways by a degree and some pixels between two looks. */
function placeOf(scene: Scene, random: () => number): Place {
  const own = seededUnit(scene.seed + 77)
  const sway = (extent: number): number => extent * (2 * random() - 1)
  return {
    yaw: scene.yaw + sway(1.5 * degree),
    pitch: scene.pitch + sway(1.5 * degree),
    roll: scene.roll + sway(degree),
    x: scene.width * (0.5 + 0.08 * (own() - 0.5)) + sway(14),
    y: scene.height * (0.5 + 0.05 * (own() - 0.5)) + sway(10),
    // A reflection wanders over the glass as the hand does.
    glareX: 0.15 + 0.7 * own() + sway(0.06),
    glareY: 0.15 + 0.7 * own() + sway(0.06),
  }
}

function drawScreen(grey: Float32Array, scene: Scene, place: Place): void {
  const { width, height, modules } = scene
  const side = modules.size + 2 * quietModules
  const quad = cornersOf(scene, place)
  const toPlane = fromUnitPlane(quad)
  if (toPlane === undefined) return
  // The white page goes on beyond the quiet zone by a sixth.
  const margin = 1 / 6
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const [u, v] = toPlane(x + 0.5, y + 0.5)
      if (u < -margin || v < -margin || u > 1 + margin || v > 1 + margin) continue
      const row = Math.floor(v * side) - quietModules
      const column = Math.floor(u * side) - quietModules
      const inside = row >= 0 && column >= 0 && row < modules.size && column < modules.size
      const level = inside && modules.isDark(row, column) ? scene.ink : scene.paper
      grey[y * width + x] =
        level * (1 - scene.shade * u) + reflection(scene.glare, u - place.glareX, v - place.glareY)
    }
  }
}

/** Saturated in its middle, with a soft edge. */
function reflection(radius: number, du: number, dv: number): number {
  if (radius === 0) return 0
  const distance = Math.hypot(du, dv) / radius
  return distance > 2 ? 0 : 260 * Math.exp(-distance * distance * 1.6)
}

/** The four corners of the code with its quiet zone, through a lens of about 60 degrees. */
function cornersOf(scene: Scene, place: Place): Quad {
  const focal = scene.width * 0.87
  const half = (scene.share * scene.height) / 2
  const [cy, sy] = [Math.cos(place.yaw), Math.sin(place.yaw)]
  const [cp, sp] = [Math.cos(place.pitch), Math.sin(place.pitch)]
  const [cr, sr] = [Math.cos(place.roll), Math.sin(place.roll)]
  const corner = (u: number, v: number): readonly [number, number] => {
    const [x, y] = [u * half * cr - v * half * sr, u * half * sr + v * half * cr]
    const depth = focal + x * sy + y * sp
    return [place.x + (x * cy * focal) / depth, place.y + (y * cp * focal) / depth]
  }
  return whollyInside([corner(-1, -1), corner(1, -1), corner(1, 1), corner(-1, 1)], scene)
}

/** People see on the screen when a corner is cut off, and step back. */
function whollyInside(quad: Quad, { width, height }: Scene): Quad {
  const [cx, cy] = [width / 2, height / 2]
  const reach = Math.max(...quad.flatMap(([x, y]) => [Math.abs(x - cx) / cx, Math.abs(y - cy) / cy]))
  const scale = Math.min(1, 0.98 / reach)
  const move = ([x, y]: Point): Point => [cx + (x - cx) * scale, cy + (y - cy) * scale]
  const [a, b, c, d] = quad
  return [move(a), move(b), move(c), move(d)]
}

/** A lens out of focus is two box blurs each way; a shaken hand is one more along its way. */
function blurAlong(
  grey: Float32Array,
  width: number,
  height: number,
  defocus: number,
  shake: number,
  direction: number,
): void {
  const across = defocus + (shake / 2) * Math.abs(Math.cos(direction))
  const down = defocus + (shake / 2) * Math.abs(Math.sin(direction))
  for (const [radius, step, lineStep, length, lines] of [
    [across, 1, width, width, height],
    [down, width, 1, height, width],
  ] as const) {
    for (let pass = 0; pass < 2; pass += 1) boxBlur(grey, radius / 1.4, step, lineStep, length, lines)
  }
}

/** A running mean whose window has a fractional edge, so that half a pixel of blur is possible. */
function boxBlur(
  grey: Float32Array,
  radius: number,
  step: number,
  lineStep: number,
  length: number,
  lines: number,
): void {
  const whole = Math.floor(radius)
  const edge = radius - whole
  const weight = 1 / (2 * whole + 1 + 2 * edge)
  const line = new Float32Array(length + 2 * whole + 2)
  for (let index = 0; index < lines; index += 1) {
    const start = index * lineStep
    for (let at = 0; at < line.length; at += 1) {
      const from = Math.min(length - 1, Math.max(0, at - whole - 1))
      line[at] = grey[start + from * step] ?? 0
    }
    let sum = 0
    for (let at = 1; at <= 2 * whole + 1; at += 1) sum += line[at] ?? 0
    for (let at = 0; at < length; at += 1) {
      const [left, right] = [line[at] ?? 0, line[at + 2 * whole + 2] ?? 0]
      grey[start + at * step] = (sum + edge * (left + right)) * weight
      sum += right - (line[at + 1] ?? 0)
    }
  }
}

/** Bell-shaped noise from a table: a sensor's noise has no order, but two million draws would take a second. */
const bellSize = 65_536
let bell: Float32Array | undefined

function withNoise(grey: Float32Array, deviation: number, random: () => number): Uint8ClampedArray {
  bell ??= bellTable()
  const noisy = new Uint8ClampedArray(grey.length)
  let at = Math.floor(random() * bellSize)
  const stride = 1 + 2 * Math.floor(random() * 4_000)
  for (let index = 0; index < grey.length; index += 1) {
    at = (at + stride) & (bellSize - 1)
    // A new offset for each run of pixels, or the table would show as a pattern.
    if ((index & 511) === 0) at = Math.floor(random() * bellSize)
    noisy[index] = (grey[index] ?? 0) + (bell[at] ?? 0) * deviation
  }
  return noisy
}

function bellTable(): Float32Array {
  const random = seededUnit(4_711)
  return Float32Array.from(
    { length: bellSize },
    () => (random() + random() + random() + random() - 2) * Math.sqrt(3),
  )
}
