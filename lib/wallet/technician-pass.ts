/**
 * A technician's pass on this phone: a key of its own that cannot be exported, the pass that the operator signed for it,
 * and the operator's trust list, so that a charger's question can be checked and answered without any network. It lies in
 * a database of its own: a pass has nothing to do with anybody's wallet, and outlives its sign-out.
 */

import { fromBase64Url, toBytes, type Bytes } from '@/lib/core/bytes'
import { publicKey, type PublicKey } from '@/lib/core/ids'
import { refusal, type Refusal } from '@/lib/core/reason'
import type { ReasonCode } from '@/lib/core/reason-codes'
import { err, ok, type Result } from '@/lib/core/result'
import type { EpochSeconds } from '@/lib/core/units'
import type { Verify } from '@/lib/crypto/signature'
import { generateDeviceKey, webCryptoHasEd25519, webCryptoSigner } from '@/lib/crypto/webcrypto'
import { envelopeFromText, envelopeToText } from '@/lib/protocol/envelope'
import { parseMessage, signMessage, verifyMessage, type VerifiedMessage } from '@/lib/protocol/message'
import { technicianChallenge } from '@/lib/protocol/messages/technician-challenge'
import { technicianEntry } from '@/lib/protocol/messages/technician-entry'
import { technicianPass, type TechnicianPass } from '@/lib/protocol/messages/technician-pass'
import type { TrustList } from '@/lib/protocol/messages/trust-list'
import { openChargerCertificate, openIssued, openTrustList } from '@/lib/protocol/trust'
import { request, type Fetch } from './http-cloud'
import type { WalletDatabase } from './idb-database'
import { jsonReader } from './json-reader'

export interface KeptPass {
  readonly pass: VerifiedMessage<TechnicianPass>
  readonly trust: VerifiedMessage<TrustList>
  readonly root: PublicKey
}

export interface EntryCode {
  readonly text: string
  readonly chargerId: string
  readonly siteLabel: string
  readonly bayLabel: string
}

/** Where the three pieces lie among the records. */
const names = { pass: 'pass', trust: 'trust-list', root: 'root' } as const

export interface PassHolderParts {
  readonly database: WalletDatabase
  readonly verify: Verify
  readonly fetchApi: Fetch
}

export class PassHolder {
  readonly #parts: PassHolderParts

  constructor(parts: PassHolderParts) {
    this.#parts = parts
  }

  /** Undefined where no pass is kept, or what is kept is none. */
  async load(): Promise<KeptPass | undefined> {
    const { database } = this.#parts
    const [pass, trust, root] = await Promise.all(
      [names.pass, names.trust, names.root].map((name) => database.get('records', name)),
    )
    if (!(pass instanceof Uint8Array) || !(trust instanceof Uint8Array) || typeof root !== 'string')
      return undefined
    return this.#open(toBytes(pass), toBytes(trust), root)
  }

