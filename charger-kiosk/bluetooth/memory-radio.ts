/** The radio's twin in memory: phones connect, write and read at once, and can be out of reach at any moment. */

import { toBytes, type Bytes } from '@/lib/core/bytes'
import type { PhoneName, Radio, RadioUser } from './radio'

/** A phone's end, as its operating system gives it to a page. Every call fails once the connection is gone. */
export interface MemoryPhone {
  readonly name: PhoneName
  writeState(value: Uint8Array): boolean
  readState(): Bytes | undefined
  write(value: Uint8Array): boolean
  read(): Bytes | undefined
  onNotified(listener: (value: Bytes) => void): void
  readonly ended: Promise<void>
  /** Out of reach: neither side can do anything about it. */
  cut(): void
}

export class MemoryRadio implements Radio {
  readonly #user: RadioUser
  readonly #phones = new Map<PhoneName, { notify: (value: Bytes) => void; end: () => void }>()
  #count = 0

  constructor(user: RadioUser) {
    this.#user = user
  }

  /** @param writeBytesMax what the radio knows about this phone's connection */
  connect(writeBytesMax?: number): MemoryPhone {
    this.#count += 1
    const name = `phone ${this.#count}`
    const isHere = (): boolean => this.#phones.has(name)
    let tellEnded = (): void => undefined
    const ended = new Promise<void>((resolve) => {
      tellEnded = resolve
    })
    let notify = (_value: Bytes): void => undefined
    const leave = (): void => {
      if (!this.#phones.delete(name)) return
      tellEnded()
      this.#user.left(name)
    }
    this.#phones.set(name, { notify: (value) => notify(value), end: leave })
    return {
      name,
      writeState: (value) => isHere() && this.#user.stateWritten(name, toBytes(value), writeBytesMax),
      readState: () => (isHere() ? this.#user.stateRead(name) : undefined),
      write: (value) => isHere() && this.#user.written(name, toBytes(value)),
      read: () => (isHere() ? this.#user.read(name) : undefined),
      onNotified: (listener) => {
        notify = listener
      },
      ended,
      cut: leave,
    }
  }

  notify(value: Bytes): void {
    for (const { notify } of this.#phones.values()) notify(value)
  }

  hangUp(phone: PhoneName): void {
    this.#phones.get(phone)?.end()
  }

  close(): Promise<void> {
    for (const { end } of [...this.#phones.values()]) end()
    return Promise.resolve()
  }
}
