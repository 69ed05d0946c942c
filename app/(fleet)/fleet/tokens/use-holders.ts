'use client'

/** The drivers and vehicles among whom a token's holder is chosen: looked for while somebody types, not at every key. */

import { useEffect, useRef, useState } from 'react'
import type { Holder, HolderKind, Holders } from '@/components/console/tokens/tokens-view'
import type { Answer } from '../../../_console/answer-store'
import { useAnswer } from '../../../_console/use-answer'
import type { DriversAnswer, VehiclesAnswer } from '../drivers/answers'

type Drivers = DriversAnswer
type Vehicles = VehiclesAnswer

const restMs = 200
const shownMax = 8
const everyMs = 60_000

export interface HolderSearch {
  readonly holders: Holders
  onFind(kind: HolderKind, text: string): void
}

export function useHolders(): HolderSearch {
  const [asked, setAsked] = useState<Readonly<Record<HolderKind, string | null>>>({
    drivers: null,
    vehicles: null,
  })
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => () => clearTimeout(timer.current), [])
  const pathOf = (kind: HolderKind): string | null =>
    asked[kind] === null ? null : `/fleet/${kind}?state=active&search=${encodeURIComponent(asked[kind])}`
  const drivers = useAnswer<Drivers>(pathOf('drivers'), everyMs)
  const vehicles = useAnswer<Vehicles>(pathOf('vehicles'), everyMs)
  return {
    holders: {
      drivers: foundIn(drivers.answer, (answer) => answer.drivers.map(driverHolder)),
      vehicles: foundIn(vehicles.answer, (answer) => answer.vehicles.map(vehicleHolder)),
    },
    onFind: (kind, text) => {
      clearTimeout(timer.current)
      timer.current = setTimeout(
        () => setAsked((before) => ({ ...before, [kind]: text.trim().slice(0, 60) })),
        restMs,
      )
    },
  }
}

const foundIn = <T>(
  answer: Answer<T>,
  holdersOf: (value: T) => readonly Holder[],
): readonly Holder[] | null => (answer.kind === 'there' ? holdersOf(answer.value).slice(0, shownMax) : null)

export const driverHolder = ({ driverId, name, reference }: Drivers['drivers'][number]): Holder => ({
  ...{ id: driverId, label: name },
  ...(reference === null ? {} : { note: reference }),
})

export const vehicleHolder = ({
  vehicleId,
  plate,
  name,
  class: vehicleClass,
}: Vehicles['vehicles'][number]): Holder => ({
  ...{ id: vehicleId, label: plate, vehicleClass },
  ...(name === null ? {} : { note: name }),
})
