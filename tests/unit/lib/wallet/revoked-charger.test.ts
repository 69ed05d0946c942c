import { expect, test } from 'vitest'
import { toBase64Url } from '@/lib/core/bytes'
import { grantSerial, type GrantSerial } from '@/lib/core/ids'
import { refusal } from '@/lib/core/reason'
import { err, expectOk, ok } from '@/lib/core/result'
import { signMessage } from '@/lib/protocol/message'
import { certificateSerial } from '@/lib/protocol/messages/charger-certificate'
import { revocationDelta, shortIdOf } from '@/lib/protocol/messages/revocation-delta'
import { revocations } from '@/lib/protocol/messages/revocations'
import { takeTrust } from '@/lib/wallet/obtain-grant'
import { issuerSigner, storyOperator, storyTimeS } from '../../../fixtures/messages'
import { grantTo, makeOffer, newPhone, story, trustNews } from '../../../fixtures/wallet-world'

const ofCharger = certificateSerial(story.certificate.hash)
const other = grantSerial('ffffffffffffffff')

const listed = async (...serials: readonly GrantSerial[]) => {
  const list = { operator: storyOperator, epoch: 99, timeS: storyTimeS, serials }
  const signed = await signMessage(revocations, list, issuerSigner)
  return { ...trustNews, revocations: toBase64Url(signed.bytes) }
}

const stepped = async () => {
  const { epoch } = story.revocations.payload
  const step = { operator: storyOperator, fromEpoch: epoch, epoch: epoch + 1, timeS: storyTimeS }
  const signed = await signMessage(revocationDelta, { ...step, added: [shortIdOf(ofCharger)] }, issuerSigner)
  return { ...trustNews, revocationDeltas: [toBase64Url(signed.bytes)] }
}

test.each([
  ['the whole list', () => listed(ofCharger), false],
  ['one step of it', stepped, false],
  ['a list of others', () => listed(other), true],
])('an offer of a charger on %s', async (_name, news, isTaken) => {
  const phone = newPhone()
  const wallet = await phone.open()
  await grantTo(wallet)
  expectOk(await takeTrust(wallet, await news()), 'news')
  const { text } = await makeOffer()
  expect(await wallet.scan(text)).toEqual(isTaken ? ok({ kind: 'offer' }) : err(refusal('offer.revoked')))
})
