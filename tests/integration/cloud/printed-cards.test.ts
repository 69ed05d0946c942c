/**
 * A printed card from its issue to the books: real controllers sell to it without a network, their bundles travel by
 * roads that lose and double, and a copy of it is spent elsewhere.
 */

import { afterAll, beforeAll, expect, test } from 'vitest'
import { toBytes, type Bytes } from '@/lib/core/bytes'
import { chargerId, publicKey, type GrantSerial } from '@/lib/core/ids'
import { err, expectOk } from '@/lib/core/result'
import { envelopeToText } from '@/lib/protocol/envelope'
import { memoryRoad, type Mishap } from '@/lib/roads/memory-road'
import { parseNews } from '@/lib/roads/sync-reply'
import { decideCase, reviewCase } from '@/lib/cloud/cases/commands'
import { openCasesOf } from '@/lib/cloud/cases/queries'
import type { Cloud } from '@/lib/cloud/context'
import { inTenant } from '@/lib/cloud/database/connection'
import { answerBundle } from '@/lib/cloud/device-replies'
import { enrolCharger } from '@/lib/cloud/issuance/commands'
import { currentTrust } from '@/lib/cloud/issuance/queries'
import {
  cardDebtorOf,
  receivableAccount,
  reserveAccount,
  revenueAccount,
  taxAccount,
  walletAccount,
} from '@/lib/cloud/ledger/accounts'
import { issueVouchers, registerCharger } from '@/lib/cloud/operator/commands'
import { receiptsOf } from '../../fixtures/kiosk-receipts'
import { KioskWorld } from '../../fixtures/kiosk-world'
import { openTestDatabase, type TestDatabase } from '../database-fixture'
import { availableMinor, balanceMinor, bytesOf, freshSigner, openAccount, openWorld, proof } from './world'

let database: TestDatabase

beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

/** A real controller, the only one of its site, whose link does what `mishap` says. */
class Kiosk {
  mishap: Mishap = { kind: 'drop' }
  /** Everything that ever left it. */
  readonly bundles: Bytes[] = []
  private constructor(readonly world: KioskWorld) {}

  static async at(cloud: Cloud, siteId: string): Promise<Kiosk> {
    const id = chargerId(`${siteId.slice(0, 3).toUpperCase()}-01`)
    const setup = { chargerId: id, siteId, siteLabel: siteId, bayLabel: 'A1' }
    const { enrolmentCode: code } = await registerCharger(cloud, setup)
    const signer = freshSigner()
    const request = { code, chargerId: id, publicKey: signer.publicKey }
    const certificate = expectOk(await enrolCharger(cloud, request), 'certificate')
    const trust = await currentTrust(cloud)
    const enrolment = {
      root: publicKey(trust.root),
      certificate,
      trustList: bytesOf(trust.trustList),
      revocations: bytesOf(trust.revocations),
      policy: bytesOf(trust.policy),
    }
    const road = memoryRoad(
      async (bundle) => {
        const reply = await answerBundle(cloud, bundle)
        return reply.ok
          ? parseNews(JSON.stringify(reply.value))
          : err({ code: reply.error.code, detail: 'refused' })
      },
      () => kiosk.mishap,
    )
    const send = (bundle: Bytes) => {
      kiosk.bundles.push(toBytes(bundle))
      return road.send(bundle)
    }
    const world = await KioskWorld.create({ signer, enrolled: { id, enrolment }, road: { ...road, send } })
    const kiosk = new Kiosk(world)
    return kiosk
  }

  /** Plugs in, shows the card, charges about 20 kWh, and leaves. */
  async sell(code: string): Promise<void> {
    const { world } = this
    await world.charger.plug()
    await world.settle()
    expect((await world.controller.handleScan(1, code)).kind).toBe('accepted')
    await world.settle()
    await world.charge(2_000, 36_000)
    await world.charger.unplug()
    await world.settle()
  }

  /** The link works again; whatever waits is sent, by a road that does this to each bundle. */
  async comeOnline(mishap: Mishap = { kind: 'none' }): Promise<void> {
    this.mishap = mishap
    await this.world.controller.syncNow()
    await this.world.settle()
  }

  billed(): number {
    return receiptsOf(this.world).reduce((sum, { totalMinor }) => sum + totalMinor, 0)
  }
}

interface Sold {
  readonly cloud: Cloud
  readonly card: { readonly serial: GrantSerial; readonly code: string }
  readonly kiosks: readonly [Kiosk, Kiosk]
  readonly books: () => Promise<Books>
}

interface Books {
  readonly incomeMinor: number
  readonly onCardMinor: number
  readonly owedByCardMinor: number
  readonly ownerMinor: number
  readonly cases: readonly string[]
}

const capMinor = 1_500

