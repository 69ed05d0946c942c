/** Lists of drivers at their edges: files that are no text, guards against formulas, two acts at once, and what is forgotten. */

import { afterAll, beforeAll, expect, test } from 'vitest'
import { expectOk } from '@/lib/core/result'
import { openDatabase } from '@/lib/cloud/database/connection'
import { forgetAllOld, retentionDays, retentionRole } from '@/lib/cloud/database/retention'
import { removeFromRoster } from '@/lib/cloud/drivers/change-roster'
import { importsOf, previewOf, refusedRowsOf, takeImport, undoImport } from '@/lib/cloud/drivers/imports'
import { rosterLimits } from '@/lib/cloud/drivers/roster-kinds'
import { driverOf, driversOf } from '@/lib/cloud/drivers/roster-list'
import { changeRules } from '@/lib/cloud/fleet/change-token'
import { issueToken } from '@/lib/cloud/fleet/commands'
import { tokenOf } from '@/lib/cloud/fleet/token-list'
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
const order = { fleetId, kind: 'drivers' } as const

async function world() {
  const opened = await openWorld(database)
  await seedDemo(opened.cloud)
  return opened
}

const take = (cloud: Cloud, csv: string, idempotencyKey = `import-${csv.length}`) =>
  takeImport(cloud, { ...order, author, csv, idempotencyKey })
const idOf = async (cloud: Cloud, search: string) =>
  expectOk(await driversOf(cloud, fleetId, { search }), 'drivers').drivers[0]?.driverId ?? 'nobody'

test('a file with the character 0 is refused whole, before anything is written', async () => {
  const { cloud } = await world()
  const csv = 'name,reference\nAilsa Reid,1001\nNo\0text,1002'
  expect(await take(cloud, csv)).toMatchObject({ error: { code: 'api.malformed' } })
  expect(expectOk(await importsOf(cloud, fleetId), 'imports').imports).toEqual([])
})

test('a refused row is told by its line in the file, whatever empty lines stand before it', async () => {
  const { cloud } = await world()
  const csv = 'name,email\r\n\r\n\r\nIsla,no address\r\n"Two\r\nlines",x@x.example\r\n,y@x.example\r\n'
  const { refused } = expectOk(await previewOf(cloud, { ...order, csv }), 'preview')
  expect(refused.map(({ line, code }) => [line, code])).toEqual([
    [4, 'email'],
    [5, 'characters'],
    [7, 'missing'],
  ])
})

test('rows that came back harmless for a spreadsheet are mended and sent again as they were', async () => {
  const { cloud } = await world()
  const { importId } = expectOk(await take(cloud, 'name,reference,email\n=Ailsa,-,no address'), 'taken')
  const back = expectOk(await refusedRowsOf(cloud, fleetId, importId), 'refused')
  expect(back).toContain("'=Ailsa,'-,no address")
  const mended = back.replace('no address', 'a@x.example')
  expect(expectOk(await take(cloud, mended), 'taken').counts).toMatchObject({ add: 1, refused: 0 })
  const { drivers } = expectOk(await driversOf(cloud, fleetId, {}), 'drivers')
  expect(drivers).toMatchObject([{ name: '=Ailsa', reference: '-', email: 'a@x.example' }])
})

test('the longest file is taken, and one row more is not', async () => {
  const { cloud } = await world()
  const rows = Array.from({ length: rosterLimits.importRowsMax }, (_, index) => `Driver ${index},${index}`)
  const longest = ['name,reference', ...rows].join('\n')
  expect(await take(cloud, `${longest}\nOne more,x`)).toMatchObject({ error: { code: 'api.too-large' } })
  expect(expectOk(await take(cloud, longest), 'taken').counts.add).toBe(rosterLimits.importRowsMax)
})

test('a token is never left with a driver whose import is taken back at the same moment', async () => {
  const { cloud } = await world()
  const rules = { sessionCapMinor: 2_000, dailyLimitMinor: 0 }
  const issued = await issueToken(cloud, {
    ...{ ...rules, fleetId, driverName: 'Van', capMinor: 2_000, days: 7, idempotencyKey: 'one', author },
  })
  const { tokenId } = expectOk(issued, 'token')
  for (let round = 0; round < 12; round += 1) {
    const csv = `name,reference\nGone ${round},g${round}`
    const { importId } = expectOk(await take(cloud, csv, `round-${round}`), 'taken')
    const driverId = await idOf(cloud, `Gone ${round}`)
    const [changed, undone] = await Promise.all([
      changeRules(cloud, { ...rules, fleetId, tokenId, author, driverId }),
      undoImport(cloud, { fleetId, importId, author }),
    ])
    const isThere = (await driverOf(cloud, fleetId, driverId)).ok
    expect([changed.ok, expectOk(undone, 'undone').takenBack]).toEqual(isThere ? [true, 0] : [false, 1])
    const token = expectOk(await tokenOf(cloud, fleetId, tokenId), 'token')
    if (isThere) expect(token.driver).toMatchObject({ driverId })
  }
})

test('an import can be taken back for its time, and who was taken off the list is forgotten after a year', async () => {
  const { cloud, pass } = await world()
  const { tenant } = cloud.config
  const { importId } = expectOk(await take(cloud, 'name,email\nAilsa,a@x.example\nIsla,no address'), 'taken')
  const driverId = await idOf(cloud, 'Ailsa')
  expectOk(await removeFromRoster(cloud, { ...order, author, id: driverId }), 'removed')
  const keeper = openDatabase(database.url, { connections: 1, role: retentionRole })
  const forget = () => forgetAllOld(keeper, tenant, cloud.clock.nowS())
  try {
    pass(retentionDays.imports * 86_400)
    expect(await forget()).toMatchObject({ imports: 0, rosterRows: 0 })
    pass(1)
    expect(await forget()).toMatchObject({ imports: 1, rosterRows: 0 })
    expect(await refusedRowsOf(cloud, fleetId, importId)).toMatchObject({ error: { code: 'api.not-found' } })
    expect(await undoImport(cloud, { fleetId, importId, author })).toMatchObject({
      error: { code: 'api.not-found' },
    })
    pass((retentionDays.roster - retentionDays.imports) * 86_400)
    expect(await forget()).toMatchObject({ imports: 0, rosterRows: 1 })
    expect((await driverOf(cloud, fleetId, driverId)).ok).toBe(false)
  } finally {
    await keeper.destroy()
  }
})
