/** Drivers and vehicles of a fleet: lists, what a token says of them, and imports of whole files with their undo. */

import { afterAll, beforeAll, expect, test } from 'vitest'
import { expectOk } from '@/lib/core/result'
import {
  addToRoster,
  changeInRoster,
  removeFromRoster,
  restoreToRoster,
} from '@/lib/cloud/drivers/change-roster'
import { importsOf, previewOf, refusedRowsOf, takeImport, undoImport } from '@/lib/cloud/drivers/imports'
import { driverOf, driversOf, vehiclesOf } from '@/lib/cloud/drivers/roster-list'
import { issueToken } from '@/lib/cloud/fleet/commands'
import { demo, seedDemo } from '@/lib/cloud/operator/seed-demo'
import type { Cloud } from '@/lib/cloud/context'
import { openTestDatabase, type TestDatabase } from '../database-fixture'
import { openWorld } from './world'

let database: TestDatabase
beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

const { fleetId, managerId: author } = demo
const drivers = { fleetId, author, kind: 'drivers' } as const

async function world(): Promise<Cloud> {
  const { cloud } = await openWorld(database)
  await seedDemo(cloud)
  return cloud
}

const add = (cloud: Cloud, name: string, reference: string | null = null) =>
  addToRoster(cloud, {
    ...drivers,
    cells: { name, reference, email: null },
    idempotencyKey: `add-${name}-${reference ?? ''}`.replaceAll(' ', '-'),
  })

const listed = async (cloud: Cloud, query = {}) => expectOk(await driversOf(cloud, fleetId, query), 'drivers')
const names = async (cloud: Cloud, query = {}) => (await listed(cloud, query)).drivers.map(({ name }) => name)
const take = (cloud: Cloud, csv: string, idempotencyKey = `import-${csv.length}`) =>
  takeImport(cloud, { ...drivers, csv, idempotencyKey })

const tokenFor = (cloud: Cloud, driverId: string) =>
  issueToken(cloud, {
    ...{ fleetId, driverName: 'Ailsa Reid', capMinor: 2_000, sessionCapMinor: 2_000, dailyLimitMinor: 0 },
    ...{ days: 7, idempotencyKey: 'drivers-token', author, driverId },
  })

test('a driver is added once by one key, and nobody else by the same reference', async () => {
  const cloud = await world()
  const id = expectOk(await add(cloud, 'Ailsa Reid', 'A-1001'), 'added')
  expect(await add(cloud, 'Ailsa Reid', 'A-1001')).toEqual({ ok: true, value: id })
  expect(await add(cloud, 'Hamish Bain', 'a-1001')).toMatchObject({ error: { code: 'api.conflict' } })
  expect(await names(cloud)).toEqual(['Ailsa Reid'])
})

test('removing tells of tokens and leaves them; a reference that was given away keeps somebody out', async () => {
  const cloud = await world()
  const id = expectOk(await add(cloud, 'Ailsa Reid', '1001'), 'added')
  expectOk(await tokenFor(cloud, id), 'token')
  expect(await driverOf(cloud, fleetId, id)).toMatchObject({ value: { tokens: 1, spentMonthMinor: 0 } })
  expect(await removeFromRoster(cloud, { ...drivers, id })).toEqual({ ok: true, value: { tokens: 1 } })
  expect(await names(cloud)).toEqual([])
  expect(await names(cloud, { state: 'removed' })).toEqual(['Ailsa Reid'])
  const other = expectOk(await add(cloud, 'Hamish Bain', '1001'), 'added')
  const restore = () => restoreToRoster(cloud, { ...drivers, id })
  expect(await restore()).toMatchObject({ error: { code: 'api.conflict' } })
  const cells = { name: 'Hamish Bain', reference: '1002', email: null }
  expectOk(await changeInRoster(cloud, { ...drivers, id: other, cells }), 'changed')
  expectOk(await restore(), 'restored')
  expect(await names(cloud)).toEqual(['Ailsa Reid', 'Hamish Bain'])
})

test('another fleet finds nothing by a guessed id', async () => {
  const cloud = await world()
  const id = expectOk(await add(cloud, 'Ailsa Reid'), 'added')
  const away = { ...drivers, fleetId: 'f'.repeat(32), id }
  expect(await driverOf(cloud, away.fleetId, id)).toMatchObject({ error: { code: 'api.not-found' } })
  expect(await removeFromRoster(cloud, away)).toMatchObject({ error: { code: 'api.not-found' } })
})

