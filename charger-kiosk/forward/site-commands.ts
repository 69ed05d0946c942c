/**
 * What the site CSMS asks of a charger, and what comes of it. Everything that is not in the table of its version is not for
 * it: it may see, lower and stop; it may not start, list, meter or update unless the configuration says so.
 */

import { createRPCError } from 'ocpp-rpc'
import type { RawPayload } from '../ocpp/port'
import type { CommandSide, Handled } from './command-side'
import { commandsOf16 } from './site-commands-16'
import { commandsOf201 } from './site-commands-201'

/** Rejects with what becomes a CALLERROR where OCPP has no other way to say no. */
export async function handleCommand(
  action: string,
  payload: RawPayload,
  side: CommandSide,
): Promise<Handled> {
  const table = side.target.version === '1.6' ? commandsOf16 : commandsOf201
  const handler = Object.hasOwn(table, action) ? table[action] : undefined
  if (handler === undefined) throw createRPCError('NotImplemented', `${action} is not for a site CSMS here`)
  return await handler(payload, side)
}
