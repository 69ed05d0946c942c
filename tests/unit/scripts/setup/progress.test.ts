import { expect, test } from 'vitest'
import { createProgress } from '@/scripts/setup/progress.mjs'

function recorder() {
  const written: string[] = []
  return { written, stream: { write: (text: string) => written.push(text), isTTY: false } }
}

test('a step that succeeds leaves one line with a tick, its detail and its time', async () => {
  const { written, stream } = recorder()
  await createProgress(stream).step('Installing', async (busyWith) => busyWith('3 packages'))
  expect(written.join('')).toMatch(/^✓ Installing \d+\.\d s \(3 packages\)\n$/)
})

test('a step that fails leaves a cross and passes the failure on', async () => {
  const { written, stream } = recorder()
  const step = createProgress(stream).step('Building', async () => {
    throw new Error('no disk')
  })
  await expect(step).rejects.toThrow('no disk')
  expect(written.join('')).toMatch(/^✗ Building/)
})
