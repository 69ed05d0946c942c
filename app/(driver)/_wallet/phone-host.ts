/** Holds the one wallet of this tab for all routes. Soft navigation keeps it; a reload opens it again. */

import { useSyncExternalStore } from 'react'
import type { Refusal } from '@/lib/core/reason'
import { refusal } from '@/lib/core/reason'
import type { WalletState } from '@/lib/wallet/wallet-state'
import type * as PhoneModule from './phone'
import { setBusyCheck } from './app-updates'

export interface ReadyPhone extends PhoneModule.Phone {
  /** What the wallet held when this object was made; a new object comes with every change. */
  readonly state: WalletState
  readonly views: typeof PhoneModule.views
  readonly acts: typeof PhoneModule.acts
}

export type PhoneState =
  | { readonly kind: 'opening' }
  | { readonly kind: 'ready'; readonly phone: ReadyPhone }
  | { readonly kind: 'failed'; readonly refusal: Refusal }

const opening: PhoneState = { kind: 'opening' }
let current: PhoneState = opening
const listeners = new Set<() => void>()

function show(next: PhoneState): void {
  current = next
  for (const listener of listeners) listener()
}

async function start(): Promise<void> {
  try {
    const { startPhone, views, acts } = await import('./phone')
    const phone = await startPhone()
    if (!phone.ok) {
      show({ kind: 'failed', refusal: phone.error })
      return
    }
    const { wallet } = phone.value
    const showWallet = (): void =>
      show({ kind: 'ready', phone: { ...phone.value, state: wallet.snapshot(), views, acts } })
    setBusyCheck(() => wallet.snapshot().ceremony !== null)
    wallet.subscribe(showWallet)
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
  void start()
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
