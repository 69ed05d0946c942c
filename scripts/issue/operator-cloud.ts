/** The operator's cloud for one command at the terminal: its database, and its issuer's key as the server has it. */

import { existsSync } from 'node:fs'
import { readCloudConfig, type CloudConfig } from '@/lib/cloud/config'
import type { Cloud } from '@/lib/cloud/context'
import { keyPath, openCloud } from '@/lib/cloud/open-cloud'
import { databaseAddress, plainly } from '../db/database-address'
import { PlainFailure } from '../setup/plain-failure.mjs'

export type Environment = Readonly<Record<string, string | undefined>>

/** Every fault of the configuration is one plain sentence. */
export function readConfig(env: Environment): CloudConfig {
  try {
    return readCloudConfig(env)
  } catch (error) {
    throw new PlainFailure(error instanceof Error ? error.message : String(error))
  }
}

export async function withCloud<T>(
  env: Environment,
  databaseUrl: string | undefined,
  work: (cloud: Cloud) => Promise<T>,
): Promise<T> {
  const config = readConfig(env)
  if (!existsSync(keyPath(config, 'issuer'))) {
    throw new PlainFailure(
      `There is no issuer's key in ${config.keyFolder}: run this where the server runs, after its first start.`,
    )
  }
  const { cloud, close } = await openCloud(config, databaseAddress(databaseUrl, env, { asAdmin: false }))
  try {
    return await work(cloud).catch(plainly)
  } finally {
    await close()
  }
}
