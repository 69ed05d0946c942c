/**
 * Where the person is asked for the PIN or passkey that locks this phone's key. The vault asks and waits; the page shows
 * it over whatever is open (`seal-gate.tsx`), so that a ceremony goes on where it was.
 */

import { useSyncExternalStore } from 'react'
import type { SealView } from '@/components/driver/seal-screen'
import type { PinOutcome, SealBox } from '@/lib/wallet/seal-box'
import type * as PasskeysModule from './passkeys'

export type DeskView = SealView | null

/** A phone that nobody looks at for this long is locked again. */
const shutAfterMs = 300_000

let view: DeskView = null
let asking: Promise<boolean> | undefined
let answer: ((isOpen: boolean) => void) | undefined
let seal: SealBox | undefined
let credentialOf: () => string | null = () => null
const listeners = new Set<() => void>()

function show(next: DeskView): void {
  view = next
  for (const listener of listeners) listener()
}

/** Called once with the phone's seal and how to find the account's passkey. */
export function openSealDesk(box: SealBox, passkeyCredential: () => string | null): void {
  seal = box
  credentialOf = passkeyCredential
  let timer: ReturnType<typeof setTimeout> | undefined
  document.addEventListener('visibilitychange', () => {
    clearTimeout(timer)
    if (document.visibilityState === 'hidden') timer = setTimeout(() => box.shut(), shutAfterMs)
  })
}

/** Several who ask at once get one answer. */
export function askToOpen(what: SealView['what']): Promise<boolean> {
  asking ??= begin(what).finally(() => {
    asking = undefined
    answer = undefined
    show(null)
  })
  return asking
}

async function begin(what: SealView['what']): Promise<boolean> {
  const lock = await seal?.lock()
  const way = what === 'set-up' ? 'choose' : lock?.kind === 'passkey' ? 'passkey' : 'pin'
  show({ what, way, hasPasskey: credentialOf() !== null, isBusy: false, trouble: null })
  return new Promise((resolve) => {
    answer = resolve
  })
}

/** How this phone's key is locked; null where the browser keeps it by itself, or there is none yet. */
export const lockKind = async (): Promise<'pin' | 'passkey' | null> => (await seal?.lock())?.kind ?? null

/** Leads through another PIN; false when the person turns away. */
export const changePin = (): Promise<boolean> => askToOpen('change')

/** Before a ceremony: nobody should have to type a PIN with the charger's clock running. */
export async function unlockEarly(): Promise<void> {
  if (seal === undefined || seal.opened !== undefined) return
  if ((await seal.lock()) !== undefined) await askToOpen('unlock')
}

export const desk = {
  choosePin(): void {
    if (view !== null) show({ ...view, way: 'pin', trouble: null })
  },
  /** Locks the key by the account's passkey, where that has a secret of its own to give. */
  async usePasskey(): Promise<void> {
    const current = view
    if (seal === undefined || current === null) return
    show({ ...current, isBusy: true, trouble: null })
    const isOpen = current.what === 'set-up' ? await setUpByPasskey(seal) : await unlockByPasskey(seal)
    if (isOpen) answer?.(true)
    else show({ ...current, isBusy: false, trouble: { kind: 'no-passkey' } })
  },
  async enterPin(pin: string): Promise<void> {
    const current = view
    if (seal === undefined || current === null) return
    show({ ...current, isBusy: true, trouble: null })
    try {
      if (current.what === 'set-up') {
        await seal.setUpPin(pin)
        answer?.(true)
        return
      }
      take(current, await seal.tryPin(pin))
    } catch {
      show({ ...current, isBusy: false, trouble: { kind: 'storage' } })
    }
  },
  async changePin(pin: string, nextPin: string): Promise<void> {
    const current = view
    if (seal === undefined || current === null) return
    show({ ...current, isBusy: true, trouble: null })
    try {
      take({ ...current, isBusy: false }, await seal.changePin(pin, nextPin))
    } catch {
      show({ ...current, isBusy: false, trouble: { kind: 'storage' } })
    }
  },
  /** Nothing is signed; whoever waited is told so. */
  leave(): void {
    answer?.(false)
  },
} as const

function take(current: SealView, outcome: PinOutcome): void {
  switch (outcome.kind) {
    case 'open':
      answer?.(true)
      return
    case 'wrong':
      show({ ...current, trouble: { kind: 'wrong', left: outcome.left, untilMs: outcome.waitUntilMs } })
      return
    case 'wait':
      show({ ...current, trouble: { kind: 'wait', untilMs: outcome.untilMs } })
      return
    case 'destroyed':
      show({ ...current, trouble: { kind: 'destroyed' } })
  }
}

async function setUpByPasskey(box: SealBox): Promise<boolean> {
  const credentialId = credentialOf()
  if (credentialId === null) return false
  const salt = crypto.getRandomValues(new Uint8Array(32))
  const secret = await secretOf(credentialId, salt)
  if (secret === undefined) return false
  await box.setUpPasskey(credentialId, salt, secret)
  return true
}

async function unlockByPasskey(box: SealBox): Promise<boolean> {
  const lock = await box.lock()
  if (lock?.kind !== 'passkey') return false
  const secret = await secretOf(lock.credentialId, lock.salt)
  return secret !== undefined && box.tryPasskey(secret)
}

export const useSealDesk = (): DeskView =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => view,
    () => null,
  )

/** Loaded when it is asked for: every page has this desk, and passkeys bring the protocol's codec along. */
async function secretOf(...passkey: Parameters<typeof PasskeysModule.passkeySecret>) {
  const { passkeySecret } = await import('./passkeys')
  return passkeySecret(...passkey)
}
