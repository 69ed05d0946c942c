/**
 * A camera for Chromium made of a file (`--use-file-for-fake-video-capture`). The file holds one uncompressed Y4M
 * frame; overwriting the frame in place changes what the running stream sees.
 */

import { closeSync, openSync, writeFileSync, writeSync } from 'node:fs'
import sharp from 'sharp'

const width = 1_280
const height = 720
const header = Buffer.from(`YUV4MPEG2 W${width} H${height} F10:1 Ip A1:1 C420jpeg\nFRAME\n`, 'ascii')
/** Paper grey, as a wall behind the code: a camera never sees perfect black or white. */
const surround = { r: 96, g: 96, b: 96 }

export interface CameraFile {
  readonly path: string
  /** Shows a picture (PNG or JPEG), scaled to fit as if it was held before the lens. */
  show(picture: Buffer): Promise<void>
  /** Nothing before the lens. */
  clear(): void
  close(): void
}

export function createCameraFile(path: string): CameraFile {
  const empty = frameOf(Buffer.alloc(width * height, 70))
  writeFileSync(path, Buffer.concat([header, empty]))
  const file = openSync(path, 'r+')
  const write = (frame: Buffer): void => {
    writeSync(file, frame, 0, frame.length, header.length)
  }
  return {
    path,
    show: async (picture) => {
      const luma = await sharp(picture)
        .flatten({ background: surround })
        .resize(width, height, { fit: 'contain', background: surround })
        .grayscale()
        .raw()
        .toBuffer()
      write(frameOf(luma))
    },
    clear: () => write(empty),
    close: () => closeSync(file),
  }
}

/** One I420 frame: the luma plane and two neutral chroma planes of a quarter of its size. */
const frameOf = (luma: Buffer): Buffer => Buffer.concat([luma, Buffer.alloc((width * height) / 2, 128)])
