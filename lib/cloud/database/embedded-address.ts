/** Where the embedded server of a data folder answers; written when it is started, read by whoever connects. */

import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

export interface Connection {
  readonly port: number
  readonly password: string
}

export const superuser = 'postgres'

/** The address of the server that was last started in `dir`, or undefined when none ever was. */
export function embeddedDatabaseUrl(dir: string): string | undefined {
  const connection = readConnection(resolve(dir))
  return connection === undefined ? undefined : urlOf(connection)
}

export const urlOf = ({ port, password }: Connection): string =>
  `postgresql://${superuser}:${password}@127.0.0.1:${port}/postgres`

export function readConnection(dir: string): Connection | undefined {
  try {
    const value = JSON.parse(readFileSync(join(dir, 'connection.json'), 'utf8')) as Partial<Connection>
    return Number.isSafeInteger(value.port) && typeof value.password === 'string'
      ? (value as Connection)
      : undefined
  } catch {
    return undefined
  }
}
