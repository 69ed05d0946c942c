/** What may fail in a world, by group. Each act says what it did, or nothing where it could not. */

import type { Act } from './everyday'
import type { DiskBackup } from './world-disk'
import type { World } from './world'
import { currencyCode } from '@/lib/core/ids'
import type { WorldCharger } from './world-charger'
import type { PhoneBackup } from '@/simulator/phone/phone-disk'
import { chainsOn } from './phone-records'

const backups = new WeakMap<object, DiskBackup | PhoneBackup>()

const disturbed = (world: World, charger: WorldCharger): WorldCharger => {
  world.safety.disturb(charger)
  return charger
}

export const diskFails: Act = (world) => {
  const { dice } = world
  const charger = disturbed(world, dice.pick(world.chargers))
  const kind = dice.pick([
    'cut-before',
    'cut-before',
    'cut-after',
    'cut-after',
    'full',
    'answer-lost',
    'unreadable',
  ] as const)
  const afterWrites = dice.between(0, 8)
  charger.disk.plan(kind, afterWrites, dice.between(1, 3))
  return Promise.resolve(`the disk of ${charger.id} will fail (${kind}) after ${afterWrites} writes`)
}

export const diskBackedUp: Act = (world) => {
  const charger = world.dice.pick(world.chargers)
  backups.set(charger, charger.disk.backUp())
  return Promise.resolve(`a backup of ${charger.id} is made`)
}

export const diskRolledBack: Act = async (world) => {
  const charger = world.dice.pick(world.chargers)
  if (charger.isRotten || charger.isCopy) return undefined
  const backup = backups.get(charger)
  if (backup === undefined || !('contents' in backup)) return undefined
  await putBack(world, charger, backup)
  return `${charger.id} is put back to its backup`
}

/** An image of the disk that is already old news: the issuer has acknowledged what was written since. */
export const diskImageOutlived: Act = async (world) => {
  const charger = world.dice.pick(world.chargers)
  if (charger.isDestroyed || charger.isRotten || charger.controller === undefined) return undefined
  const image = charger.disk.backUp()
  disturbed(world, charger).powerOff()
  world.safety.offersVoid(charger)
  await charger.powerOn()
  const wasUp = world.links.up.has(charger.id)
  world.links.up.add(charger.id)
  await charger.controller?.syncNow()
  await world.settle()
  await world.look()
  world.links.up.delete(charger.id)
  await putBack(world, charger, image)
  if (wasUp) world.links.up.add(charger.id)
  return `${charger.id} is put back to an image that its issuer has outlived`
}

async function putBack(world: World, charger: WorldCharger, backup: DiskBackup): Promise<void> {
  world.safety.rolledBack.add(charger.id)
  disturbed(world, charger).powerOff()
  world.safety.offersVoid(charger)
  // What lies beside the disk knows how far the issuer had come; a power cut may have kept it from hearing.
  const anchor = charger.disk.readAnchor()
  const known = anchor.ok ? anchor.value : undefined
  charger.disk.restore(backup)
  world.truth.forgetReading(charger)
  world.safety.words.forget(charger)
  const { epoch = 0, size = 0 } = backup.contents?.head ?? {}
  world.truth.lostTail(charger, epoch, size, world.safety.isConfirmed)
  await charger.powerOn()
  await world.settle()
  const isOlder = known?.epoch === epoch && size < known.acknowledgedSize
  if (isOlder && charger.disk.head?.epoch === epoch && charger.controller !== undefined)
    world.trace.violate('an older disk starts a new epoch', charger.id)
}

export const powerCut: Act = (world) => {
  const charger = disturbed(world, world.dice.pick(world.chargers))
  charger.powerOff()
  world.safety.offersVoid(charger)
  return Promise.resolve(`${charger.id} loses power`)
}

export const powerReturns: Act = async (world) => {
  const dark = world.chargers.filter(
    ({ controller, isDestroyed }) => controller === undefined && !isDestroyed,
  )
  if (dark.length === 0) return undefined
  const charger = disturbed(world, world.dice.pick(dark))
  const isUp = await charger.powerOn()
  await world.settle()
  return `${charger.id} has power again${isUp ? '' : ', but does not start'}`
}

export const chargerMisbehaves: Act = async (world) => {
  const { dice } = world
  const charger = disturbed(world, dice.pick(world.chargers))
  const { twin } = charger
  const how = dice.pick([
    'offline',
    'reboot',
    'forgets-start',
    'refuses-start',
    'ignores-stop',
    'obeys',
  ] as const)
  if (how === 'offline') {
    await twin.disconnect()
    await world.pass(dice.pick([5, 60, 400]))
    if (charger.controller !== undefined) await twin.connect()
  } else if (how === 'reboot') await twin.reboot()
  else if (how === 'forgets-start') twin.onRemoteStart = 'forget'
  else if (how === 'refuses-start') twin.onRemoteStart = 'rejected'
  else if (how === 'ignores-stop') twin.obeysStop = false
  else {
    twin.onRemoteStart = 'obey'
    twin.obeysStop = true
  }
  await world.settle()
  return `${charger.id} misbehaves: ${how}`
}

