import { expect, test, vi } from 'vitest'
import { keepPart } from '@/scripts/start/part-keeper'
import type { ProcessGroup } from '@/scripts/start/process-group'

/** A process in memory that ends when it is told to. */
function memoryPart() {
  let end = () => {}
  let running = true
  const ended = new Promise<void>((resolve) => {
    end = () => {
      running = false
      resolve()
    }
  })
  const finish = async () => end()
  const group: ProcessGroup = {
    spec: { name: 'kiosk', args: [], env: {}, logFile: 'kiosk.log', cwd: '.' },
    pid: 1,
    ended,
    isRunning: () => running,
    complaint: () => undefined,
    lastComplaint: () => undefined,
    firstLine: () => Promise.resolve(undefined),
    send: () => {},
    stop: finish,
    kill: finish,
  }
  return { group, die: end }
}

function world() {
  const launched: ReturnType<typeof memoryPart>[] = []
  const said: string[] = []
  const gaveUp: string[] = []
  let nowMs = 0
  const keeper = keepPart('kiosk', {
    launch: async () => {
      const part = memoryPart()
      launched.push(part)
      return part.group
    },
    nowMs: () => nowMs,
    say: (sentence) => said.push(sentence),
    giveUp: (failure) => gaveUp.push(failure.message),
  })
  const pass = (ms: number) => {
    nowMs += ms
  }
  return { keeper, launched, said, gaveUp, pass }
}

test('a part that dies by itself is started again, and the person is told', async () => {
  const { keeper, launched, said } = world()
  await keeper.start()
  launched[0]!.die()
  await vi.waitFor(() => expect(keeper.current).toBe(launched[1]?.group))
  expect(said).toEqual(['The kiosk ended by itself; starting it again.'])
})

test('a part that was killed on purpose stays dead until it is started', async () => {
  const { keeper, launched, said } = world()
  await keeper.start()
  await keeper.kill()
  expect(keeper.current).toBeUndefined()
  expect(said).toEqual([])
  await keeper.start()
  expect(keeper.current).toBe(launched[1]?.group)
})

test('a part that keeps dying is given up', async () => {
  const { keeper, launched, gaveUp } = world()
  await keeper.start()
  for (let death = 0; death < 4; death += 1) {
    await vi.waitFor(() => expect(launched[death]).toBeDefined())
    launched[death]!.die()
  }
  await vi.waitFor(() => expect(gaveUp).toEqual(['The kiosk ended 4 times within a minute.']))
  expect(launched).toHaveLength(4)
})

test('deaths that lie far apart are not counted together', async () => {
  const { keeper, launched, gaveUp, pass } = world()
  await keeper.start()
  for (let death = 0; death < 6; death += 1) {
    await vi.waitFor(() => expect(launched[death]).toBeDefined())
    pass(30_000)
    launched[death]!.die()
  }
  await vi.waitFor(() => expect(launched).toHaveLength(7))
  expect(gaveUp).toEqual([])
})

test('starting twice starts once', async () => {
  const { keeper, launched } = world()
  await Promise.all([keeper.start(), keeper.start()])
  expect(launched).toHaveLength(1)
})
