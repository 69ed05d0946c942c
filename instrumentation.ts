/** Runs once when the server starts: opens the database and the keys before the first request needs them. */

import packageJson from './package.json'

export async function register(): Promise<void> {
  if (process.env['NEXT_RUNTIME'] !== 'nodejs') return
  const { startTracing } = await import('@/lib/tracing/start-tracing')
  await startTracing({ service: 'outpost-cloud', version: packageJson.version }, process.env)
  const { runningCloud } = await import('@/lib/cloud/running-cloud')
  try {
    await runningCloud()
  } catch (error) {
    // Requests try again; the health check says what is missing until then.
    process.stderr.write(
      `The cloud is not ready: ${error instanceof Error ? error.message : String(error)}\n`,
    )
  }
}