export const chargerDestroyed: Act = async (world) => {
  const { chargers, dice } = world
  if (chargers.filter(({ isDestroyed }) => !isDestroyed).length < 2 || !dice.chance(0.3)) return undefined
  const charger = disturbed(world, dice.pick(chargers))
  await charger.twin.unplug()
  charger.powerOff()
  charger.isDestroyed = true
  world.safety.offersVoid(charger)
  return `${charger.id} burns down`
}

export const phoneFails: Act = (world) => {
  const { dice } = world
  const phone = dice.pick(world.phones)
  const kind = dice.pick(['cut-before', 'cut-after', 'full'] as const)
  phone.disk.plan(kind, dice.between(0, 4), dice.between(1, 6))
  return Promise.resolve(`the storage of ${phone.name} will fail (${kind})`)
}

export const phoneOffAndOn: Act = async (world) => {
  const phone = world.dice.pick(world.phones)
  phone.turnOff()
  const isOn = await phone.turnOn()
  return `${phone.name} restarts${isOn ? '' : ', but does not come up'}`
}

export const phoneBackedUp: Act = (world) => {
  const phone = world.dice.pick(world.phones)
  backups.set(phone, phone.disk.backUp())
  return Promise.resolve(`a backup of ${phone.name} is made`)
}

/** What was written since is gone from it; what others have seen is not. */
export const phoneRestored: Act = async (world) => {
  const phone = world.dice.pick(world.phones)
  const backup = backups.get(phone)
  if (backup === undefined || !('records' in backup)) return undefined
  phone.isHonest = false
  phone.turnOff()
  phone.disk.restore(backup)
  await phone.turnOn()
  return `${phone.name} is put back to its backup`
}

export const phoneCloned: Act = async (world) => {
  if (world.phones.length >= 4) return undefined
  const phone = world.dice.pick(world.phones)
  phone.isHonest = false
  world.phones.push(await phone.clone(`${phone.name}-clone-${world.phones.length}`))
  return `${phone.name} is cloned`
}

export const phoneDestroyed: Act = (world) => {
  const living = world.phones.filter(({ isDestroyed }) => !isDestroyed)
  if (living.length < 2 || !world.dice.chance(0.3)) return Promise.resolve(undefined)
  const phone = world.dice.pick(living)
  phone.turnOff()
  phone.isDestroyed = true
  return Promise.resolve(`${phone.name} falls into a lake`)
}

const farBackS = -1_790_000_000

export const clockJumps: Act = (world) => {
  const { dice } = world
  const offsetS = dice.pick([farBackS, -86_400 * 20, -7_200, 0, 0, 900, 86_400 * 3, 86_400 * 400])
  const isCharger = dice.chance(0.6)
  if (isCharger) {
    const charger = dice.pick(world.chargers)
    charger.clock.offsetS = offsetS
    world.safety.unsureOfTime.add(charger.id)
    return Promise.resolve(`the clock of ${charger.id} is ${offsetS} s off`)
  }
  const phone = dice.pick(world.phones)
  phone.clock.offsetS = offsetS
  return Promise.resolve(`the clock of ${phone.name} is ${offsetS} s off`)
}

export const cloudCrashes: Act = (world) => {
  const { dice } = world
  const kind = dice.pick(['before-commit', 'after-commit'] as const)
  const after = dice.between(0, 30)
  world.cloud.planCrash(kind, after)
  return Promise.resolve(`the cloud will crash (${kind}) after ${after} accesses`)
}

export const grantRevoked: Act = async (world) => {
  const serials = world.phones.flatMap(({ disk }) => chainsOn(disk).map(({ serial }) => serial))
  if (serials.length === 0) return undefined
  const serial = world.dice.pick(serials)
  await world.cloud.revoke(serial)
  return `grant ${serial} is revoked`
}

export const issuerRotated: Act = async (world) => {
  await world.cloud.rotateIssuer()
  // Some driver has a grant under the new key before every charger has heard of it.
  const phone = world.dice.pick(world.phones)
  await phone.takeAlong()
  return `another issuer key signs from now on; ${phone.name} takes credit along`
}

/** Another country's money for a while: nobody's credit here is in it. */
export const currencyChanged: Act = async (world) => {
  const currency = currencyCode(world.dice.pick(['SEK', 'EUR']))
  await world.cloud.changePolicy({ tariff: { ...world.plan.tariff, currency } })
  return `prices are in ${currency} from now on`
}

export const tariffChanged: Act = async (world) => {
  const energyPerKwh = world.dice.between(8_000, 60_000)
  await world.cloud.changePolicy({ tariff: { ...world.plan.tariff, energyPerKwh } })
  return `energy costs ${energyPerKwh} from now on`
}
