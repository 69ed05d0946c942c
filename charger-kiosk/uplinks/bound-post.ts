/**
 * POST from one of this computer's own addresses, so that the operating system sends it by that interface, with a count of
 * the bytes of the connection itself: heads and the TLS handshake are among them, the heads of TCP and IP are not. One
 * connection a request: a budget knows what it pays for.
 */

import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { connect, type Socket } from 'node:net'
import { connect as tlsConnect } from 'node:tls'
import type { Post } from '@/lib/roads/https-road'
import type { Crossed } from '@/lib/roads/uplinks-road'

/** `crossed` counts what the last request moved. */
export interface BoundPost {
  readonly post: Post
  readonly crossed: () => Crossed
}

/** @param localAddress undefined: whichever address the system takes. */
export function boundPost(localAddress: string | undefined): BoundPost {
  let socket: Socket | undefined
  const post: Post = (url, body, headers, { timeoutMs, answerBytesMax }) =>
    new Promise((resolve, reject) => {
      const isTls = url.protocol === 'https:'
      const port = Number(url.port === '' ? (isTls ? 443 : 80) : url.port)
      const host = url.hostname.replace(/^\[|\]$/g, '')
      const raw = connect({ host, port, ...(localAddress === undefined ? {} : { localAddress }) })
      socket = raw
      const createConnection = () => (isTls ? tlsConnect({ socket: raw, servername: host }) : raw)
      const options = {
        method: 'POST',
        headers: { ...headers, 'content-length': body.length },
        createConnection,
      }
      const asked = (isTls ? httpsRequest : httpRequest)(url, options)
      const deadline = setTimeout(() => asked.destroy(new Error('No answer in time')), timeoutMs)
      const fail = (error: Error): void => {
        clearTimeout(deadline)
        raw.destroy()
        reject(error)
      }
      // Before there is a request on it, the connection's own failure is nobody else's.
      raw.on('error', fail)
      asked.on('error', fail)
      asked.on('response', (response) => {
        const chunks: Buffer[] = []
        let length = 0
        response.on('data', (chunk: Buffer) => {
          length += chunk.length
          if (length <= answerBytesMax) chunks.push(chunk)
          else raw.destroy()
        })
        response.on('error', fail)
        response.on('close', () => {
          clearTimeout(deadline)
          const isWhole = response.complete || length > answerBytesMax
          if (!isWhole) return fail(new Error('The answer was cut off'))
          raw.destroy()
          resolve({
            status: response.statusCode ?? 0,
            type: response.headers['content-type'] ?? '',
            body: length > answerBytesMax ? undefined : new Uint8Array(Buffer.concat(chunks)),
          })
        })
      })
      asked.end(body)
    })
  const crossed = (): Crossed => ({
    sentBytes: socket?.bytesWritten ?? 0,
    receivedBytes: socket?.bytesRead ?? 0,
  })
  return { post, crossed }
}
