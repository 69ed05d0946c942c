/**
 * The wallet's shell: one command at a time, each of which reads the state, calls the pure core, PERSISTS, and only then
 * acts. Order for an authorization (PROTOCOL.md): build the payload → passkey over its hash → persist → sign → persist
 * → show. Wherever the power goes, the next start finds either nothing or the same payload, so no seq is ever used
 * for two payloads; and nothing is shown before its very bytes are on disk, so what was shown once is shown again.
 */

import type { Clock } from '@/lib/core/clock'
import type { Bytes } from '@/lib/core/bytes'
import { sessionId, type GrantSerial, type MessageHash, type SessionId } from '@/lib/core/ids'
import { refusal, type Refusal } from '@/lib/core/reason'
import { err, ok, type Result } from '@/lib/core/result'
import type { EpochSeconds, MinorUnits } from '@/lib/core/units'
import type { Verify } from '@/lib/crypto/signature'
import { envelopeToText, type EnvelopeKind } from '@/lib/protocol/envelope'
import { hashOfPayload } from '@/lib/protocol/message'
import { authorization } from '@/lib/protocol/messages/authorization'
import { loadRulesFor } from '@/lib/policy/rule-reader'
import { entryRules, type Chain, type ChainEntry, type Closing } from './chain'
import { beginClose } from './chain-close'
import { KeyLocked, type DeviceKey, type KeyVault } from './key-vault'
import type { OwnerLock } from './owner-lock'
import { pendingSignatures, type PendingSignature } from './pending-signatures'
import { beginStop } from './stop-request'
import type { StoreFault, WalletStore } from './store'
import { changesBetween, stateFromRecords } from './stored-state'
import { verdictsAhead, type VerifyAhead } from './verdicts-ahead'
import { draftAuthorization, scan, withPrepared, type ScanOutcome } from './ceremony'
import { laterOf, type Now, type WalletState } from './wallet-state'

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
  /** The same verdict by the platform, for what the operator signed; left out, all is plain script. */
  readonly verifyAhead?: VerifyAhead
  readonly confirmByPasskey: ConfirmByPasskey
  /**
   * Waited for before anything is signed: a phone that was restored from a backup, and has a connection, must hear of
   * grants that it gave back since. Ends by itself, soon.
   */
  readonly beforeSigning?: () => Promise<void>
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
  /** Tries once more to sign what is written down, after a key that was locked or refused. */
  finishSigning(): Promise<Result<void, Refusal>>
  /** Asks the charger to end a session; resolves once that code may be shown. */
  stop(id: SessionId): Promise<Result<void, Refusal>>
  /**
   * Ends a grant for good and gives its signed close; asked again, the same close for the same next key. Without a next
   * grant (`return`) its credit goes back to the account.
   */
  closeGrant(serial: GrantSerial, purpose?: 'renewal' | 'return'): Promise<Result<SignedClosing, Refusal>>
  /** The key for the next grant: the same one until a grant for it arrives. */
  keyForGrant(): Promise<Result<DeviceKey, Refusal>>
  /** Lets the wallet go, for another tab. */
  close(): void
}

export interface SignedClosing extends Closing {
  readonly signed: Bytes
}

export async function openWallet(ports: WalletPorts): Promise<Result<Wallet, Refusal>> {
  if (!(await ports.lock.acquire())) return err(refusal('phone.second-tab'))
  const shell = new WalletShell(ports)
  const loaded = await shell.reload()
  if (!loaded.ok) {
    ports.lock.release()
    return loaded
  }
  await shell.signPending()
  return ok(shell)
}

/** What the phone shows to the charger for one entry, or undefined before it is signed. */
export function codeOf(chain: Chain, entry: ChainEntry): string | undefined {
  if (entry.signed === null || !entryRules[entry.state.kind].canBeShown) return undefined
  const parts = [entry.signed, chain.grant.bytes]
  if (entry.passkeyAssertion !== null) parts.push(entry.passkeyAssertion)
  return envelopeToText({ kind: 'authorization', parts })
}

