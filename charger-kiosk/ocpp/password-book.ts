/**
 * The chargers' passwords, kept as scrypt hashes alone. A charger is enrolled with a one-time password; on its first link
 * it is given a long random one of its own. That one counts from the moment before it is sent, and the former one until
 * the charger has come back with it: a power cut between the two locks nobody out.
 */

import { createHash, randomBytes, scrypt, timingSafeEqual } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import type { EpochSeconds } from '@/lib/core/units'
import { writeDurably } from '@/lib/journal/durable-file'
import type { ChargePointIdentity } from './ids'
import type { ConfigurationOutcome, PasswordBook } from './port'

interface Hash {
  /** Hex. */
  readonly salt: string
  readonly hash: string
}

interface Entry {
  readonly current: Hash
  /** Set on a one-time password: the last second in which it opens a link. */
  readonly oneTimeUntilS?: number
  /** Given to the charger, which has shown none of them yet; an answer that was lost leaves more than one. */
  readonly next?: readonly Hash[]
}

type Book = Readonly<Record<string, Entry>>

/** A technician sets a charger up on the day on which its password was printed. */
const oneTimeForS = 86_400
/** As many answers as may be lost in a row before the oldest password that was given counts no more. */
const givenMax = 3
/** About 50 ms and 16 MB a guess. */
const cost = { N: 16_384, r: 8, p: 1 }
const hashBytes = 32

export interface FilePasswordBook extends PasswordBook {
  /** Takes the charger in, or takes it in anew, and gives its one-time password, which is shown once. */
  enrol(identity: ChargePointIdentity): Promise<string>
  remove(identity: ChargePointIdentity): void
}

/** The file is read at each use: a technician's command may have changed it. Throws when it cannot be read. */
export function openPasswordBook(path: string, nowS: () => EpochSeconds): FilePasswordBook {
  const read = (): Book => (existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Book) : {})
  const write = (identity: string, entry: Entry | undefined): void => {
    const { [identity]: _former, ...others } = read()
    const book: Book = entry === undefined ? others : { ...others, [identity]: entry }
    writeDurably(path, `${JSON.stringify(book, undefined, 2)}\n`)
  }
  const entryOf = (identity: string): Entry | undefined => {
    const book = read()
    return Object.hasOwn(book, identity) ? book[identity] : undefined
  }
  // What was right once is known by its digest, so that a charger with a bad link costs one scrypt, not one a link.
  const right = new Map<string, string>()
  const matches = async (given: string, hash: Hash): Promise<boolean> => {
    const digest = createHash('sha256').update(given).digest('hex')
    if (right.get(hash.hash) === digest) return true
    const isRight = timingSafeEqual(await derive(given, hash.salt), Buffer.from(hash.hash, 'hex'))
    if (isRight) right.set(hash.hash, digest)
    return isRight
  }
  return {
    async check(identity, presented) {
      const entry = entryOf(identity)
      if (entry === undefined) return 'none'
      if (presented === undefined) return 'wrong'
      const given = canonical(presented)
      for (const next of entry.next ?? []) {
        if (!(await matches(given, next))) continue
        write(identity, { current: next })
        return 'right'
      }
      if (entry.oneTimeUntilS !== undefined && nowS() > entry.oneTimeUntilS) return 'wrong'
      return (await matches(given, entry.current)) ? 'right' : 'wrong'
    },
    isRenewalDue: (identity) => entryOf(identity)?.oneTimeUntilS !== undefined,
    async renew(identity) {
      const entry = entryOf(identity)
      if (entry?.oneTimeUntilS === undefined) return undefined
      const password = randomBytes(20).toString('hex')
      const next = [await hashed(password), ...(entry.next ?? [])].slice(0, givenMax)
      write(identity, { ...entry, next })
      return password
    },
    answered(identity, outcome) {
      const entry = entryOf(identity)
      if (entry === undefined || !refuses(outcome)) return
      // It cannot be changed from here: the password that it was set up with stays its own.
      write(identity, { current: entry.current })
    },
    async enrol(identity) {
      const password = randomBytes(20).toString('hex')
      write(identity, { current: await hashed(password), oneTimeUntilS: nowS() + oneTimeForS })
      return password
    },
    remove: (identity) => write(identity, undefined),
  }
}

const refuses = (outcome: ConfigurationOutcome): boolean =>
  outcome === 'rejected' || outcome === 'not-supported'

async function hashed(password: string): Promise<Hash> {
  const salt = randomBytes(16).toString('hex')
  return { salt, hash: (await derive(password, salt)).toString('hex') }
}

const derive = (password: string, salt: string): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    scrypt(password, Buffer.from(salt, 'hex'), hashBytes, cost, (error, key) =>
      error === null ? resolve(key) : reject(error),
    )
  })

const hexKey = /^[0-9a-f]{40}$/i

/** The 20 bytes of an AuthorizationKey come as their 40 hex digits, in either case, or as the bytes themselves (OCPP-J 1.6 §6.2). */
function canonical(presented: Uint8Array): string {
  const bytes = Buffer.from(presented)
  const text = bytes.toString('utf8')
  if (hexKey.test(text)) return text.toLowerCase()
  return bytes.length === 20 ? bytes.toString('hex') : text
}
