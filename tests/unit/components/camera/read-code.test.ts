import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { beforeAll, describe, expect, test } from 'vitest'
import { loadCodeReader, type CodeReader, type Picture } from '@/components/camera/read-code'
import { degradedCode, type Degradation } from './degraded-code'

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:'

/** `OP1:` and as many characters as a message of that many bytes has in Base45. */
function codeText(bytes: number): string {
  const length = Math.floor(bytes / 2) * 3 + (bytes % 2) * 2
  let text = 'OP1:'
  for (let index = 0; index < length; index += 1) text += alphabet[(index * 31 + index * index * 7) % 45]
  return text
}

const ordinary = codeText(354)
const stepUp = codeText(640)
let read: CodeReader

beforeAll(async () => {
  const path = createRequire(import.meta.url).resolve('zxing-wasm/reader/zxing_reader.wasm')
  const file = readFileSync(path)
  read = await loadCodeReader({
    bytes: file.buffer.slice(file.byteOffset, file.byteOffset + file.byteLength) as ArrayBuffer,
  })
})

describe('a code of the ordinary path is read', () => {
  const cases: readonly (readonly [string, Degradation])[] = [
    ['straight and sharp', { pixelsPerModule: 6 }],
    ['from far away', { pixelsPerModule: 2.6 }],
    ['tilted and turned', { pixelsPerModule: 6, tilt: 0.25, turnDegrees: 17 }],
    ['upside down', { pixelsPerModule: 4, turnDegrees: 180 }],
    ['out of focus', { pixelsPerModule: 6, blur: 2 }],
    ['in a noisy night picture', { pixelsPerModule: 6, noise: 20, ink: 40, paper: 150 }],
    ['with hardly any contrast', { pixelsPerModule: 5, ink: 150, paper: 190 }],
    ['half in the shade', { pixelsPerModule: 5, shade: 0.7 }],
    [
      'with all of it at once',
      {
        pixelsPerModule: 6,
        tilt: 0.15,
        turnDegrees: -9,
        blur: 1,
        noise: 10,
        ink: 60,
        paper: 190,
        shade: 0.3,
      },
    ],
  ]
  test.each(cases)('%s', async (_name, how) => {
    expect(await read(degradedCode(ordinary, how))).toEqual([ordinary])
  })
})

test('a dense step-up code is read at five pixels a module, tilted and blurred', async () => {
  const picture = degradedCode(stepUp, { pixelsPerModule: 5, tilt: 0.1, turnDegrees: 6, blur: 1, noise: 8 })
  expect(await read(picture)).toEqual([stepUp])
})

test('a picture without a code gives no text', async () => {
  const blank: Picture = { data: new Uint8ClampedArray(320 * 240 * 4).fill(180), width: 320, height: 240 }
  expect(await read(blank)).toEqual([])
})

test('a code beside another one is read as well', async () => {
  const left = degradedCode('HTTPS://EXAMPLE.COM', { pixelsPerModule: 6 })
  const right = degradedCode(ordinary, { pixelsPerModule: 5 })
  expect([...(await read(sideBySide(left, right)))].sort()).toEqual(['HTTPS://EXAMPLE.COM', ordinary].sort())
})

function sideBySide(left: Picture, right: Picture): Picture {
  const width = left.width + right.width
  const height = Math.max(left.height, right.height)
  const data = new Uint8ClampedArray(new ArrayBuffer(width * height * 4)).fill(255)
  for (const [picture, offset] of [
    [left, 0],
    [right, left.width],
  ] as const) {
    for (let y = 0; y < picture.height; y += 1) {
      const row = picture.data.subarray(y * picture.width * 4, (y + 1) * picture.width * 4)
      data.set(row, (y * width + offset) * 4)
    }
  }
  return { data, width, height }
}
