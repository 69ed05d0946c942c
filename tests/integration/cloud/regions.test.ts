/** A tenant's data stays in the region that it named: in its database, in its backups, and where these are put back. */

import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { generateIdentity, identityToRecipient } from 'age-encryption'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { expectOk } from '@/lib/core/result'
import { restoreBackup } from '@/lib/cloud/backup/restore-backup'
import { writeBackup } from '@/lib/cloud/backup/write-backup'
import type { Cloud } from '@/lib/cloud/context'
import { inTenant } from '@/lib/cloud/database/connection'
import { declareRegion } from '@/lib/cloud/database/region'
import { takeImport } from '@/lib/cloud/drivers/imports'
import { receiveBundle } from '@/lib/cloud/ingest/commands'
import { proveLedger } from '@/lib/cloud/ledger/queries'
import { establishOperator } from '@/lib/cloud/operator/commands'
import { demo, seedDemo } from '@/lib/cloud/operator/seed-demo'
import { openTestDatabase, type TestDatabase } from '../database-fixture'
import { Charger, openAccount, openWorld, Phone } from './world'

let europe: TestDatabase
let america: TestDatabase
let folder: string
let identity: string
let recipient: string
let cloud: Cloud

beforeAll(async () => {
  ;[europe, america] = await Promise.all([openTestDatabase(), openTestDatabase()])
  folder = mkdtempSync(join(tmpdir(), 'regions-'))
  identity = await generateIdentity()
  recipient = await identityToRecipient(identity)
  await declareRegion(europe.url, 'eu-central')
  await declareRegion(america.url, 'us-east')
  cloud = inRegion((await openWorld(europe)).cloud, 'eu-central')
  await establishOperator(cloud, undefined, 'Ours')
  await fill(cloud)
}, 60_000)
afterAll(async () => {
  await Promise.all([europe.close(), america.close()])
  rmSync(folder, { recursive: true, force: true })
})

const inRegion = (world: Cloud, region: string): Cloud => ({
  ...world,
  config: { ...world.config, region },
})

async function fill(world: Cloud): Promise<void> {
  await seedDemo(world)
  const csv = 'name,email\nAilsa Reid,ailsa@example.org'
  const drivers = { fleetId: demo.fleetId, kind: 'drivers', author: demo.managerId, csv } as const
  expectOk(await takeImport(world, { ...drivers, idempotencyKey: 'drivers' }), 'import')
  const phone = await Phone.withGrant(world, await openAccount(world, 10_000), 4_000)
  const charger = await Charger.enrolled(world)
  await charger.charge(phone, 3_000, 20_000)
  expectOk(await receiveBundle(world, await charger.bundle()), 'bundle')
}

async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  return work(client).finally(() => client.end())
}

const tablesOf = (client: pg.Client) =>
  client.query<{ name: string }>(
    `select c.relname as name from pg_class c where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace
      and exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant') order by 1`,
  )

/** Every row of the tenant, by table. */
const rowsOf = (url: string): Promise<Record<string, readonly string[]>> =>
  withClient(url, async (client) => {
    const all: Record<string, readonly string[]> = {}
    for (const { name } of (await tablesOf(client)).rows) {
      const { rows } = await client.query<{ line: string }>(
        `select row_to_json(t)::text as line from ${name} t where tenant = $1 order by 1`,
        [cloud.config.tenant],
      )
      all[name] = rows.map(({ line }) => line)
    }
    return all
  })

function place(name: string, standsIn?: string): string {
  const path = join(folder, name)
  mkdirSync(path, { recursive: true })
  if (standsIn !== undefined) writeFileSync(join(path, 'outpost-region'), `${standsIn}\n`)
  return path
}

let count = 0
const backUp = (to: string) => {
  count += 1
  const order = { adminUrl: europe.url, tenant: cloud.config.tenant, recipient, nowS: 1_790_000_000 + count }
  return writeBackup({ ...order, folder: to })
}

test('a tenant of one region cannot be kept in a database of another, whoever tries', async () => {
  const abroad = inRegion((await openWorld(america)).cloud, 'eu-central')
  await expect(establishOperator(abroad, undefined, 'Ours')).rejects.toThrow(/does not stand in eu-central/)
  await withClient(america.url, (client) =>
    expect(
      client.query(
        `insert into tenants (tenant, name, currency, region) values ('x', 'X', 'EUR', 'eu-central')`,
      ),
    ).rejects.toThrow(/tenants_region_here/),
  )
  await withClient(america.url, async (client) => {
    for (const { name } of (await tablesOf(client)).rows) {
      const { rows } = await client.query(
        `select 1 from ${name} where tenant in (select tenant from tenants where region = 'eu-central')`,
      )
      expect(rows, name).toEqual([])
    }
  })
})

