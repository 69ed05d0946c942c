/**
 * `npm run verify-receipt -- <file> [--trust <file or address>]`: checks a receipt or a log export without asking
 * anybody. Ends with 0 when everything holds, with 1 and the code of the first fault when not, with 2 when it was asked
 * wrongly.
 */

import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { toBytes, type Bytes } from '@/lib/core/bytes'
import { limits } from '@/lib/core/limits'
import { inProject } from './setup/root.mjs'
import { readOperator, type KnownOperator } from './verify/known-operators'
import { reportLog } from './verify/log-report'
import { reportText, unreadable, type PrintedReport } from './verify/printed-report'
import { reportReceipt } from './verify/receipt-report'

const usage = 'Usage: npm run verify-receipt -- <receipt.txt or log.bundle> [--trust <trust.json or address>]'

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { trust: { type: 'string', multiple: true, default: [] } },
  })
  if (positionals.length === 0) return complain(usage)
  const operators: KnownOperator[] = []
  for (const source of [...values.trust, inProject('docs/samples/trust.json')]) {
    const operator = await readOperator(source)
    if (!operator.ok) return complain(operator.error)
    operators.push(operator.value)
  }
  let exitCode = 0
  for (const file of positionals) {
    const report = reportFile(file, operators)
    console.log(reportText(file, report))
    if (!report.isGood) exitCode = 1
  }
  return exitCode
}

function complain(sentence: string): number {
  console.error(sentence)
  return 2
}

function reportFile(file: string, operators: readonly KnownOperator[]): PrintedReport {
  let bytes: Bytes
  try {
    bytes = toBytes(readFileSync(file))
  } catch {
    return unreadable(`${file} cannot be read.`)
  }
  if (bytes.length > limits.bundleBytesMax) return unreadable(`${file} is larger than any receipt or bundle.`)
  // Bundles are CBOR maps: their first byte is no character of a text.
  return (bytes[0] ?? 0) >= 0x80
    ? reportLog(bytes, operators)
    : reportReceipt(new TextDecoder().decode(bytes), operators)
}

try {
  process.exitCode = await main()
} catch (failure) {
  process.exitCode = complain(failure instanceof TypeError ? usage : String(failure))
}
