/** What a laptop knows of technician mode, and how it asks. The controller keeps the truth. */

import type { TechnicianAct, TechnicianReport } from '../screen-protocol-technician'

export interface LaptopModel {
  /** Null while nobody is in. */
  readonly report: TechnicianReport | null
  readonly problem: 'refused' | 'ended' | 'lost' | null
}

export interface LaptopPorts {
  /** Rejects where the charger does not answer. @param body undefined: a question */
  ask(path: string, body?: unknown): Promise<{ readonly status: number; readonly body: unknown }>
}

export interface LaptopStore {
  readonly subscribe: (onChange: () => void) => () => void
  readonly getSnapshot: () => LaptopModel
  look(): Promise<void>
  enter(password: string): Promise<void>
  act(act: TechnicianAct): Promise<void>
}

export function laptopStore({ ask }: LaptopPorts): LaptopStore {
  const listeners = new Set<() => void>()
  let model: LaptopModel = { report: null, problem: null }
  let isLooking = false
  const set = (next: LaptopModel): void => {
    model = next
    for (const listener of listeners) listener()
  }
  const lost = (): void => set({ ...model, problem: model.report === null ? 'lost' : model.problem })
  const take = (body: unknown): void => {
    if (isReport(body)) set({ report: body, problem: null })
    else set({ report: null, problem: 'ended' })
  }
  const look = async (): Promise<void> => {
    if (isLooking) return
    isLooking = true
    try {
      const { status, body } = await ask('state')
      if (status === 200) take(body)
      else if (model.report !== null) set({ report: null, problem: 'ended' })
    } catch {
      // The door shuts with the mode: a laptop that was in learns it by silence.
      if (model.report === null) lost()
      else set({ report: null, problem: 'ended' })
    } finally {
      isLooking = false
    }
  }
  return {
    subscribe(onChange) {
      listeners.add(onChange)
      return () => listeners.delete(onChange)
    },
    getSnapshot: () => model,
    look,
    async enter(password) {
      try {
        const { status, body } = await ask('enter', { password })
        if (status === 200) take(body)
        else set({ report: null, problem: 'refused' })
      } catch {
        lost()
      }
    },
    async act(act) {
      try {
        const { status, body } = await ask('act', act)
        if (status === 200) take(body)
        else await look()
      } catch {
        await look()
      }
    },
  }
}

/** The charger and its page are of one build; what is checked is that this is a report at all. */
const isReport = (body: unknown): body is TechnicianReport =>
  typeof body === 'object' && body !== null && 'kind' in body && body.kind === 'open'
