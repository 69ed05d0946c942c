/** Chargers and strangers that do what they should not. Nothing may crash, hang or be lost. */

import { once } from 'node:events'
import { request } from 'node:http'
import { connect } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import WebSocket from 'ws'
import { limits } from '@/lib/core/limits'
import { durationMs } from '@/lib/core/units'
import { startCentralSystem } from '@/charger-kiosk/ocpp/central-system'
import { chargePointIdentity, connectorId, idTag, transactionId } from '@/charger-kiosk/ocpp/ids'
import { systemClock, systemTimers } from '@/charger-kiosk/system'
import { battery } from '@/simulator/charger/vehicle'
import { identity, openBench, RecordingShell, type Bench } from './recording-shell'

const start = { connectorId: connectorId(1), idTag: idTag('0123456789abcdef0123') }

let bench: Bench
const sockets: WebSocket[] = []
beforeEach(async () => {
  bench = await openBench()
})
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.terminate()
  await bench.close()
})

/** A client without any manners of its own. */
async function connectRaw(path = `/ocpp/${identity}`): Promise<{
  socket: WebSocket
  ask: (text: string) => Promise<readonly unknown[]>
  next: () => Promise<readonly unknown[]>
}> {
  const socket = new WebSocket(`ws://127.0.0.1:${bench.system.port}${path}`, ['ocpp1.6'])
  sockets.push(socket)
  await once(socket, 'open')
  const next = async (): Promise<readonly unknown[]> => {
    const [data] = (await once(socket, 'message')) as [Buffer]
    return JSON.parse(String(data)) as unknown[]
  }
  const ask = (text: string): Promise<readonly unknown[]> => {
    const answer = next()
    socket.send(text)
    return answer
  }
  return { socket, ask, next }
}

/** Short enough to wait for. */
async function reopenImpatiently(): Promise<void> {
  await bench.close()
  bench = await openBench({ commandTimeoutMs: durationMs(200) })
}

/** HTTP status with which an upgrade was refused. */
function refusal(
  path: string,
  headers: Record<string, string> = {},
  protocols = ['ocpp1.6'],
): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`ws://127.0.0.1:${bench.system.port}${path}`, protocols, { headers })
    socket.on('error', () => undefined)
    socket.on('open', () => reject(new Error('admitted')))
    socket.on('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0))
  })
}

test.each([
  ['this is not JSON', '["never","ends"'],
  ['a number', '42'],
  ['an object', '{"transactionId":1}'],
  ['an unknown message type', '[9,"1","Heartbeat",{}]'],
  ['a message id that is a number', '[2,7,"Heartbeat",{}]'],
])('A frame that holds %s is answered with an error and reported', async (_name, frame) => {
  const { ask } = await connectRaw()
  expect((await ask(frame))[0]).toBe(4)
  await bench.shell.until(() => bench.shell.incidents('malformed-frame').length === 1)
  expect(await ask('[2,"after","Heartbeat",{}]')).toMatchObject([
    3,
    'after',
    { currentTime: expect.any(String) },
  ])
})

test('An action that nobody knows is refused by name and reported', async () => {
  const { ask } = await connectRaw()
  expect((await ask('[2,"1","BrewCoffee",{}]')).slice(0, 3)).toEqual([4, '1', 'NotImplemented'])
  await bench.shell.until(() => bench.shell.incidents('unknown-action')[0]?.action === 'BrewCoffee')
})

test('A status that OCPP does not have is refused and reported', async () => {
  const { ask } = await connectRaw()
  const answer = await ask(
    '[2,"1","StatusNotification",{"connectorId":1,"errorCode":"NoError","status":"Sleepy"}]',
  )
  expect(answer.slice(0, 3)).toEqual([4, '1', 'FormationViolation'])
  expect(bench.shell.incidents('schema-violation')).toHaveLength(1)
  expect(bench.shell.ofType('status')).toHaveLength(0)
})

test('A frame over the limit ends the link, is reported, and the charger may come back', async () => {
  const { socket } = await connectRaw()
  socket.send(`[2,"1","DataTransfer",{"vendorId":"${'x'.repeat(limits.ocppFrameBytesMax)}"}]`)
  const [code] = (await once(socket, 'close')) as [number]
  expect(code).toBe(1009)
  await bench.shell.until(() => bench.shell.incidents('oversize-frame').length === 1)
  const again = await connectRaw()
  expect((await again.ask('[2,"1","Heartbeat",{}]')).slice(0, 2)).toEqual([3, '1'])
})

test.each([
  ['an empty one', '{}'],
  ['one of nonsense', '{"transactionId":"x","meterStop":"lots","timestamp":"yesterday","reason":7}'],
  [
    'one with a field that OCPP does not have',
    '{"transactionId":1,"meterStop":5,"timestamp":"2026-01-01T00:00:00Z","x":1}',
  ],
  [
    'one nested too deep to be walked',
    `{"transactionId":1,"transactionData":${'['.repeat(20_000)}${']'.repeat(20_000)}}`,
  ],
  ['a list', '[]'],
  ['null', 'null'],
])('A StopTransaction is acknowledged even as %s', async (_name, payload) => {
  const { ask } = await connectRaw()
  expect(await ask(`[2,"1","StopTransaction",${payload}]`)).toEqual([3, '1', {}])
  expect(bench.shell.ofType('stop')).toHaveLength(1)
  expect(bench.shell.incidents('schema-violation')).toHaveLength(1)
})

