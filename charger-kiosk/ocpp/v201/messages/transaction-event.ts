/**
 * TransactionEvent.req (OCPP 2.0.1, E01–E08): begin, course and end of a transaction in one message, kept and repeated by
 * the charger until it is acknowledged, so it is never refused. Late ones carry their own time; where the begin was lost,
 * whatever names the token stands for it.
 */

import { ok } from '@/lib/core/result'
import { connectorId } from '../../ids'
import { asPayload, enumField, field, integerField, textField } from '../../payload'
import type { ConnectorStatus, MeterSample, RawPayload, StopReason } from '../../port'
import { reportedTime } from '../../reported-time'
import type { Answer, MessageContext, Route } from '../../route'
import { evseConnectorOf, evseOf, idTokenInfo, presentedToken, tokenOf } from '../fields'
import { readMeterValues } from '../meter-values'
import type { Transaction, Transactions } from '../transactions'

const eventTypes = ['Started', 'Updated', 'Ended'] as const

/** 2.0.1 knows more reasons than the port; what ends a bill is the same for those that share one. */
const reasons: Readonly<Record<string, StopReason>> = {
  DeAuthorized: 'DeAuthorized',
  EmergencyStop: 'EmergencyStop',
  EVDisconnected: 'EVDisconnected',
  GroundFault: 'EmergencyStop',
  ImmediateReset: 'HardReset',
  Local: 'Local',
  OvercurrentFault: 'EmergencyStop',
  PowerLoss: 'PowerLoss',
  Reboot: 'Reboot',
  Remote: 'Remote',
  StoppedByEV: 'Local',
}

export const transactionEvent = (transactions: Transactions): Route => ({
  retried: true,
  async handle(payload, context) {
    const info = asPayload(field(payload, 'transactionInfo'))
    const name = textField(info, 'transactionId', 36)
    if (name === undefined || name === '') {
      await context.report('unreadable-value', 'transactionInfo.transactionId')
      return ok({})
    }
    const { samples, problems } = readMeterValues(payload, context.frame)
    if (problems.length > 0) await context.report('unreadable-value', problems.join('; '))
    const transaction = transactions.named(name)
    transaction.evse = evseOf(payload) ?? transaction.evse
    transaction.evseConnector = evseConnectorOf(payload) ?? transaction.evseConnector
    const eventType = enumField(payload, 'eventType', eventTypes)
    if (eventType === 'Started') transaction.wasSeenToStart = true
    const told: Told = { payload, info, transaction, samples, tag: tagIn(payload, info, transactions) }
    const answer = await begin(told, context)
    switch (eventType) {
      case 'Ended':
        await end(told, context)
        transactions.ended(transaction)
        break
      case 'Started':
      case 'Updated':
        await goOn(told, context, transactions)
        break
      default:
        await context.report('unreadable-value', 'eventType')
    }
    return ok(answer)
  },
})

interface Told {
  readonly payload: RawPayload
  readonly info: RawPayload
  readonly transaction: Transaction
  readonly samples: readonly MeterSample[]
  readonly tag: string | undefined
}

function tagIn(payload: RawPayload, info: RawPayload, transactions: Transactions): string | undefined {
  const start = integerField(info, 'remoteStartId')
  return tokenOf(payload) ?? (start === undefined ? undefined : transactions.tagOfStart(start))
}

/** The first message with a token is the start, whatever the charger calls it: some begin with the cable alone. */
async function begin(
  { payload, transaction, samples, tag }: Told,
  { identity, frame, handlers }: MessageContext,
): Promise<Answer> {
  if (transaction.hasBegun || tag === undefined) return {}
  const answer = await handlers.onStartTransaction({
    identity,
    ...socketOf(transaction),
    idTag: tag.slice(0, 20),
    meterStartWh: registerAt(samples, 'Transaction.Begin') ?? samples[0]?.registerWh,
    time: reportedTime(field(payload, 'timestamp'), frame),
    transactionId: transaction.id,
    token: presentedToken(payload),
    isOffline: field(payload, 'offline') === true,
    raw: payload,
  })
  transaction.id = answer.transactionId
  transaction.hasBegun = answer.status === 'Accepted' || answer.isRecorded === true
  return tokenOf(payload) === undefined ? {} : { idTokenInfo: idTokenInfo(answer) }
}

async function goOn(
  { payload, info, transaction, samples }: Told,
  { identity, frame, handlers }: MessageContext,
  transactions: Transactions,
): Promise<void> {
  const state = textField(info, 'chargingState', 20)
  const isRunning = transaction.hasBegun || isPowered(state) || isFromBefore(transaction, state)
  if (samples.length > 0 && isRunning) {
    await handlers.onEvent({
      type: 'meter-values',
      identity,
      ...socketOf(transaction),
      transactionId: transaction.id,
      samples,
      raw: payload,
    })
  }
  const status = statusIn(state, isRunning)
  if (status === undefined || transaction.evse === undefined) return
  transactions.heard(transaction.evse, transaction.evseConnector, status)
  await handlers.onEvent({
    type: 'status',
    identity,
    ...socketOf(transaction),
    status,
    errorCode: 'NoError',
    info: undefined,
    vendorErrorCode: undefined,
    time: reportedTime(field(payload, 'timestamp'), frame),
  })
}

const socketOf = ({ evse, evseConnector }: Transaction) => ({
  connectorId: evse ?? connectorId(0),
  evseConnector,
})

const isPowered = (state: string | undefined): boolean =>
  state === 'Charging' || state === 'SuspendedEV' || state === 'SuspendedEVSE'

/** One that this controller does not remember began before its restart, unless there is only a cable. */
const isFromBefore = ({ wasSeenToStart }: Transaction, state: string | undefined): boolean =>
  !wasSeenToStart && state !== 'EVConnected' && state !== 'Idle'

/** Undefined where the state says nothing about the cable that the port's words could. */
function statusIn(state: string | undefined, isRunning: boolean): ConnectorStatus | undefined {
  switch (state) {
    case 'Charging':
      return 'Charging'
    case 'SuspendedEV':
      return 'SuspendedEV'
    case 'SuspendedEVSE':
      return 'SuspendedEVSE'
    case 'EVConnected':
      return isRunning ? 'SuspendedEVSE' : 'Preparing'
    default:
      return undefined
  }
}

async function end(
  { payload, info, transaction, samples, tag }: Told,
  { identity, frame, handlers }: MessageContext,
): Promise<void> {
  const energyFlowed = samples.length > 0 || transaction.hasBegun
  // A cable that came and went: nobody was authorized, nothing flowed.
  if (!energyFlowed && tag === undefined) return
  await handlers.onStopTransaction({
    identity,
    transactionId: transaction.id,
    meterStopWh: registerAt(samples, 'Transaction.End') ?? samples.findLast(hasRegister)?.registerWh,
    time: reportedTime(field(payload, 'timestamp'), frame),
    reason: reasons[textField(info, 'stoppedReason', 30) ?? 'Local'] ?? 'Other',
    idTag: tag?.slice(0, 20),
    token: presentedToken(payload),
    samples,
    raw: payload,
  })
}

const hasRegister = ({ registerWh }: MeterSample): boolean => registerWh !== undefined

const registerAt = (samples: readonly MeterSample[], context: MeterSample['context']) =>
  samples.find((sample) => sample.context === context && hasRegister(sample))?.registerWh
