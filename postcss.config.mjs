/** Tailwind 4 for everything that Next serves; the kiosk's screen uses the same theme through Vite. */
const config = { plugins: { '@tailwindcss/postcss': {} } }

export default config
