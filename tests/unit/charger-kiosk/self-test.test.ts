import { describe, expect, test } from 'vitest'
import { selfTest, type SelfTestParts } from '@/charger-kiosk/self-test'
import { systemRandom } from '@/charger-kiosk/system'
import { toBytes, type Bytes } from '@/lib/core/bytes'
import { err, ok } from '@/lib/core/result'
import { epochSeconds } from '@/lib/core/units'
import { nodeSigner, verifyWithNode } from '@/lib/crypto/node'
import { journalFault } from '@/lib/journal/journal'

const signer = nodeSigner(new Uint8Array(32).fill(7))

function parts(changes: Partial<SelfTestParts> = {}): SelfTestParts {
  let stored: Bytes | undefined
  return {
    signers: [signer],
    verify: verifyWithNode,
    journal: {
      append: (_events, writes = []) => {
        stored = writes[0]?.value === undefined ? undefined : toBytes(writes[0].value ?? new Uint8Array())
        return ok({ firstSeq: 0, size: 0, root: '' as never })
      },
      get: () => ok(stored),
    },
    random: systemRandom,
    nowS: epochSeconds(1_795_000_000),
    buildTimeS: epochSeconds(1_793_000_000),
    ...changes,
  }
}

describe('the self-test at the start', () => {
  test('passes where keys, journal and clock are well', async () => {
    expect(await selfTest(parts())).toMatchObject({ passed: true, keys: 'ok', journal: 'ok', clock: 'ok' })
  })

  test('finds a key whose signatures do not verify, and one that is gone', async () => {
    const other = nodeSigner(new Uint8Array(32).fill(8))
    const false_ = await selfTest(parts({ signers: [{ ...other, publicKey: signer.publicKey }] }))
    expect(false_).toMatchObject({ passed: false, keys: 'failed' })
    const gone = await selfTest(
      parts({ signers: [{ ...signer, sign: () => Promise.reject(new Error('CKR_DEVICE_REMOVED')) }] }),
    )
    expect(gone.detail).toBe('keys: CKR_DEVICE_REMOVED')
  })

  test('finds a journal that takes nothing, or gives back something else', async () => {
    const full = { append: () => err(journalFault('full', 'no room')), get: () => ok(undefined) }
    expect(await selfTest(parts({ journal: full }))).toMatchObject({
      journal: 'failed',
      detail: 'journal: full, no room',
    })
    const other = { ...parts().journal, get: () => ok(toBytes([1, 2, 3])) }
    expect((await selfTest(parts({ journal: other }))).detail).toContain('gives back something else')
  })

  test('finds a clock that is older than the program', async () => {
    expect(await selfTest(parts({ nowS: epochSeconds(0) }))).toMatchObject({ passed: false, clock: 'behind' })
  })
})
