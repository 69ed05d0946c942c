/** Builds the touchscreen's program into dist/kiosk-screen, from where the controller serves it. */

import { fileURLToPath } from 'node:url'
import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

const here = fileURLToPath(new URL('.', import.meta.url))
const project = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '')

export default defineConfig({
  root: here,
  base: './',
  cacheDir: `${project}/node_modules/.cache/vite-kiosk-screen`,
  plugins: [react(), tailwindcss()],
  resolve: { alias: { '@': project } },
  define: {
    // Decided when building: without it the demo page's camera is not in the program at all.
    __OUTPOST_DEMO__: JSON.stringify(process.env['OUTPOST_DEMO'] === '1'),
  },
  build: {
    outDir: `${project}/dist/kiosk-screen`,
    emptyOutDir: true,
    target: 'chrome125',
    // Everything is a file of its own: a strict policy has no room for inline scripts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // The touchscreen, and technician mode at a laptop.
    rollupOptions: { input: [`${here}index.html`, `${here}technician.html`] },
    reportCompressedSize: false,
  },
})
