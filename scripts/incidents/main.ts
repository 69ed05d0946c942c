/**
 * `npm run incidents`: what went wrong at a charger, as a file for a regulator or an insurer, and the check of such a file by
 * somebody who has nothing but the operator's root key.
 */

import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { chargerIdPattern } from '@/lib/core/ids'
import { verifyWithNode } from '@/lib/crypto/node'
import { incidentsOf } from '@/lib/cloud/operator/incidents'
import { checkIncidentReport, severities, type ToldIncident } from '@/lib/sync/incident-report'
import { withCloud, type Environment } from '../issue/operator-cloud'
import { terminal, type Terminal } from '../setup/terminal'
import { readOperator } from '../verify/known-operators'

const usage = `npm run incidents -- export CHARGER --out FILE [--from 2026-11-01] [--to 2026-11-30] [--database-url URL]
npm run incidents -- check FILE --trust FILE-OR-ADDRESS
  export   incidents of a charger's log, each with the proof that the charger signed it; days are UTC
  check    whether a report holds, by what GET /api/v1/trust answers; asks nobody else. Ends with 2 where it does not`

const fileBytesMax = 50_000_000

/** Gives the exit code: 0 done, 1 not understood, 2 refused or not proven. */
export async function incidents(
  args: readonly string[],
  env: Environment,
  out: Terminal = terminal,
): Promise<number> {
  const asked = read(args)
  if (asked?.command === 'export') return exportReport(asked, env, out)
  if (asked?.command === 'check') return check(asked, out)
  out.complain(usage)
  return 1
}

interface Asked {
  readonly command: 'export' | 'check'
  readonly subject: string
  readonly out: string
  readonly fromS: number
  readonly toS: number
  readonly trust: string
  readonly databaseUrl: string | undefined
}

function read(args: readonly string[]): Asked | undefined {
  try {
    const text = { type: 'string' } as const
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { out: text, from: text, to: text, trust: text, 'database-url': text },
      allowPositionals: true,
    })
    const [command, subject = ''] = positionals
    const fromS = dayOf(values.from, 0)
    const toS = dayOf(values.to, Number.MAX_SAFE_INTEGER - 86_400)
    if (positionals.length !== 2 || fromS === undefined || toS === undefined) return undefined
    const places = { out: values.out ?? '', trust: values.trust ?? '', databaseUrl: values['database-url'] }
    const asked = { subject, fromS, toS: toS + 86_399, ...places }
    if (command === 'export' && chargerIdPattern.test(subject) && values.out !== undefined)
      return { command, ...asked }
    return command === 'check' && values.trust !== undefined ? { command, ...asked } : undefined
  } catch {
    return undefined
  }
}

function dayOf(text: string | undefined, otherwise: number): number | undefined {
  if (text === undefined) return otherwise
  const ms = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN
  return Number.isNaN(ms) ? undefined : ms / 1_000
}

const exportReport = (asked: Asked, env: Environment, out: Terminal): Promise<number> =>
  withCloud(env, asked.databaseUrl, async (cloud) => {
    const { subject: chargerId, fromS, toS } = asked
    const made = await incidentsOf(cloud, { chargerId, fromS, toS })
    if (!made.ok) {
      out.complain(`No report: ${made.error.code}`)
      return 2
    }
    writeFileSync(asked.out, `${JSON.stringify(made.value, undefined, 1)}\n`, { mode: 0o600 })
    out.print(`${made.value.incidents.length} incidents of ${chargerId} are in ${asked.out}.`)
    return 0
  })

async function check(asked: Asked, out: Terminal): Promise<number> {
  const operator = await readOperator(asked.trust)
  if (!operator.ok) {
    out.complain(operator.error)
    return 1
  }
  const json = readJson(asked.subject)
  const checked = checkIncidentReport(json, operator.value.trustList, verifyWithNode)
  if (!checked.ok) {
    const { code, facts } = checked.error
    out.complain(
      `The report does not hold: ${code}${facts?.['seq'] === undefined ? '' : ` at event ${facts['seq']}`}`,
    )
    return 2
  }
  const { checkpoint, incidents: told } = checked.value
  out.print(
    `${told.length} incidents of ${checkpoint.device}, all in its log of ${checkpoint.size} events as signed at ${moment(checkpoint.timeS)}.`,
  )
  for (const severity of severities) {
    const those = told.filter((one) => one.severity === severity)
    for (const one of those) out.print(lineOf(one))
  }
  return 0
}

const lineOf = ({ severity, timeS, what, detail, seq }: ToldIncident): string =>
  `${severity.padEnd(8)}  ${moment(timeS)}  ${what}  ${detail}  (event ${seq})`

const moment = (timeS: number): string => new Date(timeS * 1_000).toISOString().replace('.000Z', 'Z')

function readJson(path: string): unknown {
  if (!existsSync(path) || statSync(path).size > fileBytesMax) return undefined
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    return undefined
  }
}
