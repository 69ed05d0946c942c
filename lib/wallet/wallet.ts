/**
 * The wallet's shell: one command at a time, each of which reads the state, calls the pure core, PERSISTS, and only then
 * acts. Order for an authorization (PROTOCOL.md): build the payload → passkey over its hash → persist → sign → persist
 * → show. Wherever the power goes, the next start finds either nothing or the same payload, so no seq is ever used
 * for two payloads; and nothing is shown before its very bytes are on disk, so what was shown once is shown again.
 */

import type { Clock } from '@/lib/core/clock'
import type { Bytes } from '@/lib/core/bytes'
import { sessionId, type MessageHash, type PublicKey, type SessionId } from '@/lib/core/ids'
import { refusal, type Refusal } from '@/lib/core/reason'
import { err, ok, type Result } from '@/lib/core/result'
import type { EpochSeconds, MinorUnits } from '@/lib/core/units'
import type { Verify } from '@/lib/crypto/signature'
import { envelopeToText, type EnvelopeKind } from '@/lib/protocol/envelope'
import { hashOfPayload, signMessage } from '@/lib/protocol/message'
import { authorization, type Authorization } from '@/lib/protocol/messages/authorization'
import { entryRules, type Chain, type ChainEntry } from './chain'
import type { DeviceKey, KeyVault } from './key-vault'
import type { OwnerLock } from './owner-lock'
import type { StoreFault, WalletStore } from './store'
import { changesBetween, stateFromRecords } from './stored-state'
import { draftAuthorization, scan, withPrepared, type ScanOutcome } from './ceremony'
import { laterOf, withSigned, type Now, type WalletState } from './wallet-state'

/** Asks the driver's passkey to confirm exactly this authorization; gives the attachment for the charger. */
export type ConfirmByPasskey = (
  authorizationHash: MessageHash,
  passkey: NonNullable<WalletState['passkey']>,
) => Promise<Result<Bytes, Refusal>>

export interface WalletPorts {
  readonly store: WalletStore
  readonly keys: KeyVault
  readonly lock: OwnerLock
  readonly clock: Clock
  readonly verify: Verify
  readonly confirmByPasskey: ConfirmByPasskey
  /** When this app was built: the first bound of the clock from below. */
  readonly buildTimeS: EpochSeconds
}

export interface Wallet {
  /** The same object until something changes. */
  snapshot(): WalletState
  subscribe(onChange: () => void): () => void
  nowS(): EpochSeconds
  /** A pure step, persisted. */
  apply(step: (state: WalletState, now: Now) => Result<WalletState, Refusal>): Promise<Result<void, Refusal>>
  /** Takes a scanned code; `accepts` narrows what kinds it may be of. */
  scan(text: string, accepts?: readonly EnvelopeKind[]): Promise<Result<ScanOutcome, Refusal>>
  /** Approves the offer of the ceremony; resolves once the code may be shown. */
  approve(holdMinor: MinorUnits): Promise<Result<SessionId, Refusal>>
  /** The key for the next grant: the same one until a grant for it arrives. */
  keyForGrant(): Promise<Result<DeviceKey, Refusal>>
  /** Lets the wallet go, for another tab. */
  close(): void
}

export async function openWallet(ports: WalletPorts): Promise<Result<Wallet, Refusal>> {
  if (!(await ports.lock.acquire())) return err(refusal('phone.second-tab'))
  const shell = new WalletShell(ports)
  const loaded = await shell.reload()
  if (!loaded.ok) {
    ports.lock.release()
    return loaded
  }
  await shell.signPrepared()
  return ok(shell)
}

/** What the phone shows to the charger for one entry, or undefined before it is signed. */
export function codeOf(chain: Chain, entry: ChainEntry): string | undefined {
  if (entry.signed === null || !entryRules[entry.state.kind].canBeShown) return undefined
  const parts = [entry.signed, chain.grant.bytes]
  if (entry.passkeyAssertion !== null) parts.push(entry.passkeyAssertion)
  return envelopeToText({ kind: 'authorization', parts })
}

class WalletShell implements Wallet {
  readonly #ports: WalletPorts
  readonly #listeners = new Set<() => void>()
  #state: WalletState
  #revision = 0
  /** After a failed write nobody knows what lies on disk: it is read again before anything else happens. */
  #isStale = false
  #isClosed = false
  #queue: Promise<unknown> = Promise.resolve()

  constructor(ports: WalletPorts) {
    this.#ports = ports
    this.#state = stateFromRecords([], ports.buildTimeS)
  }

  snapshot = (): WalletState => this.#state

  subscribe = (onChange: () => void): (() => void) => {
    this.#listeners.add(onChange)
    return () => this.#listeners.delete(onChange)
  }

