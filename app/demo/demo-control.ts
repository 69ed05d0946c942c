/** The demo's view of the world around both devices: its switches and the ledger, polled. */

import type { DemoLedgerResponse } from '@/lib/cloud/api-types/health'
import type { DemoState } from '@/scripts/start/demo-control-types'

export interface DemoWorld {
  /** Null until the first answer, and while the switches do not answer. */
  readonly state: DemoState | null
  readonly ledger: DemoLedgerResponse | null
}

export interface DemoControl {
  subscribe(onChange: () => void): () => void
  snapshot(): DemoWorld
  press(act: 'kill-controller' | 'restart-controller' | 'plug' | 'unplug'): Promise<void>
  setChargerOffline(offline: boolean): Promise<void>
}

const pollMs = 1_000
const before: DemoWorld = { state: null, ledger: null }

export function createDemoControl(controlUrl: string): DemoControl {
  let world = before
  const listeners = new Set<() => void>()
  let timer: ReturnType<typeof setInterval> | undefined

  const update = (change: Partial<DemoWorld>): void => {
    world = { ...world, ...change }
    for (const listener of listeners) listener()
  }
  const call = async (path: string, body?: unknown): Promise<void> => {
    const state = await read<DemoState>(`${controlUrl}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body ?? {}),
    })
    if (state !== null) update({ state })
  }
  const poll = async (): Promise<void> => {
    const [state, ledger] = await Promise.all([
      read<DemoState>(`${controlUrl}/state`),
      read<DemoLedgerResponse>('/api/v1/demo/ledger'),
    ])
    update({ state, ledger: ledger ?? world.ledger })
  }

  return {
    subscribe(onChange) {
      listeners.add(onChange)
      if (timer === undefined) {
        void poll()
        timer = setInterval(() => void poll(), pollMs)
      }
      return () => {
        listeners.delete(onChange)
        if (listeners.size > 0) return
        clearInterval(timer)
        timer = undefined
      }
    },
    snapshot: () => world,
    press: (act) => call(`/${act}`),
    setChargerOffline: (offline) => call('/uplink', { offline }),
  }
}

/** Null where nothing or nonsense came back: the page shows that as "not there", and asks again. */
async function read<T>(url: string, init?: RequestInit): Promise<T | null> {
  try {
    const response = await fetch(url, { cache: 'no-store', ...init })
    return response.ok ? ((await response.json()) as T) : null
  } catch {
    return null
  }
}

export const worldBefore = (): DemoWorld => before