test('pages join without a gap, and a search looks into every cell', async () => {
  const cloud = await world()
  const rows = Array.from({ length: 120 }, (_, index) => `Driver ${index},${index},d${index}@x.example`)
  expectOk(await take(cloud, ['name,reference,email', ...rows].join('\n')), 'taken')
  const first = await listed(cloud)
  const second = await listed(cloud, { cursor: first.next })
  const third = await listed(cloud, { cursor: second.next })
  expect([first.total, first.drivers.length, third.drivers.length, third.next]).toEqual([120, 50, 20, null])
  const all = [first, second, third].flatMap((page) => page.drivers.map(({ driverId }) => driverId))
  expect(new Set(all).size).toBe(120)
  expect(await names(cloud, { search: 'D77@X' })).toEqual(['Driver 77'])
})

test('an import adds, changes and tells what it refuses, exactly as its preview said', async () => {
  const cloud = await world()
  expectOk(await add(cloud, 'Ailsa Reid', '1001'), 'added')
  expectOk(await add(cloud, 'Eilidh Stewart', '1003'), 'added')
  const csv = [
    'name;reference;email',
    'Ailsa Reid-Bain;1001;ailsa@x.example',
    'Eilidh Stewart;1003;',
    'Callum Drummond;1004;',
    ';1005;',
    'Isla;1006;no address',
    'Twice;1004;',
    `${'x'.repeat(61)};1007;`,
  ].join('\r\n')
  const preview = expectOk(await previewOf(cloud, { fleetId, kind: 'drivers', csv }), 'preview')
  expect(preview.counts).toEqual({ add: 1, change: 1, same: 1, refused: 4 })
  expect(preview.refused.map(({ line, column, code }) => [line, column, code])).toEqual([
    [5, 'name', 'missing'],
    [6, 'email', 'email'],
    [7, 'reference', 'twice'],
    [8, 'name', 'too-long'],
  ])
  expect((await listed(cloud)).total).toBe(2)
  const taken = expectOk(await take(cloud, csv), 'taken')
  expect(taken.counts).toEqual(preview.counts)
  expect(await take(cloud, csv)).toEqual({ ok: true, value: taken })
  expect(await names(cloud)).toEqual(['Ailsa Reid-Bain', 'Callum Drummond', 'Eilidh Stewart'])
  const refused = expectOk(await refusedRowsOf(cloud, fleetId, taken.importId), 'refused')
  expect(refused.trim().split('\r\n')).toHaveLength(5)
  expect(expectOk(await importsOf(cloud, fleetId), 'imports').imports).toMatchObject([
    { counts: taken.counts },
  ])
})

test('an undo takes back what the import did, but nothing that was changed since or stands in a token', async () => {
  const cloud = await world()
  expectOk(await add(cloud, 'Ailsa Reid', '1001'), 'added')
  const csv = 'name,reference\nAilsa Bain,1001\nGone,1\nChanged,2\nHeld,3'
  const { importId } = expectOk(await take(cloud, csv), 'taken')
  const idOf = async (name: string) =>
    (await listed(cloud, { search: name })).drivers[0]?.driverId ?? 'nobody'
  const cells = { name: 'Changed since', reference: '2', email: null }
  expectOk(await changeInRoster(cloud, { ...drivers, id: await idOf('Changed'), cells }), 'changed')
  expectOk(await tokenFor(cloud, await idOf('Held')), 'token')
  const undo = () => undoImport(cloud, { fleetId, importId, author })
  expect(await undo()).toEqual({ ok: true, value: { takenBack: 2, kept: 2 } })
  expect(await names(cloud)).toEqual(['Ailsa Reid', 'Changed since', 'Held'])
  expect(await undo()).toMatchObject({ error: { code: 'api.conflict' } })
})

test('a file without its needed column is refused, and a vehicle is found however its plate is spaced', async () => {
  const cloud = await world()
  expect(await take(cloud, 'reference,email\n1,a@x.example')).toMatchObject({
    error: { code: 'api.malformed' },
  })
  const vehicles = (csv: string) =>
    takeImport(cloud, { fleetId, author, kind: 'vehicles', csv, idempotencyKey: `vehicles-${csv.length}` })
  expectOk(await vehicles('plate,name,class\nSV24 ABC,Van 7,2'), 'taken')
  const again = expectOk(await vehicles('plate,name\nsv24abc,Van 8'), 'taken')
  expect(again.counts).toEqual({ add: 0, change: 1, same: 0, refused: 0 })
  expect(await vehiclesOf(cloud, fleetId, {})).toMatchObject({
    value: { vehicles: [{ plate: 'sv24abc', name: 'Van 8', class: 2 }] },
  })
})
