/**
 * The state behind the fleet page: asks the API every few seconds and holds what the manager is doing. A plain store,
 * so that the page needs no effects.
 */

import { refusal, type Refusal } from '@/lib/core/reason'
import type { Result } from '@/lib/core/result'
import type { FleetResponse } from '@/lib/cloud/api-types/fleet'
import type {
  FleetActs,
  FleetDialog,
  FleetView,
  SessionFilter,
  TokenOrder,
} from '@/components/console/fleet-view'
import { sessionFilters } from '@/components/console/fleet-view'
import * as api from './fleet-api'
import { watchReturned } from './returned-payment'

export type FleetPageState =
  | { readonly kind: 'loading' }
  | { readonly kind: 'failed'; readonly refusal: Refusal }
  | { readonly kind: 'fleet'; readonly view: FleetView }

const pollMs = 4_000
const filterParameter = 'sessions'
const nowS = (): number => Math.floor(Date.now() / 1_000)

export interface FleetStore {
  readonly acts: FleetActs
  subscribe(onChange: () => void): () => void
  snapshot(): FleetPageState
}

export function createFleetStore(onRefusal: (refusal: Refusal) => void): FleetStore {
  let fleet: FleetResponse | null = null
  let failure: Refusal | null = null
  let dialog: FleetDialog = { kind: 'none' }
  let isStale = false
  let state: FleetPageState = { kind: 'loading' }
  const listeners = new Set<() => void>()

  const draw = (): void => {
    if (fleet !== null) state = { kind: 'fleet', view: fleetView(fleet, dialog, isStale) }
    else state = failure === null ? { kind: 'loading' } : { kind: 'failed', refusal: failure }
    for (const listener of listeners) listener()
  }
  const show = (next: FleetDialog): void => {
    dialog = next
    draw()
  }
  const search = typeof window === 'undefined' ? '' : window.location.search
  const lookAtReturned = watchReturned(search, { show, shown: () => dialog })
  const refresh = async (): Promise<void> => {
    await (fleet === null ? undefined : lookAtReturned())
    const answer = await api.readFleet()
    if (answer.ok) {
      fleet = answer.value
      isStale = false
      return draw()
    }
    failure = answer.error
    isStale = true
    draw()
    onRefusal(answer.error)
  }
  return {
    subscribe: whileWatched(listeners, () => void refresh()),
    snapshot: () => state,
    acts: createActs({ show, refresh, draw, shown: () => dialog, currency: () => fleet?.currency ?? 'EUR' }),
  }
}

/** Asks at once and then every few seconds, for as long as anybody looks. */
function whileWatched(listeners: Set<() => void>, tick: () => void): FleetStore['subscribe'] {
  let timer: ReturnType<typeof setInterval> | undefined
  return (onChange) => {
    listeners.add(onChange)
    if (timer === undefined) {
      tick()
      timer = setInterval(tick, pollMs)
    }
    return () => {
      listeners.delete(onChange)
      if (listeners.size > 0) return
      clearInterval(timer)
      timer = undefined
    }
  }
}

interface Inside {
  show(dialog: FleetDialog): void
  refresh(): Promise<void>
  draw(): void
  shown(): FleetDialog
  currency(): string
}

function createActs({ show, refresh, draw, shown, currency }: Inside): FleetActs {
  /** Drawn when a dialog opens: pressing twice, or again after a lost answer, is still one act. */
  let idempotencyKey = ''
  const open = (dialog: FleetDialog): void => {
    idempotencyKey = crypto.randomUUID()
    show(dialog)
  }
  /** Runs an act behind the open dialog; a refusal stays in it, and so may be tried again with the same key. */
  const act = async <T>(
    work: () => Promise<Result<T, Refusal>>,
    done: (value: T) => FleetDialog,
  ): Promise<void> => {
    const before = shown()
    if (!('progress' in before) || before.progress.kind === 'waiting') return
    show({ ...before, progress: { kind: 'waiting' } })
    const answer = await work()
    if (answer.ok) {
      show(done(answer.value))
      return refresh()
    }
    // What was refused for good needs a new key; what may have arrived needs the old one.
    if (answer.error.code !== 'api.unreachable') idempotencyKey = crypto.randomUUID()
    show({ ...before, progress: { kind: 'failed', refusal: answer.error } })
  }
  const none: FleetDialog = { kind: 'none' }
  return {
    onOpenTopUp: () => {
      open({ kind: 'top-up', progress: { kind: 'asking' }, method: null })
      void api.readPayments().then((terms) => {
        const before = shown()
        if (before.kind !== 'top-up') return
        if (terms.ok) show({ ...before, method: terms.value.asksForCardNumber ? 'card-number' : 'redirect' })
        else show({ ...before, progress: { kind: 'failed', refusal: terms.error } })
      })
    },
    onOpenIssue: () => open({ kind: 'issue', progress: { kind: 'asking' } }),
    onOpenRevoke: (token) => open({ kind: 'revoke', token, progress: { kind: 'asking' } }),
    onCloseDialog: () => show(none),
    onTopUp: ({ amountMinor, cardNumber }) =>
      void act(
        () =>
          api.topUpFleet({
            amountMinor,
            currency: currency(),
            idempotencyKey,
            ...(cardNumber === null ? {} : { cardNumber }),
          }),
        (paid) => {
          if (paid.state === 'redirect') window.location.assign(paid.checkoutUrl)
          return paid.state === 'paid' ? none : { kind: 'paid-elsewhere', progress: { kind: 'waiting' } }
        },
      ),
    onIssue: (order: TokenOrder) =>
      void act(
        () => api.issueToken({ ...order, dailyLimitMinor: 0, idempotencyKey }),
        ({ claimUrl, claimCode }) => ({ kind: 'issued', driverName: order.driverName, claimUrl, claimCode }),
      ),
    onRevoke: (tokenId, confirmation) =>
      void act(
        () => api.revokeToken(tokenId, { confirmation }),
        () => none,
      ),
    onCopy: (text) => void navigator.clipboard.writeText(text).catch(() => refusal('api.forbidden')),
    onFilter: (filter) => {
      const address = new URL(window.location.href)
      if (filter === 'all') address.searchParams.delete(filterParameter)
      else address.searchParams.set(filterParameter, filter)
      window.history.replaceState(null, '', address)
      draw()
    },
  }
}

/** The filter lives in the address, so that it can be kept and sent. */
function currentFilter(): SessionFilter {
  const wanted = new URLSearchParams(window.location.search).get(filterParameter)
  return sessionFilters.find((filter) => filter === wanted) ?? 'all'
}

function fleetView(fleet: FleetResponse, dialog: FleetDialog, isStale: boolean): FleetView {
  return {
    figures: {
      name: fleet.name,
      currency: fleet.currency,
      atRiskMinor: fleet.atRiskMinor,
      openSessions: fleet.sessions.filter(({ state }) => state === 'seen').length,
      freeMinor: fleet.balanceMinor,
      reservedMinor: fleet.reservedMinor,
      owedMinor: fleet.owedMinor,
      openCases: fleet.openCases,
    },
    tokens: fleet.tokens,
    sessions: fleet.sessions,
    filter: currentFilter(),
    asOfS: fleet.asOfS,
    nowS: Math.max(nowS(), fleet.asOfS),
    isStale,
    dialog,
  }
}
