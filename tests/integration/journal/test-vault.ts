/** The keys folder of a journal that a test opens. */

import { dirname, join } from 'node:path'
import { deviceLock, folderVault, type SegmentVault } from '@/lib/journal/segment-vault'

export const vaultFolder = (path: string): string => join(dirname(path), 'keys')

export const testVault = (path: string): SegmentVault =>
  folderVault(vaultFolder(path), deviceLock(new Uint8Array(32).fill(9)))