  nowS = (): EpochSeconds => laterOf(this.#ports.clock.nowS(), this.#state.clockFloorS)

  close = (): void => {
    this.#isClosed = true
    this.#ports.lock.release()
  }

  async reload(): Promise<Result<void, Refusal>> {
    const loaded = await this.#ports.store.load()
    if (!loaded.ok) return err(refusalOf(loaded.error))
    this.#revision = loaded.value.revision
    this.#isStale = false
    this.#show(stateFromRecords(loaded.value.records, this.#ports.buildTimeS))
    return ok(undefined)
  }

  apply: Wallet['apply'] = (step) =>
    this.#inTurn(() => this.#step((state, now) => mapOk(step(state, now), (next) => [next, undefined])))

  scan: Wallet['scan'] = (text, accepts) =>
    this.#inTurn(() =>
      this.#step((state, now) =>
        mapOk(scan(state, text, now, accepts), (found) => [found.state, found.outcome]),
      ),
    )

  approve: Wallet['approve'] = (holdMinor) =>
    this.#inTurn(async () => {
      // Entries before this one must be whole: the next `previous` names the last of them.
      const resumed = await this.signPrepared()
      if (!resumed.ok) return resumed
      const { passkey } = this.#state
      const draft = draftAuthorization(this.#state, holdMinor, this.nowS())
      if (!draft.ok) return draft
      let assertion: Bytes | null = null
      if (draft.value.stepUp) {
        if (passkey === null) return err(refusal('step-up.required'))
        const hash = hashOfPayload(authorization, draft.value.payload)
        const confirmed = await this.#ports.confirmByPasskey(hash, passkey)
        if (!confirmed.ok) return confirmed
        assertion = confirmed.value
      }
      const prepared = await this.#persist(withPrepared(this.#state, draft.value, assertion))
      if (!prepared.ok) return prepared
      const signed = await this.signPrepared()
      if (!signed.ok) return signed
      return ok(sessionId(hashOfPayload(authorization, draft.value.payload)))
    })

  keyForGrant: Wallet['keyForGrant'] = () =>
    this.#inTurn(async () => {
      const { keys } = this.#ports
      try {
        const spare = this.#state.spareKey
        const protection = spare === null ? undefined : await keys.protectionOf(spare)
        if (spare !== null && protection !== undefined) return ok({ publicKey: spare, protection })
        const created = await keys.create()
        const kept = await this.#persist({ ...this.#state, spareKey: created.publicKey })
        return kept.ok ? ok(created) : kept
      } catch {
        return err(refusal('phone.key'))
      }
    })

  /** Finishes what a lost moment of power left between "written down" and "signed". */
  async signPrepared(): Promise<Result<void, Refusal>> {
    for (const { grant, entries } of this.#state.chains) {
      const prepared = entries.find((entry) => entry.state.kind === 'prepared')
      if (prepared === undefined) continue
      const signed = await this.#sign(prepared.payload, grant.payload.deviceKey)
      if (!signed.ok) return signed
      const kept = await this.#persist(withSigned(this.#state, prepared.sessionId, signed.value))
      if (!kept.ok) return kept
    }
    return ok(undefined)
  }

  async #sign(payload: Authorization, deviceKey: PublicKey): Promise<Result<Bytes, Refusal>> {
    try {
      const signer = await this.#ports.keys.signer(deviceKey)
      if (signer === undefined) return err(refusal('phone.key'))
      return ok((await signMessage(authorization, payload, signer)).bytes)
    } catch {
      return err(refusal('phone.key'))
    }
  }

  async #step<T>(
    core: (state: WalletState, now: Now) => Result<readonly [WalletState, T], Refusal>,
  ): Promise<Result<T, Refusal>> {
    const next = core(this.#state, { nowS: this.nowS(), verify: this.#ports.verify })
    if (!next.ok) return next
    const [state, outcome] = next.value
    const kept = await this.#persist(state)
    return kept.ok ? ok(outcome) : kept
  }

  async #persist(next: WalletState): Promise<Result<void, Refusal>> {
    const changes = changesBetween(this.#state, next)
    if (changes.put.length + changes.remove.length === 0) return ok(undefined)
    const written = await this.#ports.store.commit({ from: this.#revision, ...changes })
    if (!written.ok) {
      this.#isStale = true
      return err(refusalOf(written.error))
    }
    this.#revision += 1
    this.#show(next)
    return ok(undefined)
  }

  #show(state: WalletState): void {
    this.#state = state
    for (const listener of this.#listeners) listener()
  }

  /** One command after the other, each on a state that is known to be on disk. */
  #inTurn<T>(command: () => Promise<Result<T, Refusal>>): Promise<Result<T, Refusal>> {
    const run = this.#queue.then(async (): Promise<Result<T, Refusal>> => {
      if (this.#isClosed) return err(refusal('phone.second-tab'))
      if (this.#isStale) {
        const reloaded = await this.reload()
        if (!reloaded.ok) return reloaded
      }
      return command()
    })
    this.#queue = run.catch(() => undefined)
    return run
  }
}

const mapOk = <T, U, E>(result: Result<T, E>, turn: (value: T) => U): Result<U, E> =>
  result.ok ? ok(turn(result.value)) : result

const refusalOf = (fault: StoreFault): Refusal =>
  refusal(fault.kind === 'conflict' ? 'phone.second-tab' : 'phone.storage')
