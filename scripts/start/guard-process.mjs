// Outlives its starter by a moment: when the starter dies without cleaning up (kill -9, closed terminal), ends the
// process groups that it left behind, so that the next start finds its ports and its database free.
// Standard input carries one line a change: `+PGID` to watch a group, `-PGID` to forget it. Its end is the signal.
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'

const graceMs = 4_000
const groups = new Set()

function signal(group, name) {
  try {
    process.kill(-group, name)
    return true
  } catch {
    return false
  }
}

for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, () => {})

for await (const line of createInterface({ input: process.stdin })) {
  const group = Number(line.slice(1))
  if (line.startsWith('+') && group > 1) groups.add(group)
  else groups.delete(group)
}

if ([...groups].some((group) => signal(group, 'SIGTERM'))) {
  await pause(graceMs)
  for (const group of groups) signal(group, 'SIGKILL')
}
