/**
 * The radio of Linux: BlueZ over the system's message bus (org.bluez.GattManager1, org.bluez.LEAdvertisingManager1).
 * BlueZ owns connections, addresses and sizes; it says with each read and write which phone it is for.
 */

import { toBytes, type Bytes } from '@/lib/core/bytes'
import { err, ok, type Result } from '@/lib/core/result'
import { advertisementOf, bluezNames as names, bluezObjects, bluezPaths as paths } from './bluez-objects'
import { daemon, openBus, variantsIn, type Answer, type Bus, type IncomingCall } from './bus'
import type { OpenRadio, PhoneName, Radio, RadioFault, RadioUser } from './radio'

/** ATT opcode and handle (Bluetooth Core, Vol 3, Part F, §3.4.5.1). */
const writeHeadBytes = 3
/** Phones whose last value is kept for reads in several turns; a radio holds fewer links. */
const readersMax = 64

const errors = {
  refused: { error: 'org.bluez.Error.NotPermitted' },
  offset: { error: 'org.bluez.Error.InvalidOffset' },
  unsupported: { error: 'org.bluez.Error.NotSupported' },
} as const

/** @param localName what the phone's list of devices shows for this charger. */
export const bluezRadio =
  (localName: string): OpenRadio =>
  async (user, onLost) => {
    let isOver = false
    const lose = (detail: string): void => {
      if (isOver) return
      isOver = true
      onLost({ code: 'absent', detail })
    }
    const opened = await openBus(lose)
    if (!opened.ok) return err({ code: 'absent', detail: opened.error })
    const bus = opened.value
    const give = (fault: RadioFault): Result<Radio, RadioFault> => {
      isOver = true
      bus.close()
      return err(fault)
    }
    const found = await findAdapter(bus)
    if (!found.ok) return give(found.error)
    const { adapter, owner } = found.value
    const phones = new BluezPhones(user)
    bus.onCall((call) => (call.sender === owner ? answerTo(call, phones, bus, localName) : undefined))
    const watched = await watch(bus, owner, phones, () => {
      bus.close()
      lose('BlueZ has ended')
    })
    if (!watched.ok) return give({ code: 'refused', detail: watched.error })
    const registered = await register(bus, adapter)
    if (!registered.ok) return give({ code: 'refused', detail: registered.error })
    return ok({
      notify: (value) => {
        const changed = bus.variants({ Value: ['ay', Buffer.from(value)] })
        bus.signal(paths.state, names.properties, 'PropertiesChanged', 'sa{sv}as', [
          names.characteristic,
          changed,
          [],
        ])
      },
      hangUp: (phone) => {
        void bus.call({ destination: names.bus, path: phone, name: names.device, member: 'Disconnect' })
      },
      close: async () => {
        isOver = true
        const gone = { signature: 'o', destination: names.bus, path: adapter } as const
        const { advertisement, application } = paths
        const body = [advertisement]
        await bus.call({ ...gone, name: names.advertisingManager, member: 'UnregisterAdvertisement', body })
        const app = [application]
        await bus.call({ ...gone, name: names.gattManager, member: 'UnregisterApplication', body: app })
        bus.close()
      },
    })
  }

/** The first adapter that can be a peripheral, switched on. */
async function findAdapter(
  bus: Bus,
): Promise<Result<{ readonly adapter: string; readonly owner: string }, RadioFault>> {
  const asked = await bus.call({
    destination: names.bus,
    path: '/',
    name: names.objectManager,
    member: 'GetManagedObjects',
  })
  if (!asked.ok) return err({ code: 'absent', detail: asked.error })
  const objects = Object.entries((asked.value[0] ?? {}) as Readonly<Record<string, object>>)
  const adapter = objects.find(([, has]) => names.gattManager in has && names.advertisingManager in has)?.[0]
  if (adapter === undefined) return err({ code: 'absent', detail: 'no adapter that can advertise a service' })
  const owner = await bus.call({ ...daemon, member: 'GetNameOwner', signature: 's', body: [names.bus] })
  if (!owner.ok) return err({ code: 'absent', detail: owner.error })
  const powered = await bus.call({
    destination: names.bus,
    path: adapter,
    name: names.properties,
    member: 'Set',
    signature: 'ssv',
    body: [names.adapter, 'Powered', bus.variants({ Powered: ['b', true] }).Powered],
  })
  if (!powered.ok) return err({ code: 'refused', detail: powered.error })
  return ok({ adapter, owner: String(owner.value[0]) })
}

async function register(bus: Bus, adapter: string): Promise<Result<void, string>> {
  const calls = [
    [names.gattManager, 'RegisterApplication', paths.application],
    [names.advertisingManager, 'RegisterAdvertisement', paths.advertisement],
  ] as const
  for (const [name, member, path] of calls) {
    const target = { destination: names.bus, path: adapter, name, member }
    const done = await bus.call({ ...target, signature: 'oa{sv}', body: [path, {}] })
    if (!done.ok) return done
  }
  return ok(undefined)
}

