import { expect, test } from 'vitest'
import { expectOk } from '@/lib/core/result'
import { parseMessage, verifyMessage } from '@/lib/protocol/message'
import { verifyWithNode } from '@/lib/crypto/node'
import { localList } from '@/lib/protocol/messages/local-list'
import { assembleList, findCard } from '@/charger-kiosk/session/card-list'
import { contractPin, contractStatus, statusFor } from '@/charger-kiosk/session/card-verdict'
import { annasCard, annasSerial, bensSerial, cardList, entry } from '@/tests/fixtures/card-lists'
import { issuerSigner } from '@/tests/fixtures/messages'

const contract = {
  ...{ hashAlgorithm: 'SHA256', issuerNameHash: 'AA01', issuerKeyHash: 'BB02', serialNumber: '0C03' },
}
const contractNumber = 'DE-8AA-CA2B3C4D5-N'

async function listOf(...entries: readonly Awaited<ReturnType<typeof entry>>[]) {
  const parts = (await cardList({}, entries)).map((bytes) => {
    const parsed = expectOk(parseMessage(localList, bytes), 'a part')
    const verified = verifyMessage(parsed, issuerSigner.publicKey, verifyWithNode)
    if (verified === undefined) throw new Error('not the issuer’s')
    return verified
  })
  const list = assembleList(parts)
  if (list === undefined) throw new Error('not whole')
  return list
}

const vehicle = (contracts?: readonly ReturnType<typeof contractPin>[]) =>
  entry(contractNumber, bensSerial, { type: 'eMAID', ...(contracts === undefined ? {} : { contracts }) })

test('a number is found however a reader writes it, and only as its own kind where the kind is told', async () => {
  const list = await listOf(await entry(annasCard, annasSerial), await vehicle())
  const find = (text: string, type?: string) => findCard(list, { text, type })?.token
  expect(find(annasCard.toLowerCase())).toBe(annasCard)
  expect(find(annasCard, 'ISO14443')).toBe(annasCard)
  expect(find(annasCard, 'eMAID')).toBeUndefined()
  expect(find('DE8AACA2B3C4D5N', 'eMAID')).toBe(contractNumber)
  expect(find('04FF')).toBeUndefined()
})

test('a contract counts where the list pins it, or pins none', async () => {
  const [pinned] = (await listOf(await vehicle([contractPin(contract)]))).cards
  const [open] = (await listOf(await vehicle())).cards
  if (pinned === undefined || open === undefined) throw new Error('no card')
  const lower = { ...contract, issuerNameHash: 'aa01', serialNumber: '0c03' }
  const other = { ...contract, serialNumber: '0C04' }
  expect(contractStatus(pinned, { contracts: [lower] })).toBe('Accepted')
  expect(contractStatus(pinned, { contracts: [other] })).toBe('ContractCancelled')
  expect(contractStatus(open, { contracts: [other] })).toBe('Accepted')
  expect(contractStatus(open, {})).toBeUndefined()
  // The charger could not check it, and nobody here can.
  expect(contractStatus(open, { bringsContract: true })).toBe('CertChainError')
})

test('whatever is wrong with a card, a charger hears a word of OCPP that is not "Accepted"', () => {
  expect(statusFor('voucher.revoked')).toBe('Blocked')
  expect(statusFor('card.in-use')).toBe('ConcurrentTx')
  expect(statusFor('charger.storage')).toBe('Invalid')
})
