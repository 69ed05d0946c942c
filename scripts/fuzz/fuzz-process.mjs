// One of the fuzzer's worker processes: TypeScript without a build, its order as the only argument.
import { register } from 'tsx/esm/api'

register()
const { work } = await import('./worker.ts')
await work(JSON.parse(process.argv[2]))
process.disconnect()
