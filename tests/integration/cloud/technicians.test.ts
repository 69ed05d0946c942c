/** Passes for technicians, from the invitation to their revocation, as phones and chargers get them. */

import { afterAll, beforeAll, expect, test } from 'vitest'
import { grantSerial, publicKey } from '@/lib/core/ids'
import { expectOk } from '@/lib/core/result'
import { verifyWithNode } from '@/lib/crypto/node'
import { parseMessage } from '@/lib/protocol/message'
import { technicianPass } from '@/lib/protocol/messages/technician-pass'
import { revocations } from '@/lib/protocol/messages/revocations'
import { openIssued, openTrustList } from '@/lib/protocol/trust'
import type { Cloud } from '@/lib/cloud/context'
import { currentTrust } from '@/lib/cloud/issuance/queries'
import {
  inviteTechnician,
  listTechnicians,
  takeInvitation,
  type TechnicianInvitation,
} from '@/lib/cloud/issuance/technician-passes'
import { registerCharger, revokeSerial } from '@/lib/cloud/operator/commands'
import { openTestDatabase, type TestDatabase } from '../database-fixture'
import { bytesOf, freshSigner, openWorld, type World } from './world'

let database: TestDatabase
let world: World
let cloud: Cloud

beforeAll(async () => {
  database = await openTestDatabase()
  world = await openWorld(database)
  cloud = world.cloud
  await registerCharger(cloud, {
    chargerId: 'KIN-01',
    siteId: 'kinross',
    siteLabel: 'Kinross',
    bayLabel: 'A1',
  })
})
afterAll(() => database.close())

const invite = async (changes: Partial<TechnicianInvitation> = {}) =>
  expectOk(
    await inviteTechnician(cloud, {
      holder: 'Isla Reid',
      sites: ['kinross'],
      rights: 'service',
      days: 30,
      author: 'operator',
      ...changes,
    }),
    'an invitation',
  )

test('an invitation becomes a pass for the phone that brings it, and the same pass again', async () => {
  const { code, serial, url } = await invite()
  expect(url.endsWith(`/technician#${code}`)).toBe(true)
  const deviceKey = freshSigner().publicKey
  const bytes = expectOk(await takeInvitation(cloud, { code: code.toLowerCase(), deviceKey }), 'a pass')
  const trust = await currentTrust(cloud)
  const list = openTrustList(bytesOf(trust.trustList), publicKey(trust.root), verifyWithNode)
  const pass = openIssued(technicianPass, bytes, list!.payload, undefined, verifyWithNode)
  expect(pass?.payload).toMatchObject({ serial, key: deviceKey, sites: ['kinross'], rights: 3 })
  expect(expectOk(await takeInvitation(cloud, { code, deviceKey }), 'again')).toEqual(bytes)
  expect(await takeInvitation(cloud, { code, deviceKey: freshSigner().publicKey })).toMatchObject({
    ok: false,
    error: { code: 'technician.invitation' },
  })
})

test('a code that nobody gave out, an unknown site and a key that is none are refused', async () => {
  const deviceKey = freshSigner().publicKey
  expect(await takeInvitation(cloud, { code: 'ABCD-EFGH-JKMN-PQRS', deviceKey })).toMatchObject({
    error: { code: 'technician.invitation' },
  })
  const { code } = await invite({ rights: 'diagnostics', sites: [] })
  expect(await takeInvitation(cloud, { code, deviceKey: 'ff' })).toMatchObject({
    error: { code: 'phone.key' },
  })
  const elsewhere = { holder: 'x', sites: ['perth'], rights: 'service', days: 1, author: 'operator' } as const
  expect(await inviteTechnician(cloud, elsewhere)).toMatchObject({ error: { code: 'grant.site' } })
})

test('a pass that is taken back stands among the revocations, and an open invitation is worth nothing then', async () => {
  const { code, serial } = await invite()
  expectOk(await revokeSerial(cloud, { serial, author: 'operator' }), 'taken back')
  expect(await takeInvitation(cloud, { code, deviceKey: freshSigner().publicKey })).toMatchObject({
    error: { code: 'technician.invitation' },
  })
  const list = parseMessage(revocations, bytesOf((await currentTrust(cloud)).revocations))
  expect(expectOk(list, 'a list').payload.serials).toContain(grantSerial(serial))
  const states = new Map((await listTechnicians(cloud)).map((pass) => [pass.serial, pass.state]))
  expect(states.get(serial)).toBe('revoked')
  expect([...states.values()].sort()).toEqual(['invited', 'live', 'revoked'])
})
