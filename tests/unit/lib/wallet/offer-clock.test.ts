import { expect, test } from 'vitest'
import { toBase64Url } from '@/lib/core/bytes'
import { refusal } from '@/lib/core/reason'
import { err, expectOk, ok } from '@/lib/core/result'
import { epochSeconds, minorUnits } from '@/lib/core/units'
import { signMessage } from '@/lib/protocol/message'
import { revocations } from '@/lib/protocol/messages/revocations'
import { takeTrust } from '@/lib/wallet/obtain-grant'
import { issuerSigner, storyOperator, storyTimeS } from '../../../fixtures/messages'
import {
  approveOffer,
  grantTo,
  makeOffer,
  newPhone,
  readAuthorization,
  shownCode,
  trustNews,
} from '../../../fixtures/wallet-world'

const dayS = 86_400

async function fundedPhone() {
  const phone = newPhone()
  const wallet = await phone.open()
  await grantTo(wallet)
  return { phone, wallet }
}

const offerNow = () => makeOffer({ clockQuality: 'synchronised', timeS: storyTimeS, timeToLiveS: 300 })

test('a phone whose clock is days ahead charges, and signs by the charger’s time', async () => {
  const { phone, wallet } = await fundedPhone()
  phone.clock.timeS += 3 * dayS
  const made = await offerNow()
  expect(await wallet.scan(made.text)).toEqual(ok({ kind: 'offer' }))
  expect(wallet.snapshot().ceremony).toMatchObject({ kind: 'approving', aheadS: 3 * dayS })
  phone.clock.timeS += 20
  const id = expectOk(await wallet.approve(minorUnits(500)), 'approved')
  expect(readAuthorization(shownCode(wallet, id) ?? '').payload.timeS).toBe(storyTimeS + 20)
})

test('a grant that has run out by a wrong clock alone still pays; one that has by the charger’s time does not', async () => {
  const { phone, wallet } = await fundedPhone()
  phone.clock.timeS += 30 * dayS
  expect((await approveOffer(wallet, 500, await offerNow())).ok).toBe(true)
  const late = await makeOffer({ clockQuality: 'synchronised', timeS: epochSeconds(storyTimeS + 29 * dayS) })
  expect(await wallet.scan(late.text)).toEqual(err(refusal('grant.expired')))
})

test('an offer runs out while the driver decides, by this phone’s clock as a stopwatch, whatever it reads', async () => {
  for (const aheadS of [0, 3 * dayS]) {
    const { phone, wallet } = await fundedPhone()
    phone.clock.timeS += aheadS
    const made = await offerNow()
    expectOk(await wallet.scan(made.text), 'scanned')
    phone.clock.timeS += 500
    expect(await wallet.approve(minorUnits(500))).toEqual(err(refusal('offer.expired')))
    expect(await wallet.scan(made.text)).toEqual(err(refusal('offer.expired')))
  }
})

test('an offer from before something that an issuer has signed since is refused at once', async () => {
  const { phone, wallet } = await fundedPhone()
  const made = await offerNow()
  const timeS = epochSeconds(storyTimeS + 3_600)
  const signed = await signMessage(
    revocations,
    { operator: storyOperator, epoch: 99, timeS, serials: [] },
    issuerSigner,
  )
  expectOk(await takeTrust(wallet, { ...trustNews, revocations: toBase64Url(signed.bytes) }), 'news')
  for (const clockS of [timeS, timeS + 3 * dayS, 0]) {
    phone.clock.timeS = clockS
    expect(await wallet.scan(made.text)).toEqual(err(refusal('offer.expired')))
  }
})

test('within two minutes the clocks agree; a charger without a time says nothing about this phone’s', async () => {
  const { phone, wallet } = await fundedPhone()
  phone.clock.timeS += 300 + 120
  expectOk(await wallet.scan((await offerNow()).text), 'scanned')
  expect(wallet.snapshot().ceremony).not.toHaveProperty('aheadS')
  phone.clock.timeS += 3_600
  expectOk(await wallet.scan((await makeOffer({ clockQuality: 'unknown' })).text), 'scanned')
  expect(wallet.snapshot().ceremony).not.toHaveProperty('aheadS')
})
