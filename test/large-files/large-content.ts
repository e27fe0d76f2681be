import { createHash } from 'node:crypto';
import { createRandom } from '../../src/simulators/faults.ts';

/**
 * Bytes of any length that are made as they are read and never held: the first ones name length and seed, so that whoever
 * gets them can make the whole again.
 */
export interface LargeContent {
  readonly size: number;
  readonly seed: number;
}

const blockBytes = 256 * 1024;
const headBytes = 48;
const headPattern = /^sallyport-large size=(\d+) seed=(\d+) *\n/;

export function headOf({ size, seed }: LargeContent): string {
  return `${`sallyport-large size=${size} seed=${seed}`.padEnd(headBytes - 1)}\n`;
}

/** The content that bytes begin with; undefined for any other. */
export function contentIn(bytes: Uint8Array): LargeContent | undefined {
  const [, size, seed] = headPattern.exec(Buffer.from(bytes.subarray(0, headBytes)).toString('latin1')) ?? [];
  return size === undefined || seed === undefined ? undefined : { size: Number(size), seed: Number(seed) };
}

export function* blocksOf(content: LargeContent): Generator<Uint8Array> {
  const random = createRandom(content.seed);
  const block = Buffer.alloc(blockBytes);
  for (let offset = 0; offset < blockBytes; offset += 4) block.writeUInt32LE(Math.floor(random() * 0x1_0000_0000), offset);
  for (let start = 0; start < content.size; start += blockBytes) {
    const made = Buffer.from(block.subarray(0, Math.min(blockBytes, content.size - start)));
    // No two blocks are alike, so that one that is lost or sent twice shows.
    if (made.length >= headBytes + 8) made.writeDoubleLE(start, headBytes);
    if (start === 0) made.write(headOf(content), 'latin1');
    yield made;
  }
}

export function streamOf(content: LargeContent): ReadableStream<Uint8Array> {
  const blocks = blocksOf(content);
  return new ReadableStream<Uint8Array>(
    {
      pull: (controller) => {
        const next = blocks.next();
        if (next.done === true) controller.close();
        else controller.enqueue(next.value);
      },
    },
    { highWaterMark: 1 },
  );
}

export function sha256Of(content: LargeContent): string {
  const hash = createHash('sha256');
  for (const block of blocksOf(content)) hash.update(block);
  return hash.digest('hex');
}
