/** `npx tsx scripts/make-double-spend.ts`: writes the plot of docs/double-spend.md anew, and prints its table. */

import { writeFileSync } from 'node:fs'
import { inProject } from './setup/root.mjs'
import { lossPlot, lossSheet, lossTable } from './simulate/worlds/loss-sheet'

const figures = lossSheet()
writeFileSync(inProject('docs/pictures/double-spend.svg'), lossPlot(figures))
process.stdout.write(`${lossTable(figures).join('\n')}\n`)