/** An operator with two sites, a card that is good at both, and 5.00 left with whoever bought it. */
async function open(): Promise<Sold> {
  const { cloud } = await openWorld(database)
  const kiosks = [await Kiosk.at(cloud, 'kinross'), await Kiosk.at(cloud, 'grimsel')] as const
  const owner = walletAccount(await openAccount(cloud, capMinor + 500))
  const order = { batch: 'visitors', count: 1, owner, capMinor, days: 90, author: 'operator' }
  const cards = await issueVouchers(cloud, { ...order, sites: ['kinross', 'grimsel'], bearer: 'printed' })
  const [card] = expectOk(cards, 'cards')
  if (card === undefined) throw new Error('No card was issued')
  const { serial, bytes } = card
  const code = envelopeToText({ kind: 'voucher', parts: [bytes] })
  const { tenant } = cloud.config
  const books = async (): Promise<Books> => {
    const debt = receivableAccount(cardDebtorOf(serial))
    const cases = await inTenant(cloud.db, tenant, (tx) => openCasesOf(tx, tenant))
    expect(await proof(cloud)).toMatchObject({ isProved: true, imbalanceMinor: 0 })
    return {
      incomeMinor: (await balanceMinor(cloud, revenueAccount)) + (await balanceMinor(cloud, taxAccount)),
      onCardMinor: await availableMinor(cloud, reserveAccount(serial)),
      owedByCardMinor: 0 - (await balanceMinor(cloud, debt)),
      ownerMinor: await balanceMinor(cloud, owner),
      cases: cases.map(({ kind }) => kind).sort(),
    }
  }
  return { cloud, card: { serial, code }, kiosks, books }
}

test('a card that was sold to offline is posted once, by whatever roads and however often its bundles come', async () => {
  const { cloud, card, kiosks, books } = await open()
  const [kiosk] = kiosks
  await kiosk.sell(card.code)
  const total = kiosk.billed()
  expect(total).toBeGreaterThan(0)
  expect(await books()).toMatchObject({ incomeMinor: 0, onCardMinor: capMinor, cases: [] })
  // The cloud hears it, the charger does not hear the cloud: it sends again, and a courier brings the same once more.
  await kiosk.comeOnline({ kind: 'drop-answer' })
  await kiosk.comeOnline({ kind: 'duplicate' })
  expect(kiosk.world.journal.acknowledgedSize).toBe(kiosk.world.journal.size)
  for (const bundle of kiosk.bundles.toReversed()) await answerBundle(cloud, bundle)
  const settled = { incomeMinor: total, onCardMinor: capMinor - total, owedByCardMinor: 0 }
  expect(await books()).toEqual({ ...settled, ownerMinor: 500, cases: [] })
})

test('a copy that was spent at another offline site is owed by the card, looked at, and taken nowhere any more', async () => {
  const { card, kiosks, books } = await open()
  const [here, there] = kiosks
  await here.sell(card.code)
  await there.sell(card.code)
  const spent = here.billed() + there.billed()
  expect(spent).toBeGreaterThan(capMinor)
  await there.comeOnline()
  await here.comeOnline({ kind: 'duplicate' })
  const twice = { incomeMinor: spent, onCardMinor: 0, owedByCardMinor: spent - capMinor }
  expect(await books()).toEqual({ ...twice, ownerMinor: 500, cases: ['double-spend'] })
  for (const { world } of kiosks) {
    await world.controller.syncNow()
    await world.charger.plug()
    await world.settle()
    await world.controller.syncNow()
    expect(await world.controller.handleScan(1, card.code)).toMatchObject({
      refusal: { code: 'voucher.revoked' },
    })
  }
})

test('staff write off what a copied card owes, and what they give in kindness does not pay for the copy', async () => {
  const { cloud, card, kiosks, books } = await open()
  for (const kiosk of kiosks) {
    await kiosk.sell(card.code)
    await kiosk.comeOnline()
  }
  const { tenant } = cloud.config
  const [found] = await inTenant(cloud.db, tenant, (tx) => openCasesOf(tx, tenant))
  const { owedByCardMinor } = await books()
  const act = { caseId: found?.caseId ?? '', author: 'anna', reason: 'uncollectable' } as const
  expectOk(await reviewCase(cloud, 'take-up', act), 'taken up')
  const beyond = { kind: 'write-off', amountMinor: owedByCardMinor + 1 } as const
  expect((await decideCase(cloud, { ...act, decision: beyond })).ok).toBe(false)
  const kind = { kind: 'goodwill', amountMinor: 100 } as const
  expectOk(await decideCase(cloud, { ...act, decision: kind }), 'goodwill')
  expect(await books()).toMatchObject({ owedByCardMinor, ownerMinor: 600 })
  const whole = { kind: 'write-off', amountMinor: owedByCardMinor } as const
  expectOk(await decideCase(cloud, { ...act, decision: whole }), 'written off')
  expectOk(await decideCase(cloud, { ...act, decision: { kind: 'dismiss' } }), 'decided')
  for (const kiosk of kiosks) for (const bundle of kiosk.bundles) await answerBundle(cloud, bundle)
  expect(await books()).toMatchObject({ owedByCardMinor: 0, onCardMinor: 0, ownerMinor: 600, cases: [] })
})
