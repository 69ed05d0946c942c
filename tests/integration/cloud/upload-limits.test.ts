/** What comes in with a request is cut off, refused or left unread before it can cost anything, at every operation. */

import { afterAll, beforeAll, expect, test } from 'vitest'
import { limits } from '@/lib/core/limits'
import { everyOperation } from '@/lib/cloud/operations/every-operation'
import { ConsoleBrowser, openRunningCloud, type Running } from './console-browser'

let running: Running
const owner = new ConsoleBrowser()

beforeAll(async () => {
  running = await openRunningCloud()
  await owner.signUp()
  const body = { name: 'Fleet', yourName: 'Ada', email: 'ada@fleet.example' }
  expect((await owner.call('/organisations', { body })).status).toBe(200)
})
afterAll(() => running.close())

const writing = everyOperation
  .filter(({ method, act }) => method === 'POST' && act !== 'signed-in')
  .map((operation) => [operation.id, operation] as const)

/** Of an act that a fleet's owner may not do at all, nothing is read. */
const answers = (code: string): readonly string[] => [code, 'organisation.role']

test.each(writing)('%s leaves a body unread that is larger than it may be', async (_id, operation) => {
  const bytesMax = operation.bodyBytesMax ?? limits.requestBytesMax
  const body = JSON.stringify({ file: 'x'.repeat(bytesMax) })
  const params = Object.fromEntries(Object.keys(operation.params.shape).map((name) => [name, 'f'.repeat(16)]))
  const large = await owner.call(operation.path, { params, body })
  expect(answers('api.too-large')).toContain(large.code)
  const lying = { 'content-length': String(bytesMax + 1) }
  const told = await owner.call(operation.path, { params, body: {}, headers: lying })
  expect(answers('api.too-large')).toContain(told.code)
})

test.each(writing)(
  '%s reads no nest of lists, no text that is none, and no other type',
  async (_id, operation) => {
    const params = Object.fromEntries(
      Object.keys(operation.params.shape).map((name) => [name, 'f'.repeat(16)]),
    )
    const deep = `{"csv":${'['.repeat(20_000)}${']'.repeat(20_000)}}`
    for (const [body, type] of [
      [deep, 'application/json'],
      ['{"csv":"', 'application/json'],
      ['{}', 'text/csv'],
      ['{}', 'multipart/form-data; boundary=x'],
    ] as const) {
      const refused = await owner.call(operation.path, { params, body, headers: { 'content-type': type } })
      expect(answers('api.malformed')).toContain(refused.code)
    }
  },
)
