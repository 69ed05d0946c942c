import { beforeAll, describe, expect, test } from 'vitest'
import { concat, toBytes, toHex } from '@/lib/core/bytes'
import type { PublicKey } from '@/lib/core/ids'
import { limits } from '@/lib/core/limits'
import { verifyWithNoble } from '@/lib/crypto/noble'
import { verifyWithNode } from '@/lib/crypto/node'
import { encodeCbor, decodeCbor } from '@/lib/protocol/cbor'
import { encodeEnvelope, envelopeFromText, envelopeToText } from '@/lib/protocol/envelope'
import { parseMessage, verifyMessage, type MessageType, type VerifiedMessage } from '@/lib/protocol/message'
import { acknowledgement } from '@/lib/protocol/messages/acknowledgement'
import { answer } from '@/lib/protocol/messages/answer'
import { authorization } from '@/lib/protocol/messages/authorization'
import { bearerRecord } from '@/lib/protocol/messages/bearer-record'
import { certificateRenewal } from '@/lib/protocol/messages/certificate-renewal'
import { chargerCertificate } from '@/lib/protocol/messages/charger-certificate'
import { checkpoint } from '@/lib/protocol/messages/checkpoint'
import { close } from '@/lib/protocol/messages/close'
import { gatewayGreeting } from '@/lib/protocol/messages/gateway-greeting'
import { grant } from '@/lib/protocol/messages/grant'
import { localList } from '@/lib/protocol/messages/local-list'
import { offer } from '@/lib/protocol/messages/offer'
import { permit } from '@/lib/protocol/messages/permit'
import { policy } from '@/lib/protocol/messages/policy'
import { receipt } from '@/lib/protocol/messages/receipt'
import { revocationDelta } from '@/lib/protocol/messages/revocation-delta'
import { revocations } from '@/lib/protocol/messages/revocations'
import { signedTime } from '@/lib/protocol/messages/signed-time'
import { status } from '@/lib/protocol/messages/status'
import { stop } from '@/lib/protocol/messages/stop'
import { technicianChallenge } from '@/lib/protocol/messages/technician-challenge'
import { technicianEntry } from '@/lib/protocol/messages/technician-entry'
import { technicianPass } from '@/lib/protocol/messages/technician-pass'
import { trustList } from '@/lib/protocol/messages/trust-list'
import { voucher } from '@/lib/protocol/messages/voucher'
import {
  chargerSigner,
  issuerSigner,
  rootSigner,
  technicianSigner,
  tellStory,
  walletSigner,
  type Story,
} from '../../../fixtures/messages'

let story: Story
beforeAll(async () => {
  story = await tellStory()
})

const types = {
  trustList: [trustList, rootSigner],
  policy: [policy, issuerSigner],
  revocations: [revocations, issuerSigner],
  certificate: [chargerCertificate, issuerSigner],
  grant: [grant, issuerSigner],
  offer: [offer, chargerSigner],
  authorization: [authorization, walletSigner],
  answer: [answer, chargerSigner],
  status: [status, chargerSigner],
  receipt: [receipt, chargerSigner],
  checkpoint: [checkpoint, chargerSigner],
  acknowledgement: [acknowledgement, issuerSigner],
  stop: [stop, walletSigner],
  close: [close, walletSigner],
  permit: [permit, issuerSigner],
  time: [signedTime, issuerSigner],
  revocationDelta: [revocationDelta, issuerSigner],
  voucher: [voucher, issuerSigner],
  bearerRecord: [bearerRecord, chargerSigner],
  localList: [localList, issuerSigner],
  technicianPass: [technicianPass, issuerSigner],
  technicianChallenge: [technicianChallenge, chargerSigner],
  technicianEntry: [technicianEntry, technicianSigner],
  certificateRenewal: [certificateRenewal, chargerSigner],
  gatewayGreeting: [gatewayGreeting, chargerSigner],
} as const
const names = Object.keys(types) as (keyof typeof types)[]

const messageOf = (name: keyof Story): VerifiedMessage<unknown> => story[name]
const typeOf = (name: keyof Story): MessageType<unknown> => types[name][0]

/** Some key that did not sign this message. */
const otherKey = (name: keyof Story): PublicKey =>
  (types[name][1] === walletSigner ? issuerSigner : walletSigner).publicKey

