import { expect, test } from 'vitest'
import type { SessionId } from '@/lib/core/ids'
import { refusal } from '@/lib/core/reason'
import { err, expectOk, ok } from '@/lib/core/result'
import { verifyWithNode } from '@/lib/crypto/node'
import { envelopeFromText } from '@/lib/protocol/envelope'
import { parseMessage, verifyMessage } from '@/lib/protocol/message'
import { stop } from '@/lib/protocol/messages/stop'
import { PowerCut, type PlannedFault } from '@/lib/wallet/memory-store'
import { stopCodeOf, type Wallet } from '@/lib/wallet/wallet'
import { findEntry } from '@/lib/wallet/wallet-state'
import {
  answerText,
  approveOffer,
  grantTo,
  makeOffer,
  newPhone,
  receiptFor,
  receiptText,
  statusText,
} from '../../../fixtures/wallet-world'

const stopText = (wallet: Wallet, id: SessionId): string | undefined => {
  const entry = findEntry(wallet.snapshot(), id)?.entry
  return entry === undefined ? undefined : stopCodeOf(entry)
}

async function charging() {
  const phone = newPhone()
  const wallet = await phone.open()
  await grantTo(wallet)
  const made = await makeOffer()
  const id = expectOk(await approveOffer(wallet, 1_500, made), 'approved')
  await wallet.scan(await answerText(id, 'accepted'))
  return { phone, wallet, id, made }
}

test('a stop is signed by the key that consented, and names the session and its offer', async () => {
  const { wallet, id, made } = await charging()
  expect(await wallet.stop(id)).toEqual(ok(undefined))
  const envelope = expectOk(envelopeFromText(stopText(wallet, id) ?? ''), 'ours')
  expect(envelope.kind).toBe('stop')
  const parsed = expectOk(parseMessage(stop, envelope.parts[0] ?? new Uint8Array()), 'a stop')
  expect(parsed.payload).toMatchObject({ sessionId: id, nonce: made.message.payload.nonce })
  const deviceKey = wallet.snapshot().chains[0]?.grant.payload.deviceKey
  expect(deviceKey !== undefined && verifyMessage(parsed, deviceKey, verifyWithNode)).toBeTruthy()
  expect(wallet.snapshot().ceremony).toEqual({ kind: 'session', sessionId: id, view: 'stopping' })
})

test('asked again, later or after a restart, the stop is the same bytes', async () => {
  const { phone, wallet, id } = await charging()
  await wallet.stop(id)
  const shown = stopText(wallet, id)
  phone.clock.timeS += 600
  const reopened = await phone.open()
  await reopened.stop(id)
  expect(stopText(reopened, id)).toBe(shown)
})

test('a figure that is read meanwhile leaves the stop on the screen, the receipt ends it', async () => {
  const { wallet, id } = await charging()
  await wallet.stop(id)
  await wallet.scan(await statusText(id, 600, 5_000))
  expect(wallet.snapshot().ceremony).toMatchObject({ view: 'stopping' })
  await wallet.scan(receiptText(await receiptFor(id, 1_500, 18_400)))
  expect(wallet.snapshot().ceremony).toBeNull()
})

test('a session that is over, or that this phone does not know, is not stopped', async () => {
  const { wallet, id } = await charging()
  await wallet.scan(receiptText(await receiptFor(id, 1_500, 18_400)))
  expect(await wallet.stop(id)).toEqual(err(refusal('receipt.session')))
  expect(await wallet.stop(id.replaceAll(/./g, '7') as SessionId)).toEqual(err(refusal('receipt.session')))
  expect(stopText(wallet, id)).toBeUndefined()
})

test('a driver who never read the yes can stop all the same', async () => {
  const wallet = await newPhone().open()
  await grantTo(wallet)
  const id = expectOk(await approveOffer(wallet, 1_500), 'approved')
  expect((await wallet.stop(id)).ok).toBe(true)
})

const faults: PlannedFault[] = [1, 2].flatMap((commit) =>
  (['cut-before', 'cut-after'] as const).map((kind) => ({ commit, kind })),
)
test.each(faults)(
  'power lost at commit $commit ($kind) of a stop: one stop, the same bytes',
  async (fault) => {
    const { phone, id } = await charging()
    const struck = await phone.open({ fault })
    await expect(struck.stop(id)).rejects.toBeInstanceOf(PowerCut)
    const seen = stopText(struck, id)
    phone.clock.timeS += 60
    const wallet = await phone.open()
    await wallet.stop(id)
    const shown = stopText(wallet, id)
    expect(shown).toBeDefined()
    expect(seen ?? shown).toBe(shown)
  },
)
