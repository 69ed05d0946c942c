/** What `npm run issue` is told. Every mistake gets one plain sentence. */

import { parseArgs } from 'node:util'
import { err, ok, type Result } from '@/lib/core/result'

export const usage = `npm run issue -- <command> [options]
  permit veto ID              never accept this session (32 hex digits) or this grant (16)
      --charger ID            there only; without it everywhere
  permit raise SERIAL --charger ID --amount 60.00
      --hours 24              lets the grant hold this much at a charger that knows it only little
  voucher new BATCH --owner wallet:ID | fleet:ID --site ID --amount 15.00
      --count 10  --days 365  printed cards; --site may be said up to 8 times; the same batch gives the same cards
  voucher show BATCH          the cards once more, each with the text of its code
  voucher refund SERIAL       blocks the card; what is left of it returns to whoever bought it three weeks later
  technician invite NAME --days 30 [--site ID] [--rights diagnostics | service]
                              a code and a link for a technician's phone; without --site for every site
  technician list             who has a pass, and until when
  charger new ID --site ID --label "Kinross services" --bay 3
                              makes a charger known, or again; prints the code for outpost-kiosk enrol
  charger revoke ID           its key is in other hands or it is gone: nobody is to believe it any more
  modem register IMEI --charger ID
                              letters from this satellite modem are this charger's
  revoke SERIAL               a grant, a card or a pass; chargers hear of it with their next news
  policy show                 the policy in force and the one announced
  policy change [--energy 0.59] [--time 0.05] [--idle 0.10]
      --from 2026-10-01T00:00:00Z   announces it; without it the change holds from now on
  policy apply FILE.json [--from …]   prices by the hour, classes, rules: see docs/policy.md
  any of them: --author NAME  --json  --lang en | de  --database-url URL`

const flags = {
  charger: { type: 'string' },
  amount: { type: 'string' },
  hours: { type: 'string', default: '24' },
  owner: { type: 'string' },
  site: { type: 'string', multiple: true, default: [] as string[] },
  count: { type: 'string', default: '1' },
  days: { type: 'string', default: '365' },
  energy: { type: 'string' },
  time: { type: 'string' },
  idle: { type: 'string' },
  from: { type: 'string' },
  rights: { type: 'string', default: 'service' },
  label: { type: 'string' },
  bay: { type: 'string' },
  author: { type: 'string', default: 'operator' },
  json: { type: 'boolean', default: false },
  lang: { type: 'string', default: 'en' },
  'database-url': { type: 'string' },
} as const

const parse = (args: readonly string[]) =>
  parseArgs({ args: [...args], options: flags, allowPositionals: true })

export type IssueValues = ReturnType<typeof parse>['values']

export interface IssueOptions {
  /** For example `permit raise`. */
  readonly command: string
  /** What it is about; empty where a command needs nothing. */
  readonly subject: string
  readonly language: 'en' | 'de'
  readonly values: IssueValues
}

/** Commands and whether they name something. */
const commands: Readonly<Record<string, 'subject' | 'alone'>> = {
  'permit veto': 'subject',
  'permit raise': 'subject',
  'voucher new': 'subject',
  'voucher show': 'subject',
  'voucher refund': 'subject',
  'technician invite': 'subject',
  'technician list': 'alone',
  'charger new': 'subject',
  'charger revoke': 'subject',
  'modem register': 'subject',
  revoke: 'subject',
  'policy show': 'alone',
  'policy change': 'alone',
  'policy apply': 'subject',
}

export function readOptions(args: readonly string[]): Result<IssueOptions, string> {
  let parsed: ReturnType<typeof parse>
  try {
    parsed = parse(args)
  } catch (error) {
    return err(error instanceof Error ? error.message : 'These options cannot be read.')
  }
  const { values, positionals } = parsed
  if (values.lang !== 'en' && values.lang !== 'de') return err('--lang is "en" or "de".')
  if (!/^[a-z0-9-]{1,64}$/.test(values.author))
    return err('--author is a name of lower case letters, digits and dashes.')
  const words = positionals[0] === 'revoke' ? 1 : 2
  const command = positionals.slice(0, words).join(' ')
  const rest = positionals.slice(words)
  const takes = commands[command]
  if (takes === undefined) return err('There is no such command.')
  if (rest.length !== (takes === 'subject' ? 1 : 0))
    return err(takes === 'subject' ? `"${command}" needs one name.` : `"${command}" takes no name.`)
  return ok({ command, subject: rest[0] ?? '', language: values.lang, values })
}

/** A whole number within bounds; undefined for anything else. */
export function readCount(text: string, most: number): number | undefined {
  const count = /^\d{1,6}$/.test(text) ? Number(text) : 0
  return count >= 1 && count <= most ? count : undefined
}
