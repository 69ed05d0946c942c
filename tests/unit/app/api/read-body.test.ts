import { expect, test } from 'vitest'
import { readBytes, readJson } from '@/app/api/read-body'
import { limits } from '@/lib/core/limits'

const json = { 'content-type': 'application/json' }
const post = (body: BodyInit, headers: Record<string, string> = json) =>
  new Request('http://localhost:3000/', { method: 'POST', headers, body, duplex: 'half' } as RequestInit)

const malformed = { ok: false, error: { code: 'api.malformed' } }
const tooLarge = { ok: false, error: { code: 'api.too-large' } }

test('JSON is read, and nothing is an empty object', async () => {
  expect(await readJson(post('{"a":[1,"\\"[[{"]}'))).toEqual({ ok: true, value: { a: [1, '"[[{'] } })
  expect(await readJson(post(''))).toEqual({ ok: true, value: {} })
})

test.each([
  ['text/plain'],
  ['text/plain;charset=UTF-8'],
  ['application/x-www-form-urlencoded'],
  ['multipart/form-data; boundary=x'],
  ['text/json'],
])('JSON that says it is %s is not read: forms can send it', async (type) => {
  expect(await readJson(post('{"a":1}', { 'content-type': type }))).toMatchObject(malformed)
})

test.each([['{"a":'], ['{a:1}'], ['\uFEFF{} x'], ['NaN']])('%j is no JSON', async (body) => {
  expect(await readJson(post(body))).toMatchObject(malformed)
})

test('bytes that are no UTF-8 are no JSON', async () => {
  expect(await readJson(post(Uint8Array.of(0x22, 0xff, 0x22)))).toMatchObject(malformed)
})

test('nesting ends where ours never comes', async () => {
  const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`
  expect((await readJson(post(nested(limits.jsonDepthMax)))).ok).toBe(true)
  expect(await readJson(post(nested(limits.jsonDepthMax + 1)))).toMatchObject(malformed)
  expect(await readJson(post('{"a":'.repeat(30_000 / 5)))).toMatchObject(malformed)
})

/** A body that comes in pieces, without a length that is told before. */
function inPieces(pieces: number, bytes: number): { readonly body: ReadableStream; pulled(): number } {
  let pulled = 0
  const body = new ReadableStream({
    pull(controller) {
      pulled += 1
      if (pulled > pieces) controller.close()
      else controller.enqueue(new Uint8Array(bytes).fill(0x20))
    },
  })
  return { body, pulled: () => pulled }
}

test('a body that is too large is left unread, whether it says so or not', async () => {
  const declared = post('x', { ...json, 'content-length': String(limits.requestBytesMax + 1) })
  expect(await readJson(declared)).toMatchObject(tooLarge)
  const endless = inPieces(1_000_000, 1_024)
  expect(await readJson(post(endless.body))).toMatchObject(tooLarge)
  expect(endless.pulled()).toBeLessThan(100)
})

test('a body that says it is smaller than it is, is cut off all the same', async () => {
  const { body } = inPieces(100, 1_024)
  expect(await readBytes(post(body, { 'content-length': '10' }), 2_048)).toMatchObject(tooLarge)
})

test('a body that stops coming is given up', async () => {
  let isCancelled = false
  const body = new ReadableStream({
    start: (controller) => controller.enqueue(Uint8Array.of(0x7b)),
    cancel: () => void (isCancelled = true),
  })
  expect(await readBytes(post(body), 1_024, 20)).toMatchObject(malformed)
  expect(isCancelled).toBe(true)
})
