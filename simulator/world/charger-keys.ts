/** Keys of chargers change, and disks are copied or rot: what happens to the machine that a session rests on. */

import { certificateRenewal } from '@/lib/protocol/messages/certificate-renewal'
import { signMessage } from '@/lib/protocol/message'
import type { Act } from './everyday'
import { signerNamed } from './keys'

const keysOfChargerMax = 3
const chargersMax = 5

/** Another key from now on. Sessions of the old key end with it; a charger may not hear of its certificate for long. */
export const chargerKeyRotated: Act = async (world) => {
  const { dice, cloud, timeline } = world
  const originals = world.chargers.filter(({ isCopy }) => !isCopy)
  const charging = originals.filter(({ phase }) => phase?.kind === 'charging')
  const charger = dice.pick(charging.length > 0 ? charging : originals)
  if (charger.isDestroyed || charger.isRotten || charger.keys.length >= keysOfChargerMax) return undefined
  const present = charger.keys.at(-1) ?? charger.signer
  const next = signerNamed(`charger ${charger.index} key ${charger.keys.length}`)
  const wasOn = charger.controller !== undefined
  const isCharging = charger.phase?.kind === 'charging'
  // The program starts again with the key that it has just made.
  world.safety.disturb(charger)
  world.safety.offersVoid(charger)
  charger.powerOff()
  charger.addKey(next)
  if (wasOn) await charger.powerOn()
  await world.settle()
  const payload = {
    operator: cloud.operator,
    chargerId: charger.id,
    key: next.publicKey,
    timeS: timeline.nowS,
  }
  const renewal = await signMessage(certificateRenewal, payload, present)
  const proof = await signMessage(certificateRenewal, payload, next)
  const certified = await cloud.renewCharger(renewal.bytes, proof.bytes)
  if (!certified.ok) return `${charger.id} asks for another key: ${certified.error.code}`
  const isHeard = dice.chance(0.6)
  if (isHeard) await charger.controller?.takeNews({ certificate: certified.value })
  await world.settle()
  world.lived.count('charger-keys')
  if (isCharging) world.lived.count('charger-keys-mid-session')
  return `${charger.id} has another key${isHeard ? '' : ', and does not hear of its certificate yet'}`
}

/** A whole charger with a copy of another's disk and key, at work beside it. */
export const chargerCloned: Act = async (world) => {
  const charger = world.dice.pick(world.chargers)
  if (world.chargers.length >= chargersMax || charger.isDestroyed || charger.isRotten || charger.isCopy)
    return undefined
  if (world.chargers.some(({ id, isCopy }) => isCopy && id === charger.id)) return undefined
  world.safety.rolledBack.add(charger.id)
  world.truth.cloned(charger.id)
  const copy = await world.copyCharger(charger)
  world.chargers.push(copy)
  world.lived.count('cloned-chargers')
  return `a copy of ${charger.id} goes into service beside it`
}

/** One bit of one event on the disk is another one now. */
export const diskRots: Act = (world) => {
  const charger = world.dice.pick(world.chargers)
  const isAlone = world.chargers.filter(({ isDestroyed, isRotten }) => !isDestroyed && !isRotten).length < 2
  if (isAlone || charger.isDestroyed || charger.isRotten || !charger.disk.rot(world.dice))
    return Promise.resolve(undefined)
  charger.isRotten = true
  world.safety.rolledBack.add(charger.id)
  world.lived.count('rotten-disks')
  return Promise.resolve(`a bit rots on the disk of ${charger.id}`)
}