  /** With the code of an invitation. The same key is offered again until it has a pass, so a lost answer costs nothing. */
  async take(code: string): Promise<Result<KeptPass, Refusal>> {
    const deviceKey = await this.#key()
    if (deviceKey === undefined) return err(refusal('technician.phone'))
    const body = { code, deviceKey }
    const answer = await request(this.#parts.fetchApi, '/technician/passes', 'POST', body)
    if (!answer.ok) return answer
    try {
      const json = jsonReader(answer.value)
      const pass = fromBase64Url(json.text('pass'))
      const trust = fromBase64Url(json.text('trustList'))
      const root = json.text('root')
      const kept = pass === undefined || trust === undefined ? undefined : this.#open(pass, trust, root)
      if (kept?.pass.payload.key !== deviceKey) return err(refusal('api.internal'))
      await this.#keep(kept)
      return ok(kept)
    } catch {
      return err(refusal('api.internal'))
    }
  }

  /** Takes a newer trust list under the same root, where there is a network. Says nothing where there is none. */
  async refresh(kept: KeptPass): Promise<KeptPass> {
    const answer = await request(this.#parts.fetchApi, '/trust', 'GET', undefined)
    if (!answer.ok) return kept
    try {
      const bytes = fromBase64Url(jsonReader(answer.value).text('trustList'))
      const next = bytes === undefined ? undefined : this.#open(kept.pass.bytes, bytes, kept.root)
      if (next === undefined || next.trust.payload.sequence <= kept.trust.payload.sequence) return kept
      await this.#keep(next)
      return next
    } catch {
      return kept
    }
  }

  /** The answer to what a charger's touchscreen asks. Its certificate is checked first: a pass answers nobody else. */
  async answer(kept: KeptPass, text: string, nowS: EpochSeconds): Promise<Result<EntryCode, Refusal>> {
    const { verify } = this.#parts
    const envelope = envelopeFromText(text)
    if (!envelope.ok) return err(refusal(envelope.error))
    if (envelope.value.kind !== 'technician-challenge') return err(refusal('code.wrong-kind'))
    const [challengeBytes = new Uint8Array(), certificateBytes = new Uint8Array()] = envelope.value.parts
    const certificate = openChargerCertificate(certificateBytes, kept.trust.payload, nowS, verify)
    if (!certificate.ok) return err(refusal(certificate.error))
    const { chargerId, siteId, siteLabel, bayLabel, key } = certificate.value.payload
    const parsed = parseMessage(technicianChallenge, challengeBytes)
    const challenge = parsed.ok ? verifyMessage(parsed.value, key, verify) : undefined
    if (challenge?.payload.chargerId !== chargerId) return err(refusal('offer.signature'))
    const fault = passFault(kept.pass.payload, siteId, nowS)
    if (fault !== undefined) return err(refusal(fault))
    const pair = await this.#pair(kept.pass.payload.key)
    if (pair === undefined) return err(refusal('technician.key'))
    const entry = await signMessage(
      technicianEntry,
      { challengeHash: challenge.hash, passHash: kept.pass.hash, timeS: nowS },
      await webCryptoSigner(pair),
    )
    const parts = [entry.bytes, kept.pass.bytes]
    return ok({ text: envelopeToText({ kind: 'technician-entry', parts }), chargerId, siteLabel, bayLabel })
  }

  /** Takes pass and key off this phone. */
  async forget(): Promise<void> {
    const { database } = this.#parts
    const transaction = database.transaction(['records', 'keys'], 'readwrite', { durability: 'strict' })
    await Promise.all([
      transaction.objectStore('records').clear(),
      transaction.objectStore('keys').clear(),
      transaction.done,
    ])
  }

  #open(pass: Bytes, trust: Bytes, root: string): KeptPass | undefined {
    const { verify } = this.#parts
    if (!/^[0-9a-f]{64}$/.test(root)) return undefined
    const list = openTrustList(trust, publicKey(root), verify)
    const issued =
      list === undefined ? undefined : openIssued(technicianPass, pass, list.payload, undefined, verify)
    return list === undefined || issued === undefined
      ? undefined
      : { pass: issued, trust: list, root: publicKey(root) }
  }

  async #keep({ pass, trust, root }: KeptPass): Promise<void> {
    const transaction = this.#parts.database.transaction('records', 'readwrite', { durability: 'strict' })
    await Promise.all([
      transaction.store.put(pass.bytes, names.pass),
      transaction.store.put(trust.bytes, names.trust),
      transaction.store.put(root, names.root),
      transaction.done,
    ])
  }

  /** The key that has no pass yet, or a fresh one; undefined where this browser cannot keep one. */
  async #key(): Promise<PublicKey | undefined> {
    const { database } = this.#parts
    const known = await database.getAll('keys')
    const used = (await this.load())?.pass.payload.key
    const open = known.find(({ publicKey: key, secret }) => key !== used && secret.kind === 'platform')
    if (open !== undefined) return open.publicKey
    if (!(await webCryptoHasEd25519())) return undefined
    try {
      const pair = await generateDeviceKey()
      const { publicKey: key } = await webCryptoSigner(pair)
      const transaction = database.transaction('keys', 'readwrite', { durability: 'strict' })
      const stored = { publicKey: key, secret: { kind: 'platform', pair } } as const
      await Promise.all([transaction.store.put(stored, key), transaction.done])
      return (await this.#pair(key)) === undefined ? undefined : key
    } catch {
      return undefined
    }
  }

  async #pair(key: PublicKey): Promise<CryptoKeyPair | undefined> {
    const stored = await this.#parts.database.get('keys', key)
    return stored?.secret.kind === 'platform' ? stored.secret.pair : undefined
  }
}

/** What the charger would say as well, said before anybody walks up to its camera. */
function passFault(
  pass: TechnicianPass,
  siteId: TechnicianPass['sites'][number],
  nowS: number,
): ReasonCode | undefined {
  if (nowS > pass.notAfterS) return 'technician.expired'
  return pass.sites.length > 0 && !pass.sites.includes(siteId) ? 'technician.site' : undefined
}
