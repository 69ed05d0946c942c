import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { fromBase64Url } from '@/lib/core/bytes'
import { publicKey } from '@/lib/core/ids'
import { grant } from '@/lib/protocol/messages/grant'
import { openIssued, openTrustList } from '@/lib/protocol/trust'
import { currentTrust } from '@/lib/cloud/issuance/queries'
import { openAccount, Phone } from '../../cloud/world'
import { openOperatorPlace, runHere, type OperatorPlace } from '../operator-place'
import { runScript } from '../run-script'

let place: OperatorPlace

beforeAll(async () => {
  place = await openOperatorPlace()
})
afterAll(() => place.close())

const keys = (...args: readonly string[]) => place.run('keys', ...args)
const keyFile = (name: string) => join(place.folder, 'keys', `${name}.key`)

test('the issuer’s key is replaced with the root at hand, without a moment in which anything is refused', async () => {
  const before = place.opened.cloud.issuer.publicKey
  const phone = await Phone.withGrant(place.opened.cloud, await openAccount(place.opened.cloud, 5_000))
  expect((await keys('activate')).complaints).toMatch(/no next key/)
  expect(await keys('rotate-issuer')).toMatchObject({ code: 0, complaints: '' })
  const listed = (await runScript('keys', ['status'], place.environment)).out
  expect(listed).toMatch(/^list 2 /)
  expect(listed).toMatch(new RegExp(`${before}.*signs now`))
  expect(listed).toMatch(/next$/m)
  expect(await keys('activate')).toMatchObject({ code: 0 })
  expect(existsSync(keyFile(`issuer-${before.slice(0, 16)}`))).toBe(true)
  const { cloud } = await place.start()
  expect(cloud.issuer.publicKey).not.toBe(before)
  const { root, trustList } = await currentTrust(cloud)
  const trust = openTrustList(fromBase64Url(trustList)!, publicKey(root), cloud.verify)!.payload
  const next = await Phone.withGrant(cloud, await openAccount(cloud, 5_000))
  for (const held of [phone, next])
    expect(openIssued(grant, held.grant.bytes, trust, cloud.clock.nowS(), cloud.verify)).toBeDefined()
})

test('where the root’s key is kept elsewhere, a request goes there and a signed list comes back', async () => {
  const elsewhere = join(place.folder, 'safe')
  mkdirSync(join(elsewhere, 'keys'), { recursive: true })
  renameSync(keyFile('root'), join(elsewhere, 'keys', 'root.key'))
  expect((await keys('rotate-issuer')).complaints).toMatch(/"request" here/)
  const request = join(elsewhere, 'request.txt')
  writeFileSync(request, (await keys('request')).out)
  const atTheRoot = { ...place.environment, OUTPOST_VAR: elsewhere, DATABASE_URL: '' }
  const signed = await runHere('keys', ['sign', request], atTheRoot)
  expect(signed).toMatchObject({ code: 0, complaints: expect.stringMatching(/list 3/) as string })
  const list = join(place.folder, 'list.txt')
  writeFileSync(list, signed.out)
  expect(await keys('import', request)).toMatchObject({ code: 2 })
  expect(await keys('import', list)).toMatchObject({ code: 0 })
  expect((await keys('import', list)).complaints).toMatch(/sequence 3; the next one is 4/)
  expect(await keys('activate')).toMatchObject({ code: 0 })
  // Starts without the root's key, and makes no new one.
  await place.start()
  expect(existsSync(keyFile('root'))).toBe(false)
})

test.each([[['dance']], [['sign']], [['status', 'all']], [['request', '--overlap-days', '10']]])(
  '%j is answered with how to ask',
  async (args) => {
    const { code, complaints } = await keys(...args)
    expect(code).toBe(1)
    expect(complaints).toContain('npm run keys -- <command>')
  },
)
