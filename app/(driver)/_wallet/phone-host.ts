/** Holds the one wallet of this tab for all routes. Soft navigation keeps it; a reload opens it again. */

import { useSyncExternalStore } from 'react'
import type { Refusal } from '@/lib/core/reason'
import { refusal } from '@/lib/core/reason'
import type { WalletState } from '@/lib/wallet/wallet-state'
import type * as PhoneModule from './phone'
import type { Phone } from './phone-parts'
import { setBusyCheck } from './app-updates'
import { markUsed } from './used-phone'

export interface ReadyPhone extends Phone {
  /** What the wallet held when this object was made; a new object comes with every change. */
  readonly state: WalletState
  readonly views: typeof PhoneModule.views
  readonly acts: typeof PhoneModule.acts
}

export type PhoneState =
  | { readonly kind: 'opening' }
  | { readonly kind: 'ready'; readonly phone: ReadyPhone }
  /** Another tab has the wallet; `isTaking` while it is asked to let go. */
  | { readonly kind: 'elsewhere'; readonly isTaking: boolean }
  | { readonly kind: 'failed'; readonly refusal: Refusal }

const opening: PhoneState = { kind: 'opening' }
let current: PhoneState = opening
const listeners = new Set<() => void>()

function show(next: PhoneState): void {
  current = next
  for (const listener of listeners) listener()
}

async function start(takesOver: boolean): Promise<void> {
  try {
    const { startPhone, views, acts } = await import('./phone')
    let letGo = (): void => undefined
    const phone = await startPhone({ takesOver, onLost: () => letGo() })
    if (!phone.ok) {
      const isElsewhere = phone.error.code === 'phone.second-tab'
      show(isElsewhere ? { kind: 'elsewhere', isTaking: false } : { kind: 'failed', refusal: phone.error })
      return
    }
    const { wallet, sync } = phone.value
    const showWallet = (): void => {
      const state = wallet.snapshot()
      markUsed(!views.isFirstRun(state))
      show({ kind: 'ready', phone: { ...phone.value, state, views, acts } })
    }
    setBusyCheck(() => wallet.snapshot().ceremony !== null)
    const unsubscribe = wallet.subscribe(showWallet)
    letGo = () => {
      unsubscribe()
      sync.stop()
      wallet.close()
      show({ kind: 'elsewhere', isTaking: false })
    }
    showWallet()
  } catch {
    // A part of the app could not be loaded: without signal and not yet kept by the service worker.
    show({ kind: 'failed', refusal: refusal('phone.offline') })
  }
}

let isStarted = false

/** Begins to open the wallet; a second call changes nothing. */
export function openPhone(): void {
  if (isStarted) return
  isStarted = true
  void start(false)
}

/** Takes the wallet from the tab that has it. Where both want it, the later one gets it. */
export function takeWalletHere(): void {
  if (current.kind !== 'elsewhere' || current.isTaking) return
  show({ kind: 'elsewhere', isTaking: true })
  void start(true)
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export const usePhone = (): PhoneState =>
  useSyncExternalStore(
    subscribe,
    () => current,
    () => opening,
  )

/** The wallet as it is once it has been opened, or could not be: nobody is refused for being quick. */
export const whenOpened = (): Promise<Exclude<PhoneState, { readonly kind: 'opening' }>> =>
  new Promise((resolve) => {
    const look = (): void => {
      if (current.kind === 'opening') return
      stop()
      resolve(current)
    }
    const stop = subscribe(look)
    look()
  })

/** Why nothing can be done with the wallet now; for pages that show themselves without it. */
export const whyNot = (state: Exclude<PhoneState, { readonly kind: 'ready' }>): Refusal => {
  if (state.kind === 'failed') return state.refusal
  return refusal(state.kind === 'elsewhere' ? 'phone.second-tab' : 'phone.storage')
}