/** Phones that leave, and BlueZ itself. */
async function watch(
  bus: Bus,
  owner: string,
  phones: BluezPhones,
  onBluezEnd: () => void,
): Promise<Result<void, string>> {
  const devices = await bus.onSignal(
    `type='signal',sender='${names.bus}',interface='${names.properties}',member='PropertiesChanged',arg0='${names.device}'`,
    ({ sender, path, member, body: [name, changed] }) => {
      if (sender !== owner || member !== 'PropertiesChanged' || name !== names.device) return
      if (variantsIn(changed).Connected === false) phones.left(path)
    },
  )
  if (!devices.ok) return devices
  return await bus.onSignal(
    `type='signal',sender='org.freedesktop.DBus',member='NameOwnerChanged',arg0='${names.bus}'`,
    ({ sender, member, body: [name, before] }) => {
      if (sender !== daemon.destination || member !== 'NameOwnerChanged') return
      if (name === names.bus && before === owner) onBluezEnd()
    },
  )
}

function answerTo(call: IncomingCall, phones: BluezPhones, bus: Bus, localName: string): Answer | undefined {
  const { path, name, member, body } = call
  if (name === names.objectManager && member === 'GetManagedObjects' && path === paths.application) {
    const objects = Object.entries(bluezObjects).map(([at, object]) => [
      at,
      { [object.name]: bus.variants(object.properties) },
    ])
    return { reply: ['a{oa{sa{sv}}}', Object.fromEntries(objects)] }
  }
  const shown =
    path === paths.advertisement
      ? { name: names.advertisement, properties: advertisementOf(localName) }
      : bluezObjects[path]
  if (shown === undefined) return undefined
  if (name === names.properties && body[0] === shown.name) {
    if (member === 'GetAll') return { reply: ['a{sv}', bus.variants(shown.properties)] }
    const property = bus.variants(shown.properties)[String(body[1])]
    return member === 'Get' && property !== undefined ? { reply: ['v', property] } : undefined
  }
  // The advertisement was taken down; BlueZ ends or the adapter went. Its own end is heard of otherwise.
  if (name === names.advertisement && member === 'Release') return { reply: undefined }
  return name === names.characteristic ? phones.call(path, member, body) : undefined
}

/** Reads and writes of characteristics, told apart by the phone that BlueZ names in the options. */
class BluezPhones {
  readonly #user: RadioUser
  /** The value that a phone is reading: a long one takes several turns at rising offsets. */
  readonly #beingRead = new Map<PhoneName, Bytes>()

  constructor(user: RadioUser) {
    this.#user = user
  }

  left(phone: PhoneName): void {
    this.#beingRead.delete(phone)
    this.#user.left(phone)
  }

  call(path: string, member: string, body: readonly unknown[]): Answer | undefined {
    switch (member) {
      case 'ReadValue':
        return this.#read(path, variantsIn(body[0]))
      case 'WriteValue':
        return this.#write(path, body[0], variantsIn(body[1]))
      case 'StartNotify':
      case 'StopNotify':
        return { reply: undefined }
      default:
        return undefined
    }
  }

  #read(path: string, { device, offset = 0 }: Readonly<Record<string, unknown>>): Answer {
    if (typeof device !== 'string' || typeof offset !== 'number') return errors.unsupported
    if (path === paths.state) return reply(this.#user.stateRead(device), offset)
    if (path !== paths.chargerToPhone) return errors.unsupported
    const value = offset === 0 ? this.#user.read(device) : this.#beingRead.get(device)
    if (value === undefined) return errors.offset
    if (offset === 0) {
      if (this.#beingRead.size >= readersMax) this.#beingRead.clear()
      this.#beingRead.set(device, value)
    }
    return reply(value, offset)
  }

  #write(path: string, value: unknown, options: Readonly<Record<string, unknown>>): Answer {
    const { device, offset = 0, mtu } = options
    if (typeof device !== 'string' || !(value instanceof Uint8Array)) return errors.unsupported
    // Chunks are small enough for one write; BlueZ asks beforehand whether a longer one would be let through.
    if (offset !== 0 || options['prepare-authorize'] === true) return errors.offset
    const writeBytesMax = typeof mtu === 'number' ? mtu - writeHeadBytes : undefined
    const isTaken =
      path === paths.state
        ? this.#user.stateWritten(device, value, writeBytesMax)
        : path === paths.phoneToCharger && this.#user.written(device, value)
    return isTaken ? { reply: undefined } : errors.refused
  }
}

const reply = (value: Bytes, offset: number): Answer =>
  offset > value.length ? errors.offset : { reply: ['ay', Buffer.from(toBytes(value.subarray(offset)))] }
