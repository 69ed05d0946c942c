import { expect, test } from 'vitest'
import { expectOk, err, ok } from '@/lib/core/result'
import { refusal } from '@/lib/core/reason'
import { minorUnits } from '@/lib/core/units'
import { envelopeFromText } from '@/lib/protocol/envelope'
import { releasedOfChain, roomOf } from '@/lib/wallet/chain'
import { memoryStore } from '@/lib/wallet/memory-store'
import { findEntry } from '@/lib/wallet/wallet-state'
import { testSigner } from '../../../fixtures/messages'
import {
  answerText,
  approveOffer,
  grantTo,
  makeOffer,
  newPhone,
  readAuthorization,
  receiptFor,
  receiptText,
  shownCode,
  statusText,
} from '../../../fixtures/wallet-world'

async function fundedWallet(changes = {}) {
  const phone = newPhone()
  const wallet = await phone.open()
  await grantTo(wallet, changes)
  return { phone, wallet }
}

const onlyChain = (wallet: Awaited<ReturnType<typeof fundedWallet>>['wallet']) => {
  const [chain] = wallet.snapshot().chains
  if (chain === undefined) throw new Error('no chain')
  return chain
}

test('what a key refused to sign is signed at the next try, as it was written down', async () => {
  let refuses = false
  const phone = newPhone()
  const wallet = await phone.open({
    wrapSigner: (signer) => ({
      ...signer,
      sign: (bytes) => (refuses ? Promise.reject(new Error('locked')) : signer.sign(bytes)),
    }),
  })
  await grantTo(wallet)
  refuses = true
  expect(await approveOffer(wallet, 1_500)).toEqual(err(refusal('phone.key')))
  const [prepared] = onlyChain(wallet).entries
  if (prepared === undefined) throw new Error('it is written down')
  expect(shownCode(wallet, prepared.sessionId)).toBeUndefined()
  expect(await wallet.finishSigning()).toEqual(err(refusal('phone.key')))
  refuses = false
  expectOk(await wallet.finishSigning(), 'signed')
  const { payload } = readAuthorization(shownCode(wallet, prepared.sessionId) ?? '')
  expect(payload).toEqual(prepared.payload)
  expect(onlyChain(wallet).entries).toHaveLength(1)
})

test('an approved offer is shown as an authorization that carries the grant', async () => {
  const { wallet } = await fundedWallet()
  const made = await makeOffer()
  const id = expectOk(await approveOffer(wallet, 1_500, made), 'approved')
  const text = shownCode(wallet, id) ?? ''
  const { payload } = readAuthorization(text)
  expect(payload).toMatchObject({
    offerHash: made.message.hash,
    holdMinor: 1_500,
    seq: 1,
    previous: onlyChain(wallet).grant.hash,
    grossMinor: 1_500,
    releasedMinor: 0,
  })
  expect(expectOk(envelopeFromText(text), 'ours').parts[1]).toEqual(onlyChain(wallet).grant.bytes)
})

test('the same offer scanned again shows the same bytes, whether the app was reloaded or not', async () => {
  const { phone, wallet } = await fundedWallet()
  const made = await makeOffer()
  const id = expectOk(await approveOffer(wallet, 1_000, made), 'approved')
  const shown = shownCode(wallet, id)
  expect(await wallet.scan(made.text)).toEqual(ok({ kind: 'known-offer', sessionId: id }))
  const reopened = await phone.open()
  expect(reopened.snapshot().ceremony).toEqual({ kind: 'session', sessionId: id, view: 'showing' })
  expect(await reopened.scan(made.text)).toEqual(ok({ kind: 'known-offer', sessionId: id }))
  expect(shownCode(reopened, id)).toBe(shown)
})

test('a signed decline burns its seq and gives the hold back', async () => {
  const { wallet } = await fundedWallet()
  const id = expectOk(await approveOffer(wallet, 1_500), 'approved')
  expect(roomOf(onlyChain(wallet))).toBe(8_500)
  const outcome = await wallet.scan(await answerText(id, 'charger.busy'))
  expect(outcome).toEqual(ok({ kind: 'declined', sessionId: id, refusal: refusal('charger.busy') }))
  expect(roomOf(onlyChain(wallet))).toBe(10_000)
  const next = expectOk(await approveOffer(wallet, 1_500), 'approved')
  const { payload } = readAuthorization(shownCode(wallet, next) ?? '')
  expect(payload).toMatchObject({ seq: 2, previous: id, grossMinor: 3_000, releasedMinor: 1_500 })
})

