/**
 * Draws the icons of the installed app from the mark: `npx tsx scripts/make-icons.ts`. The pictures are committed,
 * because nothing that people wait for should draw them again.
 */

import { mkdirSync, writeFileSync } from 'node:fs'
import sharp from 'sharp'
import { inProject } from './setup/root.mjs'

const ink = '#101815'
const paper = '#faf8f2'
const amber = '#f5b32e'

/** The mark of `components/ui/mark.tsx`, on its 32 × 32 grid. */
const mark = `<g fill="none" stroke-linecap="round" stroke-linejoin="round"><path d="M3.5 17.5 16 5.5l12.500 12M7.500 14v12.500h17V14" stroke="${paper}" stroke-width="2.5"/><path d="M16 14.500v7" stroke="${amber}" stroke-width="4"/></g>`

/** `inset`: how much of each side stays free around the mark; a maskable icon may lose the outer fifth. */
function icon({ inset, radius }: { inset: number; radius: number }): string {
  const scale = (1 - 2 * inset).toFixed(3)
  const shift = (32 * inset).toFixed(2)
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="${radius}" fill="${ink}"/><g transform="translate(${shift} ${shift}) scale(${scale})">${mark}</g></svg>\n`
}

/** Of a shape of its own, for launchers that show it as it is. */
const rounded = icon({ inset: 0.09, radius: 7 })
/** For launchers that cut their own shape: within the safe zone, a circle of 80 % (W3C Web App Manifest, masks). */
const maskable = icon({ inset: 0.15, radius: 0 })
/** iOS rounds the corners itself and shows transparent ones black. */
const touch = icon({ inset: 0.12, radius: 0 })

const pictures = [
  { svg: rounded, size: 192, path: 'public/icons/icon-192.png' },
  { svg: rounded, size: 512, path: 'public/icons/icon-512.png' },
  { svg: maskable, size: 192, path: 'public/icons/maskable-192.png' },
  { svg: maskable, size: 512, path: 'public/icons/maskable-512.png' },
  { svg: touch, size: 180, path: 'public/icons/apple-touch-icon.png' },
] as const

mkdirSync(inProject('public/icons'), { recursive: true })
writeFileSync(inProject('public/icons/outpost.svg'), rounded)
for (const { svg, size, path } of pictures) {
  await sharp(Buffer.from(svg), { density: (72 * size) / 32 })
    .resize(size, size)
    .png({ palette: true, compressionLevel: 9 })
    .toFile(inProject(path))
}
