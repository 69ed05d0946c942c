/**
 * A driver's phone without a screen: the real wallet over storage and keys in memory. It reads codes as texts and
 * gives the texts that its own screen would show.
 */

import type { Clock, Random } from '@/lib/core/clock'
import { fromHex } from '@/lib/core/bytes'
import { currencyCode, type PublicKey, type SessionId } from '@/lib/core/ids'
import { refusal, type Refusal } from '@/lib/core/reason'
import { err, expectOk, ok, type Result } from '@/lib/core/result'
import { minorUnits, type EpochSeconds, type MinorUnits } from '@/lib/core/units'
import { verifyWithNode } from '@/lib/crypto/node'
import type { CloudPort } from '@/lib/wallet/cloud-port'
import { memoryKeyVault } from '@/lib/wallet/memory-key-vault'
import { memoryDisk, memoryStore } from '@/lib/wallet/memory-store'
import { newsCodeFor } from '@/lib/wallet/carried-news'
import { claimFleetGrant, takeAlong } from '@/lib/wallet/obtain-grant'
import { refreshAccount, syncOnce } from '@/lib/wallet/sync'
import { codeOf, openWallet, stopCodeOf, type Wallet } from '@/lib/wallet/wallet'
import { currentProposal, type ScanOutcome } from '@/lib/wallet/ceremony'
import { findEntry } from '@/lib/wallet/wallet-state'
import { virtualPasskey, type VirtualPasskey } from './virtual-passkey'

export interface VirtualPhoneOptions {
  readonly cloud: CloudPort
  readonly clock: Clock
  readonly random: Random
  /** Where the driver app comes from: passkeys are bound to it. */
  readonly origin: string
  readonly buildTimeS: EpochSeconds
}

export interface Shown {
  readonly sessionId: SessionId
  readonly holdMinor: MinorUnits
  /** The code on the phone's screen. */
  readonly text: string
  /** The code that stands there in turn with it, for a charger that lacks news; undefined for none. */
  readonly news: string | undefined
}

export class VirtualPhone {
  readonly wallet: Wallet
  readonly #cloud: CloudPort
  readonly #passkey: VirtualPasskey

  private constructor(wallet: Wallet, cloud: CloudPort, passkey: VirtualPasskey) {
    this.wallet = wallet
    this.#cloud = cloud
    this.#passkey = passkey
  }

  static async open({
    cloud,
    clock,
    random,
    origin,
    buildTimeS,
  }: VirtualPhoneOptions): Promise<VirtualPhone> {
    const passkey = virtualPasskey(origin, random)
    const opened = await openWallet({
      store: memoryStore(memoryDisk()),
      keys: memoryKeyVault(random, new Map<PublicKey, Uint8Array>()),
      lock: { acquire: () => Promise.resolve(true), release: () => undefined },
      clock,
      verify: verifyWithNode,
      confirmByPasskey: (authorizationHash) => Promise.resolve(ok(passkey.confirm(authorizationHash))),
      buildTimeS,
    })
    return new VirtualPhone(expectOk(opened, 'an empty wallet opens'), cloud, passkey)
  }

  /** Makes an account with this phone's passkey. */
  async signUp(): Promise<Result<void, Refusal>> {
    const begun = await this.#cloud.registerOptions()
    if (!begun.ok) return begun
    const { challengeId, options } = begun.value
    const signedIn = await this.#cloud.registerVerify(challengeId, this.#passkey.register(options))
    if (!signedIn.ok) return signedIn
    const news = await this.#cloud.account()
    if (!news.ok) return news
    const { credentialId, algorithm, publicKey } = signedIn.value.passkey
    return this.wallet.apply((state, { nowS }) =>
      ok({
        ...state,
        passkey: { credentialId, algorithm, publicKey: fromHex(publicKey) },
        account: {
          accountId: news.value.accountId,
          balanceMinor: minorUnits(news.value.balanceMinor),
          reservedMinor: minorUnits(news.value.reservedMinor),
          currency: currencyCode(news.value.currency),
          asOfS: nowS,
          signedIn: true,
        },
      }),
    )
  }

  /** Pays with the sandbox's card; the same key never pays twice. */
  async topUp(amountMinor: number, currency: string, idempotencyKey: string): Promise<Result<void, Refusal>> {
    const order = { amountMinor, currency, cardNumber: '4242 4242 4242 4242', idempotencyKey }
    const paid = await this.#cloud.topUp(order)
    return paid.ok ? refreshAccount(this.wallet, this.#cloud) : paid
  }

  /** Takes credit along for places without a network. */
  async takeAlong(): Promise<Result<void, Refusal>> {
    const obtained = await takeAlong(this.wallet, this.#cloud)
    return obtained.ok ? refreshAccount(this.wallet, this.#cloud) : obtained
  }

  async claim(code: string): Promise<Result<void, Refusal>> {
    const claimed = await claimFleetGrant(this.wallet, this.#cloud, code)
    return claimed.ok ? ok(undefined) : claimed
  }

  /** Reads a charger's offer and approves the least hold that covers `wishedMinor`, else the most that is possible. */
  async scan(offerText: string, wishedMinor: number): Promise<Result<Shown, Refusal>> {
    const scanned = await this.wallet.scan(offerText)
    if (!scanned.ok) return scanned
    if (scanned.value.kind === 'known-offer') return this.shown(scanned.value.sessionId)
    if (scanned.value.kind !== 'offer') return err(refusal('code.wrong-kind'))
    const proposal = currentProposal(this.wallet.snapshot(), this.wallet.nowS())
    if (proposal === undefined) return err(refusal('offer.unknown'))
    if (!proposal.ok) return proposal
    const { choices } = proposal.value
    const choice = choices.find(({ holdMinor }) => holdMinor >= wishedMinor) ?? choices.at(-1)
    if (choice === undefined) return err(refusal(proposal.value.limitedBy))
    const approved = await this.wallet.approve(choice.holdMinor)
    return approved.ok ? this.shown(approved.value) : approved
  }

  /** The code of an earlier approval once more: the same bytes, as often as somebody wants to see them. */
  shown(sessionId: SessionId): Result<Shown, Refusal> {
    const place = findEntry(this.wallet.snapshot(), sessionId)
    const text = place === undefined ? undefined : codeOf(place.chain, place.entry)
    if (place === undefined || text === undefined) return err(refusal('offer.unknown'))
    const news = newsCodeFor(this.wallet.snapshot(), place.chain, place.entry, this.wallet.nowS())
    return ok({ sessionId, holdMinor: place.entry.payload.holdMinor, text, news })
  }

  /** The code that asks the charger to end a session. */
  async stopCode(sessionId: SessionId): Promise<Result<string, Refusal>> {
    const asked = await this.wallet.stop(sessionId)
    if (!asked.ok) return asked
    const entry = findEntry(this.wallet.snapshot(), sessionId)?.entry
    const text = entry === undefined ? undefined : stopCodeOf(entry)
    return text === undefined ? err(refusal('phone.key')) : ok(text)
  }

  /** Reads an answer, a status or a receipt. */
  read(text: string): Promise<Result<ScanOutcome, Refusal>> {
    return this.wallet.scan(text)
  }

  /** Brings home what is not home yet, and fetches what is new. */
  report(): Promise<Result<void, Refusal>> {
    return syncOnce(this.wallet, this.#cloud)
  }
}