describe.each(names)('%s', (name) => {
  test('comes back equal from its bytes and verifies under its key on every adapter', () => {
    const original = messageOf(name)
    const parsed = parseMessage(typeOf(name), original.bytes)
    expect(parsed).toMatchObject({ ok: true, value: { payload: original.payload, hash: original.hash } })
    if (!parsed.ok) return
    const key = types[name][1].publicKey
    expect(verifyMessage(parsed.value, key, verifyWithNoble)).toBeDefined()
    expect(verifyMessage(parsed.value, key, verifyWithNode)).toBeDefined()
    expect(verifyMessage(parsed.value, otherKey(name), verifyWithNode)).toBeUndefined()
  })

  test('with any one byte changed it is refused or no longer verifies', () => {
    const { bytes } = messageOf(name)
    for (let index = 0; index < bytes.length; index += 1) {
      const tampered = toBytes(bytes)
      tampered[index] = (tampered[index] ?? 0) ^ 0x01
      const parsed = parseMessage(typeOf(name), tampered)
      const verdict =
        parsed.ok && verifyMessage(parsed.value, types[name][1].publicKey, verifyWithNode) !== undefined
      expect(verdict, `byte ${index}`).toBe(false)
    }
  })

  test('an unknown key in its payload is refused', () => {
    const outer = decodeCbor(messageOf(name).bytes)
    if (!outer.ok || !Array.isArray(outer.value)) throw new Error('story message is not COSE')
    const payload = decodeCbor(outer.value[2] as Uint8Array)
    if (!payload.ok || !(payload.value instanceof Map)) throw new Error('payload is not a map')
    const extended = encodeCbor(new Map([...payload.value, [99, 1]]))
    const forged = encodeCbor([outer.value[0], new Map(), extended, outer.value[3]])
    expect(parseMessage(typeOf(name), forged)).toMatchObject({ ok: false, error: { kind: 'wrong-shape' } })
  })
})

test('an authorization cannot pass as another message that has the same payload bytes', () => {
  const impostor: MessageType<unknown> = { ...typeOf('authorization'), name: 'stop' }
  const parsed = parseMessage(impostor, messageOf('authorization').bytes)
  expect(parsed.ok && verifyMessage(parsed.value, walletSigner.publicKey, verifyWithNode)).toBeUndefined()
})

test('the hash names the content: it does not change with the signature', () => {
  const { bytes, hash } = messageOf('offer')
  const resigned = concat(bytes.subarray(0, bytes.length - 64), new Uint8Array(64))
  expect(parseMessage(offer, resigned)).toMatchObject({ ok: true, value: { hash } })
})

describe('sizes on the ordinary path', () => {
  const codes = () => ({
    offer: encodeEnvelope({ kind: 'offer', parts: [story.offer.bytes, story.certificate.bytes] }),
    authorization: encodeEnvelope({
      kind: 'authorization',
      parts: [story.authorization.bytes, story.grant.bytes],
    }),
    answer: encodeEnvelope({ kind: 'answer', parts: [story.answer.bytes] }),
    status: encodeEnvelope({ kind: 'status', parts: [story.status.bytes] }),
    receipt: encodeEnvelope({ kind: 'receipt', parts: [story.receipt.bytes] }),
  })

  test.each(['offer', 'authorization', 'answer', 'status', 'receipt'] as const)(
    '%s fits QR version 12-L',
    (name) => {
      expect(codes()[name].length).toBeLessThanOrEqual(limits.ordinaryCodeBytesMax)
    },
  )

  test('the offer stays within 310 B, answer and status within 120 B, the receipt within 230 B', () => {
    const sizes = codes()
    expect(sizes.offer.length).toBeLessThanOrEqual(310)
    expect(sizes.answer.length).toBeLessThanOrEqual(120)
    expect(sizes.status.length).toBeLessThanOrEqual(120)
    expect(sizes.receipt.length).toBeLessThanOrEqual(230)
  })
})

describe('codes', () => {
  test('an envelope survives the way through text', () => {
    const envelope = { kind: 'answer', parts: [story.answer.bytes] } as const
    const text = envelopeToText(envelope)
    expect(text).toMatch(/^OP1:[0-9A-Z $%*+\-./:]+$/)
    const back = envelopeFromText(text)
    expect(back.ok && toHex(back.value.parts[0] ?? new Uint8Array())).toBe(toHex(story.answer.bytes))
  })

  test.each([
    ['https://example.org/pay', 'code.not-outpost'],
    ['OP2:ABC', 'code.version'],
    ['OP1:abc', 'code.damaged'],
    ['OP1:', 'code.damaged'],
    [`OP1:${'A'.repeat(5_000)}`, 'code.too-large'],
  ])('%s is refused with its own reason', (text, code) => {
    expect(envelopeFromText(text)).toEqual({ ok: false, error: code })
  })
})
