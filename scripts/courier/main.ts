/** `npm run courier`: a stick's parcels to the operator's cloud, and the answers beside them. Safe to run again and again. */

import { lstat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Bytes } from '@/lib/core/bytes'
import type { ParcelId } from '@/lib/core/ids'
import { reasons, type ReasonCode } from '@/lib/core/reason-codes'
import { postParcels } from '@/lib/roads/carrier'
import { decodeAnswer } from '@/lib/roads/parcel-answer'
import { errorCode, openStickFolder, stickFolderName, type StickFolder } from '@/lib/roads/stick-folder'
import { bagItem, bagTitle, openBag } from '@/lib/sync/bag'
import { carryBag, nothingCarried, type Carried, type CarryPorts } from '@/lib/sync/carry'
import { reasonWords } from '../cases/lines'
import { terminal, type Terminal } from '../setup/terminal'
import { readOptions, usage, type CourierOptions } from './options'

/** One charger's file. */
interface Delivery {
  readonly mailbox: string
  readonly carried: Carried
}

/** So many answers are on the stick at the latest before the next parcel is handed in. */
const keepEvery = 32

/** Gives the exit code. */
export async function courier(
  args: readonly string[],
  from: string,
  out: Terminal = terminal,
): Promise<number> {
  const options = readOptions(args, from)
  if (!options.ok) {
    out.complain(`${options.error}\n\n${usage}`)
    return 1
  }
  const folder = await folderOf(options.value.folder)
  const names = (await folder?.list('.parcels')) ?? []
  if (folder === undefined || names.length === 0) {
    out.complain(`There are no parcels in ${options.value.folder}.`)
    return 1
  }
  const deliveries: Delivery[] = []
  try {
    for (const name of names) {
      const delivery = await deliver(folder, name.slice(0, -'.parcels'.length), options.value)
      deliveries.push(delivery)
      if (!options.value.isJson) for (const line of linesOf(delivery)) out.print(line)
    }
  } catch (error) {
    const code = errorCode(error)
    if (code === undefined) throw error
    out.complain(reasonWords({ code: code === 'ENOSPC' ? 'stick.full' : 'stick.unreadable' }, 'en'))
    return 2
  }
  const code = exitCode(deliveries)
  if (options.value.isJson) out.print(JSON.stringify({ code, deliveries: deliveries.map(factsOf) }))
  else out.print(lastLine(code))
  return code
}

/** A stick, or the folder on it. Undefined: neither. */
async function folderOf(path: string): Promise<StickFolder | undefined> {
  const isFolder = (at: string): Promise<boolean> =>
    lstat(at).then(
      (entry) => entry.isDirectory(),
      () => false,
    )
  const inside = join(path, stickFolderName)
  if (await isFolder(inside)) return openStickFolder(inside)
  return (await isFolder(path)) ? openStickFolder(path) : undefined
}

async function deliver(
  folder: StickFolder,
  mailbox: string,
  { origin, isAgain }: CourierOptions,
): Promise<Delivery> {
  const file = await folder.read(`${mailbox}.parcels`)
  try {
    const bag = file === undefined ? undefined : await openBag(file)
    if (bag?.kind !== 'parcels') return { mailbox, carried: { ...nothingCarried, isCut: true } }
    const answers = `${mailbox}.answers`
    const before = isAgain ? new Map<ParcelId, Bytes>() : await answersIn(folder, answers)
    const ports: CarryPorts = {
      post: postParcels(origin),
      wait: (seconds) => new Promise((resume) => setTimeout(resume, seconds * 1_000)),
      progress: async (sofar) => {
        if (sofar.fresh > 0 && sofar.fresh % keepEvery === 0) await keep(folder, answers, sofar)
      },
    }
    const carried = await carryBag(bag, before, ports)
    if (carried.fresh > 0) await keep(folder, answers, carried)
    return { mailbox, carried }
  } finally {
    await file?.close()
  }
}

/** By the id of their parcel. What is damaged is asked for again. */
async function answersIn(folder: StickFolder, name: string): Promise<Map<ParcelId, Bytes>> {
  const found = new Map<ParcelId, Bytes>()
  const file = await folder.read(name)
  if (file === undefined) return found
  const bag = await openBag(file)
  if (bag?.kind === 'answers') {
    for await (const piece of bag.pieces()) {
      const answer = piece.kind === 'item' ? decodeAnswer(piece.bytes) : undefined
      if (piece.kind === 'item' && answer?.ok === true) found.set(answer.value.label.id, piece.bytes)
    }
  }
  await file.close()
  return found
}

async function keep(folder: StickFolder, name: string, { answers }: Carried): Promise<void> {
  const file = await folder.create(name)
  try {
    await file.append(bagTitle('answers'))
    for (const answer of answers) await file.append(bagItem(answer))
    await file.keep()
  } finally {
    await file.drop()
  }
}

const refusals = ({ refused }: Carried): readonly (readonly [ReasonCode, number])[] =>
  Object.entries(refused) as [ReasonCode, number][]

function exitCode(deliveries: readonly Delivery[]): number {
  if (deliveries.some(({ carried }) => carried.stopped !== undefined)) return 3
  const isSound = ({ carried }: Delivery): boolean => !carried.isCut && refusals(carried).length === 0
  return deliveries.every(isSound) ? 0 : 2
}

function linesOf({ mailbox, carried }: Delivery): readonly string[] {
  const { parcels, fresh, known, isCut, stopped } = carried
  return [
    `${mailbox}: ${parcels} parcels, ${fresh} answered now, ${known} before`,
    ...refusals(carried).map(
      ([code, count]) => `  ${count} refused (${reasons[code].code}): ${reasonWords({ code }, 'en')}`,
    ),
    ...(isCut ? ['  The file is damaged or ends too early; what is whole was handed in.'] : []),
    ...(stopped === undefined ? [] : [`  Stopped: ${stopped}`]),
  ]
}

const lastLine = (code: number): string =>
  code === 0
    ? 'Everything is answered. Bring the stick back to the charger.'
    : code === 3
      ? 'The cloud was not reached for all of it. Run this again; what is answered is on the stick.'
      : 'What could be handed in is answered. Bring the stick back; the charger gives the rest again.'

const factsOf = ({ mailbox, carried }: Delivery) => {
  const { answers: _answers, stopped = null, ...facts } = carried
  return { mailbox, ...facts, stopped }
}
