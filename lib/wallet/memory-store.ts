/** The store's twin in memory: the same contract, with power cuts and full disks on request. */

import { err, ok } from '@/lib/core/result'
import type { StoredRecord, StoredRecords, WalletStore } from './store'

/** What stands for the phone's disk: it outlives the stores that are opened on it. */
export interface MemoryDisk {
  revision: number
  readonly records: Map<string, unknown>
}

export const memoryDisk = (): MemoryDisk => ({ revision: 0, records: new Map() })

export class PowerCut extends Error {
  constructor() {
    super('Power cut')
  }
}

export interface PlannedFault {
  /** Which commit, counted from 1. */
  readonly commit: number
  /** A cut loses the process: `cut-before` before anything is durable, `cut-after` when all is. */
  readonly kind: 'cut-before' | 'cut-after' | 'full'
}

export function memoryStore(disk: MemoryDisk, fault?: PlannedFault): WalletStore & { commits(): number } {
  let commits = 0
  return {
    commits: () => commits,
    load: () => Promise.resolve(ok(read(disk))),
    commit(change) {
      commits += 1
      const due = fault?.commit === commits ? fault.kind : undefined
      if (due === 'cut-before') return Promise.reject(new PowerCut())
      if (due === 'full') return Promise.resolve(err({ kind: 'failed', detail: 'QuotaExceededError' }))
      if (change.from !== disk.revision) return Promise.resolve(err({ kind: 'conflict' }))
      const copies = copy(change.put)
      if (copies === undefined) return Promise.resolve(err({ kind: 'failed', detail: 'DataCloneError' }))
      for (const { key, value } of copies) disk.records.set(key, value)
      for (const key of change.remove) disk.records.delete(key)
      disk.revision += 1
      return due === 'cut-after' ? Promise.reject(new PowerCut()) : Promise.resolve(ok(undefined))
    },
  }
}

function copy(records: readonly StoredRecord[]): readonly StoredRecord[] | undefined {
  try {
    return structuredClone(records)
  } catch {
    return undefined
  }
}

const read = (disk: MemoryDisk): StoredRecords => ({
  revision: disk.revision,
  records: [...disk.records].map(([key, value]) => ({ key, value: structuredClone(value) })),
})
