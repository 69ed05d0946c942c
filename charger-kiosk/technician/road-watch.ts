/** A road that remembers when it last carried something, and what it last failed by. */

import type { Bytes } from '@/lib/core/bytes'
import type { Clock } from '@/lib/core/clock'
import type { Result } from '@/lib/core/result'
import type { Road, RoadFault, RoadMeter, RoadNews } from '@/lib/roads/road'

export class WatchedRoad implements Road {
  readonly #road: Road
  readonly #clock: Pick<Clock, 'nowS'>
  lastContactS: number | undefined
  fault: string | undefined

  constructor(road: Road, clock: Pick<Clock, 'nowS'>) {
    this.#road = road
    this.#clock = clock
  }

  get name(): string {
    return this.#road.name
  }

  get meter(): RoadMeter | undefined {
    return this.#road.meter
  }

  async send(bundle: Bytes): Promise<Result<RoadNews, RoadFault>> {
    const answer = await this.#road.send(bundle)
    if (answer.ok) this.lastContactS = this.#clock.nowS()
    this.fault = answer.ok ? undefined : answer.error.code
    return answer
  }
}
