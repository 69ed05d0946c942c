/** The list of cards that a charger in memory keeps, with a real one's refusals. */

import { err, ok } from '@/lib/core/result'
import type { ListedToken, TokenListCommands, TokenListUpdate } from '@/charger-kiosk/ocpp/port'

export class TwinTokenList implements TokenListCommands {
  number = 0
  tokens: readonly ListedToken[] = []
  allowsOffline = false
  readonly updates: TokenListUpdate[] = []
  most: number | undefined
  perMessage: number | undefined
  answer: 'Accepted' | 'Failed' | 'NotSupported' | 'VersionMismatch' = 'Accepted'

  version(): ReturnType<TokenListCommands['version']> {
    return Promise.resolve(
      this.answer === 'NotSupported' ? err({ code: 'not-supported', detail: '' }) : ok(this.number),
    )
  }

  limits(): ReturnType<TokenListCommands['limits']> {
    return Promise.resolve({ most: this.most, perMessage: this.perMessage })
  }

  send(update: TokenListUpdate): ReturnType<TokenListCommands['send']> {
    this.updates.push(update)
    const isTooLong = update.entries.length > (this.perMessage ?? Number.POSITIVE_INFINITY)
    const answer =
      this.answer === 'VersionMismatch' && update.isFull ? 'Accepted' : isTooLong ? 'Failed' : this.answer
    if (answer !== 'Accepted') return Promise.resolve(err({ code: 'rejected', detail: answer }))
    const gone = new Set([...update.removed, ...update.entries].map(({ text }) => text))
    const kept = update.isFull ? [] : this.tokens.filter(({ text }) => !gone.has(text))
    this.tokens = [...kept, ...update.entries]
    this.number = update.version
    return Promise.resolve(ok(undefined))
  }

  allowOffline(isAllowed: boolean): ReturnType<TokenListCommands['allowOffline']> {
    this.allowsOffline = isAllowed
    return Promise.resolve({})
  }
}
