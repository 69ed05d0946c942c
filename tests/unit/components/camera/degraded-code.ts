/** Draws a QR code as a poor camera would see it: tilted, blurred, noisy, in bad light. Seeded, so failures repeat. */

import qrcode from 'qrcode'
import type { Picture } from '@/components/camera/read-code'

export interface Degradation {
  readonly pixelsPerModule: number
  /** 0 is straight on; 0.3 shrinks the far edge to 70 %. */
  readonly tilt?: number
  readonly turnDegrees?: number
  /** Radius of a box blur, passed twice. */
  readonly blur?: number
  /** Standard deviation in grey levels. */
  readonly noise?: number
  /** Grey levels of ink and paper. */
  readonly ink?: number
  readonly paper?: number
  /** How much darker the right edge is than the left, 0–1. */
  readonly shade?: number
}

const quietModules = 4

export function degradedCode(text: string, how: Degradation, seed = 1): Picture {
  const { modules } = qrcode.create([{ data: text, mode: 'alphanumeric' }], { errorCorrectionLevel: 'L' })
  const side = modules.size + 2 * quietModules
  const size = Math.ceil(side * how.pixelsPerModule * 1.5)
  const ink = how.ink ?? 20
  const paper = how.paper ?? 235
  const angle = ((how.turnDegrees ?? 0) * Math.PI) / 180
  const grey = new Float32Array(size * size)
  for (let y = 0; y < size; y += 1) {
    for (let x = 0; x < size; x += 1) {
      const [u, v] = toModule(x, y, size, how.pixelsPerModule, angle, how.tilt ?? 0, side)
      const row = Math.floor(v) - quietModules
      const column = Math.floor(u) - quietModules
      const outside = u < 0 || v < 0 || u >= side || v >= side
      const inCode = row >= 0 && column >= 0 && row < modules.size && column < modules.size
      const dark = inCode && modules.get(row, column) === 1
      const level = outside ? paper * 0.55 : dark ? ink : paper
      grey[y * size + x] = level * (1 - ((how.shade ?? 0) * x) / size)
    }
  }
  boxBlur(grey, size, how.blur ?? 0)
  return toPicture(grey, size, how.noise ?? 0, seed)
}

/** Where on the code a camera pixel looks, in modules. */
function toModule(
  x: number,
  y: number,
  size: number,
  scale: number,
  angle: number,
  tilt: number,
  side: number,
): readonly [number, number] {
  const dx = x - size / 2
  const dy = y - size / 2
  const depth = 1 + (tilt * dy) / (size / 2)
  const px = (dx * depth) / scale
  const py = (dy * depth) / scale
  return [
    px * Math.cos(angle) + py * Math.sin(angle) + side / 2,
    -px * Math.sin(angle) + py * Math.cos(angle) + side / 2,
  ]
}

function boxBlur(grey: Float32Array, size: number, radius: number): void {
  if (radius <= 0) return
  for (let pass = 0; pass < 2; pass += 1) {
    blurLines(grey, size, radius, 1, size)
    blurLines(grey, size, radius, size, 1)
  }
}

function blurLines(grey: Float32Array, size: number, radius: number, step: number, lineStep: number): void {
  const line = new Float32Array(size)
  for (let index = 0; index < size; index += 1) {
    const start = index * lineStep
    for (let at = 0; at < size; at += 1) line[at] = grey[start + at * step] ?? 0
    for (let at = 0; at < size; at += 1) {
      let sum = 0
      for (let near = -radius; near <= radius; near += 1) {
        sum += line[Math.min(size - 1, Math.max(0, at + near))] ?? 0
      }
      grey[start + at * step] = sum / (2 * radius + 1)
    }
  }
}

function toPicture(grey: Float32Array, size: number, noise: number, seed: number): Picture {
  const data = new Uint8ClampedArray(new ArrayBuffer(size * size * 4))
  let state = seed >>> 0
  const uniform = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 4_294_967_296
  }
  for (let index = 0; index < size * size; index += 1) {
    const bell = uniform() + uniform() + uniform() + uniform() - 2
    const level = (grey[index] ?? 0) + bell * noise * 1.73
    data.set([level, level, level, 255], index * 4)
  }
  return { data, width: size, height: size }
}
