/** `npm run cases`: lists, shows and decides cases at the terminal, with the same commands that a console calls. */

import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { minorUnitExponent } from '@/lib/core/currency'
import { currencyCode, operatorId } from '@/lib/core/ids'
import { reasons } from '@/lib/core/reason-codes'
import type { Refusal } from '@/lib/core/reason'
import type { Result } from '@/lib/core/result'
import { environmentNames } from '@/lib/cloud/config'
import type { CaseDesk } from '@/lib/cloud/cases/case-desk'
import { decideCase, reviewCase, type CaseDecision, type CaseOutcome } from '@/lib/cloud/cases/commands'
import { caseDetails, caseEvidence, listCases, undecidedStates } from '@/lib/cloud/cases/queries'
import { inTenant, openDatabase } from '@/lib/cloud/database/connection'
import { systemClock } from '@/lib/cloud/system'
import { databaseAddress, plainly } from '../db/database-address'
import { caseTable, detailLines, movedLines, reasonWords } from './lines'
import { readAmount, readOptions, usage, type CaseCommand, type CaseOptions } from './options'

type Environment = Readonly<Record<string, string | undefined>>

const print = (text: string): void => void process.stdout.write(`${text}\n`)
const complain = (text: string): void => void process.stderr.write(`${text}\n`)

/** Gives the exit code: 0 done, 1 not understood, 2 refused. */
export async function cases(args: readonly string[], env: Environment): Promise<number> {
  const options = readOptions(args)
  if (!options.ok) {
    complain(`${options.error}\n\n${usage}`)
    return 1
  }
  const { databaseUrl, tenant } = options.value
  const db = openDatabase(databaseAddress(databaseUrl, env, { asAdmin: false }), { connections: 1 })
  const desk: CaseDesk = {
    db,
    clock: systemClock,
    config: {
      tenant: operatorId(tenant ?? env[environmentNames.tenant] ?? 'outpost'),
      currency: currencyCode(env[environmentNames.currency] ?? 'EUR'),
    },
  }
  try {
    return await run(desk, options.value).catch(plainly)
  } finally {
    await db.destroy()
  }
}

function run(desk: CaseDesk, options: CaseOptions): Promise<number> {
  const { command } = options
  switch (command.kind) {
    case 'list':
      return list(desk, options, command)
    case 'show':
      return show(desk, options, command)
    case 'review':
      return reviewCase(desk, command.step, command.act).then((result) => tell(options, result))
    case 'decide':
      return decide(desk, options, command)
  }
}

async function list(
  { db, config: { tenant } }: CaseDesk,
  { json }: CaseOptions,
  { filter, size, after }: Extract<CaseCommand, { kind: 'list' }>,
): Promise<number> {
  const narrowed = filter.states === undefined ? { ...filter, states: undecidedStates } : filter
  const page = await inTenant(db, tenant, (tx) =>
    listCases(tx, tenant, narrowed, { size, ...(after === undefined ? {} : { after }) }),
  )
  if (json) print(JSON.stringify(page))
  else for (const line of caseTable(page.cases)) print(line)
  if (!json && page.next !== null) print(`More: --after ${page.next}`)
  return 0
}

async function show(
  { db, config: { tenant } }: CaseDesk,
  options: CaseOptions,
  { caseId, evidenceTo }: Extract<CaseCommand, { kind: 'show' }>,
): Promise<number> {
  const details = await inTenant(db, tenant, (tx) => caseDetails(tx, tenant, caseId))
  if (details === undefined) return refused(options, { code: 'case.unknown' })
  if (options.json) print(JSON.stringify(details))
  else for (const line of detailLines(details, options.language)) print(line)
  if (evidenceTo === undefined) return 0
  const pieces = await inTenant(db, tenant, (tx) => caseEvidence(tx, tenant, caseId))
  mkdirSync(evidenceTo, { recursive: true })
  for (const { label, hash, bytes } of pieces)
    writeFileSync(join(evidenceTo, `${label}-${hash.slice(0, 16)}.cbor`), bytes)
  complain(`${pieces.length} pieces written to ${evidenceTo}`)
  return 0
}

async function decide(
  desk: CaseDesk,
  options: CaseOptions,
  { decision, amount, act }: Extract<CaseCommand, { kind: 'decide' }>,
): Promise<number> {
  const kind = decision
  if (kind === 'uphold' || kind === 'dismiss')
    return tell(options, await decideCase(desk, { ...act, decision: { kind } }))
  const { currency } = desk.config
  const decimals = minorUnitExponent(currency)
  const amountMinor = decimals === undefined ? undefined : readAmount(amount ?? '', decimals)
  if (amountMinor === undefined) {
    complain(`--amount is in whole ${currency}, such as 3${decimals === 0 ? '' : '.20'}.`)
    return 1
  }
  const given: CaseDecision = { kind, amountMinor }
  return tell(options, await decideCase(desk, { ...act, decision: given }))
}

function tell(options: CaseOptions, result: Result<CaseOutcome, Refusal>): number {
  if (!result.ok) return refused(options, result.error)
  if (options.json) print(JSON.stringify(result.value))
  else for (const line of movedLines(result.value)) print(line)
  return 0
}

function refused({ json, language }: CaseOptions, refusal: Refusal): number {
  if (json) print(JSON.stringify({ refused: refusal }))
  else complain(`${reasonWords(refusal, language)} [${reasons[refusal.code].code}]${factsText(refusal)}`)
  return 2
}

const factsText = ({ facts = {} }: Refusal): string =>
  Object.entries(facts)
    .map(([name, value]) => ` ${name}=${value}`)
    .join('')
