import { expect, test } from 'vitest'
import { qrModules } from '@/components/ui/qr-modules'
import { toBase64Url } from '@/lib/core/bytes'
import { chargerId, grantSerial } from '@/lib/core/ids'
import { refusal } from '@/lib/core/reason'
import { err, expectOk, ok } from '@/lib/core/result'
import { epochSeconds, minorUnits } from '@/lib/core/units'
import { envelopeFromText } from '@/lib/protocol/envelope'
import { signMessage } from '@/lib/protocol/message'
import type { Offer } from '@/lib/protocol/messages/offer'
import { permit, type Permit } from '@/lib/protocol/messages/permit'
import { revocationDelta } from '@/lib/protocol/messages/revocation-delta'
import { revocations } from '@/lib/protocol/messages/revocations'
import { decodeNewsItem } from '@/lib/protocol/news-item'
import { newsCodeFor } from '@/lib/wallet/carried-news'
import { fetchOfferTime } from '@/lib/wallet/offer-time'
import { takeTrust } from '@/lib/wallet/obtain-grant'
import { withPreferences } from '@/lib/wallet/wallet-state'
import { revocationEpochOf, type TrustNews } from '@/lib/wallet/trust-state'
import type { Wallet } from '@/lib/wallet/wallet'
import { issuerSigner, storyGrant, storyOperator, storyTimeS, testSigner } from '../../../fixtures/messages'
import { twinCloud, type TwinCloud } from '../../../fixtures/twin-cloud'
import { approveOffer, grantTo, makeOffer, newPhone, trustNews } from '../../../fixtures/wallet-world'

const delta = async (
  fromEpoch: number,
  epoch: number,
  added: readonly string[] = [],
  signer = issuerSigner,
) =>
  toBase64Url(
    (
      await signMessage(
        revocationDelta,
        { operator: storyOperator, fromEpoch, epoch, timeS: storyTimeS, added },
        signer,
      )
    ).bytes,
  )

const revocationsOf = async (epoch: number, count = 0) =>
  toBase64Url(
    (
      await signMessage(
        revocations,
        {
          operator: storyOperator,
          epoch,
          timeS: storyTimeS,
          serials: Array.from({ length: count }, (_, at) =>
            grantSerial((at + 1).toString(16).padStart(16, '0')),
          ),
        },
        issuerSigner,
      )
    ).bytes,
  )

const permitOf = async (changes: Partial<Permit> = {}): Promise<string> =>
  toBase64Url(
    (
      await signMessage(
        permit,
        {
          operator: storyOperator,
          verdict: 'raise',
          serial: storyGrant.serial,
          maximumMinor: minorUnits(6_000),
          timeS: storyTimeS,
          notAfterS: epochSeconds(storyTimeS + 3_600),
          ...changes,
        },
        issuerSigner,
      )
    ).bytes,
  )

async function phoneWith(news: Partial<TrustNews> = {}) {
  const phone = newPhone()
  const wallet = await phone.open()
  await grantTo(wallet)
  expectOk(await takeTrust(wallet, { ...trustNews, ...news }), 'the news are taken')
  return { phone, wallet }
}

/** Kinds of what the phone would show before its authorization of an offer like this. */
async function carried(wallet: Wallet, offered: Partial<Offer>): Promise<readonly string[]> {
  const id = expectOk(await approveOffer(wallet, 500, await makeOffer(offered)), 'approved')
  const [chain] = wallet.snapshot().chains
  const entry = chain?.entries.find(({ sessionId }) => sessionId === id)
  if (chain === undefined || entry === undefined) throw new Error('no entry')
  const text = newsCodeFor(wallet.snapshot(), chain, entry, wallet.nowS())
  if (text === undefined) return []
  const { kind, parts } = expectOk(envelopeFromText(text), 'ours')
  expect(kind).toBe('news')
  return parts.map((part) => expectOk(decodeNewsItem(part), 'an item').kind)
}

test('a charger that knows as much as the phone is shown nothing but the authorization', async () => {
  const { wallet } = await phoneWith({ revocationDeltas: [await delta(10, 12)] })
  expect(await carried(wallet, { revocationEpoch: 12 })).toEqual([])
  expect(await carried(wallet, { revocationEpoch: 40 })).toEqual([])
})

