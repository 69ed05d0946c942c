/**
 * How soon the app's own reader has a code, over scenes of every kind for every message: its views, its decoder and its
 * pace, with the decoder's time stretched to that of a phone. Nothing here knows where the code stands.
 */

import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { loadCodeReader, type CodeReader, type Picture } from '@/components/camera/read-code'
import { restAfterLook, viewFor, type View } from '@/components/camera/look-plan'
import { softened } from '@/components/camera/soften'
import { qrModules } from '@/components/ui/qr-modules'
import { toBytes } from '@/lib/core/bytes'
import { limits } from '@/lib/core/limits'
import { envelopeToText } from '@/lib/protocol/envelope'
import { splitIntoFrames } from '@/lib/protocol/frames'
import { frameOf, sceneKinds, sceneOf, type Frame, type SceneKind } from './camera-scene'
import { ceremonyCodes } from './ceremony-codes'
import { tellStory } from '../fixtures/messages'

export interface ScannedCode {
  readonly name: string
  readonly text: string
  readonly sensor: { readonly width: number; readonly height: number }
}

export interface Scan {
  readonly name: string
  readonly kind: SceneKind
  readonly seed: number
  /** Undefined when the code was not read in time. */
  readonly ms: number | undefined
}

/** A phone asks for 1080 lines and gets them; the kiosk's camera is a cheap one. */
const phoneSensor = { width: 1_920, height: 1_080 } as const
const kioskSensor = { width: 1_280, height: 720 } as const
/** A phone of the middle class decodes this many times slower than the machine of a bench. */
export const phoneSlowness = 4
/** People lower the phone after this long. */
export const patienceMs = 2_000

/** Every code of the ceremony, each before the camera that reads it in life. */
export async function codesToScan(): Promise<readonly ScannedCode[]> {
  const whole = (await ceremonyCodes()).map(({ name, envelope }) => ({
    name,
    text: envelopeToText(envelope),
  }))
  const story = await tellStory()
  const stop = { name: 'stop', text: envelopeToText({ kind: 'stop', parts: [story.stop.bytes] }) }
  const dense = whole.find(({ name }) => name === 'authorization-passkey')
  const pieces = splitIntoFrames(dense?.text ?? '', limits.framePieceBytesMax)
  const piece = pieces.slice(0, 1).map((text) => ({ name: 'piece', text }))
  return [...whole, stop, ...piece].map((code) => ({
    ...code,
    sensor: /^(?:authorization|stop|piece)/.test(code.name) ? kioskSensor : phoneSensor,
  }))
}

export async function nodeCodeReader(): Promise<CodeReader> {
  const wasm = await readFile(createRequire(import.meta.url).resolve('zxing-wasm/reader/zxing_reader.wasm'))
  return loadCodeReader({ bytes: toBytes(wasm).buffer })
}

export async function scanCodes(
  codes: readonly ScannedCode[],
  scenesPerCode: number,
  onScan: (scan: Scan) => void = () => undefined,
): Promise<readonly Scan[]> {
  const read = await nodeCodeReader()
  const scans: Scan[] = []
  for (const code of codes) {
    for (let seed = 1; seed <= scenesPerCode; seed += 1) {
      const kind = sceneKinds[seed % sceneKinds.length] ?? 'all'
      const scan = { name: code.name, kind, seed, ms: await scanOnce(read, code, kind, seed) }
      scans.push(scan)
      onScan(scan)
    }
  }
  return scans
}

async function scanOnce(
  read: CodeReader,
  code: ScannedCode,
  kind: SceneKind,
  seed: number,
): Promise<number | undefined> {
  const modules = qrModules(code.text)
  if (modules === undefined) return undefined
  const scene = sceneOf(modules, kind, seed * 31 + code.name.length, code.sensor)
  let clockMs = 0
  for (let look = 0; clockMs <= patienceMs; look += 1) {
    const view = viewFor(look, scene.width, scene.height)
    const picture = pictureOf(frameOf(scene, look), view)
    const startedMs = performance.now()
    const texts = await read(view.softenTimes > 0 ? softened(picture, view.softenTimes) : picture)
    const tookMs = (performance.now() - startedMs) * phoneSlowness
    if (texts.includes(code.text)) return clockMs + tookMs
    clockMs += tookMs + restAfterLook(tookMs)
  }
  return undefined
}

/** As a canvas does it at its default quality: between the four nearest pixels. */
function pictureOf(frame: Frame, view: View): Picture {
  const data = new Uint8ClampedArray(new ArrayBuffer(view.toWidth * view.toHeight * 4))
  const [stepX, stepY] = [view.width / view.toWidth, view.height / view.toHeight]
  for (let y = 0; y < view.toHeight; y += 1) {
    const fromY = Math.min(frame.height - 1.001, Math.max(0, view.top + (y + 0.5) * stepY - 0.5))
    const top = Math.floor(fromY)
    for (let x = 0; x < view.toWidth; x += 1) {
      const fromX = Math.min(frame.width - 1.001, Math.max(0, view.left + (x + 0.5) * stepX - 0.5))
      const left = Math.floor(fromX)
      const at = top * frame.width + left
      const [down, right] = [fromY - top, fromX - left]
      const above = (frame.grey[at] ?? 0) * (1 - right) + (frame.grey[at + 1] ?? 0) * right
      const below =
        (frame.grey[at + frame.width] ?? 0) * (1 - right) + (frame.grey[at + frame.width + 1] ?? 0) * right
      const level = above * (1 - down) + below * down
      const pixel = (y * view.toWidth + x) * 4
      data[pixel] = level
      data[pixel + 1] = level
      data[pixel + 2] = level
      data[pixel + 3] = 255
    }
  }
  return { data, width: view.toWidth, height: view.toHeight }
}
