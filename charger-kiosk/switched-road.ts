/** A road with a switch: while it is cut, nothing leaves and nothing comes. The demonstration turns it. */

import type { Bytes } from '@/lib/core/bytes'
import { err, type Result } from '@/lib/core/result'
import type { Road, RoadFault, RoadMeter, RoadNews } from '@/lib/roads/road'
import { traced } from '@/lib/tracing/traced'

export class SwitchedRoad implements Road {
  readonly #road: Road
  isCut = false

  constructor(road: Road) {
    this.#road = road
  }

  get name(): string {
    return this.#road.name
  }

  get meter(): RoadMeter | undefined {
    return this.#road.meter
  }

  send(bundle: Bytes): Promise<Result<RoadNews, RoadFault>> {
    return this.isCut
      ? Promise.resolve(err({ code: 'api.unreachable', detail: 'the uplink is switched off' }))
      : traced(
          'sync',
          { 'outpost.road': this.#road.name, 'outpost.bytes': bundle.length },
          () => this.#road.send(bundle),
          (answered) => ({ 'outpost.outcome': answered.ok ? 'answered' : answered.error.code }),
        )
  }
}