test('a charger with an older list gets the step from there, or the whole list where no step fits', async () => {
  const { wallet } = await phoneWith({
    revocations: await revocationsOf(14),
    revocationDeltas: [await delta(12, 14, ['0badcafe'])],
  })
  expect(await carried(wallet, { revocationEpoch: 13 })).toEqual(['revocation-delta'])
  expect(await carried(wallet, { revocationEpoch: 11 })).toEqual(['revocations'])
})

test('a list that fits no code stays on the phone, and the authorization goes alone', async () => {
  const { wallet } = await phoneWith({ revocations: await revocationsOf(14, 200) })
  expect(await carried(wallet, { revocationEpoch: 11 })).toEqual([])
})

test('steps that somebody else signed are not carried', async () => {
  const { wallet } = await phoneWith({
    revocationDeltas: [await delta(0, 99, [], testSigner('carrier')), '!'],
  })
  expect(wallet.snapshot().trust?.deltas).toEqual([])
})

test('the steps of the newest answer replace those of the one before, and an older answer changes nothing', async () => {
  const texts = await Promise.all([delta(12, 13), delta(0, 14)])
  const { wallet } = await phoneWith({ revocationDeltas: texts })
  const epochs = () => wallet.snapshot().trust?.deltas.map(({ payload }) => payload.epoch)
  expect(epochs()).toEqual([13, 14])
  const before = wallet.snapshot().trust
  expectOk(await takeTrust(wallet, { ...trustNews, revocationDeltas: texts }), 'again')
  expect(wallet.snapshot().trust).toBe(before)
  expectOk(await takeTrust(wallet, { ...trustNews, revocationDeltas: [await delta(0, 9)] }), 'older')
  expect(wallet.snapshot().trust).toBe(before)
  expectOk(await takeTrust(wallet, { ...trustNews, revocationDeltas: [await delta(12, 20)] }), 'newer')
  expect(epochs()).toEqual([20])
})

test('a grant that only a step beyond the whole list revokes is revoked, and says how far the phone has heard', async () => {
  const { wallet } = await phoneWith({
    revocationDeltas: [
      await delta(12, 15, ['0badcafe']),
      await delta(15, 18, [storyGrant.serial.slice(0, 8)]),
    ],
  })
  expect(revocationEpochOf(wallet.snapshot().trust!)).toBe(18)
  expect(await approveOffer(wallet, 500)).toEqual(err(refusal('grant.revoked')))
})

test('steps with a gap before them count for what they revoke, not for how far the phone has heard', async () => {
  const { wallet } = await phoneWith({ revocationDeltas: [await delta(14, 18)] })
  expect(revocationEpochOf(wallet.snapshot().trust!)).toBe(12)
})

test('the densest news is what a version-20 code holds', async () => {
  const many = Array.from({ length: 140 }, (_, at) => (at + 1).toString(16).padStart(8, '0'))
  const { wallet } = await phoneWith({ revocationDeltas: [await delta(12, 160, many)] })
  expect(await carried(wallet, { revocationEpoch: 12 })).toEqual(['revocation-delta'])
  const [chain] = wallet.snapshot().chains
  const text = newsCodeFor(wallet.snapshot(), chain!, chain!.entries[0]!, wallet.nowS()) ?? ''
  expect(qrModules(text)?.version).toBeLessThanOrEqual(20)
})

test('permits travel to the charger that they are for, as long as they count', async () => {
  const { phone, wallet } = await phoneWith({
    permits: [
      await permitOf({ chargerId: chargerId('KIN-01') }),
      await permitOf({ chargerId: chargerId('OTHER-9') }),
    ],
  })
  expect(await carried(wallet, {})).toEqual(['permit'])
  phone.clock.timeS += 3_601
  expect(await carried(wallet, { timeS: epochSeconds(phone.clock.timeS) })).toEqual([])
})