test('A StartTransaction without a connector is answered with an id and recorded', async () => {
  const { ask } = await connectRaw()
  const answer = await ask('[2,"1","StartTransaction",{"idTag":"A","meterStart":"12.5","timestamp":""}]')
  expect(answer).toMatchObject([3, '1', { transactionId: 1 }])
  expect(bench.shell.ofType('start')[0]?.request).toMatchObject({ connectorId: 0, meterStartWh: 13 })
})

test('The same StopTransaction after a reconnect gets the same answer and reaches the shell once', async () => {
  const stop = { transactionId: 9, meterStop: 164, timestamp: '2026-01-01T00:00:00Z' }
  const first = await connectRaw()
  expect(await first.ask(frameOf('1', 'StopTransaction', stop))).toEqual([3, '1', {}])
  first.socket.terminate()
  const second = await connectRaw()
  expect(await second.ask(frameOf('2', 'StopTransaction', stop))).toEqual([3, '2', {}])
  expect(bench.shell.ofType('stop')).toHaveLength(1)
  expect(bench.shell.incidents('duplicate')).toHaveLength(1)
})

test('CALLs sent without waiting are handled and answered in their order', async () => {
  const { socket } = await connectRaw()
  const answers: unknown[] = []
  const all = new Promise<void>((resolve) =>
    socket.on('message', (data) => {
      answers.push((JSON.parse(String(data)) as unknown[])[1])
      if (answers.length === 3) resolve()
    }),
  )
  const time = '2026-01-01T00:00:00Z'
  socket.send(
    frameOf('a', 'StartTransaction', { connectorId: 1, idTag: 'T', meterStart: 0, timestamp: time }),
  )
  socket.send(frameOf('b', 'MeterValues', { connectorId: 1, transactionId: 1, meterValue: [] }))
  socket.send(frameOf('c', 'StopTransaction', { transactionId: 1, meterStop: 9, timestamp: time }))
  await all
  expect(answers).toEqual(['a', 'b', 'c'])
  const kinds = bench.shell.notes
    .map(({ type }) => type)
    .filter((type) => ['start', 'meter-values', 'stop'].includes(type))
  expect(kinds).toEqual(['start', 'meter-values', 'stop'])
})

test('A flood of CALLs is cut off instead of piling up', async () => {
  const { socket } = await connectRaw()
  const closed = once(socket, 'close')
  for (let count = 0; count < 500; count += 1) socket.send(`[2,"${count}","Heartbeat",{}]`)
  await closed
  expect(bench.shell.incidents('overload').length).toBeGreaterThan(0)
})

test('A charger that never answers lets commands run out of time, one after another', async () => {
  await reopenImpatiently()
  const charger = bench.charger()
  charger.dispatch({ type: 'set-faults', faults: { deaf: true } })
  await bench.shell.until(() => bench.shell.ofType('booted').length === 1)
  const results = await Promise.all([
    bench.commands.remoteStart(start),
    bench.commands.remoteStop(transactionId(1)),
  ])
  expect(results.map((result) => (result.ok ? 'ok' : result.error.code))).toEqual(['timeout', 'timeout'])
})

test('An answer that comes after its time limit is reported and does no harm', async () => {
  await reopenImpatiently()
  const { socket, next } = await connectRaw()
  const command = bench.commands.remoteStart(start)
  const [, messageId] = await next()
  expect(await command).toMatchObject({ ok: false, error: { code: 'timeout' } })
  socket.send(JSON.stringify([3, messageId, { status: 'Accepted' }]))
  await bench.shell.until(() => bench.shell.incidents('unexpected-answer').length === 1)
})

test.each([
  ['says no', [3, 'ID', { status: 'Rejected' }], 'rejected'],
  ['answers nonsense', [3, 'ID', { status: 'Perhaps' }], 'malformed'],
  ['does not know the command', [4, 'ID', 'NotImplemented', '', {}], 'not-supported'],
  ['fails inside', [4, 'ID', 'InternalError', '', {}], 'rejected'],
])('A charger that %s gives a result with a code', async (_name, answer, code) => {
  const { socket, next } = await connectRaw()
  const command = bench.commands.remoteStart(start)
  const [, messageId] = await next()
  socket.send(JSON.stringify(answer).replace('ID', String(messageId)))
  expect(await command).toMatchObject({ ok: false, error: { code } })
})

test('A command whose link breaks before the answer ends as disconnected, and so does one without a link', async () => {
  const { socket, next } = await connectRaw()
  const command = bench.commands.remoteStart(start)
  await next()
  socket.terminate()
  expect(await command).toMatchObject({ ok: false, error: { code: 'disconnected' } })
  expect(await bench.commands.remoteStart(start)).toMatchObject({
    ok: false,
    error: { code: 'disconnected' },
  })
})

