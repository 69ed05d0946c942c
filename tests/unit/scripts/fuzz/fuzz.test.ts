import { decode, encode, rfc8949EncodeOptions } from 'cborg'
import { beforeAll, expect, test } from 'vitest'
import { toBytes, toHex, type Bytes } from '@/lib/core/bytes'
import { verifyWithNode } from '@/lib/crypto/node'
import type { Verify } from '@/lib/crypto/signature'
import { parseMessage } from '@/lib/protocol/message'
import { offer } from '@/lib/protocol/messages/offer'
import { acceptanceTargets } from '@/scripts/fuzz/acceptance-targets'
import { Fuzzer, type FuzzFigures } from '@/scripts/fuzz/fuzz'
import { readFuzzOptions } from '@/scripts/fuzz/main'
import { payloadOf } from '@/scripts/fuzz/message-targets'
import type { Target, Verdict } from '@/scripts/fuzz/target'
import { tellStory, type Story } from '@/tests/fixtures/messages'

let story: Story
beforeAll(async () => {
  story = await tellStory()
})

/** Thousands of signatures take a second on a free machine, and many on a busy one. */
const patient = { timeout: 240_000 }

function attack(targets: readonly Target[], runs: number, nowMs?: () => number): FuzzFigures {
  const fuzzer = new Fuzzer(targets, nowMs)
  fuzzer.run('planted', 0, runs)
  return fuzzer.figures()
}

/** A decoder under attack, around the offer of the base story. */
const onOffer = (judge: Target['judge']): Target => ({
  name: 'planted',
  weight: 1,
  genuine: [story.offer.bytes],
  judge,
})

const taken = (isTaken: boolean): Verdict => (isTaken ? 'accepted' : 'refused')

test('a decoder that throws on keys of mixed kinds is found', patient, () => {
  const decodeAndEncodeAgain = (input: Bytes): Verdict => {
    let value: unknown
    try {
      value = decode(input, { useMaps: true, strict: true })
    } catch {
      return 'refused'
    }
    return taken(toHex(toBytes(encode(value, rfc8949EncodeOptions))) === toHex(input))
  }
  const payload = toBytes(payloadOf(story.offer.bytes) ?? [])
  const figures = attack([{ ...onOffer(decodeAndEncodeAgain), genuine: [payload] }], 2_000)
  expect(figures.crashes).toBeGreaterThan(0)
  expect(figures.findings[0]).toMatchObject({ kind: 'crash', target: 'planted' })
})

test('a reader that forgets to verify is found', () => {
  const genuine = toHex(story.offer.bytes)
  const figures = attack(
    [
      onOffer((input) => {
        if (!parseMessage(offer, input).ok) return 'refused'
        return toHex(input) === genuine ? 'accepted' : 'false-accept'
      }),
    ],
    500,
  )
  expect(figures.falseAccepts).toBeGreaterThan(0)
})

test('a decoder that may take for ever is found, and a machine that was busy once is not blamed', () => {
  let nowMs = 0
  const slow = onOffer((input) => {
    if (input.length > 300) nowMs += 2_000
    return 'accepted'
  })
  expect(attack([slow], 300, () => nowMs).hangs).toBeGreaterThan(0)
  let looks = 0
  const jumpingOnce = (): number => ((looks += 1) === 2 ? 5_000 : 5_000 * Number(looks > 1))
  expect(attack([onOffer(() => 'accepted')], 20, jumpingOnce).hangs).toBe(0)
})

/** Bugs that a charger could have, each in the one thing that it asks of its crypto or its memory. */
const anySignature: Verify = () => true
const halfTheSignature: Verify = (key, message, signature) => {
  const whole = toBytes(signature)
  whole[63] = (whole[63] ?? 0) & 0x0f
  return verifyWithNode(key, message, whole)
}

test.each([
  ['believes any signature', { verify: anySignature }],
  ['ignores the last bits of a signature', { verify: halfTheSignature }],
  ['takes its own key for an issuer’s', { verify: withForeignIssuer() }],
])('a charger that %s is found', patient, async (_name, planted) => {
  const figures = attack(await acceptanceTargets(story, planted), 3_000)
  expect(figures.falseAccepts).toBeGreaterThan(0)
})

/** Whatever a stranger signed passes under the keys of the trust list. */
function withForeignIssuer(): Verify {
  return (key, message, signature) =>
    verifyWithNode(key, message, signature) ||
    (key === story.trustList.payload.issuers[0]?.key &&
      verifyWithNode(story.certificate.payload.key, message, signature))
}

test('a thief’s chain that the charger forgets is found', patient, async () => {
  const forgetful = { chain: () => undefined }
  const [, thief] = await acceptanceTargets(story)
  const [, planted] = await acceptanceTargets(story, forgetful)
  if (thief === undefined || planted === undefined) throw new Error('There are two targets')
  expect(attack([thief], 2_000).falseAccepts).toBe(0)
  // The genuine continuation is no first authorization: a charger that forgets takes it for one all the same.
  expect(attack([{ ...thief, judge: planted.judge }], 2_000).accepted).toBeGreaterThan(0)
})

test('a target that refuses its own genuine input is no target', () => {
  expect(() => new Fuzzer([onOffer(() => 'refused')])).toThrow('a genuine input was refused')
})

test('the same seed gives the same inputs, whatever the stride, and another seed gives others', () => {
  const inputsOf = (seed: string, first: number, count: number, step: number): string[] => {
    const seen: string[] = []
    const spy = onOffer((input) => {
      seen.push(toHex(input))
      return 'accepted'
    })
    const fuzzer = new Fuzzer([spy])
    seen.length = 0
    fuzzer.run(seed, first, count, step)
    return seen
  }
  const all = inputsOf('7', 0, 40, 1)
  expect(inputsOf('7', 1, 20, 2)).toEqual(all.filter((_, index) => index % 2 === 1))
  expect(inputsOf('8', 0, 40, 1)).not.toEqual(all)
})

test.each([[['--runs', 'many']], [['--runs', '0']], [['--workers', '99']], [['--what']]])(
  'options %j are no options',
  (args) => {
    expect(readFuzzOptions(args)).toBeUndefined()
  },
)

test('a number may be grouped, and no worker is without work', () => {
  expect(readFuzzOptions(['--runs', '1_000', '--workers', '2', '--json'])).toMatchObject({
    runs: 1_000,
    json: true,
  })
  expect(readFuzzOptions(['--runs', '1', '--workers', '2'])?.workers).toBe(1)
})
