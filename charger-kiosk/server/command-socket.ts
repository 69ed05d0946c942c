/**
 * What `outpost-kiosk` at this machine may ask of a controller that runs: a socket in the data folder, which only the
 * controller's own user and root may open. Whoever can open it can read the keys beside it.
 */

import { chmodSync, lstatSync, rmSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { isAbsolute, join } from 'node:path'
import type { StickDone } from '../sticks/serve-stick'

export interface Commands {
  /** Serves the stick that is mounted at an absolute path. */
  readonly stick: (folder: string) => Promise<StickDone>
}

export interface CommandSocket {
  close(): Promise<void>
}

export const commandSocketPath = (dataFolder: string): string => join(dataFolder, 'command.sock')

/** Systems cut longer names of sockets off, and listen at the wrong place. */
const pathBytesMax = 103
const bodyBytesMax = 4_096

/** Undefined, with the reason told to `log`, where there can be none: the charger sells all the same. */
export async function openCommandSocket(
  dataFolder: string,
  commands: Commands,
  log: (what: string, facts?: Readonly<Record<string, unknown>>) => void,
): Promise<CommandSocket | undefined> {
  const path = commandSocketPath(dataFolder)
  if (Buffer.byteLength(path) > pathBytesMax) {
    log('commands-failed', { detail: `${path} is too long for a socket` })
    return undefined
  }
  // The journal beside it has one owner: what a killed controller left behind is nobody's.
  if (isSocket(path)) rmSync(path, { force: true })
  const server = createServer((request, response) => {
    answer(request, response, commands).catch((error: unknown) => {
      log('commands-failed', { detail: error instanceof Error ? error.message : String(error) })
      response.destroy()
    })
  })
  // A slow stick takes as long as it takes; whoever asks waits.
  server.requestTimeout = 10_000
  const problem = await new Promise<Error | undefined>((resolve) => {
    server.once('error', resolve)
    server.listen(path, () => resolve(undefined))
  })
  if (problem !== undefined) {
    log('commands-failed', { detail: problem.message })
    return undefined
  }
  chmodSync(path, 0o600)
  return {
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

const isSocket = (path: string): boolean => lstatSync(path, { throwIfNoEntry: false })?.isSocket() === true

async function answer(request: IncomingMessage, response: ServerResponse, commands: Commands): Promise<void> {
  const tell = (status: number, body: unknown): void => {
    response.writeHead(status, { 'content-type': 'application/json' })
    response.end(JSON.stringify(body))
  }
  if (request.method !== 'POST' || request.url !== '/stick') return tell(404, { error: 'no such command' })
  const folder = folderIn(await textOf(request))
  if (folder === undefined) return tell(400, { error: 'an absolute folder is needed' })
  tell(200, await commands.stick(folder))
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = ''
  for await (const part of request.setEncoding('utf8')) {
    text += String(part)
    if (text.length > bodyBytesMax) return ''
  }
  return text
}

function folderIn(text: string): string | undefined {
  try {
    const value: unknown = JSON.parse(text)
    const folder = typeof value === 'object' && value !== null && 'folder' in value ? value.folder : undefined
    return typeof folder === 'string' && isAbsolute(folder) && !folder.includes('\0') ? folder : undefined
  } catch {
    return undefined
  }
}
