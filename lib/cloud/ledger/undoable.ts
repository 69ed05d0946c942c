/** Maps in memory whose changes can be taken back: what a transaction wrote is gone when it ends badly. */

/** The way back of every change so far; run in reverse it restores what was. */
export class Changes {
  private undos: (() => void)[] = []

  push(undo: () => void): void {
    this.undos.push(undo)
  }

  keep(): void {
    this.undos = []
  }

  takeBack(): void {
    for (let undo = this.undos.pop(); undo !== undefined; undo = this.undos.pop()) undo()
  }
}

/** Values are never changed in place: a changed value is set anew. */
export class UndoableMap<K, V> {
  private readonly entries = new Map<K, V>()

  constructor(private readonly changes: Changes) {}

  get size(): number {
    return this.entries.size
  }

  get(key: K): V | undefined {
    return this.entries.get(key)
  }

  has(key: K): boolean {
    return this.entries.has(key)
  }

  values(): IterableIterator<V> {
    return this.entries.values()
  }

  keys(): IterableIterator<K> {
    return this.entries.keys()
  }

  list(): IterableIterator<[K, V]> {
    return this.entries.entries()
  }

  set(key: K, value: V): void {
    const isKnown = this.entries.has(key)
    const before = this.entries.get(key)
    this.entries.set(key, value)
    this.changes.push(() => {
      if (isKnown) this.entries.set(key, before as V)
      else this.entries.delete(key)
    })
  }

  delete(key: K): void {
    const before = this.entries.get(key)
    if (before === undefined) return
    this.entries.delete(key)
    this.changes.push(() => this.entries.set(key, before))
  }
}