test('after a decline the same offer can be approved again with a smaller hold', async () => {
  const { wallet } = await fundedWallet()
  const made = await makeOffer()
  const id = expectOk(await approveOffer(wallet, 1_500, made), 'approved')
  await wallet.scan(await answerText(id, 'hold.exposure'))
  expect(await wallet.scan(made.text)).toEqual(ok({ kind: 'offer' }))
  expect((await wallet.approve(minorUnits(500))).ok).toBe(true)
})

test('a receipt releases what was not used and needs no answer before it', async () => {
  const { wallet } = await fundedWallet()
  const id = expectOk(await approveOffer(wallet, 1_500), 'approved')
  const message = await receiptFor(id, 1_500, 18_400)
  expect(message.payload.totalMinor).toBe(902)
  const outcome = await wallet.scan(receiptText(message))
  expect(outcome).toEqual(ok({ kind: 'receipt', sessionId: id, dispute: null }))
  expect(releasedOfChain(onlyChain(wallet))).toBe(598)
  expect(wallet.snapshot().ceremony).toBeNull()
})

test('the same receipt twice changes nothing', async () => {
  const { wallet } = await fundedWallet()
  const id = expectOk(await approveOffer(wallet, 1_500), 'approved')
  const text = receiptText(await receiptFor(id, 1_500, 18_400))
  await wallet.scan(text)
  const before = wallet.snapshot()
  expect((await wallet.scan(text)).ok).toBe(true)
  expect(wallet.snapshot().chains).toBe(before.chains)
})

test('a bill that registers and price do not give is kept, released by its own total, and marked as a case', async () => {
  const { wallet } = await fundedWallet()
  const id = expectOk(await approveOffer(wallet, 1_500), 'approved')
  const message = await receiptFor(id, 1_500, 18_400, { totalMinor: minorUnits(1_100) })
  const outcome = await wallet.scan(receiptText(message))
  expect(outcome).toEqual(ok({ kind: 'receipt', sessionId: id, dispute: 'receipt.amount' }))
  const entry = findEntry(wallet.snapshot(), id)?.entry
  expect(entry).toMatchObject({ standing: 'case', disputes: ['amount'] })
  expect(releasedOfChain(onlyChain(wallet))).toBe(400)
})

test('a bill above the hold takes the hold and no more, and is a case', async () => {
  const { wallet } = await fundedWallet()
  const id = expectOk(await approveOffer(wallet, 500), 'approved')
  const message = await receiptFor(id, 500, 18_400, { totalMinor: minorUnits(902) })
  const outcome = await wallet.scan(receiptText(message))
  expect(outcome).toEqual(ok({ kind: 'receipt', sessionId: id, dispute: 'receipt.exceeds-hold' }))
  expect(releasedOfChain(onlyChain(wallet))).toBe(0)
  expect(roomOf(onlyChain(wallet))).toBe(9_500)
})

test('a second, different receipt is kept as evidence and changes no figure', async () => {
  const { wallet } = await fundedWallet()
  const id = expectOk(await approveOffer(wallet, 1_500), 'approved')
  await wallet.scan(receiptText(await receiptFor(id, 1_500, 18_400)))
  const second = await receiptFor(id, 1_500, 20_000)
  expect((await wallet.scan(receiptText(second))).ok).toBe(true)
  const entry = findEntry(wallet.snapshot(), id)?.entry
  expect(entry?.receipts).toHaveLength(2)
  expect(entry).toMatchObject({ disputes: ['second-receipt'], standing: 'case' })
  expect(releasedOfChain(onlyChain(wallet))).toBe(598)
})

test('a receipt of another session, or by another key, is refused with its reason', async () => {
  const { wallet } = await fundedWallet()
  const id = expectOk(await approveOffer(wallet, 1_500), 'approved')
  const other = receiptText(await receiptFor(id.replaceAll(/./g, '7') as typeof id, 1_500, 100))
  expect(await wallet.scan(other)).toEqual(err(refusal('receipt.session')))
  const forged = receiptText(await receiptFor(id, 1_500, 100, {}, testSigner('somebody')))
  expect(await wallet.scan(forged)).toEqual(err(refusal('receipt.signature')))
})

