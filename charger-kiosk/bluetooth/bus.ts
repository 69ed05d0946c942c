/**
 * The system's message bus as far as BlueZ needs it: calls out, calls in, signals. A thin layer over the library, which is
 * loaded only here and only when somebody asks for a radio. Values are `[signature, value]`; what comes in is unknown
 * until it was looked at.
 */

import type { EventEmitter } from 'node:events'
import type { Message as BusMessage, MessageBus, Variant } from '@jellybrick/dbus-next'
import { err, ok, type Result } from '@/lib/core/result'
import type { BusProperties, Typed } from './bluez-objects'

const connectMaxMs = 5_000
/** BlueZ answers in milliseconds; power-on of a radio takes a second or two. */
const callMaxMs = 10_000

export interface IncomingCall {
  readonly sender: string
  readonly path: string
  readonly name: string
  readonly member: string
  readonly body: readonly unknown[]
}

export interface OutgoingCall {
  readonly destination: string
  readonly path: string
  readonly name: string
  readonly member: string
  readonly signature?: string
  readonly body?: readonly unknown[]
}

/** What a call in is answered with: a value, nothing, or the name of an error. */
export type Answer = { readonly reply: Typed | undefined } | { readonly error: string }

export interface Bus {
  call(call: OutgoingCall): Promise<Result<readonly unknown[], string>>
  signal(path: string, name: string, member: string, signature: string, body: readonly unknown[]): void
  /** Undefined leaves the call to the library, which says that there is no such method. */
  onCall(answer: (call: IncomingCall) => Answer | undefined): void
  onSignal(rule: string, heard: (signal: IncomingCall) => void): Promise<Result<void, string>>
  /** Properties as BlueZ wants them, each in its variant. */
  variants(properties: BusProperties): Record<string, Variant>
  close(): void
}

/** @param onEnd the bus is gone; nothing works any more. */
export async function openBus(onEnd: (detail: string) => void): Promise<Result<Bus, string>> {
  const { systemBus, Message, Variant } = await import('@jellybrick/dbus-next')
  let bus: MessageBus
  try {
    bus = systemBus()
  } catch (error) {
    return err(String(error))
  }
  const connected = await connection(bus, onEnd)
  if (!connected.ok) {
    bus.disconnect()
    return connected
  }
  const variants = (properties: BusProperties): Record<string, Variant> =>
    Object.fromEntries(
      Object.entries(properties).map(([key, [signature, value]]) => [key, new Variant(signature, value)]),
    )
  const call = async ({
    name,
    body = [],
    ...rest
  }: OutgoingCall): Promise<Result<readonly unknown[], string>> => {
    const asked = bus.call(new Message({ ...rest, interface: name, body: [...body] }))
    return await within(callMaxMs, asked).then(
      (reply) => ok(reply?.body ?? []),
      (error: unknown) => err(String(error)),
    )
  }
  const send = (message: BusMessage): void => {
    try {
      bus.send(message)
    } catch (error) {
      // The library throws once the socket is gone, of which it tells nobody else.
      onEnd(String(error))
    }
  }
  const answerWith = (message: BusMessage, answer: Answer): void => {
    if ('error' in answer) send(Message.newError(message, answer.error, ''))
    else if (answer.reply === undefined) send(Message.newMethodReturn(message))
    else send(Message.newMethodReturn(message, answer.reply[0], [answer.reply[1]]))
  }
  return ok({
    call,
    variants,
    signal: (path, name, member, signature, body) =>
      send(Message.newSignal(path, name, member, signature, [...body])),
    onCall: (answer) =>
      bus.addMethodHandler((message: BusMessage) => {
        const given = answer(callIn(message))
        if (given !== undefined) answerWith(message, given)
        return given !== undefined
      }),
    onSignal: async (rule, heard) => {
      bus.on('message', (message: BusMessage) => {
        if (message.type === signalType) heard(callIn(message))
      })
      const added = await call({ ...daemon, member: 'AddMatch', signature: 's', body: [rule] })
      return added.ok ? ok(undefined) : added
    },
    close: () => bus.disconnect(),
  })
}

/** Waits until the bus has let us in. */
function connection(bus: MessageBus, onEnd: (detail: string) => void): Promise<Result<void, string>> {
  return new Promise<Result<void, string>>((resolve) => {
    const timer = setTimeout(() => resolve(err('the message bus does not answer')), connectMaxMs)
    const settle = (result: Result<void, string>): void => {
      clearTimeout(timer)
      resolve(result)
    }
    bus.once('connect', () => settle(ok(undefined)))
    // Stays for as long as the bus does: an error without a listener would end the process.
    const faults: Pick<EventEmitter, 'on'> = bus
    faults.on('error', (error: unknown) => {
      settle(err(String(error)))
      onEnd(String(error))
    })
  })
}

/** DBus specification, "Message types". */
const signalType = 4
export const daemon = {
  destination: 'org.freedesktop.DBus',
  path: '/org/freedesktop/DBus',
  name: 'org.freedesktop.DBus',
} as const

const callIn = ({ sender, path, interface: name, member, body }: BusMessage): IncomingCall => ({
  sender,
  path,
  name,
  member,
  body,
})

function within<T>(spanMs: number, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('no answer in time')), spanMs)
    work.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}

/** The value of a variant, or undefined for what is none. */
export const variantValue = (value: unknown): unknown =>
  typeof value === 'object' && value !== null && 'value' in value ? value.value : undefined

/** A dictionary of variants (`a{sv}`), which is what options are. */
export function variantsIn(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return {}
  return Object.fromEntries(Object.entries(value).map(([key, variant]) => [key, variantValue(variant)]))
}
