/** All charges of this phone as plain figures, newest first: what lists, sums, tables and papers are drawn from. */

import type { ChargeRecord, Payer } from '@/lib/format/history/charge-record'
import type { Grant } from '@/lib/protocol/messages/grant'
import type { Receipt } from '@/lib/protocol/messages/receipt'
import type { Chain, ChainEntry, EntryState } from '@/lib/wallet/chain'
import type { WalletState } from '@/lib/wallet/wallet-state'
import { operatorName } from './operator-name'

export type Finished = ChainEntry & { readonly state: Extract<EntryState, { kind: 'finished' }> }
type Unused = ChainEntry & { readonly state: Extract<EntryState, { kind: 'unused' }> }

export const isFinished = (entry: ChainEntry): entry is Finished => entry.state.kind === 'finished'
const isUnused = (entry: ChainEntry): entry is Unused => entry.state.kind === 'unused'

/** With what was never used in between: somebody may look for the money that was held for it. */
export const chargeRecords = (state: WalletState): readonly ChargeRecord[] =>
  state.chains
    .flatMap((chain) =>
      chain.entries.flatMap((entry) =>
        isFinished(entry)
          ? [finishedRecord(chain, entry)]
          : isUnused(entry)
            ? [unusedRecord(chain, entry)]
            : [],
      ),
    )
    .sort((left, right) => right.endedAtS - left.endedAtS)

type Origin = Pick<
  ChargeRecord,
  | 'sessionId'
  | 'siteId'
  | 'siteLabel'
  | 'bayLabel'
  | 'chargerId'
  | 'operatorName'
  | 'taxBasisPoints'
  | 'payer'
  | 'fleetName'
>

function originOf({ grant, fleetName }: Chain, { sessionId, certificate, offer }: ChainEntry): Origin {
  const { siteId, siteLabel, bayLabel, chargerId, operator } = certificate.payload
  return {
    sessionId,
    siteId,
    siteLabel,
    bayLabel,
    chargerId,
    operatorName: operatorName(operator),
    taxBasisPoints: offer.payload.tariff.taxBasisPoints,
    payer: payerOf(grant.payload, fleetName),
    fleetName,
  }
}

const payerOf = ({ fleetRules, sites }: Grant, fleetName: string | null): Payer =>
  fleetName !== null || fleetRules !== undefined ? 'fleet' : sites.length > 0 ? 'site' : 'own'

function finishedRecord(chain: Chain, entry: Finished): ChargeRecord {
  const { payload } = entry.state.receipt
  const endedAtS = payload.startS + payload.chargingS + payload.idleS
  const { meterStartWh, meterStopWh } = payload
  return {
    ...originOf(chain, entry),
    startS: clockIsKnown(payload) ? payload.startS : entry.payload.timeS,
    endedAtS: clockIsKnown(payload) ? endedAtS : entry.state.atS,
    chargingS: payload.chargingS,
    idleS: payload.idleS,
    energyWh: energyOf(payload),
    meterStartWh,
    meterStopWh,
    currency: payload.currency,
    lines: payload.lines,
    totalMinor: payload.totalMinor,
    taxMinor: payload.taxMinor,
    refundedMinor: refundedOf(entry),
    state: entry.standing,
    receiptNumber: payload.counter,
  }
}

const unusedRecord = (chain: Chain, entry: Unused): ChargeRecord => ({
  ...originOf(chain, entry),
  startS: entry.payload.timeS,
  endedAtS: entry.state.atS,
  chargingS: 0,
  idleS: 0,
  energyWh: 0,
  meterStartWh: 0,
  meterStopWh: 0,
  currency: entry.offer.payload.tariff.currency,
  lines: { energyMinor: 0, timeMinor: 0, sessionMinor: 0, idleMinor: 0 },
  totalMinor: 0,
  taxMinor: 0,
  refundedMinor: 0,
  state: 'unused',
  receiptNumber: 0,
})

const refundedOf = ({ followUp }: ChainEntry): number =>
  followUp?.refunds.reduce((sum, { amountMinor }) => sum + amountMinor, 0) ?? 0

export const clockIsKnown = ({ clockQuality }: Receipt): boolean => clockQuality !== 'unknown'
export const energyOf = ({ meterStartWh, meterStopWh }: Receipt): number =>
  Math.max(0, meterStopWh - meterStartWh)
