import { spawn } from 'node:child_process'
import { expect, test } from 'vitest'
import { inProject } from '@/scripts/setup/root.mjs'

function run(args: readonly string[]): Promise<{ readonly code: number | null; readonly lines: string[] }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [inProject('scripts/fuzz.mjs'), ...args], {
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    let text = ''
    child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()))
    child.once('error', reject)
    child.once('close', (code) => resolve({ code, lines: text.trim().split('\n') }))
  })
}

test('two processes share the inputs, and the figures are the last line', async () => {
  const { code, lines } = await run(['--runs', '2001', '--workers', '2', '--json'])
  const figures: unknown = JSON.parse(lines.at(-1) ?? '')
  expect(figures).toMatchObject({ runs: 2_001, crashes: 0, hangs: 0, falseAccepts: 0 })
  expect(code).toBe(0)
})

test('options that make no sense are refused with the usage', async () => {
  expect((await run(['--runs', 'all'])).code).toBe(1)
})
