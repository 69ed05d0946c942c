/**
 * What technician mode may ask of the controller and change in it. Every change is a job of the one queue, and stands in
 * the journal with the serial of the pass before it counts. Nothing here touches money or a running session.
 */

import type { Bytes } from '@/lib/core/bytes'
import { toHex } from '@/lib/core/bytes'
import { nonce, type GrantSerial, type MessageHash } from '@/lib/core/ids'
import { ok, type Result } from '@/lib/core/result'
import type { EpochSeconds } from '@/lib/core/units'
import type { Verify } from '@/lib/crypto/signature'
import type { JournalFault } from '@/lib/journal/journal'
import type { ClockQuality } from '@/lib/protocol/common-fields'
import { envelopeToText } from '@/lib/protocol/envelope'
import type { EventOf } from '@/lib/protocol/journal-event'
import { signMessage, type VerifiedMessage } from '@/lib/protocol/message'
import type { ChargerCertificate } from '@/lib/protocol/messages/charger-certificate'
import { checkpoint, type Checkpoint } from '@/lib/protocol/messages/checkpoint'
import { technicianChallenge } from '@/lib/protocol/messages/technician-challenge'
import type { TrustList } from '@/lib/protocol/messages/trust-list'
import type { ReasonCode } from '@/lib/core/reason-codes'
import type { Seal } from '../safety/seals'
import { permits, type Phase } from '../session/connector-state'
import { metaKeys, rows, type CountersRow } from '../session/records'
import type { BayAddress } from './bays'
import { certificateAt, isRevoked, meta, revocationEpochOf } from './knowledge'
import type { PolicyStanding } from './policy-watch'
import type { Shell } from './shell'
import { known, readRow } from './stored-rows'

export interface Challenge {
  readonly hash: MessageHash
  readonly bytes: Bytes
  /** For the touchscreen. */
  readonly code: string
}

/** What an entry is judged by. */
export interface EntryFacts {
  readonly trust: TrustList
  readonly certificate: ChargerCertificate
  readonly nowS: EpochSeconds
  readonly verify: Verify
  readonly isRevoked: (serial: GrantSerial) => boolean
}

export interface BayFacts {
  readonly connectorId: number
  readonly address: BayAddress | undefined
  readonly phase: Phase['kind']
  readonly closedFor: ReasonCode | undefined
  readonly isTakenOut: boolean
  /** A session is open, from the accepted authorization to its receipt. */
  readonly hasSession: boolean
}

export interface PostFacts {
  readonly chargerId: string
  readonly nowS: EpochSeconds
  readonly floorS: EpochSeconds
  readonly clockQuality: ClockQuality
  readonly isOnline: boolean
  readonly closedFor: ReasonCode | undefined
  readonly policySequence: number
  readonly policy: PolicyStanding
  readonly revocationEpoch: number
  readonly certificateEndsS: EpochSeconds
  readonly counters: CountersRow
  readonly bays: readonly BayFacts[]
  readonly seals: readonly Seal[]
}

export class TechnicianPost {
  readonly #shell: Shell

  constructor(shell: Shell) {
    this.#shell = shell
  }

  async challenge(): Promise<Challenge> {
    const shell = this.#shell
    const { timeS } = shell.time.now()
    const certificate = certificateAt(shell.knowledge, timeS)
    const payload = {
      chargerId: certificate.payload.chargerId,
      nonce: nonce(toHex(shell.ports.random.bytes(8))),
      timeS,
    }
    const signed = await signMessage(technicianChallenge, payload, shell.keys.of(certificate.payload.key))
    const parts = [signed.bytes, certificate.bytes]
    return {
      hash: signed.hash,
      bytes: signed.bytes,
      code: envelopeToText({ kind: 'technician-challenge', parts }),
    }
  }

  entryFacts(): EntryFacts {
    const { knowledge, time, ports } = this.#shell
    const nowS = time.now().timeS
    return {
      nowS,
      trust: knowledge.trustList.payload,
      certificate: certificateAt(knowledge, nowS).payload,
      verify: ports.verify,
      isRevoked: (serial) => isRevoked(knowledge, serial),
    }
  }

  facts(): PostFacts {
    const shell = this.#shell
    const { knowledge, time, books, ports, policies } = shell
    const { timeS, clockQuality } = time.now()
    const { chargerId, notAfterS } = certificateAt(knowledge, timeS).payload
    return {
      chargerId,
      nowS: timeS,
      floorS: time.floorS,
      clockQuality,
      isOnline: shell.isOnline,
      closedFor: shell.closedReason(),
      policySequence: (knowledge.nextPolicy ?? knowledge.policy)?.payload.sequence ?? 0,
      policy: policies.standing(knowledge, timeS),
      revocationEpoch: revocationEpochOf(knowledge),
      certificateEndsS: notAfterS,
      counters: books.counters,
      seals: known(readRow(ports.journal, 'meta', metaKeys.seals, rows.seals.decode))?.seals ?? [],
      bays: shell.connectors.map(({ connectorId, phase, closedFor }) => ({
        connectorId,
        address: shell.addressOf(connectorId),
        phase: phase.kind,
        closedFor,
        isTakenOut: shell.takenOut.has(connectorId),
        hasSession: permits[phase.kind].open,
      })),
    }
  }

  /** The log's present size and root under the charger's key, signed for whoever wants to see a proof. */
  async signCheckpoint(): Promise<VerifiedMessage<Checkpoint>> {
    const { ports, time, knowledge, keys } = this.#shell
    const { device, epoch, size, root } = ports.journal
    const { timeS } = time.now()
    const { key } = certificateAt(knowledge, timeS).payload
    return signMessage(checkpoint, { device, epoch, size, root: toHex(root), timeS }, keys.of(key))
  }

  /** Somebody with a pass came in; not written down, they did not. */
  entered(event: Omit<EventOf<'technician-entered'>, 'kind' | 'timeS'>): Promise<Result<void, JournalFault>> {
    const shell = this.#shell
    return shell.run(() =>
      shell.write([{ kind: 'technician-entered', timeS: shell.time.now().timeS, ...event }]),
    )
  }

  acted(event: ActedFacts): Promise<Result<void, JournalFault>> {
    const shell = this.#shell
    return shell.run(() => shell.write([this.#actedEvent(event)]))
  }

  /** A session that runs goes on to its end; no further one begins. Written down before it counts. */
  setService(
    connectorId: number,
    isInService: boolean,
    event: ActedFacts,
  ): Promise<Result<void, JournalFault>> {
    const shell = this.#shell
    return shell.run(async () => {
      const bays = new Set(shell.takenOut)
      if (isInService) bays.delete(connectorId)
      else bays.add(connectorId)
      const row = rows.outOfService.encode({ bays: [...bays].sort((a, b) => a - b) })
      const written = await shell.write([this.#actedEvent(event)], [meta(metaKeys.outOfService, row)])
      if (!written.ok) return written
      shell.takenOut = bays
      await shell.refreshClosed()
      return ok(undefined)
    })
  }

  #actedEvent({ detail, ...facts }: ActedFacts): EventOf<'technician-acted'> {
    const cleaned = detail.replaceAll(/\p{C}/gu, ' ').slice(0, 200)
    return { kind: 'technician-acted', timeS: this.#shell.time.now().timeS, detail: cleaned, ...facts }
  }
}

export type ActedFacts = Omit<EventOf<'technician-acted'>, 'kind' | 'timeS'>
