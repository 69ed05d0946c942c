/**
 * A phone of a world: the real wallet on storage that may fail, under a clock that may be wrong. It reads codes as
 * texts. A clone shares the keys and nothing else.
 */

import { refusal, type Refusal } from '@/lib/core/reason'
import { err, ok, type Result } from '@/lib/core/result'
import type { PublicKey, SessionId } from '@/lib/core/ids'
import { toBytes } from '@/lib/core/bytes'
import type { EpochSeconds } from '@/lib/core/units'
import type { CloudPort } from '@/lib/wallet/cloud-port'
import type { KeyVault } from '@/lib/wallet/key-vault'
import { PowerCut } from '@/lib/wallet/memory-store'
import { currentProposal, type ScanOutcome } from '@/lib/wallet/ceremony'
import { takeAlong } from '@/lib/wallet/obtain-grant'
import { adoptAccount, syncOnce } from '@/lib/wallet/sync'
import { codeOf, openWallet, type Wallet } from '@/lib/wallet/wallet'
import { findEntry } from '@/lib/wallet/wallet-state'
import { PhoneDisk } from '@/simulator/phone/phone-disk'
import { signerNamed, worldVerify } from './keys'
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
  readonly cloud: (phone: WorldPhone) => CloudPort
}

export class WorldPhone {
  readonly name: string
  readonly accountId: string
  readonly clock: DeviceClock
  readonly keys: PhoneKeys
  readonly disk: PhoneDisk
  readonly #setting: PhoneSetting
  readonly #cloud: CloudPort
  #wallet: Wallet | undefined
  isDestroyed = false
  /** False for a clone, and for a phone that was put back to an earlier day: both repeat what was used. */
  isHonest: boolean

  private constructor(setting: PhoneSetting, original?: WorldPhone) {
    this.#setting = setting
    this.name = setting.name
    this.accountId = setting.accountId
    this.clock = new DeviceClock(setting.timeline)
    this.keys = original?.keys ?? new PhoneKeys(setting.name)
    this.disk = original?.disk.copy() ?? new PhoneDisk()
    this.isHonest = original === undefined
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
    return owner === `wallet:${this.accountId}`
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
        confirmByPasskey: () => Promise.resolve(ok(toBytes([0xa0]))),
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
    return this.#withWallet((wallet) => adoptAccount(wallet, this.#cloud))
  }

  takeAlong(): Promise<Result<void, Refusal> | undefined> {
    return this.#withWallet((wallet) => takeAlong(wallet, this.#cloud))
  }

  report(): Promise<Result<void, Refusal> | undefined> {
    return this.#withWallet((wallet) => syncOnce(wallet, this.#cloud))
  }

  read(text: string): Promise<Result<ScanOutcome, Refusal> | undefined> {
    return this.#withWallet((wallet) => wallet.scan(text))
  }

  /** Reads an offer and approves one of the holds that are possible; `choice` in [0, 1) says which. */
  approve(offerText: string, choice: number): Promise<Result<Shown, Refusal> | undefined> {
    return this.#withWallet(async (wallet): Promise<Result<Shown, Refusal>> => {
      const scanned = await wallet.scan(offerText)
      if (!scanned.ok) return scanned
      if (scanned.value.kind === 'known-offer') return this.#shown(wallet, scanned.value.sessionId)
      if (scanned.value.kind !== 'offer') return err(refusal('code.wrong-kind'))
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
