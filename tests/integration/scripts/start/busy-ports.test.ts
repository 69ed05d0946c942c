import { createServer, type AddressInfo, type Server } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { complainAboutBusyPort } from '@/scripts/start/busy-ports'

let servers: Server[]
let ports: number[]

beforeEach(async () => {
  servers = [1, 2, 3, 4].map(() => createServer())
  await Promise.all(
    servers.map((server) => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))),
  )
  ports = servers.map((server) => (server.address() as AddressInfo).port)
})
const close = (index: number) => new Promise((resolve) => servers[index]!.close(resolve))
afterEach(() => {
  for (const server of servers) server.close()
})

const settings = () => ({
  cloudPort: ports[0]!,
  kioskPort: ports[1]!,
  ocppPort: ports[2]!,
  demoPort: ports[3]!,
})

test('a busy port is named with the variable that moves it', async () => {
  await Promise.all([close(0), close(2), close(3)])
  const sentence = await complainAboutBusyPort(settings())
  expect(sentence).toContain(`Port ${ports[1]}`)
  expect(sentence).toContain('OUTPOST_KIOSK_PORT=')
})

test('free ports raise no complaint', async () => {
  await Promise.all([close(0), close(1), close(2), close(3)])
  expect(await complainAboutBusyPort(settings())).toBeUndefined()
})
