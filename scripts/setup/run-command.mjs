// Runs one command to its end, with its output in a log file instead of on the terminal.
import { spawn } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { projectRoot } from './root.mjs'

const tailCharsMax = 20_000

/**
 * @typedef {{ exitCode: number, tail: string }} CommandOutcome
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ logFile?: string, env?: NodeJS.ProcessEnv, cwd?: string, onLine?: (line: string) => void }} [options]
 * @returns {Promise<CommandOutcome>} `tail` is the end of what the command printed; exit code 127 when it is missing
 */
export function runCommand(command, args, options = {}) {
  const { logFile, env = process.env, cwd = projectRoot, onLine } = options
  return new Promise((resolve) => {
    const log = logFile === undefined ? undefined : createWriteStream(logFile, { flags: 'a' })
    log?.write(`$ ${command} ${args.join(' ')}\n`)
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
    const release = endWithParent(child)
    let tail = ''
    const take = (chunk) => {
      const text = String(chunk)
      log?.write(text)
      tail = (tail + text).slice(-tailCharsMax)
      const last = text.trimEnd().split('\n').at(-1)
      if (last) onLine?.(last.trim())
    }
    child.stdout.on('data', take)
    child.stderr.on('data', take)
    const finish = (exitCode) => {
      release()
      log?.end()
      resolve({ exitCode, tail })
    }
    child.once('error', (error) => {
      tail += String(error)
      finish(127)
    })
    child.once('close', (code) => finish(code ?? 1))
  })
}

/** Passes an interrupt on to the child and ends with it, so that nothing keeps running after Ctrl-C. */
function endWithParent(child) {
  const pass = (signal) => {
    child.once('close', () => process.exit(130))
    child.kill(signal)
  }
  process.once('SIGTERM', pass)
  process.once('SIGINT', pass)
  return () => {
    process.off('SIGTERM', pass)
    process.off('SIGINT', pass)
  }
}
