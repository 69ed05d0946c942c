import { expect, test } from 'vitest'
import { toBytes, utf8 } from '@/lib/core/bytes'
import { triesMax } from '@/lib/wallet/pin-gate'
import { measureIterations, type StoredSeal } from '@/lib/wallet/seal'
import { SealBox, type SealStore } from '@/lib/wallet/seal-box'

const pin = '482915'
const otherPin = '730264'
const seed = toBytes(new Uint8Array(32).fill(7))
/** The real cost is measured once below; everything else would only be slower by it. */
const cheap = (): Promise<number> => Promise.resolve(2)

/** The phone's disk, with the power going at a chosen write: before it, or after it and before anything else. */
class Disk implements SealStore {
  seal: StoredSeal | undefined
  isDestroyed = false
  writes = 0
  cutAt: { readonly write: number; readonly when: 'before' | 'after' } | undefined

  read = () => Promise.resolve(structuredClone(this.seal))
  write(seal: StoredSeal) {
    this.writes += 1
    const cut = this.cutAt?.write === this.writes ? this.cutAt.when : undefined
    if (cut !== 'before') this.seal = structuredClone(seal)
    return cut === undefined ? Promise.resolve() : Promise.reject(new Error('Power cut'))
  }
  destroy() {
    this.seal = undefined
    this.isDestroyed = true
    return Promise.resolve()
  }
}

class Phone {
  readonly disk = new Disk()
  nowMs = 1_788_264_000_000
  box = this.restarted()
  restarted(): SealBox {
    this.disk.cutAt = undefined
    this.disk.writes = 0
    this.box = new SealBox(this.disk, { wallMs: () => this.nowMs, monotonicMs: () => 0 }, cheap)
    return this.box
  }
  waitOut() {
    this.nowMs = Math.max(this.nowMs, this.disk.seal?.tries.notBeforeMs ?? 0)
  }
}

async function sealedPhone() {
  const phone = new Phone()
  await phone.box.setUpPin(pin)
  const sealed = await phone.box.opened!.sealSeed(seed, 'key')
  phone.restarted()
  return { phone, sealed }
}

test('a seed is there again after a restart and the right PIN, and belongs to its own key alone', async () => {
  const { phone, sealed } = await sealedPhone()
  expect(phone.box.opened).toBeUndefined()
  expect(await phone.box.tryPin(pin)).toEqual({ kind: 'open' })
  expect(await phone.box.opened!.openSeed(sealed, 'key')).toEqual(seed)
  await expect(phone.box.opened!.openSeed(sealed, 'another key')).rejects.toThrow()
  phone.box.shut()
  expect(phone.box.opened).toBeUndefined()
})

test('nothing on the disk holds the seed or the PIN', async () => {
  const { phone, sealed } = await sealedPhone()
  const text = JSON.stringify([phone.disk.seal, sealed], (_key, value: unknown) =>
    value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value,
  )
  expect(text).not.toContain('07'.repeat(8))
  expect(text).not.toContain(Buffer.from(utf8(pin)).toString('hex'))
})

test('a wrong PIN opens nothing, says how many tries are left, and the right one starts the count anew', async () => {
  const { phone } = await sealedPhone()
  expect(await phone.box.tryPin(otherPin)).toMatchObject({ kind: 'wrong', left: 9 })
  expect(phone.box.opened).toBeUndefined()
  expect((await phone.box.tryPin(pin)).kind).toBe('open')
  expect(phone.disk.seal?.tries.count).toBe(0)
})

test('an attempt is counted before it is checked: pulling the power gives no other try', async () => {
  const { phone } = await sealedPhone()
  for (let round = 0; round < triesMax; round += 1) {
    phone.restarted()
    // The count is written; the phone dies before the PIN is looked at.
    phone.disk.cutAt = { write: 1, when: 'after' }
    await expect(phone.box.tryPin(otherPin)).rejects.toThrow('Power cut')
    phone.waitOut()
  }
  expect(await phone.restarted().tryPin(pin)).toEqual({ kind: 'destroyed' })
  expect(phone.disk.isDestroyed).toBe(true)
})

test('an attempt whose count cannot be written is not checked at all', async () => {
  const { phone } = await sealedPhone()
  phone.disk.cutAt = { write: 1, when: 'before' }
  await expect(phone.box.tryPin(pin)).rejects.toThrow('Power cut')
  expect(phone.box.opened).toBeUndefined()
})

test('waits grow, are kept over a restart, and the tenth wrong PIN destroys the keys', async () => {
  const { phone } = await sealedPhone()
  for (let wrong = 1; wrong < triesMax; wrong += 1) {
    phone.waitOut()
    expect((await phone.restarted().tryPin(otherPin)).kind).toBe('wrong')
  }
  expect((await phone.restarted().tryPin(pin)).kind).toBe('wait')
  phone.waitOut()
  expect(await phone.box.tryPin(otherPin)).toEqual({ kind: 'destroyed' })
  // From here on nothing is left to guess; the next key begins with a new seal.
  expect(await phone.box.lock()).toBeUndefined()
  await phone.box.setUpPin(otherPin)
  expect(phone.box.opened).toBeDefined()
})

test.each(['before', 'after'] as const)(
  'with the power going %s the new PIN is on disk, exactly one PIN opens the old seeds',
  async (when) => {
    const { phone, sealed } = await sealedPhone()
    phone.disk.cutAt = { write: 2, when }
    await expect(phone.box.changePin(pin, otherPin)).rejects.toThrow('Power cut')
    const [works, fails] = when === 'before' ? [pin, otherPin] : [otherPin, pin]
    expect((await phone.restarted().tryPin(fails)).kind).toBe('wrong')
    expect((await phone.restarted().tryPin(works)).kind).toBe('open')
    expect(await phone.box.opened!.openSeed(sealed, 'key')).toEqual(seed)
  },
)

test('a PIN is changed only by whoever knows it', async () => {
  const { phone } = await sealedPhone()
  expect((await phone.box.changePin(otherPin, '615243')).kind).toBe('wrong')
  expect((await phone.box.changePin(pin, otherPin)).kind).toBe('open')
  expect((await phone.restarted().tryPin(pin)).kind).toBe('wrong')
})

test('a passkey’s secret opens what it sealed, and no other does', async () => {
  const phone = new Phone()
  const [salt, secret] = [toBytes(new Uint8Array(32).fill(1)), toBytes(new Uint8Array(32).fill(2))]
  await phone.box.setUpPasskey('credential', salt, secret)
  const sealed = await phone.box.opened!.sealSeed(seed, 'key')
  phone.restarted()
  expect(await phone.box.lock()).toMatchObject({ kind: 'passkey', credentialId: 'credential', salt })
  expect(await phone.box.tryPasskey(toBytes(new Uint8Array(32).fill(3)))).toBe(false)
  expect(await phone.box.tryPasskey(secret)).toBe(true)
  expect(await phone.box.opened!.openSeed(sealed, 'key')).toEqual(seed)
})

test('a seal is never set up over another: every seed under the first would be lost', async () => {
  const { phone } = await sealedPhone()
  await expect(phone.box.setUpPin(otherPin)).rejects.toThrow()
})

test('a PIN costs what half a second buys, and never less than 600,000 rounds', async () => {
  const took = (perProbeMs: number) => {
    let nowMs = -perProbeMs
    return measureIterations(() => (nowMs += perProbeMs))
  }
  expect(await took(1_000)).toBe(600_000)
  expect(await took(25)).toBe(1_000_000)
  expect(await took(0)).toBe(6_000_000)
})
