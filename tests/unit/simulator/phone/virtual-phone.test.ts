/** The virtual phone turns the charger's codes into the phone's, through the real wallet. */

import { expect, test } from 'vitest'
import { toBase64Url } from '@/lib/core/bytes'
import { publicKey } from '@/lib/core/ids'
import { refusal } from '@/lib/core/reason'
import { err, expectOk, ok } from '@/lib/core/result'
import { durationMs, epochSeconds } from '@/lib/core/units'
import { envelopeFromText } from '@/lib/protocol/envelope'
import { signMessage } from '@/lib/protocol/message'
import { grant } from '@/lib/protocol/messages/grant'
import type { CloudPort } from '@/lib/wallet/cloud-port'
import { VirtualPhone } from '@/simulator/phone/virtual-phone'
import { issuerSigner, storyGrant, storyTimeS } from '../../../fixtures/messages'
import {
  answerText,
  countingRandom,
  makeOffer,
  readAuthorization,
  receiptFor,
  receiptText,
  trustNews,
} from '../../../fixtures/wallet-world'

const unreachable = () => Promise.resolve(err(refusal('api.unreachable')))

/** A cloud that has a fleet's token for whoever asks, and is otherwise out of reach. */
const cloudWithToken: CloudPort = {
  async claim({ devicePublicKey }) {
    const signed = await signMessage(
      grant,
      { ...storyGrant, deviceKey: publicKey(devicePublicKey) },
      issuerSigner,
    )
    return ok({ grant: toBase64Url(signed.bytes), trust: trustNews, fleetName: 'Glen Haulage' })
  },
  trust: unreachable,
  report: unreachable,
  account: unreachable,
  requestGrant: unreachable,
  renew: unreachable,
  time: unreachable,
  topUp: unreachable,
  registerOptions: unreachable,
  registerVerify: unreachable,
  signInOptions: unreachable,
  signInVerify: unreachable,
  signOut: unreachable,
}

async function phoneWithGrant(): Promise<VirtualPhone> {
  const phone = await VirtualPhone.open({
    cloud: cloudWithToken,
    clock: { nowS: () => epochSeconds(storyTimeS), monotonicMs: () => durationMs(0) },
    random: countingRandom('virtual phone'),
    origin: 'https://charge.example.org',
    buildTimeS: epochSeconds(storyTimeS - 86_400),
  })
  expectOk(await phone.claim('CODE'), 'the token is claimed')
  return phone
}

test('An offer is answered by an authorization of the least hold that covers what the driver wishes', async () => {
  const phone = await phoneWithGrant()
  const offered = await makeOffer()
  const shown = expectOk(await phone.scan(offered.text, 700), 'approved')
  expect(shown.holdMinor).toBe(1_000)
  expect(readAuthorization(shown.text)).toMatchObject({
    id: shown.sessionId,
    payload: { offerHash: offered.message.hash, holdMinor: 1_000 },
  })
})

test('A driver who wishes for more than is possible approves the most that is', async () => {
  const phone = await phoneWithGrant()
  const shown = expectOk(await phone.scan((await makeOffer()).text, 100_000), 'approved')
  expect(shown.holdMinor).toBe(1_500)
})

test('Scanning the same offer again shows the same bytes', async () => {
  const phone = await phoneWithGrant()
  const { text } = await makeOffer()
  const first = expectOk(await phone.scan(text, 500), 'approved')
  expect(expectOk(await phone.scan(text, 900), 'shown again').text).toBe(first.text)
})

test('Answer and receipt are read, and the unused hold is free again', async () => {
  const phone = await phoneWithGrant()
  const { sessionId, holdMinor } = expectOk(await phone.scan((await makeOffer()).text, 500), 'approved')
  expect(await phone.read(await answerText(sessionId, 'accepted'))).toMatchObject({ ok: true })
  const receipt = await receiptFor(sessionId, holdMinor, 2_000)
  expect(await phone.read(receiptText(receipt))).toEqual(ok({ kind: 'receipt', sessionId, dispute: null }))
})

test('A report without a network says that nobody was reached', async () => {
  const phone = await phoneWithGrant()
  expect(await phone.report()).toEqual(err(refusal('api.unreachable')))
})

test('A code that is no offer is not approved', async () => {
  const phone = await phoneWithGrant()
  expect(await phone.scan('https://example.org', 500)).toEqual(err(refusal('code.not-outpost')))
})

test('A stop is asked for by a code of its own, and an older charger is brought news before the consent', async () => {
  const phone = await phoneWithGrant()
  const fresh = expectOk(await phone.scan((await makeOffer()).text, 500), 'approved')
  expect(fresh.news).toBeUndefined()
  const stop = expectOk(await phone.stopCode(fresh.sessionId), 'asked')
  expect(expectOk(envelopeFromText(stop), 'ours').kind).toBe('stop')
  const { text } = await makeOffer({ revocationEpoch: 2 })
  const stale = expectOk(await phone.scan(text, 500), 'approved')
  expect(expectOk(envelopeFromText(stale.news ?? ''), 'ours').kind).toBe('news')
})
