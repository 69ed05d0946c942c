/**
 * The controller as a local central system for OCPP 1.6J and 2.0.1 chargers: listens on the LAN, checks who knocks, and gives
 * each known charger its `ChargerLink`. Start reading here; the port that it implements is `port.ts`.
 */

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import { RPCServer } from 'ocpp-rpc'
import type RpcServerClient from 'ocpp-rpc/lib/server-client.js'
import type { Clock, Timers } from '@/lib/core/clock'
import { limits } from '@/lib/core/limits'
import { err, ok } from '@/lib/core/result'
import { durationMs, epochSeconds } from '@/lib/core/units'
import { ChargerLink } from './charger-link'
import { admit, isReadableUrl } from './door'
import { IncidentGate } from './incident-gate'
import type {
  CentralSystemSettings,
  ChargerHandlers,
  IncidentKind,
  ListenError,
  StartedCentralSystem,
} from './port'
import { SerialQueue } from './serial-queue'
import { versions } from './versions'

export interface TimePorts {
  readonly clock: Clock
  readonly timers: Timers
}

/** 2024-01-01T00:00:00Z: a charger that reports an earlier time has not set its clock. */
const defaultClockFloorS = epochSeconds(1_704_067_200)
const heartbeatIntervalS = 300
/** A peer that never finishes its request headers is not waited for. */
const handshakeTimeoutMs = 10_000

export async function startCentralSystem(
  settings: CentralSystemSettings,
  handlers: ChargerHandlers,
  time: TimePorts,
): Promise<StartedCentralSystem> {
  const links = new Map(
    settings.chargers.map(({ identity, sockets }) => [
      identity,
      new ChargerLink(identity, handlers, time, {
        clockFloorS: settings.clockFloorS ?? defaultClockFloorS,
        commandTimeoutMs: settings.commandTimeoutMs ?? durationMs(10_000),
        meterIntervalS: settings.meterIntervalS ?? 10,
        heartbeatIntervalS,
        sockets,
        passwords: settings.passwords,
        tap: settings.tap,
        listsTokens: settings.listsTokens,
      }),
    ]),
  )
  const reportStranger = strangers(handlers, time.clock)
  const rpc = createRpcServer(settings, links, reportStranger)
  const server = createHttpServer(settings, rpc, reportStranger)
  const failure = await listen(server, settings.host ?? '127.0.0.1', settings.port ?? 9220)
  if (failure !== undefined) return err(failure)
  return ok({
    port: (server.address() as AddressInfo).port,
    charger: (identity) => links.get(identity)?.commands,
    relay: (identity, action, payload) =>
      links.get(identity)?.relay(action, payload) ??
      Promise.resolve(err({ code: 'disconnected', detail: 'not a charger of this controller' })),
    isQuiet: () => [...links.values()].every((link) => link.isQuiet),
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      await Promise.all([...links.values()].map((link) => link.close()))
      server.closeAllConnections()
      await closed
    },
  })
}

type ReportStranger = (identity: string, kind: IncidentKind, detail: string) => void

/** Refused connections share one gate, so that a port scan costs a bounded number of journal entries. */
function strangers(handlers: ChargerHandlers, clock: Clock): ReportStranger {
  const gate = new IncidentGate(clock, limits.ocppIncidentsPerMinuteMax)
  const report = async (identity: string, kind: IncidentKind, detail: string): Promise<void> => {
    const atS = clock.nowS()
    await handlers.onEvent({ type: 'incident', identity, atS, kind, action: undefined, detail })
  }
  return (identity, kind, detail) => {
    const passed = gate.pass(detail)
    // The shell speaks for itself when its storage fails; a stranger's knock is not worth stopping for.
    if (passed !== undefined) report(identity.slice(0, 64), kind, passed).catch(() => undefined)
  }
}

function createRpcServer(
  settings: CentralSystemSettings,
  links: ReadonlyMap<string, ChargerLink>,
  reportStranger: ReportStranger,
): RPCServer {
  const known = new Map<string, (typeof settings.chargers)[number]>(
    settings.chargers.map((charger) => [charger.identity, charger]),
  )
  const rpc = new RPCServer({
    protocols: versions.map(({ subprotocol }) => subprotocol),
    strictMode: true,
    strictModeValidators: versions.map(({ outboundValidator }) => outboundValidator),
    pingIntervalMs: settings.pingIntervalMs ?? 30_000,
    wssOptions: { maxPayload: limits.ocppFrameBytesMax },
  })
  const house = {
    chargers: known,
    passwords: settings.passwords,
    isPasswordNeeded: settings.tls !== undefined,
  }
  // One at a time: each guess costs much memory, and nobody may have all of it at once.
  const doors = new SerialQueue(limits.ocppSocketsMax)
  rpc.auth(async (accept, reject, handshake) => {
    const admission = await doors.push(() => admit(handshake, house))
    if (admission === undefined) return reject(503, 'Busy')
    if (admission.kind === 'admit') return accept()
    reportStranger(handshake.identity, admission.incident, admission.detail)
    reject(admission.httpStatus, 'Refused')
  })
  rpc.on('client', (client: RpcServerClient) => {
    links.get(client.identity ?? '')?.attach(client)
  })
  return rpc
}

function createHttpServer(
  { tls }: CentralSystemSettings,
  rpc: RPCServer,
  reportStranger: ReportStranger,
): Server {
  const answer = (_request: IncomingMessage, response: ServerResponse) => response.writeHead(404).end()
  const server =
    tls === undefined
      ? createServer({ noDelay: true }, answer)
      : createTlsServer(
          { ...tls, minVersion: 'TLSv1.2', handshakeTimeout: handshakeTimeoutMs, noDelay: true },
          answer,
        )
  server.on('tlsClientError', (error: Error, socket: Socket) => {
    reportStranger(socket.remoteAddress ?? '', 'tls-failed', error.message)
    socket.destroy()
  })
  server.headersTimeout = handshakeTimeoutMs
  server.requestTimeout = handshakeTimeoutMs
  server.maxConnections = limits.ocppSocketsMax
  const upgrade = rpc.handleUpgrade
  server.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) => {
    socket.on('error', () => socket.destroy())
    if (!isReadableUrl(request.url ?? '/')) {
      socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n')
      return
    }
    upgrade(request, socket, head).catch(() => socket.destroy())
  })
  return server
}

function listen(server: Server, host: string, port: number): Promise<ListenError | undefined> {
  return new Promise((resolve) => {
    server.on('error', (error: NodeJS.ErrnoException) => {
      const code =
        error.code === 'EADDRINUSE'
          ? 'address-in-use'
          : error.code === 'EADDRNOTAVAIL'
            ? 'address-unavailable'
            : 'listen-failed'
      resolve({ code, detail: `${host}:${port}` })
    })
    server.listen({ host, port }, () => resolve(undefined))
  })
}