test.each([
  ['this grant', storyGrant.serial, 20],
  ['other drivers’ grants', grantSerial('00000000000000f7'), 18],
] as const)('however much is known about %s, the code stays readable', async (_name, serial, versionMax) => {
  const permits = await Promise.all(
    Array.from({ length: 12 }, (_, at) => permitOf({ serial, timeS: epochSeconds(storyTimeS - at) })),
  )
  const { wallet } = await phoneWith({ permits })
  await wallet.apply((state) => ok(withPreferences(state, { isCourier: true })))
  expect((await carried(wallet, {})).length).toBeGreaterThan(2)
  const [chain] = wallet.snapshot().chains
  const text = newsCodeFor(wallet.snapshot(), chain!, chain!.entries[0]!, wallet.nowS()) ?? ''
  expect(qrModules(text)?.version).toBeLessThanOrEqual(versionMax)
})

test('what is for others travels only with a driver who agreed to carry it', async () => {
  const news = {
    revocationDeltas: [await delta(12, 15, ['0badcafe'])],
    permits: [await permitOf(), await permitOf({ serial: grantSerial('00000000000000f7') })],
  }
  const { wallet } = await phoneWith(news)
  const behind = { revocationEpoch: 12, policySequence: 0 }
  expect(await carried(wallet, behind)).toEqual(['revocation-delta', 'permit'])
  await wallet.apply((state) => ok(withPreferences(state, { isCourier: true })))
  expect(await carried(wallet, behind)).toEqual(['revocation-delta', 'permit', 'policy', 'permit'])
})

test('for a charger that does not know the time, the issuer’s time is fetched while the driver decides', async () => {
  const { wallet } = await phoneWith()
  const cloud = twinCloud()
  expectOk(await wallet.scan((await makeOffer({ clockQuality: 'unknown' })).text), 'an offer')
  expectOk(await fetchOfferTime(wallet, cloud), 'the time')
  expectOk(await fetchOfferTime(wallet, cloud), 'once is enough')
  expect(cloud.calls).toEqual(['time'])
  const id = expectOk(await wallet.approve(minorUnits(500)), 'approved')
  const [chain] = wallet.snapshot().chains
  const text = newsCodeFor(wallet.snapshot(), chain!, chain!.entries[0]!, wallet.nowS())
  expect(id).toBeDefined()
  const [part] = expectOk(envelopeFromText(text ?? ''), 'ours').parts
  expect(expectOk(decodeNewsItem(part ?? new Uint8Array()), 'an item').kind).toBe('time')
})

test('a charger that knows the time is not asked about', async () => {
  const { wallet } = await phoneWith()
  const cloud = twinCloud()
  await wallet.scan((await makeOffer()).text)
  expectOk(await fetchOfferTime(wallet, cloud), 'nothing to do')
  expect(cloud.calls).toEqual([])
})

test.each([
  ['no answer comes', (cloud: TwinCloud) => (cloud.fault = refusal('api.unreachable')), 'api.unreachable'],
  [
    'the time is for another nonce',
    (cloud: TwinCloud) => {
      const { time } = cloud
      cloud.time = (asked) => time((asked.slice(0, 15) + (asked.endsWith('f') ? '0' : 'f')) as typeof asked)
    },
    'news.refused',
  ],
  [
    'it is no message',
    (cloud: TwinCloud) => (cloud.time = () => Promise.resolve(ok('AAAA'))),
    'news.refused',
  ],
] as const)('when %s the ceremony goes on without it', async (_name, spoil, code) => {
  const { wallet } = await phoneWith()
  const cloud = twinCloud()
  spoil(cloud)
  await wallet.scan((await makeOffer({ clockQuality: 'unknown' })).text)
  expect(await fetchOfferTime(wallet, cloud)).toEqual(err(refusal(code)))
  expect((await wallet.approve(minorUnits(500))).ok).toBe(true)
})

test('the issuer’s time bounds this phone’s own clock from below, also back at 1970', async () => {
  const phone = newPhone()
  await grantTo(await phone.open())
  phone.clock.timeS = 0
  const wallet = await phone.open()
  expect(wallet.nowS()).toBe(storyTimeS)
  const cloud = twinCloud()
  cloud.timeS = epochSeconds(storyTimeS + 5_000)
  await wallet.scan((await makeOffer({ clockQuality: 'unknown' })).text)
  expectOk(await fetchOfferTime(wallet, cloud), 'the time')
  expect(wallet.nowS()).toBe(storyTimeS + 5_000)
  expect((await phone.open()).nowS()).toBe(storyTimeS + 5_000)
})
