/** Finds out whether somebody else listens on a port that we need, before anything is started. */

import { createServer } from 'node:net'
import { portNames, portVariables, type PortName, type StartSettings } from './settings'

const canListen = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)))
  })

/** One plain sentence about the first busy port, or undefined when all are free. */
export async function complainAboutBusyPort(settings: StartSettings): Promise<string | undefined> {
  const free = await Promise.all(portNames.map((name) => canListen(settings[name])))
  const busy = portNames.find((_, index) => free[index] === false)
  return busy === undefined ? undefined : busySentence(busy, settings[busy])
}

export function busySentence(name: PortName, port: number): string {
  const { variable, serves } = portVariables[name]
  return `Port ${port}, needed for ${serves}, is in use by another program: end it, or choose another port with ${variable}=${port + 10} npm start.`
}
