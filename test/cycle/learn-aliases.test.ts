import { expect, test } from 'vitest';
import { rounds } from './rounds.ts';
import { createWorld } from './world.ts';

test.each([403, 503])(
  'media that cannot be told (%i) end no run, and cost a change of the issue no request for each file',
  async (status) => {
    let asked = 0;
    const world = createWorld({
      jira: {
        faults: ({ url }) => {
          if (!url.includes('/attachment/content/')) return undefined;
          asked += 1;
          return { kind: 'status', status };
        },
      },
    });
    await world.connect();
    const { there, github, repository } = world;
    const pictures = Array.from({ length: 10 }, (_, index) => {
      const url = github.uploadAsset({
        as: 'dana',
        name: `plan${index}.png`,
        bytes: Buffer.from(`plan ${index}`),
        kind: 'image',
        repository,
      });
      return `![plan](${url})`;
    });
    const id = there.create({ as: 'dana', summary: 'Title', text: pictures.join('\n\n') });
    await rounds(world, 3);
    const counts: number[] = [];
    for (let round = 0; round < 3; round += 1) {
      there.addComment(id, { as: 'dana', text: `Comment ${round}` });
      asked = 0;
      world.clock.advance(20 * 60_000);
      await world.cycle();
      counts.push(asked);
    }
    // Two readings of the picture that the texts show, and one more; each is tried five times where it may go through later.
    expect(counts).toEqual(status === 403 ? [3, 3, 3] : [15, 15, 15]);
  },
);
