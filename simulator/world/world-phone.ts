/**
 * A phone of a world: the real wallet on storage that may fail, under a clock that may be wrong. It reads codes as
 * texts. A clone shares the keys and nothing else.
 */

import { refusal, type Refusal } from '@/lib/core/reason'
import { err, ok, type Result } from '@/lib/core/result'
import { fromBase64Url, fromHex, type Bytes } from '@/lib/core/bytes'
import type { MessageHash, PublicKey, SessionId } from '@/lib/core/ids'
import type { EpochSeconds } from '@/lib/core/units'
import type { CloudPort, GrantNews } from '@/lib/wallet/cloud-port'
import type { KeyVault } from '@/lib/wallet/key-vault'
import { PowerCut } from '@/lib/wallet/memory-store'
import { currentProposal, type ScanOutcome } from '@/lib/wallet/ceremony'
import { newsCodeFor } from '@/lib/wallet/carried-news'
import { claimFleetGrant, obtainGrant, takeAlong, takeTrust } from '@/lib/wallet/obtain-grant'
import { fetchOfferTime } from '@/lib/wallet/offer-time'
import { adoptAccount, syncOnce } from '@/lib/wallet/sync'
import { codeOf, openWallet, stopCodeOf, type Wallet } from '@/lib/wallet/wallet'
import { findEntry, withGrant } from '@/lib/wallet/wallet-state'
import { PhoneDisk } from '@/simulator/phone/phone-disk'
import type { Authenticator } from './authenticator'
import { signerNamed, worldVerify } from './keys'
import { worldFleet, type WorldSite } from './place'
import { DeviceClock, worldBeginsS, type Timeline } from './timeline'

const buildTimeS = (worldBeginsS - 86_400) as EpochSeconds

export interface Shown {
  readonly sessionId: SessionId
  readonly text: string
}

/** Keys by name, so that equal worlds have equal keys. Shared by clones. */
export class PhoneKeys implements KeyVault {
  readonly #owner: string
  readonly #names = new Map<PublicKey, string>()

  constructor(owner: string) {
    this.#owner = owner
  }

  create(): ReturnType<KeyVault['create']> {
    const name = `${this.#owner} key ${this.#names.size}`
    const { publicKey } = signerNamed(name)
    this.#names.set(publicKey, name)
    return Promise.resolve({ publicKey, protection: 'platform' })
  }

  protectionOf(key: PublicKey): ReturnType<KeyVault['protectionOf']> {
    return Promise.resolve(this.#names.has(key) ? 'platform' : undefined)
  }

  signer(key: PublicKey): ReturnType<KeyVault['signer']> {
    const name = this.#names.get(key)
    return Promise.resolve(name === undefined ? undefined : signerNamed(name))
  }
}

export interface PhoneSetting {
  readonly name: string
  readonly accountId: string
  readonly timeline: Timeline
  readonly passkey: Authenticator | undefined
  /** The driver has confirmed an authorization by the passkey. */
  readonly onConfirmed: (authorizationHash: MessageHash) => void
  readonly cloud: (phone: WorldPhone) => CloudPort
}

export class WorldPhone {
  readonly name: string
  readonly accountId: string
  readonly clock: DeviceClock
  readonly keys: PhoneKeys
  readonly disk: PhoneDisk
  readonly #setting: PhoneSetting
  /** Accounts in the books that pay for what is spent from here; a clone spends from the same. */
  readonly #owners: Set<string>
  readonly #cloud: CloudPort
  #wallet: Wallet | undefined
  isDestroyed = false
  /** False for a clone, and for a phone that was put back to an earlier day: both repeat what was used. */
  isHonest: boolean
  readonly isClone: boolean