test('the region of a database or a tenant is said once, and a process that is said to run elsewhere stops', async () => {
  expect(await declareRegion(europe.url, 'eu-central')).toBe('known')
  await expect(declareRegion(europe.url, 'us-east')).rejects.toThrow(/stands in eu-central/)
  await expect(declareRegion(europe.url, 'Frankfurt!')).rejects.toThrow(/such as eu-central/)
  await expect(establishOperator(inRegion(cloud, 'us-east'), undefined, 'Ours')).rejects.toThrow(
    /keeps its data in eu-central/,
  )
  const { region: _, ...unsaid } = cloud.config
  await expect(establishOperator({ ...cloud, config: unsaid }, undefined, 'Ours')).rejects.toThrow(
    /OUTPOST_REGION/,
  )
  await withClient(europe.url, async (client) => {
    await client.query('set role outpost_app')
    await expect(client.query(`insert into regions_here values (0, 'us-east')`)).rejects.toThrow(
      /permission denied/,
    )
  })
})

test('a backup goes into a folder of its region alone, and nobody reads a name in it', async () => {
  await expect(backUp(place('unmarked'))).rejects.toThrow(/does not say where it stands/)
  await expect(backUp(place('abroad', 'us-east'))).rejects.toThrow(/stays in eu-central/)
  expect([...readdirSync(join(folder, 'unmarked')), ...readdirSync(join(folder, 'abroad'))]).toEqual([
    'outpost-region',
  ])
  const { path, rows } = await backUp(place('home', 'eu-central'))
  expect(rows).toBeGreaterThan(30)
  expect(path).toContain('eu-central')
  const content = readFileSync(path)
  for (const name of ['Ailsa', 'ailsa@example.org', 'kinross', 'device_events']) {
    expect(content.includes(name), name).toBe(false)
  }
})

test('what was backed up comes back row for row, in its region, once', async () => {
  const { path, rows } = await backUp(place('home', 'eu-central'))
  const before = await rowsOf(europe.url)
  const other = await openTestDatabase()
  try {
    const restore = (url: string, key = identity) => restoreBackup({ adminUrl: url, path, identity: key })
    await expect(restore(other.url)).rejects.toThrow(/has not said where it stands/)
    await expect(restore(america.url)).rejects.toThrow(/stays in eu-central/)
    await declareRegion(other.url, 'eu-central')
    await expect(restore(other.url, await generateIdentity())).rejects.toThrow(/does not open/)
    expect(await restore(other.url)).toEqual({ tenant: cloud.config.tenant, rows })
    expect(await rowsOf(other.url)).toEqual(before)
    expect(Object.values(before).flat()).toHaveLength(rows)
    await expect(restore(other.url)).rejects.toThrow(/in this database already/)
    const proof = await inTenant(other.db, cloud.config.tenant, (tx) => proveLedger(tx, cloud.config.tenant))
    expect(proof).toMatchObject({ isProved: true })
    await withClient(other.url, async (client) => {
      const { rows: loops } = await client.query(
        `select 1 from pg_constraint where contype = 'f' and condeferrable`,
      )
      expect(loops).toEqual([])
    })
  } finally {
    await other.close()
  }
})

test('a backup that was cut or changed puts nothing back', async () => {
  const { path } = await backUp(place('home', 'eu-central'))
  const whole = readFileSync(path)
  const other = await openTestDatabase()
  try {
    await declareRegion(other.url, 'eu-central')
    const damaged = join(folder, 'damaged.age')
    const restore = () => restoreBackup({ adminUrl: other.url, path: damaged, identity })
    for (const content of [
      whole.subarray(0, 100),
      whole.subarray(0, Math.floor(whole.length / 2)),
      whole.subarray(0, whole.length - 1),
      Buffer.from(whole.map((byte, index) => (index === whole.length - 40 ? byte ^ 1 : byte))),
      Buffer.from('no backup at all'),
    ]) {
      writeFileSync(damaged, content)
      await expect(restore()).rejects.toThrow(/damaged|does not open|cut short/)
    }
    expect(Object.values(await rowsOf(other.url)).flat()).toEqual([])
  } finally {
    await other.close()
  }
})
