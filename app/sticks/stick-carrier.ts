/** Hands in the chosen files one after the other, and keeps the answers until they are saved. Lives as long as the page. */

import { concat, type Bytes } from '@/lib/core/bytes'
import type { ParcelId } from '@/lib/core/ids'
import type { ReasonCode } from '@/lib/core/reason-codes'
import { decodeAnswer } from '@/lib/roads/parcel-answer'
import { bagItem, bagTitle, openBag } from '@/lib/sync/bag'
import { carryBag, nothingCarried, type Carried, type CarryPorts } from '@/lib/sync/carry'
import type { ChosenFile, SticksView } from './sticks-view'

interface Held {
  readonly file: File
  readonly carried: Carried
  readonly state: ChosenFile['state']
  readonly isSaved: boolean
}

type Ports = () => Pick<CarryPorts, 'post' | 'wait'>

/** As many chargers as anybody visits with one stick. */
const filesMax = 200
const ending = '.parcels'

const nothing: SticksView = { files: [], foundNone: false }

export class StickCarrier {
  readonly #listeners = new Set<() => void>()
  #held: readonly Held[] = []
  #view: SticksView = nothing
  #isBusy = false
  readonly #ports: Ports

  /** @param ports asked for when there is something to carry: a page is drawn where there is no browser. */
  constructor(ports: Ports) {
    this.#ports = ports
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
  readonly read = (): SticksView => this.#view
  readonly readAtBuild = (): SticksView => nothing

  /** A file of a name that was here before is the same charger's, filled again. */
  async choose(files: readonly File[]): Promise<void> {
    const chosen = files.filter(({ name }) => name.endsWith(ending))
    for (const file of chosen) {
      const known = this.#held.findIndex((one) => one.file.name === file.name)
      const { carried } = this.#held[known] ?? { carried: nothingCarried }
      const held: Held = { file, carried, state: 'waiting', isSaved: false }
      if (known >= 0) this.#set(known, held)
      else if (this.#held.length < filesMax) this.#held = [...this.#held, held]
    }
    this.#show(files.length > 0 && chosen.length === 0)
    await this.again()
  }

  /** Whatever is not done: also what was stopped when the cloud was not reached. */
  async again(): Promise<void> {
    if (this.#isBusy) return
    this.#isBusy = true
    try {
      // More may be chosen meanwhile.
      for (let index = 0; index < this.#held.length; index += 1) {
        const held = this.#held[index]
        if (held !== undefined && (held.state === 'waiting' || held.carried.stopped !== undefined))
          await this.#carry(index, held)
      }
    } finally {
      this.#isBusy = false
    }
  }

  /** The answers of one file, as they belong beside it. */
  answersOf(name: string): { readonly name: string; readonly bytes: Bytes } | undefined {
    const index = this.#held.findIndex(({ file }) => file.name === name)
    const held = this.#held[index]
    if (held === undefined) return undefined
    this.#set(index, { ...held, isSaved: true })
    const bytes = concat(bagTitle('answers'), ...held.carried.answers.map(bagItem))
    return { name: `${name.slice(0, -ending.length)}.answers`, bytes }
  }

  async #carry(index: number, held: Held): Promise<void> {
    const { file } = held
    const before = new Map<ParcelId, Bytes>()
    for (const bytes of held.carried.answers) {
      const answer = decodeAnswer(bytes)
      if (answer.ok) before.set(answer.value.label.id, bytes)
    }
    const source = {
      size: file.size,
      read: async (from: number, to: number) => new Uint8Array(await file.slice(from, to).arrayBuffer()),
    }
    this.#set(index, { ...held, state: 'under-way' })
    try {
      const bag = await openBag(source)
      const carried =
        bag?.kind === 'parcels'
          ? await carryBag(bag, before, {
              ...this.#ports(),
              progress: (sofar) =>
                this.#set(index, { file, carried: sofar, state: 'under-way', isSaved: false }),
            })
          : { ...nothingCarried, isCut: true }
      this.#set(index, { file, carried, state: 'done', isSaved: false })
    } catch {
      // The stick was pulled out: what was answered so far is worth saving.
      const { carried } = this.#held[index] ?? held
      this.#set(index, { file, carried: { ...carried, isCut: true }, state: 'done', isSaved: false })
    }
  }

  #set(index: number, held: Held): void {
    this.#held = this.#held.map((one, at) => (at === index ? held : one))
    this.#show(false)
  }

  #show(foundNone: boolean): void {
    this.#view = { files: this.#held.map(shown), foundNone }
    for (const listener of this.#listeners) listener()
  }
}

const shown = ({ file, carried, state, isSaved }: Held): ChosenFile => ({
  ...{ name: file.name, state, isSaved, parcels: carried.parcels, answers: carried.answers.length },
  refused: (Object.entries(carried.refused) as [ReasonCode, number][]).map(([code, count]) => ({
    code,
    count,
  })),
  ...{ isCut: carried.isCut, isStopped: carried.stopped !== undefined },
})
