/** What somebody could ask with what belongs to somebody else, drawn from an operation's own shapes. */

import type { Operation } from '@/lib/cloud/operations/operation'
import { plainTexts } from './filled-fleet'
import type { OwnedText } from './owned-rows'
import { keyOf, sampleOf, takes, textPlaces, type Place } from './schema-samples'

const placesMost = 24
const valuesMost = 5

type Where = 'params' | 'query' | 'body'
type Chosen = ReadonlyMap<string, string>
const nothing: Chosen = new Map()

/** The victim's texts that fit here: those of a column with this name first, then one of each other column. */
function temptations({ path, schema }: Place, secrets: readonly OwnedText[]): readonly string[] {
  const fitting = secrets.filter(({ text }) => takes(schema, text))
  const name = (path.at(-1) ?? '').replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
  const isId = name.endsWith('_id')
  const named = fitting.filter(({ columns }) => columns.has(name) || (isId && columns.has('serial')))
  const seen = new Set<string>()
  const others = fitting.filter(({ columns }) => {
    const isNew = [...columns].some((column) => !seen.has(column))
    for (const column of columns) seen.add(column)
    return isNew
  })
  const looksLikeId = ({ columns }: OwnedText): boolean =>
    [...columns].some((column) => column.endsWith('_id'))
  const [alike, unlike] = [others.filter(looksLikeId), others.filter((one) => !looksLikeId(one))]
  const ordered = isId ? [...named, ...alike, ...unlike] : [...named, ...unlike, ...alike]
  return [...new Set(ordered.map(({ text }) => text))].slice(0, valuesMost)
}

export interface Attempt {
  readonly params: Record<string, string>
  readonly query: string
  readonly body: unknown
}

let attemptCount = 0

/**
 * One request for each text of the victim in each place that takes it; the rest of the request is the hostile one's own, but
 * ids in the address are always the victim's.
 */
export function attempts(operation: Operation, secrets: readonly OwnedText[]): readonly Attempt[] {
  const { params, query, body } = operation
  const paramsOfVictim = (): Map<string, string> =>
    new Map(
      textPlaces(params).flatMap((place) => {
        const [text] = temptations(place, secrets)
        return text === undefined ? [] : [[keyOf(place.path), text] as const]
      }),
    )
  const made = (where?: Where, chosen: Chosen = nothing): Attempt => {
    attemptCount += 1
    // Another name and key each time: what was done once must not answer for what is tried now.
    const texts = plainTexts(`HOS2c8d1x${attemptCount}`, operation.id)
    const ids = new Map([...paramsOfVictim(), ...(where === 'params' ? chosen : nothing)])
    const asked = sampleOf(query, where === 'query' ? chosen : nothing, texts) as Record<string, unknown>
    const search = new URLSearchParams(Object.entries(asked).map(([name, value]) => [name, String(value)]))
    return {
      params: sampleOf(params, ids, texts) as Record<string, string>,
      query: search.size === 0 ? '' : `?${search.toString()}`,
      body: sampleOf(body, where === 'body' ? chosen : nothing, texts),
    }
  }
  const shapes = Object.entries({ params, query, body }) as [Where, typeof params][]
  const chosen = shapes.flatMap(([where, shape]) =>
    textPlaces(shape)
      .slice(0, placesMost)
      .flatMap((place) =>
        temptations(place, secrets).map((text) => made(where, new Map([[keyOf(place.path), text]]))),
      ),
  )
  return [made(), ...chosen]
}