test('More commands than a charger can need are refused at once', async () => {
  const { socket } = await connectRaw()
  const waiting = Array.from({ length: limits.ocppWaitingCommandsMax }, () =>
    bench.commands.unlock(connectorId(1)),
  )
  expect(await bench.commands.unlock(connectorId(1))).toMatchObject({
    ok: false,
    error: { code: 'overload' },
  })
  socket.terminate()
  const codes = (await Promise.all(waiting)).map((result) => (result.ok ? 'ok' : result.error.code))
  expect(new Set(codes)).toEqual(new Set(['disconnected']))
})

test('A charger that refuses to start, and one that forgets to, are told apart', async () => {
  const charger = bench.charger()
  charger.dispatch({ type: 'plug', connectorId: 1, vehicle: battery(60_000, 20, 50_000) })
  await bench.shell.until(() => bench.shell.ofType('status').some(({ status }) => status === 'Preparing'))
  charger.dispatch({ type: 'set-faults', faults: { remoteStart: 'reject' } })
  expect(await bench.commands.remoteStart(start)).toMatchObject({ ok: false, error: { code: 'rejected' } })
  charger.dispatch({ type: 'set-faults', faults: { remoteStart: 'accept-and-forget' } })
  expect(await bench.commands.remoteStart(start)).toMatchObject({ ok: true })
  expect(bench.shell.ofType('start')).toHaveLength(0)
})

test('A second link of the same charger replaces the first, whose end is no news any more', async () => {
  const first = await connectRaw()
  const closed = once(first.socket, 'close')
  const second = await connectRaw('/CP-1')
  await closed
  expect((await second.ask('[2,"1","Heartbeat",{}]')).slice(0, 2)).toEqual([3, '1'])
  expect(bench.commands.isConnected()).toBe(true)
  const links = bench.shell.notes.filter(({ type }) => type === 'connected' || type === 'disconnected')
  expect(links.map(({ type }) => type)).toEqual(['connected', 'disconnected', 'connected'])
})

test('An identity, path or subprotocol that is not known here is refused before there is a link', async () => {
  expect(await refusal('/ocpp/STRANGER')).toBe(404)
  expect(await refusal('/steve/CP-1')).toBe(404)
  expect(await refusal('/ocpp/CP-1', {}, ['ocpp2.1'])).toBe(400)
  expect(bench.shell.incidents('unknown-identity')).toMatchObject([
    { identity: 'STRANGER' },
    { identity: 'CP-1' },
  ])
  expect(bench.shell.incidents('wrong-protocol')).toHaveLength(1)
  expect(bench.shell.ofType('connected')).toHaveLength(0)
})

test('A charger with a password is admitted with it and with no other', async () => {
  await bench.close()
  bench = await openBench({ chargers: [{ identity, password: 'sesame' }] })
  const basic = (text: string) => ({ authorization: `Basic ${Buffer.from(text).toString('base64')}` })
  expect(await refusal('/ocpp/CP-1')).toBe(401)
  expect(await refusal('/ocpp/CP-1', basic('CP-1:wrong'))).toBe(401)
  expect(await refusal('/ocpp/CP-1', basic('CP-2:sesame'))).toBe(401)
  expect(bench.shell.incidents('wrong-password')).toHaveLength(3)
  bench.charger({}, 'sesame')
  await bench.shell.until(() => bench.shell.ofType('booted').length === 1)
})

test.each([
  ['that cannot be decoded', '/%E0%A4%A'],
  ['without an identity', '//'],
  ['with a NUL in it', '/ocpp/%00'],
  ['of 4,000 characters', `/${'x'.repeat(4_000)}`],
])('An upgrade to an address %s is refused and the controller lives on', async (_name, path) => {
  const socket = connect(bench.system.port, '127.0.0.1')
  const handshake =
    'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n'
  socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\n${handshake}Sec-WebSocket-Protocol: ocpp1.6\r\n\r\n`)
  const [reply] = (await once(socket, 'data')) as [Buffer]
  expect(String(reply)).toMatch(/^HTTP\/1\.1 404/)
  socket.destroy()
  const { ask } = await connectRaw()
  expect((await ask('[2,"1","Heartbeat",{}]')).slice(0, 2)).toEqual([3, '1'])
})

test('A browser that asks for a page gets none', async () => {
  const asked = request({ port: bench.system.port, host: '127.0.0.1', path: '/ocpp/CP-1' }).end()
  const [response] = (await once(asked, 'response')) as [{ statusCode: number }]
  expect(response.statusCode).toBe(404)
})

test('A port that somebody else has is a result with a code', async () => {
  const settings = { port: bench.system.port, chargers: [{ identity: chargePointIdentity('CP-2') }] }
  const second = await startCentralSystem(
    { ...settings, commandTimeoutMs: durationMs(100) },
    new RecordingShell(),
    { clock: systemClock, timers: systemTimers },
  )
  expect(second).toMatchObject({ ok: false, error: { code: 'address-in-use' } })
})

const frameOf = (messageId: string, action: string, payload: unknown): string =>
  JSON.stringify([2, messageId, action, payload])