test('a status shows the newest that was signed and never an older one', async () => {
  const { wallet } = await fundedWallet()
  const id = expectOk(await approveOffer(wallet, 1_500), 'approved')
  await wallet.scan(await statusText(id, 600, 5_000))
  await wallet.scan(await statusText(id, 300, 2_500))
  expect(findEntry(wallet.snapshot(), id)?.entry.status).toMatchObject({ elapsedS: 600, energyWh: 5_000 })
  expect(wallet.snapshot().ceremony).toMatchObject({ kind: 'session', view: 'charging' })
})

test('a hold that calls for the passkey asks it for exactly this authorization', async () => {
  const phone = newPhone()
  const first = await phone.open()
  await grantTo(first)
  await first.apply((state) =>
    ok({
      ...state,
      passkey: { credentialId: 'abc', algorithm: 'ES256', publicKey: new Uint8Array(33) },
    }),
  )
  const asked: string[] = []
  const wallet = await phone.open({
    confirmByPasskey: (hash) => {
      asked.push(hash)
      return Promise.resolve(ok(new Uint8Array([0xa0])))
    },
  })
  const small = expectOk(await approveOffer(wallet, 1_500), 'no passkey needed')
  expect(asked).toEqual([])
  await wallet.scan(await answerText(small, 'charger.busy'))
  const large = expectOk(await approveOffer(wallet, 4_000), 'with passkey')
  expect(asked).toEqual([large])
  expect(expectOk(envelopeFromText(shownCode(wallet, large) ?? ''), 'ours').parts).toHaveLength(3)
})

test('a passkey that is not confirmed leaves the chain as it was', async () => {
  const phone = newPhone()
  const wallet = await phone.open({ confirmByPasskey: () => Promise.resolve(err(refusal('phone.passkey'))) })
  await grantTo(wallet)
  await wallet.apply((state) =>
    ok({ ...state, passkey: { credentialId: 'a', algorithm: 'ES256', publicKey: new Uint8Array(33) } }),
  )
  expect(await approveOffer(wallet, 4_000)).toEqual(err(refusal('phone.passkey')))
  expect(onlyChain(wallet).entries).toEqual([])
  expect(wallet.snapshot().ceremony).toMatchObject({ kind: 'approving' })
})

test('an offer signed by a key that its certificate does not name is refused', async () => {
  const { wallet } = await fundedWallet()
  const forged = await makeOffer({}, testSigner('sticker'))
  expect(await wallet.scan(forged.text)).toEqual(err(refusal('offer.signature')))
})

test('a full disk is a refusal, and afterwards the wallet goes on from what is on disk', async () => {
  const { phone } = await fundedWallet()
  const wallet = await phone.open({ fault: { commit: 2, kind: 'full' } })
  expect(await approveOffer(wallet, 1_000)).toEqual(err(refusal('phone.storage')))
  expect(onlyChain(wallet).entries).toEqual([])
  expect((await wallet.approve(minorUnits(1_000))).ok).toBe(true)
})

test('whoever writes on top of an older revision is told that another tab has the wallet', async () => {
  const { phone, wallet } = await fundedWallet()
  const second = await phone.open()
  expect((await approveOffer(second, 500)).ok).toBe(true)
  expect(await wallet.scan((await makeOffer()).text)).toEqual(err(refusal('phone.second-tab')))
  expect(memoryStore(phone.disk).commits()).toBe(0)
})

test('a grant that somebody else signed, or for another key, is not taken', async () => {
  const phone = newPhone()
  const wallet = await phone.open()
  await expect(grantTo(wallet, { deviceKey: testSigner('other').publicKey })).rejects.toThrow('phone.key')
  expect(wallet.snapshot().chains).toEqual([])
})

test('no more authorizations than the grant allows', async () => {
  const { wallet } = await fundedWallet({ spendsMax: 2 })
  for (let count = 0; count < 2; count += 1) {
    const id = expectOk(await approveOffer(wallet, 500), 'approved')
    await wallet.scan(await answerText(id, 'charger.busy'))
  }
  expect(await approveOffer(wallet, 500)).toEqual(err(refusal('wallet.spends')))
})
