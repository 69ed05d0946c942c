// npm leaves prebuilt packages of other platforms out of package-lock.json when it could not read them at the moment of
// writing (npm/cli#4828), and `npm ci` then refuses the whole file on every machine. These functions find such gaps.

const operatingSystems = ['android', 'darwin', 'freebsd', 'linux', 'openbsd', 'openharmony', 'win32']
const processors = ['arm64', 'x64', 'ia32', 'arm', 'ppc64', 'riscv64', 's390x', 'loong64', 'wasm32']

/**
 * @typedef {{ version?: string, optionalDependencies?: Record<string, string>, dev?: boolean }} LockEntry
 * @typedef {{ packages: Record<string, LockEntry> }} Lock
 */

/** Where Node would find `name` from the package at `path`, as a key of the lock file. */
function placeOf(lock, path, name) {
  for (let at = path; ; at = at.slice(0, Math.max(0, at.lastIndexOf('/node_modules/')))) {
    const candidate = `${at === '' ? '' : `${at}/`}node_modules/${name}`
    if (lock.packages[candidate] !== undefined) return candidate
    if (at === '') return undefined
  }
}

/**
 * Optional packages that some package asks for and the lock file does not hold.
 * @param {Lock} lock
 * @returns {{ name: string, version: string, dev: boolean }[]}
 */
export function missingPlatformPackages(lock) {
  return Object.entries(lock.packages).flatMap(([path, entry]) =>
    Object.entries(entry.optionalDependencies ?? {})
      .filter(([name]) => placeOf(lock, path, name) === undefined)
      .map(([name, version]) => ({ name, version, dev: entry.dev === true })),
  )
}

/**
 * What the lock file says about a prebuilt package: enough for npm to skip it elsewhere, and to fetch it where it fits.
 * Its name tells the platform. There is no digest, because nobody has seen the package here.
 */
export function platformEntry({ name, version, dev }) {
  const tokens = name.split(/[/-]/)
  const os = operatingSystems.filter((system) => tokens.includes(system))
  const cpu = processors.filter((processor) => tokens.includes(processor))
  const libc = tokens.some((token) => token.startsWith('musl')) ? ['musl'] : ['glibc']
  return {
    version,
    cpu,
    ...(dev ? { dev } : {}),
    ...(os.includes('linux') ? { libc } : {}),
    optional: true,
    ...(os.length > 0 ? { os } : {}),
  }
}

/**
 * @param {Lock} lock
 * @returns {Lock} with every gap filled, in npm's order
 */
export function completeLock(lock) {
  const added = missingPlatformPackages(lock).map((gap) => [`node_modules/${gap.name}`, platformEntry(gap)])
  const packages = Object.entries({ ...lock.packages, ...Object.fromEntries(added) })
  return {
    ...lock,
    packages: Object.fromEntries(packages.sort(([left], [right]) => left.localeCompare(right, 'en'))),
  }
}
