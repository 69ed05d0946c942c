/**
 * One file for a worker process, made afresh from the sources. A mutation replaces a piece of one module's text on the
 * way in; where the text does not stand exactly once, bundling fails, so that no refactoring can disarm a mutant.
 */

import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { build, type Plugin } from 'esbuild'
import { dataDirectory, inProject, projectRoot } from '../../setup/root.mjs'
import type { Mutation } from './mutation'
import { shortcuts } from './shortcuts'

export type WorkerKind = 'memory' | 'postgres'

const entries = {
  memory: 'simulator/world/worker.ts',
  postgres: 'simulator/world/postgres-worker.ts',
} as const satisfies Record<WorkerKind, string>

/** A folder from which packages are found, for as long as the bundles are needed. */
export function openBundleFolder(): { readonly folder: string; remove(): void } {
  const parent = join(dataDirectory(), 'worlds')
  mkdirSync(parent, { recursive: true })
  const folder = mkdtempSync(join(parent, 'run-'))
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) }
}

/** The text with its mutation. Throws where `find` does not stand in it exactly once. */
export function mutated(text: string, { file, find, replace }: Mutation): string {
  const count = text.split(find).length - 1
  if (count !== 1) throw new Error(`${file} holds ${JSON.stringify(find)} ${count} times, not once`)
  return text.replace(find, () => replace)
}

/** Gives the path of the bundle. @param faster what it may do once instead of many times. */
export async function bundleWorker(
  folder: string,
  name: string,
  kind: WorkerKind,
  mutations: readonly Mutation[] = [],
  faster: readonly Mutation[] = shortcuts,
): Promise<string> {
  const outfile = join(folder, `${name}.mjs`)
  await build({
    absWorkingDir: projectRoot,
    tsconfig: 'tsconfig.json',
    entryPoints: [entries[kind]],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    packages: 'external',
    sourcemap: mutations.length === 0 ? 'inline' : false,
    logLevel: 'error',
    plugins: [mutationPlugin([...faster, ...mutations])],
  })
  return outfile
}

function mutationPlugin(mutations: readonly Mutation[]): Plugin {
  return {
    name: 'mutation',
    setup(setup) {
      const missing = new Set(mutations.map(({ file }) => file))
      const byPath = new Map<string, Mutation[]>()
      for (const mutation of mutations) {
        const path = inProject(mutation.file)
        byPath.set(path, [...(byPath.get(path) ?? []), mutation])
      }
      if (mutations.length === 0) return
      setup.onLoad({ filter: /\.ts$/ }, ({ path }) => {
        const own = byPath.get(path)
        if (own === undefined) return undefined
        for (const { file } of own) missing.delete(file)
        return { contents: own.reduce(mutated, readFileSync(path, 'utf8')), loader: 'ts' }
      })
      setup.onEnd(() => {
        const [file] = missing
        return file === undefined ? {} : { errors: [{ text: `No world uses ${file}` }] }
      })
    },
  }
}
