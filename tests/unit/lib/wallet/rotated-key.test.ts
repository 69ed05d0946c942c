import { expect, test } from 'vitest'
import { toBase64Url } from '@/lib/core/bytes'
import { refusal } from '@/lib/core/reason'
import { err, expectOk } from '@/lib/core/result'
import { addSeconds } from '@/lib/core/units'
import { signMessage } from '@/lib/protocol/message'
import { chargerCertificate, type ChargerCertificate } from '@/lib/protocol/messages/charger-certificate'
import { reportsDue } from '@/lib/wallet/report'
import { syncOnce } from '@/lib/wallet/sync'
import { entriesOf } from '@/lib/wallet/wallet-state'
import { issuerSigner, rootSigner, testSigner } from '../../../fixtures/messages'
import { twinCloud } from '../../../fixtures/twin-cloud'
import {
  approveOffer,
  grantTo,
  newPhone,
  receiptFor,
  receiptText,
  story,
} from '../../../fixtures/wallet-world'

const nextKey = testSigner('the charger’s next key')
const original = story.certificate.payload

const certify = async (changes: Partial<ChargerCertificate> = {}, signer = issuerSigner) =>
  (await signMessage(chargerCertificate, { ...original, key: nextKey.publicKey, ...changes }, signer)).bytes

/** A session whose receipt the charger signs with its next key, and which the operator brings with a certificate. */
async function broughtWith(certificate: Uint8Array) {
  const wallet = await newPhone().open()
  await grantTo(wallet)
  const id = expectOk(await approveOffer(wallet, 1_000), 'approved')
  const receipt = await receiptFor(id, 1_000, 5_000, {}, nextKey)
  const cloud = twinCloud()
  cloud.brings = {
    receipts: [
      {
        receipt: toBase64Url(receipt.bytes),
        certificate: toBase64Url(new Uint8Array(certificate)),
        offer: toBase64Url(entriesOf(wallet.snapshot())[0]!.offer.bytes),
      },
    ],
  }
  expectOk(await syncOnce(wallet, cloud), 'a round')
  return { wallet, receipt, entry: entriesOf(wallet.snapshot())[0] }
}

test('a receipt under the charger’s next key ends the session where the issuer vouches for both keys', async () => {
  const certificate = await certify()
  const { wallet, entry } = await broughtWith(certificate)
  expect(entry).toMatchObject({ state: { kind: 'finished' }, disputes: [] })
  const reported = reportsDue(wallet.snapshot())[0]?.chains[0]?.receipts[0]
  expect(reported?.certificate).toBe(toBase64Url(certificate))
})

test.each([
  ['another charger', { chargerId: 'KIN-02' as ChargerCertificate['chargerId'] }, issuerSigner],
  [
    'a time that does not overlap',
    { notBeforeS: addSeconds(original.notAfterS, 1), notAfterS: addSeconds(original.notAfterS, 9) },
    issuerSigner,
  ],
  ['somebody who is no issuer', {}, rootSigner],
] as const)('a certificate of %s proves nothing', async (_whose, changes, signer) => {
  const { entry } = await broughtWith(await certify(changes, signer))
  expect(entry?.state.kind).toBe('open')
})

test('without any certificate for it, a receipt under another key is refused', async () => {
  const wallet = await newPhone().open()
  await grantTo(wallet)
  const id = expectOk(await approveOffer(wallet, 1_000), 'approved')
  const scanned = await wallet.scan(receiptText(await receiptFor(id, 1_000, 5_000, {}, nextKey)))
  expect(scanned).toEqual(err(refusal('receipt.signature')))
})
