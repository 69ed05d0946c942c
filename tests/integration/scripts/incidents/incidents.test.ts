/** A charger's incidents go to somebody outside, who checks them with the operator's root key alone. */

import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { expectOk } from '@/lib/core/result'
import { epochSeconds } from '@/lib/core/units'
import { encodeJournalEvent } from '@/lib/protocol/journal-event'
import { receiveBundle } from '@/lib/cloud/ingest/commands'
import { currentTrust } from '@/lib/cloud/issuance/queries'
import { incidents } from '@/scripts/incidents/main'
import { incidentFormat, type IncidentReport } from '@/lib/sync/incident-report'
import { Charger } from '../../cloud/world'
import { openOperatorPlace, type OperatorPlace } from '../operator-place'

let place: OperatorPlace
let chargerId: string
let file: string
let trust: string

const dayS = 86_400
const nightS = Date.parse('2026-09-10T23:30:00Z') / 1_000
const told = [
  ['clock.jump', 'A day back', nightS - 2 * dayS],
  ['safety.overheated', 'Bay 1: 91 °C', nightS],
  ['seal.broken', 'Meter: 0815', nightS + 60],
] as const

beforeAll(async () => {
  place = await openOperatorPlace()
  const { cloud } = place.opened
  const charger = await Charger.enrolled(cloud)
  chargerId = charger.id
  for (const [what, detail, timeS] of told) {
    const clock = { clockQuality: 'synchronised', version: '1.0.0' } as const
    charger.events.push(encodeJournalEvent({ kind: 'boot', timeS: epochSeconds(timeS - 1), ...clock }))
    charger.events.push(encodeJournalEvent({ kind: 'incident', timeS: epochSeconds(timeS), what, detail }))
  }
  const working = { ...cloud, config: { ...cloud.config, runsWorker: true } }
  expectOk(await receiveBundle(working, await charger.bundle()), 'bundle')
  file = join(place.folder, 'incidents.json')
  trust = join(place.folder, 'trust.json')
  writeFileSync(trust, JSON.stringify(await currentTrust(cloud)))
})
afterAll(() => place.close())

async function run(...args: readonly string[]) {
  const said = { out: '', complaints: '' }
  const code = await incidents(args, place.environment, {
    print: (text) => void (said.out += `${text}\n`),
    complain: (text) => void (said.complaints += `${text}\n`),
  })
  return { code, ...said }
}

const reportIn = (path: string): IncidentReport => JSON.parse(readFileSync(path, 'utf8')) as IncidentReport

test('a report holds what happened, the worst first, and is proven to whoever knows the root', async () => {
  expect(await run('export', chargerId, '--out', file)).toMatchObject({
    code: 0,
    out: `3 incidents of ${chargerId} are in ${file}.\n`,
  })
  const checked = await run('check', file, '--trust', trust)
  expect(checked).toMatchObject({ code: 0, complaints: '' })
  expect(checked.out.split('\n')).toEqual([
    expect.stringContaining(`3 incidents of ${chargerId}, all in its log of 6 events`),
    expect.stringContaining('danger    2026-09-10T23:30:00Z  safety.overheated  Bay 1: 91 °C'),
    expect.stringContaining('security  2026-09-10T23:31:00Z  seal.broken'),
    expect.stringContaining('fault     2026-09-08T23:30:00Z  clock.jump'),
    '',
  ])
})

test('days are UTC and whole', async () => {
  const day = ['--from', '2026-09-10', '--to', '2026-09-10']
  expect((await run('export', chargerId, '--out', file, ...day)).out).toContain('2 incidents')
  expect((await run('export', chargerId, '--out', file, '--to', '2026-09-09')).out).toContain('1 incidents')
  expect((await run('check', file, '--trust', trust)).code).toBe(0)
})

test.each<[string, (report: IncidentReport) => unknown]>([
  ['other words', (r) => edited(r, { detail: 'Bay 1: 31 °C' })],
  ['a milder name', (r) => edited(r, { severity: 'notice' })],
  ['another place in the log', (r) => edited(r, { seq: 2 })],
  ['another time', (r) => edited(r, { timeS: 1 })],
  ['a proof of something else', (r) => edited(r, { proof: r.incidents[0]?.proof ?? [] })],
  ['an event that was never written', (r) => edited(r, { event: r.incidents[0]?.event ?? '' })],
  ['no proof', (r) => edited(r, { proof: 'none' as never })],
  ['a later epoch', (r) => ({ ...r, epoch: 7 })],
  ['another charger', (r) => ({ ...r, device: 'KIN-99' })],
  ['a certificate cut short', (r) => ({ ...r, certificate: r.certificate.slice(0, -4) })],
  ['a checkpoint cut short', (r) => ({ ...r, checkpoint: r.checkpoint.slice(0, -4) })],
  ['another format', (r) => ({ ...r, format: 'outpost-incidents/2' })],
  ['no list', (r) => ({ ...r, incidents: 3 })],
  ['nothing', () => null],
])('a report with %s does not hold', async (_name, change) => {
  await run('export', chargerId, '--out', file)
  expect(reportIn(file).format).toBe(incidentFormat)
  writeFileSync(file, JSON.stringify(change(reportIn(file))))
  expect(await run('check', file, '--trust', trust)).toMatchObject({
    code: 2,
    out: '',
    complaints: expect.stringMatching(/^The report does not hold: (?:api|device)\./) as string,
  })
})

/** In the incident in the middle. */
const edited = (report: IncidentReport, change: object): object => ({
  ...report,
  incidents: report.incidents.map((one, index) => (index === 1 ? { ...one, ...change } : one)),
})

test('another operator vouches for nothing of ours, and a charger without a log has no report', async () => {
  await run('export', chargerId, '--out', file)
  expect(await run('check', file, '--trust', 'docs/samples/trust.json')).toMatchObject({
    code: 2,
    complaints: 'The report does not hold: device.unknown\n',
  })
  expect(await run('export', 'NOBODY', '--out', file)).toMatchObject({ code: 2 })
})

test.each([
  [['dance']],
  [['export', 'KIN-1']],
  [['check', 'x']],
  [['export', 'K', '--out', 'x', '--from', 'May']],
])('%j is answered with how to ask', async (args) => {
  const said = await run(...args)
  expect(said).toMatchObject({ code: 1, out: '' })
  expect(said.complaints).toContain('npm run incidents -- export')
})
