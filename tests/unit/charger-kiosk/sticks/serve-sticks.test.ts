import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { findSticks } from '@/charger-kiosk/sticks/find-sticks'
import { serveSticks } from '@/charger-kiosk/sticks/serve-sticks'
import { StickWorld } from '@/tests/fixtures/stick-world'

let world: StickWorld

beforeEach(async () => {
  world = await StickWorld.create()
  await world.kiosk.controller.takeNews({ trustList: await world.trust() })
})
afterEach(() => world.remove())

const serve = () => serveSticks([world.folder], world.post, world.kiosk.time)
const prepared = (name: string): string => {
  const path = world.stick(name)
  mkdirSync(join(path, 'outpost'))
  return path
}

test('a stick is a folder that was prepared; files, links and other folders are none', async () => {
  const [second, first] = [prepared('B'), prepared('A')]
  world.stick('EMPTY')
  writeFileSync(join(world.folder, 'file'), '')
  symlinkSync(first, join(world.folder, 'link'))
  const linked = world.stick('LINKED')
  symlinkSync(join(first, 'outpost'), join(linked, 'outpost'))
  expect(await findSticks([join(world.folder, 'nowhere'), world.folder])).toEqual([first, second])
})

test('a folder that something is mounted on is a stick, prepared or not', async () => {
  expect(await findSticks(['/'])).toContain('/proc')
})

test('every stick that is plugged in is served, and one that fails keeps no other from it', async () => {
  const [bad, good] = [prepared('BAD'), prepared('GOOD')]
  mkdirSync(join(world.file(bad, 'parcels'), 'in the way'), { recursive: true })
  const { sticks, outcome } = await serve()
  expect(sticks).toMatchObject([
    { name: 'BAD', parcels: 0, fault: { code: 'stick.unreadable' } },
    { name: 'GOOD', parcels: 1, isPart: false, fault: null },
  ])
  expect(outcome).toEqual({ ok: false, error: 'stick.unreadable' })
  await world.carry(good)
  expect((await serve()).sticks[1]).toMatchObject({ news: 1 })
})

test('no stick is a reason of its own', async () => {
  expect(await serve()).toEqual({ sticks: [], outcome: { ok: false, error: 'stick.missing' } })
})

test('what it says of many sticks fits into a line of the log', async () => {
  for (const name of ['A', 'B', 'C', 'D', 'E']) prepared(name)
  const { sticks, outcome } = await serve()
  expect(sticks).toHaveLength(4)
  expect(outcome.ok && outcome.value.length).toBeLessThanOrEqual(200)
})
