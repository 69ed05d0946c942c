import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { levelOf, openLog } from '@/charger-kiosk/log/log-writer'

let folder: string
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'outpost-log-'))))
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const at = () => new Date('2026-11-22T20:00:00Z')
const settings = { level: 'info', fileBytesMax: 1_000, filesMax: 3 } as const

describe('the controller’s log', () => {
  test('is one JSON object a line, with its level', () => {
    const lines: string[] = []
    openLog(settings, at, (line) => lines.push(line))('ready', { ocppPort: 9_220 })
    expect(lines).toEqual([
      '{"at":"2026-11-22T20:00:00.000Z","level":"info","what":"ready","ocppPort":9220}\n',
    ])
  })

  test('leaves out what is below its level', () => {
    const lines: string[] = []
    const log = openLog({ ...settings, level: 'warn' }, at, (line) => lines.push(line))
    for (const what of ['ready', 'cloud-lost', 'keys-failed']) log(what)
    expect(lines.map((line) => (JSON.parse(line) as { what: string }).what)).toEqual([
      'cloud-lost',
      'keys-failed',
    ])
    expect(levelOf('waiting-for-cloud')).toBe('warn')
  })

  test('never takes more room than its files may, and keeps the newest', () => {
    const log = openLog({ ...settings, folder }, at, () => undefined)
    for (let index = 0; index < 200; index += 1) log('counted', { index })
    const names = readdirSync(folder).sort()
    expect(names).toEqual(['outpost-kiosk.log', 'outpost-kiosk.log.1', 'outpost-kiosk.log.2'])
    for (const name of names) expect(statSync(join(folder, name)).size).toBeLessThanOrEqual(1_000)
    expect(readFileSync(join(folder, 'outpost-kiosk.log'), 'utf8')).toContain('"index":199')
  })

  test('goes on after a restart where it was', () => {
    openLog({ ...settings, folder }, at, () => undefined)('first')
    openLog({ ...settings, folder }, at, () => undefined)('second')
    expect(readFileSync(join(folder, 'outpost-kiosk.log'), 'utf8').trim().split('\n')).toHaveLength(2)
  })

  test('is given up where it cannot be written, and the charger goes on', () => {
    writeFileSync(join(folder, 'a-file'), '')
    const lines: string[] = []
    const log = openLog({ ...settings, folder: join(folder, 'a-file', 'below') }, at, (line) =>
      lines.push(line),
    )
    expect(() => log('ready')).not.toThrow()
    expect(lines).toHaveLength(1)
  })
})
