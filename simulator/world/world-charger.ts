/**
 * A charger of a world: the real controller on a disk that may fail, with an OCPP charger's twin beside it that meters
 * what truly flows. Lives end with the power; the disk, the meter and the vehicle stay.
 */

import { BayMap } from '@/charger-kiosk/controller/bays'
import { createController, type Controller } from '@/charger-kiosk/controller/controller'
import {
  enrolmentWrites,
  loadKnowledge,
  openEnrolment,
  type Enrolment,
} from '@/charger-kiosk/controller/knowledge'
import type { ScanOutcome } from '@/charger-kiosk/controller/scan'
import type { ChargerCommands, ChargerHandlers } from '@/charger-kiosk/ocpp/port'
import type { ConnectorPhase } from '@/charger-kiosk/screen-protocol'
import { metaKeys, rows, type KioskTable } from '@/charger-kiosk/session/records'
import { chargerId, deviceId, type ChargerId } from '@/lib/core/ids'
import { expectOk } from '@/lib/core/result'
import type { EpochSeconds } from '@/lib/core/units'
import type { Signer } from '@/lib/crypto/signature'
import type { Journal } from '@/lib/journal/journal'
import { openLog } from '@/lib/journal/log-journal'
import { parseMessage } from '@/lib/protocol/message'
import { chargerCertificate, isAloneAtSite } from '@/lib/protocol/messages/charger-certificate'
import type { Road } from '@/lib/roads/road'
import { ChargerTwin, twinIdentity } from '@/simulator/charger/charger-twin'
import type { Dice } from './dice'
import { signerNamed, worldVerify } from './keys'
import { worldOrigin, type WorldSite } from './place'
import { DeviceClock, timersOf, worldBeginsS, type Timeline } from './timeline'
import { WorldDisk } from './world-disk'

/** The one connector of every charger. */
const bay = 1
const buildTimeS = (worldBeginsS - 86_400) as EpochSeconds

/** What the world wants to know of a charger, at the moment at which it happens. */
export interface ChargerWitness {
  /** The contactor is told to close, or has closed, for a session whose id begins with this. */
  powerAsked(charger: WorldCharger, tag: string): void
  powerFlows(charger: WorldCharger, tag: string, registerWh: number): void
  powerEnded(charger: WorldCharger, tag: string, registerWh: number): void
  cut(charger: WorldCharger): void
  /** Something fails that may keep it from billing all that flows. */
  disturb(charger: WorldCharger): void
}

export interface ChargerSetting {
  readonly index: number
  readonly site: WorldSite
  readonly timeline: Timeline
  readonly dice: Dice
  readonly witness: ChargerWitness
  readonly road: (charger: WorldCharger) => Road
  /** Its disk and keys, as they are now. */
  readonly copyOf?: WorldCharger
}

export class WorldCharger {
  readonly index: number
  readonly site: WorldSite
  readonly id: ChargerId
  readonly signer: Signer
  /** All that it holds, oldest first. */
  readonly keys: Signer[]
  readonly isCopy: boolean
  readonly clock: DeviceClock
  readonly disk: WorldDisk
  readonly twin: ChargerTwin
  readonly #setting: ChargerSetting
  #journal: Journal<KioskTable> | undefined
  #controller: Controller | undefined
  #life = 0
  /** Burnt, stolen or scrapped: it never speaks again. */
  isDestroyed = false
  /** A bit of its disk is not what was written: it may find out at its next start, and then it stays dark. */
  isRotten = false

  constructor(setting: ChargerSetting) {
    this.#setting = setting
    this.index = setting.index
    this.site = setting.site
    this.id = chargerId(`KIN-0${setting.index + 1}`)
    this.signer = signerNamed(`charger ${setting.index}`)
    this.isCopy = setting.copyOf !== undefined
    this.keys = [...(setting.copyOf?.keys ?? [this.signer])]
    this.clock = new DeviceClock(setting.timeline)
    this.twin = new ChargerTwin(this.clock)
    this.disk = new WorldDisk(() => {
      this.#lose()
      setting.witness.cut(this)
    })
    if (setting.copyOf !== undefined) this.disk.restore(setting.copyOf.disk.backUp())
    this.disk.onFault = () => setting.witness.disturb(this)
  }

  /** Whether its certificate, as its disk has it, says that no other charger stands at its site. */
  get isAloneByCertificate(): boolean {
    const bytes =
      this.disk.row('meta', metaKeys.renewedCertificate) ?? this.disk.row('meta', metaKeys.certificate)
    const parsed = bytes === undefined ? undefined : parseMessage(chargerCertificate, bytes)
    return parsed?.ok === true && isAloneAtSite(parsed.value.payload)
  }

  /** Undefined while there is no power. */
  get controller(): Controller | undefined {
    return this.#controller
  }

  get journal(): Journal<KioskTable> | undefined {
    return this.#journal
  }

  get phase(): ConnectorPhase | undefined {
    return this.#controller?.screenState().connectors[0]?.phase
  }

  get isIdle(): boolean {
    return this.#controller?.isIdle() ?? true
  }

