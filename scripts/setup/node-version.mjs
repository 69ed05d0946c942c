// Says in one sentence whether this Node can run Outpost. Written so that very old versions can load it.

const minimum = [20, 9]

/**
 * @param {string} version as in `process.versions.node`
 * @returns {string | undefined} what is wrong, or undefined when nothing is
 */
export function checkNodeVersion(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  if (major > minimum[0] || (major === minimum[0] && minor >= minimum[1])) return undefined
  return `Outpost needs Node ${minimum.join('.')} or newer; this is Node ${version}. Install a newer one from nodejs.org.`
}
