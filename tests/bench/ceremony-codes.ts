/** The codes of the ordinary path as they stand on screens: their bytes, QR versions, and how long a reader takes. */

import { p256 } from '@noble/curves/nist.js'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { loadCodeReader } from '@/components/camera/read-code'
import { qrModules } from '@/components/ui/qr-modules'
import { concat, fromHex, toBase64Url, toBytes, utf8, type Bytes } from '@/lib/core/bytes'
import { verifyWithNode } from '@/lib/crypto/node'
import { sha256 } from '@/lib/crypto/hash'
import { encodeEnvelope, envelopeFromText, envelopeToText, type Envelope } from '@/lib/protocol/envelope'
import { parseMessage, verifyMessage, type MessageType } from '@/lib/protocol/message'
import { answer } from '@/lib/protocol/messages/answer'
import { authorization } from '@/lib/protocol/messages/authorization'
import { offer } from '@/lib/protocol/messages/offer'
import { receipt } from '@/lib/protocol/messages/receipt'
import { status } from '@/lib/protocol/messages/status'
import { encodePasskeyAssertion } from '@/lib/protocol/passkey-assertion'
import { chargerSigner, tellStory, walletSigner, type Story } from '../fixtures/messages'
import { degradedCode } from '../unit/components/camera/degraded-code'
import { percentile } from './figures'

export interface CodeFigures {
  readonly name: string
  readonly bytes: number
  readonly qrVersion: number
}

export async function ceremonyCodes(): Promise<readonly { name: string; envelope: Envelope }[]> {
  const story = await tellStory()
  const { authorization: authorized, grant } = story
  return [
    { name: 'offer', envelope: { kind: 'offer', parts: [story.offer.bytes, story.certificate.bytes] } },
    { name: 'authorization', envelope: { kind: 'authorization', parts: [authorized.bytes, grant.bytes] } },
    { name: 'answer', envelope: { kind: 'answer', parts: [story.answer.bytes] } },
    { name: 'status', envelope: { kind: 'status', parts: [story.status.bytes] } },
    { name: 'receipt', envelope: { kind: 'receipt', parts: [story.receipt.bytes] } },
    {
      name: 'authorization-passkey',
      envelope: { kind: 'authorization', parts: [authorized.bytes, grant.bytes, assertionFor(story)] },
    },
  ]
}

/** A step-up as a phone makes it: the client data that Chrome and Safari write, and an ES256 signature in DER. */
function assertionFor(story: Story): Bytes {
  const secret = sha256(utf8('a passkey for benches'))
  const clientData = utf8(
    `{"type":"webauthn.get","challenge":"${toBase64Url(fromHex(story.authorization.hash))}","origin":"https://charge.example.org","crossOrigin":false}`,
  )
  const authenticatorData = concat(sha256(utf8('charge.example.org')), toBytes([0x1d, 0, 0, 0, 0]))
  const signed = concat(authenticatorData, sha256(clientData))
  return encodePasskeyAssertion({
    algorithm: 'ES256',
    key: toBytes(p256.getPublicKey(secret, true)),
    authenticatorData,
    clientData,
    signature: toBytes(p256.sign(signed, secret, { prehash: true, format: 'der' })),
  })
}

export async function measureSizes(): Promise<readonly CodeFigures[]> {
  return (await ceremonyCodes()).map(({ name, envelope }) => ({
    name,
    bytes: encodeEnvelope(envelope).length,
    qrVersion: qrModules(envelopeToText(envelope))?.version ?? Number.NaN,
  }))
}

const readers: Readonly<Record<string, readonly [MessageType<unknown>, typeof chargerSigner]>> = {
  offer: [offer, chargerSigner],
  authorization: [authorization, walletSigner],
  answer: [answer, chargerSigner],
  status: [status, chargerSigner],
  receipt: [receipt, chargerSigner],
}

/** Median milliseconds from a camera frame (tilted, blurred, noisy) to a verified message. */
export async function measureDecode(rounds: number): Promise<number> {
  const wasm = await readFile(createRequire(import.meta.url).resolve('zxing-wasm/reader/zxing_reader.wasm'))
  const read = await loadCodeReader({ bytes: toBytes(wasm).buffer })
  const codes = (await ceremonyCodes()).filter(({ name }) => name in readers)
  const times: number[] = []
  for (let round = 0; round < rounds; round += 1) {
    for (const { name, envelope } of codes) {
      const frame = degradedCode(
        envelopeToText(envelope),
        { pixelsPerModule: 5, tilt: 0.1, turnDegrees: 4, blur: 1, noise: 12 },
        round + 1,
      )
      const startedMs = performance.now()
      const [text] = await read(frame)
      const opened = envelopeFromText(text ?? '')
      const [type, signer] = readers[name] ?? [offer, chargerSigner]
      const parsed = opened.ok ? parseMessage(type, opened.value.parts[0] ?? new Uint8Array()) : undefined
      const good =
        parsed?.ok === true && verifyMessage(parsed.value, signer.publicKey, verifyWithNode) !== undefined
      if (!good) throw new Error(`The ${name} code was not read in round ${round}`)
      times.push(performance.now() - startedMs)
    }
  }
  return percentile(times, 0.5)
}
