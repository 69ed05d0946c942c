import { expect, test } from 'vitest'
import { GatheredScans } from '@/charger-kiosk/server/gathered-scans'
import { toBytes } from '@/lib/core/bytes'
import { envelopeToText } from '@/lib/protocol/envelope'
import { splitIntoFrames } from '@/lib/protocol/frames'

const scanned = (text: string) => ({ type: 'scanned', connectorId: 2, text }) as const
const code = envelopeToText({ kind: 'stop', parts: [toBytes(new Uint8Array(400))] })

test('a code in pieces reaches the controller whole, once, and the screen hears how far it is', () => {
  const scans = new GatheredScans()
  const taken = splitIntoFrames(code, 150).map((text) => scans.take(scanned(text)))
  expect(taken).toEqual([
    { type: 'parts', connectorId: 2, have: 1, need: 3 },
    { type: 'parts', connectorId: 2, have: 2, need: 3 },
    scanned(code),
  ])
})

test('whole codes, stops and garbage pass as they are', () => {
  const scans = new GatheredScans()
  const stop = { type: 'stop', connectorId: 1, stopCode: '123456' } as const
  for (const message of [scanned(code), scanned('OP1F:GARBAGE'), stop]) {
    expect(scans.take(message)).toEqual(message)
  }
})