  private constructor(setting: PhoneSetting, original?: WorldPhone) {
    this.#setting = setting
    this.#owners = original === undefined ? new Set([`wallet:${setting.accountId}`]) : original.#owners
    this.name = setting.name
    this.accountId = setting.accountId
    this.clock = new DeviceClock(setting.timeline)
    this.keys = original?.keys ?? new PhoneKeys(setting.name)
    this.disk = original?.disk.copy() ?? new PhoneDisk()
    this.isHonest = original === undefined
    this.isClone = original !== undefined
    this.#cloud = setting.cloud(this)
  }

  static async open(setting: PhoneSetting): Promise<WorldPhone> {
    const phone = new WorldPhone(setting)
    await phone.turnOn()
    return phone
  }

  async clone(name: string): Promise<WorldPhone> {
    const clone = new WorldPhone({ ...this.#setting, name }, this)
    await clone.turnOn()
    return clone
  }

  /** Whether this account in the books pays for what is spent from here. */
  owns(owner: string): boolean {
    return this.#owners.has(owner)
  }

  /** Undefined while it is off. */
  get wallet(): Wallet | undefined {
    return this.#wallet
  }

  /** False: the power failed once more while the wallet finished what it had begun. */
  async turnOn(): Promise<boolean> {
    if (this.isDestroyed) return false
    const opened = await this.#withPower(() =>
      openWallet({
        store: this.disk.store(),
        keys: this.keys,
        lock: { acquire: () => Promise.resolve(true), release: () => undefined },
        clock: this.clock,
        verify: worldVerify,
        confirmByPasskey: (hash) => this.#confirm(hash),
        buildTimeS,
      }),
    )
    this.#wallet = opened?.ok === true ? opened.value : undefined
    return this.#wallet !== undefined
  }

  turnOff(): void {
    this.#wallet?.close()
    this.#wallet = undefined
  }

  signIn(): Promise<Result<void, Refusal> | undefined> {
    const { passkey } = this.#setting
    return this.#withWallet(async (wallet) => {
      const adopted = await adoptAccount(wallet, this.#cloud)
      if (!adopted.ok || passkey === undefined) return adopted
      const { credentialId, algorithm, publicKey } = passkey
      return wallet.apply((state) =>
        ok({ ...state, passkey: { credentialId, algorithm, publicKey: fromHex(publicKey) } }),
      )
    })
  }

  /** Whoever has a copy of the phone has no finger for its passkey. */
  async #confirm(hash: MessageHash): Promise<Result<Bytes, Refusal>> {
    const { passkey, onConfirmed } = this.#setting
    if (passkey === undefined) return err(refusal('step-up.required'))
    if (this.isClone) return ok(await passkey.forge(hash))
    onConfirmed(hash)
    return ok(await passkey.confirm(hash))
  }

  takeAlong(): Promise<Result<void, Refusal> | undefined> {
    return this.#withWallet((wallet) => takeAlong(wallet, this.#cloud))
  }

  /** Credit that is good at some sites only. */
  takeToSites(sites: readonly WorldSite[], capMinor: number): Promise<Result<void, Refusal> | undefined> {
    return this.#withWallet((wallet) => obtainGrant(wallet, this.#cloud, { sites, capMinor }))
  }

