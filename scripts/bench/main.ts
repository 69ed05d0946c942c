/** `npm run bench`: runs a bench by name and prints its figures; one JSON object is the last line with `--json`. */

import { readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { PlainFailure } from '../setup/plain-failure.mjs'
import { inProject } from '../setup/root.mjs'
import { measureCeremony, type CeremonyFigures } from './ceremony'
import { figuresTable, withFigures } from './readme-table'

const usage = `npm run bench -- ceremony [options]
  --json     one JSON object as the last line
  --readme   writes the figures into README.md`

/** Gives the exit code. */
export async function bench(args: readonly string[]): Promise<number> {
  const options = readOptions(args)
  if (options === undefined) {
    process.stderr.write(`${usage}\n`)
    return 1
  }
  const figures = await measureCeremony()
  process.stdout.write(`${figuresTable(figures)}\n`)
  if (options.readme) writeReadme(figures)
  if (options.json) process.stdout.write(`${JSON.stringify(figures)}\n`)
  return 0
}

function readOptions(
  args: readonly string[],
): { readonly json: boolean; readonly readme: boolean } | undefined {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        json: { type: 'boolean', default: false },
        readme: { type: 'boolean', default: false },
      },
    })
    return positionals.length === 1 && positionals[0] === 'ceremony' ? values : undefined
  } catch {
    return undefined
  }
}

function writeReadme(figures: CeremonyFigures): void {
  const path = inProject('README.md')
  const written = withFigures(readFileSync(path, 'utf8'), figures)
  if (!written.ok)
    throw new PlainFailure('README.md has no marks <!-- bench:start --> and <!-- bench:end -->.')
  writeFileSync(path, written.value)
}