/** What the phone shows to the charger to end a session, or undefined before it is signed. */
export const stopCodeOf = ({ stop }: ChainEntry): string | undefined =>
  stop?.signed === null || stop?.signed === undefined
    ? undefined
    : envelopeToText({ kind: 'stop', parts: [stop.signed] })

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
    // Whoever comes next must not read the store in the middle of a command.
    void this.#queue.then(() => this.#ports.lock.release())
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
    this.#inTurn(async () => {
      const { verify, verifyAhead } = this.#ports
      const trial = (pretended: Verify) => step(this.#state, { nowS: this.nowS(), verify: pretended })
      const verdicts = verifyAhead && (await verdictsAhead(trial, { verify, verifyAhead }))
      return this.#step((state, now) => mapOk(step(state, now), (next) => [next, undefined]), verdicts)
    })

  scan: Wallet['scan'] = (text, accepts) =>
    this.#inTurn(async () => {
      const { trust } = this.#state
      await loadRulesFor([trust?.policy.payload, trust?.nextPolicy?.payload])
      return this.#step((state, now) =>
        mapOk(scan(state, text, now, accepts), (found) => [found.state, found.outcome]),
      )
    })

  approve: Wallet['approve'] = async (holdMinor) => {
    // Outside of the queue: what is waited for writes to the wallet as well.
    await this.#ports.beforeSigning?.()
    return this.#inTurn(() => this.#approve(holdMinor))
  }

  async #approve(holdMinor: MinorUnits): Promise<Result<SessionId, Refusal>> {
    const resumed = await this.signPending()
    const { passkey } = this.#state
    const draft = draftAuthorization(this.#state, holdMinor, this.nowS())
    if (!draft.ok) return draft
    // Entries before this one must be whole: the next `previous` names the last of them.
    const isWhole = draft.value.chain.entries.every((entry) => entry.state.kind !== 'prepared')
    if (!resumed.ok && !isWhole) return resumed
    let assertion: Bytes | null = null
    if (draft.value.stepUp) {
      if (passkey === null) return err(refusal('step-up.required'))
      const hash = hashOfPayload(authorization, draft.value.payload)
      const confirmed = await this.#ports.confirmByPasskey(hash, passkey)
      if (!confirmed.ok) return confirmed
      assertion = confirmed.value
    }
    const id = sessionId(hashOfPayload(authorization, draft.value.payload))
    const prepared = await this.#persist(withPrepared(this.#state, draft.value, assertion, this.nowS()))
    if (!prepared.ok) return prepared
    const signed = await this.signPending((pending) => pending.chain.serial === draft.value.chain.serial)
    return signed.ok ? ok(id) : signed
  }

  finishSigning: Wallet['finishSigning'] = () => this.#inTurn(() => this.signPending())

  stop: Wallet['stop'] = (id) =>
    this.#inTurn(async () => {
      const asked = beginStop(this.#state, id, this.nowS())
      if (!asked.ok) return asked
      const kept = await this.#persist(asked.value)
      return kept.ok ? this.signPending(({ chain }) => hasSession(chain, id)) : kept
    })

  closeGrant: Wallet['closeGrant'] = (serial, purpose = 'renewal') =>
    this.#inTurn(async () => {
      const ofGrant = ({ chain }: PendingSignature): boolean => chain.serial === serial
      const whole = await this.signPending(ofGrant)
      if (!whole.ok) return whole
      const chain = this.#state.chains.find((candidate) => candidate.serial === serial)
      const begun = chain?.closing ?? null
      const isReturn = purpose === 'return'
      const key = begun !== null ? ok(begun.renewalKey) : isReturn ? ok(null) : await this.#spareKey()
      if (!key.ok) return key
      const closed = beginClose(this.#state, serial, key.value, this.nowS())
      if (!closed.ok) return closed
      const kept = await this.#persist(closed.value)
      const signed = kept.ok ? await this.signPending(ofGrant) : kept
      if (!signed.ok) return signed
      const closing = this.#state.chains.find((candidate) => candidate.serial === serial)?.closing
      return closing?.signed ? ok({ ...closing, signed: closing.signed }) : err(refusal('phone.key'))
    })

  keyForGrant: Wallet['keyForGrant'] = () => this.#inTurn(() => this.#spareKey())

  async #spareKey(): Promise<Result<DeviceKey, Refusal>> {
    const { keys } = this.#ports
    try {
      const spare = this.#state.spareKey
      const protection = spare === null ? undefined : await keys.protectionOf(spare)
      if (spare !== null && protection !== undefined) return ok({ publicKey: spare, protection })
      const created = await keys.create()
      const kept = await this.#persist({ ...this.#state, spareKey: created.publicKey })
      return kept.ok ? ok(created) : kept
    } catch (error) {
      return err(keyRefusal(error))
    }
  }

  /** Finishes what a lost moment of power left between "written down" and "signed". Gives the first failure. */
  async signPending(
    which: (pending: PendingSignature) => boolean = () => true,
  ): Promise<Result<void, Refusal>> {
    let outcome: Result<void, Refusal> = ok(undefined)
    for (const pending of pendingSignatures(this.#state).filter(which)) {
      const signed = await this.#sign(pending)
      const kept = signed.ok ? await this.#persist(pending.take(this.#state, signed.value)) : signed
      if (outcome.ok) outcome = kept
    }
    return outcome
  }

  async #sign({ sign, deviceKey }: PendingSignature): Promise<Result<Bytes, Refusal>> {
    try {
      const signer = await this.#ports.keys.signer(deviceKey)
      return signer === undefined ? err(refusal('phone.key')) : ok(await sign(signer))
    } catch (error) {
      return err(keyRefusal(error))
    }
  }

  async #step<T>(
    core: (state: WalletState, now: Now) => Result<readonly [WalletState, T], Refusal>,
    verify: Verify = this.#ports.verify,
  ): Promise<Result<T, Refusal>> {
    const next = core(this.#state, { nowS: this.nowS(), verify })
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

const hasSession = ({ entries }: Chain, id: SessionId): boolean =>
  entries.some((entry) => entry.sessionId === id)

const mapOk = <T, U, E>(result: Result<T, E>, turn: (value: T) => U): Result<U, E> =>
  result.ok ? ok(turn(result.value)) : result

/** Whoever did not unlock the key may do so at the next try. */
const keyRefusal = (error: unknown): Refusal =>
  refusal(error instanceof KeyLocked ? 'phone.locked' : 'phone.key')

const refusalOf = (fault: StoreFault): Refusal =>
  refusal(fault.kind === 'conflict' ? 'phone.second-tab' : 'phone.storage')