  /** A grant for one session, for a key that this phone has just made; `pay` sets the money aside. */
  async buyAsGuest(
    owner: string,
    pay: (devicePublicKey: string) => Promise<Result<GrantNews, Refusal>>,
  ): Promise<Result<void, Refusal> | undefined> {
    this.#owners.add(owner)
    return this.#withWallet(async (wallet): Promise<Result<void, Refusal>> => {
      const key = await wallet.keyForGrant()
      if (!key.ok) return key
      const news = await pay(key.value.publicKey)
      const bytes = news.ok ? fromBase64Url(news.value.grant) : undefined
      if (!news.ok || bytes === undefined) return news.ok ? err(refusal('api.internal')) : news
      const trusted = await takeTrust(wallet, news.value.trust)
      if (!trusted.ok) return trusted
      return wallet.apply((state, now) => withGrant(state, bytes, null, key.value.publicKey, now))
    })
  }

  /** A fleet's token, by the code that its manager gave out. */
  async claim(code: string): Promise<Result<unknown, Refusal> | undefined> {
    this.#owners.add(`fleet:${worldFleet}`)
    return this.#withWallet((wallet) => claimFleetGrant(wallet, this.#cloud, code))
  }

  report(): Promise<Result<void, Refusal> | undefined> {
    return this.#withWallet((wallet) => syncOnce(wallet, this.#cloud))
  }

  read(text: string): Promise<Result<ScanOutcome, Refusal> | undefined> {
    return this.#withWallet((wallet) => wallet.scan(text))
  }

  /**
   * Reads an offer and approves one of the holds that are possible; `choice` in [0, 1) says which. With a network, the
   * issuer's time is fetched where the charger has none.
   */
  approve(offerText: string, choice: number, isOnline = false): Promise<Result<Shown, Refusal> | undefined> {
    return this.#withWallet(async (wallet): Promise<Result<Shown, Refusal>> => {
      const scanned = await wallet.scan(offerText)
      if (!scanned.ok) return scanned
      if (scanned.value.kind === 'known-offer') return this.#shown(wallet, scanned.value.sessionId)
      if (scanned.value.kind !== 'offer') return err(refusal('code.wrong-kind'))
      if (isOnline) await fetchOfferTime(wallet, this.#cloud)
      const proposal = currentProposal(wallet.snapshot(), wallet.nowS())
      if (proposal === undefined) return err(refusal('offer.unknown'))
      if (!proposal.ok) return proposal
      const { choices, limitedBy } = proposal.value
      const chosen = choices[Math.floor(choice * choices.length)]
      if (chosen === undefined) return err(refusal(limitedBy))
      const approved = await wallet.approve(chosen.holdMinor)
      return approved.ok ? this.#shown(wallet, approved.value) : approved
    })
  }

  /** What the screen shows for a session; the same bytes every time. */
  shown(sessionId: SessionId): Shown | undefined {
    const wallet = this.#wallet
    const shown = wallet === undefined ? undefined : this.#shown(wallet, sessionId)
    return shown?.ok === true ? shown.value : undefined
  }

  /** What a charger without a link may not have heard; undefined where there is nothing to carry. */
  newsFor(sessionId: SessionId): string | undefined {
    const wallet = this.#wallet
    const place = wallet === undefined ? undefined : findEntry(wallet.snapshot(), sessionId)
    return wallet === undefined || place === undefined
      ? undefined
      : newsCodeFor(wallet.snapshot(), place.chain, place.entry, wallet.nowS())
  }

  /** The code that asks the charger to end the session. */
  stop(sessionId: SessionId): Promise<string | undefined> {
    return this.#withWallet(async (wallet) => {
      const asked = await wallet.stop(sessionId)
      const place = asked.ok ? findEntry(wallet.snapshot(), sessionId) : undefined
      return place === undefined ? undefined : stopCodeOf(place.entry)
    })
  }

  #shown(wallet: Wallet, sessionId: SessionId): Result<Shown, Refusal> {
    const place = findEntry(wallet.snapshot(), sessionId)
    const text = place === undefined ? undefined : codeOf(place.chain, place.entry)
    return text === undefined ? err(refusal('offer.unknown')) : ok({ sessionId, text })
  }

  #withWallet<T>(use: (wallet: Wallet) => Promise<T>): Promise<T | undefined> {
    const wallet = this.#wallet
    return wallet === undefined ? Promise.resolve(undefined) : this.#withPower(() => use(wallet))
  }

  /** Undefined when the power failed in the middle. */
  async #withPower<T>(use: () => Promise<T>): Promise<T | undefined> {
    try {
      return await use()
    } catch (error) {
      if (!(error instanceof PowerCut)) throw error
      this.#wallet = undefined
      return undefined
    }
  }
}
