/**
 * What a support person needs to know of a phone, as text that can be read out or sent. English in every language, as
 * the codes are; no keys, no names, no places, no ids of sessions or accounts.
 */

import { entryRules } from './chain'
import { unreportedCount } from './report'
import { revocationEpochOf } from './trust-state'
import type { WalletState } from './wallet-state'

export interface RequestMark {
  readonly atS: number
  /** With everything that could name somebody left out. */
  readonly path: string
  /** HTTP status, or 0 where nothing answered. */
  readonly status: number
  /** The operator's own code, where it gave one. */
  readonly code: string | null
  readonly tookMs: number
}

/** What the wallet does not know itself. */
export interface PhoneSurroundings {
  readonly appVersion: string
  readonly builtAtS: number | null
  readonly userAgent: string
  readonly locale: string
  readonly timeZone: string
  readonly online: boolean
  readonly installed: boolean
  readonly serviceWorker: string
  readonly storageUsedBytes: number | null
  readonly storageQuotaBytes: number | null
  readonly storageKept: boolean | null
  /** Names of browser features that are there, and of those that are not. */
  readonly features: readonly string[]
  readonly missing: readonly string[]
  /** How far this clock is from the operator's, as of the last answer. */
  readonly clockOffsetS: number | null
  readonly requests: readonly RequestMark[]
}

type DiagnosticLine = readonly [name: string, value: string]

/** What is shown, copied and sent: one line for each thing. */
export function diagnostics(state: WalletState, around: PhoneSurroundings, nowS: number): string {
  const lines: readonly DiagnosticLine[] = [
    ['app', `${around.appVersion}, built ${dateText(around.builtAtS)}`],
    ['made', dateText(nowS)],
    ['browser', around.userAgent],
    ['language, zone', `${around.locale}, ${around.timeZone}`],
    ['network', around.online ? 'online' : 'offline'],
    ['installed', around.installed ? 'yes' : 'no'],
    ['service worker', around.serviceWorker],
    ['storage', storageText(around)],
    ['features', around.features.join(' ') || 'none'],
    ['missing', around.missing.join(' ') || 'none'],
    ['clock offset', around.clockOffsetS === null ? 'unknown' : `${around.clockOffsetS} s`],
    ...walletLines(state, nowS),
    ...around.requests.map((mark): DiagnosticLine => ['request', requestText(mark)]),
  ]
  return lines.map(([name, value]) => `${name}: ${value}`).join('\n')
}

function walletLines(state: WalletState, nowS: number): readonly DiagnosticLine[] {
  const { trust, account, chains, ceremony, clockFloorS } = state
  const entries = chains.flatMap((chain) => chain.entries)
  const kinds = Object.keys(entryRules)
    .map((kind) => [kind, entries.filter((entry) => entry.state.kind === kind).length] as const)
    .filter(([, count]) => count > 0)
    .map(([kind, count]) => `${kind} ${count}`)
  const live = chains.filter(({ grant, closing }) => closing === null && grant.payload.notAfterS >= nowS)
  return [
    ['clock floor', dateText(clockFloorS)],
    [
      'trust list',
      trust === null
        ? 'none'
        : `sequence ${trust.trustList.payload.sequence} of ${dateText(trust.trustList.payload.timeS)}`,
    ],
    ['policy', trust === null ? 'none' : `sequence ${trust.policy.payload.sequence}`],
    [
      'revocations',
      trust === null
        ? 'none'
        : `epoch ${revocationEpochOf(trust)} of ${dateText(trust.revocations.payload.timeS)}`,
    ],
    [
      'carried',
      trust === null ? 'nothing' : `${trust.deltas.length} deltas, ${trust.permits.length} permits`,
    ],
    [
      'account',
      account === null
        ? 'none'
        : `${account.signedIn ? 'signed in' : 'signed out'}, read ${dateText(account.asOfS)}`,
    ],
    ['passkey', state.passkey === null ? 'none' : state.passkey.algorithm],
    ['grants', `${chains.length}, of which live ${live.length}`],
    ['key protection', live.map(({ grant }) => grant.payload.keyProtection).join(' ') || 'none'],
    ['sessions', kinds.join(', ') || 'none'],
    ['unreported', String(unreportedCount(state))],
    ['in question', String(entries.filter(({ standing }) => standing === 'case').length)],
    ['ceremony', ceremony?.kind ?? 'none'],
  ]
}

const storageText = ({ storageUsedBytes, storageQuotaBytes, storageKept }: PhoneSurroundings): string =>
  [
    storageUsedBytes === null ? 'use unknown' : `${storageUsedBytes} B used`,
    storageQuotaBytes === null ? 'room unknown' : `${storageQuotaBytes} B allowed`,
    storageKept === null ? 'not asked' : storageKept ? 'kept' : 'may be cleared',
  ].join(', ')

const requestText = ({ atS, path, status, code, tookMs }: RequestMark): string =>
  `${dateText(atS)} ${path} ${status === 0 ? 'no answer' : status}${code === null ? '' : ` ${code}`} ${tookMs} ms`

/** Always UTC, so that two people read the same. */
function dateText(atS: number | null): string {
  return atS === null ? 'unknown' : new Date(atS * 1_000).toISOString().replace('.000', '')
}
