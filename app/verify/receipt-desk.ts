/**
 * What the page is looking at: the receipt from the link, a paste or a file, and whose keys it is judged by. One for the
 * tab; components subscribe.
 */

import type { PublishedTrust } from './published-trust'
import type { VerifyView } from './verify-view'

export interface DeskState {
  readonly view: VerifyView
  /** The operator shows another root key than the one that this browser keeps. */
  readonly rootChanged: boolean
}

const keptTrustKey = 'outpost.verify.trust'
const answerWithinMs = 8_000

let state: DeskState = { view: { kind: 'empty' }, rootChanged: false }
/** The text that is shown; a late answer about an earlier one is dropped. */
let shared: string | null = null
let trust: PublishedTrust | null = null
let otherRoot: PublishedTrust | null = null
let refreshed = false
const listeners = new Set<() => void>()

function show(next: Partial<DeskState>): void {
  state = { ...state, ...next }
  for (const listener of listeners) listener()
}

/** Both at once, because one is of no use without the other; kept by the service worker like the page itself. */
const loadChecker = () => Promise.all([import('./examine'), import('./published-trust')])

export async function checkReceipt(text: string): Promise<void> {
  shared = text
  show({ view: { kind: 'checking' } })
  try {
    const [{ examine }, { readPublishedTrust }] = await loadChecker()
    trust ??= readPublishedTrust(readKept())
    if (shared !== text) return
    show({ view: examine(text, trust) })
  } catch {
    show({ view: { kind: 'unreadable', why: 'not-loaded', code: 'phone.offline' } })
    return
  }
  if (refreshed) return
  refreshed = true
  if (await refreshTrust()) await judgeAgain()
}

async function judgeAgain(): Promise<void> {
  if (shared === null) return
  const [{ examine }] = await loadChecker()
  if (shared !== null) show({ view: examine(shared, trust) })
}

/** True when there are other keys to judge by than before. Without a connection everything stays as it is. */
async function refreshTrust(): Promise<boolean> {
  try {
    const answer = await fetch('/api/v1/trust', { signal: AbortSignal.timeout(answerWithinMs) })
    const [, { readPublishedTrust, takePublishedTrust }] = await loadChecker()
    const fresh = answer.ok ? readPublishedTrust(await answer.json()) : null
    if (fresh === null) return false
    const before = trust
    const news = takePublishedTrust(trust, fresh)
    keep(news.kept)
    otherRoot = news.otherRoot
    show({ rootChanged: otherRoot !== null })
    return before?.trustList !== news.kept.trustList
  } catch {
    refreshed = false
    return false
  }
}

/** The person says that the operator announced the new root. */
export function takeOtherRoot(): void {
  if (otherRoot === null) return
  keep(otherRoot)
  otherRoot = null
  show({ rootChanged: false })
  void judgeAgain()
}

export function clearDesk(): void {
  shared = null
  // The link's receipt must not come back with the next reload.
  window.history.replaceState(window.history.state, '', window.location.pathname)
  show({ view: { kind: 'empty' } })
}

function keep(next: PublishedTrust): void {
  trust = next
  try {
    localStorage.setItem(keptTrustKey, JSON.stringify(next))
  } catch {
    // Private modes: believed as long as the page is open.
  }
}

function readKept(): unknown {
  try {
    return JSON.parse(localStorage.getItem(keptTrustKey) ?? 'null')
  } catch {
    return null
  }
}

/** The receipt stands behind `#`, which browsers never send anywhere. */
function checkLink(): void {
  if (window.location.hash.length > 1) void checkReceipt(window.location.href)
}

function subscribe(listener: () => void): () => void {
  if (listeners.size === 0) {
    window.addEventListener('hashchange', checkLink)
    window.addEventListener('online', checkAgainOnline)
    checkLink()
  }
  listeners.add(listener)
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0) return
    window.removeEventListener('hashchange', checkLink)
    window.removeEventListener('online', checkAgainOnline)
  }
}

function checkAgainOnline(): void {
  void refreshTrust().then((changed) => (changed ? judgeAgain() : undefined))
}

const atBuild: DeskState = { view: { kind: 'empty' }, rootChanged: false }

export const receiptDesk = { subscribe, read: (): DeskState => state, readAtBuild: (): DeskState => atBuild }
