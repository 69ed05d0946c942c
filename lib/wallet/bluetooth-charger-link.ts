/**
 * A charger within reach by Bluetooth (docs/protocol/bluetooth.md): codes out in chunks as large as the charger said
 * that its radio takes, codes in by reading whenever it says that something waits.
 */

import { toBytes, type Bytes } from '@/lib/core/bytes'
import { refusal, type Refusal } from '@/lib/core/reason'
import { err, ok, type Result } from '@/lib/core/result'
import {
  chunksOfCode,
  gatherChunk,
  nothingGathered,
  type ChunkGathering,
} from '@/lib/protocol/bluetooth-chunks'
import { chargerStates, decodeLinkState, decodeNotice, phoneStates } from '@/lib/protocol/bluetooth-gatt'
import type { ChargerGatt } from './bluetooth-gatt'
import type { ChargerLink } from './charger-link'

/** Codes that nobody listens for yet: a charger has a handful of bays. Beyond that it is not one of ours. */
const unheardMax = 32

export interface BluetoothLink extends ChargerLink {
  /** Hears what the charger says without a signature, for the driver's eyes only. One listener. */
  onNotice(listener: (notice: Refusal) => void): void
}

/** Starts the conversation; the connection stands already. Ends it again where the charger speaks another version. */
export async function openBluetoothLink(gatt: ChargerGatt): Promise<Result<BluetoothLink, Refusal>> {
  const link = new GattLink(gatt)
  try {
    await gatt.onNotified((value) => link.notified(value))
    await gatt.writeState(toBytes([phoneStates.start]))
    const writeBytesMax = decodeLinkState(await gatt.readState())
    if (writeBytesMax === undefined) {
      gatt.disconnect()
      return err(refusal('code.version'))
    }
    link.begin(writeBytesMax)
    return ok(link)
  } catch {
    gatt.disconnect()
    return err(refusal('phone.link'))
  }
}

class GattLink implements BluetoothLink {
  readonly ended: Promise<void>
  readonly #gatt: ChargerGatt
  readonly #unheard: string[] = []
  readonly #notices: Refusal[] = []
  #take: ((code: string) => void) | undefined
  #notice: ((notice: Refusal) => void) | undefined
  #gathering: ChunkGathering = nothingGathered
  #writeBytesMax = 0
  #isReading = false
  #mustReadAgain = false
  #isOver = false
  #sending: Promise<unknown> = Promise.resolve()

  constructor(gatt: ChargerGatt) {
    this.#gatt = gatt
    this.ended = gatt.ended.then(() => {
      this.#isOver = true
    })
  }

  begin(writeBytesMax: number): void {
    this.#writeBytesMax = writeBytesMax
    void this.#readAll()
  }

  notified(value: Bytes): void {
    if (value[0] === chargerStates.end) this.close()
    else if (this.#writeBytesMax > 0) void this.#readAll()
  }

  listen(take: (code: string) => void): void {
    this.#take = take
    for (const code of this.#unheard.splice(0)) take(code)
  }

  onNotice(listener: (notice: Refusal) => void): void {
    this.#notice = listener
    for (const notice of this.#notices.splice(0)) listener(notice)
  }

  send(code: string): Promise<Result<void, Refusal>> {
    // One code after another: chunks of two would make neither.
    const sent = this.#sending.then(() => this.#send(code))
    this.#sending = sent
    return sent
  }

  close(): void {
    if (this.#isOver) return
    this.#isOver = true
    // Best effort: a charger that does not hear it forgets this phone when the connection is gone.
    void this.#gatt
      .writeState(toBytes([phoneStates.end]))
      .catch(() => undefined)
      .then(() => this.#gatt.disconnect())
  }

  async #send(code: string): Promise<Result<void, Refusal>> {
    const chunks = chunksOfCode(code, this.#writeBytesMax)
    if (chunks === undefined) return err(refusal('code.not-outpost'))
    try {
      for (const chunk of chunks) {
        if (this.#isOver) return err(refusal('phone.link'))
        await this.#gatt.write(chunk)
      }
      return ok(undefined)
    } catch {
      // A charger that refuses a write has said why in what it lets us read.
      await this.#readAll()
      this.close()
      return err(refusal('phone.link'))
    }
  }

  /** Reads until nothing waits. What is notified meanwhile may have come after the last read. */
  async #readAll(): Promise<void> {
    this.#mustReadAgain = true
    if (this.#isReading) return
    this.#isReading = true
    try {
      while (this.#mustReadAgain && !this.#isOver) {
        this.#mustReadAgain = false
        for (let value = await this.#gatt.read(); value.length > 0; value = await this.#gatt.read()) {
          if (!this.#taken(value)) return
        }
      }
    } catch {
      this.close()
    } finally {
      this.#isReading = false
    }
  }

  /** False ends the link. */
  #taken(value: Bytes): boolean {
    const notice = decodeNotice(value)
    if (notice !== undefined) {
      this.#hear(refusal(notice.reason))
      if (notice.isLast) this.close()
      return !notice.isLast
    }
    const chunk = gatherChunk(this.#gathering, value)
    if (!chunk.ok) {
      this.close()
      return false
    }
    this.#gathering = chunk.value.kind === 'part' ? chunk.value.gathering : nothingGathered
    if (chunk.value.kind === 'whole') this.#deliver(chunk.value.text)
    return true
  }

  #deliver(code: string): void {
    if (this.#take !== undefined) this.#take(code)
    else if (this.#unheard.length < unheardMax) this.#unheard.push(code)
  }

  #hear(notice: Refusal): void {
    if (this.#notice !== undefined) this.#notice(notice)
    else if (this.#notices.length < unheardMax) this.#notices.push(notice)
  }
}
