/** What a technician asks for: every stick that is plugged in, one after the other, and what came of each. */

import { basename, join } from 'node:path'
import type { Clock } from '@/lib/core/clock'
import type { ReasonCode } from '@/lib/core/reason-codes'
import { err, ok, type Result } from '@/lib/core/result'
import { openStickFolder, stickFolderName } from '@/lib/roads/stick-folder'
import type { ParcelPost } from '../controller/parcel-post'
import type { TechnicianStick } from '../screen-protocol-technician'
import { findSticks } from './find-sticks'
import { serveStick, type StickDone } from './serve-stick'

export interface ServedSticks {
  readonly sticks: readonly TechnicianStick[]
  /** For the log of the charger; refuses with the first stick's fault, or `stick.missing`. */
  readonly outcome: Result<string, ReasonCode>
}

export async function serveSticks(
  places: readonly string[],
  post: ParcelPost,
  clock: Clock,
): Promise<ServedSticks> {
  const sticks: TechnicianStick[] = []
  for (const folder of await findSticks(places)) {
    const { news, refused, parcels, bytes, isPart, fault } = await serveStickAt(folder, post)
    const name = basename(folder).replaceAll(/\p{C}/gu, '').slice(0, nameMax)
    sticks.push({ name, atS: clock.nowS(), news, refused, parcels, bytes, isPart, fault })
  }
  const fault = sticks.find((stick) => stick.fault !== null)?.fault?.code
  if (sticks.length === 0) return { sticks, outcome: err('stick.missing') }
  return {
    sticks,
    outcome: fault === undefined ? ok(sticks.map(lineOf).join('; ').slice(0, detailMax)) : err(fault),
  }
}

/** The stick that is mounted at `folder`, wherever that is; our folder on it is made where it is missing. */
export const serveStickAt = (folder: string, post: ParcelPost): Promise<StickDone> =>
  serveStick(() => openStickFolder(join(folder, stickFolderName)), post)

const nameMax = 24
/** Of an event in the log. */
const detailMax = 200

const lineOf = ({ parcels, bytes, news, refused }: TechnicianStick): string =>
  `${parcels} parcels, ${bytes} bytes, ${news} news, ${refused} refused`
