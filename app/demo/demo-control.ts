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
  press(act: Act): Promise<void>
  setChargerOffline(offline: boolean): Promise<void>
}

const pollMs = 1_000
const before: DemoWorld = { state: null, ledger: null }

type Act = 'kill-controller' | 'restart-controller' | 'plug' | 'unplug'

/** What a switch shows from the moment it is pressed; the answer, or the next poll, puts it right. */
const expected: Readonly<Record<Act, Partial<DemoState>>> = {
  'kill-controller': { controller: 'stopped' },
  'restart-controller': { controller: 'running' },
  plug: { vehicle: 'plugged' },
  unplug: { vehicle: 'unplugged' },
}

export function createDemoControl(controlUrl: string): DemoControl {
  let world = before
  const listeners = new Set<() => void>()
  let timer: ReturnType<typeof setInterval> | undefined
  /** What was asked before a press was answered says nothing about it. */
  let presses = 0
  let waiting = 0
  let pressed = Promise.resolve()

  const update = (change: Partial<DemoWorld>): void => {
    world = { ...world, ...change }
    for (const listener of listeners) listener()
  }
  const press = (path: string, awaited: Partial<DemoState>, body: unknown = {}): Promise<void> => {
    presses += 1
    waiting += 1
    if (world.state !== null) update({ state: { ...world.state, ...awaited } })
    // One after the other: a switch pressed twice ends as it was pressed last.
    pressed = pressed.then(async () => {
      const state = await read<DemoState>(`${controlUrl}${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      })
      waiting -= 1
      if (state !== null && waiting === 0) update({ state })
    })
    return pressed
  }
  const poll = async (): Promise<void> => {
    const asked = presses
    const [state, ledger] = await Promise.all([
      read<DemoState>(`${controlUrl}/state`),
      read<DemoLedgerResponse>('/api/v1/demo/ledger'),
    ])
    const isNews = waiting === 0 && asked === presses
    update({ state: isNews ? state : world.state, ledger: ledger ?? world.ledger })
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
    press: (act) => press(`/${act}`, expected[act]),
    setChargerOffline: (offline) => press('/uplink', { uplink: offline ? 'offline' : 'online' }, { offline }),
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