  enrol(enrolment: Enrolment): void {
    const journal = expectOk(this.#openJournal(), 'a fresh journal opens')
    const self = { chargerId: this.id, key: this.signer.publicKey }
    const knowledge = expectOk(openEnrolment(enrolment, self, worldVerify), 'the enrolment is right')
    // The cloud answered just now, so the clock is known to be right.
    const clock = rows.clock.encode({ floorS: this.clock.nowS(), agreedAtS: this.clock.nowS() })
    const writes = [
      ...enrolmentWrites(knowledge),
      { table: 'meta' as const, key: metaKeys.clock, value: clock },
    ]
    expectOk(journal.append([], writes), 'the enrolment is kept')
  }

  /** For the next start. */
  addKey(key: Signer): void {
    this.keys.push(key)
  }

  /** Power: the program starts on what the disk holds, and the charger connects to it. False: the disk is unfit. */
  async powerOn(): Promise<boolean> {
    if (this.isDestroyed || this.#controller !== undefined) return false
    this.#life += 1
    this.disk.newLife()
    const life = this.#life
    const isAlive = (): boolean => this.#life === life
    const opened = this.#openJournal()
    // The power failed while the journal began another epoch.
    if (!opened.ok) return false
    const journal = opened.value
    const controller = this.#createController(journal, isAlive)
    this.#controller = controller
    const started = await controller.start()
    if (!started.ok || !isAlive()) {
      this.#lose()
      return false
    }
    await this.twin.connect(this.#guarded(controller.handlers, isAlive))
    return isAlive()
  }

  /** The plug of the controller is pulled; the vehicle goes on charging. */
  powerOff(): void {
    this.disk.newLife()
    this.#lose()
  }

  /** What a camera read. Undefined: the screen was dark, or went dark before there was an answer. */
  async scan(text: string): Promise<ScanOutcome | undefined> {
    const controller = this.#controller
    const life = this.#life
    const outcome = await controller?.handleScan(bay, text)
    return life === this.#life ? outcome : undefined
  }

  #lose(): void {
    this.#life += 1
    this.#controller = undefined
    this.#journal = undefined
    this.twin.orphan()
  }

  #openJournal(): ReturnType<typeof openLog<KioskTable>> {
    const identity = { device: deviceId(this.id), random: this.#setting.dice }
    const opened = openLog<KioskTable>(this.disk, identity)
    this.#journal = opened.ok ? opened.value : undefined
    return opened
  }

  #createController(journal: Journal<KioskTable>, isAlive: () => boolean): Controller {
    const { timeline, dice, road } = this.#setting
    const self = {
      chargerId: this.id,
      key: this.signer.publicKey,
      otherKeys: this.keys.slice(1).map(({ publicKey }) => publicKey),
    }
    const knowledge = expectOk(loadKnowledge(journal, self, worldVerify), 'what the issuer said can be read')
    if (knowledge === undefined) throw new Error(`${this.id} is not enrolled`)
    const ports = {
      journal,
      signer: this.signer,
      otherSigners: this.keys.slice(1),
      verify: worldVerify,
      clock: this.clock,
      timers: timersOf(timeline, isAlive),
      random: dice,
      charger: () => (isAlive() ? this.#commands() : undefined),
      road: road(this),
      // As the process does: what the disk holds is read afresh by another program.
      onFatal: () => {
        if (isAlive()) this.#lose()
      },
    }
    const options = {
      bays: BayMap.ofOne(twinIdentity, bay),
      version: 'world',
      buildTimeS,
      stepUp: { relyingPartyId: new URL(worldOrigin).hostname, origins: [worldOrigin] },
      supportPhone: '',
      signsStatus: false,
    }
    return expectOk(createController(ports, options, knowledge), 'a journal that opens can be read')
  }

  #commands(): ChargerCommands {
    const { twin } = this
    const { witness } = this.#setting
    return {
      isConnected: () => twin.isConnected(),
      remoteStart: (request) => {
        witness.powerAsked(this, request.idTag)
        return twin.remoteStart(request)
      },
      remoteStop: (id) => twin.remoteStop(id),
      unlock: () => twin.unlock(),
      changeConfiguration: () => twin.changeConfiguration(),
      trigger: (message) => twin.trigger(message),
      setProfile: (profile) => twin.setProfile(profile),
      clearProfile: () => twin.clearProfile(),
      readMeter: () => twin.readMeter(),
      changeAvailability: (id, isOperative) => twin.changeAvailability(id, isOperative),
    }
  }

  /** A program without power hears nothing and says nothing; the charger keeps its messages. */
  #guarded(handlers: ChargerHandlers, isAlive: () => boolean): ChargerHandlers {
    const { witness } = this.#setting
    const alive = (): void => {
      if (!isAlive()) throw new Error('No power')
    }
    return {
      async onEvent(event) {
        // Status and readings that nobody could keep are lost; the next ones say the same.
        if (isAlive()) await Promise.resolve(handlers.onEvent(event)).catch(() => undefined)
      },
      onStartTransaction: async (request) => {
        alive()
        const answer = await handlers.onStartTransaction(request)
        alive()
        if (answer.status === 'Accepted') witness.powerFlows(this, request.idTag, request.meterStartWh ?? 0)
        return answer
      },
      onStopTransaction: async (notice) => {
        alive()
        await handlers.onStopTransaction(notice)
        alive()
        if (notice.idTag !== undefined) witness.powerEnded(this, notice.idTag, notice.meterStopWh ?? 0)
      },
      onAuthorize: (request) => handlers.onAuthorize(request),
    }
  }
}
